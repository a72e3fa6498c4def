"""The ledger: every act on the whole site, by the times they say. What has no effect is there, too, and marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from review.gate.bench import Bench
from review.gate.versions import Story
from review.model.evidence import Made
from review.model.paths import POLICY, column_of
from review.model.reports import Report
from review.views.acts_told import Act, acts_of, story_of
from review.views.moments import order
from review.views.names import Post, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which acts are wanted; what is empty or None does not matter. A column is wanted with those below it.

    `since` is the first instant, `until` the first that is not wanted any more.
    """

    unit: str = ""
    person: str = ""
    column: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Post):
    """One act in the ledger; unit and title are those of the version it is about, the post's own where that has none."""

    did: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The acts wanted, in the order of their times."""

    site: str
    commit: str
    entries: tuple[Entry, ...]


def ledger(report: Report, bench: Bench, wanted: Wanted) -> Ledger:
    """Return the acts wanted. Only items that have one are looked at closely."""
    titles = {item.item: item.title for item in report.items}
    items = dict.fromkeys(made.statement.item for made in bench.evidence.made.values() if _wanted(made, wanted))
    place = bench.evidence.graph.generation
    entries = [entry for item in items for entry in _entries(item, titles.get(item, ""), bench, wanted)]
    entries.sort(key=lambda one: (order(one.did.at), min(place(by.commit) for by in one.did.commits), one.item))
    return Ledger(site=bench.site, commit=bench.evidence.commit, entries=tuple(entries))


def _wanted(made: Made, wanted: Wanted) -> bool:
    """Tell whether an act is wanted, as far as its statement alone tells."""
    said, at = made.statement, order(made.statement.at)
    column = "" if said.item == POLICY else column_of(said.item)
    return (
        (not wanted.person or wanted.person in (said.by, said.signatory))
        and (not wanted.column or f"{column}/".startswith(f"{wanted.column}/"))
        and (wanted.since is None or at >= wanted.since)
        and (wanted.until is None or at < wanted.until)
    )


def _entries(item: str, title: str, bench: Bench, wanted: Wanted) -> Iterator[Entry]:
    story = story_of(item, bench)
    chosen = {made.digest for made in bench.evidence.of(item) if _wanted(made, wanted)}
    for act in acts_of(item, story, bench):
        if act.statement in chosen:
            said, unit = _told(item, title, act.version, story, bench)
            if wanted.unit in ("", unit):
                yield Entry(**named(item, said, unit, bench), did=act)


def _told(item: str, title: str, version: int, story: Story, bench: Bench) -> tuple[str, str]:
    """Return title and unit of an item as a version of it has them."""
    found = story.versions.get(version)
    snapshots = (found.chain.snapshot if found else None, bench.evidence.head.posts.get(item))
    told = next((one for one in snapshots if one is not None and one.header is not None), None)
    if told is None or told.header is None:
        return title, ""
    return told.title or title, told.header.unit
