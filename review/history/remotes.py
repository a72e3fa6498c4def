"""Talk to the remote that a site's clones share: fetch its branch, push ours. Judges nothing, changes no file.

Here git runs with the configuration of whoever calls, for that says how the remote is reached and who they are there.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from review.errors import Undelivered
from review.history.repository import Repository
from review.messages import t, typed

_HEADS = "refs/heads/"
_KEPT = re.compile(
    r"GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|PROXY_COMMAND|ALLOW_PROTOCOL|SSL_\w+|HTTP_\w+|CONFIG_\w+)"
)
"""What the environment may say about ways to a remote. Where the repository is, we say."""
_HARMFUL = ("GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT")
_SECRET = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_BUSY = re.compile(r"lock|fetch first|failed to update ref|incorrect old value|non-fast-forward|stale info")
"""How git says that somebody else was quicker, or is just about to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where the branch that is checked out goes: `branch` here, `target` there. `asks`: someone can type a password."""

    repository: Repository
    remote: str
    branch: str
    target: str
    asks: bool

    @property
    def tracking(self) -> str:
        """The ref that remembers where the remote's branch was."""
        return f"refs/remotes/{self.remote}/{self.target.removeprefix(_HEADS)}"

    @property
    def name(self) -> str:
        """The way as people write it."""
        return f"{self.remote} {self.target.removeprefix(_HEADS)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of a push: taken, or not because somebody else was quicker."""

    taken: bool


def route_of(repository: Repository, remote: str, *, asks: bool) -> Route:
    """Return the way to a remote: to the branch that ours follows there, else to the one of the same name.

    `Undelivered` where no branch is checked out, or there is no such remote.
    """
    branch = ask_git(repository, "symbolic-ref", "--quiet", "HEAD")
    if not branch.startswith(_HEADS):
        raise Undelivered(
            t("no branch is checked out"), where=remote, hint=t("go to the site's branch: git switch main")
        )
    if not ask_git(repository, "config", "--get-all", f"remote.{remote}.url"):
        raise Undelivered(
            t("this clone has no remote of that name"),
            where=remote,
            hint=t("name it: git remote add {remote} URL", remote=typed(remote)),
        )
    short = branch.removeprefix(_HEADS)
    target = branch
    if ask_git(repository, "config", "--get", f"branch.{short}.remote") == remote:
        target = ask_git(repository, "config", "--get", f"branch.{short}.merge") or branch
    return Route(repository=repository, remote=remote, branch=branch, target=target, asks=asks)


def followed_remote(repository: Repository) -> str:
    """Return the remote that the branch that is checked out follows, by this clone's own configuration; else `origin`."""
    branch = ask_git(repository, "symbolic-ref", "--quiet", "HEAD").removeprefix(_HEADS)
    followed = ask_git(repository, "config", "--get", f"branch.{branch}.remote")
    return followed if followed not in ("", ".") else "origin"


def fetch(route: Route) -> str:
    """Fetch the remote's branch and return the commit it is at; empty where it has not begun. `Undelivered` off line."""
    wanted = f"+{route.target}:{route.tracking}"
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    done = _remotely(route, "fetch", *options, "--", route.remote, wanted)
    if done.returncode == 0:
        return ask_git(route.repository, "rev-parse", "--verify", "--quiet", f"{route.tracking}^{{commit}}")
    if "find remote ref" in done.stderr:
        return ""
    raise _unreachable(route, done.stderr)


def push(route: Route, commit: str) -> Pushed:
    """Send a commit to the remote's branch, never by force. `Undelivered` where the remote refuses it or is away."""
    options = ("--porcelain", "--no-follow-tags", "--recurse-submodules=no")
    done = _remotely(route, "push", *options, "--", route.remote, f"{commit}:{route.target}")
    if done.returncode == 0:
        return Pushed(taken=True)
    refused = next((line for line in done.stdout.splitlines() if line.startswith("!\t")), "")
    if not refused:
        raise _unreachable(route, done.stderr)
    reason = refused.rpartition("\t")[2]
    if _BUSY.search(reason) and "hook declined" not in reason:
        return Pushed(taken=False)
    raise Undelivered(
        t("the remote refuses it: {words}", words=_of_server(done.stderr) or reason),
        where=route.name,
        hint=t("set that right, then send it: git push"),
    )


def head_of(repository: Repository) -> str:
    """Return the commit that is checked out; empty where there is none."""
    return ask_git(repository, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")


def ask_git(repository: Repository, *arguments: str) -> str:
    """Return what git says of the repository, empty where it says no."""
    done = run_git(repository, *arguments)
    return done.stdout.strip() if done.returncode == 0 else ""


def run_git(
    repository: Repository,
    *arguments: str,
    more: Mapping[str, str] | None = None,
    given: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run git in the site's folder, in English, with no variable of the caller's that names another repository."""
    return subprocess.run(
        ["git", "-c", "core.fsmonitor=false", *arguments],
        cwd=repository.path,
        env=_environment() | dict(more or {}),
        input=given if given is not None else "",
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    for name in _HARMFUL:
        kept.pop(name, None)
    return kept | {"LC_ALL": "C", "GIT_NO_REPLACE_OBJECTS": "1"}


def _remotely(route: Route, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git against the remote; where nobody can answer, no password is asked for, and so nothing waits."""
    if route.asks:
        return run_git(route.repository, *arguments)
    ssh = os.environ.get("GIT_SSH_COMMAND") or ask_git(route.repository, "config", "--get", "core.sshCommand")
    more = {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"}
    if "GIT_SSH" not in os.environ and "plink" not in ssh.lower():
        more["GIT_SSH_COMMAND"] = f"{ssh or 'ssh'} -o BatchMode=yes"
    return run_git(route.repository, *arguments, more=more)


def _unreachable(route: Route, stderr: str) -> Undelivered:
    return Undelivered(
        t("the remote cannot be reached: {words}", words=_telling(stderr)),
        where=route.name,
        hint=t("see that you are on line and may push, then: git push"),
    )


def _telling(stderr: str) -> str:
    """Return the line in which git or ssh says why, without the advice around it and without a password."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("warning:", "hint:", "To ", "@@@"))]
    before = [at for at, line in enumerate(lines) if at and line.startswith("fatal: Could not read from remote")]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    line = lines[before[0] - 1] if before else fatal[0] if fatal else lines[-1] if lines else ""
    return _SECRET.sub("…", line.removeprefix("fatal: ").removeprefix("error: ")) or t("no reason given")


def _of_server(stderr: str) -> str:
    """Return what the server's own hook said: its first line, ours where it is ours."""
    said = [line.removeprefix("remote: ").strip() for line in stderr.splitlines() if line.startswith("remote: ")]
    ours = [line.removeprefix("qianfa: ") for line in said if line.startswith("qianfa: ")]
    return next((line for line in (*ours, *said) if line), "")
