"""Units, people, their offices and keys, and the administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

SUBMITTING_UNIT = "unit"
"""In a workflow, `officer@unit` means the officer of the unit that submits; no unit or group has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """`<name>@<place>`: an office in a unit, or in every unit of a group."""

    name: str
    place: str

    def __str__(self) -> str:
        return f"{self.name}@{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department, institution, county body or other part of the organisation."""

    id: str
    title: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who signs. `keys` are fingerprints: `SHA256:…` of SSH keys, `OPENPGP:…` of certificates.

    They are the usable ones, `public_keys` their texts in the same order; `compromised` are those that are marked so.
    `stands_in` are the offices held for somebody else, all of them among `offices`.
    """

    id: str
    name: str
    offices: tuple[Office, ...]
    keys: tuple[str, ...]
    public_keys: tuple[str, ...] = ()
    compromised: tuple[str, ...] = ()
    stands_in: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The content of `people.yaml`. `owners` says whose a usable key is: a key belongs to one person.

    `compromised` are the keys that this file marks; what marks there are on a site follows from all versions in force.
    """

    needs: int
    administrators: tuple[str, ...]
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    owners: Mapping[str, str]
    compromised: frozenset[str] = frozenset()

    @property
    def groups(self) -> frozenset[str]:
        """Every group a unit belongs to."""
        return frozenset(unit.group for unit in self.units.values())

    def key_is(self, fingerprint: str, person: str) -> bool:
        """Tell whether the key is one of this person's."""
        return self.owners.get(fingerprint) == person

    def holder(self, fingerprint: str) -> str:
        """Return whose key it is, be it usable or marked; empty where it is nobody's."""
        if fingerprint in self.compromised:
            return next((one.id for one in self.people.values() if fingerprint in one.compromised), "")
        return self.owners.get(fingerprint, "")

    def marks_after(self, before: frozenset[str]) -> frozenset[str]:
        """Return the keys that are marked once this file is in force, `before` being those marked until then.

        A mark stays though the key or its person is left out; only the key itself, listed without it, takes it back.
        """
        if not before and not self.compromised:
            return before
        return before.difference(self.owners) | self.compromised

    def holds(self, person: str, offices: tuple[Office, ...], submitting_unit: str) -> bool:
        """Tell whether the person holds one of the offices, `@unit` being the submitting unit.

        An office wanted in a unit is held by whoever has it there or in the unit's group; one wanted in a group
        is held by whoever has it in that group.
        """
        someone = self.people.get(person)
        if someone is None:
            return False
        held = {(office.name, office.place) for office in someone.offices}
        for office in offices:
            place = submitting_unit if office.place == SUBMITTING_UNIT else office.place
            unit = self.units.get(place)
            if (office.name, place) in held or (unit is not None and (office.name, unit.group) in held):
                return True
        return False

    def stands_in(self, person: str, offices: tuple[Office, ...], submitting_unit: str) -> bool:
        """Tell whether the person holds one of the offices, yet none of them as their own."""
        someone = self.people.get(person)
        if someone is None or not someone.stands_in:
            return False
        own = tuple(office for office in someone.offices if office not in someone.stands_in)
        without = replace(self, people={person: replace(someone, offices=own)})
        return self.holds(person, offices, submitting_unit) and not without.holds(person, offices, submitting_unit)

    def holders(self, offices: tuple[Office, ...], submitting_unit: str) -> Iterator[str]:
        """Yield who holds one of the offices, in the file's order."""
        return (person for person in self.people if self.holds(person, offices, submitting_unit))
