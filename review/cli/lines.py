"""Lay out text for a terminal, Chinese at its double width: paragraphs, listings. Off a terminal nothing is broken."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from review.cli.language import told
from review.cli.screen import safe
from review.messages import listed, t
from review.views.names import Someone

_NARROWEST = 40
_GAP = "  "
_PIECE = re.compile(r"^ +|\S *")
_OPENING = frozenset("([{（《〈「『【〔“‘")
_CLOSING = frozenset(")]}）》〉」』】〕”’，。；：、！？…,.;:!?%")


def width() -> int:
    """Return how many columns there are to write in; 0 where it is no terminal, and lines may be as long as they are."""
    if sys.stdout is None or not sys.stdout.isatty():
        return 0
    return max(_NARROWEST, shutil.get_terminal_size().columns)


def one_line(text: str) -> str:
    """Return a text as one line that steers no terminal."""
    return safe(told(text)).replace("\n", "\\n")


def paragraph(text: str, *, indent: int = 0) -> Iterator[str]:
    """Yield a text as lines within the terminal's width, all of them indented."""
    said, space = one_line(text), " " * indent
    if not width() or cell_len(said) + indent <= width():
        yield space + said
        return
    begin = 0
    for end in (*breaks(said, width() - indent), len(said)):
        yield space + said[begin:end].strip(" ")
        begin = end


def breaks(text: str, room: int) -> list[int]:
    """Return where the second line of a text begins, and each after it, so that no line takes more than `room` columns.

    A line ends at a blank or beside a Chinese character; never inside a word, an id or a path however long, before a mark
    that closes or after one that opens.
    """
    found: list[int] = []
    begin = place = taken = 0
    for piece in _pieces(text):
        if taken + cell_len(piece.rstrip(" ")) > room and not text[begin:place].isspace() and place > begin:
            found.append(place)
            begin, taken = place, 0
        place += len(piece)
        taken += cell_len(piece)
    return found


def _pieces(text: str) -> Iterator[str]:
    """Yield what stays together, with the blanks after it."""
    kept = ""
    for match in _PIECE.finditer(text):
        piece = match[0]
        if kept and kept[-1] not in _OPENING and piece[0] not in _CLOSING:
            if kept[-1] == " " or _is_wide(kept[-1]) or _is_wide(piece[0]):
                yield kept
                kept = ""
        elif kept and kept[-1] == " ":
            yield kept
            kept = ""
        kept += piece
    if kept:
        yield kept


def _is_wide(character: str) -> bool:
    return cell_len(character) > 1


def unbroken(text: str, *, indent: int = 0) -> str:
    """Return a text that people copy, such as a path or a command, as one line however long."""
    return " " * indent + one_line(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a listing: cells that stay together, and groups of cells that may come below them."""

    cells: Sequence[str]
    below: Sequence[Sequence[str]]


def listing(headings: Sequence[str], entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a table as lines. Where a terminal is too narrow for it, each entry takes several lines, and no heading."""
    plain = [
        Entry([one_line(cell) for cell in one.cells], [[one_line(cell) for cell in group] for group in one.below])
        for one in entries
    ]
    rows = [[one_line(heading) for heading in headings]]
    rows += [[*one.cells, *(cell for group in one.below for cell in group)] for one in plain]
    whole = list(_aligned(rows))
    if not width() or max(map(cell_len, whole)) <= width():
        yield from whole
        return
    indent = max(cell_len(one.cells[0]) for one in plain) + len(_GAP)
    for head, one in zip(_aligned([one.cells for one in plain]), plain, strict=True):
        yield from paragraph(head)
        for group in one.below:
            if said := _GAP.join(cell for cell in group if cell):
                yield unbroken(said, indent=indent)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield _GAP.join(cell + " " * (widths[place] - cell_len(cell)) for place, cell in enumerate(row)).rstrip()


def called(person: Someone) -> str:
    """Return a person as people recognise them: id and name."""
    return t("{id} ({name})", id=person.id, name=person.name) if person.name else person.id


def calling(people: Iterable[Someone]) -> str:
    """Return several people in one line."""
    return told(listed(called(one) for one in people))


def when(instant: str) -> str:
    """Return an instant as people read it: day and minute."""
    return f"{instant[:10]} {instant[11:16]}" if len(instant) > 16 else instant


def by_day(due: str) -> str:
    """Return when something is due: the day alone where it is due at its end."""
    return due[:10] if due[11:19] == "23:59:59" else when(due)
