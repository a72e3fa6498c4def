"""SHA-256 digests as the format writes them."""

from __future__ import annotations

import hashlib
import re

DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
NONE = "none"
"""What `previous` says of a statement that follows no other."""


def digest_of(data: bytes) -> str:
    """Return `sha256:` and the 64 hex digits of the data's SHA-256."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Tell whether the text is a digest in lower-case hex."""
    return DIGEST.fullmatch(text) is not None


def content_code(manifest: str) -> str:
    """Return the short code by which people compare what they sign: sixteen hex digits of the manifest's digest, in fours.

    It tells paper from paper and screen from screen; what is signed is the whole digest.
    """
    digits = manifest.removeprefix("sha256:")[:16].upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
