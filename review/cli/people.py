"""What administrators do with people: add, retire, keys, delegation. Each is a change of people.yaml to sign."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
