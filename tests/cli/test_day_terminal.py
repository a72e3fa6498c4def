"""What terminals are spared, and what keys with a passphrase ask: seen on a real pseudo-terminal."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from command_line import Desk, everything_in, without_objects
from story import NEWS, Story
from terminal import CTRL_C, Answers, Seat, flat

OTHER = NEWS.replace("-a.md", "-b.md")
TEXT = "Title: 春季科普讲座\n\n# 一、时间\n\n**周六**上午九点，*请早到*。\n\n> 引一句话\n\n- `命令`\n- [链接](https://example.org/)\n"
SIGN, EACH, SECRET = "Sign? [y/N]", "Sign? y: yes", "Enter passphrase"
PASSPHRASE = "correct horse"

GiveSeat = Callable[[], Desk]


@pytest.fixture
def desk(story: Story, seat: GiveSeat) -> Desk:
    """A desk where two posts wait for the head of their unit, one of them after a return."""
    story.post(text=TEXT)
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "head", "head-fx", decision="return", note="早一点")
    story.post(text=TEXT.replace("九点", "八点"))
    story.sign(NEWS, "draft", "officer-fx", version=2)
    story.post(OTHER)
    story.sign(OTHER, "draft", "officer-fx")
    return seat()


@pytest.fixture
def locked(desk: Desk, tmp_path: Path) -> Seat:
    """The head's seat, whose key has a passphrase; no agent holds it."""
    key = Path(shutil.copy(desk.keys / "head-fx", tmp_path / "locked"))
    key.chmod(0o600)
    shutil.copy(desk.keys / "head-fx.pub", tmp_path / "locked.pub")
    subprocess.run(["ssh-keygen", "-q", "-p", "-a", "1", "-P", "", "-N", PASSPHRASE, "-f", str(key)], check=True)
    return Seat(desk, "head-fx", key=key)


# -- what steers a terminal ----------------------------------------------------------------------------------------

NEW: Answers = (("[y/n]", "n"), ("Title", "标题"), ("Which kind?", CTRL_C))
SPARED = ({"NO_COLOR": "1"}, {"TERM": "dumb"})


@pytest.mark.parametrize("env", SPARED, ids=["NO_COLOR", "dumb"])
@pytest.mark.parametrize(
    ("arguments", "answers", "status", "says"),
    [
        (("approve", NEWS), ((SIGN, "n"),), 1, "上午[-九-]{+八+}点"),
        (("new", "news"), NEW, 130, "stopped; nothing is half done"),
    ],
    ids=["approve", "new"],
)
def test_nothing_steers_a_terminal_that_is_dumb_or_wants_no_colours(
    desk: Desk, arguments: tuple[str, ...], answers: Answers, status: int, says: str, env: Mapping[str, str]
) -> None:
    person = "officer-fx" if arguments[0] == "new" else "head-fx"
    sent = Seat(desk, person).screen(*arguments, answers=answers, status=status, env=env)
    assert says in sent
    assert "\x1b" not in sent


def test_any_other_terminal_is_told_apart_by_colours(desk: Desk) -> None:
    assert "\x1b[" in Seat(desk, "head-fx").screen("show", NEWS)


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "C"])
def test_chinese_can_be_typed_whatever_the_locale_is_and_whether_or_not_the_system_has_it(
    desk: Desk, language: str
) -> None:
    answers = (("> ", "否"), ("> ", "元旦开放"), *((("> ", ""),) * 7))
    Seat(desk, "officer-fx", language=language).qianfa("new", "news", "--no-major", "--no-edit", answers=answers)
    assert desk.read("content/news/2026-11-21-yuan-dan-kai-fang.md").startswith("Title: 元旦开放\n")


# -- keys with a passphrase ----------------------------------------------------------------------------------------


def test_a_key_with_a_passphrase_asks_once_for_each_signature_after_its_sentence(desk: Desk, locked: Seat) -> None:
    answers = ((EACH, "y"), (SECRET, PASSPHRASE), (EACH, "y"), (SECRET, PASSPHRASE))
    shown = locked.qianfa("approve", NEWS, OTHER, answers=answers)
    assert "Signed: 2" in shown
    for part in shown.split("Post 1 of 2")[1].split("Post 2 of 2"):
        assert part.count(SECRET) == 1
        assert part.index("By signing, head-fx") < part.index("Sign?") < part.index(SECRET)
    assert PASSPHRASE not in shown


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [("wrong", 1, "git could not sign"), (CTRL_C, 130, "stopped; nothing is half done")],
    ids=["wrong", "Ctrl-C"],
)
def test_without_the_passphrase_nothing_is_signed(desk: Desk, locked: Seat, typed: str, status: int, says: str) -> None:
    locked.qianfa("show", OTHER)
    before = without_objects(everything_in(desk.path))
    shown = locked.qianfa("approve", OTHER, answers=((SIGN, "y"), (SECRET, typed)), status=status)
    assert says in flat(shown)
    assert without_objects(everything_in(desk.path)) == before
