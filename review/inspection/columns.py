"""A site's columns with what stands in them: which items, and when the last came. Judges nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from review.inspection.addresses import page_at
from review.inspection.records import Kind, Page, Site, Zone

_ITEMS_STAND_IN = (Zone.MAIN, Zone.REST)
_CONTENT = 200
"""Characters of a main part that is content in itself, and not the frame of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its first page. `items` are the posts listed there or lying below it; `parts` the columns below it."""

    page: Page
    name: str
    type: str
    items: tuple[Page, ...]
    parts: tuple[Page, ...]
    top: bool

    @property
    def has_content(self) -> bool:
        """Whether its page is content itself, as that of an overview is."""
        return self.page.has_article or len(self.page.main) >= _CONTENT

    def newest(self, now: dt.datetime) -> dt.datetime | None:
        """Return when its last item was published. What says it is from the future counts for nothing."""
        return newest(self.items, now)


def newest(pages: Sequence[Page], now: dt.datetime) -> dt.datetime | None:
    """Return when the last of these pages was published; None where none of them says so, or only of the future."""
    latest = now + dt.timedelta(days=1)
    return max((page.published for page in pages if page.published and page.published <= latest), default=None)


def listed_on(site: Site, page: Page) -> tuple[Page, ...]:
    """Return the posts that a page leads to from its main part, once each."""
    found = {
        one.path: one
        for link in page.links
        if link.zone in _ITEMS_STAND_IN and (one := page_at(site, page, link.href)) and one.kind is Kind.ARTICLE
    }
    return tuple(found.values())


@lru_cache(maxsize=2)
def columns_of(site: Site) -> tuple[Column, ...]:
    """Return every column of a site, by the path of its page."""
    pages = site.of_kind(Kind.COLUMN)
    articles = site.of_kind(Kind.ARTICLE)
    depth = min((page.path.count("/") for page in pages), default=0)
    found = []
    for page in pages:
        folder = page.path.rpartition("/")[0] + "/"
        below = [one for one in articles if folder != "/" and one.path.startswith(folder)]
        items = {one.path: one for one in (*listed_on(site, page), *below)}
        parts = [one for one in pages if one is not page and folder != "/" and one.path.startswith(folder)]
        heading = next((words for level, words in page.headings if level == 1), "")
        found.append(
            Column(
                page=page,
                name=page.meta("ColumnName") or heading or page.title,
                type=page.meta("ColumnType"),
                items=tuple(items.values()),
                parts=tuple(parts),
                top=page.path.count("/") == depth,
            )
        )
    return tuple(found)
