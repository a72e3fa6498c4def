"""Near names are what somebody may have meant, the nearest first, and few."""

from __future__ import annotations

from review.views.names import near

POSTS = ("content/news/2026-11-20-chun-ji.md", "content/news/2026-11-20-qiu-ji.md", "content/garden/moon.md")


def test_a_slip_of_the_fingers_is_near() -> None:
    assert near("content/news/2026-11-20-chun-jj.md", POSTS)[0] == POSTS[0]


def test_a_part_of_a_name_is_near() -> None:
    assert near("moon", POSTS) == (POSTS[2],)


def test_another_case_is_near() -> None:
    assert near("FENGXIANG", ("fengxiang", "kpb")) == ("fengxiang",)


def test_what_is_like_nothing_has_nothing_near() -> None:
    assert near("zzzz", POSTS) == ()


def test_a_name_of_a_megabyte_is_answered_at_once() -> None:
    assert near("a" * 1_000_000, POSTS) == ()


def test_posts_of_one_column_and_day_are_not_near_for_that_alone() -> None:
    assert near("content/news/2026-11-20-moon.md", POSTS[:2]) == ()
    assert near("content/news/2026-11-20-chun-j.md", POSTS[:2])[0] == POSTS[0]
