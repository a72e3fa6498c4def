"""Measure what people's commands cost on a large site, beside the gate's own time, and print it as a Markdown table.

    python -m benchmarks.measure_commands FOLDER --posts 10000 --runs 5

The repository is that of `measure_gate`, made where it is missing. The commands run in a clone of it with a work tree, as
people have. Every run is a process of its own, warm; the gate's time is taken in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cast import Cast, cast_of
from benchmarks.make_repository import SAMPLE, make
from benchmarks.measure_gate import machine, spread
from review.formats import records
from review.model.paths import record_of

_BAR = 1.0
"""Seconds that `submit` and `approve` may take beside the gate."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The runs of one command, each as `command_once` prints it with the whole process's time."""

    name: str
    runs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Desk:
    """A clone of the site with a work tree, the keys of two people, and the post that they sign."""

    site: Path
    pin: str
    keys: dict[str, Path]
    post: str
    files: dict[str, bytes]
    known: str

    def git(self, *arguments: str) -> str:
        """Run git in the clone."""
        done = subprocess.run(["git", "-C", str(self.site), *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def begin(self) -> None:
        """Put the clone back to where it was, with the new post in its work tree."""
        self.git("reset", "--hard", "--quiet", "origin/HEAD")
        for path, data in self.files.items():
            (self.site / path).parent.mkdir(parents=True, exist_ok=True)
            (self.site / path).write_bytes(data)

    def run(self, *command: str, by: str = "") -> dict[str, Any]:
        """Run a command as somebody; it must succeed."""
        key = ["--key", str(self.keys[by])] if by else []
        begun = [sys.executable, "-m", "benchmarks.command_once", str(self.site), self.pin, *command, *key]
        result: dict[str, Any] = json.loads(subprocess.run(begun, check=True, stdout=subprocess.PIPE).stdout)
        if result["status"]:
            raise SystemExit(f"{' '.join(command)} ended with {result['status']}")
        return result


def desk_at(folder: Path, place: Path, seed: str = "1") -> Desk:
    """Return a desk in `place` at the repository in `folder`."""
    cast = cast_of(SAMPLE, seed)
    site = place / "site"
    command = ["git", "clone", "--quiet", "--no-local", str(folder / "site"), str(site)]
    subprocess.run(command, check=True)
    column, unit = cast.authors()[0]
    officer, head = _people(cast, unit)
    post = f"content/{column}/2026-11-21-measured.md"
    header = {"record": "1", "kind": "article", "unit": unit, "classified": "no", "submitted": "2026-11-21"}
    return Desk(
        site=site,
        pin=(folder / "trust").read_text(encoding="ascii").strip(),
        keys={"officer": cast.keys[officer].save(place / "officer"), "head": cast.keys[head].save(place / "head")},
        post=post,
        files={
            post: "Title: 春季科普讲座\nDate: 2026-11-21\n\n讲座于四月举行，欢迎参加。\n".encode(),
            record_of(post): records.serialise_header(header),
        },
        known=next(str(path.relative_to(site)) for path in sorted((site / "content").rglob("*.md"))),
    )


def _people(cast: Cast, unit: str) -> tuple[str, str]:
    """Return who drafts and who heads a unit."""
    header = {"record": "1", "kind": "article", "unit": unit, "classified": "no", "submitted": "2026-11-21"}
    (_, officer), (_, head), *_ = cast.chain(records.header_of(header), 0)
    return officer, head


def commands_at(desk: Desk) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Return every command that is measured: its name, its words, and who runs it."""
    return (
        ("queue", ("queue",), "head"),
        ("queue --all", ("queue", "--all"), ""),
        ("status", ("status",), "officer"),
        ("show", ("show", desk.known), "head"),
        ("audit", ("audit", desk.known), ""),
        ("calendar", ("calendar",), ""),
        ("duty", ("duty",), ""),
        ("duty, a day in the past", ("duty", "--as-of", "2021-11-01"), ""),
        ("log, a month of one unit", ("log", "--unit", "fengxiang", "--since", "2021-11-01"), ""),
        ("log, all of it as CSV", ("log", "--format", "csv"), ""),
        ("submit", ("submit", desk.post, "--yes"), "officer"),
        ("approve", ("approve", desk.post, "--yes"), "head"),
    )


def measure(desk: Desk, runs: int) -> list[Measured]:
    """Measure each command in turn, so that all see the same weather."""
    found = {name: Measured(name) for name, _, _ in commands_at(desk)}
    for _ in range(runs):
        desk.begin()
        for name, command, by in commands_at(desk):
            found[name].runs.append(desk.run(*command, by=by))
    return list(found.values())


def table(measured: list[Measured]) -> str:
    """Return what each command took, and what of it was not the gate's."""
    rows = [
        "| command | whole, s | the gate's own, s | beside the gate, s | its processor time, s | readings | memory, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in measured:
        memory = max(run["memory"] for run in one.runs) / 1024
        rows.append(
            f"| {one.name} | {spread([run['wall'] for run in one.runs])} | {spread([run['gate'] for run in one.runs])} "
            f"| {spread([run['rest'] for run in one.runs])} | {spread([run['rest_processor'] for run in one.runs])} "
            f"| {max(run['judged'] for run in one.runs)} | {memory:.0f} |"
        )
    return "\n".join(rows)


def bars(measured: list[Measured]) -> str:
    """Say which bars are met."""
    rest = {one.name: statistics.median(run["rest"] for run in one.runs) for one in measured}
    slow = [name for name in ("submit", "approve") if rest[name] >= _BAR]
    often = [one.name for one in measured if any(run["judged"] != 1 for run in one.runs)]
    return f"over a second beside the gate: {slow or 'none'}; reading the history more than once: {often or 'none'}"


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.measure_commands", description="Measure what commands cost beside the gate."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the repositories are or shall be made")
    parser.add_argument("--posts", type=int, default=10_000, help="the size (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (%(default)s)")
    given = parser.parse_args()
    folder = given.folder / str(given.posts)
    if not (folder / "trust").exists():
        make(folder, given.posts)
    place = Path(tempfile.mkdtemp(prefix="qianfa-commands-"))
    os.environ |= {"HOME": str(place), "GIT_CONFIG_NOSYSTEM": "1"}
    try:
        measured = measure(desk_at(folder, place), given.runs)
    finally:
        shutil.rmtree(place)
    print(table(measured), bars(measured), machine(), sep="\n\n")


if __name__ == "__main__":
    main()
