"""What is odd about single values of the meta lines: each has a post that raises it and one that does not."""

from __future__ import annotations

import datetime as dt

import pytest

from review.formats.index_numbers import example, fits
from review.formats.post_text import body_lines, meta_lines
from review.formats.post_values import DISCLOSURES, PUBLISHABLE, RESOURCE_KINDS, VALIDITIES
from review.views.objections import Draft
from review.views.values import HERE, Surroundings, about_values
from review.views.writing import about_writing

ITEM = "content/news/2026-11-20-a.md"
META = "Title: 讲座\nSummary: 一句话。\n"
PATTERN = r"^BJ\d{7}-\d{4}-\d{2,}$"
OTHER = "content/notices/2026-11-01-b.md"


def drafted(text: str) -> Draft:
    return Draft(
        item=ITEM,
        text=text,
        lines=tuple(body_lines(text)),
        fields={key: (line, value) for line, key, value in meta_lines(text)},
        header=None,
        attachments={},
        there=frozenset(),
        now=dt.datetime(2026, 11, 21, 20, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    )


def told(line: str, around: Surroundings | None = None) -> list[tuple[str, int, str]]:
    """Return code, line, and what is said with what to do, of a post with this meta line."""
    found = about_values(drafted(f"{META}{line}\n\n文。\n"), around or Surroundings())
    return [(one.code, one.line, f"{one.what}; {one.hint}") for one in found if one.severity == "warn"]


@pytest.mark.parametrize(
    "line",
    [
        f"Disclosure: {PUBLISHABLE}",
        *(f"Validity: {one}" for one in VALIDITIES),
        *(f"Resource_kind: {one}" for pair in RESOURCE_KINDS.items() for one in pair),
        "Asked: 2026-11-20",
        "Index_number: anything",
        "Related: https://example.org/a",
        "Disclosure:",
    ],
)
def test_values_that_pages_and_inspectors_know_are_let_be(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("Disclosure: 公开", "value-unknown", "主动公开, 依申请公开, 不予公开"),
        ("Validity: 长期", "value-unknown", "现行有效"),
        ("Resource_kind: 小册子", "value-unknown", "poster or 海报"),
        ("Asked: 11月20日", "value-unknown", "expected a day such as 2026-11-20"),
        ("Asked: 2026-02-30", "value-unknown", "expected a day such as 2026-11-20"),
        ("Asked: 2026-11-22", "dates-odd", "still to come"),
    ],
)
def test_each_value_that_nobody_knows_is_told_with_those_that_are_known(line: str, code: str, says: str) -> None:
    ((found, number, words),) = told(line)
    assert (found, number) == (code, 3)
    assert says in words


@pytest.mark.parametrize("value", [*DISCLOSURES, "不 予 公 开", "依申请", "不公开（内部）"])
def test_every_disclosure_but_the_open_one_is_refused(value: str) -> None:
    found = list(about_values(drafted(f"{META}Disclosure: {value}\n\n文。\n"), Surroundings()))
    refused = [("refuse", "not-for-publication", 3)] if value != PUBLISHABLE else []
    assert [(one.severity, one.code, one.line) for one in found] == refused


def test_an_index_number_fits_the_pattern_of_the_site_and_the_advice_is_one_that_does() -> None:
    around = Surroundings(pattern=PATTERN)
    assert told("Index_number: BJ0000001-2026-001", around) == []
    ((code, _, words),) = told("Index_number: BJ1-2026-1", around)
    assert code == "index-number-odd"
    assert words.endswith("write it such as BJ0000000-0000-00")
    assert fits("BJ0000000-0000-00", PATTERN)
    ((_, _, words),) = told("Index_number: x", Surroundings(pattern="(a|b)+"))
    assert "site: index_number: in columns.yaml" in words


def test_an_index_number_belongs_to_one_post_alone() -> None:
    around = Surroundings(numbers={"7": [ITEM, OTHER], "8": [ITEM]})
    ((code, line, words),) = told("Index_number: 7", around)
    assert (code, line) == ("index-number-twice", 3)
    assert f"that of {OTHER}, too" in words
    assert told("Index_number: 8", around) == []


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        (PATTERN, "BJ0000000-0000-00"),
        (r"SK[0-9]{3}/\d+", "SK000/0"),
        (r"[A-Z]{2}\.?x*\d", "AA0"),
        (r"(a|b)", ""),
        (r"\p", ""),
        (r"a{2}(?=b)", ""),
        ("", ""),
    ],
)
def test_an_example_is_made_of_a_plain_pattern_and_of_no_other(pattern: str, made: str) -> None:
    assert example(pattern) == made


def test_a_number_of_a_whole_book_is_not_held_against_the_pattern() -> None:
    """Whoever writes patterns may write one that takes for ever."""
    assert not fits("a" * 100_000, "(a+)+b")


@pytest.mark.parametrize(
    ("name", "standing", "code"),
    [
        (OTHER, {OTHER: "live"}, ""),
        ("notices/2026-11-01-b", {OTHER: HERE}, ""),
        ("2026-11-20-z.md", {"content/news/2026-11-20-z.md": "live"}, ""),
        (OTHER, {}, "related-dead"),
        ("某通知", {}, "related-dead"),
        (ITEM, {ITEM: "draft"}, "related-dead"),
        (OTHER, {OTHER: "withdrawn"}, "related-dead"),
        (OTHER, {OTHER: "expired"}, "related-dead"),
        (OTHER, {OTHER: "in-review"}, "related-waits"),
        (OTHER, {OTHER: "draft"}, "related-waits"),
        (OTHER, {OTHER: "scheduled"}, "related-waits"),
    ],
)
def test_what_related_names_is_there_and_online(name: str, standing: dict[str, str], code: str) -> None:
    found = told(f"Related: https://example.org/, {name}", Surroundings(standing=standing))
    assert [one[:2] for one in found] == ([(code, 3)] if code else [])


# -- tags ----------------------------------------------------------------------------------------------------------


def dropped(text: str) -> list[tuple[int, str, str]]:
    found = about_writing(drafted(f"{META}\n{text}\n"))
    return [(one.line, one.what, one.hint) for one in found if one.code == "tag-dropped"]


@pytest.mark.parametrize(
    ("text", "tag", "says"),
    [
        ('<iframe src="https://v.example/x"></iframe>', "<iframe>", "name it in a line Video:"),
        ('见 <IFRAME\nsrc="https://v.example/x"></iframe>', "<iframe>", "link to the page"),
        ('<object data="x.swf"><p>没有</p></object>', "<object>", "name it in a line Video:"),
        ("<embed src=x>", "<embed>", "name it in a line Video:"),
        ("<script>alert(1)</script>", "<script>", "with all that stands inside it"),
        ("<style>\np {}\n</style>", "<style>", "with all that stands inside it"),
        ("填写 <name> 即可", "<name>", "between backticks"),
        ("<font color=red>红</font>", "<font>", "between backticks"),
    ],
)
def test_a_tag_that_no_page_has_is_told_with_what_to_do_instead(text: str, tag: str, says: str) -> None:
    ((line, what, hint),) = dropped(text)
    assert line == 4
    assert f"pages have no {tag}" in what
    assert says in hint


@pytest.mark.parametrize(
    "text",
    [
        '<video controls src="2026-11-20-a/f.mp4"></video>',
        "<u>线</u><br/>",
        "`<iframe>`",
        "```\n<iframe>\n```",
        "<https://example.org/>",
        "<me@example.org>",
        "填写 <姓名> 即可",
        "1 <x",
        "若 a<b 且 b>c",
    ],
)
def test_tags_that_stay_and_what_only_looks_like_a_tag_are_let_be(text: str) -> None:
    assert dropped(text) == []


def test_a_tag_that_stands_there_often_is_told_once() -> None:
    assert [line for line, *_ in dropped("<font>一</font>\n<font>二</font>\n<center>三</center>")] == [4, 6]
