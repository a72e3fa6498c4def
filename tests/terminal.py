"""A person at a terminal: the real command in a pseudo-terminal, questions awaited and answered as people do."""

from __future__ import annotations

import fcntl
import os
import pickle
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pexpect
import pytest
from command_line import NOTHING, QIANFA, Desk, copied, environment

TIMEOUT = 60
PATIENCE = 5
"""Seconds until somebody presses Ctrl-C once more."""

WIDTH = 100
CTRL_C = "\x03"
"""The answer of somebody who has had enough."""

_IN_WORDS = re.compile(r"(?<=[\u4e00-\u9fff，。；：（）]) (?=[\u4e00-\u9fff，。；：（）])")
"""Where a line may end within Chinese, without a blank."""

_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")

Answers = tuple[tuple[str, str], ...]
"""Questions as they appear, by a part of their words, and what is typed."""


class Seat:
    """Somebody who sits at a terminal in front of a site, with their key in git's configuration and an editor of their own.

    They sign with the key that the desk has for them, or with the one given. No agent runs.
    """

    def __init__(self, desk: Desk, person: str, *, language: str = "C.UTF-8", key: Path | None = None) -> None:
        self.desk = desk
        self.person = person
        self.language = language
        self.key = key or desk.keys / person

    def qianfa(
        self, *arguments: str | Path, answers: Answers = (), status: int = 0, env: Mapping[str, str] = NOTHING
    ) -> str:
        """Run a command, answer its questions in order, and return all that the terminal showed, without colours.

        `ValueError` where a question does not come, another comes, or the command ends otherwise than with `status`.
        """
        return plain(self.screen(*arguments, answers=answers, status=status, env=env))

    def screen(
        self, *arguments: str | Path, answers: Answers = (), status: int = 0, env: Mapping[str, str] = NOTHING
    ) -> str:
        """Do the same, and return all that the terminal was sent, with what steers it."""
        with warnings.catch_warnings():  # from Python 3.12 on; the child does nothing but start the command
            warnings.filterwarnings("ignore", ".*multi-threaded, use of forkpty", DeprecationWarning)
            child = pexpect.spawn(
                str(QIANFA),
                [*map(str, arguments), "--now", self.desk.now],
                cwd=str(self.desk.path),
                env=self._environment(env),
                encoding="utf-8",
                codec_errors="replace",
                dimensions=(50, WIDTH),
                timeout=TIMEOUT,
            )
        child.ptyproc.delayafterclose = 0  # type: ignore[attr-defined]  # it has ended by then
        sent = ""
        for question, answer in answers:
            try:
                child.expect_exact(question)
            except (pexpect.EOF, pexpect.TIMEOUT):
                child.close(force=True)
                raise ValueError(f"{question!r} was not asked: {plain(sent + str(child.before))}") from None
            sent += str(child.before) + question
            if answer == CTRL_C:
                sent += _interrupt(child)
            else:
                child.sendline(answer)
        try:
            child.expect(pexpect.EOF)
        except pexpect.TIMEOUT:
            child.close(force=True)
            raise ValueError(f"it asks for more: {plain(sent + str(child.before))}") from None
        sent += str(child.before)
        child.wait()
        child.close()
        if child.exitstatus != status:
            raise ValueError(f"{arguments} ended with {child.exitstatus}: {plain(sent)}")
        return sent

    def _environment(self, env: Mapping[str, str]) -> dict[str, str]:
        given = {"TERM": "xterm-256color", "LC_ALL": self.language, "QIANFA_TRUST": self.desk.pin}
        home = home_of(self.desk, self.person, key=self.key)
        return environment(home, **{**given, **self.desk.env, **env})


def _interrupt(child: pexpect.spawn[str]) -> str:
    """Press Ctrl-C as people do: once more where nothing follows. Return what was shown until the command ended.

    Python looks for signals before it waits for a line, not between the two: one that comes just then is told with the next key.
    """
    for _ in range(TIMEOUT // PATIENCE):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=PATIENCE) == 0:
            return str(child.before)
    return ""


@dataclass
class Day:
    """A story told at terminals: what each showed, by the step of the story, and which steps left the site's folder as it was."""

    desk: Desk
    shown: dict[str, str] = field(default_factory=dict)
    unchanged: dict[str, bool] = field(default_factory=dict)

    def does(
        self,
        step: str,
        person: str,
        *arguments: str,
        answers: Answers = (),
        status: int = 0,
        env: Mapping[str, str] = NOTHING,
    ) -> None:
        """Have a person run a command."""
        before = self.desk.everything()
        self.shown[step] = Seat(self.desk, person).qianfa(*arguments, answers=answers, status=status, env=env)
        self.unchanged[step] = self.desk.everything() == before


D = TypeVar("D", bound=Day)


def told_once(factory: pytest.TempPathFactory, name: str, tell: Callable[[Path], D]) -> D:
    """Return a story that is told once a run: the first of its processes tells it in a folder, the others read what it left."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept = shared / f"{name}.told"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(tell(Path(tempfile.mkdtemp(prefix=name, dir=shared)))))
    told: D = pickle.loads(kept.read_bytes())
    return told


def own_copy(desk: Desk, folder: Path) -> Desk:
    """Return a copy of a desk in a folder of its own, for a story that a whole module shares."""
    (folder / "home").mkdir()
    return replace(desk, path=copied(desk.path, folder / "site"), home=folder / "home", env={}, here=True)


def home_of(desk: Desk, person: str, *, key: Path | None = None) -> Path:
    """Return the home folder of a person whose git is set up to sign with their key."""
    home = desk.home.parent / f"home-{person}"
    home.mkdir(exist_ok=True)
    key = key or desk.keys / person
    (home / ".gitconfig").write_text(f"[user]\n\tsigningkey = {key}\n[gpg]\n\tformat = ssh\n", encoding="utf-8")
    return home


def plain(text: str) -> str:
    """Return what a terminal showed without what steers it."""
    return _STEERING.sub("", text)


def flat(text: str) -> str:
    """Return a text without its line ends: where they are depends on how wide the terminal is."""
    return _IN_WORDS.sub("", " ".join(text.split()))


def editor(folder: Path, script: str) -> dict[str, str]:
    """Return the environment of somebody whose editor is a shell script: `$1` is the file, as with any editor."""
    program = folder / "editor"
    program.write_text("#!/bin/sh\nset -e\n" + script + "\n", encoding="utf-8")
    program.chmod(0o755)
    return {"EDITOR": str(program)}
