"""Tell prose from code in a foreign Markdown text, and know template tags by their looks. Runs and changes nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Nature: TypeAlias = Literal["prose", "code", "comment", "script"]

TEMPLATE = re.compile(
    r"""
      \{%-?\s*(?P<block>[\w.-]+)(?P<block_arguments>(?:[^%{]|%(?!\})|\{(?!%)){0,2000}?)-?%\}
    | \{\{[<%]\s*(?P<short>/?[\w./-]+)(?P<short_arguments>(?:[^<>%{]|[>%](?!\}\})|\{(?!\{)){0,2000}?)/?[>%]\}\}
    | \{\{\{?(?P<value>[^{}]{0,2000})\}\}\}?
    | \{:\s*(?P<attributes>(?:toc|[.\#][\w-]+|[\w-]+=(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))
        (?:\s+(?:[.\#][\w-]+|[\w-]+=(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))){0,20})\s*\}
    """,
    re.VERBOSE,
)
"""Liquid, Jinja and Nunjucks blocks; Hugo's short codes; values in two or three braces; kramdown's attribute lists."""

_ARGUMENT = re.compile(r"(?:([\w-]+)=)?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+))")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^`]*)$")
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])\s")
_OPENER = re.compile(r"<!--|<(?P<tag>script|style|svg|math|pre)\b|(?<![\\`])(?P<ticks>`+)", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}#(?:[ \t]+|(?=[\u3400-\u9fff]))(.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"=+[ \t]*$")
_MAX_SPAN = 2000
"""Characters of a code span; a lone backtick protects nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text of one nature; `line` is the line of the file where it begins."""

    text: str
    nature: Nature
    line: int


class LineCounter:
    """Tells the line of one place after the other without counting from the beginning each time."""

    __slots__ = ("_line", "_place", "_text")

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._line = first_line
        self._place = 0

    def line_at(self, place: int) -> int:
        """Return the line of `place`, which is never before the one asked for last."""
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return self._line


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a tag; `key` is empty for one that stands on its own."""

    key: str
    value: str
    quoted: bool


def arguments(text: str) -> tuple[Argument, ...]:
    """Split what follows a tag's name: `"a b" key="c" d`."""
    return tuple(
        Argument(
            key=found[1] or "",
            value=next(part for part in found.groups()[1:] if part is not None),
            quoted=found[4] is None,
        )
        for found in _ARGUMENT.finditer(text)
    )


def segments(text: str, first_line: int) -> Iterator[Segment]:
    """Divide a text into prose and what must stay as it is: code, comments, scripts. Joined again they are the text."""
    line = first_line
    for block, is_code in _blocks(text):
        parts: Iterator[tuple[str, Nature]] = iter([(block, "code")]) if is_code else _inside(block)
        for part, nature in parts:
            if part:
                yield Segment(text=part, nature=nature, line=line)
                line += part.count("\n")


def first_heading(text: str) -> tuple[str, int, int] | None:
    """Return the words of the first heading of the first rank, where it begins and where it ends; None without one."""
    place = 0
    for block, is_code in _blocks(text):
        before = ""
        start = place
        for line in block.split("\n"):
            if not is_code and (found := _HEADING.match(line)) and found[1].strip():
                return found[1], start, start + len(line)
            if not is_code and before.strip() and _UNDERLINE.match(line):
                return before.strip(), start - len(before) - 1, start + len(line)
            start += len(line) + 1
            before = line
        place += len(block)
    return None


def plain_words(markdown: str) -> str:
    """Return a heading's words without emphasis, links, tags, anchors and entities."""
    words = re.sub(r"\s*\{#[^{}]*\}\s*$", "", markdown)
    words = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", words)
    words = re.sub(r"</?[A-Za-z][^<>]*>", "", words)
    words = re.sub(r"(?<!\\)(\*\*|__|`)(.+?)\1", r"\2", words)
    words = re.sub(r"(?<![\\\w])([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", words)
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)).strip()


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Divide a text at its lines into prose and code blocks, fenced or indented."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    never_closed: set[str] = set()
    start = 0
    in_list = False
    number = 0
    while number < len(lines):
        line = lines[number]
        end = number
        if opening := _FENCE.match(line.rstrip("\n")):
            if not any(opening[1].startswith(fence) for fence in never_closed):
                end = _end_of_fence(lines, number, opening[1])
            if end == number:
                never_closed.add(opening[1])
        elif line.strip():
            after_empty_line = not number or not lines[number - 1].strip()
            indented = line[0].isspace()
            if line.startswith(("    ", "\t")) and after_empty_line and not in_list:
                end = _end_of_indented(lines, number)
            elif _LIST_ITEM.match(line):
                in_list = True
            elif after_empty_line and not indented:
                in_list = False
        if end > number:
            yield "".join(lines[start:number]), False
            yield "".join(lines[number:end]), True
            start = number = end
        else:
            number += 1
    yield "".join(lines[start:]), False


def _end_of_fence(lines: list[str], opened: int, fence: str) -> int:
    """Return the number after the closing fence; `opened` where nothing closes it, as then it is no fence."""
    for number in range(opened + 1, len(lines)):
        line = lines[number].strip(" \t\n>")
        if line.startswith(fence) and not line.strip(fence[0]):
            return number + 1
    return opened


def _end_of_indented(lines: list[str], opened: int) -> int:
    end = opened + 1
    for number in range(opened + 1, len(lines)):
        if lines[number].startswith(("    ", "\t")):
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _inside(block: str) -> Iterator[tuple[str, Nature]]:
    """Divide a block of prose at its code spans, comments and scripts."""
    start = place = 0
    unclosed: set[str] = set()  # So that a text full of openers is not searched to its end once for each.
    while found := _OPENER.search(block, place):
        opener = found[0].lower()
        if found["ticks"]:
            nature: Nature = "code"
            end = _end_of_span(block, found.end(), found["ticks"])
        else:
            nature = "comment" if opener == "<!--" else "code" if opener == "<pre" else "script"
            closing = "-->" if opener == "<!--" else f"</{opener[1:]}>"
            search = re.compile(re.escape(closing), re.IGNORECASE).search
            closed = None if opener in unclosed else search(block, found.end())
            end = closed.end() if closed else -1
        if end < 0:
            if not found["ticks"]:
                unclosed.add(opener)
            place = found.end()
            continue
        yield block[start : found.start()], "prose"
        yield block[found.start() : end], nature
        start = place = end
    yield block[start:], "prose"


def _end_of_span(block: str, place: int, ticks: str) -> int:
    limit = min(len(block), place + _MAX_SPAN)
    paragraph = block.find("\n\n", place, limit)
    closing = re.compile(f"(?<!`){ticks}(?!`)").search(block, place, paragraph if paragraph >= 0 else limit)
    return closing.end() if closing else -1
