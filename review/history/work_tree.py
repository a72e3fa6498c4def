"""Read the files of a site's folder as they lie there, under the format's names. Writes nothing, follows no link."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

import git
from git.exc import GitCommandError

from review.errors import UnusableSite
from review.history.git_trees import MAX_ATTACHMENT, GitTrees
from review.history.objects import Kind
from review.history.repository import Repository, plain_environment
from review.history.trees import Blob
from review.messages import t
from review.model.evidence import PolicySnapshot, Snapshot
from review.model.paths import (
    CONTENT_ZONE,
    POLICY_RECORD,
    POST_SUFFIX,
    RECORD_SUFFIX,
    attachments_of,
    content_kind,
    path_problem,
    record_of,
)


class MemoryBlobs:
    """Blobs that are not in git yet, under the ids git would give them (`git_trees.Blobs`)."""

    def __init__(self, blobs: Iterable[bytes]) -> None:
        self._blobs = {blob_id(data): data for data in blobs}

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the sizes of blobs."""
        return (len(self._blobs[name]) for name in names)

    def read(self, name: str, kind: Kind) -> bytes:
        """Return a blob's bytes."""
        if kind != "blob":
            raise KeyError(name)
        return self._blobs[name]

    def hash_blob(self, name: str, to: IO[bytes] | None = None) -> tuple[str, int]:
        """Return SHA-256 and size of a blob."""
        data = self._blobs[name]
        if to is not None:
            to.write(data)
        return hashlib.sha256(data).hexdigest(), len(data)


def blob_id(data: bytes) -> str:
    """Return the id git gives a blob."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def item_files(site: Path, item: str) -> dict[str, tuple[str, bytes]]:
    """Return a post, its record and its attachments as the work tree has them: path to (mode, bytes).

    Content is never executable, so a file system that calls every file so is not believed.
    """
    if behind_link(site, item):
        return {}
    paths = [item, record_of(item)]
    folder = site / attachments_of(item)
    if folder.is_dir() and not folder.is_symlink():
        for place, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = (Path(place) / name).relative_to(site).as_posix()
                if not path.endswith((POST_SUFFIX, RECORD_SUFFIX)) and name not in (".DS_Store", "Thumbs.db"):
                    paths.append(path)
    found: dict[str, tuple[str, bytes]] = {}
    for path in paths:
        read = _read(site / path)
        if read is None:
            continue
        mode, data = read
        name = unicodedata.normalize("NFC", path)
        if name in found and found[name][1] != data:
            raise UnusableSite(
                t("two files have this name, spelled in two ways"), where=name, hint=t("take one of them away")
            )
        found[name] = ("100644" if mode == "100755" else mode, data)
    return found


def behind_link(site: Path, path: str) -> bool:
    """Tell whether a symbolic link lies on the way from the site's folder to a file."""
    return any((site / folder).is_symlink() for folder in list(PurePosixPath(path).parents)[:-1])


def posts_of(site: Path) -> list[str]:
    """Return the items whose posts lie in the work tree."""
    found = []
    for place, folders, names in os.walk(site / "content"):
        folders.sort()
        for name in sorted(names):
            path = unicodedata.normalize("NFC", (Path(place) / name).relative_to(site).as_posix())
            if content_kind(path) == "post" and not path_problem(path):
                found.append(path)
    return found


def stems_of(site: Path, column: str) -> set[str]:
    """Return the names without endings of everything in a column's folder of the work tree."""
    folder = site / "content" / column
    return {path.name.split(".")[0] for path in folder.iterdir()} if folder.is_dir() else set()


def tracked_files(repository: Repository, *, but: tuple[str, ...] = CONTENT_ZONE) -> dict[str, tuple[str, bytes]]:
    """Return the files of the work tree that git knows, the folders `but` aside. Others may be anything, even keys."""
    with plain_environment():
        try:
            listed = git.Git(str(repository.path)).ls_files("-z", "-t", "--stage")
        except GitCommandError:
            raise UnusableSite(
                t("git could not list the files"), where=str(repository.path), hint=t("run: git status")
            ) from None
    found = {}
    for line in str(listed).split("\0"):
        told, _, path = line.partition("\t")
        if not path or path.startswith(but):
            continue
        tag, mode = told.split()[:2]
        read = (mode, b"") if mode == "160000" else _read(repository.path / path)
        if read is not None:
            found[path] = read
        elif tag == "S":
            raise UnusableSite(
                t("it is left out of this sparse checkout"), where=path, hint=t("run: git sparse-checkout disable")
            )
    return found


def unknown_files(repository: Repository, places: Iterable[str]) -> list[str]:
    """Return the files below these folders, or at these paths, that git neither knows nor is told to ignore."""
    with plain_environment():
        try:
            listed = git.Git(str(repository.path)).ls_files("-z", "--others", "--exclude-standard", "--", *places)
        except GitCommandError:
            raise UnusableSite(
                t("git could not list the files"), where=str(repository.path), hint=t("run: git status")
            ) from None
    return sorted(path for path in str(listed).split("\0") if path and not path.endswith((".DS_Store", "Thumbs.db")))


def _read(path: Path) -> tuple[str, bytes] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    if stat.S_ISLNK(status.st_mode):
        return "120000", os.fsencode(path.readlink())
    if not stat.S_ISREG(status.st_mode):
        return None
    if status.st_size > MAX_ATTACHMENT:
        raise UnusableSite(
            t(
                "{size} bytes; at most {most} are allowed",
                size=status.st_size,
                most=MAX_ATTACHMENT,
            ),
            where=str(path),
            hint=t("make the file smaller"),
        )
    return ("100755" if status.st_mode & stat.S_IXUSR else "100644"), path.read_bytes()


def snapshot_of(item: str, files: Mapping[str, tuple[str, bytes]]) -> Snapshot:
    """Return what files (path to mode and bytes) make of an item, as the gate would see them once committed."""
    trees = GitTrees(MemoryBlobs(data for _, data in files.values()), {})
    blobs = {path: Blob(path=path, mode=mode, id=blob_id(data)) for path, (mode, data) in files.items()}
    record = blobs.pop(record_of(item), None)
    post = blobs.pop(item, None)
    if post is None:
        raise UnusableSite(t("there is no such post"), where=item, hint=t("make it with: qianfa new COLUMN TITLE"))
    return trees.snapshot(item, record, [post, *(blobs[path] for path in sorted(blobs))])


def policy_of(files: Mapping[str, tuple[str, bytes]]) -> PolicySnapshot:
    """Return what files make of the policy, as the gate would see them once committed."""
    trees = GitTrees(MemoryBlobs(data for _, data in files.values()), {})
    blobs = [Blob(path=path, mode=mode, id=blob_id(data)) for path, (mode, data) in sorted(files.items())]
    record = next((blob for blob in blobs if blob.path == POLICY_RECORD), None)
    return trees.policy_of(record, [blob for blob in blobs if blob.path != POLICY_RECORD])
