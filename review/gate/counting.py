"""Does a statement count? Whose key signed it, under the policy of its time, and no mark on it. Offices come later."""

from __future__ import annotations

from dataclasses import dataclass

from review.gate.bench import Bench
from review.messages import listed, t, typed
from review.model.evidence import Attestation, Made
from review.model.findings import Finding, finding
from review.model.paths import POLICY, record_of
from review.model.statements import Statement
from review.model.workflows import DRAFT


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
    key of that version. A copy that does not count itself neither helps nor harms another that does. A key that the
    policy in force marks as compromised signed nothing, at any time.
    """
    counting: list[tuple[int, int, str, str]] = []
    reasons: list[Finding] = []
    for attestation in made.attestations:
        version = bench.version_of(attestation.commit)
        policy = bench.policy(version)
        own = sorted(key for key in attestation.keys if policy.people.key_is(key, made.statement.by))
        marked = bool(bench.compromised) and not attestation.keys.isdisjoint(bench.compromised)
        if own and not marked and policy.columns.site.id == made.statement.site:
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


COMPROMISED = "key-compromised"

_TELLING = ("signature-invalid", "signer-unknown", "signer-mismatch", COMPROMISED)
"""Reasons from the least telling to the most: one valid signature by the wrong person says more than a broken copy.

What was signed with the right key is a stale sign-off and no forgery, whatever copies of it anyone pushes.
"""


def _reason(statement: Statement, attestation: Attestation, version: int, bench: Bench) -> Finding:
    item, path = statement.item, record_of(statement.item)
    said = t(
        "the sign-off {stage} of version {version} by {by}",
        stage=statement.stage,
        version=statement.version,
        by=statement.by,
    )
    again = t("take the entry out of the record, and ask {by} to sign with a key of people.yaml", by=statement.by)
    if not attestation.keys:
        return finding(
            "signature-invalid",
            t("{said}: commit {commit} {problem}", said=said, commit=attestation.commit, problem=attestation.problem),
            item=item,
            path=path,
            hint=attestation.hint or again,
        )
    people = bench.policy(version).people
    holders = sorted({people.holder(key) for key in attestation.keys} - {""})
    if holders and statement.by not in holders:
        return finding(
            "signer-mismatch",
            t("{said} is signed with a key of {holders}", said=said, holders=listed(holders)),
            item=item,
            path=path,
            hint=again,
        )
    if holders and statement.site == bench.policy(version).columns.site.id:
        return _compromised(statement, attestation, bench, late=not people.compromised.isdisjoint(attestation.keys))
    if holders:
        return finding(
            "signature-invalid",
            t("{said} was made for the site {site}", said=said, site=repr(statement.site)),
            item=item,
            path=path,
            hint=again,
        )
    keys = listed(sorted(attestation.keys))
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


def _compromised(statement: Statement, attestation: Attestation, bench: Bench, *, late: bool) -> Finding:
    """Return what is said of a sign-off by a marked key; `late` tells that it was marked by the time it signed."""
    marked = sorted(key for key in attestation.keys if key in bench.compromised or bench.marked_by(key))
    return finding(
        COMPROMISED,
        _void(statement, ", ".join(marked), min((bench.marked_by(key) for key in marked), default=0)),
        item=statement.item,
        path=record_of(statement.item),
        hint=t("find out who has the key, and take the entry out of the record") if late else _again(statement),
    )


def _void(statement: Statement, key: str, marking: int) -> str:
    by, version = statement.by, statement.version
    if statement.decision == "return":
        return t(
            "{by} returned version {version} with the key {key}, which policy version {marking} marks as compromised; "
            "that counts as never done",
            by=by,
            version=version,
            key=key,
            marking=marking,
        )
    if statement.decision == "withdraw":
        return t(
            "{by} withdrew version {version} with the key {key}, which policy version {marking} marks as compromised; "
            "that counts as never done",
            by=by,
            version=version,
            key=key,
            marking=marking,
        )
    return t(
        "{by} signed {stage} of version {version} with the key {key}, which policy version {marking} marks as "
        "compromised; that counts as never done",
        by=by,
        stage=statement.stage,
        version=version,
        key=key,
        marking=marking,
    )


def _again(statement: Statement) -> str:
    item, by = statement.item, statement.by
    if item == POLICY:
        return t("{by} signs with another key: qianfa policy sign", by=by)
    if statement.decision == "return":
        return t("{by} returns it again with another key: qianfa return {item} --note '…'", by=by, item=typed(item))
    if statement.decision == "withdraw":
        return t("whoever may withdraws it again: qianfa withdraw {item} --note '…'", item=typed(item))
    if statement.stage == DRAFT:
        return t("{by} hands it in again with another key: qianfa submit {item}", by=by, item=typed(item))
    return t("{by} signs again with another key: qianfa approve {item}", by=by, item=typed(item))
