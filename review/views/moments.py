"""When things were said and when they fall due, in the site's time zone. Instants come in as statements write them."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from review.gate.bench import Bench
from review.model.instants import parse_instant
from review.model.settings import Settings

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_DAY_ENDS = dt.time(23, 59, 59)


def zone_of(bench: Bench) -> zoneinfo.ZoneInfo:
    """Return the site's time zone, as the policy in force has it."""
    return zoneinfo.ZoneInfo(bench.in_force.policy.columns.site.timezone)


def order(at: str) -> dt.datetime:
    """Return what instants are sorted by; one that nobody gave comes before all others."""
    return parse_instant(at).astimezone(dt.UTC) if at else NEVER


def local(at: str, zone: zoneinfo.ZoneInfo) -> str:
    """Return an instant in the zone; as it was said where the zone's calendar does not reach so far, empty for none."""
    try:
        return parse_instant(at).astimezone(zone).isoformat(timespec="seconds") if at else ""
    except OverflowError:
        return at


def day_begins(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the first instant of a day in the zone, which is not midnight where the clocks go forward then."""
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC).astimezone(zone)


def due(since: str, stage: str, planned: str, settings: Settings, zone: zoneinfo.ZoneInfo) -> str:
    """Return until when a stage is to be done: the end of its last day, or the planned instant where that is earlier.

    Days are those of the zone's calendar. Empty where nobody set a limit.
    """
    limits = [one for one in (_last_day(since, settings.days(stage), zone), local(planned, zone)) if one]
    return min(limits, key=order, default="")


def _last_day(since: str, days: int | None, zone: zoneinfo.ZoneInfo) -> str:
    if not since or days is None:
        return ""
    try:
        last = parse_instant(since).astimezone(zone).date() + dt.timedelta(days=days)
        end = dt.datetime.combine(last, _DAY_ENDS, zone)
        end.astimezone(dt.UTC)
    except OverflowError:  # somebody said they signed where calendars end
        return ""
    return end.isoformat(timespec="seconds")
