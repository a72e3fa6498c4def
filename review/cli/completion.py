"""Offer values where a command line is completed: posts, columns, units, people, stages, kinds, offices, as the files name them.

The files of the work tree are taken as they lie there: nothing is judged, and where one cannot be read nothing is offered.
"""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from typer._click.shell_completion import CompletionItem

from review.errors import QianfaError
from review.formats.policy_files import COLUMNS, PEOPLE, WORKFLOWS
from review.formats.strict_yaml import load
from review.history.repository import work_tree_around
from review.messages import typed
from review.model.paths import POST_SUFFIX

_MANY = 200
"""Posts that are offered at once; where there are more, the folders are."""


def offer_values(command: Any) -> None:
    """Have a command, and all below it, offer values for each argument and option whose placeholder says what it takes."""
    for parameter in command.params:
        metavar = (parameter.metavar or "").strip("[].")
        if metavar in _OFFERS:
            parameter.shell_complete = types.MethodType(_offered(_OFFERS[metavar]), parameter)
    for below in getattr(command, "commands", {}).values():
        offer_values(below)


def _offered(offer: Callable[[Path, str], Iterable[str]]) -> Callable[[Any, Any, str], list[CompletionItem]]:
    """Return what the library calls to complete a parameter: silent, whatever is wrong with the site."""

    def complete(parameter: Any, context: Any, incomplete: str) -> list[CompletionItem]:
        del parameter
        site = Path(context.params.get("site") or ".")
        try:
            site = work_tree_around(site) if site == Path() else site
            found = sorted({one for one in offer(site, incomplete) if one.startswith(incomplete) and _is_harmless(one)})
        except (QianfaError, OSError, ValueError, LookupError, TypeError, AttributeError):
            return []
        return [CompletionItem(one) for one in found]

    return complete


def _is_harmless(value: str) -> bool:
    """Tell whether a value is the same word to every shell: scripts for completion put it into the line as it is.

    A file may be named `$(…)`, and pressing two keys is no wish to run that; nor is an id with a hyphen first an option.
    """
    return typed(value) == value and not value.startswith("-")


def posts(site: Path, incomplete: str) -> list[str]:
    """Return the posts whose paths begin so; the folders, where these are many. One folder alone is gone into."""
    folder = incomplete.rpartition("/")[0]
    while True:
        found = _posts_below(site, folder, incomplete)
        if len(found) < _MANY:
            return found
        entries = [one for one in _entries(site, folder) if one.startswith(incomplete)]
        if len(entries) != 1 or not entries[0].endswith("/"):
            return entries
        folder = incomplete = entries[0].rstrip("/")
        incomplete += "/"


def _posts_below(site: Path, folder: str, incomplete: str) -> list[str]:
    """Return the posts below a folder whose paths begin so; not all, where there are many."""
    found: list[str] = []
    for place, folders, names in os.walk(site / folder if folder else site / "content"):
        folders.sort()
        below = Path(place).relative_to(site).as_posix()
        folders[:] = [one for one in folders if _leads_to(f"{below}/{one}", incomplete)]
        found += (f"{below}/{name}" for name in names if name.endswith(POST_SUFFIX) and below.startswith("content/"))
        found = [one for one in found if one.startswith(incomplete)]
        if len(found) >= _MANY:
            break
    return found


def _leads_to(folder: str, incomplete: str) -> bool:
    return folder.startswith(incomplete) or incomplete.startswith(folder + "/")


def _entries(site: Path, folder: str) -> Iterator[str]:
    """Yield folders, with a slash, and posts of one folder."""
    with os.scandir(site / (folder or "content")) as entries:
        for entry in entries:
            path = f"{folder or 'content'}/{entry.name}"
            if entry.is_dir() and not (site / f"{path}{POST_SUFFIX}").exists():
                yield path + "/"
            elif path.endswith(POST_SUFFIX):
                yield path


def columns(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the ids of columns."""

    def ids(parts: Iterable[Mapping[str, Any]], above: str) -> Iterator[str]:
        for part in parts:
            yield above + part["id"]
            yield from ids(part.get("columns", ()), f"{above}{part['id']}/")

    return ids(_read(site, COLUMNS)["columns"], "")


def units(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the ids of units."""
    return iter(_read(site, PEOPLE)["units"])


def people(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the ids of people."""
    return iter(_read(site, PEOPLE)["people"])


def offices(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the offices that somebody holds."""
    return (office for person in _read(site, PEOPLE)["people"].values() for office in person["offices"])


def stages(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the ids of stages."""
    return (stage["id"] for flow in _flows(site) for stage in flow["stages"])


def kinds(site: Path, _incomplete: str) -> Iterator[str]:
    """Yield the kinds of posts."""
    return (kind for flow in _flows(site) for kind in flow["kinds"])


def columns_and_posts(site: Path, incomplete: str) -> list[str]:
    """Return columns, and posts once somebody began the path of one."""
    return (
        [*columns(site, incomplete), *posts(site, incomplete)]
        if incomplete
        else [*columns(site, incomplete), "content/"]
    )


def _flows(site: Path) -> list[dict[str, Any]]:
    return list(_read(site, WORKFLOWS)["workflows"].values())


def _read(site: Path, name: str) -> dict[str, Any]:
    found: Any = load((site / name).read_bytes())
    return dict(found)


_OFFERS: Mapping[str, Callable[[Path, str], Iterable[str]]] = {
    "POST": posts,
    "POST|COLUMN": columns_and_posts,
    "COLUMN|POST": columns_and_posts,
    "COLUMN": columns,
    "UNIT": units,
    "PERSON": people,
    "OFFICE": offices,
    "STAGE": stages,
    "KIND": kinds,
}
"""What is offered for a parameter, by its placeholder in the help."""
