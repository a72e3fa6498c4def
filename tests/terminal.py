"""A person at a terminal: the real command in a pseudo-terminal, questions awaited and answered as people do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pexpect
from command_line import NOTHING, QIANFA, Desk, environment

TIMEOUT = 60
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")

Answers = tuple[tuple[str, str], ...]
"""Questions as they appear, by a part of their words, and what is typed."""


class Seat:
    """Somebody who sits at a terminal in front of a site, with their key in git's configuration and an editor of their own."""

    def __init__(self, desk: Desk, person: str, *, language: str = "C.UTF-8") -> None:
        self.desk = desk
        self.person = person
        self.language = language

    def qianfa(
        self, *arguments: str | Path, answers: Answers = (), status: int = 0, env: Mapping[str, str] = NOTHING
    ) -> str:
        """Run a command, answer its questions in order, and return all that the terminal showed, without colours.

        `ValueError` where a question does not come, another comes, or the command ends otherwise than with `status`.
        """
        child = pexpect.spawn(
            str(QIANFA),
            [*map(str, arguments), "--now", self.desk.now],
            cwd=str(self.desk.path),
            env=self._environment(env),
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(50, 100),
            timeout=TIMEOUT,
        )
        shown = ""
        for question, answer in answers:
            try:
                child.expect_exact(question)
            except (pexpect.EOF, pexpect.TIMEOUT):
                child.close(force=True)
                raise ValueError(f"{question!r} was not asked: {plain(shown + str(child.before))}") from None
            shown += str(child.before) + question
            child.sendline(answer)
        child.expect(pexpect.EOF)
        shown = plain(shown + str(child.before))
        child.close()
        if child.exitstatus != status:
            raise ValueError(f"{arguments} ended with {child.exitstatus}: {shown}")
        return shown

    def _environment(self, env: Mapping[str, str]) -> dict[str, str]:
        given = {"TERM": "xterm-256color", "LC_ALL": self.language, "QIANFA_TRUST": self.desk.pin}
        return environment(home_of(self.desk, self.person), **{**given, **self.desk.env, **env})


def home_of(desk: Desk, person: str) -> Path:
    """Return the home folder of a person whose git is set up to sign with their key."""
    home = desk.home.parent / f"home-{person}"
    home.mkdir(exist_ok=True)
    key = desk.keys / person
    (home / ".gitconfig").write_text(f"[user]\n\tsigningkey = {key}\n[gpg]\n\tformat = ssh\n", encoding="utf-8")
    return home


def plain(text: str) -> str:
    """Return what a terminal showed without what steers it."""
    return _STEERING.sub("", text)


def editor(folder: Path, script: str) -> dict[str, str]:
    """Return the environment of somebody whose editor is a shell script: `$1` is the file, as with any editor."""
    program = folder / "editor"
    program.write_text("#!/bin/sh\nset -e\n" + script + "\n", encoding="utf-8")
    program.chmod(0o755)
    return {"EDITOR": str(program)}
