"""Measure what the search index costs a build: seconds, memory and bytes for sites of several sizes.

    python -m benchmarks.measure_search --posts 1000 10000 --characters 550 1200

Each run is a process of its own, over pages made by it; those have the text of posts and nothing around it. Memory is that
of Pagefind, which is the largest, and of the process that feeds it. Nothing is left behind.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import prose
from benchmarks.measure_gate import machine
from review.render.search import FOLDER, PAGE, write_search_index

COLUMNS = ("news", "notices", "policies", "popular-science")
UNITS = ("科普部", "学会部", "办公室", "凤翔区科协", "眉县科协")
_BEGIN = dt.datetime(2016, 1, 4, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--characters", type=int, nargs="+", default=[550])
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(measured(asked.posts[0], asked.characters[0])))
        return
    print(machine(), "\n")
    print(
        "| posts | characters each | time, s | processor time, s | Pagefind's memory, MB | ours, MB | files | in the output, MB |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for characters in asked.characters:
        for posts in asked.posts:
            command = [sys.executable, "-m", "benchmarks.measure_search", "--once"]
            command += ["--posts", str(posts), "--characters", str(characters)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            found = json.loads(done.stdout)
            cells = [f"{found[name]:,.{places}f}" for name, places in _SHOWN.items()]
            print(f"| {posts:,} | {found['characters']:,.0f} | {' | '.join(cells)} |", flush=True)


_SHOWN = {"seconds": 1, "worked": 1, "pagefind": 0, "ours": 0, "files": 0, "megabytes": 1}


def measured(posts: int, characters: int) -> dict[str, float]:
    """Make a site of so many posts, index it, and return what that took; memory and output in MB."""
    with tempfile.TemporaryDirectory() as name:
        site, work = Path(name, "site"), Path(name, "work")
        work.mkdir()
        data, length = made(site, posts, characters)
        before, ours = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
        write_search_index(data, site, work, {"HOME": name})
        seconds = time.perf_counter() - before
        children, own = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
        sizes = [path.stat().st_size for path in (site / FOLDER).rglob("*") if path.is_file()]
    return {
        "characters": length / posts,
        "seconds": seconds,
        "worked": children.ru_utime + children.ru_stime + own.ru_utime - ours,
        "pagefind": children.ru_maxrss / 1024,
        "ours": own.ru_maxrss / 1024,
        "files": len(sizes),
        "megabytes": sum(sizes) / 1e6,
    }


def made(site: Path, count: int, characters: int) -> tuple[dict[str, Any], int]:
    """Write the pages of so many posts over ten years; return what the index is told of them, and the length of all texts."""
    chance, posts, length = random.Random(1), [], 0
    for number in range(count):
        text = f"{prose.title(chance)}\n{prose.body(chance, characters)}"
        length += len(text)
        lines = [html.escape(line.strip("#- ")) for line in text.splitlines() if line]
        path = site / COLUMNS[number % len(COLUMNS)] / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = f"<h1>{lines[0]}</h1>" + "".join(f"<p>{line}</p>" for line in lines[1:])
        path.write_text(f"<article data-pagefind-body>{content}</article>", encoding="utf-8")
        at = _BEGIN + dt.timedelta(days=3650 * number // count, seconds=number)
        item = f"content/{path.parent.name}/{number}.md"
        posts.append({"item": item, "unit": UNITS[number % len(UNITS)], "published": at.isoformat()})
    (site / PAGE).touch()
    columns = [{"id": one, "title": one} for one in COLUMNS]
    return {"site": {"timezone": "Asia/Shanghai"}, "columns": columns, "posts": posts[::-1]}, length


if __name__ == "__main__":
    main()
