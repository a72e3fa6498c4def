"""Edit policy files for a command: say what follows, ask where it hurts, write, say what is next. No command here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from review.cli.lines import one_line, paragraph, unbroken
from review.cli.options import Asking
from review.cli.prompting import ask_yes, at_terminal
from review.cli.screen import answer, progress, say
from review.errors import Refused
from review.gate.compromise import Returning, Voided
from review.messages import listed, t
from review.views.holdings import Gap, Stranded
from review.views.policy_sentences import Change
from review.ways import policy_editing
from review.ways.policy_editing import Plan, Rule, Workplace

Anyway = Annotated[
    bool, typer.Option("--anyway", help="Write it, although somebody or something is left without anybody.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a command changed, or would have: `written` says which. `notes` are what else is to be known."""

    written: bool
    files: tuple[str, ...]
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]
    stranded: tuple[Stranded, ...]
    offline: tuple[Voided, ...]
    online: tuple[Returning, ...]
    alone: tuple[str, ...]
    notes: tuple[str, ...]
    version: int
    rules: tuple[Rule, ...]
    begun: tuple[str, ...]


@contextmanager
def editing(given: Asking) -> Iterator[Workplace]:
    """Give the policy files of the work tree to a command that edits them."""
    with progress() as show, policy_editing.at_work(given.site, given.gate, show) as at:
        yield at


def carry_out(
    given: Asking,
    at: Workplace,
    edits: Mapping[str, bytes],
    *,
    anyway: bool = True,
    alone: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> None:
    """Write what a command wants to be written, and say so; where it hurts, ask first, or want `--anyway`.

    `alone` are offices that nobody holds any more.
    """
    ready = policy_editing.plan(at, edits)
    hurts = (ready.hurts or bool(alone)) and not anyway
    asked = hurts and at_terminal() and not given.json
    if asked:
        say("\n".join(_consequences(ready, alone)))
    if hurts and not (asked and ask_yes(t("Write it all the same?"), default=False)):
        if not asked:
            answer("policy-edit", _edited(ready, alone, notes, written=False),
                   lambda: "\n".join(_consequences(ready, alone)), json=given.json)  # fmt: skip
        raise Refused(t("nothing was written"), hint=t("find somebody first, or write it all the same: --anyway"))
    policy_editing.write(at, ready)
    answer(
        "policy-edit",
        _edited(ready, alone, notes, written=True),
        lambda: "\n".join(_text(ready, () if asked else tuple(_consequences(ready, alone)), notes)),
        json=given.json,
    )


def _edited(ready: Plan, alone: Sequence[str], notes: Sequence[str], *, written: bool) -> Edited:
    return Edited(
        written=written,
        files=tuple(ready.files),
        changes=ready.changes,
        gaps=ready.gaps,
        stranded=ready.stranded,
        offline=ready.offline,
        online=ready.online,
        alone=tuple(alone),
        notes=tuple(notes),
        version=ready.version,
        rules=ready.rules,
        begun=ready.begun,
    )


def _text(ready: Plan, consequences: Sequence[str], notes: Sequence[str]) -> Iterator[str]:
    changed = (
        t("Changed back ({files}):", files=listed(ready.files))
        if ready.in_force
        else t("Changed, and not signed yet ({files}):", files=listed(ready.files))
    )
    yield one_line(changed)
    yield from bullets(change.text for change in ready.changes)
    yield from consequences
    for note in notes:
        yield from paragraph(note)
    if ready.in_force:
        yield from paragraph(t("The files are as version {version} has them, which is in force: nothing is left to sign.",
                               version=ready.version - 1))  # fmt: skip
        return
    if ready.begun:
        yield from paragraph(
            t(
                "{people} signed version {version} without this change, and must sign again.",
                people=listed(ready.begun),
                version=ready.version,
            )
        )
    yield from next_step(ready.version, ready.rules)


def next_step(version: int, rules: Sequence[Rule]) -> Iterator[str]:
    """Yield who must sign, and the command for it."""
    said = [
        t("{needs} of {people}", needs=rule.needs, people=listed(rule.people))
        if rule.needs < len(rule.people)
        else ", ".join(rule.people)
        for rule in rules
    ]
    if len(said) > 1:
        yield from paragraph(
            t(
                "It is in force as version {version} once signed by {old}, as the rules in force say, and by {new}, "
                "as the new ones do:",
                version=version,
                old=said[0],
                new=said[1],
            )
        )
    else:
        yield from paragraph(
            t("It is in force as version {version} once signed by {who}:", version=version, who=said[0])
        )
    yield unbroken("qianfa policy diff", indent=2)
    yield unbroken("qianfa policy sign", indent=2)


def bullets(texts: Iterator[str] | Sequence[str]) -> Iterator[str]:
    """Yield sentences as a list."""
    for text in texts:
        first, *rest = paragraph(text, indent=2)
        yield f"- {first[2:]}"
        yield from rest


def _consequences(ready: Plan, alone: Sequence[str]) -> Iterator[str]:
    """Yield what follows once it is in force, as far as it hurts."""
    told = [
        *([t("nobody else holds {offices}", offices=listed(alone))] if alone else []),
        *map(_gap, ready.gaps),
        *map(_stranded, ready.stranded),
        *map(_offline, ready.offline),
        *(t("{item}: version {version} comes back online", item=one.item, version=one.version) for one in ready.online),
    ]
    if told:
        yield one_line(t("Once it is in force:"))
        yield from bullets(told)


def _gap(gap: Gap) -> str:
    what: dict[str, object] = {
        "stage": gap.stage, "title": gap.title, "units": ", ".join(gap.units), "flows": ", ".join(gap.workflows),
        "left": ", ".join(gap.left), "needs": gap.needs,
    }  # fmt: skip
    if not gap.workflows:
        return t("nobody can withdraw posts of {units}", units=what["units"])
    if gap.left:
        return t("the stage {stage} ({title}) takes {needs} people, and only {left} could sign it for {units} ({flows})",
                 **what)  # fmt: skip
    return t("nobody can sign the stage {stage} ({title}) for {units} ({flows})", **what)


def _stranded(post: Stranded) -> str:
    what: dict[str, object] = {"item": post.item, "version": post.version, "stage": post.stage, "reason": post.reason}
    if post.effect == "waits":
        return t("{item}: the stage {stage} waits for nobody; {reason}", **what)
    return t("{item}: the sign-offs of version {version} come to nothing with the next one; {reason}", **what)


def _offline(post: Voided) -> str:
    signed = listed(
        t("{id} ({name})", id=stage, name=person) for stage, person in zip(post.stages, post.people, strict=False)
    )
    what: dict[str, object] = {"item": post.item, "version": post.version, "signed": signed}
    match post.was:
        case "live":
            return t("{item}: version {version} goes offline; to be signed again: {signed}", **what)
        case "scheduled":
            return t("{item}: version {version} will not go online; to be signed again: {signed}", **what)
    return t("{item}: version {version} in review loses sign-offs; to be signed again: {signed}", **what)
