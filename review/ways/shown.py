"""Which content this clone has shown to whom: a small file in git's folder, so that nobody signs in bulk what they never saw.

It is a reminder for people, no evidence: nothing that the gate decides rests on it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from review.history.repository import Repository
from review.history.writing import write_file

MOST = 5000
"""Lines that are kept, the newest last."""

_PLACE = "qianfa/shown"


def note(repository: Repository, manifest: str, person: str) -> None:
    """Remember that a content, by its manifest digest, was shown to a person. Where git's folder is read-only, nothing is."""
    line = f"{manifest} {person}"
    with suppress(OSError), _alone(repository.git_dir / _PLACE) as place:
        lines = [one for one in _lines(place) if one != line]
        write_file(place, "".join(f"{one}\n" for one in [*lines, line][-MOST:]).encode())


def was_shown(repository: Repository, manifest: str, person: str) -> bool:
    """Tell whether exactly this content was shown to this person in this clone."""
    return f"{manifest} {person}" in _lines(repository.git_dir / _PLACE)


def _lines(place: Path) -> list[str]:
    try:
        return place.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


@contextmanager
def _alone(place: Path) -> Iterator[Path]:
    """Give the file while no other command of this clone writes it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place
