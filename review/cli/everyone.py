"""What everyone may ask: the story of a post, who answers for it, the ledger of acts."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
