"""The example of an own template that the administrators' page gives, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from live_sets import ROOT, SiteUnderTest
from playwright.sync_api import Page

EXAMPLE = re.compile(r"`(theme/overrides/templates/article\.html)`:\n+```html\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT = """() => {
  const sentence = [...document.querySelectorAll("main p")].find((one) => one.textContent.includes("欢迎转载"));
  const box = (one) => one.getBoundingClientRect();
  return { sentence: box(sentence).left, crumbs: box(document.querySelector("nav.crumbs")).left,
           wide: document.documentElement.scrollWidth > innerWidth };
}"""


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_the_example_s_sentence_stands_in_the_column_of_the_page(
    page: Page, serve: Callable[[Path], str], tmp_path: Path, width: int
) -> None:
    """Without its class it would begin at the edge of the window."""
    found = EXAMPLE.search((ROOT / "docs/administrator.md").read_text("utf-8"))
    assert found
    site = SiteUnderTest()
    site.add("content/news/a.md")
    site.policy[found[1]] = found[2].encode()
    site.build(tmp_path / "output")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{serve(tmp_path / 'output')}news/a.html")
    seen = page.evaluate(LEFT)
    assert seen["sentence"] == pytest.approx(seen["crumbs"], abs=1)
    assert seen["sentence"] >= 16
    assert not seen["wide"]
