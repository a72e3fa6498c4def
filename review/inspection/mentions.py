"""Find the addresses that a page, a feed or a manifest gives to programs alone: meta tags, JSON-LD, feeds. Strings only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from review.inspection.records import Resource

_METAS = frozenset(("og:url", "og:image", "og:video", "og:audio", "twitter:image", "url", "image"))
_KEYS = frozenset(
    (
        "url", "image", "logo", "contentUrl", "embedUrl", "thumbnailUrl", "item", "mainEntityOfPage", "urlTemplate", "target",
        "external_url", "banner_image", "home_page_url", "feed_url", "next_url", "icon", "favicon", "avatar", "src",
        "start_url",
    )
)  # fmt: skip
"""Keys of JSON-LD, JSON feeds and manifests whose values are addresses that something lies at; `@id` and `sameAs` are not."""

_PLACE = re.compile(r"(?:https?:)?//\S+|/\S*", re.IGNORECASE)
_FEED = re.compile(r"<(?:feed|rss|rdf:RDF)[\s>]", re.IGNORECASE)
_IN_FEED = re.compile(
    r"<(?:\w+:)?(?:link|enclosure|content|thumbnail|source|player)\s[^<>]*?\b(?:href|url)\s*=\s*[\"']([^\"']+)[\"']"
    r"|<(?:link|url|comments)>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)",
    re.IGNORECASE,
)
_LOC = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)
_MOST, _DEEPEST = 10_000, 40


def mentioned(metas: Iterable[tuple[str, str]], data: Iterable[str]) -> Iterator[Resource]:
    """Yield the addresses in a page's meta tags and JSON-LD, without the places on a page that they name."""
    said = [content for name, content in metas if name in _METAS]
    for text in data:
        said += addresses_in_json(text)
    for address in dict.fromkeys(one.strip().partition("#")[0] for one in said):
        if _PLACE.fullmatch(address):
            yield Resource(kind="mention", address=address)


def addresses_in_json(text: str) -> list[str]:
    """Return the addresses that a JSON text gives under names such as `url` and `image`; none of what is no JSON."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    left: list[tuple[Any, bool, int]] = [(value, False, 0)]
    while left and len(found) < _MOST:
        one, wanted, depth = left.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(one, str) and wanted:
            found.append(one)
        elif isinstance(one, list):
            left += [(part, wanted, depth + 1) for part in reversed(one)]
        elif isinstance(one, dict):
            left += [(part, key in _KEYS, depth + 1) for key, part in reversed(one.items()) if not key.startswith("_")]
    return found


def addresses_in_xml(text: str) -> list[str]:
    """Return the addresses that a sitemap or a feed gives."""
    pattern = _IN_FEED if _FEED.search(text[:2000]) else _LOC
    return [unescape(next(filter(None, found.groups()))).strip() for found in pattern.finditer(text)]


def is_json_feed(text: str) -> bool:
    """Tell whether a JSON text is a feed, or the manifest of a web application."""
    head = text[:2000]
    return "https://jsonfeed.org/version/" in head or ('"start_url"' in text and '"icons"' in text)
