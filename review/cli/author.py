"""What authors do: begin a post, check it, take posts from elsewhere, hand them in, begin the next version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from review.actions import drafting, sign_offs
from review.cli import checks, revising
from review.cli import drafting as beginning
from review.cli.desk import at_desk
from review.cli.drafting import Kind, Unit
from review.cli.language import told
from review.cli.options import Naming, Signing, spread
from review.cli.policy_desk import judged_policy
from review.cli.screen import answer, say
from review.cli.signing import asking, confirmed, moment
from review.formats.records import serialise_header
from review.history.work_tree import stems_of
from review.messages import t
from review.model.paths import record_of
from review.ways import acts


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("new")(beginning.new)
    app.command("check")(checks.check)
    app.command("import")(import_folder)
    app.command("submit")(submit)
    app.command("revise")(revising.revise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was lost or changed of one place of a file from elsewhere."""

    file: str
    line: int
    what: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file from elsewhere that was not taken, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What `qianfa import` did."""

    column: str
    posts: tuple[str, ...]
    attachments: int
    notes: tuple[Note, ...]
    skipped: tuple[Skipped, ...]


@spread
def import_folder(
    given: Naming,
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="A folder of Markdown from Jekyll, Hugo, Hexo, Pelican or elsewhere."),
    ],
    column: Annotated[str, typer.Option("--column", metavar="COLUMN", help="The column that the posts go to.")],
    unit: Unit = "",
    kind: Kind = drafting.ARTICLE,
) -> int:
    """Take posts from elsewhere as drafts; what has no place here is listed. Example: qianfa import old/_posts --column news"""
    # Imported here: only whoever imports should wait for the readers of other formats.
    from review.actions.import_folder import read_folder  # noqa: PLC0415
    from review.actions.importing import import_posts  # noqa: PLC0415

    with judged_policy(given) as judged:
        policy = judged.policy
        header = drafting.checked_header(
            policy, column=column, unit=unit or judged.unit(given), kind=kind, today=judged.today
        )
        children = {child.rpartition("/")[2] for child in policy.columns.columns[column].children}
        taken = {*stems_of(given.site, column), *judged.stems(column), *children}
        imported = import_posts(read_folder(folder), column=column, taken=taken)
        files: dict[str, bytes] = {}
        for post in imported.posts:
            files[post.path] = post.data
            files[record_of(post.path)] = serialise_header(header)
            files.update((path, source.read_bytes()) for path, source in post.attachments)
        acts.write_drafts(given.site, files)
    found = Taken(
        column=column,
        posts=tuple(post.path for post in imported.posts),
        attachments=sum(len(post.attachments) for post in imported.posts),
        notes=tuple(Note(file=one.file, line=one.line, what=one.what, action=one.action) for one in imported.notes),
        skipped=tuple(Skipped(file=str(source), reason=reason) for source, reason in imported.skipped),
    )
    answer("import", found, lambda: _taken_text(found), json=given.json)
    return 1 if imported.skipped else 0


def _taken_text(found: Taken) -> str:
    lines = [
        t("{file}:{line}: {what}; {action}", file=one.file, line=one.line, what=one.what, action=one.action)
        for one in found.notes
    ]
    lines += [t("{source}: skipped, {reason}", source=one.file, reason=one.reason) for one in found.skipped]
    lines.append(
        t(
            "{count} posts and {attachments} attachments are in content/{column}, {skipped} files were skipped",
            count=len(found.posts),
            attachments=found.attachments,
            column=found.column,
            skipped=len(found.skipped),
        )
    )
    return "\n".join(map(told, lines))


@spread
def submit(
    post: Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")],
    given: Signing,
) -> int:
    """Hand a post in: sign it as its drafter. Example: qianfa submit content/news/2026-11-20-a.md"""
    item = acts.post_named(given.site, post)
    with at_desk(given) as desk:
        files, committed = desk.working(item), desk.committed(item)
        at = moment(desk, given)
        change = sign_offs.submit(desk.bench, item, committed, files, desk.signer, at, given.note)
        if asking(given):
            if not confirmed(change.meaning, t("Sign?")):
                say(t("Nothing was signed."))
                return 1
            say(_handed_in(acts.carry_out(desk, change)))
        else:
            done = acts.carry_out(desk, change)
            answer("act", done, lambda: f"{told(done.meaning)}\n{told(_handed_in(done))}", json=given.json)
    return 0


def _handed_in(done: acts.Done) -> str:
    return t(
        "{person} handed in {item} as version {version}  commit {commit}",
        person=done.by,
        item=done.item,
        version=done.version,
        commit=done.commit[:12],
    )
