"""A text is divided at its own headings of the second level, and each part can stand by itself."""

from __future__ import annotations

from review.render.sections import sections


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
