"""What should make an administrator think twice about policy files that are valid as such. Reads only.

Templates that no page can be made with, and posts that lose the column that leads to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from review import pipeline
from review.errors import QianfaError
from review.model.cautions import Caution
from review.views import column_changes
from review.ways.policy_reading import CONFIGURATION, Difference, Side


def with_cautions(found: Difference, session: pipeline.Session) -> Difference:
    """Return a difference with what is wrong with the second policy, and which of it the first does not have."""
    now = tuple(_cautions(found.after, session))
    before = {(one.path, one.what) for one in _cautions(found.before, session)} if now else set()
    fresh = tuple(one for one in now if (one.path, one.what) not in before)
    return replace(found, cautions=now, stops=tuple(one for one in fresh if one.stops))


def stopping(after: Side, session: pipeline.Session) -> tuple[Caution, ...]:
    """Return what keeps a policy from working, whatever stood there before."""
    return tuple(one for one in _cautions(after, session) if one.stops)


def told(caution: Caution) -> str:
    """Return a caution as one sentence, with its place and what to do."""
    return QianfaError(caution.what, where=caution.where, hint=caution.hint).message


def _cautions(side: Side, session: pipeline.Session) -> Iterator[Caution]:
    from review.render.theme_check import theme_cautions  # noqa: PLC0415  # a library that few commands should load

    makes_pages = [path for path in side.files if path == CONFIGURATION or path.startswith("theme/")]
    yield from theme_cautions({path: side.read(path) for path in makes_pages if "/static/" not in path})
    live = session.report.live
    if side.policy is not None and live is not None:
        yield from column_changes.cautions(side.policy.columns, [post.item for post in live.posts])
