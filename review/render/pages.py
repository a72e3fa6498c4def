"""Number the pages of a list from its oldest post, so that a new post touches the first page and hardly another.

The names are those of Pelican's paginator, so that its themes work. Page 1 is the list's own page and shows what is
newest; the others hold a fixed set each and are numbered from the oldest, which is page 2. A page that is full never
changes again, except that the newest of them leads on to the next one when that is made. So what stands on a page
other than the first must not depend on `articles_paginator`: how many pages and posts there are changes all the time.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from review.render.records import Article

FIRST = 1
"""The number of the page that shows the newest posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paginator:
    """How a list is cut. `per_page` is the number of posts of every page but the first, which has less than twice as many."""

    count: int
    per_page: int

    @property
    def num_pages(self) -> int:
        """The number of pages, at least one."""
        return max(FIRST, self.count // self.per_page)

    @property
    def page_range(self) -> tuple[int, ...]:
        """The numbers of the pages from the newest posts to the oldest: 1, then the highest, down to 2."""
        return (FIRST, *range(self.num_pages, FIRST, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of a list. Its posts run from the newest to the oldest; its addresses are relative to the site's root."""

    number: int
    object_list: Sequence[Article]
    url: str
    paginator: Paginator

    @property
    def save_as(self) -> str:
        """Where the page is written."""
        return self.url

    @property
    def since(self) -> str:
        """The day of the oldest post here; empty where there is none."""
        return self.object_list[-1].locale_date if self.object_list else ""

    @property
    def until(self) -> str:
        """The day of the newest post here; empty where there is none."""
        return self.object_list[0].locale_date if self.object_list else ""

    def has_previous(self) -> bool:
        """Tell whether a page has newer posts."""
        return self.number != FIRST

    def has_next(self) -> bool:
        """Tell whether a page has older posts."""
        return self.next_page_number() > FIRST

    def has_other_pages(self) -> bool:
        """Tell whether this is not the only page."""
        return self.paginator.num_pages > FIRST

    def previous_page_number(self) -> int:
        """Return the number of the page with newer posts."""
        return FIRST if self.number >= self.paginator.num_pages else self.number + 1

    def next_page_number(self) -> int:
        """Return the number of the page with older posts, which is 1 where there is none."""
        return self.paginator.num_pages if self.number == FIRST else self.number - 1

    def start_index(self) -> int:
        """Return the place of the first post here, counted from the oldest of the list: what `<ol reversed start>` takes."""
        if self.number == FIRST:
            return self.paginator.count
        return (self.number - FIRST) * self.paginator.per_page

    def end_index(self) -> int:
        """Return the place of the last post here, counted from the oldest of the list."""
        return self.start_index() - len(self.object_list) + 1 if self.object_list else 0


def list_pages(articles: Sequence[Article], *, url: str, per_page: int) -> tuple[ListPage, ...]:
    """Cut a list, newest first, into its pages, the first one first and the oldest posts last.

    `url` is the list's own page, such as `news/index.html`; the others stand at `news/page/2.html` and so on. With
    `per_page` of 0 everything is on one page. Raises `ValueError` where it is less.
    """
    if per_page < 0:
        message = f"pages of {per_page} posts"
        raise ValueError(message)
    paginator = Paginator(count=len(articles), per_page=per_page or len(articles) + 1)
    full = (paginator.num_pages - FIRST) * paginator.per_page
    newest = len(articles) - full
    made = [ListPage(number=FIRST, object_list=articles[:newest], url=url, paginator=paginator)]
    for number in paginator.page_range[1:]:
        start = len(articles) - (number - FIRST) * paginator.per_page
        shown = articles[start : start + paginator.per_page]
        made.append(ListPage(number=number, object_list=shown, url=_address(url, number), paginator=paginator))
    return tuple(made)


def with_names(pages: Sequence[ListPage]) -> Iterator[tuple[ListPage, dict[str, Any]]]:
    """Yield each page with what its template gets, under the names that Pelican gives them."""
    for newer, page, older in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        yield (
            page,
            {
                "articles_page": page,
                "articles_paginator": page.paginator,
                "articles_previous_page": newer,
                "articles_next_page": older,
            },
        )


def _address(url: str, number: int) -> str:
    return posixpath.join(posixpath.dirname(url), "page", f"{number}.html")
