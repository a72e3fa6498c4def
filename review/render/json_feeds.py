"""Write feeds as JSON Feed 1.1. None of it depends on when it is built."""

from __future__ import annotations

import json
from typing import Any

from review.render.feeds import Enclosed, FeedOf, authors_of, content_of, enclosed_with
from review.render.records import Article, Site
from review.render.structured_data import picture_of

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(site: Site, feed: FeedOf, *, description: str = "") -> str:
    """Return a feed of articles as JSON Feed; `description` says what it is the feed of."""
    made = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": f"{site.url}/{feed.page}",
        "feed_url": f"{site.url}/{feed.path}",
        "description": description,
        "authors": [{"name": site.title, "url": f"{site.url}/"}],
        "language": site.lang,
        "items": [_item(article, site) for article in feed.articles],
    }
    # `items` may be empty, and has to be there all the same.
    given = {key: value for key, value in made.items() if value or key == "items"}
    return json.dumps(given, ensure_ascii=False, indent=1) + "\n"


def _item(article: Article, site: Site) -> dict[str, Any]:
    address = f"{site.url}/{article.url}"
    item = {
        "id": address,
        "url": address,
        "title": article.title,
        "content_html": content_of(article, site),
        "summary": article.summary,
        "image": picture_of(site, article)[0],
        "date_published": article.date.isoformat() if article.date else "",
        "date_modified": article.modified.isoformat() if article.modified else "",
        "authors": [{"name": name} for name in authors_of(article, site)],
        "tags": list(dict.fromkeys((article.category.name, *(tag.name for tag in article.tags)))),
        "language": site.lang,
        "attachments": [_attachment(one) for one in enclosed_with(article, site)],
    }
    # An item has to have content, be it that a post has nothing but attachments.
    return {key: value for key, value in item.items() if value or key == "content_html"}


def _attachment(one: Enclosed) -> dict[str, Any]:
    found = {
        "url": one.url,
        "mime_type": one.type,
        "title": one.title,
        "size_in_bytes": one.length,
        "duration_in_seconds": one.seconds,
    }
    return {key: value for key, value in found.items() if value}
