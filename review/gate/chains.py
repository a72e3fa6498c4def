"""Is a chain of sign-offs complete, and each of its links what it must be? Returns and withdrawals come elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from review.gate.bench import Bench
from review.gate.content_rules import objections, workflow_for
from review.gate.counting import Signed
from review.messages import either, listed, t
from review.model.digests import NONE
from review.model.evidence import Snapshot
from review.model.findings import Finding, finding
from review.model.instants import parse_instant
from review.model.paths import record_of
from review.model.policies import Policy
from review.model.workflows import DRAFT, Stage, Workflow

_TOLERANCE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain from its draft to `signed[-1]`, judged as a whole by the policy of the highest version in it.

    `content` are objections to what was signed, `links[i]` those to the link i. The chain is good where there are
    none of severity refuse, and complete where it is good and every stage has signed.
    """

    signed: tuple[Signed, ...]
    judged_by: int
    snapshot: Snapshot | None
    commit: str
    workflow: Workflow | None
    content: tuple[Finding, ...]
    links: tuple[tuple[Finding, ...], ...]

    @property
    def last(self) -> Signed:
        """The newest link."""
        return self.signed[-1]

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Everything that is refused, the newest link first."""
        found = (one for part in (self.links[-1], self.content, *self.links) for one in part)
        return tuple(dict.fromkeys(one for one in found if one.severity == "refuse"))

    @property
    def good(self) -> bool:
        """Tell whether nothing is refused."""
        return not self.refusals

    @property
    def complete(self) -> bool:
        """Tell whether every stage has signed and nothing is refused."""
        return self.workflow is not None and len(self.signed) == len(self.workflow.slots) and self.good

    @property
    def next_stage(self) -> Stage | None:
        """The stage that is next; None where none is left or no workflow fits."""
        slots = self.workflow.slots if self.workflow else ()
        return slots[len(self.signed)] if len(self.signed) < len(slots) else None


def path_to(last: Signed, known: Mapping[str, Signed], longest: int) -> tuple[Signed, ...]:
    """Return the approvals that lead to `last`, each following the one before, of the same version.

    It begins where nothing is followed any more: with the first of several drafts in a row, with something else where
    links fail. Of a path of more than `longest` links, which no workflow has, only the end is returned.
    """
    path = [last]
    while len(path) <= longest:
        said = path[-1].statement
        before = known.get(said.previous)
        follows = (
            before is not None
            and before.statement.decision == "approve"
            and before.statement.version == said.version
            and (said.stage != DRAFT or before.statement.stage == DRAFT)
        )
        if before is None or not follows:
            break
        path.append(before)
    return tuple(reversed(path))


def judge(
    item: str,
    path: tuple[Signed, ...],
    known: Mapping[str, Signed],
    bench: Bench,
    voided: Collection[str] = (),
) -> Chain:
    """Judge the chain of the approvals in `path`; `known` are all statements of the item that count.

    `voided` are digests of those that would count but for a compromised key: a later version may follow one, for who made
    that says nothing of who signed this one.

    1. The policy of the highest version among the statements judges all of them.
    2. The files are those of a commit of the chain whose tree has the last manifest.
    3. Their header names the workflow; the content must be publishable under that policy.
    4. The chain begins with as many drafts as the workflow needs; a draft may follow one that was given up.
    5. Link by link: the stage's turn, its office, different people, paper, the manifest, the order of time.
    """
    path, snapshot, commit = chain_to(item, path, bench)
    version = max(signed.version for signed in path)
    policy = bench.policy(version)
    workflow = workflow_for(snapshot.header, policy) if snapshot and snapshot.header else None
    if snapshot is None:
        content: tuple[Finding, ...] = (
            finding(
                "content-missing",
                t("no commit of the chain holds the files of {manifest}", manifest=path[-1].statement.manifest),
                item=item,
                path=item,
                hint=t("start the next version from the files as they are: qianfa submit"),
            ),
        )
    else:
        content = tuple(objections(item, snapshot, policy))
    links = _Links(item, path, {*known, *voided}, bench, policy, workflow, snapshot)
    return Chain(
        signed=path,
        judged_by=version,
        snapshot=snapshot,
        commit=commit,
        workflow=workflow,
        content=content,
        links=tuple(tuple(links.objections(index)) for index in range(len(path))),
    )


def chain_to(item: str, path: tuple[Signed, ...], bench: Bench) -> tuple[tuple[Signed, ...], Snapshot | None, str]:
    """Return the path from the draft that counts, the files its last link signs, and the commit that holds them."""
    snapshot, commit = held_by(item, path, bench)
    drafts = next((n for n, signed in enumerate(path) if signed.statement.stage != DRAFT), len(path))
    policy = bench.policy(max(signed.version for signed in path))
    workflow = workflow_for(snapshot.header, policy) if snapshot and snapshot.header else None
    needed = workflow.stages[0].needs if workflow else 1
    return path[max(0, drafts - needed) :], snapshot, commit


def held_by(item: str, path: tuple[Signed, ...], bench: Bench) -> tuple[Snapshot | None, str]:
    """Return the files with the last manifest of the path, and the commit of the path whose tree has them."""
    manifest = path[-1].statement.manifest
    for signed in reversed(path):
        for commit, _ in signed.commits:
            snapshot = bench.evidence.trees.post(commit, item)
            if snapshot is not None and snapshot.manifest == manifest:
                return snapshot, commit
    return None, ""


@dataclass(frozen=True, slots=True)
class _Links:
    """The rules of a chain's links."""

    item: str
    path: tuple[Signed, ...]
    earlier: Collection[str]
    bench: Bench
    policy: Policy
    workflow: Workflow | None
    snapshot: Snapshot | None

    def objections(self, index: int) -> Iterator[Finding]:
        """Yield what is wrong with one link."""
        yield from self._linked(index)
        yield from self._time(index)
        if self.workflow is None or self.snapshot is None or self.snapshot.header is None:
            return
        slots = self.workflow.slots
        said = self.path[index].statement
        if index >= len(slots) or slots[index].id != said.stage:
            who = self._who(index)
            yield self._say(
                "chain-broken",
                t("{who} signed {stage} where {next} was next", who=who, stage=said.stage, next=slots[index].id)
                if index < len(slots)
                else t("{who} signed {stage} where every stage had signed", who=who, stage=said.stage),
            )
        stage = self.workflow.stage(said.stage)
        if stage is None:
            return
        yield from self._office(index, stage, self.snapshot.header.unit)
        yield from self._people(index)
        if index and said.manifest != self.path[index - 1].statement.manifest and not stage.may_amend:
            yield self._say(
                "chain-broken", t("the files changed at the stage {id}, which may not amend them", id=stage.id)
            )

    def _linked(self, index: int) -> Iterator[Finding]:
        said = self.path[index].statement
        if index:
            return
        if said.stage != DRAFT:
            yield self._say(
                "chain-broken",
                t(
                    "{stage} by {by} follows no approval of version {version}",
                    stage=said.stage,
                    by=said.by,
                    version=said.version,
                ),
            )
        elif said.version == 1 and said.previous != NONE:
            yield self._say(
                "chain-broken", t("the first version follows nothing, yet its draft names a previous statement")
            )
        elif said.version > 1 and said.previous not in self.earlier:
            yield self._say(
                "chain-broken",
                t("the draft of version {version} follows no earlier statement of the item", version=said.version),
            )

    def _office(self, index: int, stage: Stage, unit: str) -> Iterator[Finding]:
        said = self.path[index].statement
        if not self.policy.people.holds(said.person, stage.by, unit):
            could = listed(self.policy.people.holders(stage.by, unit)) or t("nobody yet")
            offices = either(map(str, stage.by))
            yield self._say(
                "not-authorised",
                t(
                    "{person} signed {id} without the office {offices}",
                    person=said.person,
                    id=stage.id,
                    offices=offices,
                ),
                t("ask one of: {people}", people=could),
            )
        if not said.signatory:
            return
        drafting = self.workflow.stage(DRAFT) if self.workflow else None
        if not stage.paper:
            yield self._say("paper-not-allowed", t("the stage {id} takes no signature on paper", id=stage.id))
        if drafting is None or not self.policy.people.holds(said.by, drafting.by, unit):
            yield self._say(
                "not-authorised",
                t("{by} relays a paper without the office of the stage {stage}", by=said.by, stage=DRAFT),
            )
        if not any(self.bench.evidence.trees.scan_of(commit, said.paper) for commit, _ in self.path[index].commits):
            yield self._say(
                "paper-missing",
                t("there is no scan evidence/{digest}.*", digest=said.paper.removeprefix("sha256:")),
            )

    def _people(self, index: int) -> Iterator[Finding]:
        said = self.path[index].statement
        for earlier in self.path[:index]:
            if earlier.statement.person != said.person:
                continue
            same_stage = earlier.statement.stage == said.stage
            if same_stage or (self.workflow and not self.workflow.same_person):
                yield self._say(
                    "same-person",
                    t(
                        "{person} signed both {first} and {second}",
                        person=said.person,
                        first=earlier.statement.stage,
                        second=said.stage,
                    ),
                    t("another person must sign one of the two"),
                )
                return

    def _time(self, index: int) -> Iterator[Finding]:
        at = parse_instant(self.path[index].statement.at)
        if index and at < parse_instant(self.path[index - 1].statement.at):
            yield self._say(
                "time-order",
                t("{who} says a time before the sign-off it follows", who=self._who(index)),
                t("check the clock"),
            )
        if at > self.bench.now + _TOLERANCE:
            yield self._say(
                "time-order", t("{who} says a time over a day ahead", who=self._who(index)), t("check the clock")
            )

    def _who(self, index: int) -> str:
        said = self.path[index].statement
        return t("{id} ({name})", id=said.person, name=said.stage)

    def _say(self, code: str, message: str, hint: str = "") -> Finding:
        return finding(
            code,
            t("version {version}: {what}", version=self.path[0].statement.version, what=message),
            item=self.item,
            path=record_of(self.item),
            hint=hint,
        )
