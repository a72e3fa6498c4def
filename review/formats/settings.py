"""`qianfa.yaml` to model. The file may be missing; what it leaves out has its default."""

from __future__ import annotations

from review.errors import FormatError
from review.formats import schema
from review.formats.strict_yaml import load
from review.model.settings import Settings

SETTINGS = "qianfa.yaml"


def parse_settings(data: bytes | None) -> Settings:
    """Return what the file says; `FormatError` with its line for anything it should not say. None is no file."""
    if data is None:
        return Settings()
    try:
        raw = schema.check("settings", load(data), data)
    except FormatError as error:
        raise error.at(SETTINGS) from None
    return Settings(
        push=raw.get("push") == "yes",
        remote=raw.get("remote", "origin"),
        due={stage: int(days) for stage, days in raw.get("due", {}).items()},
    )
