"""A county's article as its people live it, at their terminals: drafted, reworded, returned, online, revised, withdrawn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from command_line import Desk
from terminal import CTRL_C, Answers, Day, editor, flat, own_copy, told_once

POST = "content/news/2026-11-23-chun-ji-ke-pu-jiang-zuo.md"
RECORD = POST.replace(".md", ".review.yaml")
PAGE = "news/2026-11-23-chun-ji-ke-pu-jiang-zuo.html"
AUTHOR, HEAD, REVIEWER = "officer-fengxiang", "head-fengxiang", "reviewer-1"
LEADER, PUBLISHER, OTHER_PUBLISHER = "leader-1", "publisher-1", "publisher-2"
EVERYBODY = (AUTHOR, HEAD, REVIEWER, LEADER, PUBLISHER, OTHER_PUBLISHER)
SIGN = "Sign? [y/N]"
YES: Answers = ((SIGN, "y"),)
PLAIN = {"NO_COLOR": "1"}
WHY = "时间写错了，请核对"


@dataclass
class Story(Day):
    """The article's, with its page after each build."""

    pages: dict[str, str] = field(default_factory=dict)

    def builds(self, step: str) -> None:
        """Have the publisher build, and keep the page, empty where there is none."""
        self.does(step, PUBLISHER, "build", "--output", "../public")
        page = self.desk.path.parent / "public" / PAGE
        self.pages[step] = page.read_text(encoding="utf-8") if page.exists() else ""

    def code(self, step: str) -> str:
        """Return the content code that a prompt named."""
        return flat(self.shown[step]).split("By signing, ")[1].split("content ")[-1][:19]


@pytest.fixture(scope="module")
def day(founded_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, told once."""

    def tell(folder: Path) -> Story:
        day = Story(own_copy(founded_once, folder))
        for act in (it_is_drafted, it_is_reworded_and_returned, it_goes_online, it_is_revised, it_is_withdrawn):
            act(day)
        return day

    return told_once(tmp_path_factory, "day", tell)


def it_is_drafted(day: Story) -> None:
    day.desk.now = "2026-11-23T09:00:00+08:00"
    answers = (
        ("Which column?", "工作动态"), ("classified?", "n"), ("Title", "春季科普讲座"), ("Which kind? [article]", ""),
        ("Planned time", ""), ("Expires on", ""), ("Summary", "周六上午九点。"), ("Source", "凤翔区科协"), ("Author", ""),
        ("Tags", "讲座，科技馆"),
    )  # fmt: skip
    writes = editor(day.desk.home, 'printf "\\n讲座于四月六日举行，地点在科技馆一楼。\\n" >>"$1"')
    day.does("new", AUTHOR, "new", answers=answers, env=writes)
    day.does("check", AUTHOR, "check")
    day.does("submit, no", AUTHOR, "submit", POST, answers=((SIGN, "n"),), status=1)
    day.does("submit, stopped", AUTHOR, "submit", POST, answers=((SIGN, CTRL_C),), status=130)
    day.does("submit", AUTHOR, "submit", POST, answers=YES)
    day.does("status", AUTHOR, "status")


def it_is_reworded_and_returned(day: Story) -> None:
    day.desk.now = "2026-11-23T11:00:00+08:00"
    day.does("wrong person", REVIEWER, "approve", POST, status=1)
    day.does("queue of the head", HEAD, "queue")
    day.does("show to the head", HEAD, "show", POST)
    rewords = editor(day.desk.home, 'sed -i s/四月/五月/ "$1"')
    day.does("approve --edit", HEAD, "approve", POST, "--edit", "--note", "改了月份", answers=YES, env=rewords)
    day.desk.now = "2026-11-24T09:00:00+08:00"
    day.does("queue of the reviewer", REVIEWER, "queue")
    day.does("return", REVIEWER, "return", POST, "--note", WHY, answers=YES)
    day.does("status of what came back", AUTHOR, "status")


def it_goes_online(day: Story) -> None:
    day.desk.now = "2026-11-25T09:00:00+08:00"
    corrects = editor(day.desk.home, 'sed -i s/六日/七日/ "$1"')
    day.does("revise", AUTHOR, "revise", POST, env=corrects)
    day.does("submit again", AUTHOR, "submit", POST, answers=YES)
    day.does("approve, head", HEAD, "approve", POST, answers=YES)
    day.does("approve, reviewer", REVIEWER, "approve", POST, answers=YES, env=PLAIN)
    day.does("approve, leader", LEADER, "approve", POST, answers=YES)
    day.does("queue of the publisher", PUBLISHER, "queue")
    day.does("publish", PUBLISHER, "publish", answers=(("Sign? y: yes", "y"),))
    day.does("gate", PUBLISHER, "gate")
    day.builds("build")


def it_is_revised(day: Story) -> None:
    day.desk.now = "2026-12-01T09:00:00+08:00"
    corrects = editor(day.desk.home, 'sed -i s/一楼/二楼/ "$1"')
    day.does("revise what is online", AUTHOR, "revise", POST, env=corrects)
    day.does("submit the next", AUTHOR, "submit", POST, answers=YES)
    day.does("status of the next", AUTHOR, "status", POST)
    for person in (HEAD, REVIEWER):
        day.does(f"next, {person}", person, "approve", POST, answers=YES)
    day.does(f"next, {LEADER}", LEADER, "approve", POST, answers=YES, env=PLAIN)
    day.does("next, publisher-2", OTHER_PUBLISHER, "publish", POST, answers=YES)
    day.does("who", AUTHOR, "who", POST)
    day.builds("build the next")


def it_is_withdrawn(day: Story) -> None:
    day.desk.now = "2026-12-08T09:00:00+08:00"
    day.does("withdraw", LEADER, "withdraw", POST, "--note", "讲座取消", answers=YES)
    day.builds("build without it")
    day.does("audit", "me", "audit", POST)
    day.does("log", "me", "log", "--unit", "fengxiang")
    day.does("who, in the end", "me", "who", "news")


# -- the author ----------------------------------------------------------------------------------------------------


def test_new_without_arguments_offers_only_what_the_unit_may_write_for_and_asks_for_the_rest(day: Story) -> None:
    offered = day.shown["new"].partition("may write for:\n")[2].partition("Which column?")[0]
    assert [line.split()[-1] for line in offered.splitlines() if line.split()[0].isdigit()] == [
        "news", "notices", "science-workers/messages",
    ]  # fmt: skip
    assert "科普点播" not in offered
    assert "专题专栏" not in offered
    assert f"{POST} is there; hand it in with: qianfa submit {POST}" in day.shown["new"]
    drafted = day.desk.git("log", "--reverse", "--format=%H", "--", POST).split()[0]
    post, record = (day.desk.git("show", f"{drafted}:{path}") for path in (POST, RECORD))
    assert post.startswith("Title: 春季科普讲座\nSource: 凤翔区科协\nSummary: 周六上午九点。\nTags: 讲座，科技馆\n\n")
    assert post.endswith("\n讲座于四月六日举行，地点在科技馆一楼。")
    for line in ("kind: article", "unit: fengxiang", "classified: no", "submitted: 2026-11-23"):
        assert f"{line}\n" in record


def test_check_objects_to_nothing_and_names_the_next_command(day: Story) -> None:
    assert day.shown["check"].splitlines()[-2:] == ["Nothing to object to.", f"Next: qianfa submit {POST}"]


def test_the_sentence_with_the_code_stands_above_the_prompt(day: Story) -> None:
    acts = ("submit", "approve", "next", "return", "publish", "withdraw")
    steps = [step for step in day.shown if step.startswith(acts)]
    assert len(steps) == 16
    for step in steps:
        before, _, after = flat(day.shown[step]).partition("Sign?")
        sentence = before.partition("By signing, ")[2]
        assert POST in sentence, step
        assert re.search(r"version \d.* content [0-9A-F]{4}(-[0-9A-F]{4}){3}\b", sentence), step
        assert "By signing" not in after, step


def test_no_and_ctrl_c_at_the_prompt_change_nothing(day: Story) -> None:
    for step, says in (("submit, no", "Nothing was signed."), ("submit, stopped", "stopped; nothing is half done")):
        assert says in day.shown[step]
        assert day.unchanged[step]
    assert not day.unchanged["submit"]


def test_status_says_who_has_it_and_then_what_came_back_from_whom_and_why(day: Story) -> None:
    waits = "version 1 is with head-fengxiang (示例负责人（凤翔）) for 负责人审改 (head) since 2026-11-23 09:00"
    assert waits in flat(day.shown["status"])
    back = day.shown["status of what came back"]
    assert "version 1 came back on 2026-11-24 09:00" in back
    assert f"reviewer-1 (示例宣调审核员（一）): {WHY}" in back
    assert f"qianfa revise {POST}" in back


# -- heads and reviewers -------------------------------------------------------------------------------------------


def test_the_wrong_person_is_refused_before_the_prompt(day: Story) -> None:
    says = "that would not count: version 1: reviewer-1 signed head without the office head@unit"
    assert f"{says}; ask one of: head-fengxiang" in flat(day.shown["wrong person"])
    assert "Sign?" not in day.shown["wrong person"]
    assert day.unchanged["wrong person"]


def test_a_queue_holds_what_waits_for_whoever_asks_since_when_and_until_when(day: Story) -> None:
    assert "since 2026-11-23 09:00  due 2026-11-26" in day.shown["queue of the head"]
    assert "version 1  " + day.code("approve --edit") in day.shown["queue of the reviewer"]
    assert "since 2026-11-23 11:00" in day.shown["queue of the reviewer"]
    assert "发布 (publish): 春季科普讲座" in day.shown["queue of the publisher"]
    assert "or publisher-2" in day.shown["queue of the publisher"]


def test_whoever_is_shown_a_post_sees_its_form_its_text_and_that_it_is_their_turn(day: Story) -> None:
    shown = day.shown["show to the head"]
    for words in ("凤翔区科协 (fengxiang)", "讲座于四月六日举行", "Signed so far", "it is your turn"):
        assert words in shown
    assert f"version 1  content {day.code('submit')}" in shown
    assert day.unchanged["queue of the head"]


def test_the_heads_edit_changes_the_text_and_those_after_sign_that(day: Story) -> None:
    shown = day.shown["approve --edit"]
    assert "What you changed" in shown
    assert "讲座于四五月六日举行" in shown  # what went and what came, told apart by colours
    assert day.code("approve --edit") not in ("", day.code("submit"))
    assert day.code("return") == day.code("approve --edit")


def test_whoever_returned_a_post_sees_what_changed_since_character_by_character(day: Story) -> None:
    shown = day.shown["approve, reviewer"]
    assert "Changed since you returned version 1 as 宣调部复审, 2026-11-24 09:00" in shown
    assert "讲座于五月[-六-]{+七+}日举行" in shown
    assert "Changed since you signed 负责人审改 of version 1" in day.shown["approve, head"]
    assert "Changed since" not in day.shown["approve, leader"]


def test_revise_says_what_became_of_the_version_before(day: Story) -> None:
    returned = "Version 1 was returned by reviewer-1 (示例宣调审核员（一）) at the stage publicity"
    assert returned in flat(day.shown["revise"])
    assert WHY in day.shown["revise"]
    assert "it stays as it is until the next one is" in flat(day.shown["revise what is online"])


# -- online --------------------------------------------------------------------------------------------------------


def test_publish_without_arguments_shows_and_asks_for_what_waits(day: Story) -> None:
    shown = day.shown["publish"]
    assert "Post 1 of 1" in shown
    assert shown.index("讲座于五月七日举行") < shown.index("that it goes online at once") < shown.index("Sign?")
    assert "Signed: 1" in shown


def test_once_published_it_is_online_and_its_page_is_built(day: Story) -> None:
    assert f"Online (1)\n  {POST}  春季科普讲座\n" in day.shown["gate"]
    assert "讲座于五月七日举行，地点在科技馆一楼。" in day.pages["build"]


def test_the_next_version_takes_its_place_once_it_is_signed_through(day: Story) -> None:
    assert "version 2 is online meanwhile" in day.shown["status of the next"]
    assert "Changed since version 2, which is online" in day.shown[f"next, {LEADER}"]
    assert "地点在科技馆[-一-]{+二+}楼。" in day.shown[f"next, {LEADER}"]
    assert "地点在科技馆二楼。" in day.pages["build the next"]


def test_who_names_those_who_stand_for_what_is_online(day: Story) -> None:
    named = [person for person in EVERYBODY if person in day.shown["who"]]
    assert named == [AUTHOR, HEAD, REVIEWER, LEADER, OTHER_PUBLISHER]
    assert "分管领导终审 (leader): leader-1 (示例分管领导（一）)" in day.shown["who, in the end"]


# -- withdrawn, and told -------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_gone_with_the_next_build(day: Story) -> None:
    asked = flat(day.shown["withdraw"])
    assert "off the site: version 3" in asked
    assert "It cannot be undone; a new version brings the page back." in asked
    assert day.pages["build without it"] == ""
    assert not day.desk.path.parent.joinpath("public", PAGE + ".chain.json").exists()
    assert "0 posts" in day.shown["build without it"]


def test_audit_tells_the_whole_story(day: Story) -> None:
    told = day.shown["audit"]
    assert [line for line in told.splitlines() if line.startswith("Version ")] == [
        "Version 1: returned", "Version 2: withdrawn", "Version 3: withdrawn",
    ]  # fmt: skip
    for words in (
        "head-fengxiang (示例负责人（凤翔）) amended, as 负责人审改 (head)\n    note: 改了月份",
        f"reviewer-1 (示例宣调审核员（一）) returned, as 宣调部复审 (publicity)\n    note: {WHY}",
        "leader-1 (示例分管领导（一）) withdrew\n    note: 讲座取消",
    ):
        assert words in told, words
    assert told.count("drafted\n") == 3
    assert "DOES NOT COUNT" not in told
    programs = json.loads(day.desk.done("audit", POST, "--json"))
    assert [one["act"] for one in programs["acts"]] == [
        "drafted", "amended", "returned",
        *("drafted", "approved", "approved", "approved", "published") * 2, "withdrew",
    ]  # fmt: skip


def test_log_lists_every_act_with_its_time_and_person(day: Story) -> None:
    approved = [(person, "approved") for person in (HEAD, REVIEWER, LEADER)]
    lines = [line.split() for line in day.shown["log"].splitlines() if line.startswith("2026-")]
    assert [(person, did.rstrip(",")) for _, _, person, did, *_ in lines] == [
        (AUTHOR, "drafted"), (HEAD, "amended"), (REVIEWER, "returned"),
        (AUTHOR, "drafted"), *approved, (PUBLISHER, "published"),
        (AUTHOR, "drafted"), *approved, (OTHER_PUBLISHER, "published"),
        (LEADER, "withdrew"),
    ]  # fmt: skip
    assert [lines[0][0], lines[2][0], lines[-1][0]] == ["2026-11-23", "2026-11-24", "2026-12-08"]


def test_the_gate_finds_nothing_wrong_with_any_of_it(day: Story) -> None:
    assert "Nothing is wrong." in day.desk.done("gate")
    assert day.desk.git("status", "--porcelain") == ""
