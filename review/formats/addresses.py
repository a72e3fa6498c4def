"""Mail addresses to model: a file of `person: address` lines, kept outside the repository. Nobody is written to here."""

from __future__ import annotations

import re

from review.errors import FormatError
from review.formats.strict_yaml import lines_of, load
from review.messages import t

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", re.ASCII
)


def is_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, with nothing around it."""
    return _ADDRESS.fullmatch(text) is not None


def parse_addresses(data: bytes) -> dict[str, str]:
    """Return the addresses by person; `FormatError` with its line for anything else."""
    raw = load(data)
    if not isinstance(raw, dict):
        raise FormatError(t("a mapping was expected"), line=1)
    for person, address in raw.items():
        if not isinstance(address, str) or not is_address(address):
            raise FormatError(
                t("{person} has no proper mail address here", person=person),
                line=lines_of(data).get((person,), 0),
                hint=t("write it plainly: someone@example.org"),
            )
    return {person: address for person, address in raw.items() if isinstance(address, str)}
