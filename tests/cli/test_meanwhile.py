"""What changes while somebody is asked: it is told as what it is, nothing is signed, and nobody's text is in danger."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from command_line import QIANFA, Desk, environment, seated, without_objects
from story import NEWS, begin
from terminal import editor, flat, home_of, plain

from review.model.paths import record_of

NEW = "content/news/2026-11-20-new.md"
RECORD = record_of(NEWS)
KEYGEN = shutil.which("ssh-keygen") or "ssh-keygen"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk where one post waits for its head, and another that git does not know yet lies there as a draft."""
    story = begin(tmp_path / "site")
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"))
    made = seated(story, tmp_path)
    made.write(NEW, "Title: 新稿\n\n正文。\n")
    made.write(record_of(NEW), made.read(RECORD).partition("sign-offs:")[0] + "sign-offs: []\n")
    return made


def asked(
    desk: Desk, person: str, *arguments: str, meanwhile: Callable[[], object], env: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run a command that asks at a terminal, do something before the answer, say yes; return how it ended, and its words."""
    given = {"TERM": "dumb", "COLUMNS": "200", "QIANFA_TRUST": desk.pin, **(env or {})}
    child = pexpect.spawn(
        str(QIANFA),
        [*arguments, "--now", desk.now],
        cwd=str(desk.path),
        env=environment(home_of(desk, person), **given),
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 200),
    )
    child.expect_exact("[y/N]")
    sent = str(child.before)
    meanwhile()
    child.sendline("y")
    child.expect(pexpect.EOF)
    sent += str(child.before)
    child.close()
    return int(child.exitstatus if child.exitstatus is not None else -1), flat(plain(sent))


def test_who_signs_what_somebody_signed_meanwhile_is_told_so_and_nothing_is_to_be_undone(desk: Desk) -> None:
    second = lambda: desk.done("approve", NEWS, by="head-fx")  # noqa: E731  # a second window of the same person
    status, words = asked(desk, "head-fx", "approve", NEWS, meanwhile=second)
    assert status == 1
    assert "somebody else signed or committed meanwhile, so nothing is signed; run the command again" in words
    assert "git checkout" not in words
    assert desk.git("rev-list", "--count", "HEAD") == "4"


def test_a_reword_that_is_saved_again_meanwhile_stays_and_nothing_is_signed(desk: Desk) -> None:
    head, later = desk.head, "Title: 再改的\n\n再改的正文。\n"
    env = editor(desk.home, "printf 'Title: 改过的\\n\\n正文。\\n' >\"$1\"")
    status, words = asked(
        desk, "head-fx", "approve", NEWS, "--edit", meanwhile=lambda: desk.write(NEWS, later), env=env
    )
    assert status == 1
    assert f"{NEWS}: it was changed while you were asked, so nothing is signed; " in words
    assert f"then: qianfa approve {NEWS} --amend" in words
    assert "git checkout" not in words
    assert (desk.head, desk.read(NEWS)) == (head, later)
    assert "head-fx signed head" in desk.done("approve", NEWS, "--amend", by="head-fx")


def test_a_new_post_that_is_saved_again_meanwhile_stays_and_nothing_is_handed_in(desk: Desk) -> None:
    head, later = desk.head, "Title: 新稿\n\n再写一段。\n"
    status, words = asked(desk, "officer-fx", "submit", NEW, meanwhile=lambda: desk.write(NEW, later))
    assert status == 1
    assert f"{NEW}: it was changed while you were asked, so nothing is signed; " in words
    assert "run the command again" in words
    assert "git checkout" not in words
    assert (desk.head, desk.read(NEW)) == (head, later)
    desk.done("submit", NEW, by="officer-fx")
    assert desk.git("show", f"HEAD:{NEW}") == later.strip()


def test_nobody_signs_in_the_middle_of_a_merge(desk: Desk) -> None:
    for branch, text in (("side", "乙"), ("main", "甲")):
        desk.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        desk.write("content/news/note.txt", text)
        desk.git("add", "content/news/note.txt")
        desk.git("commit", "-q", "-m", branch)
    with pytest.raises(ValueError, match="ended with 1"):
        desk.git("merge", "side")
    log = desk.home / "calls"
    signer = desk.home / "signer"
    signer.write_text(f'#!/bin/sh\necho x >>{log}\nexec {KEYGEN} "$@"\n')
    signer.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(signer))
    before = without_objects(desk.everything())
    for arguments in (("approve", NEWS), ("submit", NEW)):
        ran = desk.qianfa(*arguments, by="head-fx" if arguments[0] == "approve" else "officer-fx")
        assert (ran.status, ran.out) == (1, "")
        assert (
            "a merge is under way, so nothing is signed; finish it (git commit), or drop it (git merge" in ran.complaint
        )
    ran = desk.qianfa("policy", "sign", by="admin-a")
    assert (ran.status, "a merge is under way" in ran.complaint) == (1, True)
    assert without_objects(desk.everything()) == before
    assert not log.exists()
    desk.git("merge", "--abort")
    desk.done("approve", NEWS, by="head-fx")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
    ],
)
def test_nobody_signs_in_the_middle_of_a_rebase_or_the_like(desk: Desk, name: str, says: str) -> None:
    place = desk.path / ".git" / name
    place.write_text(desk.head) if name.isupper() else place.mkdir()
    head = desk.head
    ran = desk.qianfa("approve", NEWS, by="head-fx")
    assert (ran.status, ran.out, desk.head) == (1, "", head)
    assert f"{says} is under way, so nothing is signed; finish it" in ran.complaint


def test_other_files_that_wait_to_be_merged_are_no_failure_of_a_signature(desk: Desk) -> None:
    """So it is after `git stash pop`: there is a conflict, and nothing to conclude."""
    desk.write("content/news/note.txt", "甲\n")
    desk.git("add", "content/news/note.txt")
    desk.git("commit", "-q", "-m", "one")
    desk.write("content/news/note.txt", "乙\n")
    desk.git("stash", "-q")
    desk.write("content/news/note.txt", "丙\n")
    desk.git("commit", "-q", "-a", "-m", "two")
    with pytest.raises(ValueError, match="ended with 1"):
        desk.git("stash", "pop")
    ran = desk.qianfa("approve", NEWS, by="head-fx")
    assert (ran.status, ran.err) == (0, "")
    assert desk.git("status", "--porcelain", "--", "content/news/note.txt", RECORD) == "UU content/news/note.txt"


def test_who_signs_without_a_trust_pin_at_a_terminal_is_told_and_a_program_is_not(desk: Desk) -> None:
    note = "Note: no trust pin is set"
    status, words = asked(desk, "head-fx", "approve", NEWS, meanwhile=lambda: None, env={"QIANFA_TRUST": ""})
    assert (status, note in words) == (0, True)
    status, words = asked(desk, "reviewer-1", "approve", NEWS, meanwhile=lambda: None)
    assert (status, note in words) == (0, False)
    desk.pin = ""
    ran = desk.qianfa("approve", NEWS, by="leader-1")
    assert (ran.status, ran.err, note in ran.out) == (0, "", False)


def test_a_record_edited_before_is_put_aside_and_never_thrown_away(desk: Desk) -> None:
    desk.write(RECORD, desk.read(RECORD).replace("unit: fx\n", "unit: fx\nexpires: 2027-01-01\n"))
    ran = desk.qianfa("return", NEWS, "--note", "理由", by="head-fx")
    assert ran.status == 1
    assert ran.complaint.endswith(f"commit it, or put it aside: git stash push -- {RECORD}")


def test_who_runs_an_approval_again_reads_that_they_signed_it_already_and_who_is_next(desk: Desk) -> None:
    desk.done("approve", NEWS, by="head-fx")
    ran = desk.qianfa("approve", NEWS, by="head-fx")
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint.startswith(f"{NEWS}: you signed it already, as head; now it waits for publicity; ask one of: ")
    assert "you signed it already" not in desk.qianfa("approve", NEWS, by="officer-fx").complaint
