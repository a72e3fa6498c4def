"""Numbers of documents are indexed without their brackets, each as words that nothing else has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.render.document_numbers import MARK, number_words

TWELVE = ["ⓝ宝科", "ⓝ科协", "ⓝ协发", "ⓝ发2026", "ⓝ2026号12号"]


@pytest.mark.parametrize(
    "text",
    [
        "宝科协发〔2026〕12号",
        "宝科协发[2026]12号",
        "宝科协发（2026）第12号",
        "宝科协发(2026) 12 号",
        "宝科协发【2026】012号",
        "宝科协发2026 12号",
        "宝科协发2026年第12号",
    ],
)
def test_a_number_has_the_same_words_however_its_brackets_are_written(text: str) -> None:
    assert number_words(f"见《通知》，{text}文件。") == TWELVE


def test_a_number_that_stands_twice_has_its_words_once_and_another_one_its_own() -> None:
    text = "宝科协发〔2026〕12号、宝科协发〔2026〕12号和陕发〔2025〕3号"
    assert number_words(text) == [*TWELVE, "ⓝ和陕", "ⓝ陕发", "ⓝ发2025", "ⓝ2025号3号"]


@pytest.mark.parametrize(
    "text",
    ["", "2026年12月1日", "科普〔2026〕", "12号", "〔2026〕12号", "电话2026123号", "发〔1026〕12号", "发〔2026〕0号"],
)
def test_what_is_no_number_of_a_document_has_none(text: str) -> None:
    assert number_words(text) == []


@given(st.text(alphabet="宝科协发〔〕（） 2026年第1号"))
def test_every_word_is_marked_and_is_one_word(text: str) -> None:
    for word in number_words(text):
        assert word.startswith(MARK)
        assert len(word) > 2
        assert word[1:].isalnum()


def test_a_long_text_without_marks_takes_no_long_time() -> None:
    assert number_words("科" * 400_000 + "2026 号") == []
