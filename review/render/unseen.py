"""What of a text's source is not among the words that a page shows: comments, definitions that nothing uses, dropped HTML. Pure.

Every word of the source is looked for among the words that are seen, each of which answers for one word only. So what is hidden
cannot be made of words that are seen elsewhere.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from review.formats.text_tags import TAGS
from review.render.markup import ATTRIBUTES

_WORD = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|[A-Za-z0-9]+|[^\x00-\x7f]")
_PLAIN = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]")
_MARKS = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS))})(?=[\s/>])|\s(?:{'|'.join(sorted(ATTRIBUTES))})=(?=[\"'])"
    r"|^[ \t>]*1\.(?=[ \t])|\[\^[0-9]{1,3}\]",
    re.MULTILINE,
)
"""What is the writing of what is seen: names of HTML, numbers that every list and footnote gets anew."""

_RUN = 3
"""Words in a row that say where a word of the source is seen; at the end of a line there may be fewer."""
_TRIED = 8
"""Places that are looked at for one word, so that a text of one word over and over takes no longer than another."""
_NEAR = 3
"""Words that are seen between two that are not, and are told with them, so that it can be read."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the source: where it stands and in which line."""

    text: str
    start: int
    end: int
    line: int


def unseen(source: str, seen: Iterable[str]) -> tuple[str, ...]:
    """Return the pieces of a source whose words are not among the lines that are seen, in order, as they are written."""
    words = list(_words(source))
    found = _Search([one for line in seen for one in _PLAIN.findall(line)]).found(words)
    return tuple(_pieces(source, words, found))


def _words(source: str) -> Iterator[_Word]:
    marks = [found.span() for found in _MARKS.finditer(source)]
    starts = [start for start, _ in marks]
    ends = [place for place, one in enumerate(source) if one == "\n"]
    for found in _WORD.finditer(source):
        before = bisect_left(starts, found.start() + 1) - 1
        if before >= 0 and found.start() < marks[before][1]:
            continue
        line = bisect_left(ends, found.start())
        if found[0].startswith("&"):
            decoded = html.unescape(found[0])
            if decoded != found[0]:
                if _PLAIN.fullmatch(decoded):
                    yield _Word(decoded, found.start(), found.end(), line)
                continue
            for part in _PLAIN.finditer(found[0]):
                yield _Word(part[0], found.start() + part.start(), found.start() + part.end(), line)
            continue
        yield _Word(found[0], found.start(), found.end(), line)


class _Search:
    """Looks for words of the source among those that are seen, each of which is found once."""

    def __init__(self, seen: Sequence[str]) -> None:
        self._seen = seen
        self._free = bytearray(b"\1") * len(seen)
        self._places: dict[int, dict[tuple[str, ...], list[int]]] = {}
        self._skipped: dict[tuple[str, ...], int] = {}

    def found(self, words: Sequence[_Word]) -> list[int]:
        """Return for each word where it is seen, or -1: whole lines first, so that no piece takes what belongs to a line."""
        found = [-1] * len(words)
        left: list[tuple[int, int]] = []
        start = at = 0
        for end in range(1, len(words) + 1):
            if end == len(words) or words[end].line != words[start].line:
                texts = [one.text for one in words[start:end]]
                place = at if self._stands(texts, at) else self._whole(texts)
                if place < 0:
                    left.append((start, end))
                else:
                    self._take(place, len(texts))
                    at = place + len(texts)
                    found[start:end] = range(place, at)
                start = end
        for start, end in left:
            self._line(words, start, end, found)
        return found

    def _whole(self, texts: Sequence[str]) -> int:
        return next((place for place in self._candidates(tuple(texts[:_RUN])) if self._stands(texts, place)), -1)

    def _stands(self, texts: Sequence[str], place: int) -> bool:
        count = len(texts)
        return self._seen[place : place + count] == texts and self._free.find(b"\0", place, place + count) < 0

    def _line(self, words: Sequence[_Word], start: int, end: int, found: list[int]) -> None:
        at = found[start - 1] + 1 if start else 0
        for number in range(start, end):
            text = words[number].text
            near = (place for place in range(at, min(at + _NEAR, len(self._seen))) if self._seen[place] == text)
            place = next((place for place in near if self._free[place]), -1)
            if place < 0:
                place = self._best([one.text for one in words[number : min(end, number + 32)]])
            if place >= 0:
                self._take(place, 1)
                found[number] = place
                at = place + 1

    def _best(self, texts: Sequence[str]) -> int:
        """Return where most of these words stand in a row, at least as many as tell the place; -1 where they do nowhere."""
        best, most = -1, 0
        for place in self._candidates(tuple(texts[:_RUN])):
            run = 0
            while run < len(texts) and place + run < len(self._seen) and self._seen[place + run] == texts[run]:
                if not self._free[place + run]:
                    break
                run += 1
            if run > most:
                best, most = place, run
        return best if most >= min(_RUN, len(texts)) else -1

    def _candidates(self, key: tuple[str, ...]) -> Iterator[int]:
        """Yield the first places where these words begin and are free."""
        if len(key) not in self._places:
            index: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for place, run in enumerate(zip(*(self._seen[n:] for n in range(len(key))), strict=False)):
                index[run].append(place)
            self._places[len(key)] = index
        places = self._places[len(key)].get(key, ())
        first = self._skipped.get(key, 0)
        while first < len(places) and not self._free[places[first]]:
            first += 1
        self._skipped[key] = first
        yield from (place for place in places[first : first + _TRIED] if self._free[place])

    def _take(self, place: int, count: int) -> None:
        self._free[place : place + count] = bytes(count)


def _pieces(source: str, words: Sequence[_Word], found: Sequence[int]) -> Iterator[str]:
    """Yield what was not found with the signs around it; neighbours in a line are one piece."""
    missing = [number for number, one in enumerate(found) if one < 0]
    runs: list[list[int]] = []
    for number in missing:
        if runs and words[number].line == words[runs[-1][1]].line and number - runs[-1][1] <= _NEAR + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    for first, last in runs:
        start = max(source.rfind("\n", 0, words[first].start) + 1, words[first - 1].end if first else 0)
        end = source.find("\n", words[last].end)
        end = min(len(source) if end < 0 else end, words[last + 1].start if last + 1 < len(words) else len(source))
        yield source[start:end].strip()
