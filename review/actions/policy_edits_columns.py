"""Changes of columns.yaml: which columns there are, in which order, who may write there. Bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from review.actions.policy_edits import Block, move, put, replace, take
from review.actions.policy_edits_names import did_you_mean, known_column, new_id
from review.actions.policy_edits_text import Place
from review.errors import Refused, UnusableSite
from review.formats.clean_text import clean_line
from review.formats.policy_files import COLUMNS, PEOPLE
from review.formats.post_keys import KEYS_OF_TYPE, RESERVED, SPELLING
from review.formats.schema import check
from review.formats.strict_yaml import load
from review.messages import listed, t
from review.model.columns import CLOSED
from review.model.policies import Policy

_TITLES = {"zh": "已关闭栏目（不再投稿）", "en": "Closed columns (nobody submits)"}


def add_column(
    data: bytes, policy: Policy, *, id: str, under: str, title: str, fields: Mapping[str, str | Sequence[str]]
) -> bytes:
    """Add a column at the end of its level. `fields` are further keys, those with nothing in them left out."""
    above, _, last = id.strip("/").rpartition("/")
    if above and under and known_column(under, policy) != above:
        raise UnusableSite(
            t("{id} would stand under {above}, not {under}", id=id, above=above, under=under),
            where="--under",
            hint=t("say one of the two"),
        )
    parent = known_column(under or above, policy) if under or above else ""
    new_id(last, where="ID")
    whole = f"{parent}/{last}" if parent else last
    if whole in policy.columns.columns:
        raise Refused(
            t("there is a column {id} already", id=whole), where=COLUMNS, hint=t("choose another id for the new one")
        )
    said = _title(title)
    for option, names, among in (
        ("--lead", fields.get("lead", ()), policy.people.units),
        ("--support", fields.get("support", ()), policy.people.units),
        ("--open-to", fields.get("open_to", ()), sorted(policy.people.groups)),
    ):
        _known(option, names, list(among))
    _usable_keys(fields.get("metadata", ()))
    given = {key: clean_line(value).strip() if isinstance(value, str) else value for key, value in fields.items()}
    entry = {"id": last, "title": said, **{key: value for key, value in given.items() if value}}
    return _with_entry(data, place_of(data, parent), entry)


def rename_column(data: bytes, policy: Policy, id: str, title: str) -> bytes:
    """Give a column another title; its id, and with it the address of its posts, stays."""
    said = _title(title)
    if said == policy.columns.columns[id].title:
        raise Refused(t("{id} is called {title} already", id=id, title=said), where=COLUMNS,
                      hint=t("nothing is left to do"))  # fmt: skip
    return replace(data, (*place_of(data, id), "title"), said)


def _title(title: str) -> str:
    said = clean_line(title).strip()
    if not said:
        raise UnusableSite(t("a title is needed"), where="--title", hint=t("give the title as it is to be shown"))
    return said


def usual_metadata(type: str) -> tuple[str, ...]:
    """Return the keys that a column of this type lists unless told otherwise; none for a type that nobody knows."""
    return KEYS_OF_TYPE.get(type, ())


def _usable_keys(keys: str | Sequence[str]) -> None:
    """Refuse a key that a column cannot list, with the reason."""
    for key in keys:
        if reason := RESERVED.get(key.lower()):
            raise UnusableSite(
                t("the key {key} may not stand in a post: {reason}", key=key, reason=reason),
                where="--metadata",
                hint=t("choose another name"),
            )
        if key.lower() in SPELLING:
            raise UnusableSite(
                t("every post may have {key}, whatever its column lists", key=SPELLING[key.lower()]),
                where="--metadata",
                hint=t("leave it out"),
            )


def _known(option: str, names: str | Sequence[str], among: Sequence[str]) -> None:
    for name in names:
        if name not in among:
            raise UnusableSite(
                t("no group is called {name}", name=repr(name))
                if option == "--open-to"
                else t("no unit is called {name}", name=repr(name)),
                where=option,
                hint=did_you_mean(name, among) or t("name one of {names}", names=listed(among)),
            )


def _with_entry(data: bytes, parent: Place, entry: Mapping[str, Any]) -> bytes:
    """Put a new column into the list of its parent, which may not have begun."""
    raw = _raw(data)
    inner = _at(raw, parent)
    if not parent or "columns" in inner:
        return put(data, (*parent, "columns"), None, dict(entry))
    return put(data, parent, None, ("columns", Block([dict(entry)])))


def remove_column(data: bytes, id: str) -> bytes:
    """Take a column out, and with its last sub-column the parent's list of them."""
    place = place_of(data, id)
    parent = place[:-2]
    if parent and len(_at(_raw(data), parent)["columns"]) == 1:
        return take(data, (*parent, "columns"))
    return take(data, place)


def close_column(data: bytes, policy: Policy, id: str) -> bytes:
    """Leave a column where it is, with nobody who may write there: open to the group of closed columns alone."""
    column = policy.columns.columns[id]
    parent = policy.columns.columns.get(column.parent)
    place = place_of(data, id)
    for key in ("lead", "support"):
        said = _at(_raw(data), place)
        if key in said:
            data = replace(data, (*place, key), []) if said[key] else data
        elif parent is not None and getattr(parent, key):
            data = put(data, place, _behind(said, "title"), (key, []))
    said = _at(_raw(data), place)
    if "open_to" in said:
        return replace(data, (*place, "open_to"), [CLOSED])
    return put(data, place, _behind(said, "title", "lead", "support"), ("open_to", [CLOSED]))


def closing_unit(data: bytes, policy: Policy) -> bytes:
    """Return people.yaml with the unit that stands for nobody; `Refused` where somebody else is called so."""
    people = policy.people
    unit = people.units.get(CLOSED)
    others = [one.id for one in people.units.values() if one.group == CLOSED and one.id != CLOSED]
    holders = [one.id for one in people.people.values() if any(office.place == CLOSED for office in one.offices)]
    taken = any(CLOSED in flow.groups for flow in policy.workflows.workflows)
    if (unit is not None and unit.group != CLOSED) or others or holders or taken:
        raise Refused(
            t("a unit or group called {name} is in use, and closed columns need one that nobody is in", name=CLOSED),
            where=PEOPLE,
            hint=t("call yours otherwise, or keep the column open to a unit of your own"),
        )
    if unit is not None:
        return data
    language = "zh" if policy.columns.site.language.lower().startswith("zh") else "en"
    return put(data, ("units",), None, (CLOSED, {"title": _TITLES[language], "group": CLOSED}))


def move_column(data: bytes, policy: Policy, id: str, *, before: str, after: str, under: str) -> bytes:
    """Move a column beside another, or to the end of those under another; its lines stay as they are.

    Under another parent its address is another, which is the caller's to allow.
    """
    if sum(map(bool, (before, after, under))) != 1:
        raise UnusableSite(
            t("it is not said where to"),
            where="COLUMN",
            hint=t("give one of --before COLUMN, --after COLUMN and --under COLUMN"),
        )
    beside = known_column(before or after or under, policy)
    if beside == id or beside.startswith(f"{id}/"):
        raise Refused(t("{id} cannot be moved beside or under itself", id=id), where=COLUMNS,
                      hint=t("name another column"))  # fmt: skip
    place = place_of(data, id)
    if under:
        parent = place_of(data, beside)
        if "columns" not in _at(_raw(data), parent):
            entry = _at(_raw(data), place)
            return remove_column(put(data, parent, None, ("columns", Block([entry]))), id)
        target, number = (*parent, "columns"), len(_at(_raw(data), (*parent, "columns")))
    else:
        *start, last = place_of(data, beside)
        target, number = tuple(start), int(last) + bool(after)
    if place[:-1] == target and number in (int(place[-1]), int(place[-1]) + 1):
        raise Refused(t("{id} stands there already", id=id), where=COLUMNS, hint=t("nothing is left to do"))
    moved = move(data, place, target, number)
    return _without_empty(moved, policy.columns.columns[id].parent)


def _without_empty(data: bytes, parent: str) -> bytes:
    """Take out the list of sub-columns of a parent that has none any more."""
    if not parent:
        return data
    place = place_of(data, parent)
    return data if _at(_raw(data), place).get("columns") else take(data, (*place, "columns"))


def address_after(id: str, beside: str, *, under: bool, policy: Policy) -> str:
    """Return the id of a column once it is moved beside another, or under it."""
    parent = beside if under else policy.columns.columns[beside].parent
    last = id.rpartition("/")[2]
    return f"{parent}/{last}" if parent else last


def place_of(data: bytes, id: str) -> Place:
    """Return where a column stands in the file; empty for none."""
    place: Place = ()
    part: Any = _raw(data)
    for step in id.split("/") if id else ():
        number = next(number for number, one in enumerate(part["columns"]) if one["id"] == step)
        place = (*place, "columns", number)
        part = part["columns"][number]
    return place


def _behind(said: Mapping[str, Any], *keys: str) -> int:
    return 1 + max((list(said).index(key) for key in keys if key in said), default=0)


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _raw(data: bytes) -> dict[str, Any]:
    return check("columns", load(data), data)
