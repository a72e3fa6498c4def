"""The calendar says when time alone changes what is online. Here the gate itself is asked, a second before and then."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story import COLUMNS, NOW, Story, begin

from review import pipeline
from review.gate.bench import Bench
from review.gate.judge import judge
from review.model.instants import parse_instant
from review.model.settings import Settings
from review.views.calendar import Calendar, calendar_of
from review.views.standing import standings

SHORT = (("draft", "officer-fx"), ("publish", "publisher-1"))
SECOND = dt.timedelta(seconds=1)
LATE = NOW + dt.timedelta(days=300)


@contextmanager
def opened(story: Story) -> Iterator[tuple[pipeline.Session, Bench]]:
    """Give the judged story and its bench."""
    options = pipeline.GateOptions(now=NOW, pin=story.pin)
    with pipeline.judged(story.path, "HEAD", options) as session:
        yield session, pipeline.bench_of(session, options)


def told(story: Story, days: int | None = None) -> Calendar:
    """Return the story's calendar."""
    with opened(story) as (session, bench):
        posts = standings(session.report, bench, Settings(), {})
        return calendar_of(session.report, posts, bench, days=days)


def online(session: pipeline.Session, story: Story, now: dt.datetime) -> dict[str, int]:
    """Return what the gate has online at an instant: versions by item."""
    assert session.evidence is not None
    live = judge(session.evidence, pin=story.pin, ci=False, now=now).live
    assert live is not None
    return {post.item: post.version for post in live.posts}


def agree(story: Story) -> Calendar:
    """Compare the calendar with the gate at each of its instants, a second before it, and long after."""
    calendar = told(story)
    by_instant = {at: list(group) for at, group in itertools.groupby(calendar.events, key=lambda event: event.at)}
    assert calendar.next_build == next(iter(by_instant), "")
    with opened(story) as (session, _):
        expected = online(session, story, NOW)
        for at, events in by_instant.items():
            assert online(session, story, parse_instant(at) - SECOND) == expected
            for event in events:
                assert expected.get(event.item, 0) == event.before != event.version
                expected = {item: version for item, version in expected.items() if item != event.item}
                expected |= {event.item: event.version} if event.version else {}
            assert online(session, story, parse_instant(at)) == expected
        assert online(session, story, LATE) == expected
    return calendar


def signed(story: Story, item: str, *, version: int = 1, text: str = "", **header: str) -> None:
    """Write a version of a video and have it signed through its short chain."""
    story.post(item, text=f"Title: 视频\n\n第{version}版{text}\n", kind="video", **header)
    story.chain(item, *SHORT, version=version)


def test_a_site_that_time_does_not_change_has_an_empty_calendar(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md")

    calendar = agree(story)

    assert (calendar.next_build, calendar.events) == ("", ())


def test_a_planned_post_goes_online_at_its_instant_and_an_expiring_one_offline_as_its_day_begins(
    tmp_path: Path,
) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md", planned="2026-11-23T09:00:00+08:00", expires="2026-11-25")

    events = agree(story).events

    assert [(event.at, event.what) for event in events] == [
        ("2026-11-23T09:00:00+08:00", "online"),
        ("2026-11-25T00:00:00+08:00", "offline"),
    ]


def test_a_planned_version_replaces_the_one_that_is_online(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md")
    signed(story, "content/news/a.md", version=2, planned="2026-11-23T09:00:00+08:00")

    (event,) = agree(story).events

    assert (event.what, event.before, event.version) == ("replaced", 1, 2)


def test_a_planned_version_counts_though_a_newer_one_is_under_review(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md")
    signed(story, "content/news/a.md", version=2, planned="2026-11-23T09:00:00+08:00")
    story.post("content/news/a.md", text="Title: 视频\n\n第三版\n", kind="video")
    story.sign("content/news/a.md", "draft", "officer-fx", version=3)

    (event,) = agree(story).events

    assert (event.before, event.version) == (1, 2)


def test_a_post_that_was_withdrawn_before_its_time_stays_off_the_calendar(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md", planned="2026-11-23T09:00:00+08:00")
    story.sign("content/news/a.md", "withdraw", "publisher-1", decision="withdraw")

    assert agree(story).events == ()


def test_a_page_whose_place_another_has_comes_when_that_one_goes(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md", expires="2026-11-25")
    story.remove("content/news/a.md", "content/news/a.review.yaml")
    signed(story, "content/news/A.md", planned="2026-11-23T09:00:00+08:00")

    events = agree(story).events

    assert [(event.at[:10], event.item, event.what) for event in events] == [
        ("2026-11-25", "content/news/A.md", "online"),
        ("2026-11-25", "content/news/a.md", "offline"),
    ]


def test_a_day_begins_when_the_sites_own_clocks_say_so(tmp_path: Path) -> None:
    """In Havana the clocks go forward at midnight: 14 March 2027 begins at one o'clock."""
    story = Story(tmp_path / "site")
    story.sign_policy(columns=COLUMNS.replace("Asia/Shanghai", "America/Havana"))
    signed(story, "content/news/a.md", expires="2027-03-14")

    (event,) = agree(story).events

    assert event.at == "2027-03-14T01:00:00-04:00"


def test_what_is_planned_for_the_end_of_all_calendars_never_comes(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md", planned="9999-12-31T23:30:00Z", expires="0001-01-01")
    signed(story, "content/news/b.md", expires="9999-12-31")

    assert told(story).events == ()


def test_the_days_asked_for_bound_what_is_listed_and_not_when_to_build_next(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    signed(story, "content/news/a.md", planned="2026-11-30T09:00:00+08:00")

    week, month = told(story, days=7), told(story, days=30)

    assert (week.events, week.next_build) == ((), month.next_build)
    assert [event.at for event in month.events] == [month.next_build]


def test_a_post_under_review_with_a_planned_instant_is_listed_apart(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    story.post("content/news/a.md", kind="video", planned="2026-11-23T09:00:00+08:00")
    story.chain("content/news/a.md", SHORT[0])

    calendar = agree(story)

    assert (calendar.events, [one.item for one in calendar.planned]) == ((), ["content/news/a.md"])


VERSION = st.fixed_dictionaries(
    {
        "planned": st.sampled_from(
            ("", "2026-11-21T12:00:00Z", "2026-11-22T00:00:00+08:00", "2026-11-23T12:00:00-05:00")
        ),
        "expires": st.sampled_from(("", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23")),
    }
)
STORIES = st.lists(
    st.tuples(
        st.sampled_from(("content/news/a.md", "content/news/A.md", "content/news/b.md")),
        st.lists(VERSION, min_size=1, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=STORIES)
def test_whatever_is_signed_the_calendar_and_the_gate_agree(
    posts: list[tuple[str, list[dict[str, str]], bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    story = begin(tmp_path_factory.mktemp("told") / "site")
    for item, versions, removed in posts:
        for number, header in enumerate(versions, 1):
            signed(story, item, version=number, text=item, **header)
        if removed:
            story.remove(item, item.replace(".md", ".review.yaml"))
            story.commit()

    agree(story)
