"""How long and how much is waited for from somebody else's server, and what it is called when nothing comes."""

from __future__ import annotations

from dataclasses import dataclass

from review.errors import QianfaError

MOST_BYTES = 4 << 30
"""Bytes of a file from outside the repository: 4 GiB."""


class Unavailable(QianfaError):
    """A file from outside the repository that cannot be had, or is not the one that was meant."""

    exit_status = 1


class NoAnswer(Unavailable):
    """A server that let us wait for longer than we do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long servers are waited for, in seconds: until they say something, and for all that one command fetches."""

    silence: float = 20
    altogether: float = 3_600


SUBMITTING = Patience()
BUILDING = Patience(altogether=900)
"""A build may be urgent: what is to be taken off the site does not wait for somebody else's server."""
