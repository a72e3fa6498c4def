"""What is known of an element between its beginning and its end: what it inherits, which part of the page it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from review.inspection.element_sets import CODE
from review.inspection.records import Zone

Attributes: TypeAlias = Mapping[str, str | None]

_FOOT = frozenset({"footer", "foot", "bottom", "site-footer"})
_CHOSEN_FROM = frozenset(("select", "textarea", "datalist"))


@dataclass(slots=True, kw_only=True)
class Frame:
    """An element that has begun and not ended.

    `silent` says that who hears the page does not hear of it, `chosen` that its text is what can be chosen or was typed. `called`
    says that something in it has a name of its own, `captioned` that a film has captions, `source` where that lies; `film`
    is the one that this stands in.
    """

    tag: str
    attributes: Attributes
    hidden: bool
    main: bool
    code: bool
    zone: Zone
    drawn: bool = False
    silent: bool = False
    chosen: bool = False
    label: list[str] | None = None
    words: list[str] | None = None
    called: bool = False
    captioned: bool = False
    source: str = ""
    film: Frame | None = None


TOP = Frame(tag="", attributes={}, hidden=False, main=False, code=False, zone=Zone.REST)


def frame_in(above: Frame, tag: str, attributes: Attributes) -> Frame:
    """Return the frame of an element that begins in another."""
    frame = Frame(
        tag=tag,
        attributes=attributes,
        hidden=above.hidden or "hidden" in attributes,
        main=above.main or tag == "main" or attributes.get("role") == "main",
        code=above.code or tag in CODE,
        zone=_zone(tag, attributes, above),
        drawn=above.drawn or tag == "svg",
        silent=above.silent or attributes.get("aria-hidden") == "true",
        chosen=above.chosen or tag in _CHOSEN_FROM,
        label=above.label,
        film=above.film,
    )
    if tag == "video":
        frame.film = frame
    return frame


def _zone(tag: str, attributes: Attributes, above: Frame) -> Zone:
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
