"""What measures the search indexes pages of posts, all of them, and tells Pagefind's memory from ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.measure_search import made, measured
from review.render import search


def test_what_it_costs_is_measured_on_a_real_index(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measured(30, 200)
    assert found["characters"] >= 200
    assert found["files"] > 30
    assert found["megabytes"] > 0.1
    assert found["seconds"] > 0
    assert found["worked"] > 0
    assert found["pagefind"] > 5
    monkeypatch.setattr(search, "MOST_TOGETHER", 3_000)
    assert measured(30, 200)["files"] > found["files"]


def test_the_pages_are_those_of_the_posts_that_the_index_is_told_of(tmp_path: Path) -> None:
    data, length = made(tmp_path / "site", 12, 300)
    pages = sorted(path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*/*.html"))
    assert pages == sorted(post["item"].removeprefix("content/").replace(".md", ".html") for post in data["posts"])
    assert length >= 12 * 300
    (tmp_path / "work").mkdir()
    search.write_search_index(data, tmp_path / "site", tmp_path / "work", {})
    told = json.loads((tmp_path / "site" / search.FOLDER / search.CHOICES).read_text("utf-8"))
    assert (told["parts"], len(told["year"]), len(told["unit"])) == (1, 10, 5)
