"""What a change of columns.yaml changes, in words. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from review.messages import listed as names_in_a_row
from review.messages import t, typed
from review.model.cautions import Caution
from review.model.columns import Column, Columns
from review.model.paths import column_of
from review.views.policy_sentences import Change, listed, moved

COLUMNS = "columns.yaml"
_NAMED = 3
"""Posts that are named one by one."""


def changes(before: Columns, after: Columns) -> Iterator[Change]:
    """Yield what is other than before: of the site, of each column, and of their order."""
    for field in dataclasses.fields(after.site):
        old, new = _told(getattr(before.site, field.name)), _told(getattr(after.site, field.name))
        if old != new:
            yield _say("site", "site-changed", t("the site's {field} is {new}, not {old}", field=field.name,
                                                 new=new or t("empty"), old=old or t("empty")))  # fmt: skip
    gone = {_last(column): id for id, column in before.columns.items() if id not in after.columns}
    moved_to = {
        id: gone[_last(one)] for id, one in after.columns.items() if id not in before.columns and _last(one) in gone
    }
    for id, column in after.columns.items():
        known = before.columns.get(id)
        if id in moved_to:
            yield _say(id, "column-readdressed", t("the column {old} is now {id}, with another address; {owners}",
                                                   old=moved_to[id], id=id, owners=_owners(column)))  # fmt: skip
            yield from _fields(before.columns[moved_to[id]], column)
        elif known is None:
            yield _say(id, "column-added", t("the column {id} is new: {title}; {owners}", id=id, title=column.title,
                                             owners=_owners(column)))  # fmt: skip
            yield from _new(column)
        else:
            yield from _column(known, column)
    for id, column in before.columns.items():
        if id not in after.columns and id not in moved_to.values():
            yield _say(id, "column-removed", t("the column {id} ({title}) is taken out", id=id, title=column.title))
    for parent in ("", *after.columns):
        yield from _order(parent, before, after)


def cautions(columns: Columns, online: Iterable[str]) -> Iterator[Caution]:
    """Yield the columns that posts online stand in and that are not among these: no page would lead to the posts."""
    lost: dict[str, list[str]] = {}
    for item in sorted(online):
        if column_of(item) not in columns.columns:
            lost.setdefault(column_of(item), []).append(item)
    for id, posts in lost.items():
        more = [t("and {count} more", count=len(posts) - _NAMED)] if posts[_NAMED:] else []
        yield Caution(
            path=COLUMNS, line=0, stops=True,
            what=t("the column {id} is not there, and no page would lead to its posts that are online: {posts}", id=id,
                   posts=names_in_a_row([*posts[:_NAMED], *more])),
            hint=t("put it back as it was, then close it: qianfa column close {column}", column=typed(id)),
        )  # fmt: skip


def _column(old: Column, new: Column) -> Iterator[Change]:
    id = new.id
    if old.title != new.title:
        yield _say(id, "column-titled", t("the column {id} is now called {title}, not {old}", id=id, title=new.title,
                                          old=old.title))  # fmt: skip
    if _owners(old) != _owners(new):
        if new.closed:
            yield _say(id, "column-closed", t("the column {id} is closed: nobody may submit there", id=id))
        else:
            yield _say(id, "owners-changed", t("the column {id}: {owners}; before: {old}", id=id, owners=_owners(new),
                                               old=_owners(old)))  # fmt: skip
    yield from _fields(old, new)


def _new(column: Column) -> Iterator[Change]:
    """Yield the rest of what a new column says."""
    for what, now in _rest(column):
        if now:
            said = t("the column {id}: its {what} is {now}", id=column.id, what=what, now=now)
            yield _say(column.id, f"{what}-changed", said)


def _fields(old: Column, new: Column) -> Iterator[Change]:
    id = new.id
    for (what, was), (_, now) in zip(_rest(old), _rest(new), strict=True):
        if was != now:
            yield _say(id, f"{what}-changed", t("the column {id}: its {what} is {now}, not {was}", id=id, what=what,
                                                now=now or t("empty"), was=was or t("empty")))  # fmt: skip


def _rest(column: Column) -> tuple[tuple[str, str], ...]:
    names = ("duty", "type", "metadata", "description", "keywords", "label", "within")
    return tuple((name, _told(getattr(column, name))) for name in names)


def _told(value: object) -> str:
    """Return a value as columns.yaml writes it; empty where it says nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return listed(value)
    return "" if value is None else str(value)


def _order(parent: str, before: Columns, after: Columns) -> Iterator[Change]:
    def children(columns: Columns) -> list[str]:
        return [one.id for one in columns.columns.values() if one.parent == parent]

    now = children(after)
    for id in moved(children(before), now):
        number = now.index(id)
        yield _say(
            id,
            "column-moved",
            t("the column {id} now comes after {other}", id=id, other=now[number - 1])
            if number
            else t("the column {id} now comes first", id=id),
        )


def _last(column: Column) -> tuple[str, str]:
    """Return what stays the same of a column under another parent."""
    return column.id.rpartition("/")[2], column.title


def _owners(column: Column) -> str:
    if column.closed:
        return t("closed")
    parts = [
        t("led by {units}", units=listed(column.lead)) if column.lead else "",
        t("supported by {units}", units=listed(column.support)) if column.support else "",
        t("open to {groups}", groups=listed(column.open_to)) if column.open_to else "",
    ]
    said = [part for part in parts if part]
    if len(said) == 1:
        return said[0]
    if len(said) == 2:
        return t("{one}, {two}", one=said[0], two=said[1])
    return t("{one}, {two}, {three}", one=said[0], two=said[1], three=said[2])


def _say(subject: str, kind: str, text: str) -> Change:
    return Change(file=COLUMNS, subject=subject, kind=kind, text=text)
