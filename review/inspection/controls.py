"""Give controls and pictures the names that readers see or hear of them, and keep what has none. A label may stand anywhere."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from review.inspection.frames import Attributes, Frame
from review.inspection.records import Control

_CALLED_AS_THEIR_VALUE = frozenset(("submit", "button", "reset"))
_CALLED_BY_CONTENT = frozenset(
    ("button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option", "treeitem")
)
_CALLED_BY_AUTHOR = frozenset(
    ("img", "textbox", "searchbox", "combobox", "listbox", "slider", "spinbutton", "meter", "progressbar")
)
_NAMED_OTHERWISE = frozenset(("input", "select", "textarea", "img"))
_CONTROLS = frozenset((*_NAMED_OTHERWISE - {"img"}, "button"))
_CAPTIONS = frozenset(("captions", "subtitles", ""))
_WITHOUT_SOUND = re.compile(r"无声|无音频|无音轨|没有声音|不含声音|静音")
_NEAR = 12
"""Pieces of text before and after a film in which it is said that it has no sound."""

_MOST_WORDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A control before the page has ended: its own words and those of the label around it may still grow."""

    tag: str
    attributes: Attributes
    within: list[str] | None
    words: list[str]


def said(pieces: Iterable[str]) -> str:
    """Return pieces of text as one line."""
    return " ".join("".join(pieces).split())[:_MOST_WORDS]


def needs_name(tag: str, attributes: Attributes) -> bool:
    """Tell whether an element has a role that must have a name, and no other way to one than those of all elements."""
    role = (attributes.get("role") or "").strip().lower()
    return tag not in _NAMED_OTHERWISE and role in _CALLED_BY_CONTENT | _CALLED_BY_AUTHOR


@dataclass(slots=True)
class Names:
    """What was heard of names so far; `finish` puts together what could be known at the end alone."""

    controls: list[Control] = field(default_factory=list)
    nameless_images: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    uncaptioned: list[str] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=dict)
    _asked: list[Asked] = field(default_factory=list)
    _perhaps: list[tuple[str, Attributes, bool]] = field(default_factory=list)
    _films: list[tuple[str, int]] = field(default_factory=list)

    def begin(self, frame: Frame) -> None:
        """Hear that an element begins."""
        tag, attributes = frame.tag, frame.attributes
        if tag in _CONTROLS:
            own = frame.words if tag == "button" and frame.words is not None else []
            self._asked.append(Asked(tag=tag, attributes=attributes, within=frame.label, words=own))
        elif tag in ("img", "area"):
            self._image(frame)
        elif tag == "iframe" and not frame.hidden and not frame.silent:
            self._perhaps.append(("iframe", attributes, False))
        if tag == "label" and frame.words is not None and (name := attributes.get("for")):
            self.labels[name] = frame.words
        if frame.film is not None and tag == "track":
            kind = (attributes.get("kind") or "").strip().lower()
            frame.film.captioned = frame.film.captioned or kind in _CAPTIONS
        elif frame.film is not None and tag == "source" and not frame.film.source:
            frame.film.source = attributes.get("src") or ""

    def end(self, frame: Frame, above: Frame, words: str, place: int) -> None:
        """Hear that an element ends, with its words; `place` says how much text of the page came before."""
        tag, attributes = frame.tag, frame.attributes
        role = (attributes.get("role") or "").strip().lower()
        quiet = frame.hidden or frame.silent
        if tag == "video" and not (quiet or frame.captioned or _is_without_sound(attributes)):
            self._films.append((attributes.get("src") or frame.source, place))
        if needs_name(tag, attributes) and not quiet:
            by_content = role in _CALLED_BY_CONTENT and (words or frame.called)
            drawn = tag == "svg" and frame.called
            self._perhaps.append((_shown(tag, attributes), attributes, bool(by_content or drawn)))
        elif tag == "button" and not quiet:
            self._perhaps.append(("button", attributes, bool(words or frame.called)))
        elif tag == "a" and (attributes.get("href") is not None) and not quiet:
            self._perhaps.append((f"a href={attributes['href']}", attributes, bool(words or frame.called)))
        own = bool((attributes.get("aria-label") or "").strip() or (attributes.get("title") or "").strip())
        above.called = above.called or frame.called or own

    def finish(self, ids: Container[str], text: Sequence[str]) -> None:
        """Put names to everything: their label may have come later."""
        self.controls += [_control_of(one, self.labels, ids) for one in self._asked]
        self.unnamed += [
            shown for shown, attributes, named in self._perhaps if not (named or _is_labelled(attributes, ids))
        ]
        for address, place in self._films:
            around = said(text[max(0, place - _NEAR) : place + _NEAR])
            self.uncaptioned.extend([] if _WITHOUT_SOUND.search(around) else [address])

    def _image(self, frame: Frame) -> None:
        attributes = frame.attributes
        silent = attributes.get("role") in ("presentation", "none") or frame.silent
        needed = frame.tag == "img" or "href" in attributes
        named = any((attributes.get(name) or "").strip() for name in ("aria-label", "aria-labelledby", "title"))
        if needed and "alt" not in attributes and not silent and not named:
            self.nameless_images.append(attributes.get("src") or attributes.get("href") or "")


def _is_without_sound(attributes: Attributes) -> bool:
    called = f"{attributes.get('aria-label') or ''} {attributes.get('title') or ''}"
    return "muted" in attributes or _WITHOUT_SOUND.search(called) is not None


def _shown(tag: str, attributes: Attributes) -> str:
    called = f" id={attributes['id']}" if attributes.get("id") else ""
    return f"{tag} role={attributes.get('role')}{called}"


def _is_labelled(attributes: Attributes, ids: Container[str]) -> bool:
    """Tell whether an element is called by one of its attributes."""
    if any((attributes.get(name) or "").strip() for name in ("aria-label", "title")):
        return True
    return any(one in ids for one in (attributes.get("aria-labelledby") or "").split())


def _control_of(asked: Asked, labels: Mapping[str, list[str]], ids: Container[str]) -> Control:
    """Return a control with its name; `labels` are the words of labels by the id that they are for."""
    attributes = asked.attributes
    kind = (attributes.get("type") or "").lower()
    name = attributes.get("id") or ""
    parts = ["".join(asked.words), attributes.get("aria-label") or "", attributes.get("title") or ""]
    parts += ["".join(labels.get(name, ())), "".join(asked.within or ()), attributes.get("alt") or ""]
    parts += [attributes.get("value") or ""] if kind in _CALLED_AS_THEIR_VALUE else []
    parts += [one for one in (attributes.get("aria-labelledby") or "").split() if one in ids]
    words = said(" ".join(filter(None, parts)))
    return Control(tag=asked.tag, type=kind, id=name, name=attributes.get("name") or "", words=words)
