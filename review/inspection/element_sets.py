"""Which elements of HTML end a line, bear names, take something from an address. No page here."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd", "details", "dialog", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td",
        "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
    )
)  # fmt: skip
"""Elements before and after which a new line begins."""

CODE = frozenset(("code", "kbd", "pre", "samp", "var"))
"""Elements whose text is not prose."""

SILENT = frozenset(("script", "style", "template", "title"))
"""Elements whose text does not stand on the page."""

SPOKEN = ("alt", "title", "aria-label", "placeholder", "label")
"""Attributes whose words reach readers."""

NAMED = frozenset(("a", "button", "dd", "dt", "label", "td", "th"))
"""Elements whose words are kept; headings come beside them."""

LANDMARKS = {
    "header": "header", "banner": "header", "main": "main", "footer": "footer", "contentinfo": "footer", "nav": "nav",
    "navigation": "nav",
}  # fmt: skip
"""The landmark that an element or role makes."""

ADDRESSES = {
    "script": ("src", "href", "xlink:href"), "link": ("href",), "img": ("src", "srcset"), "source": ("src", "srcset"),
    "video": ("src", "poster"), "audio": ("src",), "track": ("src",), "iframe": ("src",), "frame": ("src",),
    "embed": ("src",), "object": ("data",),
    "form": ("action",), "input": ("src", "formaction"), "button": ("formaction",), "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"), "area": ("href", "ping"), "a": ("ping",), "body": ("background",),
}  # fmt: skip
"""The attributes in which elements name what they take, or where they lead."""

KINDS = {
    "stylesheet": "style", "icon": "icon", "apple-touch-icon": "icon", "canonical": "canonical", "alternate": "alternate",
    "preload": "other", "modulepreload": "script", "preconnect": "connection", "dns-prefetch": "connection",
    "prefetch": "other", "script": "script", "img": "picture", "source": "media", "video": "media", "audio": "media",
    "track": "media", "iframe": "frame", "frame": "frame", "embed": "frame", "object": "frame", "form": "form",
    "input": "picture", "image": "picture", "use": "picture", "area": "area", "body": "picture",
}  # fmt: skip
"""What kind of resource an element, or a relation of a link element, takes."""


_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*?)(?:(?<!,),++(?=\s|$)|\s[^,]*(?:,|$)|$)")
"""An address of a `srcset` with what stands behind it, as browsers take them apart."""


def kind_taken(tag: str, name: str, attributes: Mapping[str, str | None]) -> str:
    """Return what kind of thing an element takes from the address in one of its attributes."""
    if name in ("formaction", "ping"):
        return "form" if name == "formaction" else "connection"
    if tag != "link":
        return "picture" if name == "poster" else KINDS.get(tag, "other")
    rels = (attributes.get("rel") or "").lower().split()
    if "preload" in rels and (kind := {"script": "script", "style": "style"}.get(attributes.get("as") or "")):
        return kind
    return next((kind for rel, kind in KINDS.items() if rel in rels), "other")


def addresses_in(name: str, value: str) -> list[str]:
    """Return the addresses of an attribute; `srcset` has several, each with its width behind it, `ping` too."""
    if name == "ping":
        return value.split()
    if name != "srcset":
        return [value]
    return _CANDIDATE.findall(value)
