"""Due dates are days of the site's calendar; instants that leave the calendar break nothing."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from review.model.settings import Settings
from review.views.moments import day_begins, due, local, order

SHANGHAI, HAVANA = zoneinfo.ZoneInfo("Asia/Shanghai"), zoneinfo.ZoneInfo("America/Havana")
THREE_DAYS = Settings(due={"default": 3, "publish": 1})


def test_a_stage_is_due_at_the_end_of_its_last_day_in_the_sites_time_zone() -> None:
    # In Shanghai it is the 21st already.
    assert due("2026-11-20T16:30:00Z", "head", "", THREE_DAYS, SHANGHAI) == "2026-11-24T23:59:59+08:00"


def test_a_stage_may_have_days_of_its_own() -> None:
    assert due("2026-11-20T10:00:00+08:00", "publish", "", THREE_DAYS, SHANGHAI) == "2026-11-21T23:59:59+08:00"


def test_a_planned_instant_that_comes_earlier_is_when_it_is_due() -> None:
    assert due("2026-11-20T10:00:00+08:00", "head", "2026-11-22T01:00:00Z", THREE_DAYS, SHANGHAI) == (
        "2026-11-22T09:00:00+08:00"
    )


def test_a_planned_instant_that_comes_later_does_not_give_more_time() -> None:
    said = due("2026-11-20T10:00:00+08:00", "head", "2026-12-24T09:00:00+08:00", THREE_DAYS, SHANGHAI)

    assert said == "2026-11-23T23:59:59+08:00"


@pytest.mark.parametrize(("since", "settings"), [("2026-11-20T10:00:00+08:00", Settings()), ("", THREE_DAYS)])
def test_what_nobody_set_a_limit_for_is_never_due(since: str, settings: Settings) -> None:
    assert due(since, "head", "", settings, SHANGHAI) == ""


def test_whoever_says_they_signed_at_the_end_of_all_calendars_sets_no_limit() -> None:
    assert due("9999-12-31T20:00:00Z", "head", "", THREE_DAYS, SHANGHAI) == ""
    assert due("9999-12-30T10:00:00Z", "head", "", THREE_DAYS, SHANGHAI) == ""


def test_an_instant_that_the_zones_calendar_does_not_reach_is_told_as_it_was_said() -> None:
    assert local("9999-12-31T20:00:00Z", SHANGHAI) == "9999-12-31T20:00:00Z"
    assert local("0001-01-01T00:00:00Z", HAVANA) == "0001-01-01T00:00:00Z"
    assert local("2026-11-20T16:30:00Z", SHANGHAI) == "2026-11-21T00:30:00+08:00"


def test_days_without_a_midnight_begin_when_the_clocks_have_gone_forward() -> None:
    assert day_begins(dt.date(2027, 3, 14), HAVANA).isoformat() == "2027-03-14T01:00:00-04:00"
    assert day_begins(dt.date(2026, 11, 22), SHANGHAI).isoformat() == "2026-11-22T00:00:00+08:00"


def test_instants_are_ordered_by_what_they_mean_and_not_by_how_they_are_written() -> None:
    assert order("2026-11-20T10:00:00+08:00") < order("2026-11-20T03:00:00Z")
    assert order("") < order("0001-01-01T00:00:00Z") or order("") == order("0001-01-01T00:00:00Z")
