"""`qianfa withdraw --all-of UNIT`: everything that a unit has online or signed through, after one question for all of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import Desk, seated
from story import FULL_CHAIN, Story
from terminal import Seat

FX_ONLINE, FX_CHANGED, FX_LATER, FX_OVER, FX_DRAFT, FX_GONE, MX_ONLINE = (
    f"content/news/2026-11-20-{name}.md" for name in ("a", "b", "c", "d", "e", "f", "g")
)
NOTE = ("--note", "数据有误")
EXPECTED = {FX_ONLINE, FX_CHANGED, FX_LATER, FX_GONE}


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A desk at a site with posts of two units in every state."""
    story.publish(FX_ONLINE, title="在线")
    story.publish(FX_CHANGED, title="改动中")
    story.write(FX_CHANGED, "Title: 改动中\n\n还没有人签。\n")
    story.publish(FX_LATER, title="以后", planned="2026-12-01T09:00:00+08:00")
    story.publish(FX_OVER, title="过期", expires="2026-11-20")
    story.post(FX_DRAFT, title="草稿")
    story.chain(FX_DRAFT, *FULL_CHAIN[:2])
    story.publish(FX_GONE, title="删掉")
    story.remove(FX_GONE)
    story.post(MX_ONLINE, title="别家", kind="video", unit="mx")
    story.sign(MX_ONLINE, "draft", "officer-mx")
    story.sign(MX_ONLINE, "publish", "publisher-1")
    return seated(story, tmp_path)


def live(desk: Desk) -> set[str]:
    items = json.loads(desk.done("gate", "--format", "json"))["items"]
    return {one["item"] for one in items if one["live_version"] or one["state"] == "scheduled"}


def test_every_post_that_the_unit_has_signed_through_goes_and_no_other(desk: Desk) -> None:
    assert live(desk) == EXPECTED | {MX_ONLINE}
    found = json.loads(desk.done("withdraw", "--all-of", "fx", *NOTE, "--yes", "--json", by="reviewer-1"))
    assert {one["item"] for one in found["done"]} == EXPECTED
    assert all(one["decision"] == "withdraw" and one["note"] == "数据有误" for one in found["done"])
    assert all("off the site" in one["meaning"] for one in found["done"])
    assert (found["failed"], found["left"]) == ([], [])
    assert live(desk) == {MX_ONLINE}
    assert "还没有人签" in desk.read(FX_CHANGED)
    nothing = desk.done("withdraw", "--all-of", "fx", *NOTE, "--yes", by="reviewer-1")
    assert nothing == "No post of fx is online or waits for its time.\n"


def test_without_yes_and_a_terminal_it_only_says_what_would_go(desk: Desk) -> None:
    before = desk.everything()
    ran = desk.qianfa("withdraw", "--all-of", "fx", *NOTE, by="reviewer-1")
    assert (ran.status, set(ran.out.splitlines())) == (1, EXPECTED)
    assert ran.complaint.startswith("4 posts of fx would go off the site: ")
    assert " and 1 more; " in ran.complaint
    assert "--yes" in ran.complaint
    assert desk.everything() == before


def test_at_a_terminal_they_are_listed_and_one_question_is_asked_for_all(desk: Desk) -> None:
    question = "Withdraw these 4 posts? [y/N]"
    reviewer = Seat(desk, "reviewer-1")
    shown = reviewer.qianfa("withdraw", "--all-of", "fx", *NOTE, answers=((question, ""),), status=1)
    assert "Nothing was signed." in shown
    assert live(desk) == EXPECTED | {MX_ONLINE}
    shown = reviewer.qianfa("withdraw", "--all-of", "fx", *NOTE, answers=((question, "y"),))
    listed = " ".join(shown.split(question)[0].split())
    assert all(f"takes {item} off the site" in listed for item in EXPECTED)
    assert live(desk) == {MX_ONLINE}


@pytest.mark.parametrize(
    ("arguments", "by", "status", "says"),
    [
        (("--all-of", "fx", *NOTE, "--yes"), "head-fx", 1, "ask one of: reviewer-1, reviewer-2, leader-1"),
        (("--all-of", "fx", "--note", " ", "--yes"), "reviewer-1", 1, "a withdrawal needs its reason"),
        (("--all-of", "none", *NOTE, "--yes"), "reviewer-1", 2, "there is no unit 'none'; units are fx, mx"),
        (("--all-of", "fx", FX_ONLINE, *NOTE), "reviewer-1", 2, "name either a post or a unit"),
        (NOTE, "reviewer-1", 2, "name either a post or a unit"),
    ],
)
def test_it_is_refused_to_whoever_may_not_and_for_what_makes_no_sense(
    desk: Desk, arguments: tuple[str, ...], by: str, status: int, says: str
) -> None:
    before = desk.everything()
    ran = desk.qianfa("withdraw", *arguments, by=by)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.complaint
    assert desk.everything() == before


def test_what_goes_wrong_in_the_middle_leaves_what_was_signed_and_names_the_rest(desk: Desk) -> None:
    keygen = shutil.which("ssh-keygen") or "ssh-keygen"
    program = desk.home / "signer"
    program.write_text(f'#!/bin/sh\n[ -e {desk.home}/once ] && exit 1\n: >{desk.home}/once\nexec {keygen} "$@"\n')
    program.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(program))
    ran = desk.qianfa("withdraw", "--all-of", "fx", *NOTE, "--yes", "--json", by="reviewer-1")
    found = json.loads(ran.out)
    assert ran.status == 1
    assert "git could not sign" in ran.complaint
    assert (len(found["done"]), len(found["failed"]), len(found["left"])) == (1, 1, 2)
    assert len(live(desk)) == 4
    desk.git("config", "--unset", "gpg.ssh.program")
    desk.done("withdraw", "--all-of", "fx", *NOTE, "--yes", by="reviewer-1")
    assert live(desk) == {MX_ONLINE}
