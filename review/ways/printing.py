"""The way of a form: the version that was handed in, from the judged site to a page or a PDF. Signs nothing."""

from __future__ import annotations

import os
from pathlib import Path

from review import pipeline
from review.errors import Refused, UnusableSite
from review.gate.bench import Bench
from review.history.work_tree import item_files, snapshot_of
from review.history.writing import read_back, write_file
from review.messages import t, typed
from review.model.forms import Form, FormKind
from review.render.forms import MARK, html_of
from review.render.pdf import find_renderer, pdf_of
from review.views.form import form_for
from review.ways.places import check_apart

_PDF_MARK = b"\n%" + MARK + b"\n"
"""A comment after the end of a PDF, which programs that show it pass over."""


def form_of(session: pipeline.Session, bench: Bench, item: str, kind: FormKind | None = None) -> Form:
    """Return the form of the version handed in; `Refused` where the work tree has other files by now, so that nobody signs
    what is not what its author sees.
    """
    form = form_for(bench, item, kind)
    files = item_files(session.repository.path, item)
    if item in files and snapshot_of(item, files).manifest != form.manifest:
        raise Refused(
            t("the work tree has other files than version {number}", number=form.version),
            where=item,
            hint=t("hand them in first, for the code changes then: qianfa submit {item}", item=typed(item)),
        )
    return form


def printed(form: Form, *, pdf: bool) -> bytes:
    """Return a form as an HTML page, or as PDF; `UnusableSite` where no program here can make one."""
    page = html_of(form)
    return pdf_of(page, find_renderer()) + _PDF_MARK if pdf else page.encode()


def place_for(site: Path, wanted: str, *, name: str) -> Path:
    """Return the file that a print goes to, `name` in the current folder where none is wanted.

    `Refused` where it lies among the site's content, or where another file than an earlier print has its place.
    """
    target = Path(wanted or name)
    check_apart(site, target, t("no print belongs there"))
    if not target.parent.is_dir():
        raise UnusableSite(t("there is no such folder"), where=str(target.parent), hint=t("make it first"))
    if os.path.lexists(target):
        there = read_back(target)
        if there is None or MARK not in there:
            raise Refused(
                t("there is another file already"),
                where=str(target),
                hint=t("name another with --output, or take it away"),
            )
    return target


def put(target: Path, data: bytes) -> None:
    """Write a print, whole or not at all."""
    write_file(target, data)
