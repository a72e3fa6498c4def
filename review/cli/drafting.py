"""`qianfa new`: begin a post. On a terminal it asks for what is missing; elsewhere what is missing has its default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from review.actions import drafting
from review.cli.interview import Wanted, interviewed, refused_as_classified
from review.cli.language import told
from review.cli.options import Naming, spread
from review.cli.policy_desk import Judged, judged_policy
from review.cli.prompting import at_terminal, edit
from review.cli.screen import answer
from review.errors import UnusableSite
from review.formats.typed_times import date_typed, instant_typed
from review.history.work_tree import stems_of
from review.messages import t
from review.model.paths import record_of
from review.ways import acts

Unit = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help="The submitting unit; yours, found by your key, if left out.")
]
Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="article, video, topic, reply: a kind that workflows.yaml knows.")
]


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
    classified: Annotated[
        str,
        typer.Option("--classified", metavar="no|yes", help="Whether it touches anything classified; only no goes on."),
    ] = "",
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
        classified=_classified(classified),
        fields={key: value for key, value in fields.items() if value} | _more(field or []),
    )
    person = at_terminal()
    for name, value in (("COLUMN", column), ("TITLE", title)):
        if not (value or person):
            raise UnusableSite(t("Missing argument {name}", name=repr(name)), hint=t("see how it is used with --help"))
    with judged_policy(given) as judged:
        if person:
            wanted = interviewed(wanted, judged.policy, judged.today, judged.zone, lambda: judged.units(given))
        begun = _begin(given.site, wanted, judged, wanted.unit or judged.unit(given))
    opened = person and editing and edit(given.site / begun.post)
    answer("new", begun, lambda: _said(begun, person=person, opened=opened), json=given.json)


def _begin(site: Path, wanted: Wanted, judged: Judged, unit: str) -> Begun:
    kind = wanted.kind or drafting.ARTICLE
    files = drafting.draft(
        judged.policy,
        column=wanted.column,
        title=wanted.title,
        unit=unit,
        kind=kind,
        today=judged.today,
        taken=stems_of(site, wanted.column) | judged.stems(wanted.column),
        planned=instant_typed(wanted.planned, judged.zone),
        expires=date_typed(wanted.expires),
        major=bool(wanted.major),
        fields=wanted.fields,
    )
    acts.write_drafts(site, files)
    post = next(iter(files))
    return Begun(post=post, record=record_of(post), column=wanted.column, unit=unit, kind=kind, title=wanted.title)


def _classified(said: str) -> bool | None:
    if said not in ("", "no", "yes"):
        raise UnusableSite(t("{said} is neither no nor yes", said=repr(said)), where="--classified")
    if said == "yes":
        raise refused_as_classified()
    return False if said else None


def _more(fields: list[str]) -> dict[str, str]:
    given = {}
    for field in fields:
        key, equals, value = field.partition("=")
        if not equals or not key.strip():
            raise UnusableSite(
                t("{field} is not KEY=VALUE", field=repr(field)),
                where="--field",
                hint=t("give one such as Duration=03:20"),
            )
        given[key.strip()] = value
    return given


def _said(begun: Begun, *, person: bool, opened: bool) -> str:
    lines = [t("{post} is there; write it, then hand it in with: qianfa submit {post}", post=begun.post)]
    if opened:
        lines = [t("{post} is there; hand it in with: qianfa submit {post}", post=begun.post)]
    if person:
        lines += [
            t("see what will be objected to with: qianfa check {post}", post=begun.post),
            t("see it as it will look with: qianfa preview {post}", post=begun.post),
        ]
    return "\n".join(map(told, lines))
