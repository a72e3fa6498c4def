"""The documents say what the program does: findings, links, commands and the README's tour are compared with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from review.cli import app
from review.model.findings import SEVERITIES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!\\)\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_COMMAND = re.compile(r"(?<![\w/-])qianfa ([a-z]+)((?:\s+[^\s]+)*)")
_OPTION = re.compile(r"(?<!\S)\[?(--?[a-z][a-z-]*)")
_END = re.compile(r"\s[|&;#>]|&&|;")
_TOUR = re.compile(r"<!-- tour -->\n(.*?)<!-- /tour -->", re.DOTALL)


def _tracked() -> list[Path]:
    """Return the files of the project, as git knows them."""
    command = ["git", "ls-files", "-z", "--cached"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in sorted(set(listed.split(b"\0")) - {b""}) if (path := ROOT / os.fsdecode(name)).is_file()]


def _documents() -> list[Path]:
    """Return the pages that speak of the project; those under `content/` are the sample site's."""
    return [
        path
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md"))
        if "site" not in path.relative_to(ROOT).parts
    ]


DOCUMENTS = sorted(_documents())
_ids = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]


@cache
def _help(*command: str) -> str:
    return CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output


@cache
def _commands(*group: str) -> frozenset[str]:
    _, mark, listed = _help(*group).partition("\nCommands:\n")
    return frozenset(re.findall(r"^  ([a-z]+)\s", listed, re.MULTILINE)) if mark else frozenset()


def _leaves(*group: str) -> Iterator[tuple[str, ...]]:
    """Yield every command that does something, with the words that call it."""
    for one in sorted(_commands(*group)):
        yield from _leaves(*group, one) if _commands(*group, one) else ((*group, one),)


@cache
def _options(*command: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", _help(*command).partition("\nOptions:\n")[2]))


def _code(text: str) -> Iterator[str]:
    """Yield every line of a fenced block, continued lines joined, and every code span."""
    for block in _FENCE.finditer(text):
        yield from block[2].replace("\\\n", " ").split("\n")
    yield from (span[1] for span in _SPAN.finditer(_FENCE.sub("", text)))


def _said(text: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each qianfa command that a document shows, with the options it shows there."""
    for line in _code(text):
        for found in _COMMAND.finditer(line):
            rest = _END.split(found[2], maxsplit=1)[0].split(" qianfa ")[0]
            command: tuple[str, ...] = (found[1],)
            words = rest.split()
            while words and words[0].isalpha() and _commands(*command):
                command = (*command, words.pop(0))
            yield command, _OPTION.findall(rest)


def _anchor(heading: str) -> str:
    """Return the anchor that git hosts give a heading."""
    words = re.sub(r"[`*]", "", heading).strip().lower()
    kept = "".join(one for one in words if one in " -_" or unicodedata.category(one)[0] in "LN")
    return kept.replace(" ", "-")


def _tour(path: Path) -> str:
    """Return the commands between the tour's marks, in order."""
    found = _TOUR.search(path.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{path.name} has no tour")
    return "".join(block[2] for block in _FENCE.finditer(found[1]))


def test_the_findings_have_one_heading_a_code_in_the_order_of_the_format() -> None:
    text = (ROOT / "docs/findings.md").read_text("utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(SEVERITIES)


def test_each_finding_says_the_severity_that_it_has() -> None:
    text = (ROOT / "docs/findings.md").read_text("utf-8")

    said = re.findall(r"^## (.+)\n\n- \*\*Severity:\*\* (\w+)", text, re.MULTILINE)

    assert said == list(SEVERITIES.items())


def test_the_format_lists_every_code_with_its_severity() -> None:
    text = (ROOT / "docs/record-format.md").read_text("utf-8")
    table = text.partition("| code | severity | when |")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| (`[^|]+) \| (\w+)", table, re.MULTILINE)
    said = [(code, severity) for codes, severity in rows for code in re.findall("`([a-z-]+)`", codes)]

    assert said == list(SEVERITIES.items())


@pytest.mark.parametrize("path", DOCUMENTS, ids=_ids)
def test_every_relative_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    targets = _LINK.findall(_SPAN.sub("", _FENCE.sub("", path.read_text("utf-8"))))
    local = [unquote(target) for target in targets if not re.match(r"[a-z]+:", target)]

    assert [target for target in local if not _leads_somewhere(path, target)] == []


def _leads_somewhere(path: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    file = (path.parent / name).resolve() if name else path
    if not file.exists() or not file.is_relative_to(ROOT):
        return False
    return not anchor or anchor in map(_anchor, _HEADING.findall(_FENCE.sub("", file.read_text("utf-8"))))


@pytest.mark.parametrize("path", DOCUMENTS, ids=_ids)
def test_every_command_and_option_that_a_document_shows_exists(path: Path) -> None:
    wrong = []
    for command, options in _said(path.read_text("utf-8")):
        group = command[:-1]
        if command[-1] not in _commands(*group):
            wrong.append(" ".join(command))
            continue
        wrong += [f"{' '.join(command)} {option}" for option in options if option not in _options(*command)]

    assert wrong == []


A_SITES_OWN = "theme/overrides/"
"""A folder that a site may have, and the program does not."""


def test_the_documents_show_every_command() -> None:
    shown = {command for path in DOCUMENTS for command, _ in _said(path.read_text("utf-8"))}

    assert set(_leaves()) <= shown


@pytest.mark.parametrize("path", DOCUMENTS, ids=_ids)
def test_every_script_that_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"(?<![\w./-])(?:scripts|\.ci)/[a-z]+\b(?![./])", path.read_text("utf-8")))

    assert [name for name in sorted(named) if not os.access(ROOT / name, os.X_OK)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_ids)
def test_every_file_of_the_program_that_a_document_names_exists(path: Path) -> None:
    spans = _SPAN.findall(_FENCE.sub("", path.read_text("utf-8")))
    folders = ("review", "tests", "scripts", "docs", "benchmarks", "theme")
    inside = ("gate", "history", "model", "formats", "actions", "render", "release", "cli")
    named = [span for span in spans if re.fullmatch(r"[a-z_]+/[\w./-]*", span)]
    ours = [
        name for name in named if name.partition("/")[0] in (*folders, *inside) and not name.startswith(A_SITES_OWN)
    ]

    assert [name for name in ours if not (ROOT / name).exists() and not (ROOT / "review" / name).exists()] == []


def test_both_readmes_take_the_same_tour() -> None:
    assert _tour(ROOT / "README.md") == _tour(ROOT / "README.zh-CN.md")


def test_the_tour_of_the_readme_ends_with_a_built_site_that_an_outsider_can_check(tmp_path: Path) -> None:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}
    start = tmp_path / "empty"
    start.mkdir()

    toured = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", _tour(ROOT / "README.md")],
        cwd=start, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert toured.returncode == 0, toured.stderr
    assert "waits for head: head-fengxiang" in toured.stdout
    assert toured.stdout.count("1 posts and 0 attachments are in ../public") == 2
    public = start / "tour/public"
    (page,) = (path for path in (public / "news").glob("*.html") if path.name != "index.html")
    assert "市科技馆一楼报告厅" in page.read_text("utf-8")
    assert not any("没有人审过".encode() in path.read_bytes() for path in public.rglob("*") if path.is_file())

    blocks = _FENCE.findall((ROOT / "docs/publisher.md").read_text("utf-8"))
    check = [sys.executable, "-I", "-c", next(code for language, code in blocks if language == "python")]
    chain = page.with_suffix(".chain.json")
    assert subprocess.run([*check, chain], cwd=start, capture_output=True, check=False).returncode == 0
    text = chain.read_text("utf-8")
    for old, new in (("一楼报告厅", "二楼报告厅"), ("stage: leader", "stage: Leader")):
        assert old in text
        (start / "changed.json").write_text(text.replace(old, new), encoding="utf-8")
        assert subprocess.run([*check, "changed.json"], cwd=start, capture_output=True, check=False).returncode == 1


def test_no_tracked_file_names_a_package_index_a_machines_folder_or_a_private_key() -> None:
    # Spelled in parts, so that this file does not hold what it looks for.
    hosts = (b"pypi" + b".org", b"pythonhosted" + b".org", b"npmjs" + b".", b"pypi." + b"tuna", b"mirrors." + b"aliyun")
    folder = re.compile(rb"(?<![\w.)}\]])/wo" + rb"rk/")
    key = re.compile(rb"-----BEGIN [A-Z ]*PRIV" + rb"ATE KEY(?: BLOCK)?-----\r?\n(?:[^\n]*\n)?[A-Za-z0-9+/=]{40}")
    found = []
    for path in _tracked():
        data = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {word.decode()}" for word in hosts if word in data]
        found += [f"{path.relative_to(ROOT)}: a folder of one machine"] if folder.search(data) else []
        found += [f"{path.relative_to(ROOT)}: a private key"] if key.search(data) else []

    assert found == []


def test_the_pictures_are_small_enough_for_a_page() -> None:
    assert {path.name: path.stat().st_size < 300_000 for path in (ROOT / "docs/images").glob("*.png")} == {
        "home.png": True,
        "list.png": True,
        "post.png": True,
        "topic.png": True,
    }
