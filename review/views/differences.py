"""Where two texts differ: words of Latin letters, single characters of Chinese, in runs that can be read. Pure, and quick.

Texts are cut into lines first, changed lines into clauses, changed clauses into words and characters. On each level what
occurs once on both sides is lined up, so that the work grows with the texts and not with their square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["same", "deleted", "inserted"]
Pair: TypeAlias = tuple[str, str]
"""What stood there, and what stands there now."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = "\u0300-\u036f"
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_CLAUSE_ENDS = re.compile(r"(?<=[。！？；，])(?![。！？；，”’」』）])|(?<=[.!?;,])(?=\s)")
_WORDS = re.compile(rf"[0-9]+(?:[.,:][0-9]+)*|(?:(?![{_HAN}])[\w{_MARKS}])+|[{_HAN}][{_MARKS}]*|[^\S\n]+|.", re.DOTALL)
_LEVELS = (_LINES.findall, _CLAUSE_ENDS.split, _WORDS.findall)

_SMALL = 64
"""Tokens on either side that difflib, whose work grows with their product and more, may line up."""

_DEEP = 24
"""How often what lies between two anchors is looked at for anchors again."""

_RUNS = (1, 4, 12)
"""Tokens in a row that must occur once on both sides: a word does so in few texts, twelve words in most."""

_PAIRED = 4000
"""Lines or clauses that changed in a row and are compared one by one, if they are still as many."""

_BY_CHANCE = 3
"""Characters of a word that may stay between two changes by chance."""

_EFFORT = 600_000
"""Products of tokens that difflib may line up in one text; what comes after that is told piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> tuple[Segment, ...]:
    """Return the segments in order: those not inserted make up the old text, those not deleted the new one."""
    return tuple(_segments(_readable(_Comparison().pairs(old, new, 0))))


class _Comparison:
    """One comparison, and how much effort it may still make."""

    def __init__(self) -> None:
        self._left = _EFFORT

    def pairs(self, old: str, new: str, level: int) -> Iterator[Pair]:
        """Yield old and new text piece by piece; the pieces are equal, or differ as a whole."""
        if old == new or not old or not new or level == len(_LEVELS):
            if old or new:
                yield old, new
            return
        before, after = (_LEVELS[level](text) for text in (old, new))
        for was, now in self._aligned(before, after, last=level == len(_LEVELS) - 1):
            if was == now:
                yield "".join(was), "".join(now)
            elif 0 < len(was) == len(now) <= _PAIRED and level < len(_LEVELS) - 1:
                for one, other in zip(was, now, strict=True):
                    yield from self.pairs(one, other, level + 1)
            else:
                yield from self.pairs("".join(was), "".join(now), level + 1)

    def _aligned(
        self, old: Sequence[str], new: Sequence[str], *, last: bool, depth: int = 0
    ) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        """Yield runs of tokens, equal ones and differing ones, by what stands at both ends and what occurs once on both sides."""
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        yield old[:head], new[:head]
        before, after = old[head : len(old) - tail], new[head : len(new) - tail]
        # In the words of a clause, what occurs once on both sides says little about where it belongs.
        small = last and len(before) * len(after) <= _SMALL**2
        if small or depth == _DEEP or not (anchors := _anchors_of(before, after, _RUNS[1:] if last else _RUNS)):
            yield from self._matched(before, after)
        else:
            place = other_place = 0
            for one, other in (*anchors, (len(before), len(after))):
                yield from self._aligned(before[place:one], after[other_place:other], last=last, depth=depth + 1)
                yield before[one : one + 1], after[other : other + 1]
                place, other_place = one + 1, other + 1
        yield old[len(old) - tail :], new[len(new) - tail :]

    def _matched(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        effort = len(old) * len(new)
        if not effort or effort > min(self._left, 4 * _SMALL**2):
            yield old, new
            return
        self._left -= effort
        for _, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield old[start:end], new[other_start:other_end]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many tokens are equal at the beginning."""
    return next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _anchors_of(old: Sequence[str], new: Sequence[str], runs: Sequence[int]) -> list[tuple[int, int]]:
    """Return the places of equal tokens that begin a run which occurs once on both sides, of the shortest runs that do."""
    if not old or not new:
        return []
    found = (_anchors(*([tuple(side[n : n + run]) for n in range(len(side))] for side in (old, new))) for run in runs)
    return next((one for one in found if one), [])


def _anchors(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Return the places of what occurs once on both sides, as many as stand in the same order."""
    seen, seen_now = Counter(old), Counter(new)
    places = {token: place for place, token in enumerate(new) if seen_now[token] == 1}
    pairs = [(place, places[token]) for place, token in enumerate(old) if seen[token] == 1 and token in places]
    ends: list[int] = []
    chains: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(chains[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        chains[length : length + 1] = [index]
    found: list[tuple[int, int]] = []
    index = chains[-1] if chains else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _readable(pairs: Iterable[Pair]) -> list[Pair]:
    """Join neighbours; what stayed by chance between two changes, a lone character or a gap, changes with them."""
    joined = _joined((old == new, (old, new)) for old, new in pairs)
    replaced = [bool(old and new and old != new) for old, new in joined]
    told = []
    for number, (old, new) in enumerate(joined):
        between = 0 < number < len(joined) - 1 and replaced[number - 1] and replaced[number + 1]
        told.append((old == new and not (between and _is_chance(old)), (old, new)))
    return _joined(told)


def _joined(pairs: Iterable[tuple[bool, Pair]]) -> list[Pair]:
    """Join neighbouring pairs that are told alike, and leave empty ones out."""
    runs = ([pair for _, pair in run] for _, run in groupby(pairs, key=lambda one: one[0]))
    joined = [("".join(old for old, _ in run), "".join(new for _, new in run)) for run in runs]
    return [pair for pair in joined if pair != ("", "")]


def _is_chance(text: str) -> bool:
    tokens = [token for token in _WORDS.findall(text) if token == "\n" or not token.isspace()]
    return not tokens or (len(tokens) == 1 and len(tokens[0]) <= _BY_CHANCE and tokens[0][0].isalnum())


def _segments(pairs: Iterable[Pair]) -> Iterator[Segment]:
    for old, new in pairs:
        if old == new:
            yield Segment(kind="same", text=old)
            continue
        if old:
            yield Segment(kind="deleted", text=old)
        if new:
            yield Segment(kind="inserted", text=new)
