"""The way of a check: a post's files to all that the gate and its readers will object to. Nothing is written or signed."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from review import pipeline
from review.actions import missing, sign_offs
from review.actions.change import Signer
from review.actions.drafting import units_of
from review.actions.post_files import cleaned
from review.errors import FormatError, Refused, UnusableSite
from review.formats.post_text import body_lines, meta_lines
from review.gate.bench import Bench
from review.gate.content_rules import objections
from review.history.index import changed_paths, staged_files, staged_paths
from review.history.repository import Repository, open_repository
from review.history.work_tree import item_files, snapshot_of
from review.messages import t, typed
from review.model.evidence import Snapshot
from review.model.findings import finding
from review.model.paths import attachments_of, content_kind, path_problem, post_of, record_of
from review.model.policies import Policy
from review.views import objections as views
from review.views.active_files import about_active_file
from review.views.file_kinds import about_kind
from review.views.objections import Draft, Objection
from review.views.pictures import about_length, about_picture
from review.views.privacy import about_privacy
from review.views.values import about_values
from review.views.writing import about_writing, named_files
from review.ways import acts
from review.ways.beside_a_post import is_there, policy_there, surroundings
from review.ways.media_checks import about_media, look_at_media

Files = Mapping[str, tuple[str, bytes]]

_JUNK = (".DS_Store", "Thumbs.db")
_WRITTEN = (".csv", ".json", ".srt", ".svg", ".tsv", ".txt", ".vtt")
_MOST_WRITTEN = 1 << 20
"""Bytes of an attachment that is looked at for what is private."""

_SETTLED = ("in-review", "live", "scheduled", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What there is against one post, what is refused first. `settled` where it is as it was handed in, and not returned."""

    item: str
    title: str
    objections: tuple[Objection, ...]
    settled: bool = False

    @property
    def refused(self) -> bool:
        """Tell whether it could not be handed in as it is."""
        return any(one.severity == "refuse" for one in self.objections)


def check_files(site: Path, items: Sequence[str], now: dt.datetime, *, staged: bool = False) -> tuple[Checked, ...]:
    """Check posts of the work tree, or with `staged` of git's index, in a moment: the history is not read.

    It is a hint and no verdict: columns, people and workflows are taken from the files that lie in the work tree, which nobody
    may have signed; and who will sign is not asked. Without items, whatever differs from the last commit is looked at.
    """
    repository = open_repository(site)
    repository.check_work_tree()
    policy, errors = policy_there(site)
    problems = [_of_policy(error) for error in errors[:1]]
    if policy is not None:
        now = now.astimezone(zoneinfo.ZoneInfo(policy.columns.site.timezone))
    paths = [] if items else staged_paths(repository) if staged else changed_paths(repository)
    checked = [_stray(site, paths, staged=staged)]
    for item in items or _touched(site, paths, staged=staged):
        files, over = _files(repository, item, staged=staged)
        checked.append(_checked(site, item, files, policy, now, [*over, *problems]))
    return tuple(one for one in checked if one is not None)


def check(session: pipeline.Session, bench: Bench, items: Sequence[str], signer: Signer | None) -> tuple[Checked, ...]:
    """Check posts of the work tree as the gate will: under the policy in force, and with the signature of `signer` foreseen.

    Without items, whatever differs from the last commit is looked at, and the drafts of that commit.
    """
    repository, policy = session.repository, bench.in_force.policy
    repository.check_work_tree()
    states = {report.item: report.state for report in session.report.items}
    drafts = [item for item, state in states.items() if state in ("draft", "refused")]
    paths = [] if items else changed_paths(repository)
    drafts = [one for one in drafts if (repository.path / one).is_file()]
    found = items or sorted({*_touched(repository.path, paths), *drafts})
    checked = [_stray(repository.path, paths)]
    zone = zoneinfo.ZoneInfo(policy.columns.site.timezone)
    now = bench.now.astimezone(zone)
    for item in found:
        files, over = _files(repository, item)
        committed = acts.committed_files(session, item)
        files, about = _with_record(bench, item, files, committed, signer, now)
        one = _checked(repository.path, item, files, policy, now, [*over, *about], session)
        one = replace(one, objections=tuple(_recorded(found, bench, item, committed) for found in one.objections))
        if committed == files and states.get(item) in _SETTLED:
            one = replace(one, settled=True)
        elif signer is not None and not one.refused and units_of(policy, signer.person):
            one = _foreseen(one, bench, committed, files, signer, now)
        checked.append(one)
    return tuple(one for one in checked if one is not None)


def _with_record(
    bench: Bench, item: str, files: Files, committed: Files, signer: Signer | None, now: dt.datetime
) -> tuple[Files, list[Objection]]:
    """Return the files of a post that was written by hand with the record that handing in would make, and word of it."""
    record = record_of(item)
    if signer is None or item not in files or record in files or missing.lost_record(bench, item, committed):
        return files, []
    try:
        data = missing.first_record(bench.in_force.policy, item, signer.person, now.date())
    except Refused:
        return files, []
    what = t("it has no record yet; handing in makes one, and asks whether it touches anything classified")
    hint = t("nothing to do, unless it is to have a planned time or another kind: then see qianfa new --help")
    word = Objection(code="record-missing", severity="warn", path=record, line=0, what=what, hint=hint)
    return {**files, record: ("100644", data)}, [word]


def _recorded(found: Objection, bench: Bench, item: str, committed: Files) -> Objection:
    """Return an objection; where it is that the record is missing, with the command that helps here."""
    if found.code != "record-missing" or found.severity != "refuse":
        return found
    hint = missing.lost_record(bench, item, committed)
    return replace(found, hint=hint or t("handing in makes one: qianfa submit {item} --unit UNIT", item=typed(item)))


def _touched(site: Path, paths: Sequence[str], *, staged: bool = False) -> list[str]:
    """Return the posts of which these files, that differ from the last commit, are."""
    owners = {owner for path in paths if (owner := _owner(site, path, paths))}
    return sorted(item for item in owners if staged or (site / item).is_file())


def _owner(site: Path, path: str, paths: Iterable[str]) -> str:
    """Return the post that a file belongs to; empty where there is none."""
    kind = content_kind(path)
    if kind == "post":
        return "" if path_problem(path) else path
    if kind == "record":
        return post_of(path)
    parts = path.split("/")
    candidates = ["/".join(parts[:length]) + ".md" for length in range(len(parts) - 1, 2, -1)]
    return next((one for one in candidates if one in paths or (site / one).is_file()), "")


def _stray(site: Path, paths: Sequence[str], *, staged: bool = False) -> Checked | None:
    """Return what there is against changed files that belong to no post, and posts that are gone."""
    found: list[Objection] = []
    for path in paths:
        if content_kind(path) == "post" and not staged and not (site / path).exists():
            what = t("the post is gone from the work tree; that takes nothing off the site")
            hint = t("bring it back with: git checkout HEAD -- {path}", path=typed(path))
            found.append(Objection(code="deleted", severity="warn", path=path, line=0, what=what, hint=hint))
        elif not _owner(site, path, paths) and ((site / path).exists() or staged) and not path.endswith(_JUNK):
            what = t("it is neither a post, nor a record, nor an attachment of a post")
            if problem := path_problem(path):
                what = t("its name cannot be used: {problem}", problem=problem)
            hint = t("put it below its post's folder, or take it out of content/")
            weight: views.Weight = "refuse" if staged else "warn"
            found.append(Objection(code="file-orphan", severity=weight, path=path, line=0, what=what, hint=hint))
    return Checked(item="", title="", objections=tuple(found)) if found else None


def _files(repository: Repository, item: str, *, staged: bool = False) -> tuple[Files, list[Objection]]:
    """Return a post's files; where one of them is over its limit none, and the objection to it."""
    try:
        return staged_files(repository, item) if staged else item_files(repository.path, item), []
    except UnusableSite as error:
        path = error.where.removeprefix(f"{repository.path}/")
        over = Objection(code="limit-exceeded", severity="refuse", path=path, line=0, what=error.what, hint=error.hint)
        return {}, [over]


def _of_policy(error: FormatError) -> Objection:
    what = t("columns, units and workflows could not be looked at: {what}", what=error.what)
    path = error.where.partition(":")[0]
    hint = t("set the file right, or undo its change: git checkout HEAD -- {path}", path=typed(path))
    return Objection(code="policy-invalid", severity="warn", path=path, line=error.line, what=what, hint=hint)


def _checked(
    site: Path,
    item: str,
    files: Files,
    policy: Policy | None,
    now: dt.datetime,
    known: Sequence[Objection],
    session: pipeline.Session | None = None,
) -> Checked:
    """Return what there is against a post with these files. Without a session nothing is known of what is online."""
    if not files and known:
        return Checked(item=item, title="", objections=_sorted(known))
    if files and item not in files:
        alone = finding(
            "post-missing",
            t("there is a record, but no post {item}", item=item),
            item=item,
            path=record_of(item),
            hint=t("put {item} back, or take the record out", item=item),
        )
        return Checked(item=item, title="", objections=(views.of_finding(alone, item, ""),))
    snapshot = snapshot_of(item, cleaned(item, files))
    draft = _draft(site, item, files, snapshot, now)
    record = files[record_of(item)][1].decode("utf-8", "replace") if record_of(item) in files else ""
    found = [*known]
    found += (views.of_finding(one, item, record) for one in snapshot.problems)
    if policy is not None:
        found += (views.of_finding(one, item, record) for one in objections(item, snapshot, policy))
    found += views.about_cleaning(draft, files[item][1].decode("utf-8", "replace"))
    found += views.about_header(draft)
    found += about_writing(draft)
    found += about_values(draft, surroundings(site, draft, policy, session))
    media = look_at_media(item, files, policy)
    found += about_media(draft, media)
    found += views.about_attachments(draft, named_files(draft) | media.attachments)
    for path in draft.attachments:
        if not files[path][1] or path not in media.attachments:
            found += about_kind(draft, path, files[path][1])
        found += about_picture(draft, path, files[path][1])
        found += about_active_file(draft, path, files[path][1])
        found += about_length(path)
    for path, text in _texts(item, files, draft.text):
        found += about_privacy(draft, path, text)
    return Checked(item=item, title=snapshot.title, objections=_sorted(found))


def _draft(site: Path, item: str, files: Files, snapshot: Snapshot, now: dt.datetime) -> Draft:
    text = files[item][1].decode("utf-8", "replace").removeprefix("\ufeff")
    fields: dict[str, tuple[int, str]] = {}
    for line, key, value in meta_lines(text):
        fields.setdefault(key, (line, value))
    draft = Draft(
        item=item,
        text=text,
        lines=tuple(body_lines(text)),
        fields=fields,
        header=snapshot.header,
        attachments={path: len(data) for path, (_, data) in files.items() if path.startswith(attachments_of(item))},
        there=frozenset(),
        now=now,
    )
    there = frozenset(one for one in named_files(draft) if one in files or is_there(site, one))
    return replace(draft, there=there)


def _texts(item: str, files: Files, text: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a post that are text: itself, and attachments that people wrote as text."""
    yield item, text
    for path, (_, data) in files.items():
        if path.startswith(attachments_of(item)) and path.lower().endswith(_WRITTEN) and len(data) <= _MOST_WRITTEN:
            try:
                yield path, data.decode("utf-8")
            except UnicodeDecodeError:
                yield path, data.decode("gb18030", "replace")


def _foreseen(one: Checked, bench: Bench, committed: Files, files: Files, signer: Signer, at: dt.datetime) -> Checked:
    """Return the check with what would be said if this person handed the post in now."""
    try:
        sign_offs.submit(bench, one.item, committed, files, signer, at, "")
    except Refused as error:
        refusal = Objection(
            code="submit-refused",
            severity="refuse",
            path=error.where or one.item,
            line=0,
            what=error.what,
            hint=error.hint,
        )
        return replace(one, objections=_sorted([*one.objections, refusal]))
    return one


def _sorted(found: Iterable[Objection]) -> tuple[Objection, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.severity != "refuse", one.path, one.line)))
