"""Bring the catalogues of messages up to date with the sources: `scripts/catalogues`. With `--check`, only say what is missing.

A message is the first argument of a call of `t`, or a help text of the command line, or a word of the library that reads it.
"""

from __future__ import annotations

import datetime as dt
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from review.cli import app

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "review/locale"
SOURCE, TRANSLATION = "en", "zh"
DAY = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
"""What the files say of their date: history is git's matter."""


def wanted() -> set[str]:
    """Return every message there is."""
    found = set(_help(typer.main.get_command(app)))
    for path in sorted((ROOT / "review").rglob("*.py")):
        found.update(_literals(path, {"t": (1,)}))
    found.update(_literals(Path(typer.core.__file__), {"_": (1,)}))
    return found - {""}


def _help(command: Any) -> Iterator[str]:
    yield command.help or ""
    for parameter in command.params:
        yield getattr(parameter, "help", "") or ""
    for below in getattr(command, "commands", {}).values():
        yield from _help(below)


def _literals(path: Path, keywords: dict[str, tuple[int, ...]]) -> Iterator[str]:
    with path.open("rb") as file:
        for _, message, _, _ in extract("python", file, keywords=keywords):
            yield message if isinstance(message, str) else message[0]


def fields(text: str) -> set[str]:
    """Return the names that a template wants filled in."""
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def read(language: str) -> dict[str, str]:
    """Return what a catalogue has: message to its words."""
    path = place(language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string and not one.fuzzy}


def place(language: str) -> Path:
    """Return where a catalogue lies."""
    return LOCALE / language / "LC_MESSAGES/qianfa.po"


def problems() -> Iterator[str]:
    """Yield what is wrong with the catalogues."""
    messages = wanted()
    for language in (SOURCE, TRANSLATION):
        there = read(language)
        yield from (f"{language}: missing: {one}" for one in sorted(messages - there.keys()))
        yield from (f"{language}: no longer used: {one}" for one in sorted(there.keys() - messages))
        yield from (
            f"{language}: other fields: {one}"
            for one in sorted(messages & there.keys())
            if fields(one) != fields(there[one])
        )


def update() -> None:
    """Write both catalogues anew: what was translated stays, what is new stands empty in the translation."""
    messages = wanted()
    for language in (SOURCE, TRANSLATION):
        there = read(language)
        catalogue = Catalog(locale=language, domain="qianfa", project="Qianfa", charset="utf-8", fuzzy=False)
        catalogue.header_comment = "# The messages of Qianfa. Made by scripts/catalogues; the words are people's."
        catalogue.creation_date = catalogue.revision_date = DAY
        catalogue.last_translator, catalogue.language_team = "Qianfa", "Qianfa"
        catalogue.msgid_bugs_address, catalogue.copyright_holder = "Qianfa", "Qianfa"
        for message in messages:
            catalogue.add(message, message if language == SOURCE else there.get(message, ""), flags=())
        out = io.BytesIO()
        write_po(out, catalogue, width=0, sort_output=True)
        place(language).parent.mkdir(parents=True, exist_ok=True)
        place(language).write_bytes(out.getvalue())


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        update()
    found = list(problems())
    print("\n".join(found) or "both catalogues are complete")
    sys.exit(1 if found else 0)
