"""Begin a post: its file and its record, with good names. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from review.errors import Refused
from review.formats.clean_text import clean_line
from review.formats.front_matter import serialise_post
from review.formats.records import serialise_header
from review.formats.stems import free_stem, stem_for
from review.messages import t
from review.model.instants import is_date, is_instant
from review.model.paths import POST_SUFFIX, RESERVED_STEMS, record_of
from review.model.policies import Policy


def draft(
    policy: Policy,
    *,
    column: str,
    title: str,
    unit: str,
    kind: str,
    today: dt.date,
    taken: Collection[str],
    planned: str = "",
    expires: str = "",
    major: bool = False,
    body: str = "",
) -> dict[str, bytes]:
    """Return the two files of a new post, path to bytes. `taken` are the stems already there.

    `Refused` where there is no such column, or the unit has no part in it.
    """
    title = clean_line(title)
    if not title:
        raise Refused(t("a post needs a title"), hint=t("give it after the column: qianfa new COLUMN TITLE"))
    if planned and not is_instant(planned):
        raise Refused(
            t("{planned} is not an instant", planned=repr(planned)),
            where="--planned",
            hint=t("give one such as 2026-11-20T10:00:00+08:00"),
        )
    if expires and not is_date(expires):
        raise Refused(
            t("{expires} is not a date", expires=repr(expires)),
            where="--expires",
            hint=t("give one such as 2026-11-20"),
        )
    header = checked_header(policy, column=column, unit=unit, kind=kind, today=today, major=major)
    header |= {key: value for key, value in (("planned", planned), ("expires", expires)) if value}
    stem = free_stem(stem_for(title, today), {*taken, *RESERVED_STEMS})
    post = f"content/{column}/{stem}{POST_SUFFIX}"
    return {post: serialise_post({"Title": title}, body or "\n"), record_of(post): serialise_header(header)}


def checked_header(
    policy: Policy, *, column: str, unit: str, kind: str, today: dt.date, major: bool = False
) -> dict[str, str]:
    """Return the header of a new record; `Refused` where the column, unit and kind do not go together."""
    found = policy.columns.columns.get(column)
    if found is None:
        near = [name for name in policy.columns.columns if column.rsplit("/", maxsplit=1)[-1] in name]
        hint = f"did you mean {near[0]}?" if near else f"columns are {', '.join(policy.columns.columns)}"
        raise Refused(t("there is no column {column}", column=repr(column)), where="columns.yaml", hint=hint)
    submitting = policy.people.units.get(unit)
    if submitting is None:
        raise Refused(
            t("there is no unit {unit}", unit=repr(unit)),
            where="people.yaml",
            hint=t("units are {units}", units=", ".join(policy.people.units)),
        )
    if not found.takes_from(unit, submitting.group):
        own = [name for name, one in policy.columns.columns.items() if one.takes_from(unit, submitting.group)]
        raise Refused(
            t("{title} may not write for {title2}", title=submitting.title, title2=found.title),
            where="columns.yaml",
            hint=t("it may for {own}", own=", ".join(own)),
        )
    if len(policy.workflows.fitting(kind, submitting.group, major)) != 1:
        kinds = {one for flow in policy.workflows.workflows if submitting.group in flow.groups for one in flow.kinds}
        raise Refused(
            t("no workflow takes a {kind} of {title}", kind=repr(kind), title=submitting.title),
            where="workflows.yaml",
            hint=t("kinds are {kinds}", kinds=", ".join(sorted(kinds))),
        )
    header = {"record": "1", "kind": kind, "unit": unit, "classified": "no", "submitted": today.isoformat()}
    return header | ({"major": "yes"} if major else {})
