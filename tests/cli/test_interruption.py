"""Whatever stops an act on its way: either its commit is there and the next command works, or nothing has changed."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import TRACEBACK, Desk, Ran, everything_in, seated, without_objects
from story import NEWS, Story, begin

from review.history.writing import read_back
from review.model.paths import record_of
from review.model.reports import ItemReport

RECORD = record_of(NEWS)
GIT = shutil.which("git") or "git"
KEYGEN = shutil.which("ssh-keygen") or "ssh-keygen"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk where a post is edited, unclean as it was pasted, and ready to be handed in by a real process."""
    story = begin(tmp_path / "site")
    story.post()
    story.commit()
    made = replace(seated(story, tmp_path), here=False)
    made.write(NEWS, "\ufeffTitle: 改过的标题\r\n\r\n改过的正文。\r\n")
    return made


def judged(desk: Desk) -> ItemReport:
    """Return what the gate says of the post at the head."""
    story = Story(desk.home / f"judge-{desk.head[:8]}")  # only to ask the gate the way the stories do
    story.path, story.pin = desk.path, desk.pin
    return story.item(NEWS, revision=desk.head)


def program(desk: Desk, text: str) -> Path:
    """Write a script of the shell and return its path."""
    path = desk.home / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def with_git(desk: Desk, subcommand: str, before: str = "", after: str = "") -> Desk:
    """Return the desk where something happens whenever `git` is called for a purpose. `$PPID` is the act's process."""
    folder = desk.home / "bin"
    folder.mkdir()
    wrapper = folder / "git"
    wrapper.write_text(
        f'#!/bin/sh\nfor word in "$@"; do if [ "$word" = {subcommand} ]; then\n'
        f'{before}\n{GIT} "$@"; status=$?\n{after}\nexit $status\nfi; done\nexec {GIT} "$@"\n'
    )
    wrapper.chmod(0o755)
    desk.env["PATH"] = f"{folder}:{os.environ['PATH']}"
    return desk


def with_signer(desk: Desk, text: str) -> Desk:
    """Return the desk where git signs with a program of ours in ssh-keygen's place."""
    desk.git("config", "gpg.ssh.program", str(program(desk, text)))
    return desk


def peaceful(desk: Desk) -> Desk:
    """Return the desk as it is when nothing happens any more; its commands run in this process, which is faster."""
    return replace(desk, env={}, here=True)


def submit(desk: Desk, before: Callable[[], None] | None = None) -> Ran:
    """Hand the post in, whatever comes of it. It never crashes."""
    ran = desk.qianfa("submit", NEWS, by="officer-fx", before=before)
    assert TRACEBACK not in ran.err
    return ran


def stopped(desk: Desk, status: int, before: Callable[[], None] | None = None) -> Ran:
    """Hand the post in, which must end with this status and change nothing; a second try in peace succeeds."""
    there = without_objects(desk.everything())
    ran = submit(desk, before)
    assert ran.status == status, ran
    assert without_objects(desk.everything()) == there
    desk.git("config", "gpg.ssh.program", KEYGEN)
    handed_in(desk)
    return ran


def handed_in(desk: Desk) -> None:
    """Hand the post in in peace, which must succeed and leave everything clean."""
    desk = peaceful(desk)
    assert submit(desk).status == 0
    assert judged(desk).state == "in-review"
    assert desk.git("status", "--porcelain") == ""
    assert desk.read(NEWS) == "Title: 改过的标题\n\n改过的正文。\n"


# -- killed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subcommand", ["rev-parse", "commit-tree", "update-ref"])
def test_killed_before_the_branch_moves_nothing_has_changed(desk: Desk, subcommand: str) -> None:
    stopped(with_git(desk, subcommand, before="kill -9 $PPID; exit 1"), -signal.SIGKILL)


def test_killed_after_signing_nothing_has_changed(desk: Desk) -> None:
    stopped(with_git(desk, "commit-tree", after="kill -9 $PPID"), -signal.SIGKILL)


@pytest.mark.parametrize("act", ["approve", "return", "submit"])
def test_killed_right_after_the_branch_moved_the_commit_is_there_and_the_next_acts_work(desk: Desk, act: str) -> None:
    """What lies in the work tree is older than the commit; what of it nobody else has is not lost."""
    assert submit(with_git(desk, "update-ref", after="kill -9 $PPID")).status == -signal.SIGKILL
    desk = peaceful(desk)
    assert judged(desk).state == "in-review"
    assert desk.read(NEWS).startswith("\ufeffTitle: 改过的标题\r\n")
    if act == "return":
        assert desk.qianfa("return", NEWS, "--note", "退回", by="reviewer-1").status == 0
        assert judged(desk).state == "returned"
        return
    if act == "submit":
        assert "version 1 has these very files already" in submit(desk).complaint
    ran = desk.qianfa("approve", NEWS, by="head-fx")
    complaint = ran.complaint if ran.status else ""
    if complaint:  # the post was cleaned on the way: whoever approves says which of the two they mean
        desk.git(*complaint.split("undo them: git ")[1].split())
        assert desk.qianfa("approve", NEWS, by="head-fx").status == 0
    assert judged(desk).awaiting is not None
    assert desk.git("status", "--porcelain") == ""


def test_killed_between_work_tree_and_index_the_next_act_works(desk: Desk) -> None:
    assert submit(with_git(desk, "update-index", before="kill -9 $PPID; exit 1")).status == -signal.SIGKILL
    desk = peaceful(desk)
    assert judged(desk).state == "in-review"
    assert desk.qianfa("approve", NEWS, by="head-fx").status == 0
    assert desk.read(NEWS) == "Title: 改过的标题\n\n改过的正文。\n"


# -- Ctrl-C --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subcommand", ["rev-parse", "commit-tree"])
def test_ctrl_c_before_the_branch_moves_changes_nothing(desk: Desk, subcommand: str) -> None:
    ran = stopped(with_git(desk, subcommand, before="kill -INT $PPID; exit 1"), 130)
    assert ran.complaint == "stopped; nothing is half done"


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP"])
def test_a_signal_while_the_branch_moves_waits_until_work_tree_and_index_have_followed(desk: Desk, name: str) -> None:
    ran = submit(with_git(desk, "update-ref", after=f"kill -{name} $PPID"))
    assert ran.status == (130 if name == "INT" else -getattr(signal, f"SIG{name}"))
    assert judged(desk).state == "in-review"
    assert desk.git("status", "--porcelain") == ""
    assert desk.read(NEWS) == "Title: 改过的标题\n\n改过的正文。\n"


def test_ctrl_c_at_the_passphrase_changes_nothing(desk: Desk) -> None:
    """The terminal sends it to everyone: here the program that signs gets it and ends, as ssh-keygen would."""
    ran = stopped(with_signer(desk, "kill -INT $(cut -d' ' -f4 /proc/$PPID/stat); exit 130"), 130)
    assert ran.complaint == "stopped; nothing is half done"


# -- signing goes wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signer", "says"),
    [
        pytest.param("echo 'no such card' >&2; exit 1", "git could not sign: ", id="fails"),
        pytest.param("exit 0", "git could not sign: ", id="writes nothing"),
        pytest.param('for last; do :; done; echo rubbish >"$last.sig"', "does not hold", id="writes rubbish"),
        pytest.param(
            'for last; do :; done; : >"$last.sig"', "git could not sign|does not hold", id="writes an empty one"
        ),
        pytest.param(
            f"for last; do :; done; {KEYGEN} -Y sign -n file -f OFFICER $last",
            "does not hold",
            id="for another purpose",
        ),
        pytest.param(
            f"for last; do :; done; {KEYGEN} -Y sign -n git -f OTHER $last",
            "which is not officer-fx's key",
            id="other key",
        ),
    ],
)
def test_a_program_that_signs_wrongly_is_found_out_before_the_branch_moves(desk: Desk, signer: str, says: str) -> None:
    signer = signer.replace("OFFICER", str(desk.keys / "officer-fx")).replace("OTHER", str(desk.keys / "head-fx"))
    ran = stopped(with_signer(replace(desk, here=True), signer), 1)
    assert any(part in ran.complaint for part in says.split("|")), ran.complaint


# -- others at work in the same folder -----------------------------------------------------------------------------


def test_a_commit_that_somebody_makes_meanwhile_stays_and_the_act_is_to_be_repeated(desk: Desk) -> None:
    desk = peaceful(desk)
    with_signer(desk, f'{GIT} -c user.name=x -c user.email=x commit -q --allow-empty -m else\nexec {KEYGEN} "$@"')
    before = everything_in(desk.path / "content"), desk.head
    ran = submit(desk)
    assert ran.status == 1
    assert "somebody else committed at the same moment, so nothing was changed" in ran.complaint
    assert everything_in(desk.path / "content") == before[0]
    assert (desk.git("log", "-1", "--format=%s"), desk.git("rev-parse", "HEAD^")) == ("else", before[1])
    desk.git("config", "--unset", "gpg.ssh.program")
    handed_in(desk)


def test_an_edit_that_somebody_saves_meanwhile_stays_in_the_work_tree(desk: Desk) -> None:
    """The commit has what was there when the act began."""
    desk = peaceful(desk)
    with_signer(desk, f'printf "Title: 又改了\\n\\n正文。\\n" >{NEWS}\nexec {KEYGEN} "$@"')
    assert submit(desk).status == 0
    assert desk.read(NEWS) == "Title: 又改了\n\n正文。\n"
    assert desk.git("show", f"HEAD:{NEWS}") == "Title: 改过的标题\n\n改过的正文。"
    assert desk.git("status", "--porcelain") == f"M {NEWS}"
    assert judged(desk).state == "in-review"


def test_a_file_that_somebody_deletes_meanwhile_is_there_again_as_it_was_signed(desk: Desk) -> None:
    desk = peaceful(desk)
    with_signer(desk, f'rm {RECORD}\nexec {KEYGEN} "$@"')
    assert submit(desk).status == 0
    assert judged(desk).state == "in-review"
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.parametrize("lock", [".git/refs/heads/main.lock", ".git/HEAD.lock"])
def test_a_branch_that_is_locked_does_not_move_and_the_line_says_why(desk: Desk, lock: str) -> None:
    desk = peaceful(desk)
    desk.write(lock, "")
    before = without_objects(desk.everything())
    ran = submit(desk)
    assert ran.status == 2
    assert "git could not move the branch, so nothing was changed" in ran.complaint
    assert without_objects(desk.everything()) == before
    (desk.path / lock).unlink()
    handed_in(desk)


def test_an_index_that_is_locked_is_named_and_nothing_is_signed(desk: Desk) -> None:
    desk = peaceful(desk)
    lock = desk.write(".git/index.lock", "")
    before = desk.everything()
    ran = submit(desk)
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint.startswith(".git/index.lock: git's index is locked, so nothing is signed; ")
    assert desk.everything() == before
    lock.unlink()
    handed_in(desk)


def test_an_index_that_is_locked_meanwhile_leaves_the_commit_and_says_how_to_follow(desk: Desk) -> None:
    desk = peaceful(desk)
    with_signer(desk, f'touch .git/index.lock\nexec {KEYGEN} "$@"')
    ran = submit(desk)
    assert ran.status == 2
    assert "the commit is made, but the work tree could not follow" in ran.complaint
    assert judged(desk).state == "in-review"
    assert "index.lock" in ran.complaint
    (desk.path / ".git/index.lock").unlink()
    desk.git("config", "--unset", "gpg.ssh.program")
    desk.git(*ran.complaint.split("then run: git ")[1].split())
    assert desk.git("status", "--porcelain") == ""
    assert desk.qianfa("approve", NEWS, by="head-fx").status == 0


# -- disk and rights -----------------------------------------------------------------------------------------------


def no_more_than(size: int) -> Callable[[], None]:
    """Limit the size of every file a process writes, as a full disk does."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_privilege() -> None:
    """Have the administrator of the machine, as which tests may run, bound by permissions like everybody."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
                raise OSError(ctypes.get_errno(), "prctl")


@pytest.mark.parametrize("size", [0, 1, 100, 180, 400])
def test_a_full_disk_changes_nothing(desk: Desk, size: int) -> None:
    """Wherever on the way it is that no more can be written; where nothing is too large, all goes well."""
    before = without_objects(desk.everything())
    ran = submit(desk, no_more_than(size))
    assert ran.status in (1, 2), ran
    assert ran.complaint
    assert without_objects(desk.everything()) == before
    assert not [path for path in everything_in(desk.path / ".git") if "tmp_obj" in path]
    handed_in(desk)


@pytest.mark.parametrize(
    ("folder", "status", "says"),
    [
        (".git/objects", 2, "git's objects cannot be written: Permission denied"),
        (".git/refs/heads", 2, "git could not move the branch, so nothing was changed"),
        (".git", 2, "git could not move the branch, so nothing was changed"),
        ("content/news", 2, "the commit is made, but the work tree could not follow: Permission denied"),
    ],
)
def test_a_folder_that_may_not_be_written_to_gives_one_line_that_says_what_is_so(
    desk: Desk, folder: str, status: int, says: str
) -> None:
    places = [desk.path / folder]
    if folder == ".git/objects":
        places += [place for place in places[0].iterdir() if place.is_dir()]
    for place in places:
        place.chmod(0o555)
    before = desk.head
    ran = submit(desk, without_privilege)
    for place in places:
        place.chmod(0o755)
    assert ran.status == status
    assert says in ran.complaint
    assert (desk.head == before) == ("commit is made" not in says)
    if desk.head != before:
        assert judged(desk).state == "in-review"
        desk.git(*ran.complaint.split("then run: git ")[1].split())
        assert desk.git("status", "--porcelain") == ""
    else:
        handed_in(desk)


# -- other commands ------------------------------------------------------------------------------------------------


def test_a_post_is_begun_whole_or_not_at_all(desk: Desk) -> None:
    """Its record does not fit any more: its text is taken away again."""
    before = desk.everything()
    ran = desk.qianfa("new", "news", "标题", by="officer-fx", before=no_more_than(60))
    assert ran.status == 2
    assert ran.complaint
    assert desk.everything() == before


@pytest.mark.parametrize("subcommand", ["init", "commit-tree", "update-ref"])
def test_a_founding_that_is_stopped_leaves_no_site_and_can_be_repeated(desk: Desk, subcommand: str) -> None:
    with_git(desk, subcommand, before="kill -INT $PPID; exit 1")
    options = ("init", desk.home / "a/site", "--site-id", "s", "--admin", "me", "--key", desk.keys / "admin-a")
    ran = desk.qianfa(*options)
    assert (ran.status, ran.complaint) == (130, "stopped; nothing is half done")
    assert not (desk.home / "a").exists()
    desk.env.clear()
    assert desk.qianfa(*options).status == 0


def test_a_policy_signature_that_is_stopped_changes_nothing_or_is_there(desk: Desk) -> None:
    for subcommand, moved in (("commit-tree", False), ("update-ref", True)):
        desk.write("people.yaml", desk.read("people.yaml") + f"# {subcommand}\n")
        before = desk.head
        with_git(desk, subcommand, after="kill -9 $PPID")
        ran = desk.qianfa("policy", "sign", by="admin-a")
        assert ran.status == -signal.SIGKILL
        assert (desk.head != before) == moved
        desk.env.clear()
        shutil.rmtree(desk.home / "bin")
    assert desk.qianfa("policy", "sign", by="admin-b").status == 0
    assert "online" in desk.done("gate") or "policy version 2" in desk.done("gate")
    assert read_back(desk.path / "policy.review.yaml") is not None
