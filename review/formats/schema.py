"""Check the shape of parsed YAML against the JSON Schemas beside this module. Shape only: every rule is the gate's.

A compiled validator answers the common case, a well-formed file, in microseconds; only where it says no does the
`jsonschema` library look again, to say what is wrong and where.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import fastjsonschema
import jsonschema
from jsonschema.exceptions import ValidationError, best_match

from review.errors import FormatError
from review.formats.strict_yaml import Value, lines_of
from review.messages import t

_ENOUGH = 20
"""Errors to choose the most telling one from; a file may be wrong in a hundred thousand places."""


@cache
def _schema(name: str) -> dict[str, Any]:
    text = files("review.formats").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _compiled(name: str) -> Callable[[Any], Any]:
    compiled: Callable[[Any], Any] = fastjsonschema.compile(_schema(name), use_default=False)
    return compiled


def check(name: str, value: Value, source: bytes) -> dict[str, Any]:
    """Return `value`, known to have the shape `name`; `FormatError` with the line in `source` otherwise."""
    try:
        _compiled(name)(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise _explained(name, value, source, str(error)) from None
    if not isinstance(value, dict):
        raise FormatError(t("a mapping was expected"), line=1)
    return value


def _explained(name: str, value: Value, source: bytes, fallback: str) -> FormatError:
    errors = jsonschema.Draft7Validator(_schema(name)).iter_errors(value)
    worst = best_match(islice(errors, _ENOUGH))
    if worst is None:
        return FormatError(fallback, line=1)
    path = tuple(worst.absolute_path)
    lines = lines_of(source)
    line = next((lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in lines), 1)
    return FormatError(_words(worst), line=line)


def _words(error: ValidationError) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    at = f"{place}: " if place else ""
    expected: Any = error.validator_value
    instance: Any = error.instance
    known: dict[str, Any] = dict(error.schema).get("properties", {}) if isinstance(error.schema, dict) else {}
    shown = repr(error.instance) if len(repr(error.instance)) <= 60 else "the value"
    match error.validator:
        case "required":
            return f"{at}{error.message}"
        case "additionalProperties":
            unknown = sorted(set(instance) - set(known)) if isinstance(instance, dict) else []
            return f"{at}unknown key {', '.join(map(repr, unknown[:5]))}; known are {', '.join(sorted(known))}"
        case "enum":
            return f"{at}{shown} is not one of {', '.join(expected)}"
        case "pattern":
            return f"{at}{shown} is not spelled as this field must be ({expected})"
        case "type":
            kinds = {"array": "a list", "object": "a mapping", "string": "a text"}
            return f"{at}{shown} is not {kinds.get(str(expected), expected)}"
        case "uniqueItems":
            return f"{at}the same entry stands here twice"
    return f"{at}{error.message}"
