"""Gather what stands on a page while it is walked through, element by element. Keeps what it hears, judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from review.inspection.controls import Names, needs_name, said
from review.inspection.element_sets import (
    ADDRESSES,
    BLOCKS,
    LANDMARKS,
    NAMED,
    SILENT,
    SPOKEN,
    addresses_in,
    kind_taken,
)
from review.inspection.frames import TOP, Attributes, Frame, frame_in
from review.inspection.records import Link, Resource, Zone

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_HEADING = re.compile(r"h[1-6]")
_HANDLER = re.compile(r"on[a-z]+")
_RUN = frozenset(("", "module", "text/javascript", "application/javascript", "text/ecmascript", "importmap"))
_DATA = "application/ld+json"
_DRAWN_TITLE = "drawn-title"
"""The name of a drawing, which belongs to whatever the drawing stands in; no page's."""

_MOST_NAMED = 100
"""Elements that text is put to, one inside the other: what is nested deeper has no words of its own."""


def tidy(pieces: Iterable[str]) -> str:
    """Return pieces of text as lines, without blanks that nobody sees."""
    return _LINES.sub("\n", _BLANKS.sub(" ", "".join(pieces))).strip()


@dataclass(slots=True)
class Elements:
    """What was heard so far; `finish` puts together what could be known at the end alone."""

    lang: str = ""
    title: str = ""
    base: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    doubled_metas: set[str] = field(default_factory=set)
    said_in_metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    doubled: list[str] = field(default_factory=list)
    landmarks: set[str] = field(default_factory=set)
    details: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[tuple[str, ...], ...]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    style_attributes: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    framed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    main: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    rest_prose: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    articles: int = 0
    pictures_in_main: int = 0
    _open: list[Frame] = field(default_factory=list)
    _named: list[list[str]] = field(default_factory=list)
    _term: str = ""
    _rows: list[list[list[str]]] = field(default_factory=list)

    def begin(self, tag: str, attributes: Attributes) -> None:
        """Hear that an element begins."""
        above = self._open[-1] if self._open else TOP
        if tag == "title" and above.drawn:
            tag = _DRAWN_TITLE
        frame = frame_in(above, tag, attributes)
        bears_name = tag in NAMED or tag == _DRAWN_TITLE or _HEADING.fullmatch(tag) or needs_name(tag, attributes)
        if tag in SILENT or (bears_name and len(self._named) < _MOST_NAMED):
            frame.words = []
        if tag == "label":
            frame.label = frame.words
        if tag in BLOCKS:
            self._write("\n", frame)
        self._open.append(frame)
        if frame.words is not None and tag not in SILENT:
            self._named.append(frame.words)
        if name := attributes.get("id"):
            self.doubled.extend([name] if name in self.ids else [])
            self.ids.add(name)
        if tag == "a" and (name := attributes.get("name")):
            self.ids.add(name)
        self.names.begin(frame)
        self._notice(frame)
        self._take(frame)

    def characters(self, text: str) -> None:
        """Hear text."""
        if not self._open:
            return
        frame = self._open[-1]
        if frame.tag in SILENT:
            if frame.words is not None:
                frame.words.append(text)
            return
        self._write(text, frame)

    def end(self) -> None:
        """Hear that the element begun last ends."""
        frame = self._open.pop()
        if frame.words is not None and frame.tag not in SILENT:
            self._named.pop()
        words = said(frame.words or ())
        frame.called = frame.called or (frame.tag == _DRAWN_TITLE and bool(words))
        self.names.end(frame, self._open[-1] if self._open else frame, words, len(self.all))
        match frame.tag:
            case "title" if not self.title:
                self.title = words
            case "style":
                self.styles.append("".join(frame.words or ()))
            case "script":
                self._script(frame)
            case "a" | "area":
                self._link(frame, words or frame.attributes.get("alt") or "")
            case "dt":
                self._term = words
            case "dd":
                self._pair(self._term, words)
            case "th" | "td" if self._rows and self._rows[-1]:
                self._rows[-1][-1].append(words)
            case "table":
                self._table(frame)
            case tag if _HEADING.fullmatch(tag) and not frame.hidden:
                self.headings.append((int(tag[1]), words))
        if frame.tag in BLOCKS:
            self._write("\n", frame)

    def finish(self) -> None:
        """Put together what could be known at the end alone."""
        while self._open:
            self.end()
        self.names.finish(self.ids, self.all)

    def take_in(self, framed: Elements) -> None:
        """Keep what stands on a page inside this one, the content of a frame: all of it reaches the same readers."""
        self.links += framed.links
        self.resources += framed.resources
        self.styles += framed.styles
        self.style_attributes += framed.style_attributes
        self.scripts += framed.scripts
        self.comments += framed.comments
        self.unseen += [*framed.unseen, *framed.all]
        self.names.controls += framed.names.controls
        self.names.nameless_images += framed.names.nameless_images
        self.names.unnamed += framed.names.unnamed

    def _write(self, text: str, frame: Frame) -> None:
        """Add text to everything that it is a part of."""
        self.all.append(text)
        for one in self._named if not frame.chosen else ():
            one.append(text)
        if frame.zone is Zone.FOOTER:
            self.footer.append(text)
        if frame.hidden:
            return
        if frame.main:
            self.main.append(text)
            self.prose.append("\ufffc" if frame.code and text != "\n" else text)
        elif frame.zone in (Zone.REST, Zone.MAIN):
            self.rest.append(text)
            self.rest_prose.append("\ufffc" if frame.code and text != "\n" else text)

    def _notice(self, frame: Frame) -> None:
        """Keep what an element says by its own tag and attributes."""
        tag, attributes = frame.tag, frame.attributes
        role = attributes.get("role") or ""
        self.unseen += [words for name in SPOKEN if (words := attributes.get(name))]
        if (landmark := LANDMARKS.get(role) or LANDMARKS.get(tag)) and (tag == "main" or not frame.main):
            self.landmarks.add(landmark)
        match tag:
            case "html":
                self.lang = attributes.get("lang") or ""
            case "base" if not self.base:
                self.base = attributes.get("href") or ""
            case "meta":
                self._meta(attributes)
            case "article":
                self.articles += 1
            case "time" if frame.main or frame.zone is Zone.REST:
                self.times.append(attributes.get("datetime") or "")
            case "img" | "area":
                self._image(frame)
            case "iframe" if framed := attributes.get("srcdoc"):
                self.framed.append(framed)
            case "table":
                self._rows.append([])
            case "tr" if self._rows:
                self._rows[-1].append([])
        if style := attributes.get("style"):
            self.style_attributes.append(style)
        self.scripts += [code for name, code in attributes.items() if code and _HANDLER.fullmatch(name)]

    def _meta(self, attributes: Attributes) -> None:
        name = attributes.get("name") or attributes.get("property") or ""
        if not name and (directive := attributes.get("http-equiv")):
            name = f"http-equiv:{directive}"
        if name:
            said_of = attributes.get("content") or ""
            self.said_in_metas.append((name.lower(), said_of))
            if self.metas.setdefault(name.lower(), said_of) != said_of:
                self.doubled_metas.add(name.lower())

    def _image(self, frame: Frame) -> None:
        attributes = frame.attributes
        if frame.tag == "img" and frame.main:
            self.pictures_in_main += 1
        for one in self._named:
            one.append(attributes.get("alt") or "")
        if frame.zone is Zone.FOOTER:
            self.footer.append(f" {attributes.get('alt') or ''} ")

    def _take(self, frame: Frame) -> None:
        """Keep every address that an element takes something from."""
        for name in ADDRESSES.get(frame.tag, ()):
            value = (frame.attributes.get(name) or "").strip()
            if value:
                kind = kind_taken(frame.tag, name, frame.attributes)
                for address in addresses_in(name, value):
                    self.resources.append(
                        Resource(
                            kind=kind,
                            address=address,
                            lazy=frame.attributes.get("loading") == "lazy" or name == "srcset",
                            print_only=frame.attributes.get("media") == "print",
                            classes=_classes(frame),
                        )
                    )

    def _script(self, frame: Frame) -> None:
        type = (frame.attributes.get("type") or "").strip().lower()
        if type in _RUN:
            self.scripts.append("".join(frame.words or ()))
        elif type == _DATA:
            self.data.append("".join(frame.words or ()))

    def _link(self, frame: Frame, words: str) -> None:
        href = (
            frame.attributes.get("href")
            if frame.attributes.get("href") is not None
            else frame.attributes.get("xlink:href")
        )
        if href is None:
            return
        called = " ".join(
            filter(None, (words, frame.attributes.get("aria-label"), frame.attributes.get("title")))
        ).strip()
        self.links.append(Link(href=href.strip(), words=called, zone=frame.zone, classes=_classes(frame)))
        if href.strip().lower().startswith("javascript:"):
            self.scripts.append(unquote(href.strip()[len("javascript:") :]))
        if frame.zone is Zone.FOOTER:
            self.footer.append(f" {href} ")

    def _pair(self, name: str, value: str) -> None:
        self.details.append((_label(name), value))

    def _table(self, frame: Frame) -> None:
        rows = self._rows.pop() if self._rows else []
        if frame.main or frame.zone is Zone.REST:
            self.tables.append(tuple(tuple(row) for row in rows if row))
            for row in rows:
                if len(row) in (2, 4):
                    self.details.extend((_label(name), value) for name, value in zip(row[::2], row[1::2], strict=True))


def _label(name: str) -> str:
    """Return the name of a fact without the blanks and colons that some put between its characters and behind it."""
    return "".join(name.split()).strip("：:")


def _classes(frame: Frame) -> frozenset[str]:
    return frozenset((*(frame.attributes.get("class") or "").split(), *(frame.attributes.get("rel") or "").split()))
