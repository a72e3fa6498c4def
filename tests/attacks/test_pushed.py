"""What somebody who may push tries: none of it speaks for others, freezes the site, leads elsewhere or runs anything."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Desk, git, seated
from story import FULL_CHAIN, NEWS, NOW, Key, Story, begin

from review import pipeline
from review.errors import Refused, UnusableSite
from review.history.repository import open_repository
from review.history.signing_keys import openpgp_keys
from review.history.work_tree import tracked_files
from review.history.writing import refresh
from review.pipeline import GateOptions
from review.ways.receiving import NO_COMMIT, Update, objections

MAIN = "refs/heads/main"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A site with one post half-way through its chain."""
    made = begin(tmp_path / "site")
    made.post()
    made.chain(NEWS, *FULL_CHAIN[:4])
    return made


def pushed(story: Story, *updates: Update, protected: tuple[str, ...] = ("main",)) -> list[str]:
    """Judge a push in this process; the story's repository stands for the server's."""
    options = GateOptions(now=NOW, pin=story.pin)
    return [str(one) for one in objections(story.path, updates, options, quarantine="", protected=protected)]


def to_main(story: Story, old: str) -> list[str]:
    """Judge a push of all that was told since `old`, where the server's branch is."""
    new = story.head
    git(story.path, "update-ref", MAIN, old)
    return pushed(story, Update(old=old, new=new, ref=MAIN))


# -- who an administrator is -----------------------------------------------------------------------------------------


def test_a_key_that_unsigned_files_give_an_administrator_does_not_get_past_the_hook(story: Story) -> None:
    base, last, mine = story.head, story.last("policy"), Key()
    story.write_policy(people=story.people().replace(story.key("admin-a").public, mine.public))
    story.sign("policy", "policy", "admin-a", version=2, previous=last.digest if last else "", key=mine)
    (said,) = to_main(story, base)
    assert "which nobody holds under policy version 1" in said


def test_an_administrator_who_changes_their_key_signs_with_the_old_one_and_then_with_the_new_one(story: Story) -> None:
    base, old = story.head, story.keys.pop("admin-a")
    story.write_policy()
    first = story.sign("policy", "policy", "admin-a", version=2, previous=story.signed[1].digest, key=old)
    assert to_main(story, base) == []
    base = first.commit
    story.sign("policy", "policy", "admin-a", version=2, previous=first.digest)
    assert to_main(story, base) == []


def test_a_signature_of_other_policy_files_than_the_commit_holds_does_not_get_past_the_hook(story: Story) -> None:
    base, signed = story.head, story.manifest("policy")
    story.write("notes.txt", "not what was signed\n")
    story.sign("policy", "policy", "admin-a", version=2, previous=story.signed[1].digest, manifest=signed)
    (said,) = to_main(story, base)
    assert "signs other policy files" in said


# -- which commit is the site ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["refs/tags/main", "refs/main"])
def test_a_name_that_a_branch_has_means_the_branch(story: Story, ref: str) -> None:
    git(story.path, "update-ref", ref, f"{story.head}~3")
    with pipeline.judged(story.path, "main", GateOptions(now=NOW, pin=story.pin)) as session:
        assert session.commit == story.head
    blob = story.object("blob", b"no commit")
    git(story.path, "update-ref", "refs/tags/main", blob)
    with pipeline.judged(story.path, "main~1", GateOptions(now=NOW, pin=story.pin)) as session:
        assert session.commit == git(story.path, "rev-parse", "HEAD~1")


def test_a_branch_named_head_is_not_taken_for_what_is_checked_out(story: Story) -> None:
    git(story.path, "update-ref", "refs/heads/HEAD", f"{story.head}~3")
    with pipeline.judged(story.path, "HEAD", GateOptions(now=NOW, pin=story.pin)) as session:
        assert session.commit == story.head


@pytest.mark.parametrize("ref", ["refs/tags/main", "refs/main", "refs/remotes/main", "refs/remotes/main/HEAD"])
def test_nothing_else_may_take_the_name_of_the_sites_branch(story: Story, ref: str) -> None:
    update = Update(old=NO_COMMIT, new=story.head, ref=ref)
    (said,) = pushed(story, update)
    assert said.startswith(f"{ref}: it has the name of the branch refs/heads/main")
    assert pushed(story, replace(update, ref=ref.replace("main", "v1"))) == []
    assert pushed(story, Update(old=story.head, new=NO_COMMIT, ref=ref)) == [], "it may go again"


@pytest.mark.parametrize("head", ["ref: refs/heads/master\n", "{head}\n"])
def test_where_head_names_no_branch_that_has_begun_every_branch_is_kept(story: Story, head: str) -> None:
    (story.path / ".git/HEAD").write_text(head.format(head=story.head))
    gone = Update(old=story.head, new=NO_COMMIT, ref=MAIN)
    back = Update(old=story.head, new=git(story.path, "rev-parse", "main~1"), ref=MAIN)
    tag = Update(old=NO_COMMIT, new=story.head, ref="refs/tags/main")
    for named in ((), ("main",), ("other",)):
        assert "must not be deleted" in pushed(story, gone, protected=named)[0]
        assert "would rewrite" in pushed(story, back, protected=named)[0]
        assert "has the name of the branch" in pushed(story, tag, protected=named)[0]


# -- what a tree can do ----------------------------------------------------------------------------------------------


def deep(story: Story, levels: int) -> None:
    """Commit a folder in a folder in a folder."""
    raw = story.object("blob", b"x")
    inner = story.object("tree", b"100644 x\0" + bytes.fromhex(raw))
    for _ in range(levels):
        inner = story.object("tree", b"40000 a\0" + bytes.fromhex(inner))
    content = git(story.path, "rev-parse", f"{story.head}^{{tree}}")
    rows = subprocess.run(["git", "cat-file", "tree", content], cwd=story.path, capture_output=True, check=True).stdout
    tree = story.object("tree", rows + b"40000 zz\0" + bytes.fromhex(inner))
    stamp = "someone <someone@example.org> 1 +0000"
    raw_commit = f"tree {tree}\nparent {story.head}\nauthor {stamp}\ncommitter {stamp}\n\nwork\n"
    story.go(story.object("commit", raw_commit.encode()))


@pytest.mark.parametrize(("levels", "taken"), [(99, True), (101, False), (1500, False)])
def test_folders_that_are_nested_too_deep_do_not_get_past_the_hook(story: Story, levels: int, *, taken: bool) -> None:
    base = story.head
    deep(story, levels)
    said = to_main(story, base)
    assert said == [] if taken else "nested over 100 deep" in said[0]


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    return seated(story, tmp_path)


def linked(desk: Desk) -> Path:
    """Commit a link to elsewhere where the folder of a column was; return where it leads."""
    outside = desk.home / "outside"
    (desk.path / "content/news").rename(outside)
    (desk.path / "content/news").symlink_to(outside)
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "a link")
    return outside


def test_no_act_writes_through_a_link_that_a_commit_put_in_place_of_a_folder(desk: Desk) -> None:
    desk.done("approve", NEWS, by="publisher-1")
    outside = linked(desk)
    for path in outside.iterdir():
        path.unlink()
    before = desk.head
    ran = desk.qianfa("withdraw", NEWS, "--note", "有误", by="reviewer-1")
    assert (ran.status, ran.out) == (1, "")
    assert "a symbolic link leads there, so nothing is signed" in ran.complaint
    assert (list(outside.iterdir()), desk.head) == ([], before)


def test_nothing_is_brought_up_to_date_through_a_link(desk: Desk) -> None:
    outside = linked(desk)
    with pytest.raises(UnusableSite, match="a symbolic link leads to content/news/new"):
        refresh(open_repository(desk.path), {"content/news/new": ("100644", b"x")})
    assert not (outside / "new").exists()


# -- what a repository's own configuration can do --------------------------------------------------------------------


def trap(desk: Desk) -> tuple[Path, Path]:
    """Return a program, and the file that is there once somebody ran it."""
    program, ran = desk.home / "trap", desk.home / "ran"
    program.write_text(f"#!/bin/sh\n: >'{ran}'\n")
    program.chmod(0o755)
    return program, ran


@pytest.mark.parametrize("command", [("status",), ("queue",), ("show", NEWS), ("check", NEWS), ("policy", "diff")])
def test_whoever_only_looks_runs_no_monitor_that_the_repository_names(desk: Desk, command: tuple[str, ...]) -> None:
    program, ran = trap(desk)
    desk.git("config", "core.fsmonitor", str(program))
    desk.qianfa(*command)
    tracked_files(open_repository(desk.path))
    assert not ran.exists()
    desk.git("status")
    assert ran.exists(), "git itself would run it"


def test_only_a_program_for_openpgp_that_somebody_set_for_themselves_is_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(desk.home))
    program, ran = trap(desk)
    desk.git("config", "user.signingkey", "0123456789ABCDEF0123456789ABCDEF01234567")
    for name in ("gpg.program", "gpg.openpgp.program"):
        desk.git("config", name, str(program))
    assert openpgp_keys(open_repository(desk.path)) == []
    assert not ran.exists()
    desk.git("config", "--global", "gpg.program", str(program))
    assert openpgp_keys(open_repository(desk.path)) == []
    assert ran.exists()


# -- where an act fetches from ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--push",)])
def test_unsigned_settings_do_not_say_where_to_fetch_from(
    desk: Desk, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    for name in ("origin", "fork"):
        desk.git("clone", "--quiet", "--bare", str(desk.path), str(tmp_path / f"{name}.git"))
        desk.git("remote", "add", name, str(tmp_path / f"{name}.git"))
    desk.git("clone", "--quiet", str(tmp_path / "fork.git"), str(tmp_path / "theirs"))
    theirs = replace(desk, path=tmp_path / "theirs")
    theirs.write("planted", "by the fork\n")
    theirs.git("add", "planted")
    theirs.git("commit", "--quiet", "--message", "planted")
    theirs.git("push", "--quiet")
    desk.write("qianfa.yaml", "push: yes\nremote: fork\n")
    desk.git("add", "qianfa.yaml")
    desk.git("commit", "--quiet", "--message", "settings that nobody signed")
    desk.done("approve", NEWS, *arguments, by="publisher-1")
    assert not (desk.path / "planted").exists()
    assert desk.git("for-each-ref", "refs/remotes/fork") == ""
    sent = git(tmp_path / "origin.git", "rev-parse", "main", home=desk.home)
    assert (sent == desk.head) == bool(arguments)


def test_refusals_are_for_people(story: Story) -> None:
    """Each objection names the place and the next step."""
    update = Update(old=NO_COMMIT, new=story.head, ref="refs/tags/main")
    (error,) = objections(story.path, [update], GateOptions(now=NOW, pin=story.pin), quarantine="", protected=("main",))
    assert isinstance(error, Refused)
    assert (error.where, error.hint) == ("refs/tags/main", "give it another name")
