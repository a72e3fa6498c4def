"""Whose turn is it? The version under way, the stage that is next, and everyone who could sign it. Nothing is written here."""

from __future__ import annotations

from review.actions.change import ask
from review.errors import Refused
from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.gate.versions import Version, tell
from review.messages import t, typed
from review.model.people import Office
from review.model.records import Header
from review.model.workflows import DRAFT, Stage


def next_turn(bench: Bench, item: str) -> tuple[Version, Stage]:
    """Return the version that is under way and the stage that is next; `Refused` where none waits for anybody."""
    newest = under_way(bench, item)
    following = _next_stage(bench, newest)
    if newest.complete or following is None:
        raise Refused(
            t("version {number} has every sign-off already", number=newest.number),
            where=item,
            hint=t("see it with: qianfa show {item}", item=typed(item)),
        )
    if newest.returned is not None:
        said = newest.returned.statement
        raise Refused(
            t(
                "version {number} was returned by {person}: {note}",
                number=newest.number,
                person=said.person,
                note=said.note or t("no reason given"),
            ),
            where=item,
            hint=t("the drafter starts the next version with: qianfa revise {item}", item=typed(item)),
        )
    return newest, following


def is_last(bench: Bench, version: Version, stage: Stage) -> bool:
    """Tell whether a stage is the last of the chain that a version under way goes through."""
    header = header_of(version)
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    return workflow is not None and workflow.stages[-1].id == stage.id


def under_way(bench: Bench, item: str) -> Version:
    """Return the newest version of an item; `Refused` where nobody has handed it in."""
    story = tell(item, bench)
    newest = story.newest
    if newest is None or (not newest.chain.good and len(newest.chain.signed) == 1):
        raise Refused(
            t("nobody has handed it in yet"),
            where=item,
            hint=t("the drafter does: qianfa submit {item}", item=typed(item)),
        )
    return newest


def header_of(version: Version) -> Header | None:
    """Return the header that a version was last signed with."""
    return version.chain.snapshot.header if version.chain.snapshot else None


def _next_stage(bench: Bench, version: Version) -> Stage | None:
    header = header_of(version)
    return version.next_stage(workflow_for(header, bench.in_force.policy) if header else None)


def holders(bench: Bench, offices: tuple[Office, ...], header: Header | None) -> list[str]:
    """Return who holds one of the offices for the header's unit."""
    return list(bench.in_force.policy.people.holders(offices, header.unit if header else ""))


def could_sign(bench: Bench, version: Version, stage: Stage) -> list[str]:
    """Return who could sign a stage: all who hold its office, but those who may not because of what they signed before."""
    header = header_of(version)
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    alike = workflow is not None and workflow.same_person
    said = [one.statement for one in version.chain.signed]
    here = {one.person for one in said if not alike or one.stage == stage.id}
    return [one for one in holders(bench, stage.by, header) if one not in here]


def refuse_signed_already(bench: Bench, item: str, version: Version, stage: Stage, person: str) -> None:
    """Raise `Refused` where somebody has signed a version, and its next stage waits for others: they ran a list again."""
    done = [one.statement.stage for one in version.chain.signed if one.statement.person == person]
    could = could_sign(bench, version, stage)
    if done and done[-1] not in (DRAFT, stage.id) and person not in could:
        raise Refused(
            t("you signed it already, as {stage}; now it waits for {next}", stage=done[-1], next=stage.id),
            where=item,
            hint=ask(could),
        )
