"""How columns are kept up: who owns each, what was published last, how long that may be ago, and who is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from review.model.columns import Column

Upkeep: TypeAlias = Literal["late", "empty", "current", "free", "closed"]
"""`empty` has nothing online, `free` no limit; `closed` takes nothing new, so nothing is asked of it."""

UPKEEPS: tuple[Upkeep, ...] = ("late", "empty", "current", "free", "closed")
"""Every one, in the order people read them."""

Part: TypeAlias = Literal["lead", "support"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """After how many days something new is due in columns of this type and duty; empty fits all, 0 days is never.

    `rule` is the convention that says so, empty where none does.
    """

    days: int
    type: str = ""
    duty: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for columns that have none of their own; the first that fits counts. `home` is for the site as a whole."""

    home: Limit
    limits: tuple[Limit, ...]

    def of(self, column: Column) -> Limit:
        """Return the limit of a column: its own `within` before any other, none where nothing fits."""
        if column.within is not None:
            return Limit(days=column.within)
        fitting = (one for one in self.limits if one.type in ("", column.type) and one.duty in ("", column.duty))
        return next(fitting, Limit(days=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published last: a post's first version, or with `update` a later one. `at` is when it came online, an
    instant in the site's time zone.
    """

    item: str
    title: str
    version: int
    update: bool
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long ago the last publication is, and what follows. `days` is None where there is none; `limit` 0 is never.

    `due` is the last day in time, empty where nothing is due; `late_by` counts the days after it, 0 for none. `rule` is the
    convention that the limit comes from, empty where none says it.
    """

    last: Publication | None
    days: int | None
    limit: int
    rule: str
    due: str
    upkeep: Upkeep
    late_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """A person who signs for a unit, with the titles of the stages that are theirs as the unit's own."""

    id: str
    name: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A unit that leads or supports a column, and its own people."""

    unit: str
    title: str
    part: Part
    people: tuple[Answerable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGroup:
    """A group whose units may write for a column, and how many they are; groups have ids alone, so `first` is the title of
    the first unit, by which people know which group is meant; empty where the group has no unit.
    """

    group: str
    units: int
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow(Clock):
    """A column with its owners and its clock. `posts` are those online in it and below it, and so is the last publication:
    a column shows what its sub-columns have.
    """

    column: str
    title: str
    type: str
    duty: str
    owners: tuple[Owner, ...]
    open_to: tuple[OpenGroup, ...]
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTable:
    """All columns as of a day: the late ones first, the latest of them at the top. `until` is the instant up to which
    publications count; `counts` says how many columns are in which state, of those that occur.
    """

    site: str
    title: str
    url: str
    commit: str
    as_of: str
    until: str
    home: Clock
    rows: tuple[DutyRow, ...]
    counts: Mapping[Upkeep, int] = field(default_factory=dict)
