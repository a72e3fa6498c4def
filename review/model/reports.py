"""What the gate decides: the state of every item, the live set, and the report that says it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.model.findings import Finding
from review.model.manifests import ItemFile
from review.model.policies import PolicyVersion
from review.model.records import Header

State: TypeAlias = Literal["draft", "in-review", "returned", "scheduled", "live", "expired", "withdrawn", "refused"]

STATES: tuple[State, ...] = (
    "live", "scheduled", "in-review", "returned", "draft", "expired", "withdrawn", "refused",
)  # fmt: skip
"""Every state, in the order people read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One sign-off of a chain: stage, the person who stands for it, when, and what proves it.

    `stands_in` says that the person held the stage's office for somebody else, under the policy that judges the chain.
    """

    stage: str
    by: str
    at: str
    commit: str
    key: str
    statement: str
    signatory: str = ""
    note: str = ""
    stands_in: bool = False

    @property
    def person(self) -> str:
        """Who stands for the stage: the signatory on paper, else the signer."""
        return self.signatory or self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """The stage that is next, and everyone who could sign it now."""

    stage: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """Where an item stands. `version` is the newest signed (0: none), `live_version` the one online (0: none).

    `since` is the instant of the sign-off that brought it there, `by` who made it, `reason` what whoever returned or
    withdrew it said; these are for people and may be empty.
    """

    item: str
    state: State
    version: int
    live_version: int
    awaiting: Awaiting | None
    chain: tuple[Link, ...]
    title: str = ""
    since: str = ""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePost:
    """A post that is online, with the very files that were signed.

    `files` are the post and its attachments, as git objects whose bytes have the manifest; `commit` holds them.
    `published` and `updated` are instants from the chains of its first live and of its live version (the same text
    where there is one version); `first_chain` are the commits of the first, its last one last. `stages` are the titles of the
    chain's stages, link by link.
    """

    item: str
    version: int
    commit: str
    manifest: str
    header: Header
    files: tuple[ItemFile, ...]
    chain: tuple[Link, ...]
    stages: tuple[str, ...]
    judged_by: int
    published: str
    updated: str
    first_chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSet:
    """Exactly what may be online. Only the gate makes one, and only where nothing blocks."""

    site: str
    commit: str
    policy: PolicyVersion
    policies: Mapping[int, PolicyVersion]
    posts: tuple[LivePost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The gate's verdict on a commit. `live` is None where something blocks, `policy` where none is in force."""

    site: str
    commit: str
    policy: PolicyVersion | None
    items: tuple[ItemReport, ...]
    findings: tuple[Finding, ...]
    live: LiveSet | None

    @property
    def summary(self) -> dict[str, int]:
        """How many items are in each state that occurs."""
        counts: dict[str, int] = {}
        for item in self.items:
            counts[item.state] = counts.get(item.state, 0) + 1
        return counts

    @property
    def blocked(self) -> bool:
        """Tell whether the site as a whole cannot be trusted."""
        return any(finding.severity == "block" for finding in self.findings)

    @property
    def exit_status(self) -> int:
        """Return the exit status of `qianfa gate`: 1 where anything blocks or is refused, else 0."""
        return int(any(finding.severity in ("block", "refuse") for finding in self.findings))
