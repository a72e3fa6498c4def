"""The calendar in words: what goes online and offline by itself, and when to build next."""

from __future__ import annotations

from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import Entry, calling, listing, paragraph, unbroken, when
from review.messages import t
from review.views.calendar import Calendar, Event


def calendar_text(calendar: Calendar) -> str:
    """Return the calendar as lines for people."""
    return "".join(told(line) + "\n" for line in _lines(calendar))


def _lines(calendar: Calendar) -> Iterator[str]:
    if calendar.next_build:
        yield from paragraph(t("The next build is due at {at}.", at=calendar.next_build))
    else:
        yield from paragraph(t("Nothing changes by itself: no build is due until somebody signs."))
    if calendar.events:
        yield ""
        rows = [Entry((when(one.at), _what(one)), ((one.title,), (one.item,))) for one in calendar.events]
        yield from listing((t("When"), t("What"), t("Post"), t("Path")), rows)
    elif calendar.next_build:
        yield from paragraph(t("Nothing until {until}.", until=when(calendar.until)))
    if calendar.planned:
        yield ""
        yield from paragraph(t("Planned, and not yet signed through:"))
    for one in calendar.planned:
        yield ""
        yield from paragraph(t("{at}  {title}", at=when(one.planned), title=one.title or one.item), indent=2)
        yield unbroken(one.item, indent=4)
        if one.people:
            yield from paragraph(t("it is with {people}", people=calling(one.people)), indent=4)


def _what(event: Event) -> str:
    match event.what:
        case "online":
            return t("version {version} goes online", version=event.version)
        case "replaced":
            return t("version {version} replaces {before}", version=event.version, before=event.before)
        case _:
            return t("version {before} goes offline", before=event.before)
