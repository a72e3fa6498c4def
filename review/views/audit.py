"""The whole story of an item: every version and every act, which of them count, and what is said against the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.versions import Story, Version
from review.model.digests import content_code
from review.model.findings import Finding
from review.model.paths import POLICY
from review.model.reports import Report, State
from review.views.acts_told import Act, acts_of, header_of, messages, story_of
from review.views.moments import local, zone_of
from review.views.names import Post, named

Outcome: TypeAlias = Literal[
    "complete", "under-way", "returned", "withdrawn", "refused", "void", "in-force", "superseded", "incomplete"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedVersion:
    """One version: what came of it, the content that was signed last and the commit that holds it, and its header's words.

    `policy` is the policy version that judges its chain. `why` says what is wrong with a version that is refused. Of the policy
    a version is in force, superseded or incomplete.
    """

    version: int
    outcome: Outcome
    online: bool
    manifest: str
    code: str
    commit: str
    policy: int
    workflow: str
    kind: str
    unit: str
    planned: str
    expires: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit(Post):
    """An item's story at a commit. `state` is empty where the report does not list it, as the policy."""

    site: str
    commit: str
    state: State | Literal[""]
    versions: tuple[AuditedVersion, ...]
    acts: tuple[Act, ...]
    findings: tuple[Finding, ...]


def names(report: Report, bench: Bench) -> frozenset[str]:
    """Return every item that has a story or files."""
    signed = (made.statement.item for made in bench.evidence.made.values())
    return frozenset({POLICY, *(item.item for item in report.items), *bench.evidence.head.posts, *signed})


def audit(item: str, report: Report, bench: Bench, *, version: int = 0) -> Audit:
    """Return the story of an item, or of one version of it; the item is among `names`."""
    story = story_of(item, bench)
    told = next((one for one in report.items if one.item == item), None)
    online = told.live_version if told else 0
    if item == POLICY:
        versions = _policy_versions(story, bench)
    else:
        versions = tuple(_version(one, story, online, bench) for _, one in sorted(story.versions.items()))
    snapshot = bench.evidence.head.posts.get(item)
    newest = story.newest
    header = (snapshot.header if snapshot else None) or (header_of(newest) if newest else None)
    acts = acts_of(item, story, bench)
    return Audit(
        **named(item, told.title if told else "", header.unit if header else "", bench),
        site=bench.site,
        commit=bench.evidence.commit,
        state=told.state if told else "",
        versions=tuple(one for one in versions if version in (0, one.version)),
        acts=tuple(one for one in acts if version in (0, one.version)),
        findings=tuple(one for one in report.findings if one.item == item),
    )


def _version(version: Version, story: Story, online: int, bench: Bench) -> AuditedVersion:
    header, last = header_of(version), version.chain.last.statement
    return AuditedVersion(
        version=version.number,
        outcome=_outcome(version, story),
        online=version.number == online,
        manifest=last.manifest,
        code=content_code(last.manifest),
        commit=version.chain.commit,
        policy=version.chain.judged_by,
        workflow=version.chain.workflow.id if version.chain.workflow else "",
        kind=header.kind if header else "",
        unit=header.unit if header else "",
        planned=local(header.planned, zone_of(bench)) if header else "",
        expires=header.expires if header else "",
        why=messages(version.chain.refusals),
    )


def _outcome(version: Version, story: Story) -> Outcome:
    if version.void:
        return "void"
    if version.returned is not None:  # a later withdrawal found nothing there to take off
        return "returned"
    if version.number <= story.withdrawn_up_to:
        return "withdrawn"
    if version.complete:
        return "complete"
    return "under-way" if version.chain.good else "refused"


def _policy_versions(story: Story, bench: Bench) -> tuple[AuditedVersion, ...]:
    """Return the versions in force one after the other, then those that somebody began and that are not complete."""
    begun = {
        (signed.statement.version, signed.statement.manifest): signed
        for signed in story.known.values()
        if signed.statement.version > bench.in_force.version
    }
    found = [
        _policy_version(one.version, one.manifest, one.commit, "in-force" if one is bench.in_force else "superseded")
        for _, one in sorted(bench.versions.items())
    ]
    found += [
        _policy_version(number, manifest, signed.commits[0][0], "incomplete")
        for (number, manifest), signed in sorted(begun.items())
    ]
    return tuple(found)


def _policy_version(number: int, manifest: str, commit: str, outcome: Outcome) -> AuditedVersion:
    return AuditedVersion(
        version=number, outcome=outcome, online=False, manifest=manifest, code=content_code(manifest), commit=commit,
        policy=max(number - 1, 0), workflow="", kind=POLICY, unit="", planned="", expires="", why=(),
    )  # fmt: skip
