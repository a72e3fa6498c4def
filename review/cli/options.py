"""Options that several commands share, and what they mean. No command here."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from review.errors import UnusableSite
from review.messages import t
from review.model.digests import is_digest
from review.model.instants import parse_instant
from review.pipeline import GateOptions

_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""Time zones and tolerances reckon to both sides of an instant; the calendar must not end there."""

Site = Annotated[Path, typer.Option("--site", metavar="DIR", help="The site's folder, the top of its git repository.")]
Trust = Annotated[
    str,
    typer.Option(
        "--trust",
        envvar="QIANFA_TRUST",
        metavar="DIGEST",
        help="The trust pin: manifest digest of a known policy version.",
    ),
]
Previous = Annotated[
    str, typer.Option("--previous", metavar="COMMIT", help="The commit published last; it must be an ancestor.")
]
Now = Annotated[
    str, typer.Option("--now", metavar="INSTANT", help="Judge as of this instant, such as 2026-11-20T10:00:00+08:00.")
]
Key = Annotated[
    str, typer.Option("--key", metavar="FILE", help="The SSH key to sign with; git's user.signingkey if left out.")
]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who signs, where an OpenPGP key does not say.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What the signature says beside yes or no.")]
Revision = Annotated[str, typer.Argument(metavar="[REV]", help="The commit to judge: a branch, tag or id.")]


def instant(text: str) -> dt.datetime:
    """Return the instant an option gives, the present one where it is empty."""
    if not text:
        return dt.datetime.now(dt.UTC)
    try:
        moment = parse_instant(text)
    except (ValueError, OverflowError) as error:
        raise UnusableSite(str(error), where="--now") from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise UnusableSite(
            t("{text} is not of these times", text=text),
            where="--now",
            hint=t("give a year from {first_year} to {last_year}", first_year=_FIRST_YEAR, last_year=_LAST_YEAR),
        )
    return moment


def gate_options(trust: str, previous: str, now: str) -> GateOptions:
    """Return what the options say together; `UnusableSite` for a pin that is no digest."""
    if trust and not is_digest(trust):
        raise UnusableSite(
            t("{trust} is not a manifest digest", trust=repr(trust)),
            where="--trust",
            hint=t("give sha256: and 64 hex digits, as qianfa init printed"),
        )
    return GateOptions(now=instant(now), pin=trust, previous=previous, ci=bool(os.environ.get("CI")))
