"""What people see on a terminal: progress while it works, and only there; errors in one line. Standard output stays clean."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from review.cli.language import told
from review.errors import QianfaError
from review.formats.documents import document
from review.messages import t
from review.pipeline import Progress as Report
from review.pipeline import silent

_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
_STEPS = {
    "commits": t("reading commits"),
    "files": t("reading files"),
    "signatures": t("verifying signatures"),
    "items": t("judging items"),
    "render": t("rendering pages"),
}
_ON_THE_WAY = re.compile(r"\.(.+)-[a-z0-9_]{8}")
_CUT = 40
PATIENCE = 0.8
"""Seconds that nobody minds waiting in the dark."""


@dataclass(slots=True)
class _Output:
    """What went to standard output so far: whether a text for programs did."""

    handed_over: bool = False


_OUTPUT = _Output()


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Why a command ended otherwise than wanted, for programs: the fields of the error, and the exit status."""

    what: str
    where: str
    hint: str
    status: int


@contextmanager
def progress() -> Iterator[Report]:
    """Show how far the work is, on standard error, where that is a terminal that may be steered and it takes a while."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal or console.no_color:
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    tasks: dict[str, TaskID] = {}
    begun, over = time.monotonic(), False

    def show(step: str, done: int, total: int) -> None:
        nonlocal over
        if step == "done":
            over = True
            bar.stop()
            return
        if not over and not bar.live.is_started and time.monotonic() - begun > PATIENCE:
            bar.start()
        if step not in tasks:
            for earlier in tasks.values():
                bar.update(earlier, visible=False)
            tasks[step] = bar.add_task(told(_STEPS.get(step, step)), total=total or None)
        bar.update(tasks[step], completed=done, total=total or None)

    try:
        yield show
    finally:
        bar.stop()


def safe(text: str) -> str:
    """Return text without anything that could steer a terminal: file names and notes come from anybody.

    Escaped as JSON escapes it, so that JSON stays what it is.
    """
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(
        character if unicodedata.category(character) not in _STEERING else json.dumps(character)[1:-1]
        for character in line
    )


def forget_output() -> None:
    """Begin anew: nothing went to standard output yet."""
    _OUTPUT.handed_over = False


def complain_to_program(error: QianfaError, status: int) -> None:
    """Say an error as the one JSON object on standard output, unless a program was handed its answer already."""
    if not _OUTPUT.handed_over:
        told_of = Complaint(what=error.what, where=error.where, hint=error.hint, status=status)
        hand_over(document("error", told_of))


def complain(error: QianfaError) -> None:
    """Say an error in one line on standard error."""
    line = safe(f"qianfa: {told(error.message)}").replace("\n", " ")
    print(line, file=sys.stderr)  # noqa: T201  # the one place that speaks of errors


def meant_file(name: str) -> str:
    """Return the file that a file on the way to it stands for: `.a.md-t114pfis` is written first, and renamed to `a.md`."""
    folder, slash, last = name.rpartition("/")
    found = _ON_THE_WAY.fullmatch(last)
    if not found:
        return name
    return f"{folder}{slash}{found[1]}{'…' if len(found[1]) == _CUT else ''}"


def say(text: str = "", *, at_once: bool = False) -> None:
    """Print to standard output; `at_once` where whoever reads a pipe must not wait for more."""
    print(safe(told(text)), flush=at_once)  # noqa: T201  # the one place that prints


def hand_over(text: str, *, line_end: str = "\n") -> None:
    """Write a text for programs to standard output: UTF-8, whatever the terminal's encoding, with these line ends."""
    if sys.stdout is not None:
        _OUTPUT.handed_over = True
        sys.stdout.flush()
        sys.stdout.buffer.write(safe(text).replace("\n", line_end).encode())


def answer(kind: str, value: object, text: Callable[[], str], *, json: bool) -> None:
    """Print what a command found: as one JSON object of this kind where `json` is wanted, else as text for people."""
    if json:
        hand_over(document(kind, value))
    else:
        say(told(text()).rstrip("\n"))
