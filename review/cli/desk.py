"""Sit down to sign, with progress on the screen until the key is asked for. No command here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from review import acts
from review.cli.options import gate_options
from review.cli.screen import progress


@contextmanager
def at_desk(site: Path, *, trust: str, now: str, key: str, person: str) -> Iterator[acts.Desk]:
    """Give the judged site to whoever holds the key, as the options of every signing command say."""
    with (
        progress() as show,
        acts.desk(site, gate_options(trust, "", now), key=key, person=person, progress=show) as desk,
    ):
        yield desk
