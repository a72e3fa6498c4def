"""Check the shape of parsed YAML against the JSON Schemas beside this module. Shape only: every rule is the gate's.

A compiled validator answers the common case, a well-formed file, in microseconds; only where it says no does the
`jsonschema` library look again, to say what is wrong and where.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

import fastjsonschema

from review.errors import FormatError
from review.formats.pattern_words import WORDS
from review.formats.strict_yaml import Value, key_lines_of, lines_of
from review.formats.wide_colons import key_before_wide_colon, what_of_wide_colon
from review.messages import listed, t

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_LONGEST = 60
"""Characters of a value that is shown as it is."""

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
    # Imported here: loading it takes as long as all else that a file needs, and only a file that is wrong needs it.
    import jsonschema  # noqa: PLC0415
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    errors = jsonschema.Draft7Validator(_schema(name)).iter_errors(value)
    worst = _of_fitting_type(best_match(islice(errors, _ENOUGH)))
    if worst is None:
        return FormatError(fallback, line=1)
    path = tuple(worst.absolute_path)
    lines = lines_of(source)
    line = next((lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in lines), 1)
    if (odd := _unknown(worst)) and (places := key_lines_of(source)):
        first = min(odd, key=lambda key: places.get((*path, key), line))
        line = places.get((*path, first), line)
    return FormatError(_words(worst), line=line)


def _unknown(error: ValidationError) -> list[str]:
    """Return the keys that a mapping must not have, in its own order."""
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return []
    shape: dict[str, Any] = dict(error.schema) if isinstance(error.schema, dict) else {}
    known, named = shape.get("properties", {}), shape.get("patternProperties", {})
    return [key for key in error.instance if key not in known and not any(re.search(one, key) for one in named)]


def _of_fitting_type(error: ValidationError | None) -> ValidationError | None:
    """Return, of a value that none of several forms allows, what is wrong with it in the one form of its type."""
    fitting = [one for one in error.context if one.validator != "type"] if error and error.validator == "oneOf" else []
    return fitting[0] if fitting else error


def _words(error: ValidationError) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    return t("{place}: {what}", place=place, what=_what(error)) if place else _what(error)


def _what(error: ValidationError) -> str:
    """Say what is wrong with a value, not where it stands."""
    expected: Any = error.validator_value
    instance: Any = error.instance
    shown = repr(instance) if len(repr(instance)) <= _LONGEST else t("the value")
    match error.validator:
        case "required":
            return t("{name} is a required property", name=error.message.partition(" is a required ")[0])
        case "additionalProperties":
            shape: dict[str, Any] = dict(error.schema) if isinstance(error.schema, dict) else {}
            known: dict[str, Any] = shape.get("properties", {})
            unknown = _unknown(error)
            if named := shape.get("patternProperties", {}):
                return _unlike(repr(unknown[0]) if unknown else shown, next(iter(named)))
            if unknown and (near := difflib.get_close_matches(unknown[0].lower(), known, n=1)):
                return t("unknown key {key}; did you mean {near}?", key=repr(unknown[0]), near=near[0])
            keys, all_known = listed(map(repr, unknown[:5])), listed(sorted(known))
            return t("unknown key {keys}; known are {known}", keys=keys, known=all_known)
        case "enum":
            return t("{value} is not one of {known}", value=shown, known=listed(expected))
        case "pattern":
            return _unlike(shown, str(expected))
        case "type":
            if isinstance(instance, str) and (key := key_before_wide_colon(instance)):
                return what_of_wide_colon(key)
            return _of_type(shown, str(expected))
        case "uniqueItems":
            return t("the same entry stands here twice")
        case "minItems" | "minLength":
            return t("{value} should be non-empty", value=repr(instance))
        case "maxLength":
            return t("{value} is too long", value=repr(instance))
        case "dependencies":
            needed, _, field = error.message.partition(" is a dependency of ")
            return t("{needed} is a dependency of {field}", needed=needed, field=field)
    return error.message


def _unlike(shown: str, pattern: str) -> str:
    """Say that a value is not spelled as a pattern wants it, and how it would be."""
    return t("{value} is not what belongs here: {expected}", value=shown, expected=WORDS[pattern])


def _of_type(shown: str, expected: str) -> str:
    match expected:
        case "array":
            return t("{value} is not a list", value=shown)
        case "object":
            return t("{value} is not a mapping", value=shown)
        case "string":
            return t("{value} is not a text", value=shown)
    return t("{value} is not of the type {type}", value=shown, type=expected)
