"""Look up who may draft what, in the policy in force, before anything is drafted. No command here."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from review import pipeline
from review.actions.drafting import units_of
from review.cli.options import Naming
from review.cli.screen import progress
from review.errors import Blocked, Refused
from review.history.repository import Repository
from review.messages import listed, t
from review.model.paths import POLICY, column_of, is_item, stem_of
from review.model.policies import Policy
from review.ways.identity import asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The policy in force, today's date in the site's time zone, and every item that somebody ever signed."""

    repository: Repository
    policy: Policy
    today: dt.date
    zone: zoneinfo.ZoneInfo
    items: frozenset[str]

    def stems(self, column: str) -> set[str]:
        """Return the names that posts of a column had: a post that is gone keeps its name, and its story with it."""
        return {stem_of(item) for item in self.items if is_item(item) and item != POLICY and column_of(item) == column}

    def units(self, given: Naming) -> list[str]:
        """Return the units that whoever asks drafts for, found by their key; `Refused` where it is nobody's."""
        try:
            return units_of(self.policy, self._person(given))
        except Refused as error:
            hint = t("{hint}; or say which unit with --unit", hint=error.hint)
            raise Refused(error.what, where=error.where, hint=hint) from None

    def unit(self, given: Naming) -> str:
        """Return the one unit that whoever asks drafts for; `Refused` where they draft for none or several."""
        units = self.units(given)
        if len(units) == 1:
            return units[0]
        person, hint = self._person(given), t("say which with --unit")
        if units:
            what = t("{person} drafts for {units}", person=person, units=listed(units))
            raise Refused(what, where="people.yaml", hint=hint)
        raise Refused(t("{person} drafts for no unit", person=person), where="people.yaml", hint=hint)

    def _person(self, given: Naming) -> str:
        return asker(self.repository, self.policy.people, key=given.key, named=given.person)


@contextmanager
def judged_policy(given: Naming) -> Iterator[Judged]:
    """Give the policy in force; `Blocked` where there is none."""
    with progress() as show, pipeline.judged(given.site, "HEAD", given.gate, show) as session:
        report = session.report
        if report.policy is None:
            first = report.findings[0]
            raise Blocked(first.message, where=first.code, hint=first.hint)
        session.repository.check_work_tree()
        policy = report.policy.policy
        zone = zoneinfo.ZoneInfo(policy.columns.site.timezone)
        show("done", 0, 0)
        yield Judged(
            repository=session.repository,
            policy=policy,
            today=given.gate.now.astimezone(zone).date(),
            zone=zone,
            items=frozenset(one.statement.item for one in session.evidence.made.values())
            if session.evidence
            else frozenset(),
        )
