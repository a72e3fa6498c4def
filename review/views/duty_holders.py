"""Who answers now: for a column, stage by stage; for a post, whoever stands for what is online, and whoever has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.gate.items import links_of
from review.gate.versions import Version, tell
from review.model.columns import Column
from review.model.people import Office, Unit
from review.model.workflows import DRAFT, Stage, Workflow
from review.views.names import Someone, column_title, everybody
from review.views.standing import Standing
from review.views.status import Signature, Step, next_step, signature

_OFF_LINE = ("scheduled", "expired", "withdrawn")
"""States of posts that are signed through and not online."""

Part: TypeAlias = Literal["lead", "support", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """A unit that may write for the column: because it leads or supports it, or because the column is open to its group."""

    unit: str
    title: str
    group: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who could sign a stage for posts of these units; nobody yet where there are no people.

    `standing_in` are the ids of those of them who hold the office for somebody else.
    """

    units: tuple[str, ...]
    people: tuple[Someone, ...]
    standing_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDuty:
    """A stage, and who could sign it: one entry where that is the same for all units, else one for those that share it."""

    stage: str
    title: str
    offices: tuple[str, ...]
    needs: int
    may_amend: bool
    paper: bool
    holders: tuple[Holders, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowDuty:
    """A workflow that posts of the column may go through: of these kinds, from these units."""

    workflow: str
    title: str
    kinds: tuple[str, ...]
    major: bool
    units: tuple[str, ...]
    stages: tuple[StageDuty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDuty:
    """Who answers for a column under the policy in force."""

    column: str
    title: str
    duty: str
    open_to: tuple[str, ...]
    contributors: tuple[Contributor, ...]
    workflows: tuple[WorkflowDuty, ...]
    withdrawal: tuple[Holders, ...]


def column_duty(column: Column, bench: Bench) -> ColumnDuty:
    """Return who answers for a column."""
    policy = bench.in_force.policy
    contributors = tuple(
        Contributor(unit=unit.id, title=unit.title, group=unit.group, part=part)
        for unit in policy.people.units.values()
        if (part := _part(unit, column)) is not None
    )
    order = ("lead", "support", "open")
    contributors = tuple(sorted(contributors, key=lambda one: order.index(one.part)))
    units = [policy.people.units[one.unit] for one in contributors]
    return ColumnDuty(
        column=column.id,
        title=column_title(column.id, bench),
        duty=column.duty,
        open_to=column.open_to,
        contributors=contributors,
        workflows=tuple(
            _workflow(flow, theirs, bench)
            for flow in policy.workflows.workflows
            if (theirs := [unit for unit in units if unit.group in flow.groups])
        ),
        withdrawal=_holders(policy.workflows.withdrawal, units, bench),
    )


def _part(unit: Unit, column: Column) -> Part | None:
    if unit.id in column.lead:
        return "lead"
    if unit.id in column.support:
        return "support"
    return "open" if unit.group in column.open_to else None


def _workflow(flow: Workflow, units: Sequence[Unit], bench: Bench) -> WorkflowDuty:
    return WorkflowDuty(
        workflow=flow.id,
        title=flow.title,
        kinds=flow.kinds,
        major=flow.major,
        units=tuple(unit.id for unit in units),
        stages=tuple(_stage(stage, units, bench) for stage in flow.stages),
    )


def _stage(stage: Stage, units: Sequence[Unit], bench: Bench) -> StageDuty:
    return StageDuty(
        stage=stage.id,
        title=stage.title,
        offices=tuple(map(str, stage.by)),
        needs=stage.needs,
        may_amend=stage.may_amend,
        paper=stage.paper,
        holders=_holders(stage.by, units, bench),
    )


def _holders(offices: tuple[Office, ...], units: Sequence[Unit], bench: Bench) -> tuple[Holders, ...]:
    """Return who holds the offices, units with the same holders together, in the order of the units."""
    people = bench.in_force.policy.people
    sharing: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for unit in units:
        holders = tuple(people.holders(offices, unit.id))
        standing_in = tuple(one for one in holders if people.stands_in(one, offices, unit.id))
        sharing.setdefault((holders, standing_in), []).append(unit.id)
    return tuple(
        Holders(units=tuple(theirs), people=everybody(holders, bench), standing_in=standing_in)
        for (holders, standing_in), theirs in sharing.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDuty:
    """Who answers for a post: `online` are the sign-offs of the version that is online, none where none is.

    `signed` are those of the newest version where that was signed through and is not online: it waits for its time, or was
    taken off. Then `could_revise` could begin the next version, and `could_withdraw` keep it from going online.
    """

    post: Standing
    online: tuple[Signature, ...]
    signed: tuple[Signature, ...]
    next: Step | None
    could_withdraw: tuple[Someone, ...]
    could_revise: tuple[Someone, ...]


def post_duty(post: Standing, bench: Bench) -> PostDuty:
    """Return who stands for what is online of a post, and who has it now."""
    chain = post.chain if post.live_version else ()  # the report's chain is that of the live version
    newest = tell(post.item, bench).newest
    through = newest is not None and post.version != post.live_version and post.state in _OFF_LINE
    return PostDuty(
        post=post,
        online=tuple(signature(link, post, bench) for link in chain),
        signed=tuple(signature(link, post, bench) for link in links_of(newest.chain, bench))
        if newest and through
        else (),
        next=next_step(post, None),
        could_withdraw=_for_its_unit(bench.in_force.policy.workflows.withdrawal, newest, bench)
        if post.state == "scheduled"
        else (),
        could_revise=_for_its_unit(_drafting(newest, bench), newest, bench) if post.state in _OFF_LINE else (),
    )


def _drafting(version: Version | None, bench: Bench) -> tuple[Office, ...]:
    header = version.chain.snapshot.header if version and version.chain.snapshot else None
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    stage = workflow.stage(DRAFT) if workflow else None
    return stage.by if stage else ()


def _for_its_unit(offices: tuple[Office, ...], version: Version | None, bench: Bench) -> tuple[Someone, ...]:
    header = version.chain.snapshot.header if version and version.chain.snapshot else None
    return everybody(bench.in_force.policy.people.holders(offices, header.unit), bench) if header else ()
