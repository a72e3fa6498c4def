"""Read other programs' front matter: YAML, TOML, JSON, meta lines, or none. Tolerant; it maps no key and drops nothing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from review.errors import FormatError
from review.formats.foreign_yaml import Remark, Value, read_foreign_yaml

Kind: TypeAlias = Literal["yaml", "toml", "json", "meta", "none"]

WELL_KNOWN = frozenset({"title", "date", "tags", "author", "authors", "layout", "categories", "category", "summary", "slug"})
"""Keys one of which must be there before lines without an opening fence are taken for front matter."""

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_CLOSING_ONLY = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_META_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):[ \t]*(.*)")
_LIST_LINE = re.compile(r"[ \t]*-[ \t]+(.*)")
_MAX_CLOSING_ONLY = 200
"""Lines in which a closing fence without an opening one is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPost:
    """Front matter by lower-case key, with each key's line in the file; the body and the line where it begins."""

    kind: Kind
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    body: str
    body_line: int
    remarks: tuple[Remark, ...] = ()


def split_foreign(text: str) -> ForeignPost:
    """Divide a text with LF line ends; what only looks like front matter stays in the body."""
    stripped = text.lstrip("\n")
    skipped = len(text) - len(stripped)
    post = _fenced(stripped) or _toml(stripped) or _json(stripped) or _meta(stripped) or _closing_fence_only(stripped)
    if post is None:
        remarks = (Remark(line=1, what="it begins with ---, but no front matter follows; all of it is text"),) if _FENCE.match(stripped) else ()
        post = ForeignPost(kind="none", body=stripped, body_line=1, remarks=remarks)
    return _moved(post, skipped)


def _moved(post: ForeignPost, by: int) -> ForeignPost:
    if not by:
        return post
    return ForeignPost(
        kind=post.kind,
        values=post.values,
        lines={key: line + by for key, line in post.lines.items()},
        body=post.body,
        body_line=post.body_line + by,
        remarks=tuple(Remark(line=remark.line + by, what=remark.what) for remark in post.remarks),
    )


def _fenced(text: str) -> ForeignPost | None:
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    source = text[opening.end() : closing.start()]
    values, lines, remarks = _yaml(source, above=1)
    if source.strip() and not values:
        return None  # A text between two thematic breaks.
    return _post("yaml", text, closing.end(), values, lines, remarks)


def _toml(text: str) -> ForeignPost | None:
    found = _TOML.match(text)
    if found is None:
        return None
    try:
        values = {key: _plain(value) for key, value in tomllib.loads(found[1]).items()}
        remarks: tuple[Remark, ...] = ()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        values = {}
        remarks = (Remark(line=1, what=f"the front matter is not TOML ({error}); it was read line by line"),)
        for number, line in enumerate(found[1].split("\n"), 2):
            key, equals, value = line.partition("=")
            if equals:
                values[key.strip().strip('"')] = value.strip().strip("\"'")
            elif line.strip():
                remarks = (*remarks, _not_understood(number, line))
    return _post("toml", text, found.end(), values, _places(values, found[0]), remarks)


def _json(text: str) -> ForeignPost | None:
    if not re.match(r"\{\s*[\"}]", text):
        return None
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    values = {key: _plain(value) for key, value in found.items()}
    end += 1 if text[end : end + 1] == "\n" else 0
    return _post("json", text, end, values, _places(values, text[:end]), ())


def _meta(text: str) -> ForeignPost | None:
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    remarks: list[Remark] = []
    place, current = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            break
        if found := _META_LINE.match(line):
            current = found[1]
            if current in values:
                remarks.append(Remark(line=number, what=f"the key {current} stands there a second time: {found[2]}"))
            values.setdefault(current, found[2].strip())
            lines.setdefault(current, number)
        elif line.startswith(("    ", "\t")) and current:
            values[current] = f"{values[current]} {line.strip()}".strip()
        else:
            return None
        place += len(line) + 1
    if not any(key.lower() in WELL_KNOWN for key in values):
        return None
    return _post("meta", text, place, values, lines, tuple(remarks))


def _closing_fence_only(text: str) -> ForeignPost | None:
    """Read front matter as Hexo has it: YAML at once, and a single fence after it."""
    first = _META_LINE.match(text)
    closing = _CLOSING_ONLY.search(text) if first else None
    if closing is None or text.count("\n", 0, closing.start()) > _MAX_CLOSING_ONLY:
        return None
    values, lines, remarks = _yaml(text[: closing.start()], above=0)
    if not any(key.lower() in WELL_KNOWN for key in values):
        return None
    return _post("yaml", text, closing.end(), values, lines, remarks)


def _yaml(source: str, *, above: int) -> tuple[dict[str, Value], dict[str, int], tuple[Remark, ...]]:
    """Read YAML, line by line where it is broken; `above` is the number of lines of the file before it."""
    try:
        read = read_foreign_yaml(source)
        values, lines, remarks = read.values, read.lines, read.remarks
    except FormatError as error:
        values, lines, unread = _by_line(source)
        broken = Remark(line=error.line, what=f"the front matter is {error.what}; it was read line by line")
        remarks = (broken, *unread) if source.strip() else ()
    return (
        values,
        {key: line + above for key, line in lines.items()},
        tuple(Remark(line=remark.line + above, what=remark.what) for remark in remarks),
    )


def _by_line(source: str) -> tuple[dict[str, Value], dict[str, int], list[Remark]]:
    """Make the best of broken YAML: `key: value` lines and the simple lists below a key; the other lines come back unread."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    unread: list[Remark] = []
    current = ""
    for number, line in enumerate(source.split("\n"), 1):
        if found := _META_LINE.match(line):
            current = found[1]
            values[current] = found[2].strip().strip("\"'")
            lines[current] = number
        elif (item := _LIST_LINE.match(line)) and current:
            before = values[current]
            listed = before if isinstance(before, list) else [before] if before else []
            values[current] = [*listed, item[1].strip().strip("\"'")]
        elif line.strip() and not line.lstrip().startswith("#"):
            unread.append(_not_understood(number, line))
    return values, lines, unread


def _not_understood(number: int, line: str) -> Remark:
    return Remark(line=number, what=f"a line of the front matter is not understood: {line.strip()}")


def _post(
    kind: Kind, text: str, end: int, values: Mapping[str, Value], lines: Mapping[str, int], remarks: tuple[Remark, ...]
) -> ForeignPost:
    return ForeignPost(
        kind=kind,
        values={key.lower(): value for key, value in values.items()},
        lines={key.lower(): line for key, line in lines.items()},
        body=text[end:],
        body_line=text.count("\n", 0, end) + 1,
        remarks=remarks,
    )


def _plain(value: object) -> Value:
    """Turn what TOML and JSON give into strings, lists and mappings of them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _places(values: Mapping[str, Value], source: str) -> dict[str, int]:
    """Find the keys' lines by their looks; the first line where a key cannot be found."""
    places = {}
    for key in values:
        found = re.search(rf"^[ \t{{\[]*\"?{re.escape(key)}\"?[ \t]*[=:.\]]", source, re.MULTILINE)
        places[key] = source.count("\n", 0, found.start()) + 1 if found else 1
    return places
