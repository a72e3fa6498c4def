"""Files outside the repository that posts name by address and digest: fetched once, kept by digest, checked whenever used.

They are kept in the repository's git directory, where nothing publishes from. Nobody's word is taken for what lies there:
bytes are hashed on the way in and on every way out. Whatever is kept may be deleted at any time, and a file that
cannot be fetched from here may be put there by hand.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from review.formats.camera_files import CameraFile, camera_file
from review.formats.file_addresses import FileAddress, allowing, parse_address
from review.formats.library_words import of_error
from review.formats.media import not_below
from review.history.repository import Repository
from review.messages import t
from review.ways.patience import MOST_BYTES, NoAnswer, Patience, Unavailable

FOLDER = "qianfa-media"
"""The folder in the git directory; a file's name there is the 64 hex digits of its SHA-256."""

_PARTIAL = ".part-"
_CHUNK = 1 << 20


class ExternalFiles:
    """The files that one command needs from outside. `allowed` are the prefixes of `site.media` in the policy in force."""

    def __init__(
        self, repository: Repository, allowed: Sequence[str], patience: Patience, *, most: int = MOST_BYTES
    ) -> None:
        self._folder = repository.git_dir / FOLDER
        self._allowed = tuple(allowed)
        self._patience = patience
        self._until = 0.0
        self._most = most
        self._silent: set[tuple[str, int]] = set()

    def check(self, address: str, sha256: str) -> int:
        """Return the size of a file whose digest is this, fetched where it is not kept; `Unavailable` says why there is none.

        Also where no prefix allows its address any more: what is kept is no way around the policy.
        """
        asked = parse_address(address)
        if asked is None or not allowing(asked, self._allowed):
            refused = not_below(address, self._allowed)
            raise Unavailable(refused.what, hint=refused.hint)
        try:
            size = self._kept(sha256)
            return self._fetch(asked, sha256) if size is None else size
        except OSError as error:
            place = error.filename or self._folder
            raise Unavailable(t("{place} cannot be used: {what}", place=place, what=of_error(error))) from None

    def look(self, sha256: str) -> CameraFile | None:
        """Return what a file that `check` has found carries beside what it shows; None for kinds that are not looked through."""
        try:
            with (self._folder / sha256).open("rb") as file:
                return camera_file(file)
        except OSError as error:
            raise Unavailable(t("{place} cannot be used: {what}", place=error.filename, what=of_error(error))) from None

    def copy(self, sha256: str, target: Path) -> None:
        """Write a file that `check` has found to a new file, hashed on the way; `Unavailable` where it is another by now."""
        with (self._folder / sha256).open("rb") as file, target.open("xb") as to:
            if _hashed(file, to)[0] == sha256:
                return
        target.unlink()
        raise Unavailable(t("a file that is kept was changed meanwhile"), where=str(self._folder / sha256))

    def _kept(self, sha256: str) -> int | None:
        """Return the size of a file that is kept, its bytes checked; None where there is none, and what is spoiled is gone."""
        path = self._folder / sha256
        try:
            with path.open("rb") as file:
                found, size = _hashed(file)
        except FileNotFoundError:
            return None
        if found == sha256:
            return size
        path.unlink(missing_ok=True)
        return None

    def _fetch(self, address: FileAddress, sha256: str) -> int:
        """Fetch a file and keep it under its digest, which it has from the moment it stands there; return its size."""
        from review.ways.downloading import download  # noqa: PLC0415  # most commands ask no server for anything

        self._until = self._until or time.monotonic() + self._patience.altogether
        server = (address.host, address.port)
        if server in self._silent:
            what = t("{address} was not asked for: its server had kept us waiting for another file", address=address)
            raise Unavailable(what, hint=t("try again later, or ask whoever runs that server"))
        self._folder.mkdir(exist_ok=True)
        _clean_up(self._folder)
        with _partial(self._folder) as (file, path):
            to = _Hashing(file)
            try:
                download(address, to, self._allowed, patience=self._patience, until=self._until, most=self._most)
            except NoAnswer:
                self._silent.add(server)
                raise
            found = to.digest.hexdigest()
            if found != sha256:
                raise Unavailable(
                    t(
                        "{address} has the digest sha256:{found}, not sha256:{sha256}",
                        address=address, found=found, sha256=sha256,
                    ),
                    hint=t("compare both with your own copy: sha256sum FILE"),
                )  # fmt: skip
            file.flush()
            path.replace(self._folder / sha256)
            return to.size


class _Hashing:
    """Writes to a file, and knows what it wrote."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Write some bytes."""
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


def _hashed(file: IO[bytes], to: IO[bytes] | None = None) -> tuple[str, int]:
    """Return SHA-256 and size of what is in a file, copied to another where one is given."""
    digest, size = hashlib.sha256(), 0
    while part := file.read(_CHUNK):
        digest.update(part)
        size += len(part)
        if to is not None:
            to.write(part)
    return digest.hexdigest(), size


@contextmanager
def _partial(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Give a new file, locked for as long as it is written, which is gone afterwards unless it was renamed."""
    while True:
        number, name = tempfile.mkstemp(prefix=_PARTIAL, dir=folder)
        path = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # Another command may have taken it for a dead one's, in the moment before it was locked.
                if path.exists():
                    yield file, path
                    return
        finally:
            path.unlink(missing_ok=True)


def _clean_up(folder: Path) -> None:
    """Remove what commands that were killed have left half written; what is being written is locked."""
    for left in folder.glob(f"{_PARTIAL}*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
