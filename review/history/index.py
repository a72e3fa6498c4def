"""What git's index has that is not committed yet, and what the work tree has beside it. Reads only."""

from __future__ import annotations

import os
import subprocess
import unicodedata

from review.errors import UnusableSite
from review.history.git_trees import MAX_ATTACHMENT
from review.history.objects import ObjectStore, git_environment
from review.history.repository import Repository
from review.messages import t
from review.model.paths import POST_SUFFIX, RECORD_SUFFIX, attachments_of, record_of

_MOST = 1_000
"""Files of one post that are read; nobody means more."""


def changed_paths(repository: Repository) -> list[str]:
    """Return the paths under `content/` that the work tree has otherwise than the last commit, new files among them."""
    listed = _git(
        repository, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", "content"
    )
    return [unicodedata.normalize("NFC", entry[3:]) for entry in listed if len(entry) > 3]


def staged_paths(repository: Repository) -> list[str]:
    """Return the paths under `content/` that the next commit will have otherwise than the last one, those taken out aside."""
    wanted = ("--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACMT")
    return [path for path in _git(repository, "diff", *wanted, "--", "content", staged=True) if path]


def staged_files(repository: Repository, item: str) -> dict[str, tuple[str, bytes]]:
    """Return a post, its record and its attachments as the next commit will have them: path to (mode, bytes)."""
    places = [f":(top,literal){path}" for path in (item, record_of(item), attachments_of(item))]
    found: dict[str, tuple[str, str]] = {}
    for entry in _git(repository, "ls-files", "-z", "--stage", "--", *places, staged=True):
        told, _, path = entry.partition("\t")
        below = path.startswith(attachments_of(item))
        if path and not (below and path.endswith((POST_SUFFIX, RECORD_SUFFIX))):
            mode, id, _ = told.split()
            if mode != "160000":  # a submodule is no file, and nothing of it would be committed
                found[path] = (mode, id)
    if len(found) > _MOST:
        raise UnusableSite(t("it has {count} files", count=len(found)), where=item, hint=t("make it several posts"))
    with ObjectStore(repository.objects) as store:
        for (path, _), size in zip(found.items(), store.sizes(id for _, id in found.values()), strict=True):
            if size > MAX_ATTACHMENT:
                raise UnusableSite(
                    t("{size} bytes; at most {most} are allowed", size=size, most=MAX_ATTACHMENT),
                    where=path,
                    hint=t("make the file smaller"),
                )
        return {path: (mode, store.read(id, "blob")) for path, (mode, id) in found.items()}


def _git(repository: Repository, *arguments: str, staged: bool = False) -> list[str]:
    """Return what git lists, asked without anybody's configuration but the repository's own."""
    environment = git_environment() | (_index_of_hook(repository) if staged else {})
    safe = ("-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
    ran = subprocess.run(
        ["git", *safe, *arguments],
        cwd=repository.path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ran.returncode:
        raise UnusableSite(t("git could not list the files"), where=str(repository.path), hint=t("run: git status"))
    return os.fsdecode(ran.stdout).split("\0")


def _index_of_hook(repository: Repository) -> dict[str, str]:
    """Return the index that git is preparing while it runs a hook of this repository; it may be another than the usual one."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    index = (repository.path / named).resolve()
    return {"GIT_INDEX_FILE": str(index)} if named and index.is_relative_to(repository.git_dir.resolve()) else {}
