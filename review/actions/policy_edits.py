"""Change a policy file by cutting out and putting in alone: every byte that is not meant stays. Nothing is written here.

A YAML library that writes files again would set flow lists, columns of blanks and long lines anew. So the parser only says
where things are; the text around them is left. Each change is read back, and must say exactly what was wanted.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from review.actions.policy_edits_text import Page, Place, number_of, unfit
from review.errors import FormatError
from review.formats.strict_yaml import load

_PLAIN = re.compile(r"[\w（(](?:[\w（）()·：，、。《》—+/=@. -]*[\w）)》+/=])?")


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping or list to be written on lines of its own, where what is around it is."""

    value: Any


def flow(value: Any) -> str:
    """Return a text, list or mapping as it stands within one line."""
    if isinstance(value, Block):
        return flow(value.value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value) if _PLAIN.fullmatch(str(value)) else json.dumps(str(value), ensure_ascii=False)


def put(data: bytes, place: Place, at: int | None, entry: Any) -> bytes:
    """Put an entry into the list or mapping at a place, before the one of number `at`, at its end where that is None.

    An entry of a mapping is a pair of key and value.
    """
    page = Page(data)
    node = page.node(place)
    number = len(node.value) if at is None else at
    after = _inserted(page, node, number, entry)

    def wanted(value: Any) -> None:
        inner = _at(value, place)
        if isinstance(inner, list):
            inner.insert(number, _plain(entry))
        else:
            inner[entry[0]] = _plain(entry[1])

    return _checked(data, after, wanted)


def take(data: bytes, place: Place) -> bytes:
    """Take an entry out of the list or mapping that it stands in."""
    page = Page(data)
    parent = page.node(place[:-1])
    number = number_of(parent, place[-1])
    if len(parent.value) == 1 and not parent.flow_style:
        after = _replaced(page, place[:-1], [] if isinstance(parent, yaml.SequenceNode) else {})
    else:
        start, end = page.flow_cut(parent, number) if parent.flow_style else page.block_extent(parent, number)
        if end == len(page.text) and not page.text.endswith("\n") and not parent.flow_style:
            start -= 1
        after = page.text[:start] + page.text[end:]

    def wanted(value: Any) -> None:
        del _at(value, place[:-1])[place[-1]]

    return _checked(data, after, wanted)


def replace(data: bytes, place: Place, value: Any) -> bytes:
    """Put another value in the place of one."""

    def wanted(whole: Any) -> None:
        _at(whole, place[:-1])[place[-1]] = _plain(value)

    return _checked(data, _replaced(Page(data), place, value), wanted)


def move(data: bytes, place: Place, to: Place, at: int) -> bytes:
    """Move an entry of a list into the list `to`, before the one of number `at` there; its lines stay as they are.

    Places are those before the move.
    """
    page = Page(data)
    source, target = page.node(place[:-1]), page.node(to)
    number = number_of(source, place[-1])
    entry = _at(load(data), place)
    if source.flow_style or target.flow_style or not target.value:
        after = _inserted(page, target, at, entry)
        landed = after.encode()
    else:
        start, end = page.block_extent(source, number)
        lines = page.text[start:end].rstrip("\n").split("\n")
        shift = target.start_mark.column - source.start_mark.column
        landed = page.with_lines(target, at, [_indented(line, shift) for line in lines]).encode()
    back = _later(place, to, at)
    moved = take(landed, back)

    def wanted(value: Any) -> None:
        inner, outer = _at(value, to), _at(value, place[:-1])
        inner.insert(at, copy.deepcopy(entry))
        del outer[number + 1 if inner is outer and at <= number else number]

    return _checked(data, moved.decode(), wanted)


def _later(place: Place, to: Place, at: int) -> Place:
    """Return where an entry stands once another was put into the list `to`."""
    if place[: len(to)] != to or len(place) == len(to):
        return place
    number = place[len(to)]
    if isinstance(number, int) and at <= number:
        return (*to, number + 1, *place[len(to) + 1 :])
    return place


def _inserted(page: Page, node: Any, number: int, entry: Any) -> str:
    if node.flow_style:
        pair = f"{entry[0]}: {flow(entry[1])}" if isinstance(node, yaml.MappingNode) else flow(entry)
        return page.with_flow(node, number, pair)
    column = node.start_mark.column
    if isinstance(node, yaml.MappingNode):
        return page.with_lines(node, number, _lines(entry[0], entry[1], column, page.dent))
    return page.with_lines(node, number, [" " * column + "- " + flow(entry)])


def _replaced(page: Page, place: Place, value: Any) -> str:
    node = page.node(place)
    text = flow(value)
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        start, end = node.start_mark.index, node.end_mark.index
        return page.text[:start] + (text if end > start else f" {text}") + page.text[end:]
    parent = page.node(place[:-1])
    if not isinstance(parent, yaml.MappingNode) or parent.flow_style:
        raise unfit()
    key = parent.value[number_of(parent, place[-1])][0]
    colon = page.text.index(":", key.end_mark.index) + 1
    start, end = page.block_extent(node, 0)[0], page.block_extent(node, len(node.value) - 1)[1]
    return page.text[:colon] + f" {text}" + page.text[colon:start] + page.text[end:]


def _lines(key: str, value: Any, column: int, dent: int) -> list[str]:
    """Return the lines of a key and its value, the key at this column; `dent` is how far dashes stand in."""
    before = " " * column
    if not isinstance(value, Block) or not value.value:
        return [f"{before}{key}: {flow(value)}"]
    if isinstance(value.value, Mapping):
        below = [line for name, one in value.value.items() for line in _lines(name, one, column + 2, dent)]
    else:
        below = [" " * (column + dent) + "- " + flow(one) for one in value.value]
    return [f"{before}{key}:", *below]


def _indented(line: str, shift: int) -> str:
    if not line.strip():
        return line
    return " " * shift + line if shift > 0 else line[min(-shift, len(line) - len(line.lstrip(" "))) :]


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return _plain(value.value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return str(value)


def _checked(before: bytes, after: str, change: Any) -> bytes:
    """Return the new text, known to say what the change makes of the old one, in the same order of keys."""
    wanted: Any = load(before)
    change(wanted)
    data = after.encode()
    try:
        if load(data) == wanted:
            return data
    except FormatError:
        pass
    raise unfit()
