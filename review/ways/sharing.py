"""Send what was signed to the site's remote, so that the next person finds it; and fetch what others sent, before signing.

What was signed is never touched: where others were quicker, an unsigned merge brings both lines together.
"""

from __future__ import annotations

import datetime as dt
import time

from review.errors import HistoryError, QianfaError, Refused, Undelivered
from review.history.merging import bring_together, follow
from review.history.objects import ObjectStore
from review.history.remotes import Route, fetch, followed_remote, head_of, push, route_of
from review.history.repository import Repository
from review.messages import t
from review.model.settings import Settings

_TRIES = 6
_PAUSE = 0.1
"""Seconds to wait while another push is being taken; twice as long each time."""


def deliver(
    repository: Repository, settings: Settings, wanted: bool | None, *, now: dt.datetime, asks: bool = False
) -> str:
    """Push the branch where `wanted` says so, or the site's settings where it says nothing. Return where it went, or nothing.

    `asks` says that somebody is there to type a password. `Undelivered` where it could not be sent; the commit stays.
    """
    if not is_wanted(settings, wanted):
        return ""
    try:
        return _deliver(repository, settings.remote, now, asks=asks)
    except (HistoryError, Undelivered) as error:
        raise not_sent(error) from None


def not_sent(error: QianfaError) -> Undelivered:
    """Return what kept something from being sent, said to somebody who has just signed."""
    return Undelivered(
        t("what you signed is in the commit here, but was not sent: {why}", why=error.what),
        where=error.where,
        hint=error.hint,
    )


def _deliver(repository: Repository, remote: str, now: dt.datetime, *, asks: bool) -> str:
    route = route_of(repository, remote, asks=asks)
    for attempt in range(_TRIES):
        ours = head_of(repository)
        if push(route, ours).taken:
            return route.name
        if not _follow_remote(route, ours, now):
            time.sleep(_PAUSE * 2**attempt)  # nothing new yet: another push holds the lock
    raise Undelivered(
        t("others kept sending at the same moment"), where=route.name, hint=t("send it in a moment: git push")
    )


def catch_up(
    repository: Repository, wanted: bool | None, *, now: dt.datetime, asks: bool = False
) -> Undelivered | None:
    """Where the command line says to send what will be signed, fetch what others sent, so that nobody signs what is out of date.

    No file has a say in it: which settings are in force is known only once the site is judged, and what is fetched is merged
    before that. So it comes from the remote that the branch follows. Return why that could not be asked, where it could not:
    one can sign off line. `Refused` where what others sent and what is here do not go together: then a signature made here
    could not be sent.
    """
    if wanted is not True:
        return None
    try:
        route = route_of(repository, followed_remote(repository), asks=asks)
        ours, theirs = head_of(repository), fetch(route)
    except Undelivered as error:
        return error
    try:
        _bring_in(route, ours, theirs, now)
    except (HistoryError, Undelivered) as error:
        raise Refused(
            t("nothing was signed: {why}", why=error.what),
            where=error.where or route.name,
            hint=t("{hint}; or sign without sending: --no-push", hint=error.hint),
        ) from None
    return None


def _follow_remote(route: Route, ours: str, now: dt.datetime) -> bool:
    """Bring in what the remote has, and tell whether there was anything new."""
    try:
        return _bring_in(route, ours, fetch(route), now)
    except Undelivered as error:
        raise Undelivered(error.what, where=error.where or route.name, hint=error.hint) from None


def _bring_in(route: Route, ours: str, theirs: str, now: dt.datetime) -> bool:
    if not theirs or theirs == ours:
        return False
    with ObjectStore(route.repository.objects) as store:
        both = bring_together(route.repository, store, ours, theirs, now)
    if both == ours:
        return False
    follow(route.repository, ours, both)
    return True


def is_wanted(settings: Settings, wanted: bool | None) -> bool:
    """Tell whether to send: as the command line says, or the site's settings where it says nothing."""
    return settings.push if wanted is None else wanted
