"""Lay out help pages where characters may be two columns wide, as Chinese ones are. Knows no command and no message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import typer
from typer._click.formatting import HelpFormatter

from review.cli.language import told, worded
from review.messages import t

HELP_OPTION = t("Show this message and exit.")
"""What the library says of `--help` in English only; the page looks it up, as all it shows."""

_OPENING, _CLOSING = "（《「『“", "，。；：、！？）》」』”…"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECES = re.compile(rf"\s+|[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*")
"""Words, spaces, and wide characters, with the marks that stay with them: no line begins with a full stop."""


class _Pages(HelpFormatter):
    """The library's pages; lines end where the terminal's do, and its own words are in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix=told(t("Usage: ")) if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(told(t("{heading}:", heading=heading)) + "\n")

    def write_text(self, text: str) -> None:
        if text.isascii():
            super().write_text(text)
            return
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            whole = paragraph.removeprefix("\b\n")
            lines = [whole] if whole != paragraph else folded(paragraph, self.width - self.current_indent)
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = [(first, worded(second) or "") for first, second in rows]
        if all(second.isascii() for _, second in rows):
            super().write_dl(rows, col_max, col_spacing)
            return
        first_column = min(max(columns(first) for first, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for first, second in rows:
            lines = folded(second, max(self.width - first_column - 2, 10))
            if columns(first) > first_column - col_spacing:
                lines.insert(0, "")
            for number, line in enumerate(lines or [""]):
                head = "" if number else first
                self.write(f"{indent}{head}{' ' * (first_column - columns(head))}{line}".rstrip() + "\n")


class HelpContext(typer.Context):
    """The library's context, only that its help pages are ours."""

    formatter_class = _Pages


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) + sum(1 for character in text if unicodedata.east_asian_width(character) in "WF")


def folded(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns; only a word that is longer stands out."""
    return list(_folded(" ".join(text.split()), width))


def _folded(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _PIECES.findall(text):
        wide = columns(piece)
        if used + wide > width and line.strip() and not piece.isspace():
            yield line.rstrip()
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + wide
    if line.strip():
        yield line.rstrip()
