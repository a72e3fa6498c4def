"""Which version of an item is online at an instant? Its statements are told elsewhere; here only time is asked."""

from __future__ import annotations

from review.gate.bench import Bench
from review.gate.versions import Story, Version
from review.model.instants import parse_date, parse_instant
from review.model.reports import State


def live_version(story: Story, bench: Bench) -> Version | None:
    """Return the version that is online: the highest that stands and whose time has come, unless it is over."""
    for version in story.standing():
        match phase(version, bench):
            case "live":
                return version
            case "expired":
                return None
    return None


def phase(version: Version, bench: Bench) -> State:
    """Return where a complete version that nobody withdrew stands: scheduled, live or expired."""
    header = version.chain.snapshot.header if version.chain.snapshot else None
    if header is None:
        return "refused"
    if header.planned and parse_instant(header.planned) > bench.now:
        return "scheduled"
    if header.expires and parse_date(header.expires) <= bench.today:
        return "expired"
    return "live"
