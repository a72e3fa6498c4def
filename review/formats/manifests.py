"""Manifests: the text that a sign-off covers, and its digest (section 4 of the format)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from review.formats.strict_yaml import Value
from review.model.digests import digest_of
from review.model.manifests import ItemFile


def canonical_header(header: Mapping[str, Value]) -> bytes:
    """Return the header as JSON with sorted keys, no spaces, no escapes of non-ASCII, no final newline."""
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def manifest_text(header: Mapping[str, Value], files: Iterable[ItemFile]) -> bytes:
    """Return the manifest of an item with this header and these files, sorted by the bytes of their paths."""
    lines = ["qianfa-manifest 1", f"header {hashlib.sha256(canonical_header(header)).hexdigest()}"]
    lines += [
        f"file {file.mode} {file.sha256} {file.size} {file.path}"
        for file in sorted(files, key=lambda file: file.path.encode())
    ]
    return ("\n".join(lines) + "\n").encode()


def manifest_digest(header: Mapping[str, Value], files: Iterable[ItemFile]) -> str:
    """Return the manifest digest of an item with this header and these files."""
    return digest_of(manifest_text(header, files))
