"""What reviewers and the gate are likely to object to in a post: the kinds of objection, and what holds for header and files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.formats.clean_post import begins_with_bullet
from review.formats.clean_text import hidden_character
from review.formats.post_text import Line, lines_of_text
from review.messages import Message, t
from review.model.findings import Finding
from review.model.instants import parse_date, parse_instant
from review.model.paths import record_of
from review.model.records import Header

Weight: TypeAlias = Literal["refuse", "warn"]

HEAVY = 20 << 20
"""Bytes from which an attachment is a burden to whoever reads on a telephone."""

_HEADER_KEYS = {"classified": "classified", "column-not-owned": "unit", "workflow-unknown": "kind"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing that keeps a post off the site (`refuse`) or is worth a look (`warn`), where it is, and what to do.

    `line` counts from 1; 0 where the whole file is meant.
    """

    code: str
    severity: Weight
    path: str
    line: int
    what: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A post as it lies there: its text as written, what is below the meta lines, its header, and its files with their sizes.

    `there` are the paths under `content/` that its text names and that are there. `now` is the instant in the site's time zone.
    """

    item: str
    text: str
    lines: tuple[Line, ...]
    fields: Mapping[str, tuple[int, str]]
    header: Header | None
    attachments: Mapping[str, int]
    there: frozenset[str]
    now: dt.datetime

    def warn(self, code: str, what: str, hint: str, *, line: int = 0, path: str = "") -> Objection:
        """Make an objection that is worth a look."""
        return Objection(code=code, severity="warn", path=path or self.item, line=line, what=what, hint=hint)

    def line_of(self, field: str) -> int:
        """Return the line of a meta line; that of the title, or the first, where it has none."""
        return self.fields.get(field, self.fields.get("title", (1, "")))[0]


def of_finding(found: Finding, item: str, record: str) -> Objection:
    """Return what the gate says as an objection, with the line that it names. `record` is the record's text.

    What it would only wait for, a person who hands in cannot wait for.
    """
    path, line, what = found.path or item, 0, found.message
    if placed := re.match(re.escape(path) + r"(?::([0-9]+))?: ", what):
        line = int(placed[1] or 0)
        inner = what.values.get("what") if isinstance(what, Message) else None
        rest = what[placed.end() :]
        what = inner if isinstance(inner, str) and inner == rest else rest
    if not line and path == record_of(item) and found.code in _HEADER_KEYS:
        line = line_starting(record, _HEADER_KEYS[found.code] + ":")
    severity: Weight = "warn" if found.severity == "warn" else "refuse"
    return Objection(code=found.code, severity=severity, path=path, line=line, what=what, hint=found.hint)


def line_starting(text: str, beginning: str) -> int:
    """Return the number of the first line that begins so; 0 where none does."""
    return next((n for n, line in enumerate(lines_of_text(text), 1) if line.startswith(beginning)), 0)


def about_cleaning(draft: Draft, raw: str) -> Iterator[Objection]:
    """Yield what handing in will take out of the text or change in it. `raw` still has its byte-order mark."""
    hint = t("nothing to do: it is cleaned when the post is handed in")
    if raw.startswith("\ufeff"):
        yield draft.warn("text-cleaned", t("the file begins with a byte-order mark (BOM)"), hint, line=1)
    if "\r" in raw:
        line = raw[: raw.index("\r")].count("\n") + 1
        yield draft.warn("text-cleaned", t("lines end in carriage returns (CR), as on Windows"), hint, line=line)
    hidden = [(n, found) for n, line in enumerate(lines_of_text(draft.text), 1) if (found := _hidden(line))]
    if hidden:
        line, name = hidden[0]
        what = t("invisible characters on {count} lines, the first is {name}", count=len(hidden), name=name)
        yield draft.warn("text-cleaned", what, hint, line=line)
    bullets = [n for n, line in enumerate(lines_of_text(draft.text), 1) if begins_with_bullet(line)]
    if bullets:
        what = t("{count} lines begin with the bullet of a word processor; they become a list", count=len(bullets))
        yield draft.warn("text-cleaned", what, hint, line=bullets[0])


def _hidden(line: str) -> str:
    return hidden_character(line.replace("\t", " "))


def about_header(draft: Draft) -> Iterator[Objection]:
    """Yield what is odd about the dates of a header, and what the application form of its kind asks for."""
    header = draft.header
    if header is None:
        return
    record = record_of(draft.item)
    planned = parse_instant(header.planned) if header.planned else None
    if planned is not None and planned <= draft.now:
        what = t("the planned time {planned} is over", planned=header.planned)
        hint = t("it goes online as soon as it is signed; give another time, or take the line out")
        yield draft.warn("dates-odd", what, hint, path=record)
    if header.expires:
        start = max(draft.now, planned) if planned else draft.now
        if parse_date(header.expires) <= start.astimezone(draft.now.tzinfo).date():
            what = t("it expires on {expires}, before it could be online", expires=header.expires)
            yield draft.warn("dates-odd", what, t("give a later date, or take the line out"), path=record)
    if header.kind in ("topic", "video") and not header.planned:
        what = t("the application form of this kind asks for the planned time")
        hint = t("add a line such as planned: 2026-11-22T09:00:00+08:00")
        yield draft.warn("planned-missing", what, hint, path=record)


def about_attachments(draft: Draft, named: frozenset[str]) -> Iterator[Objection]:
    """Yield attachments that the text does not name, or that are a burden. `named` are the paths that it names."""
    folded = {path.casefold(): path for path in named}
    for path, size in draft.attachments.items():
        if path not in named and (near := folded.get(path.casefold())):
            what = t("the text calls it {near}: letter case differs", near=near)
            yield draft.warn("attachment-unused", what, t("write its name in the text as the file has it"), path=path)
        elif path not in named:
            what = t("the text does not refer to it, but it would be published")
            yield draft.warn("attachment-unused", what, t("link to it in the text, or take the file away"), path=path)
        if size >= HEAVY:
            what = t("it has {size} MB", size=size >> 20)
            yield draft.warn("attachment-heavy", what, t("make the file smaller"), path=path)
