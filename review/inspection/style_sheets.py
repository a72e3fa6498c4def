"""Tell which addresses a style sheet takes something from, and what. Comments must be out of it already; nothing is judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

MOST_READ = 1 << 21
"""Characters of a style sheet that are read."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAMESPACE = re.compile(r"@namespace[^;{}]{0,500};?", re.IGNORECASE)
_FONT = re.compile(r"@font-face\s{0,20}\{[^{}]{0,20000}\}?", re.IGNORECASE)
_TEXT = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_TAKEN = re.compile(
    rf"@import\s{{0,20}}(?:url\(\s{{0,20}})?(?P<sheet>{_TEXT}|[^\"'()\s;]+)|url\(\s{{0,20}}(?P<other>{_TEXT}|[^\"'()\s]+)",
    re.IGNORECASE,
)
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,6}\s?")
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6}\s?|.)", re.DOTALL)


def plain_style(text: str) -> str:
    """Return a style sheet without its comments, which style nothing."""
    return _COMMENT.sub(" ", text)


def taken_by_style(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a style sheet takes, `style`, `font` or `picture`, with its address; places on the page itself are none."""
    sheet = _NAMESPACE.sub(" ", text[:MOST_READ])
    fonts = [found.span() for found in _FONT.finditer(sheet)]
    begins = [begin for begin, _ in fonts]
    for found in _TAKEN.finditer(sheet):
        address = _ESCAPE.sub(_unescaped, (found["sheet"] or found["other"]).strip("\"'")).strip()
        if not address or address.startswith("#") or address.lower().startswith("data:"):
            continue
        if found["sheet"]:
            yield "style", address
        else:
            last = bisect_right(begins, found.start()) - 1
            yield "font" if last >= 0 and found.start() < fonts[last][1] else "picture", address


def _unescaped(found: re.Match[str]) -> str:
    if not _HEXADECIMAL.fullmatch(found[1]):
        return found[1]
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 else ""
