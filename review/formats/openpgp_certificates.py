"""Read the OpenPGP certificates of a policy. Verifies nothing; must give the same answer with and without pysequoia.

A signature needs pysequoia to be judged; whether a policy is valid must not depend on what is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from review.errors import FormatError
from review.formats.openpgp_packets import mpis, packets, unarmoured
from review.formats.public_keys import check_ed25519_point, check_rsa
from review.messages import t

RSA, RSA_SIGN_ONLY, ECDSA, EDDSA_LEGACY, ED25519, ED448 = 1, 3, 19, 22, 27, 28

_PUBLIC_KEY, _PUBLIC_SUBKEY, _SIGNATURE, _USER_ID, _USER_ATTRIBUTE = 6, 14, 2, 13, 17
_SECRET = (5, 7)
_ALLOWED = (_PUBLIC_KEY, _PUBLIC_SUBKEY, _SIGNATURE, _USER_ID, _USER_ATTRIBUTE)
_NIST_CURVES = (
    bytes.fromhex("2a8648ce3d030107"),  # P-256
    bytes.fromhex("2b81040022"),  # P-384
    bytes.fromhex("2b81040023"),  # P-521
)
_ED25519_LEGACY = bytes.fromhex("2b06010401da470f01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A primary key or subkey. `problem` says why it may not sign, "" if it may; `modulus` is RSA's, or 0."""

    algorithm: int
    problem: str = ""
    modulus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A public certificate whose primary key is strong enough. `keys` are by fingerprint, in lower-case hex digits.

    Nothing here says that the primary key vouches for a subkey, or that anything is in date: that takes a verification.
    """

    fingerprint: str
    data: bytes
    keys: Mapping[str, Key]


def certificate_fingerprint(armour: bytes) -> str:
    """`OPENPGP:` and the upper-case fingerprint of the primary key; FormatError for what no policy may name."""
    return f"OPENPGP:{parse_certificate(armour).fingerprint.upper()}"


@lru_cache(maxsize=1024)
def parse_certificate(armour: bytes) -> Certificate:
    """The one certificate in `armour`, as `gpg --armor --export` and `sq` write it."""
    hint = t("export it again: gpg --armor --export --export-options export-minimal <fingerprint>")
    try:
        return _certificate(armour)
    except FormatError as error:
        raise FormatError(t("OpenPGP certificate: {what}", what=error.what), hint=error.hint or hint) from None


def _certificate(armour: bytes) -> Certificate:
    if b"PRIVATE KEY BLOCK" in armour:
        raise FormatError(t("a private key; it must never be shared"))
    data, _ = unarmoured(armour if armour.endswith(b"\n") else armour + b"\n", "PUBLIC KEY BLOCK")
    found = packets(data)
    kinds = [kind for kind, _ in found]
    if any(kind in _SECRET for kind in kinds):
        raise FormatError(t("a private key; it must never be shared"))
    if not kinds or kinds[0] != _PUBLIC_KEY or kinds.count(_PUBLIC_KEY) > 1:
        raise FormatError(t("{count} certificates; one was expected", count=kinds.count(_PUBLIC_KEY)))
    if not set(kinds) <= set(_ALLOWED):
        raise FormatError(
            t("a packet of type {type}, which belongs in no certificate", type=min(set(kinds) - set(_ALLOWED)))
        )
    keys = {fingerprint(body): _key(body) for kind, body in found if kind in (_PUBLIC_KEY, _PUBLIC_SUBKEY)}
    primary = fingerprint(found[0][1])
    # A weak primary key could be made to vouch for any subkey.
    if keys[primary].problem:
        raise FormatError(
            t("its primary key is refused: {problem}", problem=keys[primary].problem), hint=t("make a new key")
        )
    return Certificate(fingerprint=primary, data=data, keys=keys)


def fingerprint(body: bytes) -> str:
    """The fingerprint of a key packet: SHA-1 for version 4, as RFC 9580 fixes it, and SHA-256 for version 6."""
    version = body[:1]
    if version == b"\x04" and len(body) < 1 << 16:
        return hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False).hexdigest()
    if version == b"\x06":
        return hashlib.sha256(b"\x9b" + len(body).to_bytes(4, "big") + body).hexdigest()
    raise FormatError(t("a key of another version than 4 and 6"))


def _key(body: bytes) -> Key:
    algorithm = body[5] if len(body) > 5 else 0
    start = 6 if body[0] == 4 else 10
    try:
        return Key(algorithm=algorithm, modulus=_modulus(algorithm, body[start:]))
    except FormatError as error:
        return Key(algorithm=algorithm, problem=error.what)


def _modulus(algorithm: int, material: bytes) -> int:
    """RSA's modulus, 0 for the others; FormatError for a key that may not sign.

    The list is closed, and holds only what Sequoia's policy accepts without an end date: with DSA, RSA of 2048 bits or
    Brainpool curves the verdict would change with the calendar.
    """
    if algorithm in (RSA, RSA_SIGN_ONLY):
        modulus, exponent = mpis(material, 2)
        check_rsa(modulus, exponent)
        return modulus
    if algorithm in (ECDSA, EDDSA_LEGACY):
        size = material[0] if material else 0
        curve, rest = material[1 : 1 + size], material[1 + size :]
        if curve not in (_NIST_CURVES if algorithm == ECDSA else (_ED25519_LEGACY,)):
            raise FormatError(t("a key on a curve other than NIST P-256, P-384, P-521 and Ed25519"))
        (point,) = mpis(rest, 1)
        if algorithm == EDDSA_LEGACY:
            # 0x40 marks a point in its native encoding.
            encoded = point.to_bytes((point.bit_length() + 7) // 8, "big")
            if encoded[0] != 0x40:
                raise FormatError(t("an Ed25519 key that is not in its native encoding"))
            check_ed25519_point(encoded[1:])
        return 0
    if algorithm == ED25519:
        check_ed25519_point(material)
        return 0
    if algorithm == ED448 and len(material) == 57:
        return 0
    raise FormatError(
        t("a key of algorithm {algorithm}; RSA, ECDSA, Ed25519 or Ed448 was expected", algorithm=algorithm)
    )
