"""The library of resources: its filters show what was chosen and nothing else, and say how much that is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from page_kinds import look_at
from playwright.sync_api import Browser, Page

NAMES = {"text": "文字", "picture": "图片", "video": "视频", "poster": "海报", "audio": "音频"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A resource, as its place in the list says it."""

    title: str
    kind: str
    audience: frozenset[str]
    year: str


@pytest.fixture
def library(page: Page, address: Callable[[str], str]) -> list[Item]:
    """Open the library, and return all that is in it."""
    look_at(page, address("resources column"))
    found = [
        Item(
            title=one.locator("h2").inner_text(),
            kind=one.get_attribute("data-kind") or "",
            audience=frozenset(part.strip() for part in (one.get_attribute("data-audience") or "").split(",")),
            year=one.get_attribute("data-year") or "",
        )
        for one in page.locator(".library > li").all()
    ]
    assert len({one.kind for one in found}) == len(NAMES), "the demonstration's library has not every kind of resource"
    assert len({one.year for one in found}) > 1, "all of it is of one year"
    return found


def shown(page: Page) -> list[str]:
    return page.locator(".library > li:visible h2").all_inner_texts()


def said(page: Page) -> str:
    return page.inner_text("#filtered")


def select(page: Page, kinds: tuple[str, ...], audience: str, year: str) -> None:
    page.evaluate(
        """([kinds, ...chosen]) => {
          for (const one of document.querySelectorAll("#filters input")) {
            if (one.checked !== kinds.includes(one.value)) one.click();
          }
          ["audience", "year"].forEach((name, place) => {
            const one = document.querySelector(`#filters select[name=${name}]`);
            one.value = chosen[place];
            one.dispatchEvent(new Event("change", { bubbles: true }));
          });
        }""",
        [kinds, audience, year],
    )


def options(page: Page, name: str) -> list[str]:
    found: list[str] = page.locator(f"#filters select[name={name}] option").evaluate_all(
        "(all) => all.map((one) => one.value)"
    )
    return found


def wanted(library: list[Item], kinds: tuple[str, ...], audience: str, year: str) -> list[str]:
    return [
        one.title
        for one in library
        if (not kinds or one.kind in kinds)
        and (not audience or audience in one.audience)
        and (not year or one.year == year)
    ]


def test_what_can_be_chosen_is_what_there_is(page: Page, library: list[Item]) -> None:
    kinds = [one.get_attribute("value") for one in page.locator("#filters input[name=kind]").all()]
    assert set(kinds) == {one.kind for one in library}
    for kind in library:
        assert page.get_by_label(NAMES[kind.kind], exact=True).is_visible()
    assert set(options(page, "audience")) == {"", *itertools.chain.from_iterable(one.audience for one in library)}
    years = options(page, "year")
    assert set(years) == {"", *(one.year for one in library)}
    assert years[1:] == sorted(years[1:], reverse=True)


def test_every_combination_shows_exactly_what_it_asks_for_and_says_how_much(page: Page, library: list[Item]) -> None:
    kinds = [(), *((kind,) for kind in NAMES), ("text", "audio"), ("picture", "video", "poster")]
    wrong = {}
    empty = 0
    for combination in itertools.product(kinds, options(page, "audience"), options(page, "year")):
        select(page, *combination)
        expected = wanted(library, *combination)
        empty += not expected
        count = f"共 {len(expected)} 件" if expected else "没有符合条件的资源"
        if (shown(page), said(page)) != (expected, count):
            wrong[combination] = (shown(page), said(page))
    assert wrong == {}
    assert empty > 0, "no combination of the demonstration finds nothing"


def test_the_count_is_told_to_who_does_not_see_it(page: Page, library: list[Item]) -> None:
    # An output is a live region; axe and readers know it as a status.
    assert page.locator("#filters").get_by_role("status").inner_text() == f"共 {len(library)} 件"
    before = page.locator("#filtered").element_handle()
    page.get_by_label(NAMES["audio"], exact=True).check()
    page.locator("#filters").get_by_role("status").get_by_text(
        f"共 {len(wanted(library, ('audio',), '', ''))} 件"
    ).wait_for()
    assert before is not None
    assert before.evaluate("(one) => one.isConnected"), "a region that is replaced is not told"


def test_what_is_filtered_away_is_no_stop_for_the_keyboard_or_a_reader(page: Page, library: list[Item]) -> None:
    page.get_by_label(NAMES["audio"], exact=True).check()
    audible = wanted(library, ("audio",), "", "")
    tree = page.locator(".library").aria_snapshot()
    assert all((one.title in tree) is (one.title in audible) for one in library)
    assert page.locator(".library > li[hidden] a:visible").count() == 0


def test_undoing_the_choice_shows_everything_again(page: Page, library: list[Item]) -> None:
    every = [one.title for one in library]
    select(page, ("video",), "青少年", "2026")
    assert shown(page) != every
    select(page, (), "", "")
    assert shown(page) == every
    assert said(page) == f"共 {len(every)} 件"


def test_a_fresh_look_begins_with_everything(page: Page, library: list[Item]) -> None:
    select(page, ("video",), "", "2026")
    page.reload()
    assert shown(page) == [one.title for one in library]
    assert page.locator("#filters input:checked").count() == 0
    assert page.input_value("#filters select[name=year]") == ""


def test_back_from_a_resource_what_is_chosen_and_what_is_shown_agree(page: Page, library: list[Item]) -> None:
    select(page, ("text",), "", "")
    page.locator(".library > li:visible h2 a").first.click()
    page.wait_for_selector("article h1")
    page.go_back()
    page.wait_for_selector("#filters:not([hidden])")
    checked = tuple(one.get_attribute("value") or "" for one in page.locator("#filters input:checked").all())
    assert shown(page) == wanted(library, checked, "", page.input_value("#filters select[name=year]"))


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_without_javascript_everything_is_shown_and_no_filter(
    plain: Page, page: Page, library: list[Item], address: Callable[[str], str]
) -> None:
    plain.goto(address("resources column"))
    assert shown(plain) == [one.title for one in library]
    assert plain.locator("#filters").is_hidden()
    assert plain.locator("#filters input:visible, #filters select:visible").count() == 0
