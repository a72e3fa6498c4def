"""A page on the terminal: headings, indented text, a text as its page has it; plain off it. Nothing steers the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from review.cli.language import told
from review.cli.lines import breaks, width
from review.cli.screen import safe, say
from review.render.terminal_text import Line

Block: TypeAlias = str | Text | Padding
_INDENT = 2
_NARROWEST = 16
_STYLES = {"": "", "strong": "bold", "emphasis": "italic", "code": "cyan", "gone": "strike"}


class Page:
    """Where blocks are put, one below the other."""

    def __init__(self) -> None:
        out = sys.stdout
        self.terminal = out is not None and out.isatty()
        self._console = Console(highlight=False, markup=False, emoji=False) if self.terminal else None
        dumb = self._console is not None and self._console.is_dumb_terminal
        self.coloured = self.terminal and not dumb and not os.environ.get("NO_COLOR")
        if self._console is not None and not self.coloured:  # neither bold nor underlined, either
            self._console = Console(highlight=False, markup=False, emoji=False, color_system=None)

    def put(self, block: Block) -> None:
        """Print a block."""
        if self._console is None or not block:
            say(_plain(block))
        elif isinstance(block, str):
            said = safe(told(block))
            indent = len(said) - len(said.lstrip(" "))
            self._print(Text(said[indent:]), indent)
        elif isinstance(block, Text):
            self._print(block, 0)
        elif isinstance(block.renderable, Text):
            self._print(block.renderable, _INDENT)

    def _print(self, text: Text, indent: int) -> None:
        """Print a text line by line, as the terminal is wide; it is not padded to the edge."""
        if self._console is None:
            return
        space = " " * indent
        for line in text.split("\n", allow_blank=True):
            parts = [line] if text.no_wrap else line.divide(breaks(line.plain, width() - indent))
            for part in parts:
                part.rstrip()
                out = Text(space if part.plain else "").append_text(part)
                self._console.print(out, soft_wrap=True, no_wrap=True, overflow="ignore", crop=False)

    def heading(self, words: str) -> Text:
        """Return a heading, with an empty line before it."""
        return Text("\n").append(safe(told(words)), style="bold" if self.coloured else "")

    def unbroken(self, words: str) -> Text:
        """Return a line that people copy, such as a path or a command, which no line end may break."""
        return Text(safe(told(words)), no_wrap=True, overflow="ignore")

    def strong(self, words: str) -> Text:
        """Return words that stand out."""
        return Text(safe(words), style="bold" if self.coloured else "")

    def lines(self, lines: Iterable[Line]) -> Iterator[Text]:
        """Yield the lines of a text, indented, each in as many rows as it takes."""
        for line in lines:
            words = Text()
            for part in line.parts:
                words.append(safe(part.text), style=_STYLES[part.style] if self.coloured else "")
            before, mark = " " * _INDENT + safe(line.prefix), safe(line.mark)
            room = max(width() - cell_len(before + mark), _NARROWEST)
            for number, row in enumerate(words.divide(breaks(words.plain, room)) if words.plain else [words]):
                row.rstrip()
                first = Text(before + (" " * cell_len(mark) if number else mark), no_wrap=True)
                yield first.append_text(row) if row.plain or mark else Text("")

    def indented(self, block: Text) -> Padding:
        """Return a block with an indent. A text must be safe."""
        return Padding(block, (0, 0, 0, _INDENT))


def _plain(block: Block) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, Padding):
        inner = block.renderable
        lines = inner.plain if isinstance(inner, Text) else str(inner)
        return "\n".join(" " * _INDENT + line if line else "" for line in lines.split("\n"))
    return block.plain
