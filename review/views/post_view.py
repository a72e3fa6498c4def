"""A post as whoever signs it must see it: its form, its text, its chain so far, what is next and what changed."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from review.formats.records import header_of
from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.content_rules import workflow_for
from review.gate.counting import Signed
from review.gate.versions import Story
from review.model.digests import content_code
from review.model.findings import Finding
from review.model.records import Header
from review.model.reports import ItemReport, State
from review.views.changes import Changes, Content, attachments, changes_between, meta_and_text
from review.views.moments import local, zone_of
from review.views.names import Post, Someone, everybody, named, someone

_TYPES = mimetypes.MimeTypes()  # the library's own list: what this machine knows has no say
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment: its path, its type as its name says, its size in bytes, its SHA-256 in hex."""

    path: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """A sign-off of a chain. `relayed_by` carried a signature on paper in, of which `paper` is the scan's digest.

    `stand_in` tells whether the person held the office for somebody else.
    """

    stage: str
    title: str
    person: Someone
    at: str
    note: str
    amended: bool
    stand_in: bool
    relayed_by: Someone | None
    paper: str
    key: str
    commit: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The stage that is next and who could sign it now; `last` tells whether it goes online then."""

    stage: str
    title: str
    people: tuple[Someone, ...]
    last: bool
    may_amend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed since some content that was signed: in which version, at which stage, when; `returned` if to return it."""

    version: int
    stage: str
    title: str
    at: str
    changes: Changes
    returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView(Post):
    """A post as it is shown. `shown_version` is the version whose content this is, 0 where nobody has signed it.

    `header` and `metadata` are as written. `meaning` says what the asker's signature would stand for; empty where it is not their
    turn. `since_live` and `since_mine` are None where nothing is online, or the asker is unknown or signed nothing.
    `uncommitted` are files of the work tree that hold something else.
    """

    state: State
    version: int
    live_version: int
    shown_version: int
    manifest: str
    code: str
    kind_title: str
    header: Mapping[str, str]
    metadata: Mapping[str, str]
    text: str
    attachments: tuple[Attached, ...]
    chain: tuple[SignOff, ...]
    next: Awaited | None
    reason: str
    asker: Someone | None
    meaning: str
    since_live: Since | None
    since_mine: Since | None
    uncommitted: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A content that was signed before, and the sign-off that is spoken of."""

    content: Content
    signed: Signed


def post_view(
    bench: Bench,
    item: ItemReport,
    content: Content,
    header: Header | None,
    manifest: str,
    *,
    shown_version: int,
    chain: Chain | None,
    asker: str,
    meaning: str,
    live: Before | None,
    mine: Before | None,
    uncommitted: Sequence[str],
    findings: Sequence[Finding],
) -> PostView:
    """Return the view of a content: that of the files at the commit, or of a version that was signed."""
    metadata, text = meta_and_text(content.post)
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    return PostView(
        **named(item.item, metadata.get("title", ""), header.unit if header else "", bench),
        state=item.state,
        version=item.version,
        live_version=item.live_version,
        shown_version=shown_version,
        manifest=manifest,
        code=content_code(manifest) if manifest else "",
        kind_title=workflow.title if workflow else "",
        header=dict(content.header),
        metadata=metadata,
        text=text,
        attachments=tuple(
            Attached(
                path=file.path, type=_TYPES.guess_type(file.path)[0] or _UNKNOWN, size=file.size, sha256=file.sha256
            )
            for file in attachments(item.item, content.files)
        ),
        chain=tuple(_sign_offs(chain, bench)) if chain else (),
        next=_next(bench, item, header),
        reason=item.reason,
        asker=someone(asker, bench) if asker else None,
        meaning=meaning,
        since_live=_since(item.item, live, content, bench),
        since_mine=_since(item.item, mine, content, bench),
        uncommitted=tuple(uncommitted),
        findings=tuple(findings),
    )


def last_signed_by(person: str, story: Story, bench: Bench) -> Signed | None:
    """Return the newest approval or return of an item that a person stands for; None where there is none."""
    own = [one for one in story.known.values() if one.statement.person == person]
    judged = [one for one in own if one.statement.decision in ("approve", "return")]
    generation = bench.evidence.graph.generation
    return max(judged, key=lambda one: (generation(one.commits[0][0]), one.digest), default=None)


def _sign_offs(chain: Chain, bench: Bench) -> list[SignOff]:
    people = bench.policy(chain.judged_by).people
    unit = chain.snapshot.header.unit if chain.snapshot and chain.snapshot.header else ""
    before = ""
    found = []
    for signed in chain.signed:
        said = signed.statement
        stage = chain.workflow.stage(said.stage) if chain.workflow else None
        commit, key = signed.commits[0]
        found.append(
            SignOff(
                stage=said.stage,
                title=stage.title if stage else said.stage,
                person=someone(said.person, bench),
                at=local(said.at, zone_of(bench)),
                note=said.note,
                amended=bool(before) and said.manifest != before,
                stand_in=stage is not None and people.stands_in(said.person, stage.by, unit),
                relayed_by=someone(said.by, bench) if said.signatory else None,
                paper=said.paper,
                key=key,
                commit=commit,
                statement=signed.digest,
            )
        )
        before = said.manifest
    return found


def _next(bench: Bench, item: ItemReport, header: Header | None) -> Awaited | None:
    workflow = workflow_for(header, bench.in_force.policy) if header else None
    if item.awaiting is None:
        return None
    stage = workflow.stage(item.awaiting.stage) if workflow else None
    return Awaited(
        stage=item.awaiting.stage,
        title=stage.title if stage else item.awaiting.stage,
        people=everybody(item.awaiting.people, bench),
        last=workflow is not None and workflow.stages[-1].id == item.awaiting.stage,
        may_amend=stage is not None and stage.may_amend,
    )


def _since(item: str, before: Before | None, content: Content, bench: Bench) -> Since | None:
    if before is None:
        return None
    said = before.signed.statement
    workflow = workflow_for(header_of(dict(before.content.header)), bench.in_force.policy)
    stage = workflow.stage(said.stage) if workflow else None
    return Since(
        version=said.version,
        stage=said.stage,
        title=stage.title if stage else said.stage,
        at=local(said.at, zone_of(bench)),
        changes=changes_between(item, before.content, content),
        returned=said.decision == "return",
    )
