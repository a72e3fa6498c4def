"""Show a post as whoever signs it must see it: its form, its text, what changed."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
