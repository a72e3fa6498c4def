"""The `qianfa` command, by person. Thin: it reads arguments, calls the pipeline and prints."""

from __future__ import annotations

import io
import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

import typer

from review.cli import (
    administrator,
    author,
    columns,
    duty,
    everyone,
    hooks,
    inspecting,
    paper,
    people,
    publisher,
    reminders,
    reviewer,
    show,
    waiting,
)
from review.cli.language import speak
from review.cli.screen import complain, complain_to_program, forget_output, meant_file
from review.cli.usage import command_of, misuse, wants_json
from review.errors import QianfaError, UnusableSite
from review.formats.library_words import of_error
from review.messages import t

FAULT = 3
STOPPED, UNHEARD = 130, 141
"""What a shell calls the signals of Ctrl-C and of a pipe that nobody reads."""

app = typer.Typer(
    name="qianfa",
    help="Publish a website from signed commits: nothing goes online without the right people's signatures.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (
    author,
    paper,
    waiting,
    show,
    reviewer,
    publisher,
    everyone,
    duty,
    inspecting,
    administrator,
    people,
    columns,
    hooks,
    reminders,
):
    part.add_to(app)


def main() -> None:
    """Run the command line. Every error ends here, in one line and an exit status: 1 judged, 2 unusable, 3 our fault.

    Programs that want JSON are told of it in JSON, too.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character is no reason to stop
    forget_output()
    try:
        speak()
        status = command_of(app)(args=sys.argv[1:] or ["--help"], prog_name="qianfa", standalone_mode=False)
        if status == STOPPED:  # what Typer makes of Ctrl-C
            raise typer.Abort
        if sys.stdout is not None:
            sys.stdout.flush()
    except QianfaError as error:
        _end(error, error.exit_status)
    except typer.TyperException as error:
        _end(misuse(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        _end(QianfaError(t("stopped; nothing is half done")), STOPPED)
    except BrokenPipeError:
        _leave_output_alone()
        sys.exit(UNHEARD)
    except OSError as error:
        if not error.filename:  # it may be standard output that is full
            _leave_output_alone()
        where = meant_file(str(error.filename or ""))
        _end(UnusableSite(of_error(error), where=where, hint=t("check rights and free space")), 2)
    except Exception as error:  # noqa: BLE001  # the one catch-all: a fault of ours, told as such
        if os.environ.get("QIANFA_DEBUG"):
            traceback.print_exc()
        what = t("a fault in the program: {kind}: {what}", kind=type(error).__name__, what=str(error))
        _end(QianfaError(what, hint=t("please report it; QIANFA_DEBUG=1 shows where")), FAULT)
    sys.exit(status if isinstance(status, int) else 0)


def _end(error: QianfaError, status: int) -> NoReturn:
    """Say why it ends, to people in one line and to programs in JSON, where they want that; then end."""
    complain(error)
    if wants_json(sys.argv[1:]):
        try:
            complain_to_program(error, status)
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _leave_output_alone()
    sys.exit(status)


def _leave_output_alone() -> None:
    """Have what is still to be written go nowhere: Python would try again at the end, and complain in its own words."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
