"""Feeds in both forms, pure and as a built site has them: what readers' programs ask for, and nothing of the moment."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from live_sets import SiteUnderTest, a_column
from markupsafe import Markup
from page_records import ZONE, a_category, a_site, an_article
from selectolax.lexbor import LexborHTMLParser

from review.render.feeds import FeedOf, atom_feed
from review.render.json_feeds import VERSION, json_feed
from review.render.media_types import media_type
from review.render.records import Article, Attachment, Label, MediaFile, Picture, Player

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
CONTENT = Markup(
    '<p>正文 <a href="a/x.pdf">表</a> <a href="#text-1">注</a> <a href="https://elsewhere.example/?a=1&amp;b=2">外</a></p>'
    '<img src="../static/pictures/ab.jpg" srcset="../static/pictures/ab.jpg 480w, ../static/pictures/cd.jpg 960w" alt="">'
)
FULL = an_article(
    title="讲座 <b>&\x0b",
    modified=dt.datetime(2026, 11, 22, 7, 30, tzinfo=ZONE),
    authors=(Label(name="示例甲"), Label(name="示例乙")),
    tags=(Label(name="讲座"), Label(name="科普")),
    content=CONTENT,
    picture=Picture(url="static/pictures/ef.jpg", width=1200, height=800),
    attachments=(
        Attachment(name="x.pdf", url="news/a/x.pdf", size="2 KB", type="PDF", length=2000),
        Attachment(name="film.mp4", url="news/a/film.mp4", size="4 MB", length=4_000_000),
    ),
    players=(
        Player(
            kind="video",
            files=(MediaFile(url="news/a/film.mp4", type="video/mp4", size="4 MB", sha256="a" * 64, label="高清"),),
            duration="00:04:10",
        ),
    ),
)


def feed_of(*articles: Article, path: str = "feeds/news.json", oldest: Article | None = None) -> FeedOf:
    return FeedOf(title="宝鸡科技网 · 工作动态", path=path, page="news/index.html", articles=articles, oldest=oldest)


def as_atom(*articles: Article, oldest: Article | None = None) -> ET.Element:
    return ET.fromstring(atom_feed(a_site(), feed_of(*articles, path="feeds/news.atom.xml", oldest=oldest)).encode())


def as_json(*articles: Article) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_feed(a_site(), feed_of(*articles), description="近来做了什么。"))
    return found


def check_atom(root: ET.Element) -> None:
    """What RFC 4287 asks of a feed and of every entry."""
    assert root.tag == f"{ATOM}feed"
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "zh-CN"
    for one in (root, *root.iterfind(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"{ATOM}{name}")
            assert found.text
        assert RFC3339.fullmatch(one.findtext(f"{ATOM}updated") or "")
        assert re.match(r"(https?://|tag:)", one.findtext(f"{ATOM}id") or "")
        assert [link for link in one.findall(f"{ATOM}link") if link.attrib["rel"] == "alternate"]
        for author in one.findall(f"{ATOM}author"):
            assert author.findtext(f"{ATOM}name")
    assert root.find(f"{ATOM}author") is not None
    (itself,) = [link for link in root.findall(f"{ATOM}link") if link.attrib["rel"] == "self"]
    assert itself.attrib["href"].startswith("https://example.org/feeds/")
    ids = [one.findtext(f"{ATOM}id") for one in root.iterfind(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def check_json(feed: dict[str, Any]) -> None:
    """What JSON Feed 1.1 asks of a feed, of every item and of every attachment, and no key that it does not know."""
    assert feed["version"] == VERSION
    assert feed["title"]
    assert isinstance(feed["items"], list)
    assert set(feed) <= {"version", "title", "home_page_url", "feed_url", "description", "authors", "language", "items"}
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item.get("content_html", item.get("content_text")), str)
        assert set(item) <= {"id", "url", "title", "content_html", "summary", "image", "date_published",
                             "date_modified", "authors", "tags", "language", "attachments"}  # fmt: skip
        for name in ("date_published", "date_modified"):
            assert RFC3339.fullmatch(item.get(name, "2026-01-01T00:00:00Z"))
        for one in item.get("attachments", ()):
            assert one["url"].startswith("https://")
            assert re.fullmatch(r"[\w.+-]+/[\w.+-]+", one["mime_type"])
        for author in (*feed["authors"], *item["authors"]):
            assert author["name"]
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))


def check_addresses(html: str) -> None:
    page = LexborHTMLParser(html)
    found = [one.attributes[name] or "" for name in ("href", "src", "poster") for one in page.css(f"[{name}]")]
    found += [one.split()[0] for each in page.css("[srcset]") for one in (each.attributes["srcset"] or "").split(",")]
    for address in found:
        assert re.match(r"https?://|mailto:|tel:", address), address


def test_an_atom_entry_has_all_that_a_post_has() -> None:
    root = as_atom(FULL)
    check_atom(root)
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "讲座 <b>&"
    assert entry.findtext(f"{ATOM}published") == "2026-11-20T15:30:00+08:00"
    assert entry.findtext(f"{ATOM}updated") == root.findtext(f"{ATOM}updated") == "2026-11-22T07:30:00+08:00"
    assert [one.findtext(f"{ATOM}name") for one in entry.findall(f"{ATOM}author")] == ["示例甲", "示例乙"]
    assert [one.attrib["term"] for one in entry.findall(f"{ATOM}category")] == ["工作动态", "讲座", "科普"]
    enclosed = [one.attrib for one in entry.findall(f"{ATOM}link") if one.attrib["rel"] == "enclosure"]
    assert [(one["href"], one["type"], one.get("length"), one["title"]) for one in enclosed] == [
        ("https://example.org/news/a/film.mp4", "video/mp4", None, "高清"),
        ("https://example.org/news/a/x.pdf", "application/pdf", "2000", "x.pdf"),
    ]


def test_a_json_item_has_all_that_a_post_has() -> None:
    feed = as_json(FULL)
    check_json(feed)
    assert feed["feed_url"] == "https://example.org/feeds/news.json"
    assert feed["home_page_url"] == "https://example.org/news/index.html"
    assert feed["language"] == "zh-CN"
    assert feed["description"] == "近来做了什么。"
    (item,) = feed["items"]
    assert item["id"] == item["url"] == "https://example.org/news/a.html"
    assert item["image"] == "https://example.org/static/pictures/ef.jpg"
    assert item["date_published"] == "2026-11-20T15:30:00+08:00"
    assert item["date_modified"] == "2026-11-22T07:30:00+08:00"
    assert item["authors"] == [{"name": "示例甲"}, {"name": "示例乙"}]
    assert item["tags"] == ["工作动态", "讲座", "科普"]
    assert item["attachments"] == [
        {"url": "https://example.org/news/a/film.mp4", "mime_type": "video/mp4", "title": "高清",
         "duration_in_seconds": 250},
        {"url": "https://example.org/news/a/x.pdf", "mime_type": "application/pdf", "title": "x.pdf",
         "size_in_bytes": 2000},
    ]  # fmt: skip


def test_content_begins_with_the_leading_picture_and_has_absolute_addresses_only() -> None:
    (entry,) = as_atom(FULL).findall(f"{ATOM}entry")
    content = entry.findtext(f"{ATOM}content") or ""
    assert content == as_json(FULL)["items"][0]["content_html"]
    check_addresses(content)
    page = LexborHTMLParser(content)
    first, second = page.css("img")
    assert first.attributes == {
        "src": "https://example.org/static/pictures/ef.jpg",
        "width": "1200",
        "height": "800",
        "alt": "",
    }
    assert second.attributes["srcset"] == (
        "https://example.org/static/pictures/ab.jpg 480w, https://example.org/static/pictures/cd.jpg 960w"
    )
    assert [one.attributes["href"] for one in page.css("a")] == [
        "https://example.org/news/a/x.pdf",
        "https://example.org/news/a.html#text-1",
        "https://elsewhere.example/?a=1&b=2",
    ]


def test_a_picture_that_the_text_shows_is_not_shown_twice() -> None:
    shown = an_article(content=CONTENT, picture=Picture(url="static/pictures/cd.jpg", width=960, height=640))
    (item,) = as_json(shown)["items"]
    assert item["image"] == "https://example.org/static/pictures/cd.jpg"
    assert len(LexborHTMLParser(item["content_html"]).css("img")) == 1


def test_a_post_without_authors_is_by_its_unit_and_what_is_missing_is_left_out() -> None:
    (item,) = as_json(an_article(summary=""))["items"]
    assert item["authors"] == [{"name": "凤翔区科协"}]
    assert set(item) == {
        "id", "url", "title", "content_html", "date_published", "authors", "tags", "language"
    }  # fmt: skip
    (entry,) = as_atom(an_article(unit="")).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "宝鸡科技网"


def test_an_empty_feed_is_as_old_as_the_first_post_of_the_site_and_so_stays_as_it_is() -> None:
    check_atom(as_atom())
    assert as_atom(oldest=FULL).findtext(f"{ATOM}updated") == "2026-11-20T15:30:00+08:00"
    check_json(as_json())
    assert as_json()["items"] == []


@pytest.mark.parametrize(
    ("name", "type"),
    [("a.PDF", "application/pdf"), ("表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
     ("zh.vtt", "text/vtt"), ("a.tar.gz", "application/gzip"), ("a", "application/octet-stream"),
     ("a.x-y", "application/octet-stream"), ("p.webp", "image/webp")],
)  # fmt: skip
def test_the_type_of_a_file_is_told_by_its_name_alone(name: str, type: str) -> None:
    assert media_type(name) == type


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with a column below another, a hostile post, and a draft as a preview shows it."""
    columns = (
        a_column("popular-science", "科学普及", children=("popular-science/venues",), description="能借什么。"),
        a_column("popular-science/venues", "科普阵地", parent="popular-science"),
        a_column("news", "工作动态"),
    )
    site = SiteUnderTest(columns=columns)
    for number in range(25):
        site.add(f"content/popular-science/venues/n{number:02}.md", f"Title: 场馆 {number}\n\n[表](n{number:02}/a.csv)\n",
                 published=f"2026-03-{number + 1:02}T08:00:00+08:00", attachments={"a.csv": b"1,2\n"})  # fmt: skip
    site.add(
        "content/news/h.md", 'Title: </title><script>alert(1)</script>]]>\nTags: <b>, "&\n\n<script>x</script>正文\n'
    )
    site.add("content/news/d.md", "Title: 草稿标题\n\n草稿正文\n", chain=(), mark="草稿 未签发", chained=False)
    place = tmp_path_factory.mktemp("feeds") / "output"
    site.build(place)
    return place


def atom_at(output: Path, path: str) -> ET.Element:
    return ET.fromstring((output / path).read_bytes())


def json_at(output: Path, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((output / path).read_text("utf-8"))
    return found


NAMES = ("all", "news", "popular-science", "popular-science/venues")


@pytest.mark.parametrize("name", NAMES)
def test_every_feed_of_a_built_site_is_valid_and_both_forms_say_the_same(output: Path, name: str) -> None:
    root, feed = atom_at(output, f"feeds/{name}.atom.xml"), json_at(output, f"feeds/{name}.json")
    check_atom(root)
    check_json(feed)
    entries = root.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == [item["title"] for item in feed["items"]]
    assert [one.findtext(f"{ATOM}content") for one in entries] == [item["content_html"] for item in feed["items"]]
    for item in feed["items"]:
        check_addresses(item["content_html"])


def test_a_site_has_no_other_feeds(output: Path) -> None:
    found = {str(path.relative_to(output / "feeds")) for path in (output / "feeds").rglob("*") if path.is_file()}
    assert found == {f"{name}{end}" for name in NAMES for end in (".atom.xml", ".json")}


def test_a_feed_has_the_newest_posts_whole_with_their_files(output: Path) -> None:
    items = json_at(output, "feeds/popular-science.json")["items"]
    assert [item["title"] for item in items] == [f"场馆 {number}" for number in range(24, 4, -1)]
    assert all('<a href="https://example.org/popular-science/venues/n' in item["content_html"] for item in items)
    assert items[0]["attachments"] == [
        {"url": "https://example.org/popular-science/venues/n24/a.csv", "mime_type": "text/csv", "title": "a.csv",
         "size_in_bytes": 4}
    ]  # fmt: skip


def test_a_draft_of_a_preview_is_in_no_feed(output: Path) -> None:
    for path in (output / "feeds").rglob("*"):
        assert path.is_dir() or "草稿" not in path.read_text("utf-8")
    assert [item["url"] for item in json_at(output, "feeds/news.json")["items"]] == ["https://example.org/news/h.html"]


def test_a_hostile_title_is_text_in_both_forms(output: Path) -> None:
    (item,) = json_at(output, "feeds/news.json")["items"]
    assert item["title"] == "</title><script>alert(1)</script>]]>"
    assert item["tags"] == ["工作动态", "<b>", '"&']
    assert "<script" not in item["content_html"]


def test_categories_of_a_column_that_is_gone_are_named_all_the_same() -> None:
    gone = a_category("closed", "closed", url="", feed="", json_feed="")
    assert as_json(an_article(category=gone))["items"][0]["tags"] == ["closed"]
