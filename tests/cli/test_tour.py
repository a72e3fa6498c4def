"""The tour of the README, as a newcomer takes it: found a site, write, hand in, approve four times, judge, build."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import APPROVERS, DRAFTER, POST, QIANFA, Desk, environment, everything_in, run, written


def report(desk: Desk, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(desk.done("gate", "--format", "json", *arguments))
    return found


def test_from_nothing_to_a_page_online_with_its_chain_in_eight_commands(founded: Desk, tmp_path: Path) -> None:
    founded = replace(founded, here=False)
    post = written(founded)
    founded.done("submit", post, by=DRAFTER)
    for person in APPROVERS:
        founded.done("approve", post, by=person)
    verdict = report(founded)
    assert verdict["summary"] == {"live": 1}
    assert verdict["findings"] == []
    assert founded.git("status", "--porcelain") == ""
    built = founded.done("build", "--output", tmp_path / "output")
    assert "1 posts" in built
    page = post.removeprefix("content/").removesuffix(".md")
    assert "讲座于四月举行" in (tmp_path / "output" / f"{page}.html").read_text("utf-8")
    chain = json.loads((tmp_path / "output" / f"{page}.chain.json").read_bytes())
    commits = [base64.b64decode(one["commits"][0]["raw"]) for one in chain["sign_offs"]]
    assert [b"-----BEGIN SSH SIGNATURE-----" in raw for raw in commits] == [True] * 5
    assert sorted(chain["people"]) == sorted([DRAFTER, *APPROVERS])


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
    written(founded)
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
    founded.git("config", "--global", "user.signingkey", str(founded.keys / DRAFTER))
    post = written(founded, by="")
    founded.done("submit", post)
    founded.git("config", "--global", "user.signingkey", str(founded.keys / APPROVERS[0]))
    founded.done("approve", post)
    assert report(founded)["summary"] == {"in-review": 1}


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
def test_a_key_in_an_agent_signs_whether_git_names_it_by_text_or_by_file(agent: Desk, spelling: str) -> None:
    public = agent.home / "mine.pub"  # no private half beside it
    public.write_bytes((agent.keys / f"{DRAFTER}.pub").read_bytes())
    text = public.read_text().strip()
    named = {"key::": f"key::{text}", "ssh-": text, ".pub": str(public)}[spelling]
    agent.git("config", "gpg.format", "ssh")
    agent.git("config", "user.signingkey", named)
    post = written(agent, by="")
    agent.done("submit", post)
    assert report(agent)["summary"] == {"in-review": 1}


@pytest.mark.parametrize("spelling", ["key::", ".pub"])
def test_a_key_in_an_agent_can_be_given_with_the_option_too(agent: Desk, spelling: str) -> None:
    post = written(agent)
    public = agent.home / "mine.pub"
    public.write_bytes((agent.keys / f"{DRAFTER}.pub").read_bytes())
    key = str(public) if spelling == ".pub" else f"key::{public.read_text().strip()}"
    agent.done("submit", post, "--key", key)


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
    for command, path, person in (("submit", post, DRAFTER), ("approve", Path(post).name, APPROVERS[0])):
        ran = founded.qianfa(command, path, "--site", "../..", by=person, cwd=below)
        assert (ran.status, ran.err) == (0, "")
    gate = founded.qianfa("gate", "--site", "../..", cwd=below)
    assert gate.status == 0
    assert "waits for publicity" in gate.out


def test_a_worktree_of_the_repository_is_as_good_as_the_first(founded: Desk, tmp_path: Path) -> None:
    founded.git("worktree", "add", "-q", "-b", "desk", str(tmp_path / "desk"))
    desk = replace(founded, path=tmp_path / "desk")
    main = founded.head
    post = written(desk)
    desk.done("submit", post, by=DRAFTER)
    desk.done("approve", post, by=APPROVERS[0])
    assert report(desk)["summary"] == {"in-review": 1}
    assert "1 posts" in desk.done("preview", "--no-serve")
    assert desk.git("status", "--porcelain") == ""
    assert founded.head == main


def test_a_bare_clone_judges_and_builds_and_signs_nothing(published: Desk, tmp_path: Path) -> None:
    """A server has no work tree."""
    published.git("clone", "-q", "--bare", str(published.path), str(tmp_path / "bare.git"))
    bare = replace(published, path=tmp_path / "bare.git")
    assert report(bare)["summary"] == {"live": 1}
    assert "1 posts" in bare.done("build", "--output", tmp_path / "output")
    before = bare.everything()
    for command in (
        ("new", "news", "标题"),
        ("submit", POST),
        ("policy", "sign"),
        ("import", tmp_path / "home", "--column", "news"),
        ("preview",),
    ):
        ran = bare.qianfa(*command, *([] if command == ("preview",) else ["--key", str(bare.keys / DRAFTER)]))
        assert ran.status == 2
        assert "no work tree" in ran.complaint
    assert bare.everything() == before
