"""What those do who sign on paper: print the form, relay the signed sheet."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
