"""Where each post stands, who has it and until when: what queue and status are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.content_rules import workflow_for
from review.gate.versions import tell
from review.model.digests import content_code
from review.model.evidence import Snapshot
from review.model.findings import Finding
from review.model.instants import parse_instant
from review.model.records import Header
from review.model.reports import ItemReport, Link, LivePost, Report, State
from review.model.settings import Settings
from review.model.workflows import DRAFT
from review.views.moments import due, local, zone_of
from review.views.names import Post, Someone, everybody, named, someone

WorkTree: TypeAlias = Literal["", "new", "edited", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Post):
    """A post, where it is and who has it: `people` are those who could act on `stage`; both empty where nobody can.

    `since`, `due`, `planned` are instants in the site's time zone, `expires` is a date; any of them may be empty. `code` is the
    content code of the files at the commit. `returned_by` and `reason` say who sent it back or took it off, and why; for
    a post that is refused, `reason` is what the gate has against it. `work_tree` says how the files here differ from
    the commit's. `version` is the newest signed, 0 for none.
    """

    state: State
    version: int
    live_version: int
    stage: str
    stage_title: str
    people: tuple[Someone, ...]
    since: str
    due: str
    late: bool
    planned: str
    expires: str
    code: str
    returned_by: Someone | None
    reason: str
    work_tree: WorkTree
    chain: tuple[Link, ...] = field(repr=False)
    findings: tuple[Finding, ...]


def standings(
    report: Report, bench: Bench, settings: Settings, here: Mapping[str, Snapshot | None]
) -> Iterator[Standing]:
    """Yield where each post stands, in the report's order; then those that only the work tree has.

    `here` are the posts whose files in the work tree differ from the commit's.
    """
    look = _Look(report, bench, settings)
    for item in report.items:
        yield look.at(item, _work_tree(item.item, bench, here))
    known = {item.item for item in report.items}
    for name, snapshot in here.items():
        if name not in known and snapshot is not None:
            yield look.new(name, snapshot)


def _work_tree(item: str, bench: Bench, here: Mapping[str, Snapshot | None]) -> WorkTree:
    if item not in here:
        return ""
    if here[item] is None:
        return "gone"
    return "edited" if item in bench.evidence.head.posts else "new"


class _Look:
    """Looks at one item after the other, with what they share at hand."""

    def __init__(self, report: Report, bench: Bench, settings: Settings) -> None:
        self._bench, self._settings, self._zone = bench, settings, zone_of(bench)
        self._live: dict[str, LivePost] = {post.item: post for post in report.live.posts} if report.live else {}
        self._findings: dict[str, list[Finding]] = {}
        for finding in report.findings:
            self._findings.setdefault(finding.item, []).append(finding)

    def at(self, item: ItemReport, work_tree: WorkTree) -> Standing:
        """Return where an item of the report stands."""
        snapshot = self._bench.evidence.head.posts.get(item.item)
        header = snapshot.header if snapshot else None
        live = self._live.get(item.item)
        if header is None and live is not None:
            header = live.header
        findings = tuple(self._findings.get(item.item, ()))
        reason = item.reason
        if item.state == "refused":
            reason = next((one.message for one in findings if one.severity == "refuse"), "")
        stage, people = ("", ()) if item.awaiting is None else (item.awaiting.stage, item.awaiting.people)
        if item.state == "refused" or (work_tree and item.state not in ("in-review", "draft", "returned")):
            stage, people = self._drafters(header)
        return self._standing(
            item, header, stage, people,
            code=content_code(snapshot.manifest) if snapshot and snapshot.manifest else "",
            returned_by=self._returned_by(item), reason=reason, work_tree=work_tree, findings=findings,
        )  # fmt: skip

    def new(self, item: str, snapshot: Snapshot) -> Standing:
        """Return a post that only the work tree has."""
        stage, people = self._drafters(snapshot.header)
        report = ItemReport(
            item=item, state="draft", version=0, live_version=0, awaiting=None, chain=(), title=snapshot.title
        )
        code = content_code(snapshot.manifest) if snapshot.manifest else ""
        return self._standing(
            report, snapshot.header, stage, people,
            code=code, returned_by=None, reason="", work_tree="new", findings=(),
        )  # fmt: skip

    def _standing(
        self,
        item: ItemReport,
        header: Header | None,
        stage: str,
        people: tuple[str, ...],
        *,
        code: str,
        returned_by: Someone | None,
        reason: str,
        work_tree: WorkTree,
        findings: tuple[Finding, ...],
    ) -> Standing:
        planned = header.planned if header else ""
        waits = item.state in ("in-review", "draft", "returned")
        until = due(item.since, stage, planned, self._settings, self._zone) if stage and waits else ""
        return Standing(
            **named(item.item, item.title, header.unit if header else "", self._bench),
            state=item.state,
            version=item.version,
            live_version=item.live_version,
            stage=stage,
            stage_title=stage_title(stage, header, self._bench),
            people=everybody(people, self._bench),
            since=local(item.since, self._zone),
            due=until,
            late=bool(until) and parse_instant(until) < self._bench.now,
            planned=local(planned, self._zone),
            expires=header.expires if header else "",
            code=code,
            returned_by=returned_by,
            reason=reason,
            work_tree=work_tree,
            chain=item.chain,
            findings=findings,
        )

    def _returned_by(self, item: ItemReport) -> Someone | None:
        if item.state not in ("returned", "withdrawn"):
            return None
        story = tell(item.item, self._bench)
        if item.state == "returned":
            newest = story.newest
            return someone(newest.returned.statement.person, self._bench) if newest and newest.returned else None
        said = [one.statement for one in story.known.values() if one.digest in story.effective]
        ended = [one for one in said if one.decision == "withdraw"]
        return someone(max(ended, key=lambda one: one.version).person, self._bench) if ended else None

    def _drafters(self, header: Header | None) -> tuple[str, tuple[str, ...]]:
        workflow = workflow_for(header, self._bench.in_force.policy) if header else None
        stage = workflow.stage(DRAFT) if workflow else None
        if header is None or stage is None:
            return "", ()
        return DRAFT, tuple(self._bench.in_force.policy.people.holders(stage.by, header.unit))


def stage_title(stage: str, header: Header | None, bench: Bench) -> str:
    """Return what the workflow in force calls a stage; empty where it has none of that id."""
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    found = workflow.stage(stage) if workflow else None
    return found.title if found else ""
