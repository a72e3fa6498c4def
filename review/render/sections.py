"""Divide a sanitised text at its headings of the second level, for pages that lead through a text or tell its parts apart."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup

_HEADING = "h2"
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*)>')
_ID = re.compile(r' id="([^"]*)"')
_EMPTY = frozenset(("br", "col", "hr", "img", "source", "track", "wbr"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a text. `anchor` is the id of its heading, `title` what the heading says; `content` begins with the heading.

    What stands before the first heading has neither anchor nor title.
    """

    anchor: str = ""
    title: str = ""
    content: Markup = field(default=Markup(), repr=False)  # an immutable string

    @property
    def body(self) -> Markup:
        """The content without its heading."""
        _, end, rest = self.content.partition(f"</{_HEADING}>")
        return Markup(rest) if end and self.title else self.content  # noqa: S704  # a part of what was sanitised


def sections(text: str) -> tuple[Section, ...]:
    """Return the parts of sanitised HTML, the introduction first; an empty introduction is left out.

    Headings inside other elements, such as quotations, divide nothing: each part is well-formed by itself.
    """
    starts = list(_starts(text))
    ends = [*(tag.start() for tag in starts), len(text)]
    found = [Section(content=Markup(text[: ends[0]]))] if text[: ends[0]].strip() else []  # noqa: S704  # as above
    for tag, end in zip(starts, ends[1:], strict=True):
        anchor = _ID.search(tag[3])
        heading = text[tag.end() : text.index(f"</{_HEADING}>", tag.end())]
        title = Markup(heading).striptags()  # noqa: S704  # only its text is taken
        content = Markup(text[tag.start() : end])  # noqa: S704  # as above
        found.append(Section(anchor=html.unescape(anchor[1]) if anchor else "", title=title, content=content))
    return tuple(found)


def _starts(text: str) -> Iterator[re.Match[str]]:
    depth = 0
    for tag in _TAG.finditer(text):
        closing, name, _ = tag.groups()
        if name in _EMPTY:
            continue
        if name == _HEADING and not closing and depth == 0:
            yield tag
        depth += -1 if closing else 1
