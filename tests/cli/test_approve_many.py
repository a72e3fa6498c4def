"""Several posts in one call, each only after it was shown; rewording in the editor; publishing. What was signed stays signed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pexpect
import pytest
from command_line import QIANFA, Desk, environment, seated
from story import Story
from terminal import Seat, editor, home_of

ONE, TWO, THREE = (f"content/news/2026-11-20-{name}.md" for name in "abc")
POSTS = (ONE, TWO, THREE)
UNTIL_PUBLICITY = (("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1"))
KEYGEN = shutil.which("ssh-keygen") or "ssh-keygen"
QUESTION = "Sign? y: yes"


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A desk where three posts wait for a leader."""
    for post in POSTS:
        story.post(post, title=f"第{post[-4]}篇")
        story.chain(post, *UNTIL_PUBLICITY)
    return seated(story, tmp_path)


def stages(desk: Desk) -> dict[str, str]:
    """Return the stage that each post waits for; its state where it waits for none."""
    items = json.loads(desk.done("gate", "--format", "json"))["items"]
    return {one["item"]: one["awaiting"]["stage"] if one["awaiting"] else one["state"] for one in items}


def seen(desk: Desk, *posts: str, by: str = "leader-1") -> None:
    for post in posts:
        desk.done("show", post, by=by)


def answered(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


# -- off a terminal ------------------------------------------------------------------------------------------------


def test_several_posts_are_signed_once_each_was_shown(desk: Desk) -> None:
    seen(desk, ONE, TWO)
    before = desk.everything()
    ran = desk.qianfa("approve", *POSTS, by="leader-1")
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint == (
        f"nothing was signed, for these were never shown to leader-1 as they are now: {THREE}; "
        f"look at each first: qianfa show {THREE}"
    )
    assert desk.everything() == before
    seen(desk, THREE)
    out = desk.done("approve", *POSTS, ONE, by="leader-1")
    assert out.count("By signing, leader-1 (示例leader-1) stands for ") == 3
    assert "Signed: 3\n" in out
    assert set(stages(desk).values()) == {"publish"}
    assert int(desk.git("rev-list", "--count", "HEAD")) == 2 + 3 * 3 + 3
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.parametrize("spoil", ["another person", "other content", "another clone"])
def test_only_exactly_this_content_shown_to_this_person_here_counts(story: Story, desk: Desk, spoil: str) -> None:
    seen(desk, ONE, TWO, by="leader-2" if spoil == "another person" else "leader-1")
    if spoil == "another clone":
        shutil.rmtree(desk.path / ".git/qianfa")
    if spoil == "other content":
        desk.done("return", ONE, "--note", "理由", by="leader-2")
        desk.write(ONE, "Title: 改过\n\n正文。\n")
        desk.done("submit", ONE, by="officer-fx")
        for person in ("head-fx", "reviewer-1"):
            desk.done("approve", ONE, by=person)
    ran = desk.qianfa("approve", ONE, TWO, "--yes", by="leader-1")
    assert ran.status == 1
    assert f"were never shown to leader-1 as they are now: {ONE}" in ran.complaint


def test_what_fails_is_named_and_what_can_be_signed_is(desk: Desk) -> None:
    seen(desk, *POSTS)
    desk.done("return", TWO, "--note", "数字不对", by="leader-2")
    ran = desk.qianfa("approve", *POSTS, "--json", by="leader-1")
    assert ran.status == 1
    assert ran.complaint.startswith(f"{TWO}: version 1 was returned by leader-2: 数字不对; the drafter starts")
    found = answered(ran.out)
    assert [one["item"] for one in found["done"]] == [ONE, THREE]
    assert [one["item"] for one in found["failed"]] == [TWO]
    assert all(one["meaning"].endswith("that it may go on to 发布.") for one in found["done"])
    assert (found["acts"], found["left"]) == (1, [])
    assert stages(desk) == {ONE: "publish", TWO: "draft", THREE: "publish"}


def test_a_signature_that_goes_wrong_stops_the_rest_and_leaves_what_was_signed(desk: Desk) -> None:
    seen(desk, *POSTS)
    program = desk.home / "signer"
    program.write_text(f'#!/bin/sh\n[ -e {desk.home}/once ] && exit 1\n: >{desk.home}/once\nexec {KEYGEN} "$@"\n')
    program.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(program))
    ran = desk.qianfa("approve", *POSTS, "--json", by="leader-1")
    assert ran.status == 1
    assert "git could not sign" in ran.complaint
    found = answered(ran.out)
    assert ([one["item"] for one in found["done"]], found["left"]) == ([ONE], [THREE])
    assert stages(desk) == {ONE: "publish", TWO: "leader", THREE: "leader"}
    assert desk.git("status", "--porcelain") == ""


def test_a_commit_made_meanwhile_is_met_before_the_next_key_prompt(desk: Desk) -> None:
    seen(desk, *POSTS)
    program, log = desk.home / "signer", desk.home / "calls"
    program.write_text(
        f'#!/bin/sh\necho x >>{log}\n{KEYGEN} "$@" || exit 1\n'
        '[ $(wc -l <"'
        + str(log)
        + '") = 2 ] && git -c user.name=x -c user.email=x commit -q --allow-empty -m else\nexit 0\n'
    )
    program.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(program))
    ran = desk.qianfa("approve", *POSTS, "--json", by="leader-1")
    assert ran.status == 1
    assert "somebody else committed" in ran.complaint
    found = answered(ran.out)
    assert [one["item"] for one in found["done"]] == [ONE]
    assert len(log.read_text().splitlines()) == 2
    assert desk.git("log", "-1", "--format=%s") == "else"


def test_a_single_post_needs_no_showing_and_says_what_its_signature_means(desk: Desk) -> None:
    found = answered(desk.done("approve", ONE, "--json", by="leader-1"))
    assert found["act"] == 1
    assert found["meaning"] == (
        f"By signing, leader-1 (示例leader-1) stands for {ONE} version 1, content {found['code']}, as 分管领导终审: "
        "that it may go on to 发布."
    )
    out = desk.done("approve", TWO, by="leader-1")
    assert out.startswith("By signing, leader-1 (示例leader-1) stands for ")
    assert out.splitlines()[1].startswith(f"leader-1 signed leader: {TWO}  commit ")


@pytest.mark.parametrize("option", ["--amend", "--edit"])
def test_changes_are_signed_post_by_post(desk: Desk, option: str) -> None:
    ran = desk.qianfa("approve", ONE, TWO, option, by="leader-1")
    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint == f"{option}: changes are signed post by post"


def test_approving_twice_names_who_is_next(desk: Desk) -> None:
    desk.done("approve", ONE, by="leader-1")
    assert "ask one of: publisher-1, publisher-2" in desk.qianfa("approve", ONE, by="leader-1").complaint


# -- what a signature means ----------------------------------------------------------------------------------------


def test_the_last_signature_says_when_the_post_goes_online(story: Story, tmp_path: Path) -> None:
    for post, planned in ((ONE, ""), (TWO, "2026-11-25T09:00:00+08:00"), (THREE, "2026-11-21T09:00:00+08:00")):
        story.post(post, planned=planned)
        story.chain(post, *UNTIL_PUBLICITY, ("leader", "leader-1"))
    desk = seated(story, tmp_path)
    ends = [
        answered(desk.done("publish", post, "--json", by="publisher-1"))["meaning"].partition("as 发布: ")[2]
        for post in POSTS
    ]
    at_once = "that it goes online at once."
    assert ends == [at_once, "that it goes online at 2026-11-25T09:00:00+08:00, and not before.", at_once]


def test_each_kind_of_act_has_its_own_sentence(story: Story, tmp_path: Path) -> None:
    story.post(ONE, major="yes")
    story.post(TWO)
    story.commit()
    desk = seated(story, tmp_path)
    said = [
        answered(desk.done(*command, "--json", by=by))["meaning"]
        for by, *command in (
            ("officer-fx", "submit", ONE),
            ("leader-1", "approve", ONE),
            ("leader-2", "approve", ONE),
            ("publisher-1", "publish", ONE),
            ("publisher-2", "withdraw", ONE, "--note", "理由"),
            ("officer-fx", "submit", TWO),
            ("reviewer-1", "return", TWO, "--note", "理由"),
        )
    ]
    for sentence, part in zip(
        said,
        (
            "as 拟稿: for what is written there, and that nothing in it is classified.",
            "as 领导会签: that it may go on once somebody else has signed this stage too.",
            "as 领导会签: that it may go on to 发布.",
            "as 发布: that it goes online at once.",
            "takes content/news/2026-11-20-a.md off the site: version 1, content ",
            "as 拟稿: for what is written there",
            "to its drafter, as 宣调部复审: this version ends",
        ),
        strict=True,
    ):
        assert part in sentence


def test_a_return_goes_to_the_draft_and_nowhere_else(desk: Desk) -> None:
    for stage in ("head", "", "officer-fx"):
        ran = desk.qianfa("return", ONE, "--to", stage, "--note", "理由", by="leader-1")
        assert (ran.status, ran.out) == (2, "")
        assert ran.complaint.startswith("--to: a return ends the version, so it can only go back to its draft")
    desk.done("return", ONE, "--to", "draft", "--note", "理由", by="leader-1")
    assert stages(desk)[ONE] == "draft"


# -- publishing ----------------------------------------------------------------------------------------------------


def test_publish_signs_the_last_stage_and_no_other(desk: Desk) -> None:
    ran = desk.qianfa("publish", ONE, by="leader-1")
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint == (
        f"{ONE}: it waits for 分管领导终审 (leader) before it can be published; ask one of: leader-1, leader-2"
    )
    desk.done("approve", ONE, by="leader-1")
    assert "ask one of: publisher-1, publisher-2" in desk.qianfa("publish", ONE, by="leader-1").complaint
    desk.done("publish", ONE, by="publisher-1")
    assert stages(desk)[ONE] == "live"
    assert "has every sign-off already" in desk.qianfa("publish", ONE, by="publisher-2").complaint


def test_publish_all_signs_what_waits_for_its_last_stage_and_was_shown(desk: Desk) -> None:
    seen(desk, ONE, TWO)
    desk.done("approve", ONE, TWO, by="leader-1")
    assert "never shown to publisher-1" in desk.qianfa("publish", "--all", by="publisher-1").complaint
    seen(desk, ONE, TWO, by="publisher-1")
    assert len(answered(desk.done("publish", "--all", "--json", by="publisher-1"))["done"]) == 2
    assert stages(desk) == {ONE: "live", TWO: "live", THREE: "leader"}
    assert desk.done("publish", "--all", by="publisher-1") == "Nothing waits for publisher-1 to publish it.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((), "nobody said what to publish"), ((ONE, "--all"), "name posts or say --all, not both")],
)
def test_publish_wants_to_know_what(desk: Desk, arguments: tuple[str, ...], says: str) -> None:
    ran = desk.qianfa("publish", *arguments, by="publisher-1")
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.complaint


# -- at a terminal -------------------------------------------------------------------------------------------------


def test_each_post_is_shown_and_asked_about_in_turn(desk: Desk) -> None:
    shown = Seat(desk, "leader-1").qianfa(
        "approve", *POSTS,
        answers=((QUESTION, "n"), (QUESTION, ""), ("answer y, n, r or q", "r"), ("Why is it returned?", ""),
                 ("a return needs its reason", "数字不对"), (QUESTION, "y")),
    )  # fmt: skip
    for number, title in enumerate(("第a篇", "第b篇", "第c篇"), 1):
        part = shown.split(f"Post {number} of 3")[1].split(QUESTION)[0]
        assert title in part
        assert "By signing, leader-1 (示例leader-1)" in part
    assert "Signed: 2" in shown
    assert stages(desk) == {ONE: "leader", TWO: "draft", THREE: "publish"}
    assert "数字不对" in desk.read(TWO.replace(".md", ".review.yaml"))


def test_what_is_left_after_stopping_is_listed(desk: Desk) -> None:
    shown = Seat(desk, "leader-1").qianfa("approve", *POSTS, answers=((QUESTION, "y"), (QUESTION, "q")))
    assert f"Not signed: 2\n  {TWO}\n  {THREE}\n" in shown
    assert stages(desk) == {ONE: "publish", TWO: "leader", THREE: "leader"}


def test_ctrl_c_between_posts_leaves_whole_commits_and_says_which(desk: Desk) -> None:
    env = environment(home_of(desk, "leader-1"), QIANFA_TRUST=desk.pin, TERM="xterm-256color")
    child = pexpect.spawn(
        str(QIANFA), ["approve", *POSTS, "--now", desk.now], cwd=str(desk.path), env=env, encoding="utf-8",
        timeout=60, dimensions=(50, 100),
    )  # fmt: skip
    child.expect_exact(QUESTION)
    child.sendline("y")
    child.expect_exact(QUESTION)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    said = str(child.before)
    assert child.exitstatus == 130
    assert f"leader-1 signed leader: {ONE}" in said.split("Signed: 1")[1]
    assert "stopped; nothing is half done" in said
    assert stages(desk) == {ONE: "publish", TWO: "leader", THREE: "leader"}
    assert desk.git("status", "--porcelain") == ""


def test_a_leader_who_has_not_seen_a_post_is_shown_it_before_the_question_and_only_then(desk: Desk) -> None:
    leader = Seat(desk, "leader-1")
    first = leader.qianfa("approve", ONE, answers=(("Sign? [y/N]", ""),), status=1)
    assert "第a篇" in first
    assert "Nothing was signed." in first
    second = leader.qianfa("approve", ONE, answers=(("Sign? [y/N]", "y"),))
    assert "第a篇" not in second
    assert "By signing, leader-1" in second
    third = leader.qianfa("approve", TWO, "--yes")
    assert "Sign? [y/N]" not in third
    assert stages(desk) == {ONE: "publish", TWO: "publish", THREE: "leader"}


def test_publish_goes_through_all_that_wait_for_the_last_stage(desk: Desk) -> None:
    seen(desk, ONE, TWO)
    desk.done("approve", ONE, TWO, by="leader-1")
    shown = Seat(desk, "publisher-1").qianfa("publish", answers=((QUESTION, "y"), (QUESTION, "y")))
    assert "Post 2 of 2" in shown
    assert "that it goes online" in shown
    assert stages(desk) == {ONE: "live", TWO: "live", THREE: "leader"}


# -- rewording -----------------------------------------------------------------------------------------------------


@pytest.fixture
def drafted(story: Story, tmp_path: Path) -> Desk:
    """A desk where a post waits for its head, who may reword it."""
    story.post(ONE)
    story.sign(ONE, "draft", "officer-fx")
    return seated(story, tmp_path)


def test_the_head_rewords_a_post_sees_what_changed_and_signs_it(drafted: Desk) -> None:
    env = editor(drafted.home, 'sed -i s/四月/五月/ "$1"')
    shown = Seat(drafted, "head-fx").qianfa("approve", ONE, "--edit", answers=(("Sign? [y/N]", "y"),), env=env)
    assert "What you changed" in shown
    assert "讲座于四五月举行" in shown  # what went and what came, told apart by colours
    assert "changed here to content" in " ".join(shown.split())
    assert "五月" in drafted.git("show", f"HEAD:{ONE}")
    assert stages(drafted) == {ONE: "publicity"}
    assert drafted.git("status", "--porcelain") == ""


def test_an_edit_that_is_not_signed_or_not_allowed_stays_in_the_work_tree(drafted: Desk) -> None:
    head, before = Seat(drafted, "head-fx"), drafted.head
    env = editor(drafted.home, 'sed -i s/四月/五月/ "$1"')
    shown = head.qianfa("approve", ONE, "--edit", answers=(("Sign? [y/N]", "n"),), env=env, status=1)
    assert f"Your text stays in {ONE}" in shown
    assert "五月" in drafted.read(ONE)
    env = editor(drafted.home, "printf '没有标题，五月\\n' >\"$1\"")
    shown = head.qianfa("approve", ONE, "--edit", env=env, status=1)
    assert f"There are edits already, and they are kept: {ONE}" in shown
    assert "your text stays in the work tree" in shown
    assert drafted.read(ONE) == "没有标题，五月\n"
    env = editor(drafted.home, "exit 3")
    assert "no editor was there, or it did not end well" in head.qianfa("approve", ONE, "--edit", env=env, status=1)
    assert drafted.read(ONE) == "没有标题，五月\n"
    assert drafted.head == before


def test_a_text_that_the_editor_left_as_it_was_can_be_signed_unchanged(drafted: Desk) -> None:
    env = editor(drafted.home, "true")
    head = Seat(drafted, "head-fx")
    shown = head.qianfa("approve", ONE, "--edit", answers=(("Sign it unchanged? [y/N]", "n"),), env=env, status=1)
    assert "The text is as it was." in shown
    head.qianfa("approve", ONE, "--edit", answers=(("Sign it unchanged? [y/N]", "y"),), env=env)
    assert stages(drafted) == {ONE: "publicity"}


def test_no_editor_opens_for_somebody_whose_turn_it_is_not(drafted: Desk) -> None:
    env = editor(drafted.home, f": >{drafted.home}/opened")
    shown = Seat(drafted, "leader-1").qianfa("approve", ONE, "--edit", env=env, status=1)
    assert "without the office head@unit; ask one of: head-fx" in " ".join(shown.split())
    assert not (drafted.home / "opened").exists()


def test_no_editor_opens_where_the_stage_may_not_change_anything(desk: Desk) -> None:
    env = editor(desk.home, f": >{desk.home}/opened")
    shown = Seat(desk, "leader-1").qianfa("approve", ONE, "--edit", env=env, status=1)
    assert "the stage leader may not change the files" in shown
    assert not (desk.home / "opened").exists()


def test_editing_needs_a_terminal(drafted: Desk) -> None:
    ran = drafted.qianfa("approve", ONE, "--edit", by="head-fx", env={"EDITOR": "true"})
    assert (ran.status, ran.out) == (1, "")
    assert f"then: qianfa approve {ONE} --amend" in ran.complaint


def test_two_at_once_leave_one_signature(drafted: Desk) -> None:
    """The second is told, and nothing of it is there."""
    program = drafted.home / "signer"
    other = replace(drafted, here=False)
    program.write_text(
        f'#!/bin/sh\nif [ -z "$SECOND" ]; then SECOND=1 QIANFA_TRUST={other.pin} {QIANFA} approve {ONE}'
        f' --now {other.now} --key {other.keys}/head-fx >{drafted.home}/second 2>&1; fi\nexec {KEYGEN} "$@"\n'
    )
    program.chmod(0o755)
    drafted.git("config", "gpg.ssh.program", str(program))
    ran = other.qianfa("approve", ONE, by="head-fx")
    assert "head-fx signed head" in (drafted.home / "second").read_text(encoding="utf-8")
    assert ran.status == 1
    assert "somebody else committed at the same moment, so nothing was changed" in ran.complaint
    assert stages(drafted) == {ONE: "publicity"}
    assert int(drafted.git("rev-list", "--count", "HEAD")) == 4
