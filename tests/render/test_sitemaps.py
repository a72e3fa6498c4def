"""The sitemap: every page once, in as many files as the limits of the protocol ask for, and robots.txt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from live_sets import SiteUnderTest, a_column, tree
from page_records import ZONE, a_site, an_article

from review.render.pages import list_pages
from review.render.records import Picture
from review.render.sitemaps import MAX_ADDRESSES, MAX_BYTES, Entry, of_list, of_post, robots, sitemaps

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def locations(text: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(text.encode()).iter(f"{SPACE}loc")]


def entries(count: int) -> list[Entry]:
    return [Entry(url=f"news/n{number}.html", day=f"2026-01-{number % 28 + 1:02}") for number in range(count)]


def test_a_small_site_has_one_file() -> None:
    found = sitemaps(a_site(), entries(3))
    assert list(found) == ["sitemap.xml"]
    assert ET.fromstring(found["sitemap.xml"].encode()).tag == f"{SPACE}urlset"
    assert locations(found["sitemap.xml"]) == [f"https://example.org/news/n{number}.html" for number in range(3)]


def test_as_soon_as_there_is_one_too_many_the_sitemap_is_an_index_of_parts() -> None:
    assert list(sitemaps(a_site(), entries(4), most=4)) == ["sitemap.xml"]
    found = sitemaps(a_site(), entries(9), most=4)
    index = ET.fromstring(found.pop("sitemap.xml").encode())
    assert index.tag == f"{SPACE}sitemapindex"
    assert [one.findtext(f"{SPACE}loc") for one in index] == [
        f"https://example.org/sitemap-{number}.xml" for number in (1, 2, 3)
    ]
    assert [one.findtext(f"{SPACE}lastmod") for one in index] == ["2026-01-04", "2026-01-08", "2026-01-09"]
    assert [len(locations(text)) for text in found.values()] == [4, 4, 1]
    assert [one for text in found.values() for one in locations(text)] == [
        f"https://example.org/{one.url}" for one in entries(9)
    ]


def test_one_more_than_fifty_thousand_addresses_make_two_files_and_an_index() -> None:
    found = sitemaps(a_site(), entries(MAX_ADDRESSES + 1))
    assert {path: len(locations(text)) for path, text in found.items()} == {
        "sitemap.xml": 2,
        "sitemap-1.xml": 50_000,
        "sitemap-2.xml": 1,
    }
    assert max(len(text.encode()) for text in found.values()) <= MAX_BYTES == 50 * 2**20


def test_no_file_is_larger_than_it_may_be_and_an_address_is_not_cut() -> None:
    room = 1200
    found = sitemaps(a_site(), [Entry(url=f"news/{'%E5%9B%BE' * 10}{number}.html") for number in range(30)], room=room)
    del found["sitemap.xml"]
    assert len(found) > 3
    assert all(len(text.encode()) <= room for text in found.values())
    assert sum(len(locations(text)) for text in found.values()) == 30


def test_a_new_post_changes_the_last_part_alone() -> None:
    before, after = (sitemaps(a_site(), entries(count), most=10) for count in (35, 36))
    assert {path for path in after if before.get(path) != after[path]} == {"sitemap.xml", "sitemap-4.xml"}


def test_a_post_has_the_day_of_its_last_change_and_its_picture() -> None:
    updated = dt.datetime(2026, 12, 1, 0, 30, tzinfo=ZONE)
    picture = Picture(url="static/pictures/ab.jpg", width=4, height=3)
    entry = of_post(an_article(modified=updated, picture=picture))
    assert entry == Entry(url="news/a.html", day="2026-12-01", image="static/pictures/ab.jpg")
    (one,) = ET.fromstring(sitemaps(a_site(), [entry])["sitemap.xml"].encode())
    assert one.findtext(f"{SPACE}lastmod") == "2026-12-01"
    assert one.findtext(f"{IMAGE}image/{IMAGE}loc") == "https://example.org/static/pictures/ab.jpg"


def test_a_list_is_as_new_as_the_newest_post_on_it() -> None:
    old, new = (an_article(stem, date=dt.datetime(2026, 5, day, tzinfo=ZONE)) for stem, day in (("a", 1), ("b", 2)))
    (page,) = list_pages([new, old], url="news/index.html", per_page=20)
    assert of_list(page, [new, old]).day == "2026-05-02"
    assert of_list(page, []) == Entry(url="news/index.html")


def test_an_address_with_an_ampersand_is_still_xml() -> None:
    found = sitemaps(a_site(), [Entry(url="news/a&b'.html", image="news/a&b.png")])
    assert locations(found["sitemap.xml"]) == ["https://example.org/news/a&b'.html"]


@pytest.mark.parametrize(("preview", "rule"), [(False, "Allow: /"), (True, "Disallow: /")])
def test_robots_are_let_in_except_to_a_preview(preview: bool, rule: str) -> None:
    text = robots(a_site(url="https://example.org/sub"), preview=preview)
    assert text == f"User-agent: *\n{rule}\nSitemap: https://example.org/sub/sitemap.xml\n"


def test_the_sitemap_of_a_built_site_leads_to_every_page_that_is_its_own_address(tmp_path: Path) -> None:
    site = SiteUnderTest(columns=(a_column("notices", "通知公告"), a_column("empty", "空栏目")))
    for number in range(45):
        day = f"2026-{number // 28 + 1:02}-{number % 28 + 1:02}"
        site.add(f"content/notices/图 {number}.md", published=f"{day}T08:00:00+08:00")
    site.build(tmp_path / "output")
    files = tree(tmp_path / "output")
    found = locations(files["sitemap.xml"].decode())
    # What came first stands first, so that parts which are full stay as they are.
    assert found[:45] == [f"https://example.org/notices/%E5%9B%BE%20{number}.html" for number in range(45)]
    assert found[-1] == "https://example.org/"
    pages = {path for path in files if path.endswith(".html")} - {"404.html", "search.html"}
    assert sorted(found) == sorted(
        "https://example.org/" + ("" if path == "index.html" else path.replace("图 ", "%E5%9B%BE%20")) for path in pages
    )
