"""How a site's commands behave: what `qianfa.yaml` says. Nothing here has a say in what may be online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_STAGE = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`push` sends every sign-off to `remote` at once; `due` gives days by stage, `default` for those that it does not name.

    A stage without days is never due.
    """

    push: bool = False
    remote: str = "origin"
    due: Mapping[str, int] = field(default_factory=dict)

    def days(self, stage: str) -> int | None:
        """Return how many days a stage may take; None where nobody said."""
        return self.due.get(stage, self.due.get(DEFAULT_STAGE))
