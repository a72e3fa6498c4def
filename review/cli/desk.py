"""Sit down to look or to sign, with progress on the screen until the key is asked for. No command here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from review import acts, pipeline, sharing
from review.cli.options import Asking, Signing
from review.cli.screen import progress
from review.gate.bench import Bench


@contextmanager
def looking(given: Asking) -> Iterator[tuple[pipeline.Session, Bench]]:
    """Give the judged site and its bench to whoever only looks, after one pass over the history."""
    options = given.gate
    with progress() as show, pipeline.judged(given.site, "HEAD", options, show) as session:
        bench = pipeline.bench_of(session, options)
        show("done", 0, 0)
        yield session, bench


@contextmanager
def at_desk(given: Signing) -> Iterator[acts.Desk]:
    """Give the judged site to whoever holds the key; what was signed goes to the remote where that is wanted."""
    with (
        progress() as show,
        acts.desk(given.site, given.gate, key=given.key, person=given.person, progress=show) as desk,
    ):
        yield desk
        if desk.made:
            sharing.deliver(desk.repository, desk.settings, given.push)
