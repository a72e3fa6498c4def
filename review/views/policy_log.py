"""The versions of a site's policy: who signed each and when, how many it took, which of them waits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.gate.bench import Bench
from review.gate.policy_signers import own_proofs, signatures
from review.model.digests import content_code
from review.model.evidence import Attestation, Made
from review.model.instants import parse_instant
from review.model.paths import POLICY
from review.model.people import People
from review.model.policies import Policy
from review.views.names import someone


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An administrator's signature of a version. `key` and `commit` prove it."""

    by: str
    name: str
    at: str
    key: str
    commit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version: in force now, in force once, or waiting for `missing` more of `may_sign`.

    `needs` of `administrators` must sign it by its own rules. `here` tells whether the files at the commit are of this version.
    """

    version: int
    state: str
    manifest: str
    code: str
    commit: str
    needs: int
    administrators: tuple[str, ...]
    signatures: tuple[Signature, ...]
    missing: int
    may_sign: tuple[str, ...]
    here: bool


def entries(bench: Bench) -> tuple[Entry, ...]:
    """Return every version from the first to the one in force, then those that wait."""
    here = bench.evidence.trees.policy(bench.evidence.commit)
    done = []
    for number, version in sorted(bench.versions.items()):
        people = version.policy.people
        made = [bench.evidence.made[digest] for digest in version.statements]
        done.append(
            Entry(
                version=number,
                state="in-force" if version is bench.in_force else "past",
                manifest=version.manifest,
                code=content_code(version.manifest),
                commit=version.commit,
                needs=people.needs,
                administrators=people.administrators,
                signatures=_signatures(made, bench, _rules(bench, number, version.policy)),
                missing=0,
                may_sign=(),
                here=version.manifest == here.manifest,
            )
        )
    return (*done, *_waiting(bench, here.manifest, here.policy))


def _waiting(bench: Bench, here: str, policy_here: Policy | None) -> Iterable[Entry]:
    """Yield what somebody began to sign, and what lies at the commit and nobody signed."""
    number = bench.in_force.version + 1
    begun: dict[str, list[Made]] = {}
    for made in bench.evidence.of(POLICY):
        said = made.statement
        follows = said.version == number and said.decision == "approve" and any(one.keys for one in made.attestations)
        if follows and said.manifest != bench.in_force.manifest:
            begun.setdefault(said.manifest, []).append(made)
    if here and here != bench.in_force.manifest:
        begun.setdefault(here, [])
    for manifest, made_so_far in begun.items():
        policy = policy_here if manifest == here else _policy_of(manifest, made_so_far, bench)
        rules = _rules(bench, number, policy)
        barred = bench.compromised | (policy.people.compromised if policy else frozenset())
        proofs = signatures(bench, policy.people if policy else None)
        signed = _signatures([one for one in made_so_far if proofs[one.digest]], bench, rules, barred)
        if not signed and manifest != here:
            continue  # somebody else's signature begins nothing
        short = [(people, people.needs - sum(_counts(one, people) for one in signed)) for people in rules]
        own = policy.people if policy else bench.in_force.policy.people
        names = {one.by for one in signed}
        yield Entry(
            version=number,
            state="waiting",
            manifest=manifest,
            code=content_code(manifest),
            commit="",
            needs=own.needs,
            administrators=own.administrators,
            signatures=signed,
            missing=max(0, *(missing for _, missing in short)),
            may_sign=tuple(
                dict.fromkeys(
                    admin
                    for people, missing in short
                    if missing > 0
                    for admin in people.administrators
                    if admin not in names or not any(one.by == admin and _counts(one, people) for one in signed)
                )
            ),
            here=manifest == here,
        )


def _policy_of(manifest: str, made: Iterable[Made], bench: Bench) -> Policy | None:
    snapshots = (bench.evidence.trees.policy(one.commit) for each in made for one in each.attestations)
    return next((snapshot.policy for snapshot in snapshots if snapshot.manifest == manifest), None)


def _rules(bench: Bench, number: int, policy: Policy | None) -> list[People]:
    before = bench.versions.get(number - 1)
    return [*([before.policy.people] if before else []), *([policy.people] if policy else [])]


def _counts(signature: Signature, people: People) -> bool:
    return signature.by in people.administrators and people.key_is(signature.key, signature.by)


def _signatures(
    made: Iterable[Made], bench: Bench, rules: list[People], barred: frozenset[str] = frozenset()
) -> tuple[Signature, ...]:
    found = []
    for one in made:
        proof = _proof(one, rules, barred)
        if proof is not None:
            attestation, key = proof
            said = one.statement
            found.append(
                Signature(
                    by=said.by,
                    name=_name(one, bench),
                    at=said.at,
                    key=key,
                    commit=attestation.commit,
                    note=said.note,
                )
            )
    return tuple(sorted(found, key=lambda one: (parse_instant(one.at), one.by)))


def _name(made: Made, bench: Bench) -> str:
    """Return the name by the versions in force; the id where none vouches for the key, for then nothing vouches for a name."""
    by = made.statement.by
    return (someone(by, bench).name if own_proofs(made, bench) else "") or by


def _proof(made: Made, rules: list[People], barred: frozenset[str]) -> tuple[Attestation, str] | None:
    """Return the commit and the key of an administrator who signed, by the rules that judge it; `barred` keys prove nothing."""
    by = made.statement.by
    usable = [one for one in made.attestations if one.keys.isdisjoint(barred)]
    for attestation in sorted(usable, key=lambda one: one.commit):
        for key in sorted(attestation.keys):
            if any(by in people.administrators and people.key_is(key, by) for people in rules):
                return attestation, key
    return None
