"""One thing that a change of policy changes, and the small words that such sentences share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One sentence. `file` and `subject` say what it is about, `kind` what happens, for programs; `text` is for people."""

    file: str
    subject: str
    kind: str
    text: str


def listed(things: Iterable[object]) -> str:
    """Return things as a list in a sentence."""
    return ", ".join(map(str, things))


def moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the fewest things that, moved, make one order of the other; what is in one of them alone aside."""
    there = set(before)
    order = [one for one in after if one in there]
    if order == [one for one in before if one in set(after)]:
        return []
    places = {one: number for number, one in enumerate(before)}
    best: list[list[str]] = []
    for one in order:
        before_it = [run for run in best if places[run[-1]] < places[one]]
        best.append([*max(before_it, key=len), one] if before_it else [one])
    kept: list[str] = max(best, key=len, default=[])
    return [one for one in order if one not in set(kept)]
