"""Read the evidence out of a repository: the statements reachable from a commit, their signatures, and the files at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from review.errors import FormatError, HistoryError
from review.formats import statements
from review.formats.policy_files import CERTIFICATES
from review.history.commits import RawCommit, parse_commit
from review.history.git_trees import GitTrees
from review.history.objects import ObjectStore
from review.history.signatures import SignedCommit, Verifier
from review.history.trees import Blob
from review.model.commit_graph import CommitGraph
from review.model.evidence import Attestation, Evidence, Head, Made, Snapshot
from review.model.findings import finding
from review.model.paths import (
    POLICY, POST_SUFFIX, RECORD_SUFFIX, attachments_of, content_kind, path_problem, post_of,
)  # fmt: skip
from review.model.records import Record
from review.model.statements import Statement

MAX_FILES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A commit whose message is a statement."""

    commit: str
    statement: Statement
    digest: str


def read_evidence(
    store: ObjectStore,
    commit: str,
    *,
    previous: str = "",
    processes: int | None = None,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> tuple[Evidence, GitTrees]:
    """Return the evidence at a commit, and the trees it was read from.

    1. Walk every commit reachable, each re-hashed; keep those whose whole message is a statement.
    2. Verify their signatures while the walk goes on.
    3. Read the files at the commit.

    Raises `HistoryError` where an object is missing or is not what its name says.
    """
    verifier = Verifier(processes=processes)
    try:
        parents: dict[str, tuple[str, ...]] = {}
        roots: dict[str, str] = {}
        carriers: list[Carrier] = []
        for name, raw in _reachable(store, commit):
            parents[name] = raw.parents
            roots[name] = raw.tree
            if len(parents) % 500 == 0:
                progress("commits", len(parents), 0)
            statement = statements.parse(raw.message)
            if statement is not None:
                carriers.append(Carrier(commit=name, statement=statement, digest=statements.digest(statement)))
                verifier.add(SignedCommit(name, raw.signature, raw.payload, raw.signature_problem))
        trees = GitTrees(store, roots)
        head = read_head(trees, commit, progress)
        progress("signatures", 0, len(carriers))
        attestations = verifier.finish(_certificates(trees, carriers, commit) if verifier.needs_certificates else {})
    finally:
        verifier.close()
    evidence = Evidence(
        commit=commit,
        graph=CommitGraph(parents),
        made=_made(carriers, attestations),
        trees=trees,
        head=head,
        previous_known=not previous or previous in parents,
    )
    return evidence, trees


def _reachable(store: ObjectStore, commit: str) -> Iterator[tuple[str, RawCommit]]:
    seen = {commit}
    frontier = [commit]
    while frontier:
        following: list[str] = []
        for name, raw in zip(frontier, store.read_many(frontier, "commit"), strict=True):
            parsed = parse_commit(raw)
            yield name, parsed
            for parent in parsed.parents:
                if parent not in seen:
                    seen.add(parent)
                    following.append(parent)
        frontier = following


def _made(carriers: list[Carrier], attestations: dict[str, Attestation]) -> dict[str, Made]:
    by_digest: dict[str, list[Carrier]] = {}
    for carrier in carriers:
        by_digest.setdefault(carrier.digest, []).append(carrier)
    return {
        digest: Made(
            statement=group[0].statement,
            digest=digest,
            attestations=tuple(attestations[commit] for commit in sorted(carrier.commit for carrier in group)),
        )
        for digest, group in by_digest.items()
    }


def _certificates(trees: GitTrees, carriers: list[Carrier], commit: str) -> dict[str, bytes]:
    """Return every certificate file that a policy somebody signed holds; which policy counts is not known yet."""
    found: dict[str, bytes] = {}
    commits = [carrier.commit for carrier in carriers if carrier.statement.item == POLICY]
    for name in dict.fromkeys([*commits, commit]):
        for file in trees.policy(name).files:
            if file.path.startswith(CERTIFICATES):
                found[file.blob] = trees.bytes_of(file.blob)
    return found


def read_head(
    trees: GitTrees, commit: str, progress: Callable[[str, int, int], None] = lambda step, done, total: None
) -> Head:
    """Return the files at the commit."""
    files: list[Blob] = []
    for file in trees.files(commit):
        files.append(file)
        if len(files) > MAX_FILES:
            return Head(
                posts={},
                lone_records={},
                findings=(
                    finding(
                        "limit-exceeded", f"over {MAX_FILES} files at the commit; none of them is looked at",
                        hint="take files out; what was published stays as it is",
                    ),
                ),
            )  # fmt: skip
    content = [file for file in files if file.path.startswith(("content/", "evidence/"))]
    grouped = _grouped(content)
    posts: dict[str, Snapshot] = {}
    for done, (item, (record, own)) in enumerate(grouped.items()):
        if done % 200 == 0:
            progress("files", done, len(grouped))
        if own:
            posts[item] = trees.snapshot(item, record, own)
    lone = {item: _lone(trees, item, record) for item, (record, own) in grouped.items() if record and not own}
    return Head(
        posts=posts,
        lone_records=lone,
        files=tuple((file.path, file.mode) for file in content),
        policy_paths=tuple(file.path for file in files if not file.path.startswith(("content/", "evidence/"))),
    )


def _lone(trees: GitTrees, item: str, record: Blob) -> Record | None:
    read = trees.record(record, item)
    return None if isinstance(read, FormatError) else read


def _grouped(content: list[Blob]) -> dict[str, tuple[Blob | None, list[Blob]]]:
    """Return for each item its record and its files, the post first."""
    posts = {file.path: file for file in content if content_kind(file.path) == "post" and not path_problem(file.path)}
    records = {
        post_of(file.path): file
        for file in content
        if content_kind(file.path) == "record" and not path_problem(post_of(file.path))
    }
    grouped = {item: (records.get(item), [posts[item]] if item in posts else []) for item in sorted({*posts, *records})}
    owners = {attachments_of(item): item for item in posts}
    for file in content:
        if file.path.endswith((POST_SUFFIX, RECORD_SUFFIX)):
            continue
        parts = file.path.split("/")
        for length in range(3, len(parts)):
            owner = owners.get("/".join(parts[:length]) + "/")
            if owner:
                grouped[owner][1].append(file)
    return grouped

