"""The way of the data, as code: read, verify, judge, render, issue. One direction, no way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from review.errors import HistoryError
from review.gate.judge import judge
from review.history.git_trees import GitTrees
from review.history.objects import ObjectStore
from review.history.reading import read_evidence
from review.history.repository import Repository, open_repository
from review.model.evidence import Evidence
from review.model.findings import finding
from review.model.reports import Report

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """What a verdict depends on beside the repository. `pin` and `previous` are empty where not given."""

    now: dt.datetime
    pin: str = ""
    previous: str = ""
    ci: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open repository with the evidence at a commit and the verdict on it. `evidence` is None where nothing could be read."""

    repository: Repository
    store: ObjectStore
    commit: str
    evidence: Evidence | None
    trees: GitTrees | None
    report: Report


@contextmanager
def judged(site: Path, revision: str, options: GateOptions, progress: Progress = silent) -> Iterator[Session]:
    """Open a site, read the evidence at a revision and judge it; the objects stay readable until the end of the block.

    Objects that are missing or corrupt are a finding that blocks, wherever on the way they turn up.
    """
    repository = open_repository(site)
    with ObjectStore(repository.objects) as store:
        commit = repository.resolve(revision, store)
        evidence: Evidence | None = None
        trees: GitTrees | None = None
        try:
            evidence, trees = read_evidence(store, commit, previous=options.previous, progress=progress)
            report = judge(
                evidence,
                pin=options.pin,
                ci=options.ci,
                now=options.now,
                progress=lambda done, total: progress("items", done, total),
            )
        except HistoryError as error:
            blocking = finding(error.code, error.what, path=error.where, hint=error.hint)
            report = Report(site="", commit=commit, policy=None, items=(), findings=(blocking,), live=None)
        yield Session(repository=repository, store=store, commit=commit, evidence=evidence, trees=trees, report=report)


def gate(site: Path, revision: str, options: GateOptions, progress: Progress = silent) -> Report:
    """Return the verdict on a revision of a site."""
    with judged(site, revision, options, progress) as session:
        return session.report
