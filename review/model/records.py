"""A record: the header of an item and the sign-offs that mirror its statements."""

from __future__ import annotations

from dataclasses import dataclass

from review.model.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything of a record but its sign-offs, as values of the format's page.

    `raw` holds the mapping as written (it is what the manifest covers); the other fields are its reading.
    The policy's header has no unit. Dates and instants are texts in the format's spelling; empty where not given.
    """

    raw: dict[str, str]
    kind: str
    unit: str
    classified: bool
    submitted: str
    planned: str = ""
    expires: str = ""
    major: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A parsed record. Its entries leave out the site, so the site of these statements means nothing: see `mirror`."""

    header: Header
    sign_offs: tuple[Statement, ...]
