"""A post that shows its signers less than its page will say, or hides from them what they sign: a terminal shows it all."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.cli.text_as_shown import as_on_the_page
from review.render.markup import Markup
from review.render.terminal_text import lines_of
from review.views.changes import meta_and_text

ROOT = Path(__file__).parents[2]
WORDS = re.compile(r"[A-Za-z0-9]+|[^\W\x00-\x7f]")
SCALE = " 秘密 hidden 价钱 300 元 "

HOSTILE = {
    "a footnote that nothing refers to": f"文字\n\n[^1]:{SCALE}\n",
    "a definition with a title over two lines": f'文字\n\n[a]: http://x.example "{SCALE}\n{SCALE}"\n',
    "a definition whose label is escaped": f"文字\n\n[d\\]x]: http://y.example '{SCALE}'\n",
    "more cells than columns": f"| A | B |\n|---|---|\n| 1 | 2 |{SCALE}|\n",
    "words after a fence": f"```\ncode\n```{SCALE}\n\n再\n",
    "words beside an opening fence": f"```x{SCALE}\ncode\n```\n",
    "a list sixty levels deep": "\n".join("    " * depth + f"- 甲{depth}" for depth in range(60)) + SCALE,
    "quotations sixty levels deep": ">" * 60 + SCALE,
    "a comment": f"文字<!--{SCALE}-->文字\n",
    "a comment over lines": f"文字\n\n<!--\n{SCALE}\n{SCALE}\n-->\n",
    "a comment that never ends": f"文字\n\n<!-- {SCALE}\n",
    "a script": f"<script>{SCALE}</script>\n",
    "an attribute that is dropped": f'<p onclick="{SCALE}" data-x="{SCALE}">文字</p>\n',
    "a tooltip": f'[文字](a.pdf "{SCALE}") <abbr title="{SCALE}">略</abbr>\n',
    "a picture's words": f"![{SCALE}](a.png)\n",
    "an abbreviation": f"*[略]:{SCALE}\n\n略\n",
    "a definition that nothing uses": f"文字\n\n[a]: http://x.example/hidden/300 '{SCALE}'\n",
    "an address that is refused": "[文字](javascript:hidden300)\n",
    "an instruction": f"<?php {SCALE} ?>\n\n<!DOCTYPE {SCALE}>\n\n<![CDATA[ {SCALE} ]]>\n",
    "a definition list": f"术语\n:  {SCALE}\n",
    "an attribute list": "# 题 {#hidden300 .secret data-x=y}\n",
    "details that are closed": f"<details><summary>看</summary>{SCALE}</details>\n",
    "a film": '<video src="hidden.mp4" poster="300.png"><track src="a.vtt" label="秘密"></video>\n',
    "entities": "&#31192;&#x5bc6; &nbsp;300 &lt;b&gt; `&amp;`\n",
    "words of the page, hidden": "秘密 300 元\n\n<!-- 秘密 300 元 -->\n",
}


def shown(text: str) -> str:
    """Return all that a signer sees of a text."""
    found = as_on_the_page(text)
    assert found is not None
    return "\n".join([*(line.plain for line in found.lines), *found.unseen])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_word_of_a_source_is_missing_from_what_its_signer_sees(text: str) -> None:
    assert not Counter(WORDS.findall(text_of(text))) - Counter(WORDS.findall(shown(text)) + FREE)


FREE = [
    "b",
    "p",
    "video",
    "track",
    "src",
    "poster",
    "label",
    "abbr",
    "title",
    "details",
    "summary",
    "nbsp",
    "lt",
    "gt",
] * 9
"""Names of HTML and of signs, whose meaning is seen."""


def text_of(source: str) -> str:
    return re.sub(r"&#(x?)(\w+);", lambda one: chr(int(one[2], 16 if one[1] else 10)), source)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_stands_on_the_page_stands_in_the_view(text: str) -> None:
    html = Markup(()).sanitised(text)
    page = Counter(WORDS.findall(re.sub(r"<[^>]*>", " ", html).replace("&lt;", "<").replace("&gt;", ">")))
    seen = Counter(WORDS.findall("\n".join(line.plain for line in lines_of(html))) + ["nbsp", "amp"] * 9)
    assert not page - seen


def test_what_is_signed_unseen_is_told_as_it_is_written() -> None:
    found = as_on_the_page("票价<!-- 300 元 -->免费。\n\n[a]: http://x.example/b '题'\n")
    assert found is not None
    assert [line.plain for line in found.lines] == ["票价免费。"]
    assert found.unseen == ("<!-- 300 元 -->", "[a]: http://x.example/b '题'")


def test_the_site_s_own_posts_have_nothing_that_is_signed_unseen() -> None:
    posts = sorted((ROOT / "content").rglob("*.md"))
    assert len(posts) > 20
    for post in posts:
        found = as_on_the_page(meta_and_text(post.read_bytes())[1])
        assert found is not None
        assert found.unseen == (), post


PIECES = st.sampled_from(
    ["甲", "乙", "word", "\n", "\n\n", "    ", "- ", "1. ", "7. ", "> ", "# ", "|", "|---|", "```", "~~~", "*", "**", "_", "`",
     "[", "]", "(", ")", "[^1]", "[^1]: ", "[a]: ", "http://e.example/x", '"', "'", "<", ">", "<!--", "-->", "<p>", "</p>",
     "<div>",
     "<script>", "&amp;", "\\", "*[甲]: ", ": ", "!", "{#x}", "&#30002;", "<b title='", "<a href='"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_han_character_of_any_source_gets_lost(text: str) -> None:
    assert not Counter(re.findall("[甲乙]", text)) - Counter(re.findall("[甲乙]", shown(text)))


def test_a_long_text_is_shown_soon() -> None:
    piece = "第{n}段 **粗** [链接](a{n}.pdf) 讲座于四月举行，欢迎参加<!-- {n} -->。\n\n"
    text = "".join(piece.format(n=number) for number in range(2200))
    assert len(text.encode()) > 190_000
    begin = time.process_time()
    found = as_on_the_page(text)
    assert found is not None
    assert time.process_time() - begin < 4
    assert len(found.unseen) == 2200


def test_making_the_page_s_words_takes_no_site_generator() -> None:
    code = "import sys, review.cli.text_as_shown; sys.exit('pelican' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0
