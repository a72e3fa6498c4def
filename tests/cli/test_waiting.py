"""What waits for whom, as people ask for it: queue, status, calendar. Each is asked of a real repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from command_line import TRACEBACK, Desk
from story import COLUMNS, NEWS, Story

Seat = Callable[[], Desk]

MAJOR = "content/news/2026-11-20-major.md"
VIDEO = "content/popular-science/activities/2026-11-20-v.md"
RECORD = NEWS.replace(".md", ".review.yaml")
NASTY = "题目\x1b[2J\u202e反\u2066了"
DUE = "due: {default: 3, publish: 1}\n"


def asked(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Run a command that answers programs; it must succeed, in silence but for its answer."""
    answer: dict[str, Any] = json.loads(desk.done(*arguments, "--json"))
    return answer


def rows(desk: Desk, person: str, *arguments: str) -> list[tuple[str, str, str]]:
    """Return kind, item and stage of what waits for a person."""
    return [
        (one["kind"], one["item"], one["stage"]) for one in asked(desk, "queue", "--as", person, *arguments)["rows"]
    ]


def under_review(story: Story, *stages: tuple[str, str], item: str = NEWS, **header: str) -> None:
    """Write a post and have its first stages signed."""
    story.post(item, **header)
    story.chain(item, *stages)


# -- the queue -----------------------------------------------------------------------------------------------------


def test_the_queue_has_what_its_asker_can_sign_now_and_nobody_elses(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))
    desk = seat()

    assert rows(desk, "head-fx") == [("sign", NEWS, "head")]
    assert [rows(desk, one) for one in ("reviewer-1", "officer-fx", "publisher-1", "admin-a", "head-kpb")] == [[]] * 5


def test_whose_queue_it_is_follows_from_the_key(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))

    ran = seat().qianfa("queue", by="head-fx")

    assert (ran.status, ran.err) == (0, "")
    assert "负责人审改 (head): 春季科普讲座" in ran.out
    assert NEWS in ran.out


def test_a_row_says_what_where_which_version_since_when_until_when_and_who_else(story: Story, seat: Seat) -> None:
    story.write("qianfa.yaml", DUE)
    story.sign_policy()
    under_review(story, ("draft", "officer-fx"), ("head", "head-fx"))
    code = story.manifest(NEWS).removeprefix("sha256:")[:4].upper()

    (row,) = asked(seat(), "queue", "--as", "reviewer-1")["rows"]

    assert (row["title"], row["column_title"], row["unit_title"]) == ("春季科普讲座", "工作动态", "凤翔区科协")
    assert (row["version"], row["stage_title"], row["code"][:4]) == (1, "宣调部复审", code)
    assert row["since"] == story.signed[-1].statement.at
    assert (row["due"], row["late"]) == ("2026-11-23T23:59:59+08:00", False)
    assert row["people"] == [{"id": f"reviewer-{n}", "name": f"示例reviewer-{n}"} for n in (1, 2)]


def test_the_oldest_comes_first_and_the_late_are_marked(story: Story, seat: Seat) -> None:
    story.write("qianfa.yaml", DUE)
    story.sign_policy()
    under_review(story, ("draft", "officer-fx"), item="content/news/z.md", title="先来的")
    under_review(story, ("draft", "officer-fx"), item="content/news/a.md", title="后来的")
    desk = seat()
    desk.now = "2026-11-24T00:00:00+08:00"

    ran = desk.done("queue", "--as", "head-fx")

    assert ran.index("先来的") < ran.index("后来的")
    assert ran.startswith("Waiting for head-fx (示例head-fx): 2, of which late: 2.\n")
    assert ran.count("due 2026-11-23: late") == 2


def test_a_planned_instant_is_when_it_is_due_where_it_comes_first(story: Story, seat: Seat) -> None:
    story.write("qianfa.yaml", DUE)
    story.sign_policy()
    under_review(story, ("draft", "officer-fx"), planned="2026-11-22T09:00:00+08:00")

    assert asked(seat(), "queue", "--as", "head-fx")["rows"][0]["due"] == "2026-11-22T09:00:00+08:00"


def test_without_days_in_the_settings_nothing_is_due(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))

    assert asked(seat(), "queue", "--as", "head-fx")["rows"][0]["due"] == ""


def test_whoever_signed_a_stage_is_not_asked_for_a_second_one_of_the_chain(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), ("leader", "leader-2"), item=MAJOR, major="yes")
    desk = seat()

    assert rows(desk, "leader-2") == []
    assert rows(desk, "leader-1") == [("sign", MAJOR, "leader")]


def test_who_holds_offices_of_several_stages_sees_them_all(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), item=VIDEO, kind="video")
    story.post("content/news/2026-11-20-b.md", title="还没交")
    story.commit()

    assert rows(seat(), "officer-fx") == [
        ("sign", VIDEO, "publish"),
        ("draft", "content/news/2026-11-20-b.md", "draft"),
    ]


def test_drafters_see_what_came_back_from_whom_and_why(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), ("head", "head-fx"))
    story.sign(NEWS, "publicity", "reviewer-2", decision="return", note="标题过长")
    desk = seat()

    (row,) = asked(desk, "queue", "--as", "officer-fx")["rows"]

    assert (row["kind"], row["returned_by"]["id"], row["reason"]) == ("returned", "reviewer-2", "标题过长")
    assert "returned by reviewer-2 (示例reviewer-2): 标题过长" in desk.done("queue", "--as", "officer-fx")
    assert rows(desk, "officer-mx") == rows(desk, "head-fx") == []


def test_drafters_see_a_draft_that_is_in_their_work_tree_alone(story: Story, seat: Seat) -> None:
    desk = seat()
    desk.done("new", "news", "新的一篇", by="officer-fx")

    (row,) = asked(desk, "queue", "--as", "officer-fx")["rows"]

    assert (row["kind"], row["title"], row["work_tree"], row["version"]) == ("draft", "新的一篇", "new", 0)
    assert rows(desk, "officer-mx") == []


def test_drafters_see_what_they_edited_of_a_post_that_is_online(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    desk.write(NEWS, desk.read(NEWS) + "\n又一段。\n")

    (row,) = asked(desk, "queue", "--as", "officer-fx")["rows"]

    assert (row["kind"], row["work_tree"], row["version"]) == ("draft", "edited", 1)


def test_drafters_see_what_the_gate_refuses_and_why(story: Story, seat: Seat) -> None:
    story.post(NEWS, classified="yes")
    story.commit()

    (row,) = asked(seat(), "queue", "--as", "officer-fx")["rows"]

    assert (row["kind"], "nothing classified is published" in row["reason"]) == ("refused", True)


def test_administrators_see_a_policy_that_waits_until_they_have_signed_it(story: Story, seat: Seat) -> None:
    story.write_policy(columns=COLUMNS.replace("工作动态", "动态"))
    story.sign("policy", "policy", "admin-a", version=2, previous=story.signed[-1].digest)
    desk = seat()

    assert rows(desk, "admin-a") == rows(desk, "head-fx") == []
    assert rows(desk, "admin-b") == rows(desk, "admin-c") == [("policy", "policy", "policy")]
    (row,) = asked(desk, "queue", "--as", "admin-b")["rows"]
    assert (row["version"], row["since"]) == (2, story.signed[-1].statement.at)


def test_a_policy_that_nobody_has_signed_yet_waits_for_every_administrator(story: Story, seat: Seat) -> None:
    story.write_policy(columns=COLUMNS.replace("工作动态", "动态"))
    story.commit()
    desk = seat()

    assert [len(rows(desk, one)) for one in ("admin-a", "admin-b", "admin-c")] == [1, 1, 1]


def test_a_new_administrator_is_asked_for_the_version_that_makes_them_one(story: Story, seat: Seat) -> None:
    story.write_policy(people=story.people(administrators="admin-a, admin-b, head-fx"))
    story.sign("policy", "policy", "admin-a", version=2, previous=story.signed[-1].digest)
    desk = seat()

    assert [len(rows(desk, one)) for one in ("admin-a", "admin-b", "admin-c", "head-fx")] == [0, 1, 1, 1]


def test_all_is_everybodys_stage_after_stage(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), ("head", "head-fx"), item="content/news/b.md")
    under_review(story, ("draft", "officer-fx"), item="content/news/c.md")
    story.post("content/news/d.md")
    story.commit()
    desk = seat()

    found = asked(desk, "queue", "--all")

    assert [one["stage"] for one in found["rows"]] == ["draft", "head", "publicity"]
    assert found["person"] is None
    assert "for reviewer-1 (示例reviewer-1), reviewer-2 (示例reviewer-2)" in desk.done("queue", "--all")


def test_stage_and_unit_choose_among_the_rows(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), item="content/news/b.md")
    under_review(story, ("draft", "officer-mx"), item="content/news/c.md", unit="mx")
    desk = seat()

    assert [one["item"] for one in asked(desk, "queue", "--all", "--unit", "mx")["rows"]] == ["content/news/c.md"]
    assert len(asked(desk, "queue", "--all", "--stage", "head")["rows"]) == 2
    assert asked(desk, "queue", "--all", "--stage", "publish")["rows"] == []


@pytest.mark.parametrize(("option", "name", "hint"), [("--stage", "heed", "head"), ("--unit", "fxx", "fx")])
def test_a_stage_or_unit_that_nobody_knows_is_answered_with_a_near_one(
    story: Story, seat: Seat, option: str, name: str, hint: str
) -> None:
    ran = seat().qianfa("queue", "--all", option, name)

    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint.startswith(f"{option}: there is no '{name}'")
    assert hint in ran.complaint


def test_an_empty_queue_is_one_sentence(story: Story, seat: Seat) -> None:
    desk = seat()

    assert desk.done("queue", "--as", "head-fx") == "Nothing waits for head-fx (示例head-fx).\n"
    assert desk.done("queue", "--all") == "Nothing waits for anybody.\n"


def test_somebody_without_any_office_has_an_empty_queue(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))

    assert rows(seat(), "admin-c") == []


def test_a_blocked_site_has_no_queue_but_the_finding_that_blocks(story: Story, seat: Seat) -> None:
    desk = seat()
    desk.pin = "sha256:" + "0" * 64

    ran = desk.qianfa("queue", "--as", "head-fx")

    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint.startswith("trust-mismatch: ")


def test_a_post_that_is_gone_from_the_work_tree_still_waits(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))
    desk = seat()
    (desk.path / NEWS).unlink()

    (row,) = asked(desk, "queue", "--as", "head-fx")["rows"]

    assert (row["kind"], row["work_tree"]) == ("sign", "gone")
    assert "its file is gone from this work tree" in desk.done("queue", "--as", "head-fx")


def test_titles_steer_no_terminal(story: Story, seat: Seat) -> None:
    story.post(NEWS, text=f"Title: {NASTY}\n\n正文。\n")
    story.commit()
    desk = seat()

    for command in (("queue", "--as", "officer-fx"), ("status", "--as", "officer-fx"), ("status", NEWS)):
        out = desk.done(*command)
        assert "2026-11-20-a.md" in out
        assert not any(one in out for one in "\x1b\u202e\u2066")


def test_a_sign_off_said_to_be_from_the_end_of_all_calendars_crashes_nothing(story: Story, seat: Seat) -> None:
    story.write("qianfa.yaml", DUE)
    story.sign_policy()
    story.post(NEWS)
    story.sign(NEWS, "draft", "officer-fx", at="9999-12-31T23:00:00Z")
    desk = seat()

    for command in (("queue", "--all"), ("status", "--all"), ("calendar",)):
        ran = desk.qianfa(*command)
        assert (ran.status, ran.err) == (0, "")
    assert asked(desk, "queue", "--all")["rows"][0]["since"] == "9999-12-31T23:00:00Z"


# -- status --------------------------------------------------------------------------------------------------------


def items(desk: Desk, *arguments: str) -> list[str]:
    """Return the items that a status lists."""
    return [one["post"]["item"] for one in asked(desk, "status", *arguments)["posts"]]


def test_status_has_the_posts_of_my_unit_what_moved_last_first(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"), item="content/news/a.md")
    story.publish("content/news/b.md")
    under_review(story, ("draft", "officer-mx"), item="content/news/c.md", unit="mx")
    story.post("content/news/d.md")
    story.commit()
    desk = seat()

    mine = ["content/news/d.md", "content/news/b.md", "content/news/a.md"]
    assert items(desk, "--as", "officer-fx") == items(desk, "--as", "head-fx") == mine
    assert items(desk, "--as", "leader-1") == ["content/news/d.md", "content/news/c.md", *mine[1:]]
    assert items(desk, "--all") == items(desk, "--as", "leader-1")
    assert items(desk, "--unit", "mx") == ["content/news/c.md"]


def test_status_has_what_i_drafted_for_another_unit(story: Story, seat: Seat) -> None:
    story.post(NEWS)
    story.sign(NEWS, "draft", "officer-fx")
    story.sign_policy(people=story.people().replace("offices: [officer@fx]", "offices: [officer@mx]"))
    desk = seat()

    assert items(desk, "--as", "officer-fx") == [NEWS]
    assert items(desk, "--as", "officer-mx") == []


def test_status_says_where_it_is_who_has_it_and_since_when(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))

    out = seat().done("status", "--as", "officer-fx")

    assert "version 1 is with head-fx (示例head-fx) for 负责人审改 (head) since 2026-11-20 10:30" in out


def test_status_says_what_came_back_and_what_to_do(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))
    story.sign(NEWS, "head", "head-fx", decision="return", note="数字不一致")

    out = seat().done("status", "--as", "officer-fx")

    assert "head-fx (示例head-fx): 数字不一致" in out
    assert f"qianfa revise {NEWS}" in out


def test_status_says_when_it_is_planned_and_until_when_it_is_online(story: Story, seat: Seat) -> None:
    story.publish(planned="2026-12-01T09:00:00+08:00", expires="2027-01-01")

    out = seat().done("status", "--as", "officer-fx")

    assert "version 1 is signed, and goes online at 2026-12-01 09:00" in out
    assert "online until 2027-01-01" in out


def test_status_of_one_post_needs_no_key_and_names_the_next_command(story: Story, seat: Seat) -> None:
    under_review(story, ("draft", "officer-fx"))
    desk = seat()

    out = desk.done("status", NEWS)

    assert "2026-11-20 10:30  拟稿  officer-fx (示例officer-fx)" in out
    assert out.endswith(f"Next, by head-fx (示例head-fx):\n  qianfa approve {NEWS}\n")
    assert desk.done("status", NEWS, "--as", "head-fx").endswith(f"Next:\n  qianfa approve {NEWS}\n")


def test_status_of_one_post_says_what_the_gate_has_against_it(story: Story, seat: Seat) -> None:
    story.post(NEWS, classified="yes")
    story.commit()

    assert "classified: the header says classified: yes" in seat().done("status", NEWS)


def test_status_of_a_version_under_review_says_that_another_is_online_meanwhile(story: Story, seat: Seat) -> None:
    story.publish()
    story.post(text="Title: 新的\n\n新的。\n")
    story.sign(NEWS, "draft", "officer-fx", version=2)

    (one,) = asked(seat(), "status", NEWS)["posts"]

    assert (one["post"]["version"], one["post"]["live_version"]) == (2, 1)
    assert [link["stage"] for link in one["chain"]] == ["draft"]
    assert one["chain"][0]["at"] == story.signed[-1].statement.at


def test_status_of_a_post_whose_files_are_gone_says_which_version_is_online(story: Story, seat: Seat) -> None:
    story.publish()
    story.post(text="Title: 新的\n\n新的。\n")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    story.remove(NEWS, RECORD)
    story.commit()

    out = seat().done("status", NEWS)

    assert "version 1 is online, and its files are gone" in out
    assert "deleted: " in out


def test_somebody_without_posts_is_told_so(story: Story, seat: Seat) -> None:
    story.publish()

    assert "no posts of admin-a" in seat().done("status", "--as", "admin-a")


@pytest.mark.parametrize("name", ["content/news/2026-11-20-aa.md", "2026-11-20-a", "content/news"])
def test_a_post_that_is_not_there_is_answered_with_near_ones(story: Story, seat: Seat, name: str) -> None:
    story.publish()
    desk = seat()

    for command in ("status", "audit", "who"):
        ran = desk.qianfa(command, name) if (command, name) != ("who", "content/news") else None
        if ran is not None:
            assert (ran.status, ran.out) == (2, "")
            assert f"did you mean {NEWS}" in ran.complaint or "did you mean news" in ran.complaint


def test_status_shows_a_post_that_only_the_work_tree_has(story: Story, seat: Seat) -> None:
    desk = seat()
    desk.done("new", "news", "新的一篇", by="officer-fx")

    out = desk.done("status", "--as", "officer-fx")

    assert "it is in this work tree alone" in out
    assert "qianfa submit content/news/" in out


def test_files_of_the_work_tree_that_are_no_post_are_left_alone(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    desk.write("content/news/broken.md", b"\xff\xfe")
    desk.write("content/news/\u202eodd.md", "x")
    desk.write("content/stray.txt", "x")
    (desk.path / "content/news/link.md").symlink_to("/etc/passwd")
    before = desk.everything()

    for command in (("status", "--all"), ("queue", "--all")):
        ran = desk.qianfa(*command)
        assert (ran.status, ran.err) == (0, "")
        assert TRACEBACK not in ran.out
    assert desk.everything() == before


# -- the calendar --------------------------------------------------------------------------------------------------


def test_the_calendar_says_what_happens_by_itself_and_when_to_build(story: Story, seat: Seat) -> None:
    story.publish("content/news/a.md", title="要来的", planned="2026-12-01T09:00:00+08:00")
    story.publish("content/news/b.md", title="要走的", expires="2026-12-02")
    desk = seat()

    out = desk.done("calendar")

    assert out.startswith("The next build is due at 2026-12-01T09:00:00+08:00.\n")
    assert [line.split() for line in out.splitlines()[3:]] == [
        ["2026-12-01", "09:00", "version", "1", "goes", "online", "要来的", "content/news/a.md"],
        ["2026-12-02", "00:00", "version", "1", "goes", "offline", "要走的", "content/news/b.md"],
    ]
    assert [one["what"] for one in asked(desk, "calendar")["events"]] == ["online", "offline"]


def test_a_calendar_on_which_nothing_stands_is_one_sentence(story: Story, seat: Seat) -> None:
    assert seat().done("calendar") == "Nothing changes by itself: no build is due until somebody signs.\n"


@pytest.mark.parametrize("days", ["-1", "36501", "soon"])
def test_days_that_make_no_sense_are_refused(story: Story, seat: Seat, days: str) -> None:
    ran = seat().qianfa("calendar", "--days", days)

    assert (ran.status, ran.out) == (2, "")
    assert "--days" in ran.complaint
