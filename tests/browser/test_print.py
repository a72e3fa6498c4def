"""Pages on paper: A4, the text with who answers for it and where it stands, and nothing that only a screen is for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from page_kinds import KINDS, POSTS, Mode, choose, grouped, look_at
from playwright.sync_api import Page

FURNITURE = ("a.skip", ".toolbar", "form[role=search]", ".menu", "nav.crumbs", "a.back", "#print", "a.correction",
             "nav.neighbours", ".pages", ".feeds", "#filters", ".site-footer .marks")  # fmt: skip
KEPT = ("h1", ".document-head time", "article .text", ".responsible", ".responsible code", ".address-qr svg",
        ".address-qr .address", ".site-name", ".site-footer .who")  # fmt: skip
CONTENT_WIDTH = 642
"""Pixels between the margins of 20 mm on A4."""

WANTED = (
    "h1, .document-head .meta > *, dl.document div, article .text p, article .text li, article .text td,"
    " .responsible dt, .responsible dd, .address-qr .address"
)
TAGS = "(all) => all.map((one) => one.outerHTML.slice(0, 120))"
# What is cut off at the right of a sheet: it stands out, or it is in a box that hides or scrolls what stands out of it.
CUT = """(width) => [...document.querySelectorAll("body *")].filter((one) => {
    if (!one.checkVisibility() || !one.getClientRects().length || one.closest(".visually-hidden, svg")) return false;
    const box = one.getBoundingClientRect();
    return box.right > width + 1 || (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible");
  }).map((one) => `${Math.round(one.getBoundingClientRect().right)}, ${one.scrollWidth}: ${one.outerHTML.slice(0, 120)}`)"""


def printed(page: Page) -> bytes:
    """The page as a PDF, on the paper that its style sheet asks for."""
    return page.pdf(prefer_css_page_size=True, print_background=False)


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def texts(pdf: bytes, folder: Path) -> list[str]:
    """The text of each sheet, by poppler's pdftotext."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext is installed; it comes with poppler-utils")
    (folder / "page.pdf").write_bytes(pdf)
    done = subprocess.run([program, "-raw", folder / "page.pdf", "-"], check=True, capture_output=True)
    return done.stdout.decode().removesuffix("\f").split("\f")


def letters(text: str) -> str:
    """A text without blanks and breaks."""
    return "".join(text.split())


@grouped(KINDS, 4)
def test_nothing_that_only_a_screen_is_for_is_printed_and_nothing_cut_off(
    page: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    page.set_viewport_size({"width": CONTENT_WIDTH, "height": 900})
    for kind in kinds:
        page.emulate_media(media="screen")
        look_at(page, address(kind))
        page.emulate_media(media="print")
        assert page.locator(", ".join(FURNITURE)).locator("visible=true").evaluate_all(TAGS) == [], kind
        assert page.evaluate(CUT, CONTENT_WIDTH) == [], kind
        assert page.inner_text("main").strip(), kind


@grouped(list(POSTS), 4)
def test_a_post_is_printed_on_a4_whole_with_its_source_its_dates_and_who_answers_for_it(
    page: Page, address: Callable[[str], str], tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    for kind in kinds:
        page.emulate_media(media="screen")
        look_at(page, address(kind))
        on_screen = page.locator("article .text").all_inner_texts()
        page.emulate_media(media="print")
        assert [one for one in KEPT if not page.locator(one).first.is_visible()] == [], kind
        assert page.locator("article .text").all_inner_texts() == on_screen, kind
        wanted = page.locator(WANTED).all_inner_texts()
        assert any(one.startswith("https://example.org/") for one in wanted), kind
        pdf = printed(page)
        found = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert found is not None
        assert [float(side) for side in found.groups()] == pytest.approx([595, 842], abs=1)
        parts = texts(pdf, tmp_path)
        assert len(parts) == sheets(pdf)
        assert [len(letters(part)) > 20 for part in parts] == [True] * len(parts), f"{kind}: a sheet is blank"
        whole = letters("".join(parts))
        assert [one for one in wanted if letters(one) not in whole] == [], kind
        assert not re.search("返回上一级|打印本页|我要纠错|高对比|跳到正文", whole), kind


def test_a_short_post_is_one_sheet_however_its_reader_reads_it(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("news post"))
    page.evaluate(
        "document.querySelectorAll('article .text > :nth-child(n + 4), .attachments').forEach((one) => one.remove())"
    )
    modes: list[Mode] = [{"size": "normal"}, {"size": "larger", "elder": True}, {"size": "normal", "contrast": True}]
    for mode in modes:
        choose(page, mode)
        assert sheets(printed(page)) == 1, mode


def test_what_a_text_folds_is_printed_and_digests_of_films_are_not(
    page: Page, address: Callable[[str], str], tmp_path: Path
) -> None:
    look_at(page, address("film"))
    page.evaluate(
        "document.querySelector('article .text').insertAdjacentHTML('beforeend',"
        " '<details><summary>展开</summary><p>折起来的话。</p></details>')"
    )
    assert page.get_by_text("折起来的话。").is_hidden()
    whole = letters("".join(texts(printed(page), tmp_path)))
    assert "折起来的话。" in whole
    assert "校验值" not in whole
