"""Write Atom feeds, and say what feeds of every form have of a post. None of it depends on when it is built."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as html_escape
from typing import Any
from xml.sax.saxutils import escape

from feedgenerator import Atom1Feed, get_tag_uri

from review.render.markup import absolute
from review.render.media_types import media_type
from review.render.records import Article, Site
from review.render.structured_data import picture_of, seconds_of

_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOf:
    """What a feed is of: its title, its own path, the page it belongs to, both relative to the site's root, and its posts.

    Posts run from the newest and have all been published. `oldest` is the first post of the site: it dates an empty feed, which
    so stays as it is while other columns have something new.
    """

    title: str
    path: str
    page: str
    articles: Sequence[Article]
    oldest: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file that goes with a post. `url` is absolute; `length` in bytes and `seconds` are 0 where nobody knows them."""

    url: str
    type: str
    title: str
    length: int = 0
    seconds: int = 0


class _Feed(Atom1Feed):  # type: ignore[misc]  # feedgenerator has no types
    """An Atom feed that says of itself when its content last changed, not when somebody asked."""

    unchanged_since = _NEVER

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=self.unchanged_since)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["further_authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        for one in item["enclosed"]:
            length = {"length": str(one.length)} if one.length else {}
            about = {"rel": "enclosure", "href": one.url, "type": one.type, "title": _xml(one.title)}
            handler.addQuickElement("link", "", about | length)


def atom_feed(site: Site, feed: FeedOf) -> str:
    """Return a feed of articles as Atom."""
    made = _Feed(
        title=_xml(feed.title),
        link=f"{site.url}/{feed.page}",
        feed_url=f"{site.url}/{feed.path}",
        feed_guid=f"{site.url}/{feed.path}",
        description="",
        language=site.lang,
        author_name=_xml(site.title),
    )
    if feed.oldest is not None and feed.oldest.date:
        made.unchanged_since = feed.oldest.date
    for article in feed.articles:
        link = f"{site.url}/{article.url}"
        first, *others = map(_xml, authors_of(article, site))
        made.add_item(
            title=_xml(article.title),
            link=link,
            unique_id=get_tag_uri(link, article.date),
            description=_xml(escape(article.summary)),
            content=_xml(content_of(article, site)),
            categories=[_xml(article.category.name), *(_xml(tag.name) for tag in article.tags)],
            author_name=first,
            pubdate=article.date,
            updateddate=article.modified or article.date,
            further_authors=others,
            enclosed=enclosed_with(article, site),
        )
    return str(made.writeString("utf-8"))


def authors_of(article: Article, site: Site) -> tuple[str, ...]:
    """Return who wrote a post: those it names, else the unit that submitted it. Never none, for Atom asks for one."""
    return tuple(one.name for one in article.authors) or (article.unit or site.title,)


def content_of(article: Article, site: Site) -> str:
    """Return what a post says as HTML whose every address is absolute, with its picture where the text does not show that."""
    address, width, height = picture_of(site, article)
    text = absolute(str(article.content), f"{site.url}/{article.url}")
    if not address or html_escape(address) in text:
        return text
    size = f' width="{width}" height="{height}"' if width else ""
    return f'<p><img src="{html_escape(address)}"{size} alt=""></p>\n{text}'


def enclosed_with(article: Article, site: Site) -> tuple[Enclosed, ...]:
    """Return the films, recordings and attachments of a post, each once: what can be played says more of itself."""
    found: dict[str, Enclosed] = {}
    for player in article.players:
        seconds = seconds_of(player.duration)
        for file in player.files:
            url = f"{site.url}/{file.url}"
            title = file.label or article.title
            found[url] = Enclosed(url=url, type=file.type, title=title, length=file.length, seconds=seconds)
    for one in article.attachments:
        if not one.url:
            continue
        url = f"{site.url}/{one.url}"
        found.setdefault(url, Enclosed(url=url, type=media_type(one.url), title=one.name, length=one.length))
    return tuple(found.values())


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
