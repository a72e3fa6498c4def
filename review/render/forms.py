"""An application form as one HTML page that prints on A4: no script, nothing fetched, same form, same bytes."""

from __future__ import annotations

from collections.abc import Iterator

import segno
from markupsafe import Markup

from review.model.forms import Box, Field, Form
from review.render.papers import paper

MARK = b"Qianfa form"
"""What a file holds that is a printed form, so that the next print may take its place."""


def html_of(form: Form) -> str:
    """Return the page of a form."""
    columns = _columns(len(form.boxes))
    return paper(
        "form.html",
        form=form,
        words=form.words,
        rows=list(rows_of(form)),
        columns=columns,
        heights=_heights(form.boxes, columns),
        qr=qr_svg(form.qr),
    )


def qr_svg(text: str) -> Markup:
    """Return a QR code as SVG without a size of its own; UTF-8, error correction M."""
    code = segno.make(text, error="m", boost_error=False, mode="byte", encoding="utf-8", micro=False)
    return Markup(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704  # an SVG of our own making


def rows_of(form: Form) -> Iterator[tuple[Field, ...]]:
    """Yield the fields line by line: two narrow ones side by side, a wide one alone."""
    waiting: tuple[Field, ...] = ()
    for field in form.fields:
        if field.wide and waiting:
            yield waiting
            waiting = ()
        waiting = (*waiting, field)
        if field.wide or len(waiting) == 2:
            yield waiting
            waiting = ()
    if waiting:
        yield waiting


def _columns(boxes: int) -> int:
    """Return how many boxes stand side by side, so that one page has room for all."""
    return 1 if boxes <= 3 else 2 if boxes <= 8 else 3


def _heights(boxes: tuple[Box, ...], columns: int) -> str:
    """Return the rows of boxes for CSS: those with room to sign share what the page has left."""
    rows = [boxes[start : start + columns] for start in range(0, len(boxes), columns)]
    return " ".join("auto" if all(box.person for box in row) else "1fr" for row in rows)
