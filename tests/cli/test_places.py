"""Where one stands, and where things go: commands work from every folder of a site, and write nothing among its files."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import QIANFA, Desk, Ran, environment, git, run, seated
from story import NEWS, Story

NAME = NEWS.rpartition("/")[2]


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A desk with a post that is to be handed in."""
    story.post()
    story.commit()
    return seated(story, tmp_path)


# -- from a folder below --------------------------------------------------------------------------------------------


def test_commands_work_from_a_folder_below_and_take_posts_as_they_are_called_there(desk: Desk) -> None:
    below = desk.path / "content/news"
    desk.write(NEWS, "Title: 改过\n\n正文。\n")
    for arguments in (("queue", "--as", "officer-fx"), ("gate",), ("check", NAME), ("check",)):
        ran = desk.qianfa(*arguments, cwd=below)
        assert (ran.status, ran.err) == (0, ""), arguments
    ran = desk.qianfa("submit", NAME, by="officer-fx", cwd=below)
    assert (ran.status, ran.err) == (0, "")
    assert f"officer-fx handed in {NEWS} as version 1" in ran.out
    assert desk.git("status", "--porcelain") == ""
    ran = desk.qianfa("approve", NEWS, by="head-fx", cwd=below)  # as messages call it
    assert (ran.status, f"head-fx signed head: {NEWS}" in ran.out) == (0, True)
    ran = desk.qianfa("approve", f"./news/{NAME}", by="reviewer-1", cwd=desk.path / "content")
    assert (ran.status, ran.err) == (0, "")
    ran = desk.qianfa("show", f"../content/news/{NAME}", cwd=desk.path / "content")
    assert (ran.status, NEWS in ran.out) == (0, True)


def test_posts_named_from_where_one_stands_are_found_with_a_site_elsewhere_too(desk: Desk, tmp_path: Path) -> None:
    for site, name, cwd in (
        ("../..", NAME, desk.path / "content/news"),
        ("site", f"site/{NEWS}", tmp_path),
        ("site", NEWS, tmp_path),
    ):
        ran = desk.qianfa("show", name, "--site", site, cwd=cwd)
        assert (ran.status, NEWS in ran.out) == (0, True), (site, name)


def test_a_folder_of_a_linked_work_tree_belongs_to_that_one(desk: Desk, tmp_path: Path) -> None:
    desk.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    (tmp_path / "other" / NEWS).write_text("Title: 改在这里\n\n正文。\n", encoding="utf-8")
    ran = desk.qianfa("submit", NAME, by="officer-fx", cwd=tmp_path / "other/content/news")
    assert (ran.status, ran.err) == (0, "")
    assert desk.git("log", "-1", "--format=%s", "other") == f"Sign-off: draft approve {NEWS}"
    assert "改在这里" not in desk.read(NEWS)


def test_a_folder_in_no_repository_is_refused_as_before(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    ran = desk.qianfa("gate", cwd=tmp_path / "a/b")
    assert ran.status == 2
    assert "not the top folder of a git repository" in ran.complaint


def test_a_site_in_a_folder_of_another_repository_is_refused(desk: Desk, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", home=desk.home)
    (desk.path / ".git").rename(tmp_path / "away")
    desk.path.rename(outer / "site")
    for site in (("--site", "site"), ()):
        ran = desk.qianfa("gate", *site, cwd=outer if site else outer / "site")
        assert ran.status == 2, site
        assert ran.out == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_somebody_else_above_ours_is_not_found(desk: Desk, tmp_path: Path) -> None:
    os.chown(desk.path / ".git", 12345, 12345)
    ran = desk.qianfa("gate", cwd=desk.path / "content")
    assert ran.status == 2
    assert "not the top folder of a git repository" in ran.complaint


def test_no_configuration_and_no_variable_says_where_the_site_is(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    git(elsewhere, "init", "-q", home=desk.home)
    desk.git("config", "core.worktree", str(elsewhere))
    env = {"GIT_DIR": str(elsewhere / ".git"), "GIT_WORK_TREE": str(elsewhere)}
    ran = desk.qianfa("show", NAME, cwd=desk.path / "content/news", env=env)
    assert (ran.status, NEWS in ran.out) == (0, True)


# -- where builds go ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["content/x", "content", "content/news/a", "evidence/x", "theme/x", "keys/x", ".git/x", ".git"]
)
@pytest.mark.parametrize("command", [("build",), ("preview", "--no-serve")])
def test_no_built_site_lands_among_the_files_of_one(desk: Desk, place: str, command: tuple[str, ...]) -> None:
    before = desk.everything()
    ran = desk.qianfa(*command, "--output", place)
    assert (ran.status, ran.out) == (2, "")
    assert f"{place}: no built site belongs there; name a place outside {place.partition('/')[0]}/" in ran.complaint
    assert desk.everything() == before


def test_no_built_site_lands_there_by_the_folder_one_stands_in_or_through_a_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(desk.path / "content/x")
    for output, cwd in ((tmp_path / "link", tmp_path), ("x", desk.path / "content"), ("../site/content/y", desk.path)):
        before = desk.everything()
        ran = desk.qianfa("build", "--site", desk.path, "--output", output, cwd=cwd)
        assert (ran.status, "no built site belongs there" in ran.complaint) == (2, True)
        assert desk.everything() == before


# -- stopped while it starts ----------------------------------------------------------------------------------------


def stopped_while_loading(desk: Desk, folder: Path, *, by: Sequence[str | Path] = ()) -> Ran:
    """Run a command that gets Ctrl-C at the first library it loads, where a module of ours stands in for one."""
    (folder / "typer.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nraise SystemExit(99)\n", encoding="utf-8"
    )
    return run(*by, QIANFA, "gate", cwd=desk.path, env=environment(desk.home, PYTHONPATH=str(folder)))


def test_ctrl_c_while_the_program_starts_shows_no_trace_of_how_it_was_stopped(desk: Desk, tmp_path: Path) -> None:
    ran = stopped_while_loading(desk, tmp_path)
    assert (ran.status, ran.out, ran.err) == (-signal.SIGINT, "", "")


def test_a_ctrl_c_that_is_ignored_where_it_was_started_stays_so(desk: Desk, tmp_path: Path) -> None:
    """So shells start what is to go on in the background."""
    ran = stopped_while_loading(desk, tmp_path, by=("sh", "-c", 'trap "" INT; exec "$@"', "sh"))
    assert (ran.status, ran.out, ran.err) == (99, "", "")
