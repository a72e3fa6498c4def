"""What the head of every page says to programs, parsed from a built site: inspectors' tags, links, Open Graph, JSON-LD."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from live_sets import SiteUnderTest, a_column, tree
from page_records import a_category, a_site, an_article
from selectolax.lexbor import LexborHTMLParser

from review.model.reports import LiveSet
from review.render.head import Head, Heads
from review.render.pages import list_pages
from review.render.records import Picture

BASE = "https://example.org"
SITE_TAGS = {"SiteName": "宝鸡科技网", "SiteDomain": "example.org", "SiteIDCode": "6103000000"}
HOSTILE = "\"><script>alert(1)</script><!-- '</title>"
DESCRIBED = dataclasses.replace(
    a_column("news", "工作动态", description="县区近来做了什么。"), keywords=("动态", "县区"), label="工作动态"
)
COLUMNS = (
    DESCRIBED,
    a_column("notices", "通知公告"),
    dataclasses.replace(a_column("about", "走进科协", children=("about/profile",)), type="overview"),
    dataclasses.replace(a_column("about/profile", "科协简介", parent="about"), type="overview"),
    dataclasses.replace(a_column("hostile", HOSTILE, description=HOSTILE), keywords=(HOSTILE,)),
)


class Described(SiteUnderTest):
    """A site that says of itself what columns.yaml may say; `id_code` is what a test changes."""

    id_code = "6103000000"

    @property
    def live(self) -> LiveSet:
        live = super().live
        columns = live.policy.policy.columns
        site = dataclasses.replace(
            columns.site,
            id_code=self.id_code,
            description="科协的网站。",
            keywords=("科普", "科协"),
            organiser="市科协",
        )
        policy = dataclasses.replace(live.policy.policy, columns=dataclasses.replace(columns, site=site))
        version = dataclasses.replace(live.policy, policy=policy)
        return dataclasses.replace(live, policy=version, policies={1: version})


def the_site() -> Described:
    site = Described(columns=COLUMNS)
    # Whatever else the search page is, it takes its head from the general page.
    site.policy["theme/templates/search.html"] = b'{% extends "base.html" %}'
    for number in range(45):
        site.add(f"content/notices/n{number:02}.md", f"Title: 通知第 {number} 号\n\n正文 {number}。\n",
                 published=f"2026-{number // 28 + 1:02}-{number % 28 + 1:02}T08:00:00+08:00")  # fmt: skip
    return site


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    site = the_site()
    site.add(
        "content/news/full.md",
        "Title: 座谈会\nAuthor: 示例甲、示例乙\nSource: 市科协\nSource_url: https://source.example/1\nKeywords: 座谈, 科普\n"
        "Tags: 会议, 科普\nSummary: 开了一次会。\n\n正文。\n",
        published="2026-11-20T09:05:00+08:00", updated="2026-11-21T23:30:00+00:00",
    )  # fmt: skip
    site.add("content/news/bare.md", "Title: 只有附件\n", attachments={"a.txt": b"x"})
    site.add("content/news/hostile.md", f"Title: {HOSTILE}\nAuthor: {HOSTILE}\nSource: {HOSTILE}\nSummary: {HOSTILE}\n"
             f"Tags: {HOSTILE}\nKeywords: {HOSTILE}\n\n正文\n")  # fmt: skip
    site.add("content/hostile/x.md")
    site.add("content/closed/old/x.md", "Title: 旧文\n\n正文\n", published="2019-01-01T08:00:00+08:00")
    site.add("content/about/profile/2025.md", "Title: 去年的简介\n\n去年\n", published="2025-01-01T08:00:00+08:00")
    site.add("content/about/profile/2026.md", "Title: 科协简介\n\n今年\n", published="2026-01-01T08:00:00+08:00")
    place = tmp_path_factory.mktemp("head") / "output"
    site.build(place)
    return place


class Parsed:
    """The head of one page."""

    def __init__(self, text: str) -> None:
        self.page = LexborHTMLParser(text)
        metas = [one.attributes for one in self.page.css("head meta")]
        self.tags = {one["name"] or "": one["content"] for one in metas if "name" in one}
        self.names = [(one["name"] or "").lower() for one in metas if "name" in one]
        self.properties = [(one["property"], one["content"]) for one in metas if "property" in one]
        self.canonical = [one.attributes["href"] for one in self.page.css('head link[rel="canonical"]')]
        self.feeds = [one.attributes["href"] for one in self.page.css('head link[rel="alternate"]')]
        self.blocks = [one.text() for one in self.page.css('script[type="application/ld+json"]')]

    @property
    def data(self) -> list[dict[str, Any]]:
        (block,) = self.blocks
        found = json.loads(block)
        assert found["@context"] == "https://schema.org"
        graph: list[dict[str, Any]] = found["@graph"]
        return graph

    @property
    def kinds(self) -> list[str]:
        return [one["@type"] for one in self.data]


def head_of(output: Path, path: str) -> Parsed:
    return Parsed((output / path).read_text("utf-8"))


def pages_of(output: Path) -> list[str]:
    return sorted(path for path in tree(output) if path.endswith(".html"))


def test_every_page_names_the_site_and_no_tag_is_empty_or_said_twice(output: Path) -> None:
    pages = pages_of(output)
    assert {"index.html", "404.html", "search.html", "map.html", "notices/page/2.html"} <= set(pages)
    for path in pages:
        head = head_of(output, path)
        assert {name: head.tags.get(name) for name in SITE_TAGS} == SITE_TAGS, path
        assert len(head.names) == len(set(head.names)), path
        for name, value in (*head.tags.items(), *head.properties):
            assert value, f"{path}: {name} is empty"
            assert value != "null"


def test_every_page_but_the_one_for_what_is_not_there_has_one_address_and_a_description(output: Path) -> None:
    for path in pages_of(output):
        head = head_of(output, path)
        if path == "404.html":
            assert (head.canonical, head.tags["robots"], head.blocks) == ([], "noindex", [])
            continue
        (address,) = head.canonical
        assert address
        assert (output / address.removeprefix(f"{BASE}/").replace("%20", " ")).exists() or address == f"{BASE}/"
        assert ("og:url", address) in head.properties
        assert head.names.count("description") == 1
        assert "robots" not in head.tags


def test_no_two_lists_have_the_same_title_or_description(output: Path) -> None:
    heads = [head_of(output, path) for path in ("notices/index.html", "notices/page/2.html")]
    assert len({head.tags["description"] for head in heads}) == 2
    titles = [head.page.css_first("title") for head in heads]
    assert len({title.text() for title in titles if title is not None}) == 2
    assert heads[1].canonical == [f"{BASE}/notices/page/2.html"]


def test_home_says_what_the_site_is_and_how_it_is_searched(output: Path) -> None:
    head = head_of(output, "index.html")
    assert head.canonical == [f"{BASE}/"]
    assert head.tags["description"] == "科协的网站。"
    assert head.tags["keywords"] == "科普,科协"
    assert head.kinds == ["WebSite", "Organization"]
    assert head.data[0]["potentialAction"]["target"]["urlTemplate"] == f"{BASE}/search.html?q={{search_term_string}}"
    assert head.data[1]["name"] == "市科协"
    assert dict(head.properties)["og:locale"] == "zh_CN"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("news/index.html", ("工作动态", "县区近来做了什么。", "动态,县区", "工作动态")),
        ("notices/index.html", ("通知公告", "宝鸡科技网“通知公告”栏目", "通知公告,宝鸡科技网", "工作动态")),
        ("notices/page/2.html", ("通知公告", "宝鸡科技网“通知公告”栏目", "通知公告,宝鸡科技网", "工作动态")),
        ("about/index.html", ("走进科协", "宝鸡科技网“走进科协”栏目", "走进科协,宝鸡科技网", "概况信息")),
    ],
)
def test_a_column_is_described_in_four_tags_on_each_of_its_pages(
    output: Path, path: str, expected: tuple[str, ...]
) -> None:
    head = head_of(output, path)
    assert tuple(head.tags[f"Column{name}"] for name in ("Name", "Description", "Keywords", "Type")) == expected
    assert head.kinds == ["BreadcrumbList"]
    assert "ArticleTitle" not in head.tags
    depth = "../" * path.count("/")
    column = "/".join(path.split("/")[:1])
    assert head.feeds == [f"{depth}feeds/{column}.atom.xml", f"{depth}feeds/{column}.json",
                          f"{depth}feeds/all.atom.xml", f"{depth}feeds/all.json"]  # fmt: skip


def test_a_post_carries_what_it_says_of_itself(output: Path) -> None:
    head = head_of(output, "news/full.html")
    expected = {
        "ColumnName": "工作动态",
        "ColumnType": "工作动态",
        "ArticleTitle": "座谈会",
        "PubDate": "2026-11-20 09:05",
        "ContentSource": "市科协",
        "Keywords": "座谈,科普",
        "Author": "示例甲、示例乙",
        "Description": "开了一次会。",
        "Url": f"{BASE}/news/full.html",
    }
    assert {name: head.tags.get(name) for name in expected} == expected
    assert {"ColumnDescription", "ColumnKeywords", "Image", "SiteIDCodes"}.isdisjoint(head.tags)
    assert dict(head.properties)["og:type"] == "article"
    assert ("article:published_time", "2026-11-20T09:05:00+08:00") in head.properties
    assert ("article:modified_time", "2026-11-22T07:30:00+08:00") in head.properties
    assert [value for name, value in head.properties if name == "article:tag"] == ["会议", "科普"]
    assert head.kinds == ["BreadcrumbList", "NewsArticle"]
    assert head.data[1]["mainEntityOfPage"] == f"{BASE}/news/full.html"


def test_the_tags_of_a_post_are_what_its_page_shows(output: Path) -> None:
    for path in ("news/full.html", "news/bare.html", "news/hostile.html", "closed/old/x.html"):
        head = head_of(output, path)
        main = head.page.css_first("main")
        assert main is not None
        shown = " ".join(main.text().split())
        for name in ("ArticleTitle", "PubDate", "ContentSource"):
            value = head.tags[name] or ""
            assert value in shown, f"{path}: {name}"
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d", head.tags["PubDate"] or "")


def test_a_post_that_names_no_source_comes_from_its_unit_and_has_a_true_description(output: Path) -> None:
    head = head_of(output, "news/bare.html")
    assert head.tags["ContentSource"] == "凤翔区科协"
    assert head.tags["Description"] == "宝鸡科技网“工作动态”栏目：只有附件"
    assert {"Keywords", "Author", "Image"}.isdisjoint(head.tags)


def test_a_post_whose_column_is_gone_still_has_every_tag(output: Path) -> None:
    head = head_of(output, "closed/old/x.html")
    assert (head.tags["ColumnName"], head.tags["ColumnType"]) == ("old", "工作动态")
    assert head.feeds == ["../../feeds/all.atom.xml", "../../feeds/all.json"]
    assert [one["name"] for one in head.data[0]["itemListElement"]] == ["首页", "旧文"]


def test_the_page_of_an_overview_is_the_address_of_the_post_it_shows(output: Path) -> None:
    column = head_of(output, "about/profile/index.html")
    address = f"{BASE}/about/profile/index.html"
    assert column.canonical == [address]
    assert (column.tags["ColumnName"], column.tags["ArticleTitle"]) == ("科协简介", "科协简介")
    assert {"ColumnDescription", "ColumnKeywords", "PubDate", "ContentSource", "ColumnType"} <= set(column.tags)
    assert column.tags["Url"] == address
    assert column.kinds == ["BreadcrumbList", "Article"]
    assert column.data[1]["mainEntityOfPage"] == address
    newest, replaced = head_of(output, "about/profile/2026.html"), head_of(output, "about/profile/2025.html")
    assert newest.canonical == [address]
    assert replaced.canonical == [f"{BASE}/about/profile/2025.html"]
    sitemap = (output / "sitemap.xml").read_text("utf-8")
    assert address in sitemap
    assert "about/profile/2025.html" in sitemap
    assert "about/profile/2026.html" not in sitemap


def test_no_name_or_title_breaks_out_of_the_head(output: Path) -> None:
    honest = {one.tag for one in head_of(output, "news/full.html").page.css("head *")}
    for path in ("news/hostile.html", "hostile/index.html", "hostile/x.html"):
        head = head_of(output, path)
        assert {one.tag for one in head.page.css("head *")} <= honest
        assert [one.attributes.get("type") for one in head.page.css("script:not([src])")] == ["application/ld+json"]
        for one in head.page.css("*"):
            assert not [name for name in one.attributes if name.startswith("on")]
    hostile = head_of(output, "news/hostile.html")
    for name in ("ArticleTitle", "ContentSource", "Keywords", "Author", "Description"):
        assert hostile.tags[name] == HOSTILE
    assert ("og:title", HOSTILE) in hostile.properties
    assert hostile.data[1]["headline"] == HOSTILE
    column = head_of(output, "hostile/index.html")
    for name in ("ColumnName", "ColumnDescription", "ColumnKeywords"):
        assert column.tags[name] == HOSTILE


def test_a_site_without_a_code_leaves_that_tag_out(tmp_path: Path) -> None:
    site = the_site()
    site.id_code = ""
    site.build(tmp_path / "output")
    for path in ("index.html", "notices/n01.html"):
        head = head_of(tmp_path / "output", path)
        assert "SiteIDCode" not in head.tags
        assert head.tags["SiteName"] == "宝鸡科技网"


def test_a_draft_is_kept_from_search_engines_and_nothing_is_said_of_its_publication(tmp_path: Path) -> None:
    site = the_site()
    site.add("content/news/d.md", "Title: 新稿\n\n正文\n", chain=(), mark="草稿 未签发", chained=False)
    site.build(tmp_path / "output")
    head = head_of(tmp_path / "output", "news/d.html")
    assert head.tags["robots"] == "noindex, nofollow"
    assert head.kinds == ["BreadcrumbList"]


def test_a_theme_that_does_not_ask_for_the_head_is_built_all_the_same(tmp_path: Path) -> None:
    site = SiteUnderTest()
    site.add("content/news/a.md")
    own = {"index": "{{ site.title }}", "404": "404", "category": "{{ category }}", "article": "{{ article.title }}"}
    site.policy = {f"theme/templates/{name}.html": text.encode() for name, text in own.items()}
    site.build(tmp_path / "output")
    assert (tmp_path / "output/news/a.html").read_text("utf-8") == "春季科普讲座"


# What a built site of a test does not have.


def heads(**changes: str) -> Heads:
    return Heads(a_site(**changes), search=False)


def test_a_picture_is_said_with_its_size_in_both_vocabularies() -> None:
    head = heads().article(an_article(picture=Picture(url="static/pictures/ab.jpg", width=1200, height=800)))
    assert dict(head.tags)["Image"] == f"{BASE}/static/pictures/ab.jpg"
    assert [pair for pair in head.properties if pair[0].startswith("og:image")] == [
        ("og:image", f"{BASE}/static/pictures/ab.jpg"),
        ("og:image:width", "1200"),
        ("og:image:height", "800"),
    ]
    unmeasured = heads().article(an_article(image="news/a/p.png"))
    assert ("og:image", f"{BASE}/news/a/p.png") in unmeasured.properties
    assert "og:image:width" not in dict(unmeasured.properties)


def test_a_line_break_in_a_value_does_not_reach_the_tag() -> None:
    assert dict(heads(description="一\n  二\t").home().tags)["description"] == "一 二"


@pytest.mark.parametrize(("lang", "expected"), [("zh-CN", "zh_CN"), ("zh", None), ("zh-Hans-CN", None)])
def test_a_locale_is_said_where_the_language_names_a_territory(lang: str, expected: str | None) -> None:
    assert dict(heads(lang=lang).home().properties).get("og:locale") == expected


def test_a_post_that_was_never_published_has_no_date_at_all() -> None:
    head: Head = heads().article(an_article(date=None, mark="草稿"))
    assert "PubDate" not in dict(head.tags)
    assert "article:published_time" not in dict(head.properties)


def test_a_list_without_posts_has_a_head_like_any_other() -> None:
    (page,) = list_pages([], url="news/index.html", per_page=20)
    head = heads().column(a_category(), page)
    assert {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"} <= set(dict(head.tags))
