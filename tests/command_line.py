"""Run the installed `qianfa` as people do, and see all that a folder holds before and after."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from story import NOW, Story

from review.cli import main

BIN = Path(sys.executable).parent
QIANFA = BIN / "qianfa"
AT = NOW.isoformat()
NOTHING: Mapping[str, str] = MappingProxyType({})
TRACEBACK = "Traceback (most recent call last)"
DRAFTER = "officer-fengxiang"
APPROVERS = ("head-fengxiang", "reviewer-1", "leader-1", "publisher-1")
POST = "content/news/2026-11-21-chun-ji-ke-pu-jiang-zuo.md"
"""What `qianfa new` calls the post of the tour."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what a process knows of the machine: where programs are, and a home. Nothing of the caller's."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"} | more


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error; `ValueError` where it is not exactly one, or tells of a crash."""
        lines = self.err.splitlines()
        if len(lines) != 1 or not lines[0].startswith("qianfa: ") or TRACEBACK in self.err:
            raise ValueError(f"one line was expected: {self.err!r}")
        return lines[0].removeprefix("qianfa: ")


def run(*command: str | Path, cwd: Path, env: Mapping[str, str], before: Callable[[], None] | None = None) -> Ran:
    """Run a command to its end; `before` is called in the new process first."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
        preexec_fn=before,  # no thread of ours holds a lock while it forks
        start_new_session=True,  # no terminal: nothing can ask for anything
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def run_here(*arguments: str, cwd: Path, env: Mapping[str, str]) -> Ran:
    """Run `qianfa` in this process: the same `main`, without the half second that Python takes to start.

    For the long tables of refusals. Output is caught where the system writes it, that of git and ssh-keygen included.
    """
    kept = dict(os.environ), Path.cwd(), sys.argv, sys.stdout, sys.stderr, os.dup(1), os.dup(2)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            os.environ.clear()
            os.environ.update(env)
            os.chdir(cwd)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.argv = ["qianfa", *arguments]
            sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115  # the process ends with them
            try:
                main()
            except SystemExit as leaving:
                status = int(leaving.code or 0)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            environ, folder, sys.argv, sys.stdout, sys.stderr, *descriptors = kept
            for number, descriptor in enumerate(descriptors, 1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environ)
        texts = [(file.seek(0), file.read().decode("utf-8", "replace"))[1] for file in (out, err)]
    return Ran(status, *texts)


@dataclass
class Desk:
    """A site's folder with the keys of its people, and the commands that they run there.

    `pin` is given with every command; `home` is everybody's home folder. `here` runs them in this process.
    """

    path: Path
    keys: Path
    home: Path
    pin: str
    now: str = AT
    env: dict[str, str] = field(default_factory=dict)
    here: bool = False

    def qianfa(
        self,
        *arguments: str | Path,
        by: str = "",
        cwd: Path | None = None,
        before: Callable[[], None] | None = None,
        env: Mapping[str, str] = NOTHING,
    ) -> Ran:
        """Run a command in the site, signing with a person's key where one is named."""
        more = ["--key", str(self.keys / by)] if by else []
        more += ["--now", self.now] if self.now and "--now" not in arguments else []
        at = arguments.index("--") if "--" in arguments else len(arguments)
        command = [str(part) for part in (*arguments[:at], *more, *arguments[at:])]
        trust = {"QIANFA_TRUST": self.pin} if self.pin else {}
        given = environment(self.home, **{**trust, **self.env, **env})
        if self.here and before is None:
            return run_here(*command, cwd=cwd or self.path, env=given)
        return run(QIANFA, *command, cwd=cwd or self.path, env=given, before=before)

    def done(self, *arguments: str | Path, by: str = "") -> str:
        """Run a command that must succeed, in silence but for what it prints."""
        ran = self.qianfa(*arguments, by=by)
        if ran.status or ran.err:
            raise ValueError(f"{arguments} ended with {ran.status}: {ran.err}{ran.out}")
        return ran.out

    def git(self, *arguments: str) -> str:
        """Run git in the site; it must succeed."""
        return git(self.path, *arguments, home=self.home)

    @property
    def head(self) -> str:
        """The id of the commit that the site is at."""
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, data: str | bytes) -> Path:
        """Write a file of the work tree."""
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        return target

    def read(self, path: str) -> str:
        """Return a file of the work tree."""
        return (self.path / path).read_bytes().decode()

    def everything(self) -> dict[str, tuple[str, bytes]]:
        """Return all that the site's folder holds: files, links and folders, git's own included."""
        return everything_in(self.path)


def git(folder: Path, *arguments: str, home: Path | None = None) -> str:
    """Run git in a folder; it must succeed."""
    identity = {"GIT_AUTHOR_NAME": "someone", "GIT_AUTHOR_EMAIL": "someone@example.org"}
    identity |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in identity.items()}
    ran = run("git", *arguments, cwd=folder, env=environment(home or folder, **identity))
    if ran.status:
        raise ValueError(f"git {arguments} ended with {ran.status}: {ran.err}")
    return ran.out.strip()


def everything_in(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Return all that a folder holds: path to kind with permissions, and bytes or where a link leads."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place) / name
            mode = stat.filemode(path.lstat().st_mode)
            data = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else b""
            found[str(path.relative_to(folder))] = (mode, data)
    return found


def without_objects(everything: Mapping[str, tuple[str, bytes]]) -> dict[str, tuple[str, bytes]]:
    """Return a folder's content without git's objects: those that nothing refers to change nothing."""
    return {path: value for path, value in everything.items() if not path.startswith(".git/objects/")}


def copied(source: Path, target: Path) -> Path:
    """Copy a folder as `cp -r` does, links as links."""
    return Path(shutil.copytree(source, target, symlinks=True))


def seated(story: Story, folder: Path) -> Desk:
    """Return the desk at a story's repository: its work tree checked out, its people's keys in files."""
    keys, home = folder / "keys", folder / "home"
    keys.mkdir(mode=0o700)
    home.mkdir()
    for person, key in story.keys.items():
        key.save(keys / person)
    desk = Desk(path=story.path, keys=keys, home=home, pin=story.pin, here=True)
    desk.git("reset", "--hard", "--quiet")
    return desk


def written(desk: Desk, *, by: str = DRAFTER) -> str:
    """Begin the tour's post in a founded site, and write something into it."""
    if POST not in desk.done("new", "news", "春季科普讲座", by=by):
        raise ValueError("the post has another name")
    desk.write(POST, desk.read(POST).rstrip("\n") + "\n\n讲座于四月举行，欢迎参加。\n")
    return POST
