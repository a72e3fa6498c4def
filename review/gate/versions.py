"""What became of each version of an item: its chains, which of them counts, who returned or withdrew it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from review.gate import chains, reviews
from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.counting import COMPROMISED, Signed, count
from review.model.findings import Finding
from review.model.records import Header
from review.model.statements import Statement
from review.model.workflows import DRAFT, Stage, Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: the chain that speaks for it, and the return that stops it.

    `chain` is the complete one, of several the one that came first; else the longest good one; else the longest. `void`
    says that all that is left of the version hangs on sign-offs by compromised keys.
    """

    number: int
    chain: Chain
    returned: Signed | None
    void: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether every stage has signed and nobody returned it in time."""
        return self.chain.complete and self.returned is None

    def next_stage(self, workflow: Workflow | None) -> Stage | None:
        """Return the stage that can be signed now, `workflow` being the one in force, which then judges the chain."""
        signed = [signed.statement.stage for signed in self.chain.signed]
        slots = workflow.slots if workflow else ()
        if [stage.id for stage in slots[: len(signed)]] == signed:
            return slots[len(signed)] if len(signed) < len(slots) else None
        return self.chain.next_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that was signed about an item.

    `known` are the statements that count, by digest; `uncounted` says of the others, by their mirror, why they were
    never made; `effective` are those with an effect: in a good chain, or a valid return or withdrawal; `refused` says
    of the rest, by digest, why they have none. `voided` are the statements that would count but for a compromised key,
    `hanging` those that count and have no effect, because what they follow is voided: both by digest. `unmarked` is the
    story as it would be told if no key were marked, None where that is the same.
    """

    item: str
    known: Mapping[str, Signed]
    uncounted: Mapping[tuple[str | int, ...], Finding]
    versions: Mapping[int, Version]
    withdrawn_up_to: int
    effective: frozenset[str]
    refused: Mapping[str, tuple[Finding, ...]]
    voided: Mapping[str, Statement] = field(default_factory=dict)
    hanging: frozenset[str] = frozenset()
    unmarked: Story | None = None

    @property
    def newest(self) -> Version | None:
        """The newest version with a good chain; the newest of all where there is none with one. A void one is none."""
        begun = [version for version in self.versions.values() if not version.void]
        good = [version for version in begun if version.chain.good]
        return max(good or begun, key=lambda version: version.number, default=None)

    @property
    def next_number(self) -> int:
        """The number of the version that comes next: none that was begun has it, and nothing that counts ends it.

        Void numbers are passed over one by one: a thief may have taken one far beyond them.
        """
        newest = self.newest
        hanging = (self.known[digest].statement.version for digest in self.hanging)
        number = max(newest.number if newest else 0, self.withdrawn_up_to, *hanging) + 1
        void = {said.version for said in self.void_in_time.values()}
        while void and (number in void or number in self.versions):
            number += 1
        return number

    @property
    def void_in_time(self) -> Mapping[str, Statement]:
        """The statements that a key signed before it was marked, by digest."""
        counted = self.unmarked.known if self.unmarked is not None else {}
        return {digest: said for digest, said in self.voided.items() if digest in counted}

    def standing(self) -> list[Version]:
        """Return the complete versions that nobody withdrew, the newest first."""
        complete = [v for v in self.versions.values() if v.complete and v.number > self.withdrawn_up_to]
        return sorted(complete, key=lambda version: -version.number)


def tell(item: str, bench: Bench) -> Story:
    """Return the story of an item."""
    known: dict[str, Signed] = {}
    uncounted: dict[tuple[str | int, ...], Finding] = {}
    voided: dict[str, Statement] = {}
    for made in bench.evidence.of(item):
        counted = count(made, bench)
        if isinstance(counted, Signed):
            known[counted.digest] = counted
        else:
            uncounted[made.statement.mirror] = counted
            if counted.code == COMPROMISED:
                voided[made.digest] = made.statement
    hanging = _hanging(known, voided, bench.longest) if voided else frozenset()
    unmarked = tell(item, replace(bench, compromised=frozenset())) if voided and bench.compromised else None
    by_version: dict[int, list[Signed]] = {}
    for signed in known.values():
        if signed.statement.decision == "approve":
            by_version.setdefault(signed.statement.version, []).append(signed)
    returns = tuple(one for one in reviews.valid_returns(item, known, bench) if one.digest not in hanging)
    versions: dict[int, Version] = {}
    effective = {signed.digest for signed in returns}
    refused: dict[str, tuple[Finding, ...]] = {}
    for number, approvals in sorted(by_version.items()):
        standing = [one for one in approvals if one.digest not in hanging]
        judged = _judged(item, standing or approvals, known, bench, voided)
        versions[number] = _version(number, judged.values(), returns, bench, void=not standing)
        effective.update(signed.digest for chain in judged.values() if chain.good for signed in chain.signed)
        refused.update((digest, chain.refusals) for digest, chain in judged.items())
    withdrawn_up_to = 0
    headers, complete = _headers(versions), [version.number for version in versions.values() if version.complete]
    for signed in known.values():
        if signed.statement.decision == "return" and signed.digest not in effective:
            refused[signed.digest] = reviews.return_objection(item, signed, known, bench)
        elif signed.statement.decision == "withdraw":
            refused[signed.digest] = reviews.withdrawal_objection(signed, headers, complete, bench)
            # What somebody ended stays so, though what they ended is void by now.
            if not refused[signed.digest] or (unmarked is not None and signed.digest in unmarked.effective):
                effective.add(signed.digest)
                withdrawn_up_to = max(withdrawn_up_to, signed.statement.version)
    return Story(
        item=item,
        known=known,
        uncounted=uncounted,
        versions=versions,
        withdrawn_up_to=withdrawn_up_to,
        effective=frozenset(effective),
        refused={
            digest: findings
            for digest, findings in refused.items()
            if digest not in effective and digest not in hanging
        },
        voided=voided,
        hanging=hanging,
        unmarked=unmarked,
    )


def _hanging(known: Mapping[str, Signed], voided: Mapping[str, Statement], longest: int) -> frozenset[str]:
    """Return the statements that count and have nothing to stand on, because a compromised key signed it."""
    found: set[str] = set()
    for signed in known.values():
        if signed.statement.decision == "approve":
            first = chains.path_to(signed, known, longest)[0].statement
            before = voided.get(first.previous)
            linked = before is not None and before.decision == "approve" and before.version == first.version
            if linked and (first.stage != DRAFT or first.version == 1):
                found.add(signed.digest)
    for signed in known.values():
        previous = signed.statement.previous
        if signed.statement.decision == "return" and (previous in voided or previous in found):
            found.add(signed.digest)
    return frozenset(found)


def _judged(
    item: str,
    approvals: list[Signed],
    known: Mapping[str, Signed],
    bench: Bench,
    voided: Collection[str],
) -> dict[str, Chain]:
    """Judge the chains that matter, by the digest of their last statement.

    These are the ones that nothing follows, the ones that some workflow could end with, those that no other contains,
    and, from each that is not good, back to one that is. The rest are good with what follows them.
    """
    followed = {signed.statement.previous for signed in approvals}
    ends = {stage for _, stage in bench.endings}
    judged: dict[str, Chain] = {}
    contained: set[str] = set()

    def judge(signed: Signed) -> Chain:
        if signed.digest not in judged:
            path = chains.path_to(signed, known, bench.longest)
            judged[signed.digest] = chains.judge(item, path, known, bench, voided)
            contained.update(one.digest for one in judged[signed.digest].signed)
        return judged[signed.digest]

    first = [one for one in approvals if one.digest not in followed or one.statement.stage in ends]
    for number, signed in enumerate((*first, *approvals)):
        if number >= len(first) and signed.digest in contained:
            continue
        chain = judge(signed)
        while not chain.good and len(chain.signed) > 1 and chain.signed[-2].digest not in judged:
            chain = judge(chain.signed[-2])
    return judged


def _version(number: int, judged: Iterable[Chain], returns: tuple[Signed, ...], bench: Bench, *, void: bool) -> Version:
    verdicts = [(chain, reviews.returned_by(chain, returns, bench)) for chain in judged]
    complete = [chain for chain, returned in verdicts if chain.complete and returned is None]
    if complete:
        return Version(number=number, chain=_first(complete, bench), returned=None)

    given_up = {chain.signed[0].statement.previous for chain, _ in verdicts if chain.good}

    def rank(verdict: tuple[Chain, Signed | None]) -> tuple[bool, bool, bool, int, str]:
        chain, returned = verdict
        known_better = chain.last.digest in given_up
        return (not chain.good, known_better, returned is not None, -len(chain.signed), chain.last.digest)

    chain, returned = min(verdicts, key=rank)
    return Version(number=number, chain=chain, returned=returned, void=void)


def _first(complete: list[Chain], bench: Bench) -> Chain:
    """Return the chain that provably came first; of those where none did, the one whose content most people signed."""
    undone = [one for one in complete if not any(_before(other, one, bench) for other in complete if other is not one)]
    return min(undone or complete, key=lambda chain: (-_agreed(chain), chain.last.digest))


def _before(one: Chain, other: Chain, bench: Bench) -> bool:
    """Tell whether `one` was complete before `other` was: some link of `other` was made only after it."""
    if one.last.digest in {signed.digest for signed in other.signed}:
        return True
    if other.last.digest in {signed.digest for signed in one.signed}:
        return False
    graph = bench.evidence.graph
    return any(
        all(any(graph.is_ancestor(early, late) for early, _ in one.last.commits) for late, _ in signed.commits)
        for signed in other.signed
    )


def _agreed(chain: Chain) -> int:
    return sum(signed.statement.manifest == chain.last.statement.manifest for signed in chain.signed)


def _headers(versions: Mapping[int, Version]) -> dict[int, Header]:
    return {
        number: version.chain.snapshot.header
        for number, version in versions.items()
        if version.chain.snapshot is not None and version.chain.snapshot.header is not None
    }
