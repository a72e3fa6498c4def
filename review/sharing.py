"""Send what was signed to the site's remote, so that the next person finds it. A push that is refused changes nothing here."""

from __future__ import annotations

from review.history.repository import Repository
from review.model.settings import Settings


def deliver(repository: Repository, settings: Settings, wanted: bool | None) -> str:
    """Push the branch where `wanted` says so, or the site's settings where it says nothing. Return where it went, or nothing."""
    if not (settings.push if wanted is None else wanted):
        return ""
    raise NotImplementedError(repository)
