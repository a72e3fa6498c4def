"""What heads, reviewers and leaders do: approve, return, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review import acts
from review.actions import sign_offs
from review.cli import options
from review.cli.desk import at_desk
from review.cli.screen import say
from review.messages import t

Post = Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("approve")(approve)
    app.command("return")(send_back)
    app.command("withdraw")(withdraw)


def approve(
    post: Post,
    note: options.Note = "",
    amend: Annotated[
        bool, typer.Option("--amend", help="Sign the files as you changed them, where the stage allows it.")
    ] = False,
    key: options.Key = "",
    person: options.As = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> None:
    """Sign the stage that is next. Example: qianfa approve content/news/2026-11-20-a.md"""
    item = acts.post_named(site, post)
    with at_desk(site, trust=trust, now=now, key=key, person=person) as desk:
        change = sign_offs.approve(
            desk.bench, item, desk.committed(item), desk.working(item), desk.signer, desk.at, note, amend=amend
        )
        _done(acts.carry_out(desk, change), change.statement.stage, item, desk)


def send_back(
    post: Post,
    note: options.Note = "",
    key: options.Key = "",
    person: options.As = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> None:
    """Return a post to its drafter, with the reason. Example: qianfa return content/news/a.md --note '标题过长'"""
    item = acts.post_named(site, post)
    with at_desk(site, trust=trust, now=now, key=key, person=person) as desk:
        change = sign_offs.send_back(desk.bench, item, desk.committed(item), desk.signer, desk.at, note)
        _done(acts.carry_out(desk, change), "return", item, desk)


def withdraw(
    post: Post,
    note: options.Note = "",
    key: options.Key = "",
    person: options.As = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> None:
    """Take a post off the site, with the reason. Example: qianfa withdraw content/news/a.md --note '数据有误'"""
    item = acts.post_named(site, post)
    with at_desk(site, trust=trust, now=now, key=key, person=person) as desk:
        change = sign_offs.withdraw(desk.bench, item, desk.committed(item), desk.signer, desk.at, note)
        _done(acts.carry_out(desk, change), "withdraw", item, desk)


def _done(commit: str, what: str, item: str, desk: acts.Desk) -> None:
    say(
        t(
            "{person} signed {what}: {item}  commit {commit}",
            person=desk.signer.person,
            what=what,
            item=item,
            commit=commit[:12],
        )
    )
