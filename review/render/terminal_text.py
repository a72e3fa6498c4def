"""Sanitised HTML as lines of words for a terminal: everything that a page says, and where it leads. No colour, no width.

It is made of the very HTML of the page, not of the Markdown, so that nothing is on the page that is not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal, TypeAlias

Style: TypeAlias = Literal["", "strong", "emphasis", "code", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of words in one style."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as the page has it. `prefix` stands before all rows that it may take, `mark` after it in the first row."""

    prefix: str
    mark: str
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """The whole line without styles."""
        return self.prefix + self.mark + "".join(part.text for part in self.parts)


_APART = "p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl figure details table div"
_TOGETHER = "hr li dt dd figcaption summary caption thead tbody tfoot tr"
_BLOCKS = frozenset(f"{_APART} {_TOGETHER}".split())
_GAPS = frozenset(_APART.split())
"""What stands apart from its neighbours by an empty line, outside lists."""
_STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("strong", "b", "h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "summary", "caption"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "emphasis"),
    **dict.fromkeys(("code", "kbd", "samp", "pre"), "code"),
    **dict.fromkeys(("del", "s"), "gone"),
}
_AROUND = {
    "del": ("~~", "~~"),
    "s": ("~~", "~~"),
    "q": ('"', '"'),
    "sup": ("^", ""),
    "sub": ("_", ""),
    "rt": ("(", ")"),
}
_MEDIA = ("src", "poster", "label", "srclang", "kind")
_VOID = frozenset(("br", "hr", "img", "source", "track", "wbr", "col"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
_OWN_TITLE = re.compile(r"回到正文的注 \d+")
_DEEPEST = 24
"""Columns before a line, at most: a list in a list in a list keeps room for its words."""


@dataclass(slots=True, kw_only=True)
class _Open:
    """An element that is open: what it adds before its lines, and what follows its words."""

    tag: str
    style: Style
    prefix: str = ""
    in_pre: bool = False
    in_item: bool = False
    after: str = ""
    number: int = 0
    cells: int = 0
    href: str = ""
    begins: int = 0


@dataclass(slots=True)
class _Words(HTMLParser):
    """Walks through sanitised HTML, whose tags are all closed."""

    lines: list[Line] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _parts: list[Part] = field(default_factory=list)
    _mark: str = ""
    _before_mark: str = ""
    _space: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._end_line()
            self._gap(tag)
        before, after = _AROUND.get(tag, ("", ""))
        if tag in ("td", "th"):
            before = self._cell()
        elif tag[0] == "h" and tag[1:].isdecimal():
            self._marked("#" * int(tag[1:]) + " ")
        elif tag == "li":
            self._item(values)
        elif tag == "sup" and values.get("id", "").startswith("text-fnref"):
            before, after = "[", "]"
        elif tag == "blockquote" and self._mark:
            self._marked("> ")
        around = self._open[-1] if self._open else _Open(tag="", style="")
        one = _Open(tag=tag, style=_STYLES.get(tag, around.style))
        one.after = after + _title(values)
        if tag == "a" and not values.get("href", "").startswith("#fn"):
            one.href, one.begins = values.get("href", ""), len(self._parts)
        own = "  " if tag == "li" else {"blockquote": "> ", "pre": "    ", "dd": "    "}.get(tag, "")
        one.prefix = (around.prefix + own)[:_DEEPEST]
        one.in_pre, one.in_item = around.in_pre or tag == "pre", around.in_item or tag == "li"
        if tag == "ol":
            one.number = _whole(values.get("start", ""), 1)
        if tag == "code" and (language := values.get("class", "").removeprefix("language-")) and around.in_pre:
            self._say(f"[{language}]")
            self._end_line()
        if tag in ("video", "audio", "img", "source", "track"):
            before = _media(values)
        elif tag == "br":
            self._end_line()
        elif tag == "hr":
            self._say("---")
            self._end_line()
        if before:
            self._say(before)
        if tag in _VOID:
            self._say(one.after)
            return
        self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            return
        one = self._open[-1]
        # An address that is its own link's words stands there already.
        if one.href and "".join(part.text for part in self._parts[one.begins :]).strip() != one.href:
            self._say(f" [{one.href}]")
        if one.after:
            self._say(one.after)
        if tag in _BLOCKS:
            self._end_line(whole=tag == "li")
        self._open.pop()
        if tag in _BLOCKS:
            self._gap(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].in_pre:
            first, *more = data.split("\n")
            self._say(first)
            for line in more:
                self._end_line(whole=True)
                self._say(line)
            return
        words = _SPACES.sub(" ", data)
        if words.startswith(" ") and self._parts:
            self._space = True
        if said := words.strip(" "):
            self._say(said)
            self._space = words.endswith(" ")

    def _say(self, words: str) -> None:
        if words:
            style = self._open[-1].style if self._open else ""
            self._parts.append(Part(text=" " * self._space + words, style=style))
            self._space = False

    def _marked(self, mark: str) -> None:
        if not self._mark:
            self._before_mark = self._open[-1].prefix if self._open else ""
        self._mark += mark

    def _cell(self) -> str:
        row = self._open[-1] if self._open else None
        if row is None or row.tag != "tr":
            return " | "
        row.cells += 1
        self._space = False
        return " | " if row.cells > 1 else ""

    def _item(self, values: Mapping[str, str]) -> None:
        around = self._open[-1] if self._open else None
        if around is None or around.tag != "ol":
            self._marked("• ")
            return
        around.number = _whole(values.get("value", ""), around.number)
        self._marked(f"{around.number}. ")
        around.number += 1

    def _end_line(self, *, whole: bool = False) -> None:
        """End the line, if there is one; an empty one, too, where `whole` and something must be there."""
        self._space = False
        inner = self._open[-1] if self._open else _Open(tag="", style="")
        if self._parts or (whole and (self._mark or inner.in_pre)):
            prefix = self._before_mark if self._mark else inner.prefix
            self.lines.append(Line(prefix=prefix, mark=self._mark[-_DEEPEST:], parts=tuple(self._parts)))
            self._parts, self._mark = [], ""

    def _gap(self, tag: str) -> None:
        in_item = bool(self._open) and self._open[-1].in_item
        if tag in _GAPS and not self._mark and not in_item and self.lines and self.lines[-1].parts:
            self.lines.append(Line(prefix="", mark="", parts=()))


def lines_of(html: str) -> tuple[Line, ...]:
    """Return sanitised HTML as lines; an empty one has no parts."""
    walker = _Words()
    walker.feed(html)
    walker.close()
    walker._end_line()  # noqa: SLF001  # its own module
    found = walker.lines
    while found and not found[-1].parts and not found[-1].mark:
        found.pop()
    return tuple(found)


def _title(values: Mapping[str, str]) -> str:
    title = values.get("title", "")
    return f' ("{title}")' if title and not _OWN_TITLE.fullmatch(title) else ""


def _media(values: Mapping[str, str]) -> str:
    where = " ".join(values[name] for name in _MEDIA if values.get(name))
    alt = values.get("alt", "")
    return f"[{alt}: {where}]" if alt else f"[{where}]"


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() else otherwise
