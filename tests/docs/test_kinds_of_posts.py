"""The posts that authors are shown for each kind are posts: the sample's columns take them, and pages show what is promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from live_sets import SiteUnderTest
from made_films import film
from made_pictures import file_of, scene
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.formats import policy_files
from review.formats.front_matter import parse_post
from review.formats.media import media_of
from review.formats.post_text import body_lines, links, meta_lines
from review.model.paths import attachments_of, column_of
from review.model.policies import Policy

ROOT = Path(__file__).parents[2]
_EXAMPLE = re.compile(r"<!-- a post: (content/\S+\.md) -->\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = dict(_EXAMPLE.findall((ROOT / "docs/author.md").read_text(encoding="utf-8")))
BYTES = {
    "png": file_of(scene(), "PNG"),
    "pdf": b"%PDF-1.7\n",
    "mp4": film(),
    "vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\n雪花\n".encode(),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The sample's policy."""
    names = [*policy_files.FILES, *(f"keys/{one.name}" for one in (ROOT / "keys").glob("*"))]
    found, problems = policy_files.parse({name: (ROOT / name).read_bytes() for name in names})
    if found is None:
        pytest.fail(f"{problems}")
    return found


def files_of(item: str) -> dict[str, bytes]:
    """Return the attachments that an example names, by their names."""
    stem = attachments_of(item).split("/")[-2]
    said = {key: value for _, key, value in meta_lines(EXAMPLES[item])}
    names = [said[key] for key in ("image", "video", "poster", "captions") if key in said]
    names += [one.address for one in links(body_lines(EXAMPLES[item])) if one.address.startswith(stem)]
    return {name.removeprefix(f"{stem}/"): BYTES[name.rpartition(".")[2]] for name in names}


@pytest.fixture(scope="module")
def pages(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that is made of the examples."""
    site = SiteUnderTest(columns=tuple(policy.columns.columns.values()))
    site.add(
        "content/about/profile/2025-01-01-old.md", "Title: 旧的简介\n\n以前。\n", published="2025-01-01T09:00:00+08:00"
    )
    for item, text in EXAMPLES.items():
        site.add(item, text, attachments=files_of(item))
    output = tmp_path_factory.mktemp("examples") / "output"
    site.build(output)
    return output


def page(pages: Path, kind: str, policy: Policy) -> LexborHTMLParser:
    """Return the page of the example of a kind."""
    item = next(one for one in EXAMPLES if policy.columns.columns[column_of(one)].type == kind)
    path = pages / item.removeprefix("content/").replace(".md", ".html")
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def first(found: LexborHTMLParser, selector: str) -> LexborNode:
    """Return the first element of a page that a selector names; fails where there is none."""
    node = found.css_first(selector)
    if node is None:
        pytest.fail(f"no {selector}")
    return node


def test_there_is_an_example_of_every_kind_that_is_written_in_its_own_way(policy: Policy) -> None:
    kinds = {policy.columns.columns[column_of(item)].type for item in EXAMPLES}
    assert kinds == {"interaction", "topic", "people", "video", "resources", "policy", "overview"}


@pytest.mark.parametrize("item", EXAMPLES)
def test_the_sample_site_takes_every_example_as_it_stands_there(item: str, policy: Policy) -> None:
    front, problems = parse_post(EXAMPLES[item].encode(), policy.columns.columns[column_of(item)].metadata)
    assert problems == ()
    digests = {attachments_of(item) + name: "0" * 64 for name in files_of(item)}
    assert front is not None
    assert media_of(item, front.fields, digests, ())[1] == ()


def test_a_question_and_its_answer_stand_apart(pages: Path, policy: Policy) -> None:
    found = page(pages, "interaction", policy)
    assert [one.text().split()[0] for one in found.css("section.question, section.answer")] == ["留言", "答复"]
    assert "2026-11-16" in first(found, "p.answered").text()


def test_a_topic_has_its_banner_and_a_section_for_each_heading(pages: Path, policy: Policy) -> None:
    found = page(pages, "topic", policy)
    assert first(found, ".hero-picture img")
    assert [one.text() for one in found.css("nav.contents a")] == ["取暖", "出行"]
    assert len(found.css(".sections section")) == 2
    assert "夜里" in first(found, ".introduction").text()


def test_a_person_has_a_portrait_and_what_they_are(pages: Path, policy: Policy) -> None:
    found = page(pages, "people", policy)
    assert first(found, "p.portrait img")
    assert "高级技师" in found.text()
    assert "焊接工艺" in found.text()


def test_a_film_has_its_poster_and_captions(pages: Path, policy: Policy) -> None:
    found = page(pages, "video", policy)
    player = first(found, "video")
    assert player.attributes["poster"]
    assert first(found, "video track")
    assert "2026-11-20-snow/snow.mp4" in (player.html or "")


def test_a_resource_has_its_kind_and_its_files(pages: Path, policy: Policy) -> None:
    found = page(pages, "resources", policy)
    assert "check.pdf" in "".join(str(one.attributes.get("href")) for one in found.css("a"))
    shelf = LexborHTMLParser((pages / "garden/index.html").read_text(encoding="utf-8"))
    (one,) = shelf.css("li[data-kind]")
    assert one.attributes["data-kind"] == "poster"
    assert "老年人" in str(one.attributes["data-audience"])


def test_a_document_has_its_block(pages: Path, policy: Policy) -> None:
    block = first(page(pages, "policy", policy), "dl.document").text()
    for said in ("BJ0000001-2026-90", "示例科协发〔2026〕30号", "主动公开", "网站管理", "示例市科学技术协会", "有效"):
        assert said in block


def test_the_newest_post_of_an_overview_column_is_its_page(pages: Path) -> None:
    column = LexborHTMLParser((pages / "about/profile/index.html").read_text(encoding="utf-8"))
    assert "科学技术工作者的群众组织" in first(column, "article.document").text()
    assert [one.text().strip() for one in column.css("section.further a")] == ["旧的简介"]
