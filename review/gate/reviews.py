"""What takes a version back: returns while it is on its way, withdrawals once and for all. Chains themselves come elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from review.gate.bench import Bench
from review.gate.chains import Chain, held_by, path_to
from review.gate.content_rules import workflow_for
from review.gate.counting import Signed
from review.model.paths import POLICY
from review.model.records import Header
from review.model.workflows import DRAFT, WITHDRAW, Stage, Workflow


def valid_returns(item: str, known: Mapping[str, Signed], bench: Bench) -> tuple[Signed, ...]:
    """Return the returns made by someone who holds the office of a stage that was still to come."""
    return tuple(
        signed
        for signed in known.values()
        if signed.statement.decision == "return" and _may_return(item, signed, known, bench)
    )


def _may_return(item: str, signed: Signed, known: Mapping[str, Signed], bench: Bench) -> bool:
    said = signed.statement
    target = known.get(said.previous)
    if target is None or target.statement.decision != "approve" or target.statement.version != said.version:
        return False
    path = path_to(target, known)
    snapshot, _ = held_by(item, path, bench)
    if snapshot is None or snapshot.header is None:
        return False
    # A return is judged by its own version, which may know other stages than the chain's.
    workflow = workflow_for(snapshot.header, bench.policy(signed.version))
    if workflow is None or said.stage not in {stage.id for stage in workflow.slots[len(path) :]}:
        return False
    stage = workflow.stage(said.stage)
    return stage is not None and _may_sign(signed, stage, workflow, snapshot.header, bench)


def _may_sign(signed: Signed, stage: Stage, workflow: Workflow, header: Header, bench: Bench) -> bool:
    said, people = signed.statement, bench.policy(signed.version).people
    if not people.holds(said.person, stage.by, header.unit):
        return False
    if not said.signatory:
        return True
    drafting = workflow.stage(DRAFT)
    return (
        stage.paper
        and drafting is not None
        and people.holds(said.by, drafting.by, header.unit)
        and any(bench.evidence.trees.scan_of(commit, said.paper) for commit, _ in signed.commits)
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
    return all(
        any(graph.is_ancestor(commit, late) for commit, _ in last.commits) for late, _ in signed.commits
    )


def valid_withdrawals(
    known: Mapping[str, Signed], headers: Mapping[int, Header], bench: Bench
) -> tuple[Signed, ...]:
    """Return the withdrawals made by an office that the workflows name; `headers` are those of the versions signed.

    The submitting unit is that of the newest version that the withdrawal ends.
    """
    return tuple(
        signed
        for signed in known.values()
        if signed.statement.decision == "withdraw" and _may_withdraw(signed, headers, bench)
    )


def _may_withdraw(signed: Signed, headers: Mapping[int, Header], bench: Bench) -> bool:
    said = signed.statement
    if said.stage != WITHDRAW or said.item == POLICY or said.signatory:
        return False
    ended = [version for version in headers if version <= said.version]
    unit = headers[max(ended)].unit if ended else ""
    policy = bench.policy(signed.version)
    return policy.people.holds(said.by, policy.workflows.withdrawal, unit)
