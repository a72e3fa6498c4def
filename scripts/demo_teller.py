"""Tell the demonstration's story: real signed commits of invented people with throw-away keys, one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from review.formats import records, statements
from review.history.objects import ObjectStore
from review.history.repository import Repository
from review.history.throwaway_keys import ThrowawayKey
from review.history.work_tree import snapshot_of
from review.history.writing import Writer, advance
from review.model.digests import NONE
from review.model.paths import POLICY, attachments_of, record_of
from review.model.policies import Policy
from review.model.statements import Decision, Statement
from review.model.workflows import Workflow

ZONE = dt.timezone(dt.timedelta(hours=8))

Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Said:
    """A sign-off that was made, and its digest."""

    statement: Statement
    digest: str


@dataclass
class Teller:
    """The repository being told: the files so far, the head, and the last sign-off of each item."""

    repository: Repository
    store: ObjectStore
    keys: Mapping[str, ThrowawayKey]
    policy: Policy
    files: Files = field(default_factory=dict)
    head: str = ""
    tree: str = ""
    last: dict[str, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._writer = Writer(self.repository, self.store)
        self._pending: dict[str, tuple[str, bytes] | None] = {}
        self._first = self.head

    def write(self, path: str, data: bytes) -> None:
        """Put a file into the next commit."""
        self.files[path] = self._pending[path] = ("100644", data)

    def remove(self, path: str) -> None:
        """Take a file out of the next commit."""
        del self.files[path]
        self._pending[path] = None

    def commit(self, message: bytes, at: dt.datetime, by: str, key: ThrowawayKey | None) -> None:
        """Commit what is pending, signed where a key is given."""
        self.commit_raw(at, by, lambda head: key.commit(head, message) if key else head + b"\n" + message)

    def commit_raw(self, at: dt.datetime, by: str, make: Callable[[bytes], bytes]) -> None:
        """Commit what is pending as whatever `make` makes of the commit's first lines."""
        self.tree = self._writer.tree_with(self.tree, self._pending)
        self._pending = {}
        who = f"{self.policy.people.people[by].name} <{by}@{self.policy.columns.site.id}.invalid> {int(at.timestamp())} +0800"
        parent = f"parent {self.head}\n" if self.head else ""
        head = f"tree {self.tree}\n{parent}author {who}\ncommitter {who}\n".encode()
        self.head = self._writer.raw_commit(make(head))

    def finish(self) -> None:
        """Move the branch to the last commit."""
        advance(self.repository, self._first, self.head, "the demonstration")
        self._first = self.head

    def item_files(self, item: str) -> Files:
        """Return the files of a post as the next commit holds them."""
        paths = [item, record_of(item), *(path for path in self.files if path.startswith(attachments_of(item)))]
        return {path: self.files[path] for path in paths if path in self.files}

    def sign(
        self,
        item: str,
        stage: str,
        by: str,
        at: dt.datetime,
        *,
        decision: Decision = "approve",
        note: str = "",
        version: int = 0,
        key: ThrowawayKey | None = None,
        manifest: str = "",
        **paper: str,
    ) -> Statement:
        """Have somebody sign an item off in one commit; `version` begins a new one."""
        before = self.last.get(item)
        statement = Statement(
            site=self.policy.columns.site.id,
            item=item,
            version=version or (before.statement.version if before else 1),
            stage=stage,
            decision=decision,
            manifest=manifest or snapshot_of(item, self.item_files(item)).manifest,
            previous=before.digest if before else NONE,
            by=by,
            at=at.isoformat(timespec="seconds"),
            note=note,
            **paper,
        )
        self.write(record_of(item), records.append(self.files[record_of(item)][1], statement))
        self.commit(statements.serialise(statement), at, by, key or self.keys[by])
        self.last[item] = Said(statement, statements.digest(statement))
        return statement

    def workflow(self, item: str) -> tuple[Workflow, str]:
        """Return the workflow of a post by its header, and the submitting unit."""
        header = records.parse(self.files[record_of(item)][1], item=item).header
        group = self.policy.people.units[header.unit].group
        (found,) = self.policy.workflows.fitting(header.kind, group, header.major)
        return found, header.unit

    def chain(self, item: str, at: dt.datetime, *, until: str = "", version: int = 0, start: int = 0) -> dt.datetime:
        """Have the stages signed by different people, up to the stage `until`; return the time of the last."""
        workflow, unit = self.workflow(item)
        here = [] if not start else [self.last[item].statement.person]
        for number, stage in enumerate(workflow.slots[start:]):
            person = next(one for one in self.policy.people.holders(stage.by, unit) if one not in here)
            here.append(person)
            self.sign(item, stage.id, person, at, version=0 if number else version)
            if stage.id == until:
                break
            at += dt.timedelta(minutes=40)
        return at


def sign_policy(teller: Teller, record: bytes, manifest: str, admins: list[str], at: dt.datetime) -> None:
    """Have administrators sign version 1 of the policy, whose files are pending."""
    previous = NONE
    text = record
    for admin in admins:
        statement = Statement(
            site=teller.policy.columns.site.id,
            item=POLICY,
            version=1,
            stage=POLICY,
            decision="approve",
            manifest=manifest,
            previous=previous,
            by=admin,
            at=at.isoformat(timespec="seconds"),
            note="",
        )
        text = records.append(text, statement)
        teller.write(record_of(POLICY), text)
        teller.commit(statements.serialise(statement), at, admin, teller.keys[admin])
        previous = statements.digest(statement)
        at += dt.timedelta(minutes=5)


def save_keys(folder: Path, keys: Mapping[str, ThrowawayKey]) -> None:
    """Write the keys of the cast, so that whoever plays with the demonstration can sign as any of them."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for person, key in keys.items():
        key.save(folder / person)
