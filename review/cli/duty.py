"""Which columns are kept up and who is late, for people, for programs and for calendars."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from review.cli.desk import looking
from review.cli.options import Asking, day, spread
from review.cli.page import Page
from review.cli.screen import hand_over
from review.cli.upkeep_text import show
from review.errors import UnusableSite
from review.formats.calendars import duty_calendar
from review.formats.documents import document
from review.formats.duty_limits import duty_limits
from review.messages import t
from review.views.duty import duty_table


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("duty")(duty)


@spread
def duty(
    given: Asking,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DAY", help="As of the end of this day, such as 2026-11-20.")
    ] = "",
    ics: Annotated[bool, typer.Option("--ics", help="Answer with an iCalendar: what is due on which day.")] = False,
) -> None:
    """Show which columns are late, and when each is due again. Example: qianfa duty --as-of 2026-11-20"""
    if ics and given.json:
        raise UnusableSite(t("an answer has one form"), where="--ics", hint=t("say --json or --ics, not both"))
    wanted: dt.date | None = day(as_of, "--as-of") if as_of else None
    with looking(given) as (session, bench):
        table = duty_table(session.report, bench, duty_limits(), wanted)
    if ics:
        hand_over(duty_calendar(table).decode().replace("\r\n", "\n"), line_end="\r\n")
    elif given.json:
        hand_over(document("duty", table))
    else:
        show(table, Page())
