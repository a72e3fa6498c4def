"""Cleaning pasted text: the invisible goes, the meaning stays."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.clean_text import FORMAT_CHARACTERS, clean_line, clean_text, hidden_character


def test_the_written_out_class_holds_every_format_character_that_python_knows() -> None:
    pattern = re.compile(f"[{FORMAT_CHARACTERS}]")
    known = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]
    assert [character for character in known if not pattern.fullmatch(character)] == []


def test_an_ordinary_text_stays_as_it_is() -> None:
    text = "# 标题\n\n- 一、“引号”——破折号…… ①\n\tcode  two spaces\n　　缩进\n"
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("a\x0bb\x0cc\x85d", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\ufeffa\u200bb\u00adc\u202ed\u2066e", "abcde"),
        ("a\x00\x07\x1bb\x7f\x9f", "ab"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\uf0b7 一\n\uf0fc 二", "• 一\n✓ 二"),
        ("非\x1e典", "非-典"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_what_word_and_the_web_leave_in_a_text_is_cleaned(pasted: str, clean: str) -> None:
    assert clean_text(pasted) == clean


@pytest.mark.parametrize(
    "emoji", ["👩\u200d🔬", "🏳\ufe0f\u200d🌈", "👨🏽\u200d⚕\ufe0f", "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥"]
)
def test_a_joiner_stays_inside_an_emoji(emoji: str) -> None:
    assert clean_text(f"前{emoji}后") == f"前{emoji}后"
    assert clean_line(emoji) == emoji
    assert hidden_character(emoji) == ""


@pytest.mark.parametrize("text", ["中\u200d文", "a\u200d😀", "😀\u200da", "😀\u200d", "\u200d😀"])
def test_a_joiner_anywhere_else_goes(text: str) -> None:
    assert clean_text(text) == text.replace("\u200d", "")
    assert hidden_character(text) == "U+200D"


def test_tabs_stay_in_a_text_and_become_spaces_in_a_line() -> None:
    assert clean_text("a\tb") == "a\tb"
    assert clean_line("a\tb") == "a b"


def test_a_line_is_trimmed_and_its_white_space_folded() -> None:
    assert clean_line(" \u3000关于\r\n举办 \xa0 科普日\u3000活动\t的通知\n") == "关于 举办 科普日 活动 的通知"


def test_a_line_of_nothing_is_empty() -> None:
    assert clean_line("\u200b \n\ufeff") == ""


@pytest.mark.parametrize("character", ["\x00", "\t", "\n", "\x7f", "\x85", "\u00ad", "\u200b", "\u2028", "\ufeff"])
def test_a_hidden_character_is_named(character: str) -> None:
    assert hidden_character(f"题{character}目") == f"U+{ord(character):04X}"


def test_text_without_hidden_characters_has_none_named() -> None:
    assert hidden_character("plain") == hidden_character("标题　“一”·é") == ""


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_a_clean_text_is_nfc_and_holds_nothing_hidden_but_tabs(text: str) -> None:
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert hidden_character(clean.replace("\n", "").replace("\t", "")) in ("", "U+200D")
    assert hidden_character(clean_line(text)) == ""
