"""`qianfa show`: all that a signature would cover, who signed and who is next, what changed; and nothing steers the terminal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk, seated
from story import NEWS, OFFICES, Story
from terminal import Seat

from review.history.repository import open_repository
from review.model.digests import content_code
from review.model.paths import attachments_of
from review.ways import shown

GiveSeat = Callable[[], Desk]
UNTIL_HEAD = (("draft", "officer-fx"), ("head", "head-fx"))
TEXT = "Title: 春季科普讲座\nSource: 示例晚报\n\n讲座于四月举行，欢迎参加。\n\n共 120 人。\n"


@pytest.fixture
def seat(story: Story, tmp_path: Path) -> GiveSeat:
    """Give the desk at the story's repository as it is told by then."""
    return lambda: seated(story, tmp_path)


def answered(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Return the answer for programs."""
    view = json.loads(desk.done("show", NEWS, "--json", *arguments))
    assert view["show"] == 1
    return dict(view)


def marks(segments: list[dict[str, str]]) -> str:
    signs = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(signs[one["kind"]].format(one["text"]) for one in segments)


def test_it_shows_the_form_the_text_the_attachments_the_chain_and_who_is_next(story: Story, seat: GiveSeat) -> None:
    story.post(text=TEXT, planned="2026-11-25T09:00:00+08:00", expires="2027-01-01")
    story.attach(NEWS, "图 1.png", b"x" * 1500)
    story.sign(NEWS, "draft", "officer-fx", note="请审")
    story.sign(NEWS, "head", "head-fx")
    desk = seat()
    out = desk.done("show", NEWS)
    lines = [line.strip() for line in out.splitlines()]
    form = {line.partition("  ")[0]: line.partition("  ")[2].strip() for line in lines}
    for label, value in {
        "Column": "工作动态 (news)", "Unit": "凤翔区科协 (fx)", "Kind": "article (图文信息)", "Classified": "no",
        "Submitted": "2026-11-20", "Planned": "2026-11-25 09:00+08:00", "Expires": "2027-01-01",
        "Title": "春季科普讲座", "Source": "示例晚报",
    }.items():  # fmt: skip
        assert form.get(label) == value
    manifest = story.manifest(NEWS)
    assert f"version 1  content {content_code(manifest)}" in lines
    assert "讲座于四月举行，欢迎参加。" in lines
    assert f"'{attachments_of(NEWS)}图 1.png'" in lines
    assert "image/png  1.5 kB  SHA-256" in out
    assert "拟稿 (draft)  officer-fx (示例officer-fx)  2026-11-20 10:" in out
    assert "said: 请审" in out
    assert "宣调部复审 (publicity), by one of: reviewer-1 (示例reviewer-1), reviewer-2 (示例reviewer-2)" in out
    assert "Changed since" not in out
    assert "\x1b" not in out


def test_programs_get_all_of_it_with_stable_keys(story: Story, seat: GiveSeat) -> None:
    story.post(text=TEXT)
    story.attach(NEWS, "a.pdf", b"x")
    story.chain(NEWS, *UNTIL_HEAD)
    view = answered(seat(), "--as", "reviewer-1")
    assert set(view) == {
        "show", "item", "title", "column", "column_title", "unit", "unit_title", "state", "version", "live_version",
        "shown_version", "manifest", "code", "kind_title", "header", "metadata", "text", "attachments", "chain",
        "next", "reason", "asker", "meaning", "since_live", "since_mine", "uncommitted", "findings",
    }  # fmt: skip
    assert view["manifest"] == story.manifest(NEWS)
    assert view["header"]["kind"] == "article"
    assert view["metadata"] == {"title": "春季科普讲座", "source": "示例晚报"}
    assert (view["attachments"][0]["type"], view["attachments"][0]["size"]) == ("application/pdf", 1)
    assert [(one["stage"], one["person"]["id"]) for one in view["chain"]] == list(UNTIL_HEAD)
    assert (view["next"]["stage"], view["next"]["last"], view["next"]["may_amend"]) == ("publicity", False, False)
    assert view["asker"]["id"] == "reviewer-1"
    assert view["meaning"].endswith("as 宣调部复审: that it may go on to 分管领导终审.")
    assert (view["since_live"], view["since_mine"]) == (None, None)


def test_the_meaning_is_there_only_for_whoever_could_sign_now(story: Story, seat: GiveSeat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    assert answered(desk, "--as", "reviewer-2")["meaning"]
    for person in ("leader-1", "head-fx", "officer-fx"):
        assert answered(desk, "--as", person)["meaning"] == ""
    assert answered(desk)["asker"] is None


def test_it_shows_what_changed_since_the_version_online_and_since_one_signed_last(story: Story, seat: GiveSeat) -> None:
    story.post(text=TEXT)
    story.attach(NEWS, "a.png", b"old")
    story.attach(NEWS, "gone.png", b"gone")
    story.chain(NEWS)
    story.post(text=TEXT.replace("四月", "五月").replace("示例晚报", "示例日报"), expires="2027-01-01")
    story.attach(NEWS, "a.png", b"newer")
    story.attach(NEWS, "b.png", b"b")
    story.remove(attachments_of(NEWS) + "gone.png")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    story.write(NEWS, story.files[NEWS][1].decode().replace("120", "150"))
    story.sign(NEWS, "head", "head-fx")
    desk = seat()
    view = answered(desk, "--as", "officer-fx")
    live, mine = view["since_live"], view["since_mine"]
    assert (live["version"], mine["version"], mine["stage"]) == (1, 2, "draft")
    assert marks(live["changes"]["text"]) == "讲座于[-四-]{+五+}月举行，欢迎参加。\n\n共 [-120-]{+150+} 人。"
    assert [(one["field"], one["before"], one["after"]) for one in live["changes"]["header"]] == [
        ("expires", None, "2027-01-01")
    ]
    assert marks(live["changes"]["metadata"][0]["segments"]) == "示例[-晚-]{+日+}报"
    assert [(one["path"][-8:], one["what"]) for one in live["changes"]["attachments"]] == [
        ("-a/a.png", "replaced"), ("-a/b.png", "added"), ("gone.png", "removed"),
    ]  # fmt: skip
    assert marks(mine["changes"]["text"]) == "讲座于五月举行，欢迎参加。\n\n共 [-120-]{+150+} 人。"
    assert {name for name, found in mine["changes"].items() if found} == {"text"}
    out = desk.done("show", NEWS, "--as", "officer-fx")
    for words in (
        "Changed since version 1, which is online", "讲座于[-四-]{+五+}月举行，欢迎参加。", "Expires: {+2027-01-01+}",
        "Source: 示例[-晚-]{+日+}报", "a.png  3 B before, 5 B now", "b.png  1 B", "gone.png  4 B",
        "Changed since you signed 拟稿 of version 2", "共 [-120-]{+150+} 人。", "changed the post here",
    ):  # fmt: skip
        assert words in out, words
    assert "nothing" in desk.done("show", NEWS, "--as", "head-fx").split("Changed since you signed 负责人审改")[1]
    assert answered(desk, "--as", "reviewer-1")["since_mine"]["version"] == 1  # signed the version before
    assert answered(desk, "--as", "leader-2")["since_mine"] is None


def test_an_older_version_is_shown_as_it_was_signed(story: Story, seat: GiveSeat) -> None:
    story.publish(title="春季科普讲座")
    first = story.manifest(NEWS)
    story.post(title="秋季科普讲座")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    desk = seat()
    assert answered(desk)["title"] == "秋季科普讲座"
    view = answered(desk, "--version", "1")
    assert (view["title"], view["shown_version"], view["manifest"]) == ("春季科普讲座", 1, first)
    ran = desk.qianfa("show", NEWS, "--version", "3")
    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint == f"{NEWS}: there is no version 3 of it; versions signed: 1, 2"


def test_what_is_shown_is_what_is_committed_and_other_edits_are_only_mentioned(story: Story, seat: GiveSeat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    desk.write(NEWS, "Title: 另一个\n\n改了。\n")
    view = answered(desk)
    assert (view["title"], view["uncommitted"]) == ("春季科普讲座", [NEWS])
    out = desk.done("show", NEWS)
    assert "改了" not in out
    assert f"the work tree has edits that nobody handed in: {NEWS}" in out


def test_files_that_changed_since_they_were_signed_are_said_to_be_unsigned(story: Story, seat: GiveSeat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    story.write(NEWS, "Title: 另一个\n\n改了。\n")
    story.commit()
    out = seat().done("show", NEWS)
    assert "not signed yet  content" in out
    assert "the files differ from version 1, last signed by head-fx" in out


def test_paper_and_stand_ins_are_told(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    people = story.people(OFFICES).replace(
        "offices: [reviewer@publicity]\n", "offices: [reviewer@publicity]\n    stands_in: [reviewer@publicity]\n", 1
    )
    story.sign_policy(people=people)
    scan = b"%PDF-1.4 scan"
    digest = hashlib.sha256(scan).hexdigest()
    story.post()
    story.write(f"evidence/{digest}.pdf", scan)
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "head", "officer-fx", signatory="head-fx", paper=f"sha256:{digest}")
    story.sign(NEWS, "publicity", "reviewer-1")
    out = seated(story, tmp_path).done("show", NEWS)
    assert "负责人审改 (head)  head-fx" in out
    assert "on paper, relayed by officer-fx (示例officer-fx); scan sha256:" in out
    assert "standing in for whoever holds the office" in out.split("宣调部复审 (publicity)")[1]


@pytest.mark.parametrize(
    ("item", "status", "says"),
    [
        ("content/news/none.md", 2, "there is no such post in the commit; hand it in first: qianfa submit"),
        ("README.md", 2, "not the path of a post"),
        ("content/news/a\u202e.md", 2, "not the path of a post"),
    ],
)
def test_what_is_no_post_is_refused_in_one_line(
    story: Story, seat: GiveSeat, item: str, status: int, says: str
) -> None:
    ran = seat().qianfa("show", item)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.complaint


def test_a_person_who_is_not_there_cannot_ask(story: Story, seat: GiveSeat) -> None:
    story.publish()
    ran = seat().qianfa("show", NEWS, "--as", "nobody")
    assert (ran.status, ran.out) == (1, "")
    assert "there is no 'nobody'" in ran.complaint


HOSTILE = (
    "Title: 讲座\n\n\u202e反向 &#8238; &#27;[31m <b onclick='x'>看不见</b> <!-- 藏着 -->\n\n"
    "[链接](https://example.org/a) ![图](b.png)\n\n"
)


def test_nothing_in_a_post_a_note_or_a_name_steers_the_terminal_and_nothing_is_hidden(
    story: Story, tmp_path: Path, seat: GiveSeat
) -> None:
    story.post(text=HOSTILE)
    story.sign(NEWS, "draft", "officer-fx", note="\x1b]0;x\x07\u202e")
    desk = seat()
    plain = desk.done("show", NEWS)
    assert not [one for one in plain if one in "\x1b\x07\u202e"]
    seen = Seat(desk, "head-fx").qianfa("show", NEWS)
    page, _, hidden = seen.partition("Not shown on the page, but signed:")
    for text in ("\\u202e反向", "看不见", "https://example.org/a", "[图: b.png]"):
        assert text in page, text
    for text in ("<b onclick='x'>", "<!-- 藏着 -->"):
        assert text in hidden, text
    assert "\u202e" not in seen
    assert "\x1b]" not in seen


def test_colours_are_for_terminals_that_want_them(story: Story, seat: GiveSeat) -> None:
    story.publish()
    story.post(title="秋季科普讲座")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    desk = seat()
    coloured = Seat(desk, "head-fx")
    assert "[-春-]" not in coloured.qianfa("show", NEWS)
    assert "[-春-]{+秋+}季科普讲座" in coloured.qianfa("show", NEWS, env={"NO_COLOR": "1"})


def test_what_is_shown_is_remembered_for_whoever_asked_and_only_so_much_of_it(story: Story, seat: GiveSeat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    repository, manifest = open_repository(desk.path), story.manifest(NEWS)
    desk.done("show", NEWS)
    assert not shown.was_shown(repository, manifest, "reviewer-1")
    desk.done("show", NEWS, by="reviewer-1")
    assert shown.was_shown(repository, manifest, "reviewer-1")
    assert not shown.was_shown(repository, manifest, "reviewer-2")
    assert not shown.was_shown(repository, "sha256:" + "0" * 64, "reviewer-1")
    for number in range(3):
        shown.note(repository, f"sha256:{number:064}", "somebody")
    place = desk.path / ".git/qianfa/shown"
    place.write_text("".join(f"sha256:{number:064} other\n" for number in range(shown.MOST)), encoding="utf-8")
    shown.note(repository, manifest, "reviewer-1")
    assert len(place.read_text(encoding="utf-8").splitlines()) == shown.MOST
    assert shown.was_shown(repository, manifest, "reviewer-1")
    place.write_bytes(b"\xff\n\x00")
    assert not shown.was_shown(repository, manifest, "reviewer-1")


def test_a_post_whose_files_are_gone_is_shown_as_it_was_signed(story: Story, seat: GiveSeat) -> None:
    story.publish()
    story.remove(NEWS)
    story.commit()
    view = answered(seat())
    assert (view["title"], view["shown_version"]) == ("春季科普讲座", 1)


def test_a_terminal_shows_what_the_page_will_show_though_other_readers_of_markdown_would_not(
    story: Story, seat: GiveSeat
) -> None:
    """Footnotes that nothing refers to, lists sixty levels deep, and cells that no column has room for."""
    deep = "\n".join("    " * depth + f"- 第{depth}层" for depth in range(60))
    text = f"Title: 讲座\n\n免费。\n\n[^1]: 票价三百元\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 | 丙丁 |\n\n{deep}\n"
    story.post(text=text)
    story.sign(NEWS, "draft", "officer-fx")
    desk = seat()
    seen = Seat(desk, "head-fx").qianfa("show", NEWS)
    page, _, hidden = seen.partition("Not shown on the page, but signed:")
    assert "票价三百元" in page
    assert "甲 | 乙" in page
    assert "丙丁" in hidden
    assert [depth for depth in range(60) if f"第{depth}层" not in page] == []
    assert "[^1]: 票价三百元" in Seat(desk, "head-fx").qianfa("show", NEWS, "--plain")
