"""Where each value stands in a YAML text, and the text with something put in or cut out there. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import yaml

from review.errors import Refused
from review.formats.strict_yaml import load
from review.messages import t

Place: TypeAlias = "tuple[str | int, ...]"
"""Keys and indexes that lead to a value."""


class Page:
    """A text with its parts: where each value stands, from its first to after its last character."""

    def __init__(self, data: bytes) -> None:
        load(data)
        self.text = data.decode("utf-8")
        self.root: Any = yaml.compose(self.text, Loader=yaml.CBaseLoader)
        self.dent = self._dent(self.root)

    def node(self, place: Place) -> Any:
        """Return the part at a place."""
        found = self.root
        for step in place:
            value = found.value[number_of(found, step)]
            found = value[1] if isinstance(found, yaml.MappingNode) else value
        return found

    def block_extent(self, node: Any, number: int) -> tuple[int, int]:
        """Return where an entry's lines begin and end, comments that stand further in than the entry included."""
        column = node.start_mark.column
        value = node.value[number]
        first, last = value if isinstance(node, yaml.MappingNode) else (value, value)
        start = self.text.rfind("\n", 0, first.start_mark.index) + 1
        if isinstance(node, yaml.SequenceNode):
            while self.text[start + column : start + column + 1] != "-":
                if not start:
                    raise unfit()
                start = self.text.rfind("\n", 0, start - 1) + 1
        if self.text[start : start + column].strip():
            raise unfit()
        end = self._line_end(self._last(last))
        while (line := self.text[end : self._line_end(end)]).lstrip(" ").startswith("#"):
            if len(line) - len(line.lstrip(" ")) <= column:
                break
            end += len(line)
        return start, end

    def with_lines(self, node: Any, number: int, lines: Sequence[str]) -> str:
        """Return the text with these lines as entry of that number."""
        at = self.block_extent(node, number - 1)[1] if number else self.block_extent(node, 0)[0]
        text = "\n".join(lines)
        text = f"\n{text}" if at and self.text[at - 1] != "\n" else f"{text}\n"
        return self.text[:at] + text + self.text[at:]

    def with_flow(self, node: Any, number: int, text: str) -> str:
        """Return the text with one entry more between the brackets."""
        if not node.value:
            at = node.start_mark.index + 1
            return self.text[:at] + text + self.text[node.end_mark.index - 1 :]
        if number:
            at = span(node.value[number - 1])[1]
            return self.text[:at] + f", {text}" + self.text[at:]
        at = span(node.value[0])[0]
        return self.text[:at] + f"{text}, " + self.text[at:]

    def flow_cut(self, node: Any, number: int) -> tuple[int, int]:
        """Return what to cut so that an entry between brackets is gone, with its comma or its line."""
        spans = [span(one) for one in node.value]
        start, end = spans[number]
        line = self.text.rfind("\n", 0, start) + 1
        rest = self.text[end : self._line_end(end)]
        if not self.text[line:start].strip() and re.fullmatch(r"\s*,?\s*(?:#.*)?\n", rest):
            return line, end + len(rest)
        before = spans[number - 1][1] if number else start
        if number and "\n" not in self.text[before:start]:
            return before, end
        return (start, spans[number + 1][0]) if number + 1 < len(spans) else (before, end)

    def _last(self, node: Any) -> int:
        if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
            end = int(node.end_mark.index)
            return len(self.text[:end].rstrip()) if getattr(node, "style", None) in ("|", ">") else end
        last = node.value[-1]
        return self._last(last[1] if isinstance(node, yaml.MappingNode) else last)

    def _line_end(self, offset: int) -> int:
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found + 1

    def _dent(self, node: Any) -> int:
        """Return how far the dashes of lists stand further in than their key, as the text does it first; else 0."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style:
            for key, value in node.value:
                if isinstance(value, yaml.SequenceNode) and not value.flow_style:
                    return int(value.start_mark.column - key.start_mark.column)
                if found := self._dent(value):
                    return found
        return 0


def span(entry: Any) -> tuple[int, int]:
    """Return where an entry between brackets begins and ends."""
    first, last = entry if isinstance(entry, tuple) else (entry, entry)
    return first.start_mark.index, last.end_mark.index


def number_of(node: Any, step: str | int) -> int:
    """Return which entry of a part a step leads to."""
    if isinstance(step, int):
        return step
    return next(number for number, (key, _) in enumerate(node.value) if key.value == step)


def unfit() -> Refused:
    """Return the refusal of a change that cannot be made by cutting and putting in alone."""
    return Refused(
        t("the file is written in a way that this change cannot be made in without touching more"),
        hint=t("make the change by hand, then look at it: qianfa policy diff"),
    )
