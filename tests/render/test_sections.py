"""A text is divided at its own headings of the second level, and each part can stand by itself."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from review.render.addresses import Place
from review.render.markup import Markup as Sanitiser
from review.render.sections import Section, sections


def parts(text: str) -> list[tuple[str, str, str]]:
    return [(one.anchor, one.title, str(one.content)) for one in sections(text)]


def test_an_introduction_comes_first_and_headings_begin_parts() -> None:
    text = '<p>甲</p>\n<h2 id="text-乙">乙</h2><p>丙<br></p><h2 id="text-丁">丁</h2>'
    assert parts(text) == [
        ("", "", "<p>甲</p>\n"),
        ("text-乙", "乙", '<h2 id="text-乙">乙</h2><p>丙<br></p>'),
        ("text-丁", "丁", '<h2 id="text-丁">丁</h2>'),
    ]
    assert "".join(str(one.content) for one in sections(text)) == text


def test_a_text_that_begins_with_a_heading_has_no_introduction() -> None:
    assert [title for _, title, _ in parts("\n<h2>甲</h2><p>乙</p>")] == ["甲"]


def test_a_text_without_headings_is_one_part_and_an_empty_one_none() -> None:
    assert parts("<p>甲</p>") == [("", "", "<p>甲</p>")]
    assert parts(" \n") == []


def test_headings_inside_other_elements_divide_nothing() -> None:
    text = '<blockquote><h2>引</h2></blockquote><ul><li><img src="a"><h2>项</h2></li></ul><h2>真</h2>'
    assert [title for _, title, _ in parts(text)] == ["", "真"]


def test_titles_are_plain_text_and_quotation_marks_in_attributes_do_not_confuse() -> None:
    (only,) = sections('<h2 title="a>b" id="x&amp;y"><em>一</em> &amp; 二</h2>正文')
    assert (only.anchor, only.title, str(only.body)) == ("x&y", "一 & 二", "正文")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ('<p><img src="../static/pictures/a.png" alt="集市 &amp; 车"></p>\n<p>导语</p>', "<p>导语</p>"),
        ('\n<p><img alt="集市 &amp; 车" src="../static/pictures/a.png">\n导语</p>', "<p>导语</p>"),
        ('<p><img src="../static/pictures/a.png" alt="集市 &amp; 车"><br>\n导语</p>', "<p>导语</p>"),
        ('<p><img src="../static/pictures/a.png" alt="集市 &amp; 车"></p>', ""),
    ],
)
def test_a_picture_that_a_part_begins_with_can_be_told_from_what_follows(text: str, rest: str) -> None:
    opening = Section(content=Markup(text)).opening
    assert opening is not None
    assert (opening.alt, str(opening.rest)) == ("集市 & 车", rest)
    assert opening.shows("static/pictures/a.png")
    assert not opening.shows("pictures/b.png")
    assert not opening.shows("tures/a.png")


@pytest.mark.parametrize(
    "text", ["", '<p>导语<img src="a"></p>', '<p><a href="b"><img src="a"></a></p>', "<h2>一</h2>"]
)
def test_a_part_that_begins_with_something_else_has_no_such_picture(text: str) -> None:
    assert Section(content=Markup(text)).opening is None


def test_a_heading_that_holds_another_ends_where_it_ends_itself() -> None:
    written = "<h2>甲<div>乙<h2>丙</h2>丁</div></h2><p>文</p><h2>戊</h2><p>己</p>"
    text = Sanitiser({}).text(written, Place(column="news"), lead=False).html
    found = sections(text)
    assert [one.title for one in found] == ["甲乙丙丁", "戊"]
    assert [str(one.body).strip() for one in found] == ["<p>文</p>", "<p>己</p>"]
    assert "".join(str(one.content) for one in found) == text
    for one in found:
        for part in (one.content, one.body):
            opened = [tag for tag in re.findall(r"<(/?[a-z0-9]+)", part) if tag not in ("br", "img")]
            while any(tag.startswith("/") for tag in opened):
                at = next(place for place, tag in enumerate(opened) if tag.startswith("/"))
                assert at
                assert opened[at] == f"/{opened[at - 1]}"
                del opened[at - 1 : at + 1]
            assert opened == []
