"""`qianfa form` as people run it: the page where it belongs, never in the way of anything, and only of what was handed in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pexpect
import pytest
from command_line import QIANFA, Desk, Ran, environment
from story import NEWS, Story

from review.model.digests import content_code
from review.render.pdf import find_renderer

Seat = Callable[[], Desk]
STEM = "2026-11-20-a"


@pytest.fixture
def desk(story: Story, seat: Seat) -> Desk:
    """A desk at a site with a post that was handed in."""
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    return seat()


def code(story: Story) -> str:
    return content_code(story.signed[-1].statement.manifest)


def unchanged(desk: Desk, *arguments: str | Path, status: int = 1, says: str) -> str:
    """Run a command that must refuse, with one line, and leave everything as it was."""
    before = desk.everything()
    ran = desk.qianfa("form", *arguments)
    assert (ran.status, ran.out) == (status, ""), ran
    assert says in ran.complaint
    assert desk.everything() == before
    return ran.complaint


def test_off_a_terminal_the_page_goes_to_standard_output_and_nowhere_else(story: Story, desk: Desk) -> None:
    before = desk.everything()
    page = desk.done("form", NEWS)
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert code(story) in page
    assert "打印日期：2026年11月21日" in page
    assert desk.everything() == before


def test_the_same_post_gives_the_same_page(desk: Desk) -> None:
    assert desk.done("form", NEWS) == desk.done("form", NEWS)


def test_on_a_terminal_the_page_becomes_a_file_whose_name_is_said(story: Story, desk: Desk, tmp_path: Path) -> None:
    env = environment(desk.home, QIANFA_TRUST=desk.pin, TERM="dumb")
    command = ["form", NEWS, "--site", str(desk.path), "--now", desk.now]
    child = pexpect.spawn(str(QIANFA), command, cwd=tmp_path, env=env, encoding="utf-8", timeout=60)
    said = child.read()
    child.close()
    assert child.exitstatus == 0, said
    assert f"{STEM}-v1.html is the form of {NEWS} version 1, content {code(story)}" in " ".join(said.split())
    assert code(story) in (tmp_path / f"{STEM}-v1.html").read_text("utf-8")


def test_a_file_that_is_named_gets_the_page(story: Story, desk: Desk, tmp_path: Path) -> None:
    said = desk.done("form", NEWS, "--output", tmp_path / "sheet.html")
    assert said == f"{tmp_path}/sheet.html is the form of {NEWS} version 1, content {code(story)}\n"
    assert (tmp_path / "sheet.html").read_text("utf-8") == desk.done("form", NEWS)


def test_programs_get_all_that_stands_on_the_form(story: Story, desk: Desk) -> None:
    before = desk.everything()
    said = json.loads(desk.done("form", NEWS, "--json"))
    manifest = story.signed[-1].statement.manifest
    assert {key: said[key] for key in ("form", "style", "site", "item", "version", "manifest", "code", "qr")} == {
        "form": 1,
        "style": "sign-off",
        "site": "test-site",
        "item": NEWS,
        "version": 1,
        "manifest": manifest,
        "code": code(story),
        "qr": f"qianfa:test-site:{NEWS}:1:{manifest}",
    }
    assert [box["stage"] for box in said["boxes"]] == ["head", "publicity", "leader"]
    assert said["fields"][0]["value"] == "春季科普讲座"
    assert desk.everything() == before


def test_another_form_can_be_wanted(desk: Desk) -> None:
    assert "测试站信息发布申办单" in desk.done("form", NEWS, "--kind", "annex")
    unchanged(desk, NEWS, "--kind", "annex3", status=2, says="--kind: there is no 'annex3'")


# PDF.


@pytest.mark.skipif(find_renderer() is None, reason="neither chromium nor weasyprint is installed")
def test_a_pdf_is_one_page_beside_whoever_asks(desk: Desk, tmp_path: Path) -> None:
    said = desk.qianfa("form", NEWS, "--pdf", "--site", str(desk.path), cwd=tmp_path)
    assert (said.status, said.err) == (0, "")
    data = (tmp_path / f"{STEM}-v1.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert re.findall(rb"/Count (\d+)", data) in ([b"1"], [])
    assert desk.qianfa("form", NEWS, "--pdf", "--site", str(desk.path), cwd=tmp_path).status == 0  # takes its own place


def without_renderer(desk: Desk, folder: Path) -> Desk:
    """The same desk on a machine that has git and nothing to print with."""
    folder.mkdir()
    for program in ("git", "ssh-keygen"):
        path = next(Path(one, program) for one in os.environ["PATH"].split(":") if Path(one, program).is_file())
        (folder / program).symlink_to(path)
    return replace(desk, env={"PATH": str(folder)})


def test_without_a_renderer_the_page_works_and_a_pdf_is_refused_in_one_line(desk: Desk, tmp_path: Path) -> None:
    poor = without_renderer(desk, tmp_path / "bin")
    assert poor.done("form", NEWS).startswith("<!doctype html>")
    unchanged(poor, NEWS, "--output", tmp_path / "a.pdf", status=2, says="install chromium or weasyprint")
    assert not (tmp_path / "a.pdf").exists()


# Where it does not go.


def test_no_print_lands_among_the_content(desk: Desk) -> None:
    (desk.path / "evidence").mkdir()
    for place in (f"content/news/{STEM}/form.html", "content/news/x.html", "evidence/x.html", ".git/x.html"):
        (desk.path / place).parent.mkdir(exist_ok=True)
        unchanged(desk, NEWS, "--output", place, status=2, says="no print belongs there")


def test_no_print_lands_there_by_the_folder_one_stands_in_or_through_a_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(desk.path / "content/news")
    unchanged(desk, NEWS, "--output", tmp_path / "link/x.html", status=2, says="no print belongs there")
    before = desk.everything()
    ran = desk.qianfa("form", f"{STEM}.md", "--site", "../..", "--output", "x.html", cwd=desk.path / "content/news")
    assert (ran.status, "no print belongs there" in ran.complaint) == (2, True)
    assert desk.everything() == before


def test_a_file_of_somebodys_is_never_written_over_but_an_earlier_print_is(desk: Desk, tmp_path: Path) -> None:
    mine = tmp_path / "notes.html"
    mine.write_text("my notes")
    unchanged(desk, NEWS, "--output", mine, says="there is another file already")
    assert mine.read_text() == "my notes"
    print_ = tmp_path / "sheet.html"
    desk.done("form", NEWS, "--output", print_)
    desk.done("form", NEWS, "--output", print_, "--kind", "annex")
    assert "申办单" in print_.read_text("utf-8")


def test_a_print_never_follows_a_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "sheet.html").symlink_to(tmp_path / "elsewhere")
    unchanged(desk, NEWS, "--output", tmp_path / "sheet.html", says="there is another file already")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--output", "sheet.doc"), "a form is a .html or a .pdf file"),
        (("--output", "sheet.html", "--pdf"), "a form is a .html or a .pdf file"),
        (("--output", "sheet.pdf", "--html"), "a form is a .html or a .pdf file"),
        (("--output", "no/such/sheet.html"), "there is no such folder"),
    ],
)
def test_a_place_that_makes_no_sense_is_told(desk: Desk, arguments: tuple[str, ...], says: str) -> None:
    unchanged(desk, NEWS, *arguments, status=2, says=says)


# Of what there is a form.


def test_a_draft_is_to_be_handed_in_first(story: Story, seat: Seat) -> None:
    story.post()
    story.commit()
    assert f"qianfa submit {NEWS}" in unchanged(seat(), NEWS, says="nobody has handed it in yet")


def test_edits_that_are_not_handed_in_are_not_printed_over(desk: Desk) -> None:
    """Otherwise an author would have the old text signed and believe it is the new one."""
    desk.write(NEWS, desk.read(NEWS) + "一句。\n")
    unchanged(desk, NEWS, says="the work tree has other files than version 1")


def test_a_new_attachment_is_an_edit_too(desk: Desk) -> None:
    desk.write(f"content/news/{STEM}/a.txt", "a")
    unchanged(desk, NEWS, says="the work tree has other files than version 1")


def test_a_post_that_is_not_there_is_told(desk: Desk) -> None:
    unchanged(desk, "content/news/none.md", says="nobody has handed it in yet")
    unchanged(desk, "news", status=2, says="not the path of a post")


def test_markup_in_a_title_is_text_on_the_form(story: Story, seat: Seat) -> None:
    story.post(title="标题<b>加粗</b>")
    story.sign(NEWS, "draft", "officer-fx")
    page: Ran = seat().qianfa("form", NEWS)
    assert "标题&lt;b&gt;加粗&lt;/b&gt;" in page.out
