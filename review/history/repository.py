"""Find a site's repository and what a revision names. After this, ids only: names are never resolved again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import git
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

from review.errors import UnusableSite
from review.history.objects import OBJECT_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A site's repository: its folder, its git directory and its object store."""

    path: Path
    git_dir: Path
    objects: Path
    bare: bool

    def check_work_tree(self) -> None:
        """Raise `UnusableSite` where there are no files to work on."""
        if self.bare:
            raise UnusableSite("this repository has no work tree", where=str(self.path), hint="work in a clone of it")

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that a revision names; `UnusableSite` where there is none."""
        if revision.startswith("-"):
            raise UnusableSite(f"{revision!r} is not a revision", hint="give a branch, a tag or a commit id")
        with plain_environment():
            try:
                found = git.Git(str(self.path)).rev_parse("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
            except GitCommandError:
                raise UnusableSite(
                    f"no commit is called {revision!r}", where=str(self.path), hint="see what there is with: git log --all --oneline"
                ) from None  # fmt: skip
        commit = str(found).strip()
        if not OBJECT_ID.fullmatch(commit):
            raise UnusableSite(
                "this repository does not name its objects by SHA-1", where=str(self.path), hint="make it with: git init --object-format=sha1"
            )  # fmt: skip
        return commit


def open_repository(path: Path) -> Repository:
    """Return the repository whose top folder is `path`; `UnusableSite` where there is none."""
    if shutil.which("git") is None:
        raise UnusableSite("git is not installed", hint="install git 2.36 or newer")
    with plain_environment():
        try:
            repo = git.Repo(path, search_parent_directories=False)
        except NoSuchPathError:
            raise UnusableSite("there is no such folder", where=str(path), hint="name the site with --site DIR") from None
        except InvalidGitRepositoryError:
            raise UnusableSite(
                "not the top folder of a git repository", where=str(path), hint="name it with --site DIR, or make a site with: qianfa init DIR"
            ) from None  # fmt: skip
        with repo:
            common = Path(repo.common_dir)
            return Repository(
                path=Path(path), git_dir=Path(repo.git_dir), objects=common / "objects", bare=repo.bare
            )


@contextmanager
def plain_environment() -> Iterator[None]:
    """Run git without the GIT_ variables of the caller, who may sit inside a hook of another repository."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("GIT_")}
    for name in kept:
        del os.environ[name]
    os.environ["GIT_NO_REPLACE_OBJECTS"] = "1"
    try:
        yield
    finally:
        os.environ.pop("GIT_NO_REPLACE_OBJECTS", None)
        os.environ.update(kept)
