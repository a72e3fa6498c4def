"""Ask git which posts of the work tree may differ from the commit: a quick answer, to be looked at closely."""

from __future__ import annotations

import os
import unicodedata

import git
from git.exc import GitCommandError

from review.history.repository import Repository, plain_environment
from review.model.paths import POST_SUFFIX, content_kind, path_problem, post_of

_CODE = 3
"""Two letters and a space come before each path."""


def changed_items(repository: Repository) -> frozenset[str]:
    """Return the posts of which a file is new, changed or gone; none where there is no work tree or git does not say."""
    if repository.bare:
        return frozenset()
    command = ["git", "--no-optional-locks", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"]
    with plain_environment():
        try:
            told = git.Git(str(repository.path)).execute(
                [*command, "--", "content"], stdout_as_string=False, strip_newline_in_stdout=False
            )
        except GitCommandError:
            return frozenset()
    raw = told if isinstance(told, bytes) else os.fsencode(str(told))
    paths = (os.fsdecode(line[_CODE:]) for line in raw.split(b"\0") if len(line) > _CODE)
    return frozenset(item for path in paths for item in _items_of(unicodedata.normalize("NFC", path)))


def _items_of(path: str) -> list[str]:
    """Return the posts a file may belong to: its own, or those whose attachment it may be."""
    if path_problem(path):
        return []
    kind = content_kind(path)
    if kind == "post":
        return [path]
    if kind == "record":
        return [post_of(path)]
    folders = path.split("/")[:-1]
    return ["/".join(folders[:length]) + POST_SUFFIX for length in range(3, len(folders) + 1)]
