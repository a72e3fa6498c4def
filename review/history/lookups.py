"""Find posts in the trees of commits, one at a time or many on another processor. Reads no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from review.errors import HistoryError
from review.history.objects import ObjectStore
from review.history.read_ahead import ReadAhead
from review.history.trees import DIRECTORY, Blob, TreeReader
from review.model.paths import POST_SUFFIX, RECORD_SUFFIX, attachments_of

_WINDOW = 100
"""Posts looked up at once. Each may lie in a folder of thousands, and the trees of all these are held together."""

Post: TypeAlias = tuple[str, str]
"""The tree of a commit's root, and the item."""

Place: TypeAlias = dict[str, tuple[bytes, bytes]]
"""What a folder has under the name of a post: mode and raw id by `.md`, `.review.yaml`, and nothing for attachments."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Posts to look up, and where the objects are."""

    objects: Path
    quarantine: Path | None
    posts: tuple[Post, ...]


def look_up_elsewhere(asked: Asked) -> dict[Post, Place]:
    """Return what `look_up` does, in a process that has the objects yet to open."""
    with ObjectStore(asked.objects, asked.quarantine) as store:
        return look_up(store, asked.posts)


def look_up(store: ObjectStore, posts: Sequence[Post]) -> dict[Post, Place]:
    """Return the place of each post; those whose trees cannot be read are left out."""
    ahead = ReadAhead(store)
    reader = TreeReader(ahead)
    found: dict[Post, Place] = {}
    for start in range(0, len(posts), _WINDOW):
        found.update(_together(posts[start : start + _WINDOW], reader, ahead))
    return found


def place_of(reader: TreeReader, root: str, item: str) -> Place:
    """Return the place of one post; `HistoryError` where its trees cannot be read."""
    folder = reader.folder(root, item.rpartition("/")[0])
    return _place_in(reader, folder, item) if folder else {}


def files_at(reader: TreeReader, place: Place, item: str) -> Iterator[Blob]:
    """Yield the post, its record and its attachments, as far as they are there."""
    for suffix, (mode, id) in place.items():
        if suffix and mode != DIRECTORY:
            path = item.removesuffix(POST_SUFFIX) + suffix
            yield Blob(path=path, mode=mode.decode("ascii").zfill(6), id=id.hex())
        elif not suffix and mode == DIRECTORY:
            for file in reader.walk(id.hex(), attachments_of(item)):
                if not file.path.endswith((POST_SUFFIX, RECORD_SUFFIX)):
                    yield file


def _together(posts: Sequence[Post], reader: TreeReader, ahead: ReadAhead) -> Iterator[tuple[Post, Place]]:
    """Go down from all roots at once, part by part of the paths, so that git is asked for many trees at a time."""
    trees = {post: post[0] for post in posts}
    paths = {post: post[1].split("/")[:-1] for post in posts}
    for depth in range(max(map(len, paths.values()))):
        going = [post for post in trees if trees[post] and depth < len(paths[post])]
        ahead.expect([trees[post] for post in going], "tree")
        for post in going:
            try:
                trees[post] = reader.folder(trees[post], paths[post][depth])
            except HistoryError:
                del trees[post]  # whoever asks for this post will hear why
    ahead.expect([tree for tree in trees.values() if tree], "tree")
    for post, folder in trees.items():
        try:
            yield post, _place_in(reader, folder, post[1]) if folder else {}
        except HistoryError:
            continue


def _place_in(reader: TreeReader, folder: str, item: str) -> Place:
    stem = item[item.rindex("/") + 1 :].removesuffix(POST_SUFFIX)
    near = reader.near(folder, stem)
    entries = {
        suffix: near.get((stem + suffix).encode("utf-8", "surrogateescape"))
        for suffix in (POST_SUFFIX, RECORD_SUFFIX, "")
    }
    return {suffix: entry for suffix, entry in entries.items() if entry is not None}
