"""Nothing but the objects decides: no configuration, hook, environment, ref, graft, pack or cache changes a verdict."""

from __future__ import annotations

import copy
import hashlib
import itertools
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story import NEWS, NOW, Story, begin

from review import pipeline
from review.errors import HistoryError, UnusableSite
from review.formats.reports import report_json
from review.history.trees import entries, entries_near
from review.model.reports import Report

REVIEWED = "content/popular-science/activities/2026-11-21-观察 鸟.md"
BLOCKING = {"object-corrupt", "history-incomplete"}
BARE = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "HOME": os.devnull}
WHO = {f"GIT_{role}_{part}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}


def git(at: Path, *arguments: str | Path, env: dict[str, str] | None = None, ok: bool = True) -> str:
    """What a git without configuration of the machine or its user prints."""
    given = BARE | WHO | (env or {})
    found = subprocess.run(("git", *arguments), cwd=at, env=given, capture_output=True, text=True, check=False)
    assert found.returncode == 0 or not ok, found.stderr
    return found.stdout.strip()


def told(path: Path) -> Story:
    """A site with a post that is live and has an attachment, and one that waits for its head."""
    story = begin(path)
    story.post()
    story.attach(NEWS, "海报 1.jpg", b"\xff\xd8 a picture")
    story.chain()
    story.post(REVIEWED)
    story.sign(REVIEWED, "draft", "officer-fx", previous="none", version=1)
    return story


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return told(tmp_path_factory.mktemp("template") / "site")


@pytest.fixture
def story(template: Story, tmp_path: Path) -> Story:
    """The same story for every test, in a repository of its own."""
    return copied(template, tmp_path / "site")


def copied(story: Story, to: Path) -> Story:
    shutil.copytree(story.path, to)
    another = copy.copy(story)
    another.path, another.files, another.signed = to, dict(story.files), list(story.signed)
    return another


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes longer, or more than half a gigabyte of memory.

    A gate that waits for git, which waits for the gate, would do so for ever.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still at it after {seconds} s")

    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (size + (512 << 20), hard))
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again, where the first falls into a finaliser
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def gate(story: Story, at: Path | None = None, revision: str = "") -> Report:
    """The verdict on the story's head, read from its own repository or from another with the same history."""
    options = pipeline.GateOptions(now=NOW, pin=story.pin)
    with within(10):
        return pipeline.gate(at or story.path, revision or story.head, options)


def verdict(story: Story, at: Path | None = None, revision: str = "") -> str:
    return report_json(gate(story, at, revision))


def outcome(story: Story, before: str) -> str:
    """`same`, the code that blocks, or `unusable`; anything else fails."""
    try:
        report = gate(story)
    except UnusableSite:
        return "unusable"
    if report_json(report) == before:
        return "same"
    (code,) = {finding.code for finding in report.findings}
    assert code in BLOCKING
    assert report.live is None
    assert report.exit_status == 1
    assert not report.items
    return code


def objects(story: Story) -> dict[str, str]:
    """Every loose object with its kind."""
    found = {}
    for path in sorted((story.path / ".git/objects").glob("??/*")):
        kind = zlib.decompress(path.read_bytes()).split(b" ")[0].decode()
        found[path.parent.name + path.name] = kind
    return found


@contextmanager
def instead(path: Path, data: bytes | None) -> Iterator[None]:
    """The file with other bytes, or without any, for a while."""
    kept = path.read_bytes()
    try:
        path.unlink()
        if data is not None:
            path.write_bytes(data)
        yield
    finally:
        path.write_bytes(kept)


def test_the_story_is_live_and_in_review(story: Story) -> None:
    """What the tests of this file compare is not empty."""
    report = gate(story)
    assert {item.item: item.state for item in report.items} == {NEWS: "live", REVIEWED: "in-review"}
    assert git(story.path, "fsck", "--strict", "--no-dangling") == ""


# Configuration, hooks and environment.


def trap(mark: Path) -> Path:
    """A program that leaves a mark when it is run, and then does what git asked of it badly."""
    path = mark.with_name("trap")
    path.write_text(f'#!/bin/sh\ntouch "{mark}"\nexec git-upload-pack "$@"\n')
    path.chmod(0o755)
    return path


def configure(story: Story, text: str) -> None:
    with (story.path / ".git/config").open("a", encoding="utf-8") as file:
        file.write(text)


CONFIGURATIONS = {
    "programs": """[core]
\tfsmonitor = {trap}
\thooksPath = {folder}
\tsshCommand = {trap}
\tpager = {trap}
\teditor = {trap}
\taskPass = {trap}
\tgitProxy = {trap}
\talternateRefsCommand = {trap}
[gpg]
\tprogram = {trap}
[gpg "ssh"]
\tprogram = {trap}
\tdefaultKeyCommand = {trap}
[credential]
\thelper = {trap}
[diff]
\texternal = {trap}
[alias]
\trev-parse = !{trap}
\tcat-file = !{trap}
""",
    "filters": """[core]
\tattributesFile = {folder}/attributes
\tautocrlf = true
\teol = crlf
[filter "x"]
\tsmudge = {trap}
\tclean = {trap}
\tprocess = {trap}
\trequired = true
[diff "x"]
\ttextconv = {trap}
\tcommand = {trap}
""",
    "reading": """[core]
\tuseReplaceRefs = true
\tcommitGraph = true
\tmultiPackIndex = true
\tbigFileThreshold = 1
\tpackedGitLimit = 1k
\tabbrev = 4
\twarnAmbiguousRefs = false
\tlogAllRefUpdates = always
\tignoreCase = true
\tprecomposeUnicode = true
\tquotePath = false
[i18n]
\tcommitEncoding = UTF-16
\tlogOutputEncoding = UTF-16
[log]
\tshowSignature = true
\tfollow = true
[gc]
\tauto = 1
[transfer]
\thideRefs = refs
[uploadpack]
\thideRefs = refs
""",
    "places": """[core]
\tworktree = /nowhere
[include]
\tpath = {folder}/nowhere
[includeIf "gitdir:**"]
\tpath = {folder}/included
""",
    "bare": "[core]\n\tbare = true\n",
    "partial clone": """[core]
\trepositoryFormatVersion = 1
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {folder}/elsewhere
\tfetch = +refs/heads/*:refs/remotes/origin/*
\tpromisor = true
\tpartialclonefilter = blob:none
\tuploadpack = {trap}
""",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("revision", ["", "HEAD", "main"])
def test_no_configuration_of_the_repository_changes_a_verdict_or_runs_a_program(
    story: Story, tmp_path: Path, name: str, revision: str
) -> None:
    before = verdict(story)
    mark = tmp_path / "mark"
    (tmp_path / "included").write_text(f"[core]\n\tfsmonitor = {trap(mark)}\n")
    (tmp_path / "attributes").write_text("* filter=x diff=x\n")
    configure(story, CONFIGURATIONS[name].format(trap=trap(mark), folder=tmp_path))
    assert verdict(story, revision=revision) == before
    assert not mark.exists()


def test_no_hook_runs(story: Story, tmp_path: Path) -> None:
    before = verdict(story)
    mark = tmp_path / "mark"
    hooks = story.path / ".git/hooks"
    hooks.mkdir()
    for name in ("post-checkout", "pre-auto-gc", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(trap(mark), hooks / name)
    assert verdict(story, revision="HEAD") == before
    assert not mark.exists()


def test_no_attributes_change_what_is_read(story: Story, tmp_path: Path) -> None:
    """Neither those of the repository's own folder nor those that lie in the working tree."""
    before = verdict(story)
    mark = tmp_path / "mark"
    configure(story, f'[filter "x"]\n\tsmudge = {trap(mark)}\n\tclean = {trap(mark)}\n\trequired = true\n')
    (story.path / ".git/info").mkdir()
    rules = "* text eol=crlf ident filter=x working-tree-encoding=UTF-16 export-ignore\n"
    for place in (".git/info/attributes", ".gitattributes", "content/.gitattributes"):
        (story.path / place).parent.mkdir(exist_ok=True)
        (story.path / place).write_text(rules)
    assert verdict(story) == before
    assert not mark.exists()


@pytest.mark.parametrize("place", [".gitconfig", ".config/git/config"])
@pytest.mark.parametrize(
    "text",
    ["[core]\n\tbare = true\n\trepositoryFormatVersion = 9\n[extensions]\n\tnone = 1\n", "no configuration at all\n"],
)
def test_no_configuration_of_the_user_changes_a_verdict(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str
) -> None:
    """Not even one that git cannot read."""
    before = verdict(story)
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert verdict(story, revision="HEAD") == before


def environments(git_dir: str, folder: Path) -> dict[str, dict[str, str]]:
    """What a caller's environment could say: `git_dir` is another repository, `folder` has files with nonsense."""
    run, settings = (
        str(folder / "trap"),
        {"core.useReplaceRefs": "true", "core.fsmonitor": str(folder / "trap"), "core.bare": "true"},
    )
    counted = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        counted |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {
        "GIT_DIR": {"GIT_DIR": git_dir},
        "GIT_DIR and work tree": {"GIT_DIR": git_dir, "GIT_WORK_TREE": git_dir + "/.."},
        "GIT_DIR that is none": {"GIT_DIR": str(folder)},
        "GIT_COMMON_DIR": {"GIT_COMMON_DIR": git_dir},
        "GIT_OBJECT_DIRECTORY": {"GIT_OBJECT_DIRECTORY": git_dir + "/objects"},
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": {"GIT_ALTERNATE_OBJECT_DIRECTORIES": git_dir + "/objects"},
        "GIT_NAMESPACE": {"GIT_NAMESPACE": "other"},
        "GIT_CEILING_DIRECTORIES": {"GIT_CEILING_DIRECTORIES": "/"},
        "GIT_INDEX_FILE": {"GIT_INDEX_FILE": str(folder / "index")},
        "GIT_CONFIG_COUNT": counted,
        "GIT_CONFIG_PARAMETERS": {"GIT_CONFIG_PARAMETERS": "'core.bare=true' 'core.useReplaceRefs=true'"},
        "GIT_CONFIG_GLOBAL": {"GIT_CONFIG_GLOBAL": str(folder / "config")},
        "GIT_CONFIG_SYSTEM": {"GIT_CONFIG_SYSTEM": str(folder / "broken"), "GIT_CONFIG_NOSYSTEM": "0"},
        "GIT_CONFIG": {"GIT_CONFIG": str(folder / "broken")},
        "GIT_REPLACE_REF_BASE": {"GIT_REPLACE_REF_BASE": "refs/heads/"},
        "GIT_GRAFT_FILE": {"GIT_GRAFT_FILE": str(folder / "grafts")},
        "GIT_SHALLOW_FILE": {"GIT_SHALLOW_FILE": str(folder / "grafts")},
        "GIT_TRACE": {"GIT_TRACE": "1", "GIT_TRACE_SETUP": "1", "GIT_TRACE2_EVENT": str(folder / "trace")},
        "GIT_EXTERNAL_DIFF": {"GIT_EXTERNAL_DIFF": run, "GIT_SSH_COMMAND": run},
        "GIT_DEFAULT_HASH": {"GIT_DEFAULT_HASH": "sha256"},
        "GIT_EXEC_PATH": {"GIT_EXEC_PATH": str(folder)},
        "GIT_ATTR_SOURCE": {"GIT_ATTR_SOURCE": "main", "GIT_LITERAL_PATHSPECS": "1"},
        "locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "de"},
        "time zone": {"TZ": "America/New_York"},
    }


NAMES = list(environments("", Path()))


@pytest.mark.parametrize("name", NAMES)
def test_no_environment_of_the_caller_changes_a_verdict(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = verdict(story)
    other = copied(story, tmp_path / "other")
    other.commit("another history\n")
    trap(tmp_path / "mark")
    (tmp_path / "grafts").write_text(story.head + "\n")
    (tmp_path / "config").write_text(f"[core]\n\tbare = true\n\tfsmonitor = {tmp_path / 'trap'}\n")
    (tmp_path / "broken").write_text("no configuration at all\n")
    for key, value in environments(str(other.path / ".git"), tmp_path)[name].items():
        monkeypatch.setenv(key, value)
    for revision in ("", "HEAD", "main"):
        assert verdict(story, revision=revision) == before
    assert not (tmp_path / "mark").exists()


def test_an_object_that_only_the_environment_offers_is_missing(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(story.path / ".git/objects", tmp_path / "objects")
    story.loose(next(name for name, kind in objects(story).items() if kind == "commit" and name != story.head)).unlink()
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(tmp_path / "objects"))
    assert {one.code for one in gate(story).findings} == {"history-incomplete"}


def test_a_verdict_leaves_environment_repository_and_temporary_folder_as_they_were(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state() -> list[tuple[str, int, int]]:
        return sorted(
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for path in story.path.rglob("*")
            if path.is_file()
        )

    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    environment, files = dict(os.environ), state()
    gate(story)
    with pytest.raises(UnusableSite):
        gate(story, revision="nothing")
    story.loose(objects_of(story, "blob")[0]).unlink()
    gate(story)
    assert dict(os.environ) == environment
    assert list((tmp_path / "temporary").iterdir()) == []
    assert len(files) == len(state()) + 1


def objects_of(story: Story, kind: str) -> list[str]:
    return [name for name, found in objects(story).items() if found == kind]


# Replace refs, grafts, the shallow file and the commit-graph.


def commit_without_parents(story: Story) -> str:
    """The head's own files and message in a commit that has no history."""
    raw = zlib.decompress(story.loose(story.head).read_bytes()).partition(b"\0")[2]
    lines = [line for line in raw.split(b"\n") if not line.startswith(b"parent ")]
    return story.object("commit", b"\n".join(lines))


def replace_head(story: Story) -> None:
    path = story.path / ".git/refs/replace" / story.head
    path.parent.mkdir(parents=True)
    path.write_text(commit_without_parents(story) + "\n")


def replace_head_in_packed_refs(story: Story) -> None:
    text = f"# pack-refs with: peeled fully-peeled sorted \n{commit_without_parents(story)} refs/replace/{story.head}\n"
    (story.path / ".git/packed-refs").write_text(text)


def graft_head(story: Story) -> None:
    (story.path / ".git/info").mkdir()
    (story.path / ".git/info/grafts").write_text(story.head + "\n")


def shallow_head(story: Story) -> None:
    (story.path / ".git/shallow").write_text(story.head + "\n")


def commit_graph(story: Story) -> Path:
    git(story.path, "commit-graph", "write", "--reachable")
    return story.path / ".git/objects/info/commit-graph"


NO_PARENT = 0x70000000


def rewrite_commit_graph(story: Story, parents: Callable[[dict[str, int]], dict[str, tuple[int, int]]]) -> None:
    """Change the parents in a commit-graph and set its checksum right.

    `parents` is told the row of every commit and returns the rows of the two parents of those it changes.
    """
    path = commit_graph(story)
    data = bytearray(path.read_bytes())
    chunks = {
        bytes(data[8 + 12 * n : 12 + 12 * n]): struct.unpack_from(">Q", data, 12 + 12 * n)[0] for n in range(data[6])
    }
    count = struct.unpack_from(">I", data, chunks[b"OIDF"] + 4 * 255)[0]
    start = chunks[b"OIDL"]
    rows = {data[start + 20 * n : start + 20 * n + 20].hex(): n for n in range(count)}
    for name, two in parents(rows).items():
        struct.pack_into(">II", data, chunks[b"CDAT"] + 36 * rows[name] + 20, *two)
    data[-20:] = hashlib.sha1(data[:-20], usedforsecurity=False).digest()
    path.chmod(0o644)
    path.write_bytes(data)


def orphaned_commit_graph(story: Story) -> None:
    """A commit-graph that says no commit has a parent."""
    rewrite_commit_graph(story, lambda rows: dict.fromkeys(rows, (NO_PARENT, NO_PARENT)))


MEDDLERS: dict[str, Callable[[Story], None]] = {
    "replace ref": replace_head,
    "packed replace ref": replace_head_in_packed_refs,
    "graft": graft_head,
    "shallow file": shallow_head,
    "commit-graph": orphaned_commit_graph,
}


@pytest.mark.parametrize("name", MEDDLERS)
def test_what_makes_git_see_another_history_changes_no_verdict(story: Story, name: str) -> None:
    """git itself is taken in each time: it counts one commit."""
    before = verdict(story)
    MEDDLERS[name](story)
    assert git(story.path, "rev-list", "--count", "HEAD") == "1"
    assert verdict(story) == before
    assert verdict(story, revision="HEAD") == before


@pytest.mark.parametrize("name", MEDDLERS)
def test_a_name_by_ancestry_is_resolved_in_the_history_as_it_is(story: Story, name: str) -> None:
    """`HEAD~1` is the commit that the raw objects say, whatever git is told to see."""
    parent = git(story.path, "rev-parse", "HEAD~1")
    MEDDLERS[name](story)
    assert gate(story, revision="HEAD~1").commit == parent


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_a_replaced_object_of_any_kind_is_read_as_itself(story: Story, kind: str) -> None:
    """Every object of the kind is replaced by one and the same other."""
    names = objects_of(story, kind)
    before = verdict(story)
    other = {
        "blob": lambda: story.object("blob", b"replaced"),
        "tree": lambda: story.object("tree", b""),
        "commit": lambda: commit_without_parents(story),
    }[kind]()
    folder = story.path / ".git/refs/replace"
    folder.mkdir()
    for name in names:
        (folder / name).write_text(other + "\n")
    assert git(story.path, "cat-file", "-p", names[0]) == git(story.path, "cat-file", "-p", other)
    assert verdict(story) == before
    assert verdict(story, revision="HEAD") == before


def test_an_honest_commit_graph_changes_no_verdict(story: Story) -> None:
    before = verdict(story)
    assert commit_graph(story).is_file()
    assert verdict(story, revision="HEAD") == before


@pytest.mark.parametrize("there", [True, False])
def test_a_commit_graph_that_adds_a_parent_changes_no_verdict(story: Story, there: bool) -> None:
    """The parent it invents is a withdrawal on a branch, or a commit that is not even there any more."""
    before, head = verdict(story), story.head
    branch = story.sign(NEWS, "withdraw", "leader-1", decision="withdraw").commit
    (story.path / ".git/refs/heads/branch").write_text(branch + "\n")
    story.go(head)
    first = git(story.path, "rev-parse", f"{head}~1")
    rewrite_commit_graph(story, lambda rows: {head: (rows[first], rows[branch])})
    (story.path / ".git/refs/heads/branch").unlink()
    assert branch in git(story.path, "rev-list", "HEAD").split()
    if not there:
        story.loose(branch).unlink()
    assert verdict(story) == before
    assert verdict(story, revision="HEAD") == before


@pytest.mark.parametrize("how", ["empty", "cut", "noise", "text"])
def test_a_broken_commit_graph_changes_no_verdict(story: Story, how: str) -> None:
    before = verdict(story)
    path = commit_graph(story)
    data = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(
        {
            "empty": b"",
            "cut": data[: len(data) // 2],
            "noise": bytes(255 - byte for byte in data),
            "text": b"no graph\n",
        }[how]
    )
    for revision in ("", "HEAD", "main"):
        assert verdict(story, revision=revision) == before


# Lazy fetching.


def promise(story: Story, tmp_path: Path) -> Path:
    """Make the repository a partial clone of a complete one, whose upload-pack leaves the mark that is returned."""
    mark = tmp_path / "mark"
    shutil.copytree(story.path, tmp_path / "elsewhere")
    git(tmp_path / "elsewhere", "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path / "elsewhere", "config", "uploadpack.allowFilter", "true")
    configure(story, CONFIGURATIONS["partial clone"].format(trap=trap(mark), folder=tmp_path))
    return mark


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_a_missing_object_is_never_fetched(story: Story, tmp_path: Path, kind: str) -> None:
    mark = promise(story, tmp_path)
    for name in objects_of(story, kind):
        if name != story.head:
            story.loose(name).unlink()
    assert [one.code for one in gate(story).findings] == ["history-incomplete"]
    assert not mark.exists()


def test_git_itself_would_have_fetched_it(story: Story, tmp_path: Path) -> None:
    """The trap of the tests beside this one works."""
    mark = promise(story, tmp_path)
    name = objects_of(story, "blob")[0]
    story.loose(name).unlink()
    git(story.path, "cat-file", "-p", name, ok=False)
    assert mark.exists()


@pytest.mark.parametrize("revision", ["", "HEAD", "main"])
def test_a_missing_head_is_never_fetched(story: Story, tmp_path: Path, revision: str) -> None:
    mark = promise(story, tmp_path)
    story.loose(story.head).unlink()
    assert outcome_at(story, revision) in {"unusable", "history-incomplete"}
    assert not mark.exists()


def outcome_at(story: Story, revision: str) -> str:
    """The codes of all findings, or `unusable`."""
    try:
        return " ".join(finding.code for finding in gate(story, revision=revision).findings)
    except UnusableSite:
        return "unusable"


# Where objects lie.


def pack(story: Story) -> None:
    git(story.path, "gc", "--quiet", "--prune=now")
    assert not objects(story)


def two_packs_and_loose(story: Story) -> None:
    everything = git(story.path, "rev-list", "--objects", "--no-object-names", "HEAD").split("\n")
    for part in (everything[::2], everything[1::3]):
        folder = story.path / ".git/objects/pack"
        folder.mkdir(exist_ok=True)
        command = ("git", "pack-objects", "--quiet", folder / "pack")
        subprocess.run(
            command, cwd=story.path, input="\n".join(part).encode(), env=BARE, capture_output=True, check=True
        )
    git(story.path, "prune-packed")


def midx_and_bitmaps(story: Story) -> None:
    git(story.path, "repack", "-adb", "--quiet")
    git(story.path, "multi-pack-index", "write")


def alternate(story: Story) -> None:
    elsewhere = story.path.with_name("store")
    (story.path / ".git/objects").rename(elsewhere)
    (story.path / ".git/objects/info").mkdir(parents=True)
    (story.path / ".git/objects/info/alternates").write_text(f"{elsewhere}\n/nowhere/at/all\n")


def linked_objects(story: Story) -> None:
    elsewhere = story.path.with_name("store")
    (story.path / ".git/objects").rename(elsewhere)
    (story.path / ".git/objects").symlink_to(elsewhere)


PLACES: dict[str, Callable[[Story], None]] = {
    "one pack": pack,
    "two packs and loose": two_packs_and_loose,
    "multi-pack index and bitmaps": midx_and_bitmaps,
    "alternates": alternate,
    "linked folder": linked_objects,
}


@pytest.mark.parametrize("name", PLACES)
def test_it_does_not_matter_where_objects_lie(story: Story, name: str) -> None:
    before = verdict(story)
    PLACES[name](story)
    for revision in ("", "HEAD", "main"):
        assert verdict(story, revision=revision) == before


def worktree(story: Story, to: Path) -> None:
    git(story.path, "worktree", "add", "--quiet", "--detach", to)


def separate(story: Story, to: Path) -> None:
    git(story.path, "clone", "--quiet", "--separate-git-dir", to.with_name("git-dir"), story.path, to)


HOMES: dict[str, Callable[[Story, Path], object]] = {
    "clone": lambda story, to: git(story.path, "clone", "--quiet", f"file://{story.path}", to),
    "shared clone": lambda story, to: git(story.path, "clone", "--quiet", "--shared", story.path, to),
    "bare clone": lambda story, to: git(story.path, "clone", "--quiet", "--bare", f"file://{story.path}", to),
    "mirror": lambda story, to: git(story.path, "clone", "--quiet", "--mirror", story.path, to),
    "worktree": worktree,
    "separate git directory": separate,
    "copy": lambda story, to: shutil.copytree(story.path, to),
    "link": lambda story, to: to.symlink_to(story.path),
}


@pytest.mark.parametrize("name", HOMES)
def test_the_same_history_has_the_same_verdict_in_every_kind_of_repository(
    story: Story, tmp_path: Path, name: str
) -> None:
    before = verdict(story)
    to = tmp_path / "to"
    HOMES[name](story, to)
    assert verdict(story, to) == before
    assert verdict(story, to, revision="HEAD") == before


@pytest.mark.parametrize(
    "folder", ["名 with spaces", "$HOME", "${HOME}", "%HOME%", "~", "~root", "-dash", ":colon:", "a'b\"c", "*"]
)
def test_a_site_may_lie_in_a_folder_of_any_name(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """A name is a name: nothing in it is expanded."""
    before = verdict(story)
    shutil.copytree(story.path, tmp_path / folder)
    assert verdict(story, tmp_path / folder, revision="HEAD") == before
    monkeypatch.chdir(tmp_path)
    assert verdict(story, Path(folder), revision="HEAD") == before


def test_a_site_may_be_named_relative_to_the_current_folder(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    before = verdict(story)
    monkeypatch.chdir(story.path)
    assert verdict(story, Path()) == before
    monkeypatch.chdir(story.path.parent)
    assert verdict(story, Path("site")) == before


def test_branches_tags_and_their_order_do_not_matter(story: Story) -> None:
    """Three branches beside the one that is judged, one of them withdrawing the post; every order of packed refs."""
    before, head = verdict(story), story.head
    branches = {"aaa": head}
    story.commit("work on a branch\n")
    branches["zzz"] = story.head
    story.go(head)
    made = story.sign(NEWS, "withdraw", "leader-1", decision="withdraw")
    branches["mmm"] = made.commit
    story.go(head)
    assert verdict(story) == before
    assert gate(story, revision=branches["mmm"]).items[0].state == "withdrawn"
    rows = [f"{commit} refs/heads/{name}" for name, commit in branches.items()]
    rows.append(f"{branches['mmm']} refs/tags/main")
    for order in itertools.permutations(rows):
        (story.path / ".git/packed-refs").write_text("\n".join(order) + "\n")
        assert verdict(story) == before
    (story.path / ".git/packed-refs").unlink()
    for name, commit in branches.items():
        (story.path / ".git/refs/heads" / name).write_text(commit + "\n")
    assert verdict(story) == before


def test_an_id_is_never_taken_for_a_name(story: Story) -> None:
    """A branch that is called as a commit's id does not stand in for the commit."""
    before = verdict(story)
    other = story.commit("another commit\n")
    (story.path / ".git/refs/heads" / gate_head(before)).write_text(other + "\n")
    (story.path / ".git" / gate_head(before)).write_text(other + "\n")
    assert verdict(story, revision=gate_head(before)) == before


def gate_head(report: str) -> str:
    return report.split('"commit": "')[1][:40]


def test_an_annotated_tag_names_its_commit(story: Story) -> None:
    before = verdict(story)
    tag = f"object {story.head}\ntype commit\ntag v1\ntagger x <x@example.org> 0 +0000\n\nv1\n"
    once = story.object("tag", tag.encode())
    twice = story.object("tag", tag.replace(story.head, once).replace("type commit", "type tag").encode())
    (story.path / ".git/refs/tags").mkdir()
    (story.path / ".git/refs/tags/v1").write_text(twice + "\n")
    for revision in ("v1", twice, "refs/tags/v1"):
        assert verdict(story, revision=revision) == before


@pytest.mark.parametrize(
    "revision",
    [
        "nothing", "-h", "--all", "--version", "-", " ", "HEAD:content", "HEAD:columns.yaml", "HEAD^{tree}",
        "HEAD..main", "^HEAD",
        "0" * 40, "f" * 40, "HEAD@{1}", "@{-1}", "main~99", "a\nb", "HEAD\n", "*", "..", ":", ":/no such message",
        "refs/heads",
        "HEAD --all", "春", "HEAD^{blob}", "HEAD^{/no such message}", "f" * 64,
    ],
)  # fmt: skip
def test_what_names_no_commit_is_said_to_name_none(story: Story, revision: str) -> None:
    with pytest.raises(UnusableSite) as caught:
        gate(story, revision=revision)
    assert caught.value.exit_status == 2
    assert "\n" not in str(caught.value)


def test_what_is_no_repository_is_said_to_be_none(story: Story, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "hollow/.git").mkdir(parents=True)
    (tmp_path / "pointing").mkdir()
    (tmp_path / "pointing/.git").write_text("gitdir: /nowhere\n")
    (story.path / "content").mkdir()
    for place in (
        tmp_path / "nowhere",
        tmp_path / "empty",
        tmp_path / "file",
        tmp_path / "hollow",
        tmp_path / "pointing",
    ):
        with pytest.raises(UnusableSite) as caught:
            gate(story, place)
        assert "\n" not in str(caught.value)
    with pytest.raises(UnusableSite):
        gate(story, story.path / "content")


def test_a_repository_without_a_commit_or_with_other_ids_is_not_usable(story: Story, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "young")
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "other")
    git(tmp_path / "other", "commit", "--quiet", "--allow-empty", "-m", "x")
    for name in ("young", "other"):
        with pytest.raises(UnusableSite):
            gate(story, tmp_path / name, revision="HEAD")


# Incomplete and corrupt objects.


@pytest.mark.parametrize("depth", ["1", "3"])
def test_a_shallow_clone_is_incomplete(story: Story, tmp_path: Path, depth: str) -> None:
    to = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", depth, f"file://{story.path}", to)
    for _ in range(2):
        report = gate(story, to)
        assert [one.code for one in report.findings] == ["history-incomplete"]
        assert (report.live, report.items, report.exit_status) == (None, (), 1)
        (to / ".git/shallow").unlink(missing_ok=True)


def test_a_shallow_clone_that_was_made_whole_is_as_good_as_any(story: Story, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{story.path}", "shallow")
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert verdict(story, tmp_path / "shallow") == verdict(story)


def test_a_clone_without_blobs_is_incomplete(story: Story, tmp_path: Path) -> None:
    git(story.path, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{story.path}", "partial")
    files = sorted(path.name for path in (tmp_path / "partial/.git/objects/pack").iterdir())
    assert [one.code for one in gate(story, tmp_path / "partial").findings] == ["history-incomplete"]
    assert sorted(path.name for path in (tmp_path / "partial/.git/objects/pack").iterdir()) == files


def needed(story: Story) -> dict[str, list[str]]:
    """Objects that every verdict needs, by kind: commits aside from the head, the head's trees and blobs."""
    names = git(story.path, "ls-tree", "-r", "-t", "--format=%(objecttype) %(objectname)", "HEAD").split("\n")
    found = {"commit": [name for name in objects_of(story, "commit") if name != story.head], "head": [story.head]}
    found["tree"] = sorted({name.split()[1] for name in names if name.startswith("tree")})
    found["blob"] = sorted({name.split()[1] for name in names if name.startswith("blob")})
    return found


KINDS = ["commit", "head", "tree", "blob"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_object_is_history_incomplete(story: Story, kind: str) -> None:
    for name in needed(story)[kind]:
        with instead(story.loose(name), None):
            assert outcome_at(story, story.head) in (
                {"history-incomplete"} | ({"unusable"} if kind == "head" else set())
            ), name


def other_bytes(raw: bytes) -> bytes:
    """The same object with other content: a letter changed, the length kept."""
    head, _, data = raw.partition(b"\0")
    return head + b"\0" + data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_whose_bytes_do_not_hash_to_its_name_is_corrupt(story: Story, kind: str) -> None:
    """git hands it out without complaint."""
    for name in needed(story)[kind]:
        raw = zlib.decompress(story.loose(name).read_bytes())
        with instead(story.loose(name), zlib.compress(other_bytes(raw))):
            assert outcome_at(story, story.head) == "object-corrupt", name


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_under_another_objects_name_is_corrupt(story: Story, kind: str) -> None:
    """An honest object of the same kind in the wrong place is as bad as a forged one."""
    names = objects_of(story, "commit" if kind == "head" else kind)
    for name in needed(story)[kind]:
        other = next(one for one in names if one != name)
        with instead(story.loose(name), story.loose(other).read_bytes()):
            assert outcome_at(story, story.head) == "object-corrupt", name


def test_an_object_of_another_kind_is_corrupt(story: Story) -> None:
    """Even where a forged header says what was expected."""
    tree, blob = needed(story)["tree"][0], needed(story)["blob"][0]
    for name, other in ((tree, blob), (blob, tree)):
        with instead(story.loose(name), story.loose(other).read_bytes()):
            assert outcome_at(story, story.head) == "object-corrupt"
    raw = zlib.decompress(story.loose(blob).read_bytes())
    for forged in (raw.replace(b"blob", b"tree", 1), raw.replace(b"blob", b"tag", 1), raw.replace(b"blob", b"none", 1)):
        with instead(story.loose(blob), zlib.compress(forged)):
            assert outcome_at(story, story.head) in BLOCKING


def spoiled(path: Path) -> dict[str, bytes]:
    """Ways in which a file of the object store can be damaged."""
    data = path.read_bytes()
    raw = zlib.decompress(data)
    head, _, content = raw.partition(b"\0")
    kind = head.split(b" ")[0]
    return {
        "empty": b"",
        "one byte": data[:1],
        "cut in half": data[: len(data) // 2],
        "last byte gone": data[:-1],
        "checksum": data[:-1] + bytes([data[-1] ^ 1]),
        "zeros": bytes(len(data)),
        "no zlib": raw,
        "text": b"<html>not found</html>\n",
        "more behind": data + b"more",
        "twice": data + data,
        "too long": zlib.compress(head + b"\0" + content + b"more"),
        "too short": zlib.compress(head + b"\0" + content[:-1]),
        "huge": zlib.compress(kind + b" 99999999999999\0" + content),
        "endless number": zlib.compress(kind + b" " + b"9" * 40 + b"\0" + content),
        "negative": zlib.compress(kind + b" -1\0" + content),
        "leading zero": zlib.compress(kind + b" 0" + head.split(b" ")[1] + b"\0" + content),
        "no header": zlib.compress(content),
        "nothing in it": zlib.compress(b""),
    }


DAMAGES = [
    "empty", "one byte", "cut in half", "last byte gone", "checksum", "zeros", "no zlib", "text", "more behind",
    "twice",
    "too long", "too short", "huge", "endless number", "negative", "leading zero", "no header", "nothing in it",
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_of_the_object_store_blocks_or_changes_nothing(story: Story, kind: str, damage: str) -> None:
    """git may read past the damage; then the object is as it was."""
    before = verdict(story)
    name = needed(story)[kind][-1]
    with instead(story.loose(name), spoiled(story.loose(name))[damage]):
        found = outcome_at(story, story.head) if damage == "huge" else outcome(story, before)
    if damage == "huge" and kind == "blob":
        # Which of the blobs it is depends on their names: one of the policy's files leaves no policy.
        assert found in BLOCKING or "limit-exceeded" in found or "policy-missing" in found
        return
    assert found in {*BLOCKING, "same"} | ({"unusable"} if kind == "head" else set())
    if damage in {"zeros", "no zlib", "text", "too short", "huge", "no header", "nothing in it", "cut in half"}:
        assert found != "same"


def test_without_any_one_object_nothing_changes_or_everything_is_blocked(story: Story) -> None:
    before = verdict(story)
    found = {}
    for name in objects(story):
        with instead(story.loose(name), None):
            found[name] = outcome(story, before)
    assert set(found.values()) <= {"same", "history-incomplete", "unusable"}
    assert [name for name, what in found.items() if what == "unusable"] in ([], [story.head])
    assert all(found[name] != "same" for names in needed(story).values() for name in names)


def test_with_any_byte_of_an_object_flipped_nothing_changes_or_everything_is_blocked(story: Story) -> None:
    """At one of the first two bytes, one near the end and one between of every loose object."""
    before = verdict(story)
    for number, name in enumerate(objects(story)):
        data = story.loose(name).read_bytes()
        for place in {number % 2, (7 * number + 2) % len(data), len(data) - 1 - number % 9}:
            mutant = data[:place] + bytes([data[place] ^ 1 << (number % 8)]) + data[place + 1 :]
            with instead(story.loose(name), mutant):
                found = outcome(story, before)
                assert found in {*BLOCKING, "same"} or name == story.head, (name, place)


def swap_in_pack(story: Story, one: str, two: str) -> None:
    """Let the pack's index lead to each object under the other's name, its checksum right."""
    pack(story)
    (path,) = (story.path / ".git/objects/pack").glob("*.idx")
    for extra in (story.path / ".git/objects/pack").glob("*.rev"):
        extra.unlink()
    data = bytearray(path.read_bytes())
    count = struct.unpack_from(">I", data, 8 + 4 * 255)[0]
    names = [data[1032 + 20 * n : 1052 + 20 * n].hex() for n in range(count)]
    for start in (1032 + 20 * count, 1032 + 24 * count):
        first, second = start + 4 * names.index(one), start + 4 * names.index(two)
        data[first : first + 4], data[second : second + 4] = data[second : second + 4], data[first : first + 4]
    data[-20:] = hashlib.sha1(data[:-20], usedforsecurity=False).digest()
    path.chmod(0o644)
    path.write_bytes(data)


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_a_pack_that_hands_out_one_object_for_another_is_corrupt(story: Story, kind: str) -> None:
    """git believes the index: what it prints for one name is the other object."""
    one, two = needed(story)[kind][:2]

    def printed(name: str) -> bytes:
        return subprocess.run(
            ("git", "cat-file", kind, name), cwd=story.path, env=BARE, capture_output=True, check=True
        ).stdout

    wanted = printed(two)
    swap_in_pack(story, one, two)
    assert printed(one) == wanted
    assert outcome_at(story, story.head) == "object-corrupt"


@pytest.mark.parametrize("suffix", ["pack", "idx"])
def test_a_damaged_pack_blocks_or_changes_nothing(story: Story, suffix: str) -> None:
    before = verdict(story)
    pack(story)
    (path,) = (story.path / ".git/objects/pack").glob(f"*.{suffix}")
    path.chmod(0o644)
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 40)):
        with instead(path, data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]):
            outcome(story, before)
    for cut in (0, 10, len(data) // 2, len(data) - 1):
        with instead(path, data[:cut]):
            outcome(story, before)


def test_a_damaged_multi_pack_index_blocks_or_changes_nothing(story: Story) -> None:
    before = verdict(story)
    midx_and_bitmaps(story)
    path = story.path / ".git/objects/pack/multi-pack-index"
    path.chmod(0o644)
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 25)):
        with instead(path, data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]):
            outcome(story, before)


def test_a_forged_object_in_an_alternate_never_speaks_for_a_missing_one(story: Story, tmp_path: Path) -> None:
    """The alternate offers, under the right name, a post that says something else."""
    name = needed(story)["blob"][0]
    path = story.loose(name)
    forged = zlib.compress(other_bytes(zlib.decompress(path.read_bytes())))
    (tmp_path / "store" / name[:2]).mkdir(parents=True)
    (tmp_path / "store" / name[:2] / name[2:]).write_bytes(forged)
    (story.path / ".git/objects/info").mkdir()
    (story.path / ".git/objects/info/alternates").write_text(f"{tmp_path / 'store'}\n")
    before = verdict(story)
    assert '"live": 1' in before
    path.unlink()
    assert outcome_at(story, story.head) == "object-corrupt"


@pytest.mark.parametrize(
    "tree",
    [
        b"100644 a\0",
        b"100644 a\0" + bytes(19),
        b"100644\0" + bytes(20),
        b"100644 \0" + bytes(20),
        b"100644 a/b\0" + bytes(20),
        b"644 a\0" + bytes(20),
        b"1000644 a\0" + bytes(20),
        b"x00644 a\0" + bytes(20),
        b"100644 a\0" + bytes(20) + b"100644 a\0" + bytes(20),
        b"100644 a\0" + bytes(20) + b"40000 a\0" + bytes(20),
        b"\0",
        b"100644 a\0" + bytes(20) + b"\n",
    ],
)
def test_a_malformed_tree_is_no_tree(story: Story, tree: bytes) -> None:
    """Its bytes hash to its name; that it cannot be read must not pass for an empty folder."""
    root = story.object("tree", tree)
    story.object("blob", b"")
    commit = story.object("commit", f"tree {root}\nparent {story.head}\nauthor a\ncommitter a\n\nx\n".encode())
    report = gate(story, revision=commit)
    assert report.exit_status == 1
    assert report.live is None


_NAMES = st.sampled_from(
    [b"a.md", b"a.review.yaml", b"a", b"ab.md", b"b", b"a b", b"x a.md", b"\xff", b"0", b"100644 a.md"]
)
_IDS = st.sampled_from([b" a.md", b" a", b"\0 a", b"100644 a.md\0", b"40000 a\0", b"\0" * 20, b""]).flatmap(
    lambda part: st.integers(0, 20 - len(part)).map(lambda at: (b"\1" * at + part).ljust(20, b"\2"))
)
_ROWS = st.lists(
    st.builds(
        lambda mode, name, raw: mode + b" " + name + b"\0" + raw, st.sampled_from([b"100644", b"40000"]), _NAMES, _IDS
    ),
    max_size=6,
)


@given(
    rows=_ROWS,
    place=st.integers(0),
    instead=st.binary(max_size=2),
    cut=st.integers(0, 3),
    start=st.sampled_from([b"a", b"a.md"]),
)
@settings(max_examples=600, deadline=None)
def test_a_tree_of_which_a_part_is_read_says_there_what_it_says_as_a_whole(
    rows: list[bytes], place: int, instead: bytes, cut: int, start: bytes
) -> None:
    """Ids that look like entries, trees cut short or mended: the part is of the whole, or neither can be read."""
    raw = b"".join(rows)
    if cut:
        place %= len(raw) + 1
        raw = raw[:place] + instead + raw[place + cut - 1 :]
    try:
        whole = entries(raw, "x")
    except HistoryError:
        whole = None
    try:
        part = entries_near(raw, start, "x")
    except HistoryError:
        assert whole is None
        return
    if whole is not None:
        assert part.items() <= whole.items()
        assert {name for name in whole if name.startswith(start)} <= set(part)
    else:
        found = re.findall(rb"(?s)[0-7]{5,6} ([^\0/]+)\0.{20}", raw)
        assert len(found) != len(set(found)), "only a name that stands there twice goes unnoticed"


def test_a_parent_that_is_no_commit_is_corrupt(story: Story) -> None:
    tree, head = story.tree(), story.head
    for parent in (story.object("blob", b"x"), tree):
        raw = f"tree {tree}\nparent {head}\nparent {parent}\nauthor a\ncommitter a\n\nx\n"
        story.go(story.object("commit", raw.encode()))
        story.commit()
        assert outcome_at(story, story.head) == "object-corrupt"
