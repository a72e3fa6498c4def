"""What the publisher does: gate, build; and preview, for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from review import pipeline
from review.cli import options
from review.cli.options import Asking, spread
from review.cli.report_text import report_text
from review.cli.screen import answer, complain, hand_over, progress, say
from review.errors import QianfaError, UnusableSite
from review.formats.reports import report_json
from review.history.objects import OBJECT_ID, ObjectStore
from review.history.repository import open_repository
from review.messages import t
from review.ways import publishing
from review.ways.acts import post_named


class Format(StrEnum):
    """How the report is printed."""

    text = "text"
    json = "json"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("gate")(gate)
    app.command("build")(build)
    app.command("preview")(preview)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a build or a preview made, and where. `refused` counts the findings that keep something off the site; `internal`
    is the folder of the organisation's own pages, empty where none was wanted.
    """

    output: str
    internal: str
    commit: str
    posts: int
    attachments: int
    warnings: tuple[str, ...]
    refused: int


@spread
def gate(
    given: Asking,
    revision: options.Revision = "HEAD",
    previous: options.Previous = "",
    output_format: Annotated[
        Format, typer.Option("--format", help="For people, or for programs; json is what --json prints.")
    ] = Format.text,
) -> int:
    """Say what may be online, what waits for whom, and what is wrong. Example: qianfa gate --trust sha256:…"""
    wanted = options.gate_options(given.trust, _commit(given.site, previous), given.now)
    with progress() as show:
        report = pipeline.gate(given.site, revision, wanted, show)
    if given.json or output_format is Format.json:
        hand_over(report_json(report))
    else:
        say(report_text(report).rstrip("\n"))
    return report.exit_status


@spread
def build(
    given: Asking,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="The folder to replace with the built site.")],
    revision: options.Revision = "HEAD",
    previous: options.Previous = "",
    internal: Annotated[
        Path | None,
        typer.Option(
            "--internal", metavar="DIR", help="A folder to replace with pages for the organisation alone: who is late."
        ),
    ] = None,
) -> int:
    """Build exactly what is signed. Example: qianfa build --output public --trust sha256:…"""
    wanted = options.gate_options(given.trust, _commit(given.site, previous), given.now)
    with progress() as show:
        built = publishing.build(given.site, revision, wanted, output, show, internal=internal)
    made = _made(built, output, internal)
    if not given.json:
        for warning in built.rendered.warnings:
            complain(QianfaError(warning))
        if made.refused:
            complain(
                QianfaError(
                    t("{refused} findings refuse something; none of that is online", refused=made.refused),
                    hint=t("see them with: qianfa gate"),
                )
            )
    answer(
        "build",
        made,
        lambda: t(
            "{posts} posts and {attachments} attachments are in {output}",
            posts=made.posts,
            attachments=made.attachments,
            output=output,
        ),
        json=given.json,
    )
    if internal is not None and not given.json:
        say(t("the organisation's own pages are in {folder}; they are not for the public", folder=internal))
    return 0


@spread
def preview(
    given: Asking,
    post: Annotated[str, typer.Argument(metavar="POST", help="One post; all of the work tree if left out.")] = "",
    output: Annotated[Path | None, typer.Option("--output", metavar="DIR", help="Where the preview goes.")] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it until Ctrl-C.")] = True,
) -> int:
    """Show the work tree as it would look, each page that is not signed marked as a draft. Example: qianfa preview"""
    if given.json and serving:
        raise UnusableSite(
            t("a preview that is served has no end to answer at"), where="--json", hint=t("add --no-serve")
        )
    folder = output or publishing.preview_folder(given.site)
    only = post_named(given.site, post) if post else ""
    with progress() as show:
        built = publishing.preview(given.site, given.gate, folder, only=only, progress=show)
    made = _made(built, folder)
    if not given.json:
        for warning in built.rendered.warnings:
            complain(QianfaError(warning))
    answer(
        "preview",
        made,
        lambda: t("{posts} posts are in {folder}", posts=made.posts, folder=folder),
        json=given.json,
    )
    if serving:
        from review.render.serving import serve  # noqa: PLC0415  # a web server that no other command should load

        serve(folder, port, partial(say, at_once=True))
    return 0


def _made(built: publishing.Built, output: Path, internal: Path | None = None) -> Made:
    return Made(
        output=str(output),
        internal=str(internal or ""),
        commit=built.report.commit,
        posts=built.rendered.posts,
        attachments=built.rendered.attachments,
        warnings=tuple(built.rendered.warnings),
        refused=sum(one.severity == "refuse" for one in built.report.findings),
    )


def _commit(site: Path, previous: str) -> str:
    """Return the id that --previous names; one that this repository does not know is kept, and found not to be an ancestor."""
    if not previous:
        return ""
    repository = open_repository(site)
    if OBJECT_ID.fullmatch(previous):
        return previous
    with ObjectStore(repository.objects) as store:
        return repository.resolve(previous, store)
