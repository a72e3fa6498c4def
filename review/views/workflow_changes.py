"""What a change of workflows.yaml changes, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from review.messages import t
from review.model.workflows import Stage, Workflow, Workflows
from review.views.policy_sentences import Change, listed, moved

WORKFLOWS = "workflows.yaml"


def changes(before: Workflows, after: Workflows) -> Iterator[Change]:
    """Yield what is other than before: of each workflow and its stages, and of who may withdraw."""
    old = {flow.id: flow for flow in before.workflows}
    new = {flow.id: flow for flow in after.workflows}
    for id, flow in new.items():
        if id in old:
            yield from _workflow(old[id], flow)
        else:
            yield _say(id, "workflow-added", t("the workflow {id} is new: {title}, with the stages {stages}", id=id,
                                               title=flow.title, stages=_ids(flow)))  # fmt: skip
            yield from _new(flow)
    kept = [one.id for one in before.workflows if one.id in new]
    if kept != [one.id for one in after.workflows if one.id in old]:
        yield _say("workflows", "order-changed", t("the workflows stand in another order"))
    for id in old:
        if id not in new:
            yield _say(id, "workflow-removed", t("the workflow {id} is taken out", id=id))
    if before.withdrawal != after.withdrawal:
        yield _say("withdrawal", "withdrawal-changed", t("withdrawing is now for {offices}, not {old}",
                   offices=listed(after.withdrawal), old=listed(before.withdrawal)))  # fmt: skip


def _new(flow: Workflow) -> Iterator[Change]:
    """Yield all that a new workflow says."""
    id = flow.id
    yield _say(id, "workflow-for", t("{id}: it is for the kinds {kinds} of the groups {groups}; major: {major}", id=id,
               kinds=listed(flow.kinds), groups=listed(flow.groups), major=_yes(flow.major)))  # fmt: skip
    if flow.same_person:
        yield _same_person(flow)
    else:
        yield _say(id, "same-person-refused", t("{id}: nobody may sign two of its stages", id=id))
    for stage in flow.stages:
        yield _say(id, "stage-added", t("{id}: the stage {stage} ({title}) is signed by {offices}", id=id,
                   stage=stage.id, title=stage.title, offices=listed(stage.by)))  # fmt: skip
        yield from _rules(id, stage)


def _same_person(flow: Workflow) -> Change:
    return _say(flow.id, "same-person-changed", t("{id}: WARNING: one person may now sign several stages", id=flow.id)
                if flow.same_person else t("{id}: nobody may sign two stages any more", id=flow.id))  # fmt: skip


def _rules(flow: str, stage: Stage) -> Iterator[Change]:
    """Yield what a new stage has otherwise than stages have where nothing is said."""
    yield from _stage(flow, Stage(id=stage.id, title=stage.title, by=stage.by), stage)


def _workflow(old: Workflow, new: Workflow) -> Iterator[Change]:
    id = new.id
    for what, was, now in (
        ("title", old.title, new.title),
        ("kinds", listed(old.kinds), listed(new.kinds)),
        ("groups", listed(old.groups), listed(new.groups)),
        ("major", _yes(old.major), _yes(new.major)),
    ):
        if was != now:
            yield _say(id, f"{what}-changed", t("{id}: its {what} is {now}, not {was}", id=id, what=what, now=now,
                                                was=was))  # fmt: skip
    if old.same_person != new.same_person:
        yield _same_person(new)
    stages = {stage.id: stage for stage in old.stages}
    for number, stage in enumerate(new.stages):
        known = stages.get(stage.id)
        if known is None:
            place = t("after {stage}", stage=new.stages[number - 1].id) if number else t("at the beginning")
            yield _say(id, "stage-added", t("{id}: the stage {stage} ({title}) is new, {place}, by {offices}", id=id,
                       stage=stage.id, title=stage.title, place=place, offices=listed(stage.by)))  # fmt: skip
            yield from _rules(id, stage)
        else:
            yield from _stage(id, known, stage)
    for stage in old.stages:
        if new.stage(stage.id) is None:
            yield _say(id, "stage-removed", t("{id}: the stage {stage} ({title}) is taken out", id=id, stage=stage.id,
                                              title=stage.title))  # fmt: skip
    if moved([stage.id for stage in old.stages], [stage.id for stage in new.stages]):
        yield _say(id, "stages-reordered", t("{id}: the stages now come in the order {stages}", id=id,
                                             stages=_ids(new)))  # fmt: skip


def _stage(flow: str, old: Stage, new: Stage) -> Iterator[Change]:
    if old.title != new.title:
        yield _say(flow, "stage-titled", t("{id}: the stage {stage} is now called {title}, not {old}", id=flow,
                                           stage=new.id, title=new.title, old=old.title))  # fmt: skip
    if old.by != new.by:
        yield _say(flow, "office-changed", t("{id}: the stage {stage} is now signed by {offices}, not {old}", id=flow,
                   stage=new.id, offices=listed(new.by), old=listed(old.by)))  # fmt: skip
    if old.needs != new.needs:
        yield _say(flow, "people-changed", t("{id}: the stage {stage} now takes {needs} people, not {old}", id=flow,
                                             stage=new.id, needs=new.needs, old=old.needs))  # fmt: skip
    if old.may_amend != new.may_amend:
        yield _say(flow, "amending-changed", t("{id}: the stage {stage} may now change the files", id=flow,
                   stage=new.id) if new.may_amend else t("{id}: the stage {stage} may not change the files any more",
                                                         id=flow, stage=new.id))  # fmt: skip
    if old.paper != new.paper:
        yield _say(flow, "paper-changed", t("{id}: the stage {stage} may now be signed on paper", id=flow,
                   stage=new.id) if new.paper else t("{id}: the stage {stage} may not be signed on paper any more",
                                                     id=flow, stage=new.id))  # fmt: skip


def _ids(flow: Workflow) -> str:
    return listed(stage.id for stage in flow.stages)


def _yes(said: bool) -> str:
    return t("yes") if said else t("no")


def _say(subject: str, kind: str, text: str) -> Change:
    return Change(file=WORKFLOWS, subject=subject, kind=kind, text=text)
