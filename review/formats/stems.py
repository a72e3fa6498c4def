"""Turn a title or a file name into a stem: ASCII, lower case, pinyin syllable by syllable. Looks at no folder."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection

from review.model.paths import RESERVED_STEMS

MAX_LENGTH = 60
"""Characters of the stem of a new post, its date included."""

FALLBACK = "post"
"""The stem of what has no letter or digit that could be written in ASCII."""

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that no file can have on Windows, whatever its ending."""

_WRITTEN_TOGETHER = re.compile("['’ʼ]")
_SEPARATORS = re.compile("[^a-z0-9]+")


def stem_for(title: str, date: dt.date | None) -> str:
    """Return the stem that `qianfa new` gives a post: `2026-11-20-chun-ji-ke-pu-jiang-zuo`."""
    prefix = f"{date.isoformat()}-" if date else ""
    stem = ascii_stem(title, limit=MAX_LENGTH - len(prefix)) or FALLBACK
    return f"{prefix}{stem}" if prefix else free_stem(stem, ())


def ascii_stem(text: str, *, limit: int) -> str:
    """Return `text` in the characters a-z, 0-9 and -, cut between syllables where there are any; may be empty."""
    folded = unicodedata.normalize("NFKC", text)
    words = _WRITTEN_TOGETHER.sub("", folded if folded.isascii() else "-".join(_syllables(folded)))
    # Accents go, letters stay: é is e.
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode("ascii")
    stem = _SEPARATORS.sub("-", plain).strip("-")
    if len(stem) <= limit:
        return stem
    cut = stem[: limit + 1].rpartition("-")[0]
    return cut or stem[:limit]


def free_stem(stem: str, taken: Collection[str], *, limit: int = MAX_LENGTH) -> str:
    """Return `stem`, or the first of `stem`-2, `stem`-3, … that is not taken, reserved or refused by a file system."""
    if not (stem in taken or stem in RESERVED_STEMS or stem in _DEVICES):
        return stem
    number = 2
    while True:
        ending = f"-{number}"
        numbered = stem[: limit - len(ending)].rstrip("-") + ending
        if numbered not in taken:
            return numbered
        number += 1


def _syllables(text: str) -> list[str]:
    # Imported here: loading its dictionaries takes a fifth of a second, which only these callers should wait for.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return list(lazy_pinyin(text, errors=lambda run: run))
