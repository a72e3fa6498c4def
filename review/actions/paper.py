"""Relay a signature on paper: what it says and writes. The gate is asked first; nothing is written here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from review.actions.change import Change, Signer, ask, refuse_what_the_gate_would
from review.actions.handing_in import refuse_closed
from review.actions.post_files import Files, differing, signable
from review.actions.scans import Scan
from review.actions.turns import could_sign, header_of, holders
from review.errors import FormatError, Refused, UnusableSite
from review.formats import records
from review.formats.clean_text import clean_line
from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.gate.versions import Version
from review.messages import all_typed, listed, t, typed
from review.model.forms import is_code_of
from review.model.paths import record_of
from review.model.statements import Decision, Statement
from review.model.workflows import DRAFT, Stage, Workflow
from review.views.form import handed_in
from review.views.meaning import Turn, meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A signed sheet that may be relayed: which version and stage it is about, who signed it and what they decided."""

    item: str
    version: int
    manifest: str
    previous: str
    stage: Stage
    signatory: str
    decision: Decision


def sheet_for(
    bench: Bench, item: str, committed: Files, files: Files, signer: Signer, *, stage: str, signatory: str, back: bool
) -> Sheet:
    """Return what a sheet signed by `signatory` for a stage is about; with `back` it returns the post.

    `Refused` where it is not that stage's turn or the stage takes no paper, where the signatory may not sign, or the
    signer may not relay.
    """
    newest = handed_in(bench, item)
    if changed := differing(committed, files):
        raise Refused(
            t("the work tree has other files than the commit: {changed}", changed=" ".join(changed)),
            where=item,
            hint=t("undo them: git checkout HEAD -- {changed}", changed=all_typed(changed)),
        )
    if not back:
        refuse_closed(item, committed, bench.in_force.policy)
    header = header_of(newest)
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    if workflow is None or newest.complete:
        raise Refused(
            t("version {number} has every sign-off already", number=newest.number),
            where=item,
            hint=t("see it with: qianfa show {item}", item=typed(item)),
        )
    view = _Turn(bench=bench, item=item, version=newest, workflow=workflow)
    turn = view.stage(stage, back=back)
    view.may_relay(signer.person)
    view.may_sign(turn, signatory, signer.person, back=back)
    return Sheet(
        item=item,
        version=newest.number,
        manifest=newest.chain.last.statement.manifest,
        previous=newest.chain.last.digest,
        stage=turn,
        signatory=signatory,
        decision="return" if back else "approve",
    )


def relay(
    bench: Bench,
    sheet: Sheet,
    committed: Files,
    signer: Signer,
    at: dt.datetime,
    scan: Scan,
    *,
    code: str,
    note: str,
    again: bool,
) -> Change:
    """Relay the sheet: its scan becomes evidence, its signatory the stage's person. `code` is what the sheet says.

    `again` lets one scan stand for several signatures on the same version; on anything else it never does.
    """
    item, note = sheet.item, clean_line(note)
    if sheet.decision == "return" and not note:
        raise Refused(t("a return needs its reason"), where=item, hint=t("say with --note what the sheet says"))
    if not is_code_of(code, bench.site, item, sheet.version, sheet.manifest):
        raise Refused(
            t("the paper is about other content: its code is not that of version {number}", number=sheet.version),
            where=item,
            hint=t(
                "compare it with the sheet once more; else print and sign it anew: qianfa form {item}", item=typed(item)
            ),
        )
    _refuse_used(bench, sheet, scan.digest, again=again)
    if any(path.split("/")[0].casefold() == "evidence" for path, _ in bench.evidence.head.policy_files):
        raise Refused(
            t("there is a file where the folder of scans belongs"),
            where="evidence",
            hint=t("rename it, and commit that"),
        )
    statement = Statement(
        site=bench.site,
        item=item,
        version=sheet.version,
        stage=sheet.stage.id,
        decision=sheet.decision,
        manifest=sheet.manifest,
        previous=sheet.previous,
        by=signer.person,
        at=at.isoformat(timespec="seconds"),
        note=note,
        signatory=sheet.signatory,
        paper=scan.digest,
    )
    path = record_of(item)
    try:
        record = ("100644", records.append(committed[path][1], statement))
    except FormatError as error:
        raise error.at(path) from None
    after = signable(item, {**committed, path: record})
    refuse_what_the_gate_would(bench, statement, signer, after, frozenset({scan.digest}))
    return Change(
        files={path: record, scan.path: ("100644", scan.data)},
        statement=statement,
        meaning=meaning(bench, statement, after.header, Turn(stage=sheet.stage, following=None)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A version that is under way, and the rules of who may sign it on paper and who may relay that."""

    bench: Bench
    item: str
    version: Version
    workflow: Workflow

    def stage(self, wanted: str, *, back: bool) -> Stage:
        """Return the stage that the sheet is for; `Refused` unless it may be signed now, and on paper."""
        following = self.version.next_stage(self.workflow)
        to_come = self.workflow.slots[len(self.version.chain.signed) :] if back else (following,)
        found = next((one for one in to_come if one is not None and one.id == wanted), None)
        if found is None and self.workflow.stage(wanted) is None:
            known = listed(one.id for one in self.workflow.stages)
            raise UnusableSite(
                t("there is no stage {stage}", stage=repr(wanted)),
                where="--stage",
                hint=t("stages are {known}", known=known),
            )
        if found is None:
            raise Refused(
                t("it is not the turn of {stage}: {next} is next", stage=wanted, next=following.id)
                if following
                else t("it is not the turn of {stage}", stage=wanted),
                where=self.item,
                hint=ask(could_sign(self.bench, self.version, following) if following else ()),
            )
        if not found.paper:
            raise Refused(
                t("the stage {stage} takes no signature on paper", stage=found.id),
                where=self.item,
                hint=t(
                    "one of {could} signs it with their key: qianfa approve {item}",
                    could=listed(could_sign(self.bench, self.version, found)) or t("nobody yet"),
                    item=typed(self.item),
                ),
            )
        return found

    def may_relay(self, relayer: str) -> None:
        """Raise `Refused` unless the relayer holds the office of the draft."""
        could = holders(self.bench, self.workflow.stages[0].by, header_of(self.version))
        if relayer not in could:
            raise Refused(
                t(
                    "{person} may not relay a paper without the office of the stage {draft}",
                    person=relayer,
                    draft=DRAFT,
                ),
                where=self.item,
                hint=ask(could),
            )

    def may_sign(self, stage: Stage, signatory: str, relayer: str, *, back: bool) -> None:
        """Raise `Refused` unless the signatory holds the stage's office, and has not signed the chain before."""
        if signatory not in self.bench.in_force.policy.people.people:
            raise UnusableSite(
                t("there is no {named}", named=repr(signatory)), where="--signatory", hint=t("give a person's id")
            )
        could = could_sign(self.bench, self.version, stage)
        if signatory not in holders(self.bench, stage.by, header_of(self.version)):
            raise Refused(
                t("{person} does not hold the office of the stage {stage}", person=signatory, stage=stage.id),
                where=self.item,
                hint=ask(could),
            )
        if signatory not in could and not back:
            said = next(one.statement for one in self.version.chain.signed if one.statement.person == signatory)
            raise Refused(
                t("{person} signed the stage {stage} already", person=signatory, stage=said.stage),
                where=self.item,
                hint=ask(could),
            )
        if signatory == relayer:
            raise Refused(
                t("{person} sits here with their key, and needs no paper", person=signatory),
                where=self.item,
                hint=t("sign it: qianfa approve {item}", item=typed(self.item)),
            )


def _refuse_used(bench: Bench, sheet: Sheet, digest: str, *, again: bool) -> None:
    """Refuse a scan that stands for a signature already; the picture of one sheet vouches for what it shows, once."""
    for made in bench.evidence.made.values():
        said = made.statement
        if said.paper != digest or not any(one.keys for one in made.attestations):
            continue
        same = (said.item, said.version, said.manifest) == (sheet.item, sheet.version, sheet.manifest)
        if not same:
            raise Refused(
                t(
                    "this very scan stands for {person}'s signature on version {version} of {item}",
                    person=said.person,
                    version=said.version,
                    item=said.item,
                ),
                where=sheet.item,
                hint=t("give the scan of the sheet that was signed for this one"),
            )
        if not again:
            raise Refused(
                t(
                    "this very scan stands for {person}'s signature at the stage {stage} already",
                    person=said.person,
                    stage=said.stage,
                ),
                where=sheet.item,
                hint=t("if both signatures are on the one sheet, say so with --again"),
            )
