"""SSH keys that are made at run time for demonstrations, measurements and tests, and sign in process. Never for real people."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from review.formats.public_keys import PublicKey
from review.formats.ssh_wire import field
from review.history.ssh_signatures import armoured

_KIND = b"ssh-ed25519"


@dataclass(frozen=True, slots=True)
class ThrowawayKey:
    """An ed25519 key without a passphrase."""

    private: Ed25519PrivateKey
    public: PublicKey

    @classmethod
    def generate(cls) -> Self:
        """Make a key."""
        private = Ed25519PrivateKey.generate()
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(private, PublicKey(blob=field(_KIND) + field(raw)))

    def sign(self, payload: bytes, *, namespace: bytes = b"git", algorithm: str = "sha512") -> bytes:
        """Return the armour that `ssh-keygen -Y sign` would write over the payload."""
        digest = hashlib.new(algorithm, payload).digest()
        said = field(namespace) + field(b"") + field(algorithm.encode())
        signature = field(_KIND) + field(self.private.sign(b"SSHSIG" + said + field(digest)))
        return armoured(b"SSHSIG" + (1).to_bytes(4, "big") + field(self.public.blob) + said + field(signature))

    def commit(self, head: bytes, message: bytes) -> bytes:
        """Return the raw signed commit of these header lines (tree to committer) and this message."""
        armour = self.sign(head + b"\n" + message).rstrip(b"\n").replace(b"\n", b"\n ")
        return head + b"gpgsig " + armour + b"\n\n" + message

    def save(self, path: Path) -> None:
        """Write the key where `ssh-keygen` and git can use it: the private half for its owner alone, the public beside it."""
        text = self.private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
        path.with_name(path.name + ".pub").write_text(self.public.text() + "\n", encoding="ascii")
