"""The site and its columns: who owns them, who may write for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CLOSED = "closed"
"""The group that closed columns are open to alone; nobody is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as a whole, and what its pages say of who runs it; what nobody gave is empty.

    `timezone` is an IANA name that the format layer has checked. `badge` is the page of the mark for public bodies and
    `corrections` where readers report errors. To `own_hosts` links lead without a notice; from addresses that begin with
    one of `media` files are taken that lie outside the repository. `index_number` is a regular expression.
    """

    id: str
    title: str
    url: str
    timezone: str
    language: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    organiser: str = ""
    operator: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    id_code: str = ""
    icp: str = ""
    police: str = ""
    badge: str = ""
    corrections: str = ""
    grey: bool = False
    own_hosts: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    index_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column or sub-column; what a sub-column leaves out it has from its parent. `id` is the whole path.

    `within` is the number of days after which something new is due; None leaves it to the profile, 0 is never.
    `label` is the name of its type as inspectors know it; empty leaves that to the type.
    """

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
    keywords: tuple[str, ...] = ()
    label: str = ""
    within: int | None = None

    @property
    def closed(self) -> bool:
        """Tell whether nobody may write here."""
        return not self.lead and not self.support and set(self.open_to) <= {CLOSED}

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
