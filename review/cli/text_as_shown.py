"""A post's text as its page will show it, and what of it the page leaves out, for a signer at a terminal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from review.render.markup import Markup
from review.render.terminal_text import Line, lines_of
from review.render.unseen import unseen

_PATIENCE = 10.0
"""Seconds that a text may take to become a page; some are written so that it takes for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The lines of a page, and the pieces of the source that are not among them."""

    lines: tuple[Line, ...]
    unseen: tuple[str, ...]


class _TooLongError(Exception):
    """It took longer than anybody waits."""


def as_on_the_page(text: str) -> Shown | None:
    """Return a Markdown text as its page will show it; None where that takes too long, and it is to be read as written."""
    with suppress(_TooLongError), _at_most(_PATIENCE):
        lines = lines_of(Markup(()).sanitised(text))
        return Shown(lines=lines, unseen=unseen(text, (line.plain for line in lines)))
    return None


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer, where the system can."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
