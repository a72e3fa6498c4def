"""Changes of people.yaml: who is there, with which offices and keys. Bytes in, bytes out; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.actions.policy_edits import Block, put, replace, take
from review.actions.policy_edits_names import known_office, known_person, new_id
from review.errors import Refused, UnusableSite
from review.formats.clean_text import clean_line
from review.formats.openpgp_certificates import certificate_fingerprint
from review.formats.policy_files import CERTIFICATES, PEOPLE
from review.formats.public_keys import parse_public_key
from review.formats.schema import check
from review.formats.strict_yaml import load
from review.messages import listed, t, typed
from review.model.people import Office, People, Person
from review.model.policies import Policy

ADMINISTRATORS = ("administrators", "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenKey:
    """A public key to write down: as the file says it, and its fingerprint. `certificate` are an OpenPGP file's bytes."""

    text: str
    fingerprint: str
    certificate: bytes = b""


def add_person(
    data: bytes,
    policy: Policy,
    *,
    person: str,
    name: str,
    offices: Sequence[str],
    keys: Sequence[GivenKey],
    administrator: bool,
) -> bytes:
    """Add somebody new, below the last person of the same unit or group; an administrator below the administrators."""
    new_id(person, where="PERSON")
    people = policy.people
    if person in people.people:
        raise Refused(
            t("{person} is there already", person=person),
            where=PEOPLE,
            hint=t("choose another id; to change somebody, see: qianfa people --help"),
        )
    said = clean_line(name).strip()
    if not said:
        raise UnusableSite(t("a name is needed"), where="--name", hint=t("give the name as it is to be shown"))
    held = list(dict.fromkeys(known_office(text, policy, where="--office") for text in offices))
    if not held and not administrator:
        raise UnusableSite(
            t("{person} would have nothing to do", person=person),
            where="--office",
            hint=t("give at least one office, such as officer@UNIT, or --admin"),
        )
    if not keys:
        raise UnusableSite(
            t("a key is needed"),
            where="--key",
            hint=t("give the file of the person's public key, FILE.pub, or its text"),
        )
    for key in keys:
        _free(key, people)
    entry = {
        "name": said,
        "offices": [str(office) for office in held],
        "keys": Block(list(dict.fromkeys(key.text for key in keys))),
    }
    changed = put(data, ("people",), _place_for(held, people), (person, Block(entry)))
    return put(changed, ADMINISTRATORS, None, person) if administrator else changed


def _place_for(offices: Sequence[Office], people: People) -> int:
    """Return where somebody new belongs: below the last one of the same place, or of the administrators."""
    places = {office.place for office in offices}
    rows = list(people.people.values())
    near = [
        number
        for number, one in enumerate(rows, 1)
        if (places & {office.place for office in one.offices} if places else one.id in people.administrators)
    ]
    return max(near, default=len(rows))


def retire(data: bytes, policy: Policy, person: str) -> bytes:
    """Take somebody out, as an administrator, too; refused where fewer administrators than needed would be left."""
    people = policy.people
    if known_person(person, policy) in people.administrators:
        left = [one for one in people.administrators if one != person]
        _still_enough(people, left, person)
        data = take(data, (*ADMINISTRATORS, people.administrators.index(person)))
    return take(data, ("people", person))


def _still_enough(people: People, left: Sequence[str], person: str) -> None:
    if len(left) < people.needs:
        raise Refused(
            t(
                "a policy takes {needs} administrators, and without {person} there would be {count}",
                needs=people.needs,
                person=person,
                count=len(left),
            ),
            where=PEOPLE,
            hint=t("add another first: qianfa people add PERSON --admin … (or lower needs in people.yaml)"),
        )


def _still_signing(people: People, person: Person, key: str) -> None:
    """Refuse to take an administrator's last key where too few others have one: nothing could be signed any more."""
    if person.id not in people.administrators or any(one != key for one in person.keys):
        return
    others = [one for one in people.administrators if one != person.id and people.people[one].keys]
    if len(others) < people.needs:
        raise Refused(
            t(
                "a policy takes {needs} administrators, and without this key only {count} could sign",
                needs=people.needs,
                count=len(others),
            ),
            where=PEOPLE,
            hint=t(
                "have another key or administrator signed first: qianfa people key add {person} …",
                person=typed(person.id),
            ),
        )


def add_key(data: bytes, policy: Policy, person: str, key: GivenKey) -> bytes:
    """Add a key to somebody's."""
    someone = policy.people.people[known_person(person, policy)]
    _free(key, policy.people, someone)
    return put(data, ("people", person, "keys"), None, key.text)


def remove_key(data: bytes, policy: Policy, person: str, fingerprint: str, files: Mapping[str, bytes]) -> bytes:
    """Take a key out that was replaced or is not used any more: what it signed in time stays."""
    someone = policy.people.people[known_person(person, policy)]
    if fingerprint in someone.compromised:
        raise Refused(
            t("the key {fingerprint} of {person} is marked compromised, and stays listed so", fingerprint=fingerprint,
              person=person),
            where=PEOPLE,
            hint=t("nothing is left to do"),
        )  # fmt: skip
    number = _key_number(data, policy, person, fingerprint, files)
    _still_signing(policy.people, someone, fingerprint)
    return take(data, ("people", person, "keys", number))


def mark_key(data: bytes, policy: Policy, person: str, fingerprint: str, files: Mapping[str, bytes]) -> bytes:
    """Mark a key compromised where it stands: nothing that it signed counts, whenever that was."""
    someone = policy.people.people[known_person(person, policy)]
    if fingerprint in someone.compromised:
        raise Refused(
            t("the key {fingerprint} of {person} is marked already", fingerprint=fingerprint, person=person),
            where=PEOPLE,
            hint=t("see what waits to be signed: qianfa policy diff"),
        )
    number = _key_number(data, policy, person, fingerprint, files)
    _still_signing(policy.people, someone, fingerprint)
    said = _keys(data, person)[number]
    text = said["key"] if isinstance(said, dict) else said
    return replace(data, ("people", person, "keys", number), {"key": text, "compromised": "yes"})


def list_marked(data: bytes, policy: Policy, *, former: Person, text: str) -> bytes:
    """List a key that was taken out before, marked compromised; its person, too, without office, where they have left."""
    mark = {"key": text, "compromised": "yes"}
    if former.id in policy.people.people:
        return put(data, ("people", former.id, "keys"), None, mark)
    entry = {"name": former.name, "offices": [], "keys": Block([mark])}
    return put(data, ("people",), None, (former.id, Block(entry)))


def delegate(data: bytes, policy: Policy, office_text: str, person: str) -> bytes:
    """Give an office to somebody who stands in for its holder."""
    people = policy.people
    office = known_office(office_text, policy, where="OFFICE")
    someone = people.people[known_person(person, policy)]
    if office in someone.stands_in:
        raise Refused(t("{person} stands in for {office} already", person=person, office=office), where=PEOPLE,
                      hint=t("to end it: qianfa people delegate {office} --to {person} --end", office=typed(str(office)),
                             person=typed(person)))  # fmt: skip
    if people.holds(person, (office,), ""):
        raise Refused(
            t("{person} holds {office} already", person=person, office=office),
            where=PEOPLE,
            hint=t("delegate it to somebody else"),
        )
    if not any(people.holds(one, (office,), "") for one in people.people):
        raise Refused(
            t("nobody holds {office}, so nobody can stand in for its holder", office=office),
            where=PEOPLE,
            hint=t("give it to somebody of their own: add it to their offices in people.yaml"),
        )
    data = put(data, ("people", person, "offices"), None, str(office))
    if someone.stands_in:
        return put(data, ("people", person, "stands_in"), None, str(office))
    after = list(_raw(data)["people"][person]).index("offices") + 1
    return put(data, ("people", person), after, ("stands_in", [str(office)]))


def end_delegation(data: bytes, policy: Policy, office_text: str, person: str) -> bytes:
    """Take an office back from somebody who stood in for its holder."""
    office = known_office(office_text, policy, where="OFFICE")
    someone = policy.people.people[known_person(person, policy)]
    if office not in someone.stands_in:
        standing = listed(
            t("{id} ({name})", id=one.id, name=listed(map(str, one.stands_in)))
            for one in policy.people.people.values()
            if one.stands_in
        )
        raise Refused(
            t("{person} does not stand in for {office}", person=person, office=office),
            where=PEOPLE,
            hint=t("these stand in: {standing}", standing=standing) if standing else t("nobody stands in for anybody"),
        )
    data = take(data, ("people", person, "offices", someone.offices.index(office)))
    if len(someone.stands_in) == 1:
        return take(data, ("people", person, "stands_in"))
    return take(data, ("people", person, "stands_in", someone.stands_in.index(office)))


def _free(key: GivenKey, people: People, person: Person | None = None) -> None:
    """Refuse a key that is somebody's already, marked or not."""
    owner = next((one for one in people.people.values() if key.fingerprint in (*one.keys, *one.compromised)), None)
    if owner is None:
        return
    what = (
        t("the key {fingerprint} of {owner} is marked compromised", fingerprint=key.fingerprint, owner=owner.id)
        if key.fingerprint in owner.compromised
        else t("the key {fingerprint} is listed already", fingerprint=key.fingerprint)
        if owner is person
        else t("the key {fingerprint} is {owner}'s", fingerprint=key.fingerprint, owner=owner.id)
    )
    raise Refused(what, where=PEOPLE, hint=t("give a key of the person's own: ssh-keygen -t ed25519 makes one"))


def _key_number(data: bytes, policy: Policy, person: str, fingerprint: str, files: Mapping[str, bytes]) -> int:
    for number, said in enumerate(_keys(data, person)):
        text = said["key"] if isinstance(said, dict) else said
        if fingerprint_in(text, files) == fingerprint:
            return number
    owner = policy.people.owners.get(fingerprint, "")
    mine = policy.people.people[person].keys
    raise Refused(
        t("the key {fingerprint} is {owner}'s, not {person}'s", fingerprint=fingerprint, owner=owner, person=person)
        if owner
        else t("{person} has no key {fingerprint}", person=person, fingerprint=fingerprint),
        where=PEOPLE,
        hint=t("their keys are {keys}", keys=listed(mine)) if mine else t("they have no key"),
    )


def fingerprint_in(text: str, files: Mapping[str, bytes]) -> str:
    """Return the fingerprint of a key as people.yaml names it; `files` has the certificates."""
    return (
        certificate_fingerprint(files.get(text, b""))
        if text.startswith(CERTIFICATES)
        else parse_public_key(text).fingerprint
    )


def _keys(data: bytes, person: str) -> list[Any]:
    return list(_raw(data)["people"][person]["keys"])


def _raw(data: bytes) -> dict[str, Any]:
    return check("people", load(data), data)
