"""Everything a judge needs at hand: the evidence, the policies in force one after the other, and the time it is."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.model.evidence import Evidence
from review.model.policies import Policy, PolicyVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A trusted chain of policies over evidence, at an instant. `reach[k]` holds the commits that provably came
    before version k+1: the ancestors of every commit that makes it complete. `compromised` are the keys marked by the
    versions one after the other: no statement that one of them signed counts, whenever it was made.
    """

    evidence: Evidence
    versions: Mapping[int, PolicyVersion]
    reach: Mapping[int, frozenset[str]]
    now: dt.datetime
    compromised: frozenset[str] = frozenset()

    @property
    def in_force(self) -> PolicyVersion:
        """The last version."""
        return self.versions[max(self.versions)]

    @property
    def site(self) -> str:
        """The site's id, as the policy in force has it."""
        return self.in_force.policy.columns.site.id

    @property
    def today(self) -> dt.date:
        """The date in the site's time zone."""
        return self.now.astimezone(zoneinfo.ZoneInfo(self.in_force.policy.columns.site.timezone)).date()

    @property
    def longest(self) -> int:
        """How many sign-offs the longest chain of any policy version has."""
        flows = (flow for version in self.versions.values() for flow in version.policy.workflows.workflows)
        return max((len(flow.slots) for flow in flows), default=0)

    @property
    def endings(self) -> frozenset[tuple[int, str]]:
        """Length and last stage of every chain that any policy version knows: only there can one be complete."""
        flows = (flow for version in self.versions.values() for flow in version.policy.workflows.workflows)
        return frozenset((len(flow.slots), flow.slots[-1].id) for flow in flows)

    def policy(self, version: int) -> Policy:
        """Return the policy of a version."""
        return self.versions[version].policy

    def version_of(self, commit: str) -> int:
        """Return the version a commit belongs to: the first whose successor descends from it, else the one in force."""
        return next((k for k, commits in self.reach.items() if commit in commits), max(self.versions))

    def marked_by(self, key: str) -> int:
        """Return the version in force that first marked a key, 0 where none did."""
        return next((k for k, version in self.versions.items() if key in version.policy.people.compromised), 0)


def bench_for(evidence: Evidence, versions: tuple[PolicyVersion, ...], now: dt.datetime) -> Bench:
    """Seat the judge. `versions` is the trusted chain, not empty."""
    return Bench(
        evidence=evidence,
        versions={version.version: version for version in versions},
        reach={
            earlier.version: frozenset.intersection(*(evidence.graph.ancestors([one]) for one in later.commits))
            for earlier, later in itertools.pairwise(versions)
        },
        now=now,
        compromised=marks(versions),
    )


def marks(versions: Iterable[PolicyVersion]) -> frozenset[str]:
    """Return the keys that are marked as compromised once these versions were in force, one after the other."""
    marked: frozenset[str] = frozenset()
    for version in versions:
        marked = version.policy.people.marks_after(marked)
    return marked
