"""`qianfa new`: begin a post. On a terminal it asks for what is missing; elsewhere what is missing has its default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from review.actions import drafting
from review.cli.field_checks import check_of
from review.cli.handing_in import Classified, classified_said
from review.cli.interview import Wanted, interviewed
from review.cli.language import told
from review.cli.options import Naming, spread
from review.cli.policy_desk import Judged, judged_policy
from review.cli.prompting import at_terminal, edit, no_editor
from review.cli.screen import answer
from review.errors import QianfaError, Refused, UnusableSite
from review.formats.clean_text import clean_line
from review.formats.post_keys import SPELLING
from review.formats.typed_times import date_typed, instant_typed
from review.history.work_tree import stems_of
from review.messages import listed, t, typed
from review.model.columns import Columns
from review.model.paths import attachments_of, record_of
from review.ways import acts

Unit = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help="The submitting unit; yours, found by your key, if left out.")
]
Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="article, video, topic, reply: a kind that workflows.yaml knows.")
]


_NAMING = frozenset({"image", "video", "audio", "poster", "captions"})
"""Meta lines that name files of the post, in lower case."""

_WITH_FILES = ("topic", "people", "video", "resources")
"""Types of columns whose posts have files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What `qianfa new` made."""

    post: str
    record: str
    column: str
    unit: str
    kind: str
    title: str


@spread
def new(
    given: Naming,
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="The column's id, such as popular-science/activities.")
    ] = "",
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title; the file name is made from it.")] = "",
    unit: Unit = "",
    kind: Kind = "",
    planned: Annotated[
        str, typer.Option("--planned", metavar="INSTANT", help="Not online before, such as '2026-11-22 09:00'.")
    ] = "",
    expires: Annotated[str, typer.Option("--expires", metavar="DATE", help="Not online from that date on.")] = "",
    major: Annotated[
        bool | None, typer.Option("--major/--no-major", help="Whether it is a major matter, with its own chain.")
    ] = None,
    classified: Classified = "",
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="One sentence for lists and feeds.")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Where the text comes from.")] = "",
    author: Annotated[str, typer.Option("--author", metavar="TEXT", help="Who wrote it.")] = "",
    tags: Annotated[str, typer.Option("--tags", metavar="TEXT", help="Tags, with commas between them.")] = "",
    document_number: Annotated[
        str, typer.Option("--document-number", metavar="TEXT", help="The document's number (文号).")
    ] = "",
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="KEY=VALUE", help="Another meta line; may be given often.")
    ] = None,
    editing: Annotated[bool, typer.Option("--edit/--no-edit", help="Open it in your editor, on a terminal.")] = True,
) -> None:
    """Begin a post: its file and its record; asks for what is missing. Example: qianfa new news '春季科普讲座'"""
    fields = {"Summary": summary, "Source": source, "Author": author, "Tags": tags, "Document_number": document_number}
    wanted = Wanted(
        column=column,
        title=title,
        unit=unit,
        kind=kind,
        planned=planned,
        expires=expires,
        major=major,
        classified=classified_said(classified),
        fields={key: value for key, value in fields.items() if value} | _more(field or []),
    )
    person = at_terminal()
    for name, value in (("COLUMN", column), ("TITLE", title)):
        if not (value or person):
            raise UnusableSite(t("Missing argument {name}", name=repr(name)), hint=t("see how it is used with --help"))
    with judged_policy(given) as judged:
        wanted = replace(wanted, fields=_checked(wanted, judged.policy.columns))
        now = given.gate.now.astimezone(judged.zone)
        times = instant_typed(wanted.planned, judged.zone), date_typed(wanted.expires)
        drafting.refuse_times(*times, judged.today, now)
        if person:
            wanted = interviewed(wanted, judged.policy, now, judged.zone, lambda: judged.units(given))
        begun = _begin(given.site, wanted, judged, wanted.unit or judged.unit(given), now)
        remarks = [*_about_files(judged, begun, wanted), *_about_unit(judged, given, begun.unit)]
    opened = person and editing and edit(given.site / begun.post)
    if person and editing and not opened:
        remarks.append(no_editor(given.site / begun.post))
    answer("new", begun, lambda: _said(begun, remarks, person=person, opened=opened), json=given.json)


def _about_files(judged: Judged, begun: Begun, wanted: Wanted) -> list[str]:
    """Return where the post's files belong, where it names some or its column is of a type whose posts have them."""
    column = judged.policy.columns.columns[begun.column]
    named = any(
        value and any("://" not in one for one in value.split(","))
        for key, value in wanted.fields.items()
        if key.lower() in _NAMING
    )
    if not named and column.type not in _WITH_FILES:
        return []
    folder = attachments_of(begun.post)
    return [t("its pictures, films and other files belong into a folder that you make: {folder}", folder=typed(folder))]


def _about_unit(judged: Judged, given: Naming, unit: str) -> list[str]:
    """Return the warning that whoever sits here cannot hand in what they begin; none where nobody knows who that is."""
    units: list[str] | None = None
    with suppress(Refused, UnusableSite):
        units = judged.units(given)
    if units is None or unit in units:
        return []
    could = [one for one in judged.policy.people.people if unit in drafting.units_of(judged.policy, one)]
    title = judged.policy.people.units[unit].title
    if not could:
        return [t("you do not draft for {unit}, and nobody else does", unit=title)]
    return [
        t("you do not draft for {unit}, so you cannot hand it in; could: {people}", unit=title, people=listed(could))
    ]


def _begin(site: Path, wanted: Wanted, judged: Judged, unit: str, now: dt.datetime) -> Begun:
    kind = wanted.kind or drafting.ARTICLE
    files = drafting.draft(
        judged.policy,
        column=wanted.column,
        title=wanted.title,
        unit=unit,
        kind=kind,
        today=judged.today,
        now=now,
        taken=stems_of(site, wanted.column) | judged.stems(wanted.column),
        planned=instant_typed(wanted.planned, judged.zone),
        expires=date_typed(wanted.expires),
        major=bool(wanted.major),
        fields=wanted.fields,
    )
    acts.write_drafts(site, files)
    post = next(iter(files))
    return Begun(post=post, record=record_of(post), column=wanted.column, unit=unit, kind=kind, title=wanted.title)


def _checked(wanted: Wanted, columns: Columns) -> dict[str, str]:
    """Return the meta lines that were given as they are written; `Refused` where one cannot be right, as at the questions.

    What the column does not have at all is refused later, with what it has.
    """
    column = columns.columns.get(wanted.column)
    known = {*SPELLING, *(key.lower() for key in column.metadata)} if column else None
    found = {}
    for key, value in wanted.fields.items():
        check = str if known is not None and key.lower() not in known else check_of(key, columns.site)
        try:
            found[key] = check(clean_line(value))
        except QianfaError as error:
            raise Refused(t("{key}: {what}", key=key, what=error.what), where="--field", hint=error.hint) from None
    return found


def _more(fields: list[str]) -> dict[str, str]:
    given = {}
    for field in fields:
        key, equals, value = field.partition("=")
        if not equals or not key.strip():
            raise UnusableSite(
                t("{field} is not KEY=VALUE", field=repr(field)),
                where="--field",
                hint=t("give one such as Duration=00:03:20"),
            )
        given[key.strip()] = value
    return given


def _said(begun: Begun, remarks: Sequence[str], *, person: bool, opened: bool) -> str:
    lines = [t("{post} is there; write it, then hand it in with: qianfa submit {post}", post=typed(begun.post))]
    if opened:
        lines = [t("{post} is there; hand it in with: qianfa submit {post}", post=typed(begun.post))]
    if person:
        lines += [
            t("see what will be objected to with: qianfa check {post}", post=typed(begun.post)),
            t("see it as it will look with: qianfa preview {post}", post=typed(begun.post)),
        ]
    return "\n".join(map(told, [*lines, *remarks]))
