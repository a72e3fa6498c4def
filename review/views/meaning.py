"""What one signature stands for, in one sentence: shown to whoever is about to sign, and kept with what was signed."""

from __future__ import annotations

from dataclasses import dataclass

from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.messages import t
from review.model.digests import content_code
from review.model.instants import parse_instant
from review.model.records import Header
from review.model.statements import Statement
from review.model.workflows import DRAFT, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where in its chain a version is: the stage to be signed, and the one after it, None where that is the last.

    `amended` tells whether whoever signs has changed the files.
    """

    stage: Stage | None
    following: Stage | None
    amended: bool = False


def turn_at(bench: Bench, header: Header | None, signed: int, *, amended: bool = False) -> Turn:
    """Return the turn of a version that has so many sign-offs, by the policy in force."""
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    slots = workflow.slots[signed:] if workflow else ()
    return Turn(stage=slots[0] if slots else None, following=slots[1] if len(slots) > 1 else None, amended=amended)


def meaning(bench: Bench, said: Statement, header: Header | None, turn: Turn) -> str:
    """Return the sentence that says what signing this statement stands for; for paper, what relaying it does."""
    people = bench.in_force.policy.people.people
    who: dict[str, str | int] = {
        "person": said.person,
        "name": people[said.person].name if said.person in people else said.person,
        "item": said.item,
        "version": said.version,
        "code": content_code(said.manifest),
        "stage": turn.stage.title if turn.stage else said.stage,
    }
    if said.decision == "withdraw":
        return t(
            "By signing, {person} ({name}) takes {item} off the site: version {version}, content {code}, and every "
            "version before it. It cannot be undone; a new version brings the page back.",
            **who,
        )
    if said.decision == "return" and said.signatory:
        return t(
            "By signing, {relay} vouches that {person} ({name}) returned {item} version {version}, content {code}, on paper, "
            "as {stage}: this version ends, and nobody can sign it any more.",
            relay=said.by,
            **who,
        )
    if said.decision == "return":
        return t(
            "By signing, {person} ({name}) returns {item} version {version}, content {code}, to its drafter, as {stage}: "
            "this version ends, and nobody can sign it any more.",
            **who,
        )
    if said.signatory:
        return t(
            "By signing, {relay} vouches that {person} ({name}) signed {item} version {version}, content {code}, on paper, "
            "as {stage}.",
            relay=said.by,
            **who,
        )
    return _approval(bench, said, header, turn, who)


def _approval(bench: Bench, said: Statement, header: Header | None, turn: Turn, who: dict[str, str | int]) -> str:
    if said.stage == DRAFT and turn.following is not None:
        return t(
            "By signing, {person} ({name}) stands for {item} version {version}, content {code}, as {stage}: for what is "
            "written there, and that nothing in it is classified.",
            **who,
        )
    if turn.following is None:
        return _last(bench, header, who)
    if turn.following == turn.stage:
        return t(
            "By signing, {person} ({name}) stands for {item} version {version}, content {code}, as {stage}: that it may "
            "go on once somebody else has signed this stage too.",
            **who,
        )
    if turn.amended:
        return t(
            "By signing, {person} ({name}) stands for {item} version {version}, changed here to content {code}, as "
            "{stage}: for these changes, and that it may go on to {following}.",
            following=turn.following.title,
            **who,
        )
    return t(
        "By signing, {person} ({name}) stands for {item} version {version}, content {code}, as {stage}: that it may go on "
        "to {following}.",
        following=turn.following.title,
        **who,
    )


def _last(bench: Bench, header: Header | None, who: dict[str, str | int]) -> str:
    if header is not None and header.planned and parse_instant(header.planned) > bench.now:
        return t(
            "By signing, {person} ({name}) stands for {item} version {version}, content {code}, as {stage}: that it goes "
            "online at {planned}, and not before.",
            planned=header.planned,
            **who,
        )
    return t(
        "By signing, {person} ({name}) stands for {item} version {version}, content {code}, as {stage}: that it goes online "
        "at once.",
        **who,
    )
