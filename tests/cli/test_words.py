"""What commands say, and how: errors for programs, lines on a terminal, questions, times, next steps."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk, seated
from rich.cells import cell_len
from story import NEWS, Story
from terminal import Seat

from review.cli import screen
from review.cli.lines import breaks
from review.cli.screen import meant_file
from review.errors import QianfaError, UnusableSite

UNTIL_LEADER = (("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1"))


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A desk where a post waits for a leader."""
    story.post(NEWS, title="标题")
    story.chain(NEWS, *UNTIL_LEADER)
    return seated(story, tmp_path)


def answered(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


# -- errors for programs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "status", "where"),
    [
        (("approve", NEWS, "--json"), 1, NEWS),
        (("show", "content/news/none.md", "--json"), 2, "content/news/none.md"),
        (("gate", "--format", "json", "--trust", "x"), 2, "--trust"),
        (("log", "--format=json", "--unit", "none"), 2, "--unit"),
        (("queue", "--nonsense", "--json"), 2, ""),
        (("approve", "--json"), 2, ""),
    ],
)
def test_a_refusal_is_one_json_object_where_json_is_wanted(
    desk: Desk, command: tuple[str, ...], status: int, where: str
) -> None:
    by = "" if command[0] in ("gate", "log") else "officer-fx"
    ran = replace(desk, here=False).qianfa(*command, by=by, env={"LC_ALL": "", "LANG": "zh_CN.UTF-8"})
    found = answered(ran.out)
    assert set(found) == {"error", "what", "where", "hint", "status"}
    assert (found["error"], found["status"], ran.status) == (1, status, status)
    assert found["where"].endswith(where)
    assert found["what"].isascii()
    assert ran.complaint


def test_a_refusal_after_the_answer_adds_no_second_object(desk: Desk) -> None:
    ran = desk.qianfa("people", "retire", "leader-1", "--json", by="")
    assert ran.status == 1
    assert answered(ran.out)["policy-edit"] == 1
    assert "nothing was written" in ran.complaint


@pytest.mark.parametrize("command", [("approve", NEWS), ("queue", "--nonsense"), ("approve", NEWS, "--", "--json")])
def test_without_json_a_refusal_leaves_standard_output_empty(desk: Desk, command: tuple[str, ...]) -> None:
    ran = desk.qianfa(*command, by="officer-fx")
    assert ran.status
    assert ran.out == ""


# -- the place, once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "where", "said"),
    [
        ("a.md: a post needs a Title", "a.md", "a.md: a post needs a Title"),
        ("a.md:4: no such key", "a.md", "a.md:4: no such key"),
        ("a post needs a Title", "a.md", "a.md: a post needs a Title"),
        ("a.mdx: other", "a.md", "a.md: a.mdx: other"),
        ("alone", "", "alone"),
    ],
)
def test_a_place_that_the_words_begin_with_is_not_said_again(what: str, where: str, said: str) -> None:
    assert str(QianfaError(what, where=where)) == said
    assert str(UnusableSite(what, where=where, hint="do it")) == f"{said}; do it"


# -- lines ---------------------------------------------------------------------------------------------------------

LONG = (
    "等待环节 publicity（宣调部复审）：reviewer-1（示例宣调审核员（一）），"
    "reviewer-2（示例宣调审核员（二）），leader-1 (示例领导（一）)。"
)


@pytest.mark.parametrize("room", range(10, 90))
@pytest.mark.parametrize("text", [LONG, f"  {LONG}", f"See {NEWS}, and “quoted words” (in brackets), 100 %."])
def test_lines_break_at_no_word_and_before_no_mark_that_closes(text: str, room: int) -> None:
    ends = [0, *breaks(text, room), len(text)]
    lines = [text[begin:end] for begin, end in pairwise(ends)]
    assert "".join(lines) == text
    for line, following in pairwise(lines):
        assert line.strip()
        assert following[0] not in ")）」。，、：” "
        assert line.rstrip()[-1] not in "(（“"
        assert not re.search(r"[A-Za-z0-9@/._-]$", line) or not re.match(r"[A-Za-z0-9@/._-]", following)
    longest = max(cell_len(word) for word in re.findall(r"\S[A-Za-z0-9@/._-]*\S*", text))
    assert all(cell_len(line.rstrip()) <= max(room, longest + 2) for line in lines)


def test_a_page_on_a_terminal_is_not_padded_to_its_edge(desk: Desk) -> None:
    desk.write(NEWS, "Title: 标题\n\n" + "一段很长的正文，" * 30 + "\n\n- 一\n- 二\n")
    shown = Seat(desk, "leader-1").qianfa("show", NEWS)
    assert "标题" in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


# -- reasons, asked for --------------------------------------------------------------------------------------------


def test_a_return_without_a_reason_asks_for_it_at_a_terminal(desk: Desk) -> None:
    shown = Seat(desk, "leader-1").qianfa(
        "return", NEWS,
        answers=(("Why is it returned? Everyone will be able to read it.", ""),
                 ("a return needs its reason", "数字不对"), ("Sign? [y/N]", "y")),
    )  # fmt: skip
    assert f"leader-1 signed return: {NEWS}" in shown
    assert "数字不对" in desk.read("content/news/2026-11-20-a.review.yaml")


def test_nobody_is_asked_why_where_it_would_be_for_nothing(desk: Desk) -> None:
    shown = Seat(desk, "officer-fx").qianfa("return", NEWS, status=1)
    assert "holds no office of a stage that is still to come" in shown
    assert "Why is it returned?" not in shown


@pytest.mark.parametrize("command", ["return", "withdraw"])
def test_off_the_terminal_the_reason_is_an_option(desk: Desk, command: str) -> None:
    ran = desk.qianfa(command, NEWS, by="leader-1")
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint.endswith("needs its reason; say it with --note")


def test_a_withdrawal_asks_for_its_reason_and_says_that_the_site_must_be_built(story: Story, tmp_path: Path) -> None:
    story.post(NEWS, title="标题")
    story.chain(NEWS)
    desk = seated(story, tmp_path)
    question = "Why is it withdrawn? Everyone will be able to read it."
    shown = Seat(desk, "leader-1").qianfa("withdraw", NEWS, answers=((question, "数据有误"), ("Sign? [y/N]", "y")))
    assert "The page is gone once the site is built again: qianfa build --output DIR" in shown


# -- many posts ----------------------------------------------------------------------------------------------------


@pytest.fixture
def five(story: Story, tmp_path: Path) -> tuple[Desk, list[str]]:
    """A desk where five posts wait for a leader who saw none of them."""
    posts = [f"content/news/2026-11-20-{name}.md" for name in "abcde"]
    for post in posts:
        story.post(post, title="标题")
        story.chain(post, *UNTIL_LEADER)
    return seated(story, tmp_path), posts


def test_many_posts_that_were_not_shown_are_a_list_and_a_short_line(five: tuple[Desk, list[str]]) -> None:
    desk, posts = five
    ran = desk.qianfa("approve", *posts, "--yes", by="leader-1")
    assert (ran.status, ran.out.splitlines()) == (1, posts)
    assert f"as they are now: {', '.join(posts[:3])} and 2 more; look at each first" in ran.complaint
    assert posts[3] not in ran.complaint
    found = answered(desk.qianfa("approve", *posts, "--json", by="leader-1").out)
    assert [one["item"] for one in found["failed"]] == posts
    assert (found["acts"], found["done"], found["left"]) == (1, [], [])


def test_several_posts_are_shown_at_once_and_can_be_signed_then(five: tuple[Desk, list[str]]) -> None:
    desk, posts = five
    out = desk.done("show", *posts[:2], by="leader-1")
    assert all(f"\n{post}\n" in out for post in posts[:2])
    shown = answered(desk.done("show", *posts[2:], "--json", by="leader-1"))
    assert [one["item"] for one in shown["entries"]] == posts[2:]
    assert answered(desk.done("show", posts[0], "--json"))["show"] == 1
    assert "Signed: 5\n" in desk.done("approve", *posts, by="leader-1")


# -- what is next, and who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["approve", "publish", "form"])
def test_a_post_that_came_back_is_revised(desk: Desk, command: str) -> None:
    desk.done("return", NEWS, "--note", "数字不对", by="leader-1")
    ran = desk.qianfa(command, NEWS, by="" if command == "form" else "publisher-1")
    assert ran.complaint.endswith(f"the drafter starts the next version with: qianfa revise {NEWS}")


def test_the_gate_says_who_returned_a_post_when_in_the_sites_time_and_what_is_next(desk: Desk) -> None:
    desk.done("return", NEWS, "--note", "数字不对", by="leader-1")
    lines = desk.done("gate").splitlines()
    assert "      returned by leader-1 (示例leader-1) on 2026-11-21 20:00: 数字不对" in lines
    assert f"      qianfa revise {NEWS}" in lines
    assert not [line for line in lines if re.search(r"\d{2}:\d{2}:\d{2}", line)]


def test_the_gates_headings_differ_and_their_counts_agree_with_the_summary(desk: Desk) -> None:
    desk.write(NEWS, "Title: 标题\nsave_as: x.html\n\n正文。\n")
    desk.git("commit", "-qam", "x")
    lines = desk.qianfa("gate").out.splitlines()
    assert "refused 1" in lines[1].split("  ")
    assert lines.count("Refused (1)") == 1
    at = lines.index("Why it is refused (1)")
    assert lines[at + 1] == f"  metadata-forbidden  {NEWS}:2"
    assert lines[at + 2].startswith("      the key save_as may not stand in a post")


def test_files_beside_a_record_that_is_not_yaml_wait_for_the_record(desk: Desk) -> None:
    record = NEWS.replace(".md", ".review.yaml")
    desk.write(record, ": : [\n")
    desk.git("commit", "-qam", "x")
    found = answered(desk.qianfa("gate", "--json").out)["findings"]
    hints = {one["code"]: one["hint"] for one in found}
    assert "record-invalid" in hints
    assert hints["content-changed"] == f"set the record right first: {record}"


def test_a_change_that_is_taken_back_leaves_nothing_to_sign(desk: Desk) -> None:
    changed = desk.done("people", "delegate", "leader@county", "--to", "reviewer-1")
    assert "Changed, and not signed yet" in changed
    out = desk.done("people", "delegate", "leader@county", "--to", "reviewer-1", "--end")
    assert desk.git("status", "--porcelain") == ""
    assert out.startswith("Changed back (people.yaml):")
    assert out.endswith("The files are as version 1 has them, which is in force: nothing is left to sign.\n")
    assert "qianfa policy sign" not in out


def test_who_names_those_who_stand_for_a_post_that_waits_for_its_time_or_was_withdrawn(
    story: Story, tmp_path: Path
) -> None:
    story.post(NEWS, title="标题", planned="2026-12-01T09:00:00+08:00")
    story.chain(NEWS)
    desk = seated(story, tmp_path)
    said = desk.done("who", NEWS)
    assert "For version 1, which was signed through, stand:" in said
    assert "publisher-1 (示例publisher-1)" in said
    assert "Could withdraw it: reviewer-1 (示例reviewer-1), " in said
    desk.done("withdraw", NEWS, "--note", "数据有误", by="reviewer-1")
    said = desk.done("who", NEWS)
    assert "For version 1, which was signed through, stand:" in said
    assert "Could begin the next version: officer-fx (示例officer-fx)" in said
    assert "Could withdraw it" not in said


# -- files and waiting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("/site/content/.2026-11-20-a.md-t114pfis", "/site/content/2026-11-20-a.md"),
        (f"content/.{'x' * 40}-t114pfis", f"content/{'x' * 40}…"),
        ("content/.hidden", "content/.hidden"),
        ("", ""),
    ],
)
def test_the_file_that_was_to_be_written_is_named_not_the_one_on_the_way_to_it(name: str, meant: str) -> None:
    assert meant_file(name) == meant


@pytest.mark.parametrize(("patience", "drawn"), [(3600.0, False), (-1.0, True)])
def test_a_bar_is_drawn_only_where_it_takes_a_while(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], patience: float, drawn: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(screen, "PATIENCE", patience)
    with screen.progress() as show:
        show("commits", 1, 2)
        show("commits", 2, 2)
    assert ("reading commits" in capsys.readouterr().err) is drawn
