"""A video and a topic as their people live them, at their terminals: forms, ink, several at once, in Chinese, for a later day."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from command_line import Desk
from PIL import Image, ImageDraw
from terminal import Day, editor, flat, own_copy, told_once

VIDEO = "content/on-demand/2026-11-23-ke-ji-zhou-hui-gu.md"
TOPIC = "content/topics/2026-11-23-dong-ji-an-quan.md"
DRAFTS, RELAYS, INKS = "officer-science-popularisation", "officer-info-centre", "head-info-centre"
REVIEWER, LEADER, PUBLISHER = "reviewer-1", "leader-2", "publisher-1"
SIGN, EACH, ANY = "Sign? [y/N]", "Sign? y: yes, n: not now", "> "
CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
BEFORE, AFTER = "2026-11-30T23:59:59+08:00", "2026-12-01T09:00:00+08:00"


@dataclass
class Story(Day):
    """The video's and the topic's, with where each was after each step: its stage, else its state."""

    states: dict[str, dict[str, str]] = field(default_factory=dict)

    def notes(self, step: str) -> None:
        """Note where the posts are after a step."""
        found = json.loads(self.desk.done("status", "--all", "--json"))
        posts = [one["post"] for one in found["posts"]]
        self.states[step] = {one["item"]: one["stage"] or one["state"] for one in posts}

    def scan(self, name: str, *, drawn: bool) -> str:
        """Return the path of a scan of a sheet, blank unless something is drawn on it."""
        sheet = Image.new("RGB", (900, 1270), "white")
        if drawn:
            ImageDraw.Draw(sheet).line((500, 700, 620, 660, 700, 720), fill="navy", width=6)
        path = self.desk.home / name
        sheet.save(path)
        return str(path)


@pytest.fixture(scope="module")
def day(founded_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, told once."""

    def tell(folder: Path) -> Story:
        day = Story(own_copy(founded_once, folder))
        for act in (a_video_is_signed_in_ink, a_topic_is_drafted_in_chinese, both_go_their_way):
            act(day)
        return day

    return told_once(tmp_path_factory, "forms", tell)


def a_video_is_signed_in_ink(day: Story) -> None:
    day.desk.now = "2026-11-23T10:00:00+08:00"
    answers = (
        ("Which column?", "科普点播"), ("classified?", "n"), ("Title", "科技周回顾"), ("Which kind?", "video"),
        ("Planned time, as the application form asks", ""), ("Expires on", ""), ("Summary", "三分钟看完科技周。"),
        ("Source", ""), ("Author", ""), ("Tags", ""), ("Film: the name of its file", ""),
    )  # fmt: skip
    writes = editor(day.desk.home, 'printf "\\n开幕式、展览和实验，三分钟看完。\\n" >>"$1"')
    day.does("new video", RELAYS, "new", "--field", "Duration=00:03:20", answers=answers, env=writes)
    day.does("submit video", RELAYS, "submit", VIDEO, answers=((SIGN, "y"),))
    day.does("form", RELAYS, "form", VIDEO, "--output", "../sheet.html")
    sheet = ("paper", VIDEO, "--stage", "head", "--signatory", INKS, "--scan")
    day.does("blank", RELAYS, *sheet, day.scan("blank.png", drawn=False), status=1)
    code = (("content code that stands on the sheet", day.shown["form"].split()[-1]),)
    day.does("paper", RELAYS, *sheet, day.scan("photo.jpg", drawn=True), "--note", "签于会议室", answers=code)
    day.notes("paper")


def a_topic_is_drafted_in_chinese(day: Story) -> None:
    typed = ("专题", "否", "冬季安全", "", "2026-12-01 09:00", "2027-03-01", "用火用电，处处小心。", "", "", "安全", "")
    writes = editor(day.desk.home, 'printf "\\n用火用电，处处小心。\\n" >>"$1"')
    day.does("new topic", DRAFTS, "new", answers=tuple((ANY, one) for one in typed), env={**writes, **CHINESE})
    day.does("submit topic", DRAFTS, "submit", TOPIC, answers=((ANY, "是"),), env=CHINESE)
    day.notes("submit topic")
    day.does("approve topic", "head-science-popularisation", "approve", TOPIC, answers=((ANY, "是"),), env=CHINESE)
    day.notes("approve topic")


def both_go_their_way(day: Story) -> None:
    day.does("not now, and stop", REVIEWER, "approve", VIDEO, TOPIC, answers=((EACH, "n"), (EACH, "q")))
    day.notes("not now, and stop")
    day.does("both", REVIEWER, "approve", VIDEO, TOPIC, answers=((EACH, "y"), (EACH, "y")))
    day.notes("both")
    day.does("one", LEADER, "approve", VIDEO, TOPIC, answers=((EACH, "n"), (EACH, "y")))
    day.notes("one")
    day.does("the other", LEADER, "approve", VIDEO, answers=((SIGN, "y"),))
    day.notes("the other")
    day.does("publish", PUBLISHER, "publish", answers=((EACH, "y"), (EACH, "y")))
    day.notes("publish")
    day.does("calendar", PUBLISHER, "calendar")
    day.does("log", "me", "log")


def states_at(day: Story, instant: str) -> dict[str, str]:
    """Return what the gate says of each post at an instant."""
    report = json.loads(day.desk.done("gate", "--json", "--now", instant))
    return {one["item"]: one["state"] for one in report["items"]}


# -- a video, signed in ink ----------------------------------------------------------------------------------------


def test_a_video_is_drafted_with_the_lines_that_its_column_and_its_form_want(day: Story) -> None:
    assert "12 专题专栏  topics" in day.shown["new video"]
    assert "Duration: 00:03:20\n" in day.desk.read(VIDEO)
    assert "kind: video\nunit: info-centre\n" in day.desk.read(VIDEO.replace(".md", ".review.yaml"))
    assert "as 填写申办单" in flat(day.shown["submit video"])


def test_the_form_says_what_is_to_be_signed_and_carries_the_code(day: Story) -> None:
    page = day.desk.path.parent.joinpath("sheet.html").read_text(encoding="utf-8")
    code = day.shown["form"].split()[-1]
    assert code in flat(day.shown["submit video"])
    for words in ("科技周回顾", "市科技信息中心", code):
        assert words in page


def test_a_blank_page_is_refused_before_the_code_is_asked_for(day: Story) -> None:
    assert "there is nothing on the picture; photograph or scan the sheet again" in flat(day.shown["blank"])
    assert "content code" not in day.shown["blank"]
    assert day.unchanged["blank"]


def test_a_relayed_signature_says_who_vouches_for_what_and_keeps_the_scan(day: Story) -> None:
    said = flat(day.shown["paper"])
    assert f"{RELAYS} vouches that {INKS} (示例负责人（信息中心）) signed {VIDEO} version 1" in said
    (scan,) = day.desk.git("ls-files", "evidence").split()
    assert scan in said
    assert day.states["paper"][VIDEO] == "publicity"
    told = flat(day.desk.done("audit", VIDEO))
    assert "on paper, relayed by officer-info-centre (示例信息员（信息中心）)" in told
    assert f"scan sha256:{Path(scan).stem}" in told
    assert "note: 签于会议室" in told


def test_the_ledger_says_that_a_signature_came_on_paper(day: Story) -> None:
    assert f"{INKS} approved, head (on paper, relayed by {RELAYS})" in flat(day.shown["log"])
    assert day.shown["log"].count("published") == 2


# -- a topic, drafted in Chinese -----------------------------------------------------------------------------------


def test_chinese_is_spoken_and_typed_where_the_locale_is_chinese_even_if_the_system_lacks_it(day: Story) -> None:
    assert "Which column?" not in day.shown["new topic"]
    assert "科普点播" not in day.shown["new topic"]  # not theirs to write for
    assert day.desk.read(TOPIC).startswith("Title: 冬季安全\nSummary: 用火用电，处处小心。\nTags: 安全\n")
    record = day.desk.read(TOPIC.replace(".md", ".review.yaml"))
    assert "kind: topic\nunit: science-popularisation\n" in record
    assert "planned: 2026-12-01T09:00:00+08:00\nexpires: 2027-03-01\n" in record
    assert day.states["submit topic"][TOPIC] == "head"
    assert "冬季安全" in day.shown["approve topic"]
    assert day.states["approve topic"][TOPIC] == "publicity"


# -- several at once -----------------------------------------------------------------------------------------------


def test_each_of_several_posts_is_shown_before_it_is_asked_about(day: Story) -> None:
    first, second = day.shown["both"].split("Post 1 of 2")[1].split("Post 2 of 2")
    for part, title, text in ((first, "科技周回顾", "开幕式、展览和实验"), (second, "冬季安全", "用火用电")):
        asked = part.index("Sign?")
        assert part.index(title) < part.index(text) < part.index("By signing, reviewer-1") < asked
    assert "Signed: 2" in day.shown["both"]


def test_n_leaves_a_post_q_stops_and_y_signs_one_alone(day: Story) -> None:
    stopped = day.shown["not now, and stop"]
    assert f"Signed: 0\nNot signed: 2\n  {VIDEO}\n  {TOPIC}\n" in stopped
    states = [day.states[step] for step in ("not now, and stop", "both", "one", "the other")]
    assert [(one[VIDEO], one[TOPIC]) for one in states] == [
        ("publicity", "publicity"), ("leader", "leader"), ("leader", "publish"), ("publish", "publish"),
    ]  # fmt: skip
    assert f"Signed: 1\n  leader-2 signed leader: {TOPIC}" in day.shown["one"]
    assert f"Not signed: 1\n  {VIDEO}\n" in day.shown["one"]


# -- for a later day -----------------------------------------------------------------------------------------------


def test_publish_says_which_goes_online_at_once_and_which_when(day: Story) -> None:
    first, second = (flat(part) for part in day.shown["publish"].split("Post 1 of 2")[1].split("Post 2 of 2"))
    assert "that it goes online at once." in first
    assert "that it goes online at 2026-12-01T09:00:00+08:00, and not before." in second
    assert day.states["publish"] == {VIDEO: "live", TOPIC: "scheduled"}


def test_the_calendar_lists_what_comes_and_goes_and_when_to_build(day: Story) -> None:
    assert "The next build is due at 2026-12-01T09:00:00+08:00." in day.shown["calendar"]
    said = [flat(line) for line in day.shown["calendar"].splitlines()]
    assert f"2026-12-01 09:00 version 1 goes online 冬季安全 {TOPIC}" in said
    assert f"2027-03-01 00:00 version 1 goes offline 冬季安全 {TOPIC}" in said


def test_the_gate_has_it_online_from_its_instant_until_its_day(day: Story) -> None:
    moments = (BEFORE, AFTER, "2027-03-01T00:00:00+08:00")
    assert [states_at(day, instant)[TOPIC] for instant in moments] == ["scheduled", "live", "expired"]
    assert states_at(day, AFTER)[VIDEO] == "live"
