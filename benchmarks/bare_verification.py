"""Time what no gate can do without: `Ed25519PublicKey.verify` for every signature, in one loop of one process.

    python -m benchmarks.bare_verification DIR

Reading, parsing and hashing are done before the clock starts.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from review.formats.ssh_wire import field, fields
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.repository import open_repository

_BLOB_HEAD = len(b"SSHSIG\0\0\0\x01")


def signatures(site: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield public key, signature and signed bytes of every signed commit of the branch."""
    repository = open_repository(site)
    with ObjectStore(repository.objects) as store:
        for raw in store.read_many(store.listed(repository.resolve("HEAD", store)), "commit"):
            commit = parse_commit(raw)
            if commit.signature is None:
                continue
            blob = base64.b64decode(b"".join(commit.signature.split(b"\n")[1:-2]))
            key, namespace, reserved, algorithm, signature = fields(blob, 5, start=_BLOB_HEAD)
            digest = hashlib.new(algorithm.decode("ascii"), commit.payload).digest()
            signed = b"SSHSIG" + b"".join(map(field, (namespace, reserved, algorithm, digest)))
            yield fields(key, 2)[1], fields(signature, 2)[1], signed


def measure(site: Path) -> tuple[int, float]:
    """Return how many signatures there are, and how many seconds it takes to verify them."""
    known: dict[bytes, Ed25519PublicKey] = {}
    work = [
        (known.setdefault(point, Ed25519PublicKey.from_public_bytes(point)), signature, signed)
        for point, signature, signed in signatures(site)
    ]
    begun = time.perf_counter()
    for key, signature, signed in work:
        key.verify(signature, signed)
    return len(work), time.perf_counter() - begun


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bare_verification", description="Time the bare verification of all signatures."
    )
    parser.add_argument("site", type=Path, metavar="DIR", help="the repository")
    count, seconds = measure(parser.parse_args().site)
    print(json.dumps({"signatures": count, "seconds": seconds}))


if __name__ == "__main__":
    main()
