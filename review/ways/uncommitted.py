"""What lies in the work tree and nobody has handed in: new posts, edits, posts that are gone. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from review.actions.post_files import cleaned
from review.errors import QianfaError
from review.history.changed_items import changed_items
from review.history.work_tree import item_files, snapshot_of
from review.model.evidence import Snapshot
from review.pipeline import Session

Uncommitted = Mapping[str, Snapshot | None]


def uncommitted(session: Session) -> Uncommitted:
    """Return the posts whose files differ from the commit's, as the work tree has them; None for one that is gone there.

    Sign-offs that only one of the two records has are no difference: nobody edits them. Files that cannot be read as a
    post are left to `qianfa check`.
    """
    if session.evidence is None:
        return {}
    head = session.evidence.head.posts
    found: dict[str, Snapshot | None] = {}
    for item in sorted(changed_items(session.repository)):
        with suppress(QianfaError):
            files = item_files(session.repository.path, item)
            if item in files:
                snapshot = snapshot_of(item, files)
                if item not in head or snapshot.manifest != head[item].manifest:
                    found[item] = snapshot_of(item, cleaned(item, files))  # as it would be handed in
            elif item in head:
                found[item] = None
    return found
