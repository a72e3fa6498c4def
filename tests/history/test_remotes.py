"""Bringing two lines of work together: what each side did is kept, what both did is told, and nothing foreign runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from story import NOW, Key, Story

from review.errors import Undelivered
from review.history.merging import bring_together, follow
from review.history.objects import ObjectStore
from review.history.remotes import ask_git, head_of, route_of
from review.history.repository import Repository, open_repository


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A story with some files in its first commit."""
    made = Story(tmp_path / "site")
    for path in ("a", "b", "folder/c", "folder/d", "folder/deep/e"):
        made.write(path, f"{path}\n")
    made.commit("beginning\n")
    return made


def git(story: Story, *arguments: str, check: bool = True) -> str:
    home = {"HOME": str(story.path.parent), "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    names = {f"GIT_{part}_{what}": "x" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", *arguments], cwd=story.path, env=home | names, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        raise ValueError(done.stderr)
    return done.stdout.strip()


def side(story: Story, base: str, files: dict[str, tuple[str, bytes]], **changes: str | None) -> str:
    """Commit a line of work that begins at `base`: files by path with `__` for a slash, None to take one out."""
    story.go(base, files)
    for name, text in changes.items():
        path = name.replace("__", "/")
        if text is None:
            story.remove(path)
        else:
            story.write(path, text)
    return story.commit("work\n")


def merged(story: Story, ours: str, theirs: str) -> str:
    repository = open_repository(story.path)
    with ObjectStore(repository.objects) as store:
        return bring_together(repository, store, ours, theirs, NOW)


def listing(story: Story, commit: str) -> dict[str, str]:
    """Return what a commit holds: path to the text of a file."""
    names = git(story, "ls-tree", "-r", "--name-only", commit).split()
    return {name: git(story, "cat-file", "blob", f"{commit}:{name}") for name in names}


def test_the_later_of_two_commits_needs_no_merge(story: Story) -> None:
    old = story.head
    new = story.commit("more\n")
    assert merged(story, old, new) == new
    assert merged(story, new, old) == new


def test_what_each_side_added_changed_and_took_out_is_in_the_merge_with_both_as_parents(story: Story) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, a="ours\n", folder__new="ours\n", b=None)
    theirs = side(story, base, files, folder__c="theirs\n", folder__deep__e=None, other__x="theirs\n")
    both = merged(story, ours, theirs)
    assert listing(story, both) == {
        "a": "ours", "folder/c": "theirs", "folder/d": "folder/d", "folder/new": "ours", "other/x": "theirs",
    }  # fmt: skip
    assert git(story, "show", "--no-patch", "--format=%P|%an <%ae>|%G?|%at|%s", both) == (
        f"{ours} {theirs}|qianfa <qianfa@qianfa.invalid>|N|{int(NOW.timestamp())}|Merge what others sent"
    )
    assert git(story, "fsck", "--strict", "--no-dangling") == ""


def test_our_signed_commit_is_a_parent_as_it_is(story: Story) -> None:
    base, files = story.head, dict(story.files)
    theirs = side(story, base, files, b="theirs\n")
    story.go(base, files)
    story.write("a", "ours\n")
    ours = story.commit("signed\n", key=Key())
    raw = git(story, "cat-file", "commit", ours)
    assert "gpgsig" in raw
    both = merged(story, ours, theirs)
    assert git(story, "rev-parse", f"{both}^1") == ours
    assert "gpgsig" not in git(story, "cat-file", "commit", both)


def test_what_both_did_alike_is_no_conflict(story: Story) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, a="same\n", b=None, new="same\n", x="ours\n")
    theirs = side(story, base, files, a="same\n", b=None, new="same\n", y="theirs\n")
    assert set(listing(story, merged(story, ours, theirs))) == {
        "a", "new", "x", "y", "folder/c", "folder/d", "folder/deep/e",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ({"a": "ours\n"}, {"a": "theirs\n"}),
        ({"a": None}, {"a": "theirs\n"}),
        ({"a": "ours\n"}, {"a": None}),
        ({"new": "ours\n"}, {"new": "theirs\n"}),
        ({"folder__deep__e": "ours\n"}, {"folder__deep__e": "theirs\n"}),
    ],
)
def test_a_file_that_both_sides_changed_is_for_people_to_settle(
    story: Story, mine: dict[str, str | None], others: dict[str, str | None]
) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, **mine, fine="ours\n")
    theirs = side(story, base, files, **others, good="theirs\n")
    with pytest.raises(
        Undelivered, match=rf"others changed the same files meanwhile: {next(iter(mine)).replace('__', '/')}$"
    ):
        raise_bare(story, ours, theirs)


def raise_bare(story: Story, ours: str, theirs: str) -> None:
    """Merge, and raise what is wrong without its hint."""
    try:
        merged(story, ours, theirs)
    except Undelivered as error:
        raise Undelivered(error.what) from None


@pytest.mark.parametrize(("levels", "goes"), [(100, True), (101, False), (1500, False)])
def test_folders_that_are_nested_too_deep_are_not_brought_in(story: Story, levels: int, *, goes: bool) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, new="ours\n")
    inner = story.object("tree", b"100644 x\0" + bytes.fromhex(story.object("blob", b"x")))
    for _ in range(levels):
        inner = story.object("tree", b"40000 n\0" + bytes.fromhex(inner))
    stamp = "x <x> 1 +0000"
    raw = f"tree {inner}\nparent {base}\nauthor {stamp}\ncommitter {stamp}\n\nwork\n"
    theirs = story.object("commit", raw.encode())
    if goes:
        assert f"{'n/' * levels}x" in listing(story, merged(story, ours, theirs))
    else:
        with pytest.raises(Undelivered, match="folders nested over 100 deep"):
            raise_bare(story, ours, theirs)


def test_lines_of_one_file_are_never_mixed(story: Story) -> None:
    """git would merge these; but half of a post from each of two people is a text that nobody wrote."""
    story.write("long", "".join(f"{n}\n" for n in range(50)))
    base = story.commit()
    files = dict(story.files)
    ours = side(story, base, files, long="first\n" + files["long"][1].decode())
    theirs = side(story, base, files, long=files["long"][1].decode() + "last\n")
    with pytest.raises(Undelivered, match="long"):
        merged(story, ours, theirs)


def test_a_mode_counts_as_a_change(story: Story) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, a="ours\n")
    story.go(base, files)
    story.write("a", "a\n", "100755")
    theirs = story.commit("executable\n")
    with pytest.raises(Undelivered, match="meanwhile: a"):
        merged(story, ours, theirs)


def test_a_file_that_became_a_folder_there_becomes_one_here_unless_we_changed_it(story: Story) -> None:
    base, files = story.head, dict(story.files)
    theirs = side(story, base, files, a=None, a__inside="theirs\n", folder__c=None, folder__d=None, folder__deep__e=None, folder="f\n")  # fmt: skip  # noqa: E501
    ours = side(story, base, files, b="ours\n")
    assert listing(story, merged(story, ours, theirs)) == {"a/inside": "theirs", "b": "ours", "folder": "f"}
    ours = side(story, base, files, a="ours\n")
    with pytest.raises(Undelivered, match="meanwhile: a"):
        merged(story, ours, theirs)
    ours = side(story, base, files, folder__new="ours\n")
    with pytest.raises(Undelivered, match="meanwhile: folder"):
        merged(story, ours, theirs)


def test_where_the_lines_have_met_twice_only_what_was_the_same_at_both_meetings_counts_as_unchanged(
    story: Story,
) -> None:
    base, files = story.head, dict(story.files)
    left, left_files = side(story, base, files, a="left\n"), dict(story.files)
    right = side(story, base, files, b="right\n")
    story.go(left, {**left_files, "b": ("100644", b"right\n")})
    one = story.commit("merge\n", parents=(left, right))
    two = story.commit("merge again\n", parents=(right, left))
    both = dict(story.files)
    ours = side(story, one, both, folder__c="ours\n")
    theirs = side(story, two, both, folder__d="theirs\n")
    held = listing(story, merged(story, ours, theirs))
    assert (held["a"], held["b"], held["folder/c"], held["folder/d"]) == ("left", "right", "ours", "theirs")
    undone = side(story, two, both, a="a\n")
    with pytest.raises(Undelivered, match="meanwhile: a"):
        merged(story, side(story, one, both, x="ours\n"), undone)


def test_histories_without_a_common_commit_are_never_mixed(story: Story) -> None:
    ours = story.head
    theirs = story.commit("another site\n", parents=())
    with pytest.raises(Undelivered, match="no commit in common"):
        merged(story, ours, theirs)


def test_replacements_and_grafts_have_no_say_in_what_is_brought_together(story: Story) -> None:
    base, files = story.head, dict(story.files)
    ours = side(story, base, files, a="ours\n")
    theirs = side(story, base, files, b="theirs\n")
    fake = side(story, base, files, a="forged\n", b="forged\n")
    git(story, "update-ref", f"refs/replace/{theirs}", fake)
    held = listing(story, merged(story, ours, theirs))
    assert held["a"] == "ours"


# -- the work tree ---------------------------------------------------------------------------------------------------


def checked_out(story: Story, commit: str) -> Repository:
    """Check a commit out on the branch."""
    story.go(commit)
    git(story, "reset", "--hard", "--quiet")
    return open_repository(story.path)


@pytest.mark.parametrize("name", [".git/hooks/post-checkout", ".GIT/config", "folder/.git/config"])
def test_a_tree_that_would_write_into_gits_own_folder_is_not_brought_in(story: Story, name: str) -> None:
    base = story.head
    story.write(name, "evil\n")
    theirs = story.commit("evil\n")
    repository = checked_out(story, base)
    with pytest.raises(Undelivered, match="files that must not lie anywhere"):
        follow(repository, base, theirs)
    assert head_of(repository) == base
    assert not (story.path / ".git/hooks/post-checkout").exists()
    ours = side(story, base, {"a": ("100644", b"ours\n")})
    with pytest.raises(Undelivered):
        merged(story, ours, theirs)


def test_nothing_is_written_through_a_link_that_others_put_there(story: Story) -> None:
    outside = story.path.parent / "outside"
    outside.mkdir()
    base = story.head
    story.write("link", str(outside), "120000")
    with_link = story.commit("a link\n")
    story.remove("link")
    story.write("link/file", "through\n")
    theirs = story.commit("through it\n")
    repository = checked_out(story, base)
    follow(repository, base, with_link)
    follow(repository, with_link, theirs)
    assert list(outside.iterdir()) == []
    assert (story.path / "link").is_dir()
    assert not (story.path / "link").is_symlink()


def test_no_hook_driver_or_monitor_runs_when_others_work_comes_in(story: Story) -> None:
    base = story.head
    story.write(".gitattributes", "* merge=trap diff=trap\n")
    story.write("a", "theirs\n")
    theirs = story.commit()
    repository = checked_out(story, base)
    said = story.path.parent / "ran"
    trap = story.path.parent / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >>{said}\n')
    trap.chmod(0o755)
    hooks = story.path / ".git/hooks"
    hooks.mkdir()
    for name in ("post-merge", "post-checkout", "post-index-change", "pre-merge-commit", "commit-msg", "post-rewrite"):
        (hooks / name).symlink_to(trap)
    for name in ("merge.trap.driver", "diff.trap.command", "diff.external", "core.fsmonitor"):
        git(story, "config", name, str(trap))
    follow(repository, base, theirs)
    assert (head_of(repository), (story.path / "a").read_text()) == (theirs, "theirs\n")
    assert not said.exists()


def test_if_the_branch_moved_meanwhile_the_work_tree_is_as_it_was(story: Story) -> None:
    base = story.head
    story.write("a", "theirs\n")
    theirs = story.commit()
    somebody = side(story, base, dict(story.files), b="somebody\n")
    repository = checked_out(story, base)
    git(story, "update-ref", "refs/heads/main", somebody)
    with pytest.raises(Exception, match="at the same moment"):
        follow(repository, base, theirs)
    assert (story.path / "a").read_text() == "a\n"
    assert head_of(repository) == somebody


# -- the way to a remote ---------------------------------------------------------------------------------------------


def test_a_callers_variables_do_not_lead_to_another_repository(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "remote.origin.url")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "/nowhere")
    repository = open_repository(story.path)
    assert head_of(repository) == story.head
    assert ask_git(repository, "config", "--get", "remote.origin.url") == ""
    with pytest.raises(Undelivered, match="no remote of that name"):
        route_of(repository, "origin", asks=False)
