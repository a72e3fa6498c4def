"""What people mean by the names they type: a post, a unit, a person. Wrong names are answered with near ones. No command here."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from review.cli.options import Naming
from review.errors import UnusableSite
from review.gate.bench import Bench
from review.messages import listed, t
from review.pipeline import Session
from review.views.names import Someone, near, someone
from review.ways.acts import post_named
from review.ways.identity import asker

NO_POST = t("there is no such post")


def meant(site: Path, name: str, names: Collection[str], *, what: str = NO_POST) -> str:
    """Return the item of these that a person names by its path; `UnusableSite` where there is none, with those near it."""
    try:
        item = post_named(site, name)
    except UnusableSite:
        item = name
    if item in names:
        return item
    like = near(item, names)
    hint = t("did you mean {names}?", names=listed(like)) if like else t("posts are content/COLUMN/NAME.md")
    raise UnusableSite(what, where=name, hint=hint)


def check_known(name: str, option: str, names: Collection[str]) -> None:
    """Raise `UnusableSite` where an option names something that is not among the names."""
    if name and name not in names:
        like = near(name, names) or tuple(sorted(names))
        raise UnusableSite(
            t("there is no {name}", name=repr(name)),
            where=option,
            hint=t("it is one of: {names}", names=listed(like)),
        )


def who_asks(given: Naming, session: Session, bench: Bench) -> Someone:
    """Return who asks, by their key or as they say."""
    people = bench.in_force.policy.people
    return someone(asker(session.repository, people, key=given.key, named=given.person), bench)
