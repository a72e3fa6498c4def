"""Prose is told from code, whatever the text looks like."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.foreign_markup import TEMPLATE, arguments, first_heading, plain_words, segments


def prose(text: str) -> str:
    """The prose alone, with a · for what is not."""
    return "".join(part.text if part.nature == "prose" else "·" for part in segments(text, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n```\nb\n```\nc", "a\n·c"),
        ("a\n~~~ python\n```\nb\n~~~~\nc", "a\n·c"),
        ("- a\n\n  ```sql\n  b\n  ```\nc", "- a\n\n·c"),
        ("> ```\n> b\n> ```\nc", "·c"),
        ("```\nnever closed", "```\nnever closed"),
        ("a\n\n    b\n\n    c\n\nd", "a\n\n·\nd"),
        ("- a\n\n    b\n", "- a\n\n    b\n"),
        ("a\n    b\n", "a\n    b\n"),
        ("a `b` c ``d`e`` f", "a · c · f"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),
        ("a \\`b\\` c", "a \\`b\\` c"),
        ("a <!-- b\n\nc --> d", "a · d"),
        ("a <script>b</script> c <STYLE>d</style> e", "a · c · e"),
        ("a <pre>b\n\nc</pre> d", "a · d"),
        ("a <!-- b", "a <!-- b"),
    ],
)
def test_code_comments_and_scripts_are_no_prose(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_each_segment_knows_its_line() -> None:
    assert [(part.nature, part.line) for part in segments("a\n\n```\nb\n```\nc `d` e\n<!-- f\n-->g", 10)] == [
        ("prose", 10), ("code", 12), ("prose", 15), ("code", 15), ("prose", 15), ("comment", 16), ("prose", 17),
    ]  # fmt: skip


@given(st.text(alphabet="`~<!->pre/script \n\t-*#a", max_size=150))
def test_the_segments_joined_are_the_text(text: str) -> None:
    assert "".join(part.text for part in segments(text, 1)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n\n# One\n\n# Two\n", "One"),
        ("#  One  ##\n", "One"),
        ("#标题\n", "标题"),
        ("One\n===\n", "One"),
        ("```\n# no\n```\n\n# One `x`", "One `x`"),
    ],
)
def test_the_first_heading_is_found(text: str, words: str) -> None:
    found = first_heading(text)
    assert found is not None
    assert found[0] == words
    assert words in text[found[1] : found[2]]


@pytest.mark.parametrize("text", ["", "## Two\n", "#hashtag\n", "#\n", "===\n", "    # code\n"])
def test_what_is_no_heading_of_the_first_rank_is_not_taken_for_one(text: str) -> None:
    assert first_heading(text) is None


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**a** _b_ `c` *d*", "a b c d"),
        ("[a](b.md) ![c](d.png) {#e}", "a c"),
        ("a &amp; b <br> \\*c\\*", "a & b  *c*"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
    ],
)
def test_a_heading_has_plain_words(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words


@pytest.mark.parametrize(
    "tag",
    [
        '{% image "a.jpg" "90% of b" %}', "{%- raw -%}", '{{ "/a/" | url }}', "{{x}}", '{{< copyable "sql" >}}',
        "{{% note %}}", "{{</ tab >}}", "{{{ .starter }}}", "{: .wide}", '{:target="_blank" rel="x"}', "{:toc}",
    ],
)  # fmt: skip
def test_template_tags_are_known_by_their_looks(tag: str) -> None:
    found = TEMPLATE.search(f"a {tag} b")
    assert found is not None
    assert found[0] == tag


@pytest.mark.parametrize("text", ["{a}", "{: a => 1}", "{%", "{{", "{ % a % }", "}}"])
def test_braces_alone_are_no_template(text: str) -> None:
    assert TEMPLATE.search(text) is None


def test_arguments_are_split_as_they_were_quoted() -> None:
    found = [(argument.key, argument.value) for argument in arguments(""" "a b" 'c' d src="e f" g='h' i=j """)]
    assert found == [("", "a b"), ("", "c"), ("", "d"), ("src", "e f"), ("g", "h"), ("i", "j")]


@pytest.mark.parametrize("unit", ["`", "``a", "<!--", "<pre>", "```a\n", "~~~x\n```y\n", "{%", "{{<", "    x\n\n"])
def test_a_text_of_openers_takes_no_longer_than_another(unit: str) -> None:
    """A generous bound: what is not linear takes minutes."""
    text = unit * (200_000 // len(unit))
    began = time.perf_counter()
    for part in segments(text, 1):
        TEMPLATE.sub("", part.text)
    assert time.perf_counter() - began < 10
