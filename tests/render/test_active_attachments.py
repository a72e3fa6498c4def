"""Attachments that would run under the site's address: not published, named on the page, told to authors and builders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Desk, seated
from live_sets import SiteUnderTest, a_column, tree
from made_pictures import file_of, scene, telling
from selectolax.lexbor import LexborHTMLParser
from story import NEWS, Story

from review.messages import Message
from review.model.columns import Column
from review.model.paths import attachments_of

ROOT = Path(__file__).parents[2]
RUNS = b"<!doctype html><script>alert(document.domain)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
RUNNING_DRAWING = DRAWING.replace(b"<path", b"<script>alert(1)</script><path")
TEXT = """Title: 讲座
Image: a/face.svg

[网页](a/page.html) [直达](/content/news/a/page.html#x) ![图](a/face.svg) <img src="a/face.svg" alt="脸">

<video src="a/film.mp4" poster="a/face.svg"></video> <audio><source src="a/page.html"></audio>

![无害](a/plain.svg) [表](a/table.pdf)
"""
FILES = {
    "page.html": RUNS,
    "face.svg": RUNNING_DRAWING,
    "film.mp4": RUNS,
    "plain.svg": DRAWING,
    "table.pdf": b"%PDF-1.7",
}


def page(output: Path, path: str = "news/a.html") -> LexborHTMLParser:
    return LexborHTMLParser((output / path).read_text("utf-8"))


def addresses(found: LexborHTMLParser) -> set[str]:
    names = ("href", "src", "poster", "content")
    return {value for node in found.css("*") for name in names if (value := node.attributes.get(name))}


@pytest.fixture
def built(tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    site = SiteUnderTest()
    site.add("content/news/a.md", TEXT, attachments=FILES)
    site.add("content/news/b.md", "Title: 别的\n\n[那边的网页](a/page.html) [那边的表](a/table.pdf)\n")
    return tmp_path / "output", site.build(tmp_path / "output").warnings


def test_what_would_run_is_left_out_and_all_else_is_there(built: tuple[Path, tuple[str, ...]]) -> None:
    output, warnings = built
    assert {name for name in FILES if (output / "news/a" / name).is_file()} == {"plain.svg", "table.pdf"}
    assert (output / "news/a/plain.svg").read_bytes() == DRAWING
    assert not any(RUNS in data or RUNNING_DRAWING in data for data in tree(output).values())
    told = [one for one in warnings if isinstance(one, Message)]
    assert [one.values["file"] for one in told] == [
        f"content/news/a/{name}" for name in ("face.svg", "film.mp4", "page.html")
    ]
    assert all("is not published" in one and one.endswith("qianfa submit content/news/a.md") for one in told)


def test_nothing_leads_to_it_and_the_page_says_why(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    for path in ("news/a.html", "news/b.html", "index.html", "news/index.html"):
        assert not {
            one for one in addresses(page(output, path)) if "page.html" in one or "face" in one or "film" in one
        }
    found = page(output)
    text = found.css_first(".text")
    assert text is not None
    assert [node.text() for node in text.css("a[href]")] == ["表"]
    assert [node.text() for node in text.css("a:not([href])")] == ["网页", "直达"]
    assert [node.attributes.get("src") for node in text.css("img")] == ["a/plain.svg"]
    assert "图" in text.text()
    listed = {node.text(): node.css_first("a") for node in found.css("section.attachments li")}
    offered = {words.partition(" ")[0]: link is not None for words, link in listed.items()}
    assert offered == {"face.svg": False, "film.mp4": False, "page.html": False, "plain.svg": True, "table.pdf": True}
    assert all(("本站不提供下载" in words) is (link is None) for words, link in listed.items())


def test_feeds_and_data_for_programs_do_not_offer_it(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (a_column("news", "数据"),)
    site = SiteUnderTest(columns=columns)
    site.add("content/news/a.md", TEXT, attachments=FILES)
    site.build(tmp_path / "output")
    for name in ("feeds/all.atom.xml", "feeds/all.json", "feeds/news.json", "news/a.html", "sitemap.xml"):
        text = (tmp_path / "output" / name).read_text("utf-8")
        links = [part for part in text.split('"') if part.endswith(("page.html", "face.svg", "film.mp4", "news/a/"))]
        assert links == []
    items = json.loads((tmp_path / "output/feeds/news.json").read_text("utf-8"))["items"]
    assert sorted(one["title"] for one in items[0]["attachments"]) == ["plain.svg", "table.pdf"]


def test_a_player_plays_no_film_that_is_a_page(tmp_path: Path) -> None:
    column = a_column("films", "影片")
    column = Column(**{name: getattr(column, name) for name in Column.__slots__} | {
        "type": "video", "metadata": ("Video", "Captions", "Poster")})  # fmt: skip
    site = SiteUnderTest(columns=(column,))
    site.add(
        "content/films/a.md",
        "Title: 影片\nVideo: a.mp4, b.mp4\nCaptions: c.vtt\nPoster: p.png\n\n文。\n",
        attachments={
            "a.mp4": RUNS,
            "b.mp4": b"\0\0\0\x10ftypmp42\0\0\0\0",
            "c.vtt": RUNS,
            "p.png": file_of(scene(), "PNG"),
        },
    )
    site.build(tmp_path / "output")
    found = page(tmp_path / "output", "films/a.html")
    assert [node.attributes.get("src") for node in found.css("video source")] == ["../films/a/b.mp4"]
    assert found.css("track") == []
    assert not {one for one in addresses(found) if "a.mp4" in one or "c.vtt" in one}


def test_the_same_bytes_may_be_harmless_under_another_name_and_be_a_picture_beside(tmp_path: Path) -> None:
    picture, telltale = file_of(scene(), "PNG"), telling("PNG", scene(300, 200))
    site = SiteUnderTest()
    site.add("content/news/a.md", attachments={"p.php.png": picture, "p.png": picture, "q.png": telltale, "x": DRAWING})
    site.add("content/news/b.md", attachments={"p.png": picture, "x.svg": DRAWING, "x.svg.html": DRAWING})
    warnings = site.build(tmp_path / "output").warnings
    files = {path for path in tree(tmp_path / "output") if path.startswith(("news/a/", "news/b/"))}
    assert files == {"news/a/p.png", "news/a/x", "news/b/p.png", "news/b/x.svg"}
    assert len(warnings) == 3
    assert len(list((tmp_path / "output/static/pictures").iterdir())) == 2


def test_a_folder_of_settings_for_the_server_is_not_published(tmp_path: Path) -> None:
    site = SiteUnderTest()
    names = (".htaccess", "x/.htaccess", "web.config", ".user.ini", "x/y.php.txt")
    site.add("content/news/a.md", attachments=dict.fromkeys(names, b"AddType text/html .png"))
    assert len(site.build(tmp_path / "output").warnings) == len(names)
    assert not (tmp_path / "output/news/a").exists()


# What authors hear, and that it is refused before anybody has signed.


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    story = Story(tmp_path / "site")
    for path in (ROOT / "pelicanconf.py", *sorted((ROOT / "theme").rglob("*"))):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.sign_policy()
    story.post(text="Title: 讲座\nSummary: 一句话。\n\n[报名](2026-11-20-a/form.html) [图](2026-11-20-a/map.svg)\n")
    story.commit()
    made = seated(story, tmp_path)
    made.write(attachments_of(NEWS) + "form.html", RUNS)
    made.write(attachments_of(NEWS) + "map.svg", DRAWING)
    return made


def test_check_and_submit_object_with_the_next_step_and_a_plain_drawing_passes(desk: Desk) -> None:
    form = attachments_of(NEWS) + "form.html"
    for options in ((), ("--fast",)):
        ran = desk.qianfa("check", NEWS, "--json", *options, by="officer-fx")
        found = [one for post in json.loads(ran.out)["posts"] for one in post["objections"]]
        assert [(one["code"], one["severity"], one["path"]) for one in found] == [("file-active", "refuse", form)]
        assert "ZIP" in found[0]["hint"]
        assert ran.status == 1
    before = desk.git("rev-parse", "HEAD")
    refused = desk.qianfa("submit", NEWS, by="officer-fx")
    assert refused.status == 1
    assert form in refused.err
    assert "ZIP" in refused.err
    assert desk.git("rev-parse", "HEAD") == before

    (desk.path / form).unlink()
    desk.write(attachments_of(NEWS) + "form.zip", b"PK\x05\x06" + bytes(18))
    desk.write(NEWS, "Title: 讲座\nSummary: 一句话。\n\n[报名](2026-11-20-a/form.zip) [图](2026-11-20-a/map.svg)\n")
    desk.done("submit", NEWS, by="officer-fx")


def test_whoever_amends_adds_none_either(desk: Desk) -> None:
    form = attachments_of(NEWS) + "form.html"
    (desk.path / form).unlink()
    desk.done("submit", NEWS, by="officer-fx")
    desk.write(form, RUNS)
    ran = desk.qianfa("approve", NEWS, "--amend", by="head-fx")
    assert ran.status == 1
    assert form in ran.err


def test_what_was_signed_all_the_same_stays_out_and_can_be_checked(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    for path in (ROOT / "pelicanconf.py", *sorted((ROOT / "theme").rglob("*"))):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.sign_policy()
    story.post(text="Title: 讲座\n\n[报名](2026-11-20-a/form.html)\n")
    story.attach(NEWS, "form.html", RUNS)
    story.chain()
    story.commit()
    desk = seated(story, tmp_path)
    ran = desk.qianfa("build", "--output", tmp_path / "output")
    assert ran.status == 0
    assert attachments_of(NEWS) + "form.html" in ran.err
    assert not (tmp_path / "output/news/2026-11-20-a").exists()
    chain = json.loads((tmp_path / "output/news/2026-11-20-a.chain.json").read_text("utf-8"))
    assert attachments_of(NEWS) + "form.html" in chain["manifest"]["text"]
