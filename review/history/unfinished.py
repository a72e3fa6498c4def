"""What git is in the middle of in a work tree: a merge, a rebase, a locked index. Looks at names of files only."""

from __future__ import annotations

from review.errors import Refused
from review.history.repository import Repository
from review.messages import t

_MERGE = t("a merge is under way, so nothing is signed"), t("finish it (git commit), or drop it (git merge --abort)")
_REBASE = (
    t("a rebase is under way, so nothing is signed"),
    t("finish it (git rebase --continue), or drop it (git rebase --abort)"),
)
_PICK = (
    t("a cherry-pick is under way, so nothing is signed"),
    t("finish it (git cherry-pick --continue), or drop it (git cherry-pick --abort)"),
)
_REVERT = (
    t("a revert is under way, so nothing is signed"),
    t("finish it (git revert --continue), or drop it (git revert --abort)"),
)
_UNFINISHED = {
    "MERGE_HEAD": _MERGE,
    "rebase-merge": _REBASE,
    "rebase-apply": _REBASE,
    "CHERRY_PICK_HEAD": _PICK,
    "REVERT_HEAD": _REVERT,
}
"""Names in git's folder that are there while git waits for somebody to finish what was begun: what to say, and the way out."""


def check_nothing_unfinished(repository: Repository) -> None:
    """Raise `Refused` where a merge or the like is under way: a commit made now would end it, without its other half."""
    for name, (what, hint) in _UNFINISHED.items():
        if (repository.git_dir / name).exists():
            raise Refused(what, where=str(repository.path), hint=hint)


def check_index_free(repository: Repository) -> None:
    """Raise `Refused` where git's index is locked, so that it could not follow a commit."""
    lock = repository.git_dir / "index.lock"
    if lock.exists():
        raise Refused(
            t("git's index is locked, so nothing is signed"),
            where=str(lock),
            hint=t("wait until the other git has ended; if none is at work, delete that file"),
        )
