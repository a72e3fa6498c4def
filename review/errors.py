"""The one root of every error Qianfa raises on purpose. Fields, not sentences: the command line puts them into words."""

from __future__ import annotations

import re

from review.messages import t

_LINE = re.compile(r"((?::\d+)?):\s*")


def says_place(what: str, where: str) -> bool:
    """Tell whether words begin with this place, alone or with a line: `P: …`, `P:4: …`."""
    return bool(where) and what.startswith(f"{where}:")


def placed(where: str, what: str) -> tuple[str, str]:
    """Return a place, and words that do not begin with it: a line that they name goes with the place."""
    if not says_place(what, where):
        return where, what
    found = _LINE.match(what, len(where))
    return (where + found[1], what[found.end() :]) if found else (where, what)


class QianfaError(Exception):
    """Something a person can set right. Shown as one line: *where: what; what to do now*.

    `where` is a file with its line, an item, an option or a commit; `what` says what is and what was expected;
    `hint` is the next step. `exit_status` is the process's: 2 where command line or repository are not usable,
    1 where the material was judged and refused.
    """

    exit_status = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    @property
    def message(self) -> str:
        """All of it as one message, which another language can say. A place that the words begin with is not said again."""
        if says_place(self.what, self.where):
            return t("{what}; {hint}", what=self.what, hint=self.hint) if self.hint else self.what
        if self.where and self.hint:
            return t("{where}: {what}; {hint}", where=self.where, what=self.what, hint=self.hint)
        if self.where:
            return t("{where}: {what}", where=self.where, what=self.what)
        return t("{what}; {hint}", what=self.what, hint=self.hint) if self.hint else self.what

    def __str__(self) -> str:
        return str(self.message)


class FormatError(QianfaError):
    """Bytes that break the record format. `line` counts from 1; 0 where no line can be named."""

    exit_status = 1

    def __init__(self, what: str, *, where: str = "", line: int = 0, hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.line = line

    def at(self, path: str) -> FormatError:
        """The same error, with the file it was found in."""
        return type(self)(self.what, where=f"{path}:{self.line}" if self.line else path, line=self.line, hint=self.hint)


class SignatureError(QianfaError):
    """A signature that does not hold, and the reason."""

    exit_status = 1


class HistoryError(QianfaError):
    """The repository's objects cannot be trusted or are not all there. `code` is the finding it becomes."""

    exit_status = 1

    def __init__(self, what: str, *, code: str, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.code = code


class UnusableSite(QianfaError):
    """Not a site, no such commit, an option that makes no sense."""


class Refused(QianfaError):
    """An act the gate would refuse; nothing was written."""

    exit_status = 1


class Blocked(QianfaError):
    """The gate found a reason to build nothing at all."""

    exit_status = 1


class Undelivered(QianfaError):
    """The remote could not be reached, or did not take what was sent; what was done here stands."""

    exit_status = 1
