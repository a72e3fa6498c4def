"""Names that a shell would run: commands that people are told to copy hold each name as one word, and run nothing of it."""

from __future__ import annotations

import ast
import re
import shlex
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Desk, seated
from hypothesis import given
from hypothesis import strategies as st
from story import FULL_CHAIN, Story, begin

from review.messages import all_typed, typed, typed_inside

REVIEW = Path(__file__).parents[2] / "review"
EVIL = "content/news/2026-01-01-$(touch PWNED)`touch PWNED`;touch PWNED&'\".md"
QUOTED = shlex.quote(EVIL)

PROSE = "cannot|checks|could|directory|is|made|signed|was"
"""What follows "git" where a sentence is about it; anything else that follows is a command of it."""

COMMAND = re.compile(rf"(?:\bqianfa|\bgit(?! (?:{PROSE})\b)|\bcd|\bgpg|\bssh-keygen) .*?(?=; |, or |$)")
QUOTING = ("typed", "all_typed", "typed_inside")


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(REVIEW.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def in_commands(template: str) -> set[str]:
    """Return the fields of a template that stand inside a command."""
    parsed = (string.Formatter().parse(found) for found in COMMAND.findall(template))
    return {name for parts in parsed for _, name, _, _ in parts if name}


def is_typed(value: ast.expr) -> bool:
    """Tell whether a value is quoted where it is filled in, or a message of its own, which is looked at on its own."""
    named = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    return named in QUOTING or isinstance(value, ast.Constant)


def raw_values(node: ast.AST) -> Iterator[str]:
    """Yield what a text puts into a command as it is: a message made with `t`, or an f-string."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
        for template in (one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)):
            fields = in_commands(str(template))
            values = [one for one in node.keywords if one.arg in fields and one.arg not in ("undo", "command")]
            yield from (f"{one.arg}={ast.unparse(one.value)}" for one in values if not is_typed(one.value))
    if isinstance(node, ast.JoinedStr):
        before = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                before += str(part.value)
            elif isinstance(part, ast.FormattedValue):
                is_verb = before.endswith("qianfa ") and ast.unparse(part.value).endswith("verb")
                if COMMAND.search(before) and not is_verb and not is_typed(part.value):
                    yield ast.unparse(part.value)


def test_every_value_in_a_command_that_people_copy_is_quoted_for_the_shell() -> None:
    raw = [
        f"{path.relative_to(REVIEW)}:{getattr(node, 'lineno', 0)}: {one}"
        for path, node in sources()
        for one in raw_values(node)
    ]
    assert raw == []


@pytest.mark.parametrize(
    "source",
    [
        't("run: qianfa show {item}", item=item)',
        't("{who} runs: git checkout {commit} -- {item}; then wait", item=typed(item), commit=commit, who=who)',
        't("one" if one else "git add {path}", path=shown(path))',
        'f"  qianfa approve {view.item}"',
    ],
)
def test_the_scan_sees_what_is_not_quoted(source: str) -> None:
    assert len([one for node in ast.walk(ast.parse(source)) for one in raw_values(node)]) == 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_a_typed_word_is_that_word_to_a_shell(word: str) -> None:
    assert shlex.split(typed(word)) == [word]
    assert shlex.split(f"'{typed_inside(word)}'") == [word]
    assert shlex.split(all_typed([word, "b"])) == [word, "b"]


def test_real_shells_take_every_sign_as_itself(tmp_path: Path) -> None:
    words = [f"a{chr(number)}b" for number in range(1, 0x180)] + ["~", "=ls", "a{b,c}", "春—节", "a\u3000b", EVIL]
    for shell in ("sh", "bash"):
        ran = subprocess.run(
            [shell, "-c", f"printf '%s\\0' {all_typed(words)}"], capture_output=True, check=True, cwd=tmp_path
        )
        assert ran.stdout.decode().split("\0")[:-1] == words


@pytest.mark.parametrize("name", ["content/news/2026-01-01-a_b.md", "content/news/春季+讲座@2,3:4%=.md", "officer-fx"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert typed(name) == name


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with a post of such a name, every sign-off there, and its text changed since in a commit."""
    story: Story = begin(tmp_path / "site")
    story.post(EVIL)
    story.chain(EVIL, *FULL_CHAIN)
    story.post(EVIL, text="Title: 变了\n\n变了。\n")
    story.commit()
    return seated(story, tmp_path)


@pytest.mark.parametrize(
    "command", [("check",), ("status", "--as", "officer-fx"), ("show", EVIL)], ids=lambda one: one[0]
)
def test_what_commands_advise_names_the_post_as_one_word(desk: Desk, command: tuple[str, ...]) -> None:
    ran = desk.qianfa(*command)
    advised = re.findall(r"qianfa (?:submit|approve|show|withdraw) (.*)", ran.out + ran.err)
    assert advised
    for rest in advised:
        assert rest.startswith(QUOTED)
        assert shlex.split(rest)[0] == EVIL


def test_how_to_undo_edits_names_the_files_as_words(desk: Desk) -> None:
    desk.write(EVIL, "Title: 又变了\n\n又变了。\n")
    for command in (("return", EVIL, "--note", "x"), ("withdraw", EVIL, "--note", "x"), ("approve", EVIL)):
        ran = desk.qianfa(*command, by="head-fx")
        assert ran.status
        for rest in re.findall(r"(?:git checkout HEAD -- |qianfa \w+ )(.*)", ran.err):
            assert rest.startswith(QUOTED)
