"""Headings, links and pictures are found where a reader would find them, with the line they stand on."""

from __future__ import annotations

import html
import re
import time

import pytest

from review.formats.post_text import body_lines, headings, links, meta_lines, pictures, target_of
from review.render.markup import Markup

ITEM = "content/popular-science/activities/2026-11-20-a.md"
TEXT = """\
Title: 甲
Tags: 一，二

## 第一

见[通知](../../notices/b.md "题")与<https://example.org/x>。
`[不是](链接.md)`

```
# 不是标题
![也不是](x.png)
```

第二
----

[![远](a.jpg)](c.md)
<img src="a/b.png" alt='图'> <video src=film.mp4 poster="p.jpg">
![][参]

[参]: a/参.png
"""


def test_meta_lines_and_text_are_told_apart_and_code_is_no_text() -> None:
    assert list(meta_lines(TEXT)) == [(1, "title", "甲"), (2, "tags", "一，二")]
    numbers = [line.number for line in body_lines(TEXT)]
    assert numbers[0] == 4
    assert not {9, 10, 11, 12} & set(numbers)


def test_headings_are_found_with_their_level() -> None:
    assert [(one.line, one.level, one.words) for one in headings(body_lines(TEXT))] == [(4, 2, "第一"), (14, 2, "第二")]


def test_pictures_are_found_in_markdown_and_html_with_their_words() -> None:
    assert [(one.line, one.words) for one in pictures(body_lines(TEXT))] == [(17, "远"), (18, "图"), (19, "")]


def test_every_address_is_found_and_whether_it_is_shown() -> None:
    found = [(one.line, one.address, one.shown) for one in links(body_lines(TEXT))]
    assert found == [
        (6, "../../notices/b.md", False),
        (6, "https://example.org/x", False),
        (17, "a.jpg", True),
        (17, "c.md", False),
        (18, "a/b.png", True),
        (18, "film.mp4", True),
        (18, "p.jpg", True),
        (21, "a/参.png", False),
    ]


def addresses_on_the_page(text: str) -> list[str]:
    """Return where the links and pictures of the page lead that is made of a text."""
    return [html.unescape(one) for one in re.findall(r' (?:href|src)="([^"]*)"', Markup(()).sanitised(text))]


@pytest.mark.parametrize(
    "written",
    [
        "[细则](2026-11-22 征 稿 通知/征稿 细则 .pdf)",
        "![图](图 片.jpg)",
        "[a]( 图 片.jpg )",
        '[a](图 片.jpg "题 目")',
        "[a](图 片.jpg '题 目')",
        "[a](图 片 (1).jpg)",
        "[a](图  片.jpg)",
        "[a](it's a b.jpg)",
        "[a](a b.md#x)",
        "[a](<图 片.jpg> '题')",
        "[a](a.jpg '题')",
        "[a](a b.jpg) 与 [b](c d.jpg)",
        "- [a](图 片.jpg)",
    ],
)
def test_an_address_is_what_the_page_makes_of_it_also_with_blanks(written: str) -> None:
    assert [one.address for one in links(body_lines(f"Title: 甲\n\n{written}\n"))] == addresses_on_the_page(written)


def test_meta_lines_may_go_on_on_indented_lines_and_have_a_colon_of_full_width() -> None:
    text = "Title：甲：乙\nSummary: 一\n    二\nTags:\n\t三\n\n四：五\n"
    assert list(meta_lines(text)) == [(1, "title", "甲：乙"), (2, "summary", "一 二"), (4, "tags", "三")]


def test_front_matter_between_dashes_ends_at_the_second() -> None:
    assert [line.written for line in body_lines("---\nTitle: 甲\n---\n正文\n")] == ["正文", ""]


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("2026-11-20-a/图%201.png", "content/popular-science/activities/2026-11-20-a/图 1.png"),
        ("../outline/b.md#x", "content/popular-science/outline/b.md"),
        ("/news/b.md", "content/news/b.md"),
        ("/content/news/b.md?x", "content/news/b.md"),
        ("../../../../etc/passwd", ""),
        ("/", "content"),
    ],
)
def test_a_local_address_names_a_path_in_the_repository(address: str, target: str) -> None:
    assert target_of(address, ITEM) == target


@pytest.mark.parametrize(
    "hostile", ["[" * 200_000, "![" * 100_000, "](" * 100_000, "<a " * 70_000, "`" * 200_000, "[]:" * 70_000]
)
def test_hostile_texts_are_read_in_a_moment(hostile: str) -> None:
    lines = body_lines("Title: x\n\n" + hostile)
    start = time.process_time()
    assert len([*headings(lines), *pictures(lines), *links(lines)]) <= 100_000
    assert time.process_time() - start < 2
