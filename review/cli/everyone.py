"""What everyone may ask: the story of a post, who answers for it, the ledger of acts."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import typer

from review import pipeline
from review.cli.audit_text import audit_text
from review.cli.desk import looking
from review.cli.duty_text import column_text, post_text
from review.cli.ledger_text import ledger_csv, ledger_text
from review.cli.meaning import check_known, meant
from review.cli.options import Asking, spread
from review.cli.screen import answer, hand_over
from review.errors import UnusableSite
from review.gate.bench import Bench
from review.messages import t, typed
from review.model.instants import is_date, is_instant, parse_date, parse_instant
from review.views import audit as audits
from review.views.duty_holders import column_duty, post_duty
from review.views.ledger import Wanted
from review.views.ledger import ledger as ledger_of
from review.views.moments import day_begins, zone_of
from review.views.standing import standings
from review.ways.uncommitted import uncommitted


class Format(StrEnum):
    """How the ledger is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("audit")(audit)
    app.command("who")(who)
    app.command("log")(log)


@spread
def audit(
    post: Annotated[str, typer.Argument(metavar="POST", help="The post, or the word policy.")],
    given: Asking,
    version: Annotated[int, typer.Option("--version", metavar="N", min=0, help="One version; 0 is all of them.")] = 0,
) -> None:
    """Tell the whole story of a post: who signed what, and whether it counts. Example: qianfa audit content/news/a.md"""
    with looking(given) as (session, bench):
        item = meant(given.site, post, audits.names(session.report, bench))
        found = audits.audit(item, session.report, bench, version=version)
    if version and not (found.versions or found.acts):
        raise UnusableSite(
            t("it has no version {version}", version=version),
            where=item,
            hint=t("see all of them with: qianfa audit {item}", item=typed(item)),
        )
    answer("audit", found, lambda: audit_text(found), json=given.json)


@spread
def who(
    name: Annotated[str, typer.Argument(metavar="COLUMN|POST", help="A column's id, or a post.")], given: Asking
) -> None:
    """Say who answers for a column or a post now. Example: qianfa who popular-science/activities"""
    with looking(given) as (session, bench):
        columns = bench.in_force.policy.columns.columns
        column = columns.get(name.removeprefix("content/").strip("/"))
        if column is not None:
            duty = column_duty(column, bench)
            answer("who", duty, lambda: column_text(duty), json=given.json)
            return
        settings = pipeline.settings_of(session, bench)
        posts = {one.item: one for one in standings(session.report, bench, settings, uncommitted(session))}
        found = post_duty(
            posts[meant(given.site, name, {*posts, *columns}, what=t("there is no such column or post"))], bench
        )
    answer("who", found, lambda: post_text(found), json=given.json)


@spread
def log(
    given: Asking,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Only posts of this unit.")] = "",
    person: Annotated[str, typer.Option("--person", metavar="PERSON", help="Only what this person did.")] = "",
    column: Annotated[str, typer.Option("--column", metavar="COLUMN", help="Only this column, and those below.")] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="DAY", help="From this day on, such as 2026-11-20, or an instant.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Until this day's end, or an instant.")] = "",
    output_format: Annotated[
        Format, typer.Option("--format", help="For people, for a spreadsheet, or for programs.")
    ] = Format.table,
) -> None:
    """List every act on the site. Example: qianfa log --unit fengxiang --since 2026-11-01 --format csv"""
    with looking(given) as (session, bench):
        _check(bench, unit, person, column)
        wanted = Wanted(
            unit=unit,
            person=person,
            column=column.removeprefix("content/").strip("/"),
            since=_moment(since, "--since", bench, end=False),
            until=_moment(until, "--until", bench, end=True),
        )
        found = ledger_of(session.report, bench, wanted)
    if output_format is Format.csv and not given.json:
        hand_over(ledger_csv(found), line_end="\r\n")
        return
    answer("log", found, lambda: ledger_text(found), json=given.json or output_format is Format.json)


def _check(bench: Bench, unit: str, person: str, column: str) -> None:
    """Refuse names that no policy version ever had."""
    policies = [version.policy for version in bench.versions.values()]
    check_known(unit, "--unit", {one for policy in policies for one in policy.people.units})
    signed = {one for made in bench.evidence.made.values() for one in (made.statement.by, made.statement.signatory)}
    check_known(person, "--person", {one for policy in policies for one in policy.people.people} | signed - {""})
    name = column.removeprefix("content/").strip("/")
    check_known(name, "--column", {one for policy in policies for one in policy.columns.columns})


def _moment(text: str, option: str, bench: Bench, *, end: bool) -> dt.datetime | None:
    """Return the instant that an option gives: of a day its beginning, or the next day's with `end`."""
    if not text:
        return None
    if is_instant(text):
        return parse_instant(text)
    try:
        if is_date(text):
            return day_begins(parse_date(text) + dt.timedelta(days=1 if end else 0), zone_of(bench))
    except OverflowError:
        pass
    raise UnusableSite(
        t("{text} is no day", text=repr(text)), where=option, hint=t("give a day such as 2026-11-20, or an instant")
    )
