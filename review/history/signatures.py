"""Verify the signatures of commits, of either kind, many at a time. Whose keys they are is the gate's question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from review.errors import SignatureError
from review.history import openpgp_signatures, ssh_signatures
from review.history.workers import Workers
from review.messages import t
from review.model.evidence import Attestation

SSH_BEGIN = b"-----BEGIN SSH SIGNATURE-----"
_CHUNK = 500
_WORTH_A_PROCESS = 10_000
"""Of fewer signatures, so many are verified while a second process starts that it would not help."""


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

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._waiting: list[SignedCommit] = []
        self._openpgp: list[SignedCommit] = []
        self._done: dict[str, Attestation] = {}

    def add(self, commit: SignedCommit) -> None:
        """Take one more commit."""
        if commit.armour is not None and not commit.armour.startswith(SSH_BEGIN):
            self._openpgp.append(commit)
            return
        self._waiting.append(commit)
        enough = _CHUNK if self._workers.have_begun else _WORTH_A_PROCESS
        if self._workers.are_there and len(self._waiting) >= enough:
            for start in range(0, len(self._waiting), _CHUNK):
                self._workers.hand_out(_verify_all, self._waiting[start : start + _CHUNK], self._take)
            self._waiting = []

    def _take(self, attestations: list[Attestation]) -> None:
        self._done.update((one.commit, one) for one in attestations)

    @property
    def needs_certificates(self) -> bool:
        """Tell whether any commit carries what may be an OpenPGP signature."""
        return bool(self._openpgp)

    def finish(self, certificates: Mapping[str, bytes]) -> dict[str, Attestation]:
        """Return the verdict on every commit; `certificates` are those that any policy version names."""
        self._take(_verify_all(self._waiting))
        self._take(list(_verify_openpgp(self._openpgp, certificates)))
        self._workers.finish()
        return self._done


def _verify_all(commits: Sequence[SignedCommit]) -> list[Attestation]:
    return [_verify_ssh(commit) for commit in commits]


def _verify_ssh(commit: SignedCommit) -> Attestation:
    if commit.armour is None:
        problem = t("has no valid signature: {what}", what=commit.problem) if commit.problem else t("is not signed")
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
    problem = t("has no valid signature: {what}", what=error.what)
    return Attestation(commit=commit.commit, keys=frozenset(), problem=problem, hint=error.hint)
