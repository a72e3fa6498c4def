"""Write what search engines ask for: the sitemap, in as many files as it needs, and robots.txt.

Addresses stand in the order in which they came to be: posts from the oldest, then what changes with every post. So a new
post touches the last file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from review.render.pages import ListPage
from review.render.records import Article, Site

MAX_ADDRESSES = 50_000
"""Addresses that one sitemap may have."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes that one sitemap may have."""

SITEMAP = "sitemap.xml"

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_HEAD = f'{_DECLARATION}<urlset xmlns="{_SPACE}" xmlns:image="{_IMAGES}">\n'
_END = "</urlset>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page. `url` and `image` are relative to the site's root and encoded; `day` is that of the last change, or empty."""

    url: str
    day: str = ""
    image: str = ""


def of_post(article: Article) -> Entry:
    """Return the entry of a post's page."""
    picture = article.picture.url if article.picture else article.image
    return Entry(url=article.url, day=day_of(article), image=picture)


def of_list(page: ListPage, shown: Sequence[Article]) -> Entry:
    """Return the entry of a column's page: as new as the newest of the posts that it shows."""
    return Entry(url=page.url, day=max(map(day_of, shown), default=""))


def day_of(article: Article) -> str:
    """Return the day of a post's last change; empty where it was never published."""
    return article.locale_modified or article.locale_date


def sitemaps(
    site: Site, entries: Iterable[Entry], *, most: int = MAX_ADDRESSES, room: int = MAX_BYTES
) -> dict[str, str]:
    """Return the files of the sitemap by path: one, or an index and its parts as soon as one would have too much.

    A part has at most `most` addresses and `room` bytes. The order of the entries is kept.
    """
    parts = _parts(((_written(site, one), one.day) for one in entries), most, room - len(_HEAD) - len(_END))
    texts = [_HEAD + "".join(lines) + _END for lines, _ in parts]
    if len(texts) == 1:
        return {SITEMAP: texts[0]}
    found = {f"sitemap-{number}.xml": text for number, text in enumerate(texts, start=1)}
    lines = (
        f"<sitemap><loc>{escape(f'{site.url}/{path}')}</loc>{_day(day)}</sitemap>\n"
        for path, (_, day) in zip(found, parts, strict=True)
    )
    index = f'{_DECLARATION}<sitemapindex xmlns="{_SPACE}">\n{"".join(lines)}</sitemapindex>\n'
    return {SITEMAP: index, **found}


def robots(site: Site, *, preview: bool) -> str:
    """Return robots.txt: everything is open, except in a preview."""
    rule = "Disallow: /" if preview else "Allow: /"
    return f"User-agent: *\n{rule}\nSitemap: {site.url}/{SITEMAP}\n"


def _parts(lines: Iterable[tuple[str, str]], most: int, room: int) -> list[tuple[list[str], str]]:
    """Cut the lines into parts, each with the newest of its days."""
    parts: list[tuple[list[str], str]] = [([], "")]
    used = 0
    for line, day in lines:
        size = len(line.encode())
        held, newest = parts[-1]
        if held and (len(held) == most or used + size > room):
            parts.append(([line], day))
            used = size
            continue
        held.append(line)
        parts[-1] = held, max(newest, day)
        used += size
    return parts


def _written(site: Site, entry: Entry) -> str:
    address = escape(f"{site.url}/{entry.url}")
    picture = escape(f"{site.url}/{entry.image}")
    image = f"<image:image><image:loc>{picture}</image:loc></image:image>" if entry.image else ""
    return f"<url><loc>{address}</loc>{_day(entry.day)}{image}</url>\n"


def _day(day: str) -> str:
    return f"<lastmod>{day}</lastmod>" if day else ""
