"""What a change of policy changes, in words: one sentence for each thing that is other than before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from review.messages import t
from review.model.people import Office, People, Person
from review.model.policies import Policy
from review.views import column_changes, workflow_changes
from review.views.policy_sentences import Change, listed

PEOPLE = "people.yaml"

_Say = Callable[..., Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """Makes changes of one subject."""

    subject: str

    def __call__(self, kind: str, text: str) -> Change:
        return Change(file=PEOPLE, subject=self.subject, kind=kind, text=text)


def changes(before: Policy | None, after: Policy) -> tuple[Change, ...]:
    """Return what is other than before, in the order of the files; all of it is new where there was no policy."""
    if before is None:
        first = t("this is the first policy: {count} people, {columns} columns", count=len(after.people.people),
                  columns=len(after.columns.columns))  # fmt: skip
        return (Change(file="", subject="", kind="first", text=first),)
    return (
        *_administrators(before.people, after.people),
        *_units(before.people, after.people),
        *_people(before.people, after.people),
        *column_changes.changes(before.columns, after.columns),
        *workflow_changes.changes(before.workflows, after.workflows),
    )


def _administrators(before: People, after: People) -> Iterator[Change]:
    for id in after.administrators:
        if id not in before.administrators:
            yield _About(subject=id)("administrator-added", t("{id} becomes an administrator", id=id))
    for id in before.administrators:
        if id not in after.administrators:
            yield _About(subject=id)("administrator-removed", t("{id} is no administrator any more", id=id))
    was, now = (before.needs, len(before.administrators)), (after.needs, len(after.administrators))
    if was != now:
        yield _About(subject="administrators")(
            "needs-changed",
            t(
                "administrators: {needs} of {count} → {needs_now} of {count_now}",
                needs=was[0],
                count=was[1],
                needs_now=now[0],
                count_now=now[1],
            ),
        )
    kept = [id for id in before.administrators if id in after.administrators]
    if was == now and kept != [id for id in after.administrators if id in kept]:
        yield _About(subject="administrators")("order-changed", t("administrators: the order is another"))


def _units(before: People, after: People) -> Iterator[Change]:
    for id, unit in after.units.items():
        say, old = _About(subject=id), before.units.get(id)
        if old is None:
            yield say("unit-added", t("the unit {id} is new: {title}, of the group {group}", id=id, title=unit.title,
                                      group=unit.group))  # fmt: skip
            continue
        if old.title != unit.title:
            yield say("unit-titled", t("the unit {id} is now called {title}, not {old}", id=id, title=unit.title,
                                       old=old.title))  # fmt: skip
        if old.group != unit.group:
            yield say("unit-regrouped", t("the unit {id} is now of the group {group}, not {old}", id=id,
                                          group=unit.group, old=old.group))  # fmt: skip
    for id in before.units:
        if id not in after.units:
            yield _About(subject=id)("unit-removed", t("the unit {id} is taken out", id=id))


def _people(before: People, after: People) -> Iterator[Change]:
    for id, person in after.people.items():
        say, old = _About(subject=id), before.people.get(id)
        if old is None:
            yield say("person-added", t("{id} is new: {name}", id=id, name=person.name))
            old = Person(id=id, name=person.name, offices=(), keys=())
        yield from _person(old, person, say)
    for id, person in before.people.items():
        if id not in after.people:
            held = listed(person.offices)
            yield _About(subject=id)(
                "person-removed",
                t("{id} ({name}) is taken out, with {offices}", id=id, name=person.name, offices=held)
                if held
                else t("{id} ({name}) is taken out", id=id, name=person.name),
            )


def _person(old: Person, new: Person, say: _Say) -> Iterator[Change]:
    if old.name != new.name:
        yield say("name-changed", t("{id} is now called {name}, not {old}", id=new.id, name=new.name, old=old.name))
    for office in new.offices:
        yield from _gained(office, old, new, say)
    for office in old.offices:
        if office not in new.offices:
            yield say(
                "delegation-ended" if office in old.stands_in else "office-lost",
                t("{id} no longer stands in for {office} (代签)", id=new.id, office=office)
                if office in old.stands_in
                else t("{id} loses {office}", id=new.id, office=office),
            )
    for key in new.keys:
        if key in old.compromised:
            yield say("mark-removed", t("{id}'s key {key} is no longer marked compromised", id=new.id, key=key))
        elif key not in old.keys:
            yield say("key-added", t("{id} has a new key {key}", id=new.id, key=key))
    for key in new.compromised:
        if key not in old.compromised:
            yield say(
                "key-compromised",
                t("{id}'s key {key} is marked compromised: nothing it ever signed counts", id=new.id, key=key),
            )
    for key in old.keys:
        if key not in (*new.keys, *new.compromised):
            yield say("key-removed", t("{id}'s key {key} is taken out", id=new.id, key=key))
    for key in old.compromised:
        if key not in (*new.keys, *new.compromised):
            yield say(
                "marked-key-removed", t("{id}'s key {key} is taken out; it stays compromised", id=new.id, key=key)
            )


def _gained(office: Office, old: Person, new: Person, say: _Say) -> Iterator[Change]:
    standing, stood = office in new.stands_in, office in old.stands_in
    if office not in old.offices:
        if standing:
            yield say("delegated", t("{id} stands in for {office} (代签)", id=new.id, office=office))
        else:
            yield say("office-gained", t("{id} gains {office}", id=new.id, office=office))
    elif standing != stood:
        yield say(
            "delegated" if standing else "office-own",
            t("{id} now holds {office} as a stand-in only (代签)", id=new.id, office=office)
            if standing
            else t("{id} now holds {office} of their own", id=new.id, office=office),
        )
