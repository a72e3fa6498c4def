"""What authors do: begin a post, take posts from elsewhere, hand them in."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from review import acts, pipeline
from review.actions import drafting, sign_offs
from review.actions.import_folder import read_folder
from review.actions.importing import import_posts
from review.cli import options
from review.cli.desk import at_desk
from review.cli.options import Signing, spread
from review.cli.screen import answer, progress, say
from review.errors import Blocked, Refused
from review.formats.records import serialise_header
from review.history.repository import open_repository
from review.history.signing_keys import absolute, fingerprint_of
from review.history.work_tree import stems_of
from review.history.writing import SigningKey
from review.messages import t
from review.model.paths import record_of
from review.model.policies import Policy

Unit = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help="The submitting unit; yours, found by your key, if left out.")
]
Kind = Annotated[str, typer.Option("--kind", help="article, video, topic, reply: a kind that workflows.yaml knows.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("new")(new)
    app.command("import")(import_folder)
    app.command("submit")(submit)


def new(
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="The column's id, such as popular-science/activities.")
    ],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title; the file name is made from it.")],
    unit: Unit = "",
    kind: Kind = "article",
    planned: Annotated[str, typer.Option("--planned", metavar="INSTANT", help="Not online before.")] = "",
    expires: Annotated[str, typer.Option("--expires", metavar="DATE", help="Not online from that date on.")] = "",
    major: Annotated[bool, typer.Option("--major", help="A major matter, with its own chain.")] = False,
    key: options.Key = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> None:
    """Begin a post: its file and its record. Example: qianfa new news '春季科普讲座'"""
    with _policy(site, trust, now) as (policy, today):
        files = drafting.draft(
            policy,
            column=column,
            title=title,
            unit=unit or _unit_of(site, key, policy),
            kind=kind,
            today=today,
            taken=stems_of(site, column),
            planned=planned,
            expires=expires,
            major=major,
        )
        acts.write_drafts(site, files)
    post = next(iter(files))
    say(t("{post} is there; write it, then hand it in with: qianfa submit {post}", post=post))


def import_folder(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="A folder of Markdown from Jekyll, Hugo, Hexo, Pelican or elsewhere."),
    ],
    column: Annotated[str, typer.Option("--column", metavar="COLUMN", help="The column that the posts go to.")],
    unit: Unit = "",
    kind: Kind = "article",
    key: options.Key = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> int:
    """Take posts from elsewhere as drafts; what has no place here is listed. Example: qianfa import old/_posts --column news"""
    with _policy(site, trust, now) as (policy, today):
        header = drafting.checked_header(
            policy, column=column, unit=unit or _unit_of(site, key, policy), kind=kind, today=today
        )
        children = {child.rpartition("/")[2] for child in policy.columns.columns[column].children}
        imported = import_posts(read_folder(folder), column=column, taken={*stems_of(site, column), *children})
        files: dict[str, bytes] = {}
        for post in imported.posts:
            files[post.path] = post.data
            files[record_of(post.path)] = serialise_header(header)
            files.update((path, source.read_bytes()) for path, source in post.attachments)
        acts.write_drafts(site, files)
    for note in imported.notes:
        say(f"{note.file}:{note.line}: {note.what}; {note.action}")
    for source, reason in imported.skipped:
        say(t("{source}: skipped, {reason}", source=source, reason=reason))
    attachments = sum(len(post.attachments) for post in imported.posts)
    say(
        t(
            "{count} posts and {attachments} attachments are in content/{column}, {count2} files were skipped",
            count=len(imported.posts),
            attachments=attachments,
            column=column,
            count2=len(imported.skipped),
        )
    )
    return 1 if imported.skipped else 0


@spread
def submit(
    post: Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")],
    given: Signing,
) -> None:
    """Hand a post in: sign it as its drafter. Example: qianfa submit content/news/2026-11-20-a.md"""
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        change = sign_offs.submit(
            desk.bench, item, desk.committed(item), desk.working(item), desk.signer, desk.at, given.note
        )
        done = acts.carry_out(desk, change)
        answer(
            "act",
            done,
            lambda: t(
                "{person} handed in {item} as version {version}  commit {commit}",
                person=done.by,
                item=item,
                version=done.version,
                commit=done.commit[:12],
            ),
            json=given.json,
        )


@contextmanager
def _policy(site: Path, trust: str, now: str) -> Iterator[tuple[Policy, dt.date]]:
    """Give the policy in force and today's date in the site's time zone."""
    given = options.gate_options(trust, "", now)
    with progress() as show:
        report = pipeline.gate(site, "HEAD", given, show)
    if report.policy is None:
        first = report.findings[0]
        raise Blocked(first.message, where=first.code, hint=first.hint)
    policy = report.policy.policy
    yield policy, given.now.astimezone(zoneinfo.ZoneInfo(policy.columns.site.timezone)).date()


def _unit_of(site: Path, key: str, policy: Policy) -> str:
    """Return the one unit that whoever holds the key drafts for."""
    fingerprint = fingerprint_of(open_repository(site), SigningKey(path=absolute(key)))
    person = policy.people.owners.get(fingerprint, "")
    drafting_offices = {office.name for flow in policy.workflows.workflows for office in flow.stages[0].by}
    units = [
        office.place
        for office in (policy.people.people[person].offices if person else ())
        if office.name in drafting_offices and office.place in policy.people.units
    ]
    if len(units) != 1:
        which = "drafts for no unit" if not units else f"drafts for {', '.join(units)}"
        raise Refused(
            f"{person or 'whoever holds this key'} {which}", where="people.yaml", hint=t("say which with --unit")
        )
    return units[0]
