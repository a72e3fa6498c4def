"""Look into the trees of commits for items and policies (`model.evidence.Trees`), reading each object once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from review.errors import FormatError
from review.formats import policy_files, records
from review.formats.front_matter import parse_post
from review.formats.manifests import manifest_digest
from review.gate.paths import file_problems
from review.history.lookups import Place, Post, files_at, place_of
from review.history.objects import ObjectSource
from review.history.trees import Blob, TreeReader
from review.messages import t
from review.model.evidence import PolicySnapshot, Snapshot
from review.model.findings import Finding, finding
from review.model.manifests import ItemFile
from review.model.paths import (
    CONTENT_ZONE,
    POLICY,
    POLICY_RECORD,
    record_of,
)
from review.model.records import Record

MAX_RECORD = 1 << 20
MAX_POST = 2 << 20
MAX_ATTACHMENT = 200 << 20

_SCAN = re.compile(r"([0-9a-f]{64})\.[A-Za-z0-9]{1,16}")


class GitTrees:
    """Answers of the format's questions about trees. `roots` names the tree of each commit that may be asked about."""

    def __init__(self, store: ObjectSource, roots: Mapping[str, str]) -> None:
        self.reader = TreeReader(store)
        self._store = store
        self._roots = roots
        self._places: dict[Post, Place] = {}
        self._facts: dict[str, tuple[str, int]] = {}
        self._records: dict[tuple[str, str], Record | FormatError] = {}
        self._texts: dict[tuple[str, str], tuple[str, tuple[tuple[str, int, str, str], ...], tuple[Finding, ...]]] = {}
        self._snapshots: dict[tuple[Blob | None, tuple[Blob, ...]], Snapshot] = {}
        self._policies: dict[tuple[Blob, ...], PolicySnapshot] = {}

    def note(self, places: Mapping[Post, Place]) -> None:
        """Take in where posts are, so that nobody needs to look again."""
        self._places.update(places)

    def files(self, commit: str) -> Iterator[Blob]:
        """Yield every file of a commit's tree."""
        return self.reader.walk(self._roots[commit])

    def bytes_of(self, blob: str) -> bytes:
        """Return a blob's bytes."""
        return self._store.read(blob, "blob")

    def post(self, commit: str, item: str) -> Snapshot | None:
        """Return the post as that commit holds it; None where the commit has no such post."""
        try:
            blobs = self.item_blobs(commit, item)
        except FormatError as error:
            return _over_limit(item, error)
        files = [blob for blob in blobs if blob.path != record_of(item)]
        if not files or files[0].path != item:
            return None
        return self.snapshot(item, next((blob for blob in blobs if blob.path == record_of(item)), None), files)

    def item_blobs(self, commit: str, item: str) -> list[Blob]:
        """Return the files of a post in a commit: the post, its record, its attachments, as far as they are there."""
        place = self._places.get((self._roots[commit], item))
        if place is None:
            place = place_of(self.reader, self._roots[commit], item)
        return list(files_at(self.reader, place, item))

    def snapshot(self, item: str, record: Blob | None, files: Sequence[Blob]) -> Snapshot:
        """Return what these files, the post first, make of the item."""
        key = (record, tuple(files))
        if key not in self._snapshots:
            self._snapshots[key] = self._look(item, record, files)
        return self._snapshots[key]

    def _look(self, item: str, record: Blob | None, files: Sequence[Blob]) -> Snapshot:
        problems = list(
            file_problems(item, [(file.path, file.mode) for file in (*files, *((record,) if record else ()))])
        )
        limits = {item: MAX_POST}
        covered: list[ItemFile] = []
        if not problems:
            too_large = list(self._too_large(item, files, limits, MAX_ATTACHMENT))
            problems += too_large
            if not too_large:
                covered = [self._item_file(file) for file in files]
        parsed: Record | None = None
        if record is None:
            problems.append(
                finding(
                    "record-missing",
                    t("{item} has no record", item=item),
                    item=item,
                    path=record_of(item),
                    hint=t("make it with: qianfa new, or write {record}", record=record_of(item)),
                )
            )
        elif record.mode == "100644":
            read = self._record(record, item)
            if isinstance(read, FormatError):
                problems.append(
                    finding("record-invalid", read.message, item=item, path=record.path, hint=t("set the record right"))
                )
            else:
                parsed = read
        title, metadata, text_problems = self._text(item, files[0]) if covered else ("", (), ())
        return Snapshot(
            manifest="" if problems or parsed is None else manifest_digest(parsed.header.raw, covered),
            header=parsed.header if parsed else None,
            record=parsed,
            files=tuple(covered),
            title=title,
            metadata=metadata,
            problems=tuple(problems),
            text_problems=text_problems,
        )

    def policy(self, commit: str) -> PolicySnapshot:
        """Return the policy zone of that commit."""
        try:
            files = list(self.reader.walk(self._roots[commit], but=CONTENT_ZONE))
        except FormatError as error:
            over = finding("limit-exceeded", error.what, item=POLICY, path=error.where, hint=error.hint)
            return PolicySnapshot(manifest="", policy=None, record=None, files=(), problems=(over,))
        key = tuple(files)
        if key not in self._policies:
            record = next((file for file in files if file.path == POLICY_RECORD), None)
            self._policies[key] = self.policy_of(record, [file for file in files if file.path != POLICY_RECORD])
        return self._policies[key]

    def policy_of(self, record: Blob | None, files: Sequence[Blob]) -> PolicySnapshot:
        """Return what these files and this record make of the policy."""
        problems = list(file_problems(POLICY, [(file.path, file.mode) for file in files]))
        small = dict.fromkeys(policy_files.FILES, MAX_RECORD)
        if not problems:
            problems += self._too_large(POLICY, files, small, MAX_ATTACHMENT)
        if problems:
            return PolicySnapshot(manifest="", policy=None, record=None, files=(), problems=tuple(problems))
        parsed: Record | None = None
        if record is None or record.mode != "100644":
            problems.append(finding("policy-invalid", t("the policy has no record"), item=POLICY, path=POLICY_RECORD))
        else:
            read = self._record(record, POLICY)
            if isinstance(read, FormatError):
                problems.append(finding("policy-invalid", read.message, item=POLICY, path=POLICY_RECORD))
            else:
                parsed = read
        covered = [self._item_file(file) for file in files]
        texts = {
            file.path: self._store.read(file.id, "blob")
            for file in files
            if file.path in policy_files.FILES or file.path.startswith(policy_files.CERTIFICATES)
        }
        policy, errors = policy_files.parse(texts)
        problems += [
            finding(
                "policy-invalid",
                error.message,
                item=POLICY,
                path=error.where.partition(":")[0],
                hint=t("set the file right and have the administrators sign: qianfa policy sign"),
            )
            for error in errors
        ]
        return PolicySnapshot(
            manifest=manifest_digest(parsed.header.raw, covered) if parsed else "",
            policy=policy,
            record=parsed,
            files=tuple(covered),
            problems=tuple(problems),
        )

    def scan_of(self, commit: str, digest: str) -> str:
        """Return the path of the evidence file with that digest, its bytes checked; empty where there is none."""
        folder = self.reader.folder(self._roots[commit], "evidence")
        if not folder:
            return ""
        for name, (mode, id) in self.reader.tree(folder).items():
            found = _SCAN.fullmatch(name.decode("utf-8", "replace"))
            if found and mode == b"100644" and "sha256:" + found[1] == digest:
                blob = Blob(path=f"evidence/{found[0]}", mode="100644", id=id.hex())
                if next(self._store.sizes([blob.id])) > MAX_ATTACHMENT:
                    return ""
                if self._item_file(blob).sha256 == found[1]:
                    return blob.path
        return ""

    def _too_large(
        self, item: str, files: Sequence[Blob], limits: Mapping[str, int], default: int
    ) -> Iterable[Finding]:
        unknown = dict.fromkeys(file.id for file in files if file.id not in self._facts)
        sizes = dict(zip(unknown, self._store.sizes(unknown), strict=True))
        for file in files:
            size = sizes[file.id] if file.id in sizes else self._facts[file.id][1]
            if size > limits.get(file.path, default):
                yield finding(
                    "limit-exceeded",
                    t(
                        "{path} has {size} bytes; at most {most} are allowed",
                        path=file.path,
                        size=size,
                        most=limits.get(file.path, default),
                    ),
                    item=item,
                    path=file.path,
                    hint=t("make the file smaller"),
                )

    def _item_file(self, file: Blob) -> ItemFile:
        if file.id not in self._facts:
            self._facts[file.id] = self._store.hash_blob(file.id)
        sha256, size = self._facts[file.id]
        return ItemFile(path=file.path, mode=file.mode, sha256=sha256, size=size, blob=file.id)

    def record(self, blob: Blob, item: str) -> Record | FormatError:
        """Return the record in a blob, or what is wrong with it, the place included."""
        return self._record(blob, item)

    def _record(self, blob: Blob, item: str) -> Record | FormatError:
        key = (blob.id, item)
        if key not in self._records:
            try:
                if next(self._store.sizes([blob.id])) > MAX_RECORD:
                    raise FormatError(t("over {most} bytes", most=MAX_RECORD))
                self._records[key] = records.parse(self._store.read(blob.id, "blob"), item=item)
            except FormatError as error:
                self._records[key] = error.at(record_of(item))
        return self._records[key]

    def _text(self, item: str, blob: Blob) -> tuple[str, tuple[tuple[str, int, str, str], ...], tuple[Finding, ...]]:
        key = (blob.id, item)
        if key not in self._texts:
            data = self._store.read(blob.id, "blob")
            post, wrong = parse_post(data)
            forbidden = [problem for problem in wrong if problem.code == "metadata-forbidden"]
            if post is None and forbidden:
                # A column may allow these keys: which it does is the gate's to say, so the rest is judged without them.
                post, wrong = parse_post(data, [problem.key for problem in forbidden])
            self._texts[key] = (
                post.title if post else "",
                tuple((problem.key, problem.line, problem.what, problem.near) for problem in forbidden),
                tuple(
                    finding(
                        problem.code,
                        t(
                            "{where}: {what}",
                            where=f"{item}:{problem.line}" if problem.line else item,
                            what=problem.what,
                        ),
                        item=item,
                        path=item,
                        hint=t("set the front matter right"),
                    )
                    for problem in wrong
                    if problem.code != "metadata-forbidden"
                ),
            )
        return self._texts[key]


def _over_limit(item: str, error: FormatError) -> Snapshot:
    over = finding(
        "limit-exceeded",
        t("{item} has {what}", item=item, what=error.what),
        item=item,
        path=error.where,
        hint=error.hint,
    )
    return Snapshot(manifest="", header=None, record=None, files=(), problems=(over,))
