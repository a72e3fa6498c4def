"""Sign the policy: an administrator's approval of every policy file. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from review.actions.change import Change
from review.errors import FormatError, Refused
from review.formats import records
from review.formats.clean_text import clean_line
from review.messages import listed, t
from review.model.digests import NONE
from review.model.evidence import Made, PolicySnapshot
from review.model.paths import POLICY, POLICY_RECORD
from review.model.people import People
from review.model.policies import Policy, PolicyVersion
from review.model.statements import Statement

NEW_RECORD = b"record: 1\nkind: policy\nsign-offs: []\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A policy signature about to be made: the change, the policy it is for, and how many must yet sign, of whom."""

    change: Change
    policy: Policy
    missing: int
    may_sign: tuple[str, ...]


def signer_of(fingerprint: str, policy: Policy | None, in_force: PolicyVersion | None) -> str:
    """Return the person whose key it is, under the policy in force or the one to sign; empty where it is nobody's."""
    peoples = [version.policy.people for version in (in_force,) if version] + ([policy.people] if policy else [])
    return next((people.holder(fingerprint) for people in peoples if people.holder(fingerprint)), "")


def sign(
    *,
    snapshot: PolicySnapshot,
    files: Mapping[str, tuple[str, bytes] | None],
    record: bytes,
    made: tuple[Made, ...],
    in_force: PolicyVersion | None,
    person: str,
    key: str,
    at: dt.datetime,
    note: str,
) -> Signing:
    """Approve the policy files as the next version, or join the administrators who have begun to.

    `snapshot` is what the files make of the policy, `made` are the statements about the policy so far, `key` is the
    fingerprint of an SSH key, empty for OpenPGP. `Refused` where the files are not valid, nothing changed, or the
    person is no administrator or has signed.
    """
    policy = snapshot.policy
    if policy is None or snapshot.problems:
        first = snapshot.problems[0]
        raise Refused(first.message, hint=first.hint)
    if in_force is not None and snapshot.manifest == in_force.manifest:
        raise Refused(
            t("these very files are version {version}, which is in force", version=in_force.version),
            hint=t("change a policy file first"),
        )
    site = in_force.policy.columns.site.id if in_force else policy.columns.site.id
    if policy.columns.site.id != site:
        raise Refused(
            t(
                "the site's id is {site}, which every sign-off says, and would be {id}",
                site=site,
                id=policy.columns.site.id,
            ),
            where="columns.yaml",
            hint=t("leave it {site}; everything would go offline", site=site),
        )
    rules = [policy.people, *([in_force.policy.people] if in_force else [])]
    if not any(person in people.administrators for people in rules):
        admins = sorted({admin for people in rules for admin in people.administrators})
        raise Refused(
            t("{person} is no administrator", person=person),
            where="people.yaml",
            hint=t("ask one of: {people}", people=listed(admins)),
        )
    number = in_force.version + 1 if in_force else 1
    begun = _begun(made, number, snapshot.manifest, in_force.statements[-1] if in_force else NONE, rules)
    counted = frozenset().union(*(_counts(one.statement.by, _keys(one, rules), rules) for one in begun))
    barred = _barred(rules)
    if key in barred:
        raise Refused(
            t("the key {key} of {person} is marked as compromised", key=key, person=person),
            where="people.yaml",
            hint=t("sign with another key, or leave it to the other administrators"),
        )
    keys = {key} if key else {one for people in rules if person in people.people for one in people.people[person].keys}
    counts = _counts(person, keys - barred, rules)
    if counts <= counted:
        raise Refused(
            t("{person} has signed version {number} already", person=person, number=number),
            hint=t("another administrator signs now"),
        )
    counted |= counts
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
    short = [people.needs - sum(place == counting for counting, _ in counted) for place, people in enumerate(rules)]
    return Signing(
        change=Change(files={**files, POLICY_RECORD: ("100644", written)}, statement=statement),
        policy=policy,
        missing=max(0, *short),
        may_sign=tuple(
            sorted(
                {
                    admin
                    for place, people in enumerate(rules)
                    if short[place] > 0
                    for admin in people.administrators
                    if (place, admin) not in counted and _able(people, admin, barred)
                }
            )
        ),
    )


def _counts(person: str, keys: Collection[str], rules: Sequence[People]) -> frozenset[tuple[int, str]]:
    """Return the sets of rules, by place, under which a signature with one of these keys counts, with the person.

    Somebody whose key changes between two versions counts under one of them only, as the gate has it.
    """
    return frozenset(
        (place, person)
        for place, people in enumerate(rules)
        if person in people.administrators and any(people.key_is(key, person) for key in keys)
    )


def _barred(rules: Sequence[People]) -> frozenset[str]:
    """Return the keys that the version before and the one to sign mark: neither needs them, and neither counts them."""
    return frozenset().union(*(people.compromised for people in rules))


def _able(people: People, admin: str, barred: frozenset[str]) -> bool:
    """Tell whether an administrator could sign: one who has no key yet may be given one, one whose keys are marked may not."""
    keys = people.people[admin].keys
    return not keys or not barred.issuperset(keys)


def _keys(made: Made, rules: Sequence[People]) -> frozenset[str]:
    barred = _barred(rules)
    return frozenset().union(*(one.keys for one in made.attestations if one.keys.isdisjoint(barred)))


def _begun(made: tuple[Made, ...], number: int, manifest: str, start: str, rules: Sequence[People]) -> list[Made]:
    """Return the approvals of this version and manifest so far, one following the other."""
    mine = [
        one
        for one in made
        if (one.statement.version, one.statement.manifest) == (number, manifest)
        and _counts(one.statement.by, _keys(one, rules), rules)
    ]
    path: list[Made] = []
    following = start
    while found := next((one for one in mine if one.statement.previous == following), None):
        path.append(found)
        following = found.digest
    return path
