"""Addresses of files outside the repository, and whether one lies below a prefix that the policy allows. Asks no server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from review.formats.clean_text import hidden_character

MAX_LENGTH = 2_000
"""Characters of an address."""

_SHAPE = re.compile(r"((?ai:https?))://([^/?#\\@\s]+)(/[^?#\\\s]*)(\?[^#\\\s]*)?")
_HOST = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE | re.ASCII)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_QUERY = re.compile(r"\?[\x21-\x7e]*")
_PORTS = {"http": 80, "https": 443}
_SAFE = "-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAddress:
    """An address taken apart. `path` are the parts between its slashes, decoded; the last is empty where it ends in one."""

    scheme: str
    host: str
    port: int
    path: tuple[str, ...]
    query: str = ""

    @property
    def target(self) -> str:
        """What a server is asked for: path and query, every unusual character escaped once."""
        return "/" + "/".join(quote(part, safe=_SAFE) for part in self.path) + self.query

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.target}"


def parse_address(text: str, *, query: bool = False) -> FileAddress | None:
    """Return an address of a file, or of a folder, that can be read in one way only; None for every other.

    Nobody's name or password stands in it, no `..` in whatever spelling, nothing escaped that would be a slash or an escape
    itself; with `query` it may have a part that begins with a question mark.
    """
    found = _SHAPE.fullmatch(text) if len(text) <= MAX_LENGTH and not hidden_character(text) else None
    place = _HOST.fullmatch(found[2]) if found else None
    if found is None or place is None or (found[4] and not (query and _QUERY.fullmatch(found[4]))):
        return None
    scheme = found[1].lower()
    port = int(place[2] or _PORTS[scheme])
    path = _parts(found[3])
    if path is None or not 0 < port < 1 << 16:
        return None
    return FileAddress(scheme=scheme, host=place[1].lower(), port=port, path=path, query=found[4] or "")


def allowing(address: FileAddress, prefixes: Iterable[str]) -> str:
    """Return the first of these prefixes that a file lies below, empty where there is none. A prefix ends in a slash."""
    for prefix in prefixes:
        above = parse_address(prefix)
        if above is None or above.path[-1]:
            continue
        same = (above.scheme, above.host, above.port) == (address.scheme, address.host, address.port)
        folder = above.path[:-1]
        if same and address.path[: len(folder)] == folder and len(address.path) > len(folder) and address.path[-1]:
            return prefix
    return ""


def _parts(path: str) -> tuple[str, ...] | None:
    """Return the decoded parts of a path, None where one of them could mean something else to another program."""
    if _BAD_ESCAPE.search(path):
        return None
    parts = []
    for written in path[1:].split("/"):
        try:
            part = unquote_to_bytes(written).decode("utf-8")
        except UnicodeDecodeError:
            return None
        # Some servers cut a part at its semicolon, others a dot or blank at its end; all of them may decode twice.
        if part.partition(";")[0] in (".", "..") or part[-1:] in (".", " ") or hidden_character(part):
            return None
        if any(character in part for character in "/\\%"):
            return None
        parts.append(part)
    return None if "" in parts[:-1] else tuple(parts)
