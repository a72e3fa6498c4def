"""A post's meta lines: what is allowed is read, everything else is named, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats.clean_text import clean_line, clean_text
from review.formats.front_matter import FrontMatter, Problem, parse_post, serialise_post
from review.formats.post_keys import KEYS, RESERVED


def post_of(text: str, extra: tuple[str, ...] = ()) -> FrontMatter:
    """The post; fails where the format has something against it."""
    post, problems = parse_post(text.encode(), extra)
    if post is None:
        pytest.fail(f"refused: {problems}")
    return post


def problems_of(data: str | bytes, extra: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """The problems; fails where a post comes with them."""
    post, problems = parse_post(data.encode() if isinstance(data, str) else data, extra)
    if post is not None:
        pytest.fail("a post in spite of problems" if problems else "no problems")
    return problems


def problem_of(data: str | bytes, extra: tuple[str, ...] = ()) -> Problem:
    """The only problem there is."""
    (problem,) = problems_of(data, extra)
    return problem


def test_every_allowed_key_is_read() -> None:
    values = {key: "https://example.org/a" if key == "Source_url" else "2026-11-20" for key in KEYS}
    post = post_of("".join(f"{key}: {value}\n" for key, value in values.items()) + "\n正文\n")
    assert post.fields == {key.lower(): value for key, value in values.items()}
    assert post.body == "正文\n"


def test_letter_case_does_not_matter_in_keys() -> None:
    assert post_of("TITLE: a\ndocument_NUMBER: 宝科发〔2026〕1号\n\n").fields == {
        "title": "a",
        "document_number": "宝科发〔2026〕1号",
    }


def test_an_indented_line_continues_the_value_before_it() -> None:
    assert post_of("Title: a\nSummary: one\n    two\n\tthree\nTags:\n    x\n\nb").fields == {
        "title": "a",
        "summary": "one two three",
        "tags": "x",
    }


def test_fences_may_stand_around_the_meta_lines() -> None:
    post = post_of("---\nTitle: a\nDate: 2026-11-20\n---\ntext\n\nmore\n")
    assert (post.title, post.date, post.body) == ("a", dt.date(2026, 11, 20), "text\n\nmore\n")


def test_a_fence_at_the_very_end_closes_too() -> None:
    assert post_of("---\nTitle: a\n---").body == ""


def test_a_value_may_hold_colons_and_quotes_as_they_are() -> None:
    assert post_of('Title: "科普": 第3期 12:30\n\n').title == '"科普": 第3期 12:30'


def test_a_key_without_a_value_is_no_problem() -> None:
    post = post_of("Title: a\nDate:\nSource_url:\nTags:\n\n")
    assert (post.date, post.tags) == (None, ())


def test_tags_and_keywords_are_split_at_commas_and_semicolons_of_either_width() -> None:
    post = post_of("Title: a\nTags: 科普, 讲座，航天、科普;a；b c,,\nKeywords: x\n\n")
    assert post.tags == ("科普", "讲座", "航天", "a", "b c")
    assert post.keywords == ("x",)


def test_a_column_may_allow_keys_of_its_own() -> None:
    assert post_of("Title: a\nvenue: 市科技馆\n\n", ("Venue",)).fields["venue"] == "市科技馆"
    problem = problem_of("Title: a\nVENUE: x\n\n")
    assert (problem.code, problem.key) == ("metadata-forbidden", "VENUE")


@pytest.mark.parametrize("key", sorted(RESERVED))
def test_a_key_that_moves_or_reveals_a_page_is_forbidden_even_if_a_column_lists_it(key: str) -> None:
    problem = problem_of(f"Title: a\n{key.title()}: x\n\n", (key,))
    assert (problem.code, problem.line) == ("metadata-forbidden", 2)
    assert key.title() in problem.what
    assert RESERVED[key] in problem.what


@pytest.mark.parametrize("key", ["save_as", "url", "slug", "status", "template", "lang", "translation"])
def test_the_keys_that_the_format_names_are_reserved(key: str) -> None:
    assert key in RESERVED


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Titel", "Title"), ("source-url", "Source_url"), ("Documentnumber", "Document_number"), ("Tag", "Tags")],
)
def test_a_key_that_is_nearly_right_gets_the_right_one_named(written: str, meant: str) -> None:
    assert f"did you mean {meant}?" in problem_of(f"Title: a\n{written}: x\n\n").what


def test_a_key_like_none_gets_all_of_them_named() -> None:
    assert ", ".join(KEYS) in problem_of("Title: a\nXyzzy: x\n\n").what


@pytest.mark.parametrize("line", ["标题：x", "标题: x", "作者： 张三", "Document number: 1", "tags : x"])
def test_a_line_that_is_nearly_a_meta_line_gets_the_right_key_named(line: str) -> None:
    problem = problem_of(f"Title: a\n{line}\n\n")
    assert (problem.code, problem.line) == ("metadata-invalid", 2)
    assert "did you mean" in problem.what


@pytest.mark.parametrize(
    "line", ["Title：征稿通知", "title： 征稿通知", "Title ：征稿: 通知", "Title：征稿通知\n    第二行"]
)
def test_a_full_width_colon_is_told_once_with_its_line_and_nothing_that_follows_from_it(line: str) -> None:
    problem = problem_of(f"{line}\nDate: 2026-11-20\n\n文：字\n")
    assert (problem.code, problem.line) == ("metadata-invalid", 1)
    assert problem.what == "the colon after Title is a full-width one (：); write an ordinary colon and a blank"


def test_behind_a_full_width_colon_a_value_is_judged_like_any_other() -> None:
    told = [(one.line, one.what) for one in problems_of("Title: 甲\nDate：昨天\nVenue：馆\n\n", ("Venue",))]
    assert [line for line, _ in told] == [2, 2, 3]
    assert "the colon after Date" in told[0][1]
    assert "the Date is '昨天'" in told[1][1]
    assert "the colon after Venue" in told[2][1]


def test_a_full_width_colon_in_a_value_is_part_of_it() -> None:
    assert post_of("Title: 通知：征稿\n\n").title == "通知：征稿"


def test_all_problems_are_reported_not_only_the_first() -> None:
    found = problems_of(
        "slug: x\nTitel: y\nDate: 2026-02-30\nDate: 2026-02-03\nSource_url: ftp://x\nnot a line\ntags : z\n\n"
    )
    assert [(problem.line, problem.code) for problem in found] == [
        (0, "metadata-invalid"),  # no title
        (1, "metadata-forbidden"),
        (2, "metadata-forbidden"),
        (3, "metadata-invalid"),
        (4, "metadata-invalid"),
        (5, "metadata-invalid"),
        (6, "metadata-invalid"),
        (7, "metadata-invalid"),
    ]


@pytest.mark.parametrize("text", ["", "\n", "\nTitle: a\n", "Title:\n\ntext", "Title: 　\n\ntext", "Author: a\n\ntext"])
def test_a_post_without_a_title_is_refused(text: str) -> None:
    assert "needs a Title" in problem_of(text).what


def test_a_text_that_begins_at_once_has_no_title() -> None:
    codes = {problem.what.partition(":")[0] for problem in problems_of("讲座于四月举行。\nslug: x\n\n正文\n")}
    assert codes == {"a post needs a Title", "the text begins at once, without meta lines"}


def test_a_key_given_twice_is_refused_with_both_lines() -> None:
    problem = problem_of("Title: a\nAuthor: b\nTITLE: c\n    d\n\n")
    assert (problem.line, problem.code) == (3, "metadata-invalid")
    assert "line 1" in problem.what


@pytest.mark.parametrize(
    "date", ["2026-1-2", "2026-13-01", "2026-02-30", "20260102", "2026-W01-1", "2026年1月2日", "２０２６-01-02"]
)
def test_a_date_that_is_not_a_day_in_the_one_form_is_refused(date: str) -> None:
    problem = problem_of(f"Title: a\nDate: {date}\n\n")
    assert (problem.line, problem.code) == (2, "metadata-invalid")
    assert repr(date) in problem.what


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//example.org", "example.org", "https://", "https://a b", "http://<x>"]
)
def test_a_source_address_that_is_not_of_the_web_is_refused(address: str) -> None:
    assert problem_of(f"Title: a\nSource_url: {address}\n\n").code == "metadata-invalid"


def test_a_title_has_at_most_200_characters() -> None:
    assert post_of(f"Title: {'长' * 200}\n\n").title == "长" * 200
    assert "201" in problem_of(f"Title: {'长' * 201}\n\n").what


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    problem = problem_of("Title: a\n\n正文\n".encode() + "乱码".encode("gb18030"))
    assert (problem.line, problem.code) == (4, "metadata-invalid")


def test_a_byte_order_mark_is_refused() -> None:
    assert "BOM" in problem_of(b"\xef\xbb\xbfTitle: a\n\ntext").what


@pytest.mark.parametrize("data", [b"Title: a\n\nb\r\n", b"Title: a\n\nb\rc"])
def test_a_carriage_return_is_refused_with_its_line(data: bytes) -> None:
    problem = problem_of(data)
    assert problem.line == 3
    assert "CR" in problem.what


def test_windows_line_ends_do_not_hide_other_problems() -> None:
    assert [problem.line for problem in problems_of(b"Title: a\r\nslug: b\r\n\r\ntext")] == [1, 2]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x85", "\x9f"])
def test_a_control_character_anywhere_is_refused_with_its_line(character: str) -> None:
    problem = problem_of(f"Title: a\n\n一行\n·{character}\n")
    assert (problem.line, problem.code) == (4, "metadata-invalid")
    assert f"U+{ord(character):04X}" in problem.what


def test_tabs_and_middle_dots_in_the_text_are_no_control_characters() -> None:
    assert post_of("Title: 阿凡提·艾买提\n\n\tcode·\xa0\n").body == "\tcode·\xa0\n"


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\u2028", "\ufeff", "\t", "\u00ad"])
def test_a_character_that_cannot_be_seen_is_refused_in_a_value(character: str) -> None:
    assert f"U+{ord(character):04X}" in problem_of(f"Title: a{character}b\n\n").what


def test_a_joiner_inside_an_emoji_is_none_of_those() -> None:
    assert post_of("Title: 👩\u200d🔬日\n\n").title == "👩\u200d🔬日"


def test_an_opening_fence_must_be_closed() -> None:
    problem = problem_of("---\nTitle: a\n\ntext\n")
    assert (problem.line, problem.code) == (1, "metadata-invalid")


@pytest.mark.parametrize("fence", ["---", "..."])
def test_a_closing_fence_must_have_been_opened(fence: str) -> None:
    assert problem_of(f"Title: a\n{fence}\ntext\n").line == 2


def test_no_empty_line_may_stand_between_fences() -> None:
    problem = problem_of("---\nTitle: a\n\nAuthor: b\n---\ntext\n")
    assert (problem.line, problem.code) == (3, "metadata-invalid")


def test_the_line_where_an_empty_one_is_missing_is_named_once() -> None:
    problem = problem_of("Title: a\n正文第一行\n正文第二行\n")
    assert problem.line == 2
    assert "empty line" in problem.what


def test_an_indented_key_is_not_taken_for_one() -> None:
    assert problem_of("Title: a\n  Author: b\n\n").line == 2


def test_writing_keeps_the_order_and_spells_keys_as_they_are_spelled() -> None:
    assert serialise_post({"date": "2026-11-20", "title": "a", "Venue": ""}, "b\n") == (
        b"Date: 2026-11-20\nTitle: a\nVenue:\n\nb\n"
    )


def test_what_is_written_is_in_nfc() -> None:
    assert serialise_post({"Title": "e\u0301"}, "a\u030a") == "Title: é\n\nå".encode()


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, ""),
        ({"Title": ""}, ""),
        ({"Title": "a\nb"}, ""),
        ({"Title": "a\n    b"}, ""),
        ({"Title": "a\nTags: b"}, ""),
        ({"Title": "a\n\nb"}, ""),
        ({"Title": " a"}, ""),
        ({"Title": "a　"}, ""),
        ({"Title": "a\u200bb"}, ""),
        ({"Title": "a\ud800"}, ""),
        ({"Title": "a", "title": "b"}, ""),
        ({"Title": "a", "save_as": "b"}, ""),
        ({"Title": "a", "": "b"}, ""),
        ({"Title": "a", "x y": "b"}, ""),
        ({"Title": "a", "Date": "tomorrow"}, ""),
        ({"Title": "a"}, "b\r\n"),
        ({"Title": "a"}, "\x00"),
    ],
)
def test_nothing_is_written_that_could_not_be_read_back(fields: dict[str, str], body: str) -> None:
    with pytest.raises(FormatError):
        serialise_post(fields, body)


VALUES = st.text(max_size=60).map(clean_line)
BODIES = st.text(max_size=200).map(clean_text)


@given(
    title=st.text(min_size=1, max_size=80).map(clean_line).filter(lambda title: 0 < len(title) <= 200),
    others=st.dictionaries(
        st.sampled_from(["author", "source", "summary", "tags", "keywords", "venue", "related"]), VALUES
    ),
    body=BODIES,
)
def test_what_is_written_is_read_back(title: str, others: dict[str, str], body: str) -> None:
    fields = {"title": title, **others}
    post, problems = parse_post(serialise_post(fields, body), ["venue"])
    assert problems == ()
    assert post == FrontMatter(fields=fields, body=unicodedata.normalize("NFC", body))


@given(st.binary(max_size=300) | st.text(alphabet="Title: \n-a标题：\t\r\x00", max_size=80).map(str.encode))
def test_any_bytes_are_either_a_post_or_have_problems(data: bytes) -> None:
    post, problems = parse_post(data)
    assert (post is None) == bool(problems)
    assert all(problem.code in ("metadata-invalid", "metadata-forbidden") and problem.what for problem in problems)


def test_a_post_is_read_in_microseconds() -> None:
    """A generous bound, ten times what it takes: ten thousand posts are read at every build."""
    data = ("Title: 春季科普讲座\nDate: 2026-11-20\nTags: 科普, 讲座\n\n" + "讲座于四月举行。" * 150).encode()
    began = time.perf_counter()
    for _ in range(1000):
        parse_post(data)
    assert time.perf_counter() - began < 0.5
