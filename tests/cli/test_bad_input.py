"""Malformed options and repositories: one line, status 1 or 2, no output by halves, and never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import BIN, NOTHING, QIANFA, Desk, copied, environment, git, run, seated
from story import NEWS, Story, begin

SHA256_GIT = "sha256:" + "0" * 64


def unusable(desk: Desk, *arguments: str | Path, says: str, status: int = 2, env: Mapping[str, str] = NOTHING) -> str:
    """Run a command that must end at once: one line on standard error, nothing written.

    Nothing is on standard output, but for programs: they read there why.
    """
    before = desk.everything()
    ran = desk.qianfa(*arguments, env=env)
    assert ran.status == status, ran
    if "json" in arguments or "--json" in arguments:
        assert json.loads(ran.out)["status"] == status, ran
    else:
        assert ran.out == "", ran
    assert says in ran.complaint, ran.complaint
    assert desk.everything() == before
    return ran.complaint


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A small site with one post online."""
    story.publish()
    return seated(story, tmp_path)


# -- options -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nonsense",), "No such command"),
        (("policy",), "Missing command"),
        (("policy", "nonsense"), "No such command"),
        (("gate", "--none"), "No such option"),
        (("gate", "HEAD", "HEAD"), "unexpected extra argument"),
        (("gate", "--format", "xml"), "xml"),
        (("gate", "--site"), "requires an argument"),
        (("submit",), "Missing argument"),
        (("build",), "Missing option"),
        (("new", "news"), "Missing argument"),
        (("preview", "--port", "99999"), "65535"),
        (("gate", "--now", "yesterday"), "--now: 'yesterday' is not an instant"),
        (("gate", "--now", "2026-11-20"), "--now: "),
        (("gate", "--now", "2026-02-30T10:00:00Z"), "--now: "),
        (("gate", "--now", "2026-11-20T10:00:00"), "--now: "),
        (("gate", "--now", "0001-01-01T00:00:00+14:00"), "--now: "),
        (("gate", "--now", "0001-01-01T00:00:00Z"), "--now: "),
        (("gate", "--now", "9999-12-31T23:59:59Z"), "--now: "),
        (("gate", "--now", "9999-12-31T23:59:59-14:00"), "--now: "),
        (("gate", "--trust", "1234"), "--trust: '1234' is not a manifest digest"),
        (("gate", "--trust", "sha256:" + "0" * 63), "--trust: "),
        (("gate", "--trust", "SHA256:" + "0" * 64), "--trust: "),
        (("gate", "--trust", SHA256_GIT + "\n"), "--trust: "),
        (("gate", "--previous=--foo"), "no commit is called '--foo'"),
        (("gate", "--previous", "none"), "no commit is called 'none'"),
        (("gate", "--", "--foo"), "no commit is called '--foo'"),
        (("gate", "HEAD~999"), "no commit is called 'HEAD~999'"),
        (("gate", ""), "no commit is called ''"),
        (("gate", "HEAD^{tree}"), "no commit is called"),
        (("gate", "HEAD:columns.yaml"), "no commit is called"),
        (("gate", "HEAD..HEAD"), "no commit is called"),
        (("gate", "HEAD^7"), "no commit is called"),
        (("gate", "^HEAD"), "no commit is called"),
        (("gate", "0" * 40), "no commit is called"),
        (("gate", "a\nb"), "no commit is called"),
        (("gate", "\x1b[31mred"), "no commit is called '\\x1b[31mred'"),
        (("gate", "--\x1b[31mred"), "\\x1b[31mred"),
        (("new", "nowhere", "标题", "--unit", "fx"), "there is no column 'nowhere'"),
        (("new", "../..", "标题", "--unit", "fx"), "there is no column '../..'"),
        (("new", "outline", "标题", "--unit", "fx"), "did you mean popular-science/outline?"),
        (("new", "news", "\u200b \u00ad", "--unit", "fx"), "a post needs a title"),
        (("new", "news", "标题", "--unit", "none"), "there is no unit 'none'"),
        (("new", "files", "标题", "--unit", "fx"), "may not write for"),
        (("new", "news", "标题", "--unit", "fx", "--kind", "poem"), "no workflow takes a 'poem'"),
        (("new", "news", "标题", "--unit", "fx", "--planned", "tomorrow"), "--planned: 'tomorrow' is not an instant"),
        (("new", "news", "标题", "--unit", "fx", "--expires", "2026-13-01"), "--expires: '2026-13-01' is not a date"),
        (("import", "nowhere", "--column", "news", "--unit", "fx"), "no such folder"),
        (("import", "content", "--column", "nowhere", "--unit", "fx"), "there is no column 'nowhere'"),
    ],
)
def test_a_malformed_command_line_is_answered_in_one_line(desk: Desk, arguments: tuple[str, ...], says: str) -> None:
    refused = arguments[0] in ("new", "import") and len(arguments) > 2 and says != "no such folder"
    unusable(replace(desk, now=""), *arguments, says=says, status=1 if refused else 2)


def test_the_command_alone_explains_itself_and_so_does_every_help(tmp_path: Path) -> None:
    ran = run(QIANFA, cwd=tmp_path, env=environment(tmp_path))
    assert (ran.status, ran.err) == (0, "")
    assert "Usage: qianfa" in ran.out
    for command in ("gate", "submit", "init", "policy"):
        assert f"  {command} " in ran.out


def test_a_title_of_any_length_and_kind_makes_a_file_that_every_system_takes(desk: Desk) -> None:
    unusable(desk, "new", "news", "--unit", "fx", "长" * 201, says="the Title has 201 characters", status=1)
    for title in (
        "长" * 200,
        "../../etc/passwd",
        "a/b\\c:d*e?f",
        "😀",
        "CON",
        "-rf",
        "index",
        "page",
        "....",
        "\x1b[31m红",
    ):
        ran = desk.qianfa("new", "news", "--unit", "fx", "--", title)
        assert (ran.status, ran.err) == (0, ""), title
    assert desk.git("ls-files", "--others", "--exclude-standard", "--", ":!content/news") == ""
    names = [path.name for path in (desk.path / "content/news").iterdir()]
    assert len(names) == 2 * (10 + 1)
    assert all(name.isascii() and len(name) < 150 for name in names)


# -- repositories --------------------------------------------------------------------------------------------------


def empty(desk: Desk) -> None:
    shutil.rmtree(desk.path)
    desk.path.mkdir()


def no_commit(desk: Desk) -> None:
    empty(desk)
    desk.git("init", "-q")


def sha256(desk: Desk) -> None:
    empty(desk)
    desk.git("init", "-q", "--object-format=sha256")
    desk.git("commit", "-q", "--allow-empty", "-m", "x")


def a_file(desk: Desk) -> None:
    shutil.rmtree(desk.path)
    desk.path.write_text("not a folder")


def broken_head(desk: Desk) -> None:
    (desk.path / ".git/HEAD").write_text("ref: refs/heads/none\n")


def rubbish_head(desk: Desk) -> None:
    (desk.path / ".git/HEAD").write_bytes(b"\xff\x00")


def a_link_for_git(desk: Desk) -> None:
    shutil.rmtree(desk.path / ".git")
    (desk.path / ".git").write_text("gitdir: /nowhere\n")


COMMANDS = (
    ("gate",), ("gate", "--format", "json"), ("build", "--output", "../output"), ("preview", "--no-serve"), ("submit", NEWS),
    ("approve", NEWS), ("new", "news", "标题"), ("policy", "sign"),
)  # fmt: skip


@pytest.mark.parametrize("spoil", [empty, no_commit, sha256, broken_head, rubbish_head, a_link_for_git])
def test_a_folder_that_is_no_usable_repository_is_answered_in_one_line_by_every_command(
    desk: Desk, spoil: Callable[[Desk], None]
) -> None:
    spoil(desk)
    for command in COMMANDS:
        unusable(desk, *command, says="")
    assert not (desk.path.parent / "output").exists()


def test_a_site_that_is_a_file_or_not_there_is_answered_in_one_line(desk: Desk) -> None:
    (desk.home / "file").write_text("not a folder")
    for command in COMMANDS[:4]:
        for place in ("file", "nowhere", "file/below"):
            unusable(desk, *command, "--site", desk.home / place, says=str(desk.home / place))
    unusable(desk, "gate", "--site", "content", says="not the top folder of a git repository")


def test_a_shallow_clone_blocks(desk: Desk, tmp_path: Path) -> None:
    """Judged and refused: the report says so, and no act goes on."""
    desk.git("clone", "-q", "--depth", "1", desk.path.as_uri(), str(tmp_path / "shallow"))
    shallow = replace(desk, path=tmp_path / "shallow")
    ran = shallow.qianfa("gate", "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    assert [one["code"] for one in json.loads(ran.out)["findings"]] == ["history-incomplete"]
    for command in (("submit", NEWS), ("build", "--output", "../output"), ("policy", "sign"), ("new", "news", "标题")):
        unusable(shallow, *command, says="history-incomplete: ", status=1)
    assert not (tmp_path / "output").exists()


def test_an_object_that_was_tampered_with_blocks(desk: Desk, tmp_path: Path) -> None:
    name = desk.git("rev-parse", f"HEAD:{NEWS}")
    other = desk.git("rev-parse", "HEAD:columns.yaml")
    path, source = (desk.path / ".git/objects" / one[:2] / one[2:] for one in (name, other))
    path.write_bytes(source.read_bytes())
    ran = desk.qianfa("gate")
    assert (ran.status, ran.err) == (1, "")
    assert "object-corrupt" in ran.out
    unusable(desk, "build", "--output", "../output", says="object-corrupt: ", status=1)
    assert not (tmp_path / "output").exists()


def test_where_ci_is_set_a_missing_pin_blocks(desk: Desk, tmp_path: Path) -> None:
    desk.pin = ""
    assert desk.qianfa("gate").status == 0
    for value in ("true", "1", "false"):
        assert "trust-unpinned" in desk.qianfa("gate", env={"CI": value}).out
    assert desk.qianfa("gate", env={"CI": "true"}).status == 1
    unusable(desk, "build", "--output", "../output", says="trust-unpinned: ", status=1, env={"CI": "true"})
    assert not (tmp_path / "output").exists()


def test_a_commit_of_before_that_is_no_ancestor_blocks_and_one_that_is_does_not(desk: Desk) -> None:
    older = desk.git("rev-parse", "HEAD~2")
    assert desk.qianfa("gate", "--previous", "HEAD~2").status == 0
    ran = desk.qianfa("gate", "--previous", desk.head, older)
    assert (ran.status, "history-rewritten" in ran.out) == (1, True)
    assert desk.qianfa("gate", "--previous", "f" * 40).status == 1


def test_a_tag_names_its_commit(desk: Desk) -> None:
    desk.git("tag", "plain", "HEAD~1")
    desk.git("tag", "-a", "-m", "x", "annotated", "HEAD~1")
    before = desk.git("rev-parse", "HEAD~1")
    for name in ("plain", "annotated", before[:12]):
        assert json.loads(desk.done("gate", "--format", "json", name))["commit"] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator of a machine can give files away")
def test_a_folder_of_somebody_elses_is_judged_like_any_other(desk: Desk) -> None:
    """As in a pipeline that runs as another user than it checked out as."""
    for path in (desk.path, desk.path / ".git"):
        os.chown(path, 12345, 12345)
    ran = desk.qianfa("gate")
    assert (ran.status, ran.err) == (0, "")


def test_git_missing_or_unwilling_is_answered_in_one_line(desk: Desk) -> None:
    unusable(desk, "gate", says="git is not installed", env={"PATH": str(desk.home)})
    unusable(desk, "submit", NEWS, says="git is not installed", env={"PATH": str(desk.home)})
    (desk.home / "git").write_text("#!/bin/sh\nexit 1\n")
    (desk.home / "git").chmod(0o755)
    ran = desk.qianfa("gate", env={"PATH": str(desk.home)})
    assert ran.status in (1, 2)


# -- output folders ------------------------------------------------------------------------------------------------


def test_build_replaces_nothing_that_it_did_not_write(founded: Desk, tmp_path: Path) -> None:
    """A file, a folder of somebody's, the site itself, git's folder, a folder that policy or posts lie in."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/mine.txt").write_text("mine")
    before = everything = {path: path.read_bytes() for path in tmp_path.glob("f*/*")}
    for output, says in (
        (tmp_path / "file", "is a file"), (tmp_path / "foreign", "that Qianfa did not write"), (".", "did not write"),
        (".git", "belongs there"), (".git/objects", "belongs there"), ("theme", "belongs there"), (tmp_path / "file/below", ""),
    ):  # fmt: skip
        unusable(founded, "build", "--output", output, says=says)
    assert everything == before
    assert not list(tmp_path.glob(".qianfa*"))


def test_an_output_that_cannot_be_written_is_answered_in_one_line(founded: Desk, tmp_path: Path) -> None:
    unusable(founded, "build", "--output", "/proc/output", says="/proc/output")
    unusable(founded, "build", "--output", "a\0b"[:1] + "x" * 300, says="File name too long")


# -- what anybody may have written ---------------------------------------------------------------------------------

STEERING = "\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2028\U000e0041\r\b"
STEERS = set("\x1b\x07\x9b\u202e\u2028\U000e0041\r\b")


def test_nothing_that_anybody_wrote_steers_the_terminal_or_feigns_a_line(tmp_path: Path) -> None:
    """Escape sequences and line ends in paths, notes, names and what git says reach the terminal escaped."""
    story = begin(tmp_path / "site")
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"))
    story.sign(NEWS, "head", "head-fx", decision="return", note=f"{STEERING}退回")
    story.write(f"content/news/{STEERING}.txt", b"")
    story.write("content/news/a\nNothing is wrong.\n.txt", b"")
    story.write(f"content/news/b/{STEERING}/c.md", b"x: \x1b[2J\n")
    story.write("content/news/d.md", f"Title: {STEERING}d\n\x1b[2Jkey: x\n\n正文。\n")
    story.write("theme/\x1b[2J.html", b"")
    story.commit(f"{STEERING}\n")
    desk = seated(story, tmp_path)
    text = desk.qianfa("gate")
    report = desk.qianfa("gate", "--format", "json")
    refused = desk.qianfa("approve", NEWS, by="reviewer-1")
    for ran in (text, report, refused, desk.qianfa("submit", "content/news/d.md", by="officer-fx")):
        said = ran.out + ran.err
        assert said
        assert not STEERS & set(said)
    assert text.out.splitlines().count("Nothing is wrong.") == 0
    paths = [one["path"] for one in json.loads(report.out)["findings"]]
    assert f"content/news/{STEERING}.txt" in paths
    assert "退回" in refused.complaint


def test_a_path_that_is_no_text_at_all_is_a_finding_in_text_and_json(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    story.write("content/news/" + os.fsdecode(b"\xff\xfe.md"), b"Title: x\n")
    story.commit()
    desk = Desk(path=story.path, keys=tmp_path, home=tmp_path, pin=story.pin, here=True)
    assert "path-invalid" in desk.qianfa("gate").out
    found = json.loads(desk.qianfa("gate", "--format", "json").out)["findings"]
    assert [one["code"] for one in found] == ["path-invalid"]


def test_json_is_one_object_with_sorted_keys_in_utf_8_whatever_the_terminal_is(desk: Desk, tmp_path: Path) -> None:
    """For a site that is well, one that is blocked, and one without a policy, on a terminal that knows no Chinese."""
    bare = begin(tmp_path / "bare")
    bare.go(bare.commit("nothing signed\n", parents=()))
    bare.remove("policy.review.yaml")
    nothing = seated(bare, tmp_path / "bare")
    blocked = replace(desk, pin=SHA256_GIT)
    outputs = set()
    for place, status, encoding in (
        (desk, 0, "utf-8"),
        (replace(desk, here=False), 0, "ascii"),
        (replace(desk, here=False), 0, "gbk"),
        (blocked, 1, "utf-8"),
        (nothing, 1, "utf-8"),
    ):
        ran = place.qianfa("gate", "--format", "json", env={"PYTHONIOENCODING": encoding})
        assert (ran.status, ran.err) == (status, "")
        value = json.loads(ran.out)
        assert ran.out == json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
        assert set(value) == {"report", "site", "commit", "policy", "items", "findings", "summary"}
        outputs.add(ran.out)
    assert len(outputs) == 3


def test_text_goes_out_on_a_terminal_that_lacks_its_characters(founded: Desk) -> None:
    """An act that is done is not called a fault of the program for it."""
    ran = founded.qianfa("gate", env={"PYTHONIOENCODING": "ascii"})
    assert (ran.status, ran.err) == (0, "")
    ran = founded.qianfa("gate", "无此提交", env={"PYTHONIOENCODING": "ascii:strict"})
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)


@pytest.mark.parametrize("arguments", [("gate",), ("gate", "--format", "json"), ("--help",)])
def test_a_reader_who_leaves_early_hears_no_complaint(founded: Desk, arguments: tuple[str, ...]) -> None:
    env = environment(founded.home, QIANFA_TRUST=founded.pin)
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [QIANFA, *arguments], cwd=founded.path, env=env, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (1 if arguments == ("--help",) else 141, b"")


def test_a_report_that_cannot_be_written_is_not_taken_for_one(founded: Desk) -> None:
    env = environment(founded.home, QIANFA_TRUST=founded.pin)
    with Path("/dev/full").open("wb") as full:
        command = [str(QIANFA), "gate", "--format", "json"]
        ran = subprocess.run(
            command, cwd=founded.path, env=env, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    assert b"No space left on device" in ran.stderr


def test_a_closed_output_or_input_is_no_fault(founded: Desk) -> None:
    line = f"{QIANFA} gate <&- >&-; echo $?"
    ran = run("sh", "-c", line, cwd=founded.path, env=environment(founded.home, QIANFA_TRUST=founded.pin))
    assert (ran.status, ran.out, ran.err) == (0, "0\n", "")


# -- founding ------------------------------------------------------------------------------------------------------


@pytest.fixture
def place(desk: Desk, tmp_path: Path) -> Desk:
    """A folder with keys, where a site may be founded."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place/full").mkdir()
    (tmp_path / "place/full/mine").write_text("mine")
    (tmp_path / "place/file").write_text("mine")
    for name in ("key", "key.pub"):
        (tmp_path / "place" / name).write_bytes((desk.keys / name.replace("key", "admin-a")).read_bytes())
    (tmp_path / "place/key").chmod(0o600)
    return Desk(path=tmp_path / "place", keys=desk.keys, home=desk.home, pin="", here=True)


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"--site-id": "Upper Case"}, 1, "--site-id: 'Upper Case' is not an id"),
        ({"--site-id": "a\n  b: c"}, 1, "--site-id: "),
        ({"--admin": "../me"}, 1, "--admin: '../me' is not an id"),
        ({"--admin": "officer: me"}, 1, "--admin: "),
        ({"--key": "none"}, 1, "there is no such key file"),
        ({"--key": "file"}, 1, "its public half cannot be read"),
        ({"--key": "."}, 1, "no such key file"),
        ({"--cast": "site/keys"}, 2, "--cast: "),
        ({"--cast": "file"}, 2, "file"),
        ({"--now": "never"}, 2, "--now: "),
        ({"--site-id": ""}, 2, "--site-id: it is needed"),
        ({"--admin": ""}, 2, "--admin: it is needed"),
        ({"DIR": "full"}, 1, "it is neither empty nor a git repository"),
        ({"DIR": "file"}, 1, "it is neither empty nor a git repository"),
        ({"DIR": "file/site"}, 2, "file"),
    ],
    ids=str,
)
def test_a_founding_that_cannot_be_leaves_nothing_behind(
    place: Desk, changed: dict[str, str], status: int, says: str
) -> None:
    options = {"--site-id": "s", "--admin": "me", "--key": "key"} | changed
    folder = options.pop("DIR", "site")
    unusable(place, "init", folder, *(word for pair in options.items() for word in pair), says=says, status=status)


def test_names_and_titles_of_a_new_site_are_cleaned_and_quoted_whatever_they_hold(place: Desk) -> None:
    """YAML's own signs, line ends, invisible characters; a remark behind the key is not believed either."""
    place.write("key.pub", place.read("key.pub").strip() + " me: [#1] {yes}\n")
    nasty = " \ufeff“A”: {b}, #c\r\n- d\u202e \"e\" 'f' \\ Cafe\u0301 "
    options = ("--site-id", "s", "--admin", "me", "--key", "key", "--title", nasty, "--admin-name", nasty)
    place.done("init", "site", *options)
    clean = "“A”: {b}, #c - d \"e\" 'f' \\ Café"
    site = replace(place, path=place.path / "site")
    assert site.done("gate").startswith(clean)
    assert json.dumps(clean, ensure_ascii=False) in site.read("people.yaml")


def test_a_site_is_founded_once(place: Desk) -> None:
    options = ("--site-id", "s", "--admin", "me", "--key", "key")
    place.done("init", "site", *options)
    unusable(place, "init", "site", *options, says="this is a site already", status=1)
    copied(place.path / "site", place.path / "other")
    unusable(replace(place, path=place.path / "other"), "init", ".", *options[:-1], "../key", says="already", status=1)


def test_files_that_git_does_not_know_are_not_founded_over(place: Desk) -> None:
    """In a repository that is there, somebody's untracked people.yaml is theirs."""
    git(place.path, "init", "-q", "repository")
    site = replace(place, path=place.path / "repository")
    site.write("people.yaml", "mine")
    options = ("--site-id", "s", "--admin", "me", "--key", "../key")
    unusable(site, "init", ".", *options, says="people.yaml: git does not know this file", status=1)
    (site.path / "people.yaml").unlink()
    site.write("notes.txt", "mine")
    site.done("init", ".", *options)
    assert site.git("status", "--porcelain") == "?? notes.txt"


def test_the_command_is_the_installed_one(tmp_path: Path) -> None:
    """A folder called `review` where one stands is not what runs."""
    (tmp_path / "review").mkdir()
    (tmp_path / "review/__init__.py").write_text("raise SystemExit('not the engine')\n")
    ran = run(BIN / "qianfa", "--help", cwd=tmp_path, env=environment(tmp_path))
    assert ran.status == 0
