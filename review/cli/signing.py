"""Have somebody sign: show what they have not seen, say what it means, ask, sign, say what was done. No command here."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import typer

from review.actions import sign_offs
from review.actions.change import Change
from review.cli.language import told
from review.cli.lines import paragraph
from review.cli.options import Signing
from review.cli.page import Page
from review.cli.prompting import ask, ask_yes, at_terminal
from review.cli.screen import answer, complain, say
from review.cli.show_text import show
from review.errors import QianfaError, Refused
from review.messages import all_typed, listed, t, typed
from review.ways import acts, shown
from review.ways.showing import look_at

Make = Callable[[str], Change]
"""Makes the change that signs an item, or raises why it cannot be signed."""

FEW = 3
"""Names that one line has room for."""

_YES, _NO, _RETURN, _QUIT = "ynrq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An item that was not signed, and why."""

    item: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What became of several items: signed, failed, or left as they were."""

    done: tuple[acts.Done, ...]
    failed: tuple[Failed, ...]
    left: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What has become of the items so far."""

    done: list[acts.Done] = field(default_factory=list)
    failed: list[tuple[str, QianfaError]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def asking(given: Signing) -> bool:
    """Tell whether somebody sits there who sees what they sign, and can be asked."""
    there = at_terminal() and sys.stdout is not None and sys.stdout.isatty()
    return there and not given.yes and not given.json


def moment(desk: acts.Desk, given: Signing) -> dt.datetime:
    """Return when something is signed: somebody who reads first signs later than they sat down."""
    return given.gate.now.astimezone(desk.at.tzinfo)


def sign_one(desk: acts.Desk, given: Signing, change: Change) -> int:
    """Sign one item, after asking where somebody can be asked; who has not seen what they approve is shown it first."""
    if asking(given):
        if change.statement.decision == "approve" and not change.amends:
            _show_unseen(desk, change)
        if not confirmed(change.meaning, t("Sign?")):
            say(t("Nothing was signed."))
            return 1
        say(result_of(acts.carry_out(desk, change)))
        return 0
    done = acts.carry_out(desk, change)
    answer("act", done, lambda: f"{told(done.meaning)}\n{told(result_of(done))}", json=given.json)
    return 0


def sign_several(desk: acts.Desk, given: Signing, items: Sequence[str], make: Make) -> int:
    """Sign several items, each by itself: in turn where somebody can be asked, else those that they were shown before.

    What was signed stays so, whatever comes after it. Return 1 where something failed.
    """
    tally = _Tally()
    if asking(given):
        try:
            _in_turn(desk, given, items, make, tally)
        except (KeyboardInterrupt, typer.Abort):
            _say_tally(tally)
            raise
        _say_tally(tally)
        return int(bool(tally.failed))
    changes = []
    for item in items:
        try:
            changes.append(make(item))
        except QianfaError as error:
            tally.failed.append((item, error))
    _refuse_unseen(desk, given, changes)
    carry_out_all(desk, given, changes, tally.failed)
    return int(bool(tally.failed))


def carry_out_all(
    desk: acts.Desk, given: Signing, changes: Sequence[Change], failed: list[tuple[str, QianfaError]]
) -> None:
    """Sign these one after the other, stop at the first that cannot be, and say what became of each."""
    tally = _Tally(failed=failed)
    for number, change in enumerate(changes):
        try:
            tally.done.append(acts.carry_out(desk, change))
        except QianfaError as error:
            failed.append((change.statement.item, error))
            tally.left += [one.statement.item for one in changes[number + 1 :]]
            break
    for item, why in failed:
        complain(QianfaError(why.what, where=why.where or item, hint=why.hint))
    if given.json or tally.done:
        answer("acts", _acts(tally), lambda: "\n".join((*_meanings(tally), *_lines(tally))), json=given.json)


def confirmed(meaning: str, question: str) -> bool:
    """Say what a signature means, and ask for it."""
    say()
    say_sentence(meaning)
    return ask_yes(question, default=False)


def say_sentence(sentence: str) -> None:
    """Say a sentence within the terminal's width."""
    for line in paragraph(sentence):
        say(line)


def result_of(done: acts.Done) -> str:
    """Return what was done, in one line."""
    values = {"person": done.by, "item": done.item, "commit": done.commit[:12]}
    if done.decision == "return":
        return t("{person} signed return: {item}  commit {commit}", **values)
    if done.decision == "withdraw":
        return t("{person} signed withdraw: {item}  commit {commit}", **values)
    return t("{person} signed {stage}: {item}  commit {commit}", stage=done.stage, **values)


def _in_turn(desk: acts.Desk, given: Signing, items: Sequence[str], make: Make, tally: _Tally) -> None:
    for number, item in enumerate(items, 1):
        try:
            change = make(item)
        except QianfaError as error:
            complain(QianfaError(error.what, where=error.where or item, hint=error.hint))
            tally.failed.append((item, error))
            continue
        say()
        say(t("Post {number} of {count}", number=number, count=len(items)))
        _show(desk, change)
        say()
        say_sentence(change.meaning)
        what = ask(t("Sign? y: yes, n: not now, r: return it with a reason, q: stop here"), check=_checked)
        if what == _QUIT:
            tally.left += items[number - 1 :]
            return
        if what == _NO:
            tally.left.append(item)
            continue
        try:
            chosen = _returning(desk, given, item) if what == _RETURN else make(item)  # at the time it is signed
            done = acts.carry_out(desk, chosen)
        except QianfaError as error:
            complain(QianfaError(error.what, where=error.where or item, hint=error.hint))
            tally.failed.append((item, error))
            tally.left += items[number:]
            return
        tally.done.append(done)
        say(result_of(done))


def _returning(desk: acts.Desk, given: Signing, item: str) -> Change:
    note = asked_why_returned()
    change = sign_offs.send_back(desk.bench, item, desk.committed(item), desk.signer, moment(desk, given), note)
    say_sentence(change.meaning)
    return change


def asked_reason(question: str, *, without: str) -> str:
    """Return the reason that somebody types; where they type none, they are told `without` and asked again."""

    def reason(answered: str) -> str:
        if not answered:
            raise QianfaError(without)
        return answered

    return ask(question, check=reason)


def asked_why_returned() -> str:
    """Return the reason of a return."""
    return asked_reason(
        t("Why is it returned? Everyone will be able to read it."), without=t("a return needs its reason")
    )


def _checked(typed: str) -> str:
    letter = {"是": _YES, "否": _NO}.get(typed, typed[:1].casefold())
    if letter not in (_YES, _NO, _RETURN, _QUIT):
        raise QianfaError(t("answer y, n, r or q"))
    return letter


def _show_unseen(desk: acts.Desk, change: Change) -> None:
    if not shown.was_shown(desk.repository, change.statement.manifest, desk.signer.person):
        _show(desk, change)


def _show(desk: acts.Desk, change: Change) -> None:
    view = look_at(desk.session, desk.bench, change.statement.item, person=desk.signer.person)
    show(view, Page(), plain=False, asked=True)
    if view.manifest == change.statement.manifest:
        shown.note(desk.repository, view.manifest, desk.signer.person)


def _refuse_unseen(desk: acts.Desk, given: Signing, changes: Sequence[Change]) -> None:
    """Raise `Refused` where somebody would sign in bulk what this clone never showed them."""
    person = desk.signer.person
    said = [one.statement for one in changes]
    unseen = [one.item for one in said if not shown.was_shown(desk.repository, one.manifest, person)]
    if not unseen:
        return
    if given.json:
        what = t("{person} was never shown it as it is now", person=person)
        failed = tuple(
            Failed(item=one, what=what, hint=t("look at it first: qianfa show {post}", post=typed(one)))
            for one in unseen
        )
        left = tuple(one.item for one in said if one.item not in unseen)
        answer("acts", Acts(done=(), failed=failed, left=left), str, json=True)
    elif len(unseen) > FEW:
        say("\n".join(map(typed, unseen)))
    raise Refused(
        t("nothing was signed, for these were never shown to {person} as they are now: {posts}",
          person=person, posts=first_few(unseen)),
        hint=t("look at each first: qianfa show {post}", post=all_typed(unseen))
        if len(unseen) <= FEW
        else t("look at each first: qianfa show POST POST …, with the posts that standard output lists"),
    )  # fmt: skip


def first_few(items: Sequence[str]) -> str:
    """Return the first of several names, and how many there are besides."""
    if len(items) <= FEW:
        return listed(items)
    return t("{names} and {count} more", names=listed(items[:FEW]), count=len(items) - FEW)


def _say_tally(tally: _Tally) -> None:
    say()
    for line in _lines(tally):
        say(line)


def _meanings(tally: _Tally) -> list[str]:
    return [told(done.meaning) for done in tally.done]


def _lines(tally: _Tally) -> list[str]:
    lines = [told(t("Signed: {count}", count=len(tally.done)))]
    lines += [f"  {told(result_of(done))}" for done in tally.done]
    if tally.failed:
        lines += [told(t("Failed: {count}", count=len(tally.failed)))]
        lines += [f"  {item}: {told(error.what)}" for item, error in tally.failed]
    if tally.left:
        lines += [told(t("Not signed: {count}", count=len(tally.left))), *(f"  {item}" for item in tally.left)]
    return lines


def _acts(tally: _Tally) -> Acts:
    return Acts(
        done=tuple(tally.done),
        failed=tuple(Failed(item=item, what=error.what, hint=error.hint) for item, error in tally.failed),
        left=tuple(tally.left),
    )
