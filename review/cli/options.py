"""Options that several commands share, and what they mean. No command here."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from review.errors import UnusableSite
from review.formats.library_words import of_error
from review.history.repository import work_tree_around
from review.messages import t
from review.model.digests import is_digest
from review.model.instants import parse_date, parse_instant
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
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object, for programs.")]
Key = Annotated[
    str, typer.Option("--key", metavar="FILE", help="The SSH key to sign with; git's user.signingkey if left out.")
]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who signs, where the key does not say.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What the signature says beside yes or no.")]
Push = Annotated[
    bool | None,
    typer.Option("--push/--no-push", help="Send the commit to the remote; as the site's qianfa.yaml says if left out."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask on the terminal before signing.")]
Revision = Annotated[str, typer.Argument(metavar="[REV]", help="The commit to judge: a branch, tag or id.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The options of every command that looks at a site."""

    site: Site = Path()
    trust: Trust = ""
    now: Now = ""
    json: Json = False

    @property
    def gate(self) -> GateOptions:
        """What a verdict depends on, as the options say."""
        return gate_options(self.trust, "", self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming(Asking):
    """The options of every command that wants to know who asks: by their key, or by name."""

    key: Key = ""
    person: As = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing(Naming):
    """The options of every command that signs."""

    note: Note = ""
    push: Push = None
    yes: Yes = False


R = TypeVar("R")


def spread(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command, in place of its parameter `given`, the options that this parameter's class lists as its fields.

    So commands that sign share one list of options, and receive what was chosen as one frozen value. Where no site is
    named, it is the one that the current folder lies in.
    """
    hints = get_type_hints(command, include_extras=True)
    shared: type[Any] = hints["given"]
    fields = dataclasses.fields(shared)
    types = get_type_hints(shared, include_extras=True)
    own = [one for one in inspect.signature(command).parameters.values() if one.name != "given"]
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [one.replace(kind=keyword, annotation=hints[one.name]) for one in own]
    parameters += [
        inspect.Parameter(one.name, keyword, default=one.default, annotation=types[one.name]) for one in fields
    ]

    @functools.wraps(command)
    def spread_out(**chosen: Any) -> R:
        given = shared(**{one.name: chosen.pop(one.name) for one in fields})
        if given.site == Path():
            given = dataclasses.replace(given, site=work_tree_around(given.site))
        return command(**chosen, given=given)

    spread_out.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # Typer reads it there
    spread_out.__annotations__ = {one.name: one.annotation for one in parameters}
    return spread_out


def instant(text: str) -> dt.datetime:
    """Return the instant an option gives, the present one where it is empty."""
    if not text:
        return dt.datetime.now(dt.UTC)
    try:
        moment = parse_instant(text)
    except (ValueError, OverflowError) as error:
        raise UnusableSite(of_error(error), where="--now") from None
    _check_year(moment.year, text, "--now")
    return moment


def day(text: str, option: str) -> dt.date:
    """Return the day that an option gives; `UnusableSite` for anything else."""
    try:
        found = parse_date(text)
    except ValueError:
        raise UnusableSite(
            t("{text} is no day", text=repr(text)), where=option, hint=t("give a day such as 2026-11-20")
        ) from None
    _check_year(found.year, text, option)
    return found


def _check_year(year: int, text: str, option: str) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnusableSite(
            t("{text} is not of these times", text=text),
            where=option,
            hint=t("give a year from {first} to {last}", first=_FIRST_YEAR, last=_LAST_YEAR),
        )


def gate_options(trust: str, previous: str, now: str) -> GateOptions:
    """Return what the options say together; `UnusableSite` for a pin that is no digest."""
    if trust and not is_digest(trust):
        raise UnusableSite(
            t("{trust} is not a manifest digest", trust=repr(trust)),
            where="--trust",
            hint=t("give sha256: and 64 hex digits, as qianfa init printed"),
        )
    return GateOptions(now=instant(now), pin=trust, previous=previous, ci=bool(os.environ.get("CI")))
