"""Days as pages write them, and how many of them people worked. No page here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container

_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?(?:[-/.]|年)\s?(\d{1,2})\s?(?:[-/.]|月)\s?(\d{1,2})(?!\d)")
_SATURDAY = 5


def days_in(text: str) -> frozenset[dt.date]:
    """Return every day that a text names, as 2026-11-20, 2026年11月20日, 2026/11/20 or 2026.11.20."""
    return frozenset(day for found in _DAY.finditer(text) if (day := _day(*map(int, found.groups()))))


def day_in(text: str) -> dt.date | None:
    """Return the first day that a text names."""
    return next((day for found in _DAY.finditer(text) if (day := _day(*map(int, found.groups())))), None)


def working_days(begin: dt.date, end: dt.date, *, holidays: Container[str], workdays: Container[str]) -> int:
    """Return how many working days come after `begin`, up to and with `end`; both lists hold days such as 2026-10-01.

    Holidays are no working days; `workdays` are worked though they are Saturdays or Sundays.
    """
    return sum(
        day.isoformat() in workdays or (day.weekday() < _SATURDAY and day.isoformat() not in holidays)
        for day in (begin + dt.timedelta(days=number) for number in range(1, (end - begin).days + 1))
    )


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
