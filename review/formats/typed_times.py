"""Times as people type them, `2026-11-22 9:00` or 2026年11月22日, to the spelling that records have. Knows no clock."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

from review.model.instants import is_instant

_DAY = r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_TIME = r"([0-9]{1,2})(?:[:：]([0-9]{2})(?:[:：]([0-9]{2}))?|[点时](?:([0-9]{1,2})分)?)"
_DATE = re.compile(_DAY, re.ASCII)
_MOMENT = re.compile(rf"{_DAY}(?:[T\s]*{_TIME})?", re.ASCII)


def instant_typed(text: str, zone: zoneinfo.ZoneInfo) -> str:
    """Return what somebody typed as an instant, in the zone where none is named; as it is where it says no moment.

    A day alone is its first instant.
    """
    text = text.strip()
    found = _MOMENT.fullmatch(text)
    if is_instant(text) or found is None:
        return text
    year, month, day, hour, minute, second, spoken = found.groups()
    try:
        moment = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or spoken or 0), int(second or 0), tzinfo=zone
        )
        return moment.isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return text


def date_typed(text: str) -> str:
    """Return what somebody typed as a date; as it is where it says no day."""
    text = text.strip()
    found = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else text
    except ValueError:
        return text
