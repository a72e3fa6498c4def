"""Verify SSH signatures of commits, in process. No git, no files, no ssh-keygen, and no leave to differ from either.

A signature is accepted in exactly one encoding: armour as ssh-keygen writes it, every field as OpenSSH's
PROTOCOL.sshsig and PROTOCOL.u2f and RFC 5656, 8332 and 8709 say, and not one byte more. What stays possible for anyone
is to turn an ECDSA signature (r, s) into (r, n - s), which fits as well: OpenSSH makes both, so neither can be refused.
Such a twin is another commit with the same statement, and several commits with one statement are one sign-off.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from review.errors import FormatError, SignatureError
from review.formats.public_keys import CURVES, PublicKey, public_key
from review.formats.ssh_wire import field, fields, positive
from review.messages import t

BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
END = b"-----END SSH SIGNATURE-----\n"
NAMESPACE = b"git"

_MAGIC = b"SSHSIG"
_VERSION_1 = _MAGIC + b"\0\0\0\x01"
_LINE = 70
_HASHES: dict[bytes, Callable[[bytes], bytes]] = {
    b"sha256": lambda payload: hashlib.sha256(payload).digest(),
    b"sha512": lambda payload: hashlib.sha512(payload).digest(),
}
_USER_PRESENT = 0x01
# RFC 5656, section 6.2.1: the size of the curve decides.
_CURVE_HASHES: dict[str, hashes.HashAlgorithm] = {
    "nistp256": hashes.SHA256(),
    "nistp384": hashes.SHA384(),
    "nistp521": hashes.SHA512(),
}

# How many fields a key has, its type included, where not three.
_FIELDS = {"ssh-ed25519": 2, "sk-ecdsa-sha2-nistp256@openssh.com": 4}

# Takes the bytes that were signed and the signature field; returns when one fits the other, and raises otherwise.
_Check = Callable[[bytes, bytes], None]


def verify(armour: bytes, payload: bytes) -> PublicKey:
    """The key that validly signed `payload`; SignatureError with the reason where there is none.

    1. The armour is the only one of its bytes. 2. Version, namespace and message hash are allowed, nothing is left
    over. 3. The key is allowed (not weak, one spelling). 4. The signature is of a type that the key makes, its numbers
    are in range. 5. The signature holds. Whose key it is, and since when, is for the policy to say.
    """
    encoded_key, hash_name, signature = _parse(_unarmoured(armour))
    digest = _HASHES.get(hash_name)
    if digest is None:
        raise SignatureError(t("message hash {name}; sha256 or sha512 was expected", name=_shown(hash_name)))
    signed = b"".join((_MAGIC, field(NAMESPACE), field(b""), field(hash_name), field(digest(payload))))
    try:
        key, check = _loaded(encoded_key)
        check(signed, signature)
    except FormatError as error:
        raise SignatureError(error.what, hint=error.hint) from None
    except InvalidSignature:
        what = t("the signature does not fit: the commit was altered, or another key than the one it names made it")
        raise SignatureError(what) from None
    return key


def armoured(blob: bytes) -> bytes:
    """The one armour of a signature's bytes: base64 in lines of 70 characters between the two marks, LF after each."""
    text = binascii.b2a_base64(blob, newline=False)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return BEGIN + b"\n".join(lines) + b"\n" + END


def _unarmoured(armour: bytes) -> bytes:
    if not armour.startswith(BEGIN) or not armour.endswith(END):
        raise SignatureError(t("no SSH signature, or something around its armour"))
    try:
        blob = binascii.a2b_base64(armour[len(BEGIN) : -len(END)])
    except binascii.Error:
        raise SignatureError(t("the armour holds no base64")) from None
    # One comparison instead of a rule for every way to write the same bytes differently.
    if armoured(blob) != armour:
        raise SignatureError(t("the armour is not as ssh-keygen writes it, in lines of 70 characters"))
    return blob


def _parse(blob: bytes) -> tuple[bytes, bytes, bytes]:
    """Key, name of the message hash and signature field of an SSHSIG blob; its other fields have one value each."""
    if not blob.startswith(_VERSION_1):
        raise SignatureError(t("no SSH signature of version 1"))
    try:
        encoded_key, namespace, reserved, hash_name, signature = fields(blob, 5, start=len(_VERSION_1))
    except FormatError as error:
        raise SignatureError(error.what) from None
    if namespace != NAMESPACE:
        raise SignatureError(t("a signature for the namespace {name}; git was expected", name=_shown(namespace)))
    if reserved:
        raise SignatureError(t("a signature whose reserved field is not empty"))
    return encoded_key, hash_name, signature


@lru_cache(maxsize=4096)
def _loaded(encoded_key: bytes) -> tuple[PublicKey, _Check]:
    """A key and its check, ready for use: loading a key into OpenSSL costs about as much as a verification."""
    key = public_key(encoded_key)
    _, *parts = fields(encoded_key, _FIELDS.get(key.kind, 3))
    match key.kind:
        case "ssh-ed25519":
            check = _ed25519(parts[0], key.kind)
        case "ssh-rsa":
            check = _rsa(parts[0], parts[1])
        case "sk-ssh-ed25519@openssh.com":
            check = _security_key(_ed25519(parts[0], key.kind), parts[1])
        case "sk-ecdsa-sha2-nistp256@openssh.com":
            check = _security_key(_ecdsa(parts[0], parts[1], key.kind), parts[2])
        case _:
            check = _ecdsa(parts[0], parts[1], key.kind)
    return key, check


def _ed25519(point: bytes, kind: str) -> _Check:
    loaded = ed25519.Ed25519PublicKey.from_public_bytes(point)

    def check(signed: bytes, signature: bytes) -> None:
        raw = _of_type(signature, kind)
        if len(raw) != 64:
            raise SignatureError(t("an ed25519 signature of {count} bytes; 64 were expected", count=len(raw)))
        loaded.verify(raw, signed)

    return check


def _ecdsa(curve_name: bytes, point: bytes, kind: str) -> _Check:
    curve = curve_name.decode("ascii")
    loaded = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[curve], point)
    algorithm, order = ec.ECDSA(_CURVE_HASHES[curve]), CURVES[curve].group_order

    def check(signed: bytes, signature: bytes) -> None:
        raw = _of_type(signature, kind)
        r, s = (positive(number) for number in fields(raw, 2))
        if r >= order or s >= order:
            raise SignatureError(t("an ECDSA signature whose numbers are over the order of the curve"))
        loaded.verify(encode_dss_signature(r, s), signed, algorithm)

    return check


def _rsa(exponent: bytes, modulus: bytes) -> _Check:
    n = positive(modulus)
    loaded = rsa.RSAPublicNumbers(positive(exponent), n).public_key()
    size = (n.bit_length() + 7) // 8
    # The type names the hash inside the RSA signature; the message hash of SSHSIG is a choice of its own, and OpenSSH
    # asks for no relation between the two. A signature of type "ssh-rsa" would be SHA-1.
    algorithms: dict[bytes, hashes.HashAlgorithm] = {b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}

    def check(signed: bytes, signature: bytes) -> None:
        name, raw = fields(signature, 2)
        algorithm = algorithms.get(name)
        if algorithm is None:
            raise SignatureError(
                t("an RSA signature of type {type}; rsa-sha2-256 or -512 was expected", type=_shown(name))
            )
        if len(raw) != size:
            raise SignatureError(
                t(
                    "an RSA signature of {count} bytes; {size}, as the modulus has, were expected",
                    count=len(raw),
                    size=size,
                )
            )
        loaded.verify(raw, signed, padding.PKCS1v15(), algorithm)

    return check


def _security_key(inner: _Check, application: bytes) -> _Check:
    """The check of a key on a FIDO token, which signs its own state with the message (PROTOCOL.u2f)."""
    application_digest = hashlib.sha256(application).digest()

    def check(signed: bytes, signature: bytes) -> None:
        plain, state = signature[:-5], signature[-5:]  # state: one byte of flags, four of a counter
        if len(state) != 5:
            raise SignatureError(t("a security key's signature without flags and counter"))
        if not state[0] & _USER_PRESENT:
            raise SignatureError(t("made by a security key that nobody touched; the user-present flag was expected"))
        inner(application_digest + state + hashlib.sha256(signed).digest(), plain)

    return check


def _of_type(signature: bytes, kind: str) -> bytes:
    """What follows the type in a signature field of two strings, the first of which is `kind`."""
    name, raw = fields(signature, 2)
    if name != kind.encode("ascii"):
        raise SignatureError(t("a signature of type {type} by a key that makes {kind}", type=_shown(name), kind=kind))
    return raw


def _shown(name: bytes) -> str:
    """A name from an untrusted signature, fit to print."""
    return repr(name[:40].decode("ascii", "backslashreplace"))
