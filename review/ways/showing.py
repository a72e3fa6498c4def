"""The way to a post as its signer must see it: its bytes, what was signed before, and what a signature would mean."""

from __future__ import annotations

from contextlib import suppress

from review.actions import sign_offs
from review.actions.change import Signer
from review.actions.post_files import differing
from review.errors import QianfaError, Refused, UnusableSite
from review.gate.bench import Bench
from review.gate.chains import held_by
from review.gate.versions import Story, Version, tell
from review.history.work_tree import item_files
from review.messages import listed, t, typed
from review.model.evidence import Snapshot
from review.model.paths import record_of
from review.model.reports import ItemReport
from review.model.workflows import DRAFT
from review.pipeline import Session
from review.views.changes import Content
from review.views.post_view import Before, PostView, last_signed_by, post_view
from review.ways.acts import committed_files
from review.ways.committing import outdated


def look_at(session: Session, bench: Bench, item: str, *, person: str = "", version: int = 0) -> PostView:
    """Return a post as `person` must see it before they sign: the files at the commit, or those of a version signed.

    `person` is empty where nobody knows who asks; then nobody's last signature is compared with. `UnusableSite` where there is
    no such post or version.
    """
    report = next((one for one in session.report.items if one.item == item), None)
    if report is None:
        raise UnusableSite(
            t("there is no such post in the commit"),
            where=item,
            hint=t("hand it in first: qianfa submit {item}", item=typed(item)),
        )
    story = tell(item, bench)
    chosen = _version(story, version)
    head = bench.evidence.head.posts.get(item)
    newest = chosen or story.newest
    snapshot = head if head is not None and chosen is None else newest.chain.snapshot if newest else None
    if snapshot is None:
        raise UnusableSite(
            t("no commit holds its files any more"), where=item, hint=t("see what is wrong with: qianfa gate")
        )
    signed = newest is not None and newest.chain.last.statement.manifest == snapshot.manifest
    return post_view(
        bench,
        report,
        content_of(session, snapshot),
        snapshot.header,
        snapshot.manifest,
        shown_version=newest.number if newest and signed else 0,
        chain=newest.chain if newest else None,
        asker=person,
        meaning=_meaning(session, bench, report, person) if chosen is None else "",
        live=_live(session, story, report, snapshot),
        mine=_mine(session, bench, story, person),
        uncommitted=_uncommitted(session, item),
        findings=[one for one in session.report.findings if one.item == item],
    )


def content_of(session: Session, snapshot: Snapshot) -> Content:
    """Return a snapshot with the bytes of its post; empty where the files are none that could be signed."""
    trees = session.trees
    post = trees.bytes_of(snapshot.files[0].blob) if trees and snapshot.files else b""
    header = snapshot.header.raw if snapshot.header else {}
    return Content(header=header, post=post, files=snapshot.files)


def _version(story: Story, number: int) -> Version | None:
    if not number:
        return None
    if number not in story.versions:
        raise UnusableSite(
            t("there is no version {number} of it", number=number),
            where=story.item,
            hint=t("versions signed: {versions}", versions=listed(map(str, story.versions)) or t("none")),
        )
    return story.versions[number]


def _live(session: Session, story: Story, report: ItemReport, snapshot: Snapshot) -> Before | None:
    live = story.versions.get(report.live_version)
    if live is None or live.chain.snapshot is None or live.chain.snapshot.manifest == snapshot.manifest:
        return None
    return Before(content=content_of(session, live.chain.snapshot), signed=live.chain.last)


def _mine(session: Session, bench: Bench, story: Story, person: str) -> Before | None:
    signed = last_signed_by(person, story, bench) if person else None
    if signed is None:
        return None
    snapshot, _ = held_by(story.item, (signed,), bench)
    return Before(content=content_of(session, snapshot), signed=signed) if snapshot else None


def _meaning(session: Session, bench: Bench, report: ItemReport, person: str) -> str:
    """Return what the person's signature would stand for; empty where it is not their turn."""
    waits = report.awaiting
    if waits is None or person not in waits.people or waits.stage == DRAFT:
        return ""
    files = committed_files(session, report.item)
    with suppress(Refused):
        signer = Signer(person=person, key="")
        return sign_offs.approve(bench, report.item, files, files, signer, bench.now, "", amend=False).meaning
    return ""


def _uncommitted(session: Session, item: str) -> list[str]:
    """Return the files of the item that the work tree has otherwise than the commit."""
    if session.repository.bare:
        return []
    with suppress(QianfaError, OSError):
        committed, here = committed_files(session, item), item_files(session.repository.path, item)
        path = record_of(item)
        if path in here and path in committed and outdated(here[path][1], committed[path][1], item):
            here[path] = committed[path]
        return differing(committed, here)
    return []
