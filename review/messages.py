"""Text for people that another language can say later: an English template, and what goes into it. Pure data."""

from __future__ import annotations

from collections.abc import Mapping


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


def t(template: str, /, **values: object) -> Message:
    """Return a text for people; `template` is in the catalogues of every language, held by a test."""
    return Message(template, {name: one if isinstance(one, str | int) else str(one) for name, one in values.items()})
