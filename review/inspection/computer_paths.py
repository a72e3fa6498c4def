"""Know the paths of somebody's computer or of an office's server in a text: they tell names, and how files are kept."""

from __future__ import annotations

import re

_PART = r"[^\s\\/:*?\"'<>|]"
_ANYWHERE = (
    rf"(?<![A-Za-z])[A-Za-z]:[\\/](?!/){_PART}+(?:[\\/]{_PART}+){{0,20}}"
    rf"|(?<![A-Za-z0-9_\\])(?<!https:)(?<!http:)\\\\[A-Za-z0-9_.$-]{{2,60}}\\{_PART}+"
    r"|(?i:file:)[\\/]{2}[^\s\"'<>]+"
)
_IN_ADDRESS = re.compile(_ANYWHERE)
_IN_TEXT = re.compile(rf"{_ANYWHERE}|(?<![\w.-])/(?:Users|home)/[\w.-]+/[^\s\"'<>]+")
_LONGEST = 120


def paths_in(text: str, *, addresses: bool = False) -> list[str]:
    """Return every path of a computer that a text names: of Windows, of a share (`\\\\server\\share`), file://, a home folder.

    Of web `addresses` the folders `/home/` and `/Users/` are the site's own.
    """
    pattern = _IN_ADDRESS if addresses else _IN_TEXT
    return [found[0][:_LONGEST] for found in pattern.finditer(text)]


def path_in(text: str, *, addresses: bool = False) -> str:
    """Return the first of them; empty where there is none."""
    found = (_IN_ADDRESS if addresses else _IN_TEXT).search(text)
    return found[0][:_LONGEST] if found else ""
