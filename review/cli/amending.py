"""Approve a post as one rewords it: editor, changes, question, signature. An edit is never lost. No command here."""

from __future__ import annotations

from collections.abc import Mapping

from review.actions import sign_offs
from review.actions.change import Change
from review.actions.post_files import differing
from review.cli.changes_text import changes_text
from review.cli.options import Signing
from review.cli.outside import refuse_without_films
from review.cli.page import Page
from review.cli.prompting import edit
from review.cli.screen import say
from review.cli.show_text import LABELS
from review.cli.signing import asking, confirmed, moment, result_of
from review.errors import QianfaError, Refused
from review.history.work_tree import snapshot_of
from review.messages import all_typed, listed, t, typed
from review.views.changes import Changes, Content, changes_between
from review.ways import acts

Files = Mapping[str, tuple[str, bytes]]


def approve_edited(desk: acts.Desk, given: Signing, item: str) -> int:
    """Open the editor on a post whose stage may amend it, show what changed, ask, and sign. Return 1 where it was not signed.

    Whatever comes between leaves the text in the work tree, and says so.
    """
    if not asking(given):
        raise Refused(
            t("--edit asks at a terminal, and cannot here"),
            where=item,
            hint=t("change the file, then: qianfa approve {item} --amend", item=typed(item)),
        )
    committed = desk.committed(item)
    _approval(desk, given, item, committed, amend=True)  # not their turn, or no stage that amends: no editor either
    before = desk.working(item)
    if already := differing(committed, before):
        say(t("There are edits already, and they are kept: {files}", files=listed(already)))
    if not edit(desk.repository.path / item):
        raise Refused(
            t("no editor was there, or it did not end well; your text is as it left it"),
            where=item,
            hint=t("set EDITOR, or change the file and run: qianfa approve {item} --amend", item=typed(item)),
        )
    after = desk.working(item)
    changed = differing(committed, after)
    try:
        change = _approval(desk, given, item, after if changed else committed, amend=bool(changed))
        refuse_without_films(desk, given, change)
    except QianfaError as error:
        raise Refused(
            t("{what} (your text stays in the work tree)", what=error.what), where=error.where or item, hint=error.hint
        ) from None
    if changed:
        _say_changes(item, committed, change)
    else:
        say(t("The text is as it was."))
    if not confirmed(change.meaning, t("Sign?") if changed else t("Sign it unchanged?")):
        say(t("Nothing was signed."))
        if changed:
            say(t("Your text stays in {files}.", files=listed(changed)))
            say(t("To sign it: qianfa approve {item} --amend", item=typed(item)))
            say(t("To drop it: git checkout HEAD -- {files}", files=all_typed(changed)))
        return 1
    say(result_of(acts.carry_out(desk, change)))
    return 0


def _approval(desk: acts.Desk, given: Signing, item: str, files: Files, *, amend: bool) -> Change:
    return sign_offs.approve(
        desk.bench,
        item,
        desk.committed(item),
        files,
        desk.signer,
        moment(desk, given),
        given.note,
        amend=amend,
    )


def _say_changes(item: str, committed: Files, change: Change) -> None:
    page = Page()
    page.put(page.heading(t("What you changed")))
    for block in changes_text(_changes(item, committed, change), page, LABELS):
        page.put(block)


def _changes(item: str, committed: Files, change: Change) -> Changes:
    after = {path: file for path, file in {**committed, **change.files}.items() if file is not None}
    return changes_between(item, _content(item, committed), _content(item, after))


def _content(item: str, files: Files) -> Content:
    snapshot = snapshot_of(item, files)
    header = snapshot.header.raw if snapshot.header else {}
    return Content(header=header, post=files[item][1], files=snapshot.files)
