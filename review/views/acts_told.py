"""Every act about an item, the policy included: who did what when, with which key, and whether it counts or why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.counting import Signed, count
from review.gate.judge import policy_story
from review.gate.policy_signers import own_proofs
from review.gate.versions import Story, Version, tell
from review.messages import t
from review.model.digests import content_code
from review.model.evidence import Made
from review.model.findings import Finding
from review.model.paths import POLICY
from review.model.records import Header
from review.model.statements import Statement
from review.model.workflows import DRAFT, WITHDRAW, Stage
from review.views.moments import local, order, zone_of
from review.views.names import Someone, someone

Kind: TypeAlias = Literal["drafted", "amended", "approved", "published", "returned", "withdrew", "signed-policy"]
KINDS: dict[Kind, str] = {
    "drafted": t("drafted"),
    "amended": t("amended"),
    "approved": t("approved"),
    "published": t("published"),
    "returned": t("returned"),
    "withdrew": t("withdrew"),
    "signed-policy": t("signed the policy"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A commit that carries a statement, and the key that makes it count there; empty where none does."""

    commit: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One statement. `at` is in the site's time zone.

    `person` stands for it; `relayed_by` brought it where it came on paper, whose scan is `paper`. `policy` is the policy version
    that the statement is of, 0 where it counts under none. `counts` says that it has an effect; `why` says why not.
    `commits` come in the order in which they count.
    """

    at: str
    person: Someone
    relayed_by: Someone | None
    act: Kind
    stage: str
    stage_title: str
    version: int
    stands_in: bool
    note: str
    counts: bool
    why: tuple[str, ...]
    manifest: str
    code: str
    statement: str
    previous: str
    paper: str
    policy: int
    commits: tuple[Carrier, ...]


def story_of(item: str, bench: Bench) -> Story:
    """Return the story of an item, or of the policy."""
    if item == POLICY:
        return policy_story(bench, bench.evidence.trees.policy(bench.evidence.commit))
    return tell(item, bench)


def acts_of(item: str, story: Story, bench: Bench) -> list[Act]:
    """Return every act about an item in the order of the times they say, those of one time in the order of their commits."""
    made = sorted(bench.evidence.of(item), key=lambda one: (order(one.statement.at), _place(one, bench)))
    return [_act(one, story, bench) for one in made]


def _place(made: Made, bench: Bench) -> tuple[int, str]:
    generation = bench.evidence.graph.generation
    return min((generation(one.commit) for one in made.attestations), default=0), made.digest


def _act(made: Made, story: Story, bench: Bench) -> Act:
    said = made.statement
    signed = story.known.get(made.digest)
    version = story.versions.get(said.version)
    stage = _stage(said, version)
    why = () if made.digest in story.effective else tuple(_why_not(made, signed, story, bench))
    carriers = signed.commits if signed else ((one.commit, ", ".join(sorted(one.keys))) for one in made.attestations)
    return Act(
        at=local(said.at, zone_of(bench)),
        person=someone(said.person, bench),
        relayed_by=someone(said.by, bench) if said.signatory else None,
        act=_kind(made, story, version),
        stage=said.stage,
        stage_title=stage.title if stage else "",
        version=said.version,
        stands_in=signed is not None and stage is not None and _stands_in(signed, stage, version, bench),
        note=said.note,
        counts=not why,
        why=why,
        manifest=said.manifest,
        code=content_code(said.manifest),
        statement=made.digest,
        previous=said.previous,
        paper=said.paper,
        policy=signed.version if signed else 0,
        commits=tuple(Carrier(commit=commit, key=key) for commit, key in carriers),
    )


def _stage(said: Statement, version: Version | None) -> Stage | None:
    workflow = version.chain.workflow if version else None
    return workflow.stage(said.stage) if workflow and said.stage != WITHDRAW else None


def _stands_in(signed: Signed, stage: Stage, version: Version | None, bench: Bench) -> bool:
    header = header_of(version) if version else None
    if version is None or header is None:
        return False
    # A chain is judged as a whole by one policy; a return by that of its own time.
    judging = version.chain.judged_by if signed.statement.decision == "approve" else signed.version
    return bench.policy(judging).people.stands_in(signed.statement.person, stage.by, header.unit)


def header_of(version: Version) -> Header | None:
    """Return the header that a version was signed with."""
    return version.chain.snapshot.header if version.chain.snapshot else None


def _kind(made: Made, story: Story, version: Version | None) -> Kind:
    said = made.statement
    if said.item == POLICY:
        return "signed-policy"
    if said.decision != "approve":
        return "returned" if said.decision == "return" else "withdrew"
    if said.stage == DRAFT:
        return "drafted"
    if version is not None and version.complete and version.chain.last.digest == made.digest:
        return "published"
    before = story.known.get(said.previous)
    changed = before is not None and before.statement.version == said.version
    return "amended" if changed and before and before.statement.manifest != said.manifest else "approved"


def _why_not(made: Made, signed: Signed | None, story: Story, bench: Bench) -> Iterator[str]:
    if signed is None:
        counted = count(made, bench)
        yield counted.message if isinstance(counted, Finding) else t("nobody who may sign it did")
    elif made.digest in story.hanging:
        yield t("it follows what a compromised key signed, and has no effect")
    elif found := story.refused.get(made.digest, ()):
        yield from messages(found)
    elif made.statement.item == POLICY:
        yield from _policy_why_not(made, bench)
    else:
        yield t("another sign-off stands in its place")


def _policy_why_not(made: Made, bench: Bench) -> Iterator[str]:
    """Yield why an administrator's signature has no effect; one that waits for others, over the files as they are, has."""
    said, force = made.statement, bench.in_force
    if said.version > force.version and not own_proofs(made, bench):
        yield t(
            "nobody in force vouches for its key; it counts once version {version} is in force", version=said.version
        )
    if said.version > force.version + 1:
        yield t("version {version} of the policy does not exist yet", version=said.version - 1)
    elif said.version == force.version + 1:
        if said.manifest != bench.evidence.trees.policy(bench.evidence.commit).manifest:
            yield t("the policy's files have changed since")
    elif bench.versions[said.version].manifest == said.manifest:
        yield t("version {version} of the policy was complete without it", version=said.version)
    else:
        yield t("version {version} of the policy has other files", version=said.version)


def messages(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what findings say, each once."""
    return tuple(dict.fromkeys(one.message for one in findings))
