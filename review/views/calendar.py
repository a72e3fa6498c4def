"""What time alone will do to the site: posts that go online, are replaced or go offline, and when the next build is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from review.gate import items, paths
from review.gate.bench import Bench
from review.gate.versions import tell
from review.model.instants import parse_date, parse_instant
from review.model.paths import column_of, stem_of
from review.model.records import Header
from review.model.reports import ItemReport, LivePost, Report
from review.views.moments import day_begins, local, order, zone_of
from review.views.names import Post, named
from review.views.standing import Standing

_LAST_YEAR = 9000
"""The last year in which a site can be judged."""

What: TypeAlias = Literal["online", "replaced", "offline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Post):
    """A change of what is online, at an instant in the site's time zone. `version` goes online, `before` goes; 0 for none."""

    at: str
    what: What
    version: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What will happen by itself. `next_build` is the first instant of all that changes what is online, empty for none;
    `events` are those until `until` (all where it is empty), `planned` the posts that have a planned instant and not yet
    every sign-off."""

    now: str
    until: str
    next_build: str
    events: tuple[Event, ...]
    planned: tuple[Standing, ...]


def calendar_of(report: Report, posts: Iterable[Standing], bench: Bench, *, days: int | None = None) -> Calendar:
    """Return the calendar; `days` from now, all of it where that is None."""
    zone = zone_of(bench)
    events = sorted(_events(report, bench), key=lambda one: (order(one.at), one.item))
    planned = [one for one in posts if one.planned and one.state in ("in-review", "returned", "draft")]
    until = bench.now + dt.timedelta(days=days) if days is not None else None

    def near(at: str) -> bool:
        return until is None or parse_instant(at) <= until

    return Calendar(
        now=local(bench.now.isoformat(timespec="seconds"), zone),
        until=local(until.isoformat(timespec="seconds"), zone) if until else "",
        next_build=events[0].at if events else "",
        events=tuple(one for one in events if near(one.at)),
        planned=tuple(sorted((one for one in planned if near(one.planned)), key=lambda one: order(one.planned))),
    )


def _events(report: Report, bench: Bench) -> Iterator[Event]:
    """Let time pass from one instant to the next that could change an item, and yield what the gate's rules make of it."""
    online = _online(report, bench)
    coming: dict[dt.datetime, dict[str, LivePost | None]] = {}
    for one in report.items:
        for at in _instants(one, online.get(one.item), bench):
            verdict = items.judge(one.item, replace(bench, now=at))
            coming.setdefault(at, {})[one.item] = verdict.live if verdict else None
    ever = [*online.values(), *(post for changes in coming.values() for post in changes.values() if post)]
    contested = _contested(ever, bench)
    titles = {one.item: one.title for one in report.items}
    kept_off = _kept_off(online, contested, bench)
    for at in sorted(coming):
        touched = sorted({*coming[at], *contested})
        before = {item: online[item] for item in touched if item in online and item not in kept_off}
        online = {item: post for item, post in {**online, **coming[at]}.items() if post is not None}
        kept_off = _kept_off(online, contested, bench)
        for item in touched:
            then = online.get(item) if item not in kept_off else None
            if _version(before.get(item)) != _version(then):
                yield _event(item, at, before.get(item), then, titles.get(item, ""), bench)


def _version(post: LivePost | None) -> int:
    return post.version if post else 0


def _online(report: Report, bench: Bench) -> dict[str, LivePost]:
    """Return every item's live version now, of those that another page keeps off the site, too."""
    online = {post.item: post for post in report.live.posts} if report.live else {}
    for item in {one.item for one in report.findings if one.code == "path-invalid" and one.item} - online.keys():
        verdict = items.judge(item, bench)
        if verdict is not None and verdict.live is not None:
            online[item] = verdict.live
    return online


def _instants(item: ItemReport, live: LivePost | None, bench: Bench) -> set[dt.datetime]:
    """Return the instants to come at which another version of an item may be online, or none."""
    if item.state == "expired" or not item.version:
        return set()
    if live is not None and live.version == item.version:
        headers: list[Header] = [live.header]  # older versions never come back, and no newer one is signed through
    else:
        snapshots = [version.chain.snapshot for version in tell(item.item, bench).standing()]
        headers = [one.header for one in snapshots if one is not None and one.header is not None]
    zone = zone_of(bench)
    days = {parse_date(header.expires) for header in headers if header.expires}
    found = {parse_instant(header.planned) for header in headers if header.planned}
    found |= {day_begins(day, zone) for day in days if day > bench.today}
    return {at for at in found if at > bench.now and at.year <= _LAST_YEAR}


def _contested(posts: Sequence[LivePost], bench: Bench) -> frozenset[str]:
    """Return the items that could want another's place on the site at some time, or a column's."""
    owners: dict[str, set[str]] = {}
    for post in posts:
        for file in post.files:
            owners.setdefault(file.path.casefold(), set()).add(post.item)
    rivals = {item for several in owners.values() if len(several) > 1 for item in several}
    columns = bench.in_force.policy.columns.columns
    displaced = {post.item for post in posts if f"{column_of(post.item)}/{stem_of(post.item)}" in columns}
    return frozenset(rivals | displaced)


def _kept_off(online: Mapping[str, LivePost], contested: frozenset[str], bench: Bench) -> frozenset[str]:
    """Return the items of those online whose place another has, by the gate's own rule."""
    rivals = [online[item] for item in sorted(contested) if item in online]
    return frozenset(one.item for one in paths.collisions(rivals, bench.in_force.policy, bench.evidence.graph))


def _event(
    item: str, at: dt.datetime, before: LivePost | None, then: LivePost | None, title: str, bench: Bench
) -> Event:
    post = then or before
    return Event(
        **named(item, title, post.header.unit if post else "", bench),
        at=local(at.isoformat(timespec="seconds"), zone_of(bench)),
        what="replaced" if before and then else "online" if then else "offline",
        version=_version(then),
        before=_version(before),
    )
