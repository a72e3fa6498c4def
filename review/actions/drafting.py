"""Begin a post: its file and its record, with good names. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from review.errors import Refused
from review.formats.clean_text import clean_line
from review.formats.front_matter import serialise_post
from review.formats.post_keys import KEYS, SPELLING
from review.formats.records import serialise_header
from review.formats.stems import free_stem, stem_for
from review.messages import listed, t
from review.model.columns import Column
from review.model.instants import is_date, is_instant, parse_date, parse_instant
from review.model.paths import POST_SUFFIX, RESERVED_STEMS, record_of
from review.model.policies import Policy

ARTICLE = "article"
NOTHING: Mapping[str, str] = {}
_KIND_OF_COLUMN = {"topic": "topic", "interaction": "reply", "video": "video"}
"""The kind that a post of a column of this type most likely is; all others are articles."""


def draft(
    policy: Policy,
    *,
    column: str,
    title: str,
    unit: str,
    kind: str,
    today: dt.date,
    taken: Collection[str],
    now: dt.datetime | None = None,
    planned: str = "",
    expires: str = "",
    major: bool = False,
    fields: Mapping[str, str] = NOTHING,
    body: str = "",
) -> dict[str, bytes]:
    """Return the two files of a new post, path to bytes. `taken` are the stems already there.

    `fields` are further meta lines by key; those without a value are left out. `Refused` where there is no such column, the
    unit has no part in it, or the column has no such key.
    """
    title = clean_line(title)
    if not title:
        raise Refused(t("a post needs a title"), hint=t("give it after the column: qianfa new COLUMN TITLE"))
    refuse_times(planned, expires, today, now)
    header = checked_header(policy, column=column, unit=unit, kind=kind, today=today, major=major)
    header |= {key: value for key, value in (("planned", planned), ("expires", expires)) if value}
    stem = free_stem(stem_for(title, today), {*taken, *RESERVED_STEMS})
    post = f"content/{column}/{stem}{POST_SUFFIX}"
    meta = {"Title": title} | _spelled(policy.columns.columns[column], fields)
    if (image := meta.get("Image")) and "/" not in image:
        # A bare name can only mean a file of the post's own; the line names it as seen from the post.
        meta["Image"] = f"{stem}/{image}"
    return {post: serialise_post(meta, body or "\n"), record_of(post): serialise_header(header)}


def refuse_times(planned: str, expires: str, today: dt.date, now: dt.datetime | None) -> None:
    """Raise `Refused` where a planned instant or a last day is none, is over, or the one comes after the other.

    Either may be empty; `today` and `now` are of the site's time zone, and without `now` no instant is over.
    """
    if planned and not is_instant(planned):
        raise Refused(
            t("{planned} is not an instant", planned=repr(planned)),
            where="--planned",
            hint=t("give one such as '2026-11-22 09:00'"),
        )
    if expires and not is_date(expires):
        raise Refused(
            t("{expires} is not a date", expires=repr(expires)),
            where="--expires",
            hint=t("give one such as 2026-12-31"),
        )
    begins = today
    if planned and now is not None:
        if parse_instant(planned) <= now:
            raise Refused(
                t("{planned} is over already", planned=planned),
                where="--planned",
                hint=t("give a later one, or none: then it goes online as soon as it is signed"),
            )
        begins = parse_instant(planned).astimezone(now.tzinfo).date()
    if expires and parse_date(expires) <= begins:
        what = t("{day} is over already", day=expires)
        if parse_date(expires) > today:
            what = t("{day} is over before the planned time {planned}", day=expires, planned=planned)
        raise Refused(what, where="--expires", hint=t("give a later day, or none"))


def _spelled(column: Column, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the meta lines that have a value, under the keys as they are written and in their order."""
    allowed = SPELLING | {key.lower(): key for key in column.metadata}
    given: dict[str, str] = {}
    for key, value in fields.items():
        if key.lower() not in allowed or key.lower() == "title":
            raise Refused(
                t("a post of {title} has no line {key}", title=column.title, key=repr(key)),
                where="columns.yaml",
                hint=t("lines are {keys}", keys=listed(one for one in allowed.values() if one != "Title")),
            )
        if clean := clean_line(value):
            given[allowed[key.lower()]] = clean
    order = [*KEYS, *column.metadata]
    return {key: given[key] for key in order if key in given}


def units_of(policy: Policy, person: str) -> list[str]:
    """Return the units that a person drafts for: those for which some workflow's first stage is theirs to sign."""
    flows = policy.workflows.workflows
    return [
        unit.id
        for unit in policy.people.units.values()
        if any(unit.group in flow.groups and policy.people.holds(person, flow.stages[0].by, unit.id) for flow in flows)
    ]


def columns_for(policy: Policy, unit: str) -> list[Column]:
    """Return the columns that a unit may write for, each parent before its children."""
    group = policy.people.units[unit].group
    return [column for column in policy.columns.columns.values() if column.takes_from(unit, group)]


def kinds_for(policy: Policy, unit: str) -> dict[str, tuple[bool, ...]]:
    """Return the kinds that exactly one workflow takes for a unit; with each, whether as ordinary and as major matters."""
    group = policy.people.units[unit].group
    kinds = dict.fromkeys(kind for flow in policy.workflows.workflows if group in flow.groups for kind in flow.kinds)
    weights = {
        kind: tuple(major for major in (False, True) if len(policy.workflows.fitting(kind, group, major)) == 1)
        for kind in kinds
    }
    return {kind: found for kind, found in weights.items() if found}


def likely_kind(column: Column, kinds: Collection[str]) -> str:
    """Return the kind that a post of a column most likely is, of those that there are; empty where there is none."""
    wanted = _KIND_OF_COLUMN.get(column.type, ARTICLE)
    return wanted if wanted in kinds else ARTICLE if ARTICLE in kinds else next(iter(kinds), "")


def ancestors_of(policy: Policy, columns: Collection[Column]) -> Iterator[Column]:
    """Yield these columns and those above them, in the file's order: what a tree of them shows."""
    wanted = {above.id for column in columns for above in policy.columns.trail(column.id)}
    return (column for column in policy.columns.columns.values() if column.id in wanted)


def checked_header(
    policy: Policy, *, column: str, unit: str, kind: str, today: dt.date, major: bool = False
) -> dict[str, str]:
    """Return the header of a new record; `Refused` where the column, unit and kind do not go together."""
    found = policy.columns.columns.get(column)
    if found is None:
        near = [name for name in policy.columns.columns if column.rsplit("/", maxsplit=1)[-1] in name]
        known = listed(policy.columns.columns)
        hint = t("did you mean {near}?", near=near[0]) if near else t("columns are {columns}", columns=known)
        raise Refused(t("there is no column {column}", column=repr(column)), where="columns.yaml", hint=hint)
    submitting = policy.people.units.get(unit)
    if submitting is None:
        raise Refused(
            t("there is no unit {unit}", unit=repr(unit)),
            where="people.yaml",
            hint=t("units are {units}", units=listed(policy.people.units)),
        )
    if not found.takes_from(unit, submitting.group):
        own = [name for name, one in policy.columns.columns.items() if one.takes_from(unit, submitting.group)]
        raise Refused(
            t("{unit} may not write for {column}", unit=submitting.title, column=found.title),
            where="columns.yaml",
            hint=t("it may for {columns}", columns=listed(own)),
        )
    if len(policy.workflows.fitting(kind, submitting.group, major)) != 1:
        kinds = {one for flow in policy.workflows.workflows if submitting.group in flow.groups for one in flow.kinds}
        raise Refused(
            t("no workflow takes a {kind} of {title}", kind=repr(kind), title=submitting.title),
            where="workflows.yaml",
            hint=t("kinds are {kinds}", kinds=listed(sorted(kinds))),
        )
    header = {"record": "1", "kind": kind, "unit": unit, "classified": "no", "submitted": today.isoformat()}
    return header | ({"major": "yes"} if major else {})
