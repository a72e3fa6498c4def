"""What Markdown may become, and where its addresses lead. No process, no file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.render.addresses import Kind, Place, classify, page_address
from review.render.markup import TAGS, Markup, absolute, beginning

ITEMS = {"content/news/b.md", "content/a/b/图 书.md"}
NEWS = Place(column="news")
DEEP = Place(column="a/b")
MARKUP = Markup(ITEMS)


@pytest.mark.parametrize(
    ("value", "kind", "address"),
    [
        ("https://x.example/a", Kind.OUTSIDE, "https://x.example/a"),
        ("HTTP://x.example", Kind.OUTSIDE, "HTTP://x.example"),
        ("mailto:a@b.example", Kind.OUTSIDE, "mailto:a@b.example"),
        ("tel:+86-917-0000000", Kind.OUTSIDE, "tel:+86-917-0000000"),
        ("//x.example/a", Kind.OUTSIDE, "https://x.example/a"),
        ("/\\x.example/a", Kind.OUTSIDE, "https://x.example/a"),
        ("\\\\x.example", Kind.OUTSIDE, "https://x.example"),
        ("/\t/x.example", Kind.OUTSIDE, "https://x.example"),
        ("java\nscript:alert(1)", Kind.REFUSED, ""),
        ("\x01 javascript:alert(1)", Kind.REFUSED, ""),
        ("JavaScript:alert(1)", Kind.REFUSED, ""),
        ("data:text/html,x", Kind.REFUSED, ""),
        ("file:///etc/passwd", Kind.REFUSED, ""),
        ("", Kind.REFUSED, ""),
        ("a\\b.png", Kind.LOCAL, "a/b.png"),
        (" b.md ", Kind.LOCAL, "b.md"),
        ("#x:y", Kind.LOCAL, "#x:y"),
        ("b.md?x=javascript:1", Kind.LOCAL, "b.md?x=javascript:1"),
    ],
)
def test_an_address_is_read_as_a_browser_would_read_it(value: str, kind: Kind, address: str) -> None:
    assert classify(value) == (kind, address)


@pytest.mark.parametrize(
    ("address", "place", "found"),
    [
        ("b.md", NEWS, "b.html"),
        ("./b.md#x", NEWS, "b.html#text-x"),
        ("../news/b.md", DEEP, ""),
        ("../../news/b.md", DEEP, "../../news/b.html"),
        ("/news/b.md", DEEP, "../../news/b.html"),
        ("/content/news/b.md", NEWS, "b.html"),
        ("../a/b/图 书.md", NEWS, "../a/b/%E5%9B%BE%20%E4%B9%A6.html"),
        ("../a/b/%E5%9B%BE%20%E4%B9%A6.md", NEWS, "../a/b/%E5%9B%BE%20%E4%B9%A6.html"),
        ("gone.md", NEWS, ""),
        ("b/a:b #1.png", NEWS, "b/a%3Ab%20#1.png"),
        ("b/100%25.png", NEWS, "b/100%25.png"),
        ("../", DEEP, "../"),
        ("/", DEEP, "../../"),
        ("../../../etc/passwd", DEEP, ""),
        ("#三", NEWS, "#text-三"),
        ("#", NEWS, ""),
        ("?x", NEWS, ""),
    ],
)
def test_a_local_address_is_that_of_the_repository_made_one_of_the_page(address: str, place: Place, found: str) -> None:
    assert page_address(address, place, ITEMS) == found


_TAG = re.compile(r"<([^>\s]+)([^>]*)>")


@given(st.text(alphabet="<>/\"'=&;:#!-[](){}*_`~|\\\n\t abijmnopsx", max_size=120))
def test_whatever_is_written_becomes_tags_that_are_allowed(text: str) -> None:
    made = MARKUP.html(text, NEWS)
    for name, attributes in _TAG.findall(made):
        assert name.lstrip("/") in TAGS
        assert not re.search(r"\s(?:on\w*|style)=", re.sub(r'"[^"]*"', '""', attributes))


@pytest.mark.parametrize("end", ["", ">", " ", "/>", "\n\n", "<p>"])
@pytest.mark.parametrize(
    "start",
    ["<script>x", "<img src=x onerror=x", "<svg><style><a id='", "<!--><img src=x onerror=x", "<a href='javascript:x'",
     "<math><annotation-xml encoding='text/html'><style><img src=x onerror=x",
     "<noscript><p title='</noscript><img src=x onerror=x",
     "<textarea><img src=x onerror=x", "<template><img src=x onerror=x", "<plaintext><img src=x onerror=x"],
)  # fmt: skip
def test_known_ways_around_sanitisers_lead_nowhere(start: str, end: str) -> None:
    made = MARKUP.html(start + end, NEWS)
    for name, attributes in _TAG.findall(made):
        assert name.lstrip("/") in TAGS
        assert "onerror" not in re.sub(r'"[^"]*"', '""', attributes)
        assert "javascript" not in attributes


def test_a_link_around_a_picture_from_elsewhere_stays_one_link() -> None:
    made = MARKUP.html("[![图](https://x.example/p.png)](b.md)", NEWS)
    assert made == '<p><a href="b.html"><span>站外图片：图</span></a></p>'


def test_absolute_leaves_text_alone_and_changes_addresses() -> None:
    made = MARKUP.html('[x](b.md) `href="b"` [y](#z)', NEWS)
    whole = absolute(made, "https://example.org/news/a.html")
    assert '<a href="https://example.org/news/b.html">x</a>' in whole
    assert '<code>href="b"</code>' in whole
    assert '<a href="https://example.org/news/a.html#text-z">y</a>' in whole


def test_a_beginning_is_text_on_one_line_cut_with_a_sign() -> None:
    assert beginning("<p>一\n二 &lt;b&gt;</p><p>三</p>", 20) == "一 二 <b> 三"
    assert beginning("<p>" + "字" * 50 + "，尾</p>", 51) == "字" * 50 + "…"
