"""What the gate judges: signed statements, the files they cover, the files at the commit. Read and judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from review.model.commit_graph import CommitGraph
from review.model.findings import Finding
from review.model.manifests import ItemFile
from review.model.policies import Policy
from review.model.records import Header, Record
from review.model.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One commit that carries a statement, and the keys that validly signed it; `problem` says why there are none."""

    commit: str
    keys: frozenset[str]
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A statement with its digest and every commit whose message it is."""

    statement: Statement
    digest: str
    attestations: tuple[Attestation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A post as one commit holds it. `manifest` is empty where `problems` leave nothing that could be signed.

    `problems` concern what the format says of the files themselves: paths, modes, sizes, the record's form.
    `metadata` are front matter keys that no post may have unless its column lists them, as (key, line, what is wrong, the key
    that may have been meant); `text_problems` say what is wrong with the text as such.
    """

    manifest: str
    header: Header | None
    record: Record | None
    files: tuple[ItemFile, ...]
    title: str = ""
    metadata: tuple[tuple[str, int, str, str], ...] = ()
    problems: tuple[Finding, ...] = ()
    text_problems: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySnapshot:
    """The policy zone as one commit holds it. `policy` is None where `problems` say why its files are not valid."""

    manifest: str
    policy: Policy | None
    record: Record | None
    files: tuple[ItemFile, ...]
    problems: tuple[Finding, ...] = ()


class Trees(Protocol):
    """Looks into the tree of a commit. Answers never change: a commit's tree is what it is."""

    def post(self, commit: str, item: str) -> Snapshot | None:
        """Return the post as that commit holds it; None where the commit has no such post."""

    def policy(self, commit: str) -> PolicySnapshot:
        """Return the policy zone of that commit."""

    def scan_of(self, commit: str, digest: str) -> str:
        """Return the path of the evidence file with that digest, its bytes checked; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The files at the commit that is judged.

    `posts` has the snapshot of each post, `lone_records` the records without a post (None where one cannot be read);
    `files` are path and mode of everything in the content zone, `policy_files` those of the other files; `findings` say what
    kept files from being read.
    """

    posts: Mapping[str, Snapshot]
    lone_records: Mapping[str, Record | None]
    files: tuple[tuple[str, str], ...] = ()
    policy_files: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a verdict depends on, time and trust aside."""

    commit: str
    graph: CommitGraph
    made: Mapping[str, Made]
    trees: Trees
    head: Head
    previous_known: bool = True
    findings: tuple[Finding, ...] = ()
    by_item: dict[str, tuple[Made, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, item: str) -> tuple[Made, ...]:
        """Return the statements about an item, in an order that depends on their content alone."""
        if not self.by_item:
            self.by_item.update(grouped(self.made.values()))
        return self.by_item.get(item, ())


def grouped(made: Iterable[Made]) -> dict[str, tuple[Made, ...]]:
    """Group statements by item, each group in the order of version and digest."""
    groups: dict[str, list[Made]] = {}
    for one in made:
        groups.setdefault(one.statement.item, []).append(one)
    return {
        item: tuple(sorted(group, key=lambda one: (one.statement.version, one.digest)))
        for item, group in groups.items()
    }
