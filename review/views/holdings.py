"""What a change of policy leaves without anybody: stages that nobody could sign, posts in review that come to nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.content_rules import objections, workflow_for
from review.gate.versions import tell
from review.messages import listed, t
from review.model.people import SUBMITTING_UNIT, Office, People
from review.model.policies import Policy
from review.model.reports import ItemReport
from review.model.workflows import DRAFT, WITHDRAW, Stage, Workflow

_UNDER_WAY = ("draft", "in-review", "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stage that too few could sign for these units: those who are left, and how many it takes.

    `offices` are those it asks for, `workflows` the chains it stands in; the stage `withdraw` is taking something off the site.
    """

    stage: str
    title: str
    offices: tuple[str, ...]
    workflows: tuple[str, ...]
    units: tuple[str, ...]
    left: tuple[str, ...]
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """A post that the change stops: its sign-offs come to nothing (`void`), or its next stage waits for nobody (`waits`)."""

    item: str
    version: int
    effect: Literal["void", "waits"]
    stage: str
    reason: str


def gaps(before: Policy, after: Policy) -> tuple[Gap, ...]:
    """Return the stages that enough people could sign before, and no longer; alike ones of several chains and units as one."""
    found: dict[tuple[str, str, tuple[str, ...], int], _Gathered] = {}
    for workflow, stage, unit in _turns(after):
        had = list(before.people.holders(stage.by, unit)) if unit in before.people.units else []
        left = tuple(after.people.holders(stage.by, unit))
        if len(left) < stage.needs <= len(had):
            gathered = found.setdefault((stage.id, unit, left, stage.needs), _Gathered())
            gathered.titles[stage.title] = gathered.workflows[workflow] = None
            gathered.offices.update(dict.fromkeys(str(_in_unit(office, unit)) for office in stage.by))
    by_unit: dict[tuple[str, tuple[str, ...], tuple[str, ...], int], tuple[dict[str, None], list[str], _Gathered]] = {}
    for (stage_id, unit, left, needs), gathered in found.items():
        key = (stage_id, tuple(gathered.workflows), left, needs)
        offices, units, _ = by_unit.setdefault(key, ({}, [], gathered))
        offices.update(gathered.offices)
        units.append(unit)
    return tuple(
        Gap(
            stage=stage_id,
            title=" / ".join(gathered.titles),
            offices=tuple(offices),
            workflows=tuple(flow for flow in flows if flow),
            units=tuple(units),
            left=left,
            needs=needs,
        )
        for (stage_id, flows, left, needs), (offices, units, gathered) in by_unit.items()
    )


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What several chains call the same stage, and which offices they ask for, each in the order first met."""

    titles: dict[str, None] = field(default_factory=dict)
    workflows: dict[str, None] = field(default_factory=dict)
    offices: dict[str, None] = field(default_factory=dict)


def _turns(policy: Policy) -> Iterator[tuple[str, Stage, str]]:
    """Yield every stage of every workflow with every unit that it is for; withdrawing is one for all units."""
    for flow in policy.workflows.workflows:
        for stage in flow.stages:
            yield from ((flow.id, stage, unit) for unit in _units(policy, flow))
    taking_off = Stage(id=WITHDRAW, title="", by=policy.workflows.withdrawal)
    submitting = dict.fromkeys(unit for flow in policy.workflows.workflows for unit in _units(policy, flow))
    yield from (("", taking_off, unit) for unit in submitting)


def _units(policy: Policy, flow: Workflow) -> list[str]:
    return [unit.id for unit in policy.people.units.values() if unit.group in flow.groups]


def _in_unit(office: Office, unit: str) -> Office:
    return Office(name=office.name, place=unit) if office.place == SUBMITTING_UNIT else office


def alone(people: People, person: str) -> tuple[str, ...]:
    """Return the offices that somebody holds and nobody else does, here or in the group of their unit."""
    others = [one for one in people.people if one != person]
    return tuple(
        str(office)
        for office in (people.people[person].offices if person in people.people else ())
        if not any(people.holds(one, (office,), "") for one in others)
    )


def stranded(bench: Bench, items: Iterable[ItemReport], before: Policy, after: Policy) -> tuple[Stranded, ...]:
    """Return the posts under way that `after` stops and `before` would not, were it in force now.

    A chain is judged by the newest policy among its sign-offs. So one that is complete stays; one under way is judged by the
    new rules, all of it, with its next sign-off.
    """
    found = []
    for item in items:
        if item.state in _UNDER_WAY:
            now = _stopped(item, bench, after)
            if now is not None and _stopped(item, bench, before) is None:
                found.append(now)
    return tuple(found)


def _stopped(report: ItemReport, bench: Bench, policy: Policy) -> Stranded | None:
    """Say what stops a post under a policy; None where nothing does."""
    newest = tell(report.item, bench).newest
    here = bench.evidence.head.posts.get(report.item)
    if report.state == "in-review" and newest is not None:
        return _chain(report, newest.chain, policy)
    if here is None or here.header is None:
        return None
    flow = workflow_for(here.header, policy)
    problem = next((one.message for one in objections(report.item, here, policy) if one.severity == "refuse"), "")
    stage = flow.stage(DRAFT) if flow else None
    if problem:
        return _made(report, "waits", DRAFT, problem)
    if stage is not None and not any(policy.people.holders(stage.by, here.header.unit)):
        return _made(report, "waits", DRAFT, _nobody(stage, here.header.unit))
    return None


def _chain(report: ItemReport, chain: Chain, policy: Policy) -> Stranded | None:
    snapshot = chain.snapshot
    if snapshot is None or snapshot.header is None:
        return None
    stage = report.awaiting.stage if report.awaiting else ""
    unit = snapshot.header.unit
    problem = next((one.message for one in objections(report.item, snapshot, policy) if one.severity == "refuse"), "")
    flow = workflow_for(snapshot.header, policy)
    if problem or flow is None:
        return _made(report, "void", stage, problem)
    signed = [link.statement for link in chain.signed]
    slots = flow.slots
    if [slot.id for slot in slots[: len(signed)]] != [said.stage for said in signed]:
        return _made(report, "void", stage, t("the stages are others"))
    for said, slot in zip(signed, slots, strict=False):
        if not policy.people.holds(said.person, slot.by, unit):
            why = t(
                "{person} signed {stage}, and would not hold its office any more", person=said.person, stage=slot.id
            )
            return _made(report, "void", stage, why)
        drafting = flow.stage(DRAFT)
        if said.signatory and drafting is not None and not policy.people.holds(said.by, drafting.by, unit):
            why = t(
                "{person} relayed {stage} on paper, and would not hold the office for it any more",
                person=said.by,
                stage=slot.id,
            )
            return _made(report, "void", stage, why)
    if len(slots) > len(signed):
        following = slots[len(signed)]
        taken = {said.person for said in signed if not flow.same_person or said.stage == following.id}
        if not any(one not in taken for one in policy.people.holders(following.by, unit)):
            return _made(report, "waits", following.id, _nobody(following, unit))
    return None


def _made(report: ItemReport, effect: Literal["void", "waits"], stage: str, reason: str) -> Stranded:
    return Stranded(item=report.item, version=report.version, effect=effect, stage=stage, reason=reason)


def _nobody(stage: Stage, unit: str) -> str:
    offices = listed(str(_in_unit(office, unit)) for office in stage.by)
    return t("nobody is left who holds {offices}", offices=offices)
