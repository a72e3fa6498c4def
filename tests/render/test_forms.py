"""A form as a page: same bytes, nothing that runs or is fetched, every text as text, and its QR code says what it must."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import segno
from markupsafe import escape

from review.model.forms import Box, Field, Form, qr_text
from review.render.forms import MARK, html_of, qr_svg, rows_of
from review.views.form_words import CHINESE, ENGLISH

MANIFEST = "sha256:" + "9ed01680610f4cea" * 4
QR = qr_text("test-site", "content/news/2026-11-20-a.md", 1, MANIFEST)

FORM = Form(
    style="sign-off",
    site="test-site",
    item="content/news/2026-11-20-a.md",
    version=1,
    manifest=MANIFEST,
    code="9ED0-1680-610F-4CEA",
    qr=QR,
    title="测试站图文信息发布审签单",
    place="content/news/2026-11-20-a.md",
    fields=(
        Field(key="title", label="标题", value="春季科普讲座", wide=True),
        Field(key="classified", label="是否涉密", choices=(("是", False), ("否", True))),
        Field(key="phone", label="联系电话"),
        Field(key="attachments", label="附件", lines=("a.pdf（1 字节）", "b.pdf（2 字节）"), wide=True),
    ),
    boxes=(
        Box(stage="head", title="负责人审改", paper=True),
        Box(stage="leader", title="终审", paper=False, person="l", at="x", note="改短", shown="示例已签"),
    ),
    boxes_left_out=0,
    printed="打印日期：2026年11月21日",
    words=CHINESE,
)


def test_the_same_form_gives_the_same_bytes() -> None:
    assert html_of(FORM) == html_of(replace(FORM, printed=str(FORM.printed)))


def test_everything_that_the_form_holds_stands_on_the_page() -> None:
    page = html_of(FORM)
    for text in (
        FORM.title,
        FORM.item,
        "第 1 版",
        "春季科普讲座",
        "a.pdf（1 字节）",
        FORM.code,
        FORM.manifest,
        FORM.printed,
        "改短",
    ):
        assert text in page
    assert page.count("签名：") == 1  # the other box is signed


def test_an_open_box_has_room_for_an_opinion_a_signature_and_a_date() -> None:
    box = html_of(FORM).partition('<div class="box">')[2].partition("</div>\n")[0]
    for word in ("意见", "同意", "退回修改", "签名", "日期", CHINESE.in_ink):
        assert word in box


def test_a_tick_stands_at_the_answer_and_nowhere_else() -> None:
    ticks = re.findall(r'<span class="tick">(.*?)</span>(.*?)</span>', html_of(FORM))
    assert ticks == [("&#160;", "是"), ("✓", "否"), ("&#160;", "同意"), ("&#160;", "退回修改")]


def test_a_qr_code_is_the_one_that_its_library_makes_of_the_text() -> None:
    expected = segno.make(QR, error="m", boost_error=False, mode="byte", encoding="utf-8", micro=False)
    drawn = re.search(r'<svg.*?d="([^"]+)"', html_of(FORM))
    assert drawn is not None
    own = re.search(r'd="([^"]+)"', expected.svg_inline())
    assert own is not None
    assert drawn[1] == own[1]
    assert qr_svg(QR) != qr_svg(QR.replace(":1:", ":2:"))


def test_the_longest_path_that_a_site_can_have_still_has_a_qr_code() -> None:
    item = "content/" + "/".join(["a" * 64] * 7) + "/" + "名" * 84 + ".md"
    assert "<svg" in qr_svg(qr_text("s" * 64, item, 999_999_999, MANIFEST))


EVIL = '</td><script>alert("x")</script><img src=//evil.example>&amp;'


def test_no_text_of_anybodys_becomes_markup() -> None:
    form = replace(
        FORM,
        title=EVIL,
        place=EVIL,
        fields=(Field(key="title", label=EVIL, value=EVIL, lines=(EVIL,), choices=((EVIL, True),), wide=True),),
        boxes=(
            Box(stage="s", title=EVIL, paper=True),
            Box(stage="s", title=EVIL, paper=True, person="p", note=EVIL, shown=EVIL),
        ),
    )
    page = html_of(form)
    assert "<script" not in page
    assert "<img" not in page
    assert page.count(str(escape(EVIL))) == 11


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    page = html_of(FORM)
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b|url\(|@import|\son\w+=|javascript:", page)
    assert re.findall(r"https?://[^\"' ]+", page) in ([], ["http://www.w3.org/2000/svg"])


@pytest.mark.parametrize(("boxes", "columns"), [(1, 1), (3, 1), (4, 2), (8, 2), (9, 3)])
def test_many_boxes_stand_side_by_side(boxes: int, columns: int) -> None:
    page = html_of(replace(FORM, boxes=(FORM.boxes[0],) * boxes))
    assert f'class="boxes columns-{columns}"' in page
    assert page.count('<div class="box">') == boxes


def test_a_form_without_boxes_has_none() -> None:
    assert '<section class="boxes' not in html_of(replace(FORM, boxes=()))


def test_boxes_left_out_are_counted() -> None:
    assert "另有 3 个签署环节" in html_of(replace(FORM, boxes_left_out=3))


def test_narrow_fields_stand_in_pairs_and_wide_ones_alone() -> None:
    wide, narrow = Field(key="w", label="w", wide=True), Field(key="n", label="n")
    form = replace(FORM, fields=(wide, narrow, narrow, narrow, wide, narrow))
    assert [[one.key for one in row] for row in rows_of(form)] == [["w"], ["n", "n"], ["n"], ["w"], ["n"]]


def test_an_english_form_is_english() -> None:
    page = html_of(replace(FORM, words=ENGLISH))
    assert '<html lang="en">' in page
    assert "Signature: " in page


def test_a_print_can_be_told_from_another_file() -> None:
    assert MARK in html_of(FORM).encode()
