"""What heads, reviewers, leaders and the publisher sign: approve, return, publish, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

import typer

from review.actions import sign_offs
from review.actions.change import Change, ask
from review.actions.turns import could_sign, is_last, next_turn
from review.cli.amending import approve_edited
from review.cli.desk import at_desk
from review.cli.lines import one_line
from review.cli.options import Signing, spread
from review.cli.outside import refuse_without_films
from review.cli.prompting import ask_yes
from review.cli.screen import answer, say
from review.cli.signing import (
    FEW,
    Acts,
    Make,
    asked_reason,
    asked_why_returned,
    asking,
    carry_out_all,
    first_few,
    moment,
    say_sentence,
    sign_one,
    sign_several,
)
from review.errors import QianfaError, Refused, UnusableSite
from review.gate.versions import tell
from review.messages import listed, t, typed
from review.model.reports import ItemReport
from review.ways import acts

Post = Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")]
Posts = Annotated[list[str], typer.Argument(metavar="POST...", help="The post, or several that you have been shown.")]
_ANY_REASON = "…"
"""Stands for a reason that is still to be given."""

OVER = ("expired", "withdrawn")
"""States of posts that a withdrawal would change nothing about."""


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("approve")(approve)
    app.command("return")(send_back)
    app.command("publish")(publish)
    app.command("withdraw")(withdraw)


@spread
def approve(
    posts: Posts,
    given: Signing,
    amend: Annotated[
        bool, typer.Option("--amend", help="Sign the files as you changed them, where the stage allows it.")
    ] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Open your editor on the post first, where the stage allows changes.")
    ] = False,
) -> int:
    """Sign the stage that is next. Example: qianfa approve content/news/2026-11-20-a.md"""
    items = _named(given, posts)
    if len(items) > 1 and (amend or edit):
        raise UnusableSite(t("changes are signed post by post"), where="--edit" if edit else "--amend")
    with at_desk(given) as desk:
        if edit:
            return approve_edited(desk, given, items[0])
        make = _approving(desk, given, amend=amend)
        if len(items) > 1:
            return sign_several(desk, given, items, make)
        change = make(items[0])
        refuse_without_films(desk, given, change)
        return sign_one(desk, given, change)


@spread
def send_back(
    post: Post,
    given: Signing,
    to: Annotated[
        str, typer.Option("--to", metavar="STAGE", help="Where it goes back to: its draft, and nowhere else.")
    ] = "draft",
) -> int:
    """Return a post to its drafter, with the reason. Example: qianfa return content/news/a.md --to draft --note '标题过长'"""
    item = acts.post_named(given.site, post)
    if to != "draft":
        raise UnusableSite(
            t("a return ends the version, so it can only go back to its draft, not to {to}", to=repr(to)),
            where="--to",
            hint=t("say --to draft, and in the note what should be changed"),
        )
    with at_desk(given) as desk:

        def make(note: str) -> Change:
            files = desk.committed(item)
            return sign_offs.send_back(desk.bench, item, files, desk.signer, moment(desk, given), note)

        return sign_one(desk, given, make(_note(given, make, asked_why_returned)))


@spread
def publish(
    given: Signing,
    posts: Annotated[
        list[str] | None, typer.Argument(metavar="[POST]...", help="Posts that wait for their last stage.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait for you to sign their last stage.")] = False,
) -> int:
    """Sign the last stage, after which a post is online. Example: qianfa publish content/news/2026-11-20-a.md"""
    named = _named(given, posts or [])
    if named and every:
        raise UnusableSite(t("name posts or say --all, not both"), where="--all")
    if not named and not every and not asking(given):
        raise UnusableSite(t("nobody said what to publish"), hint=t("name the posts, or say --all"))
    with at_desk(given) as desk:
        approving = _approving(desk, given, amend=False)

        def make(item: str) -> Change:
            _check_last(desk, item)
            return approving(item)

        if len(named) == 1:
            return sign_one(desk, given, make(named[0]))
        items = named or [one.item for one in desk.session.report.items if _waits_for_the_last(desk, one)]
        if not items:
            answer("acts", Acts(done=(), failed=(), left=()), lambda: _none_waits(desk), json=given.json)
            return 0
        return sign_several(desk, given, items, make)


@spread
def withdraw(
    given: Signing,
    post: Annotated[str, typer.Argument(metavar="[POST]", help="The post that is to go off the site.")] = "",
    all_of: Annotated[
        str,
        typer.Option(
            "--all-of", metavar="UNIT", help="Every post that this unit submitted and that is signed through."
        ),
    ] = "",
) -> int:
    """Take a post off the site, with the reason. Example: qianfa withdraw content/news/a.md --note '数据有误'"""
    if bool(post) == bool(all_of):
        raise UnusableSite(t("name either a post or a unit"), hint=t("qianfa withdraw POST, or --all-of UNIT"))
    item = acts.post_named(given.site, post) if post else ""
    with at_desk(given) as desk:

        def withdrawing(item: str, note: str) -> Change:
            files = desk.committed(item)
            return sign_offs.withdraw(desk.bench, item, files, desk.signer, moment(desk, given), note)

        if not item:
            return _withdraw_all(desk, given, all_of, withdrawing)
        note = _note(given, partial(withdrawing, item), _asked_why_withdrawn)
        return _build_is_next(given, sign_one(desk, given, withdrawing(item, note)))


def _asked_why_withdrawn() -> str:
    question = t("Why is it withdrawn? Everyone will be able to read it.")
    return asked_reason(question, without=t("a withdrawal needs its reason"))


def _note(given: Signing, foresee: Callable[[str], Change], asked: Callable[[], str]) -> str:
    """Return the reason that was given, or ask for it where somebody is there, unless it would be for nothing."""
    if given.note.strip() or not asking(given):
        return given.note
    foresee(_ANY_REASON)
    return asked()


def _build_is_next(given: Signing, status: int) -> int:
    """Say what takes a page off the site, where it was withdrawn."""
    if status == 0 and not given.json:
        say(t("The page is gone once the site is built again: qianfa build --output DIR"))
    return status


def _withdraw_all(desk: acts.Desk, given: Signing, unit: str, withdrawing: Callable[[str, str], Change]) -> int:
    """Withdraw what a unit has online, or signed through for later, after one question for all."""
    if unit not in desk.bench.in_force.policy.people.units:
        raise UnusableSite(
            t("there is no unit {unit}", unit=repr(unit)),
            where="--all-of",
            hint=t("units are {units}", units=listed(desk.bench.in_force.policy.people.units)),
        )
    items = [one.item for one in desk.session.report.items if one.state not in OVER and _stands(desk, one, unit)]
    changes: list[Change] = []
    failed: list[tuple[str, QianfaError]] = []
    note = _note(given, partial(withdrawing, items[0]), _asked_why_withdrawn) if items else given.note
    for item in items:
        try:
            changes.append(withdrawing(item, note))
        except QianfaError as error:
            failed.append((item, error))
    if failed and not changes:
        raise failed[0][1]
    if changes and not given.yes and not asking(given):
        if len(changes) > FEW and not given.json:
            say("\n".join(typed(one.statement.item) for one in changes))
        raise Refused(
            t(
                "{count} posts of {unit} would go off the site: {posts}",
                count=len(changes),
                unit=unit,
                posts=first_few([one.statement.item for one in changes]),
            ),
            hint=t("say --yes if all of them are to"),
        )
    if asking(given) and changes:
        for change in changes:
            say_sentence(change.meaning)
        if not ask_yes(t("Withdraw these {count} posts?", count=len(changes)), default=False):
            say(t("Nothing was signed."))
            return 1
    if not changes:
        nothing = t("No post of {unit} is online or waits for its time.", unit=unit)
        answer("acts", Acts(done=(), failed=(), left=()), lambda: nothing, json=given.json)
        return 0
    carry_out_all(desk, given, changes, failed)
    return _build_is_next(given, int(bool(failed)))


def _stands(desk: acts.Desk, one: ItemReport, unit: str) -> bool:
    """Tell whether a version of an item that this unit submitted is signed through and not withdrawn."""
    standing = tell(one.item, desk.bench).standing() if one.version else []
    header = standing[0].chain.snapshot.header if standing and standing[0].chain.snapshot else None
    return header is not None and header.unit == unit


def _approving(desk: acts.Desk, given: Signing, *, amend: bool) -> Make:
    def make(item: str) -> Change:
        files, here = desk.committed(item), desk.working(item)
        at = moment(desk, given)
        return sign_offs.approve(desk.bench, item, files, here, desk.signer, at, given.note, amend=amend)

    return make


def _named(given: Signing, posts: Sequence[str]) -> list[str]:
    """Return the items that are named, each once."""
    return list(dict.fromkeys(acts.post_named(given.site, post) for post in posts))


def _check_last(desk: acts.Desk, item: str) -> None:
    version, stage = next_turn(desk.bench, item)
    if not is_last(desk.bench, version, stage):
        raise Refused(
            t("it waits for {title} ({stage}) before it can be published", title=stage.title, stage=stage.id),
            where=item,
            hint=ask(could_sign(desk.bench, version, stage)),
        )


def _waits_for_the_last(desk: acts.Desk, one: ItemReport) -> bool:
    if one.state != "in-review" or one.awaiting is None or desk.signer.person not in one.awaiting.people:
        return False
    version, stage = next_turn(desk.bench, one.item)
    return is_last(desk.bench, version, stage)


def _none_waits(desk: acts.Desk) -> str:
    return t("Nothing waits for {person} to publish it.", person=one_line(desk.signer.person))
