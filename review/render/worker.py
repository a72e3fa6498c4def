"""The process that renders: Pelican over one work folder, with the policy's theme and `pelicanconf.py`.

`pelicanconf.py` runs here and nowhere else. It can tell by this module's name in `sys.modules` that it is not being
run by a bare `pelican`, which would publish what nobody signed.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import signal
import sys
import traceback
from pathlib import Path

from pelican import Pelican
from pelican.log import init as init_logging

from review.errors import QianfaError
from review.render import plugin
from review.render.settings import settings_for, warn
from review.render.shelf import derive_all

SITE, TEXTS, PICTURES, POLICY, PROBLEM = "site.json", "texts", "pictures", "policy", "problem.txt"
"""What is where in the work folder."""

SECONDS_A_POST = 60
"""After so long with one post the system ends this process; `rendering` then says which post it was."""

_PR_SET_PDEATHSIG = 1


class Engine(Pelican):  # type: ignore[misc]  # Pelican has no types
    """Pelican without its two ways of loading code that nobody named."""

    def init_path(self) -> None:
        """Do not put the current folder on the import path."""

    def init_plugins(self) -> None:
        """Register ours, instead of importing every package that happens to be installed as `pelican.plugins.…`."""
        self.plugins = list(self.settings["PLUGINS"])
        for one in self.plugins:
            one.register()
        self.settings["PLUGINS"] = [one.__name__ for one in self.plugins]


def main(work: Path, output: Path) -> int:
    """Render `work` into `output`; 0 where it worked, else 1 with one line in the work folder's problem file."""
    _end_with_parent()
    # Standard output is how we tell the parent where we are; whatever else is printed goes to the log.
    progress = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    init_logging(level=logging.WARNING, fatal="errors", handler=logging.StreamHandler(sys.stderr))

    pictures = 0

    def announce(done: int, total: int, item: str) -> None:
        signal.alarm(SECONDS_A_POST if item else 0)
        progress.write(f"{pictures + done} {pictures + total} {item}\n")

    try:
        data = json.loads((work / SITE).read_text("utf-8"))
        posts = data["posts"]

        def derived(done: int, total: int) -> None:
            nonlocal pictures
            pictures = total
            progress.write(f"{done} {total + len(posts)} \n")

        made = derive_all(posts, work / PICTURES, output, warn, derived)
        material = plugin.Material(site=work / SITE, texts=work / TEXTS, pictures=made, announce=announce)
        Engine(settings_for(work / POLICY, output, data["site"], material)).run()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever theme or configuration raise is theirs
        traceback.print_exc()
        (work / PROBLEM).write_text(_one_line(error, work / POLICY), encoding="utf-8")
        return 1
    return 0


def _one_line(error: BaseException, policy: Path) -> str:
    """Return *where: what* for whatever was raised; where is a file of the policy if one had a part in it."""
    if isinstance(error, QianfaError):
        return str(error)
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(f"{policy}{os.sep}"):
            where = f"{Path(frame.filename).relative_to(policy)}:{frame.lineno}"
    if (name := getattr(error, "filename", None)) and getattr(error, "lineno", None):
        broken = Path(str(name))
        where = f"{broken.relative_to(policy) if broken.is_relative_to(policy) else broken.name}:{error.lineno}"  # type: ignore[attr-defined]
    words = " ".join(str(error).split()) or "no reason given"
    return (f"{where}: " if where else "") + f"{type(error).__name__}: {words}"


def _end_with_parent() -> None:
    """Have the system end this process where the parent is killed: nobody would be left to use what it makes."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
