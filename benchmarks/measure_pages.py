"""Measure what pages of a built site cost their readers, and print it as Markdown tables.

    scripts/demo FOLDER
    python -m benchmarks.measure_pages FOLDER/output --lighthouse OTHER_FOLDER --runs 3

Weights are those of the files as a web server sends them, each compressed by itself with gzip. Requests are counted in
Chromium, where there is one. Lighthouse is run where `npm install lighthouse` was run in the folder named, which lies outside
the repository; it looks at the pages as on a slow phone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from playwright.sync_api import Browser, Request, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from review.render.serving import address_of, server_for

PAGE_BAR, SCRIPT_BAR = 30_000, 5_000
"""Bytes that a post's page may weigh with styles and scripts, and its scripts alone."""

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What the parts of a page weigh, in bytes after gzip; pictures aside."""

    page: str
    html: int
    styles: int
    scripts: int

    @property
    def whole(self) -> int:
        """All of it."""
        return self.html + self.styles + self.scripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What took points away: an audit, in which category, how many of its points in a hundred, and what it measured."""

    category: str
    audit: str
    points: float
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The scores of one page, 0 to 100 by category and run, and what took points away in any run."""

    page: str
    scores: dict[str, list[int]]
    lost: tuple[Lost, ...]


def packed(data: bytes) -> int:
    """Return how many bytes a web server sends for these."""
    return len(gzip.compress(data, 6, mtime=0))


def weigh(output: Path, page: str) -> Weight:
    """Return what a page weighs with all of its styles and scripts, also those it loads by a module of its own."""
    data = (output / page).read_bytes()
    tree = LexborHTMLParser(data)
    styles = [one.attributes["href"] for one in tree.css("link[rel~=stylesheet]")]
    scripts = [one.attributes["src"] for one in tree.css("script[src]")]
    return Weight(
        page=page,
        html=packed(data),
        styles=sum(packed(path.read_bytes()) for path in _files(output, page, styles)),
        scripts=sum(packed(path.read_bytes()) for path in _files(output, page, scripts)),
    )


def _files(output: Path, page: str, addresses: Iterable[str | None]) -> Iterator[Path]:
    """Yield the files behind addresses on a page, each once."""
    for address in dict.fromkeys(filter(None, addresses)):
        path = unquote(urlsplit(urljoin(f"http://site/{page}", address)).path).lstrip("/")
        yield output / path


def chosen(output: Path, pages: Sequence[str]) -> list[str]:
    """Return the pages that are measured: home, a list and a post of it, where none are named."""
    if pages:
        return list(pages)
    lists = sorted(output.glob("*/index.html"), key=lambda path: (-len(list(path.parent.glob("*.html"))), path))
    posts = sorted((path for path in lists[0].parent.glob("*.html") if path.name != "index.html"), key=_size)
    return ["index.html", *(path.relative_to(output).as_posix() for path in (lists[0], posts[-1]))]


def _size(path: Path) -> tuple[int, str]:
    return path.stat().st_size, path.name


@contextmanager
def served(output: Path) -> Iterator[str]:
    """Serve the output on this machine, and give its address."""
    with server_for(output, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address_of(server)
        server.shutdown()


def requests(address: str, pages: Iterable[str], browser: str) -> dict[str, tuple[int, int]]:
    """Return how many requests a browser makes for each page, and how many of them go to others."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        seen = {page: _requested(chromium, urljoin(address, page)) for page in pages}
        chromium.close()
    return {page: (len(urls), sum(not url.startswith(address) for url in urls)) for page, urls in seen.items()}


def _requested(chromium: Browser, url: str) -> list[str]:
    urls: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)

    tab = chromium.new_page()
    tab.on("request", note)
    tab.goto(url, wait_until="networkidle")
    tab.close()
    return urls


def judge(address: str, page: str, folder: Path, browser: str, runs: int) -> Judged:
    """Return what Lighthouse says of a page, run after run."""
    results = [_lighthouse(urljoin(address, page), folder, browser) for _ in range(runs)]
    scores = {name: [round(100 * one["categories"][name]["score"]) for one in results] for name in CATEGORIES}
    lost = {(one.category, one.audit): one for result in results for one in _lost(result)}
    return Judged(page=page, scores=scores, lost=tuple(sorted(lost.values(), key=lambda one: (-one.points, one.audit))))


def _lighthouse(url: str, folder: Path, browser: str) -> dict[str, Any]:
    command = [
        str(folder / "node_modules/.bin/lighthouse"), url, "--output=json", "--output-path=stdout", "--quiet",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox",
    ]  # fmt: skip
    env = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run(command, check=True, capture_output=True, env=env, cwd=folder, timeout=300)
    result: dict[str, Any] = json.loads(done.stdout)
    if "runtimeError" in result:
        raise SystemExit(f"{url}: {result['runtimeError']['message']}")
    return result


def _lost(result: dict[str, Any]) -> Iterator[Lost]:
    for name in CATEGORIES:
        references = result["categories"][name]["auditRefs"]
        whole = sum(one["weight"] for one in references)
        for one in references:
            audit = result["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                points = 100 * one["weight"] * (1 - audit["score"]) / whole
                yield Lost(category=name, audit=one["id"], points=points, shown=audit.get("displayValue", ""))


def weight_table(weights: Iterable[Weight], counted: dict[str, tuple[int, int]]) -> str:
    """Return what pages weigh, and how many requests they make."""
    rows = [
        "| page | HTML, B | CSS, B | JS, B | whole, B | requests | to others |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in weights:
        made, others = counted.get(one.page, ("not counted", ""))
        rows.append(
            f"| {one.page} | {one.html:,} | {one.styles:,} | {one.scripts:,} | {one.whole:,} | {made} | {others} |"
        )
    return "\n".join(rows)


def score_table(judged: Iterable[Judged]) -> str:
    """Return the scores, median and extremes, and below them what took points away."""
    rows = [f"| page | {' | '.join(CATEGORIES)} |", "| --- |" + " ---: |" * len(CATEGORIES)]
    lost = []
    for one in judged:
        cells = (f"{statistics.median(runs):g} ({min(runs)} to {max(runs)})" for runs in one.scores.values())
        rows.append(f"| {one.page} | {' | '.join(cells)} |")
        lost += [f"- {one.page}: {loss.category}, {loss.audit}, {loss.points:.1f}: {loss.shown}" for loss in one.lost]
    return "\n".join((*rows, "", *(lost or ["Nothing took a point away."])))


def too_heavy(weights: Iterable[Weight]) -> list[str]:
    """Return the pages that are over the bar."""
    return [one.page for one in weights if one.whole > PAGE_BAR or one.scripts > SCRIPT_BAR]


def main() -> None:
    """Measure as the command line says; status 1 where a page is over the bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure_pages", description="Measure built pages.")
    parser.add_argument("output", type=Path, metavar="OUTPUT", help="a built site")
    parser.add_argument("--pages", nargs="+", default=[], metavar="PAGE", help="pages of it; home, a list and a post")
    parser.add_argument("--lighthouse", type=Path, metavar="FOLDER", help="where `npm install lighthouse` was run")
    parser.add_argument("--runs", type=int, default=3, help="runs of Lighthouse for each page (%(default)s)")
    parser.add_argument("--browser", default=shutil.which("chromium") or "", help="Chromium (%(default)s)")
    given = parser.parse_args()
    weights = [weigh(given.output, page) for page in chosen(given.output, given.pages)]
    pages = [one.page for one in weights]
    with served(given.output) as address:
        counted = requests(address, pages, given.browser) if given.browser else {}
        print(weight_table(weights, counted))
        if given.lighthouse:
            folder = given.lighthouse.resolve()
            print("\n" + score_table([judge(address, page, folder, given.browser, given.runs) for page in pages]))
    if heavy := too_heavy(weights):
        raise SystemExit(f"heavier than {PAGE_BAR:,} bytes, or {SCRIPT_BAR:,} of scripts: {', '.join(heavy)}")


if __name__ == "__main__":
    main()
