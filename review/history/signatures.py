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


def usable_processors() -> int:
    """Return how many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Verifier:
    """Takes commits as they are read and verifies them, on other processors where there are many.

    `processes` counts this one, which goes on reading meanwhile and lends a hand when it has finished. OpenPGP
    signatures wait until the certificates are known: see `finish`.
    """

    def __init__(self, *, processes: int | None = None) -> None:
        self._others = (usable_processors() if processes is None else processes) - 1
        self._waiting: list[SignedCommit] = []
        self._openpgp: list[SignedCommit] = []
        self._done: dict[str, Attestation] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._handed_out: dict[Future[list[Attestation]], list[SignedCommit]] = {}

    def add(self, commit: SignedCommit) -> None:
        """Take one more commit."""
        if commit.armour is not None and not commit.armour.startswith(SSH_BEGIN):
            self._openpgp.append(commit)
            return
        self._waiting.append(commit)
        started = self._pool is not None
        if self._others > 0 and len(self._waiting) >= (_CHUNK if started else _WORTH_A_PROCESS):
            self._hand_out()

    def _hand_out(self) -> None:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._others, mp_context=multiprocessing.get_context("spawn"))
        for start in range(0, len(self._waiting), _CHUNK):
            commits = self._waiting[start : start + _CHUNK]
            self._handed_out[self._pool.submit(_verify_all, commits)] = commits
        self._waiting = []
        for future in [future for future in self._handed_out if future.done()]:
            self._take_back(future)

    def _take_back(self, future: Future[list[Attestation]]) -> None:
        """Note the verdicts on commits that were handed out; on those nobody has begun with, find them here."""
        commits = self._handed_out.pop(future)
        attestations = _verify_all(commits) if future.cancel() else future.result()
        self._done.update((one.commit, one) for one in attestations)

    @property
    def needs_certificates(self) -> bool:
        """Tell whether any commit carries what may be an OpenPGP signature."""
        return bool(self._openpgp)

    def finish(self, certificates: Mapping[str, bytes]) -> dict[str, Attestation]:
        """Return the verdict on every commit; `certificates` are those that any policy version names."""
        try:
            self._done.update((one.commit, one) for one in _verify_all(self._waiting))
            for future in reversed(list(self._handed_out)):  # those handed out last are the last to be begun with
                self._take_back(future)
        finally:
            self.close()
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
