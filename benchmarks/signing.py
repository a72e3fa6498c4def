"""Sign commits in process, as `git commit -S` does with an ed25519 key, thousands a second. Keys come from a seed."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from review.formats.ssh_wire import field
from review.history.ssh_signatures import armoured


class Key:
    """A throw-away key: whoever knows the seed has it."""

    def __init__(self, seed: str) -> None:
        """Make the one key of this seed."""
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        public = self._private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self._blob = field(b"ssh-ed25519") + field(public)
        self.public = "ssh-ed25519 " + base64.b64encode(self._blob).decode("ascii")

    def signed_commit(self, headers: bytes, message: bytes) -> bytes:
        """Return the commit with these header lines and this message, signed."""
        fields = [b"git", b"", b"sha512", hashlib.sha512(headers + b"\n" + message).digest()]
        signature = self._private.sign(b"SSHSIG" + b"".join(map(field, fields)))
        fields[-1] = field(b"ssh-ed25519") + field(signature)
        blob = b"SSHSIG\0\0\0\x01" + field(self._blob) + b"".join(map(field, fields))
        armour = armoured(blob).rstrip(b"\n").replace(b"\n", b"\n ")
        return headers + b"gpgsig " + armour + b"\n\n" + message

    def save(self, path: Path) -> Path:
        """Write the key as OpenSSH does, so that git can sign with it, and return where it is."""
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
        path.touch(mode=0o600)
        path.write_bytes(self._private.private_bytes(*form))
        path.with_name(f"{path.name}.pub").write_text(f"{self.public}\n", encoding="ascii")
        return path
