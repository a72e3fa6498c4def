"""Submit, approve, return, withdraw: what each says and writes. The gate is asked first; nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from review.actions.change import Change, Signer, ask, refuse_what_the_gate_would
from review.actions.handing_in import refuse_another_office, refuse_closed, refuse_empty, refuse_withheld
from review.actions.media import refuse_media
from review.actions.missing import refuse_deleted
from review.actions.post_files import cleaned, dated, differing, record_again, signable
from review.actions.turns import could_sign, header_of, holders, next_turn, refuse_signed_already, under_way
from review.errors import FormatError, Refused
from review.formats import records
from review.formats.clean_text import clean_line
from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.gate.versions import Story, Version, tell
from review.history.work_tree import snapshot_of
from review.messages import all_typed, listed, t, typed
from review.model.digests import NONE
from review.model.paths import record_of
from review.model.statements import Decision, Statement
from review.model.workflows import DRAFT, WITHDRAW, Stage
from review.views.meaning import Turn, meaning, turn_at

Files = Mapping[str, tuple[str, bytes]]


def submit(
    bench: Bench, item: str, committed: Files, files: Files, signer: Signer, at: dt.datetime, note: str
) -> Change:
    """Hand a post in: sign the stage `draft` of a new version over the files of the work tree.

    Text that was pasted is cleaned first, and the record says today's date. What has been handed in as it is, is not
    handed in again unless it was withdrawn: then the same files may come back as the next version.
    """
    refuse_deleted(bench, item, committed, files)
    files = cleaned(item, files)
    story = tell(item, bench)
    newest = story.newest
    under_way = newest is not None and newest.number > story.withdrawn_up_to
    if newest is not None and under_way and newest.chain.last.statement.manifest == signable(item, files).manifest:
        raise Refused(
            t("version {number} has these very files already", number=newest.number),
            where=item,
            hint=_whose_turn(item, newest),
        )
    files = dated(item, files, at)
    snapshot = signable(item, files)
    refuse_empty(item, files, snapshot)
    refuse_closed(item, files, bench.in_force.policy)
    refuse_withheld(item, files)
    refuse_media(item, files, bench.in_force.policy)
    statement = Statement(
        site=bench.site,
        item=item,
        version=story.next_number,
        stage=DRAFT,
        decision="approve",
        manifest=snapshot.manifest,
        previous=_last_said(story, newest) if newest else _last_left(story),
        by=signer.person,
        at=_instant(at),
        note=clean_line(note),
    )
    turn = turn_at(bench, snapshot.header, 0)
    could = holders(bench, turn.stage.by if turn.stage else (), snapshot.header)
    refuse_another_office(bench, statement, snapshot, turn, could)
    return _change(bench, statement, committed, files, signer, turn, could)


def approve(
    bench: Bench, item: str, committed: Files, files: Files, signer: Signer, at: dt.datetime, note: str, *, amend: bool
) -> Change:
    """Approve the stage that is next. With `amend` over the files of the work tree, else over those that are committed."""
    newest, following = next_turn(bench, item)
    refuse_signed_already(bench, item, newest, following, signer.person)
    refuse_deleted(bench, item, committed, files if amend else committed)
    if amend and not following.may_amend:
        raise Refused(
            t("the stage {id} may not change the files", id=following.id),
            where=item,
            hint=t("return it: qianfa return {item} --note '…'", item=typed(item)),
        )
    if not amend and (changed := differing(committed, files)):
        raise _other_files(item, changed, following)
    files = cleaned(item, files) if amend else committed
    snapshot = signable(item, files)
    if snapshot.manifest != newest.chain.last.statement.manifest and not amend:
        raise Refused(
            t("the files changed since {person} signed them", person=newest.chain.last.statement.person),
            where=item,
            hint=t("the drafter starts the next version with: qianfa submit {item}", item=typed(item)),
        )
    refuse_closed(item, files, bench.in_force.policy)
    statement = _following(bench, newest, following.id, "approve", snapshot.manifest, signer, at, note)
    amended = snapshot.manifest != newest.chain.last.statement.manifest
    if amended:
        refuse_withheld(item, files)
        refuse_media(item, files, bench.in_force.policy)
    turn = turn_at(bench, snapshot.header, len(newest.chain.signed), amended=amended)
    return _change(bench, statement, committed, files, signer, turn, could_sign(bench, newest, following))


def send_back(bench: Bench, item: str, committed: Files, signer: Signer, at: dt.datetime, note: str) -> Change:
    """Return a version that is under way, in the name of a stage to come whose office the signer holds."""
    if not clean_line(note):
        raise Refused(t("a return needs its reason"), where=item, hint=t("say it with --note"))
    newest = under_way(bench, item)
    if newest.complete or newest.chain.workflow is None:
        raise Refused(
            t("version {number} has every sign-off already", number=newest.number),
            where=item,
            hint=t("take it off the site with: qianfa withdraw {item}", item=typed(item)),
        )
    header = header_of(newest)
    people = bench.in_force.policy.people
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    to_come = workflow.slots[len(newest.chain.signed) :] if workflow else ()
    unit = header.unit if header else ""
    stage = next((stage for stage in to_come if people.holds(signer.person, stage.by, unit)), None)
    if stage is None:
        could = sorted({person for stage in to_come for person in people.holders(stage.by, unit)})
        raise Refused(
            t("{person} holds no office of a stage that is still to come", person=signer.person),
            where=item,
            hint=ask(could),
        )
    manifest = newest.chain.last.statement.manifest
    statement = _following(bench, newest, stage.id, "return", manifest, signer, at, note)
    if record_of(item) not in committed or item not in committed:
        raise Refused(
            t("its files are gone"),
            where=item,
            hint=t(
                "bring them back first: git checkout {commit} -- {item}",
                commit=typed(newest.chain.commit),
                item=typed(item),
            ),
        )
    return _change(bench, statement, committed, committed, signer, Turn(stage=stage, following=None), ())


def withdraw(bench: Bench, item: str, committed: Files, signer: Signer, at: dt.datetime, note: str) -> Change:
    """Take a version and all below it off the site. The files stay as they are; a record that is gone comes back."""
    if not clean_line(note):
        raise Refused(t("a withdrawal needs its reason"), where=item, hint=t("say it with --note"))
    story = tell(item, bench)
    standing = story.standing()
    if not standing:
        raise Refused(
            t("no version of it is signed through"),
            where=item,
            hint=t("see where it stands with: qianfa show {item}", item=typed(item)),
        )
    version = standing[0]
    files = dict(committed)
    if record_of(item) not in files:
        header = header_of(version)
        if header is None:
            raise ValueError(t("{item} cannot be complete without a header", item=item))
        files[record_of(item)] = ("100644", record_again(bench, story, header.raw))
    statement = _following(
        bench, version, WITHDRAW, "withdraw", version.chain.last.statement.manifest, signer, at, note
    )
    could = holders(bench, bench.in_force.policy.workflows.withdrawal, header_of(version))
    return _change(bench, statement, committed, files, signer, Turn(stage=None, following=None), could)


def _other_files(item: str, changed: list[str], following: Stage) -> Refused:
    what = t("the work tree has other files than the commit: {changed}", changed=listed(changed))
    undo = t("undo them: git checkout HEAD -- {changed}", changed=all_typed(changed))
    if following.may_amend:
        undo = t("approve your changes: qianfa approve {item} --amend, or {undo}", item=typed(item), undo=undo)
    return Refused(what, where=item, hint=undo)


def _following(
    bench: Bench,
    version: Version,
    stage: str,
    decision: Decision,
    manifest: str,
    signer: Signer,
    at: dt.datetime,
    note: str,
) -> Statement:
    return Statement(
        site=bench.site,
        item=version.chain.last.statement.item,
        version=version.number,
        stage=stage,
        decision=decision,
        manifest=manifest,
        previous=version.chain.last.digest,
        by=signer.person,
        at=_instant(at),
        note=clean_line(note),
    )


def _last_said(story: Story, newest: Version) -> str:
    """Return the statement that a next version follows: what ended the one before, so that the story is one thread."""
    if newest.returned is not None:
        return newest.returned.digest
    withdrawals = [
        signed
        for signed in story.known.values()
        if signed.statement.decision == "withdraw"
        and signed.digest in story.effective
        and signed.statement.version == newest.number
    ]
    return withdrawals[0].digest if withdrawals else newest.chain.last.digest


def _last_left(story: Story) -> str:
    """Return the statement that a version follows where those before are void: the last that is left of them, or was."""
    left = {
        signed.digest: signed.statement
        for signed in story.known.values()
        if signed.digest in story.hanging
        or (signed.statement.decision == "withdraw" and signed.digest in story.effective)
    } or story.void_in_time
    followed = {said.previous for said in left.values()}
    ends = [digest for digest in left if digest not in followed]
    return max(ends, key=lambda digest: (left[digest].version, digest), default=NONE)


def _whose_turn(item: str, newest: Version) -> str:
    if newest.complete:
        return t("change the post first, then submit it again")
    if newest.returned is not None:
        said = newest.returned.statement
        return t("change what {person} asked for: {note}", person=said.person, note=said.note)
    following = newest.chain.next_stage
    if following is None:
        return t("see it with: qianfa show {item}", item=typed(item))
    return t("it waits for the stage {id}: qianfa approve {item}", id=following.id, item=typed(item))


def _change(
    bench: Bench,
    statement: Statement,
    committed: Files,
    files: Files,
    signer: Signer,
    turn: Turn,
    could: Sequence[str],
) -> Change:
    """Return the change that turns the committed files into these, with the statement's entry in the record."""
    path = record_of(statement.item)
    try:
        written = {**files, path: ("100644", records.append(files[path][1], statement))}
    except FormatError as error:
        raise error.at(path) from None
    lone = statement.item not in written
    after = records.parse(written[path][1], item=statement.item) if lone else snapshot_of(statement.item, written)
    refuse_what_the_gate_would(bench, statement, signer, after, could=could)
    return Change(
        files={name: written.get(name) for name in differing(committed, written)},
        statement=statement,
        meaning=meaning(bench, statement, after.header, turn),
        amends=turn.amended,
    )


def _instant(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")
