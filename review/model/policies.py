"""A policy: the signed files that say who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from review.model.columns import Columns
from review.model.people import People
from review.model.workflows import Workflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The content of one version of the policy files, parsed and free of contradictions."""

    columns: Columns
    people: People
    workflows: Workflows


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A complete version: its number, manifest digest, commit, and the statements that completed it, in order.

    `commits` are all commits that complete it, where a last statement was committed more than once or by several
    administrators at the same time; its files are read from `commit`, one of them.
    """

    version: int
    manifest: str
    commit: str
    policy: Policy
    statements: tuple[str, ...]
    commits: tuple[str, ...]
