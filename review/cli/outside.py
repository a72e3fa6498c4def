"""Before somebody signs new files: ask for the films that lie outside the repository, and say so. No command here."""

from __future__ import annotations

from review.actions.change import Change
from review.cli.options import Signing
from review.cli.screen import say
from review.cli.signing import asking
from review.messages import t
from review.model.workflows import DRAFT
from review.ways import acts
from review.ways.media_checks import refuse_unavailable


def refuse_without_films(desk: acts.Desk, given: Signing, change: Change) -> None:
    """Raise `Refused` where a file outside that the post names is not there, or another; before anybody is asked for a key.

    Asked when a post is handed in or amended: whoever only approves signs a digest that was looked at before.
    """
    said = change.statement
    if said.stage != DRAFT and not change.amends:
        return

    def tell(address: str) -> None:
        if asking(given):
            say(t("Fetching {address}, to compare its digest …", address=address))

    committed = desk.committed(said.item)
    files = {path: file for path, file in {**committed, **change.files}.items() if file is not None}
    refuse_unavailable(desk.repository, desk.bench.in_force.policy, said.item, files, tell)
