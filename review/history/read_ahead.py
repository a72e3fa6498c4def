"""Fetch many objects at once where it is known which will be asked for next.

A convenience: an object that is missing or wrong says so when it is asked for, and to whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO

from review.errors import HistoryError
from review.history.objects import Kind, ObjectStore

_LARGE = 1 << 18
"""Blobs over this size are not read ahead: it saves little there, and takes room."""


class ReadAhead:
    """An object source like the store it reads from, only that it may be told what comes next."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._sizes: dict[str, int] = {}
        self._objects: dict[tuple[str, Kind], bytes] = {}

    def expect_blobs(self, names: Iterable[str]) -> None:
        """Fetch these blobs, and let go of those expected before."""
        wanted = list(dict.fromkeys(names))
        self._sizes = {}
        with suppress(HistoryError):
            self._sizes.update(zip(wanted, self._store.sizes(wanted), strict=True))
        self.expect([name for name, size in self._sizes.items() if size <= _LARGE], "blob")

    def expect(self, names: Iterable[str], kind: Kind) -> None:
        """Fetch these objects, whatever their size, and let go of those of their kind expected before."""
        wanted = list(dict.fromkeys(names))
        self._objects = {key: data for key, data in self._objects.items() if key[1] != kind}
        with suppress(HistoryError):
            for name, data in zip(wanted, self._store.read_many(wanted, kind), strict=True):
                self._objects[name, kind] = data

    def read(self, name: str, kind: Kind) -> bytes:
        """Return an object's bytes."""
        found = self._objects.get((name, kind))
        return self._store.read(name, kind) if found is None else found

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the sizes of blobs in order."""
        for name in names:
            size = self._sizes.get(name)
            yield next(self._store.sizes([name])) if size is None else size

    def hash_blob(self, name: str, to: IO[bytes] | None = None) -> tuple[str, int]:
        """Return SHA-256 (hex) and size of a blob, copied to `to` on the way."""
        found = self._objects.get((name, "blob"))
        if found is None:
            return self._store.hash_blob(name, to)
        if to is not None:
            to.write(found)
        return hashlib.sha256(found).hexdigest(), len(found)
