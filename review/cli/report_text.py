"""The report in words: what is online, what waits for whom and since when, what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from review.model.findings import Finding
from review.model.people import People
from review.model.reports import STATES, ItemReport, Report

_HEADINGS = {
    "live": "Online",
    "scheduled": "Signed, online later",
    "in-review": "Under review",
    "returned": "Returned",
    "draft": "Drafts",
    "expired": "Over",
    "withdrawn": "Withdrawn",
    "refused": "Refused",
}
_SEVERITIES = {
    "block": "Nothing can be published",
    "refuse": "Refused",
    "hold": "Waiting",
    "warn": "Worth a look",
}


def report_text(report: Report) -> str:
    """Return the report as lines for people. A file name that holds a line end does not begin a line of its own."""
    return "".join(line.replace("\n", "\\n") + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    site = report.policy.policy.columns.site.title if report.policy else "no policy in force"
    yield f"{site}  commit {report.commit[:12]}" + (
        f"  policy version {report.policy.version}" if report.policy else ""
    )
    counts = report.summary
    yield "  ".join(f"{_HEADINGS[state].lower()} {counts[state]}" for state in STATES if state in counts) or "no items"
    people = report.policy.policy.people if report.policy else None
    for state in STATES:
        items = [item for item in report.items if item.state == state]
        if items:
            yield ""
            yield f"{_HEADINGS[state]} ({len(items)})"
            for item in items:
                yield from _item(item, people)
    for severity, heading in _SEVERITIES.items():
        findings = [one for one in report.findings if one.severity == severity]
        if findings:
            yield ""
            yield f"{heading} ({len(findings)})"
            for one in findings:
                yield from _finding(one)
    yield ""
    yield _verdict(report)


def _item(item: ItemReport, people: People | None) -> Iterator[str]:
    version = f"  version {item.version}" if item.version != item.live_version and item.version else ""
    online = f"  (version {item.live_version} is online)" if item.live_version and item.state != "live" else ""
    title = f"  {item.title}" if item.title else ""
    yield f"  {item.item}{title}{version}{online}"
    if item.reason:
        yield f"      {item.since}: {item.reason}"
    if item.awaiting is not None:
        since = f", since {item.since}" if item.since else ""
        who = ", ".join(_named(person, people) for person in item.awaiting.people) or "nobody holds that office yet"
        verb = "submit" if item.awaiting.stage == "draft" else "approve"
        yield f"      waits for {item.awaiting.stage}: {who}{since}"
        yield f"      qianfa {verb} {_quoted(item.item)}"


def _named(person: str, people: People | None) -> str:
    known = people.people.get(person) if people else None
    return f"{person} ({known.name})" if known else person


def _quoted(path: str) -> str:
    return f"'{path}'" if any(character in path for character in " '\"\\$&;()") else path


def _finding(one: Finding) -> Iterator[str]:
    where = one.path or one.item
    yield f"  {one.code}  {where}".rstrip()
    yield f"      {one.message}"
    if one.hint:
        yield f"      -> {one.hint}"


def _verdict(report: Report) -> str:
    if report.blocked:
        return "Blocked: nothing is built until this is set right."
    if report.exit_status:
        return "Some of it is refused. What is online stays online; the rest waits until it is set right."
    return "Nothing is wrong."
