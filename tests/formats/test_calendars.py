"""The duty table as a calendar: read back by a library, every line as RFC 5545 wants it, same table, same bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import icalendar

from review.formats.calendars import duty_calendar
from review.model.duties import Answerable, Clock, DutyRow, DutyTable, OpenGroup, Owner, Publication

LAST = Publication(
    item="content/news/a.md",
    title="讲座,第一讲;\\n 报名\n开始",
    version=1,
    update=False,
    at="2026-11-01T10:00:00+08:00",
)
CLOCK = Clock(last=LAST, days=20, limit=14, rule="UPD-02", due="2026-11-15", upkeep="late", late_by=6)
LATE = DutyRow(
    last=LAST, days=20, limit=14, rule="UPD-02", due="2026-11-15", upkeep="late", late_by=6, column="a-b/c",
    title="科学普及 / 科普活动", type="news", duty="update", posts=1,
    open_to=(OpenGroup(group="county", units=2, first="凤翔区科协"),),
    owners=(
        Owner(unit="kpb", title="科普部", part="lead",
              people=tuple(Answerable(id=f"p{n}", name=f"示例工作人员{n}", stages=("拟稿",)) for n in range(9))),
        Owner(unit="fx", title="凤翔区科协", part="support", people=()),
    ),
)  # fmt: skip
EMPTY = replace(LATE, column="a/b-c", title="空", last=None, days=None, due="", upkeep="empty", late_by=0)
FREE = replace(LATE, column="free", due="", limit=0, upkeep="free", late_by=0)
TABLE = DutyTable(
    site="test-site", title="测试站", url="https://example.org", commit="c" * 40, as_of="2026-11-21",
    until="2026-11-21T20:00:00+08:00", home=replace(CLOCK, due="2026-12-01", upkeep="current", late_by=0), counts={},
    rows=(LATE, EMPTY, FREE),
)  # fmt: skip


def events(table: DutyTable) -> dict[str, Any]:
    """Read the calendar back: events by UID."""
    calendar = icalendar.Calendar.from_ical(duty_calendar(table))
    found = {str(one["uid"]): one for one in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def test_there_is_an_all_day_event_for_whatever_is_due_on_the_day_it_is_due_and_for_what_is_empty_today() -> None:
    days = {uid: event.decoded("dtstart") for uid, event in events(TABLE).items()}

    assert days == {
        "duty@test-site": dt.date(2026, 12, 1),
        "duty.a-b.c@test-site": dt.date(2026, 11, 15),
        "duty.a.b-c@test-site": dt.date(2026, 11, 21),
    }


def test_texts_come_back_as_they_were_whatever_marks_they_hold() -> None:
    event = events(TABLE)["duty.a-b.c@test-site"]

    assert str(event["summary"]) == "逾期未更新：科学普及 / 科普活动"
    lines = str(event["description"]).split("\n")
    people = "、".join(f"示例工作人员{n}" for n in range(9))
    assert lines[:3] == [f"责任单位：科普部（{people}）", "配合单位：凤翔区科协", "供稿：凤翔区科协等 2 个单位"]
    assert "\n".join(lines[3:]) == f"最近发布：2026-11-01 {LAST.title}\n更新期限：14 天（UPD-02）\n已逾期 6 天"


def test_lines_are_folded_between_characters_at_seventy_five_bytes_and_end_with_crlf() -> None:
    data = duty_calendar(TABLE)

    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode()


def test_it_was_made_when_the_table_says_and_only_the_table_changes_it() -> None:
    assert duty_calendar(TABLE) == duty_calendar(replace(TABLE))
    later = replace(TABLE, until="2026-11-22T20:00:00+08:00")
    assert {one.decoded("dtstamp") for one in events(later).values()} == {dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)}
    assert events(later).keys() == events(TABLE).keys()
