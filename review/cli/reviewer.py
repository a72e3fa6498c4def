"""What heads, reviewers and leaders do: approve, return, withdraw."""

from __future__ import annotations

from typing import Annotated

import typer

from review import acts
from review.actions import sign_offs
from review.cli.desk import at_desk
from review.cli.options import Signing, spread
from review.cli.screen import answer
from review.messages import t

Post = Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("approve")(approve)
    app.command("return")(send_back)
    app.command("withdraw")(withdraw)


@spread
def approve(
    post: Post,
    given: Signing,
    amend: Annotated[
        bool, typer.Option("--amend", help="Sign the files as you changed them, where the stage allows it.")
    ] = False,
) -> None:
    """Sign the stage that is next. Example: qianfa approve content/news/2026-11-20-a.md"""
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        change = sign_offs.approve(
            desk.bench, item, desk.committed(item), desk.working(item), desk.signer, desk.at, given.note, amend=amend
        )
        _said(acts.carry_out(desk, change), change.statement.stage, given)


@spread
def send_back(post: Post, given: Signing) -> None:
    """Return a post to its drafter, with the reason. Example: qianfa return content/news/a.md --note '标题过长'"""
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        change = sign_offs.send_back(desk.bench, item, desk.committed(item), desk.signer, desk.at, given.note)
        _said(acts.carry_out(desk, change), "return", given)


@spread
def withdraw(post: Post, given: Signing) -> None:
    """Take a post off the site, with the reason. Example: qianfa withdraw content/news/a.md --note '数据有误'"""
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        change = sign_offs.withdraw(desk.bench, item, desk.committed(item), desk.signer, desk.at, given.note)
        _said(acts.carry_out(desk, change), "withdraw", given)


def _said(done: acts.Done, what: str, given: Signing) -> None:
    answer(
        "act",
        done,
        lambda: t(
            "{person} signed {what}: {item}  commit {commit}",
            person=done.by,
            what=what,
            item=done.item,
            commit=done.commit[:12],
        ),
        json=given.json,
    )
