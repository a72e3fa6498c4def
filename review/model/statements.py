"""What a sign-off says. No text form and no signature here: see `formats.statements` and `history`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from review.model.digests import NONE, is_digest
from review.model.instants import is_instant
from review.model.paths import IDENTIFIER, is_item

Decision: TypeAlias = Literal["approve", "return", "withdraw"]
DECISIONS: tuple[str, ...] = get_args(Decision)

MAX_VERSION = 999_999_999
UNSAID = "unsaid"
"""The site of a record's entries, which leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One person's decision about one version of one item, as section 5 of the format has it.

    `manifest` and `paper` are digests; `previous` is a statement digest or `none`; `signatory` and `paper` come
    together or not at all. Raises `ValueError` for fields that no statement can have.
    """

    site: str
    item: str
    version: int
    stage: str
    decision: Decision
    manifest: str
    previous: str
    by: str
    at: str
    note: str
    signatory: str = ""
    paper: str = ""

    def __post_init__(self) -> None:
        for name in ("site", "stage", "by"):
            if not IDENTIFIER.fullmatch(getattr(self, name)):
                raise ValueError(f"{name} {getattr(self, name)!r} is not an identifier")
        if not is_item(self.item):
            raise ValueError(f"item {self.item!r} is neither 'policy' nor the path of a post")
        if not 1 <= self.version <= MAX_VERSION:
            raise ValueError(f"version {self.version} is out of range")
        if self.decision not in DECISIONS:
            raise ValueError(f"decision {self.decision!r} is none of {', '.join(DECISIONS)}")
        if not is_digest(self.manifest):
            raise ValueError("manifest is not a SHA-256 digest")
        if self.previous != NONE and not is_digest(self.previous):
            raise ValueError("previous is neither 'none' nor a SHA-256 digest")
        if not is_instant(self.at):
            raise ValueError(f"at {self.at!r} is not an instant")
        if bool(self.signatory) != bool(self.paper):
            raise ValueError("signatory and paper come together")
        if self.signatory and not (IDENTIFIER.fullmatch(self.signatory) and is_digest(self.paper)):
            raise ValueError("signatory is not an identifier, or paper is not a SHA-256 digest")

    @property
    def person(self) -> str:
        """Who stands for the stage: the signatory on paper, else the one whose key signed."""
        return self.signatory or self.by

    @property
    def mirror(self) -> tuple[str | int, ...]:
        """What a record's entry repeats of the statement: every field but site and item."""
        return (
            self.stage, self.decision, self.version, self.manifest, self.previous,
            self.by, self.signatory, self.paper, self.at, self.note,
        )  # fmt: skip
