"""A post pasted from a word processor becomes what its author sees there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.clean_post import clean_post
from review.formats.clean_text import clean_text


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("\ufeffTitle: 甲\r\n\r\n正文\u200b。\r\n", "Title: 甲\n\n正文。\n"),
        ("议程：\n•\t报到\n•\t开幕\n散会。\n", "议程：\n\n- 报到\n- 开幕\n\n散会。\n"),
        ("\uf0b7\u00a0一\n\uf0b7\u00a0二", "- 一\n- 二"),
        ("##\u00a0标题\n1.\u00a0第一", "## 标题\n1. 第一"),
        ("不换行\u00a0空格 • 中间的点", "不换行\u00a0空格 • 中间的点"),
        ("“引号”——都留下……", "“引号”——都留下……"),
        ("一：\n●\t甲\n·\t乙\n\uf06c\t丙\n▪ 丁\n〇\t戊", "一：\n\n- 甲\n- 乙\n- 丙\n- 丁\n- 戊"),
        ("•没有空格", "•没有空格"),
    ],
)
def test_what_a_word_processor_leaves_becomes_markdown_or_goes(pasted: str, clean: str) -> None:
    assert clean_post(pasted.encode()).decode() == clean


def test_what_is_not_utf_8_is_left_to_whoever_judges() -> None:
    with pytest.raises(UnicodeDecodeError):
        clean_post("标题".encode("gb18030"))


@given(st.text(alphabet=st.sampled_from("a文•●·〇\u00a0\u3000\t #-1.\n\r\u200b\uf0b7"), max_size=60))
def test_cleaning_twice_is_cleaning_once_and_loses_nothing_that_can_be_seen(text: str) -> None:
    once = clean_post(text.encode())
    assert clean_post(once) == once
    seen = [one for one in clean_text(text) if one in "a文#1."]
    assert [one for one in once.decode() if one in "a文#1."] == seen
