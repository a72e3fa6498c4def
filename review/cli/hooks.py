"""Checks that git runs: before a commit on the author's machine, before a push is taken on the server."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
