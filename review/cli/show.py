"""Show a post as whoever signs it must see it: its form, its text, what changed."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from review.cli.desk import looking
from review.cli.options import Naming, spread
from review.cli.page import Page
from review.cli.screen import hand_over, say
from review.cli.show_text import show as show_on
from review.errors import Refused
from review.formats.documents import document
from review.gate.bench import Bench
from review.pipeline import Session
from review.views.post_view import PostView
from review.ways import acts, shown
from review.ways.identity import asker
from review.ways.showing import look_at


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("show")(show)


@spread
def show(
    posts: Annotated[
        list[str], typer.Argument(metavar="POST...", help="The post, such as content/news/2026-11-20-a.md, or several.")
    ],
    given: Naming,
    version: Annotated[
        int | None,
        typer.Option("--version", metavar="N", min=1, help="A version that was signed; what is next if left out."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="The text as it is written, not as it will look.")] = False,
) -> None:
    """Show a post as its signer must see it, and what changed. Example: qianfa show content/news/2026-11-20-a.md"""
    items = list(dict.fromkeys(acts.post_named(given.site, post) for post in posts))
    with looking(given) as (session, bench):
        person = _who(session, bench, given)
        views = [look_at(session, bench, item, person=person, version=version or 0) for item in items]
        if given.json:
            hand_over(document("show", views[0]) if len(views) == 1 else document("shows", views))
        for number, view in enumerate(views):
            if not given.json:
                if number:
                    say("\n")
                show_on(view, Page(), plain=plain)
            note(session, view, person)


def note(session: Session, view: PostView, person: str) -> None:
    """Remember that this content was shown to this person, if they are known and the content can be signed."""
    if person and view.manifest:
        shown.note(session.repository, view.manifest, person)


def _who(session: Session, bench: Bench, given: Naming) -> str:
    """Return who asks; empty where nobody knows, for reading needs no key."""
    people = bench.in_force.policy.people
    if given.key or given.person:
        return asker(session.repository, people, key=given.key, named=given.person)
    with suppress(Refused):
        return asker(session.repository, people)
    return ""
