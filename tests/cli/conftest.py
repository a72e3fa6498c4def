"""Sites to run `qianfa` in: one founded by the command itself, and small ones told in process. Each test has its own copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import APPROVERS, AT, DRAFTER, QIANFA, Desk, copied, environment, run, seated, written
from story import Story, begin


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A site founded with `qianfa init --cast`. Nobody changes it: tests take a copy."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "home").mkdir()
    env = environment(folder / "home")
    made = run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder / "me", cwd=folder, env=env)
    options = ("--site-id", "sample", "--admin", "me", "--key", "me", "--cast", "keys", "--now", AT)
    ran = run(QIANFA, "init", "site", *options, cwd=folder, env=env)
    if made.status or ran.status or ran.err:
        raise ValueError(ran.err)
    (folder / "me").rename(folder / "keys/me")
    (folder / "me.pub").rename(folder / "keys/me.pub")
    pin = next(line.strip() for line in ran.out.splitlines() if line.startswith("  sha256:"))
    return Desk(path=folder / "site", keys=folder / "keys", home=folder / "home", pin=pin)


@pytest.fixture
def founded(founded_once: Desk, tmp_path: Path) -> Desk:
    """A copy of the founded site."""
    return copy_of(founded_once, tmp_path)


def copy_of(desk: Desk, folder: Path) -> Desk:
    """Return a copy of a desk: its own site and home, the same keys; commands run in this process unless asked otherwise."""
    (folder / "home").mkdir()
    return replace(desk, path=copied(desk.path, folder / "site"), home=folder / "home", env={}, here=True)


@pytest.fixture(scope="session")
def published_once(founded_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A founded site whose one post is online. Nobody changes it: tests take a copy."""
    desk = copy_of(founded_once, tmp_path_factory.mktemp("published"))
    post = written(desk)
    desk.done("submit", post, by=DRAFTER)
    for person in APPROVERS:
        desk.done("approve", post, by=person)
    return desk


@pytest.fixture
def published(published_once: Desk, tmp_path: Path) -> Desk:
    """A copy of the site whose one post is online."""
    return copy_of(published_once, tmp_path)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A story whose policy is signed."""
    return begin(tmp_path / "site")


@pytest.fixture
def seat(story: Story, tmp_path: Path) -> Callable[[], Desk]:
    """Give the desk at the story's repository as it is told by then."""
    return lambda: seated(story, tmp_path)
