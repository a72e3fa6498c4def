"""How pages write the size of a file."""

from __future__ import annotations


def size_in_words(count: int) -> str:
    """Return a number of bytes as pages write it."""
    for unit in ("字节", "KB", "MB"):
        if count < 1024 or unit == "MB":
            break
        count = -(-count // 1024)
    return f"{count} {unit}"
