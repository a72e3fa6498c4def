"""What waits for whom: the queue, the status of one's own posts, the calendar."""

from __future__ import annotations

from typing import Annotated

import typer

from review import pipeline
from review.cli.calendar_text import calendar_text
from review.cli.desk import looking
from review.cli.meaning import check_known, meant, who_asks
from review.cli.options import Asking, Naming, spread
from review.cli.queue_text import queue_text
from review.cli.screen import answer
from review.cli.status_text import post_text, status_text
from review.gate.bench import Bench
from review.model.paths import POLICY
from review.model.workflows import DRAFT
from review.views import queue as queues
from review.views import status as views
from review.views.calendar import calendar_of
from review.views.standing import Standing, standings
from review.ways.uncommitted import uncommitted

Everybody = Annotated[bool, typer.Option("--all", help="Everybody's, not mine alone.")]
Unit = Annotated[str, typer.Option("--unit", metavar="UNIT", help="Only posts of this unit.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("queue")(queue)
    app.command("status")(status)
    app.command("calendar")(calendar)


@spread
def queue(
    given: Naming,
    everybody: Everybody = False,
    stage: Annotated[str, typer.Option("--stage", metavar="STAGE", help="Only what waits at this stage.")] = "",
    unit: Unit = "",
) -> None:
    """Show what waits for me, the oldest first, and until when. Example: qianfa queue --key ~/.ssh/qianfa"""
    with looking(given) as (session, bench):
        me = None if everybody else who_asks(given, session, bench)
        flows = bench.in_force.policy.workflows.workflows
        check_known(stage, "--stage", {DRAFT, POLICY, *(one.id for flow in flows for one in flow.stages)})
        check_known(unit, "--unit", bench.in_force.policy.people.units)
        settings = pipeline.settings_of(session, bench)
        rows = queues.rows_of(_standings(session, bench), bench, settings)
        chosen = [row for row in rows if stage in ("", row.group) and unit in ("", row.unit)]
        found = queues.queue_for(me, chosen, bench)
    answer("queue", found, lambda: queue_text(found), json=given.json)


@spread
def status(
    given: Naming,
    post: Annotated[str, typer.Argument(metavar="[POST]", help="One post, with all there is to know of it.")] = "",
    everybody: Everybody = False,
    unit: Unit = "",
) -> None:
    """Show where my posts are, who has them and what came back. Example: qianfa status content/news/2026-11-20-a.md"""
    with looking(given) as (session, bench):
        # Looking at one post, a unit's or everybody's needs no key; it only says better what is next.
        named = bool(given.person or given.key)
        me = who_asks(given, session, bench) if named or not (post or everybody or unit) else None
        check_known(unit, "--unit", bench.in_force.policy.people.units)
        posts = _standings(session, bench)
        if post:
            item = meant(given.site, post, [one.item for one in posts])
            posts = [one for one in posts if one.item == item]
        elif unit:
            posts = [one for one in posts if one.unit == unit]
        elif me is not None and not everybody:
            mine = views.units_of(me.id, bench)
            posts = [one for one in posts if one.unit in mine or views.drafted_by(one.item, me.id, bench)]
        found = views.status_of(me, posts, bench)
    answer("status", found, lambda: post_text(found.posts[0]) if post else status_text(found), json=given.json)


@spread
def calendar(
    given: Asking,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=0, max=36500, help="Only the next N days.")
    ] = None,
) -> None:
    """Show what goes online and offline by itself, and when to build next. Example: qianfa calendar --days 30"""
    with looking(given) as (session, bench):
        found = calendar_of(session.report, _standings(session, bench), bench, days=days)
    answer("calendar", found, lambda: calendar_text(found), json=given.json)


def _standings(session: pipeline.Session, bench: Bench) -> list[Standing]:
    settings = pipeline.settings_of(session, bench)
    return list(standings(session.report, bench, settings, uncommitted(session)))
