"""`qianfa check`: what reviewers and the gate will object to, before anything is committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from review.actions.change import Signer
from review.actions.drafting import units_of
from review.cli.desk import looking
from review.cli.language import told
from review.cli.lines import one_line, paragraph
from review.cli.options import Naming, spread
from review.cli.screen import hand_over, say
from review.errors import Refused, UnusableSite
from review.formats.documents import document
from review.history.repository import Repository
from review.messages import t, typed
from review.model.people import People
from review.views.objections import Objection
from review.ways import checking
from review.ways.acts import post_named
from review.ways.checking import Checked
from review.ways.identity import identify


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check found. `signer` is whose signature was foreseen, empty where nobody's was and `unsigned` says why."""

    posts: tuple[Checked, ...]
    fast: bool
    signer: str = ""
    unsigned: str = ""

    @property
    def objections(self) -> tuple[Objection, ...]:
        """All that was objected to."""
        return tuple(one for post in self.posts for one in post.objections)


@spread
def check(
    given: Naming,
    posts: Annotated[
        list[str] | None, typer.Argument(metavar="POST", help="Posts; all that changed here if left out.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Do not read the history: a hint in a moment.")] = False,
    staged: Annotated[
        bool,
        typer.Option("--staged", help="Check what git would commit now, fast; for hooks, silent where all is well."),
    ] = False,
) -> int:
    """Say what reviewers and the gate will object to. Example: qianfa check content/news/2026-11-20-a.md"""
    items = [post_named(given.site, post) for post in posts or []]
    found = _fast(given, items, staged=staged) if fast or staged else _full(given, items)
    refused = any(one.severity == "refuse" for one in found.objections)
    if given.json:
        hand_over(document("check", found))
    elif found.objections or not staged:
        say("\n".join(_lines(found)))
    return int(refused)


def _fast(given: Naming, items: Sequence[str], *, staged: bool) -> Check:
    return Check(posts=checking.check_files(given.site, items, given.gate.now, staged=staged), fast=True)


def _full(given: Naming, items: Sequence[str]) -> Check:
    with looking(given) as (session, bench):
        signer, why = _signer(session.repository, bench.in_force.policy.people, given)
        if signer and not units_of(bench.in_force.policy, signer.person):
            why = t("{person} drafts for no unit", person=signer.person)
        return Check(
            posts=checking.check(session, bench, items, signer),
            fast=False,
            signer=signer.person if signer else "",
            unsigned=why,
        )


def _signer(repository: Repository, people: People, given: Naming) -> tuple[Signer | None, str]:
    """Return whose signature to foresee; where that cannot be told, why."""
    try:
        who = identify(repository, people, key=given.key, named=given.person, looking=True)
    except (Refused, UnusableSite) as error:
        if given.key or given.person:
            raise
        return None, error.what
    return Signer(person=who.person, key=who.fingerprint), ""


def _lines(found: Check) -> Iterator[str]:
    """Yield the answer in words: each objection as editors read places, then what it comes to."""
    for one in found.objections:
        yield from _objection(one)
    refused = sum(one.severity == "refuse" for one in found.objections)
    warned = len(found.objections) - refused
    items = [post for post in found.posts if post.item]
    if found.objections:
        yield ""
    if not items and not found.objections:
        yield told(t("Nothing here differs from what is committed."))
    elif found.unsigned and not refused:
        yield from paragraph(
            t(
                "Your signature was not tried ({why}), and may be refused; nothing else would be. Worth a look: {warned}.",
                why=found.unsigned,
                warned=warned,
            )
        )
    elif refused:
        yield told(
            t(
                "It would be refused as it is, for so many reasons: {refused}. Worth a look: {warned}.",
                refused=refused,
                warned=warned,
            )
        )
    elif warned:
        yield told(t("Nothing would be refused. Worth a look: {warned}.", warned=warned))
    else:
        yield told(t("Nothing to object to."))
    yield from _next(found, items, refused=bool(refused))


def _next(found: Check, items: Sequence[Checked], *, refused: bool) -> Iterator[str]:
    if found.unsigned and refused:
        yield from paragraph(t("Nobody's signature was tried: {why}.", why=found.unsigned))
    waiting = [post.item for post in items if not post.settled]
    if waiting and not refused and not found.fast:
        yield told(t("Next: qianfa submit {item}", item=typed(waiting[0] if len(waiting) == 1 else "POST")))


def _objection(one: Objection) -> Iterator[str]:
    place = f"{one.path}:{one.line}" if one.line else one.path
    weight = t("refused") if one.severity == "refuse" else t("worth a look")
    yield one_line(t("{place}: {weight}: {what}", place=place, weight=weight, what=one.what))
    if one.hint:
        yield from paragraph(t("-> {hint}", hint=one.hint), indent=4)
