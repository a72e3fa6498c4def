"""The kinds of page that readers meet, an address of each in the demonstration, and the ways in which they may look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from kinds_site import kinds_site
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser

from review.formats.policy_files import FILES, parse
from review.model.columns import Columns

# By the type of their column, and by what has to be on them.
POSTS = {
    "overview post": ("overview", ".text"),
    "news post": ("news", ".text p"),
    "news post with a picture": ("news", ".text img"),
    "notice": ("notices", ".text p"),
    "document": ("policy", "dl.document"),
    "document with attachments": ("", "article:has(dl.document) .attachments a[download]"),
    "data set": ("data", ".attachments a[download]"),
    "question": ("interaction", ".question ~ .answer"),
    "topic": ("topic", ".hero .hero-picture img"),
    "film": ("video", "video source"),
    "person": ("people", ".portrait img"),
    "resource": ("resources", ".text"),
    "audio": ("resources", "audio source"),
}
LISTS = {
    "overview": "article.document",
    "news": ".summaries h2",
    "notices": ".leaves h2",
    "policy": "table.documents",
    "data": ".holdings .files",
    "interaction": ".questions",
    "topic": ".cards.topics img",
    "video": ".cards.videos img",
    "people": ".cards.people img",
    "resources": "#filters",
}
ALONE = {"home": "index.html", "404": "404.html", "map": "map.html", "search": "search.html"}
FOUND, SECOND_PAGE = "search results", "second page of a list"
KINDS = (*ALONE, FOUND, *(f"{one} column" for one in LISTS), SECOND_PAGE, *POSTS)
"""Every kind of page."""


def grouped(kinds: Sequence[str], groups: int = 6) -> pytest.MarkDecorator:
    """Give a test several kinds at a time: a browser's page costs more than what is looked at in it, so each is used often."""
    parts = [tuple(kinds[number::groups]) for number in range(groups)]
    return pytest.mark.parametrize("kinds", parts, ids=", ".join)


Mode = Mapping[str, object]
MODES: dict[str, Mode] = {
    "normal": {"size": "normal"},
    "elder": {"size": "normal", "elder": True},
    "contrast": {"size": "normal", "contrast": True},
}
"""What readers may choose, as the page's script remembers it."""


def paged_site(output: Path) -> None:
    """Build a site whose lists are longer than a page."""
    site = kinds_site()
    site.policy["pelicanconf.py"] += b"\nDEFAULT_PAGINATION = 1\n"
    site.build(output)


class Demonstration:
    """The built demonstration, and where its kinds of page are."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.columns = _columns_of(output.parent / "site")

    def path(self, kind: str) -> str:
        """Return a page of this kind as a path from the root; fail the test that asks where there is none."""
        if kind in ALONE:
            return self._first(kind, [ALONE[kind]], "body")
        if kind == FOUND:
            return "search.html?q=%E7%A7%91%E6%99%AE"
        name = kind.removesuffix(" column")
        if name != kind:
            columns = [f"{one}/index.html" for one in self.of_type(name)]
            return self._first(kind, columns, LISTS[name])
        type, sign = POSTS[kind]
        return self._first(kind, self.posts(type), sign)

    def of_type(self, type: str) -> list[str]:
        """Return the columns of a type, all where it is empty."""
        return [one.id for one in self.columns.columns.values() if type in ("", one.type)]

    def posts(self, type: str = "") -> list[str]:
        """Return the pages of all posts in columns of a type."""
        found = (path for one in self.of_type(type) for path in sorted((self.output / one).glob("*.html")))
        return [path.relative_to(self.output).as_posix() for path in found if path.name != "index.html"]

    def parsed(self, path: str) -> LexborHTMLParser:
        """Return a page as its tags."""
        return LexborHTMLParser((self.output / path).read_text("utf-8"))

    def _first(self, kind: str, paths: list[str], sign: str) -> str:
        for path in paths:
            if (self.output / path).is_file() and self.parsed(path).css_first(sign) is not None:
                return path
        return pytest.fail(f"the demonstration has no page of the kind {kind!r}: none of {paths} has {sign!r}")


def _columns_of(site: Path) -> Columns:
    policy, problems = parse({name: (site / name).read_bytes() for name in FILES})
    if policy is None:
        return pytest.fail(f"the demonstration's policy is refused: {problems}")
    return policy.columns


def choose(page: Page, mode: Mode) -> None:
    """Set the switches of a page as a mode has them, as if its reader had pressed them."""
    page.evaluate(
        """(mode) => {
          const set = (id, on) => { const one = document.getElementById(id); if (one.checked !== on) one.click(); };
          set(`size-${mode.size}`, true);
          set("elder", mode.elder === true);
          set("contrast", mode.contrast === true);
        }""",
        dict(mode),
    )


def in_all_modes(page: Page) -> Iterator[str]:
    """Set the switches of a page one mode after the other."""
    for name, mode in MODES.items():
        choose(page, mode)
        yield name


def look_at(page: Page, address: str) -> None:
    """Open a page and wait until all of it is there."""
    page.goto(address)
    if "search.html" in address:
        page.wait_for_selector("#search-filters:not([hidden])")
    if "search.html?" in address:
        page.wait_for_selector("#results li")
