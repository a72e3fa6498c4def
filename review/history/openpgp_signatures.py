"""Verify OpenPGP signatures of commits with pysequoia, an optional extra. No git, no files, no keyring, no gpg.

What is looked at first, here: that the armour and every byte of the signature have one meaning and one spelling. What
Sequoia decides then: that the signature fits, and that the certificate lets its key sign, as of the signature's own
date (made by the signer, so an expiry or a "superseded" revocation binds the honest only; to retire a key, take its
certificate out of the policy). A certificate that is revoked because its key was lost or stolen vouches for nothing.

The clock. An expired certificate still vouches for what is dated before its expiry, today and in ten years; a
signature that itself has an expiry date is refused at once; algorithms that Sequoia means to drop on a day to come are
refused now. One thing is left, for pysequoia gives no way to set the time: a signature dated ahead of the computer's
clock (Sequoia grants half an hour) does not hold before that day. This fails closed, and only where a signer's clock
is wrong.

Freedom that is left to a third party, each time giving another commit with the same statement: the framing of the
packet (old or new), the CRC-24 (there or not; RFC 9580 makes it optional) and (r, n - s) for ECDSA's (r, s).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from review.errors import FormatError, SignatureError
from review.formats.openpgp_certificates import (
    ECDSA,
    ED448,
    ED25519,
    EDDSA_LEGACY,
    RSA,
    RSA_SIGN_ONLY,
    Certificate,
    Key,
    parse_certificate,
)
from review.formats.openpgp_packets import armoured, framings, mpis, packets, subpackets, unarmoured
from review.messages import t

_LABEL = "SIGNATURE"
_SIGNATURE = 2
_BINARY = 0x00
# MD5, SHA-1 and RIPEMD-160 are broken, SHA-224 is on its way out. By OpenPGP's numbers; with version 6's sizes of salt.
_HASHES = {8: ("sha256", 16), 9: ("sha384", 24), 10: ("sha512", 32), 12: ("sha3_256", 16), 14: ("sha3_512", 32)}
_CREATED, _EXPIRES, _ISSUER, _ISSUER_FINGERPRINT = 2, 3, 16, 33
_FINGERPRINT_SIZE = {4: 20, 6: 32}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signature:
    """A signature packet, apart. `covered` is its part that is signed, `start` the digest's first two bytes."""

    packet: bytes
    version: int
    algorithm: int
    hash_name: str
    covered: bytes
    issuer: str
    start: bytes
    salt: bytes
    numbers: bytes


def available() -> bool:
    """Whether the optional extra is installed. Without it no OpenPGP signature can be judged."""
    return importlib.util.find_spec("pysequoia") is not None


def verify(armour: bytes, payload: bytes, certificates: Mapping[str, bytes]) -> frozenset[str]:
    """The certificates, as `OPENPGP:` and fingerprint, whose key validly signed `payload`; SignatureError if none.

    `certificates` are armoured, by any name; one that cannot be read vouches for nothing. More than one fingerprint
    comes back where certificates share a key.

    1. The armour is the only one of its bytes and holds one signature packet. 2. It is a binary signature with an
    allowed hash, and names its key in what is signed. 3. A certificate has that key, and the key is strong enough.
    4. The digest is right. 5. Sequoia finds the signature good and the key in order.
    """
    pysequoia = _pysequoia()
    try:
        signature = _parse(_packet(armour))
    except FormatError as error:
        raise SignatureError(error.what) from None
    candidates = _holders(signature.issuer, certificates)
    for key in (candidate.keys[signature.issuer] for candidate in candidates):
        _check_numbers(signature, key)
    if not _digest(signature, payload).startswith(signature.start):
        raise SignatureError(t("the commit was altered after it was signed"))
    good = frozenset(
        f"OPENPGP:{candidate.fingerprint.upper()}"
        for candidate in candidates
        if _vouches(pysequoia, candidate, signature, payload)
    )
    if not good:
        what = t(
            "the signature by {key} does not hold: it was altered, its date lies ahead, or on "
            "that date the key had expired, was revoked or was not one for signing",
            key=signature.issuer.upper(),
        )
        raise SignatureError(what, hint=t("see what gpg says: git verify-commit --raw <commit>"))
    return good


def _pysequoia() -> ModuleType:
    try:
        return importlib.import_module("pysequoia")
    except ImportError:
        hint = t("run: pip install 'qianfa[openpgp]'")
        raise SignatureError(
            t("an OpenPGP signature, which needs the optional extra to be verified"), hint=hint
        ) from None


def _packet(armour: bytes) -> bytes:
    """The bytes of the one signature packet in `armour`, framing included."""
    data, checksum = unarmoured(armour, _LABEL)
    if armoured(data, _LABEL, checksum=checksum) != armour:
        raise FormatError(t("the armour is not as gpg writes it; take `comment` and `emit-version` out of gpg.conf"))
    found = packets(data)
    if len(found) != 1 or found[0][0] != _SIGNATURE:
        raise FormatError(t("{count} OpenPGP packets; exactly one, a signature, was expected", count=len(found)))
    if data not in framings(*found[0]):
        raise FormatError(t("a signature packet whose length is not in its shortest form"))
    # RFC 9580 leaves version 6 neither choice.
    if found[0][1][:1] == b"\x06" and (checksum or data != framings(*found[0])[1]):
        raise FormatError(t("a signature of version 6 with a checksum or in the old framing"))
    return data


def _parse(packet: bytes) -> _Signature:
    body = packets(packet)[0][1]
    if len(body) < 4 or body[0] not in _FINGERPRINT_SIZE:
        raise FormatError(t("a signature of another version than 4 and 6"))
    version, kind, algorithm, hash_number = body[:4]
    if kind != _BINARY:
        raise FormatError(t("a signature of type 0x{kind:02x}; a binary one, 0x00, was expected", kind=kind))
    if hash_number not in _HASHES:
        raise FormatError(
            t(
                "a signature with hash {number} (SHA-1 is 2); SHA-256 or a later one was expected",
                number=hash_number,
            )
        )
    hash_name, salt_size = _HASHES[hash_number]
    width = 2 if version == 4 else 4
    hashed, at = _area(body, 4, width)
    covered = body[:at]
    unhashed, at = _area(body, at, width)
    start, salt = body[at : at + 2], b""
    at += 2
    if version == 6:
        salt = body[at + 1 : at + 1 + salt_size]
        if body[at : at + 1] != bytes((salt_size,)):
            raise FormatError(t("a salt of another size than {size} bytes", size=salt_size))
        at += 1 + salt_size
    if at > len(body):
        raise FormatError(t("the signature is cut off"))
    return _Signature(
        packet=packet,
        version=version,
        algorithm=algorithm,
        hash_name=hash_name,
        covered=covered,
        issuer=_issuer(version, hashed, unhashed),
        start=start,
        salt=salt,
        numbers=body[at:],
    )


def _area(body: bytes, at: int, width: int) -> tuple[bytes, int]:
    begin = at + width
    end = begin + int.from_bytes(body[at:begin], "big")
    if end > len(body):
        raise FormatError(t("the signature is cut off"))
    return body[begin:end], end


def _issuer(version: int, hashed: bytes, unhashed: bytes) -> str:
    """The fingerprint of the key that signed, from the signed area; the unsigned one may only repeat it.

    The unhashed area is the hole in OpenPGP's signatures: whoever passes a signature on can write into it. gpg puts
    the short key id there, Sequoia puts that into the signed area and leaves this one empty, so what must stand there
    follows from what is signed.
    """
    signed = subpackets(hashed)
    kinds = [kind for kind, _ in signed]
    if kinds.count(_ISSUER_FINGERPRINT) != 1 or kinds.count(_CREATED) != 1:
        raise FormatError(
            t("a signature whose signed part does not name its key's fingerprint and its date, once each")
        )
    if _EXPIRES in kinds:
        raise FormatError(t("a signature that expires; take `default-sig-expire` out of gpg.conf"))
    named = signed[kinds.index(_ISSUER_FINGERPRINT)][1]
    if named[:1] != bytes((version,)) or len(named) != 1 + _FINGERPRINT_SIZE[version]:
        raise FormatError(t("a signature of version {version} that names a key of another version", version=version))
    short = b"\x09" + bytes((_ISSUER,)) + named[-8:]
    if unhashed != (b"" if version == 6 or _ISSUER in kinds else short):
        raise FormatError(t("a signature with more or less in its unsigned part than the key id, as gpg writes it"))
    return named[1:].hex()


def _holders(issuer: str, certificates: Mapping[str, bytes]) -> list[Certificate]:
    found: dict[str, Certificate] = {}
    for armour in certificates.values():
        try:
            certificate = parse_certificate(armour)
        except FormatError:
            continue
        if issuer in certificate.keys:
            found[certificate.fingerprint] = certificate
    if not found:
        raise SignatureError(
            t("made by the OpenPGP key {key}, which is in no certificate of the policy", key=issuer.upper())
        )
    return list(found.values())


def _check_numbers(signature: _Signature, key: Key) -> None:
    """SignatureError unless the key may sign and the signature's numbers are of its algorithm, in their one form."""
    if key.problem:
        raise SignatureError(
            t("the key {key} is refused: {problem}", key=signature.issuer.upper(), problem=key.problem)
        )
    if signature.algorithm != key.algorithm:
        raise SignatureError(
            t(
                "a signature of algorithm {signature} by a key of algorithm {key}",
                signature=signature.algorithm,
                key=key.algorithm,
            )
        )
    numbers = signature.numbers
    try:
        if key.algorithm in (RSA, RSA_SIGN_ONLY):
            fits = mpis(numbers, 1)[0] < key.modulus
        elif key.algorithm in (ECDSA, EDDSA_LEGACY):
            fits = len(mpis(numbers, 2)) == 2
        else:
            fits = len(numbers) == {ED25519: 64, ED448: 114}.get(key.algorithm)
    except FormatError as error:
        raise SignatureError(error.what) from None
    if not fits:
        raise SignatureError(t("a signature whose numbers are too large, or of the wrong length, for its key"))


def _digest(signature: _Signature, payload: bytes) -> bytes:
    """What the key signed: RFC 9580, section 5.2.4. Sequoia leaves the two bytes that repeat its start unchecked."""
    trailer = signature.covered + bytes((signature.version, 0xFF)) + len(signature.covered).to_bytes(4, "big")
    return hashlib.new(signature.hash_name, signature.salt + payload + trailer).digest()


def _vouches(pysequoia: ModuleType, certificate: Certificate, signature: _Signature, payload: bytes) -> bool:
    """Sequoia's verdict on one certificate alone, so that none stands in for another that has the same key."""
    try:
        cert = _loaded(certificate.data)
        detached = pysequoia.Sig.from_bytes(signature.packet)
        result = pysequoia.verify(bytes=payload, store=lambda _: [cert], signature=detached)
    except (RuntimeError, ValueError):  # pysequoia's way to say no
        return False
    found = [(valid.certificate, valid.signing_key) for valid in result.valid_sigs]
    return found == [(certificate.fingerprint, signature.issuer)]


@lru_cache(maxsize=1024)
def _loaded(data: bytes) -> object:
    """Sequoia's own form of a certificate, made once."""
    return _pysequoia().Cert.from_bytes(data)
