"""Who signed a policy version that waits? Nobody becomes an administrator's key by saying so in files that nobody signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from review.gate.bench import Bench
from review.model.evidence import Made
from review.model.paths import POLICY
from review.model.people import People

Proofs: TypeAlias = tuple[tuple[str, str], ...]
"""Commits, each with the key that makes it say so."""


def signatures(bench: Bench, proposed: People | None) -> Mapping[str, Proofs]:
    """Return, by the digest of each statement about the policy, what says that it is its person's own; empty where nothing does.

    Keys of the versions in force vouch for everybody whom these know. A key that only the `proposed` people have vouches
    for who joins with it, and for somebody who signed the same files with a key in force, too: a rotation.
    """
    made, force = bench.evidence.of(POLICY), bench.in_force
    found = {one.digest: own_proofs(one, bench) for one in made}
    if proposed is None:
        return found
    rotating = {_vote(one) for one in made if found[one.digest]}
    for one in made:
        newcomer = one.statement.by not in force.policy.people.people
        if one.statement.version > force.version and (newcomer or _vote(one) in rotating):
            found[one.digest] = tuple(
                dict.fromkeys((*found[one.digest], *_carried(one, [proposed], bench.compromised)))
            )
    return found


def own_proofs(made: Made, bench: Bench) -> Proofs:
    """Return what says so by the keys of the policy versions in force alone."""
    said, force = made.statement, bench.in_force
    near = [bench.versions[number] for number in (said.version - 1, said.version) if number in bench.versions]
    barred = bench.compromised if said.version > force.version else frozenset()
    return _carried(made, [version.policy.people for version in near or [force]], barred)


def _vote(made: Made) -> tuple[int, str, str]:
    return made.statement.version, made.statement.manifest, made.statement.by


def _carried(made: Made, peoples: Iterable[People], barred: frozenset[str]) -> Proofs:
    known = tuple(peoples)
    return tuple(
        (one.commit, key)
        for one in made.attestations
        if one.keys.isdisjoint(barred)
        for key in sorted(one.keys)
        if any(people.key_is(key, made.statement.by) for people in known)
    )
