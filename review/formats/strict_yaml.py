"""Read the strict YAML subset of section 3: mappings, sequences and strings, nothing else. No schema, no meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from review.errors import FormatError
from review.formats.library_words import known
from review.formats.wide_colons import key_before_wide_colon, what_of_wide_colon
from review.messages import t

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

MAX_BYTES = 1 << 20
MAX_DEPTH = 8

# libyaml alone: PyYAML's own parser reads some texts differently, and a verdict must not depend on which is there.
_Loader = yaml.CBaseLoader
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ASCII = re.compile(r"[\n\x20-\x7e]*")
_SAYS = re.compile(r"\s*[^\s#]")
_LEADING_TAB = re.compile(r"^[ \t\-?:]*\t", re.MULTILINE)


class Quoted(str):
    """A scalar that was written with quotes or as a block; `classified` must not be."""

    __slots__ = ()


def load(data: bytes) -> Value:
    """Return the value of a strict YAML text; `FormatError` with its line for anything outside the subset."""
    text = decode(data)
    try:
        return _Composer(text).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        if number := _wide_colon(text, line):
            key = key_before_wide_colon(text.split("\n")[number - 1])
            raise FormatError(what_of_wide_colon(key), line=number) from None
        raise FormatError(
            t("not YAML: {problem}", problem=known(error.problem or error.context or "")), line=line
        ) from None
    except yaml.YAMLError as error:
        raise FormatError(t("not YAML: {problem}", problem=str(error))) from None


def lines_of(data: bytes) -> dict[tuple[str | int, ...], int]:
    """Return the line of every value of a text that `load` takes, by its path of keys and indexes."""
    composer = _Composer(decode(data), lines={})
    composer.document()
    return composer.lines or {}


def key_lines_of(data: bytes) -> dict[tuple[str | int, ...], int]:
    """Return the line of every key of a text that `load` takes, by the path of its value, which may begin further down."""
    composer = _Composer(decode(data), lines={})
    composer.document()
    return composer.key_lines


def decode(data: bytes) -> str:
    """Return the bytes as text that holds nothing invisible; `FormatError` otherwise."""
    if len(data) > MAX_BYTES:
        raise FormatError(t("{count} bytes; at most {most} are read", count=len(data), most=MAX_BYTES))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(t("not UTF-8"), line=data.count(b"\n", 0, error.start) + 1) from None
    if _ASCII.fullmatch(text):
        return text
    if found := _CONTROL.search(text):
        raise FormatError(_invisible(found[0]), line=_line(text, found.start()))
    if found := _LEADING_TAB.search(text):
        raise FormatError(t("a tab in the indentation; use spaces"), line=_line(text, found.start()))
    for place, character in enumerate(text):
        if character > "\x7f" and unicodedata.category(character) == "Cf":
            raise FormatError(_invisible(character), line=_line(text, place))
    if not unicodedata.is_normalized("NFC", text):
        line = next(n for n, part in enumerate(text.split("\n"), 1) if not unicodedata.is_normalized("NFC", part))
        raise FormatError(t("not in Unicode normal form NFC"), line=line)
    return text


def _wide_colon(text: str, line: int) -> int:
    """Return the line of a key with a full-width colon that makes a parser stumble on `line`; 0 where there is none.

    It stands there, or on the last line before that says anything: for a parser a key without a colon goes on behind it.
    """
    lines = text.split("\n")[:line]
    if lines and key_before_wide_colon(lines[-1]):
        return len(lines)
    before = (number for number in range(len(lines) - 1, 0, -1) if _SAYS.match(lines[number - 1]))
    number = next(before, 0)
    return number if number and key_before_wide_colon(lines[number - 1]) else 0


def _invisible(character: str) -> str:
    names = {
        "\r": t("a carriage return (CR) U+000D is not allowed"),
        "\ufeff": t("a byte-order mark U+FEFF is not allowed"),
        "\x00": t("a NUL U+0000 is not allowed"),
    }
    unnamed = t("an invisible or control character U+{number:04X} is not allowed", number=ord(character))
    return names.get(character, unnamed)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


class _Composer:
    """Builds the value from parser events, refusing what the subset leaves out as soon as it is seen."""

    def __init__(self, text: str, lines: dict[tuple[str | int, ...], int] | None = None) -> None:
        # The stubs know the base class of events alone; which attributes one has follows from its kind.
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self.lines = lines
        self.key_lines: dict[tuple[str | int, ...], int] = {}

    def document(self) -> Value:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise FormatError(t("the file is empty"), line=1)
        if isinstance(start, yaml.DocumentStartEvent) and (start.version or start.tags):
            raise FormatError(t("directives are not allowed"), line=1)
        value = self._value(next(self._events), 0, ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise FormatError(t("several documents in one file"), line=after.start_mark.line + 1)
        return value

    def _value(self, event: Any, depth: int, path: tuple[str | int, ...]) -> Value:
        kind = type(event)
        if kind is yaml.AliasEvent:
            raise FormatError(t("aliases are not allowed"), line=event.start_mark.line + 1)
        if event.anchor is not None:
            raise FormatError(t("anchors are not allowed"), line=event.start_mark.line + 1)
        if event.tag is not None:
            raise FormatError(t("tags are not allowed"), line=event.start_mark.line + 1)
        if self.lines is not None:
            self.lines[path] = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            raise FormatError(t("nested deeper than {most}", most=MAX_DEPTH), line=event.start_mark.line + 1)
        if kind is yaml.SequenceStartEvent:
            items: list[Value] = []
            while type(following := next(self._events)) is not yaml.SequenceEndEvent:
                items.append(self._value(following, depth + 1, (*path, len(items))))
            return items
        mapping: dict[str, Value] = {}
        while type(following := next(self._events)) is not yaml.MappingEndEvent:
            key = self._key(following)
            if key in mapping:
                raise FormatError(
                    t("the key {key} stands here twice", key=repr(key)), line=following.start_mark.line + 1
                )
            if self.lines is not None:
                self.key_lines[(*path, key)] = following.start_mark.line + 1
            mapping[key] = self._value(next(self._events), depth + 1, (*path, key))
        return mapping

    def _key(self, event: Any) -> str:
        line = event.start_mark.line + 1
        if type(event) is not yaml.ScalarEvent:
            raise FormatError(t("a key must be a plain string"), line=line)
        if event.anchor is not None or event.tag is not None:
            raise FormatError(t("anchors and tags are not allowed"), line=line)
        if event.value == "<<" and not event.style:
            raise FormatError(t("merge keys are not allowed"), line=line)
        if event.style in ("|", ">"):
            raise FormatError(t("a key must be a plain string"), line=line)
        return str(self._scalar(event))

    def _scalar(self, event: Any) -> str:
        value: str = event.value
        if not event.style:
            return value
        # Escapes may hide what the text as such does not hold.
        if not value.isprintable() and (
            _CONTROL.search(value) or any(unicodedata.category(character) in ("Cf", "Cs") for character in value)
        ):
            raise FormatError(t("an escape for an invisible or control character"), line=event.start_mark.line + 1)
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise FormatError(t("not in Unicode normal form NFC"), line=event.start_mark.line + 1)
        return Quoted(value)
