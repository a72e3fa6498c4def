"""What is to be said of an attachment that has nothing in it, or is not what its name says. No verdict of the gate."""

from __future__ import annotations

from collections.abc import Iterator

from review.formats.file_beginnings import begins_like, is_odd
from review.messages import t
from review.model.media import ending_of
from review.views.objections import Draft, Objection

EMPTY = t("the file is empty: it has no bytes at all")
EMPTY_HINT = t("copy the file once more from where it came, or take it away")


def about_kind(draft: Draft, path: str, data: bytes) -> Iterator[Objection]:
    """Yield that an attachment is empty, or is another kind of file than its ending says."""
    name = path.rpartition("/")[2]
    if not data:
        yield Objection(code="file-empty", severity="refuse", path=path, line=0, what=EMPTY, hint=EMPTY_HINT)
    elif is_odd(name, data):
        ending, found = ending_of(name), begins_like(data)
        what = (
            t("its name ends in {ending}, but it begins as a {found} file does", ending=ending, found=found)
            if found
            else t("its name ends in {ending}, but no {ending} file begins so", ending=ending)
        )
        hint = t("open it and save it as {ending}, or give it the ending that it should have", ending=ending)
        yield draft.warn("file-odd", what, hint, path=path)
