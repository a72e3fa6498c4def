"""A duty table as an iCalendar (RFC 5545): a day for each column on which something is due. Same table, same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from review.model.duties import Clock, DutyRow, DutyTable
from review.model.instants import parse_date, parse_instant

if TYPE_CHECKING:
    import icalendar

_PRODUCT = "-//Qianfa//duty//ZH"
_STATES = {"empty": "栏目空白", "late": "逾期未更新"}


def duty_calendar(table: DutyTable) -> bytes:
    """Return an all-day event for each column on the last day in time; for an empty one on the day of the table.

    Its words are Chinese, as those of the organisation's other papers; a column keeps its UID, so that the next table
    takes the place of this one in the calendars of those who imported it. Lines end with CRLF.
    """
    import icalendar  # noqa: PLC0415  # a library that few commands should load

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{table.title} 栏目更新")
    if table.home.due:
        calendar.add_component(_event(table, "", "首页", table.home, tuple(_about(table.home))))
    for row in sorted(table.rows, key=lambda row: row.column):
        if row.due or row.upkeep == "empty":
            calendar.add_component(_event(table, row.column, row.title, row, (*_owners(row), *_about(row))))
    return bytes(calendar.to_ical())


def _event(table: DutyTable, column: str, title: str, clock: Clock, about: tuple[str, ...]) -> icalendar.Event:
    import icalendar  # noqa: PLC0415  # as above

    event = icalendar.Event()
    name = ".".join(("duty", *filter(None, column.split("/"))))
    event.add("uid", f"{name}@{table.site}")
    event.add("dtstamp", parse_instant(table.until).astimezone(dt.UTC))
    event.add("dtstart", parse_date(clock.due or table.as_of))
    event.add("summary", f"{_STATES.get(clock.upkeep, '应更新')}：{title}")
    event.add("description", "\n".join(about))
    event.add("transp", "TRANSPARENT")  # nobody is busy all day
    return event


def _owners(row: DutyRow) -> Iterator[str]:
    for part, called in (("lead", "责任单位"), ("support", "配合单位")):
        units = [
            f"{one.title}（{'、'.join(person.name for person in one.people)}）" if one.people else one.title
            for one in row.owners
            if one.part == part
        ]
        if units:
            yield f"{called}：{'、'.join(units)}"
    if groups := [one for one in row.open_to if one.units]:
        yield f"供稿：{'、'.join(one.first if one.units == 1 else f'{one.first}等 {one.units} 个单位' for one in groups)}"


def _about(clock: Clock) -> Iterator[str]:
    if clock.last is not None:
        yield f"最近发布：{clock.last.at[:10]} {clock.last.title or clock.last.item}"
    if clock.limit:
        yield f"更新期限：{clock.limit} 天{f'（{clock.rule}）' if clock.rule else ''}"
    if clock.late_by:
        yield f"已逾期 {clock.late_by} 天"
