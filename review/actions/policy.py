"""Sign the policy: an administrator's approval of every policy file. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from review.actions.change import Change
from review.errors import FormatError, Refused
from review.formats import records
from review.formats.clean_text import clean_line
from review.model.digests import NONE
from review.model.evidence import Made, PolicySnapshot
from review.model.paths import POLICY, POLICY_RECORD
from review.model.people import People
from review.model.policies import Policy, PolicyVersion
from review.model.statements import Statement

NEW_RECORD = b"record: 1\nkind: policy\nsign-offs: []\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A policy signature about to be made: the change, the policy it is for, and who signed before and must yet sign."""

    change: Change
    policy: Policy
    signed: tuple[str, ...]
    missing: int
    may_sign: tuple[str, ...]


def signer_of(fingerprint: str, policy: Policy | None, in_force: PolicyVersion | None) -> str:
    """Return the person whose key it is, under the policy in force or the one to sign; empty where it is nobody's."""
    peoples = [version.policy.people for version in (in_force,) if version] + ([policy.people] if policy else [])
    return next((people.owners[fingerprint] for people in peoples if fingerprint in people.owners), "")


def sign(
    *,
    snapshot: PolicySnapshot,
    files: Mapping[str, tuple[str, bytes] | None],
    record: bytes,
    made: tuple[Made, ...],
    in_force: PolicyVersion | None,
    person: str,
    at: dt.datetime,
    note: str,
) -> Signing:
    """Approve the policy files as the next version, or join the administrators who have begun to.

    `snapshot` is what the files make of the policy, `made` are the statements about the policy so far. `Refused` where
    the files are not valid, nothing changed, or the person is no administrator or has signed.
    """
    policy = snapshot.policy
    if policy is None or snapshot.problems:
        first = snapshot.problems[0]
        raise Refused(first.message, hint=first.hint)
    if in_force is not None and snapshot.manifest == in_force.manifest:
        raise Refused(f"these very files are version {in_force.version}, which is in force", hint="change a policy file first")
    rules = [policy.people, *([in_force.policy.people] if in_force else [])]
    if not any(person in people.administrators for people in rules):
        admins = sorted({admin for people in rules for admin in people.administrators})
        raise Refused(f"{person} is no administrator", where="people.yaml", hint=f"ask one of: {', '.join(admins)}")
    number = in_force.version + 1 if in_force else 1
    begun = _begun(made, number, snapshot.manifest, in_force.statements[-1] if in_force else NONE, rules)
    signed = tuple(one.statement.by for one in begun)
    if person in signed:
        raise Refused(f"{person} has signed version {number} already", hint="another administrator signs now")
    statement = Statement(
        site=policy.columns.site.id,
        item=POLICY,
        version=number,
        stage=POLICY,
        decision="approve",
        manifest=snapshot.manifest,
        previous=begun[-1].digest if begun else in_force.statements[-1] if in_force else NONE,
        by=person,
        at=at.isoformat(timespec="seconds"),
        note=clean_line(note),
    )
    try:
        written = records.append(record, statement)
    except FormatError as error:
        raise error.at(POLICY_RECORD) from None
    signed = (*signed, person)
    return Signing(
        change=Change(files={**files, POLICY_RECORD: ("100644", written)}, statement=statement),
        policy=policy,
        signed=signed,
        missing=_needed(signed, rules),
        may_sign=tuple(sorted({admin for people in rules for admin in people.administrators} - set(signed))),
    )


def _needed(signed: tuple[str, ...], rules: list[People]) -> int:
    """Return how many more administrators must sign for every set of rules to be content."""
    return max(0, *(people.needs - len(set(signed) & set(people.administrators)) for people in rules))


def _begun(made: tuple[Made, ...], number: int, manifest: str, start: str, rules: list[People]) -> list[Made]:
    """Return the approvals of this version and manifest so far, one following the other."""
    mine = [
        one
        for one in made
        if (one.statement.version, one.statement.manifest) == (number, manifest)
        and any(
            people.key_is(key, one.statement.by)
            for people in rules
            for attestation in one.attestations
            for key in attestation.keys
        )
    ]
    path: list[Made] = []
    following = start
    while found := next((one for one in mine if one.statement.previous == following), None):
        path.append(found)
        following = found.digest
    return path
