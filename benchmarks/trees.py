"""The folders of a growing repository: one file more or another, and only the trees above it are written anew."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from benchmarks.packs import PackWriter, Written


@dataclass(slots=True)
class Folder:
    """A folder as the next commit holds it: its rows in git's order, its sub-folders, and the tree written last."""

    folders: dict[str, Folder] = field(default_factory=dict)
    _names: list[bytes] = field(default_factory=list)
    _rows: list[bytes] = field(default_factory=list)
    _written: Written | None = None
    _changed: bool = True

    def put(self, path: str, blob: str) -> None:
        """Put a file at a path below this folder."""
        self._changed = True
        name, slash, rest = path.partition("/")
        if slash:
            self.folders.setdefault(name, Folder()).put(rest, blob)
        else:
            self._place(name.encode(), b"100644 " + name.encode(), blob)

    def write(self, pack: PackWriter) -> str:
        """Write the trees that changed and return the id of this folder's."""
        if self._changed or self._written is None:
            for name, folder in self.folders.items():
                self._place(name.encode() + b"/", b"40000 " + name.encode(), folder.write(pack))
            self._written = pack.write("tree", b"".join(self._rows), self._written)
            self._changed = False
        return self._written.name

    def _place(self, name: bytes, start: bytes, id: str) -> None:
        """Put a row in its place; git compares names as bytes, those of folders with a final slash."""
        row = start + b"\0" + bytes.fromhex(id)
        place = bisect.bisect_left(self._names, name)
        if place < len(self._names) and self._names[place] == name:
            self._rows[place] = row
        else:
            self._names.insert(place, name)
            self._rows.insert(place, row)
