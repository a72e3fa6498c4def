"""The policy's files to model: their shape, then all that must not contradict itself. All problems, not the first."""

from __future__ import annotations

import dataclasses
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from review.errors import FormatError
from review.formats import people_file, schema
from review.formats.post_keys import RESERVED
from review.formats.strict_yaml import lines_of, load
from review.messages import t
from review.model.columns import Column, Columns, Site
from review.model.paths import POLICY, RESERVED_STEMS
from review.model.people import SUBMITTING_UNIT, Office, People
from review.model.policies import Policy
from review.model.workflows import DRAFT, WITHDRAW, Stage, Workflow, Workflows

COLUMNS, PEOPLE, WORKFLOWS = "columns.yaml", "people.yaml", "workflows.yaml"
FILES = (COLUMNS, PEOPLE, WORKFLOWS)
CERTIFICATES = people_file.CERTIFICATES

_RESERVED_COLUMNS = frozenset({"all", "feeds", "theme", "static", *RESERVED_STEMS})
_INDEX_NUMBERS = "CZ[0-9]{2}-[0-9]{4}"
_INHERITED: tuple[tuple[str, Any], ...] = (
    ("lead", ()),
    ("support", ()),
    ("open_to", ()),
    ("duty", "as-needed"),
    ("type", "news"),
    ("metadata", ()),
    ("label", ""),
    ("within", ""),
)


def parse(files: Mapping[str, bytes]) -> tuple[Policy | None, tuple[FormatError, ...]]:
    """Return the policy that these files (path to bytes) make, or None and every reason why they make none.

    `files` holds at least the three YAML files; the certificates under `keys/` that people name come along.
    """
    problems: list[FormatError] = []

    def shaped(path: str) -> dict[str, Any] | None:
        try:
            if path not in files:
                raise FormatError(t("the file is missing"))
            return schema.check(path.removesuffix(".yaml"), load(files[path]), files[path])
        except FormatError as error:
            problems.append(error.at(path))
            return None

    raw = {path: shaped(path) for path in FILES}
    columns_raw, people_raw, workflows_raw = (raw[path] for path in FILES)
    if columns_raw is None or people_raw is None or workflows_raw is None:
        return None, tuple(problems)

    def complain(path: str) -> Callable[..., None]:
        lines = lines_of(files[path])
        return lambda what, *place: problems.append(FormatError(what, line=lines.get(place, 1)).at(path))

    people = people_file.people_of(people_raw, files, complain(PEOPLE))
    columns = _columns(columns_raw, people, complain(COLUMNS))
    workflows = _workflows(workflows_raw, people, complain(WORKFLOWS))
    if problems:
        return None, tuple(problems)
    return Policy(columns=columns, people=people, workflows=workflows), ()


def _columns(raw: dict[str, Any], people: People, complain: Callable[..., None]) -> Columns:
    site = _site(raw["site"], complain)
    columns: dict[str, Column] = {}

    def add(part: dict[str, Any], parent: Column | None, *place: str | int) -> str:
        id = f"{parent.id}/{part['id']}" if parent else str(part["id"])
        if id in columns:
            complain(t("the column {id} stands here twice", id=repr(id)), *place)
        if part["id"] in (_RESERVED_COLUMNS if parent is None else RESERVED_STEMS):
            complain(t("no column may be called {id}", id=repr(part["id"])), *place)
        given: dict[str, Any] = {
            key: part.get(key, getattr(parent, key) if parent else default) for key, default in _INHERITED
        }
        columns[id] = column = Column(
            id=id,
            title=str(part["title"]),
            parent=parent.id if parent else "",
            children=(),
            description=str(part.get("description", "")),
            lead=tuple(given["lead"]),
            support=tuple(given["support"]),
            open_to=tuple(given["open_to"]),
            metadata=tuple(given["metadata"]),
            duty=str(given["duty"]),
            type=str(given["type"]),
            keywords=tuple(part.get("keywords", ())),
            label=str(given["label"]),
            within=None if given["within"] in ("", None) else int(given["within"]),
        )
        for unit in (*column.lead, *column.support):
            if unit not in people.units:
                complain(t("{id}: no unit is called {unit}", id=id, unit=repr(unit)), *place)
        for group in column.open_to:
            if group not in people.groups:
                complain(t("{id}: no group is called {group}", id=id, group=repr(group)), *place)
        for key in column.metadata:
            if key.lower() in RESERVED:
                complain(
                    t("{id}: {key} would move or reveal a page and cannot be allowed", id=id, key=repr(key)), *place
                )
        parts = part.get("columns", [])
        if not (parts or column.lead or column.support or column.open_to):
            complain(t("{id}: nobody may write here; name lead, support or open_to", id=id), *place)
        children = tuple(add(child, column, *place, "columns", n) for n, child in enumerate(parts))
        columns[id] = dataclasses.replace(column, children=children)
        return id

    for n, part in enumerate(raw["columns"]):
        add(part, None, "columns", n)
    return Columns(site=site, columns=columns)


def _site(raw: dict[str, Any], complain: Callable[..., None]) -> Site:
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    site = Site(**given | {"grey": raw.get("grey") == "yes"})
    try:
        zoneinfo.ZoneInfo(site.timezone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        complain(t("no such time zone: {timezone}", timezone=repr(site.timezone)), "site", "timezone")
    try:
        re.compile(site.index_number)
    except re.error:
        what = t(
            "index_number is no regular expression: {pattern}; one is such as {example}",
            pattern=repr(site.index_number),
            example=_INDEX_NUMBERS,
        )
        complain(what, "site", "index_number")
    return site


def _workflows(raw: dict[str, Any], people: People, complain: Callable[..., None]) -> Workflows:
    def offices(by: str | list[str], *place: str | int) -> tuple[Office, ...]:
        found = tuple(people_file.office(text) for text in ([by] if isinstance(by, str) else by))
        for office in found:
            if office.place not in (SUBMITTING_UNIT, *people.units, *people.groups):
                complain(
                    t("{office}: no unit or group is called {place}", office=office, place=repr(office.place)), *place
                )
        return found

    flows = []
    for id, flow in raw["workflows"].items():
        place = ("workflows", id)
        stages = tuple(
            Stage(
                id=str(stage["id"]),
                title=str(stage["title"]),
                by=offices(stage["by"], *place, "stages", n),
                needs=int(stage.get("needs", "1")),
                may_amend=stage.get("may_amend") == "yes",
                paper=stage.get("paper") == "yes",
            )
            for n, stage in enumerate(flow["stages"])
        )
        _check_stages(id, stages, lambda what, *rest, place=place: complain(what, *place, *rest))
        for group in flow["groups"]:
            if group not in people.groups:
                complain(t("{id}: no group is called {group}", id=id, group=repr(group)), *place, "groups")
        flows.append(
            Workflow(
                id=id,
                title=str(flow["title"]),
                kinds=tuple(flow["kinds"]),
                groups=tuple(flow["groups"]),
                major=flow.get("major") == "yes",
                same_person=flow.get("same_person") == "allowed",
                stages=stages,
            )
        )
    return Workflows(workflows=tuple(flows), withdrawal=offices(raw["withdrawal"]["by"], "withdrawal", "by"))


def _check_stages(flow: str, stages: Iterable[Stage], complain: Callable[..., None]) -> None:
    ids = [stage.id for stage in stages]
    if ids[0] != DRAFT:
        complain(
            t(
                "{flow}: the first stage must be {expected}, not {found}",
                flow=flow,
                expected=repr(DRAFT),
                found=repr(ids[0]),
            ),
            "stages",
            0,
        )
    seen: set[str] = set()
    for n, id in enumerate(ids):
        if id in seen:
            complain(t("{flow}: the stage {id} stands here twice", flow=flow, id=repr(id)), "stages", n)
        seen.add(id)
        if id in (WITHDRAW, POLICY):
            complain(t("{flow}: no stage may be called {id}", flow=flow, id=repr(id)), "stages", n)
