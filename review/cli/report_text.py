"""The report in words: what is online, what waits for whom and since when, what is wrong and what to do about it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import when
from review.errors import placed
from review.messages import listed, t, typed
from review.model.findings import Finding
from review.model.people import People
from review.model.policies import PolicyVersion
from review.model.reports import STATES, ItemReport, Report, State
from review.views.moments import local

_HEADINGS: dict[State, str] = {
    "live": t("Online"),
    "scheduled": t("Signed, online later"),
    "in-review": t("Under review"),
    "returned": t("Returned"),
    "draft": t("Drafts"),
    "expired": t("Over"),
    "withdrawn": t("Withdrawn"),
    "refused": t("Refused"),
}
_COUNTS: dict[State, str] = {
    "live": t("online"),
    "scheduled": t("signed, online later"),
    "in-review": t("under review"),
    "returned": t("returned"),
    "draft": t("drafts"),
    "expired": t("over"),
    "withdrawn": t("withdrawn"),
    "refused": t("refused"),
}
_SEVERITIES = {
    "block": t("Nothing can be published"),
    "refuse": t("Why it is refused"),
    "hold": t("Waiting"),
    "warn": t("Worth a look"),
}


def report_text(report: Report) -> str:
    """Return the report as lines for people, in their language. A file name that holds a line end does not begin a line."""
    return "".join(told(line).replace("\n", "\\n") + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield _head(report)
    counts = report.summary
    parts = [t("{state} {count}", state=_COUNTS[state], count=counts[state]) for state in STATES if state in counts]
    yield "  ".join(map(told, parts)) if parts else t("no items")
    for state in STATES:
        items = [item for item in report.items if item.state == state]
        if items:
            yield ""
            yield t("{heading} ({count})", heading=_HEADINGS[state], count=len(items))
            for item in items:
                yield from _item(item, report.policy)
    for severity, heading in _SEVERITIES.items():
        findings = [one for one in report.findings if one.severity == severity]
        if findings:
            yield ""
            yield t("{heading} ({count})", heading=heading, count=len(findings))
            for one in findings:
                yield from _finding(one)
    yield ""
    yield _verdict(report)


def _head(report: Report) -> str:
    commit = report.commit[:12]
    if report.policy is None:
        return t("no policy in force  commit {commit}", commit=commit)
    return t(
        "{site}  commit {commit}  policy version {version}",
        site=report.policy.policy.columns.site.title,
        commit=commit,
        version=report.policy.version,
    )


def _item(item: ItemReport, policy: PolicyVersion | None) -> Iterator[str]:
    people = policy.policy.people if policy else None
    since = when(local(item.since, zoneinfo.ZoneInfo(policy.policy.columns.site.timezone)) if policy else item.since)
    parts = [f"  {item.item}", *([item.title] if item.title else [])]
    if item.version and item.version != item.live_version:
        parts.append(t("version {version}", version=item.version))
    if item.live_version and item.state != "live":
        parts.append(t("(version {version} is online)", version=item.live_version))
    yield "  ".join(map(told, parts))
    if item.state == "returned":
        why = item.reason or t("no reason given")
        yield "      " + told(
            t("returned by {person} on {at}: {why}", person=_named(item.by, people), at=since, why=why)
        )
    elif item.state == "withdrawn":
        why = item.reason or t("no reason given")
        yield "      " + told(
            t("withdrawn by {person} on {at}: {why}", person=_named(item.by, people), at=since, why=why)
        )
    if item.awaiting is not None:
        named = listed(_named(person, people) for person in item.awaiting.people)
        who = named or t("nobody holds that office yet")
        yield "      " + told(
            t("waits for {stage}: {people}, since {since}", stage=item.awaiting.stage, people=who, since=since)
            if item.since
            else t("waits for {stage}: {people}", stage=item.awaiting.stage, people=who)
        )
        verb = "revise" if item.state == "returned" else "submit" if item.awaiting.stage == "draft" else "approve"
        yield f"      qianfa {verb} {typed(item.item)}"


def _named(person: str, people: People | None) -> str:
    known = people.people.get(person) if people else None
    return t("{id} ({name})", id=person, name=known.name) if known else person


def _finding(one: Finding) -> Iterator[str]:
    where, what = placed(one.path or one.item, told(one.message))
    yield f"  {one.code}  {where}".rstrip()
    yield f"      {what}"
    if one.hint:
        yield f"      -> {told(one.hint)}"


def _verdict(report: Report) -> str:
    if report.blocked:
        return t("Blocked: nothing is built until this is set right.")
    if report.exit_status:
        return t("Some of it is refused. What is online stays online; the rest waits until it is set right.")
    return t("Nothing is wrong.")
