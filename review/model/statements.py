"""What a sign-off says. No text form and no signature here: see `formats.statements` and `history`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from review.messages import listed, t
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
                raise ValueError(t("{field} {value} is not an identifier", field=name, value=repr(getattr(self, name))))
        if not is_item(self.item):
            raise ValueError(t("item {item} is neither 'policy' nor the path of a post", item=repr(self.item)))
        if not 1 <= self.version <= MAX_VERSION:
            raise ValueError(t("version {version} is out of range", version=self.version))
        if self.decision not in DECISIONS:
            raise ValueError(
                t(
                    "decision {decision} is none of {decisions}",
                    decision=repr(self.decision),
                    decisions=listed(DECISIONS),
                )
            )
        if not is_digest(self.manifest):
            raise ValueError(t("manifest is not a SHA-256 digest"))
        if self.previous != NONE and not is_digest(self.previous):
            raise ValueError(t("previous is neither 'none' nor a SHA-256 digest"))
        if not is_instant(self.at):
            raise ValueError(t("at {at} is not an instant", at=repr(self.at)))
        if bool(self.signatory) != bool(self.paper):
            raise ValueError(t("signatory and paper come together"))
        if self.signatory and not (IDENTIFIER.fullmatch(self.signatory) and is_digest(self.paper)):
            raise ValueError(t("signatory is not an identifier, or paper is not a SHA-256 digest"))

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
