"""Sites to run `qianfa` in: one founded by the command itself, and small ones told in process. Each test has its own copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import AT, Desk, copied, environment, run, seated, QIANFA
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
    (tmp_path / "home").mkdir()
    site = copied(founded_once.path, tmp_path / "site")
    return Desk(path=site, keys=founded_once.keys, home=tmp_path / "home", pin=founded_once.pin)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A story whose policy is signed."""
    return begin(tmp_path / "site")


@pytest.fixture
def seat(story: Story, tmp_path: Path) -> Callable[[], Desk]:
    """Give the desk at the story's repository as it is told by then."""
    return lambda: seated(story, tmp_path)
