"""Answers for programs: frozen values as one JSON object. Same value, same bytes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
"""The version of every kind of document; a change that programs would notice raises it for all."""


def document(kind: str, value: object) -> str:
    """Return a value as a JSON object that begins with its kind and version: `{"queue": 1, …}`.

    Dataclasses are objects with their fields as keys, sorted; texts are in English, whatever the reader's language.
    """
    data = plain(value)
    fields = data if isinstance(data, dict) else {"entries": data}
    return json.dumps({kind: VERSION, **fields}, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def plain(value: object) -> Any:
    """Return dataclasses, mappings and sequences as plain data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
