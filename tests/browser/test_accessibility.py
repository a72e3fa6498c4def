"""What axe finds on every kind of page, however its reader looks at it: nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
from page_kinds import KINDS, grouped, in_all_modes, look_at
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  // Selectors take as long as all the rest; an element's own words tell which it is.
  const all = await axe.run({ runOnly: tags, resultTypes: ["violations"], selectors: false });
  const told = (node) => [node.html, node.failureSummary];
  return { passed: all.passes.length, found: all.violations.map((one) => [one.id, one.help, one.nodes.map(told)]) };
}"""


def examined(page: Page) -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate(RUN, RULES)
    return answer


@grouped(KINDS)
def test_axe_finds_nothing_in_any_mode_at_any_width(
    page: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    found = {}
    for kind in kinds:
        page.set_viewport_size({"width": 1280, "height": 900})
        look_at(page, address(kind))
        page.evaluate(AXE)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            if width == 360:
                page.click("label[for=menu-open]")  # what is folded away is looked at too
            for mode in in_all_modes(page):
                answer = examined(page)
                assert answer["passed"] > 20, "axe looked at nothing"
                if answer["found"]:
                    found[kind, width, mode] = answer["found"]
    assert found == {}


def test_axe_would_find_what_is_wrong(page: Page, address: Callable[[str], str]) -> None:
    look_at(page, address("home"))
    page.evaluate(AXE)
    page.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML("beforeend", "<img src='theme/img/icon.svg'><button></button>");
          document.querySelector("label[for=q]").remove();
          document.querySelector("#q").placeholder = "";
          document.documentElement.lang = "";
        }"""
    )
    assert {one[0] for one in examined(page)["found"]} >= {"image-alt", "button-name", "label", "html-has-lang"}
