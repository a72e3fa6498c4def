"""`qianfa duty` and `qianfa build --internal`: who is late, for people, for programs, for calendars, and for nobody else."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import icalendar
import pytest
from command_line import Desk, everything_in, seated
from live_sets import sample_policy
from rich.cells import cell_len
from story import NEWS, Story
from terminal import Seat as Terminal

from review.formats.documents import document
from review.formats.duty_limits import duty_limits
from review.pipeline import GateOptions, bench_of, judged
from review.views.duty import duty_table

Seat = Callable[[], Desk]

LECTURE = "content/popular-science/activities/a.md"
CHINESE = {"LC_ALL": "zh_CN.UTF-8"}


@pytest.fixture
def late(story: Story, seat: Seat) -> Desk:
    """A site with a column that is late, two that are kept up, and two where nothing is."""
    tell(story)
    return seat()


def tell(story: Story) -> None:
    """Publish an old post and a new one."""
    story.clock = dt.datetime.fromisoformat("2026-10-01T09:00:00+08:00")
    story.publish(NEWS, title="旧闻")
    story.clock = dt.datetime.fromisoformat("2026-11-19T09:00:00+08:00")
    story.publish(LECTURE, title="新讲座")


def rows(desk: Desk, *arguments: str) -> dict[str, dict[str, Any]]:
    """Return the table's rows by column, as programs get them."""
    answer = json.loads(desk.done("duty", "--json", *arguments))
    assert answer["duty"] == 1
    return {one["column"]: one for one in answer["rows"]}


# -- the table -----------------------------------------------------------------------------------------------------


def test_the_late_column_comes_first_with_its_days_its_limit_and_its_owner(late: Desk) -> None:
    out = late.done("duty")

    sections = re.split(r"\n\n", out)
    assert sections[0].splitlines() == [
        "Duty of the columns as of 2026-11-21",
        "The home page: last changed on 2026-11-19, due on 2026-12-03",
    ]
    assert [one.splitlines()[0] for one in sections[1:]] == ["Late (1)", "Empty (2)", "In time (2)"]
    _, headings, news = sections[1].splitlines()
    assert headings.split() == ["Column", "Due", "Last", "Limit", "Duty", "Id", "Owner"]
    assert re.split(r"  +", news) == [
        "工作动态",
        "2026-10-15, 37 d late",
        "2026-10-01, 51 d ago",
        "14 d (UPD-02)",
        "as needed",
        "news",
        "open to: 凤翔区科协 and its group (2 units), 科普部 and its group (2 units), 信息中心",
    ]
    assert "科普部: 示例officer-kpb, 示例head-kpb; supported by: 凤翔区科协" in sections[3]


def test_as_of_a_day_in_the_past_and_in_the_future_it_says_what_was_and_what_will_be(late: Desk) -> None:
    past, future = rows(late, "--as-of", "2026-10-15"), rows(late, "--as-of", "2026-12-04")

    assert (past["news"]["upkeep"], past["news"]["days"]) == ("current", 14)
    assert past["popular-science/activities"]["upkeep"] == "empty"
    assert future["popular-science/activities"]["late_by"] == future["popular-science"]["late_by"] == 1


def test_the_day_goes_before_the_instant_of_the_verdict(late: Desk) -> None:
    assert rows(late, "--as-of", "2026-12-01") == rows(replace(late, now="2026-12-01T12:00:00Z"))


def test_programs_get_every_field_of_the_table(late: Desk) -> None:
    options = GateOptions(now=dt.datetime.fromisoformat(late.now), pin=late.pin)
    with judged(late.path, "HEAD", options) as session:
        table = duty_table(session.report, bench_of(session, options), duty_limits())

    assert late.done("duty", "--json") == document("duty", table)
    news = rows(late)["news"]
    assert (news["limit"], news["rule"], news["late_by"]) == (14, "UPD-02", 37)
    assert (news["last"]["item"], news["last"]["title"], news["last"]["update"]) == (NEWS, "旧闻", False)
    assert news["open_to"][0] == {"group": "county", "units": 2, "first": "凤翔区科协"}


def test_a_calendar_can_be_imported_as_it_is_and_is_the_same_in_every_language(late: Desk) -> None:
    here = replace(late, here=False)

    ran = here.qianfa("duty", "--ics")

    assert (ran.status, ran.err) == (0, "")
    assert here.qianfa("duty", "--ics", env=CHINESE).out == ran.out
    events = icalendar.Calendar.from_ical(ran.out).walk("VEVENT")
    assert {str(one["uid"]): one.decoded("dtstart").isoformat() for one in events} == {
        "duty@test-site": "2026-12-03",
        "duty.news@test-site": "2026-10-15",
        "duty.popular-science@test-site": "2026-12-03",
        "duty.popular-science.activities@test-site": "2026-12-03",
        "duty.popular-science.outline@test-site": "2026-11-21",
        "duty.files@test-site": "2026-11-21",
    }
    assert ran.out.endswith("END:VCALENDAR\r\n")
    assert ran.out.count("\n") == ran.out.count("\r\n")


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ("yesterday", "--as-of: 'yesterday' is no day; give a day such as 2026-11-20"),
        ("2026-11-20T10:00:00Z", "--as-of: '2026-11-20T10:00:00Z' is no day; give a day such as 2026-11-20"),
        ("2026-02-30", "--as-of: '2026-02-30' is no day; give a day such as 2026-11-20"),
        ("0001-01-01", "--as-of: 0001-01-01 is not of these times; give a year from 1970 to 9000"),
        ("9999-12-31", "--as-of: 9999-12-31 is not of these times; give a year from 1970 to 9000"),
    ],
)
def test_a_day_that_is_none_is_refused(late: Desk, day: str, complaint: str) -> None:
    ran = late.qianfa("duty", "--as-of", day)

    assert (ran.status, ran.out, ran.complaint) == (2, "", complaint)


def test_an_answer_has_one_form(late: Desk) -> None:
    ran = late.qianfa("duty", "--ics", "--json")

    assert ran.status == 2
    assert ran.complaint.startswith("--ics: an answer has one form")


def test_days_at_the_ends_of_the_calendar_are_days_too(late: Desk) -> None:
    assert {one["upkeep"] for one in rows(late, "--as-of", "1970-01-01").values()} == {"empty"}
    assert rows(late, "--as-of", "9000-12-31")["news"]["late_by"] > 2_000_000


def test_a_site_that_is_blocked_has_no_table(late: Desk) -> None:
    ran = late.qianfa("duty", "--trust", "sha256:" + "0" * 64)

    assert (ran.status, ran.out) == (1, "")
    assert "trust-mismatch" in ran.complaint


def test_on_a_terminal_what_is_late_is_red_and_no_line_is_too_wide(late: Desk) -> None:
    terminal = Terminal(late, "head-fx")

    coloured = terminal.screen("duty", env={"COLUMNS": "80", "TERM": "xterm-256color"})
    plain = terminal.qianfa("duty", env={"COLUMNS": "80", "NO_COLOR": "1"})

    assert "\x1b[1;31mLate (1)\x1b[0m" in coloured
    assert "\x1b" not in plain
    shown = plain[plain.index("Duty of") :].splitlines()
    assert [line for line in shown if cell_len(line) > 80] == []
    assert shown[shown.index("Late (1)") + 1 :][:4] == [
        "工作动态  2026-10-15, 37 d late",
        "  last 2026-10-01, 51 d ago",
        "  limit 14 d (UPD-02)  as needed",
        "  open to: 凤翔区科协 and its group (2 units), 科普部 and its group (2 units),",
    ]
    wide = terminal.qianfa("duty", env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert wide[wide.index("Duty of") :].replace("\r", "") == late.done("duty")


def test_off_a_terminal_nothing_steers_one(late: Desk) -> None:
    ran = replace(late, here=False).qianfa("duty", env={"TERM": "xterm-256color", "FORCE_COLOR": "1"})

    assert ran.status == 0
    assert "\x1b" not in ran.out


def test_whoever_reads_chinese_gets_the_table_in_chinese(late: Desk) -> None:
    ran = late.qianfa("duty", env=CHINESE)

    assert ran.status == 0
    assert "逾期（1）" in ran.out
    assert "2026-10-15，逾期 37 天" in ran.out
    assert not re.search(r"[A-Za-z]{2,} late|Column|Owner", ran.out)


@pytest.mark.parametrize("columns", ["80", "120"])
def test_in_chinese_nothing_but_ids_is_left_in_latin_letters(late: Desk, columns: str) -> None:
    shown = Terminal(late, "head-fx").qianfa("duty", env={**CHINESE, "COLUMNS": columns, "NO_COLOR": "1"})

    table = shown[shown.index("栏目更新情况") :].replace("\r", "")
    ids = {one["column"] for one in rows(late).values()}
    told = [line for line in table.splitlines() if line.strip() not in ids]
    latin = set(re.findall(r"[A-Za-z][A-Za-z-]+", "\n".join(told)))
    assert latin <= {"UPD-", "officer-kpb", "head-kpb", "officer-fx", "head-fx"}
    assert "按需发布" in table
    assert "供稿单位：凤翔区科协等 2 个单位" in table
    assert "配合单位：凤翔区科协" in table
    assert [line for line in table.splitlines() if cell_len(line) > int(columns)] == []


# -- the organisation's own pages ----------------------------------------------------------------------------------


def themed(folder: Path, **changed: str) -> Story:
    """Return a story whose signed policy holds the sample's theme and settings, some files `changed`."""
    story = Story(folder / "site")
    for path, data in (sample_policy() | {path: data.encode() for path, data in changed.items()}).items():
        story.write(path, data)
    story.sign_policy()
    return story


def unpacked(data: bytes) -> bytes:
    """Return a file's bytes, what is compressed also unpacked."""
    return data + b"\n" + gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A site that can be built, with the theme of the sample. Nobody changes it."""
    folder = tmp_path_factory.mktemp("internal")
    story = themed(folder)
    tell(story)
    return seated(story, folder)


def test_a_build_writes_the_organisations_pages_and_no_byte_of_them_into_the_output(
    built_once: Desk, tmp_path: Path
) -> None:
    with_pages, without, own = tmp_path / "with", tmp_path / "without", tmp_path / "own"

    said = built_once.done("build", "--output", with_pages, "--internal", own)
    built_once.done("build", "--output", without)

    assert said.endswith(f"the organisation's own pages are in {own}; they are not for the public\n")
    assert everything_in(with_pages) == everything_in(without)
    pages = {path.name: path.read_bytes() for path in own.iterdir()}
    assert set(pages) == {"duty.html", "duty.json", "duty.ics", ".qianfa-output"}
    assert pages["duty.json"].decode() == built_once.done("duty", "--json")
    assert pages["duty.ics"].decode() == built_once.done("duty", "--ics")
    public = b"\n".join(name.encode() + b"\n" + unpacked(data) for name, (_, data) in everything_in(with_pages).items())
    told_inside = ("内部资料", "示例officer-kpb", "逾期", "UPD-02", "BEGIN:VCALENDAR", "late_by", "duty.")
    for words in told_inside:
        assert any(words in name + page.decode() for name, page in pages.items())
        assert words.encode() not in public


def test_the_same_commit_and_instant_give_the_same_internal_bytes_and_the_next_build_replaces_them(
    built_once: Desk, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    built_once.done("build", "--output", tmp_path / "output", "--internal", own)
    first = everything_in(own)

    built_once.done("build", "--output", tmp_path / "output", "--internal", own)
    same = everything_in(own)
    made = json.loads(
        replace(built_once, now="2026-12-05T12:00:00Z").done(
            "build", "--output", tmp_path / "output", "--internal", own, "--json"
        )
    )

    assert same == first
    assert made["internal"] == str(own)
    assert json.loads((own / "duty.json").read_text("utf-8"))["as_of"] == "2026-12-05"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output", "own"]


@pytest.mark.parametrize(
    ("internal", "complaint"),
    [
        ("output/own", "what lies in the output is public"),
        ("output", "what lies in the output is public"),
        (".", "lies in it"),
        ("link/own", "what lies in the output is public"),
        ("to-output", "what lies in the output is public"),
        ("site/own", "what lies in the site's folder may be pushed, and seen by others"),
        ("site/content/news", "what lies in the site's folder may be pushed, and seen by others"),
        ("site/.git/own", "what lies in the site's folder may be pushed, and seen by others"),
        ("others", "holds 1 files or folders that Qianfa did not write, so it is not replaced"),
        ("file", "is a file, expected a folder"),
    ],
)
def test_internal_pages_go_nowhere_where_others_see_them_and_over_nothing_of_others(
    late: Desk, tmp_path: Path, internal: str, complaint: str
) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "output")
    (tmp_path / "to-output").symlink_to(tmp_path / "output")
    (tmp_path / "others").mkdir()
    (tmp_path / "others/mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = everything_in(tmp_path)

    ran = late.qianfa("build", "--output", tmp_path / "output", "--internal", tmp_path / internal)

    assert (ran.status, ran.out) == (2, "")
    assert complaint in ran.complaint
    assert everything_in(tmp_path) == before


def test_a_build_that_fails_leaves_the_internal_pages_as_they_were(built_once: Desk, tmp_path: Path) -> None:
    own = tmp_path / "own"
    built_once.done("build", "--output", tmp_path / "output", "--internal", own)
    before = everything_in(tmp_path)

    blocked = built_once.qianfa(
        "build", "--output", tmp_path / "output", "--internal", own, "--trust", "sha256:" + "0" * 64
    )

    assert blocked.status == 1
    assert everything_in(tmp_path) == before


def test_a_theme_that_cannot_be_rendered_leaves_the_internal_pages_as_they_were(tmp_path: Path) -> None:
    story = themed(tmp_path, **{"theme/templates/index.html": "{{ nothing.at.all }}"})
    desk, own = seated(story, tmp_path), tmp_path / "own"

    ran = desk.qianfa("build", "--output", tmp_path / "output", "--internal", own)

    assert ran.status == 1
    assert not own.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
