"""Is the record honest? Each entry must be a statement that was made, and none that has an effect may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from review.gate.counting import COMPROMISED
from review.gate.versions import Story
from review.messages import t, typed
from review.model.findings import Finding, finding
from review.model.paths import record_of
from review.model.records import Record
from review.model.statements import Statement
from review.model.workflows import DRAFT


def objections(record: Record, story: Story) -> Iterator[Finding]:
    """Yield what the record claims and the history does not know, and what it keeps silent about."""
    item, path = story.item, record_of(story.item)
    made = {signed.statement.mirror: signed for signed in story.known.values()}
    # What a compromised key signed before it was marked; what it signs afterwards is told as long as it stands there.
    in_time = {said.mirror for said in story.void_in_time.values()}
    newest = story.newest
    claimed = set()
    for number, entry in enumerate(record.sign_offs, 1):
        claimed.add(entry.mirror)
        signed = made.get(entry.mirror)
        if signed is not None:
            # What went wrong in a version that another has overtaken is history; the record keeps it for ever.
            if newest is None or entry.version >= newest.number:
                yield from story.refused.get(signed.digest, ())
        elif entry.mirror in story.uncounted:
            reason = story.uncounted[entry.mirror]
            if reason.code != COMPROMISED or entry.mirror not in in_time or not _settled(entry, story):
                yield reason
        else:
            yield finding(
                "signature-missing",
                t(
                    "entry {number} of the record says that {person} signed {stage} of version {version}, "
                    "and no commit carries that statement",
                    number=number,
                    person=entry.person,
                    stage=entry.stage,
                    version=entry.version,
                ),
                item=item,
                path=path,
                hint=t(
                    "take the entry out, or ask {by} to sign: qianfa {verb} {item}",
                    by=entry.by,
                    verb=typed(_verb(entry.decision)),
                    item=typed(item),
                ),
            )
    for signed in story.known.values():
        said = signed.statement
        if signed.digest in story.effective and said.mirror not in claimed:
            yield finding(
                "sign-off-dropped",
                t(
                    "{person} signed {stage} ({decision}) of version {version} at {at} in commit {commit}, "
                    "and the record leaves it out",
                    person=said.person,
                    stage=said.stage,
                    decision=said.decision,
                    version=said.version,
                    at=said.at,
                    commit=signed.commits[0][0],
                ),
                item=item,
                path=path,
                hint=t(
                    "put the entry back as it is in that commit: git show {commit}:{path}",
                    commit=typed(signed.commits[0][0]),
                    path=typed(path),
                ),
            )


def _settled(entry: Statement, story: Story) -> bool:
    """Tell whether nobody need make again what a compromised key signed: others did, or the version is over."""
    newest = story.newest
    if entry.version <= story.withdrawn_up_to or (newest is not None and entry.version < newest.number):
        return True
    if entry.decision == "withdraw":
        return not any(one.complete and one.number <= entry.version for one in story.versions.values())
    hangs = entry.previous in story.voided or entry.previous in story.hanging
    if entry.decision == "approve" and entry.stage != DRAFT and hangs:
        return True  # whoever made what it follows is told, and comes first
    if newest is None or entry.version != newest.number:
        return entry.decision == "return"  # there is nothing to return any more
    again = {(signed.statement.stage, signed.statement.person) for signed in newest.chain.signed}
    return newest.complete or (entry.decision == "approve" and (entry.stage, entry.person) in again)


def _verb(decision: str) -> str:
    return "approve" if decision == "approve" else decision
