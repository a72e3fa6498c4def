"""Read a large file here and there, never all of it, and with an end to how often: for files whose parts say where others are."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 200_000
MOST_READ = 32 << 20
"""Bytes of one part that is read as a whole."""

_CHUNK = 1 << 20
_LARGE_SIZE = 1


class CannotFollow(ValueError):
    """The parts of a file do not lie as its kind has them, so nobody can tell what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One part of an ISO base media file (MP4, MOV, HEIF). It reaches from `start` to `end`; its content begins at `body`."""

    kind: bytes
    start: int
    body: int
    end: int


class Walk:
    """A file that is open for reading, and how much of it may still be visited."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self._left = MOST_BOXES

    def read(self, start: int, size: int) -> bytes:
        """Return so many bytes; `CannotFollow` where they are not there, or more than are ever needed at once."""
        if not 0 <= size <= MOST_READ or not 0 <= start <= self.size - size:
            raise CannotFollow
        self._file.seek(start)
        return self._file.read(size)

    def inside(self, box: Box) -> bytes:
        """Return a box's content."""
        return self.read(box.body, box.end - box.body)

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes that fill a part of the file from the first byte to the last; zeros may follow them."""
        at = start
        while at < end:
            if end - at < 8 or self.read(at, 4) == bytes(4):
                if end == self.size and end - at >= 8 and self.read(at + 4, 4) != bytes(4):
                    yield Box(kind=self.read(at + 4, 4), start=at, body=at + 8, end=end)  # up to the end of the file
                elif not self.blank(at, end):
                    raise CannotFollow
                return
            box = self._box(at, end)
            yield box
            at = box.end

    def _box(self, at: int, end: int) -> Box:
        self._left -= 1
        size, kind, body = int.from_bytes(self.read(at, 4), "big"), self.read(at + 4, 4), at + 8
        if size == _LARGE_SIZE:
            size, body = int.from_bytes(self.read(at + 8, 8), "big"), at + 16
        if self._left < 0 or at + size < body or at + size > end:
            raise CannotFollow
        return Box(kind=kind, start=at, body=body, end=at + size)

    def blank(self, start: int, end: int) -> bool:
        """Tell whether a part of the file says nothing: zeros, or ones."""
        return all(not part.strip(b"\0") or not part.strip(b"\xff") for part in self._parts(start, end))

    def holds(self, signs: Iterable[bytes]) -> frozenset[bytes]:
        """Return which of these bytes stand anywhere in the file."""
        wanted, found, before = set(signs), set[bytes](), b""
        for part in self._parts(0, self.size):
            whole = before + part
            found |= {sign for sign in wanted - found if sign in whole}
            before = whole[-64:]
        return frozenset(found)

    def _parts(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            part = self.read(start, min(_CHUNK, end - start))
            yield part
            start += len(part)
