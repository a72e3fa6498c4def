"""Read git objects by id, each checked against its name, out of reach of everything the repository could configure.

One `git cat-file --batch-command` serves all reads. It runs in an empty repository of our own that borrows the site's
object store, so no configuration, hook, replace ref, graft, shallow file, promisor remote or attribute of the site can
speak to it; the environment it gets is ours. To ask for one object and wait for it costs several times what reading it
does, so whoever knows what comes next asks for many.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Protocol, Self, TypeAlias, cast

from review.errors import HistoryError, UnusableSite
from review.messages import t

Kind: TypeAlias = Literal["commit", "tree", "blob", "tag"]

OBJECT_ID = re.compile(r"[0-9a-f]{40}", re.ASCII)
_BATCH = 200
"""Requests written before the answers are read: their 10 KB fit any pipe, so neither side waits for the other."""

_CHUNK = 1 << 20
_MOST = 1 << 30
"""No object that is read in one piece is as large; one that says so is damaged."""
_RESTORE = t("run git fsck and restore the object from another copy")


def git_environment() -> dict[str, str]:
    """Return the environment for a git that does as it is told: no configuration, no prompts, no GIT_ variables."""
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


class ObjectSource(Protocol):
    """Where objects come from: a repository, or memory for files that are not committed yet."""

    def read(self, name: str, kind: Kind) -> bytes:
        """Return an object's bytes."""

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the sizes of blobs in order."""

    def hash_blob(self, name: str, to: IO[bytes] | None = None) -> tuple[str, int]:
        """Return SHA-256 (hex) and size of a blob, copied to `to` on the way."""


class ObjectStore:
    """The objects of one repository, and of the `quarantine` in it where git keeps what somebody is about to push.

    Use as a context manager; not for several threads at once.
    """

    def __init__(self, objects: Path, quarantine: Path | None = None) -> None:
        self.objects, self.quarantine = objects, quarantine
        self._home = ""
        self._process: subprocess.Popen[bytes] | None = None
        nothing = "?" + secrets.token_hex(16)  # no object and no ref has such a name, so git does not look for it
        self._end_request = f"info {nothing}\n"
        self._end_mark = f"{nothing} missing\n".encode("ascii")
        self._asked, self._owed = False, 0

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="qianfa-objects-")
        home = Path(self._home)
        (home / "refs").mkdir()
        (home / "objects").mkdir()
        (home / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (home / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tcommitGraph = false\n", encoding="ascii"
        )
        try:
            self._process = self._git("cat-file", "--batch-command")
        except UnusableSite:
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            _end(self._process)
            self._process = None
        shutil.rmtree(self._home, ignore_errors=True)

    def _git(self, *arguments: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=git_environment() | self._places(),
                cwd=self._home,
            )
        except FileNotFoundError:
            raise UnusableSite(t("git is not installed"), hint=t("install git 2.36 or newer")) from None

    def _places(self) -> dict[str, str]:
        places = {"GIT_DIR": self._home, "GIT_OBJECT_DIRECTORY": str(self.objects.resolve())}
        if self.quarantine is None:
            return places
        place = str(self.quarantine.resolve()).replace("\\", "\\\\").replace('"', '\\"')
        return places | {"GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{place}"'}

    def read(self, name: str, kind: Kind) -> bytes:
        """Return an object's bytes; `HistoryError` where it is missing, of another kind, or not what its name says."""
        return next(self.read_many([name], kind))

    def read_many(self, names: Iterable[str], kind: Kind) -> Iterator[bytes]:
        """Yield the bytes of objects in order, as `read`; many requests are under way at once."""
        for batch in _batches(names):
            answers = self._ask([f"contents {name}\n" for name in batch])
            for name in batch:
                size = _header(answers, name, kind)
                if size > _MOST:
                    raise _stopped(name)
                data = _checked(name, kind, self._exactly(answers, size, name), self._exactly(answers, 1, name))
                self._owed -= 1
                yield data

    def listed(self, commit: str) -> Iterator[str]:
        """Yield the ids of what git takes for the commit and its ancestors, each after a child of its own.

        This only tells what to read ahead: nothing of it is checked, and it ends early where git stumbles.
        """
        process = self._git("-c", "core.commitGraph=false", "rev-list", commit, "--")
        try:
            for line in process.stdout or ():
                yield line.decode("ascii").strip()
        finally:
            process.kill()
            _end(process)

    def kind_of(self, name: str) -> str:
        """Return what kind of object a name is said to have; empty where there is no such object."""
        answer = self._ask([f"info {name}\n"]).readline().split()
        self._owed -= 1
        return answer[1].decode("ascii", "replace") if len(answer) == 3 else ""

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the sizes in bytes of blobs in order, without reading them."""
        for batch in _batches(names):
            answers = self._ask([f"info {name}\n" for name in batch])
            for name in batch:
                size = _header(answers, name, "blob")
                self._owed -= 1
                yield size

    def hash_blob(self, name: str, to: IO[bytes] | None = None) -> tuple[str, int]:
        """Return SHA-256 (hex) and size of a blob read piece by piece, copied to `to` on the way."""
        answers = self._ask([f"contents {name}\n"])
        size = left = _header(answers, name, "blob")
        named, sha256 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False), hashlib.sha256()
        while left:
            piece = self._exactly(answers, min(left, _CHUNK), name)
            left -= len(piece)
            named.update(piece)
            sha256.update(piece)
            if to is not None:
                to.write(piece)
        if self._exactly(answers, 1, name) != b"\n" or named.hexdigest() != name:
            raise _corrupt(name)
        self._owed -= 1
        return sha256.hexdigest(), size

    def _ask(self, requests: Sequence[str]) -> BufferedReader:
        """Send requests and return where the answers, one each, are to be read from.

        After them comes the end mark, the answer about a name that nobody can guess. Whoever asked before and did not
        get as far, because of an answer that was wrong, has spoilt that conversation: a new one begins.
        """
        if self._process is None:
            raise RuntimeError("the object store is not open")
        if self._asked and (self._owed or self._answers.readline() != self._end_mark):
            _end(self._process)
            self._process = self._git("cat-file", "--batch-command")
        self._asked, self._owed = True, len(requests)
        text = "".join([*requests, self._end_request])
        try:
            self._requests.write(text.encode("ascii"))
            self._requests.flush()
        except BrokenPipeError:
            raise _stopped() from None
        return self._answers

    @property
    def _requests(self) -> IO[bytes]:
        return cast("IO[bytes]", cast("subprocess.Popen[bytes]", self._process).stdin)

    @property
    def _answers(self) -> BufferedReader:
        return cast("BufferedReader", cast("subprocess.Popen[bytes]", self._process).stdout)

    def _exactly(self, answers: BufferedReader, size: int, name: str) -> bytes:
        """Return that many bytes of an object.

        git can be made to hand out fewer than it says, and then waits for us as we wait for it. So this reads what is
        there, and gives up where that ends with the end mark, or with git.
        """
        data = bytearray(answers.read1(size) if size else b"")
        while len(data) < size:
            piece = answers.read1(size - len(data))
            data += piece
            if not piece or (len(data) < size and data.endswith(self._end_mark)):
                raise _stopped(name)
        return bytes(data)


def _header(answers: BufferedReader, name: str, kind: Kind) -> int:
    answer = answers.readline().split()
    if len(answer) == 2:
        raise _incomplete(name)
    if len(answer) != 3 or not answer[2].isdigit():
        raise _stopped(name)
    if answer[1] != kind.encode():
        raise HistoryError(
            t(
                "the object {name} is a {found} where a {expected} belongs",
                name=name,
                found=answer[1].decode(),
                expected=kind,
            ),
            code="object-corrupt",
            where=name,
        )
    return int(answer[2])


def _checked(name: str, kind: Kind, data: bytes, end: bytes) -> bytes:
    named = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False)
    if end != b"\n" or named.hexdigest() != name:
        raise _corrupt(name)
    return data


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


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
        t("the object {name} is missing", name=name),
        code="history-incomplete",
        where=name,
        hint=t("fetch the whole history: git fetch --unshallow"),
    )


def _corrupt(name: str) -> HistoryError:
    return HistoryError(
        t("the bytes of object {name} do not hash to its name", name=name),
        code="object-corrupt",
        where=name,
        hint=_RESTORE,
    )


def _stopped(name: str = "") -> HistoryError:
    # git ends where an object cannot even be inflated.
    what = t("git could not read the object {name}", name=name) if name else t("git could not read the object")
    return HistoryError(what, code="object-corrupt", where=name, hint=_RESTORE)
