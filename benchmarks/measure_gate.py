"""Measure the gate on repositories of several sizes, cold and warm, and print the results as Markdown tables.

    python -m benchmarks.measure_gate FOLDER --posts 1000 10000 --runs 5

Repositories that are not in FOLDER yet are made there first. Every run is a process of its own. Before a cold run the
system is told to drop its page cache, where we may say so; the program itself keeps no cache.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gate_once import STEPS
from benchmarks.make_repository import make

_DROP = Path("/proc/sys/vm/drop_caches")
_PARTS = {
    "reading commits": ("start", "commits"),
    "reading files and trees": ("files",),
    "verifying": ("signatures",),
    "judging": ("items",),
}


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured on one repository; a run is what `gate_once` prints, `process` with it the whole process."""

    posts: int
    signatures: int
    bare: list[float]
    cold: list[dict[str, Any]]
    warm: list[dict[str, Any]]
    one_processor: list[dict[str, Any]]


def drop_page_cache() -> bool:
    """Have the system forget the files it read; False where that is not for us to say."""
    os.sync()
    try:
        _DROP.write_text("3\n", encoding="ascii")
    except OSError:
        return False
    return True


def _run(module: str, *arguments: str) -> dict[str, Any]:
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - begun
    result: dict[str, Any] = json.loads(done.stdout)
    return result | {"process": seconds}


def measure(folder: Path, posts: int, runs: int) -> Results:
    """Measure one repository, made where it is missing: each kind of run in turn, so that all see the same weather."""
    if not (folder / "trust").exists():
        make(folder, posts)
    site, pin = str(folder / "site"), (folder / "trust").read_text(encoding="ascii").strip()
    results = Results(posts=posts, signatures=0, bare=[], cold=[], warm=[], one_processor=[])
    signatures = 0
    for _ in range(runs):
        if drop_page_cache():
            results.cold.append(_run("benchmarks.gate_once", site, pin))
        results.warm.append(_run("benchmarks.gate_once", site, pin))
        bare = _run("benchmarks.bare_verification", site)
        results.bare.append(bare["seconds"])
        signatures = bare["signatures"]
        results.one_processor.append(_run("benchmarks.gate_once", site, pin, "--one-processor"))
    verdicts = {(run["report"], run["summary"].get("live"), run["findings"]) for run in _all(results)}
    if len(verdicts) != 1 or {(live, findings) for _, live, findings in verdicts} != {(posts, 0)}:
        raise SystemExit(f"the verdicts on {site} are not what they should be: {verdicts}")
    return Results(posts, signatures, results.bare, results.cold, results.warm, results.one_processor)


def _all(results: Results) -> list[dict[str, Any]]:
    return [*results.cold, *results.warm, *results.one_processor]


def spread(values: Sequence[float]) -> str:
    """Return median and extremes."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})" if values else "not measured"


def time_table(results: Sequence[Results]) -> str:
    """Return wall time, memory and the relation to bare verification, a row each size and way of running."""
    rows = [
        "| posts | signatures | run | process, s | processor time, s | bare, s | ratio | peak memory, MB |",
        "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in results:
        for name, runs in (("cold", one.cold), ("warm", one.warm), ("warm, one processor", one.one_processor)):
            times = [run["process"] for run in runs]
            ratio = f"{statistics.median(times) / statistics.median(one.bare):.2f}" if runs else ""
            memory = max((run["memory"] for run in runs), default=0) / 1024
            child = max((run["memory_of_largest_child"] for run in runs), default=0) / 1024
            rows.append(
                f"| {one.posts:,} | {one.signatures:,} | {name} | {spread(times)} "
                f"| {spread([run['processor'] for run in runs])} | {spread(one.bare)} | {ratio} "
                f"| {memory:.0f}, largest child {child:.0f} |"
            )
    return "\n".join(rows)


def share_table(results: Sequence[Results]) -> str:
    """Return the share of each part, from the runs on one processor, where no part hides behind another."""
    rows = [f"| posts | {' | '.join(_PARTS)} |", "| ---: |" + " ---: |" * len(_PARTS)]
    for one in results:
        medians = {step: statistics.median(run["steps"][step] for run in one.one_processor) for step in STEPS}
        whole = sum(medians.values())
        parts = [sum(medians[step] for step in steps) for steps in _PARTS.values()]
        rows.append(f"| {one.posts:,} | {' | '.join(f'{part:.2f} s, {part / whole:.0%}' for part in parts)} |")
    return "\n".join(rows)


def machine() -> str:
    """Return what is worth knowing of the machine."""
    git = subprocess.run(["git", "version"], check=True, capture_output=True, text=True).stdout.strip()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} processors, Python {platform.python_version()}, {git}; load average at the end: {load}"


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure_gate", description="Measure the gate.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the repositories are or shall be made")
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 10_000], help="sizes (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each kind (%(default)s)")
    given = parser.parse_args()
    results = [measure(given.folder / str(posts), posts, given.runs) for posts in given.posts]
    print(time_table(results), share_table(results), machine(), sep="\n\n")
    if not all(one.cold for one in results):
        print("\nNot measured cold: the page cache can only be dropped by root.")


if __name__ == "__main__":
    main()
