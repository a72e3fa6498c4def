"""Ask whoever sits at the terminal: for a line, for one of several, for yes or no; and open their editor. No command here."""

from __future__ import annotations

import codecs
import locale
import os
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import typer

from review.cli.language import told
from review.cli.screen import safe
from review.errors import QianfaError
from review.formats.clean_text import clean_line
from review.messages import t

_YES = frozenset({"y", "yes", "是", "要", "对"})
_NO = frozenset({"n", "no", "否", "不", "不是", "没有"})
_LEFT = 999
"""Answers that cannot be taken before we give up: a program may sit there, not a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several: its id, the words for it, and how deep it stands in a tree. Without `open` it is only shown."""

    id: str
    words: str
    depth: int = 0
    open: bool = True


def at_terminal() -> bool:
    """Tell whether a person can be asked: what they type comes from a terminal, and what is said goes to one."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str, *, default: str = "", check: Callable[[str], str] = str) -> str:
    """Return the answer to a question, the default where it is empty. Where `check` raises, it is asked again."""
    for _ in range(_LEFT):
        _tell(told(t("{question} [{default}]", question=question, default=default)) if default else told(question))
        typed = clean_line(_read())
        try:
            return check(typed or default)
        except QianfaError as error:
            _tell("  " + told(error.message))
    raise typer.Abort


def ask_yes(question: str, *, default: bool | None = None) -> bool:
    """Return whether the answer is yes; without a default nothing but yes or no will do."""
    hint = told({True: t("[Y/n]"), False: t("[y/N]"), None: t("[y/n]")}[default])
    for _ in range(_LEFT):
        _tell(f"{told(question)} {hint}")
        typed = unicodedata.normalize("NFKC", clean_line(_read())).casefold()
        if typed in _YES:
            return True
        if typed in _NO:
            return False
        if not typed and default is not None:
            return default
        _tell("  " + told(t("answer yes or no")))
    raise typer.Abort


def choose(heading: str, question: str, choices: Sequence[Choice], *, default: str = "") -> str:
    """Return the id of what is chosen: by its number, its id, or a part of its words that no other has.

    Where there is only one, nobody is asked.
    """
    open_ones = [one for one in choices if one.open]
    if len(open_ones) == 1:
        return open_ones[0].id
    _tell(told(heading))
    number, width = 0, len(str(len(open_ones)))
    for one in choices:
        number += one.open
        mark = str(number) if one.open else ""
        words = f"{told(one.words)}  {one.id}" if one.open and one.words != one.id else told(one.words)
        _tell(f"  {mark:>{width}} {'  ' * one.depth}{words}")
    return ask(question, default=default, check=lambda typed: chosen(typed, open_ones))


def chosen(typed: str, choices: Sequence[Choice]) -> str:
    """Return the id of what somebody means; `QianfaError` where that is none or several."""
    typed = unicodedata.normalize("NFKC", typed)  # Chinese keyboards type ３ as readily as 3
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(choices):
        return choices[int(typed) - 1].id
    exact = [one.id for one in choices if typed in (one.id, one.words)]
    if len(exact) == 1:
        return exact[0]
    folded = typed.casefold()
    near = [one.id for one in choices if folded and (folded in one.words.casefold() or folded in one.id)]
    if len(near) == 1:
        return near[0]
    if near:
        raise QianfaError(t("that could be {near}", near=", ".join(near)), hint=t("give its number"))
    raise QianfaError(t("there is no such choice"), hint=t("give a number, an id or a part of the title"))


def edit(path: Path) -> bool:
    """Open the person's editor on a file and wait until they are done. False where none is set or it did not work."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    with suppress(ValueError, OSError):
        command = shlex.split(named)
        if command:
            return subprocess.run([*command, str(path)], check=False).returncode == 0
    return False


def no_editor(path: Path) -> str:
    """Return what to say where `edit` did not work."""
    return t("no editor opened: open {path} yourself, or set EDITOR", path=str(path))


def _locale_is_there() -> bool:
    """Tell whether the system knows the locale that the environment names; else readline drops all that is not ASCII."""
    with suppress(LookupError):
        return codecs.lookup(locale.nl_langinfo(locale.CODESET)).name != "ascii"
    return False


def _tell(text: str) -> None:
    print(safe(text), file=sys.stderr, flush=True)  # noqa: T201  # standard output is for what the command finds


def _read() -> str:
    """Return a line that is typed; Ctrl-C and the end of input stop the command."""
    if _locale_is_there():
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415  # lets people correct Chinese characters as a whole
    try:
        if sys.stdout is not None and sys.stdout.isatty():
            return input("> ")
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
    except EOFError:
        raise typer.Abort from None
    if not line:
        raise typer.Abort
    return line
