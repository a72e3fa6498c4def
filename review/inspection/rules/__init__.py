"""Every rule that a program checks, by its id: one module for each family of them."""

from __future__ import annotations

from review.inspection.cases import Check
from review.inspection.rules import (
    access,
    appearance,
    documents,
    furniture,
    leading,
    meta,
    personal_data,
    secrets,
    services,
    sign_offs,
    texts,
    updates,
)

_FAMILIES = (
    meta,
    furniture,
    appearance,
    leading,
    updates,
    texts,
    documents,
    secrets,
    personal_data,
    sign_offs,
    services,
    access,
)
CHECKS: dict[str, Check] = {check.rule: check for family in _FAMILIES for check in family.CHECKS}
