"""Say messages in the language of whoever sits at the terminal: gettext catalogues beside the program. No command here."""

from __future__ import annotations

import gettext
from importlib.resources import files

from review.messages import Message

DOMAIN = "qianfa"


def speak() -> None:
    """Have gettext use our catalogues, in the language that the environment names (`LC_ALL`, `LC_MESSAGES`, `LANG`).

    The library that reads the command line asks gettext for its own words, so they come from the same catalogues.
    """
    gettext.bindtextdomain(DOMAIN, str(files("review").joinpath("locale")))
    gettext.textdomain(DOMAIN)


def told(text: str) -> str:
    """Return a message in the reader's language; any other text as it is."""
    if not isinstance(text, Message):
        return text
    values = {name: told(value) if isinstance(value, str) else value for name, value in text.values.items()}
    try:
        return gettext.gettext(text.template).format_map(values)
    except (KeyError, IndexError, ValueError):  # a catalogue that somebody else broke is no reason to say nothing
        return str(text)


def worded(text: str | None) -> str | None:
    """Return a help text in the reader's language; it is its own template."""
    return gettext.gettext(text) if text else text
