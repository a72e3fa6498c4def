"""Which files of the policy zone are other than before, and by how many lines. Pure: bytes in, sentences out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from review.messages import t
from review.views.policy_sentences import Change

Files = Mapping[str, tuple[str, bytes]]
"""Path to (mode, bytes)."""

_CLOSELY = 160
"""Lines in a row, on either side, whose order is compared: difflib's work grows with their square and more."""


def changes(before: Files, after: Files) -> Iterator[Change]:
    """Yield a sentence for each file that is other than before, whatever else is said of it."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old is None and new is not None:
            yield Change(file=path, subject=path, kind="file-added", text=t("{path} is new ({size})", path=path,
                                                                            size=_size(new[1])))  # fmt: skip
        elif old is not None and new is None:
            yield Change(file=path, subject=path, kind="file-removed", text=t("{path} is taken out", path=path))
        elif old is not None and new is not None and old != new:
            yield from _changed(path, old, new)


def _changed(path: str, old: tuple[str, bytes], new: tuple[str, bytes]) -> Iterator[Change]:
    if old[0] != new[0]:
        yield Change(file=path, subject=path, kind="mode-changed",
                     text=t("{path} may now be run as a program", path=path) if new[0] == "100755"
                     else t("{path} is now of mode {mode}, not {old}", path=path, mode=new[0], old=old[0]))  # fmt: skip
    if old[1] == new[1]:
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
    """Return how many lines are new and how many are gone; None for what is no text.

    In a long change lines count by what they say, wherever they stand; all of them do where they have only changed places.
    """
    try:
        before, after = (data.decode("utf-8").split("\n") for data in (old, new))
    except UnicodeDecodeError:
        return None
    if b"\0" in old + new:
        return None
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    return _counted(before[head : len(before) - tail], after[head : len(after) - tail])


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines are equal at the beginning."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))


def _counted(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    if max(len(old), len(new)) > _CLOSELY:
        was, now = Counter(old), Counter(new)
        more, less = (now - was).total(), (was - now).total()
        return (more, less) if more or less else (len(new), len(old))
    kept = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(new) - kept, len(old) - kept


def _size(data: bytes) -> str:
    return t("{count} bytes", count=len(data))
