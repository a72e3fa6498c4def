"""Where my posts are: those of the units I hold an office in, and those I drafted, what moved last first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.gate.bench import Bench
from review.gate.counting import Signed, count
from review.gate.items import links_of
from review.gate.versions import tell
from review.model.reports import Link, State
from review.model.statements import Statement
from review.model.workflows import DRAFT
from review.views.moments import NEVER, local, order, zone_of
from review.views.names import Someone, someone
from review.views.standing import Standing, stage_title

_NEXT: Mapping[State, str] = {
    "in-review": "approve",
    "draft": "submit",
    "returned": "revise",
    "refused": "check",
    "live": "revise",
    "expired": "revise",
    "withdrawn": "revise",
}
"""What somebody can do in each state; one that is signed and scheduled waits for its time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that is next, and who could run it, as far as that is known; `mine` where whoever asked is one of them."""

    verb: str
    people: tuple[Someone, ...]
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One sign-off of a chain: who stands for it, and who relayed it where it came on paper."""

    stage: str
    stage_title: str
    person: Someone
    by: str
    at: str
    note: str
    stands_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A post, when somebody last signed something about it (empty for never), and what is next.

    `chain` are the sign-offs of the newest version.
    """

    post: Standing
    active: str
    chain: tuple[Signature, ...]
    next: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The posts asked for. `person` is None where nobody in particular asked."""

    person: Someone | None
    now: str
    posts: tuple[Tracked, ...]


def status_of(person: Someone | None, posts: Iterable[Standing], bench: Bench) -> Status:
    """Return where these posts are, what nobody has signed yet first, then what moved last."""
    zone = zone_of(bench)
    posts = tuple(posts)
    moved = {post.item: last_act(post.item, bench) for post in posts}
    tracked = [
        Tracked(
            post=post,
            active=local(moved[post.item], zone),
            chain=tuple(signature(link, post, bench) for link in _newest_chain(post, bench)),
            next=next_step(post, person),
        )
        for post in posts
    ]
    return Status(
        person=person,
        now=local(bench.now.isoformat(timespec="seconds"), zone),
        posts=tuple(sorted(tracked, key=_newest_first)),
    )


def _newest_chain(post: Standing, bench: Bench) -> tuple[Link, ...]:
    if post.live_version in (0, post.version):  # then the report has it
        return post.chain
    newest = tell(post.item, bench).newest
    return links_of(newest.chain, bench) if newest else ()


def signature(link: Link, post: Standing, bench: Bench) -> Signature:
    """Return a sign-off of a post's chain with the names of its stage and its people."""
    snapshot = bench.evidence.head.posts.get(post.item)
    return Signature(
        stage=link.stage,
        stage_title=stage_title(link.stage, snapshot.header if snapshot else None, bench),
        person=someone(link.person, bench),
        by=link.by,
        at=local(link.at, zone_of(bench)),
        note=link.note,
        stands_in=link.stands_in,
    )


def _newest_first(one: Tracked) -> tuple[bool, dt.timedelta, str]:
    return bool(one.active), NEVER - order(one.active), one.post.item


def units_of(person: str, bench: Bench) -> frozenset[str]:
    """Return the units in which a person holds an office, or in whose group."""
    people = bench.in_force.policy.people
    held = {office.place for office in people.people[person].offices} if person in people.people else set()
    return frozenset(unit.id for unit in people.units.values() if held & {unit.id, unit.group})


def drafted_by(item: str, person: str, bench: Bench) -> bool:
    """Tell whether the person ever signed a draft of the item."""
    return any(
        isinstance(count(made, bench), Signed)
        for made in bench.evidence.of(item)
        if made.statement.stage == DRAFT and made.statement.person == person
    )


def last_act(item: str, bench: Bench) -> str:
    """Return when somebody last signed something that counts, as they said it; empty for never."""
    return max((said.at for said in _said(item, bench)), key=order, default="")


def _said(item: str, bench: Bench) -> Iterable[Statement]:
    counted = (count(made, bench) for made in bench.evidence.of(item))
    return (one.statement for one in counted if isinstance(one, Signed))


def next_step(post: Standing, person: Someone | None) -> Step | None:
    """Return the command that is next and who could run it; None where only time has to pass, or nobody can."""
    verb = _NEXT.get(post.state, "")
    if post.work_tree in ("edited", "new") and post.state != "in-review":
        verb = "submit"
    if not verb or (verb == "approve" and not post.people):
        return None
    mine = person is not None and any(one.id == person.id for one in post.people)
    return Step(verb=verb, people=post.people, mine=mine)
