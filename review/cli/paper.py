"""What those do who sign on paper: print the form, relay the signed sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from review.cli.desk import at_desk, looking
from review.cli.language import told
from review.cli.options import Asking, Signing, spread
from review.cli.prompting import ask, at_terminal
from review.cli.screen import answer, hand_over, safe
from review.errors import UnusableSite
from review.messages import listed, t
from review.model.forms import FORM_KINDS, Form, FormKind
from review.model.paths import stem_of
from review.ways import acts

Post = Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("form")(form)
    app.command("paper")(paper)


@spread
def form(
    post: Post,
    given: Asking,
    output: Annotated[
        str, typer.Option("--output", metavar="FILE", help="Where to put it; what it is follows from .html or .pdf.")
    ] = "",
    pdf: Annotated[
        bool | None, typer.Option("--pdf/--html", help="PDF, where chromium or weasyprint is installed, or a page.")
    ] = None,
    kind: Annotated[
        str,
        typer.Option("--kind", metavar="KIND", help="sign-off or annex, where it is not to follow the post's kind."),
    ] = "",
) -> None:
    """Print the form of a post to be signed on paper, one A4 page. Example: qianfa form content/news/2026-11-20-a.md --pdf"""
    from review.ways import printing  # noqa: PLC0415  # its template engine is loaded only where it is wanted

    if kind and kind not in FORM_KINDS:
        raise UnusableSite(
            t("there is no {named}", named=repr(kind)),
            where="--kind",
            hint=t("it is one of: {names}", names=listed(FORM_KINDS)),
        )
    as_pdf = _is_pdf(output, pdf)
    item = acts.post_named(given.site, post)
    with looking(given) as (session, bench):
        made = printing.form_of(session, bench, item, cast("FormKind", kind) if kind else None)
    written = Path()
    if output or as_pdf or (_shown_to_a_person() and not given.json):
        name = f"{stem_of(item)}-v{made.version}.{'pdf' if as_pdf else 'html'}"
        written = printing.place_for(given.site, output, name=name)
        printing.put(written, printing.printed(made, pdf=as_pdf))
    elif not given.json:
        hand_over(printing.printed(made, pdf=False).decode())
        return
    answer("form", made, lambda: _said(made, written), json=given.json)


@spread
def paper(
    post: Post,
    given: Signing,
    stage: Annotated[str, typer.Option("--stage", metavar="STAGE", help="The stage that was signed on paper.")],
    signatory: Annotated[str, typer.Option("--signatory", metavar="PERSON", help="Who signed the sheet.")],
    scan: Annotated[
        Path, typer.Option("--scan", metavar="FILE", help="A photograph or scan of the sheet: JPEG, PNG or WebP.")
    ],
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="The content code on the sheet; asked for on a terminal.")
    ] = "",
    back: Annotated[
        bool, typer.Option("--return", help="The sheet returns the post; give its reason with --note.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="The scan stands for another signature on this version already.")
    ] = False,
) -> None:
    """Relay a signature on paper. Example: qianfa paper content/news/a.md --stage head --signatory head-fx --scan sheet.jpg"""
    from review.ways import relaying  # noqa: PLC0415  # so is its library of pictures

    if not code and not at_terminal():
        raise UnusableSite(
            t("it is not said which code stands on the sheet"),
            where="--code",
            hint=t("type it from the sheet: --code CODE"),
        )
    data = relaying.read_scan(scan)
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        about = relaying.sheet(desk, item, stage=stage, signatory=signatory, back=back)
        picture = relaying.clean(data, scan)
        typed = code or ask(t("The content code that stands on the sheet which {person} signed:", person=signatory))
        change = relaying.change(desk, about, picture, code=typed, note=given.note, again=again)
        if at_terminal():
            typer.echo(safe(told(change.meaning)), err=True)
        done = relaying.relay(desk, change, picture)
        answer(
            "act",
            done,
            lambda: t(
                "{by} relayed {person}'s signature on paper for {stage}: {item}  commit {commit}\n"
                "The scan, without what the camera wrote beside the picture, is {scan}",
                by=done.by,
                person=done.signatory,
                stage=done.stage,
                item=item,
                commit=done.commit[:12],
                scan=done.scan,
            ),
            json=given.json,
        )


def _is_pdf(output: str, pdf: bool | None) -> bool:
    """Return whether a PDF is wanted; `UnusableSite` where the name of the file says something else."""
    if not output:
        return bool(pdf)
    ending = Path(output).suffix.lower()
    wanted = {".pdf": True, ".html": False}.get(ending)
    if wanted is None or (pdf is not None and pdf != wanted):
        raise UnusableSite(
            t("a form is a .html or a .pdf file, as its options say"),
            where=output,
            hint=t("name it so, or leave --output out"),
        )
    return wanted


def _shown_to_a_person() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _said(made: Form, written: Path) -> str:
    return t(
        "{file} is the form of {item} version {version}, content {code}",
        file=str(written),
        item=made.item,
        version=made.version,
        code=made.code,
    )
