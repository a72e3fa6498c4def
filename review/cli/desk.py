"""Sit down to look or to sign, with progress on the screen until the key is asked for. No command here."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from review import pipeline
from review.cli.options import Asking, Signing
from review.cli.screen import complain, progress, say
from review.cli.signing import asking, say_sentence
from review.errors import QianfaError, Undelivered
from review.gate.bench import Bench
from review.history.remotes import followed_remote
from review.history.repository import Repository, open_repository
from review.history.unfinished import check_nothing_unfinished
from review.messages import t
from review.model.settings import Settings
from review.ways import acts, sharing

_NO_PIN = t(
    "Note: no trust pin is set, so this may be the policy of other administrators than you think. "
    "Ask them for it, then: export QIANFA_TRUST=sha256:…"
)


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
    """Give the judged site to whoever holds the key; what was signed goes to the remote where that is wanted.

    There, what others sent is brought in first. What was signed before something is refused, or before the person has
    had enough, is sent all the same.
    """
    repository = open_repository(given.site)
    repository.check_work_tree()
    check_nothing_unfinished(repository)
    away = before_signing(repository, given)
    with (
        progress() as show,
        acts.desk(given.site, given.gate, key=given.key, person=given.person, progress=show) as desk,
    ):
        if not given.trust and asking(given):
            say_sentence(_NO_PIN)
        try:
            yield desk
        except (QianfaError, typer.Abort, typer.Exit):
            if desk.made:
                try:
                    after_signing(desk.repository, desk.settings, given, away)
                except Undelivered as error:
                    complain(error)
            raise
        if desk.made:
            after_signing(desk.repository, desk.settings, given, away)


def before_signing(repository: Repository, given: Signing) -> Undelivered | None:
    """Bring in what others sent, where --push says to send what will be signed. Return why that could not be, off line."""
    return sharing.catch_up(repository, given.push, now=_now(), asks=_somebody_is_there())


def after_signing(repository: Repository, settings: Settings, given: Signing, away: Undelivered | None = None) -> None:
    """Send what was signed, where that is wanted, and say where it went; `Undelivered` where it could not be sent.

    `away` is why the remote could not be asked before: then it is not asked again. Programs that want one JSON object
    learn from the exit status whether it was sent.
    """
    if away is not None and settings.remote == followed_remote(repository):
        raise sharing.not_sent(away)
    where = sharing.deliver(repository, settings, given.push, now=_now(), asks=_somebody_is_there())
    if where and not given.json:
        say(t("sent to {where}", where=where))


def _now() -> dt.datetime:
    """Return the present: --now is about the verdict, not about when a merge was made."""
    return dt.datetime.now(dt.UTC)


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
