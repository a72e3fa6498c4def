"""Describe a page for programs in the words of schema.org: JSON-LD, spelled so that no text can end its element.

Pure: what is given is said, and nothing is made up for what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from review.render.media_types import media_type
from review.render.records import Article, Category, Player, Site

Node = dict[str, Any]

SEARCH = "search.html"
"""The page that searches; its question is `q`."""

# Inside <script> only these could end it, or begin a comment; the last two are ends of lines to JavaScript alone.
_ESCAPED = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}
_NEWS = frozenset({"news", "notices"})
_CLOCK = re.compile(r"(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d)")


def data_block(nodes: Iterable[Node]) -> Markup:
    """Return the content of a `<script type="application/ld+json">` that says all this; empty where nothing is said."""
    graph = [node for node in nodes if node]
    if not graph:
        return Markup()
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))  # noqa: S704  # JSON whose strings hold neither < nor >


def website(site: Site, *, search: bool) -> Node:
    """Return the site itself, with the way to search it where it has one."""
    found: Node = {
        "@type": "WebSite",
        "@id": f"{site.url}/#website",
        "url": f"{site.url}/",
        "name": site.title,
        "description": site.description,
        "keywords": list(site.keywords),
        "inLanguage": site.lang,
        "publisher": {"@id": f"{site.url}/#organisation"},
    }
    if search:
        # The braces are part of what is said: a search engine puts a reader's words there.
        target = {"@type": "EntryPoint", "urlTemplate": f"{site.url}/{SEARCH}?q={{search_term_string}}"}
        words = "required name=search_term_string"
        found["potentialAction"] = {"@type": "SearchAction", "target": target, "query-input": words}
    return _given(found)


def organisation(site: Site) -> Node:
    """Return who runs the site: the organiser where one is named, else the site itself."""
    address = {"@type": "PostalAddress", "streetAddress": site.address, "postalCode": site.postcode}
    return _given(
        {
            "@type": "Organization",
            "@id": f"{site.url}/#organisation",
            "name": site.organiser or site.title,
            "url": f"{site.url}/",
            "telephone": site.phone,
            "email": site.email,
            "address": _given(address) if site.address else "",
        }
    )


def breadcrumbs(site: Site, trail: Sequence[Category], last: tuple[str, str] | None = None) -> Node:
    """Return the way from the home page: the columns that still have a page, and `last`, a title with its address."""
    steps = [("首页", f"{site.url}/"), *((one.name, f"{site.url}/{one.url}") for one in trail if one.url)]
    if last is not None:
        steps.append(last)
    elements = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": elements}


def post(site: Site, article: Article, *, address: str) -> Node:
    """Return a post: news, a film, figures with their files, or simply an article. `address` is that of its page.

    The unit that submitted it is its author, for the unit answers for it; people it names are credited. A draft of a
    preview is nothing that was published, so nothing is said of it.
    """
    if article.mark or article.date is None:
        return {}
    players = [_player(site, one, article) for one in article.players if one.files]
    kind = _kind(article, players)
    found: Node = {
        "@type": kind,
        "@id": f"{address}#article",
        "name" if kind in ("VideoObject", "Dataset") else "headline": article.title,
        "description": article.summary or article.title,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": article.date.isoformat(),
        "dateModified": (article.modified or article.date).isoformat(),
        "author": _given({"@type": "Organization", "name": article.unit}),
        "creditText": "、".join(one.name for one in article.authors),
        "isBasedOn": article.source_url,
        # The home page says the rest of it, so that no post changes with a telephone number.
        "publisher": {
            key: value for key, value in organisation(site).items() if key in ("@type", "@id", "name", "url")
        },
        "isPartOf": {"@id": f"{site.url}/#website"},
        "articleSection": "" if kind in ("VideoObject", "Dataset") else article.category.name,
        "keywords": list(dict.fromkeys((*article.keywords, *(tag.name for tag in article.tags)))),
        "inLanguage": site.lang,
        "image": _picture(site, article),
    }
    if kind == "VideoObject":
        found |= {key: value for key, value in players[0].items() if key not in ("@type", *found)}
    elif players:
        found["video"] = [one for one in players if one["@type"] == "VideoObject"]
        found["audio"] = [one for one in players if one["@type"] == "AudioObject"]
    if kind == "Dataset":
        found["distribution"] = _distribution(site, article)
        found["creator"] = found["author"]
    return _given(found)


def picture_of(site: Site, article: Article) -> tuple[str, int, int]:
    """Return the absolute address of the picture a post leads with, and width and height, 0 where nobody measured them.

    The address is empty where the post has no picture.
    """
    if article.picture is not None:
        return f"{site.url}/{article.picture.url}", article.picture.width, article.picture.height
    return (f"{site.url}/{article.image}" if article.image else ""), 0, 0


def seconds_of(duration: str) -> int:
    """Return a duration such as `00:04:10` or `4:10` in seconds; 0 where it is written otherwise."""
    found = _CLOCK.fullmatch(duration.strip())
    if found is None:
        return 0
    return int(found["hours"] or 0) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"])


def _kind(article: Article, players: Sequence[Node]) -> str:
    column = article.category.type
    if column == "video" and players and players[0]["@type"] == "VideoObject":
        return "VideoObject"
    if column == "data" and any(one.url for one in article.attachments) and not players:
        return "Dataset"
    return "NewsArticle" if column in _NEWS else "Article"


def _player(site: Site, player: Player, article: Article) -> Node:
    """Return a film or recording: the first variant is the one to play, the others are other spellings of it."""
    files = [
        _given(
            {
                "@type": "MediaObject",
                "contentUrl": f"{site.url}/{one.url}",
                "encodingFormat": one.type,
                "sha256": one.sha256,
                "name": one.label,
            }
        )
        for one in player.files
    ]
    seconds = seconds_of(player.duration)
    captions = {"@type": "MediaObject", "contentUrl": f"{site.url}/{player.captions}", "encodingFormat": "text/vtt"}
    return _given(
        {
            **files[0],
            "@type": "VideoObject" if player.kind == "video" else "AudioObject",
            "name": article.title,
            "description": article.summary or article.title,
            "uploadDate": article.date.isoformat() if article.date else "",
            "thumbnailUrl": f"{site.url}/{player.poster.url}" if player.poster else "",
            "duration": f"PT{seconds // 60}M{seconds % 60}S" if seconds else "",
            "caption": captions if player.captions else "",
            "encoding": files[1:],
        }
    )


def _picture(site: Site, article: Article) -> Node:
    where, width, height = picture_of(site, article)
    size = {"width": width, "height": height} if width else {}
    return {"@type": "ImageObject", "url": where, **size} if where else {}


def _distribution(site: Site, article: Article) -> list[Node]:
    return [
        {
            "@type": "DataDownload",
            "name": one.name,
            "contentUrl": f"{site.url}/{one.url}",
            "encodingFormat": media_type(one.url),
        }
        for one in article.attachments
        if one.url
    ]


def _given(node: Mapping[str, Any]) -> Node:
    """Leave out what nobody gave."""
    return {key: value for key, value in node.items() if value not in ("", None, [], {})}
