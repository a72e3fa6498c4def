"""What administrators do with columns: add, move, close. Each is a change of columns.yaml to sign."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
