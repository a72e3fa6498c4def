"""What authors do: begin a post, check it, take posts from elsewhere, hand them in, begin the next version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from review.actions import drafting
from review.cli import checks, handing_in, revising
from review.cli import drafting as beginning
from review.cli.drafting import Kind, Unit
from review.cli.language import told
from review.cli.options import Naming, spread
from review.cli.policy_desk import judged_policy
from review.cli.screen import answer
from review.formats.records import serialise_header
from review.history.work_tree import stems_of
from review.messages import t
from review.model.paths import record_of, stem_of
from review.ways import acts


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("new")(beginning.new)
    app.command("check")(checks.check)
    app.command("import")(import_folder)
    app.command("submit")(handing_in.submit)
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
    there: tuple[str, ...] = ()
    """Posts that the column has already, byte for byte: they were not taken again."""
    renamed: tuple[str, ...] = ()
    """Posts that came under a number, as the column has another of their name."""


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
    from review.actions.importing import import_beside  # noqa: PLC0415

    with judged_policy(given) as judged:
        policy = judged.policy
        header = drafting.checked_header(
            policy, column=column, unit=unit or judged.unit(given), kind=kind, today=judged.today
        )
        children = {child.rpartition("/")[2] for child in policy.columns.columns[column].children}
        taken = {*stems_of(given.site, column), *judged.stems(column), *children}
        imported, there = import_beside(
            read_folder(folder), column=column, taken=taken, present=lambda path: _present(given.site, path)
        )
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
        there=there,
        renamed=tuple(post.path for post in imported.posts if _without_number(post.path) in taken),
    )
    answer("import", found, lambda: _taken_text(found), json=given.json)
    return 1 if imported.skipped else 0


def _present(site: Path, path: str) -> bytes | None:
    return (site / path).read_bytes() if (site / path).is_file() else None


def _without_number(path: str) -> str:
    stem, _, number = stem_of(path).rpartition("-")
    return stem if number.isdigit() else ""


def _note(one: Note) -> str:
    if not one.line:
        return t("{file}: {what}; {action}", file=one.file, what=one.what, action=one.action)
    return t("{file}:{line}: {what}; {action}", file=one.file, line=one.line, what=one.what, action=one.action)


def _taken_text(found: Taken) -> str:
    lines = [_note(one) for one in found.notes]
    lines += [t("{source}: skipped, {reason}", source=one.file, reason=one.reason) for one in found.skipped]
    lines += [t("{post}: it is there already, byte for byte, and was not taken again", post=one) for one in found.there]
    lines += [
        t("{post}: there is another post of that name already, so it has a number", post=one) for one in found.renamed
    ]
    if found.posts:
        lines.append(t("Next: look at each with qianfa check, then hand it in with qianfa submit POST"))
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
