"""Which columns are kept up, and who is late: owners, last publications, limits. Reads no limit of its own."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from review.gate.bench import Bench
from review.model.columns import Column
from review.model.duties import (
    UPKEEPS,
    Answerable,
    Clock,
    DutyRow,
    DutyTable,
    Limit,
    Limits,
    OpenGroup,
    Owner,
    Part,
    Publication,
    Upkeep,
)
from review.model.instants import parse_date
from review.model.paths import column_of
from review.model.people import SUBMITTING_UNIT, Office
from review.model.reports import LivePost, Report
from review.views.moments import day_begins, local, order, zone_of
from review.views.names import column_title
from review.views.online_then import online_then

_SECOND = dt.timedelta(seconds=1)


def duty_table(report: Report, bench: Bench, limits: Limits, day: dt.date | None = None) -> DutyTable:
    """Return how the columns of the policy in force are kept up, as of the end of a day in the site's time zone.

    Without a day it is the present, the bench's. A publication is the first version of a post or a later one, counted from
    when it came online, of posts that are online then. It counts for the columns above its own as well, so a
    column is not late while one below it is kept up. What was never published is not late, but empty.
    """
    zone = zone_of(bench)
    moment = bench.now if day is None else day_begins(day + dt.timedelta(days=1), zone) - _SECOND
    today = moment.astimezone(zone).date()
    columns = bench.in_force.policy.columns
    newest: dict[str, tuple[dt.datetime, LivePost]] = {}
    posts: dict[str, int] = {}
    for post in online_then(report, bench, moment):
        came = _came_online(post)
        for column in ("", *(one.id for one in columns.trail(column_of(post.item)))):
            posts[column] = posts.get(column, 0) + 1
            if column not in newest or (came, post.item) > (newest[column][0], newest[column][1].item):
                newest[column] = came, post
    published = {column: _publication(*found, zone, bench) for column, found in newest.items()}
    answerable = _answerable(bench)
    rows = [
        DutyRow(
            **_clock(
                limits.of(column),
                published.get(column.id),
                today,
                closed_down=_is_closed_down(column, columns.columns),
            ),
            column=column.id,
            title=column_title(column.id, bench),
            type=column.type,
            duty=column.duty,
            owners=tuple(_owners(column, bench, answerable)),
            open_to=() if column.closed else tuple(_open_to(column, bench)),
            posts=posts.get(column.id, 0),
        )
        for column in columns.columns.values()
    ]
    return DutyTable(
        site=columns.site.id,
        title=columns.site.title,
        url=columns.site.url,
        commit=report.commit,
        as_of=today.isoformat(),
        until=local(moment.isoformat(timespec="seconds"), zone),
        home=Clock(**_clock(limits.home, published.get(""), today)),
        rows=tuple(sorted(rows, key=_by_urgency)),
        counts={one: count for one in UPKEEPS if (count := sum(row.upkeep == one for row in rows))},
    )


def _came_online(post: LivePost) -> dt.datetime:
    """Return when the version that is online came there: signed through, or at its planned instant after that."""
    return max(order(post.updated), order(post.header.planned))


def _publication(came: dt.datetime, post: LivePost, zone: zoneinfo.ZoneInfo, bench: Bench) -> Publication:
    snapshot = bench.evidence.trees.post(post.commit, post.item)
    return Publication(
        item=post.item,
        title=snapshot.title if snapshot else "",
        version=post.version,
        update=tuple(link.commit for link in post.chain) != post.first_chain,
        at=local(came.isoformat(timespec="seconds"), zone),
    )


def _clock(limit: Limit, last: Publication | None, today: dt.date, *, closed_down: bool = False) -> dict[str, Any]:
    """Return the fields of a `Clock`: the day `limit.days` after the last publication is the last one in time."""
    day = parse_date(last.at[:10]) if last else None
    due = day + dt.timedelta(days=limit.days) if day and limit.days and not closed_down else None
    late_by = max((today - due).days, 0) if due else 0
    upkeep: Upkeep = "current" if due else "free"
    if closed_down:
        upkeep = "closed"
    elif last is None:
        upkeep = "empty"
    elif late_by:
        upkeep = "late"
    return {
        "last": last,
        "days": (today - day).days if day else None,
        "limit": limit.days,
        "rule": limit.rule,
        "due": due.isoformat() if due else "",
        "upkeep": upkeep,
        "late_by": late_by,
    }


def _is_closed_down(column: Column, columns: Mapping[str, Column]) -> bool:
    """Tell whether nothing new can come: neither here nor in a column below."""
    return column.closed and all(_is_closed_down(columns[child], columns) for child in column.children)


def _by_urgency(row: DutyRow) -> tuple[int, int, str]:
    """Return what rows are sorted by, beside the order of columns.yaml: who is latest, then what is due first."""
    return UPKEEPS.index(row.upkeep), -row.late_by, row.due


def _owners(column: Column, bench: Bench, people: Callable[[str], tuple[Answerable, ...]]) -> Iterator[Owner]:
    units = bench.in_force.policy.people.units
    parts: tuple[tuple[Part, tuple[str, ...]], ...] = (("lead", column.lead), ("support", column.support))
    for part, ids in parts:
        for unit in ids:
            yield Owner(unit=unit, title=units[unit].title, part=part, people=people(unit))


def _open_to(column: Column, bench: Bench) -> Iterator[OpenGroup]:
    units = bench.in_force.policy.people.units.values()
    for group in column.open_to:
        titles = [unit.title for unit in units if unit.group == group]
        yield OpenGroup(group=group, units=len(titles), first=next(iter(titles), ""))


def _answerable(bench: Bench) -> Callable[[str], tuple[Answerable, ...]]:
    """Return what tells the people of a unit: who has, in this very unit, an office of the unit that submits."""
    policy = bench.in_force.policy

    @cache
    def of(unit: str) -> tuple[Answerable, ...]:
        stages: dict[str, dict[Office, None]] = {}
        for flow in policy.workflows.workflows:
            if policy.people.units[unit].group in flow.groups:
                for stage in flow.stages:
                    own = (Office(name=one.name, place=unit) for one in stage.by if one.place == SUBMITTING_UNIT)
                    stages.setdefault(stage.title, {}).update(dict.fromkeys(own))
        found = (
            Answerable(id=one.id, name=one.name, stages=tuple(_held(one.offices, stages)))
            for one in policy.people.people.values()
        )
        return tuple(one for one in found if one.stages)

    return of


def _held(offices: Iterable[Office], stages: Mapping[str, Iterable[Office]]) -> Iterator[str]:
    """Yield the titles of the stages that somebody with these offices may sign."""
    return (title for title, wanted in stages.items() if set(offices) & set(wanted))
