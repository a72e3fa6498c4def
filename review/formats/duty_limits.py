"""The limits of columns that have none of their own: data of this package to model."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from review.errors import FormatError
from review.formats import schema
from review.formats.strict_yaml import load
from review.model.duties import Limit, Limits

_FILE = "duty.yaml"


@cache
def duty_limits() -> Limits:
    """Return the limits that come with the program."""
    return parse_limits(files("review").joinpath("profiles", _FILE).read_bytes())


def parse_limits(data: bytes) -> Limits:
    """Return what a file of limits says; `FormatError` with its line for anything it should not say."""
    try:
        raw = schema.check("duty", load(data), data)
    except FormatError as error:
        raise error.at(_FILE) from None
    return Limits(home=_limit(raw["home"]), limits=tuple(_limit(one) for one in raw["limits"]))


def _limit(raw: dict[str, Any]) -> Limit:
    return Limit(**{**raw, "days": int(raw["days"])})
