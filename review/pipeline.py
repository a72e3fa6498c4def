"""The way of the data, as code: read, verify, judge, render, issue. One direction, no way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from review.errors import HistoryError, Refused
from review.formats.settings import SETTINGS, parse_settings
from review.gate.bench import Bench, bench_for
from review.gate.judge import judge
from review.gate.trust import establish
from review.history.git_trees import GitTrees
from review.history.objects import ObjectStore
from review.history.reading import read_evidence
from review.history.repository import Repository, open_repository
from review.messages import t
from review.model.evidence import Evidence
from review.model.findings import finding
from review.model.reports import Report
from review.model.settings import Settings

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
def judged(
    site: Path, revision: str, options: GateOptions, progress: Progress = silent, quarantine: Path | None = None
) -> Iterator[Session]:
    """Open a site, read the evidence at a revision and judge it; the objects stay readable until the end of the block.

    Objects that are missing or corrupt are a finding that blocks, wherever on the way they turn up. `quarantine` is where
    git keeps what is being pushed: see `Repository.quarantine`.
    """
    repository = open_repository(site)
    with ObjectStore(repository.objects, quarantine) as store:
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


def bench_of(session: Session, options: GateOptions) -> Bench:
    """Return the bench that judged a session; `Refused` where the site is blocked, for then nothing can be said of it."""
    blocking = next((one for one in session.report.findings if one.severity == "block"), None)
    if blocking is not None:
        raise Refused(blocking.message, where=blocking.code, hint=blocking.hint)
    if session.evidence is None:
        raise Refused(t("the site could not be judged"), hint=t("run: qianfa gate"))
    trusted = establish(session.evidence, options.pin, ci=options.ci)
    return bench_for(session.evidence, trusted.versions, options.now)


def settings_of(session: Session, bench: Bench) -> Settings:
    """Return how the site's commands behave, as the policy in force says; `FormatError` where it says nonsense."""
    if session.trees is None:
        return Settings()
    files = {file.path: file.blob for file in session.trees.policy(bench.in_force.commit).files}
    return parse_settings(session.trees.bytes_of(files[SETTINGS]) if SETTINGS in files else None)
