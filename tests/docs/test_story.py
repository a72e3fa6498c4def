"""The story that the documents tell to authors, reviewers, publishers and administrators is run, command by command.

A block of commands with `<!-- story N person -->` above it is the N-th step, run as that person in one site. Every other block
says above it, in the same way, why it is none. Paths of posts are shown with some day's date; the day of the test takes its
place, as the post's content code takes that of the code shown.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line import QIANFA, Desk, environment, run
from PIL import Image
from terminal import home_of

ROOT = Path(__file__).parents[2]
SHOWN = "2026-11-20"
"""The day that the pages show in the names of posts."""

PAGES = ("author", "reviewer", "publisher", "administrator")
_STEP = re.compile(r"<!-- story (\d+) ([a-z0-9-]+) -->\n+```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_POST = re.compile(r"content/((?:[a-z-]+/)+)\d{4}-\d\d-\d\d-([a-z0-9-]+)\.md")
_PLACE = re.compile(r"content/((?:[a-z-]+/)+)\d{4}-\d\d-\d\d-([a-z0-9-]+)")
_CODE = re.compile(r"[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")


@dataclass(frozen=True)
class Step:
    """One block of commands: its place in the story, who runs it, and the page that shows it."""

    number: int
    person: str
    commands: str
    page: str


def told() -> list[Step]:
    """Return the steps of all pages, in the story's order."""
    found = [
        Step(int(number), person, commands, page)
        for page in PAGES
        for number, person, commands in _STEP.findall((ROOT / f"docs/{page}.md").read_text("utf-8"))
    ]
    return sorted(found, key=lambda step: step.number)


STEPS = told()


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_commands_is_a_step_of_the_story_or_says_why_not(page: str) -> None:
    text = (ROOT / f"docs/{page}.md").read_text("utf-8")
    blocks = re.findall(r"(.*)\n+```sh\n", text)

    assert blocks
    assert [before for before in blocks if not re.fullmatch(r"<!-- .+ -->", before)] == []


def test_the_story_has_no_gap_and_every_page_tells_a_part_of_it() -> None:
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert {step.page for step in STEPS} == set(PAGES)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The site that the story begins with: founded as the tour of the README does, with a key for everybody."""
    folder = tmp_path_factory.mktemp("story")
    (folder / "home").mkdir()
    env = environment(folder / "home")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder / "my-key", cwd=folder, env=env)
    options = ("--site-id", "sample", "--admin", "me", "--key", "my-key", "--cast", "keys")
    ran = run(QIANFA, "init", "site", *options, cwd=folder, env=env)
    (folder / "my-key").rename(folder / "keys/me")
    (folder / "my-key.pub").rename(folder / "keys/me.pub")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder / "new-key", cwd=folder, env=env)
    Image.linear_gradient("L").resize((900, 1200)).save(folder / "sheet.jpg")
    pin = next(line.strip() for line in ran.out.splitlines() if line.startswith("  sha256:"))
    return Desk(path=folder / "site", keys=folder / "keys", home=folder / "home", pin=pin, now="")


@pytest.fixture(scope="module")
def tell(site: Desk) -> Callable[[Step], str]:
    """Run a step and return what it printed; `ValueError` where a command of it fails."""

    def told(step: Step) -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = environment(home_of(site, step.person), PATH=path, QIANFA_TRUST=site.pin)
        commands = _CODE.sub(lambda _: code(site, env, step.commands), dated(site.path, step.commands))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=site.path, env=env, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise ValueError(f"step {step.number} of {step.page}.md: {commands}\n{done.stdout}{done.stderr}")
        return done.stdout

    return told


def dated(site: Path, commands: str) -> str:
    """Return the commands with the names that the posts have, or will have where the commands begin them."""
    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()

    def real(found: re.Match[str]) -> str:
        there = sorted((site / "content" / found[1]).glob(f"????-??-??-{found[2]}.md"))
        return f"content/{found[1]}{there[0].name[:10] if there else today}-{found[2]}"

    text = _PLACE.sub(real, commands)
    begun = re.search(r"content/(?:[a-z-]+/)+(\d{4}-\d\d-\d\d)-", text)
    return text.replace(SHOWN, begun[1]) if begun else text


def code(site: Desk, env: dict[str, str], commands: str) -> str:
    """Return the content code of the post that the commands are about."""
    post = _POST.search(dated(site.path, commands))
    if post is None:
        raise ValueError(f"there is a code, but no post: {commands}")
    shown = run(QIANFA, "show", post[0], "--json", cwd=site.path, env=env)
    return str(json.loads(shown.out)["code"])


def test_the_story_ends_as_the_pages_say(site: Desk, tell: Callable[[Step], str]) -> None:
    printed = {step.number: tell(step) for step in STEPS}
    report = json.loads(replace(site, now="").qianfa("gate", "--json").out)
    states = {item["item"].partition("/")[2].split("/")[0]: item["state"] for item in report["items"]}

    assert states == {"news": "withdrawn", "on-demand": "withdrawn", "topics": "scheduled"}
    assert [one for one in report["findings"] if one["severity"] in ("block", "refuse")] == []
    assert all(printed.values()), [number for number, text in printed.items() if not text]
