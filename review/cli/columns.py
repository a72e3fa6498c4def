"""What administrators do with columns: add, rename, move, close. Each is a change of columns.yaml to sign."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli.options import Asking, spread
from review.cli.policy_editing import Anyway, carry_out, editing
from review.ways import column_editing

ColumnId = Annotated[str, typer.Argument(metavar="COLUMN", help="The column, such as popular-science/activities.")]
Units = Annotated[list[str] | None, typer.Option("--lead", metavar="UNIT", help="A unit that leads. May be repeated.")]
Supporting = Annotated[
    list[str] | None, typer.Option("--support", metavar="UNIT", help="A unit that supports. May be repeated.")
]
Groups = Annotated[
    list[str] | None, typer.Option("--open-to", metavar="GROUP", help="A group that may submit. May be repeated.")
]

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--metadata",
        metavar="KEY",
        help="A meta line its posts may have, instead of those of its type. May be repeated.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    column = typer.Typer(help="The site's columns, and who writes in them.", rich_markup_mode=None)
    column.command("add")(add)
    column.command("rename")(rename)
    column.command("move")(move)
    column.command("close")(close)
    app.add_typer(column, name="column")


@spread
def add(
    id: Annotated[str, typer.Argument(metavar="ID", help="A new id: a-z, 0-9, hyphens; or PARENT/ID.")],
    given: Asking,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The title, as pages show it.")] = "",
    under: Annotated[str, typer.Option("--under", metavar="COLUMN", help="The column that it is a part of.")] = "",
    lead: Units = None,
    support: Supporting = None,
    open_to: Groups = None,
    duty: Annotated[str, typer.Option("--duty", metavar="DUTY", help="update, provide, yearly or as-needed.")] = "",
    type: Annotated[
        str,
        typer.Option(
            "--type",
            metavar="TYPE",
            help="overview, news, notices, policy, data, interaction, topic, people, video or resources.",
        ),
    ] = "",
    metadata: Keys = None,
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="What the column is for, in a sentence.")
    ] = "",
) -> None:
    """Add a column. Example: qianfa column add lectures --title 科普讲座 --under popular-science --lead science-museum"""
    fields = {"lead": lead or (), "support": support or (), "open_to": open_to or (), "duty": duty, "type": type,
              "metadata": metadata or (), "description": description}  # fmt: skip
    with editing(given) as at:
        adding = column_editing.added(at, id=id, under=under, title=title, fields=fields)
        carry_out(given, at, adding.edits, notes=adding.notes)


@spread
def rename(
    id: ColumnId,
    given: Asking,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The new title, as pages show it.")] = "",
) -> None:
    """Give a column another title; its address stays. Example: qianfa column rename news --title 要闻动态"""
    with editing(given) as at:
        carry_out(given, at, column_editing.renamed(at, id, title))


@spread
def move(
    id: ColumnId,
    given: Asking,
    before: Annotated[str, typer.Option("--before", metavar="COLUMN", help="Put it before this column.")] = "",
    after: Annotated[str, typer.Option("--after", metavar="COLUMN", help="Put it after this column.")] = "",
    under: Annotated[str, typer.Option("--under", metavar="COLUMN", help="Make it a part of this column.")] = "",
    anyway: Anyway = False,
) -> None:
    """Give a column another place. Example: qianfa column move notices --before news"""
    with editing(given) as at:
        carry_out(given, at, column_editing.moved(at, id, before=before, after=after, under=under), anyway=anyway)


@spread
def close(
    ids: Annotated[list[str], typer.Argument(metavar="COLUMN...", help="The columns, each with its sub-columns.")],
    given: Asking,
    anyway: Anyway = False,
) -> None:
    """Have columns take no new posts; what is online stays. Example: qianfa column close popular-science/outline"""
    with editing(given) as at:
        closing = column_editing.closed(at, ids)
        carry_out(given, at, closing.edits, anyway=anyway, notes=closing.notes)
