"""Find what a post's Markdown shows and where it leads: headings, links and pictures, each with its line. Judges nothing."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from review.formats.text_tags import EMBEDDING, TAGS, TAKEN_WHOLE
from review.formats.wide_colons import divided_at_wide_colon
from review.model.paths import column_of

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(`{1,9})[^`]{1,500}\1")
_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)[ \t]*(\S.*)")
_PICTURE = re.compile(r"!\[([^\[\]]{0,500})\](\(|\[)")
_DESTINATION = re.compile(
    r"\]\(\s{0,20}(?:<([^<>]{1,2000})>|([^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?))"
)
_WITH_BLANKS = re.compile(
    r"\]\([ \t]{0,20}([^\s()<>\"'][^()<>\"\n]{0,2000}(?:\([^()<>\"\n]{0,500}\)[^()<>\"\n]{0,500})?)"
    r"(?:[ \t]\"[^\"\n]{0,500}\"[ \t]{0,20})?\)"
)
"""A whole destination with its title, as the renderer reads it: blanks inside belong to it."""

_TITLE_IN_APOSTROPHES = re.compile(r"[ \t]'[^'\n]{0,500}'\s*\Z")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]{1,500}\]:\s{1,20}<?([^\s<>]{1,2000})>?")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]{1,2000})>", re.IGNORECASE)
_TAG = re.compile(r"<(a|img|video|audio|source|track)\s([^<>]{1,4000})>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]{0,40})(?:(?=[\s/])[^<>]{0,4000})?(?:>|\Z)")
_ATTRIBUTE = re.compile(r"""\b(href|src|poster|alt)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a post's text: its number in the file, as it is written, and without what stands in code."""

    number: int
    written: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading, its level from 1 to 6."""

    line: int
    level: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, and the words for whoever cannot see it; None where an HTML tag has no `alt`."""

    line: int
    words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address in the text, as it is written. `shown` where what is there is shown on the page: a picture, a film."""

    line: int
    address: str
    shown: bool

    @property
    def outside(self) -> bool:
        """Tell whether it leads out of the site, or to nothing that is a page or a file."""
        return _SCHEME.match(self.address) is not None


def lines_of_text(text: str) -> list[str]:
    """Return the lines of a file as an editor counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def body_lines(text: str) -> list[Line]:
    """Return the lines below the meta lines that are text: what stands in fenced or indented code is left out."""
    lines = lines_of_text(text)
    found: list[Line] = []
    fence = ""
    before_empty = True
    for number, line in enumerate(lines[_body_start(lines) :], _body_start(lines) + 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
        elif not (before_empty and line.startswith(("    ", "\t"))):
            found.append(Line(number=number, written=line, words=_CODE.sub(" ", line)))
        before_empty = not line.strip() or (before_empty and line.startswith(("    ", "\t")))
    return found


def has_text(text: str) -> bool:
    """Tell whether anything stands below the meta lines."""
    lines = lines_of_text(text)
    return any(line.strip() for line in lines[_body_start(lines) :])


def _body_start(lines: list[str]) -> int:
    """Return how many lines come before the text."""
    if lines and lines[0] == "---" and "---" in lines[1:]:
        return lines.index("---", 1) + 1
    return next((number for number, line in enumerate(lines, 1) if not line.strip()), len(lines))


def meta_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield number, key in lower case and value of every meta line that has a key, also of one with a full-width colon."""
    lines = lines_of_text(text)
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines[: _body_start(lines)], 1):
        key, colon, value = line.partition(":")
        wide, said = divided_at_wide_colon(line)
        if wide:
            found.append((number, wide.lower(), said))
        elif line.startswith(("    ", "\t")) and found:
            last, name, before = found[-1]
            found[-1] = (last, name, f"{before} {line.strip()}".strip())
        elif colon and key and not key[0].isspace():
            found.append((number, key.lower(), value.strip()))
    yield from found


def headings(lines: list[Line]) -> Iterator[Heading]:
    """Yield the headings that are written with `#`, or underlined."""
    for before, line in zip([None, *lines], lines, strict=False):
        if found := _HEADING.match(line.words):
            yield Heading(line=line.number, level=len(found[1]), words=found[2].rstrip("# "))
        elif before is not None and before.number == line.number - 1 and before.words.strip():
            under = line.words.strip()
            if under and not under.strip("="):
                yield Heading(line=before.number, level=1, words=before.words.strip())
            elif len(under) > 1 and not under.strip("-") and not before.words.lstrip().startswith(("|", "-", "#", ">")):
                yield Heading(line=before.number, level=2, words=before.words.strip())


def pictures(lines: list[Line]) -> Iterator[Picture]:
    """Yield the pictures in Markdown and in HTML."""
    for line in lines:
        for found in _PICTURE.finditer(line.words):
            yield Picture(line=line.number, words=found[1].strip())
        for tag in _TAG.finditer(line.words):
            if tag[1].lower() == "img":
                yield Picture(line=line.number, words=_attributes(tag[2]).get("alt"))


def links(lines: list[Line]) -> Iterator[Link]:
    """Yield every address, of links and of what is shown."""
    for line in lines:
        text = line.words
        shown = {found.end() - 2 for found in _PICTURE.finditer(text)}
        whole = {
            found.start(): _TITLE_IN_APOSTROPHES.sub("", found[1]).strip() for found in _WITH_BLANKS.finditer(text)
        }
        for found in _DESTINATION.finditer(text):
            address = html.unescape(whole.get(found.start()) or found[1] or found[2])
            yield Link(line=line.number, address=address, shown=found.start() in shown)
        if definition := _DEFINITION.match(text):
            yield Link(line=line.number, address=html.unescape(definition[1]), shown=False)
        for autolink in _AUTOLINK.finditer(text):
            yield Link(line=line.number, address=autolink[1], shown=False)
        for tag in _TAG.finditer(text):
            for name, address in _attributes(tag[2]).items():
                if name != "alt" and address:
                    yield Link(line=line.number, address=address, shown=name != "href")


def dropped_tags(lines: list[Line]) -> Iterator[tuple[int, str]]:
    """Yield line and name of each HTML tag that no page has, each name once, where it stands first."""
    told: set[str] = set()
    for line in lines:
        for found in _ANY_TAG.finditer(line.words):
            name = found[1].lower()
            whole = found[0].endswith(">") or name in (*EMBEDDING, *TAKEN_WHOLE)
            if whole and name not in TAGS and name not in told:
                told.add(name)
                yield line.number, name


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(text)
    }


def target_of(address: str, item: str) -> str:
    """Return the path in the repository that a local address in a post names; empty where it leaves `content/`.

    Addresses are relative to the post's file, or from the root with or without `/content`.
    """
    path = unquote(re.split("[?#]", address, maxsplit=1)[0]).replace("\\", "/")
    if path.startswith("/"):
        inside = posixpath.normpath(path.lstrip("/") or ".").removeprefix("content/")
    else:
        inside = posixpath.normpath(posixpath.join(column_of(item), path))
    return "" if inside.split("/", 1)[0] == ".." else f"content/{inside}".removesuffix("/.")
