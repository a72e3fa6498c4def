"""An inspection in words, as an inspector's sheet: vetoes first, then what else fails, what passes, what nobody checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from review.cli.language import told
from review.cli.lines import Entry, listing, paragraph, when
from review.inspection.report import Inspection, Status, Verdict
from review.messages import t

_MOST_KINDS, _MOST_PAGES = 8, 5
"""Kinds of failures of one rule, and pages of one kind, that the sheet names; `--json` has all of them."""

_SEVERITIES = {"block": t("block"), "warn": t("warn"), "info": t("info")}


def inspection_text(found: Inspection) -> str:
    """Return the sheet as lines for people."""
    return "".join(told(line) + "\n" for line in _lines(found))


def _lines(found: Inspection) -> Iterator[str]:
    yield from paragraph(_head(found))
    yield from paragraph(
        t(
            "profile {profile}: {title}; as of {moment}",
            profile=found.profile,
            title=found.profile_title,
            moment=when(found.as_of),
        )
    )
    yield ""
    yield from _sums(found)
    failed = [one for one in found.rules if one.status is Status.FAIL]
    vetoes = [one for one in failed if one.veto]
    others = sorted((one for one in failed if not one.veto), key=lambda one: list(_SEVERITIES).index(one.severity))
    for heading, rules in (
        (t("Vetoes: each of these alone fails an inspection ({count})", count=len(vetoes)), vetoes),
        (t("Failed ({count})", count=len(others)), others),
    ):
        if rules:
            yield ""
            yield from paragraph(heading)
            for one in rules:
                yield from _failed(one)
    yield from _passed([one for one in found.rules if one.status is Status.PASS])
    yield from _in_part([one for one in found.rules if one.status in (Status.PASS, Status.FAIL) and one.why])
    for status, heading in _ASIDE.items():
        rules = [one for one in found.rules if one.status is status]
        if rules:
            yield ""
            yield from paragraph(t("{heading} ({count})", heading=heading, count=len(rules)))
            for one in rules:
                yield from paragraph(t("{id}  {rule}", id=one.id, rule=one.rule), indent=2)
                yield from paragraph(one.why, indent=6)
    yield ""
    yield from paragraph(_verdict(found, vetoes, failed))


_ASIDE = {
    Status.NOT_APPLICABLE: t("Not applicable"),
    Status.UNCHECKED: t("A program cannot check these"),
    Status.OFF: t("Switched off"),
}


def _head(found: Inspection) -> str:
    name = found.site or found.output
    if not found.address:
        return t("{site}: {pages} pages and {files} files in all", site=name, pages=found.pages, files=found.files)
    return t(
        "{site} ({address}): {pages} pages and {files} files in all",
        site=name,
        address=found.address,
        pages=found.pages,
        files=found.files,
    )


def _sums(found: Inspection) -> Iterator[str]:
    names = {
        "vetoes": t("vetoes"),
        "fail": t("failed"),
        "pass": t("passed"),
        "not-applicable": t("not applicable"),
        "unchecked": t("not checkable"),
        "off": t("switched off"),
    }
    counts = [str(found.summary[name]) for name in names]
    yield from listing([told(name) for name in names.values()], [Entry(counts, [])])


def _failed(one: Verdict) -> Iterator[str]:
    yield ""
    memory = t(" (from memory)") if one.from_memory == "yes" else ""
    yield from paragraph(
        t(
            "{id}  {severity}{memory}  {rule}",
            id=one.id,
            severity=_SEVERITIES[one.severity],
            memory=memory,
            rule=one.rule,
        ),
        indent=2,
    )
    grouped: dict[str, list[str]] = {}
    for failure in one.failures:
        grouped.setdefault(told(failure.what), []).append(failure.page)
    ordered = sorted(grouped.items(), key=lambda pair: -len(pair[1]))
    for what, pages in ordered[:_MOST_KINDS]:
        yield from paragraph(what, indent=6)
        yield from (f"        {page}" for page in map(_page, pages[:_MOST_PAGES]))
        if len(pages) > _MOST_PAGES:
            yield from paragraph(t("and {count} more", count=len(pages) - _MOST_PAGES), indent=8)
    if len(ordered) > _MOST_KINDS:
        count = sum(len(pages) for _, pages in ordered[_MOST_KINDS:])
        yield from paragraph(t("and {count} more; --json lists all of them", count=count), indent=6)
    yield from paragraph(f"-> {told(one.do)}", indent=6)


def _page(page: str) -> str:
    return page or told(t("the site as a whole"))


def _passed(rules: Sequence[Verdict]) -> Iterator[str]:
    if not rules:
        return
    yield ""
    yield from paragraph(t("Passed ({count})", count=len(rules)))
    entries = [Entry([f"  {one.id}", one.severity, str(one.looked_at)], [[one.rule]]) for one in rules]
    yield from listing([told(t("  rule")), told(t("severity")), told(t("looked at")), told(t("what it asks"))], entries)


def _in_part(rules: Sequence[Verdict]) -> Iterator[str]:
    if not rules:
        return
    yield ""
    yield from paragraph(t("Checked in part ({count})", count=len(rules)))
    for one in rules:
        yield from paragraph(t("{id}: {why}", id=one.id, why=one.why), indent=2)


def _verdict(found: Inspection, vetoes: Sequence[Verdict], failed: Sequence[Verdict]) -> str:
    if vetoes:
        return t("An inspector would stop here. Vetoes: {count}.", count=len(vetoes))
    if failed:
        return t("No veto. Rules that are not kept: {count}.", count=len(failed))
    return t("Every rule that a program can check is kept ({count}).", count=found.summary["checked"])
