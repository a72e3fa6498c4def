"""What should not be on a public page: numbers of identity cards and telephones, words that mark secrets. Hints, no proof."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from review.messages import t
from review.views.objections import Draft, Objection

MOST = 20
"""Lines that are told of one file and one kind; whoever has so many has understood."""

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z./_=-])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])")
_SECRET = re.compile("绝密|机密|(?<!商业)(?<!国家)秘密|内部资料|内部文件|不得外传|注意保密")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def is_identity_number(text: str) -> bool:
    """Tell whether eighteen characters are the number of an identity card: the last one is right for the others."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == text[17].upper()


def about_privacy(draft: Draft, path: str, text: str) -> Iterator[Objection]:
    """Yield the lines of one of a post's files that look private or classified; the numbers themselves are not repeated."""
    told: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for code, what, hint in _of_line(unicodedata.normalize("NFKC", line)):
            told[code] = told.get(code, 0) + 1
            if told[code] <= MOST:
                yield draft.warn(code, what, hint, line=number, path=path)


def _of_line(line: str) -> Iterator[tuple[str, str, str]]:
    if any(is_identity_number(found[1]) for found in _IDENTITY.finditer(line)):
        what = t("this looks like the number of an identity card")
        yield "identity-number", what, t("take it out: everyone with a clone would have it from then on")
    if _MOBILE.search(line):
        what = t("this looks like the number of a mobile telephone")
        yield "phone-number", what, t("give an office number, or make sure that its owner wants it public")
    if found := _SECRET.search(line):
        what = t("this reads like something classified: {word}", word=found[0])
        hint = t("if it is, take it out and go to whoever is in charge of secrecy; do not commit it")
        yield "looks-classified", what, hint
