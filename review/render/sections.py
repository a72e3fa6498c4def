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
_PICTURE = re.compile(r'\s*<p>(<img(?: [a-z]+="[^"]*")*>)\s*(?:<br>\s*)?(</p>\s*)?')
_SOURCE, _WORDS = re.compile(r' src="([^"]*)"'), re.compile(r' alt="([^"]*)"')
_EMPTY = frozenset(("br", "col", "hr", "img", "source", "track", "wbr"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A picture that a text begins with: its address as the page has it, what is said of it, and the text without it."""

    url: str
    alt: str
    rest: Markup = field(repr=False)

    def shows(self, url: str) -> bool:
        """Tell whether it is the picture with this address, which is relative to the site's root."""
        return f"/{self.url}".endswith(f"/{url}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a text. `anchor` is the id of its heading, `title` what the heading says; `content` begins with the heading.

    What stands before the first heading has neither anchor nor title.
    """

    anchor: str = ""
    title: str = ""
    content: Markup = field(default=Markup(), repr=False)  # an immutable string

    @property
    def opening(self) -> Opening | None:
        """The picture that the content begins with, or None."""
        found = _PICTURE.match(self.content)
        source = _SOURCE.search(found[1]) if found else None
        if not found or not source:
            return None
        words = _WORDS.search(found[1])
        rest = self.content[found.end() :] if found[2] else f"<p>{self.content[found.end() :]}"
        return Opening(
            url=html.unescape(source[1]),
            alt=html.unescape(words[1]) if words else "",
            rest=Markup(rest),  # noqa: S704  # a part of what was sanitised
        )

    @property
    def body(self) -> Markup:
        """The content without its heading."""
        heading = next(_headings(self.content), None)
        if heading is None or not self.title:
            return self.content
        return Markup(self.content[heading[1].end() :])  # noqa: S704  # a part of what was sanitised


def sections(text: str) -> tuple[Section, ...]:
    """Return the parts of sanitised HTML, the introduction first; an empty introduction is left out.

    Headings inside other elements, such as quotations, divide nothing: each part is well-formed by itself.
    """
    headings = list(_headings(text))
    ends = [*(tag.start() for tag, _ in headings), len(text)]
    found = [Section(content=Markup(text[: ends[0]]))] if text[: ends[0]].strip() else []  # noqa: S704  # as above
    for (tag, closed), end in zip(headings, ends[1:], strict=True):
        anchor = _ID.search(tag[3])
        title = Markup(text[tag.end() : closed.start()]).striptags()  # noqa: S704  # only its text is taken
        content = Markup(text[tag.start() : end])  # noqa: S704  # as above
        found.append(Section(anchor=html.unescape(anchor[1]) if anchor else "", title=title, content=content))
    return tuple(found)


def _headings(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield the tags that begin and end each heading of the text itself. A heading may hold blocks, and headings in them."""
    depth, start = 0, None
    for tag in _TAG.finditer(text):
        closing, name, _ = tag.groups()
        if name in _EMPTY:
            continue
        if name == _HEADING and not closing and depth == 0:
            start = tag
        depth += -1 if closing else 1
        if start is not None and depth == 0:
            yield start, tag
            start = None
