"""Papers that stay inside the organisation, as HTML pages of their own: no script, nothing fetched, same table, same bytes."""

from __future__ import annotations

from review.model.duties import DutyTable
from review.render.papers import paper


def duty_page(table: DutyTable) -> str:
    """Return the page of a duty table: Chinese, marked as internal, for a screen of any width or for A4."""
    return paper("duty.html", table=table)
