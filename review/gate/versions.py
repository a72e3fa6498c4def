"""What became of each version of an item: its chains, which of them counts, who returned or withdrew it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from review.gate import chains, reviews
from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.counting import Signed, count
from review.model.findings import Finding
from review.model.records import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: the chain that speaks for it, and the verdict on every statement in it that is part of no good chain.

    `chain` is the complete one, of several the one that was complete first; else the longest good one; else the
    longest. `returned` is the return that stops it.
    """

    number: int
    chain: Chain
    returned: Signed | None
    strays: Mapping[str, tuple[Finding, ...]]

    @property
    def complete(self) -> bool:
        """Tell whether every stage has signed and nobody returned it in time."""
        return self.chain.complete and self.returned is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that was signed about an item.

    `known` are the statements that count, by digest; `uncounted` says of the others, by their mirror, why they were
    never made; `effective` are those with an effect: in a good chain, or a valid return or withdrawal.
    """

    item: str
    known: Mapping[str, Signed]
    uncounted: Mapping[tuple[str | int, ...], Finding]
    versions: Mapping[int, Version]
    withdrawn_up_to: int
    effective: frozenset[str]

    @property
    def newest(self) -> Version | None:
        """The newest version with a good chain; the newest of all where there is none with one."""
        good = [version for version in self.versions.values() if version.chain.good]
        return max(good or self.versions.values(), key=lambda version: version.number, default=None)

    def standing(self) -> list[Version]:
        """Return the complete versions that nobody withdrew, the newest first."""
        complete = [v for v in self.versions.values() if v.complete and v.number > self.withdrawn_up_to]
        return sorted(complete, key=lambda version: -version.number)


def tell(item: str, bench: Bench) -> Story:
    """Return the story of an item."""
    known: dict[str, Signed] = {}
    uncounted: dict[tuple[str | int, ...], Finding] = {}
    for made in bench.evidence.of(item):
        counted = count(made, bench)
        if isinstance(counted, Signed):
            known[counted.digest] = counted
        else:
            uncounted[made.statement.mirror] = counted
    by_version: dict[int, list[Signed]] = {}
    for signed in known.values():
        if signed.statement.decision == "approve":
            by_version.setdefault(signed.statement.version, []).append(signed)
    returns = reviews.valid_returns(item, known, bench)
    versions: dict[int, Version] = {}
    effective = {signed.digest for signed in returns}
    for number, approvals in sorted(by_version.items()):
        judged = _judged(item, approvals, known, bench)
        versions[number] = _version(number, judged, returns, bench)
        effective.update(signed.digest for chain in judged if chain.good for signed in chain.signed)
    withdrawals = reviews.valid_withdrawals(known, _headers(versions), bench)
    effective.update(signed.digest for signed in withdrawals)
    return Story(
        item=item,
        known=known,
        uncounted=uncounted,
        versions=versions,
        withdrawn_up_to=max((signed.statement.version for signed in withdrawals), default=0),
        effective=frozenset(effective),
    )


def _judged(item: str, approvals: list[Signed], known: Mapping[str, Signed], bench: Bench) -> list[Chain]:
    """Judge the chains that end in a statement nothing follows, and, where one is not good, those that end before."""
    followed = {signed.statement.previous for signed in approvals}
    judged = []
    for signed in approvals:
        if signed.digest not in followed:
            chain = chains.judge(item, chains.path_to(signed, known), known, bench)
            judged.append(chain)
            while not chain.good and len(chain.signed) > 1:
                chain = chains.judge(item, chain.signed[:-1], known, bench)
                judged.append(chain)
    return judged


def _version(number: int, judged: list[Chain], returns: tuple[Signed, ...], bench: Bench) -> Version:
    generation = bench.evidence.graph.generation
    verdicts = {id(chain): reviews.returned_by(chain, returns, bench) for chain in judged}

    def rank(chain: Chain) -> tuple[bool, bool, bool, int, int, str]:
        complete = chain.complete and verdicts[id(chain)] is None
        stopped = verdicts[id(chain)] is not None
        length = 0 if complete else -len(chain.signed)
        return (not complete, not chain.good, stopped, length, generation(chain.last.commits[0][0]), chain.last.digest)

    best = min(judged, key=rank)
    good = {signed.digest for chain in judged if chain.good for signed in chain.signed}
    strays = {
        signed.digest: (*chain.links[index], *(chain.content if chain is best else ()))
        for chain in judged
        for index, signed in enumerate(chain.signed)
        if signed.digest not in good
    }
    return Version(number=number, chain=best, returned=verdicts[id(best)], strays=strays)


def _headers(versions: Mapping[int, Version]) -> dict[int, Header]:
    return {
        number: version.chain.snapshot.header
        for number, version in versions.items()
        if version.chain.snapshot is not None and version.chain.snapshot.header is not None
    }
