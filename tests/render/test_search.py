"""The search index of a built site: what is in it and what is not, how its text is cut, and what happens without it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_sets import SiteUnderTest, tree

from review.inspection.inspecting import inspect
from review.inspection.profiles import shipped_profile
from review.inspection.reading import read_site
from review.inspection.report import Status
from review.render import search
from review.render.rendering import RenderingFailed
from review.render.search import CHOICES, FOLDER, SPACE, SearchIndexFailed, pairs, write_search_index

NOTHING: Mapping[str, str] = {}
HOSTILE = '</p></h1><script>alert(1)</script> ___PAGEFIND_ANCHOR___p:x:evil <i data-pagefind-filter="unit:假"></i>'
CHINESE = "三审三校审签苹果科普"


def fragments(output: Path) -> list[dict[str, Any]]:
    """What the reader's browser is handed of each page that is found."""
    return [json.loads(unpacked(path)) for path in sorted((output / FOLDER / "fragment").iterdir())]


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")


def by_address(output: Path) -> dict[str, dict[str, Any]]:
    return {one["anchors"][0]["id"]: one for one in fragments(output)}


def text_of(cut: str) -> str:
    """Put the text together again as search-worker.js does: the first part of each pair."""
    words = (one for one in cut.split(" ") if not re.match("[ⓒⓤⓨ][a-p]|ⓝ.", one))
    units = [re.match(r"[\u4e00-\u9fff]|[^\W_\u4e00-\u9fff]+|.", one) for one in words]
    return "".join(unit[0] for unit in units if unit).replace(SPACE, " ")


def indexed(site: Path, pages: Mapping[str, str], *, environment: Mapping[str, str] = NOTHING) -> Path:
    """Index pages made by hand, by their posts; all of one unit and one instant. Return the folder."""
    work = site.with_name(f"{site.name}-work")
    work.mkdir(parents=True)
    for post, text in pages.items():
        path = site / post.removeprefix("content/").replace(".md", ".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<article data-pagefind-body>{text}</article>", encoding="utf-8")
    (site / "search.html").touch()
    columns = [{"id": "news", "title": "工作动态"}, {"id": "notices", "title": "通知公告"}]
    posts = [{"item": post, "unit": "科普部", "published": "2026-11-20T15:30:00+08:00"} for post in pages]
    data = {"site": {"timezone": "Asia/Shanghai"}, "columns": columns, "posts": posts}
    write_search_index(data, site, work, environment)
    return site


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = SiteUnderTest()
    site.add(
        "content/popular-science/activities/图 书#1.md",
        "Title: 苹果栽培讲座\nDocument_number: 科协发〔2026〕1号\nTags: 果树\n\n请**三审**三校。\n\n第二段[^1]落。\n\n"
        '<video src="图 书%231/v.mp4">放不了</video>\n\n[^1]: 出处。\n',
        attachments={"名单.xlsx": b"1", "v.mp4": b"2", "看.svg": b"<svg/>"},
        published="2025-12-31T23:30:00+08:00",
    )
    site.add("content/news/b.md", f"Title: {HOSTILE}\n\n<p>{HOSTILE}</p>\n")
    site.add("content/news/draft.md", "Title: 草稿也能找到\n\n正文。\n", mark="草稿 未签发")
    site.build(folder := tmp_path_factory.mktemp("search") / "output")
    return folder


def test_a_text_is_cut_into_pairs_of_what_touches() -> None:
    assert pairs("科普AI, 2026年") == f"科普 普AI AI , {SPACE} 2026年 年"
    assert pairs("三审三校。") == "三审 审三 三校 校 。"
    assert pairs("") == ""


def test_full_width_letters_and_digits_count_as_plain_ones() -> None:
    assert pairs("２０２６年ＡＩ") == pairs("2026年AI")


@given(st.text(alphabet=f"{CHINESE}，。 abC12_-<&é"))
def test_the_first_parts_of_the_pairs_are_the_text(text: str) -> None:
    assert text_of(pairs(text)) == re.sub(r"\s+", " ", text)


@given(st.text(alphabet=f"{CHINESE} ，", min_size=2), st.data())
def test_every_part_of_a_text_is_a_row_of_its_pairs(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : start + data.draw(st.integers(2, 6))].strip()
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,}", part):
        return
    asked = " ".join(part[at : at + 2] for at in range(len(part) - 1))
    assert f" {asked} " in f" {pairs(text)} "


def test_only_what_a_browser_asks_for_is_in_the_output(output: Path) -> None:
    names = {re.sub(r"unknown_\w+", "x", path.name) for path in (output / FOLDER).rglob("*") if path.is_file()}
    assert names == {
        "pagefind.js", "pagefind-entry.json", "pagefind.x.pf_meta", "wasm.unknown.pagefind",
        "x.pf_index", "x.pf_fragment", "choices.json",
    }  # fmt: skip
    assert sum(path.stat().st_size for path in (output / FOLDER).rglob("*") if path.is_file()) < 160_000


def test_posts_are_indexed_and_lists_are_not(output: Path) -> None:
    assert set(by_address(output)) == {
        "./popular-science/activities/%E5%9B%BE%20%E4%B9%A6%231.html",
        "./news/b.html",
        "./news/draft.html",
    }


def test_a_post_says_its_day_in_the_sites_time_zone(output: Path) -> None:
    assert [one["id"] for one in by_address(output)["./news/b.html"]["anchors"]][1] == "2026-11-20"
    (book,) = (one for address, one in by_address(output).items() if "popular-science" in address)
    assert book["anchors"][1]["id"] == "2025-12-31"


def chosen_by(output: Path, fragment: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of columns, unit and year whose words a post has."""
    words = fragment["content"].replace(".", "").split(" ")
    return {kind: [name for name, word in named.items() if word in words] for kind, named in choices_of(output).items()}


def choices_of(output: Path, parts: int = 1) -> dict[str, dict[str, str]]:
    """What readers can choose by, of an index that has so many parts."""
    told: dict[str, Any] = json.loads((output / FOLDER / CHOICES).read_text("utf-8"))
    assert told.pop("parts") == parts
    return told


def test_a_post_can_be_chosen_by_its_columns_its_unit_and_its_year(output: Path) -> None:
    (book,) = (one for address, one in by_address(output).items() if "popular-science" in address)
    assert chosen_by(output, book) == {"column": ["科学普及", "科普活动"], "unit": ["凤翔区科协"], "year": ["2025"]}


def test_the_choices_are_those_that_posts_have(output: Path) -> None:
    assert {kind: list(named) for kind, named in choices_of(output).items()} == {
        "column": ["工作动态", "科学普及", "科普活动"],
        "unit": ["凤翔区科协"],
        "year": ["2025", "2026"],
    }


def test_no_text_can_put_a_post_where_it_does_not_belong(tmp_path: Path) -> None:
    one = indexed(tmp_path / "one", {"content/notices/a.md": "<h1>甲</h1>乙"})
    word = choices_of(one)["column"]["通知公告"]
    two = indexed(
        tmp_path / "two",
        {"content/notices/a.md": "<h1>甲</h1>乙", "content/news/b.md": f"<h1>{word}</h1><p>{word} 丙{word}</p>{word}"},
    )
    assert chosen_by(two, by_address(two)["./news/b.html"])["column"] == ["工作动态"]


def test_posts_of_one_instant_do_not_change_places_from_build_to_build(tmp_path: Path) -> None:
    pages = {f"content/{('news', 'notices')[one % 2]}/{one}.md": "<h1>同时</h1>同样的话。" for one in range(40)}
    first = tree(indexed(tmp_path / "0", pages) / FOLDER)
    for number in "1234":
        assert tree(indexed(tmp_path / number, pages) / FOLDER) == first


def test_a_new_post_leaves_what_is_handed_out_of_the_others_as_it_is(tmp_path: Path) -> None:
    pages = {f"content/news/{name}.md": f"<h1>第{name}篇</h1>正文{name}。" for name in "abc"}
    one = indexed(tmp_path / "one", pages)
    two = indexed(tmp_path / "two", {"content/news/0.md": "<h1>新的</h1>别的话。", **pages})
    before, after = (tree(site / FOLDER / "fragment") for site in (one, two))
    assert len(after) == 4
    assert before.items() <= after.items()


LARGE = {
    f"content/news/{number:02}.md": f"<h1>第{number}篇</h1>{chr(0x4E00 + number)}{'文' * 50}。" for number in range(24)
}


def test_the_index_of_a_large_site_is_made_in_parts_with_the_oldest_posts_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_TOGETHER", 500)
    newest_first = dict(reversed(LARGE.items()))
    site = indexed(tmp_path / "site", newest_first)
    folders = [site / FOLDER, *(site / FOLDER / str(number) for number in (2, 3))]
    assert choices_of(site, parts=3)["column"].keys() == {"工作动态"}
    found = [
        [json.loads(unpacked(path))["anchors"][0]["id"] for path in (folder / "fragment").iterdir()]
        for folder in folders
    ]
    assert [sorted(one) for one in found] == [
        [f"./news/{number:02}.html" for number in range(start, end)] for start, end in ((0, 9), (9, 17), (17, 24))
    ]
    names = [{path.name for path in folder.iterdir()} for folder in folders]
    assert all({"pagefind.js", "wasm.unknown.pagefind"} <= one for one in names)
    assert CHOICES not in names[1] | names[2]

    again = indexed(tmp_path / "again", newest_first)
    more = indexed(tmp_path / "more", {"content/news/99.md": "<h1>最新</h1>文。", **newest_first})
    before, after = (tree(one / FOLDER) for one in (site, more))
    assert tree(again / FOLDER) == before
    assert {path: data for path, data in before.items() if not path.startswith("3/")}.items() <= after.items()


def test_the_text_is_indexed_as_it_is_read_with_numbers_and_tags_and_without_the_furniture(output: Path) -> None:
    (book,) = (one for address, one in by_address(output).items() if "popular-science" in address)
    assert text_of(book["meta"]["title"]) == "苹果栽培讲座"
    text = text_of(book["content"])
    assert text.startswith("苹果栽培讲座请三审三校。 第二段落。 出处。 v.mp4 名单.xlsx")
    assert "科协发〔2026〕1号" in text
    assert "ⓝ" not in text
    assert book["content"].replace(".", "").count("ⓝ协发 ⓝ发2026 ⓝ2026号1号") == 1
    assert "果树" in text
    for furniture in ("发布：", "内容码", "签发记录", "上一篇", "首页", "谁负责", "附件", "字节", "提供下载"):
        assert furniture not in text
    for unread in ("放不了", "↩"):
        assert unread not in text


def test_markup_in_a_post_is_text_in_the_index(output: Path) -> None:
    one = by_address(output)["./news/b.html"]
    assert text_of(one["meta"]["title"]) == HOSTILE
    assert [anchor["id"] for anchor in one["anchors"]] == ["./news/b.html", "2026-11-20"]
    assert chosen_by(output, one)["unit"] == ["凤翔区科协"]


def test_a_preview_finds_drafts_too(output: Path) -> None:
    assert text_of(by_address(output)["./news/draft.html"]["meta"]["title"]) == "草稿也能找到"


def test_the_page_that_searches_alone_may_run_wasm(output: Path) -> None:
    allowing = [path.name for path in output.rglob("*.html") if "wasm-unsafe-eval" in path.read_text("utf-8")]
    assert allowing == ["search.html"]


def test_a_site_without_posts_is_built_without_an_index(tmp_path: Path) -> None:
    SiteUnderTest().build(tmp_path / "output")
    shown = (tmp_path / "output/search.html").read_text("utf-8")
    assert "本站还没有内容可搜索。" in shown
    assert "请刷新页面再试" not in shown
    assert "search.js" not in shown
    assert not (tmp_path / "output" / FOLDER).exists()
    found = inspect(read_site(tmp_path / "output"), shipped_profile("gov-cn"), dt.datetime.now(dt.UTC))
    assert [one.id for one in found.rules if one.id in ("AVL-02", "PAGE-06") and one.status is not Status.PASS] == []


def test_a_theme_without_a_page_that_searches_gets_no_index(tmp_path: Path) -> None:
    site = SiteUnderTest()
    site.add("content/news/a.md")
    del site.policy["theme/templates/search.html"]
    site.build(tmp_path / "output")
    assert not (tmp_path / "output" / FOLDER).exists()


def test_a_column_in_the_place_of_the_index_fails_the_build_in_one_line(tmp_path: Path) -> None:
    site = SiteUnderTest()
    site.add(f"content/{FOLDER}/a.md")
    with pytest.raises(RenderingFailed, match=f"{FOLDER}: two files of the site would stand in this place"):
        site.build(tmp_path / "output")
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("environment", "words"),
    [({"PAGEFIND_VERBOSE": "maybe"}, "provided string was not"), ({"PAGEFIND_GLOB": "["}, "did not parse")],
)
def test_what_pagefind_says_when_it_fails_is_told_in_one_line(
    tmp_path: Path, environment: Mapping[str, str], words: str
) -> None:
    site = tmp_path / "site"
    with pytest.raises(SearchIndexFailed) as caught:
        indexed(site, {"content/news/a.md": "<h1>甲</h1>乙"}, environment=environment)
    assert str(caught.value).startswith(f"{FOLDER}: Pagefind made no search index: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (site / FOLDER).exists()


def test_text_nested_ever_so_deep_is_indexed(tmp_path: Path) -> None:
    deep = "<div>" * 5000 + "深处" + "</div>" * 5000
    site = indexed(tmp_path / "site", {"content/news/a.md": f"<h1>甲</h1>{deep}<p hidden>藏着</p>浅<b>处</b>"})
    assert text_of(fragments(site)[0]["content"]) == "甲深处 浅处"
