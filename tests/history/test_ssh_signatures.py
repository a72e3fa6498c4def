"""SSH signatures: what holds is accepted, in one encoding only, and nothing is accepted that ssh-keygen refuses."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.errors import SignatureError
from review.formats.public_keys import PublicKey
from review.formats.ssh_wire import field, fields, positive
from review.history.commits import parse_commit
from review.history.ssh_signatures import armoured, verify

PAYLOAD = (
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a\ncommitter a\n\nSign-off: head approve 签发\n".encode()
)
FLIPS = (0x01, 0x20, 0x80, 0xFF)
STRONG = ("ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-3072")
FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(armour: bytes, payload: bytes = PAYLOAD) -> str:
    """The reason; fails where there is none."""
    with pytest.raises(SignatureError) as caught:
        verify(armour, payload)
    if not caught.value.what:
        pytest.fail("a refusal without a reason")
    return caught.value.what


def accepted(armour: bytes, payload: bytes = PAYLOAD) -> bool:
    try:
        verify(armour, payload)
    except SignatureError:
        return False
    return True


def blob_of(armour: bytes) -> bytes:
    return base64.b64decode(b"".join(armour.splitlines()[1:-1]))


def parts_of(armour: bytes) -> list[bytes]:
    """Key, namespace, reserved, message hash, signature."""
    return fields(blob_of(armour), 5, start=10)


def assembled(parts: list[bytes], *, head: bytes = b"SSHSIG\0\0\0\x01", tail: bytes = b"") -> bytes:
    return armoured(head + b"".join(field(part) for part in parts) + tail)


def mpint(number: int) -> bytes:
    return field(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def to_be_signed(message_hash: str = "sha512", payload: bytes = PAYLOAD, namespace: bytes = b"git") -> bytes:
    digest = hashlib.new(message_hash, payload).digest()
    return b"SSHSIG" + field(namespace) + field(b"") + field(message_hash.encode()) + field(digest)


@pytest.fixture(scope="session")
def signed(ssh: Any) -> dict[str, bytes]:
    """The armour of a signature of PAYLOAD by a key of every allowed kind that ssh-keygen makes without hardware."""
    return {name: ssh.sign(name, PAYLOAD) for name in STRONG}


# The worked examples.


def entries() -> list[dict[str, Any]]:
    file = Path(__file__).parents[1] / "vectors" / "commits" / "commits.json"
    found: list[dict[str, Any]] = json.loads(file.read_text())
    return found


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: str(entry["file"]))
def test_every_worked_example_gets_the_verdict_it_is_published_with(entry: dict[str, Any], vectors: Path) -> None:
    commit = parse_commit((vectors / entry["file"]).read_bytes())
    try:
        valid = commit.signature is not None and verify(commit.signature, commit.payload).text() == entry["key"]
    except SignatureError:
        valid = False
    assert valid is entry["valid"], entry["why"]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: str(entry["file"]))
def test_ssh_keygen_agrees_about_every_worked_example_but_the_weak_key(
    entry: dict[str, Any], vectors: Path, ssh: Any
) -> None:
    """Our rule on RSA keys is stricter than OpenSSH's default; all other verdicts are the same."""
    commit = parse_commit((vectors / entry["file"]).read_bytes())
    theirs = commit.signature is not None and ssh.accepts(commit.signature, commit.payload, entry["key"])
    assert theirs is (entry["valid"] or entry["file"] == "rsa-2048.commit")


# What is accepted.


@pytest.mark.parametrize("message_hash", ["sha256", "sha512"])
@pytest.mark.parametrize("name", STRONG)
def test_a_signature_by_each_kind_of_key_names_its_key(name: str, message_hash: str, ssh: Any) -> None:
    """Both message hashes go with every key: for RSA too, whose own hash is a separate choice."""
    key = verify(ssh.sign(name, PAYLOAD, message_hash=message_hash), PAYLOAD)
    assert (key.text(), key.fingerprint) == (ssh.line(name), ssh.fingerprint(ssh.line(name)))


@pytest.mark.parametrize("size", [0, 1, 69, 70, 1000])
def test_a_payload_of_any_length_can_be_signed(size: int, ssh: Any) -> None:
    assert verify(ssh.sign("ed25519", b"x" * size), b"x" * size).text() == ssh.line("ed25519")


@pytest.mark.parametrize("size", range(0, 215, 3))
def test_armour_is_what_ssh_keygen_would_write_for_any_number_of_bytes(size: int) -> None:
    lines = armoured(bytes(size)).split(b"\n")
    assert (lines[0], lines[-2], lines[-1]) == (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----", b"")
    assert all(len(line) == 70 for line in lines[1:-3])
    assert base64.b64decode(b"".join(lines[1:-2])) == bytes(size)


# What is refused.


def test_no_byte_of_an_ed25519_signature_is_free(signed: dict[str, bytes]) -> None:
    """Every byte of the blob, changed in several ways, spoils it."""
    blob = blob_of(signed["ed25519"])
    for at in range(len(blob)):
        for flip in FLIPS:
            changed = blob[:at] + bytes((blob[at] ^ flip,)) + blob[at + 1 :]
            assert not accepted(armoured(changed)), (at, flip)


def test_no_byte_of_the_armour_is_free(signed: dict[str, bytes]) -> None:
    """Every byte of the armour, replaced, left out or preceded by another, spoils it."""
    armour = signed["ed25519"]
    for at in range(len(armour) + 1):
        for byte in b"A=+ \n\r\t\0-\xff":
            new = bytes((byte,))
            for changed in (armour[:at] + new + armour[at + 1 :], armour[:at] + new + armour[at:]):
                assert changed == armour or not accepted(changed), (at, byte)
        assert at == len(armour) or not accepted(armour[:at] + armour[at + 1 :]), at


def test_no_byte_of_the_payload_is_free(signed: dict[str, bytes]) -> None:
    for at in range(len(PAYLOAD)):
        for flip in FLIPS:
            changed = PAYLOAD[:at] + bytes((PAYLOAD[at] ^ flip,)) + PAYLOAD[at + 1 :]
            assert not accepted(signed["ed25519"], changed), (at, flip)
    assert not accepted(signed["ed25519"], PAYLOAD + b"\n")
    assert not accepted(signed["ed25519"], PAYLOAD[:-1])


@given(data=st.data())
@FAST
def test_no_byte_of_any_kind_of_signature_is_free(data: st.DataObject, signed: dict[str, bytes]) -> None:
    """A change of one byte of blob, armour or payload is refused, for every kind of key."""
    armour = signed[data.draw(st.sampled_from(STRONG))]
    target = data.draw(st.sampled_from(["blob", "armour", "payload"]))
    old = {"blob": blob_of(armour), "armour": armour, "payload": PAYLOAD}[target]
    at = data.draw(st.integers(0, len(old) - 1))
    new = old[:at] + bytes((data.draw(st.integers(0, 255).filter(lambda byte: byte != old[at])),)) + old[at + 1 :]
    if target == "payload":
        refused(armour, new)
    else:
        refused(armoured(new) if target == "blob" else new)


@given(data=st.data())
@FAST
def test_any_bytes_at_all_are_refused_with_a_reason(data: st.DataObject) -> None:
    blob = data.draw(st.binary(max_size=120))
    head = data.draw(st.sampled_from([b"", b"SSHSIG", b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x01\0\0\0\x33"]))
    refused(data.draw(st.sampled_from([blob, armoured(head + blob)])))


@pytest.mark.parametrize("name", STRONG)
def test_whatever_ssh_keygen_refuses_among_many_changes_is_refused(
    name: str, ssh: Any, signed: dict[str, bytes]
) -> None:
    """Bytes changed here and there all over the blob and the armour: what we accept, ssh-keygen accepts."""
    blob, armour, line = blob_of(signed[name]), signed[name], ssh.line(name)
    assert ssh.accepts(armour, PAYLOAD, line)
    changed = [armoured(blob[:at] + bytes((blob[at] ^ 1,)) + blob[at + 1 :]) for at in range(0, len(blob), 11)]
    changed += [armour[:at] + b"A" + armour[at + 1 :] for at in range(0, len(armour), 29)]
    for other in changed:
        theirs = ssh.accepts(other, PAYLOAD, line)
        assert theirs or not accepted(other)
    assert not accepted(armour, PAYLOAD + b" ")
    assert not ssh.accepts(armour, PAYLOAD + b" ", line)


def test_looser_armour_that_ssh_keygen_takes_is_refused(ssh: Any, signed: dict[str, bytes]) -> None:
    """One blob has one armour here, though OpenSSH reads several."""
    armour, line = signed["ed25519"], ssh.line("ed25519")
    body = base64.b64encode(blob_of(armour))
    loose = {
        "one long line": armour.splitlines()[0] + b"\n" + body + b"\n-----END SSH SIGNATURE-----\n",
        "text after it": armour + b"anything\n",
        "an empty line in it": armour.replace(b"\n", b"\n\n", 1),
        "no last line end": armour[:-1],
        "two of them": armour + armour,
        "CR LF": armour.replace(b"\n", b"\r\n"),
    }
    assert sum(ssh.accepts(other, PAYLOAD, line) for other in loose.values()) >= 3
    for other in loose.values():
        assert "armour" in refused(other)


@pytest.mark.parametrize("namespace", ["file", "git ", "gi", "GIT", "email"])
def test_a_signature_for_another_namespace_is_refused_by_name(namespace: str, ssh: Any) -> None:
    assert repr(namespace) in refused(ssh.sign("ed25519", PAYLOAD, namespace=namespace))


def test_an_rsa_key_of_2048_bits_is_refused(ssh: Any) -> None:
    assert refused(ssh.sign("rsa-2048", PAYLOAD)) == "RSA key of 2048 bits; 3072 or more are needed"


def test_every_field_has_its_one_value(signed: dict[str, bytes]) -> None:
    """Version, magic, reserved field, message hash and length are fixed, signed or not."""
    key, namespace, reserved, message_hash, signature = parts_of(signed["ed25519"])
    good = [key, namespace, reserved, message_hash, signature]
    assert accepted(assembled(good))
    assert "version 1" in refused(assembled(good, head=b"SSHSIG\0\0\0\x02"))
    assert "version 1" in refused(assembled(good, head=b"SSHSIH\0\0\0\x01"))
    assert "follow the last field" in refused(assembled(good, tail=b"\0"))
    assert "reserved" in refused(assembled([key, namespace, b"x", message_hash, signature]))
    assert "follow the last field" in refused(assembled([key, namespace, reserved, message_hash, signature + b"\0"]))
    assert "follow the last field" in refused(assembled([key + b"\0", namespace, reserved, message_hash, signature]))
    for other in (b"md5", b"sha1", b"sha384", b"SHA512", b"sha512\0", b""):
        assert "message hash" in refused(assembled([key, namespace, reserved, other, signature]))
    for size in range(len(blob_of(signed["ed25519"]))):
        refused(armoured(blob_of(signed["ed25519"])[:size]))


def test_a_signature_over_a_reserved_field_is_refused_even_if_its_maker_signed_it() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    key = field(b"ssh-ed25519") + field(private.public_key().public_bytes_raw())
    digest = hashlib.sha512(PAYLOAD).digest()
    covered = b"SSHSIG" + field(b"git") + field(b"x") + field(b"sha512") + field(digest)
    signature = field(b"ssh-ed25519") + field(private.sign(covered))
    assert "reserved" in refused(assembled([key, b"git", b"x", b"sha512", signature]))


@pytest.mark.parametrize("message_hash", ["md5", "sha1", "sha384"])
def test_a_weak_or_unknown_message_hash_is_refused_even_if_its_maker_signed_it(message_hash: str) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    key = field(b"ssh-ed25519") + field(private.public_key().public_bytes_raw())
    signature = field(b"ssh-ed25519") + field(private.sign(to_be_signed(message_hash)))
    assert "message hash" in refused(assembled([key, b"git", b"", message_hash.encode(), signature]))


def test_the_type_of_the_signature_must_be_one_that_the_key_makes(signed: dict[str, bytes]) -> None:
    kinds = ["ssh-rsa", "rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-dss", ""]
    for name in STRONG:
        *rest, signature = parts_of(signed[name])
        own, raw = fields(signature, 2)
        for kind in kinds:
            if kind.encode() != own:
                refused(assembled([*rest, field(kind.encode()) + field(raw)]))


def test_another_persons_key_on_a_signature_is_refused(signed: dict[str, bytes]) -> None:
    other = PublicKey(
        blob=field(b"ssh-ed25519") + field(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    )
    assert "another key" in refused(assembled([other.blob, *parts_of(signed["ed25519"])[1:]]))


def test_a_certificate_as_the_key_is_refused(signed: dict[str, bytes]) -> None:
    key, *rest = parts_of(signed["ed25519"])
    point = fields(key, 2)[1]
    certificate = field(b"ssh-ed25519-cert-v01@openssh.com") + field(b"nonce") + field(point) + bytes(8)
    assert "not allowed" in refused(assembled([certificate, *rest]))


def test_an_ed25519_signature_moved_by_the_order_of_the_group_is_refused(signed: dict[str, bytes]) -> None:
    """(R, s + L) fits the same equation; RFC 8032 refuses it."""
    *rest, signature = parts_of(signed["ed25519"])
    kind, raw = fields(signature, 2)
    order = 2**252 + 27742317777372353535851937790883648493
    moved = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    refused(assembled([*rest, field(kind) + field(moved)]))


def test_a_key_of_small_order_signs_for_nobody() -> None:
    """With the neutral element as key, (R, s) = (B, 1) fits every commit ever made, were it not refused."""
    base = bytes.fromhex("58" + "66" * 31)
    key = field(b"ssh-ed25519") + field(b"\x01" + bytes(31))
    signature = field(b"ssh-ed25519") + field(base + b"\x01" + bytes(31))
    ed25519.Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31)).verify(base + b"\x01" + bytes(31), PAYLOAD)
    assert "small order" in refused(assembled([key, b"git", b"", b"sha512", signature]))


@pytest.mark.parametrize("name", ["ecdsa-256", "ecdsa-384", "ecdsa-521"])
def test_the_numbers_of_an_ecdsa_signature_have_one_form_and_one_range(name: str, signed: dict[str, bytes]) -> None:
    *rest, signature = parts_of(signed[name])
    kind, raw = fields(signature, 2)
    r, s = (positive(number) for number in fields(raw, 2))
    curves = {"ecdsa-256": ec.SECP256R1(), "ecdsa-384": ec.SECP384R1(), "ecdsa-521": ec.SECP521R1()}
    order = curves[name].group_order

    def with_numbers(*numbers: bytes) -> bytes:
        return assembled([*rest, field(kind) + field(b"".join(numbers))])

    assert accepted(with_numbers(mpint(r), mpint(s)))
    zeros = field(b"\0\0" + s.to_bytes((s.bit_length() + 7) // 8, "big"))
    wrong = [
        with_numbers(mpint(r), zeros),
        with_numbers(mpint(r), field(b"")),
        with_numbers(field(b"\0"), mpint(s)),
        with_numbers(mpint(r), mpint(s + order)),
        with_numbers(mpint(r + order), mpint(s)),
        with_numbers(mpint(order), mpint(s)),
        with_numbers(mpint(r), mpint(order)),
        with_numbers(mpint(r), field(b"\xff" + bytes(31))),
        with_numbers(mpint(r), mpint(s), b"\0"),
        with_numbers(mpint(r)),
        with_numbers(mpint(s), mpint(r)),
    ]
    for armour in wrong:
        refused(armour)


@pytest.mark.parametrize("name", ["ecdsa-256", "ecdsa-384", "ecdsa-521"])
def test_the_second_form_of_an_ecdsa_signature_holds_here_and_in_openssh(
    name: str, ssh: Any, signed: dict[str, bytes]
) -> None:
    """(r, n - s): OpenSSH makes either, so both hold. Known, and of no consequence: the statement stays the same."""
    *rest, signature = parts_of(signed[name])
    kind, raw = fields(signature, 2)
    r, s = (positive(number) for number in fields(raw, 2))
    order = {"ecdsa-256": ec.SECP256R1(), "ecdsa-384": ec.SECP384R1(), "ecdsa-521": ec.SECP521R1()}[name].group_order
    twin = assembled([*rest, field(kind) + field(mpint(r) + mpint(order - s))])
    assert verify(twin, PAYLOAD).text() == ssh.line(name)
    assert ssh.accepts(twin, PAYLOAD, ssh.line(name))


# RSA signatures that ssh-keygen does not make.


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def rsa_blob(private: rsa.RSAPrivateKey) -> bytes:
    numbers = private.public_key().public_numbers()
    return field(b"ssh-rsa") + mpint(numbers.e) + mpint(numbers.n)


@pytest.mark.parametrize("message_hash", ["sha256", "sha512"])
@pytest.mark.parametrize("bits", [256, 512])
def test_either_rsa_hash_goes_with_either_message_hash(
    message_hash: str, bits: int, rsa_key: rsa.RSAPrivateKey, ssh: Any
) -> None:
    """As in OpenSSH, which asks for no relation between the two."""
    algorithm = {256: hashes.SHA256(), 512: hashes.SHA512()}[bits]
    raw = rsa_key.sign(to_be_signed(message_hash), padding.PKCS1v15(), algorithm)
    signature = field(f"rsa-sha2-{bits}".encode()) + field(raw)
    armour = assembled([rsa_blob(rsa_key), b"git", b"", message_hash.encode(), signature])
    assert verify(armour, PAYLOAD).kind == "ssh-rsa"
    assert ssh.accepts(armour, PAYLOAD, PublicKey(blob=rsa_blob(rsa_key)).text())


def test_an_rsa_signature_with_sha_1_is_refused(rsa_key: rsa.RSAPrivateKey) -> None:
    raw = rsa_key.sign(to_be_signed(), padding.PKCS1v15(), hashes.SHA1())
    armour = assembled([rsa_blob(rsa_key), b"git", b"", b"sha512", field(b"ssh-rsa") + field(raw)])
    assert "'ssh-rsa'; rsa-sha2-256 or -512" in refused(armour)


def test_an_rsa_signature_of_another_scheme_or_hash_than_it_names_is_refused(rsa_key: rsa.RSAPrivateKey) -> None:
    pss = padding.PSS(padding.MGF1(hashes.SHA512()), 64)
    for raw in (
        rsa_key.sign(to_be_signed(), pss, hashes.SHA512()),
        rsa_key.sign(to_be_signed(), padding.PKCS1v15(), hashes.SHA256()),
    ):
        signature = field(b"rsa-sha2-512") + field(raw)
        refused(assembled([rsa_blob(rsa_key), b"git", b"", b"sha512", signature]))


def test_an_rsa_signature_is_exactly_as_long_as_the_modulus(rsa_key: rsa.RSAPrivateKey, ssh: Any) -> None:
    """OpenSSH pads a shorter one with zeros; here the zero belongs in it, so that there is one form."""
    for serial in range(5000):
        payload = PAYLOAD + str(serial).encode()
        raw = rsa_key.sign(to_be_signed(payload=payload), padding.PKCS1v15(), hashes.SHA512())
        if raw[0] == 0:
            break
    else:
        pytest.fail("no signature with a leading zero found")

    def with_raw(value: bytes) -> bytes:
        return assembled([rsa_blob(rsa_key), b"git", b"", b"sha512", field(b"rsa-sha2-512") + field(value)])

    line = PublicKey(blob=rsa_blob(rsa_key)).text()
    assert accepted(with_raw(raw), payload)
    assert ssh.accepts(with_raw(raw), payload, line)
    assert ssh.accepts(with_raw(raw[1:]), payload, line)
    assert "383 bytes; 384" in refused(with_raw(raw[1:]), payload)
    assert "385 bytes; 384" in refused(with_raw(b"\0" + raw), payload)
    over = int.from_bytes(raw, "big") + rsa_key.public_key().public_numbers().n
    if over.bit_length() <= 3072:
        refused(with_raw(over.to_bytes(384, "big")), payload)


# Security keys, in software: PROTOCOL.u2f.


@dataclass(frozen=True, kw_only=True)
class Token:
    """A FIDO token that can do what a real one cannot: sign with any flags and counter, untouched."""

    kind: str
    blob: bytes
    raw: Callable[[bytes], bytes]
    application: bytes = b"ssh:"

    def signature(self, *, flags: int = 0x01, counter: int = 7, application: bytes | None = None) -> bytes:
        state = bytes((flags,)) + counter.to_bytes(4, "big")
        named = hashlib.sha256(self.application if application is None else application).digest()
        covered = named + state + hashlib.sha256(to_be_signed()).digest()
        return field(self.kind.encode()) + field(self.raw(covered)) + state

    def armour(self, signature: bytes) -> bytes:
        return assembled([self.blob, b"git", b"", b"sha512", signature])


def ed25519_token(application: bytes = b"ssh:") -> Token:
    private, kind = ed25519.Ed25519PrivateKey.generate(), "sk-ssh-ed25519@openssh.com"
    blob = field(kind.encode()) + field(private.public_key().public_bytes_raw()) + field(application)
    return Token(kind=kind, blob=blob, raw=private.sign, application=application)


def ecdsa_token() -> Token:
    private, kind = ec.generate_private_key(ec.SECP256R1()), "sk-ecdsa-sha2-nistp256@openssh.com"
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    blob = field(kind.encode()) + field(b"nistp256") + field(point) + field(b"ssh:")

    def raw(covered: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(covered, ec.ECDSA(hashes.SHA256())))
        return mpint(r) + mpint(s)

    return Token(kind=kind, blob=blob, raw=raw)


@pytest.fixture(scope="module", params=[ed25519_token, ecdsa_token], ids=["sk-ssh-ed25519", "sk-ecdsa"])
def token(request: pytest.FixtureRequest) -> Token:
    made: Token = request.param()
    return made


@pytest.mark.parametrize("flags", [0x01, 0x05])
@pytest.mark.parametrize("counter", [0, 7, 0xFFFFFFFF])
def test_a_touched_security_key_signs_here_and_in_openssh(token: Token, flags: int, counter: int, ssh: Any) -> None:
    armour = token.armour(token.signature(flags=flags, counter=counter))
    assert verify(armour, PAYLOAD).kind == token.kind
    assert ssh.accepts(armour, PAYLOAD, PublicKey(blob=token.blob).text())


@pytest.mark.parametrize("flags", [0x00, 0x04, 0xFE])
def test_a_security_key_that_nobody_touched_signs_nothing(token: Token, flags: int) -> None:
    assert "user-present" in refused(token.armour(token.signature(flags=flags)))


def test_the_application_of_a_security_key_is_part_of_what_it_signs() -> None:
    token = ed25519_token(b"ssh:qianfa")
    assert accepted(token.armour(token.signature()))
    assert not accepted(token.armour(token.signature(application=b"ssh:")))


def test_no_byte_of_a_security_keys_signature_is_free(token: Token) -> None:
    blob = blob_of(token.armour(token.signature()))
    for at in range(len(blob)):
        for flip in FLIPS:
            assert not accepted(armoured(blob[:at] + bytes((blob[at] ^ flip,)) + blob[at + 1 :])), (at, flip)


def test_a_security_keys_signature_has_its_five_bytes_of_state_and_no_more(token: Token) -> None:
    good = token.signature()
    for signature in (good[:-1], good[:-5], good + b"\0", good + good[-5:], b"", good[-5:], good[-4:]):
        refused(token.armour(signature))


def test_a_plain_signature_by_the_key_inside_a_security_key_is_refused() -> None:
    """Without the token's state around it, it is not one that a token made."""
    private, kind = ed25519.Ed25519PrivateKey.generate(), b"sk-ssh-ed25519@openssh.com"
    blob = field(kind) + field(private.public_key().public_bytes_raw()) + field(b"ssh:")
    for name in (kind, b"ssh-ed25519"):
        for state in (b"", b"\x01\0\0\0\x07"):
            signature = field(name) + field(private.sign(to_be_signed())) + state
            refused(assembled([blob, b"git", b"", b"sha512", signature]))
