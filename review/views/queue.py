"""What waits for whom, oldest first: stages to sign, posts that came back, drafts, and the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.counting import Signed
from review.gate.judge import policy_story
from review.model.digests import content_code
from review.model.instants import parse_instant
from review.model.paths import POLICY
from review.model.policies import Policy
from review.model.settings import Settings
from review.model.workflows import DRAFT
from review.views.moments import due, local, order, zone_of
from review.views.names import Post, Someone, everybody, named
from review.views.standing import Standing, WorkTree

Kind: TypeAlias = Literal["sign", "returned", "draft", "refused", "policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Post):
    """One thing that waits: for whom (`people`: everyone who could do it), since when and until when.

    `version` is the one to sign or that came back; of a draft the newest signed, 0 for none. `since` and `due` are
    instants in the site's time zone, empty where there are none; `code` is the content code, the policy's too.
    """

    kind: Kind
    version: int
    stage: str
    stage_title: str
    people: tuple[Someone, ...]
    since: str
    due: str
    late: bool
    code: str
    returned_by: Someone | None
    reason: str
    work_tree: WorkTree

    @property
    def group(self) -> str:
        """The stage it is with; whatever is to be handed in, again or at all, is with the drafters."""
        return DRAFT if self.kind in ("returned", "draft", "refused") else self.stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for one person, or for everybody where `person` is None."""

    person: Someone | None
    now: str
    rows: tuple[Row, ...]
    late: int


def rows_of(posts: Iterable[Standing], bench: Bench, settings: Settings) -> tuple[Row, ...]:
    """Return everything that waits for anybody, the oldest first; what has no time of its own comes last."""
    rows = [row for post in posts if (row := _row(post)) is not None]
    rows += _policy(bench, settings)
    return tuple(sorted(rows, key=lambda row: (not row.since, order(row.since), row.item)))


def queue_for(person: Someone | None, rows: Iterable[Row], bench: Bench) -> Queue:
    """Return the rows that wait for a person; all of them, stage after stage, where it is None."""
    chosen = tuple(row for row in rows if person is None or any(one.id == person.id for one in row.people))
    if person is None:
        place = _order_of_stages(bench)
        chosen = tuple(sorted(chosen, key=lambda row: place(row.group)))
    return Queue(
        person=person,
        now=local(bench.now.isoformat(timespec="seconds"), zone_of(bench)),
        rows=chosen,
        late=sum(row.late for row in chosen),
    )


def _order_of_stages(bench: Bench) -> Callable[[str], tuple[int, str]]:
    """Return what stages are sorted by: how far down the chains they stand; the drafters' first, the policy's last."""
    latest: dict[str, int] = {}
    for flow in bench.in_force.policy.workflows.workflows:
        for number, stage in enumerate(flow.stages, 1):
            latest[stage.id] = max(number, latest.get(stage.id, 0))
    unknown = len(latest) + 1
    return lambda stage: (0 if stage == DRAFT else latest.get(stage, unknown), stage)


def _row(post: Standing) -> Row | None:
    kind = _kind(post)
    if kind is None:
        return None
    return Row(
        item=post.item,
        title=post.title,
        column=post.column,
        column_title=post.column_title,
        unit=post.unit,
        unit_title=post.unit_title,
        kind=kind,
        version=post.version,
        stage=post.stage,
        stage_title=post.stage_title,
        people=post.people,
        since=post.since,
        due=post.due,
        late=post.late,
        code=post.code,
        returned_by=post.returned_by if kind == "returned" else None,
        reason=post.reason if kind in ("returned", "refused") else "",
        work_tree=post.work_tree,
    )


def _kind(post: Standing) -> Kind | None:
    match post.state:
        case "in-review":
            return "sign"
        case "returned":
            return "returned"
        case "draft":
            return "draft"
        case "refused":
            return "refused"
        case _:
            return "draft" if post.work_tree in ("edited", "new") else None


def _policy(bench: Bench, settings: Settings) -> Iterator[Row]:
    """Yield the row of a policy version that waits for administrators: the files of the commit differ from those in force.

    It takes as many people as the rules in force ask for, and as its own do.
    """
    snapshot = bench.evidence.trees.policy(bench.evidence.commit)
    if snapshot.manifest == bench.in_force.manifest:
        return
    number = bench.in_force.version + 1
    signed = [
        one
        for one in policy_story(bench, snapshot).known.values()
        if (one.statement.version, one.statement.manifest) == (number, snapshot.manifest)
    ]
    zone = zone_of(bench)
    since = local(min((one.statement.at for one in signed), key=order, default=""), zone)
    until = due(since, POLICY, "", settings, zone)
    yield Row(
        **named(POLICY, "", "", bench),
        kind="policy",
        version=number,
        stage=POLICY,
        stage_title="",
        people=everybody(_administrators(bench.in_force.policy, snapshot.policy, signed), bench),
        since=since,
        due=until,
        late=bool(until) and parse_instant(until) < bench.now,
        code=content_code(snapshot.manifest) if snapshot.manifest else "",
        returned_by=None,
        reason=snapshot.problems[0].message if snapshot.problems else "",
        work_tree="",
    )


def _administrators(force: Policy, coming: Policy | None, signed: list[Signed]) -> Iterator[str]:
    """Yield who could sign yet: under each set of rules that wants more, its administrators who have not."""
    found: dict[str, None] = {}
    for rules in (force.people, *([coming.people] if coming else [])):
        counted = {
            one.statement.by
            for one in signed
            if one.statement.by in rules.administrators
            and any(rules.key_is(key, one.statement.by) for _, key in one.commits)
        }
        if len(counted) < rules.needs:
            found.update(dict.fromkeys(admin for admin in rules.administrators if admin not in counted))
    yield from found
