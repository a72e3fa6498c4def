"""Checks that git runs: before a commit on the author's machine, before a push is taken on the server."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import typer

from review.cli.language import told
from review.cli.options import Asking, spread
from review.cli.screen import answer, complain, hand_over
from review.messages import t
from review.ways import hooks, receiving

_MOST = 20
"""Objections that are told of one push; more would tell nobody more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The verdict on a push."""

    taken: bool
    objections: tuple[str, ...]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    hook = typer.Typer(help="Checks that git runs by itself.", rich_markup_mode=None)
    hook.command("install")(install)
    hook.command("server")(server)
    hook.command("receive")(receive)
    app.add_typer(hook, name="hook")


@spread
def install(
    given: Asking,
    force: Annotated[
        bool, typer.Option("--force", help="Where there is another hook, keep it beside and call it first.")
    ] = False,
) -> None:
    """Have git run the author's check before each commit here. Example: qianfa hook install"""
    made = hooks.install(
        given.site,
        force=force,
        about=told(t("checks what is staged; a help, not a gate: git commit --no-verify goes without")),
        missing=told(t("qianfa is not where it was, so nothing was checked; run: qianfa hook install")),
    )
    answer(
        "hook",
        made,
        lambda: (
            t("git checks each commit here first: {path}; before it, {first}", path=made.path, first=made.first)
            if made.first
            else t("git checks each commit here first: {path}", path=made.path)
        ),
        json=given.json,
    )


@spread
def server(
    given: Asking,
    branch: Annotated[
        list[str] | None,
        typer.Option("--branch", metavar="NAME", help="A branch that is never rewritten; main if left out."),
    ] = None,
) -> None:
    """Print a pre-receive hook for the server's bare repository. Example: qianfa hook server --trust sha256:… >pre-receive"""
    made = hooks.server_hook(
        given.gate.pin,
        tuple(branch or ("main",)),
        about=told(
            t(
                "Refuses pushes that rewrite the site's history or carry sign-offs that do not hold. Save as hooks/pre-receive."
            )
        ),
        unpinned=told(
            t("No trust pin: print it again with --trust sha256:…, for without one another policy could be pushed.")
        ),
        missing=told(t("qianfa: it is not installed on this server, so nothing is taken")),
    )
    if given.json:
        answer("hook", made, str, json=True)
    else:
        hand_over(made.script)


@spread
def receive(
    given: Asking,
    quarantine: Annotated[
        str,
        typer.Option("--quarantine", metavar="DIR", help="Where git keeps what is being pushed, as it tells hooks."),
    ] = "",
    branch: Annotated[
        list[str] | None,
        typer.Option("--branch", metavar="NAME", help="A branch that is never rewritten, beside HEAD's."),
    ] = None,
) -> int:
    """Judge a push, told by git on standard input; the server's hook calls it. Example: qianfa hook receive <updates"""
    updates = receiving.updates_of(sys.stdin.read())
    found = receiving.objections(given.site, updates, given.gate, quarantine=quarantine, protected=tuple(branch or ()))
    objections = list(islice(found, _MOST))
    for one in objections:
        complain(one)
    if given.json:
        made = Received(taken=not objections, objections=tuple(str(one) for one in objections))
        answer("receive", made, str, json=True)
    return 1 if objections else 0
