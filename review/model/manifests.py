"""What a sign-off covers: the files of an item and their digests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFile:
    """One file of an item: path from the root, git mode, SHA-256 (64 hex), size in bytes, git object id."""

    path: str
    mode: str
    sha256: str
    size: int
    blob: str
