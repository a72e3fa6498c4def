"""`people.yaml` to model: units, people, their offices and keys. Every contradiction is told, with the place it stands at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from review.errors import FormatError
from review.formats.openpgp_certificates import certificate_fingerprint
from review.formats.public_keys import parse_public_key
from review.messages import listed, t
from review.model.people import SUBMITTING_UNIT, Office, People, Person, Unit

CERTIFICATES = "keys/"

Complain = Callable[..., None]
"""Told what is wrong, and the keys and numbers that lead to the place."""


def office(text: str) -> Office:
    """Return the office `<name>@<place>`."""
    name, _, place = text.partition("@")
    return Office(name=name, place=place)


def people_of(raw: dict[str, Any], files: Mapping[str, bytes], complain: Complain) -> People:
    """Return what the file, whose shape is known to be right, says; `files` hold the certificates that it names."""
    units = {id: Unit(id=id, title=str(unit["title"]), group=str(unit["group"])) for id, unit in raw["units"].items()}
    groups = {unit.group for unit in units.values()}
    for id, unit in units.items():
        if SUBMITTING_UNIT in (id, unit.group):
            complain(
                t("no unit and no group may be called {name}", name=repr(SUBMITTING_UNIT)),
                "units",
                id,
            )
    known: dict[str, _Listed] = {}
    people: dict[str, Person] = {}
    for id, person in raw["people"].items():
        offices, stands_in = _offices(id, person, {*units, *groups}, complain)
        keys = _keys(id, person["keys"], known, files, complain)
        people[id] = Person(
            id=id,
            name=str(person["name"]),
            offices=offices,
            keys=tuple(key.fingerprint for key in keys if not key.compromised),
            public_keys=tuple(key.text for key in keys if not key.compromised),
            compromised=tuple(key.fingerprint for key in keys if key.compromised),
            stands_in=stands_in,
        )
    admins = tuple(raw["administrators"]["people"])
    needs = int(raw["administrators"]["needs"])
    _check_administrators(admins, needs, people, complain)
    return People(
        needs=needs,
        administrators=admins,
        units=units,
        people=people,
        owners={key.fingerprint: key.owner for key in known.values() if not key.compromised},
        compromised=frozenset(key.fingerprint for key in known.values() if key.compromised),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A key as it stands in the file: its text, whose it is, and whether it is marked."""

    text: str
    fingerprint: str
    owner: str
    compromised: bool


def _offices(
    id: str, person: Mapping[str, Any], places: set[str], complain: Complain
) -> tuple[tuple[Office, ...], tuple[Office, ...]]:
    """Return the offices of a person, and those of them that are held for somebody else."""
    offices = tuple(office(text) for text in person["offices"])
    for one in offices:
        if one.place not in places:
            complain(
                t(
                    "{id} holds {office}, but no unit or group is called {place}",
                    id=id,
                    office=one,
                    place=repr(one.place),
                ),
                "people",
                id,
                "offices",
            )
    stands_in = tuple(office(text) for text in person.get("stands_in", ()))
    for index, one in enumerate(stands_in):
        if one not in offices:
            complain(
                t("{id} stands in for {office}, which is not among the offices of {id}", id=id, office=one),
                "people",
                id,
                "stands_in",
                index,
            )
    return offices, stands_in


def _keys(
    id: str, listed: list[Any], known: dict[str, _Listed], files: Mapping[str, bytes], complain: Complain
) -> list[_Listed]:
    """Return the keys of a person as the file lists them; `known` are those of everybody so far, by fingerprint."""
    keys = []
    for index, entry in enumerate(listed):
        text = str(entry["key"] if isinstance(entry, dict) else entry)
        marked = isinstance(entry, dict) and entry["compromised"] == "yes"
        place = ("people", id, "keys", index)
        try:
            key = _Listed(text=text, fingerprint=_fingerprint(text, files), owner=id, compromised=marked)
        except FormatError as error:
            complain(t("key {number} of {id}: {what}", number=index + 1, id=id, what=error.what), *place)
            continue
        before = known.setdefault(key.fingerprint, key)
        if before.owner != id:
            complain(
                t(
                    "the key {fingerprint} is {owner}'s and {id}'s",
                    fingerprint=key.fingerprint,
                    owner=before.owner,
                    id=id,
                ),
                *place,
            )
        elif before.compromised != marked:
            complain(
                t(
                    "the key {fingerprint} of {id} stands here twice, once marked as compromised and once not",
                    fingerprint=key.fingerprint,
                    id=id,
                ),
                *place,
            )
        keys.append(key)
    return keys


def _fingerprint(text: str, files: Mapping[str, bytes]) -> str:
    if not text.startswith(CERTIFICATES):
        return parse_public_key(text).fingerprint
    if text not in files:
        raise FormatError(t("there is no file {text}", text=text))
    return certificate_fingerprint(files[text])


def _check_administrators(
    admins: tuple[str, ...], needs: int, people: Mapping[str, Person], complain: Complain
) -> None:
    for id in admins:
        if id not in people:
            complain(t("the administrator {id} is not among the people", id=repr(id)), "administrators", "people")
    if not 1 <= needs <= len(admins):
        complain(
            t("needs is {needs}, with {count} administrators", needs=needs, count=len(admins)),
            "administrators",
            "needs",
        )
    able = [id for id in admins if id in people and people[id].keys]
    barred = [id for id in admins if id in people and people[id].compromised and not people[id].keys]
    # Administrators without any key are a template's; the marks alone must not make the next version impossible.
    if len(able) < needs <= len(able) + len(barred):
        complain(
            t(
                "needs is {needs}, with {count} administrators whose key is not marked as compromised; "
                "give {barred} a new key",
                needs=needs,
                count=len(able),
                barred=listed(barred),
            ),
            "administrators",
            "needs",
        )
