"""Find a site's repository and what a revision names. After this, ids only: names are never resolved again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from review.errors import HistoryError, UnusableSite
from review.formats.library_words import of_error
from review.history.commits import parse_commit
from review.history.objects import OBJECT_ID, ObjectStore, git_environment
from review.messages import t

_SHA_256_DIGITS = 64
_STEPS = re.compile(r"(?:~[0-9]*|\^[0-9]*|\^\{commit\})+$", re.ASCII)
_STEP = re.compile(r"([~^])([0-9]*)", re.ASCII)
_TAGGED = re.compile(rb"object ([0-9a-f]{40})\n")
_HEADS, _TAGS = "refs/heads/", "refs/tags/"
_NO_BRANCH = ("HEAD", "@", "refs/")
"""How a name begins that is none of a branch."""
_PLAIN = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.fsmonitor",
    "GIT_CONFIG_VALUE_0": "false",
}
_FAR = 1_000_000
_DEEP = 10
"""Tags of tags, and so on; nobody means more."""


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
            raise UnusableSite(
                t("this repository has no work tree"), where=str(self.path), hint=t("work in a clone of it")
            )

    def resolve(self, revision: str, store: ObjectStore) -> str:
        """Return the id of the commit that a revision names; `UnusableSite` where there is none.

        git is asked for names alone. Tags are peeled, and `~` and `^` followed, in the objects as they are. A name that a
        branch has means the branch: git would rather take a tag, which anybody may push.
        """
        steps = _STEPS.search(revision)
        base = revision[: steps.start()] if steps else revision
        name = base if OBJECT_ID.fullmatch(base) else self._named(base)
        if len(name) == _SHA_256_DIGITS:
            raise UnusableSite(
                t("this repository does not name its objects by SHA-1"),
                where=str(self.path),
                hint=t("make it with: git init --object-format=sha1"),
            )
        try:
            commit = _peeled(name, store) if OBJECT_ID.fullmatch(name) else ""
            for sign, number in _STEP.findall(steps[0].replace("^{commit}", "") if steps else ""):
                commit = _step(commit, sign, int(number or "1"), store) if commit else ""
        except HistoryError as error:
            raise UnusableSite(error.what, where=revision, hint=error.hint) from None
        if not commit:
            raise UnusableSite(
                t("no commit is called {revision}", revision=repr(revision)),
                where=str(self.path),
                hint=t("see what there is with: git log --all --oneline"),
            )
        return commit

    def quarantine(self, named: str) -> Path | None:
        """Return the folder where git keeps what is being pushed, as it names it to a hook; None where it names none.

        It lies in the object store itself: `UnusableSite` for any other place, for objects are read from nowhere else.
        """
        if not named:
            return None
        path = Path(named)
        own = path.name.startswith(("tmp_objdir-", "incoming-")) and path.is_dir() and not path.is_symlink()
        if not own or path.resolve().parent != self.objects.resolve():
            raise UnusableSite(
                t("it is no place of this repository for what is being pushed"),
                where=named,
                hint=t("have git call the hook: qianfa hook server prints it"),
            )
        return path

    @property
    def hooks(self) -> Path:
        """The folder of the repository's own hooks, whatever the configuration says."""
        return self.objects.parent / "hooks"

    def main_branch(self) -> str:
        """Return the ref that HEAD names, whether it has begun or not; empty where it names none."""
        return self._ask("symbolic-ref", "--quiet", "HEAD")

    def has(self, ref: str) -> bool:
        """Tell whether there is a ref of this full name."""
        return bool(self._look_up(ref))

    def has_commits(self) -> bool:
        """Tell whether the branch has begun."""
        return bool(self._look_up("HEAD"))

    def _named(self, name: str) -> str:
        if name.startswith(_NO_BRANCH):
            return self._look_up(name)
        return self._look_up(f"{_HEADS}{name}") or self._look_up(f"{_TAGS}{name}") or self._look_up(name)

    def _look_up(self, name: str) -> str:
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", name)

    def _ask(self, *arguments: str) -> str:
        # Nobody's configuration says what a name is; so neither does it say whose folders git may look into.
        command = ["git", "-c", "safe.directory=*", *arguments]
        environment = git_environment() | {"GIT_DIR": str(self.git_dir.absolute())}
        found = subprocess.run(
            command, cwd=self.path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return found.stdout.decode("utf-8", "replace").strip()


def _peeled(name: str, store: ObjectStore) -> str:
    for _ in range(_DEEP):
        match store.kind_of(name):
            case "commit":
                return name
            case "tag":
                tagged = _TAGGED.match(store.read(name, "tag"))
                if tagged is None:
                    return ""
                name = tagged[1].decode("ascii")
            case _:
                return ""
    return ""


def _step(commit: str, sign: str, number: int, store: ObjectStore) -> str:
    if sign == "^":
        parents = parse_commit(store.read(commit, "commit")).parents
        return commit if number == 0 else parents[number - 1] if number <= len(parents) else ""
    for _ in range(min(number, _FAR)):
        parents = parse_commit(store.read(commit, "commit")).parents
        if not parents:
            return ""
        commit = parents[0]
    return commit


def make_repository(folder: Path) -> Repository:
    """Make an empty repository in a folder, as git does for someone without configuration or templates."""
    command = ["git", "init", "--quiet", "--initial-branch=main", "--object-format=sha1", "--template=", str(folder)]
    made = subprocess.run(command, env=git_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if made.returncode:
        what = made.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UnusableSite(
            t("git could not begin here: {what}", what=what), where=str(folder), hint=t("check rights and free space")
        )
    return open_repository(folder)


def open_repository(path: Path) -> Repository:
    """Return the repository whose top folder is `path`; `UnusableSite` where there is none.

    Only the layout is looked at, as git documents it: no configuration has a say in what is a repository.
    """
    if shutil.which("git") is None:
        raise UnusableSite(t("git is not installed"), hint=t("install git 2.36 or newer"))
    if not path.is_dir():
        raise UnusableSite(t("there is no such folder"), where=str(path), hint=t("name the site with --site DIR"))
    try:
        git_dir = _git_dir(path)
        common = (
            git_dir / (git_dir / "commondir").read_text("utf-8").strip()
            if (git_dir / "commondir").is_file()
            else git_dir
        )
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableSite(
            t("its git directory cannot be read: {reason}", reason=of_error(error)),
            where=str(path),
            hint=t("check its rights"),
        ) from None
    if not ((git_dir / "HEAD").is_file() and (common / "objects").is_dir()):
        raise UnusableSite(
            t("not the top folder of a git repository"),
            where=str(path),
            hint=t("name it with --site DIR, or make a site with: qianfa init DIR"),
        )
    bare = not (path / ".git").exists()
    return Repository(path=path, git_dir=git_dir, objects=common / "objects", bare=bare)


def work_tree_around(folder: Path) -> Path:
    """Return the top of the work tree that a folder lies in; the folder itself where it is a top, or lies in none.

    A repository that is somebody else's is not found so, for they could have put it above folders of ours: git does the
    same. No configuration has a say in it either.
    """
    if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        return folder
    here = folder.resolve()
    for above in here.parents:
        git_dir = above / ".git"
        if os.path.lexists(git_dir):
            own = git_dir.lstat().st_uid == os.geteuid()
            return above if own and not here.is_relative_to(git_dir) else folder
    return folder


def _git_dir(path: Path) -> Path:
    """Return the git directory of a folder: `.git`, where a file `.git` points, or the folder itself."""
    inside = path / ".git"
    if inside.is_file():
        return path / inside.read_text("utf-8").removeprefix("gitdir:").strip()
    return inside if inside.is_dir() else path


@contextmanager
def plain_environment() -> Iterator[None]:
    """Run git without the GIT_ variables of the caller, who may sit inside a hook of another repository.

    Nor does it run the monitor that a repository's configuration names, which may be anything, where somebody only looks.
    """
    kept = {name: value for name, value in os.environ.items() if name.startswith("GIT_")}
    for name in kept:
        del os.environ[name]
    os.environ.update(_PLAIN)
    try:
        yield
    finally:
        for name in _PLAIN:
            os.environ.pop(name, None)
        os.environ.update(kept)
