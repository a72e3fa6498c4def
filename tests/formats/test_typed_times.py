"""Times as people type them become the spelling of records; what says no time stays as it is, to be refused elsewhere."""

from __future__ import annotations

import zoneinfo

import pytest

from review.formats.typed_times import date_typed, instant_typed

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-22 09:00",
        "2026-11-22T9:00",
        "2026/11/22 9:00:00",
        "2026年11月22日 9点",
        "2026年11月22日9时0分",
        "2026.11.22 9：00",
    ],
)
def test_a_moment_is_understood_in_the_sites_time_zone(typed: str) -> None:
    assert instant_typed(typed, ZONE) == "2026-11-22T09:00:00+08:00"


def test_an_instant_keeps_its_own_offset_and_a_day_begins_at_midnight() -> None:
    assert instant_typed("2026-11-22T09:00:00Z", ZONE) == "2026-11-22T09:00:00Z"
    assert instant_typed("2026-11-22", ZONE) == "2026-11-22T00:00:00+08:00"


@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-01", "2026-11-22 25:00", "", "9999999-1-1"])
def test_what_says_no_moment_stays_as_it_is(typed: str) -> None:
    assert instant_typed(typed, ZONE) == typed
    assert date_typed(typed) == typed


def test_a_day_is_understood_in_several_spellings() -> None:
    assert {date_typed(one) for one in ("2026-12-1", "2026年12月1日", "2026/12/01")} == {"2026-12-01"}
