"""What everyone may ask: audit, who, log. Honest histories, and what liars and thieves leave in them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from command_line import Desk
from rich.cells import cell_len
from story import COLUMNS, FULL_CHAIN, NEWS, Key, Story
from terminal import Seat as Terminal

Seat = Callable[[], Desk]

SCAN = b"%PDF-1.4 a scan"
DIGEST = "sha256:" + hashlib.sha256(SCAN).hexdigest()


def asked(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Run a command that answers programs; it must succeed, in silence but for its answer."""
    answer: dict[str, Any] = json.loads(desk.done(*arguments, "--json"))
    return answer


def acts(desk: Desk, item: str = NEWS, *arguments: str) -> list[dict[str, Any]]:
    """Return the acts of an item's story."""
    found: list[dict[str, Any]] = asked(desk, "audit", item, *arguments)["acts"]
    return found


# -- audit ---------------------------------------------------------------------------------------------------------


def test_audit_tells_who_did_what_when_with_which_key_in_which_commit(story: Story, seat: Seat) -> None:
    story.publish()
    signed = story.signed[-len(FULL_CHAIN) :]

    told = acts(seat())

    assert [one["act"] for one in told] == ["drafted", "approved", "approved", "approved", "published"]
    for one, made in zip(told, signed, strict=True):
        said = made.statement
        assert (one["person"]["id"], one["stage"], one["at"]) == (said.by, said.stage, said.at)
        assert one["commits"] == [{"commit": made.commit, "key": story.key(said.by).fingerprint}]
        assert (one["statement"], one["policy"], one["counts"], one["why"]) == (made.digest, 1, True, [])


def test_audit_tells_every_version_and_what_came_of_it(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "head", "head-fx", decision="return", note="标题过长")
    story.post(text="Title: 短题\n\n正文。\n")
    story.chain(version=2)
    story.post(text="Title: 更短\n\n正文。\n")
    story.sign(NEWS, "draft", "officer-fx", version=3)
    desk = seat()

    told = asked(desk, "audit", NEWS)

    assert [(one["version"], one["outcome"], one["online"]) for one in told["versions"]] == [
        (1, "returned", False),
        (2, "complete", True),
        (3, "under-way", False),
    ]
    assert "head-fx (示例head-fx) returned, as 负责人审改 (head)\n    note: 标题过长" in desk.done("audit", NEWS)
    assert [one["version"] for one in acts(desk, NEWS, "--version", "2")] == [2] * 5


def test_audit_tells_an_amendment_and_a_withdrawal(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    story.post(text="Title: 改过\n\n正文。\n")
    story.chain(NEWS, *FULL_CHAIN[1:])
    story.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", note="数据有误")
    desk = seat()

    told = acts(desk)

    assert [one["act"] for one in told] == ["drafted", "amended", "approved", "approved", "published", "withdrew"]
    assert told[0]["code"] != told[1]["code"] == told[2]["code"]
    assert asked(desk, "audit", NEWS)["versions"][0]["outcome"] == "withdrawn"


def test_audit_tells_who_relayed_a_signature_on_paper_and_its_scan(story: Story, seat: Seat) -> None:
    story.write(f"evidence/{DIGEST.removeprefix('sha256:')}.pdf", SCAN)
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "head", "officer-fx", signatory="head-fx", paper=DIGEST)
    desk = seat()

    told = acts(desk)[-1]

    assert (told["person"]["id"], told["relayed_by"]["id"], told["paper"]) == ("head-fx", "officer-fx", DIGEST)
    assert told["counts"]
    assert "on paper, relayed by officer-fx (示例officer-fx)" in desk.done("audit", NEWS)


def test_audit_tells_who_stood_in_for_an_office(story: Story, seat: Seat) -> None:
    people = story.people().replace(
        "offices: [leader@county]", "offices: [leader@county]\n    stands_in: [leader@county]"
    )
    story.sign_policy(people=people)
    story.publish()
    desk = seat()

    assert [one["stands_in"] for one in acts(desk)] == [False, False, False, True, False]
    assert desk.done("audit", NEWS).count("standing in for whoever holds the office") == 1


@pytest.mark.parametrize("forgery", ["a stranger's key", "another person's key", "no key"])
def test_audit_shows_what_does_not_count_and_why(story: Story, seat: Seat, forgery: str) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    key = {"a stranger's key": Key(), "another person's key": story.key("officer-mx")}.get(forgery)
    made = story.sign(NEWS, "head", "head-fx", key=key, signed=key is not None)
    desk = seat()

    told = acts(desk)[-1]

    assert (told["act"], told["counts"], told["policy"]) == ("approved", False, 0)
    assert told["commits"] == [{"commit": made.commit, "key": key.fingerprint if key else ""}]
    why = {"a stranger's key": "which nobody holds", "another person's key": "with a key of officer-mx"}
    assert why.get(forgery, "is not signed") in told["why"][0]
    assert f"DOES NOT COUNT: {told['why'][0]}" in desk.done("audit", NEWS)


def test_audit_shows_what_counts_and_has_no_effect(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "publicity", "reviewer-1")

    told = acts(seat())[-1]

    assert (told["counts"], told["policy"]) == (False, 1)
    assert "head was next" in told["why"][0]


def test_audit_shows_what_a_compromised_key_signed(story: Story, seat: Seat) -> None:
    story.publish()
    stolen, story.keys["head-fx"] = story.key("head-fx"), Key()
    marked = f"[{story.key('head-fx').public}, {{key: {stolen.public}, compromised: yes}}]"
    story.sign_policy(people=story.people().replace(f"[{story.key('head-fx').public}]", marked))
    desk = seat()

    told = acts(desk)

    assert [one["counts"] for one in told] == [True, False, False, False, False]
    assert "marks as compromised" in told[1]["why"][0]
    assert "compromised key" in told[2]["why"][0]


def test_audit_is_chronological_by_what_is_said_and_then_by_commits(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *FULL_CHAIN[:2])
    at = story.signed[-1].statement.at
    for stage, by in FULL_CHAIN[2:]:
        story.sign(NEWS, stage, by, at=at)

    told = acts(seat())

    assert [one["stage"] for one in told] == [stage for stage, _ in FULL_CHAIN]


def test_audit_tells_of_a_post_whose_files_are_gone(story: Story, seat: Seat) -> None:
    story.publish()
    story.remove(NEWS, NEWS.replace(".md", ".review.yaml"))
    story.commit()

    told = asked(seat(), "audit", NEWS)

    assert (told["state"], told["unit"], len(told["acts"])) == ("live", "fx", 5)
    assert [one["code"] for one in told["findings"]] == ["deleted"]


def test_audit_of_the_policy_tells_its_versions_and_who_signed_them(story: Story, seat: Seat) -> None:
    story.sign_policy("admin-b", "admin-c", columns=COLUMNS.replace("工作动态", "动态"))
    story.write_policy(columns=COLUMNS.replace("工作动态", "新动态"))
    story.sign("policy", "policy", "admin-a", version=3)
    story.sign("policy", "policy", "head-fx", version=3)
    desk = seat()

    told = asked(desk, "audit", "policy")

    assert [(one["version"], one["outcome"]) for one in told["versions"]] == [
        (1, "superseded"),
        (2, "in-force"),
        (3, "incomplete"),
    ]
    assert [(one["person"]["id"], one["version"], one["counts"]) for one in told["acts"]] == [
        ("admin-a", 1, True),
        ("admin-b", 1, True),
        ("admin-b", 2, True),
        ("admin-c", 2, True),
        ("admin-a", 3, True),
        ("head-fx", 3, False),
    ]
    assert "is no administrator" in told["acts"][5]["why"][0]
    assert "Version 2: in force" in desk.done("audit", "policy")


def test_signatures_on_a_policy_that_came_to_nothing_are_told_as_such(story: Story, seat: Seat) -> None:
    """One more than it took, one for files that others signed differently, one for files that were changed again."""
    last = story.signed[-1]
    story.sign("policy", "policy", "admin-c", version=1, previous=last.digest)
    story.write_policy(columns=COLUMNS.replace("工作动态", "旧动态"))
    story.sign("policy", "policy", "admin-c", version=2, previous=last.digest)
    story.write_policy(columns=COLUMNS.replace("工作动态", "动态"))
    first = story.sign("policy", "policy", "admin-a", version=2, previous=last.digest)
    story.sign("policy", "policy", "admin-b", version=2, previous=first.digest)
    story.write_policy(columns=COLUMNS.replace("工作动态", "新动态"))
    story.sign("policy", "policy", "admin-a", version=3)
    story.write_policy(columns=COLUMNS.replace("工作动态", "最新动态"))
    story.commit()

    told = {one["statement"]: one["why"] for one in acts(seat(), "policy")}

    assert [told[one.digest] for one in story.signed[2:]] == [
        ["version 1 of the policy was complete without it"],
        ["version 2 of the policy has other files"],
        [],
        [],
        ["the policy's files have changed since"],
    ]


def test_a_version_that_there_is_not_is_refused(story: Story, seat: Seat) -> None:
    story.publish()

    ran = seat().qianfa("audit", NEWS, "--version", "7")

    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint.startswith(f"{NEWS}: it has no version 7")


def test_notes_steer_no_terminal_and_reach_programs_as_they_are(story: Story, seat: Seat) -> None:
    note = "改\x1b]0;x\x07一下\u202e\n下一行"
    story.post()
    story.sign(NEWS, "draft", "officer-fx", note=note, entry=False)
    desk = seat()

    out = desk.done("audit", NEWS)

    assert "note: 改\\u001b]0;x\\u0007一下\\u202e\\n下一行" in out
    assert acts(desk)[0]["note"] == note
    for shown in (out, desk.done("log", "--format", "csv")):
        assert not any(one in shown for one in "\x1b\x07\u202e")


# -- who -----------------------------------------------------------------------------------------------------------


def test_who_says_stage_by_stage_who_answers_for_a_column(story: Story, seat: Seat) -> None:
    desk = seat()

    told = asked(desk, "who", "popular-science/activities")

    assert [(one["unit"], one["part"]) for one in told["contributors"]] == [("kpb", "lead"), ("fx", "support")]
    article = told["workflows"][0]
    assert article["units"] == ["kpb", "fx"]
    stages = {
        one["stage"]: [([p["id"] for p in h["people"]], h["units"]) for h in one["holders"]]
        for one in article["stages"]
    }
    assert stages["draft"] == [(["officer-kpb"], ["kpb"]), (["officer-fx"], ["fx"])]
    assert stages["leader"] == [(["leader-2"], ["kpb"]), (["leader-1", "leader-2"], ["fx"])]
    assert stages["publish"] == [(["publisher-1", "publisher-2"], ["kpb", "fx"])]
    assert "led by 科普部 (kpb)" in desk.done("who", "content/popular-science/activities/")


def test_who_says_for_which_units_nobody_signs_yet(story: Story, seat: Seat) -> None:
    out = seat().done("who", "news")

    assert "open to the groups county, department, institution" in out
    assert "Nobody signs head yet for" in out
    assert "眉县科协 (mx)" in out


def test_who_stands_for_a_post_that_is_online_and_who_has_it_now(story: Story, seat: Seat) -> None:
    story.publish()
    story.post(text="Title: 新的\n\n新的。\n")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    desk = seat()

    told = asked(desk, "who", NEWS)

    assert [one["person"]["id"] for one in told["online"]] == [by for _, by in FULL_CHAIN]
    assert [one["id"] for one in told["post"]["people"]] == ["head-fx"]
    assert "For version 1, which is online, stand:" in desk.done("who", NEWS)


def test_nobody_stands_for_a_post_of_which_nothing_is_online(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    desk = seat()

    assert asked(desk, "who", NEWS)["online"] == []
    assert "Nothing of it is online." in desk.done("who", NEWS)


# -- log -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(story: Story) -> Story:
    """Two posts of two units in two columns, one of them returned."""
    story.publish("content/news/a.md", title="甲")
    story.post("content/popular-science/activities/b.md", unit="kpb", title="乙")
    story.sign("content/popular-science/activities/b.md", "draft", "officer-kpb")
    story.sign("content/popular-science/activities/b.md", "head", "head-kpb", decision="return", note="=1+1")
    return story


def entries(desk: Desk, *arguments: str) -> list[tuple[str, str, str]]:
    """Return person, act and item of the ledger's entries."""
    told = asked(desk, "log", *arguments)["entries"]
    return [(one["did"]["person"]["id"], one["did"]["act"], one["item"].rpartition("/")[2]) for one in told]


def test_the_ledger_has_every_act_in_the_order_of_time(busy: Story, seat: Seat) -> None:
    assert entries(seat()) == [
        ("admin-a", "signed-policy", "policy"),
        ("admin-b", "signed-policy", "policy"),
        ("officer-fx", "drafted", "a.md"),
        ("head-fx", "approved", "a.md"),
        ("reviewer-1", "approved", "a.md"),
        ("leader-1", "approved", "a.md"),
        ("publisher-1", "published", "a.md"),
        ("officer-kpb", "drafted", "b.md"),
        ("head-kpb", "returned", "b.md"),
    ]


def test_the_ledger_is_chosen_from_by_unit_person_column_and_day(busy: Story, seat: Seat) -> None:
    desk = seat()

    returned = ("head-kpb", "returned", "b.md")
    assert entries(desk, "--unit", "kpb") == entries(desk, "--column", "popular-science")
    assert entries(desk, "--person", "head-kpb") == [returned]
    assert entries(desk, "--column", "content/news/", "--person", "head-kpb") == []
    at = busy.signed[-1].statement.at
    assert entries(desk, "--since", at) == [returned]
    assert entries(desk, "--until", at)[-1] == ("officer-kpb", "drafted", "b.md")
    assert len(entries(desk, "--since", "2026-11-20", "--until", "2026-11-20")) == 9
    assert entries(desk, "--since", "2026-11-21") == entries(desk, "--until", "2026-11-19") == []


def test_days_are_those_of_the_sites_time_zone(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx", at="2026-11-20T17:00:00Z")  # the 21st, in Shanghai
    desk = seat()

    assert entries(desk, "--since", "2026-11-21") == [("officer-fx", "drafted", "2026-11-20-a.md")]
    assert "2026-11-21 01:00" in desk.done("log", "--person", "officer-fx")


def test_acts_that_do_not_count_are_marked(story: Story, seat: Seat) -> None:
    story.post()
    story.sign(NEWS, "draft", "officer-fx", key=Key())
    desk = seat()

    assert "drafted (does not count)" in desk.done("log")
    assert asked(desk, "log", "--person", "officer-fx")["entries"][0]["did"]["counts"] is False


def test_the_ledger_as_csv_keeps_the_rules_of_rfc_4180(busy: Story, seat: Seat) -> None:
    busy.post("content/news/c.md", text='Title: 引"号,逗号\n\n正文。\n')
    busy.sign("content/news/c.md", "draft", "officer-fx")

    out = seat().done("log", "--format", "csv")

    assert out.startswith("time,person,name,act,stage,post,title,")
    assert out.count("\r\n") == out.count("\n") == 11
    assert '"引""号,逗号"' in out
    told = list(csv.DictReader(io.StringIO(out, newline="")))
    assert (told[-1]["title"], told[-1]["counts"], told[-1]["unit"]) == ('引"号,逗号', "yes", "fx")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(story: Story, seat: Seat, formula: str) -> None:
    story.post(text=f"Title: {formula}\n\n正文。\n")
    story.sign(NEWS, "draft", "officer-fx", note=formula)

    told = list(csv.DictReader(io.StringIO(seat().done("log", "--format", "csv"), newline="")))

    assert (told[-1]["title"], told[-1]["note"]) == (f"'{formula}", f"'{formula}")


def test_on_a_terminal_of_eighty_columns_nothing_is_wider_and_no_path_is_broken(busy: Story, seat: Seat) -> None:
    title = "全市科普工作会议在市科技馆一楼报告厅召开并对下一阶段任务作出安排部署以及其他有关事项的说明"
    busy.post("content/news/c.md", text=f"Title: {title}\n\n正文。\n")
    busy.sign("content/news/c.md", "draft", "officer-fx")
    terminal = Terminal(seat(), "head-fx")

    log, queue = (terminal.qianfa(command, env={"COLUMNS": "80"}) for command in ("log", "queue"))

    assert "\n                  content/popular-science/activities/b.md\n" in log
    queue = queue[queue.index("Waiting for") :]  # after the progress
    assert max(cell_len(line) for line in queue.splitlines()) <= 80
    assert title in queue.replace("\n", "").replace(" ", "")
    assert "\x1b" not in log + queue


def test_json_is_json_however_it_is_asked_for(busy: Story, seat: Seat) -> None:
    desk = seat()

    assert desk.done("log", "--format", "json") == desk.done("log", "--json")


def test_a_ledger_without_entries_is_one_sentence(busy: Story, seat: Seat) -> None:
    assert seat().done("log", "--since", "2030-01-01") == "Nobody signed anything of that kind.\n"


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("--since", "yesterday"), "--since"),
        (("--since", "2026-13-01"), "--since"),
        (("--since", "2026-11-20T10:00"), "--since"),
        (("--until", "9999-12-31"), "--until"),
        (("--since", "\x1b[2J"), "--since"),
        (("--unit", "nowhere"), "--unit"),
        (("--person", "nobody"), "--person"),
        (("--column", "newz"), "--column"),
        (("--format", "xml"), "--format"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_one_line(
    story: Story, seat: Seat, arguments: tuple[str, ...], where: str
) -> None:
    ran = seat().qianfa("log", *arguments)

    assert (ran.status, ran.out) == (2, "")
    assert where in ran.complaint
    assert "\x1b" not in ran.err
