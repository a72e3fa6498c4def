"""Pages of a list are numbered from its oldest post: what stands on a full one does not move when a post is added."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_sets import SiteUnderTest, tree
from page_records import ZONE, an_article
from selectolax.lexbor import LexborHTMLParser

from review.render.pages import ListPage, list_pages, with_names
from review.render.records import Article

URL = "news/index.html"
START = dt.datetime(2026, 1, 1, 8, 0, tzinfo=ZONE)


def articles(count: int) -> list[Article]:
    """So many posts, one a day, the newest first."""
    return [an_article(f"n{number:03}", date=START + dt.timedelta(days=number)) for number in reversed(range(count))]


def contents(pages: tuple[ListPage, ...]) -> dict[str, tuple[str, ...]]:
    return {page.url: tuple(one.save_as for one in page.object_list) for page in pages}


@given(count=st.integers(0, 130), size=st.integers(1, 30))
def test_every_post_is_on_one_page_and_they_run_from_the_newest_to_the_oldest(count: int, size: int) -> None:
    given_ = articles(count)
    pages = list_pages(given_, url=URL, per_page=size)
    assert [one for page in pages for one in page.object_list] == given_
    assert [len(page.object_list) for page in pages[1:]] == [size] * (len(pages) - 1)
    assert len(pages[0].object_list) < 2 * size
    assert len(pages[0].object_list) >= min(size, count)


@given(count=st.integers(0, 130), size=st.integers(1, 30))
def test_one_more_post_changes_the_first_page_and_no_page_behind_it(count: int, size: int) -> None:
    before = contents(list_pages(articles(count), url=URL, per_page=size))
    after = contents(list_pages(articles(count + 1), url=URL, per_page=size))
    del before[URL]
    assert {url: shown for url, shown in after.items() if url in before} == before
    assert len(after) - 1 - len(before) == (1 if (count + 1) % size == 0 and count + 1 >= 2 * size else 0)


@given(count=st.integers(0, 130), size=st.integers(1, 30))
def test_newer_and_older_pages_are_the_ones_beside_it(count: int, size: int) -> None:
    pages = list_pages(articles(count), url=URL, per_page=size)
    assert [page.number for page in pages] == list(pages[0].paginator.page_range)
    assert pages[0].paginator.num_pages == len(pages)
    for page, names in with_names(pages):
        newer, older = names["articles_previous_page"], names["articles_next_page"]
        assert (newer is not None, older is not None) == (page.has_previous(), page.has_next())
        assert page.has_other_pages() == (len(pages) > 1)
        assert newer is None or newer.number == page.previous_page_number()
        assert older is None or older.number == page.next_page_number()
        assert names["articles_page"] is page
        assert names["articles_paginator"].count == count


def test_places_are_counted_from_the_oldest_post_so_that_they_stay() -> None:
    pages = list_pages(articles(47), url=URL, per_page=20)
    assert [(page.url, page.start_index(), page.end_index()) for page in pages] == [
        ("news/index.html", 47, 21),
        ("news/page/2.html", 20, 1),
    ]
    assert (pages[1].since, pages[1].until) == ("2026-01-01", "2026-01-20")
    empty = list_pages([], url=URL, per_page=20)
    assert [(page.start_index(), page.end_index(), page.since, page.until) for page in empty] == [(0, 0, "", "")]


def test_a_list_that_is_not_cut_has_one_page_with_everything() -> None:
    (page,) = list_pages(articles(300), url=URL, per_page=0)
    assert len(page.object_list) == 300
    assert (page.number, page.has_other_pages(), page.save_as) == (1, False, URL)
    with pytest.raises(ValueError, match="pages of -1 posts"):
        list_pages([], url=URL, per_page=-1)


def a_built_site(count: int, output: Path) -> dict[str, bytes]:
    """Build a site with so many posts in one column, one a day, and a post in another."""
    site = SiteUnderTest()
    site.add("content/news/other.md", published="2025-12-01T08:00:00+08:00")
    for number in range(count):
        day = START + dt.timedelta(days=number)
        site.add(f"content/notices/n{number:03}.md", f"Title: 通知第 {number} 号\n\n正文 {number}。\n",
                 published=day.isoformat())  # fmt: skip
    site.build(output)
    return tree(output)


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before | after if before.get(path) != after.get(path)}


ALWAYS = {
    "index.html",
    "notices/index.html",
    "feeds/all.atom.xml",
    "feeds/all.json",
    "feeds/notices.atom.xml",
    "feeds/notices.json",
    "sitemap.xml",
}


@pytest.mark.parametrize(
    ("count", "pages"),
    [
        (95, set()),
        # The hundredth fills a page: it is made, and the one before it leads on to it instead of the first.
        (99, {"notices/page/5.html", "notices/page/4.html"}),
    ],
)
def test_one_more_post_in_a_long_column_touches_few_pages(tmp_path: Path, count: int, pages: set[str]) -> None:
    before, after = a_built_site(count, tmp_path / "before"), a_built_site(count + 1, tmp_path / "after")
    assert {f"notices/page/{number}.html" for number in range(2, count // 20)} <= set(before)
    new = {f"notices/n{count:03}.html", f"notices/n{count:03}.chain.json"}
    neighbour = {f"notices/n{count - 1:03}.html"}
    found = {path for path in changed(before, after) if not path.startswith("static/")}
    assert found == ALWAYS | new | neighbour | pages


def test_every_page_of_a_built_column_is_reached_from_the_first_and_back_again(tmp_path: Path) -> None:
    files = a_built_site(85, tmp_path / "site")
    path, seen, titles = "notices/index.html", [], []
    while path:
        found = LexborHTMLParser(files[path].decode())
        seen.append(path)
        titles += [one.text(strip=True) for one in found.css("main h2 a") if "通知第" in one.text()]
        canonical = found.css_first('link[rel="canonical"]')
        assert canonical is not None
        assert canonical.attributes["href"] == f"https://example.org/{path}"
        older = found.css_first('nav.pages a[rel="next"]')
        if older is not None:
            there = str(older.attributes["href"]).replace("../", "")
            back = LexborHTMLParser(files[there].decode()).css_first('nav.pages a[rel="prev"]')
            assert back is not None
            assert str(back.attributes["href"]).replace("../", "") == path
        path = there if older is not None else ""
    assert seen == ["notices/index.html", "notices/page/4.html", "notices/page/3.html", "notices/page/2.html"]
    assert titles == [f"通知第 {number} 号" for number in range(84, -1, -1)]
