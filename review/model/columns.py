"""The site and its columns: who owns them, who may write for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as a whole. `timezone` is an IANA name that the format layer has checked."""

    id: str
    title: str
    url: str
    timezone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column or sub-column; what a sub-column leaves out it has from its parent. `id` is the whole path."""

    id: str
    title: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    open_to: tuple[str, ...]
    duty: str
    type: str
    metadata: tuple[str, ...]
    parent: str
    children: tuple[str, ...]
    description: str = ""

    def takes_from(self, unit: str, group: str) -> bool:
        """Tell whether a unit of this group may submit here."""
        return unit in self.lead or unit in self.support or group in self.open_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The content of `columns.yaml`: columns by id, each parent before its children, in the file's order."""

    site: Site
    columns: dict[str, Column]

    def top(self) -> Iterator[Column]:
        """Yield the top columns in order."""
        return (column for column in self.columns.values() if not column.parent)

    def trail(self, column: str) -> tuple[Column, ...]:
        """Return the columns from the top down to this one; empty where it is unknown."""
        found = self.columns.get(column)
        return () if found is None else (*self.trail(found.parent), found) if found.parent else (found,)
