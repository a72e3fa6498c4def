"""The demonstration: told once, then looked at from all sides.

What the gate says of it is compared with `tests/golden/demo-gate.txt` and `demo-gate.json`, with every commit id, digest
and key replaced by a placeholder, as keys are made anew each time. After a change that is meant, write them again and
read the difference:

    QIANFA_UPDATE_GOLDEN=1 scripts/test tests/cli/test_demo.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from command_line import Desk, Ran, environment, everything_in, git, run

from review.formats import records
from review.formats.policy_files import parse
from review.model.paths import column_of, record_of
from review.model.reports import STATES

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden"
NOW = "2026-11-21T12:00:00+08:00"


def demo(*arguments: str | Path, cwd: Path) -> Ran:
    """Run the demonstration as `scripts/demo` does, without setting up first."""
    command = (sys.executable, "-P", ROOT / "scripts/demo_site.py", "--sample", ROOT, *arguments)
    return run(*command, cwd=cwd, env=environment(cwd, PYTHONPATH=str(ROOT / "scripts")))


@dataclass(frozen=True)
class Demo:
    """A demonstration that was made: its folder, what was said, how long it took."""

    folder: Path
    ran: Ran
    seconds: float

    @property
    def desk(self) -> Desk:
        """The desk at its site."""
        pin = (self.folder / "trust").read_text().strip()
        return Desk(path=self.folder / "site", keys=self.folder / "keys", home=self.folder.parent, pin=pin, now=NOW)

    @property
    def report(self) -> dict[str, list[dict[str, str]]]:
        """What the gate says in JSON."""
        found: dict[str, list[dict[str, str]]] = json.loads(self.desk.qianfa("gate", "--format", "json").out)
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demonstration."""
    folder = tmp_path_factory.mktemp("demonstration")
    start = time.monotonic()
    ran = demo("demo", cwd=folder)
    seconds = time.monotonic() - start
    if ran.status or ran.err:
        raise ValueError(ran.err)
    return Demo(folder / "demo", ran, seconds)


def placeheld(text: str) -> str:
    """Return a report's text with whatever follows from the keys of this run replaced."""
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:<digest>", text)
    text = re.sub(r"SHA256:[A-Za-z0-9+/]{43}", "SHA256:<key>", text)
    text = re.sub(r"\b[0-9a-f]{40}\b", "<commit>", text)
    return re.sub(r"(?<=commit )[0-9a-f]{12}\b", "<commit>", text)


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_gate_says_of_it_what_it_said_before(made: Demo, format: str) -> None:
    ran = made.desk.qianfa("gate", "--format", format)
    assert (ran.status, ran.err) == (1, "")
    golden = GOLDEN / f"demo-gate.{'txt' if format == 'text' else 'json'}"
    said = placeheld(ran.out)
    if os.environ.get("QIANFA_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said, encoding="utf-8")
    assert said.splitlines() == golden.read_text("utf-8").splitlines()


def test_it_prints_the_gates_text_and_how_to_look_at_the_site(made: Demo) -> None:
    assert made.desk.qianfa("gate").out.strip() in made.ran.out
    for line in (
        f"Look at it with: scripts/demo {made.folder.name} --serve",
        f"scripts/gate --site demo/site --trust {made.desk.pin} --now {NOW}",
    ):
        assert line in made.ran.out


def test_every_state_and_every_kind_of_foul_play_occurs(made: Demo) -> None:
    report = made.report
    assert {item["state"] for item in report["items"]} == set(STATES)
    codes = Counter(one["code"] for one in report["findings"])
    for code in (
        "signature-invalid",
        "signer-mismatch",
        "signer-unknown",
        "signature-missing",
        "not-authorised",
        "classified",
    ):
        assert codes[code], code
    assert [one for one in report["findings"] if one["severity"] == "block"] == []


def test_at_least_forty_posts_of_every_column_and_kind_are_online(made: Demo) -> None:
    """Sixteen columns with their twenty sub-columns, four kinds, articles down both chains."""
    texts = {
        name: (made.folder / "site" / name).read_bytes() for name in ("columns.yaml", "people.yaml", "workflows.yaml")
    }
    policy, errors = parse(texts)
    assert policy is not None
    assert errors == ()
    columns = policy.columns.columns
    assert (len([one for one in columns if "/" not in one]), len([one for one in columns if "/" in one])) == (16, 20)
    items = [str(item["item"]) for item in made.report["items"] if item["live_version"]]
    assert len(items) >= 40
    assert {column_of(item) for item in items} == set(columns)
    site = made.folder / "site"
    headers = [
        records.parse((site / record_of(item)).read_bytes(), item=item).header
        for item in items
        if (site / item).exists()
    ]
    assert {header.kind for header in headers} == {"article", "video", "topic", "reply"}
    workflows = {
        flow.id for header in headers for flow in policy.workflows.fitting(
            header.kind, policy.people.units[header.unit].group, header.major
        )
    }  # fmt: skip
    assert workflows == {flow.id for flow in policy.workflows.workflows}


def test_the_sample_shows_every_kind_of_column_and_every_kind_of_resource(made: Demo) -> None:
    """Each type of column has something online; the library holds all five kinds, for several readers, of two years."""
    texts = {
        name: (made.folder / "site" / name).read_bytes() for name in ("columns.yaml", "people.yaml", "workflows.yaml")
    }
    policy, _ = parse(texts)
    assert policy is not None
    columns = policy.columns.columns
    live = [str(item["item"]) for item in made.report["items"] if item["live_version"]]
    assert {columns[column_of(item)].type for item in live} == {
        "overview", "news", "notices", "policy", "data", "interaction", "topic", "people", "video", "resources"
    }  # fmt: skip
    heads = {
        item: dict(
            line.split(": ", 1)
            for line in (made.folder / "site" / item).read_text("utf-8").split("\n\n")[0].split("\n")
        )
        for item in live
        if (made.folder / "site" / item).exists()
    }
    library = [heads[item] for item in heads if columns[column_of(item)].type == "resources"]
    assert {one["Resource_kind"] for one in library} == {"text", "picture", "video", "poster", "audio"}
    assert len({one["Audience"] for one in library}) > 2
    assert len({item.rpartition("/")[2][:4] for item in heads if columns[column_of(item)].type == "resources"}) == 2
    assert all(heads[item]["Source"] for item in heads)
    for item, head in heads.items():
        for name in head.get("Video", "").split(", ") if "Video" in head else ():
            page = (made.folder / "output" / item.removeprefix("content/")).with_suffix(".html").read_text("utf-8")
            assert f"/{name}" in page, item


def test_it_leaves_site_keys_trust_and_output_and_takes_less_than_a_minute(made: Demo) -> None:
    assert {path.name for path in made.folder.iterdir()} == {"site", "keys", "trust", "output"}
    assert made.seconds < 60
    assert made.desk.git("status", "--porcelain") == ""
    assert made.desk.git("fsck", "--strict") == ""
    modes = {path.stat().st_mode & 0o777 for path in (made.folder / "keys").iterdir() if path.suffix != ".pub"}
    assert (modes, (made.folder / "keys").stat().st_mode & 0o777) == ({0o600}, 0o700)


def test_git_and_the_built_command_agree_with_it(made: Demo, tmp_path: Path) -> None:
    """`qianfa build` makes the same pages again, and ssh-keygen vouches for the signatures of honest commits."""
    ran = made.desk.qianfa("build", "--output", tmp_path / "output")
    assert ran.status == 0
    assert everything_in(tmp_path / "output") == everything_in(made.folder / "output")
    signers = tmp_path / "signers"
    signers.write_text("".join(
        f'{key.stem} namespaces="git" {key.read_text()}' for key in sorted((made.folder / "keys").glob("*.pub"))
    ))  # fmt: skip
    log = made.desk.git("-c", f"gpg.ssh.allowedSignersFile={signers}", "log", "--format=%G? %GS %ae")
    verdicts: Counter[str] = Counter()
    for line in log.splitlines():
        verdict, signer, author = (line + "  ").split(" ")[:3]
        verdicts[verdict if verdict != "G" or author.startswith(f"{signer}@") else "another's"] += 1
    assert verdicts["G"] > 250
    # one tampered with, one by a stranger, one by a colleague in another's name
    assert (verdicts["B"], verdicts["U"], verdicts["another's"]) == (1, 1, 1)


# -- the built site ------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """The addresses that a page names, and the places within it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "poster", "action") and value:
                self.addresses.append(value)
            elif name == "srcset" and value:
                self.addresses += [part.split()[0] for part in value.split(",")]
            elif name in ("id", "name") and value:
                self.places.add(value)


def pages_of(output: Path) -> Iterator[tuple[str, str]]:
    """Yield each page's path and text."""
    for path in sorted(output.rglob("*.html")):
        yield path.relative_to(output).as_posix(), path.read_text("utf-8")


def test_no_link_of_the_site_is_dead(made: Demo) -> None:
    """In pages, feeds and the map; to pages, pictures, files and places within a page."""
    output = made.folder / "output"
    home = re.search(r"url: (\S+?)[,}\s]", (made.folder / "site/columns.yaml").read_text("utf-8"))
    assert home is not None
    start = home[1].rstrip("/") + "/"
    parsed = {path: Links(text) for path, text in pages_of(output)}
    named = [(path, address) for path, links in parsed.items() for address in links.addresses]
    for feed in (*output.rglob("*.xml"),):
        addresses = re.findall(r'(?:href="|<loc>|<id>)(http[^"<]+)', feed.read_text("utf-8"))
        assert addresses, feed
        named += [(feed.relative_to(output).as_posix(), address) for address in addresses]
    assert len(named) > 1000
    dead = []
    for path, address in named:
        target = urlsplit(urljoin(start + path, address))
        if f"{target.scheme}://{target.netloc}/" != start:
            continue
        place = unquote(target.path.lstrip("/"))
        file = place + "index.html" if not place or place.endswith("/") else place
        if not (output / file).is_file() or (target.fragment and unquote(target.fragment) not in parsed[file].places):
            dead.append((path, file))
    assert dead == []


def test_every_page_can_be_reached_from_the_first(made: Demo) -> None:
    output = made.folder / "output"
    parsed = {path: Links(text) for path, text in pages_of(output)}
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        for address in parsed[page].addresses:
            path = unquote(urlsplit(urljoin(f"https://example.org/{page}", address)).path).lstrip("/")
            file = path + "index.html" if not path or path.endswith("/") else path
            if file in parsed and file not in reached:
                reached.add(file)
                waiting.append(file)
    assert set(parsed) - reached == {"404.html"}


def test_an_inspector_finds_nothing_at_fault_on_the_site(made: Demo) -> None:
    ran = made.desk.qianfa("inspect", made.folder / "output", "--json")
    rules = json.loads(ran.out)["rules"]
    assert ([rule["id"] for rule in rules if rule["status"] == "fail"], ran.status) == ([], 0)
    assert sum(rule["status"] == "pass" for rule in rules) >= 40


# -- again and otherwise -------------------------------------------------------------------------------------------


def test_a_second_run_starts_afresh_and_with_posts_of_ones_own_shows_them_online(made: Demo, tmp_path: Path) -> None:
    shutil.copytree(made.folder, tmp_path / "demo", symlinks=True)
    (tmp_path / "demo/site/content/news/left.md").write_text("Title: 遗留\n\n正文。\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.md").write_text("---\ntitle: 我的文章\nlayout: post\n---\n\n![](a.png)\n\n自己的正文。\n")
    (tmp_path / "old/a.png").write_bytes(b"\x89PNG\r\n\x1a\nmine")
    (tmp_path / "old/empty.md").write_text("")
    ran = demo("demo", "--posts", "old", "--column", "popular-science/activities", cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert "a.md:3: " in ran.out
    assert "empty.md: skipped, empty" in ran.out
    assert "1 posts from old are signed through, 1 files were skipped." in ran.out
    output = tmp_path / "demo/output/popular-science/activities"
    assert "自己的正文" in (output / "a.html").read_text("utf-8")
    assert (output / "a/a.png").read_bytes().endswith(b"mine")
    assert not (tmp_path / "demo/site/content/news/left.md").exists()
    assert (tmp_path / "demo/trust").read_text() != (made.folder / "trust").read_text()


def test_it_takes_nothing_away_that_no_demonstration_made(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/site").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    (tmp_path / "own/site").mkdir(parents=True)
    (tmp_path / "own/site/notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    git(tmp_path, "init", "-q", "repository")
    before = everything_in(tmp_path)
    for arguments in (("mine",), ("own",), ("file",), ("repository",), (".",), ("new", "--posts", "nowhere")):
        ran = demo(*arguments, cwd=tmp_path)
        assert (ran.status, ran.out) == (2, ""), arguments
        assert ran.complaint
        assert everything_in(tmp_path) == before


def test_a_column_or_unit_that_is_not_there_is_named_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.md").write_text("# 标题\n\n正文。\n")
    before = everything_in(tmp_path)
    for options, says in (
        (("--column", "nowhere"), "there is no column 'nowhere'"),
        (("--unit", "none"), "there is no unit 'none'"),
    ):
        ran = demo("demo", "--posts", "old", *options, cwd=tmp_path)
        assert ran.status == 1
        assert says in ran.complaint
        assert everything_in(tmp_path) == before
