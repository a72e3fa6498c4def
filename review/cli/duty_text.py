"""Who answers, in words: for a column, or for a post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from review.cli.language import told
from review.cli.lines import called, calling, paragraph, unbroken
from review.cli.status_text import next_lines, signature_lines, where
from review.messages import listed, t
from review.views.duty_holders import ColumnDuty, Contributor, Holders, Part, PostDuty, StageDuty


def column_text(duty: ColumnDuty) -> str:
    """Return who answers for a column as lines for people."""
    return "".join(told(line) + "\n" for line in _column(duty))


def post_text(duty: PostDuty) -> str:
    """Return who answers for a post as lines for people."""
    return "".join(told(line) + "\n" for line in _post(duty))


def _column(duty: ColumnDuty) -> Iterator[str]:
    yield from paragraph(t("{title} ({id})", title=duty.title, id=duty.column))
    groups = {one.unit: one.group for one in duty.contributors}
    by_part: dict[Part, list[Contributor]] = {}
    for one in duty.contributors:
        by_part.setdefault(one.part, []).append(one)
    if "lead" in by_part:
        yield from paragraph(t("led by {units}", units=_units(by_part["lead"])))
    if "support" in by_part:
        yield from paragraph(t("supported by {units}", units=_units(by_part["support"])))
    if duty.open_to:
        yield from paragraph(t("open to the groups {groups}", groups=listed(duty.open_to)))
    for flow in duty.workflows:
        yield ""
        yield from paragraph(t("{title} ({id})", title=flow.title, id=flow.workflow))
        for stage in flow.stages:
            yield from _stage(stage, groups)
    yield from _by_unit(duty, groups)
    for holders in duty.withdrawal:
        theirs = listed(dict.fromkeys(groups[unit] for unit in holders.units))
        yield ""
        yield from paragraph(t("May withdraw, for {groups}: {people}", groups=theirs, people=_people(holders)))


def _stage(stage: StageDuty, groups: Mapping[str, str]) -> Iterator[str]:
    name = _name(stage.stage, stage.title)
    if len(stage.holders) == 1:
        yield from paragraph(t("{stage}: {people}", stage=name, people=_people(stage.holders[0])), indent=2)
    elif _by_group(stage, groups):
        for holders in stage.holders:
            theirs = listed(dict.fromkeys(groups[unit] for unit in holders.units))
            said = t("{stage}: {people}, for {groups}", stage=name, people=_people(holders), groups=theirs)
            yield from paragraph(said, indent=2)
    else:
        said = t("{stage}: {offices}, unit by unit below", stage=name, offices=listed(stage.offices))
        yield from paragraph(said, indent=2)


def _by_group(stage: StageDuty, groups: Mapping[str, str]) -> bool:
    """Tell whether the units of a group all have the same people, and several units a group."""
    pairs = {(groups[unit], place) for place, holders in enumerate(stage.holders) for unit in holders.units}
    units = sum(len(holders.units) for holders in stage.holders)
    return len({group for group, _ in pairs}) == len(pairs) < units


def _by_unit(duty: ColumnDuty, groups: Mapping[str, str]) -> Iterator[str]:
    """Yield, unit by unit, who signs the stages that differ between units, and which units lack somebody."""
    found: dict[str, dict[str, tuple[str, Holders]]] = {}
    for stage in (one for flow in duty.workflows for one in flow.stages):
        if len(stage.holders) > 1 and not _by_group(stage, groups):
            for holders in stage.holders:
                for unit in holders.units:
                    found.setdefault(unit, {}).setdefault(stage.stage, (stage.title, holders))
    for one in duty.contributors:
        held = {stage: told_of for stage, told_of in found.get(one.unit, {}).items() if told_of[1].people}
        if held:
            yield ""
            yield from paragraph(_name(one.unit, one.title))
        for id, (title, theirs) in held.items():
            yield from paragraph(t("{stage}: {people}", stage=_name(id, title), people=_people(theirs)), indent=2)
    for id in dict.fromkeys(stage for stages in found.values() for stage in stages):
        having = {unit: stages[id] for unit, stages in found.items() if id in stages}
        without = [one for one in duty.contributors if one.unit in having and not having[one.unit][1].people]
        if without:
            yield ""
            yield from paragraph(t("Nobody signs {stage} yet for {units}", stage=id, units=_units(without)))


def _post(duty: PostDuty) -> Iterator[str]:
    post = duty.post
    yield from paragraph(post.title or post.item)
    yield unbroken(post.item)
    yield ""
    if duty.online:
        yield from paragraph(t("For version {version}, which is online, stand:", version=post.live_version))
        yield from (line for link in duty.online for line in signature_lines(link))
    else:
        yield from paragraph(t("Nothing of it is online."))
    if duty.signed:
        yield from paragraph(t("For version {version}, which was signed through, stand:", version=post.version))
        yield from (line for link in duty.signed for line in signature_lines(link))
    yield ""
    yield from paragraph(where(post))
    yield from next_lines(duty.next, post)
    if duty.could_withdraw:
        yield from paragraph(t("Could withdraw it: {people}", people=calling(duty.could_withdraw)))
    if duty.could_revise:
        yield from paragraph(t("Could begin the next version: {people}", people=calling(duty.could_revise)))


def _people(holders: Holders) -> str:
    said = (
        t("{person}, standing in", person=called(one)) if one.id in holders.standing_in else called(one)
        for one in holders.people
    )
    return told(listed(said) or t("nobody yet"))


def _units(units: Iterable[Contributor]) -> str:
    return told(listed(t("{title} ({id})", title=one.title, id=one.unit) for one in units))


def _name(stage: str, title: str) -> str:
    return t("{title} ({id})", title=title, id=stage)
