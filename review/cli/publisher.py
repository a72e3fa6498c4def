"""What the publisher does: gate, build; and preview, for everyone."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from review import pipeline, publishing
from review.acts import post_named
from review.cli import options
from review.cli.report_text import report_text
from review.cli.screen import complain, hand_over, progress, say
from review.errors import QianfaError
from review.formats.reports import report_json
from review.history.objects import OBJECT_ID, ObjectStore
from review.history.repository import open_repository
from review.messages import t
from review.render.serving import serve


class Format(StrEnum):
    """How the report is printed."""

    text = "text"
    json = "json"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("gate")(gate)
    app.command("build")(build)
    app.command("preview")(preview)


def gate(
    revision: options.Revision = "HEAD",
    site: options.Site = Path(),
    trust: options.Trust = "",
    previous: options.Previous = "",
    now: options.Now = "",
    output_format: Annotated[Format, typer.Option("--format", help="For people, or for programs.")] = Format.text,
) -> int:
    """Say what may be online, what waits for whom, and what is wrong. Example: qianfa gate --trust sha256:…"""
    given = options.gate_options(trust, _commit(site, previous), now)
    with progress() as show:
        report = pipeline.gate(site, revision, given, show)
    if output_format is Format.json:
        hand_over(report_json(report))
    else:
        say(report_text(report).rstrip("\n"))
    return report.exit_status


def build(
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="The folder to replace with the built site.")],
    revision: options.Revision = "HEAD",
    site: options.Site = Path(),
    trust: options.Trust = "",
    previous: options.Previous = "",
    now: options.Now = "",
) -> int:
    """Build exactly what is signed. Example: qianfa build --output public --trust sha256:…"""
    given = options.gate_options(trust, _commit(site, previous), now)
    with progress() as show:
        built = publishing.build(site, revision, given, output, show)
    for warning in built.rendered.warnings:
        complain(QianfaError(warning))
    refused = sum(one.severity == "refuse" for one in built.report.findings)
    if refused:
        complain(
            QianfaError(
                t("{refused} findings refuse something; none of that is online", refused=refused),
                hint=t("see them with: qianfa gate"),
            )
        )
    say(
        t(
            "{posts} posts and {attachments} attachments are in {output}",
            posts=built.rendered.posts,
            attachments=built.rendered.attachments,
            output=output,
        )
    )
    return 0


def preview(
    post: Annotated[str, typer.Argument(metavar="[POST]", help="One post; all of the work tree if left out.")] = "",
    output: Annotated[Path | None, typer.Option("--output", metavar="DIR", help="Where the preview goes.")] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it until Ctrl-C.")] = True,
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> int:
    """Show the work tree as it would look, each page that is not signed marked as a draft. Example: qianfa preview"""
    folder = output or publishing.preview_folder(site)
    only = post_named(site, post) if post else ""
    with progress() as show:
        built = publishing.preview(site, options.gate_options(trust, "", now), folder, only=only, progress=show)
    say(t("{posts} posts are in {folder}", posts=built.rendered.posts, folder=folder))
    if serving:
        serve(folder, port, partial(say, at_once=True))
    return 0


def _commit(site: Path, previous: str) -> str:
    """Return the id that --previous names; one that this repository does not know is kept, and found not to be an ancestor."""
    if not previous:
        return ""
    repository = open_repository(site)
    if OBJECT_ID.fullmatch(previous):
        return previous
    with ObjectStore(repository.objects) as store:
        return repository.resolve(previous, store)
