"""Read the evidence out of a repository: the statements reachable from a commit, their signatures, the files at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, tee

from review.errors import FormatError
from review.formats import statements
from review.formats.policy_files import CERTIFICATES
from review.gate.paths import file_problems
from review.history.commits import RawCommit, parse_commit
from review.history.git_trees import GitTrees
from review.history.lookups import Asked, look_up, look_up_elsewhere
from review.history.objects import ObjectStore
from review.history.read_ahead import ReadAhead
from review.history.signatures import SignedCommit, Verifier
from review.history.trees import Blob
from review.history.workers import Workers
from review.messages import t
from review.model.commit_graph import CommitGraph
from review.model.digests import digest_of
from review.model.evidence import Attestation, Evidence, Head, Made, Snapshot
from review.model.findings import Finding, finding
from review.model.paths import (
    CONTENT_ZONE,
    POLICY,
    POST_SUFFIX,
    RECORD_SUFFIX,
    attachments_of,
    content_kind,
    path_problem,
    post_of,
)
from review.model.records import Record
from review.model.statements import Statement

_WINDOW = 200
_LOOKED_UP = 500


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
    with Workers(processes) as workers:
        verifier = Verifier(workers)
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
                # A message is a statement only where it is the statement's one text, so its digest is the message's.
                carriers.append(Carrier(commit=name, statement=statement, digest=digest_of(raw.message)))
                verifier.add(SignedCommit(name, raw.signature, raw.payload, raw.signature_problem))
        ahead = ReadAhead(store)
        trees = GitTrees(ahead, roots)
        _look_up(trees, store, [(roots[one.commit], one.statement.item) for one in _last(carriers)], workers)
        head = read_head(trees, commit, progress, ahead)
        progress("signatures", 0, len(carriers))
        attestations = verifier.finish(_certificates(trees, carriers, commit) if verifier.needs_certificates else {})
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
    """Yield the commit and every ancestor, in no particular order.

    What is reachable follows from the parents in bytes that hash to their names. In a long line of commits that would
    mean to ask for each and wait for it; so git's own list says what to read ahead, and nothing else: what the list
    has too much is dropped, what it lacks is read after it.
    """
    named, unread = {commit}, {commit: None}
    listed, again = tee(store.listed(commit))
    for names in chain([zip(again, store.read_many(listed, "commit"), strict=True)], _rest(store, unread)):
        for name, data in names:
            if name in unread:
                del unread[name]
                raw = parse_commit(data)
                yield name, raw
                for parent in raw.parents:
                    if parent not in named:
                        named.add(parent)
                        unread[parent] = None


def _rest(store: ObjectStore, unread: dict[str, None]) -> Iterator[Iterator[tuple[str, bytes]]]:
    while unread:
        names = list(unread)
        yield zip(names, store.read_many(names, "commit"), strict=True)


def _last(carriers: list[Carrier]) -> list[Carrier]:
    """Return the statements about posts that nothing follows: the gate will look at the files in their commits."""
    followed = {carrier.statement.previous for carrier in carriers}
    last = [one for one in carriers if one.digest not in followed and one.statement.item != POLICY]
    return sorted(last, key=lambda one: (one.statement.item, one.commit))


def _look_up(trees: GitTrees, store: ObjectStore, posts: list[tuple[str, str]], workers: Workers) -> None:
    """Have the files of posts in commits looked up many at a time; what is left out the trees find by themselves."""
    if not workers.have_begun:
        trees.note(look_up(store, posts))
        return
    for start in range(0, len(posts), _LOOKED_UP):
        asked = Asked(store.objects, store.quarantine, tuple(posts[start : start + _LOOKED_UP]))
        workers.hand_out(look_up_elsewhere, asked, trees.note)


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
    trees: GitTrees,
    commit: str,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    ahead: ReadAhead | None = None,
) -> Head:
    """Return the files at the commit. `ahead` is where the trees read from, to be told what comes next."""
    try:
        files = list(trees.files(commit))
    except FormatError as error:
        what = t("{what} at the commit; none of them is looked at", what=error.what)
        over = finding("limit-exceeded", what, hint=t("take files out; what was published stays as it is"))
        return Head(posts={}, lone_records={}, findings=(over,))
    content = [file for file in files if file.path.startswith(CONTENT_ZONE)]
    grouped = _grouped(content)
    posts: dict[str, Snapshot] = {}
    items = list(grouped.items())
    for done, (item, (record, own)) in enumerate(items):
        if done % _WINDOW == 0:
            progress("files", done, len(grouped))
            if ahead is not None:
                ahead.expect_blobs(file.id for _, (r, o) in items[done : done + _WINDOW] for file in (r, *o) if file)
        if own:
            posts[item] = trees.snapshot(item, record, own)
    lone: dict[str, Record | None] = {}
    findings: list[Finding] = []
    for item, (record, own) in grouped.items():
        if record and not own:
            lone[item], wrong = _lone(trees, item, record)
            findings += wrong
    return Head(
        posts=posts,
        lone_records=lone,
        files=tuple((file.path, file.mode) for file in content),
        policy_files=tuple((file.path, file.mode) for file in files if not file.path.startswith(CONTENT_ZONE)),
        findings=tuple(findings),
    )


def _lone(trees: GitTrees, item: str, record: Blob) -> tuple[Record | None, tuple[Finding, ...]]:
    wrong = tuple(file_problems(item, [(record.path, record.mode)]))
    if wrong:
        return None, wrong
    read = trees.record(record, item)
    if isinstance(read, FormatError):
        hint = t("set the record right, or take it out")
        return None, (finding("record-invalid", read.message, item=item, path=record.path, hint=hint),)
    return read, ()


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
