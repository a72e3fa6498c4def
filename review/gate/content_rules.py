"""May this content be published under this policy? Columns, workflow, secrecy, names, front matter; not signatures."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from review.messages import both, listed, t
from review.model.evidence import Snapshot
from review.model.findings import Finding, finding
from review.model.paths import RESERVED_ENDINGS, RESERVED_STEMS, column_of, record_of, stem_of
from review.model.policies import Policy
from review.model.records import Header
from review.model.workflows import Workflow

_ALIKE = 0.75
"""How alike two keys are of which one may be a slip for the other."""


def workflow_for(header: Header, policy: Policy) -> Workflow | None:
    """Return the one workflow that fits the header, None where the unit is unknown or not exactly one fits."""
    unit = policy.people.units.get(header.unit)
    if unit is None:
        return None
    fitting = policy.workflows.fitting(header.kind, unit.group, header.major)
    return fitting[0] if len(fitting) == 1 else None


def objections(item: str, snapshot: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Yield everything that keeps this content off the site whoever signs it."""
    yield from snapshot.text_problems
    yield from _place(item, policy)
    yield from _metadata(item, snapshot, policy)
    if snapshot.header is not None:
        yield from _header(item, snapshot.header, policy)


def _header(item: str, header: Header, policy: Policy) -> Iterator[Finding]:
    record = record_of(item)
    if header.classified:
        yield finding(
            "classified",
            t("the header says classified: yes; nothing classified is published"),
            item=item,
            path=record,
            hint=t("take the file out of the repository and report it to whoever is in charge of secrecy"),
        )
    unit = policy.people.units.get(header.unit)
    column = policy.columns.columns.get(column_of(item))
    if unit is None:
        yield finding(
            "column-not-owned",
            t("the header's unit {unit} is not a unit of people.yaml", unit=repr(header.unit)),
            item=item,
            path=record,
            hint=t("name one of {units}", units=listed(policy.people.units)),
        )
    elif column is not None and not column.takes_from(unit.id, unit.group):
        yield finding(
            "column-not-owned",
            t("{title} ({id}) has no part in the column {column}", title=unit.title, id=unit.id, column=column.id),
            item=item,
            path=record,
            hint=t("move the post to a column of the unit, or have the administrators add the unit to columns.yaml"),
        )
    if unit is not None and workflow_for(header, policy) is None:
        fitting = policy.workflows.fitting(header.kind, unit.group, header.major)
        yield finding(
            "workflow-unknown",
            _which_fit(header, unit.group, [flow.id for flow in fitting]),
            item=item,
            path=record,
            hint=t("choose a kind among {kinds}", kinds=listed(_kinds(policy))),
        )


def _which_fit(header: Header, group: str, fitting: list[str]) -> str:
    kind = t("major {kind}", kind=header.kind) if header.major else header.kind
    if not fitting:
        return t("a {kind} of the group {group} needs one workflow, and none fits", kind=kind, group=group)
    found = both(fitting)
    return t("a {kind} of the group {group} needs one workflow, and {found} fits", kind=kind, group=group, found=found)


def _kinds(policy: Policy) -> list[str]:
    return sorted({kind for flow in policy.workflows.workflows for kind in flow.kinds})


def _place(item: str, policy: Policy) -> Iterator[Finding]:
    column, stem = column_of(item), stem_of(item)
    if column not in policy.columns.columns:
        near = [name for name in policy.columns.columns if name.split("/")[-1] == column.split("/")[-1]]
        yield finding(
            "column-unknown",
            t("there is no column {column}", column=repr(column)),
            item=item,
            path=item,
            hint=t("did you mean {near}?", near=near[0])
            if near
            else t("columns are {columns}", columns=listed(policy.columns.columns)),
        )
    taken = _taken(column, stem, policy)
    if taken:
        yield finding(
            "path-invalid",
            t("the name {stem} belongs to {taken}", stem=repr(stem), taken=taken),
            item=item,
            path=item,
            hint=t("give the post another name"),
        )


def _taken(column: str, stem: str, policy: Policy) -> str:
    if stem.casefold() in RESERVED_STEMS:
        return t("the column's own pages")
    if stem.casefold().endswith(RESERVED_ENDINGS):
        return t("another post's page")
    return t("a sub-column") if f"{column}/{stem}" in policy.columns.columns else ""


def _metadata(item: str, snapshot: Snapshot, policy: Policy) -> Iterator[Finding]:
    column = policy.columns.columns.get(column_of(item))
    allowed = {key.lower(): key for key in column.metadata} if column else {}
    elsewhere = {key.lower() for other in policy.columns.columns.values() for key in other.metadata}
    for key, line, found, meant in snapshot.metadata:
        if key.lower() in allowed:
            continue
        what = found
        near = meant or next(iter(get_close_matches(key.lower(), allowed, n=1, cutoff=_ALIKE)), "")
        if key.lower() in elsewhere:
            what = t("the key {key} is none of this column's", key=key)
            hint = t(
                "take the line {key}: out, or have it listed under metadata of this column in columns.yaml", key=key
            )
        elif near:
            what = t("the key {key} is not one of a post's", key=key) if meant else found
            hint = t("did you mean {near}: then write it so", near=allowed.get(near, near))
        else:
            hint = t("take the line {key}: out", key=key)
        yield finding(
            "metadata-forbidden",
            t("{where}: {what}", where=f"{item}:{line}", what=what),
            item=item,
            path=item,
            hint=hint,
        )
