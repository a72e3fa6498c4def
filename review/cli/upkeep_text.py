"""The duty table in words: the late columns first, each with its owner, its last publication and when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from review.cli.language import told
from review.cli.lines import Entry, listing, one_line, paragraph, unbroken, width
from review.cli.page import Page
from review.messages import Listing, listed, t
from review.model.duties import Clock, DutyRow, DutyTable, OpenGroup, Owner, Upkeep

_COLOURS: dict[Upkeep, str] = {"late": "red", "empty": "yellow"}


def show(table: DutyTable, page: Page) -> None:
    """Print the table."""
    page.put(told(t("Duty of the columns as of {day}", day=table.as_of)))
    page.put(told(_home(table.home)))
    for upkeep in table.counts:
        rows = [row for row in table.rows if row.upkeep == upkeep]
        page.put(_heading(upkeep, len(rows), page))
        for line in _table(rows):
            page.put(page.unbroken(line))


_INDENT = _GAP = 2
_DUTIES = {
    "update": t("kept up to date"),
    "provide": t("provides material"),
    "yearly": t("once a year"),
    "as-needed": t("as needed"),
}
_HEADINGS = (t("Column"), t("Due"), t("Last"), t("Limit"), t("Duty"), t("Id"), t("Owner"))


def _heading(upkeep: Upkeep, count: int, page: Page) -> Text:
    heading = page.heading(_called(upkeep, count))
    if page.coloured and upkeep in _COLOURS:
        heading.stylize(_COLOURS[upkeep])
    return heading


def _called(upkeep: Upkeep, count: int) -> str:
    match upkeep:
        case "late":
            return t("Late ({count})", count=count)
        case "empty":
            return t("Empty ({count})", count=count)
        case "current":
            return t("In time ({count})", count=count)
        case "free":
            return t("Without a limit ({count})", count=count)
        case _:
            return t("Closed ({count})", count=count)


def _home(home: Clock) -> str:
    if home.last is None:
        return t("Nothing is online.")
    if home.late_by:
        return t(
            "The home page: last changed on {day}, due on {due}, {late} d late",
            day=home.last.at[:10], due=home.due, late=home.late_by,
        )  # fmt: skip
    return t("The home page: last changed on {day}, due on {due}", day=home.last.at[:10], due=home.due)


def _table(rows: Sequence[DutyRow]) -> Iterator[str]:
    """Yield the columns as a table; where a terminal is too narrow for it, each as a few lines."""
    cells = [(row.title, _due(row), _last(row), _limit(row), _duty(row), row.column, _owned(row)) for row in rows]
    widths = (max(cell_len(one_line(row[place])) for row in (_HEADINGS, *cells)) for place in range(len(_HEADINGS)))
    if not width() or sum(widths) + _GAP * len(_HEADINGS) <= width():
        yield from listing(_HEADINGS, [Entry(row, ()) for row in cells])
        return
    for row, (title, due, last, limit, duty, column, _) in zip(rows, cells, strict=True):
        yield from paragraph(_beside(title, due))
        if last:
            yield from paragraph(t("last {last}", last=last), indent=_INDENT)
        yield from paragraph(_beside(t("limit {limit}", limit=limit) if limit else "", duty), indent=_INDENT)
        for part in _parts(row):
            yield from paragraph(part, indent=_INDENT)
        yield unbroken(column, indent=_INDENT)


def _beside(*parts: str) -> str:
    return (" " * _GAP).join(one_line(part) for part in parts if part)


def _due(row: DutyRow) -> str:
    if row.late_by:
        return t("{due}, {late} d late", due=row.due, late=row.late_by)
    return row.due


def _last(row: DutyRow) -> str:
    if row.last is None or row.days is None:
        return ""
    return t("{day}, {days} d ago", day=row.last.at[:10], days=row.days)


def _limit(row: DutyRow) -> str:
    if not row.limit:
        return ""
    if row.rule:
        return t("{days} d ({rule})", days=row.limit, rule=row.rule)
    return t("{days} d", days=row.limit)


def _duty(row: DutyRow) -> str:
    return told(_DUTIES.get(row.duty, row.duty))


def _owned(row: DutyRow) -> str:
    """Return everybody whose matter a column is, in one line."""
    return told(Listing(_parts(row), t("; ")))


def _parts(row: DutyRow) -> Iterator[str]:
    yield from (_owner(one) for one in row.owners if one.part == "lead")
    if supporting := [one.title for one in row.owners if one.part == "support"]:
        yield t("supported by: {units}", units=listed(supporting))
    if groups := [_group(one) for one in row.open_to if one.units]:
        yield t("open to: {units}", units=listed(groups))


def _owner(owner: Owner) -> str:
    if not owner.people:
        return owner.title
    return t("{unit}: {people}", unit=owner.title, people=listed(one.name for one in owner.people))


def _group(group: OpenGroup) -> str:
    if group.units == 1:
        return group.first
    return t("{unit} and its group ({count} units)", unit=group.first, count=group.units)
