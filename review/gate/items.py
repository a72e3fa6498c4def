"""Where does an item stand, and what of it is online? One item at a time; the site as a whole comes elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from review.gate import claims, compromise, content_rules
from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.counting import Signed
from review.gate.online import live_version, phase
from review.gate.versions import Story, Version, tell
from review.messages import either, t, typed
from review.model.evidence import Snapshot
from review.model.findings import Finding, finding
from review.model.instants import parse_instant
from review.model.paths import record_of
from review.model.reports import Awaiting, ItemReport, Link, LivePost, State
from review.model.statements import Statement
from review.model.workflows import DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on one item: what the report says of it, and the post that is online, if one is."""

    report: ItemReport
    live: LivePost | None
    findings: tuple[Finding, ...]


def judge(item: str, bench: Bench) -> Judged | None:
    """Judge an item; None where nothing of it is left: no file, and no version that was ever complete."""
    story = tell(item, bench)
    head = bench.evidence.head
    snapshot = head.posts.get(item)
    live = live_version(story, bench)
    newest = story.newest
    ever = any(v.complete for told in (story, story.unmarked) if told for v in told.versions.values())
    if snapshot is None and item not in head.lone_records and not ever:
        return None
    record = snapshot.record if snapshot else head.lone_records.get(item)
    about_files = tuple(_findings(story, snapshot, live, bench))
    about_claims = tuple(claims.objections(record, story)) if record is not None else ()
    findings = tuple(dict.fromkeys((*about_files, *about_claims)))
    state = _state(story, snapshot, live, bench)
    # A false claim beside a version that is online keeps nothing off; files that cannot be published are kept off.
    weighed = about_files if live is not None and live is newest else findings
    if state in ("draft", "in-review", "returned") and any(one.severity == "refuse" for one in weighed):
        state = "refused"
    shown = live.chain if live else newest.chain if newest else None
    post = _live_post(item, story, live, bench) if live else None
    last = _last_word(state, story, newest)
    titles = (snapshot, live.chain.snapshot if live else None, newest.chain.snapshot if newest else None)
    return Judged(
        report=ItemReport(
            item=item,
            state=state,
            version=newest.number if newest else 0,
            live_version=live.number if live else 0,
            awaiting=_awaiting(state, snapshot, newest, bench),
            chain=links_of(shown, bench) if shown else (),
            title=next((one.title for one in titles if one is not None and one.title), ""),
            since=last.at if last else "",
            by=last.person if last else "",
            reason=last.note if last and last.decision != "approve" else "",
        ),
        live=post,
        findings=findings,
    )


def _last_word(state: State, story: Story, newest: Version | None) -> Statement | None:
    """Return the statement that brought an item where it stands; a draft stands there by itself."""
    if newest is None or state in ("draft", "refused"):
        return None
    if state == "returned" and newest.returned is not None:
        return newest.returned.statement
    if state == "withdrawn":
        said = [signed.statement for signed in story.known.values() if signed.digest in story.effective]
        return max((one for one in said if one.decision == "withdraw"), key=lambda one: one.version, default=None)
    return newest.chain.last.statement


def _state(story: Story, snapshot: Snapshot | None, live: Version | None, bench: Bench) -> State:
    newest = story.newest
    if newest is None and story.unmarked is not None:
        # All of it is void. What was taken off the site stays off, everything else begins again.
        before = _state(story.unmarked, snapshot, None, bench)
        return "withdrawn" if before == "withdrawn" and story.withdrawn_up_to else "draft"
    if newest is None:
        return "refused" if snapshot is None else "draft"
    if snapshot is not None and snapshot.manifest != newest.chain.last.statement.manifest:
        return "draft"
    if newest.number <= story.withdrawn_up_to:
        return "withdrawn"
    if newest.complete:
        return phase(newest, bench)
    if snapshot is None:
        gone: State = "refused" if story.unmarked is None else "draft"
        return "live" if live else "withdrawn" if story.withdrawn_up_to else gone
    return "returned" if newest.returned else "in-review"


def _findings(story: Story, snapshot: Snapshot | None, live: Version | None, bench: Bench) -> Iterator[Finding]:
    item, newest, head = story.item, story.newest, bench.evidence.head
    yield from compromise.objections(story, live, bench)
    if snapshot is None:
        yield from _gone(story, live, item in head.lone_records, bench)
    else:
        yield from snapshot.problems
        signed = newest is not None and newest.chain.last.statement.manifest == snapshot.manifest
        if newest is not None and signed:
            yield from newest.chain.content
            if newest.complete:
                yield from (one for part in newest.chain.links for one in part)
        else:
            yield from content_rules.objections(item, snapshot, bench.in_force.policy)
        if newest is not None and not signed:
            yield finding(
                "content-changed",
                t(
                    "the files differ from version {number}, last signed by {person}",
                    number=newest.number,
                    person=newest.chain.last.statement.person,
                ),
                item=item,
                path=item,
                hint=t("set the record right first: {path}", path=record_of(item))
                if any(one.code == "record-invalid" for one in snapshot.problems)
                else t("start the next version with: qianfa submit {item}", item=typed(item)),
            )
    if newest is not None and not newest.complete:
        yield from (one for part in newest.chain.links for one in part if one.severity == "warn")


def _gone(story: Story, live: Version | None, lone_record: bool, bench: Bench) -> Iterator[Finding]:
    item = story.item
    if live is not None:
        could = _any_of(
            bench.in_force.policy.people.holders(bench.in_force.policy.workflows.withdrawal, _unit(live.chain))
        )
        yield finding(
            "deleted",
            t("the files are gone while version {number} is online, where it stays", number=live.number),
            item=item,
            path=item,
            hint=t("to take it off the site ask {could} to run: qianfa withdraw {item}", could=could, item=typed(item)),
        )
    elif lone_record and not story.withdrawn_up_to and story.unmarked is None:
        yield finding(
            "post-missing",
            t("there is a record, but no post {item}", item=item),
            item=item,
            path=record_of(item),
            hint=t("put {item} back, or take the record out", item=item),
        )


def _unit(chain: Chain) -> str:
    return chain.snapshot.header.unit if chain.snapshot and chain.snapshot.header else ""


def _any_of(people: Iterator[str]) -> str:
    return either(list(people)[:3]) or t("the administrators")


def _awaiting(state: State, snapshot: Snapshot | None, newest: Version | None, bench: Bench) -> Awaiting | None:
    policy = bench.in_force.policy
    if snapshot is None or snapshot.header is None:
        return None
    workflow = content_rules.workflow_for(snapshot.header, policy)
    if workflow is None:
        return None
    unit = snapshot.header.unit
    if state in ("draft", "returned"):
        stage = workflow.stage(DRAFT)
        return Awaiting(stage=DRAFT, people=tuple(policy.people.holders(stage.by, unit))) if stage else None
    following = newest.next_stage(workflow) if newest is not None else None
    if state != "in-review" or newest is None or following is None:
        return None
    here = [signed.statement.person for signed in newest.chain.signed]
    if workflow.same_person:
        here = [signed.statement.person for signed in newest.chain.signed if signed.statement.stage == following.id]
    people = tuple(one for one in policy.people.holders(following.by, unit) if one not in here)
    return Awaiting(stage=following.id, people=people)


def links_of(chain: Chain, bench: Bench) -> tuple[Link, ...]:
    """Return a chain's links as reports show them."""
    people = bench.policy(chain.judged_by).people
    unit = _unit(chain)

    def stands_in(signed: Signed) -> bool:
        stage = chain.workflow.stage(signed.statement.stage) if chain.workflow else None
        return stage is not None and people.stands_in(signed.statement.person, stage.by, unit)

    return tuple(
        Link(
            stage=signed.statement.stage,
            by=signed.statement.by,
            at=signed.statement.at,
            commit=signed.commits[0][0],
            key=signed.commits[0][1],
            statement=signed.digest,
            signatory=signed.statement.signatory,
            note=signed.statement.note,
            stands_in=stands_in(signed),
        )
        for signed in chain.signed
    )


def _live_post(item: str, story: Story, live: Version, bench: Bench) -> LivePost:
    chain = live.chain
    if chain.snapshot is None or chain.snapshot.header is None or chain.workflow is None:
        raise ValueError(t("{item} cannot be live without files", item=item))
    first = _first_live(story, live)
    return LivePost(
        item=item,
        version=live.number,
        commit=chain.commit,
        manifest=chain.snapshot.manifest,
        header=chain.snapshot.header,
        files=chain.snapshot.files,
        chain=links_of(chain, bench),
        stages=tuple(stage.title for stage in chain.workflow.slots),
        judged_by=chain.judged_by,
        published=first.chain.last.statement.at,
        first_chain=tuple(signed.commits[0][0] for signed in first.chain.signed),
        updated=chain.last.statement.at,
    )


def _first_live(story: Story, live: Version) -> Version:
    """Return the first version that was ever online: its time had come before that of every later one."""
    complete = sorted((one for one in story.versions.values() if one.complete), key=lambda version: version.number)
    starts = [_start(version) for version in complete]
    for number, version in enumerate(complete):
        if version is live or all(starts[number] < later for later in starts[number + 1 :]):
            return version
    return live


def _start(version: Version) -> dt.datetime:
    """Return when a complete version's time came: when it was signed through, or at the planned instant after that."""
    header = version.chain.snapshot.header if version.chain.snapshot else None
    signed = parse_instant(version.chain.last.statement.at)
    return max(signed, parse_instant(header.planned)) if header and header.planned else signed
