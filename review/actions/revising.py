"""Begin the next version of a post: what became of the last one, and its files where they are gone. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from review.actions.post_files import record_again
from review.errors import Refused
from review.gate.bench import Bench
from review.gate.counting import Signed
from review.gate.versions import Story, Version, tell
from review.messages import t, typed
from review.model.paths import record_of

Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The version that a next one follows, and the statement that ended it, None where it stands or is under way."""

    story: Story
    version: Version
    ended_by: Signed | None

    @property
    def under_review(self) -> bool:
        """Tell whether somebody is still to sign it."""
        return not self.version.complete and self.ended_by is None


def last_version(bench: Bench, item: str) -> Ended:
    """Return what a next version of an item would follow; `Refused` where nobody handed it in yet."""
    story = tell(item, bench)
    version = story.newest
    if version is None:
        raise Refused(
            t("nobody has handed it in yet"),
            where=item,
            hint=t("write it, then hand it in with: qianfa submit {item}", item=typed(item)),
        )
    if version.number <= story.withdrawn_up_to:
        return Ended(story=story, version=version, ended_by=_withdrawal(story))
    return Ended(story=story, version=version, ended_by=version.returned)


def _withdrawal(story: Story) -> Signed | None:
    """Return the withdrawal that reaches highest."""
    made = [
        one for one in story.known.values() if one.statement.decision == "withdraw" and one.digest in story.effective
    ]
    return max(made, key=lambda one: (one.statement.version, one.statement.at), default=None)


def files_missing(
    bench: Bench, ended: Ended, working: Files, committed: Files, read: Callable[[str], bytes]
) -> dict[str, bytes]:
    """Return the files of the last version that the work tree has not, path to bytes. `read` gives a blob's bytes.

    Once the post was edited, a file that is not there is part of the edit, and stays away.
    """
    item, snapshot = ended.story.item, ended.version.chain.snapshot
    if snapshot is None:
        return {}
    of_version = {file.path: file.blob for file in snapshot.files}
    if item in working and item in of_version and working[item][1] != read(of_version[item]):
        of_version = {}
    missing = {path: read(blob) for path, blob in of_version.items() if path not in working}
    record = record_of(item)
    if record not in working and snapshot.header is not None:
        known = committed.get(record)
        missing[record] = known[1] if known else record_again(bench, ended.story, snapshot.header.raw)
    return missing
