"""Read SSH public keys as `people.yaml` names them. Must not accept a weak key, or one key in two spellings."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec

from review.errors import FormatError
from review.formats.ssh_wire import fields, positive
from review.messages import listed, t

RSA_BITS = 3072
RSA_BITS_MOST = 16384  # neither OpenSSH nor OpenSSL verifies with more

CURVES: dict[str, ec.EllipticCurve] = {
    "nistp256": ec.SECP256R1(),
    "nistp384": ec.SECP384R1(),
    "nistp521": ec.SECP521R1(),
}

KINDS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key that may sign. Whatever holds such a value holds a key that section 6 of the record format allows.

    `blob` is the key in SSH's binary form, `kind` the type named in it, `fingerprint` what `ssh-keygen -l` prints.
    Two values are equal exactly when they are the same key.
    """

    blob: bytes = field(repr=False)
    kind: str = field(init=False, compare=False)
    fingerprint: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """FormatError for bytes that are no key, or a weak one."""
        object.__setattr__(self, "kind", _checked_kind(self.blob))
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii")
        object.__setattr__(self, "fingerprint", f"SHA256:{digest.rstrip('=')}")

    def text(self) -> str:
        """`type base64`, the one spelling of this key."""
        return f"{self.kind} {base64.b64encode(self.blob).decode('ascii')}"


def parse_public_key(text: str) -> PublicKey:
    """The key of one line `type base64 [comment]`, as in a `.pub` file, without its line end. FormatError otherwise."""
    hint = t("give the one line of the person's .pub file, for example ~/.ssh/id_ed25519.pub")
    if "PRIVATE KEY" in text:
        raise FormatError(t("a private key; it must never be shared"), hint=hint)
    if not text.isprintable():
        raise FormatError(t("a public key with a line break or another unprintable character"), hint=hint)
    kind, _, rest = text.partition(" ")
    encoded, space, comment = rest.partition(" ")
    if kind not in KINDS:
        kinds = listed(KINDS)
        if "-cert-v" in kind:
            raise FormatError(t("a certificate; one of {kinds} was expected", kinds=kinds), hint=hint)
        shown = repr(kind[:60])
        raise FormatError(t("a key of type {kind}; one of {kinds} was expected", kind=shown, kinds=kinds), hint=hint)
    if not encoded or (space and not comment.strip()):
        raise FormatError(t("not of the form `type base64 comment` with single spaces"), hint=hint)
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise FormatError(t("the part after the type is no base64"), hint=hint) from None
    # Unused bits at the end and missing padding would be a second spelling of the same key.
    if base64.b64encode(blob).decode("ascii") != encoded:
        raise FormatError(t("the part after the type is not the usual base64 of its bytes"), hint=hint)
    key = public_key(blob)
    if key.kind != kind:
        raise FormatError(t("the line says {said}, the key itself says {kind}", said=kind, kind=key.kind), hint=hint)
    return key


@lru_cache(maxsize=4096)
def public_key(blob: bytes) -> PublicKey:
    """The key in `blob`; the same value every time, for checking a key costs as much as checking a signature."""
    return PublicKey(blob=blob)


def _checked_kind(blob: bytes) -> str:
    """The type of the key in `blob`, once every byte of it has been accounted for."""
    length = int.from_bytes(blob[:4], "big")
    kind = blob[4 : 4 + length].decode("latin-1") if 0 < length <= 40 else ""
    if kind == "ssh-ed25519":
        check_ed25519_point(fields(blob, 2)[1])
    elif kind == "sk-ssh-ed25519@openssh.com":
        _, point, application = fields(blob, 3)
        check_ed25519_point(point)
        _check_application(application)
    elif kind == "ssh-rsa":
        _, exponent, modulus = fields(blob, 3)
        check_rsa(positive(modulus), positive(exponent))
    elif kind == "sk-ecdsa-sha2-nistp256@openssh.com":
        _, curve, point, application = fields(blob, 4)
        _check_ecdsa_point(curve, "nistp256", point)
        _check_application(application)
    elif kind in KINDS:
        _, curve, point = fields(blob, 3)
        _check_ecdsa_point(curve, kind.removeprefix("ecdsa-sha2-"), point)
    else:
        raise FormatError(t("a key of a type that is not allowed; one of {kinds} was expected", kinds=listed(KINDS)))
    return kind


def check_rsa(modulus: int, exponent: int) -> None:
    """FormatError for an RSA key that is too small, too large for the usual programs, or no RSA key at all."""
    bits = modulus.bit_length()
    if bits < RSA_BITS:
        hint = t("make a new key: ssh-keygen -t ed25519")
        raise FormatError(t("RSA key of {bits} bits; {least} or more are needed", bits=bits, least=RSA_BITS), hint=hint)
    if bits > RSA_BITS_MOST:
        raise FormatError(t("RSA key of {bits} bits; {most} or fewer are supported", bits=bits, most=RSA_BITS_MOST))
    # 64 bits is where OpenSSL stops; PuTTY made keys with 37, so small exponents cannot be refused.
    if modulus % 2 == 0 or exponent % 2 == 0 or not 3 <= exponent < 1 << 64:
        raise FormatError(t("RSA key whose modulus or exponent is even, or whose exponent is 1 or over 64 bits"))


def _check_ecdsa_point(curve: bytes, expected: str, point: bytes) -> None:
    if curve != expected.encode("ascii"):
        raise FormatError(t("ECDSA key on another curve than its type says; {curve} was expected", curve=expected))
    # OpenSSH writes points uncompressed only; the compressed form would be a second blob for the same key.
    size = (CURVES[expected].key_size + 7) // 8
    if len(point) != 1 + 2 * size or point[0] != 0x04:
        raise FormatError(t("ECDSA key that is no uncompressed point of {count} bytes", count=1 + 2 * size))
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVES[expected], point)
    except ValueError:
        raise FormatError(t("ECDSA key that is no point of the curve {curve}", curve=expected)) from None


def _check_application(application: bytes) -> None:
    # ssh-keygen makes no others; a NUL would end the text early for programs in C.
    if not application.startswith(b"ssh:") or b"\0" in application:
        raise FormatError(t('security key made for something else than SSH; its application must begin with "ssh:"'))


_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_Y8 = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16)
_Y_OF_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})  # of order 4, 1, 2, 8 and 8


def check_ed25519_point(point: bytes) -> None:
    """FormatError unless `point` is the encoding of a point of edwards25519 (RFC 8032) that is not of small order.

    OpenSSL takes any 32 bytes. With a point of small order one signature fits every message, whoever made it.
    """
    if len(point) != 32:
        raise FormatError(t("ed25519 key of {count} bytes; 32 were expected", count=len(point)))
    number = int.from_bytes(point, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    # On the curve x² is (y² - 1)/(dy² + 1); by Euler, whether the product, and so the quotient, is a square.
    square = pow((y * y - 1) * (_D * y * y + 1), (_P - 1) // 2, _P)
    if y >= _P or square not in (0, 1) or (square == 0 and sign):
        raise FormatError(t("ed25519 key that is no point of the curve, or not in its usual form"))
    if y in _Y_OF_SMALL_ORDER:
        raise FormatError(t("ed25519 key of small order, with which anyone's signature would fit"))
