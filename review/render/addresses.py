"""What addresses in a text may be and where they lead, as browsers read them. Strings only."""

from __future__ import annotations

import enum
import posixpath
import re
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import quote, unquote

from review.model.paths import POST_SUFFIX

ANCHOR = "text-"
"""What every id in a text begins with on its page, and so every link to one."""

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DROPPED = str.maketrans("", "", "\t\n\r")
_EDGES = "".join(map(chr, range(0x21)))
_SAFE = "/-._~!$&'()*+,;=@"


class Kind(enum.Enum):
    """Where an address leads."""

    OUTSIDE = "outside"
    LOCAL = "local"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands: its column, such as `popular-science/activities`, is its folder in the site."""

    column: str


def classify(value: str) -> tuple[Kind, str]:
    """Say where an address leads, and spell it the way a browser would read it."""
    address = value.translate(_DROPPED).strip(_EDGES)
    if found := _SCHEME.match(address):
        return (Kind.OUTSIDE, address) if found[1].lower() in SCHEMES else (Kind.REFUSED, "")
    path, mark, rest = _split(address)
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return Kind.OUTSIDE, "https:" + path + mark + rest
    return (Kind.LOCAL, path + mark + rest) if path or mark else (Kind.REFUSED, "")


def page_address(address: str, place: Place, items: Container[str]) -> str:
    """Return a local address as it must stand on the page, relative to it; empty where it leads nowhere.

    Addresses are those of the repository: relative to the post's file, or from the root with or without `/content`.
    A link to a post leads to its page; to one that is not there, nowhere. `#…` leads to an id of the text.
    """
    path, mark, rest = _split(address)
    if not path:
        return f"#{ANCHOR}{rest}" if mark == "#" and rest else ""
    decoded = unquote(path)
    if decoded.startswith("/"):
        target = posixpath.normpath(decoded.lstrip("/") or ".").removeprefix("content/")
    else:
        target = posixpath.normpath(posixpath.join(place.column, decoded))
    if target.split("/", 1)[0] == "..":
        return ""
    if target.endswith(POST_SUFFIX):
        if f"content/{target}" not in items:
            return ""
        target = target[: -len(POST_SUFFIX)] + ".html"
    if mark == "#" and rest and target.endswith(".html"):
        rest = ANCHOR + rest
    relative = posixpath.relpath(target, place.column) + ("/" if decoded.endswith("/") else "")
    return encoded(relative) + mark + rest


def encoded(path: str) -> str:
    """Return a path as it stands in a link: everything but plain ASCII percent-encoded."""
    return quote(path, safe=_SAFE)


def _split(address: str) -> tuple[str, str, str]:
    """Return path, the mark that ends it (`?`, `#` or nothing), and what follows the mark."""
    for place, character in enumerate(address):
        if character in "?#":
            return address[:place], character, address[place + 1 :]
    return address, "", ""
