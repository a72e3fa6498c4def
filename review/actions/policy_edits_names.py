"""Is a name that an administrator typed known here? If not, which one was probably meant. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from review.errors import UnusableSite
from review.messages import listed, t
from review.model.paths import IDENTIFIER
from review.model.people import Office
from review.model.policies import Policy
from review.views.names import near

_OFFICE = re.compile(rf"({IDENTIFIER.pattern})@({IDENTIFIER.pattern})")


def new_id(name: str, *, where: str) -> str:
    """Return a name that can be an id; `UnusableSite` otherwise."""
    if not IDENTIFIER.fullmatch(name):
        raise UnusableSite(
            t("{name} is not an id", name=repr(name)), where=where, hint=t("use a-z, 0-9, hyphens and underscores")
        )
    return name


def known_person(name: str, policy: Policy) -> str:
    """Return the id of somebody of people.yaml; `UnusableSite` with the nearest where there is no such person."""
    if name not in policy.people.people:
        raise UnusableSite(
            t("there is no {name}", name=repr(name)),
            where="people.yaml",
            hint=did_you_mean(name, policy.people.people) or t("give the id of somebody who is listed there"),
        )
    return name


def known_column(name: str, policy: Policy) -> str:
    """Return the id of a column; `UnusableSite` with the nearest where there is no such column.

    The last part of an id is enough where it says which.
    """
    columns = policy.columns.columns
    plain = name.removeprefix("content/").strip("/")
    if plain in columns:
        return plain
    ends = [id for id in columns if id.endswith(f"/{plain}")]
    if len(ends) == 1:
        return ends[0]
    raise UnusableSite(
        t("there is no column {name}", name=repr(name)),
        where="columns.yaml",
        hint=did_you_mean(plain, ends or columns)
        or t("columns are {columns}", columns=listed(one.id for one in policy.columns.top())),
    )


def known_office(text: str, policy: Policy, *, where: str) -> Office:
    """Return an office that a workflow asks for, or that somebody holds, in a unit or group that there is."""
    found = _OFFICE.fullmatch(text)
    if found is None:
        raise UnusableSite(
            t("{text} is not an office", text=repr(text)), where=where, hint=t("say OFFICE@UNIT or OFFICE@GROUP")
        )
    office = Office(name=found[1], place=found[2])
    names = office_names(policy)
    if office.name not in names:
        raise UnusableSite(
            t("no stage asks for the office {name}", name=repr(office.name)),
            where=where,
            hint=did_you_mean(office.name, names) or t("name one of {names}", names=listed(names)),
        )
    places = [*policy.people.units, *sorted(policy.people.groups)]
    if office.place not in places:
        raise UnusableSite(
            t("no unit or group is called {place}", place=repr(office.place)),
            where=where,
            hint=did_you_mean(office.place, places) or t("name one of {names}", names=listed(places)),
        )
    return office


def office_names(policy: Policy) -> list[str]:
    """Return the names of offices that workflows ask for or people hold, sorted."""
    stages = (stage for flow in policy.workflows.workflows for stage in flow.stages)
    asked = [*(office for stage in stages for office in stage.by), *policy.workflows.withdrawal]
    held = [office for person in policy.people.people.values() for office in person.offices]
    return sorted({office.name for office in (*asked, *held)})


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question after the nearest known names; empty where none is near."""
    found = near(name, known)
    return t("did you mean {names}?", names=listed(found)) if found else ""
