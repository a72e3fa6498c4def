"""Write what programs ask for: Atom feeds, the sitemap, robots.txt. None of it depends on when it is built."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from feedgenerator import Atom1Feed, get_tag_uri

from review.render.markup import absolute
from review.render.records import Article, Site

MAX_ADDRESSES = 50_000
"""Addresses that one sitemap may have."""

_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class _Feed(Atom1Feed):  # type: ignore[misc]  # feedgenerator has no types
    """An Atom feed that says of itself when its content last changed, not when somebody asked."""

    unchanged_since = _NEVER

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=self.unchanged_since)


def atom_feed(
    site: Site, *, title: str, path: str, page: str, articles: Sequence[Article], newest: Article | None
) -> str:
    """Return a feed of articles, newest first. `page` is what it is the feed of; `newest` dates an empty one."""
    feed = _Feed(
        title=_xml(title),
        link=f"{site.url}/{page}",
        feed_url=f"{site.url}/{path}",
        feed_guid=f"{site.url}/{path}",
        description="",
        language=site.lang,
        author_name=_xml(site.title),
    )
    if newest is not None and (moment := newest.modified or newest.date):
        feed.unchanged_since = moment
    for article in articles:
        link = f"{site.url}/{article.url}"
        feed.add_item(
            title=_xml(article.title),
            link=link,
            unique_id=get_tag_uri(link, article.date),
            description=_xml(escape(article.summary)),
            content=_xml(absolute(article.content, link)),
            categories=[_xml(article.category.name), *(_xml(tag.name) for tag in article.tags)],
            author_name=_xml(article.author.name if article.author else article.unit),
            pubdate=article.date,
            updateddate=article.modified or article.date,
        )
    return str(feed.writeString("utf-8"))


def sitemap(site: Site, columns: Iterable[str], articles: Iterable[Article]) -> str:
    """Return the sitemap: the home page, the columns, then the posts with the day of their last change."""
    lines = [f"<url><loc>{escape(f'{site.url}/{url}')}</loc></url>" for url in ("", *columns)]
    for article in articles:
        day = article.locale_modified or article.locale_date
        lines.append(f"<url><loc>{escape(f'{site.url}/{article.url}')}</loc><lastmod>{day}</lastmod></url>")
    body = "\n".join(lines[:MAX_ADDRESSES])
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{body}\n</urlset>\n"


def robots(site: Site, *, preview: bool) -> str:
    """Return robots.txt: everything is open, except in a preview."""
    rule = "Disallow: /" if preview else "Allow: /"
    return f"User-agent: *\n{rule}\nSitemap: {site.url}/sitemap.xml\n"


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
