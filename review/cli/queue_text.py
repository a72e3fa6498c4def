"""The queue in words: what waits for me, or for everybody, the oldest first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import by_day, called, calling, paragraph, unbroken, when
from review.messages import t
from review.model.paths import POLICY
from review.views.queue import Queue, Row


def queue_text(queue: Queue) -> str:
    """Return the queue as lines for people, an item a paragraph."""
    return "".join(told(line) + "\n" for line in _lines(queue))


def _lines(queue: Queue) -> Iterator[str]:
    yield from paragraph(_head(queue))
    if queue.person is not None:
        for row in queue.rows:
            yield ""
            yield from _row(row, queue)
    else:
        for _, group in itertools.groupby(queue.rows, key=lambda row: row.group):
            rows = list(group)
            yield ""
            yield from paragraph(_heading(rows))
            for row in rows:
                yield ""
                yield from _row(row, queue)
    hints = [hint for kinds, hint in _HINTS if any(row.kind in kinds for row in queue.rows)]
    if hints:
        yield ""
        yield from (line for hint in hints for line in paragraph(hint))


_BEFORE_REVIEW = ("returned", "draft", "refused")
_HINTS = (
    (("sign",), t("Read one with: qianfa show POST. Sign it with: qianfa approve POST")),
    (("returned",), t("See what it came back for, and begin the next version, with: qianfa revise POST")),
    (("draft", "refused"), t("See what is left to do with: qianfa check POST. Hand it in with: qianfa submit POST")),
    (("policy",), t("See what the policy would change with: qianfa policy diff. Sign it with: qianfa policy sign")),
)


def _head(queue: Queue) -> str:
    count = len(queue.rows)
    if queue.person is None:
        if not count:
            return t("Nothing waits for anybody.")
        if not queue.late:
            return t("Waiting: {count}.", count=count)
        return t("Waiting: {count}, of which late: {late}.", count=count, late=queue.late)
    me = called(queue.person)
    if not count:
        return t("Nothing waits for {person}.", person=me)
    if not queue.late:
        return t("Waiting for {person}: {count}.", person=me, count=count)
    return t("Waiting for {person}: {count}, of which late: {late}.", person=me, count=count, late=queue.late)


def _heading(rows: list[Row]) -> str:
    first, count = rows[0], len(rows)
    if first.kind in _BEFORE_REVIEW:
        return t("With the drafters ({count})", count=count)
    if first.kind == "policy":
        return t("With the administrators ({count})", count=count)
    return t("{stage} ({count})", stage=_stage(first), count=count)


def _row(row: Row, queue: Queue) -> Iterator[str]:
    yield from paragraph(_what(row, under_heading=queue.person is None), indent=2)
    if row.item != POLICY:
        yield unbroken(row.item, indent=4)
        yield from paragraph(_place(row), indent=4)
    times = [one for one in (_since(row), _due(row)) if one]
    if times:
        yield from paragraph("  ".join(map(told, times)), indent=4)
    yield from (line for text in _notes(row, queue) for line in paragraph(text, indent=4))


def _what(row: Row, *, under_heading: bool) -> str:
    title = row.title or row.item
    match row.kind:
        case "sign" if under_heading:
            return title
        case "sign":
            return t("{stage}: {title}", stage=_stage(row), title=title)
        case "returned":
            return t("came back: {title}", title=title)
        case "refused":
            return t("refused: {title}", title=title)
        case "policy":
            return t("version {version} of the policy", version=row.version)
        case _:
            return t("not handed in: {title}", title=title)


def _stage(row: Row) -> str:
    return t("{title} ({id})", title=row.stage_title, id=row.stage) if row.stage_title else row.stage


def _place(row: Row) -> str:
    version = t("version {version}", version=row.version) if row.version else ""
    code = row.code if row.version else ""
    parts = (row.column_title or row.column, row.unit_title or row.unit, version, code)
    return "  ".join(told(part) for part in parts if part)


def _since(row: Row) -> str:
    return t("since {since}", since=when(row.since)) if row.since else ""


def _due(row: Row) -> str:
    if not row.due:
        return ""
    return t("due {due}: late", due=by_day(row.due)) if row.late else t("due {due}", due=by_day(row.due))


def _notes(row: Row, queue: Queue) -> Iterator[str]:
    if row.kind == "policy" and row.code:
        yield t("content code {code}", code=row.code)
    if row.returned_by is not None:
        why = row.reason or t("no reason given")
        yield t("returned by {person}: {why}", person=called(row.returned_by), why=why)
    elif row.reason:
        yield row.reason
    if row.work_tree == "edited":
        yield t("edited in this work tree, and not handed in")
    elif row.work_tree == "gone":
        yield t("its file is gone from this work tree")
    if queue.person is None:
        if row.people:
            yield t("for {people}", people=calling(row.people))
        else:
            yield t("nobody holds an office that could take it on")
        return
    others = [one for one in row.people if one.id != queue.person.id]
    if others:
        yield t("or {people}", people=calling(others))
