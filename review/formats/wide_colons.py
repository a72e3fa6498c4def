"""The full-width colon after a key, as Chinese keyboards type it, which neither meta lines nor YAML know: found, and told."""

from __future__ import annotations

import re

from review.messages import Message, t

_KEY = re.compile(r"(?P<before>\s*(?:-\s+)?)(?P<key>[A-Za-z][A-Za-z0-9_-]{0,63})[ \t]{0,9}：(?P<value>.*)")


def key_before_wide_colon(line: str) -> str:
    """Return the key that a line begins with, indented or not, where a full-width colon comes after it; else nothing."""
    found = _KEY.match(line)
    return found["key"] if found else ""


def divided_at_wide_colon(line: str) -> tuple[str, str]:
    """Return key and value of a line that is not indented and has a full-width colon after its key; else nothing twice."""
    found = _KEY.match(line)
    return (found["key"], found["value"].strip()) if found and not found["before"] else ("", "")


def what_of_wide_colon(key: str) -> Message:
    """Say what is wrong with such a line."""
    return t("the colon after {key} is a full-width one (：); write an ordinary colon and a blank", key=key)
