"""The policies of a site side by side: versions in force, a commit, the work tree; what differs, in words. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from review import pipeline
from review.errors import UnusableSite
from review.formats.policy_files import CERTIFICATES, COLUMNS, FILES
from review.formats.settings import SETTINGS
from review.gate.bench import Bench
from review.history.commits import parse_commit
from review.history.git_trees import GitTrees
from review.history.repository import Repository
from review.history.work_tree import policy_of, tracked_files, unknown_files
from review.messages import t
from review.model.cautions import Caution
from review.model.evidence import PolicySnapshot
from review.model.manifests import ItemFile
from review.model.paths import POLICY_RECORD
from review.model.policies import Policy, PolicyVersion
from review.views import file_changes, policy_changes
from review.views.policy_log import Entry
from review.views.policy_sentences import Change

CONFIGURATION = "pelicanconf.py"
_OF_POLICY = ("theme/", CERTIFICATES, *FILES, SETTINGS, CONFIGURATION)
"""What the program reads of a policy; any other file that git does not know may be anything, even a key."""

Kinds = Mapping[str, tuple[str, str]]
"""Path to mode and SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two policies: what it is called, what it says (None where its files are not valid: `problems`), its files."""

    name: str
    version: int
    manifest: str
    problems: tuple[str, ...]
    policy: Policy | None = field(repr=False)
    files: Kinds = field(repr=False)
    read: Callable[[str], bytes] = field(repr=False)
    untracked: tuple[str, ...] = ()
    """Files of the policy that lie there, and that nobody can sign because git does not know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the second of two policies has otherwise than the first.

    `cautions` are what is wrong with it though it is valid, `stops` those of them that are new and should not be signed; both
    are empty where nobody has looked.
    """

    before: Side
    after: Side
    same: bool
    changes: tuple[Change, ...]
    cautions: tuple[Caution, ...] = ()
    stops: tuple[Caution, ...] = ()


def difference(before: Side, after: Side) -> Difference:
    """Return what differs: what the policy says in words, every other file by its name."""
    differing = {path for path in {*before.files, *after.files} if before.files.get(path) != after.files.get(path)}
    old, new = (
        {path: (side.files[path][0], side.read(path)) for path in differing if path in side.files}
        for side in (before, after)
    )
    said = policy_changes.changes(before.policy, after.policy) if before.policy and after.policy else ()
    return Difference(
        before=before,
        after=after,
        same=not differing,
        changes=(*said, *file_changes.changes(old, new)),
    )


def of_version(session: pipeline.Session, bench: Bench, number: int) -> Side:
    """Return a version of the chain in force; `UnusableSite` where there is no such one."""
    version = bench.versions.get(number)
    if version is None or session.trees is None:
        raise UnusableSite(
            t("there is no version {number}", number=number),
            hint=t("versions are 1 to {newest}: qianfa policy log", newest=max(bench.versions)),
        )
    return _of_version(session.trees, version)


def _of_version(trees: GitTrees, version: PolicyVersion) -> Side:
    name = t("version {number}", number=version.version)
    return _side(name, version.version, trees.policy(version.commit), trees.bytes_of)


def of_revision(session: pipeline.Session, revision: str) -> Side:
    """Return the policy files of a commit, whoever signed them."""
    commit = session.repository.resolve(revision, session.store)
    trees = GitTrees(session.store, {commit: parse_commit(session.store.read(commit, "commit")).tree})
    return _side(t("the commit {commit}", commit=commit[:12]), 0, trees.policy(commit), trees.bytes_of)


def of_work_tree(session: pipeline.Session) -> Side:
    """Return the policy files of the work tree that git knows."""
    session.repository.check_work_tree()
    files = tracked_files(session.repository)
    untracked = untracked_policy(session.repository)
    record = files.pop(POLICY_RECORD, ("100644", b"record: 1\nkind: policy\nsign-offs: []\n"))
    snapshot = policy_of({**files, POLICY_RECORD: record})
    return Side(
        name=t("the work tree"),
        version=0,
        manifest=snapshot.manifest,
        policy=snapshot.policy,
        problems=tuple(one.message for one in snapshot.problems),
        files={path: (mode, hashlib.sha256(data).hexdigest()) for path, (mode, data) in files.items()},
        read=lambda path: files[path][1],
        untracked=untracked,
    )


def untracked_policy(repository: Repository) -> tuple[str, ...]:
    """Return the files of theme, keys and settings in the work tree that are no part of the policy until `git add`."""
    return tuple(unknown_files(repository, _OF_POLICY))


def otherwise_here(session: pipeline.Session, signed: Iterable[ItemFile]) -> tuple[str, ...]:
    """Return the files that pages are made with and that the work tree has otherwise than these, which are signed."""
    before = {file.path: file.sha256 for file in signed if _makes_pages(file.path)}
    files = tracked_files(session.repository)
    here = {path: hashlib.sha256(data).hexdigest() for path, (_, data) in files.items() if _makes_pages(path)}
    here |= dict.fromkeys(filter(_makes_pages, untracked_policy(session.repository)), "")
    return tuple(sorted(path for path in {*before, *here} if before.get(path) != here.get(path)))


def _makes_pages(path: str) -> bool:
    return path.startswith("theme/") or path in (COLUMNS, CONFIGURATION)


def _side(name: str, version: int, snapshot: PolicySnapshot, bytes_of: Callable[[str], bytes]) -> Side:
    blobs = {file.path: file.blob for file in snapshot.files}
    return Side(
        name=name,
        version=version,
        manifest=snapshot.manifest,
        policy=snapshot.policy,
        problems=tuple(one.message for one in snapshot.problems),
        files={file.path: (file.mode, file.sha256) for file in snapshot.files},
        read=lambda path: bytes_of(blobs[path]),
    )


def changes_of_entry(session: pipeline.Session, bench: Bench, entry: Entry) -> tuple[Change, ...]:
    """Return what a version changed against the one before it; nothing where a waiting one's files cannot be found."""
    number = entry.version
    if number in bench.versions:
        after = of_version(session, bench, number)
    elif entry.here and session.trees is not None:
        name = t("version {number}", number=number)
        after = _side(name, number, session.trees.policy(session.commit), session.trees.bytes_of)
    else:
        return ()
    if number - 1 not in bench.versions:
        return policy_changes.changes(None, after.policy) if after.policy else ()
    return difference(of_version(session, bench, number - 1), after).changes
