"""`qianfa revise`: begin the next version of a post that was returned or withdrawn, is online, or is under review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from review.actions.revising import Ended, files_missing, last_version
from review.cli.desk import looking
from review.cli.language import told
from review.cli.lines import paragraph, when
from review.cli.options import Naming, spread
from review.cli.prompting import ask_yes, at_terminal, edit, no_editor
from review.cli.screen import answer, say
from review.errors import Refused
from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.history.repository import Repository
from review.history.work_tree import item_files
from review.messages import listed, t, typed
from review.ways import acts
from review.ways.identity import asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A next version that is begun. `by`, `at` and `note` are of the statement that ended the one before, if one did."""

    item: str
    version: int
    before: str
    by: str
    name: str
    stage: str
    at: str
    note: str
    restored: tuple[str, ...]


@spread
def revise(
    given: Naming,
    post: Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also while it is under review: the sign-offs so far become void.")
    ] = False,
    editing: Annotated[bool, typer.Option("--edit/--no-edit", help="Open it in your editor, on a terminal.")] = True,
) -> None:
    """Begin the next version of a post. Example: qianfa revise content/news/2026-11-20-a.md"""
    item = acts.post_named(given.site, post)
    with looking(given) as (session, bench):
        session.repository.check_work_tree()
        ended = last_version(bench, item)
        _refuse_whoever_drafts_not(session.repository, bench, ended, given)
        if ended.under_review and not anyway:
            _confirm(ended)
        missing = files_missing(
            bench,
            ended,
            item_files(session.repository.path, item),
            acts.committed_files(session, item),
            lambda blob: session.store.read(blob, "blob"),
        )
        acts.write_drafts(given.site, missing)
        revision = _revision(bench, ended, tuple(missing))
    person = at_terminal() and not given.json
    if person:
        say("\n".join(_story(revision)))
    if person and editing:
        opened = edit(given.site / item)
        if not opened:
            say(no_editor(given.site / item))
    answer(
        "revise",
        revision,
        lambda: "\n".join([*([] if person else _story(revision)), *_next(revision)]),
        json=given.json,
    )


def _revision(bench: Bench, ended: Ended, restored: tuple[str, ...]) -> Revision:
    people = bench.in_force.policy.people.people
    said = (ended.ended_by or ended.version.chain.last).statement
    before = "returned" if ended.version.returned else "complete"
    if ended.ended_by is not None and said.decision == "withdraw":
        before = "withdrawn"
    elif ended.under_review:
        before = "in-review"
    return Revision(
        item=ended.story.item,
        version=ended.story.next_number,
        before=before,
        by=said.person,
        name=people[said.person].name if said.person in people else said.person,
        stage=said.stage,
        at=said.at,
        note=said.note,
        restored=restored,
    )


def _refuse_whoever_drafts_not(repository: Repository, bench: Bench, ended: Ended, given: Naming) -> None:
    """Raise `Refused` where somebody says who they are, and cannot hand in this post."""
    header = ended.version.chain.snapshot.header if ended.version.chain.snapshot else None
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    if header is None or workflow is None or not (given.key or given.person):
        return
    people = bench.in_force.policy.people
    person = asker(repository, people, key=given.key, named=given.person)
    could = list(people.holders(workflow.slots[0].by, header.unit))
    if person not in could:
        raise Refused(
            t("{person} does not draft for {unit}", person=person, unit=people.units[header.unit].title),
            where=ended.story.item,
            hint=t("ask one of: {people}", people=listed(could)) if could else t("ask an administrator"),
        )


def _confirm(ended: Ended) -> None:
    """Ask whether a version under review is to be given up; `Refused` where nobody can be asked, or the answer is no."""
    number, item = ended.version.number, ended.story.item
    signed = listed(one.statement.person for one in ended.version.chain.signed[1:])
    what = t("version {number} is under review, and handing in again would give it up", number=number)
    if signed:
        what = t(
            "version {number} is under review, and handing in again would void the sign-offs of {signed}",
            number=number,
            signed=signed,
        )
    if not at_terminal():
        raise Refused(what, where=item, hint=t("begin the next version all the same with --anyway"))
    if not ask_yes(t("{what}. Begin the next version?", what=what), default=False):
        raise Refused(what, where=item, hint=t("nothing was changed; it goes on as it is"))


def _story(revision: Revision) -> Iterator[str]:
    """Yield what became of the version before."""
    words = {
        "number": revision.version - 1,
        "person": revision.by,
        "name": revision.name,
        "at": when(revision.at),
        "stage": revision.stage,
        "note": revision.note,
    }
    match revision.before:
        case "returned":
            what = t("Version {number} was returned by {person} ({name}) at the stage {stage}, {at}: {note}", **words)
        case "withdrawn":
            what = t("Version {number} was withdrawn by {person} ({name}), {at}: {note}", **words)
        case "in-review":
            what = t("Version {number} is under review, last signed by {person} ({name}), {at}.", **words)
        case _:
            what = t(
                "Version {number} is signed through, last by {person} ({name}), {at}; it stays as it is until the next one is.",
                **words,
            )
    yield from paragraph(what)
    for path in revision.restored:
        yield told(t("back in the work tree: {path}", path=path))


def _next(revision: Revision) -> Iterator[str]:
    yield told(t("Change {item}, then hand it in as version {version}:", item=revision.item, version=revision.version))
    yield told(t("  qianfa submit {item}", item=typed(revision.item)))
