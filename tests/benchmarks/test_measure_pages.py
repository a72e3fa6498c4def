"""What measures the pages weighs what a server sends, counts what a browser asks for, and says what Lighthouse found."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
from live_sets import SiteUnderTest

from benchmarks.measure_pages import (
    Judged,
    Lost,
    chosen,
    judge,
    main,
    requests,
    score_table,
    served,
    too_heavy,
    weigh,
    weight_table,
)

CHROMIUM = Path("/usr/bin/chromium")
PAGE = """<!doctype html><html><head><link rel="stylesheet" href="../theme/a.css"><link rel="stylesheet" href="../theme/a.css">
<link rel="alternate" href="feed.xml"></head><body><script src="../theme/b%20c.js"></script></body></html>"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with two posts in one column and one in another."""
    site = SiteUnderTest()
    site.add("content/news/2026-11-20-a.md")
    site.add("content/news/2026-11-20-b.md", "Title: 更长的一篇\n\n" + "正文很长。" * 200 + "\n")
    site.add("content/notices/2026-11-20-c.md")
    folder = tmp_path_factory.mktemp("pages") / "output"
    site.build(folder)
    return folder


def test_a_page_weighs_what_a_server_sends_for_it_and_each_of_its_files_once(tmp_path: Path) -> None:
    files = {"news/a.html": PAGE, "theme/a.css": "p { color: black }" * 99, "theme/b c.js": "let a = 1;" * 99}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")

    weight = weigh(tmp_path, "news/a.html")

    sizes = [len(gzip.compress(text.encode(), 6, mtime=0)) for text in files.values()]
    assert [weight.html, weight.styles, weight.scripts] == sizes
    assert weight.whole == sum(sizes)
    assert too_heavy([weight]) == []


def test_a_page_over_the_bar_is_named_and_so_is_one_with_too_much_script(output: Path) -> None:
    light = weigh(output, "index.html")
    heavy = type(light)(page="x.html", html=30_001, styles=0, scripts=0)
    running = type(light)(page="y.html", html=1, styles=0, scripts=5_001)

    assert too_heavy([light, heavy, running]) == ["x.html", "y.html"]


def test_home_the_longest_list_and_its_longest_post_are_measured_where_nobody_names_any(output: Path) -> None:
    assert chosen(output, []) == ["index.html", "news/index.html", "news/2026-11-20-b.html"]
    assert chosen(output, ["404.html"]) == ["404.html"]


def test_requests_are_counted_in_a_browser_and_none_goes_to_others(output: Path) -> None:
    if not CHROMIUM.exists():
        pytest.skip("no browser is installed; apt install chromium")
    (output / "outside.html").write_text('<!doctype html><img src="http://127.0.0.2:9/x.png"><p>x', "utf-8")

    with served(output) as address:
        counted = requests(address, ["index.html", "outside.html"], str(CHROMIUM))

    (made, others), outside = counted["index.html"], counted["outside.html"]
    assert made > 1
    assert others == 0
    assert outside == (2, 1)
    table = weight_table([weigh(output, "index.html")], counted)
    assert f"| {made} | 0 |" in table


def test_a_lighthouse_is_asked_run_after_run_and_what_takes_points_away_is_said(tmp_path: Path) -> None:
    """The program in its place answers as Lighthouse does, with another score each time."""
    program = tmp_path / "node_modules/.bin/lighthouse"
    program.parent.mkdir(parents=True)
    categories = {
        name: {"score": 1, "auditRefs": [{"id": "fine", "weight": 1}]}
        for name in ("performance", "accessibility", "best-practices", "seo")
    }
    categories["performance"] = {
        "score": 0.9,
        "auditRefs": [{"id": "slow", "weight": 3}, {"id": "fine", "weight": 7}, {"id": "hint", "weight": 0}],
    }
    audits = {"slow": {"score": 0.5, "displayValue": "3 s"}, "fine": {"score": 1}, "hint": {"score": 0}}
    program.write_text(
        f"#!{sys.executable}\nimport json, pathlib, sys\nruns = pathlib.Path('runs'); done = runs.exists()\nruns.touch()\n"
        f"answer = json.loads({json.dumps(json.dumps({'categories': categories, 'audits': audits}))})\n"
        "answer['categories']['seo']['score'] = 0.98 if done else 1\n"
        "answer['url'] = sys.argv[1]\nprint(json.dumps(answer))\n",
        "utf-8",
    )
    program.chmod(0o755)

    judged = judge("http://127.0.0.1:1/", "news/index.html", tmp_path, "/chromium", 3)

    assert judged.scores == {
        "performance": [90, 90, 90], "accessibility": [100, 100, 100], "best-practices": [100, 100, 100],
        "seo": [100, 98, 98],
    }  # fmt: skip
    assert judged.lost == (Lost(category="performance", audit="slow", points=15.0, shown="3 s"),)
    table = score_table([judged])
    assert "| news/index.html | 90 (90 to 90) | 100 (100 to 100) | 100 (100 to 100) | 98 (98 to 100) |" in table
    assert "- news/index.html: performance, slow, 15.0: 3 s" in table
    assert "Nothing took a point away." in score_table([Judged(page="x", scores=judged.scores, lost=())])


def test_the_command_line_prints_the_table_and_fails_where_a_page_is_too_heavy(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["measure_pages", str(output), "--browser", ""])
    main()
    assert "| news/2026-11-20-b.html |" in capsys.readouterr().out

    (tmp_path / "index.html").write_bytes(bytes(range(256)) * 400)
    (tmp_path / "news").mkdir()
    (tmp_path / "news/index.html").write_text("".join(chr(n) for n in range(0x4E00, 0x9FFF)), "utf-8")
    monkeypatch.setattr(sys, "argv", ["measure_pages", str(tmp_path), "--browser", "", "--pages", "news/index.html"])
    with pytest.raises(SystemExit, match=r"heavier than 30,000 bytes"):
        main()
