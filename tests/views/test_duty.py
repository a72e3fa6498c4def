"""The duty table says who is late, as of any day. Where it looks into the past, the gate of that day is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from story import COLUMNS, NEWS, NOW, Story, begin

from review import pipeline
from review.errors import FormatError
from review.formats.duty_limits import duty_limits, parse_limits
from review.gate.bench import Bench
from review.model.columns import CLOSED, Column
from review.model.duties import Answerable, DutyRow, DutyTable
from review.views.duty import duty_table
from review.views.online_then import online_then

SHORT = (("draft", "officer-fx"), ("publish", "publisher-1"))
LECTURE = "content/popular-science/activities/a.md"
A_COLUMN = Column(
    id="x", title="栏目", lead=(), support=(), open_to=("county",), duty="update", type="news", metadata=(), parent="",
    children=(),
)  # fmt: skip


@contextmanager
def opened(story: Story, now: dt.datetime = NOW) -> Iterator[tuple[pipeline.Session, Bench]]:
    """Give the judged story and its bench."""
    options = pipeline.GateOptions(now=now, pin=story.pin)
    with pipeline.judged(story.path, "HEAD", options) as session:
        yield session, pipeline.bench_of(session, options)


def told(story: Story, day: str = "", *, now: dt.datetime = NOW) -> DutyTable:
    """Return the table as of the end of a day, of `now` where none is named."""
    with opened(story, now) as (session, bench):
        return duty_table(session.report, bench, duty_limits(), dt.date.fromisoformat(day) if day else None)


def row(table: DutyTable, column: str = "news") -> DutyRow:
    """Return the row of a column."""
    (found,) = (one for one in table.rows if one.column == column)
    return found


def signed(story: Story, item: str, at: str, *, version: int = 0, **header: str) -> None:
    """Have a video signed through its short chain, the last stage at `at`."""
    story.clock = dt.datetime.fromisoformat(at) - dt.timedelta(minutes=20)
    story.post(item, text=f"Title: 视频 {at}\n\n第 {version} 版\n", kind="video", **header)
    story.chain(item, *SHORT, version=version)


def with_columns(path: Path, columns: str) -> Story:
    """Return a story with these columns."""
    story = Story(path)
    story.sign_policy(columns=columns)
    return story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return begin(tmp_path / "site")


# -- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "type", "within", "days"),
    [
        ("update", "news", None, 14),
        ("as-needed", "news", None, 14),
        ("update", "notices", None, 183),
        ("provide", "policy", None, 183),
        ("as-needed", "interaction", None, 61),
        ("yearly", "topic", None, 366),
        ("yearly", "news", None, 366),
        ("update", "topic", None, 183),
        ("as-needed", "topic", None, 0),
        ("as-needed", "data", None, 0),
        ("update", "overview", None, 366),
        ("update", "people", None, 366),
        ("update", "video", None, 183),
        ("update", "resources", None, 183),
        ("update", "news", 30, 30),
        ("yearly", "news", 0, 0),
    ],
)
def test_a_columns_own_limit_goes_before_its_duty_and_its_type(
    duty: str, type: str, within: int | None, days: int
) -> None:
    assert duty_limits().of(replace(A_COLUMN, duty=duty, type=type, within=within)).days == days


def test_the_convention_that_a_limit_comes_from_is_named_unless_the_column_has_its_own() -> None:
    assert duty_limits().of(A_COLUMN).rule == "UPD-02"
    assert duty_limits().of(replace(A_COLUMN, within=14)).rule == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("home: {days: 14}\nlimits:\n- {type: news, days: -1}\n", 3),
        ("home: {days: 14}\nlimits: [{type: news}]\n", 2),
        ("limits: []\n", 1),
        ("home: {days: 14}\nlimits: []\nmore: x\n", 3),
    ],
)
def test_limits_that_make_no_sense_are_refused_with_their_line(text: str, line: int) -> None:
    with pytest.raises(FormatError) as refused:
        parse_limits(text.encode())

    assert refused.value.line == line


# -- who is late ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "days", "late_by", "upkeep"),
    [
        ("2026-11-20", 0, 0, "current"),
        ("2026-12-04", 14, 0, "current"),
        ("2026-12-05", 15, 1, "late"),
        ("2027-11-20", 365, 351, "late"),
    ],
)
def test_the_day_that_the_limit_ends_is_in_time_and_the_next_is_late(
    story: Story, day: str, days: int, late_by: int, upkeep: str
) -> None:
    signed(story, NEWS, "2026-11-20T10:00:00+08:00")

    news = row(told(story, day))

    assert (news.days, news.due, news.late_by, news.upkeep) == (days, "2026-12-04", late_by, upkeep)


def test_a_column_where_nothing_is_online_is_empty_and_not_late(story: Story) -> None:
    signed(story, NEWS, "2026-11-18T10:00:00+08:00", expires="2026-11-20")
    signed(story, "content/files/b.md", "2026-11-18T10:00:00+08:00")
    story.sign("content/files/b.md", "withdraw", "publisher-1", decision="withdraw")
    story.post(LECTURE)
    story.sign(LECTURE, "draft", "officer-fx")

    table = told(story)

    assert {one.column: (one.upkeep, one.posts, one.days, one.due) for one in table.rows} == dict.fromkeys(
        ("news", "files", "popular-science", "popular-science/activities", "popular-science/outline"),
        ("empty", 0, None, ""),
    )
    assert table.counts == {"empty": 5}
    assert (table.home.last, table.home.upkeep) == (None, "empty")


def test_what_a_sub_column_publishes_counts_for_the_column_above_and_for_no_other(story: Story) -> None:
    signed(story, NEWS, "2026-10-01T10:00:00+08:00")
    signed(story, LECTURE, "2026-11-20T10:00:00+08:00")

    table = told(story)

    above = row(table, "popular-science")
    assert (above.upkeep, above.posts, above.last and above.last.item) == ("current", 1, LECTURE)
    assert [row(table, one).upkeep for one in ("news", "popular-science/outline")] == ["late", "empty"]
    assert table.home.last == above.last


def test_a_later_version_is_a_publication_too(story: Story) -> None:
    signed(story, NEWS, "2026-10-01T10:00:00+08:00")
    signed(story, NEWS, "2026-11-19T10:00:00+08:00", version=2)

    last = row(told(story)).last

    assert last is not None
    assert (last.version, last.update, last.at[:10]) == (2, True, "2026-11-19")
    assert last.title == "视频 2026-11-19T10:00:00+08:00"


def test_a_planned_post_counts_from_its_instant_on(story: Story) -> None:
    signed(story, NEWS, "2026-11-20T10:00:00+08:00", planned="2026-12-24T09:00:00+08:00")

    before, after = told(story, "2026-12-23"), told(story, "2026-12-24")

    assert row(before).upkeep == "empty"
    assert (row(after).days, row(after).due) == (0, "2027-01-07")


def test_the_latest_come_first_then_what_is_empty_then_what_is_due_next_then_what_never_is(tmp_path: Path) -> None:
    names = ("free", "due-later", "due-next", "nothing", "late", "later")
    within = {"free": 0, "due-later": 40, "due-next": 35, "late": 20, "later": 10}
    columns = "".join(
        f"- {{id: {one}, title: {one}, open_to: [county], within: {within.get(one, 5)}}}\n" for one in names
    )
    story = with_columns(tmp_path / "site", COLUMNS.partition("columns:\n")[0] + "columns:\n" + columns)
    for one in within:
        signed(story, f"content/{one}/a.md", "2026-10-20T10:00:00+08:00")

    table = told(story)

    assert [one.column for one in table.rows] == ["later", "late", "nothing", "due-next", "due-later", "free"]
    assert dict(table.counts) == {"late": 2, "empty": 1, "current": 2, "free": 1}


def test_a_sub_column_inherits_that_nothing_is_ever_due(tmp_path: Path) -> None:
    columns = COLUMNS.replace("  lead: [kpb]\n", "  lead: [kpb]\n  within: 0\n")
    story = with_columns(tmp_path / "site", columns)
    signed(story, LECTURE, "2020-01-01T10:00:00+08:00")

    table = told(story)

    assert {row(table, name).upkeep for name in ("popular-science", "popular-science/activities")} == {"free"}


def test_nothing_is_asked_of_a_closed_column(tmp_path: Path) -> None:
    columns = COLUMNS.replace("open_to: [county, department, institution]", f"open_to: [{CLOSED}]")
    story = Story(tmp_path / "site")
    people = story.people().replace("people:\n", f"  {CLOSED}: {{title: 停用, group: {CLOSED}}}\npeople:\n")
    story.sign_policy()
    signed(story, NEWS, "2026-01-20T10:00:00+08:00")
    story.sign_policy(columns=columns, people=people)

    news = row(told(story))

    assert (news.upkeep, news.due, news.late_by, news.open_to) == ("closed", "", 0, ())


# -- owners --------------------------------------------------------------------------------------------------------


def test_owners_are_the_units_that_lead_and_support_with_their_own_people(story: Story) -> None:
    activities = row(told(story), "popular-science/activities")

    assert [(one.unit, one.title, one.part) for one in activities.owners] == [
        ("kpb", "科普部", "lead"),
        ("fx", "凤翔区科协", "support"),
    ]
    assert activities.owners[0].people == (
        Answerable(id="officer-kpb", name="示例officer-kpb", stages=("拟稿", "发布")),
        Answerable(id="head-kpb", name="示例head-kpb", stages=("负责人审改",)),
    )
    assert [one.id for one in activities.owners[1].people] == ["officer-fx", "head-fx"]


def test_a_column_that_is_open_to_groups_says_how_many_units_they_have(story: Story) -> None:
    news = row(told(story))

    assert news.owners == ()
    assert [(one.group, one.units) for one in news.open_to] == [("county", 2), ("department", 2), ("institution", 1)]


# -- as of another day ---------------------------------------------------------------------------------------------


def test_a_day_ends_when_the_sites_own_clocks_say_so(tmp_path: Path) -> None:
    """In Havana it is the evening of the 19th when in Shanghai it is the morning of the 20th."""
    story = with_columns(tmp_path / "site", COLUMNS.replace("Asia/Shanghai", "America/Havana"))
    signed(story, NEWS, "2026-11-20T10:00:00+08:00")

    assert row(told(story, "2026-11-18")).upkeep == "empty"
    assert row(told(story, "2026-11-19")).days == 0
    assert told(story, "2026-11-19").until == "2026-11-19T23:59:59-05:00"


def test_without_a_day_it_is_the_present_and_what_is_said_later_does_not_count(story: Story) -> None:
    signed(story, NEWS, "2026-11-21T10:00:00+00:00")
    signed(story, "content/news/b.md", "2026-11-21T20:00:00+00:00")

    table = told(story)

    assert (table.as_of, table.until) == ("2026-11-21", "2026-11-21T20:00:00+08:00")
    assert row(table).posts == 1


def test_what_was_online_on_a_day_is_what_the_gate_had_online_then(story: Story) -> None:
    """After each act the gate judges the commit of that day; at the end the table must see the same, day for day."""
    truth: dict[str, dict[str, int]] = {}

    def note(day: str) -> None:
        live = story.gate(now=dt.datetime.fromisoformat(f"{day}T23:59:59+08:00")).live
        assert live is not None
        truth[day] = {post.item: post.version for post in live.posts}

    signed(story, NEWS, "2026-10-01T10:00:00+08:00")
    note("2026-10-01")
    signed(story, NEWS, "2026-10-03T10:00:00+08:00", version=2)
    signed(story, LECTURE, "2026-10-03T11:00:00+08:00", planned="2026-10-06T09:00:00+08:00")
    note("2026-10-03")
    note("2026-10-06")
    story.clock = dt.datetime.fromisoformat("2026-10-08T10:00:00+08:00")
    story.sign(NEWS, "withdraw", "publisher-1", decision="withdraw")
    note("2026-10-08")
    signed(story, "content/news/b.md", "2026-10-10T10:00:00+08:00", expires="2026-10-12")
    note("2026-10-10")
    note("2026-10-12")
    story.post("content/news/c.md", kind="video")
    story.clock = dt.datetime.fromisoformat("2026-10-14T10:00:00+08:00")
    story.sign("content/news/c.md", "draft", "officer-fx")
    note("2026-10-14")
    story.clock = dt.datetime.fromisoformat("2026-10-15T10:00:00+08:00")
    story.sign("content/news/c.md", "publish", "publisher-1")
    note("2026-10-15")
    story.remove(NEWS, "content/news/2026-11-20-a.review.yaml")
    story.commit()

    assert len({tuple(sorted(one.items())) for one in truth.values()}) == 6
    with opened(story) as (session, bench):
        for day, online in truth.items():
            moment = dt.datetime.fromisoformat(f"{day}T23:59:59+08:00")
            assert {one.item: one.version for one in online_then(session.report, bench, moment)} == online, day
        assert session.report.live is not None
        assert online_then(session.report, bench, bench.now) == session.report.live.posts
        assert online_then(session.report, bench, bench.now + dt.timedelta(days=900)) == session.report.live.posts


def test_a_page_that_another_keeps_off_the_site_is_no_publication(story: Story) -> None:
    signed(story, "content/news/a.md", "2026-10-01T10:00:00+08:00", expires="2026-11-25")
    story.remove("content/news/a.md", "content/news/a.review.yaml")
    signed(story, "content/news/A.md", "2026-11-19T10:00:00+08:00")

    now, later = told(story), told(story, "2026-11-26")

    assert (row(now).posts, row(now).late_by) == (1, 37)
    assert (row(later).posts, row(later).days) == (1, 7)
