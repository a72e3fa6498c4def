"""What a page says of itself in JSON-LD: true, complete where it is known, and unable to end its element."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_records import ZONE, a_category, a_site, an_article
from selectolax.lexbor import LexborHTMLParser

from review.render.records import Article, Attachment, Label, MediaFile, Picture, Player
from review.render.structured_data import (
    breadcrumbs,
    data_block,
    organisation,
    picture_of,
    post,
    seconds_of,
    website,
)

ADDRESS = "https://example.org/news/a.html"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "</SCRIPT ><img src=x onerror=alert(1)>",
    "<!--<script>",
    "--><svg onload=alert(1)>",
    "]]></script>",
    '"},"@type":"Person"}',
    "\u2028alert(1)\u2029",
    "\\u003c/script\\u003e",
    "&lt;/script&gt;&quot;",
    "\x00</script",
)


def described(article: Article) -> dict[str, Any]:
    return post(a_site(), article, address=ADDRESS)


def in_a_page(nodes: list[dict[str, Any]]) -> LexborHTMLParser:
    """A page with the block, read as a browser reads it."""
    block = data_block(nodes)
    return LexborHTMLParser(f'<!doctype html><body><script type="application/ld+json">{block}</script><p id="after">')


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_ends_the_element_or_changes_what_is_said(text: str) -> None:
    article = an_article(title=text, summary=text, unit=text, authors=(Label(name=text),), tags=(Label(name=text),))
    nodes = [described(article), breadcrumbs(a_site(title=text), a_category(name=text).trail, (text, ADDRESS))]
    page = in_a_page(nodes)
    (script,) = page.css("script")
    assert page.css_first("p#after") is not None
    assert page.css("img, svg") == []
    assert json.loads(script.text())["@graph"] == nodes
    assert nodes[0]["headline"] == text


@given(text=st.text())
def test_whatever_is_said_is_read_back_and_holds_nothing_that_html_or_javascript_would_act_on(text: str) -> None:
    block = data_block([{"name": text}])
    assert json.loads(block) == {"@context": "https://schema.org", "@graph": [{"name": text}]}
    assert not set(block) & set("<>&\u2028\u2029")


def test_what_nobody_says_leaves_no_element() -> None:
    assert data_block([{}, {}]) == ""


def test_the_site_says_who_runs_it_and_how_it_is_searched() -> None:
    site = a_site(organiser="宝鸡市科学技术协会", phone="0917-0000000", address="示例路1号", postcode="721000")
    found = website(site, search=True)
    assert found["potentialAction"] == {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": "https://example.org/search.html?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    assert found["publisher"]["@id"] == organisation(site)["@id"]
    assert organisation(site)["name"] == "宝鸡市科学技术协会"
    assert organisation(site)["address"]["postalCode"] == "721000"
    assert "potentialAction" not in website(site, search=False)
    assert organisation(a_site())["name"] == "宝鸡科技网"
    assert {"telephone", "email", "address"}.isdisjoint(organisation(a_site()))


def test_the_way_from_home_leads_over_the_columns_that_still_have_a_page() -> None:
    gone = a_category("closed/old", "旧栏目", url="", trail=(a_category("closed", "已撤", url=""), a_category()))
    found = breadcrumbs(a_site(), gone.trail, ("标题", ADDRESS))["itemListElement"]
    assert [(one["position"], one["name"], one["item"]) for one in found] == [
        (1, "首页", "https://example.org/"),
        (2, "工作动态", "https://example.org/news/index.html"),
        (3, "标题", ADDRESS),
    ]


def test_a_post_says_when_by_whom_and_where() -> None:
    article = an_article(
        modified=dt.datetime(2026, 11, 22, 7, 30, tzinfo=ZONE),
        authors=(Label(name="示例甲"), Label(name="示例乙")),
        keywords=("讲座", "科普"),
        tags=(Label(name="科普"),),
        source_url="https://source.example/1",
        picture=Picture(url="static/pictures/ab.jpg", width=1200, height=800),
    )
    found = described(article)
    assert found["@type"] == "NewsArticle"
    assert found["datePublished"] == "2026-11-20T15:30:00+08:00"
    assert found["dateModified"] == "2026-11-22T07:30:00+08:00"
    assert found["author"] == {"@type": "Organization", "name": "凤翔区科协"}
    assert found["creditText"] == "示例甲、示例乙"
    assert found["isBasedOn"] == "https://source.example/1"
    assert found["publisher"]["name"] == "宝鸡科技网"
    assert "telephone" not in post(a_site(phone="0917-0000000"), article, address=ADDRESS)["publisher"]
    assert found["mainEntityOfPage"] == ADDRESS
    assert found["keywords"] == ["讲座", "科普"]
    assert found["image"] == {
        "@type": "ImageObject",
        "url": "https://example.org/static/pictures/ab.jpg",
        "width": 1200,
        "height": 800,
    }


def test_what_a_post_lacks_is_not_said_of_it() -> None:
    found = described(an_article(summary=""))
    assert found["dateModified"] == found["datePublished"]
    assert {"creditText", "isBasedOn", "image", "keywords", "video", "audio"}.isdisjoint(found)
    assert "" not in found.values()
    assert picture_of(a_site(), an_article(image="news/a/p.png")) == ("https://example.org/news/a/p.png", 0, 0)


def test_nothing_is_said_of_a_draft() -> None:
    assert described(an_article(mark="草稿 未签发")) == {}
    assert described(an_article(date=None)) == {}


@pytest.mark.parametrize(
    ("column", "kind"),
    [("news", "NewsArticle"), ("notices", "NewsArticle"), ("policy", "Article"), ("data", "Article"),
     ("video", "Article"), ("people", "Article")],
)  # fmt: skip
def test_what_a_post_is_follows_from_its_column(column: str, kind: str) -> None:
    assert described(an_article(category=a_category(type=column)))["@type"] == kind


FILM = Player(
    kind="video",
    files=(
        MediaFile(url="static/media/ab.mp4", type="video/mp4", size="4 MB", sha256="ab" * 32, label="高清"),
        MediaFile(url="news/a/small.webm", type="video/webm", size="1 MB", sha256="cd" * 32),
    ),
    poster=Picture(url="static/pictures/cd.jpg", width=640, height=360),
    captions="news/a/zh.vtt",
    duration="00:04:10",
)


def test_a_film_in_a_column_of_films_is_a_video_with_its_files_and_digests() -> None:
    found = described(an_article(category=a_category(type="video"), players=(FILM,)))
    assert found["@type"] == "VideoObject"
    assert found["name"] == "春季科普讲座"
    assert found["contentUrl"] == "https://example.org/static/media/ab.mp4"
    assert found["sha256"] == "ab" * 32
    assert found["thumbnailUrl"] == "https://example.org/static/pictures/cd.jpg"
    assert found["uploadDate"] == "2026-11-20T15:30:00+08:00"
    assert found["duration"] == "PT4M10S"
    assert found["caption"]["contentUrl"] == "https://example.org/news/a/zh.vtt"
    assert [one["contentUrl"] for one in found["encoding"]] == ["https://example.org/news/a/small.webm"]
    assert found["mainEntityOfPage"] == ADDRESS


def test_a_film_or_recording_elsewhere_is_part_of_the_article() -> None:
    sound = Player(
        kind="audio", files=(MediaFile(url="news/a/s.mp3", type="audio/mpeg", size="1 MB", sha256="e" * 64),)
    )
    found = described(an_article(players=(FILM, sound)))
    assert found["@type"] == "NewsArticle"
    assert [one["@type"] for one in (*found["video"], *found["audio"])] == ["VideoObject", "AudioObject"]


def test_a_film_that_could_not_be_had_is_not_described() -> None:
    found = described(an_article(category=a_category(type="video"), players=(Player(kind="video"),)))
    assert found["@type"] == "Article"
    assert "contentUrl" not in found


def test_figures_with_their_files_are_a_dataset() -> None:
    table = Attachment(name="场馆.csv", url="data/a/%E5%9C%BA%E9%A6%86.csv", size="1 KB", type="CSV")
    found = described(an_article(category=a_category("data", "数据", type="data"), attachments=(table,)))
    assert found["@type"] == "Dataset"
    assert found["name"] == "春季科普讲座"
    assert found["distribution"] == [
        {
            "@type": "DataDownload",
            "name": "场馆.csv",
            "contentUrl": "https://example.org/data/a/%E5%9C%BA%E9%A6%86.csv",
            "encodingFormat": "text/csv",
        }
    ]
    assert found["creator"] == found["author"]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("00:04:10", 250), ("4:10", 250), ("01:00:00", 3600), (" 0:59 ", 59), ("", 0), ("4 分", 0), ("4:60", 0)],
)
def test_durations_are_read_as_they_are_written(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds
