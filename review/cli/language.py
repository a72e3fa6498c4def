"""Say messages in the language of whoever sits at the terminal: gettext catalogues beside the program. No command here."""

from __future__ import annotations

import gettext
import os
import string
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from review.messages import Listing, Message

DOMAIN = "qianfa"
_UNTRANSLATED = "messages"
"""The domain that gettext begins with; nobody has a catalogue of it."""

_MARKS = tuple("，。；：、！？（）《》「」“”")
"""Full-width marks bring their own space."""

_FORMATTER = string.Formatter()
_CHOOSES = ("LC_ALL", "LC_MESSAGES", "LANG")


def speak() -> None:
    """Have gettext use our catalogues, in the language that the environment names (`LC_ALL`, `LC_MESSAGES`, `LANG`).

    `LANGUAGE` goes before them, unless they name the locale `C`, as everywhere with gettext: scripts rely on its English.
    The library that reads the command line asks gettext for its own words, so they come from the same catalogues.
    """
    gettext.bindtextdomain(DOMAIN, str(files("review").joinpath("locale")))
    gettext.textdomain(_UNTRANSLATED if _is_plain() else DOMAIN)
    _translated.cache_clear()


def _is_plain() -> bool:
    chosen = next((os.environ[name] for name in _CHOOSES if os.environ.get(name)), "C")
    return chosen.partition(".")[0] in ("C", "POSIX")


def spoken() -> str:
    """Return the language that messages are said in, as its catalogue is called: `zh`, or `en` where there is no other."""
    found = gettext.find(gettext.textdomain(), gettext.bindtextdomain(DOMAIN))
    return Path(found).parts[-3] if found else "en"


def told(text: str) -> str:
    """Return a message in the reader's language; any other text as it is."""
    if isinstance(text, Listing):
        return told(text.between).join(map(told, text.names))
    if not isinstance(text, Message):
        return text
    values = {name: told(value) if isinstance(value, str) else value for name, value in text.values.items()}
    try:
        return _filled(_translated(text.template), values)
    except (KeyError, IndexError, ValueError):  # a catalogue that somebody else broke is no reason to say nothing
        return str(text)


def _filled(template: str, values: Mapping[str, str | int]) -> str:
    """Fill a template in. Where a value ends or begins with a full-width mark, the one space beside it is one too many."""
    text = template.format_map(values)
    if text.isascii() or template.isascii():
        return text
    parts: list[str] = []
    for literal, name, format_spec, _ in _FORMATTER.parse(template):
        begins_wide = bool(parts) and parts[-1].endswith(_MARKS) and literal.startswith(" ") and literal[1:2] != " "
        parts.append(literal[1:] if begins_wide else literal)
        if name is not None:
            value = format(values[name], format_spec or "")
            if value.startswith(_MARKS) and literal.endswith(" ") and literal[-2:] != "  ":
                parts[-1] = parts[-1].removesuffix(" ")
            parts.append(value)
    return "".join(parts)


def worded(text: str | None) -> str | None:
    """Return a help text in the reader's language; it is its own template."""
    return _translated(text) if text else text


@cache
def _translated(template: str) -> str:
    return gettext.gettext(template)  # which looks for the catalogue's file each time
