"""The repositories that benchmarks measure are what they claim to be: sound to git, and honest to the gate."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from benchmarks.make_repository import make
from benchmarks.packs import delta
from review import pipeline
from review.model.reports import Report

POSTS = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    make(made, POSTS)
    return made


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder / "site"), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ).stdout


def gate(folder: Path) -> Report:
    pin = (folder / "trust").read_text(encoding="ascii").strip()
    return pipeline.gate(
        folder / "site", "HEAD", pipeline.GateOptions(now=dt.datetime(2026, 11, 21, tzinfo=dt.UTC), pin=pin)
    )


def test_git_finds_nothing_wrong_with_the_repository(folder: Path) -> None:
    assert git(folder, "fsck", "--full", "--strict", "--no-dangling") == ""


def test_every_commit_is_a_sign_off(folder: Path) -> None:
    assert int(git(folder, "rev-list", "--count", "HEAD")) == 2 + 5 * POSTS


def test_every_post_is_live_and_the_gate_has_nothing_to_say(folder: Path) -> None:
    report = gate(folder)
    assert report.findings == ()
    assert report.summary == {"live": POSTS}


def test_every_chain_is_of_five_people(folder: Path) -> None:
    assert {len({link.by for link in item.chain}) for item in gate(folder).items} == {5}


def test_the_same_seed_makes_the_same_repository_and_another_seed_another(folder: Path, tmp_path: Path) -> None:
    for seed in "12":
        make(tmp_path / seed, POSTS, seed=seed)
    heads = [git(place, "rev-parse", "HEAD") for place in (folder, tmp_path / "1", tmp_path / "2")]
    assert heads[0] == heads[1] != heads[2]


@pytest.mark.parametrize(
    ("base", "target"),
    [(b"", b""), (b"", b"a"), (b"a", b""), (b"aa", b"aaa"), (b"abc", b"abxc"), (b"x" * 70_000, b"x" * 70_001)],
)
def test_a_difference_leads_from_one_text_to_the_other(base: bytes, target: bytes) -> None:
    assert applied(base, delta(base, target)) == target


def applied(base: bytes, instructions: bytes) -> bytes:
    """Follow a delta's instructions, as git's pack format describes them."""
    place = 0
    for _ in range(2):  # the two sizes
        while instructions[place] & 0x80:
            place += 1
        place += 1
    made = b""
    while place < len(instructions):
        code = instructions[place]
        place += 1
        if code & 0x80:
            operands = []
            for bit in range(7):
                operands.append(instructions[place] if code & 1 << bit else 0)
                place += code >> bit & 1
            offset, size = int.from_bytes(operands[:4], "little"), int.from_bytes(operands[4:], "little")
            made += base[offset : offset + size]
        else:
            made += instructions[place : place + code]
            place += code
    return made
