"""Gather what stands on a page while it is walked through, element by element. Keeps what it hears, judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from review.inspection.controls import Asked, Attributes, control_of, is_labelled, said
from review.inspection.element_sets import (
    ADDRESSES,
    BLOCKS,
    CODE,
    LANDMARKS,
    NAMED,
    SILENT,
    SPOKEN,
    addresses_in,
    kind_taken,
)
from review.inspection.records import Control, Link, Resource, Zone

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_FOOT = frozenset({"footer", "foot", "bottom", "site-footer"})
_HEADING = re.compile(r"h[1-6]")
_MOST_NAMED = 100
"""Elements that text is put to, one inside the other: what is nested deeper has no words of its own."""


def tidy(pieces: Iterable[str]) -> str:
    """Return pieces of text as lines, without blanks that nobody sees."""
    return _LINES.sub("\n", _BLANKS.sub(" ", "".join(pieces))).strip()


@dataclass(slots=True, kw_only=True)
class _Frame:
    """An element that has begun and not ended."""

    tag: str
    attributes: Attributes
    hidden: bool
    main: bool
    code: bool
    zone: Zone
    drawn: bool = False
    label: list[str] | None = None
    words: list[str] | None = None


_TOP = _Frame(tag="", attributes={}, hidden=False, main=False, code=False, zone=Zone.REST)


@dataclass(slots=True)
class Elements:
    """What was heard so far; `finish` puts together what could be known at the end alone."""

    lang: str = ""
    title: str = ""
    base: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    nameless_images: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    doubled: list[str] = field(default_factory=list)
    landmarks: set[str] = field(default_factory=set)
    details: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[tuple[str, ...], ...]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    main: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    rest_prose: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    articles: int = 0
    pictures_in_main: int = 0
    _open: list[_Frame] = field(default_factory=list)
    _named: list[list[str]] = field(default_factory=list)
    _asked: list[Asked] = field(default_factory=list)
    _labels: dict[str, list[str]] = field(default_factory=dict)
    _term: str = ""
    _rows: list[list[list[str]]] = field(default_factory=list)

    def begin(self, tag: str, attributes: Attributes) -> None:
        """Hear that an element begins."""
        above = self._open[-1] if self._open else _TOP
        if tag == "title" and above.drawn:
            tag = "text"  # the name of a drawing, which belongs to whatever the drawing stands in
        zone = self._zone(tag, attributes, above)
        frame = _Frame(
            tag=tag,
            attributes=attributes,
            hidden=above.hidden or "hidden" in attributes,
            main=above.main or tag == "main" or attributes.get("role") == "main",
            code=above.code or tag in CODE,
            zone=zone,
            drawn=above.drawn or tag == "svg",
            label=above.label,
        )
        if tag in SILENT or ((tag in NAMED or _HEADING.fullmatch(tag)) and len(self._named) < _MOST_NAMED):
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
        match frame.tag:
            case "title" if not self.title:
                self.title = words
            case "style":
                self.styles.append("".join(frame.words or ()))
            case "script" if frame.attributes.get("type") in (None, "", "module", "text/javascript"):
                self.scripts.append("".join(frame.words or ()))
            case "a":
                self._link(frame, words)
            case "button" if not (frame.hidden or words or is_labelled(frame.attributes)):
                self.unnamed.append("button")
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
        """Put names to controls: their label may have come later."""
        while self._open:
            self.end()
        self.controls += [control_of(one, self._labels, self.ids) for one in self._asked]

    def _zone(self, tag: str, attributes: Attributes, above: _Frame) -> Zone:
        role = attributes.get("role") or ""
        if above.zone is Zone.FOOTER:
            return above.zone
        if tag == "nav" or role == "navigation":
            return Zone.NAVIGATION
        if above.zone is not Zone.REST:
            return above.zone
        named = {*(attributes.get("class") or "").lower().split(), (attributes.get("id") or "").lower()}
        if tag == "footer" or role == "contentinfo" or (tag == "div" and named & _FOOT):
            return Zone.FOOTER
        if tag == "main" or role == "main":
            return Zone.MAIN
        return Zone.HEADER if tag == "header" or role == "banner" else Zone.REST

    def _write(self, text: str, frame: _Frame) -> None:
        """Add text to everything that it is a part of."""
        self.all.append(text)
        for one in self._named:
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

    def _notice(self, frame: _Frame) -> None:
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
            case "iframe" if not (attributes.get("title") or attributes.get("aria-label")):
                self.unnamed.append("iframe")
            case "table":
                self._rows.append([])
            case "tr" if self._rows:
                self._rows[-1].append([])
            case "input" | "select" | "textarea" | "button":
                own = frame.words if tag == "button" and frame.words is not None else []
                self._asked.append(Asked(tag=tag, attributes=attributes, within=frame.label, words=own))
        if tag == "label" and frame.words is not None and (name := attributes.get("for")):
            self._labels[name] = frame.words

    def _meta(self, attributes: Attributes) -> None:
        name = attributes.get("name") or attributes.get("property") or ""
        if not name and (directive := attributes.get("http-equiv")):
            name = f"http-equiv:{directive}"
        if name:
            self.metas.setdefault(name.lower(), attributes.get("content") or "")

    def _image(self, frame: _Frame) -> None:
        attributes = frame.attributes
        silent = attributes.get("role") in ("presentation", "none") or attributes.get("aria-hidden") == "true"
        needed = frame.tag == "img" or "href" in attributes
        if needed and "alt" not in attributes and not silent and not is_labelled(attributes):
            self.nameless_images.append(attributes.get("src") or attributes.get("href") or "")
        if frame.tag == "img" and frame.main:
            self.pictures_in_main += 1
        for one in self._named:
            one.append(attributes.get("alt") or "")
        if frame.zone is Zone.FOOTER:
            self.footer.append(f" {attributes.get('alt') or ''} ")

    def _take(self, frame: _Frame) -> None:
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
                        )
                    )

    def _link(self, frame: _Frame, words: str) -> None:
        href = frame.attributes.get("href")
        if href is None:
            return
        called = " ".join(
            filter(None, (words, frame.attributes.get("aria-label"), frame.attributes.get("title")))
        ).strip()
        classes = {*(frame.attributes.get("class") or "").split(), *(frame.attributes.get("rel") or "").split()}
        self.links.append(Link(href=href.strip(), words=called, zone=frame.zone, classes=frozenset(classes)))
        if not called and not frame.hidden and not is_labelled(frame.attributes):
            self.unnamed.append(f"a href={href}")
        if frame.zone is Zone.FOOTER:
            self.footer.append(f" {href} ")

    def _pair(self, name: str, value: str) -> None:
        self.details.append((name.strip("：: "), value))

    def _table(self, frame: _Frame) -> None:
        rows = self._rows.pop() if self._rows else []
        if frame.main or frame.zone is Zone.REST:
            self.tables.append(tuple(tuple(row) for row in rows if row))
            for row in rows:
                if len(row) in (2, 4):
                    self.details.extend(
                        (name.strip("：: "), value) for name, value in zip(row[::2], row[1::2], strict=True)
                    )
