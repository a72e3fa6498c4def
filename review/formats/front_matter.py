"""Read and write a post: meta lines, an empty line, the text. No YAML, nothing that moves a page, no guessing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from review.errors import FormatError
from review.formats.clean_text import hidden_character
from review.formats.post_keys import (
    KEY,
    RESERVED,
    SPELLING,
    meant_by,
    near_key_in,
    what_of_first_line,
    what_of_key,
    what_of_line,
)
from review.formats.wide_colons import divided_at_wide_colon, what_of_wide_colon
from review.messages import t

MAX_TITLE = 200
"""Characters of a title."""

MAX_PROBLEMS = 100
"""Problems of one post that are told; whoever has so many begins at the first."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#<>\"\\]+[^\s<>\"\\]*", re.IGNORECASE)
_LIST_SEPARATOR = re.compile("[,，、;；]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL_BYTES = bytes((*range(0x09), *range(0x0B, 0x20), 0x7F))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What the format has against a post. `code` is the finding it becomes; `line` counts from 1, 0 for none.

    `key` is the forbidden key as it is written, `near` the key that may have been meant; empty where the problem is another one.
    """

    code: str
    line: int
    what: str
    key: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A post that the format has nothing against. Keys are in lower case; one without a value has the empty string."""

    fields: Mapping[str, str]
    body: str

    @property
    def title(self) -> str:
        """The title, never empty."""
        return self.fields["title"]

    @property
    def date(self) -> dt.date | None:
        """The document's own date, not that of its publication."""
        written = self.fields.get("date")
        return dt.date.fromisoformat(written) if written else None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, each once, in the author's order."""
        return split_list(self.fields.get("tags", ""))

    @property
    def keywords(self) -> tuple[str, ...]:
        """The keywords, each once, in the author's order."""
        return split_list(self.fields.get("keywords", ""))


def split_list(value: str) -> tuple[str, ...]:
    """Split at commas, enumeration commas and semicolons, half or full width; each part once, in order."""
    return tuple(dict.fromkeys(part for item in _LIST_SEPARATOR.split(value) if (part := item.strip())))


def is_web_address(value: str) -> bool:
    """Tell whether a value can be a `Source_url`."""
    return _WEB_ADDRESS.fullmatch(value) is not None


def parse_post(data: bytes, extra: Collection[str] = ()) -> tuple[FrontMatter | None, tuple[Problem, ...]]:
    """Return the post, or everything the format has against it: one of the two, never both.

    `extra` are the keys that the post's column lists under `metadata`; case does not matter in keys.
    """
    problems: list[Problem] = []
    text = _decode(data, problems)
    first, lines, body = _divide(text, problems)
    fields, places = _fields(lines, first, extra, problems)
    problems += _judge(fields, places)
    if problems:
        return None, tuple(sorted(problems, key=lambda problem: problem.line))
    return FrontMatter(fields=fields, body=body), ()


def serialise_post(fields: Mapping[str, str], body: str) -> bytes:
    """Return the bytes that `parse_post` reads back as these fields and this body; `FormatError` where it would not.

    Both are written in NFC, the keys in the caller's order; those that not every post may have, the column has to list.
    """
    entries = [(SPELLING.get(key.lower(), key), unicodedata.normalize("NFC", value)) for key, value in fields.items()]
    lines = [f"{key}: {value}" if value else f"{key}:" for key, value in entries]
    data = "\n".join((*lines, "", unicodedata.normalize("NFC", body))).encode("utf-8", "surrogatepass")
    post, problems = parse_post(data, [key for key, _ in entries])
    for problem in problems:
        raise FormatError(problem.what, line=problem.line)
    if post is None or post.fields != {key.lower(): value for key, value in entries}:
        raise FormatError(t("a value must be one line without white space around it"))
    return data


def _decode(data: bytes, problems: list[Problem]) -> str:
    """Return the text, mended so far that the rest of it can still be judged."""
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(_invalid(1, t("the file starts with a byte-order mark (BOM); save it as UTF-8 without one")))
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(
            _invalid(line, t("not UTF-8: the byte 0x{byte:02X}; save the file as UTF-8", byte=data[error.start]))
        )
        text = data.decode("utf-8", "replace")
    if b"\r" in data:
        line = data.count(b"\n", 0, data.index(b"\r")) + 1
        problems.append(_invalid(line, t("a carriage return (CR), the first of this file; lines end with LF alone")))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Deleting bytes is far quicker than matching characters; U+0080 to U+009F begin with the byte C2, as "·" does too.
    if len(data.translate(None, _CONTROL_BYTES)) != len(data) or b"\xc2" in data:
        for found in _CONTROL.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(_invalid(line, t("the control character U+{number:04X}", number=ord(found[0]))))
            break
    return text


def _divide(text: str, problems: list[Problem]) -> tuple[int, list[str], str]:
    """Return the number of the first meta line, the meta lines and the body."""
    if text.startswith("---\n"):
        end = text.find("\n---\n", 3)
        if end < 0 and text.endswith("\n---"):
            end = len(text) - 4
        if end >= 0:
            lines = text[4:end].split("\n") if end >= len("---\n") else []
            empty = (number for number, line in enumerate(lines, 2) if not line.strip())
            if number := next(empty, 0):
                problems.append(_invalid(number, t("an empty line between the two ---; meta lines follow one another")))
            return 2, lines, text[end + 5 :]
        problems.append(_invalid(1, t("the --- that opens the meta lines has no --- that closes them")))
        return 2, *_until_empty_line(text, 4)
    return 1, *_until_empty_line(text, 0)


def _until_empty_line(text: str, place: int) -> tuple[list[str], str]:
    lines = []
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        line = text[place:end]
        place = end + 1
        if not line or line.isspace():
            break
        lines.append(line)
    return lines, text[place:]


def _fields(
    lines: Iterable[str], first: int, extra: Collection[str], problems: list[Problem]
) -> tuple[dict[str, str], dict[str, int]]:
    """Return values and line numbers by lower-case key."""
    allowed = SPELLING
    if extra:
        allowed = SPELLING | {key.lower(): key for key in extra if KEY.fullmatch(key) and key.lower() not in RESERVED}
    parts: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    current = ""
    shapeless = False
    for number, line in enumerate(lines, first):
        if len(problems) >= MAX_PROBLEMS:
            break
        name, colon, value = line.partition(":")
        key = name.lower()
        if line.startswith(("    ", "\t")) and current:
            if current in parts:
                parts[current].append(line.strip())
        elif colon and key in allowed:
            current = key
            if key in parts:
                what = t("{key} stands here a second time, first on line {line}", key=allowed[key], line=places[key])
                problems.append(_invalid(number, what))
                current = "-"
            else:
                parts[key] = [value.strip()]
                places[key] = number
        elif (wide := divided_at_wide_colon(line))[0].lower() in allowed:
            current = wide[0].lower()
            problems.append(_invalid(number, what_of_wide_colon(allowed[current])))
            # What it says is judged as if it were written well, so that the one slip is told once.
            parts.setdefault(current, [wide[1]])
            places.setdefault(current, number)
        elif colon and KEY.fullmatch(name):
            said, near = what_of_key(name, allowed), meant_by(name, allowed)
            problems.append(Problem(code="metadata-forbidden", line=number, what=said, key=name, near=near))
            current = "-"
        elif not line.strip():
            continue
        elif number == 1:
            problems.append(_invalid(1, what_of_first_line(line, allowed)))
            break
        elif not shapeless or near_key_in(line, allowed):
            problems.append(_invalid(number, what_of_line(line, allowed)))
            shapeless = True
    return {key: " ".join(part).lstrip() for key, part in parts.items()}, places


def _judge(fields: Mapping[str, str], places: Mapping[str, int]) -> Iterable[Problem]:
    for key, value in fields.items():
        if hidden := hidden_character(value):
            yield _invalid(
                places[key],
                t("{key} holds the invisible or control character {hidden}", key=SPELLING.get(key, key), hidden=hidden),
            )
    if not (title := fields.get("title", "")):
        yield _invalid(places.get("title", 0), t('a post needs a Title: a first line such as "Title: 科普讲座"'))
    elif len(title) > MAX_TITLE:
        yield _invalid(
            places["title"],
            t("the Title has {count} characters; at most {most} fit", count=len(title), most=MAX_TITLE),
        )
    if (date := fields.get("date")) and not _is_date(date):
        yield _invalid(places["date"], t("the Date is {date}, expected a day such as 2026-11-20", date=repr(date)))
    if (address := fields.get("source_url")) and not is_web_address(address):
        yield _invalid(
            places["source_url"],
            t("the Source_url is {address}, expected an address with http:// or https://", address=repr(address)),
        )


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _invalid(line: int, what: str) -> Problem:
    return Problem(code="metadata-invalid", line=line, what=what)
