"""The notes of an import: what had no place, where it stood and what became of it. Decides nothing, reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.messages import Message, t

Kind: TypeAlias = Literal[
    "encoding",  # the bytes were mended or read in another encoding
    "front-matter",  # it is broken
    "title",  # it came from elsewhere than the front matter, or stood in the text too
    "date",  # it is none
    "key",  # it has no place among ours
    "state",  # a draft, or hidden
    "picture",  # it is not there
    "link",  # it leads nowhere
    "template",  # a tag of another program
    "html",  # pages do not keep it
    "component",  # angle brackets that are no HTML
    "text",  # there is none
    "folder",  # a file or folder that was not read
]

_MAX_WHAT = 300


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Note:
    """One thing to know. `file` is the path in the imported folder; `line` counts from 1, 0 where none can be named."""

    file: str
    line: int
    kind: Kind
    what: str
    action: str


class Notes:
    """The notes of one file while it is imported."""

    __slots__ = ("_found", "file")

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Note] = []

    def add(self, kind: Kind, line: int, what: str, action: str) -> None:
        """Note what stood on a line and what became of it."""
        words = " ".join(what.split())
        if len(words) > _MAX_WHAT:
            words = t("{beginning}… ({count} characters)", beginning=words[:_MAX_WHAT], count=len(words))
        elif isinstance(what, Message) and words == what:
            words = what
        self._found.append(Note(file=self.file, line=line, kind=kind, what=words, action=action))

    def all(self) -> tuple[Note, ...]:
        """Return the notes in the order of their lines."""
        return tuple(sorted(self._found, key=lambda note: note.line))
