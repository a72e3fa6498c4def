"""Ask whoever begins a post for what they did not say: column, title, kind, times, meta lines. Writes nothing."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from review.actions.drafting import ancestors_of, columns_for, kinds_for, likely_kind, refuse_times
from review.cli.interview_fields import fields_asked
from review.cli.language import told
from review.cli.prompting import Choice, ask, ask_yes, choose, chosen
from review.errors import QianfaError, Refused
from review.formats.front_matter import MAX_TITLE
from review.formats.typed_times import date_typed, instant_typed
from review.messages import t
from review.model.columns import Column
from review.model.instants import is_date, is_instant
from review.model.policies import Policy

_FORMS = ("topic", "video")
_KINDS = {
    "article": t("news or another text"),
    "reply": t("reply to a message"),
    "video": t("video"),
    "topic": t("topic with a page of its own"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a post is to be. Empty, or None, where nobody said; `fields` are meta lines by key."""

    column: str = ""
    title: str = ""
    unit: str = ""
    kind: str = ""
    planned: str = ""
    expires: str = ""
    major: bool | None = None
    classified: bool | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def interviewed(
    wanted: Wanted, policy: Policy, now: dt.datetime, zone: zoneinfo.ZoneInfo, units: Callable[[], list[str]]
) -> Wanted:
    """Return what is wanted, completed by asking. `units` finds those that whoever sits there drafts for.

    Whether it touches anything classified is asked before anything of it is typed; `Refused` where it does.
    """
    unit = wanted.unit or _unit(policy, units())
    if unit not in policy.people.units:
        raise Refused(
            t("there is no unit {unit}", unit=repr(unit)),
            where="people.yaml",
            hint=t("units are {units}", units=", ".join(policy.people.units)),
        )
    column = _column(policy, unit, wanted.column)
    if wanted.classified is None and ask_yes(t("Does it touch anything classified?")):
        raise refused_as_classified()
    found = policy.columns.columns[column]
    title = wanted.title or ask(t("Title"), check=_title)
    kind = wanted.kind or _kind(policy, unit, found, wanted.major)
    major = _major(policy, unit, kind) if wanted.major is None else wanted.major
    planned = wanted.planned or _planned(kind, zone, now)
    return replace(
        wanted,
        unit=unit,
        column=column,
        title=title,
        kind=kind,
        major=major,
        planned=planned,
        expires=wanted.expires or _expires(instant_typed(planned, zone), now),
        classified=False,
        fields={**wanted.fields, **fields_asked(found, policy.columns.site, wanted.fields)},
    )


def refused_as_classified() -> Refused:
    """Return the refusal of a draft that touches anything classified."""
    return Refused(
        t("nothing classified may be drafted here, so nothing was written"),
        hint=t("take it to whoever is in charge of secrecy, and put nothing of it into this repository"),
    )


def _unit(policy: Policy, units: list[str]) -> str:
    if not units:
        raise Refused(t("you draft for no unit"), where="people.yaml", hint=t("say which with --unit"))
    choices = [Choice(id=unit, words=policy.people.units[unit].title) for unit in units]
    return choose(t("You draft for:"), t("For which unit?"), choices)


def _column(policy: Policy, unit: str, said: str) -> str:
    """Return the column that was said, by its id or a part of its title; ask where the unit may not write for such a one."""
    open_ones = columns_for(policy, unit)
    if not open_ones:
        raise Refused(
            t("{title} may not write for any column", title=policy.people.units[unit].title),
            where="columns.yaml",
            hint=t("ask an administrator"),
        )
    choices = [
        Choice(
            id=column.id,
            words=column.title,
            depth=len(policy.columns.trail(column.id)) - 1,
            open=column in open_ones,
        )
        for column in ancestors_of(policy, open_ones)
    ]
    if said:
        with suppress(QianfaError):
            return chosen(said, [one for one in choices if one.open])
    heading = t("{unit} may write for:", unit=policy.people.units[unit].title)
    return choose(heading, t("Which column? (a number, an id or a part of the title)"), choices)


def _title(typed: str) -> str:
    if not typed:
        raise QianfaError(t("a post needs a title"))
    if len(typed) > MAX_TITLE:
        raise QianfaError(t("it has {count} characters; at most {most} fit", count=len(typed), most=MAX_TITLE))
    return typed


def _kind(policy: Policy, unit: str, column: Column, major: bool | None) -> str:
    kinds = [kind for kind, weights in kinds_for(policy, unit).items() if major is None or major in weights]
    titles = {kind: flow.title for flow in policy.workflows.workflows for kind in flow.kinds}
    choices = [Choice(id=kind, words=told(_KINDS.get(kind) or titles[kind])) for kind in kinds]
    return choose(t("What is it?"), t("Which kind?"), choices, default=likely_kind(column, kinds)) if choices else ""


def _major(policy: Policy, unit: str, kind: str) -> bool:
    weights = kinds_for(policy, unit).get(kind, ())
    if True not in weights:
        return False
    return False not in weights or ask_yes(t("Is it a major matter, with its own chain?"), default=False)


def _planned(kind: str, zone: zoneinfo.ZoneInfo, now: dt.datetime) -> str:
    def read(typed: str) -> str:
        found = instant_typed(typed, zone)
        if found and not is_instant(found):
            raise QianfaError(t("{typed} is no time such as 2026-11-22 09:00", typed=repr(typed)))
        _refuse_times(found, "", now)
        return found

    if kind in _FORMS:
        return ask(t("Planned time, as the application form asks, such as 2026-11-22 09:00 (may be empty)"), check=read)
    return ask(t("Planned time, such as 2026-11-22 09:00 (empty: as soon as it is signed)"), check=read)


def _expires(planned: str, now: dt.datetime) -> str:
    def read(typed: str) -> str:
        found = date_typed(typed)
        if found and not is_date(found):
            raise QianfaError(t("{typed} is no day such as 2026-12-31", typed=repr(typed)))
        _refuse_times(planned, found, now)
        return found

    return ask(t("Expires on, such as 2026-12-31 (empty: never)"), check=read)


def _refuse_times(planned: str, expires: str, now: dt.datetime) -> None:
    try:
        refuse_times(planned, expires, now.date(), now)
    except Refused as error:
        raise QianfaError(error.what, hint=error.hint) from None  # no option was given
