"""Git trees: raw bytes to entries, strictly. Reads nothing itself but through the object store it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from review.errors import FormatError, HistoryError
from review.history.objects import ObjectSource
from review.messages import t

DIRECTORY = b"40000"
MAX_FILES = 100_000
MAX_DEPTH = 100

_ENTRY = re.compile(rb"([0-7]{5,6}) ([^\0/]+)\0(.{20})", re.DOTALL)
_ENTRIES = re.compile(rb"(?:[0-7]{5,6} [^\0/]++\0.{20})*+", re.DOTALL)
_SMALL = 4096


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a tree: path from the root, mode as git writes it (six digits), object id.

    `path` holds surrogates where the bytes are not UTF-8, so that it can be shown and never matches a well-formed path.
    """

    path: str
    mode: str
    id: str


def entries(raw: bytes, name: str) -> dict[bytes, tuple[bytes, bytes]]:
    """Return a tree's entries: name to mode and raw id; `HistoryError` for a tree that is not well formed."""
    found = _ENTRY.findall(raw)
    names = {part: (mode, id) for mode, part, id in found}
    if not _ENTRIES.fullmatch(raw) or len(names) != len(found):
        raise HistoryError(t("the tree {name} is malformed", name=name), code="object-corrupt", where=name)
    return names


def entries_near(raw: bytes, start: bytes, name: str) -> dict[bytes, tuple[bytes, bytes]]:
    """Return the entries whose names begin with `start`, and maybe others; `HistoryError` for a malformed tree.

    To look one post up in a folder of thousands, the whole tree is matched, but only what lies between the first and
    the last place where `start` could be is taken apart. Two entries of one name elsewhere in the tree go unnoticed.
    """
    first, last = raw.find(b" " + start), raw.rfind(b" " + start)
    if first < 0 and _ENTRIES.fullmatch(raw):
        return {}
    after = raw.find(b"\0", last)
    for begin in (first - len(b"100644"), first - len(b"40000")):
        # From the beginning on a tree can be read in one way only, so what matches up to here ends with an entry.
        if begin >= 0 <= after and _ENTRIES.fullmatch(raw, 0, begin) and _ENTRIES.fullmatch(raw, after + 21):
            with suppress(HistoryError):  # an id, by chance, holds what was looked for
                return entries(raw[begin : after + 21], name)
    return entries(raw, name)


class TreeReader:
    """Walks trees, keeping the few that are asked for again and again."""

    def __init__(self, store: ObjectSource) -> None:
        self._store = store
        self._kept: dict[str, dict[bytes, tuple[bytes, bytes]]] = {}

    def tree(self, name: str) -> dict[bytes, tuple[bytes, bytes]]:
        """Return the entries of a tree."""
        found = self._kept.get(name)
        if found is None:
            raw = self._store.read(name, "tree")
            found = entries(raw, name)
            if len(raw) <= _SMALL:
                self._keep(name, found)
        return found

    def near(self, name: str, start: str) -> dict[bytes, tuple[bytes, bytes]]:
        """Return the entries of a tree whose names begin with `start`, and maybe others."""
        found = self._kept.get(name)
        if found is None:
            raw = self._store.read(name, "tree")
            if len(raw) > _SMALL:
                return entries_near(raw, start.encode("utf-8", "surrogateescape"), name)
            found = entries(raw, name)
            self._keep(name, found)
        return found

    def _keep(self, name: str, found: dict[bytes, tuple[bytes, bytes]]) -> None:
        if len(self._kept) > 256:
            self._kept.clear()
        self._kept[name] = found

    def walk(self, name: str, prefix: str = "", *, but: tuple[str, ...] = ()) -> Iterator[Blob]:
        """Yield every file below a tree, whatever its mode. Submodules stand as files of mode 160000.

        The folders `but`, named with their final slash, are left out.
        `FormatError` where there are over `MAX_FILES` files and folders: a few kilobytes can unfold without end.
        """
        pending = [(name, prefix)]
        folders = files = 0
        while pending:
            tree, folder = pending.pop()
            below = sum(mode == DIRECTORY for mode, _ in self.tree(tree).values())
            folders, files = folders + below, files + len(self.tree(tree)) - below
            if max(folders, files) > MAX_FILES:
                raise FormatError(
                    t("over {most} files or folders", most=MAX_FILES), where=folder, hint=t("take files out")
                )
            if folder.count("/") > MAX_DEPTH:
                raise FormatError(
                    t("folders nested over {most} deep", most=MAX_DEPTH),
                    where=folder[:200],
                    hint=t("take files out"),
                )
            for part, (mode, id) in self.tree(tree).items():
                path = folder + part.decode("utf-8", "surrogateescape")
                if mode == DIRECTORY:
                    if path + "/" not in but:
                        pending.append((id.hex(), path + "/"))
                else:
                    yield Blob(path=path, mode=mode.decode("ascii").zfill(6), id=id.hex())

    def folder(self, name: str, path: str) -> str:
        """Return the id of the folder at `path` (no final slash) below a tree; empty where there is none."""
        for part in path.split("/"):
            mode, id = self.tree(name).get(part.encode("utf-8", "surrogateescape"), (b"", b""))
            if mode != DIRECTORY:
                return ""
            name = id.hex()
        return name

    def file(self, name: str, path: str) -> Blob | None:
        """Return the file at `path` below a tree; None where there is none or a folder."""
        folder, _, last = path.rpartition("/")
        parent = self.folder(name, folder) if folder else name
        if not parent:
            return None
        mode, id = self.tree(parent).get(last.encode("utf-8", "surrogateescape"), (DIRECTORY, b""))
        return None if mode == DIRECTORY else Blob(path=path, mode=mode.decode("ascii").zfill(6), id=id.hex())
