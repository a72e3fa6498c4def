"""The duty table as a page of the organisation's own: everything on it, nothing fetched, nothing run, marked as internal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.model.duties import Answerable, Clock, DutyRow, DutyTable, OpenGroup, Owner, Publication
from review.render.internal import duty_page

CHROMIUM = Path("/usr/bin/chromium")
LAST = Publication(
    item="content/news/a.md", title="春季科普讲座", version=2, update=True, at="2026-10-01T10:00:00+08:00"
)
ROW = DutyRow(
    last=LAST, days=51, limit=14, rule="UPD-02", due="2026-10-15", upkeep="late", late_by=37, column="news",
    title="工作动态", type="news", duty="as-needed", posts=3, open_to=(OpenGroup(group="county", units=12, first="金台区科协"),),
    owners=(
        Owner(unit="kpb", title="科普部", part="lead",
              people=(Answerable(id="p", name="示例负责人", stages=("负责人审改",)),)),
        Owner(unit="fx", title="凤翔区科协", part="support", people=()),
    ),
)  # fmt: skip
ROWS = (
    ROW,
    replace(ROW, column="a", title="空栏目", last=None, days=None, due="", upkeep="empty", late_by=0),
    replace(ROW, column="b", title="科学普及 / 科普活动", due="2026-12-01", upkeep="current", late_by=0),
    replace(ROW, column="c", title="专题", type="topic", limit=0, rule="", due="", upkeep="free", late_by=0),
    replace(ROW, column="d", title="旧栏目", owners=(), open_to=(), due="", upkeep="closed", late_by=0),
)
TABLE = DutyTable(
    site="test-site", title="测试站", url="https://example.org", commit="c" * 40, as_of="2026-11-21",
    until="2026-11-21T20:00:00+08:00", rows=ROWS,
    home=Clock(last=LAST, days=51, limit=14, rule="UPD-01", due="2026-10-15", upkeep="late", late_by=37),
    counts={"late": 1, "empty": 1, "current": 1, "free": 1, "closed": 1},
)  # fmt: skip


def page(table: DutyTable = TABLE) -> LexborHTMLParser:
    return LexborHTMLParser(duty_page(table))


def words(node: LexborNode | None) -> str:
    return " ".join(node.text(separator=" ").split()) if node is not None else ""


def test_each_column_stands_under_its_state_with_all_that_is_known_of_it() -> None:
    shown = page()

    assert [words(one) for one in shown.css("h2")] == [
        "逾期未更新（1）", "空白栏目（1）", "按期更新（1）", "不设期限（1）", "已停用（1）",
    ]  # fmt: skip
    late, empty, current, free, closed = (words(one) for one in shown.css("tbody tr"))
    assert late == (
        "工作动态 动态要闻 · 按需发布 · 3 篇 逾期 37 天 截止 2026-10-15 2026-10-01 （51 天前更新） 春季科普讲座 "
        "14 天 UPD-02 科普部 示例负责人 负责人审改 配合： 凤翔区科协 供稿： 金台区科协等 12 个单位"
    )
    assert "尚无内容" in empty
    assert "逾期" not in current
    assert "2026-12-01" in current
    assert "专题 专题 · 按需发布" in free
    assert closed.startswith("旧栏目")
    assert "已逾期 37 天" in words(shown.css_first(".home"))


def test_a_site_where_nothing_is_online_has_a_page_too() -> None:
    nothing = replace(TABLE.home, last=None, days=None, due="", upkeep="empty", late_by=0)

    shown = page(replace(TABLE, home=nothing, rows=(), counts={}))

    assert words(shown.css_first(".home")) == "首页： 尚无内容 。"


def test_it_is_marked_as_internal_for_people_and_for_search_engines() -> None:
    shown = page()

    assert "内部资料" in words(shown.css_first("main .mark"))
    assert "内部资料" in words(shown.css_first("title"))
    robots = shown.css_first('meta[name="robots"]')
    assert robots is not None
    assert "noindex" in (robots.attributes["content"] or "")


def test_it_runs_nothing_and_fetches_nothing() -> None:
    shown = page()

    assert shown.css("script, link, img, iframe, object, form, base, [style], [onclick]") == []
    assert not re.search(r"url\(|@import|@font-face", words(shown.css_first("style")) + duty_page(TABLE))
    policy = shown.css_first('meta[http-equiv="Content-Security-Policy"]')
    assert policy is not None
    assert (policy.attributes["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert {one.attributes["href"] for one in shown.css("a")} == {
        f"https://example.org/{row.column}/" for row in TABLE.rows
    }


def test_every_text_is_text_whatever_it_looks_like() -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    owner = Owner(unit="u", title=hostile, part="lead", people=(Answerable(id="p", name=hostile, stages=(hostile,)),))
    row = replace(ROW, title=hostile, last=replace(LAST, title=hostile), owners=(owner, replace(owner, part="support")))

    shown = page(replace(TABLE, title=hostile, rows=(row,)))

    assert shown.css("script, img") == []
    assert shown.html is not None
    assert shown.html.count("{{ 7*7 }}") == shown.html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 8


def test_the_same_table_gives_the_same_bytes() -> None:
    assert duty_page(TABLE) == duty_page(replace(TABLE))


# -- in a browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, where one is installed."""
    if not CHROMIUM.exists():
        pytest.skip("no browser is installed; apt install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a page lies that has long names and addresses on it."""
    file = tmp_path_factory.mktemp("page") / "duty.html"
    long = replace(ROW, title="很长的栏目名称" * 6, last=replace(LAST, title="https://example.org/" + "x" * 200))
    file.write_text(duty_page(replace(TABLE, rows=(*ROWS, long))), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [320, 360, 640, 768, 1280])
def test_no_width_needs_scrolling_sideways_and_nothing_is_cut_off(browser: Browser, address: str, width: int) -> None:
    view = browser.new_page(viewport={"width": width, "height": 800})
    view.goto(address)

    assert view.evaluate("document.documentElement.scrollWidth") <= width
    cut = view.evaluate(
        "[...document.querySelectorAll('td, th, p, li, h1, h2')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    view.close()
    assert cut == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_nothing_to_say(browser: Browser, address: str, width: int) -> None:
    view = browser.new_page(viewport={"width": width, "height": 800})
    view.goto(address)

    found = Axe().run(view).response["violations"]

    view.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_it_prints_on_a4_with_its_mark(browser: Browser, address: str) -> None:
    view = browser.new_page()
    view.goto(address)

    paper = view.pdf(prefer_css_page_size=True)

    view.emulate_media(media="print")
    assert view.locator(".mark").is_visible()
    assert view.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgba(0, 0, 0, 0)"
    view.close()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert boxes
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} <= {(842, 595), (841, 595), (842, 596)}
