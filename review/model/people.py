"""Units, people, their offices and keys, and the administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    """Someone who signs. `keys` are fingerprints: `SHA256:…` of SSH keys, `OPENPGP:…` of certificates."""

    id: str
    name: str
    offices: tuple[Office, ...]
    keys: tuple[str, ...]
    public_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The content of `people.yaml`. `owners` says whose a key is: a key belongs to one person."""

    needs: int
    administrators: tuple[str, ...]
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    owners: Mapping[str, str]

    @property
    def groups(self) -> frozenset[str]:
        """Every group a unit belongs to."""
        return frozenset(unit.group for unit in self.units.values())

    def key_is(self, fingerprint: str, person: str) -> bool:
        """Tell whether the key is one of this person's."""
        return self.owners.get(fingerprint) == person

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

    def holders(self, offices: tuple[Office, ...], submitting_unit: str) -> Iterator[str]:
        """Yield who holds one of the offices, in the file's order."""
        return (person for person in self.people if self.holds(person, offices, submitting_unit))
