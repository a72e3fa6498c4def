"""What a push carries, judged before the server takes it: does history go on, does every sign-off in it hold? Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from review import pipeline
from review.errors import QianfaError, Refused, UnusableSite
from review.formats import statements
from review.gate.bench import Bench
from review.gate.counting import Signed, count
from review.gate.judge import policy_story
from review.history.commits import parse_commit
from review.history.repository import Repository, open_repository
from review.messages import t
from review.model.digests import digest_of
from review.model.evidence import Evidence
from review.model.paths import POLICY

NO_COMMIT = "0" * 40
BRANCHES = "refs/heads/"

_LINE = re.compile(r"([0-9a-f]{40}) ([0-9a-f]{40}) ([^\s\0]+)")
_CLAIMS = (b"Sign-off:", b"qianfa-statement")
"""How a message begins that is a statement, or looks like one to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ref that somebody wants to move. `old` or `new` is `NO_COMMIT` where it begins or ends."""

    old: str
    new: str
    ref: str


def updates_of(text: str) -> list[Update]:
    """Return what git tells a pre-receive hook on its standard input; `UnusableSite` for anything else."""
    found = []
    for line in text.splitlines():
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise UnusableSite(
                t("not what git tells a pre-receive hook"),
                where="stdin",
                hint=t("have git call it: qianfa hook server"),
            )
        found.append(Update(old=parts[1], new=parts[2], ref=parts[3]))
    return found


def objections(
    site: Path, updates: Iterable[Update], options: pipeline.GateOptions, *, quarantine: str, protected: Sequence[str]
) -> Iterator[QianfaError]:
    """Yield what is against taking a push; nothing where it may be taken.

    A protected branch (the one that HEAD names, where none is given) never goes back, is never rewritten and never goes.
    No branch gets a commit that claims to be a sign-off and does not hold, nor one that the gate would block on. Drafts,
    and whatever else is no branch, are nobody's business here. `quarantine` is where git says that it keeps the objects.
    """
    repository = open_repository(site)
    place = repository.quarantine(quarantine)
    kept = {BRANCHES + name.removeprefix(BRANCHES) for name in protected} or {repository.main_branch()}
    for update in updates:
        if not update.ref.startswith(BRANCHES):
            continue
        if update.new == NO_COMMIT:
            if update.ref in kept:
                yield Refused(
                    t("this branch must not be deleted"), where=update.ref, hint=t("it is the site; delete another")
                )
            continue
        yield from _against(repository, update, options, place, kept)


def _against(
    repository: Repository, update: Update, options: pipeline.GateOptions, place: Path | None, kept: set[str]
) -> Iterator[QianfaError]:
    previous = update.old if update.ref in kept and update.old != NO_COMMIT else ""
    options = replace(options, previous=previous)
    with pipeline.judged(repository.path, update.new, options, quarantine=place) as session:
        blocking = [one for one in session.report.findings if one.severity == "block"]
        for one in blocking:
            rewritten = one.code == "history-rewritten"
            yield Refused(
                t("this push would rewrite what others have") if rewritten else one.message,
                where=update.ref,
                hint=t("fetch, bring both together with git pull, and push without force") if rewritten else one.hint,
            )
        if blocking or session.evidence is None:
            return
        main = ""
        with suppress(UnusableSite):
            main = repository.resolve(repository.main_branch(), session.store) if repository.main_branch() else ""
        graph = session.evidence.graph
        there = graph.ancestors(one for one in (update.old, main) if one in graph.parents)
        new = sorted(set(graph.parents) - there, key=lambda one: (graph.generation(one), one))
        bench = pipeline.bench_of(session, options)
        for commit, raw in zip(new, session.store.read_many(new, "commit"), strict=True):
            why = _against_commit(commit, parse_commit(raw).message, session.evidence, bench)
            if why:
                yield Refused(
                    why,
                    where=commit[:12],
                    hint=t("leave this commit out and sign again; signed commits cannot be rebased or edited"),
                )


def _against_commit(commit: str, message: bytes, evidence: Evidence, bench: Bench) -> str:
    """Say why a commit is not the sign-off that it claims to be; empty where it is, or claims nothing."""
    if not message.lstrip().startswith(_CLAIMS):
        return ""
    statement = statements.parse(message)
    if statement is None:
        return t("its message looks like a sign-off, but is not spelled as one")
    made = evidence.made[digest_of(message)]
    alone = replace(made, attestations=tuple(one for one in made.attestations if one.commit == commit))
    counted = count(alone, bench)
    if isinstance(counted, Signed):
        return ""
    if statement.item == POLICY:
        # An administrator may sign with a key that only the version to come gives them.
        story = policy_story(bench, evidence.trees.policy(commit))
        if any(one == commit for one, _ in (story.known[made.digest].commits if made.digest in story.known else ())):
            return ""
    return counted.message
