"""The theme in a real browser: switches, printing, filters, and where links say they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kinds_site import kinds_site
from playwright.sync_api import Browser, Page

ARTICLE, LIBRARY = "news/n4.html", "library/index.html"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, as at the root of its host: the page for what is not there has addresses from there."""
    place = tmp_path_factory.mktemp("theme") / "output"
    kinds_site().build(place, url="http://127.0.0.1")
    return place


@pytest.fixture
def site(output: Path, serve: Callable[[Path], str]) -> str:
    """The address of the site."""
    return serve(output)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def size(page: Page) -> float:
    """The size of letters in pixels, by which everything else is measured."""
    return float(str(page.locator("html").evaluate("root => parseFloat(getComputedStyle(root).fontSize)")))


def colours(page: Page) -> list[str]:
    found: list[str] = page.locator("body").evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    return found


def remember(page: Page, chosen: dict[str, object]) -> None:
    page.add_init_script(f"localStorage.setItem('qianfa', JSON.stringify({str(chosen).replace('True', 'true')}))")


def test_the_three_sizes_grow_and_are_remembered_on_other_pages(page: Page, site: str) -> None:
    page.goto(site + ARTICLE)
    normal = size(page)
    page.get_by_label("大", exact=True).check()
    large = size(page)
    page.get_by_label("特大").check()
    larger = size(page)
    assert normal < large < larger
    page.goto(site + "index.html")
    assert size(page) == larger
    assert page.locator("#size-larger").is_checked()
    page.get_by_label("标准").check()
    page.reload()
    assert size(page) == normal


def test_elder_mode_has_larger_type_and_fewer_things_and_is_remembered_until_it_is_left(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    before = size(page)
    assert page.locator(".fresh").is_visible()
    page.get_by_label("长辈版").check()
    assert size(page) >= 1.3 * before
    assert page.locator(".fresh").is_hidden()
    assert colours(page)[0] == "rgb(0, 0, 0)"
    page.goto(site + ARTICLE)
    assert page.locator("html").get_attribute("data-elder") == ""
    assert page.locator("#elder").is_checked()
    page.get_by_label("长辈版").uncheck()
    page.reload()
    assert size(page) == before


def test_high_contrast_is_black_on_white(page: Page, site: str) -> None:
    page.goto(site + ARTICLE)
    page.get_by_label("高对比").check()
    assert colours(page) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_choice_holds_before_anything_is_shown(page: Page, site: str) -> None:
    remember(page, {"elder": True, "size": "large"})
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.early = document.documentElement.dataset.elder });"
    )
    page.goto(site + ARTICLE)
    assert page.evaluate("early") == ""


def test_what_somebody_else_left_in_the_browser_s_store_does_no_harm(page: Page, site: str) -> None:
    page.add_init_script('localStorage.setItem(\'qianfa\', \'{"size": "</style>", "elder": "x"\')')
    page.goto(site + ARTICLE)
    assert page.locator("html").get_attribute("data-size") == "normal"
    page.get_by_label("长辈版").check()
    page.reload()
    assert page.locator("#size-normal").is_checked()


def test_the_switches_work_without_a_script(plain: Page, site: str) -> None:
    plain.goto(site + "index.html")
    assert plain.locator(".fresh").is_visible()
    plain.locator("#elder").check()
    assert plain.locator(".fresh").is_hidden()
    plain.locator("#contrast").check()
    plain.locator("#size-larger").check()
    assert plain.locator("#size-larger").is_checked()


def test_without_a_script_all_resources_are_shown_and_nothing_that_would_not_work(plain: Page, site: str) -> None:
    plain.goto(site + LIBRARY)
    assert plain.locator("#filters").is_hidden()
    assert plain.locator("li[data-kind]:visible").count() == 3
    plain.goto(site + ARTICLE)
    assert plain.locator("#print").is_hidden()
    assert plain.locator("a.back").is_visible()
    assert plain.locator(".address-qr svg").is_visible()


def test_on_a_narrow_screen_the_columns_open_and_close_without_a_script(plain: Page, site: str) -> None:
    plain.goto(site + ARTICLE)
    column = plain.locator(".menu a", has_text="通知公告")
    assert column.is_hidden()
    plain.get_by_text("全部栏目").click()
    assert column.is_visible()
    column.click()
    assert plain.url == site + "notices/index.html"


def test_the_button_prints(page: Page, site: str) -> None:
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(site + ARTICLE)
    page.get_by_role("button", name="打印本页").click()
    assert page.evaluate("printed") is True


def test_paper_has_the_text_the_card_and_the_address_and_none_of_the_furniture(page: Page, site: str) -> None:
    remember(page, {"elder": True, "size": "larger"})
    page.goto(site + "disclosure/rules.html")
    page.emulate_media(media="print")
    for gone in (".toolbar", ".search", ".menu", ".crumbs", ".tools", ".correct", ".neighbours"):
        assert page.locator(gone).first.is_hidden(), gone
    for kept in (".site-name", "h1", "dl.document", ".text", ".responsible", ".address-qr svg"):
        assert page.locator(kept).first.is_visible(), kept
    assert size(page) == pytest.approx(11 * 96 / 72, rel=1e-3)
    assert colours(page)[0] == "rgb(0, 0, 0)"
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"


NESTED = "".join(f"{'    ' * depth}- 层\n" for depth in range(10))
WIDE = "|".join(f"第{number}列" for number in range(20)) + "\n" + "|".join(["--"] * 20) + "\n"
UNBROKEN = "A" * 300


def test_what_authors_overdo_stays_within_a_telephone_in_the_largest_letters(
    page: Page, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    site = kinds_site()
    body = (
        f"{NESTED}\n{NESTED.replace('-', '1.')}\n{'> ' * 10}引\n\n{WIDE}\n    {UNBROKEN}\n\n## ![](../news/n4/a.png)\n"
    )
    for column in ("news", "topics", "people", "library"):
        head = f"Title: {UNBROKEN}\nSummary: {UNBROKEN}\nTags: {UNBROKEN}\n"
        known = f"Audience: {UNBROKEN}\nResource_kind: {UNBROKEN}\n" if column == "library" else ""
        site.add(f"content/{column}/long.md", f"{head}{known}\n## 一\n\n{body}\n## 二\n\n文。\n")
    site.build(tmp_path / "output")
    address = serve(tmp_path / "output")
    remember(page, {"elder": True, "size": "larger"})
    page.set_viewport_size({"width": 360, "height": 740})
    wide = {}
    for path in (
        f"{column}/{name}.html" for column in ("news", "topics", "people", "library") for name in ("index", "long")
    ):
        page.goto(address + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
        if path == "topics/long.html":
            assert page.locator("nav.contents a").all_inner_texts() == ["一", "二"]
    assert {path: width for path, width in wide.items() if width > 360} == {}


def test_what_follows_a_short_text_begins_below_the_portrait(page: Page, site: str) -> None:
    page.goto(site + "people/welder.html")
    text, portrait, card = (page.locator(one).bounding_box() for one in (".text", ".portrait img", ".colophon"))
    assert text
    assert portrait
    assert card
    assert portrait["x"] > text["x"]
    assert card["y"] >= portrait["y"] + portrait["height"]
    assert (card["x"], card["width"]) == (text["x"], text["width"])


def test_links_say_where_they_lead_when_they_leave_the_site(page: Page, site: str) -> None:
    page.goto(site + "disclosure/rules.html")
    link = page.locator("a.external", has_text="转自示例网")
    assert link.get_attribute("title") == "将离开本站，前往 elsewhere.example"
    assert "站外链接" in page.locator(".document-head .meta").aria_snapshot()


def test_a_library_is_filtered_by_kind_audience_and_year(page: Page, site: str) -> None:
    page.goto(site + LIBRARY)
    shown = page.locator("li[data-kind]:visible h2")
    assert shown.count() == 3
    page.get_by_label("海报").check()
    page.get_by_label("文字").check()
    assert shown.all_inner_texts() == ["过冬海报", "冬至短文"]
    page.get_by_label("适用人群").select_option("公众")
    assert shown.all_inner_texts() == ["过冬海报"]
    assert page.locator("#filtered").inner_text() == "共 1 件"
    page.get_by_label("海报").uncheck()
    assert page.locator("#filtered").inner_text() == "没有符合条件的资源"
    page.get_by_label("文字").uncheck()
    page.get_by_label("适用人群").select_option("全部")
    page.get_by_label("年份").select_option("2026")
    assert shown.count() == 3
