"""Text for people that another language can say later: an English template, and what goes into it. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


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
