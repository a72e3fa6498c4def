"""What an inspection found: every rule with its verdict, and the sums of them. Data alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from review.inspection.cases import Failure
from review.inspection.profiles import Severity


class Status(StrEnum):
    """What became of a rule."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNCHECKED = "unchecked"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule and what became of it.

    `severity` is the rule's, `veto` whether it alone fails the inspection. `looked_at` counts what it was held against; `why`
    says why it was not, where it was not, and what was left out, where it was held against a part alone.
    """

    id: str
    severity: Severity
    status: Status
    veto: bool
    source: str
    from_memory: str
    rule: str
    do: str
    looked_at: int
    why: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Every rule of a profile and what became of it on one site, in the order of the profile."""

    output: str
    site: str
    address: str
    profile: str
    profile_title: str
    as_of: str
    pages: int
    files: int
    summary: Mapping[str, int]
    rules: tuple[Verdict, ...]

    @property
    def failed(self) -> bool:
        """Whether any rule is not kept."""
        return any(one.status is Status.FAIL for one in self.rules)
