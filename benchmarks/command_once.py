"""Run one command, in a process of its own, and print as JSON what it cost and how much of that was the gate.

python -m benchmarks.command_once DIR PIN COMMAND…
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BEGUN = time.perf_counter()

from review import pipeline  # noqa: E402  # reading the program's modules is a part of what a command costs
from review.cli import main as qianfa  # noqa: E402


class Gate:
    """Takes the time from the opening of a repository to the verdict on it, however often a command asks for one."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.processor = 0.0
        self.times = 0

    def watch(self) -> None:
        """Have every judgement of this process timed."""
        judged = pipeline.judged

        @contextmanager
        def timed(
            site: Path, revision: str, options: pipeline.GateOptions, *more: object, **others: object
        ) -> Iterator[pipeline.Session]:
            begun, worked = time.perf_counter(), time.process_time()
            with judged(site, revision, options, *more, **others) as session:  # type: ignore[arg-type]
                self.seconds += time.perf_counter() - begun
                self.processor += time.process_time() - worked
                self.times += 1
                yield session

        pipeline.judged = timed


def run(site: Path, pin: str, command: list[str]) -> dict[str, object]:
    """Return what a command cost in a site, the interpreter's start aside."""
    gate = Gate()
    gate.watch()
    os.chdir(site)
    os.environ["QIANFA_TRUST"] = pin
    sys.argv = ["qianfa", *command]
    out, status = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), 0
    with contextlib.redirect_stdout(out):
        try:
            qianfa()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
    wall = time.perf_counter() - _BEGUN
    return {
        "status": status,
        "wall": wall,
        "gate": gate.seconds,
        "judged": gate.times,
        "rest": wall - gate.seconds,
        "rest_processor": time.process_time()
        - gate.processor,  # this process's own: a busy machine does not stretch it
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,  # KiB
        "printed": out.buffer.tell(),
    }


def main() -> None:
    """Run the command that the command line names."""
    site, pin, *command = sys.argv[1:]
    print(json.dumps(run(Path(site), pin, command)))


if __name__ == "__main__":
    main()
