"""Completion in real shells: commands, options, and values from the site's files; silent about all that is wrong."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pexpect
import pytest
from command_line import BIN, Desk, environment, run
from story import NEWS, Story

from review.cli import completion

Seat = Callable[[], Desk]

BASH = """
eval "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_qianfa_completion qianfa "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""What bash does when the tab key is pressed: it calls the function that `complete -F` names."""


@pytest.fixture
def desk(story: Story, seat: Seat) -> Desk:
    """A site with two posts in two columns."""
    story.post()
    story.post("content/popular-science/activities/2026-11-20-b.md")
    story.commit()
    return seat()


def reachable(desk: Desk, **more: str) -> dict[str, str]:
    """Return an environment where the command is on the PATH."""
    return environment(desk.home, PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", **more)


@cache
def script() -> str:
    """Return what `--install-completion` puts into the shell's startup files."""
    made = subprocess.run(
        [BIN / "qianfa"], env={**os.environ, "_QIANFA_COMPLETE": "source_bash"}, capture_output=True, check=True
    )
    return made.stdout.decode()


def offered(desk: Desk, *words: str) -> list[str]:
    """Return what bash offers for the last of these words."""
    ran = run("bash", "--norc", "-c", BASH, "bash", script(), "qianfa", *words, cwd=desk.path, env=reachable(desk))
    assert ran.err == ""
    return ran.out.split()


POPULAR = ["popular-science", "popular-science/activities", "popular-science/outline"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("che",), ["check"]),
        (("check", "--sta"), ["--staged"]),
        (("check", "content/n"), [NEWS]),
        (("submit", ""), [NEWS, "content/popular-science/activities/2026-11-20-b.md"]),
        (("new", "popular-science/"), ["popular-science/activities", "popular-science/outline"]),
        (("new", "news", "x", "--unit", "f"), ["fx"]),
        (("new", "news", "x", "--kind", "v"), ["video"]),
        (("submit", "--as", "officer-"), ["officer-fx", "officer-kpb", "officer-mx"]),
        (("submit", NEWS, "--as", "zzz"), []),
        (("column", "cl"), ["close"]),
        (("column", "close", "news", "popular-science/a"), ["popular-science/activities"]),
        (("column", "rename", "ne"), ["news"]),
        (("column", "move", "news", "--under", "pop"), POPULAR),
    ],
)
def test_bash_offers_commands_options_and_the_sites_own_values(
    desk: Desk, words: tuple[str, ...], values: list[str]
) -> None:
    assert offered(desk, *words) == values


EVIL = (
    "$(touch PWNED)",
    "`touch PWNED`",
    "a;touch PWNED",
    "a b",
    "a&b",
    "a|b",
    "a'b",
    'a"b',
    "a*",
    "~a{b,c}",
    "a\\b",
    "a!b",
)


def test_names_that_a_shell_would_run_or_change_are_not_offered(desk: Desk) -> None:
    """Scripts for completion put what they are offered into the line as it is."""
    for stem in (*EVIL, "春季-讲座_1"):
        desk.write(f"content/news/2026-01-{stem}.md", "Title: x\n")
    desk.write("content/$(touch PWNED)/2026-01-a.md", "Title: x\n")
    plain = "content/news/2026-01-春季-讲座_1.md"
    assert offered(desk, "show", "content/news/2026-01") == [plain]
    assert offered(desk, "show", "content/$") == []
    for shell in ("zsh", "fish"):
        asked = reachable(
            desk,
            _QIANFA_COMPLETE=f"complete_{shell}",
            _TYPER_COMPLETE_ARGS="qianfa show content/news/2026-01",
            _TYPER_COMPLETE_FISH_ACTION="get-args",
        )
        ran = run(BIN / "qianfa", cwd=desk.path, env=asked)
        assert plain in ran.out
        assert "PWNED" not in ran.out
        assert len(ran.out.splitlines()) == 1


def test_an_id_that_reads_as_an_option_is_not_offered(desk: Desk) -> None:
    people = desk.read("people.yaml").replace("units:\n", "units:\n  --trust=evil: {}\n", 1)
    desk.write("people.yaml", people)
    assert "--trust=evil" in people
    assert "--trust=evil" not in offered(desk, "new", "news", "x", "--unit", "")


def test_tab_and_enter_in_a_real_bash_run_nothing_of_a_name(desk: Desk) -> None:
    desk.write("content/news/2026-01-01-$(touch PWNED).md", "Title: x\n")
    startup = desk.home / "startup"
    startup.write_text(f"PS1='READY> '\nbind 'set enable-bracketed-paste off'\n{script()}\n")
    with warnings.catch_warnings():  # from Python 3.12 on; the child does nothing but start the shell
        warnings.filterwarnings("ignore", ".*multi-threaded, use of forkpty", DeprecationWarning)
        child = pexpect.spawn(
            "bash", ["--noprofile", "--rcfile", str(startup), "-i"], cwd=str(desk.path), timeout=60, encoding="utf-8",
            dimensions=(24, 200), env={**reachable(desk), "TERM": "dumb"},
        )  # fmt: skip
    child.expect_exact("READY> ")
    child.send("qianfa show content/news/2026-01\t\r")
    child.expect_exact("READY> ")
    child.send(f"qianfa check {NEWS[:-4]}\t\r")
    child.expect_exact(NEWS)
    child.expect_exact("READY> ")
    child.sendline("exit")
    child.expect(pexpect.EOF)
    child.close()
    assert not (desk.path / "PWNED").exists()


@pytest.mark.parametrize("broken", ["site", "gone", "yaml", "shape", "bytes"])
def test_whatever_is_wrong_nothing_is_offered_and_nothing_is_said(desk: Desk, broken: str) -> None:
    where = {"site": desk.path.parent / "none"}.get(broken, desk.path)
    if broken == "gone":
        (desk.path / "people.yaml").unlink()
    texts = {"yaml": b"people: [", "shape": b"people: none\n", "bytes": b"\xff\xfe"}
    if broken in texts:
        desk.write("people.yaml", texts[broken])
    assert offered(desk, "submit", "--site", str(where), "--as", "officer") == []


def test_another_site_that_is_named_is_the_one_looked_at(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(desk.path / "content", elsewhere / "content")
    assert offered(desk, "check", "--site", str(elsewhere), "content/n") == [NEWS]


def test_the_script_for_zsh_is_made_and_answers_as_zsh_asks(desk: Desk) -> None:
    made = run(BIN / "qianfa", cwd=desk.path, env=reachable(desk, _QIANFA_COMPLETE="source_zsh"))
    assert (made.status, made.err) == (0, "")
    assert "compdef _qianfa_completion qianfa" in made.out
    asked = reachable(desk, _QIANFA_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="qianfa check content/n")
    assert NEWS in run(BIN / "qianfa", cwd=desk.path, env=asked).out


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_the_script(desk: Desk) -> None:
    line = 'autoload -U compinit; compinit -u; eval "$(_QIANFA_COMPLETE=source_zsh qianfa)"; print ${_comps[qianfa]}'
    assert run("zsh", "-f", "-c", line, cwd=desk.path, env=reachable(desk)).out.strip() == "_qianfa_completion"


def test_folders_are_offered_where_there_are_many_posts_and_all_of_it_in_a_moment(tmp_path: Path) -> None:
    for column, count in (("a", 3000), ("b", 3000), ("c", 2)):
        (tmp_path / "content" / column).mkdir(parents=True)
        for number in range(count):
            (tmp_path / "content" / column / f"{number}.md").write_bytes(b"")
    start = time.process_time()
    assert sorted(completion.posts(tmp_path, "")) == ["content/a/", "content/b/", "content/c/"]
    assert sorted(completion.posts(tmp_path, "content/c")) == ["content/c/0.md", "content/c/1.md"]
    assert len(completion.posts(tmp_path, "content/a/29")) == 111
    assert len(completion.posts(tmp_path, "content/a")) == 3000
    assert time.process_time() - start < 0.3


def test_completing_a_value_costs_little_beside_starting(desk: Desk) -> None:
    """In seconds of the processor, so that what else it does is no matter."""
    complete = reachable(
        desk, _QIANFA_COMPLETE="complete_bash", COMP_WORDS="qianfa\nnew\nnews\nx\n--unit\nf", COMP_CWORD="5"
    )

    def seconds(*command: str) -> float:
        times = []
        for _ in range(3):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, cwd=desk.path, env=complete, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(times)

    assert seconds(str(BIN / "qianfa")) - seconds(str(BIN / "python"), "-P", "-c", "import review.cli") < 0.3
