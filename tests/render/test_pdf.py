"""A page as PDF: by a program of this machine, with nothing left of it afterwards, however it ends."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from review.errors import UnusableSite
from review.model.forms import Box, Field, Form, qr_text
from review.render.forms import html_of
from review.render.pdf import Renderer, find_renderer, pdf_of
from review.views.form_words import words_for

RENDERER = find_renderer()
MANIFEST = "sha256:" + "9ed01680610f4cea" * 4
needs_renderer = pytest.mark.skipif(RENDERER is None, reason="neither chromium nor weasyprint is installed")


def pages(data: bytes) -> int:
    """How many pages a PDF of Chromium says it has."""
    (count,) = re.findall(rb"/Type /Pages\s*/Count (\d+)", data)
    return int(count)


def long_form(language: str, boxes: int, lines: int) -> Form:
    """A form that is as long as the view lets one be."""
    words, long = words_for(language), "长" if language == "zh" else "long "
    return Form(
        style="annex",
        site="s" * 64,
        item="content/news/a.md",
        version=123,
        manifest=MANIFEST,
        code="9ED0-1680-610F-4CEA",
        qr=qr_text("s" * 64, "content/" + "/".join(["a" * 64] * 7) + "/" + "名" * 84 + ".md", 123, MANIFEST),
        title=long * (24 if language == "zh" else 9) + words.titles["annex topic"],
        place="a/" * 60,
        fields=(
            Field(key="title", label=words.labels["content"], value=long * (90 if language == "zh" else 36), wide=True),
            *(
                Field(key=key, label=words.labels[key], value=long * (24 if language == "zh" else 9))
                for key in ("unit", "submitted", "planned", "proposed", "expires", "column")
            ),
            Field(key="classified", label=words.labels["classified"], choices=((words.yes, False), (words.no, True))),
            Field(key="drafted", label=words.labels["drafted"], value=long * 24, wide=True),
            Field(key="drafter", label=words.labels["drafter"]),
            Field(key="phone", label=words.labels["phone"]),
            Field(
                key="attachments",
                label=words.labels["attachments"],
                lines=(f"{'文' * 30}（1,000,000 字节）",) * lines,
                wide=True,
            ),
        ),
        boxes=tuple(
            Box(
                stage="x", title=("环" * 13 + "（1/2）") if language == "zh" else "Stage of the chain (1/2)", paper=True
            )
            for _ in range(boxes)
        ),
        boxes_left_out=0,
        printed=words.printed.format(day="2026-11-21"),
        words=words,
    )


@needs_renderer
@pytest.mark.parametrize(
    ("language", "boxes", "lines"), [("zh", 3, 6), ("zh", 4, 6), ("zh", 9, 3), ("en", 3, 6), ("en", 9, 3)]
)
def test_the_longest_form_is_one_page(language: str, boxes: int, lines: int) -> None:
    data = pdf_of(html_of(long_form(language, boxes, lines)), RENDERER)
    assert data.startswith(b"%PDF-")
    assert RENDERER is not None
    if RENDERER.browser:
        assert pages(data) == 1


@needs_renderer
def test_a_form_that_does_not_fit_goes_on_rather_than_lose_something() -> None:
    """What makes the test above one that can fail."""
    form = replace(long_form("zh", 3, 6), boxes=(Box(stage="x", title="x", paper=True),) * 60)
    assert RENDERER is not None
    if RENDERER.browser:
        assert pages(pdf_of(html_of(form), RENDERER)) > 1


def test_without_a_renderer_it_says_what_to_install() -> None:
    with pytest.raises(UnusableSite) as told:
        pdf_of("<p>", None)
    assert told.value.hint == "install chromium or weasyprint, or print the page from a browser: --html"


def test_none_is_found_where_none_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_renderer()
    assert found is None or found.command[-1] == "weasyprint"


def test_a_browser_is_preferred_to_the_other_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("weasyprint", "google-chrome", "chromium"):
        program(tmp_path, name, "exit 0")
        monkeypatch.setenv("PATH", str(tmp_path))
        found = find_renderer()
        assert found is not None
        assert (found.command, found.browser) == ((str(tmp_path / name),), name != "weasyprint")


def program(folder: Path, name: str, script: str) -> Path:
    """Make a program that stands in for a renderer of another kind."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo of no use >&2; exit 3", "of no use"),
        ("exit 0", "it said nothing"),
        ('for last; do :; done; echo "<html>" > "$last"', "it said nothing"),
    ],
)
def test_a_renderer_that_makes_no_pdf_is_told_as_such(tmp_path: Path, script: str, says: str) -> None:
    with pytest.raises(UnusableSite, match=says):
        pdf_of("<p>", Renderer(command=(str(program(tmp_path, "made-up", script)),), browser=False))


def test_a_renderer_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    note = tmp_path / "children"
    script = f'sleep 300 & echo $! >> "{note}"; echo $$ >> "{note}"; wait'
    with pytest.raises(UnusableSite, match="did not end within"):
        pdf_of("<p>", Renderer(command=(str(program(tmp_path, "slow", script)),), browser=False), patience=0.5)
    for process in map(int, note.read_text().split()):
        assert ended(process)


def ended(process: int) -> bool:
    """Wait until a process is gone or only waits to be forgotten; a second is more than it takes."""
    until = time.monotonic() + 1
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
    return False


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_renderer_knows_nothing_of_keys_and_leaves_nothing_behind(
    watched: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/nowhere")
    monkeypatch.setenv("QIANFA_SECRET", "x")
    folder = tmp_path_factory.mktemp("renderer")
    script = f'env > "{folder}/env"; for last; do :; done; printf "%%PDF-1.7" > "$last"'
    assert pdf_of("<p>", Renderer(command=(str(program(folder, "made-up", script)),), browser=False)) == b"%PDF-1.7"
    known = (folder / "env").read_text()
    assert "SSH_AUTH_SOCK" not in known
    assert "QIANFA_SECRET" not in known
    assert list(watched.iterdir()) == []
