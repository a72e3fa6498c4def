"""What posts, columns, units and people are called, and which names are near one that nobody has."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from review.gate.bench import Bench
from review.model.paths import POLICY, column_of

_SHOWN = 3
_SAME_FOR_MANY = re.compile(r"(.*/)?(\d{4}-\d{2}-\d{2}-)?(?=.)|\.md\Z")
"""What posts have in common that have nothing to do with each other: column, date, ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A person's id and name; the name is empty where no policy version knows them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post and where it belongs. Titles are empty where the policy in force has no such column or unit."""

    item: str
    title: str
    column: str
    column_title: str
    unit: str
    unit_title: str


def someone(person: str, bench: Bench) -> Someone:
    """Return a person by the newest policy version that knows them."""
    peoples = (bench.policy(number).people.people for number in sorted(bench.versions, reverse=True))
    return Someone(id=person, name=next((people[person].name for people in peoples if person in people), ""))


def everybody(people: Iterable[str], bench: Bench) -> tuple[Someone, ...]:
    """Return several people, in their order."""
    return tuple(someone(person, bench) for person in people)


def column_title(column: str, bench: Bench) -> str:
    """Return a column's title with those above it."""
    return " / ".join(one.title for one in bench.in_force.policy.columns.trail(column))


def unit_title(unit: str, bench: Bench) -> str:
    """Return a unit's title by the newest policy version that knows it."""
    units = (bench.policy(number).people.units for number in sorted(bench.versions, reverse=True))
    return next((known[unit].title for known in units if unit in known), "")


def named(item: str, title: str, unit: str, bench: Bench) -> dict[str, str]:
    """Return the fields of a `Post`."""
    column = "" if item == POLICY else column_of(item)
    return {
        "item": item,
        "title": title,
        "column": column,
        "column_title": column_title(column, bench),
        "unit": unit,
        "unit_title": unit_title(unit, bench),
    }


def near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the few of the names that somebody who wrote `name` may have meant, the nearest first."""
    wanted = unicodedata.normalize("NFC", name).casefold()[:500]
    folded: dict[str, str] = {}
    for one in names:
        folded.setdefault(one.casefold(), one)
    inside = sorted((one for one in folded if wanted and wanted in one), key=lambda one: (len(one), one))
    alike = difflib.get_close_matches(wanted, folded, n=_SHOWN, cutoff=0.6)
    alike = [one for one in alike if _own_part_is_like(wanted, one)]
    return tuple(folded[one] for one in dict.fromkeys((*inside, *alike)))[:_SHOWN]


def _own_part_is_like(name: str, other: str) -> bool:
    one, two = (_SAME_FOR_MANY.sub("", path) if path.endswith(".md") else path for path in (name, other))
    return difflib.SequenceMatcher(None, one, two).ratio() >= 0.5  # half of it
