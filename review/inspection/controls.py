"""Give controls the names that readers see or hear of them; a label may stand anywhere on the page."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from review.inspection.records import Control

Attributes: TypeAlias = Mapping[str, str | None]

_CALLED_AS_THEIR_VALUE = frozenset(("submit", "button", "reset"))
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


def is_labelled(attributes: Attributes) -> bool:
    """Tell whether an element is called by one of its attributes."""
    return any((attributes.get(name) or "").strip() for name in ("aria-label", "aria-labelledby", "title"))


def control_of(asked: Asked, labels: Mapping[str, list[str]], ids: Container[str]) -> Control:
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
