"""The ancestry of commits as plain data. It knows ids and parents; where they come from is `history`'s matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommitGraph:
    """Commits with their parents, each parent itself in the graph.

    A commit counts as an ancestor of itself. `generation` is the longest way to a root, so an ancestor's is always
    smaller: that bounds every search.
    """

    parents: Mapping[str, tuple[str, ...]]
    _generations: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def generation(self, commit: str) -> int:
        """Return the length of the longest way from the commit to a root, 0 for a root."""
        if not self._generations:
            self._number_all()
        return self._generations[commit]

    def with_child(self, commit: str, parent: str) -> CommitGraph:
        """Return the graph with one commit more, which nothing descends from; nobody is numbered again for it."""
        numbers = {**self._generations, commit: self._generations[parent] + 1} if self._generations else {}
        return CommitGraph({**self.parents, commit: (parent,)}, numbers)

    def _number_all(self) -> None:
        waiting = {commit: len(set(parents)) for commit, parents in self.parents.items()}
        children: dict[str, list[str]] = {}
        for commit, parents in self.parents.items():
            for parent in set(parents):
                children.setdefault(parent, []).append(commit)
        ready = [commit for commit, count in waiting.items() if not count]
        numbers = dict.fromkeys(ready, 0)
        while ready:
            commit = ready.pop()
            for child in children.get(commit, ()):
                numbers[child] = max(numbers.get(child, 0), numbers[commit] + 1)
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)
        self._generations.update(numbers)

    def ancestors(self, commits: Iterable[str]) -> frozenset[str]:
        """Return the commits and everything they descend from."""
        seen: set[str] = set()
        waiting = list(commits)
        while waiting:
            commit = waiting.pop()
            if commit not in seen:
                seen.add(commit)
                waiting.extend(self.parents[commit])
        return frozenset(seen)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether `newer` is `older` or descends from it."""
        if older not in self.parents or newer not in self.parents:
            return False
        floor = self.generation(older)
        seen: set[str] = set()
        waiting = [newer]
        while waiting:
            commit = waiting.pop()
            if commit == older:
                return True
            if commit not in seen and self.generation(commit) > floor:
                seen.add(commit)
                waiting.extend(self.parents[commit])
        return False
