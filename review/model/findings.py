"""What the gate has to say: findings with code, severity, place, fact and next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["block", "refuse", "hold", "warn"]

SEVERITIES: dict[str, Severity] = {
    "history-incomplete": "block",
    "object-corrupt": "block",
    "history-rewritten": "block",
    "trust-mismatch": "block",
    "trust-unpinned": "warn",
    "policy-missing": "block",
    "policy-invalid": "refuse",
    "policy-unsigned": "hold",
    "policy-fork": "block",
    "record-missing": "hold",
    "record-invalid": "refuse",
    "post-missing": "refuse",
    "classified": "refuse",
    "signature-missing": "refuse",
    "signature-invalid": "refuse",
    "signer-unknown": "refuse",
    "signer-mismatch": "refuse",
    "key-compromised": "hold",
    "not-authorised": "refuse",
    "same-person": "refuse",
    "chain-broken": "refuse",
    "sign-off-dropped": "refuse",
    "content-changed": "hold",
    "deleted": "hold",
    "content-missing": "refuse",
    "time-order": "warn",
    "column-unknown": "refuse",
    "column-not-owned": "refuse",
    "workflow-unknown": "refuse",
    "path-invalid": "refuse",
    "mode-invalid": "refuse",
    "file-orphan": "refuse",
    "metadata-forbidden": "refuse",
    "metadata-invalid": "refuse",
    "paper-missing": "refuse",
    "paper-not-allowed": "refuse",
    "limit-exceeded": "refuse",
}
"""Every code with its severity, as the table of section 10 (and our additions to it, see docs/record-format.md)."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One thing to know or to do. `item` and `path` are empty where the finding is about the site as a whole."""

    item: str = ""
    code: str
    path: str = ""
    message: str
    hint: str = ""
    severity: Severity = field(default="warn", compare=False)


def finding(code: str, message: str, *, item: str = "", path: str = "", hint: str = "") -> Finding:
    """Make a finding with the severity its code has."""
    return Finding(code=code, severity=SEVERITIES[code], item=item, path=path, message=message, hint=hint)
