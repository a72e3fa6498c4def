"""What measures the commands runs them for real, and tells the gate's time from theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.make_repository import make
from benchmarks.measure_commands import Desk, desk_at


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder: Path = tmp_path_factory.mktemp("measured")
    make(folder, 5)
    (folder / "desk").mkdir()
    desk = desk_at(folder, folder / "desk")
    desk.begin()
    return desk


def test_a_post_is_handed_in_and_approved_with_one_reading_of_the_history_each(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])

    for command, by in (("submit", "officer"), ("approve", "head")):
        ran = desk.run(command, desk.post, "--yes", by=by)

        assert (ran["status"], ran["judged"]) == (0, 1)
        assert 0 < ran["gate"] < ran["wall"]
        assert ran["rest"] == pytest.approx(ran["wall"] - ran["gate"])
    assert desk.git("log", "-2", "--format=%s").splitlines()[0] == f"Sign-off: head approve {desk.post}"
