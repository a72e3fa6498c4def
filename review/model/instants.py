"""Instants and dates as the format writes them. Parsing only; the clock is never asked."""

from __future__ import annotations

import datetime as dt
import re

from review.messages import t

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_instant(text: str) -> dt.datetime:
    """Return the instant `YYYY-MM-DDThh:mm:ss` with `Z` or a `±hh:mm` offset; `ValueError` for anything else."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(t("{text} is not an instant such as 2026-11-20T10:00:00+08:00", text=repr(text)))
    moment = dt.datetime.fromisoformat(text)
    moment.astimezone(dt.UTC)  # years 1 and 9999 may leave the calendar here: OverflowError is a ValueError's cousin
    return moment


def parse_date(text: str) -> dt.date:
    """Return the date `YYYY-MM-DD`; `ValueError` for anything else."""
    if not _DATE.fullmatch(text):
        raise ValueError(t("{text} is not a date such as 2026-11-20", text=repr(text)))
    return dt.date.fromisoformat(text)


def is_instant(text: str) -> bool:
    """Tell whether `parse_instant` would take the text."""
    try:
        parse_instant(text)
    except (ValueError, OverflowError):
        return False
    return True


def is_date(text: str) -> bool:
    """Tell whether `parse_date` would take the text."""
    try:
        parse_date(text)
    except ValueError:
        return False
    return True
