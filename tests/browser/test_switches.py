"""The switches of every page: type sizes, elder mode, high contrast, the grey of mourning; with and without JavaScript."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from live_sets import SiteUnderTest
from page_kinds import ALONE, FOUND, KINDS, LISTS, MODES, SECOND_PAGE, Demonstration, choose, grouped, look_at
from PIL import Image
from playwright.sync_api import Browser, Page

# The head is the same on every page; how a page is laid out, and so what could jump, is not.
LAYOUTS = (
    *ALONE, FOUND, "news column", "policy column", "video column", "resources column",
    "news post with a picture", "document", "topic", "film", "person",
)  # fmt: skip

# What the attributes of the page were set to and when, and when it was first painted: milliseconds since it was asked for.
WATCH = """
  window.attributes = [];
  window.shifted = 0;
  const now = () => [performance.now(), JSON.stringify(document.documentElement.dataset)];
  new MutationObserver(() => attributes.push(now())).observe(document, { subtree: true, attributes: true,
    attributeFilter: ["data-size", "data-elder", "data-contrast"] });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) shifted += one.value; })
    .observe({ type: "layout-shift", buffered: true });
"""
PAINTED = """async () => {
  const first = () => performance.getEntriesByType("paint").find((one) => one.name === "first-contentful-paint");
  while (!first()) await new Promise(requestAnimationFrame);
  return { painted: first().startTime, attributes, shifted, now: JSON.stringify(document.documentElement.dataset) };
}"""
COLOURS = """() => [...document.querySelectorAll("body, h1, main p, main a, .toolbar, .menu, .site-footer")].map((one) => {
  const { color, backgroundColor } = getComputedStyle(one);
  return [color, backgroundColor];
})"""


def letters(page: Page, selector: str = "article .text p") -> float:
    """The size in pixels of the letters in the first such element."""
    found: float = page.locator(selector).first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    return found


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_size_is_drawn_and_kept_on_the_next_page_and_after_reloading(
    page: Page, address: Callable[[str], str]
) -> None:
    look_at(page, address("news post"))
    drawn = []
    for size in ("normal", "large", "larger"):
        page.check(f"#size-{size}")
        drawn.append(letters(page))
    assert drawn[0] * 1.1 < drawn[1] < drawn[2] / 1.1
    page.reload()
    assert letters(page) == drawn[2]
    page.click("main .crumbs a >> nth=-1")
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("data-size") == "larger"
    assert page.is_checked("#size-larger")
    assert letters(page, "body") == pytest.approx(16 * drawn[2] / drawn[0])


@grouped(LAYOUTS, 2)
def test_the_choice_is_there_before_a_page_is_painted_and_nothing_jumps(
    page: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    page.add_init_script(WATCH)
    for kind in kinds:
        look_at(page, address(kind))
        choose(page, {"size": "larger", "elder": True})
        page.reload()
        seen: dict[str, Any] = page.evaluate(PAINTED)
        moments, states = zip(*seen["attributes"], strict=True)
        assert moments[0] < seen["painted"], kind
        assert set(states) == {seen["now"]}, kind
        assert {"size": "larger", "elder": ""}.items() <= json.loads(seen["now"]).items(), kind
        assert seen["shifted"] < 0.01, kind


def test_elder_mode_enlarges_and_shows_fewer_things(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("home"))
    normal = letters(page, "body")
    assert page.locator("main .secondary:visible").count() > 0
    blocks = page.locator("main section:visible").count()
    page.check("#elder")
    assert letters(page, "body") >= 1.3 * normal
    assert page.locator("main .secondary:visible").count() == 0
    assert page.locator("main section:visible").count() < blocks
    page.uncheck("#elder")
    assert letters(page, "body") == normal
    assert page.locator("main section:visible").count() == blocks


def test_elder_mode_leaves_the_text_its_source_and_who_answers_for_it(
    page: Page, address: Callable[[str], str]
) -> None:
    for kind in ("news post", "film", "document with attachments", "question"):
        look_at(page, address(kind))
        page.uncheck("#elder")
        text = page.inner_text("article .text >> nth=0")
        page.check("#elder")
        assert page.inner_text("article .text >> nth=0") == text
        kept = (
            "h1",
            ".document-head .meta",
            ".responsible",
            ".address-qr svg",
            "a.back",
            "#print",
            "a.correction",
            "#q",
        )
        assert [one for one in kept if not page.locator(one).first.is_visible()] == [], kind


def test_high_contrast_changes_the_colours_to_black_on_white(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("news post"))
    before = page.evaluate(COLOURS)
    page.check("#contrast")
    after: list[list[str]] = page.evaluate(COLOURS)
    assert after != before
    assert after[0] == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator("article .text p").first.evaluate("(one) => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    page.uncheck("#contrast")
    assert page.evaluate(COLOURS) == before


def coloured(page: Page) -> float:
    """The share of a page's picture that has a colour."""
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as picture:
        saturation = picture.convert("HSV").getchannel("S").histogram()
    return sum(saturation[13:]) / sum(saturation)


def test_one_word_in_the_columns_file_makes_the_whole_site_grey(
    page: Page, address: Callable[[str], str], tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    look_at(page, address("home"))
    assert coloured(page) > 0.01
    site = SiteUnderTest(about={"grey": True, "organiser": "示例市科协"})
    site.add("content/news/a.md", "Title: 示例\n\n![红](a/red.png)\n", attachments={"red.png": red()})
    site.build(tmp_path / "output")
    root = serve(tmp_path / "output")
    for path in ("index.html", "news/a.html", "search.html"):
        page.goto(root + path)
        assert coloured(page) == 0, path


def red() -> bytes:
    """A picture with a colour, as its bytes."""
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(made, "PNG")
    return made.getvalue()


@grouped(KINDS, 4)
def test_without_javascript_all_of_a_page_is_there_and_nothing_that_would_not_work(
    page: Page, plain: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    works = ("#size-larger", "#elder", "#contrast", "#q", ".site-footer a >> nth=0")
    for kind in kinds:
        plain.goto(address(kind))
        assert plain.locator("#print, #filters, #search-filters, #more, [hidden]").locator("visible=true").count() == 0
        assert [one for one in works if not plain.locator(one).is_visible()] == [], kind
        if "search" not in kind:
            look_at(page, address(kind))
            page.evaluate("document.querySelectorAll('#print, #filters').forEach((one) => one.remove())")
            assert plain.inner_text("main").split() == page.inner_text("main").split(), kind


def test_without_javascript_the_switches_work_on_the_page(plain: Page, address: Callable[[str], str]) -> None:
    plain.goto(address("news post"))
    drawn = []
    for size in ("normal", "large", "larger"):
        plain.check(f"#size-{size}")
        drawn.append(letters(plain))
    assert drawn[0] * 1.1 < drawn[1] < drawn[2] / 1.1
    plain.check("#size-normal")
    plain.check("#elder")
    assert letters(plain) >= 1.3 * drawn[0]
    plain.uncheck("#elder")
    before = plain.evaluate(COLOURS)
    plain.check("#contrast")
    assert plain.evaluate(COLOURS) != before


def test_without_javascript_the_search_page_says_what_to_do(plain: Page, address: Callable[[str], str]) -> None:
    plain.goto(address("search results"))
    note = plain.locator("noscript .search-note")
    assert "JavaScript" in note.inner_text()
    note.locator("a[href$='map.html']").click()
    assert plain.inner_text("h1") == "网站地图"
    assert plain.locator("main a:visible").count() > 20


def test_the_lists_named_here_are_all_that_the_sample_has(demonstration: Demonstration) -> None:
    assert {one.type for one in demonstration.columns.columns.values()} == set(LISTS)
    assert SECOND_PAGE in KINDS
    assert set(MODES) == {"normal", "elder", "contrast"}
