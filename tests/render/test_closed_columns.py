"""A closed column has a page as long as anything is online in it or below it, and after that leaves no trace."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from live_sets import COLUMNS, SiteUnderTest, tree

from review.model.columns import CLOSED


def site_with(*closed: str) -> SiteUnderTest:
    """Return a site with a post among its activities, of which these columns are closed."""
    columns = [replace(one, open_to=(CLOSED,)) if one.id in closed else one for one in COLUMNS]
    site = SiteUnderTest(columns=tuple(columns))
    site.add("content/popular-science/activities/a.md", "Title: 讲座\n\n见[通知](../../notices/)。\n")
    return site


def test_a_closed_column_with_nothing_online_leaves_no_trace(tmp_path: Path) -> None:
    site_with("notices", "popular-science/venues").build(tmp_path / "output")
    output = tree(tmp_path / "output")
    assert not [path for path in output if path.startswith(("notices/", "popular-science/venues/", "feeds/notices"))]
    assert not [path for path in output if path.startswith("feeds/popular-science/venues")]
    assert "popular-science/activities/index.html" in output
    pages = {path: data.decode() for path, data in output.items() if path.endswith((".html", ".xml"))}
    pages["choices"] = output["static/pagefind/choices.json"].decode()
    assert not [path for path, text in pages.items() if "通知公告" in text or "科普阵地" in text]
    assert [path for path, text in pages.items() if "notices/" in text and not path.startswith("feeds/")] == [
        "popular-science/activities/a.html"
    ]


def test_a_closed_column_keeps_its_page_while_anything_is_online_in_it_or_below_it(tmp_path: Path) -> None:
    site_with("popular-science", "popular-science/activities", "notices").build(tmp_path / "output")
    output = tree(tmp_path / "output")
    for path in ("popular-science/index.html", "popular-science/activities/index.html", "feeds/popular-science.json"):
        assert path in output
    assert "notices/index.html" not in output
    assert "科普活动" in output["map.html"].decode()
    assert json.loads(output["feeds/popular-science.json"])["items"]


def test_an_open_column_has_its_page_with_nothing_in_it_and_so_has_a_closed_one_above_it(tmp_path: Path) -> None:
    site_with("popular-science", "popular-science/activities").build(tmp_path / "output")
    assert (tmp_path / "output/notices/index.html").is_file()
    site = site_with("popular-science", "popular-science/activities")
    site.posts.clear()
    site.chains.clear()
    site.build(tmp_path / "empty")
    assert (tmp_path / "empty/popular-science/venues/index.html").is_file()
    assert (tmp_path / "empty/popular-science/index.html").is_file()
    assert not (tmp_path / "empty/popular-science/activities").exists()
