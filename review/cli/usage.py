"""What the library that reads the command line has to say, in our words and the reader's language. No command here."""

from __future__ import annotations

from typing import Any

import typer

from review.cli.language import worded
from review.errors import UnusableSite
from review.messages import t


def command_of(app: typer.Typer) -> Any:
    """Return the app as the library's command, its help in the reader's language."""
    command = typer.main.get_command(app)
    _reword(command)
    return command


def _reword(command: Any) -> None:
    command.help = worded(command.help)
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = worded(parameter.help)
    for below in getattr(command, "commands", {}).values():
        _reword(below)


def misuse(error: typer.TyperException) -> UnusableSite:
    """Return what is wrong with a command line, as an error of ours."""
    return UnusableSite(_what(error), hint=t("see how it is used with --help"))


def _what(error: typer.TyperException) -> str:
    """Return the library's words as a message, where it says what they are made of."""
    kind, said = type(error).__name__, error.format_message().rstrip(".")
    if kind == "NoSuchOption" and not getattr(error, "possibilities", None):
        return t("No such option: {name}", name=said.partition(": ")[2])
    parameter = getattr(error, "param", None)
    if kind == "MissingParameter" and parameter is not None:
        if parameter.param_type_name == "argument":
            return t("Missing argument {name}", name=parameter.get_error_hint())
        return t("Missing option {name}", name=parameter.get_error_hint())
    if kind == "BadParameter" and parameter is not None:
        return t(
            "Invalid value for {name}: {what}", name=parameter.get_error_hint(), what=getattr(error, "message", said)
        )
    return said
