"""Read other programs' YAML front matter: every scalar the string as written. Tolerant of style, never of depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import yaml

from review.errors import FormatError
from review.formats.library_words import known
from review.messages import t

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

MAX_DEPTH = 16

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in front matter that could not be read as it was meant; `line` counts from 1."""

    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignValues:
    """Keys with their values, the line of each key, and what was left out."""

    values: dict[str, Value]
    lines: dict[str, int]
    remarks: tuple[Remark, ...] = ()


def read_foreign_yaml(source: str) -> ForeignValues:
    """Read a mapping; `FormatError` where the text is none.

    The first of two equal keys wins. Tags count for nothing; an alias is the text `*name`, nothing is ever expanded.
    """
    root = _Node({})
    try:
        _fill(root, source)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FormatError(
            t("not YAML ({problem})", problem=known(error.problem or error.context or "")),
            line=mark.line + 1 if mark else 1,
        ) from None
    except yaml.YAMLError as error:
        raise FormatError(t("not YAML ({problem})", problem=str(error)), line=1) from None
    if not isinstance(root.value, dict) or not root.value:
        raise _no_mapping(1)
    return ForeignValues(values=root.value, lines=root.lines, remarks=tuple(root.remarks))


def repeated(line: int, key: str, value: Value) -> Remark:
    """Remark on a key whose first value counts."""
    return Remark(line=line, what=t("the key {key} stands there a second time: {value}", key=key, value=value))


def _fill(root: _Node, source: str) -> None:
    # Events come one by one, so no depth of brackets can exhaust the stack, as it does in the library's own composer.
    open_nodes: list[_Node] = []
    for event in yaml.parse(source, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, yaml.CollectionStartEvent):
            if len(open_nodes) >= MAX_DEPTH:
                raise FormatError(t("nested deeper than {most}", most=MAX_DEPTH), line=line)
            mapping = isinstance(event, yaml.MappingStartEvent)
            if not open_nodes and not mapping:
                raise _no_mapping(line)
            open_nodes.append((_Node({}) if mapping else _Node([])) if open_nodes else root)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = open_nodes.pop()
            if open_nodes:
                open_nodes[-1].add(done.value, line)
        elif isinstance(event, yaml.NodeEvent):
            if not open_nodes:
                raise _no_mapping(line)
            open_nodes[-1].add(event.value if isinstance(event, yaml.ScalarEvent) else f"*{event.anchor}", line)


def _no_mapping(line: int) -> FormatError:
    return FormatError(t("not a list of keys and values"), line=line)


class _Node:
    """A list or a mapping that is being filled; a mapping waits for a key, then for its value."""

    __slots__ = ("_key", "lines", "remarks", "value")

    def __init__(self, value: list[Value] | dict[str, Value]) -> None:
        self.value = value
        self.lines: dict[str, int] = {}
        self.remarks: list[Remark] = []
        self._key: str | None = None

    def add(self, item: Value, line: int) -> None:
        if isinstance(self.value, list):
            self.value.append(item)
        elif self._key is None:
            self._key = item if isinstance(item, str) else str(item)
            if self._key not in self.value:
                self.lines[self._key] = line
        else:
            if self._key in self.value:
                self.remarks.append(repeated(line, self._key, item))
            self.value.setdefault(self._key, item)
            self._key = None
