"""Work that is handed out comes back whole, wherever it was done."""

from __future__ import annotations

import pytest

from review.history.workers import Workers


@pytest.mark.parametrize("processes", [2, 3])
def test_every_piece_is_done_once_here_or_elsewhere(processes: int) -> None:
    taken: list[int] = []
    with Workers(processes) as workers:
        for start in range(0, 60, 3):
            workers.hand_out(abs, -start, taken.append)
        workers.finish()
    assert sorted(taken) == list(range(0, 60, 3))


def test_one_process_has_nobody_to_hand_work_to() -> None:
    with Workers(1) as workers:
        assert not workers.are_there


def test_what_fails_elsewhere_fails_here() -> None:
    taken: list[str] = []
    with Workers(2) as workers:
        workers.hand_out(chr, -1, taken.append)
        with pytest.raises(ValueError, match="chr"):
            workers.finish()


def test_work_that_nobody_waits_for_is_dropped() -> None:
    taken: list[int] = []
    with Workers(2) as workers:
        workers.hand_out(abs, 1, taken.append)
    assert taken == []
