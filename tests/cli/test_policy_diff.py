"""`qianfa policy diff`, `log` and what `sign` shows: what a version changes, who signed it, which one waits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from command_line import Desk
from story import COLUMNS, Story

Seat = Callable[[], Desk]

NEW = [
    "the column garden is new: 科普园地; led by kpb",
    "the column garden: its duty is as-needed",
    "the column garden: its type is news",
    "columns.yaml changed (+1 −0 lines)",
]
GONE = ["the column garden (园地) is taken out", "columns.yaml changed (+0 −1 lines)"]
MORE = COLUMNS + "- {id: garden, title: 科普园地, lead: [kpb]}\n"


def diff(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Return the answer for programs; the same is said in words, and nothing is written."""
    before = desk.everything()
    answer: dict[str, Any] = json.loads(desk.done("policy", "diff", *arguments, "--json"))
    words = desk.done("policy", "diff", *arguments)
    assert desk.everything() == before
    assert [line[2:] for line in words.split("\n") if line.startswith("- ")] == [
        *(one["text"] for one in answer["changes"]),
        *answer["after"]["problems"],
        *answer["after"]["untracked"],
    ]
    return answer


def texts(answer: dict[str, Any]) -> list[str]:
    return [one["text"] for one in answer["changes"]]


def test_the_work_tree_is_held_against_what_is_in_force(seat: Seat) -> None:
    desk = seat()
    assert diff(desk)["same"]
    assert "Nothing differs" in desk.done("policy", "diff")
    desk.write("columns.yaml", MORE)
    desk.write("theme/x.html", "1\n")
    assert texts(diff(desk)) == NEW
    desk.git("add", "theme/x.html")
    assert texts(diff(desk)) == [*NEW, "theme/x.html is new (2 bytes)"]


def test_files_that_git_does_not_know_are_told_and_how_they_are_signed_as_well(seat: Seat) -> None:
    """Else a theme is signed without them, and nobody finds out before readers do."""
    desk = seat()
    own, style, key = "theme/overrides/templates/base.html", "theme/overrides/static/css/自己 的.css", "keys/li.asc"
    for path in (own, style, key, "theme/.DS_Store", "notes.txt", "secret-key"):
        desk.write(path, "x\n")
    answer: dict[str, Any] = json.loads(desk.done("policy", "diff", "--json"))
    assert (answer["same"], answer["after"]["untracked"]) == (True, [key, style, own])
    words = desk.done("policy", "diff")
    command = next(line.strip() for line in words.splitlines() if "git add" in line)
    assert command == f"git add {key} '{style}' {own}"
    assert "secret-key" not in words
    desk.git("add", "theme/overrides", "keys")
    answer = json.loads(desk.done("policy", "diff", "--json"))
    assert (answer["same"], answer["after"]["untracked"]) == (False, [])


def test_whoever_signs_is_told_of_files_that_git_does_not_know(seat: Seat) -> None:
    desk = seat()
    desk.write("columns.yaml", MORE)
    for number in range(12):
        desk.write(f"theme/overrides/static/{number:02}.css", "x\n")
    words = desk.done("policy", "sign", "--yes", by="admin-a")
    assert "no part of it, and a signature says nothing of them" in " ".join(words.split())
    assert words.rstrip().endswith("- and 2 more\nTo have them signed as well:\n  git add theme")
    desk.git("add", "theme")
    assert "git add" not in desk.done("policy", "sign", "--yes", by="admin-a")


def test_a_change_of_comments_alone_is_no_secret(seat: Seat) -> None:
    desk = seat()
    desk.write("columns.yaml", "# new\n" + COLUMNS)
    assert texts(diff(desk)) == ["columns.yaml changed (+1 −0 lines)"]


def test_files_that_are_not_valid_are_told_with_the_reason(seat: Seat) -> None:
    desk = seat()
    desk.write("columns.yaml", COLUMNS.replace("lead: [kpb]", "lead: [nobody]", 1))
    answer = diff(desk)
    assert texts(answer) == ["columns.yaml changed (+1 −1 lines)"]
    assert "no unit is called 'nobody'" in answer["after"]["problems"][0]
    assert "so nobody can sign it" in desk.done("policy", "diff")


def test_versions_and_commits_are_held_against_each_other(story: Story, seat: Seat) -> None:
    story.sign_policy(columns=MORE)
    story.sign_policy(columns=MORE.replace("科普园地", "园地"))
    first = story.signed[0].commit
    desk = seat()
    assert texts(diff(desk, "--from", "1", "--to", "2")) == NEW
    assert texts(diff(desk, "--from", "2")) == [
        "the column garden is now called 园地, not 科普园地",
        "columns.yaml changed (+1 −1 lines)",
    ]
    assert texts(diff(desk, "--to", "1")) == GONE
    assert texts(diff(desk, first)) == GONE
    desk.git("checkout", "-q", "-b", "side")
    desk.write("columns.yaml", COLUMNS)
    desk.git("commit", "-qam", "side")
    desk.git("checkout", "-q", "main")
    assert texts(diff(desk, "side")) == GONE
    for arguments, says in (
        (("--from", "4"), "there is no version 4"),
        (("--to", "9"), "versions are 1 to 3"),
        (("side", "--to", "1"), "two things to look at"),
        (("nowhere",), "no commit is called"),
    ):
        ran = desk.qianfa("policy", "diff", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert says in ran.complaint


def log(desk: Desk) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = json.loads(desk.done("policy", "log", "--json"))["versions"]
    return versions


def test_the_log_says_who_signed_each_version_and_what_it_changed(story: Story, seat: Seat) -> None:
    story.sign_policy("admin-c", "admin-b", columns=MORE)
    desk = seat()
    first, second = log(desk)
    assert [one["by"] for one in first["entry"]["signatures"]] == ["admin-a", "admin-b"]
    assert first["entry"]["state"] == "past"
    entry = second["entry"]
    assert (entry["version"], entry["state"], entry["needs"], entry["commit"]) == (2, "in-force", 2, story.head)
    assert [(one["by"], one["commit"]) for one in entry["signatures"]] == [
        (made.statement.by, made.commit) for made in story.signed[2:]
    ]
    assert [one["text"] for one in second["changes"]] == NEW
    out = desk.done("policy", "log")
    assert "Version 2, in force: 2 of 3 administrators" in out
    assert "admin-c (示例admin-c)" in out
    assert "- the column garden is new: 科普园地; led by kpb" in out


def test_the_log_says_which_version_waits_and_for_whom(story: Story, seat: Seat) -> None:
    desk = seat()
    desk.write("columns.yaml", MORE)
    assert [one["entry"]["state"] for one in log(desk)] == ["in-force"]
    made = json.loads(desk.done("policy", "sign", "--json", "--note", "新栏目", by="admin-b"))
    assert (made["version"], made["missing"], made["by"]) == (2, 1, "admin-b")
    waiting = log(desk)[-1]
    entry = waiting["entry"]
    assert (entry["state"], entry["missing"], entry["may_sign"]) == ("waiting", 1, ["admin-a", "admin-c"])
    assert [(one["by"], one["note"]) for one in entry["signatures"]] == [("admin-b", "新栏目")]
    assert [one["text"] for one in waiting["changes"]] == NEW
    assert "1 more must sign, of admin-a, admin-c: qianfa policy sign" in desk.done("policy", "log")
    desk.write("columns.yaml", MORE.replace("科普园地", "园地"))
    desk.done("policy", "sign", by="admin-c")
    assert [(one["entry"]["here"], one["entry"]["may_sign"]) for one in log(desk)[1:]] in (
        [(False, ["admin-a", "admin-c"]), (True, ["admin-a", "admin-b"])],
        [(True, ["admin-a", "admin-b"]), (False, ["admin-a", "admin-c"])],
    )
    assert "its files are not those of this commit any more" in desk.done("policy", "log")


def test_a_stranger_begins_no_version(story: Story, seat: Seat) -> None:
    """Whoever is no administrator may sign what they like: it waits all the same, for the administrators."""
    story.write("columns.yaml", MORE)
    story.sign("policy", "policy", "head-fx", version=2)
    desk = seat()
    entry = log(desk)[-1]["entry"]
    assert (entry["state"], entry["signatures"], entry["missing"]) == ("waiting", [], 2)


def test_signing_sends_the_signature_where_that_is_wanted(seat: Seat) -> None:
    desk = seat()
    desk.git("clone", "-q", "--bare", str(desk.path), str(desk.home / "remote.git"))
    desk.git("remote", "add", "origin", str(desk.home / "remote.git"))
    desk.write("columns.yaml", MORE)
    out = desk.done("policy", "sign", "--push", by="admin-a")
    assert "origin" in out
    assert desk.git("ls-remote", "origin", "refs/heads/main").split()[0] == desk.head
    desk.done("policy", "sign", "--no-push", by="admin-b")
    assert desk.git("ls-remote", "origin", "refs/heads/main").split()[0] != desk.head
