"""Text for people that another language can say later: an English template, and what goes into it. Pure data."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping

_BARE = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""Words that no shell takes for more than they are: letters and digits of every script, and marks that say nothing to it."""


class Message(str):
    """A text in English that remembers how it was made.

    It is its English text wherever a string is wanted: in reports for programs, in comparisons, in tests. Whoever shows it to
    people may translate `template` and fill in `values`, which may be messages themselves.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str | int]

    def __new__(cls, template: str, values: Mapping[str, str | int]) -> Message:
        """Make the text of a template with named fields, as `str.format` fills them."""
        self = super().__new__(cls, template.format_map(values))
        self.template = template
        self.values = values
        return self

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, str | int]]]:
        """Travel to other processes whole."""
        return Message, (self.template, dict(self.values))


class Listing(str):
    """Names in a row, which remembers them: other languages put something else between them."""

    __slots__ = ("between", "names")

    names: tuple[str, ...]
    between: str

    def __new__(cls, names: Iterable[str], between: str) -> Listing:
        """Make the text of names, which may be messages, with what stands between each two."""
        kept = tuple(names)
        self = super().__new__(cls, between.join(kept))
        self.names = kept
        self.between = between
        return self

    def __reduce__(self) -> tuple[type[Listing], tuple[tuple[str, ...], str]]:
        """Travel to other processes whole."""
        return Listing, (self.names, self.between)


def t(template: str, /, **values: object) -> Message:
    """Return a text for people; `template` is in the catalogues of every language, held by a test."""
    return Message(template, {name: one if isinstance(one, str | int) else str(one) for name, one in values.items()})


def listed(names: Iterable[str]) -> str:
    """Return names as a list, `a, b, c`; empty where there is none."""
    return Listing(names, t(", "))


def either(names: Iterable[str]) -> str:
    """Return names as a choice, `a or b or c`; empty where there is none."""
    return Listing(names, t(" or "))


def both(names: Iterable[str]) -> str:
    """Return names that go together, `a and b and c`; empty where there is none."""
    return Listing(names, t(" and "))


def typed(word: str) -> str:
    """Return a word as it is typed in a POSIX shell; every value inside a command that people may copy goes through here.

    Names of files may hold `$(…)`, and a plain name stays as it is.
    """
    return word if _BARE.fullmatch(word) else shlex.quote(word)


def all_typed(words: Iterable[str]) -> str:
    """Return words, such as the paths of several files, as they are typed in a shell, a space between each two."""
    return " ".join(map(typed, words))


def typed_inside(word: str) -> str:
    """Return a word as it is typed where the template has put the single quotes around it already."""
    return word.replace("'", "'\"'\"'")
