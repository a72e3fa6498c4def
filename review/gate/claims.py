"""Is the record honest? Each entry must be a statement that was made, and none that has an effect may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from review.gate.versions import Story
from review.messages import t
from review.model.findings import Finding, finding
from review.model.paths import record_of
from review.model.records import Record


def objections(record: Record, story: Story) -> Iterator[Finding]:
    """Yield what the record claims and the history does not know, and what it keeps silent about."""
    item, path = story.item, record_of(story.item)
    made = {signed.statement.mirror: signed for signed in story.known.values()}
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
            yield story.uncounted[entry.mirror]
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
                    verb=_verb(entry.decision),
                    item=item,
                ),
            )
    for signed in story.known.values():
        said = signed.statement
        if signed.digest in story.effective and said.mirror not in claimed:
            yield finding(
                "sign-off-dropped",
                t(
                    "{person} signed {stage} ({decision}) of version {version} at {at} in commit {commits}, "
                    "and the record leaves it out",
                    person=said.person,
                    stage=said.stage,
                    decision=said.decision,
                    version=said.version,
                    at=said.at,
                    commits=signed.commits[0][0],
                ),
                item=item,
                path=path,
                hint=t(
                    "put the entry back as it is in that commit: git show {commits}:{path}",
                    commits=signed.commits[0][0],
                    path=path,
                ),
            )


def _verb(decision: str) -> str:
    return "approve" if decision == "approve" else decision
