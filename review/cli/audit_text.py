"""The story of an item in words: its versions, then act after act what was signed, with which key, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import called, paragraph, unbroken, when
from review.messages import t
from review.model.paths import POLICY
from review.views.acts_told import KINDS, Act
from review.views.audit import Audit, AuditedVersion, Outcome

_OUTCOMES: dict[Outcome, str] = {
    "complete": t("signed through"),
    "under-way": t("under review"),
    "returned": t("returned"),
    "withdrawn": t("withdrawn"),
    "refused": t("refused"),
    "void": t("void: a compromised key signed it"),
    "in-force": t("in force"),
    "superseded": t("followed by another"),
    "incomplete": t("not complete"),
}


def audit_text(audit: Audit) -> str:
    """Return the story as lines for people."""
    return "".join(told(line) + "\n" for line in _lines(audit))


def _lines(audit: Audit) -> Iterator[str]:
    if audit.item == POLICY:
        yield from paragraph(
            t("The policy of the site {site}, at commit {commit}", site=audit.site, commit=audit.commit[:12])
        )
    else:
        yield from paragraph(audit.title or audit.item)
        yield unbroken(audit.item)
        unit, column = audit.unit_title or audit.unit, audit.column_title or audit.column
        yield from paragraph("  ".join(part for part in (column, unit) if part))
        yield from paragraph(t("site {site}, at commit {commit}", site=audit.site, commit=audit.commit[:12]))
    if not audit.acts:
        yield ""
        yield from paragraph(t("Nobody has signed anything about it."))
    known = {one.version: one for one in audit.versions}
    for number in sorted({*known, *(act.version for act in audit.acts)}):
        yield ""
        yield from _version(number, [one for one in audit.versions if one.version == number], audit)
        for act in audit.acts:
            if act.version == number:
                yield ""
                yield from _act(act)
    for finding in audit.findings:
        yield ""
        yield from paragraph(t("{code}: {message}", code=finding.code, message=finding.message))
        if finding.hint:
            yield from paragraph(finding.hint, indent=2)


def _version(number: int, found: list[AuditedVersion], audit: Audit) -> Iterator[str]:
    if not found:
        yield from paragraph(t("Version {version}: nothing that was signed of it counts", version=number))
    for one in found:
        outcome = _OUTCOMES[one.outcome]
        if one.online:
            said = t("Version {version}: {outcome}, online", version=number, outcome=outcome)
        else:
            said = t("Version {version}: {outcome}", version=number, outcome=outcome)
        yield from paragraph(said)
        yield unbroken(t("content code {code}", code=one.code), indent=2)
        yield unbroken(t("manifest {manifest}", manifest=one.manifest), indent=2)
        if one.commit:
            yield unbroken(t("files in commit {commit}", commit=one.commit), indent=2)
        if audit.item != POLICY:
            yield from paragraph(_judged(one), indent=2)
            if one.planned:
                yield from paragraph(t("planned for {at}", at=when(one.planned)), indent=2)
            if one.expires:
                yield from paragraph(t("online until {day}", day=one.expires), indent=2)
        yield from (line for why in one.why for line in paragraph(why, indent=2))


def _judged(one: AuditedVersion) -> str:
    if not one.workflow:
        return t("judged by version {policy} of the policy, under which no workflow fits", policy=one.policy)
    return t("judged by version {policy} of the policy, workflow {workflow}", policy=one.policy, workflow=one.workflow)


def _act(act: Act) -> Iterator[str]:
    did, who = KINDS[act.act], called(act.person)
    if act.act in ("approved", "amended", "returned") and (act.stage_title or act.stage):
        stage = t("{title} ({id})", title=act.stage_title, id=act.stage) if act.stage_title else act.stage
        said = t("{at}  {person} {did}, as {stage}", at=when(act.at), person=who, did=did, stage=stage)
    else:
        said = t("{at}  {person} {did}", at=when(act.at), person=who, did=did)
    yield from paragraph(said, indent=2)
    if act.stands_in:
        yield from paragraph(t("standing in for whoever holds the office"), indent=4)
    if act.relayed_by is not None:
        yield from paragraph(t("on paper, relayed by {person}", person=called(act.relayed_by)), indent=4)
        yield unbroken(t("scan {digest}", digest=act.paper), indent=4)
    if act.note:
        yield from paragraph(t("note: {note}", note=act.note), indent=4)
    yield from (line for why in act.why for line in paragraph(t("DOES NOT COUNT: {why}", why=why), indent=4))
    yield unbroken(t("content code {code}", code=act.code), indent=4)
    yield unbroken(t("statement {digest}", digest=act.statement), indent=4)
    for one in act.commits:
        yield unbroken(t("commit {commit}", commit=one.commit), indent=4)
        yield unbroken(t("key {key}", key=one.key) if one.key else t("no valid signature"), indent=4)
    if act.policy and act.act != "signed-policy":
        yield from paragraph(t("of version {version} of the policy", version=act.policy), indent=4)
