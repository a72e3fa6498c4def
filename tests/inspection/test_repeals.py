"""What a document says of its own validity is told from what it says of others."""

from __future__ import annotations

import datetime as dt

import pytest

from review.inspection.parsing import parse_page
from review.inspection.rules.repeals import says_it_is_void

TODAY = dt.date(2026, 11, 21)


def said(title: str, text: str = "正文。") -> str:
    return says_it_is_void(parse_page("policy/a.html", f"<main><h1>{title}</h1><p>{text}</p></main>".encode()), TODAY)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("科普办法（已废止）", "正文。"),
        ("科普办法（2015年废止）", "正文。"),
        ("【失效】科普办法", "正文。"),
        ("已废止：科普办法", "正文。"),
        ("关于印发《科普办法》的通知（已失效）", "正文。"),
        ("科普办法", "此件已废止"),
        ("科普办法", "（已废止）"),
        ("科普办法", "本办法自2020年1月1日起废止。"),
        ("科普办法", "本办法自即日起停止执行。"),
        ("科普办法", "本通知于2024年12月31日自动失效。"),
        ("科普办法", "本办法自2021年1月1日起施行，有效期至2025年12月31日。"),
    ],
)
def test_a_document_that_says_it_is_void_is_heard(title: str, text: str) -> None:
    assert said(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("关于废止部分文件的通知", "正文。"),
        ("关于宣布《甲办法（失效）》的决定", "正文。"),
        ("已废止的文件目录", "正文。"),
        ("关于清理文件的通知", "已废止"),
        ("科普办法", "本办法自2030年1月1日起废止。"),
        ("科普办法", "本决定废止下列文件：甲。"),
        ("科普办法", "本办法自发布之日起施行，原《办法》同时废止。"),
        ("科普办法", "本办法废止前的申请，本办法不因机构调整而失效。"),
        ("科普办法", "本办法到期自动失效，有效期至2029年12月31日。"),
        ("科普办法", "本办法第三条废止。"),
    ],
)
def test_what_it_says_of_others_or_of_later_is_not(title: str, text: str) -> None:
    assert said(title, text) == ""
