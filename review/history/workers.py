"""Lend work to the other processors, where there are any. What nobody has begun with by the end is done here."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def usable_processors() -> int:
    """Return how many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Other processes that take pieces of work; they start with the first piece. Use as a context manager.

    `processes` counts this one, which goes on meanwhile and lends a hand at the end.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._others = (usable_processors() if processes is None else processes) - 1
        self._pool: ProcessPoolExecutor | None = None
        self._handed_out: dict[Future[Any], Callable[[], None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    @property
    def are_there(self) -> bool:
        """Tell whether there is anyone to hand work to."""
        return self._others > 0

    @property
    def have_begun(self) -> bool:
        """Tell whether the other processes have been started, so that more work costs no more of them."""
        return self._pool is not None

    def hand_out(self, work: Callable[[Piece], Result], piece: Piece, take: Callable[[Result], None]) -> None:
        """Have `work` done on a piece somewhere; `take` gets the result, here, by the end of `finish`.

        `work` is a module's function, piece and result can be pickled.
        """
        if self._pool is None:
            # A forked process would share the pipes to git with this one.
            self._pool = ProcessPoolExecutor(self._others, mp_context=multiprocessing.get_context("spawn"))
        future = self._pool.submit(work, piece)
        self._handed_out[future] = lambda: take(work(piece) if future.cancel() else future.result())
        for done in [future for future in self._handed_out if future.done()]:
            self._handed_out.pop(done)()

    def finish(self) -> None:
        """Take all results; those handed out last are the last to be begun with, so here they are the first."""
        while self._handed_out:
            _, take_back = self._handed_out.popitem()
            take_back()
