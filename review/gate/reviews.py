"""What takes a version back: returns while it is on its way, withdrawals once and for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from review.gate.bench import Bench
from review.gate.chains import Chain, chain_to, path_to
from review.gate.content_rules import workflow_for
from review.gate.counting import Signed
from review.messages import either, listed, t
from review.model.findings import Finding, finding
from review.model.paths import POLICY, record_of
from review.model.people import Office
from review.model.records import Header
from review.model.statements import Statement
from review.model.workflows import DRAFT, WITHDRAW, Stage, Workflow


def valid_returns(item: str, known: Mapping[str, Signed], bench: Bench) -> tuple[Signed, ...]:
    """Return the returns made by someone who holds the office of a stage that was still to come."""
    return tuple(
        signed
        for signed in known.values()
        if signed.statement.decision == "return" and not return_objection(item, signed, known, bench)
    )


def return_objection(item: str, signed: Signed, known: Mapping[str, Signed], bench: Bench) -> tuple[Finding, ...]:
    """Say why a return has no effect; empty where it has."""
    said = signed.statement
    target = known.get(said.previous)
    if target is None or target.statement.decision != "approve" or target.statement.version != said.version:
        return (_refusal(said, "chain-broken", t("follows no approval of that version")),)
    path, snapshot, _ = chain_to(item, path_to(target, known, bench.longest), bench)
    # A return is judged by its own version, which may know other stages than the chain's.
    policy = bench.policy(signed.version)
    workflow = workflow_for(snapshot.header, policy) if snapshot and snapshot.header else None
    if snapshot is None or snapshot.header is None or workflow is None:
        return (_refusal(said, "chain-broken", t("follows files that no chain takes")),)
    to_come = workflow.slots[len(path) :]
    stage = workflow.stage(said.stage)
    if stage is None or stage not in to_come:
        could = sorted({one for stage in to_come for one in policy.people.holders(stage.by, snapshot.header.unit)})
        return (_refusal(said, "not-authorised", t("is made for a stage that is not to come"), could),)
    return _may_sign(signed, stage, workflow, snapshot.header, bench)


def _may_sign(signed: Signed, stage: Stage, workflow: Workflow, header: Header, bench: Bench) -> tuple[Finding, ...]:
    said, people = signed.statement, bench.policy(signed.version).people
    if not people.holds(said.person, stage.by, header.unit):
        return (
            _refusal(
                said,
                "not-authorised",
                t("is made without the office {offices}", offices=_any(stage.by)),
                people.holders(stage.by, header.unit),
            ),
        )
    if not said.signatory:
        return ()
    drafting = workflow.stage(DRAFT)
    if not stage.paper:
        return (_refusal(said, "paper-not-allowed", t("is on paper, which the stage {id} does not take", id=stage.id)),)
    if drafting is None or not people.holds(said.by, drafting.by, header.unit):
        return (
            _refusal(
                said,
                "not-authorised",
                t("is relayed by {by} without the office of the stage {stage}", by=said.by, stage=DRAFT),
            ),
        )
    if not any(bench.evidence.trees.scan_of(commit, said.paper) for commit, _ in signed.commits):
        return (
            _refusal(
                said,
                "paper-missing",
                t("has no scan evidence/{digest}.*", digest=said.paper.removeprefix("sha256:")),
            ),
        )
    return ()


def _any(offices: Iterable[Office]) -> str:
    return either(map(str, offices))


def _refusal(said: Statement, code: str, what: str, could: Iterable[str] = ()) -> Finding:
    names = listed(could)
    return finding(
        code,
        t(
            "version {version}: the {decision} by {person} {what}",
            version=said.version,
            decision=said.decision,
            person=said.person,
            what=what,
        ),
        item=said.item,
        path=record_of(said.item),
        hint=t("ask one of: {people}", people=names)
        if names
        else t("take the entry out of the record: it has no effect"),
    )


def returned_by(chain: Chain, returns: Iterable[Signed], bench: Bench) -> Signed | None:
    """Return the return that stops this chain, None where none does.

    Of a chain that is complete, its last statement cannot be returned, and a return that came after it has no effect:
    it came after where each of its commits descends from one of the last statement's.
    """
    covered = chain.signed[:-1] if chain.complete else chain.signed
    targets = {signed.digest for signed in covered}
    for signed in sorted(returns, key=lambda one: one.digest):
        if signed.statement.previous in targets and not (chain.complete and _came_after(signed, chain.last, bench)):
            return signed
    return None


def _came_after(signed: Signed, last: Signed, bench: Bench) -> bool:
    graph = bench.evidence.graph
    return all(any(graph.is_ancestor(commit, late) for commit, _ in last.commits) for late, _ in signed.commits)


def withdrawal_objection(
    signed: Signed, headers: Mapping[int, Header], complete: Collection[int], bench: Bench
) -> tuple[Finding, ...]:
    """Say why a withdrawal has no effect; empty where it has.

    `headers` are those of the versions signed, `complete` the versions that are. The submitting unit is that of the
    highest complete version that it ends: nobody's draft makes it another.
    """
    said = signed.statement
    if said.stage != WITHDRAW or said.item == POLICY or said.signatory:
        return (_refusal(said, "chain-broken", t("is not one of the stage withdraw, signed with a key")),)
    if said.version not in headers:
        return (_refusal(said, "chain-broken", t("ends a version that nobody signed")),)
    ended = [version for version in complete if version <= said.version and version in headers]
    begun = [version for version in headers if version <= said.version]
    unit = headers[max(ended or begun)].unit if begun else ""
    policy = bench.policy(signed.version)
    offices = policy.workflows.withdrawal
    if policy.people.holds(said.by, offices, unit):
        return ()
    could = policy.people.holders(offices, unit)
    return (_refusal(said, "not-authorised", t("is made without the office {offices}", offices=_any(offices)), could),)
