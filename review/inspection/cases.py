"""What a rule's function is given, and what it gives back. No rule here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from review.inspection.profiles import Profile, Rule
from review.inspection.records import Page, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One place where a rule is not kept. `page` is the path of a file of the site; empty for the site as a whole."""

    page: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A site and a rule to hold it against. `now` is the moment of the inspection in the site's own time, without a zone."""

    site: Site
    profile: Profile
    rule: Rule
    now: dt.datetime

    def of(self, rule: str) -> Case:
        """Return the same case for another rule of the profile."""
        return replace(self, rule=self.profile.rules[rule])

    def text(self, name: str) -> str:
        """Return a value of the rule that is one text; empty where it has none."""
        value = self.rule.values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a value of the rule that is a whole number."""
        return int(self.text(name))

    def days(self, name: str = "days") -> dt.timedelta:
        """Return a value of the rule that is a number of days."""
        return dt.timedelta(days=self.number(name))

    def names(self, name: str) -> tuple[str, ...]:
        """Return a value of the rule that is a list of texts; empty where it has none."""
        value = self.rule.values.get(name, ())
        return tuple(one for one in value if isinstance(one, str)) if not isinstance(value, str) else (value,)

    def entries(self, name: str) -> tuple[Mapping[str, object], ...]:
        """Return a value of the rule that is a list of mappings; empty where it has none."""
        value = self.rule.values.get(name, ())
        return tuple(one for one in value if isinstance(one, Mapping)) if not isinstance(value, str) else ()


Failures: TypeAlias = Iterable[Failure]


def nothing_left(_: Case) -> str:
    """Say that all of a rule could be checked."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a program checks a rule.

    `subjects` returns what the rule looks at on this site; where that is nothing, the rule does not apply, for the reason
    `nothing`. So no rule is kept because nobody found anything to look at. `failures` yields where it is not kept.
    `values` are those that the profile must give, `optional` those that it may; where one of `wanted` is empty, a program
    cannot check the rule. `after` are other rules whose values it uses. `rest` says what of it could not be checked and why,
    empty where all of it could.
    """

    rule: str
    subjects: Callable[[Case], Sequence[object]]
    nothing: str
    failures: Callable[[Case], Failures]
    values: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    rest: Callable[[Case], str] = nothing_left

    @property
    def known(self) -> frozenset[str]:
        """Every value that the check makes use of."""
        return frozenset((*self.values, *self.wanted, *self.optional))


def on_pages(pages: Iterable[Page], problem: Callable[[Page], Iterable[str]]) -> Failures:
    """Yield what is wrong with each page."""
    return (Failure(page=page.path, what=what) for page in pages for what in problem(page))
