"""Which files of the policy zone are other than before, and by how many lines. Pure: bytes in, sentences out."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from review.messages import t
from review.views.policy_sentences import Change

Files = Mapping[str, tuple[str, bytes]]
"""Path to (mode, bytes)."""

_MOST = 5_000
"""Lines of a file that are compared one by one; a longer one is told by its size."""


def changes(before: Files, after: Files, *, told: Collection[str]) -> Iterator[Change]:
    """Yield a sentence for each file that is other than before. `told` are files whose content is told elsewhere."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old is None and new is not None:
            yield Change(file=path, subject=path, kind="file-added", text=t("{path} is new ({size})", path=path,
                                                                            size=_size(new[1])))  # fmt: skip
        elif old is not None and new is None:
            yield Change(file=path, subject=path, kind="file-removed", text=t("{path} is taken out", path=path))
        elif old is not None and new is not None and old != new:
            yield from _changed(path, old, new, path in told)


def _changed(path: str, old: tuple[str, bytes], new: tuple[str, bytes], told: bool) -> Iterator[Change]:
    if old[0] != new[0]:
        yield Change(file=path, subject=path, kind="mode-changed",
                     text=t("{path} may now be run as a program", path=path) if new[0] == "100755"
                     else t("{path} is now of mode {mode}, not {old}", path=path, mode=new[0], old=old[0]))  # fmt: skip
    if old[1] == new[1] or told:
        return
    counted = lines(old[1], new[1])
    yield Change(
        file=path,
        subject=path,
        kind="file-changed",
        text=t("{path} changed (+{more} −{less} lines)", path=path, more=counted[0], less=counted[1])
        if counted
        else t("{path} changed ({old} → {new})", path=path, old=_size(old[1]), new=_size(new[1])),
    )


def lines(old: bytes, new: bytes) -> tuple[int, int] | None:
    """Return how many lines are new and how many are gone; None for what is no text, or too long to compare."""
    try:
        before, after = (data.decode("utf-8").split("\n") for data in (old, new))
    except UnicodeDecodeError:
        return None
    if max(len(before), len(after)) > _MOST or b"\0" in old + new:
        return None
    more = less = 0
    for tag, start, end, start_new, end_new in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            less += end - start
            more += end_new - start_new
    return more, less


def _size(data: bytes) -> str:
    return t("{count} bytes", count=len(data))
