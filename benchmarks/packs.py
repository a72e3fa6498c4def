"""Write git packs (version 2) as fast as objects can be made: each a whole, or what differs from one before."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, TypeAlias

Kind: TypeAlias = Literal["commit", "tree", "blob"]

MAX_DEPTH = 40
"""Differences of differences: git itself goes to 50 when it repacks."""

_TYPES: dict[Kind, int] = {"commit": 1, "tree": 2, "blob": 3}
_OFS_DELTA = 6
_HEADER = struct.Struct(">4sII")
_MOST_COPIED = 0xFFFFFF
_MOST_INSERTED = 0x7F


@dataclass(frozen=True, slots=True)
class Written:
    """An object in the pack: its id, its bytes, where it lies and how many differences lead to it."""

    name: str
    data: bytes = field(repr=False)
    offset: int
    depth: int


class PackWriter:
    """Collects objects in one pack. Each is to be written once."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin the pack in an empty file that can be read and written."""
        self._file = file
        self._count = 0
        self._place = file.write(_HEADER.pack(b"PACK", 2, 0))

    def write(self, kind: Kind, data: bytes, base: Written | None = None) -> Written:
        """Write an object, as the difference from `base` (of the same kind) where that is given and not too deep."""
        name = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).hexdigest()
        offset, depth = self._place, 0
        if base is not None and base.depth < MAX_DEPTH:
            difference = delta(base.data, data)
            depth = base.depth + 1
            head = _entry_header(_OFS_DELTA, len(difference)) + _backwards(offset - base.offset)
            self._place += self._file.write(head + zlib.compress(difference))
        else:
            self._place += self._file.write(_entry_header(_TYPES[kind], len(data)) + zlib.compress(data))
        self._count += 1
        return Written(name, data, offset, depth)

    def finish(self) -> None:
        """Put the number of objects and the checksum in their places."""
        self._file.seek(0)
        self._file.write(_HEADER.pack(b"PACK", 2, self._count))
        self._file.seek(0)
        checksum = hashlib.sha1(usedforsecurity=False)
        for piece in iter(lambda: self._file.read(1 << 20), b""):
            checksum.update(piece)
        self._file.write(checksum.digest())
        self._file.flush()


class PackedRepository:
    """A new bare repository whose objects all come in one pack. `head` is to be set to the commit of its branch."""

    def __init__(self, path: Path) -> None:
        """Make the repository; git must know of nothing there yet."""
        self.path = path
        self.head = ""
        _git("init", "--quiet", "--bare", "--initial-branch=main", "--object-format=sha1", str(path))
        self._file = tempfile.TemporaryFile(dir=path)  # noqa: SIM115  # `finish` closes it
        self.pack = PackWriter(self._file)

    def finish(self) -> None:
        """Hand the pack to git, which checks and indexes it, and let the branch point at the head."""
        self.pack.finish()
        self._file.seek(0)
        _git("-C", str(self.path), "index-pack", "--stdin", stdin=self._file)
        self._file.close()
        _git("-C", str(self.path), "update-ref", "refs/heads/main", self.head)


def delta(base: bytes, target: bytes) -> bytes:
    """Return git's instructions for making `target` of `base`: the same beginning, what is between, the same end."""
    shorter = min(len(base), len(target))
    start = _common(shorter, lambda length: base[:length] == target[:length])
    end = _common(shorter - start, lambda length: base[len(base) - length :] == target[len(target) - length :])
    between = target[start : len(target) - end]
    parts = [_size(len(base)), _size(len(target)), _copy(0, start)]
    for at in range(0, len(between), _MOST_INSERTED):
        piece = between[at : at + _MOST_INSERTED]
        parts += [bytes([len(piece)]), piece]
    return b"".join([*parts, _copy(len(base) - end, end)])


def _common(most: int, same: Callable[[int], bool]) -> int:
    """Return the greatest length up to `most` that is the same, by halving: comparing bytes is quick, loops are not."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if same(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _copy(offset: int, length: int) -> bytes:
    parts = []
    while length:
        size = min(length, _MOST_COPIED)
        code, operands = 0x80, b""
        for bit, byte in enumerate((*offset.to_bytes(4, "little"), *size.to_bytes(3, "little"))):
            if byte:
                code |= 1 << bit
                operands += bytes([byte])
        parts.append(bytes([code]) + operands)
        offset, length = offset + size, length - size
    return b"".join(parts)


def _size(number: int) -> bytes:
    """Spell a size as deltas do: seven bits a byte, the lowest first."""
    spelled = bytearray()
    while number > 0x7F:
        spelled.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*spelled, number])


def _entry_header(type_number: int, size: int) -> bytes:
    """Spell type and size of an entry: four bits of size beside the type, then seven bits a byte, the lowest first."""
    first, rest = type_number << 4 | size & 0x0F, size >> 4
    return bytes([first | 0x80]) + _size(rest) if rest else bytes([first])


def _backwards(distance: int) -> bytes:
    """Spell how far back the base lies: seven bits a byte, the highest first, no number in two ways."""
    spelled = [distance & 0x7F]
    while distance := distance >> 7:
        distance -= 1
        spelled.append(distance & 0x7F | 0x80)
    return bytes(reversed(spelled))


def _git(*arguments: str, stdin: IO[bytes] | None = None) -> None:
    subprocess.run(["git", *arguments], check=True, stdin=stdin, stdout=subprocess.DEVNULL)
