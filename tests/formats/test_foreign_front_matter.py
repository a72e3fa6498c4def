"""Other programs' front matter: read whatever it is, say what is broken, lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.foreign_front_matter import split_foreign
from review.formats.foreign_text import read_foreign


def test_yaml_between_fences_is_read_with_every_scalar_as_written() -> None:
    post = split_foreign("---\ntitle: 春\ndate: 2015-03-17 14:00:00 -4\ndraft: no\ntags: [a, 1]\n---\ntext\n")
    assert post.kind == "yaml"
    assert post.values == {"title": "春", "date": "2015-03-17 14:00:00 -4", "draft": "no", "tags": ["a", "1"]}
    assert (post.body, post.body_line, post.lines["tags"]) == ("text\n", 7, 5)


def test_toml_between_pluses_is_read() -> None:
    post = split_foreign('+++\ntitle = "a"\ndate = 2020-01-02T03:04:05Z\ndraft = true\n[params]\nx = [1, 2]\n+++\nb')
    assert post.kind == "toml"
    assert post.values == {
        "title": "a", "date": "2020-01-02 03:04:05+00:00", "draft": "true", "params": {"x": ["1", "2"]},
    }  # fmt: skip
    assert (post.lines["title"], post.lines["params"], post.body, post.body_line) == (2, 5, "b", 8)


def test_a_json_object_is_read() -> None:
    post = split_foreign('{\n "title": "a",\n "tags": ["b", null, false]\n}\n\ntext')
    assert (post.kind, post.values) == ("json", {"title": "a", "tags": ["b", "", "false"]})
    assert (post.lines["tags"], post.body, post.body_line) == (3, "\ntext", 5)


def test_meta_lines_are_read() -> None:
    post = split_foreign("Title: a\nTags: x,\n    y\n\ntext")
    assert (post.kind, post.values) == ("meta", {"title": "a", "tags": "x, y"})
    assert (post.body, post.body_line) == ("\ntext", 4)


def test_yaml_with_a_closing_fence_alone_is_read() -> None:
    post = split_foreign("title: a\ntags:\n- b\n---\ntext")
    assert (post.kind, post.values, post.body) == ("yaml", {"title": "a", "tags": ["b"]}, "text")


def test_empty_lines_before_it_do_not_matter_but_count() -> None:
    post = split_foreign("\n\n---\ntitle: a\n---\ntext")
    assert (post.lines["title"], post.body_line) == (4, 6)


def test_empty_front_matter_is_front_matter() -> None:
    post = split_foreign("---\n---\ntext")
    assert (post.kind, post.body, post.remarks) == ("yaml", "text", ())


@pytest.mark.parametrize(
    "text",
    [
        "正文\n",
        "# Title\n\ntext",
        "Note: this is text\n\nmore",
        "A heading\n---\ntext",
        "Warning: a heading\n---\ntext",
        '{"a": 1}\ntext',
        "{\ntext",
        "+++\ntext",
    ],
)
def test_a_text_without_front_matter_is_all_text(text: str) -> None:
    post = split_foreign(text)
    assert (post.kind, post.values, post.body, post.body_line) == ("none", {}, text, 1)


@pytest.mark.parametrize("text", ["---\ntext\n---\nmore", "---\ntext", "---\n- a\n- b\n---\nmore"])
def test_a_rule_at_the_top_is_text_and_remarked_upon(text: str) -> None:
    post = split_foreign(text)
    assert post.body == text
    assert [remark.line for remark in post.remarks] == [1]


def test_broken_yaml_is_read_line_by_line_and_every_other_line_is_named() -> None:
    post = split_foreign("---\ntitle: a: b\ntags:\n - x\n - 'y'\n!!\n---\ntext")
    assert post.values == {"title": "a: b", "tags": ["x", "y"]}
    assert [remark.line for remark in post.remarks] == [2, 6]
    assert "!!" in post.remarks[1].what


def test_broken_toml_is_read_line_by_line() -> None:
    post = split_foreign("+++\ntitle = 'a\ntags = [\n---\n+++\ntext")
    assert (post.values, post.body) == ({"title": "a", "tags": "["}, "text")
    assert [remark.line for remark in post.remarks] == [1, 4]


@pytest.mark.parametrize(
    "text", ["---\ntitle: a\ntitle: b\n---\n", "---\ntitle: a\nTitle: b\n---\n", "Title: a\nTitle: b\n\n"]
)
def test_of_two_equal_keys_the_first_counts_and_the_second_is_named(text: str) -> None:
    post = split_foreign(text)
    assert post.values == {"title": "a"}
    assert "b" in post.remarks[0].what


def test_tags_and_aliases_of_yaml_do_nothing() -> None:
    post = split_foreign("---\ntitle: !ruby/object:Gem a\nx: &y [b]\nz: *y\n---\n")
    assert post.values == {"title": "a", "x": ["b"], "z": "*y"}


@pytest.mark.parametrize("bomb", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_nesting_without_end_does_no_harm(bomb: str) -> None:
    post = split_foreign(f"---\ntitle: a\nx: {bomb}\n---\ntext")
    assert (post.values["title"], post.body) == ("a", "text")
    assert post.remarks


@pytest.mark.parametrize("text", ['{"title": ' + "[" * 100_000, "+++\nx = " + "[" * 100_000 + "\n+++\ntext"])
def test_nesting_without_end_in_json_and_toml_does_no_harm_either(text: str) -> None:
    assert split_foreign(text).body


@given(st.text(alphabet="-+{}[]:=#'\"a\n ", max_size=120))
def test_no_text_is_too_odd_to_be_divided(text: str) -> None:
    post = split_foreign(text)
    assert text.endswith(post.body)


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        ("标题\r\n正文\r".encode(), "标题\n正文\n", ""),
        (b"\xef\xbb\xbfa", "a", ""),
        ("标题".encode("utf-16"), "标题", "UTF-16"),
        ("关于举办科普日活动的通知".encode("gb18030"), "关于举办科普日活动的通知", "GB 18030"),
        ("关于举办科普日活动的通知".encode() + b"\xff", "关于举办科普日活动的通知\ufffd", "U+FFFD"),
        ("a\u200bb\ufeff".encode(), "ab", "2 invisible"),
    ],
)
def test_a_text_in_any_usual_encoding_is_read_and_says_so(data: bytes, text: str, remark: str) -> None:
    found = read_foreign(data)
    assert found is not None
    assert found.text == text
    assert remark in " ".join(found.remarks)
    assert bool(remark) == bool(found.remarks)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"a\x00b", b"\xff\xfea", b"\x80\x81\xff\xff"])
def test_what_is_no_text_is_not_read(data: bytes) -> None:
    assert read_foreign(data) is None
