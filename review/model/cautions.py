"""What should make an administrator think twice before signing a policy that is valid as such."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A place in the policy files, what is wrong there, and what to do. One that `stops` keeps the site from being built, or
    posts from being found; the others are only odd. `line` counts from 1; 0 where there is none to name.
    """

    path: str
    line: int
    what: str
    hint: str
    stops: bool

    @property
    def where(self) -> str:
        """The place, as errors name it."""
        return f"{self.path}:{self.line}" if self.line else self.path
