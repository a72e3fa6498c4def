"""What is to be said of an attachment that browsers or servers would run: it will not be published. No verdict of the gate."""

from __future__ import annotations

from collections.abc import Iterator

from review.formats.active_content import active_content
from review.model.paths import attachments_of
from review.views.objections import Draft, Objection


def about_active_file(draft: Draft, path: str, data: bytes) -> Iterator[Objection]:
    """Yield why an attachment would be left out of the site; nothing of one that does nothing there."""
    found = active_content(path.removeprefix(attachments_of(draft.item)), data)
    if found is not None:
        yield Objection(code="file-active", severity="refuse", path=path, line=0, what=found.what, hint=found.hint)
