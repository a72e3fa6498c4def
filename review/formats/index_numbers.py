"""What an index number (索引号) looks like: whether one fits the site's pattern, and one that would. Pure."""

from __future__ import annotations

import re

from review.messages import Message, t

LONGEST = 100
"""Characters of an index number; a pattern may take very long over more."""

_PIECE = re.compile(
    r"(?:\\(?P<kind>[dw])|\[(?P<first>[^\]\\^])[^\]\\]*\]|\\(?P<mark>[^0-9A-Za-z])|(?P<plain>[^\\.^$*+?{}()|\[\]]))"
    r"(?:\{(?P<least>[0-9]{1,2})(?:,[0-9]{0,3})?\}|(?P<often>[+*?]))?"
)
_OF_KIND = {"d": "0", "w": "0"}


def fits(number: str, pattern: str) -> bool:
    """Tell whether an index number is spelled as the site's pattern wants it; every one is where there is no pattern."""
    return not pattern or (len(number) <= LONGEST and re.fullmatch(pattern, number) is not None)


def misspelt(number: str, pattern: str) -> tuple[Message, Message]:
    """Return what there is against an index number that does not fit, and what to do."""
    model = example(pattern)
    return (
        t("the index number {number} is not spelled as columns.yaml asks", number=repr(number)),
        t("write it such as {example}", example=model)
        if model
        else t("compare it with site: index_number: in columns.yaml"),
    )


def example(pattern: str) -> str:
    """Return a number that fits the pattern, zeros for digits; empty where the pattern is none of the plain ones."""
    inner = pattern.removeprefix("^").removesuffix("$")
    place, parts = 0, []
    while place < len(inner):
        found = _PIECE.match(inner, place)
        if found is None:
            return ""
        one = _OF_KIND.get(found["kind"] or "") or found["first"] or found["mark"] or found["plain"]
        times = int(found["least"]) if found["least"] else 0 if found["often"] in ("*", "?") else 1
        parts.append(one * times)
        place = found.end()
    made = "".join(parts)
    return made if made and fits(made, pattern) else ""
