"""Run the gate once, in a process of its own, and print what it cost as JSON.

python -m benchmarks.gate_once DIR PIN
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import resource
import time
from pathlib import Path

from review import pipeline
from review.formats.reports import report_json

STEPS = ("start", "commits", "files", "signatures", "items")
"""The gate's steps, as its progress names them; `start` is what comes before the first."""


class Clock:
    """Adds up the time between the changes of step that the gate's progress tells."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STEPS, 0.0)
        self._step = "start"
        self._since = time.perf_counter()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of progress."""
        del done, total
        if step != self._step:
            now = time.perf_counter()
            self.seconds[self._step] += now - self._since
            self._step, self._since = step, now


def run(site: Path, pin: str) -> dict[str, object]:
    """Return what one verdict on the newest commit cost, and what it was."""
    options = pipeline.GateOptions(now=dt.datetime.now(dt.UTC), pin=pin)
    clock = Clock()
    begun = time.perf_counter()
    report = pipeline.gate(site, "HEAD", options, clock)
    wall = time.perf_counter() - begun
    clock("end", 0, 0)
    text = report_json(report)
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": wall,
        "steps": clock.seconds,
        "processor": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
        "memory": own.ru_maxrss,  # KiB
        "memory_of_largest_child": others.ru_maxrss,
        "summary": report.summary,
        "findings": len(report.findings),
        "report": hashlib.sha256(text.encode()).hexdigest(),
    }


def main() -> None:
    """Run the gate as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gate_once", description="Run the gate once and print what it cost as JSON."
    )
    parser.add_argument("site", type=Path, metavar="DIR", help="the repository")
    parser.add_argument("pin", metavar="PIN", help="the manifest digest of its policy")
    parser.add_argument("--one-processor", action="store_true", help="one step after the other, nothing beside it")
    given = parser.parse_args()
    if given.one_processor:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(run(given.site, given.pin)))


if __name__ == "__main__":
    main()
