"""Read git objects by id, each checked against its name, out of reach of everything the repository could configure.

One `git cat-file --batch-command` serves all reads. It runs in an empty repository of our own that borrows the site's
object store, so no configuration, hook, replace ref, graft, shallow file, promisor remote or attribute of the site can
speak to it; the environment it gets is ours.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self, TypeAlias

from review.errors import HistoryError, UnusableSite

Kind: TypeAlias = Literal["commit", "tree", "blob", "tag"]

OBJECT_ID = re.compile(r"[0-9a-f]{40}", re.ASCII)
_BATCH = 200
"""Requests written before the answers are read: their 10 KB fit any pipe, so neither side waits for the other."""

_CHUNK = 1 << 20


def git_environment() -> dict[str, str]:
    """Return the environment for a git that must only do as it is told: no configuration, no prompts, no GIT_ variables."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": os.devnull,
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1",
    }


class ObjectStore:
    """The objects of one repository. Use as a context manager; not for several threads at once."""

    def __init__(self, objects: Path) -> None:
        self._objects = objects
        self._home = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="qianfa-objects-")
        home = Path(self._home)
        (home / "refs").mkdir()
        (home / "objects").mkdir()
        (home / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (home / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n", encoding="ascii")
        environment = git_environment() | {"GIT_DIR": self._home, "GIT_OBJECT_DIRECTORY": str(self._objects.resolve())}
        try:
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch-command"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=self._home,
            )
        except FileNotFoundError:
            shutil.rmtree(self._home, ignore_errors=True)
            raise UnusableSite("git is not installed", hint="install git 2.36 or newer") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait()
            self._process = None
        shutil.rmtree(self._home, ignore_errors=True)

    def read(self, name: str, kind: Kind) -> bytes:
        """Return an object's bytes; `HistoryError` where it is missing, of another kind, or not what its name says."""
        return next(self.read_many([name], kind))

    def read_many(self, names: Iterable[str], kind: Kind) -> Iterator[bytes]:
        """Yield the bytes of objects in order, as `read`; many requests are under way at once."""
        for batch in _batches(names):
            self._ask(f"contents {name}\n" for name in batch)
            for name in batch:
                size = self._header(name, kind)
                yield self._checked(name, kind, size)

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the sizes in bytes of blobs in order, without reading them."""
        for batch in _batches(names):
            self._ask(f"info {name}\n" for name in batch)
            for name in batch:
                yield self._header(name, "blob")

    def hash_blob(self, name: str, to: IO[bytes] | None = None) -> tuple[str, int]:
        """Return SHA-256 (hex) and size of a blob read piece by piece, copied to `to` on the way."""
        self._ask([f"contents {name}\n"])
        size = left = self._header(name, "blob")
        named, sha256 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False), hashlib.sha256()
        while left:
            piece = self._stdout.read(min(left, _CHUNK))
            if not piece:
                raise _incomplete(name)
            left -= len(piece)
            named.update(piece)
            sha256.update(piece)
            if to is not None:
                to.write(piece)
        self._stdout.read(1)
        if named.hexdigest() != name:
            raise _corrupt(name)
        return sha256.hexdigest(), size

    @property
    def _stdout(self) -> IO[bytes]:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("the object store is not open")
        return self._process.stdout

    def _ask(self, requests: Iterable[str]) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the object store is not open")
        try:
            self._process.stdin.write("".join(requests).encode("ascii"))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise _stopped() from None

    def _header(self, name: str, kind: Kind) -> int:
        answer = self._stdout.readline().split()
        if len(answer) == 2:
            raise _incomplete(name)
        if len(answer) != 3 or not answer[2].isdigit():
            raise _stopped(name)
        if answer[1] != kind.encode():
            raise HistoryError(
                f"the object {name} is a {answer[1].decode()} where a {kind} belongs", code="object-corrupt", where=name
            )
        return int(answer[2])

    def _checked(self, name: str, kind: Kind, size: int) -> bytes:
        data = self._stdout.read(size)
        self._stdout.read(1)
        if len(data) != size:
            raise _stopped(name)
        if hashlib.sha1(b"%s %d\0" % (kind.encode(), size) + data, usedforsecurity=False).hexdigest() != name:
            raise _corrupt(name)
        return data


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _incomplete(name: str) -> HistoryError:
    return HistoryError(
        f"the object {name} is missing", code="history-incomplete", where=name, hint="fetch the whole history: git fetch --unshallow"
    )


def _corrupt(name: str) -> HistoryError:
    return HistoryError(
        f"the bytes of object {name} do not hash to its name", code="object-corrupt", where=name, hint="run git fsck and restore the object from another copy"
    )  # fmt: skip


def _stopped(name: str = "") -> HistoryError:
    # git ends where an object cannot even be inflated; which one it was is known where one was asked for.
    return HistoryError(
        f"git could not read the object {name}".rstrip(), code="object-corrupt", where=name, hint="run git fsck and restore the object from another copy"
    )  # fmt: skip
