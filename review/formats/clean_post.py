"""Clean a post that people paste from a word processor: what cannot be seen goes, and its bullets become a list."""

from __future__ import annotations

import itertools
import re

from review.formats.clean_text import clean_text

_BULLET = re.compile(r" {0,3}[•●·▪■➢✓〇][ \t\u00a0\u3000]+(?=\S)")
_MARK = re.compile(r"( {0,3}(?:#{1,6}|[-*+]|[0-9]{1,3}[.)]))[\u00a0\u3000]+(?=\S)")
_OTHERWISE = re.compile("[•●·▪■➢✓〇\u00a0\u3000]")
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,3}[.)])[ \t]|[ \t]")


def begins_with_bullet(line: str) -> bool:
    """Tell whether a line, as it was pasted, begins with a word processor's bullet and becomes part of a list."""
    return _BULLET.match(clean_text(line)) is not None


def clean_post(data: bytes) -> bytes:
    """Return a post as it is handed in; `UnicodeDecodeError` where it is not UTF-8.

    A byte-order mark, carriage returns and invisible characters go. Lines that begin with a bullet of Word, which Markdown
    would run together, become a list; a space that does not break, after a mark of Markdown, becomes one that Markdown knows.
    Cleaning twice changes nothing more.
    """
    text = clean_text(data.decode("utf-8-sig"))
    if _OTHERWISE.search(text) is None:
        return text.encode()
    cleaned: list[str] = []
    for before, line in itertools.pairwise(["", *text.split("\n")]):
        bullet = _BULLET.match(line)
        if bullet is None:
            if _BULLET.match(before) and line.strip() and not line[0].isspace():
                cleaned.append("")  # and it ends with one
            cleaned.append(_MARK.sub(r"\1 ", line) if _MARK.match(line) else line)
            continue
        if before.strip() and not _BULLET.match(before) and not _ITEM.match(before):
            cleaned.append("")  # a list begins after an empty line
        cleaned.append("- " + line[bullet.end() :])
    return "\n".join(cleaned).encode()
