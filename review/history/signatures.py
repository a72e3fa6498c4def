"""Verify the signatures of commits, of either kind, many at a time. Says which keys signed; whose they are is the gate's question."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from review.errors import SignatureError
from review.history import openpgp_signatures, ssh_signatures
from review.model.evidence import Attestation

SSH_BEGIN = b"-----BEGIN SSH SIGNATURE-----"
_CHUNK = 500
_WORTH_A_PROCESS = 3_000
"""Fewer signatures than this are verified faster than a second process starts."""


@dataclass(frozen=True, slots=True)
class SignedCommit:
    """A commit to verify: its id, the armour (None: no signature), what was signed, and why there is no armour."""

    commit: str
    armour: bytes | None
    payload: bytes
    problem: str


class Verifier:
    """Takes commits as they are read and verifies them, on other processors where there are many.

    OpenPGP signatures wait until the certificates are known: see `finish`.
    """

    def __init__(self, *, processes: int | None = None) -> None:
        self._processes = (os.cpu_count() or 1) if processes is None else processes
        self._waiting: list[SignedCommit] = []
        self._openpgp: list[SignedCommit] = []
        self._done: dict[str, Attestation] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._futures: list[Future[list[Attestation]]] = []

    def add(self, commit: SignedCommit) -> None:
        """Take one more commit."""
        if commit.armour is not None and not commit.armour.startswith(SSH_BEGIN):
            self._openpgp.append(commit)
            return
        self._waiting.append(commit)
        started = self._pool is not None
        if self._processes > 1 and len(self._waiting) >= (_CHUNK if started else _WORTH_A_PROCESS):
            self._hand_out()

    def _hand_out(self) -> None:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, mp_context=multiprocessing.get_context("spawn"))
        for start in range(0, len(self._waiting), _CHUNK):
            self._futures.append(self._pool.submit(_verify_all, self._waiting[start : start + _CHUNK]))
        self._waiting = []

    @property
    def needs_certificates(self) -> bool:
        """Tell whether any commit carries what may be an OpenPGP signature."""
        return bool(self._openpgp)

    def finish(self, certificates: Mapping[str, bytes]) -> dict[str, Attestation]:
        """Return the verdict on every commit; `certificates` are those that any policy version names."""
        try:
            if self._pool is not None and self._waiting:
                self._hand_out()
            results: Iterator[list[Attestation]] = (future.result() for future in self._futures)
            for attestations in results:
                self._done.update((one.commit, one) for one in attestations)
        finally:
            self.close()
        self._done.update((one.commit, one) for one in _verify_all(self._waiting))
        self._done.update((one.commit, one) for one in _verify_openpgp(self._openpgp, certificates))
        return self._done

    def close(self) -> None:
        """End the other processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _verify_all(commits: Sequence[SignedCommit]) -> list[Attestation]:
    return [_verify_ssh(commit) for commit in commits]


def _verify_ssh(commit: SignedCommit) -> Attestation:
    if commit.armour is None:
        problem = f"has no valid signature: {commit.problem}" if commit.problem else "is not signed"
        return Attestation(commit=commit.commit, keys=frozenset(), problem=problem)
    try:
        key = ssh_signatures.verify(commit.armour, commit.payload)
    except SignatureError as error:
        return _failed(commit, error)
    return Attestation(commit=commit.commit, keys=frozenset({key.fingerprint}))


def _verify_openpgp(commits: Iterable[SignedCommit], certificates: Mapping[str, bytes]) -> Iterator[Attestation]:
    for commit in commits:
        try:
            keys = openpgp_signatures.verify(commit.armour or b"", commit.payload, certificates)
        except SignatureError as error:
            yield _failed(commit, error)
        else:
            yield Attestation(commit=commit.commit, keys=keys)


def _failed(commit: SignedCommit, error: SignatureError) -> Attestation:
    return Attestation(
        commit=commit.commit, keys=frozenset(), problem=f"has no valid signature: {error.what}", hint=error.hint
    )
