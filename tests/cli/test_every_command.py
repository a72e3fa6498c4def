"""What holds for every command alike: its help has an example, it answers programs, it is silent about colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from review.cli import app

ROOT = typer.main.get_command(app)
PRINTS_A_PROGRAM = {("hook", "server")}
"""Commands whose whole output is for a program already."""


def leaves(command: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that does something, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, one in below.items():
        if not one.hidden:
            yield from leaves(one, (*path, name))


COMMANDS = dict(leaves())
NAMES = [" ".join(path) for path in COMMANDS]

WANTED = {
    "new", "check", "preview", "submit", "status", "revise", "queue", "show", "approve", "return", "form", "paper",
    "publish", "withdraw", "gate", "build", "calendar", "duty", "audit", "who", "log", "people add", "people retire",
    "people key add", "people key retire", "people delegate", "column add", "column rename", "column move",
    "column close",
    "policy diff", "policy sign", "policy log", "hook install", "hook server", "remind", "init", "import",
}  # fmt: skip


def test_every_command_of_the_day_is_there() -> None:
    assert set(NAMES) >= WANTED


@pytest.mark.parametrize("path", COMMANDS, ids=NAMES)
def test_its_help_shows_an_example_that_begins_with_its_own_words(path: tuple[str, ...]) -> None:
    text = " ".join((COMMANDS[path].help or "").split())
    example = re.search(r"Example: (qianfa .+)$", text)

    assert example is not None, text
    assert example[1].startswith("qianfa " + " ".join(path))


@pytest.mark.parametrize("path", COMMANDS, ids=NAMES)
def test_it_answers_programs_with_json(path: tuple[str, ...]) -> None:
    options = {name for parameter in COMMANDS[path].params for name in parameter.opts}

    assert "--json" in options or path in PRINTS_A_PROGRAM


@pytest.mark.parametrize("path", COMMANDS, ids=NAMES)
def test_every_option_and_argument_says_what_it_is_for(path: tuple[str, ...]) -> None:
    silent = [parameter.name for parameter in COMMANDS[path].params if not getattr(parameter, "help", "")]

    assert silent == []


@pytest.mark.parametrize("path", COMMANDS, ids=NAMES)
def test_options_that_many_commands_share_mean_the_same_in_each(path: tuple[str, ...]) -> None:
    shared = {"--site": "site", "--trust": "trust", "--now": "now", "--key": "key", "--json": "json"}
    for parameter in COMMANDS[path].params:
        for option in parameter.opts:
            if option in shared and path[:2] not in (("people", "key"), ("people", "add"), ("init",)):
                assert parameter.name == shared[option], (path, option)
