"""What Markdown may become, and where its addresses lead. No process, no file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.text_tags import TAGS
from review.render.addresses import Kind, Place, classify, page_address
from review.render.markup import Markup, absolute, beginning

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


V, A = (
    f'<a href="https://x.example/{name}" rel="noopener noreferrer" class="external">站外{word}</a>'
    for name, word in (("v.mp4", "视频"), ("a.mp3", "音频"))
)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('甲 <video src="https://x.example/v.mp4" width="9">旧<img src="p.png"></video> 乙', f"<p>甲 {V} 乙</p>"),
        ('<audio controls><source src="//x.example/a.mp3" type="audio/mpeg">旧</audio>', f"<p>{A}</p>"),
        ('<video><source src="//x.example/v.mp4"><source src="https://x.example/v.mp4"></video>', V),
        ('<video><audio src="https://x.example/a.mp3"></audio></video>', A),
        ('<video src="javascript:x"><source src="data:x"><p>旧</p></video>', "<p>旧</p>"),
        (
            '<video src="v.mp4"><source src="https://x.example/v.mp4"><track src="zh.vtt"></video>',
            f'<video src="v.mp4" controls="" preload="metadata"><track src="zh.vtt"></video>{V}',
        ),
        ('<video><source src="v.mp4"></video>', '<video controls="" preload="metadata"><source src="v.mp4"></video>'),
    ],
)
def test_a_player_of_what_is_elsewhere_is_a_link_alone(written: str, made: str) -> None:
    assert MARKUP.html(written, NEWS) == made


BOX = '<div class="wide" role="group" aria-label="表格" tabindex="0">'


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('甲<a href="b.md"> </a>乙', "<p>甲 乙</p>"),
        ('甲<a id="x" href="b.md"></a>乙', '<p>甲<a id="text-x"></a>乙</p>'),
        ('<h2 id="x"><a href="b.md">&nbsp;</a></h2>\n\n甲', "<p>甲</p>"),
        ("<h2>甲</h2>", "<h2>甲</h2>"),
        (
            '<table><tr><th scope="col" colspan="2"></th><th>甲</th></tr></table>',
            f'{BOX}<table><tbody><tr><td colspan="2"></td><th>甲</th></tr></tbody></table></div>',
        ),
    ],
)
def test_links_headings_and_header_cells_without_words_are_none(written: str, made: str) -> None:
    assert MARKUP.html(written, NEWS).strip() == made


def test_a_picture_without_words_says_nothing_and_one_of_nothing_is_not_there() -> None:
    assert MARKUP.html('<img src="p.png"><img alt="图">', NEWS) == (
        '<p><img src="p.png" alt="" loading="lazy" decoding="async"><span>图</span></p>'
    )


def test_absolute_leaves_text_alone_and_changes_addresses() -> None:
    made = MARKUP.html('[x](b.md) `href="b"` [y](#z)', NEWS)
    whole = absolute(made, "https://example.org/news/a.html")
    assert '<a href="https://example.org/news/b.html">x</a>' in whole
    assert '<code>href="b"</code>' in whole
    assert '<a href="https://example.org/news/a.html#text-z">y</a>' in whole


def test_a_beginning_is_text_on_one_line_cut_with_a_sign() -> None:
    assert beginning("<p>一\n二 &lt;b&gt;</p><p>三</p>", 20) == "一 二 <b> 三"
    assert beginning("<p>" + "字" * 50 + "，尾</p>", 51) == "字" * 50 + "…"
