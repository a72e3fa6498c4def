"""Stems: readable, typeable, the same on every system."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.stems import MAX_LENGTH, ascii_stem, free_stem, stem_for
from review.model.paths import path_problem

DAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("广东", "guang-dong"),
        ("重庆银行行长", "chong-qing-yin-hang-hang-zhang"),
        ("长安音乐会", "chang-an-yin-yue-hui"),
        ("2026年全国科普日", "2026-nian-quan-guo-ke-pu-ri"),
        ("科普Hello世界", "ke-pu-hello-shi-jie"),
        ("ＡＢＣ（第３期）", "abc-di-3-qi"),
        ("Don’t panic, Café!", "dont-panic-cafe"),
        ("  --a__b..c-- ", "a-b-c"),
    ],
)
def test_a_title_becomes_ascii_syllable_by_syllable(title: str, stem: str) -> None:
    assert stem_for(title, None) == stem


def test_a_date_stands_before_the_stem() -> None:
    assert stem_for("春季讲座", DAY) == "2026-11-20-chun-ji-jiang-zuo"


@pytest.mark.parametrize("title", ["", "！？", "😀", "\u3000"])
def test_a_title_without_letters_has_a_stem_all_the_same(title: str) -> None:
    assert stem_for(title, None) == "post"
    assert stem_for(title, DAY) == "2026-11-20-post"


def test_a_long_title_is_cut_between_syllables() -> None:
    stem = stem_for("关于举办全国科普日主场活动暨市科技活动周启动仪式的通知" * 3, DAY)
    whole = ascii_stem("关于举办全国科普日主场活动暨市科技活动周启动仪式的通知" * 3, limit=10_000)
    assert len(stem) <= MAX_LENGTH
    assert f"2026-11-20-{whole}-".startswith(f"{stem}-")


def test_a_single_long_word_is_cut_anywhere() -> None:
    assert stem_for("x" * 100, None) == "x" * MAX_LENGTH


@pytest.mark.parametrize("name", ["index", "page", "con", "NUL", "com1"])
def test_a_name_that_the_site_or_a_file_system_needs_is_not_given(name: str) -> None:
    assert stem_for(name, None) == f"{name.lower()}-2"


def test_a_stem_that_is_taken_gets_the_next_number() -> None:
    assert free_stem("a", {"a", "a-2", "b"}) == "a-3"
    assert free_stem("c", {"a"}) == "c"


def test_a_number_does_not_make_a_stem_too_long() -> None:
    assert free_stem("x" * 10, {"x" * 10}, limit=10) == "x" * 8 + "-2"


@given(st.text(max_size=80), st.none() | st.dates())
def test_any_title_has_a_stem_that_is_a_good_path(title: str, date: dt.date | None) -> None:
    stem = stem_for(title, date)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem)
    assert len(stem) <= MAX_LENGTH
    assert path_problem(f"content/news/{stem}.md") == ""
