"""By keyboard alone, enlarged, and on narrow screens: every control of every kind of page is reached, seen and worked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_kinds import KINDS, MODES, Mode, choose, grouped, look_at
from playwright.sync_api import Browser, Page

ASK = (Path(__file__).parent / "questions.js").read_text("utf-8")
PLAYER_PARTS = 15
"""A player is one control for the page, while the keyboard goes through its own buttons."""


def begin(page: Page) -> int:
    """Go back to the beginning of a page, and return how many controls it has."""
    page.evaluate(ASK)
    return int(page.evaluate("ask.controls()"))


def walk(page: Page, key: str, until: int) -> tuple[list[int], list[str]]:
    """Press a key until a control is reached; return which were on the way and what was wrong with them."""
    page.evaluate("ask.follow()")
    now: dict[str, Any] = page.evaluate("ask.at()")
    for _ in range(abs(until - now["place"])):
        page.keyboard.press(key)
    for _ in range(PLAYER_PARTS):
        now = page.evaluate("ask.at()")
        if now["place"] == until:
            break
        page.keyboard.press(key)
    seen: list[dict[str, Any]] = page.evaluate("trail")
    seen = [*seen[1:], now]
    places = [
        one["place"]
        for one, before in zip(seen, [None, *seen], strict=False)
        if one["place"] != (before or {}).get("place")
    ]
    return places, [one["wrong"] for one in seen if one["wrong"]]


def walk_through(page: Page) -> list[str]:
    """Go through all controls of a page, and return what is wrong with the way."""
    number = begin(page)
    assert page.evaluate("stops[0].matches('a.skip')")
    places, wrong = walk(page, "Tab", number - 1)
    if places != list(range(number)):
        missed = [page.evaluate("(one) => stops[one].outerHTML.slice(0, 120)", one)
                  for one in range(number) if one not in places]  # fmt: skip
        wrong.append(f"the way through {number} controls was {places}; never reached: {missed}")
    return wrong


@pytest.fixture
def still(page: Page) -> Page:
    """A page that does not glide when the focus moves."""
    page.emulate_media(reduced_motion="reduce")
    return page


@grouped(KINDS)
def test_every_control_is_reached_in_the_order_of_the_page_and_seen_and_the_first_leads_past_the_head(
    still: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    found = {}
    for kind in kinds:
        look_at(still, address(kind))
        wrong = walk_through(still)
        still.focus("a.skip")  # the first control, as the way through them has shown
        still.keyboard.press("Enter")
        wrong += still.evaluate("ask.arrived()")
        still.keyboard.press("Tab")
        if not still.evaluate(
            "document.activeElement === document.querySelector('main').querySelector('a, button, input')"
        ):
            wrong.append("the next control is not the first of the content")
        if wrong:
            found[kind] = wrong
    assert found == {}


@pytest.mark.parametrize("mode", ["elder", "contrast"])
def test_the_focus_is_seen_in_every_mode_on_a_narrow_screen(
    still: Page, address: Callable[[str], str], mode: str
) -> None:
    found = {}
    still.set_viewport_size({"width": 360, "height": 740})
    for kind in ("home", "document with attachments", "resources column"):
        look_at(still, address(kind))
        choose(still, MODES[mode])
        still.evaluate("document.getElementById('menu-open').click()")
        if wrong := walk_through(still):
            found[kind] = wrong
    assert found == {}


def test_nothing_holds_the_keyboard_on_the_way_back_or_at_the_end(still: Page, address: Callable[[str], str]) -> None:
    for kind in ("film", "audio", "search results", "document with attachments"):
        look_at(still, address(kind))
        number = begin(still)
        walk(still, "Tab", number - 1)
        assert walk(still, "Shift+Tab", 0)[0] == list(range(number - 1))[::-1], kind
        still.evaluate("stops.at(-1).focus()")
        still.keyboard.press("Tab")
        assert still.evaluate("document.activeElement === document.body || document.activeElement === stops[0]"), kind


def test_arrows_and_blank_work_the_switches(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("news post"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("[document.activeElement.id, document.documentElement.dataset.size]") == [
        "size-large",
        "large",
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    chosen = "['elder', 'contrast'].map((one) => document.documentElement.hasAttribute(`data-${one}`))"
    assert page.evaluate(chosen) == [True, True]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate(chosen) == [False, True]


def test_enter_and_blank_print(page: Page, address: Callable[[str], str]) -> None:
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1 }")
    look_at(page, address("news post"))
    page.focus("#print")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("printed") == 2


def test_the_search_is_sent_by_enter_and_by_its_button(page: Page, address: Callable[[str], str]) -> None:
    for keys in (["Enter"], ["Tab", "Space"]):
        look_at(page, address("news post"))
        page.focus("#q")
        page.keyboard.type("apple")
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url("**/search.html?q=apple")


def test_the_filters_of_a_library_are_worked_by_keyboard(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("resources column"))
    items = page.locator("li[data-kind]:visible")
    every = items.count()
    page.focus("#filters input[name=kind] >> nth=0")
    page.keyboard.press("Space")
    assert 0 < items.count() < every
    page.keyboard.press("Space")
    assert items.count() == every
    page.focus("#filters select[name=year]")
    page.keyboard.press("ArrowDown")
    assert page.input_value("#filters select[name=year]") != ""
    assert 0 < items.count() < every


def test_blank_opens_and_closes_the_columns_on_a_narrow_screen(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("home"))
    page.set_viewport_size({"width": 360, "height": 740})
    page.focus("#menu-open")
    first = page.locator(".menu a").first
    for open_now in (True, False, True):
        page.keyboard.press("Space")
        assert first.is_visible() is open_now
    page.keyboard.press("Tab")
    assert first.evaluate("(one) => one === document.activeElement")


@pytest.fixture
def enlarged(browser: Browser) -> Iterator[Page]:
    """A window of 1280 pixels in which everything is twice as large."""
    context = browser.new_context(viewport={"width": 640, "height": 360}, device_scale_factor=2, locale="zh-CN")
    yield context.new_page()
    context.close()


@grouped(KINDS, 4)
def test_nothing_is_wider_than_a_window_enlarged_twice_or_narrow(
    enlarged: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    found = {}
    for kind in kinds:
        look_at(enlarged, address(kind))
        enlarged.evaluate(ASK)
        for width in (640, 360, 320):
            enlarged.set_viewport_size({"width": width, "height": 740})
            for mode in MODES.values():
                for size in ("normal", "larger"):
                    chosen: Mode = {**mode, "size": size}
                    choose(enlarged, chosen)
                    if over := enlarged.evaluate("[...ask.over(), ...ask.cut()]"):
                        found[kind, width, str(chosen)] = over
                    if mode.get("elder") and (small := enlarged.evaluate("ask.small(32)")):
                        found[kind, width, f"small in {chosen}"] = small
    assert found == {}
