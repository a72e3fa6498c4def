"""Find the files of posts in the trees of commits: one at a time, or many on another processor. No file is read here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from review.errors import HistoryError
from review.history.objects import ObjectStore
from review.history.read_ahead import ReadAhead
from review.history.trees import DIRECTORY, Blob, TreeReader
from review.model.paths import POST_SUFFIX, RECORD_SUFFIX, attachments_of

_WINDOW = 100
"""Posts looked up at once. In each commit a folder of thousands of posts is another tree, and all of them are at hand."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Posts to look up, each as the tree of a commit's root and the item, and where the objects are."""

    objects: Path
    posts: tuple[tuple[str, str], ...]


Found = dict[tuple[str, str], list[Blob]]


def look_up(asked: Asked) -> Found:
    """Return the files of each post as `post_files` does; those whose trees cannot be read are left out."""
    found: Found = {}
    with ObjectStore(asked.objects) as store:
        ahead = ReadAhead(store)
        reader = TreeReader(ahead)
        for start in range(0, len(asked.posts), _WINDOW):
            found.update(_together(asked.posts[start : start + _WINDOW], reader, ahead))
    return found


def post_files(reader: TreeReader, root: str, item: str) -> list[Blob]:
    """Return the post, its record and its attachments below a root tree, as far as they are there."""
    folder = reader.folder(root, item.rpartition("/")[0])
    return _files_in(reader, folder, item) if folder else []


def _together(
    posts: Sequence[tuple[str, str]], reader: TreeReader, ahead: ReadAhead
) -> Iterator[tuple[tuple[str, str], list[Blob]]]:
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
            yield post, _files_in(reader, folder, post[1]) if folder else []
        except HistoryError:
            continue


def _files_in(reader: TreeReader, folder: str, item: str) -> list[Blob]:
    """Return the files of a post whose folder is known."""
    start = item.removesuffix(POST_SUFFIX)
    stem = start.rpartition("/")[2]
    near = reader.near(folder, stem)
    files = []
    for suffix in (POST_SUFFIX, RECORD_SUFFIX, ""):
        mode, id = near.get((stem + suffix).encode("utf-8", "surrogateescape"), (b"", b""))
        if suffix and mode not in (b"", DIRECTORY):
            files.append(Blob(path=start + suffix, mode=mode.decode("ascii").zfill(6), id=id.hex()))
        elif not suffix and mode == DIRECTORY:
            files += [
                file
                for file in reader.walk(id.hex(), attachments_of(item))
                if not file.path.endswith((POST_SUFFIX, RECORD_SUFFIX))
            ]
    return files
