"""A page on the terminal: headings, indented text, rendered Markdown; plain text off it. Nothing on it steers the terminal."""

from __future__ import annotations

import os
import sys
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import ImageItem, Markdown
from rich.padding import Padding
from rich.text import Text

from review.cli.language import told
from review.cli.screen import safe, say

Block: TypeAlias = str | Text | Padding
_INDENT = 2


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
            self._console.print(Padding(Text(said[indent:]), (0, 0, 0, indent), expand=False))
        else:
            self._console.print(block, soft_wrap=isinstance(block, Text) and block.no_wrap is True)

    def heading(self, words: str) -> Text:
        """Return a heading, with an empty line before it."""
        return Text("\n").append(safe(told(words)), style="bold" if self.coloured else "")

    def unbroken(self, words: str) -> Text:
        """Return a line that people copy, such as a path or a command, which no line end may break."""
        return Text(safe(told(words)), no_wrap=True, overflow="ignore")

    def strong(self, words: str) -> Text:
        """Return words that stand out."""
        return Text(safe(words), style="bold" if self.coloured else "")

    def indented(self, block: Text | Markdown) -> Padding:
        """Return a block with an indent. A text must be safe."""
        return Padding(block, (0, 0, 0, _INDENT))


def markdown(text: str) -> Markdown:
    """Return Markdown as a terminal can show it. What pages would hide, such as HTML and where a link leads, is there to read."""
    shown = _Shown("", hyperlinks=False)
    shown.parsed = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).parse(text)
    for token in shown.parsed:
        _tame(token)
    return shown


def _tame(token: Token) -> None:
    """Make what a token holds safe: as entities, characters get past whoever looks at the source alone."""
    token.content = safe(token.content)
    token.attrs = {name: safe(value) if isinstance(value, str) else value for name, value in token.attrs.items()}
    for child in token.children or ():
        _tame(child)


class _Image(ImageItem):
    """A picture: its words, and its file."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what stands for the picture."""
        yield Text(f"[{self.text.plain}: {self.destination}]" if self.text.plain else f"[{self.destination}]")


class _Shown(Markdown):
    elements = {**Markdown.elements, "image": _Image}  # noqa: RUF012  # as the library has it


def _plain(block: Block) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, Padding):
        inner = block.renderable
        lines = inner.plain if isinstance(inner, Text) else str(inner)
        return "\n".join(" " * _INDENT + line if line else "" for line in lines.split("\n"))
    return block.plain
