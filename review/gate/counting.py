"""Does a statement count? Whose key signed it, under the policy of the time it was made. Offices come later."""

from __future__ import annotations

from dataclasses import dataclass

from review.gate.bench import Bench
from review.messages import t
from review.model.evidence import Attestation, Made
from review.model.findings import Finding, finding
from review.model.paths import record_of
from review.model.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement that counts: of which policy version it is, and the commits that make it count, with their keys."""

    statement: Statement
    digest: str
    version: int
    commits: tuple[tuple[str, str], ...]


def count(made: Made, bench: Bench) -> Signed | Finding:
    """Return the statement as one that counts, or the finding that says why it was never made.

    Each commit is held against the policy of its own time: only one that came before a version's successor can use a
    key of that version. A copy that does not count itself neither helps nor harms another that does.
    """
    counting: list[tuple[int, int, str, str]] = []
    reasons: list[Finding] = []
    for attestation in made.attestations:
        version = bench.version_of(attestation.commit)
        policy = bench.policy(version)
        own = sorted(key for key in attestation.keys if policy.people.key_is(key, made.statement.by))
        if own and policy.columns.site.id == made.statement.site:
            counting.append((version, bench.evidence.graph.generation(attestation.commit), attestation.commit, own[0]))
        else:
            reasons.append(_reason(made.statement, attestation, version, bench))
    if not counting:
        return max(reasons, key=lambda reason: (_TELLING.index(reason.code), reason))
    counting.sort()
    return Signed(
        statement=made.statement,
        digest=made.digest,
        version=counting[0][0],
        commits=tuple((commit, key) for _, _, commit, key in counting),
    )


_TELLING = ("signature-invalid", "signer-unknown", "signer-mismatch")
"""Reasons from the least telling to the most: one valid signature by the wrong person says more than a broken copy."""


def _reason(statement: Statement, attestation: Attestation, version: int, bench: Bench) -> Finding:
    item, path = statement.item, record_of(statement.item)
    said = f"the sign-off {statement.stage} of version {statement.version} by {statement.by}"
    again = f"take the entry out of the record, and ask {statement.by} to sign with a key of people.yaml"
    if not attestation.keys:
        return finding(
            "signature-invalid",
            t("{said}: commit {commit} {problem}", said=said, commit=attestation.commit, problem=attestation.problem),
            item=item,
            path=path,
            hint=attestation.hint or again,
        )
    people = bench.policy(version).people
    holders = sorted({people.owners[key] for key in attestation.keys if key in people.owners})
    if holders and statement.by not in holders:
        return finding(
            "signer-mismatch",
            t("{said} is signed with a key of {holders}", said=said, holders=", ".join(holders)),
            item=item,
            path=path,
            hint=again,
        )
    if holders:
        return finding(
            "signature-invalid",
            t("{said} was made for the site {site}", said=said, site=repr(statement.site)),
            item=item,
            path=path,
            hint=again,
        )
    keys = ", ".join(sorted(attestation.keys))
    return finding(
        "signer-unknown",
        t(
            "{said} is signed with the key {keys}, which nobody holds under policy version {version}",
            said=said,
            keys=keys,
            version=version,
        ),
        item=item,
        path=path,
        hint=again,
    )
