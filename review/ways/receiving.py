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
from review.gate.policy_signers import signatures
from review.history.commits import parse_commit
from review.history.repository import Repository, open_repository
from review.messages import t
from review.model.digests import digest_of
from review.model.evidence import Evidence, Made, PolicySnapshot
from review.model.findings import Finding
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

    A protected branch (those given, and the one that HEAD names; every one, where none of these has begun) never goes back,
    is never rewritten and never goes, and nothing else may take its name: git would rather believe a tag than a branch.
    No branch gets a commit that claims to be a sign-off and does not hold, nor one that the gate would block on. Drafts are
    nobody's business here, nor other tags. `quarantine` is where git says that it keeps the objects.
    """
    repository = open_repository(site)
    place = repository.quarantine(quarantine)
    updates = tuple(updates)
    kept = _protected(repository, protected, updates)
    for update in updates:
        if not update.ref.startswith(BRANCHES):
            branch = next((one for one in sorted(kept) if update.ref in _mistaken_for(one)), "")
            if branch and update.new != NO_COMMIT:
                yield Refused(
                    t("it has the name of the branch {branch} and would be taken for it", branch=branch),
                    where=update.ref,
                    hint=t("give it another name"),
                )
            continue
        if update.new == NO_COMMIT:
            if update.ref in kept:
                yield Refused(
                    t("this branch must not be deleted"), where=update.ref, hint=t("it is the site; delete another")
                )
            continue
        yield from _against(repository, update, options, place, kept)


def _protected(repository: Repository, named: Sequence[str], updates: Sequence[Update]) -> frozenset[str]:
    """Return the refs of the protected branches. Until one of them has begun, no branch is known not to be the site."""
    main = repository.main_branch()
    kept = {BRANCHES + name.removeprefix(BRANCHES) for name in named} | ({main} if main.startswith(BRANCHES) else set())
    if not any(repository.has(ref) for ref in kept):
        kept |= {update.ref for update in updates if update.ref.startswith(BRANCHES)}
        kept |= {ref for update in updates for ref in _branches_like(update.ref) if repository.has(ref)}
    return frozenset(kept)


def _mistaken_for(branch: str) -> frozenset[str]:
    """Return the other refs that git looks at where it is told a branch's name."""
    name = branch.removeprefix(BRANCHES)
    return frozenset({f"refs/{name}", f"refs/tags/{name}", f"refs/remotes/{name}", f"refs/remotes/{name}/HEAD"})


def _branches_like(ref: str) -> tuple[str, ...]:
    name = ref.removeprefix("refs/").removeprefix("tags/").removeprefix("remotes/")
    return BRANCHES + name, BRANCHES + name.removesuffix("/HEAD")


def _against(
    repository: Repository, update: Update, options: pipeline.GateOptions, place: Path | None, kept: frozenset[str]
) -> Iterator[QianfaError]:
    previous = update.old if update.ref in kept and update.old != NO_COMMIT else ""
    options = replace(options, previous=previous)
    with pipeline.judged(repository.path, update.new, options, quarantine=place) as session:
        blocking = [one for one in session.report.findings if one.severity == "block" or _over_limits(one)]
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


def _over_limits(one: Finding) -> bool:
    """Tell whether a tree as a whole is more than can be read, which would be in everybody's way; posts may be as they like."""
    return one.code == "limit-exceeded" and one.item in ("", POLICY)


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
    if statement.item == POLICY:
        return _against_policy(alone, counted, evidence.trees.policy(commit), bench)
    return "" if isinstance(counted, Signed) else counted.message


def _against_policy(made: Made, counted: Signed | Finding, snapshot: PolicySnapshot, bench: Bench) -> str:
    """Say why a commit is not the signature of the policy that it claims to be.

    Somebody who is to become an administrator signs with a key that only the version to come gives them.
    """
    if isinstance(counted, Finding):
        proofs = signatures(bench, snapshot.policy.people if snapshot.policy else None)[made.digest]
        if all(commit != one.commit for commit, _ in proofs for one in made.attestations):
            return counted.message
    if made.statement.decision == "approve" and made.statement.manifest != snapshot.manifest:
        return t("it signs other policy files than those that it holds")
    return ""
