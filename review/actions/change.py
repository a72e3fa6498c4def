"""What an act would change: files, and the statement that goes with them. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from review.errors import Refused
from review.formats import statements
from review.gate import items
from review.gate.bench import Bench
from review.gate.versions import tell
from review.messages import listed, t
from review.model.evidence import Attestation, Evidence, Made, PolicySnapshot, Snapshot, Trees, grouped
from review.model.findings import Finding
from review.model.paths import POLICY
from review.model.records import Record
from review.model.statements import Statement

FORESEEN = "f" * 40
"""The id of the commit that is not there yet. No commit has it: git would have to find that preimage first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Files to commit (path to mode and bytes, None to take one out) and the statement that is the commit's message.

    `meaning` says in one sentence what signing it stands for; `amends` tells whether what is signed was changed for it.
    """

    files: Mapping[str, tuple[str, bytes] | None]
    statement: Statement
    meaning: str = ""
    amends: bool = False

    @property
    def message(self) -> bytes:
        """The commit message, byte for byte."""
        return statements.serialise(self.statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who is about to sign: the person, and the fingerprint of the key (empty for OpenPGP, known only afterwards)."""

    person: str
    key: str


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The trees there are, and that of the commit to come, which has other files for one post."""

    trees: Trees
    parent: str
    item: str
    after: Snapshot | Record
    scans: frozenset[str]

    def post(self, commit: str, item: str) -> Snapshot | None:
        if commit == FORESEEN:
            if item != self.item:
                return self.trees.post(self.parent, item)
            return self.after if isinstance(self.after, Snapshot) else None
        return self.trees.post(commit, item)

    def policy(self, commit: str) -> PolicySnapshot:
        return self.trees.policy(self.parent if commit == FORESEEN else commit)

    def scan_of(self, commit: str, digest: str) -> str:
        if commit == FORESEEN and digest in self.scans:
            return f"evidence/{digest.removeprefix('sha256:')}"
        return self.trees.scan_of(self.parent if commit == FORESEEN else commit, digest)


def with_statement(
    evidence: Evidence, statement: Statement, key: str, after: Snapshot | Record, scans: frozenset[str] = frozenset()
) -> Evidence:
    """Return the evidence as it will be once this statement is signed in the next commit.

    `after` are the files of its item then, or the record that is all that is left of it.
    """
    digest = statements.digest(statement)
    before = evidence.made.get(digest)
    attestation = Attestation(commit=FORESEEN, keys=frozenset({key}))
    made = Made(
        statement=statement,
        digest=digest,
        attestations=(*(before.attestations if before else ()), attestation),
    )
    head, item = evidence.head, statement.item
    others = [one for one in evidence.of(item) if one.digest != digest]
    if isinstance(after, Snapshot):
        head = replace(head, posts={**head.posts, item: after})
    else:
        posts = {name: snapshot for name, snapshot in head.posts.items() if name != item}
        head = replace(head, posts=posts, lone_records={**head.lone_records, item: after})
    return replace(
        evidence,
        commit=FORESEEN,
        graph=evidence.graph.with_child(FORESEEN, evidence.commit),
        made={**evidence.made, digest: made},
        trees=_Ahead(evidence.trees, evidence.commit, item, after, scans),
        head=head,
        by_item={**evidence.by_item, **grouped([*others, made])},
    )


def refuse_what_the_gate_would(
    bench: Bench,
    statement: Statement,
    signer: Signer,
    after: Snapshot | Record,
    scans: frozenset[str] = frozenset(),
    *,
    could: Sequence[str] | None = None,
) -> None:
    """Raise `Refused` unless the gate will count this statement and find nothing new to refuse.

    `could` are those who could make it instead, where it is the person that is wrong; None where that is not known.
    """
    if statement.item == POLICY:
        raise ValueError(t("the policy is foreseen by its own act"))
    key = signer.key or next(iter(bench.policy(bench.in_force.version).people.people[signer.person].keys), "")
    ahead = replace(bench, evidence=with_statement(bench.evidence, statement, key, after, scans))
    now = items.judge(statement.item, bench)
    then = items.judge(statement.item, ahead)
    old = {_what(one) for one in now.findings} if now else set()
    new = [one for one in (then.findings if then else ()) if one.severity == "refuse" and _what(one) not in old]
    if new:
        raise _refused(new[0], could)
    if statements.digest(statement) not in tell(statement.item, ahead).effective:
        for one in then.findings if then else ():
            if one.severity == "refuse":
                raise _refused(one, could)
        raise Refused(
            t("{person} cannot {decision} this version now", person=signer.person, decision=statement.decision),
            where=statement.item,
            hint=ask(could) if could is not None else t("see who can with: qianfa gate"),
        )


def ask(could: Sequence[str]) -> str:
    """Return the next step for somebody whose turn it is not."""
    if not could:
        return t("nobody else holds that office: have the administrators give it to somebody")
    return t("ask one of: {people}", people=listed(could))


def _refused(finding: Finding, could: Sequence[str] | None) -> Refused:
    """Return the refusal that a finding is; its place is said once."""
    where = "" if finding.message.startswith(finding.path or finding.item) else finding.item
    wrong_person = could is not None and finding.code in ("not-authorised", "same-person")
    if wrong_person:  # the gate speaks of what was signed, and here nothing was
        return Refused(t("that would not count: {what}", what=finding.message), where=where, hint=ask(could or ()))
    return Refused(finding.message, where=where, hint=finding.hint)


def _what(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.path, finding.message
