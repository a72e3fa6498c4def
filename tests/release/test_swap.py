"""Replacing an output: in one step, or not at all, and never what is somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from review.errors import QianfaError
from review.release import swap
from review.release.swap import MARKER, replacing


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "beside" / "output"


def publish(output: Path, text: str) -> None:
    with replacing(output) as staging:
        (staging.site / "index.html").write_text(text, encoding="utf-8")
        (staging.work / "scratch").write_text("x", encoding="utf-8")


def half_a_build(output: Path, error: type[BaseException]) -> None:
    with replacing(output) as staging:
        assert content(output) == "one"
        (staging.site / "index.html").write_text("half", encoding="utf-8")
        raise error


def a_build_that_somebody_disturbs(output: Path) -> None:
    with replacing(output):
        output.mkdir()
        (output / "thesis.txt").write_text("years of work", encoding="utf-8")


def content(output: Path) -> str:
    return (output / "index.html").read_text("utf-8")


def test_an_output_is_made_and_replaced_and_nothing_is_left_beside_it(output: Path) -> None:
    for text in ("one", "two"):
        publish(output, text)
        assert content(output) == text
        assert list(output.parent.iterdir()) == [output]
        assert (output / MARKER).is_file()


def test_an_output_can_be_read_by_whoever_serves_it(output: Path) -> None:
    mask = os.umask(0o022)
    try:
        publish(output, "one")
    finally:
        os.umask(mask)
    assert output.stat().st_mode & 0o777 == 0o755


def test_an_empty_folder_becomes_the_output(output: Path) -> None:
    output.mkdir(parents=True)
    publish(output, "one")
    assert content(output) == "one"


def test_a_link_stays_and_the_folder_it_leads_to_is_replaced(output: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(output)
    publish(link, "one")
    publish(link, "two")
    assert link.is_symlink()
    assert content(output) == "two"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_the_old_output(output: Path, error: type[BaseException]) -> None:
    publish(output, "one")
    with pytest.raises(error):
        half_a_build(output, error)
    assert content(output) == "one"
    assert list(output.parent.iterdir()) == [output]


def test_a_folder_of_somebody_else_is_not_replaced(output: Path) -> None:
    output.mkdir(parents=True)
    (output / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(QianfaError, match="holds 1 files or folders that Qianfa did not write") as refusal:
        publish(output, "one")
    assert "\n" not in str(refusal.value)
    assert [path.name for path in output.iterdir()] == ["thesis.txt"]
    assert list(output.parent.iterdir()) == [output]


def test_a_folder_that_somebody_fills_in_the_meantime_is_not_replaced(output: Path) -> None:
    with pytest.raises(QianfaError, match="did not write"):
        a_build_that_somebody_disturbs(output)
    assert [path.name for path in output.iterdir()] == ["thesis.txt"]


def test_a_file_is_not_replaced(output: Path) -> None:
    output.parent.mkdir()
    output.write_text("x", encoding="utf-8")
    with pytest.raises(QianfaError, match="is a file, expected a folder"):
        publish(output, "one")


def test_a_folder_below_a_file_is_one_line_and_no_traceback(output: Path) -> None:
    output.parent.write_text("x", encoding="utf-8")
    with pytest.raises(QianfaError):
        publish(output, "one")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are two steps")
def test_readers_find_the_old_output_or_the_new_one_and_never_neither(output: Path) -> None:
    publish(output, "0")
    missing: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                output.stat()
            except FileNotFoundError as error:
                missing.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(40):
        publish(output, str(number))
    done.set()
    reader.join()
    assert not missing
    assert content(output) == "39"


def test_without_an_exchange_there_are_two_steps_with_the_same_outcome(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda _one, _other: False)
    publish(output, "one")
    publish(output, "two")
    assert content(output) == "two"
    assert list(output.parent.iterdir()) == [output]


def test_what_a_crash_between_two_steps_set_aside_is_put_back(output: Path) -> None:
    publish(output, "one")
    dead = output.parent / ".output.qianfa-dead"
    dead.mkdir()
    output.rename(dead / "old")
    with pytest.raises(RuntimeError):
        half_a_build(output, RuntimeError)
    assert content(output) == "one"
    assert list(output.parent.iterdir()) == [output]


def test_what_dead_builds_left_is_removed_and_what_living_ones_use_is_not(output: Path) -> None:
    dead = output.parent / ".output.qianfa-dead"
    (dead / "site").mkdir(parents=True)
    with replacing(output) as living:
        publish(output, "one")
        assert not dead.exists()
        assert living.site.is_dir()
        (living.site / "index.html").write_text("two", encoding="utf-8")
    assert content(output) == "two"


def test_what_only_looks_like_ours_is_left_alone(output: Path, tmp_path: Path) -> None:
    output.parent.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = output.parent / ".output.qianfa-link"
    link.symlink_to(elsewhere)
    publish(output, "one")
    assert elsewhere.is_dir()
    assert link.is_symlink()


def test_a_build_that_is_killed_is_cleared_up_by_the_next(output: Path) -> None:
    publish(output, "one")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom review.release.swap import replacing\n"
        "with replacing(Path(sys.argv[1])):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(swap.__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", code, str(output)], env=environment, check=False)
    assert len(list(output.parent.iterdir())) == 2
    assert content(output) == "one"
    publish(output, "two")
    assert list(output.parent.iterdir()) == [output]
