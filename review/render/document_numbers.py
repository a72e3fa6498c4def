"""Make numbers of official documents findable however they are typed: with these brackets, with others, or with none.

`宝科协发〔2026〕12号` is typed as `宝科协发2026 12号`, and what stands side by side in the question does not in the text. So the
index has words for each number besides, in which brackets and blanks count for nothing. `theme/static/js/search-worker.js`
makes the same words of a question; both sides must agree.
"""

from __future__ import annotations

import re
from itertools import pairwise

MARK = "ⓝ"
"""What such words begin with: no text and no question is cut into words of more than this one sign."""

_BETWEEN = r"[\s()\[\]{}<>（）［］｛｝＜＞〔〕【】〈〉《》「」『』﹝﹞﹙﹚]{0,4}"
_HAN = "\u4e00-\u9fff"
_NUMBER = re.compile(
    rf"([{_HAN}]{{1,20}}){_BETWEEN}((?:19|20)\d\d)(?!\d){_BETWEEN}年?第?{_BETWEEN}0*([1-9]\d{{0,4}}){_BETWEEN}号"
)


def number_words(text: str) -> list[str]:
    """Return the words for every document number in a text whose digits are plain ones, each number's once and in a row."""
    found = dict.fromkeys(_NUMBER.findall(text))
    return [word for number in found for word in _words(*number)]


def _words(issuer: str, year: str, number: str) -> list[str]:
    """Return the pairs of the issuer's short name, that of its end and the year, and that of year and number.

    `号` ends the last one, so that 1 is not found in 12.
    """
    parts = [*issuer, year]
    pairs = [one + other for one, other in pairwise(parts)]
    return [MARK + pair for pair in (*pairs, f"{year}号{number}号")]
