"""The tour of the README, as a newcomer takes it: found a site, write, hand in, approve four times, judge, build."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import QIANFA, Desk, environment, everything_in, run

APPROVERS = ("head-fengxiang", "reviewer-1", "leader-1", "publisher-1")
DRAFTER = "officer-fengxiang"


def written(desk: Desk, *, by: str = DRAFTER) -> str:
    """Begin a post as the tour does and write something into it."""
    out = desk.done("new", "news", "春季科普讲座", by=by)
    (post,) = re.findall(r"content/news/\S+\.md", out.split(";")[0])
    desk.write(post, desk.read(post).rstrip("\n") + "\n\n讲座于四月举行，欢迎参加。\n")
    return str(post)


def report(desk: Desk, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(desk.done("gate", "--format", "json", *arguments))
    return found


def states(desk: Desk) -> dict[str, str]:
    items = report(desk)["items"]
    if not isinstance(items, list):
        raise TypeError(items)
    return {item["item"]: item["state"] for item in items}


def test_from_nothing_to_a_page_online_with_its_chain_in_eight_commands(founded: Desk, tmp_path: Path) -> None:
    post = written(founded)
    founded.done("submit", post, by=DRAFTER)
    for person in APPROVERS:
        assert states(founded) == {post: "in-review"}
        founded.done("approve", post, by=person)
    assert states(founded) == {post: "live"}
    assert report(founded)["findings"] == []
    assert founded.git("status", "--porcelain") == ""
    built = founded.done("build", "--output", tmp_path / "output")
    assert "1 posts" in built
    page = post.removeprefix("content/").removesuffix(".md")
    assert "讲座于四月举行" in (tmp_path / "output" / f"{page}.html").read_text("utf-8")
    chain = json.loads((tmp_path / "output" / f"{page}.chain.json").read_bytes())
    assert json.dumps(chain).count("BEGIN SSH SIGNATURE") == 5


def test_init_says_the_pin_and_commands_that_work_as_they_stand(founded_once: Desk, tmp_path: Path) -> None:
    """What `init` prints under Next can be pasted into a shell, from `cd` to the first post."""
    run("cp", "-r", founded_once.keys, tmp_path / "keys", cwd=tmp_path, env=environment(tmp_path))
    line = f"{QIANFA} init site --site-id s --admin me --key keys/me --cast keys"
    ran = run("sh", "-c", line, cwd=tmp_path, env=environment(tmp_path))
    assert (ran.status, ran.err) == (0, "")
    commands = ran.out.partition("Next:\n")[2].replace("  qianfa ", f"  {QIANFA} ")
    then = run("sh", "-e", "-c", commands, cwd=tmp_path, env=environment(tmp_path))
    assert (then.status, then.err) == (0, "")
    assert "trust-unpinned" not in then.out
    assert len(list((tmp_path / "site/content/news").glob("*.md"))) == 1


def test_every_next_command_of_the_gates_text_works_as_it_stands(founded: Desk) -> None:
    """From the draft on, whoever has the right key can run the line that the gate prints, until nothing waits."""
    post = written(founded)
    founded.git("add", "content")
    founded.git("commit", "-q", "-m", "a draft")
    for person in (DRAFTER, *APPROVERS):
        text = founded.done("gate")
        assert person in text
        (line,) = re.findall(r"^ +qianfa (.+)$", text, re.MULTILINE)
        founded.done(*line.split(), by=person)
    assert not re.search(r"^ +qianfa ", founded.done("gate"), re.MULTILINE)


def test_a_key_that_git_is_configured_with_needs_no_option(founded: Desk) -> None:
    founded.git("config", "--global", "gpg.format", "ssh")
    for number, person in enumerate((DRAFTER, *APPROVERS)):
        founded.git("config", "--global", "user.signingkey", str(founded.keys / person))
        if not number:
            post = written(founded, by="")
        founded.done("approve" if number else "submit", post)
    assert states(founded) == {post: "live"}


def test_a_relative_signing_key_is_found_as_git_finds_it_from_wherever_one_calls(founded: Desk) -> None:
    (founded.path / ".git/me").write_bytes((founded.keys / DRAFTER).read_bytes())
    (founded.path / ".git/me").chmod(0o600)
    (founded.path / ".git/me.pub").write_bytes((founded.keys / f"{DRAFTER}.pub").read_bytes())
    founded.git("config", "gpg.format", "ssh")
    founded.git("config", "user.signingkey", ".git/me")
    post = written(founded, by="")
    ran = founded.qianfa("submit", post, "--site", "site", cwd=founded.path.parent)
    assert (ran.status, ran.err) == (0, "")


@pytest.fixture
def agent(founded: Desk) -> Iterator[Desk]:
    """A desk whose keys are known to a running ssh-agent alone."""
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(founded.home / "agent")], stdout=subprocess.PIPE, env=environment(founded.home)
    )
    if process.stdout is None or not process.stdout.readline():  # it listens once it has said where
        raise RuntimeError("ssh-agent did not start")
    founded.env["SSH_AUTH_SOCK"] = str(founded.home / "agent")
    env = environment(founded.home, **founded.env)
    for person in (DRAFTER, *APPROVERS):
        ran = run("ssh-add", "-q", founded.keys / person, cwd=founded.path, env=env)
        if ran.status:
            raise RuntimeError(ran.err)
    yield founded
    process.terminate()
    process.communicate()


@pytest.mark.parametrize("spelling", ["key::", "ssh-", ".pub"])
def test_keys_in_an_agent_sign_whether_named_by_text_or_by_file(agent: Desk, spelling: str) -> None:
    agent.git("config", "gpg.format", "ssh")
    for number, person in enumerate((DRAFTER, *APPROVERS)):
        public = agent.home / f"{person}.pub"
        public.write_bytes((agent.keys / f"{person}.pub").read_bytes())  # no private half beside it
        text = public.read_text().strip()
        named = {"key::": f"key::{text}", "ssh-": text, ".pub": str(public)}[spelling]
        agent.git("config", "user.signingkey", named)
        if not number:
            post = written(agent, by="")
        agent.done("approve" if number else "submit", post)
    assert states(agent) == {post: "live"}


@pytest.mark.parametrize("spelling", ["key::", ".pub"])
def test_keys_in_an_agent_can_be_given_with_the_option_too(agent: Desk, spelling: str) -> None:
    post = written(agent)
    public = agent.home / "mine.pub"
    public.write_bytes((agent.keys / f"{DRAFTER}.pub").read_bytes())
    key = str(public) if spelling == ".pub" else f"key::{public.read_text().strip()}"
    agent.done("submit", post, "--key", key)
    assert states(agent) == {post: "in-review"}


def test_a_key_that_the_agent_lost_is_refused_in_gits_words_and_nothing_changes(agent: Desk) -> None:
    post = written(agent)
    public = agent.home / "mine.pub"
    public.write_bytes((agent.keys / f"{DRAFTER}.pub").read_bytes())
    run("ssh-add", "-q", "-D", cwd=agent.path, env=environment(agent.home, **agent.env))
    before = everything_in(agent.path / "content"), agent.head
    ran = agent.qianfa("submit", post, "--key", str(public))
    assert ran.status == 1
    assert "git could not sign" in ran.complaint
    assert (everything_in(agent.path / "content"), agent.head) == before


def test_people_work_from_a_folder_below_with_site_and_with_paths_from_where_they_are(founded: Desk) -> None:
    post = written(founded)
    below = founded.path / "content/news"
    name = Path(post).name
    for number, person in enumerate((DRAFTER, *APPROVERS)):
        path = name if number % 2 else post
        ran = founded.qianfa("approve" if number else "submit", path, "--site", "../..", by=person, cwd=below)
        assert (ran.status, ran.err) == (0, "")
    gate = founded.qianfa("gate", "--site", "../..", cwd=below)
    assert gate.status == 0
    assert "online 1" in gate.out


def test_a_worktree_of_the_repository_is_as_good_as_the_first(founded: Desk, tmp_path: Path) -> None:
    founded.git("worktree", "add", "-q", "-b", "desk", str(tmp_path / "desk"))
    desk = Desk(path=tmp_path / "desk", keys=founded.keys, home=founded.home, pin=founded.pin)
    main = founded.head
    post = written(desk)
    desk.done("submit", post, by=DRAFTER)
    for person in APPROVERS:
        desk.done("approve", post, by=person)
    assert states(desk) == {post: "live"}
    assert desk.git("status", "--porcelain") == ""
    assert founded.head == main
    assert "1 posts" in desk.done("build", "--output", tmp_path / "output")
    assert "1 posts" in desk.done("preview", "--no-serve")
    assert desk.git("status", "--porcelain") == ""


def test_a_bare_clone_judges_and_builds_too(founded: Desk, tmp_path: Path) -> None:
    """A server has no work tree."""
    post = written(founded)
    founded.done("submit", post, by=DRAFTER)
    for person in APPROVERS:
        founded.done("approve", post, by=person)
    founded.git("clone", "-q", "--bare", str(founded.path), str(tmp_path / "bare.git"))
    bare = Desk(path=tmp_path / "bare.git", keys=founded.keys, home=founded.home, pin=founded.pin)
    assert states(bare) == {post: "live"}
    assert "1 posts" in bare.done("build", "--output", tmp_path / "output")
