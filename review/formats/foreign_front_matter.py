"""Read other programs' front matter: YAML, TOML, JSON, meta lines, or none. Tolerant; maps no key, drops nothing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from review.errors import FormatError
from review.formats.foreign_yaml import ForeignValues, Remark, Value, read_foreign_yaml, repeated
from review.messages import t

Kind: TypeAlias = Literal["yaml", "toml", "json", "meta", "none"]

WELL_KNOWN = frozenset(
    {"title", "date", "tags", "author", "authors", "layout", "categories", "category", "summary", "slug"}
)
"""Keys one of which must be there before lines without an opening fence are taken for front matter."""

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_CLOSING_ONLY = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_META_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):[ \t]*(.*)")
_TOML_LINE = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9_-]*)[ \t]*=[ \t]*(.*)")
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
        nothing = Remark(line=1, what=t("it begins with ---, but no front matter follows; all of it is text"))
        remarks = (nothing,) if _FENCE.match(stripped) else ()
        post = ForeignPost(kind="none", body=stripped, body_line=1, remarks=remarks)
    return _moved(post, skipped)


def _moved(post: ForeignPost, by: int) -> ForeignPost:
    if not by:
        return post
    return replace(
        post,
        lines={key: line + by for key, line in post.lines.items()},
        body_line=post.body_line + by,
        remarks=tuple(replace(remark, line=remark.line + by) for remark in post.remarks),
    )


def _post(kind: Kind, text: str, end: int, read: ForeignValues) -> ForeignPost:
    """Make a post of front matter that reaches to `end`; of keys that differ in letter case alone the first wins."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    remarks = list(read.remarks)
    for key, value in read.values.items():
        if key.lower() in values:
            remarks.append(repeated(read.lines[key], key, value))
        lines.setdefault(key.lower(), read.lines[key])
        values.setdefault(key.lower(), value)
    line = text.count("\n", 0, end) + 1
    return ForeignPost(kind=kind, values=values, lines=lines, body=text[end:], body_line=line, remarks=tuple(remarks))


def _fenced(text: str) -> ForeignPost | None:
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    source = text[opening.end() : closing.start()]
    read = _yaml(source, above=1)
    if source.strip() and not read.values:
        return None  # A text between two thematic breaks.
    return _post("yaml", text, closing.end(), read)


def _closing_fence_only(text: str) -> ForeignPost | None:
    """Read front matter as Hexo has it: YAML at once, and a single fence after it."""
    first = _META_LINE.match(text)
    closing = _CLOSING_ONLY.search(text) if first else None
    if closing is None or text.count("\n", 0, closing.start()) > _MAX_CLOSING_ONLY:
        return None
    read = _yaml(text[: closing.start()], above=0)
    return _post("yaml", text, closing.end(), read) if _is_well_known(read.values) else None


def _toml(text: str) -> ForeignPost | None:
    found = _TOML.match(text)
    if found is None:
        return None
    try:
        values = {key: _plain(value) for key, value in tomllib.loads(found[1]).items()}
        read = ForeignValues(values=values, lines=_places(values, found[0]))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        read = _by_line(
            found[1],
            _TOML_LINE,
            Remark(line=0, what=t("the front matter is not TOML ({problem})", problem=error)),
            above=1,
        )
    return _post("toml", text, found.end(), read)


def _json(text: str) -> ForeignPost | None:
    if not text.startswith("{"):
        return None
    try:
        found, end = json.JSONDecoder().raw_decode(text)
        values = {key: _plain(value) for key, value in found.items()}
    except (ValueError, RecursionError):
        return None
    if not _is_well_known(values):
        return None
    end += 1 if text[end : end + 1] == "\n" else 0
    return _post("json", text, end, ForeignValues(values=values, lines=_places(values, text[:end])))


def _meta(text: str) -> ForeignPost | None:
    """Read the meta lines of Pelican and MultiMarkdown; any other line means that there are none."""
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
                remarks.append(repeated(number, current, found[2]))
            values.setdefault(current, found[2].strip())
            lines.setdefault(current, number)
        elif line.startswith(("    ", "\t")) and current:
            values[current] = f"{values[current]} {line.strip()}".strip()
        else:
            return None
        place += len(line) + 1
    read = ForeignValues(values=values, lines=lines, remarks=tuple(remarks))
    return _post("meta", text, place, read) if _is_well_known(values) else None


def _yaml(source: str, *, above: int) -> ForeignValues:
    """Read YAML, line by line where it is broken; `above` is the number of lines of the file before it."""
    try:
        read = read_foreign_yaml(source)
    except FormatError as error:
        if not source.strip():
            return ForeignValues(values={}, lines={})
        return _by_line(
            source,
            _META_LINE,
            Remark(line=error.line, what=t("the front matter is {what}", what=error.what)),
            above=above,
        )
    return ForeignValues(
        values=read.values,
        lines={key: line + above for key, line in read.lines.items()},
        remarks=tuple(replace(remark, line=remark.line + above) for remark in read.remarks),
    )


def _by_line(source: str, pattern: re.Pattern[str], flaw: Remark, *, above: int) -> ForeignValues:
    """Make the best of broken front matter: lines with a key and a value, simple lists below a key, and remarks."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    remarks = [Remark(line=flaw.line + above, what=t("{what}; it was read line by line", what=flaw.what))]
    current = ""
    for number, line in enumerate(source.split("\n"), 1 + above):
        found = pattern.match(line)
        if found and found[1] not in values:
            current = found[1]
            values[current] = found[2].strip().strip("\"'")
            lines[current] = number
        elif (item := _LIST_LINE.match(line)) and current:
            before = values[current]
            listed = before if isinstance(before, list) else [before] if before else []
            values[current] = [*listed, item[1].strip().strip("\"'")]
        elif line.strip() and not line.lstrip().startswith("#"):
            remarks.append(
                Remark(line=number, what=t("a line of the front matter is not understood: {line}", line=line.strip()))
            )
    return ForeignValues(values=values, lines=lines, remarks=tuple(remarks))


def _is_well_known(values: Mapping[str, Value]) -> bool:
    return any(key.lower() in WELL_KNOWN for key in values)


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
