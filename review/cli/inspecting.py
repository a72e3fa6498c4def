"""What an inspector asks of a built site: is every rule of a profile kept?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli.inspection_text import inspection_text
from review.cli.language import spoken
from review.cli.screen import answer, progress
from review.errors import FormatError, UnusableSite
from review.formats.strict_yaml import MAX_BYTES
from review.inspection import profiles
from review.inspection.reading import read_site
from review.messages import t

_STEP = t("reading pages")
_FILE = (".yaml", ".yml")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("inspect")(inspect)


def inspect(
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="The folder of a built site, of Qianfa or any other.")
    ],
    profile: Annotated[
        str,
        typer.Option(
            "--profile", metavar="NAME|FILE", help="The rules: gov-cn, association, or a YAML file of your own."
        ),
    ] = profiles.DEFAULT,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="ID", help="Leave a rule out. May be repeated.")
    ] = None,
    only_sourced: Annotated[
        bool, typer.Option("--only-sourced", help="Leave out the rules that are from memory, without a source.")
    ] = False,
    now: options.Now = "",
    json: options.Json = False,
) -> int:
    """Hold a built site against the rules of inspections; status 1 if any fails. Example: qianfa inspect public"""
    from review.inspection.inspecting import inspect as inspected  # noqa: PLC0415  # only this command needs the rules

    rules = _profile(profile)
    moment = options.instant(now)
    with progress() as show:
        site = read_site(output, lambda done, total: show(_STEP, done, total))
        found = inspected(
            site,
            rules,
            moment,
            output=str(output),
            language="en" if json else spoken(),
            skip=skip or (),
            only_sourced=only_sourced,
        )
    answer("inspection", found, lambda: inspection_text(found), json=json)
    return int(found.failed)


def _profile(name: str) -> profiles.Profile:
    """Return the profile of this name, or the one in the file of this name."""
    from review.inspection.inspecting import check_values  # noqa: PLC0415  # as above

    if not name.endswith(_FILE) and "/" not in name:
        return profiles.shipped_profile(name)
    file = Path(name)
    if not file.is_file():
        raise UnusableSite(
            t("there is no such file"),
            where=name,
            hint=t("name a profile that comes with the program, or a YAML file"),
        )
    try:
        with file.open("rb") as opened:
            found = profiles.profile_of(opened.read(MAX_BYTES + 1))
        check_values(found)
    except FormatError as error:
        placed = error.at(name)
        raise UnusableSite(
            placed.what, where=placed.where, hint=t("see how a profile is written in docs/inspection.md")
        ) from None
    return found
