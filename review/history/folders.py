"""Find the folders of posts in commits, many at a time where it is known which will be asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review.errors import HistoryError
from review.history.read_ahead import ReadAhead
from review.history.trees import TreeReader

_WINDOW = 100


class Folders:
    """The trees of the folders that posts lie in. `asked` are posts of commits in the order they will be asked for."""

    def __init__(
        self,
        reader: TreeReader,
        roots: Mapping[str, str],
        ahead: ReadAhead | None = None,
        asked: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._reader = reader
        self._roots = roots
        self._ahead = ahead
        self._asked = asked
        self._places = {post: place for place, post in enumerate(asked)}
        self._found: dict[tuple[str, str], str] = {}

    def of(self, commit: str, item: str) -> str:
        """Return the id of the folder's tree; empty where the commit has no such folder."""
        place = self._places.pop((commit, item), None)
        if place is not None and (commit, item) not in self._found:
            self._look_ahead(self._asked[place : place + _WINDOW])
        found = self._found.get((commit, item))
        return self._reader.folder(self._roots[commit], item.rpartition("/")[0]) if found is None else found

    def _look_ahead(self, posts: Sequence[tuple[str, str]]) -> None:
        """Go down from the roots of all these commits at once, part by part of the paths, and fetch the folders found."""
        if self._ahead is None:
            return
        found = {(commit, item): self._roots[commit] for commit, item in posts}
        paths = {post: post[1].split("/")[:-1] for post in posts}
        for depth in range(max(map(len, paths.values()))):
            going = [post for post in found if found[post] and depth < len(paths[post])]
            self._ahead.expect([found[post] for post in going], "tree")
            for post in going:
                try:
                    found[post] = self._reader.folder(found[post], paths[post][depth])
                except HistoryError:
                    del found[post]  # whoever asks for it will hear
        self._ahead.expect([tree for tree in found.values() if tree], "tree")
        self._found = found
