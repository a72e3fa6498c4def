"""What waits for whom: the queue, the status of one's own posts, the calendar."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
