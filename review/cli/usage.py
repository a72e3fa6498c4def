"""What the library that reads the command line has to say, in our words and the reader's language. No command here."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import typer

from review.cli.completion import offer_values
from review.cli.help_pages import HelpContext
from review.cli.language import told, worded
from review.errors import UnusableSite
from review.messages import listed, t

_EXAMPLE = re.compile(r"\s*(?=Example: |示例：)")
_SENTENCE = re.compile(r".*?(?:\.(?=\s|$)|。)")


def command_of(app: typer.Typer) -> Any:
    """Return the app as the library's command, its help in the reader's language."""
    command = typer.main.get_command(app)
    _reword(command)
    offer_values(command)
    return command


def _reword(command: Any) -> None:
    command.context_class = HelpContext
    if command.options_metavar:
        command.options_metavar = told(t("[OPTIONS]"))
    if getattr(command, "subcommand_metavar", ""):
        command.subcommand_metavar = told(t("COMMAND [ARGS]..."))
    text, *example = _EXAMPLE.split(worded(command.help) or "", maxsplit=1)
    sentence = _SENTENCE.match(text)
    command.short_help = sentence[0] if sentence else text
    # An example stays on one line of its own, ready to be copied.
    command.help = "\n\n\b\n".join([text, *example])
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = worded(parameter.help)
    for below in getattr(command, "commands", {}).values():
        _reword(below)


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON, even one that cannot be read otherwise."""
    options = list(itertools.takewhile(lambda one: one != "--", arguments))
    formats = itertools.pairwise(options)
    return "--json" in options or "--format=json" in options or ("--format", "json") in formats


def misuse(error: typer.TyperException) -> UnusableSite:
    """Return what is wrong with a command line, as an error of ours."""
    return UnusableSite(_what(error), hint=t("see how it is used with --help"))


def _what(error: typer.TyperException) -> str:
    """Return the library's words as a message, where it says what they are made of."""
    kind, said = type(error).__name__, error.format_message().rstrip(".")
    parameter = getattr(error, "param", None)
    if kind == "NoSuchOption":
        name = str(getattr(error, "message", said)).partition(": ")[2]
        return _no_such_option(name, getattr(error, "possibilities", None) or ())
    if kind == "MissingParameter" and parameter is not None:
        if parameter.param_type_name == "argument":
            return t("Missing argument {name}", name=parameter.get_error_hint())
        return t("Missing option {name}", name=parameter.get_error_hint())
    if kind == "BadParameter" and parameter is not None:
        why = _reason(str(getattr(error, "message", said)))
        return t("Invalid value for {name}: {what}", name=parameter.get_error_hint(), what=why)
    return _reason(said)


def _no_such_option(name: str, near: Any) -> str:
    if not near:
        return t("No such option: {name}", name=name)
    return t("No such option: {name} (Possible options: {near})", name=name, near=listed(sorted(near)))


def _reason(said: str) -> str:
    """Return the library's words about a value or about too much of it as a message, where they are known."""
    if found := re.fullmatch(r"(.+)\. Did you mean (.+)\?", said, re.DOTALL):
        return t("{what}. Did you mean {near}?", what=found[1], near=found[2])
    if found := re.fullmatch(r"Option ('.+') requires an argument", said):
        return t("Option {name} requires an argument", name=found[1])
    if found := re.fullmatch(r"Option ('.+') does not take a value", said):
        return t("Option {name} does not take a value", name=found[1])
    if found := re.fullmatch(r"Got unexpected extra argument\(s\) \((.+)\)", said, re.DOTALL):
        return t("Got unexpected extra argument(s) ({words})", words=found[1])
    if found := re.fullmatch(r"Value error, (.+) is not one of (.+)\.", said, re.DOTALL):
        return t("Value error, {value} is not one of {known}.", value=found[1], known=found[2])
    if found := re.fullmatch(r"Input should be (greater|less) than or equal to (\d+)", said):
        if found[1] == "less":
            return t("Input should be less than or equal to {most}", most=found[2])
        return t("Input should be greater than or equal to {least}", least=found[2])
    if said.startswith("Input should be a valid integer"):
        return t("Input should be a valid integer, unable to parse string as an integer")
    return said
