"""The scripts that git runs for a site: before a commit on somebody's machine, before a push is taken on the server."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from review.errors import Refused
from review.history.remotes import ask_git
from review.history.repository import open_repository
from review.history.writing import read_back, write_file
from review.messages import t

_OURS = "# qianfa hook install:"
_KEPT = "pre-commit.local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A hook that is in its place: where, and where the one is kept that was there before and is now called first."""

    path: str
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHook:
    """The text of a pre-receive hook, and whether a trust pin is in it."""

    script: str
    pinned: bool


def program() -> str:
    """Return where this very program is installed; its name alone where that cannot be told."""
    beside = Path(sys.executable).with_name("qianfa")
    return str(beside) if beside.is_file() else shutil.which("qianfa") or "qianfa"


def install(site: Path, *, force: bool, about: str, missing: str) -> Installed:
    """Have git check what is staged before each commit; again is as well as once.

    `about` and `missing` are the script's comment and what it says once this program is gone, in the reader's language.
    A hook that is somebody else's is never written over: `Refused`, or with `force` it is kept beside and called first.
    """
    repository = open_repository(site)
    repository.check_work_tree()
    elsewhere = ask_git(repository, "config", "--get", "core.hooksPath")
    line = f"{shlex.quote(program())} check --staged || exit"
    if elsewhere:
        raise Refused(
            t("git looks for hooks there, for core.hooksPath says so"),
            where=elsewhere,
            hint=t("put this line into pre-commit there: {line}", line=line),
        )
    hook, kept = repository.hooks / "pre-commit", repository.hooks / _KEPT
    there = os.path.lexists(hook)
    foreign = there and _OURS.encode() not in (read_back(hook) or b"")
    if foreign and (not force or os.path.lexists(kept)):
        raise Refused(
            t("there is a hook already, and it is not ours"),
            where=str(hook),
            hint=t("put this line into it: {line}", line=line)
            if force
            else t("put this line into it: {line}; or have it called first with --force", line=line),
        )
    if foreign:
        hook.rename(kept)
    write_file(hook, _pre_commit(about, missing).encode())
    hook.chmod(0o755)
    return Installed(path=str(hook), first=str(kept) if os.path.lexists(kept) else "")


def _pre_commit(about: str, missing: str) -> str:
    return (
        f"#!/bin/sh\n{_OURS} {_one_line(about)}\n"
        f"qianfa={shlex.quote(program())}\n"
        'if [ -x "$0.local" ]; then "$0.local" "$@" || exit; fi\n'
        f'[ -x "$qianfa" ] || qianfa=$(command -v qianfa) || {{ printf "%s\\n" {shlex.quote(missing)} >&2; exit 0; }}\n'
        'exec "$qianfa" check --staged\n'
    )


def server_hook(pin: str, branches: Sequence[str], *, about: str, unpinned: str, missing: str) -> ServerHook:
    """Return a pre-receive hook for the bare repository that everybody pushes to, pin and protected branches baked in.

    `about`, `unpinned` (the comment where there is no pin) and `missing` are in the reader's language.
    """
    comment = _one_line(about) if pin else f"{_one_line(about)}\n# {_one_line(unpinned)}"
    trust = f" --trust {shlex.quote(pin)}" if pin else ""
    kept = "".join(f" --branch {shlex.quote(name)}" for name in branches)
    script = (
        f"#!/bin/sh\n# {comment}\n"
        f"qianfa={shlex.quote(program())}\n"
        f'[ -x "$qianfa" ] || qianfa=$(command -v qianfa) || {{ printf "%s\\n" {shlex.quote(missing)} >&2; exit 1; }}\n'
        f'exec "$qianfa" hook receive{trust}{kept} --quarantine "${{GIT_QUARANTINE_PATH-}}"\n'
    )
    return ServerHook(script=script, pinned=bool(pin))


def _one_line(text: str) -> str:
    return " ".join(text.split())
