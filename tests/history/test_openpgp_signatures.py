"""OpenPGP signatures: what gpg and Sequoia make is accepted in one encoding; weak, doubtful or padded ones are not."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import FormatError, SignatureError
from review.formats.openpgp_certificates import certificate_fingerprint, parse_certificate
from review.formats.openpgp_packets import armoured, framings, packets
from review.history.commits import parse_commit
from review.history.openpgp_signatures import available, verify

pysequoia = pytest.importorskip("pysequoia")

PAYLOAD = (
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a\ncommitter a\n\nSign-off: head approve 签发\n".encode()
)
SIGNATURE, PUBLIC_KEY = "SIGNATURE", "PUBLIC KEY BLOCK"
SUITES = ("Cv25519", "P256", "P384", "P521", "RSA3k")
FLIPS = (0x01, 0x20, 0x80, 0xFF)


def refused(armour: bytes, certificates: dict[str, bytes], payload: bytes = PAYLOAD) -> str:
    """The reason; fails where there is none."""
    with pytest.raises(SignatureError) as caught:
        verify(armour, payload, certificates)
    if not caught.value.what:
        pytest.fail("a refusal without a reason")
    return caught.value.what


def accepted(armour: bytes, certificates: dict[str, bytes], payload: bytes = PAYLOAD) -> bool:
    try:
        return bool(verify(armour, payload, certificates))
    except SignatureError:
        return False


def blob_of(armour: bytes) -> bytes:
    return base64.b64decode(b"".join(line for line in armour.splitlines()[2:-1] if line[:1] != b"="))


def armour_of(blob: bytes) -> bytes:
    return armoured(blob, SIGNATURE, checksum=True)


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A key made by Sequoia, with its certificate."""

    tsk: Any
    certificate: bytes
    name: str

    @property
    def only(self) -> dict[str, bytes]:
        return {self.name: self.certificate}

    @property
    def fingerprint(self) -> str:
        return f"OPENPGP:{self.tsk.extract_certificate().fingerprint.upper()}"

    def sign(self, payload: bytes = PAYLOAD) -> bytes:
        return bytes(pysequoia.sign(self.tsk.signer(), payload, mode=pysequoia.SignatureMode.DETACHED))


@cache
def signer(suite: str = "Cv25519", profile: str = "RFC4880", name: str = "them", validity: int | None = None) -> Signer:
    """The same key each time for the same arguments."""
    tsk = pysequoia.Tsk.generate(
        f"{name} <{name}@example.org>",
        cipher_suite=getattr(pysequoia.CipherSuite, suite),
        profile=getattr(pysequoia.Profile, profile),
        validity_seconds=validity,
    )
    return Signer(tsk=tsk, certificate=str(tsk.extract_certificate()).encode(), name=name)


# What is accepted.


@pytest.mark.parametrize("profile", ["RFC4880", "RFC9580"])
@pytest.mark.parametrize("suite", SUITES)
def test_a_signature_by_each_kind_of_key_names_its_certificate(suite: str, profile: str) -> None:
    them = signer(suite, profile)
    assert verify(them.sign(), PAYLOAD, them.only) == {them.fingerprint}
    assert certificate_fingerprint(them.certificate) == them.fingerprint


@pytest.mark.parametrize("kind", ["ed25519", "nistp256", "rsa3072"])
def test_a_signature_by_gpg_names_its_certificate(kind: str, gpg: Any) -> None:
    name = f"{kind}@example.org"
    certificate = gpg.make(name, kind)
    printed = gpg("--with-colons", "--list-keys", name).decode()
    fingerprint = next(line for line in printed.splitlines() if line.startswith("fpr:")).split(":")[9]
    assert verify(gpg.sign(name, PAYLOAD), PAYLOAD, {"x": certificate}) == {f"OPENPGP:{fingerprint}"}
    assert certificate_fingerprint(certificate) == f"OPENPGP:{fingerprint}"


def test_a_commit_signed_with_git_and_gpg_verifies(gpg: Any, shell: Callable[..., bytes], tmp_path: Path) -> None:
    certificate = gpg.make("git@example.org", "ed25519")
    options = ("user.name=x", "user.email=git@example.org", "user.signingKey=git@example.org")
    settings_ = [part for option in options for part in ("-c", option)]
    env = {"GNUPGHOME": str(gpg.home)}
    shell("git", "init", "-q", cwd=tmp_path)
    shell("git", *settings_, "commit", "-q", "-S", "--allow-empty", "-m", "签发", cwd=tmp_path, env=env)
    found = parse_commit(shell("git", "cat-file", "commit", "HEAD", cwd=tmp_path))
    if found.signature is None:
        pytest.fail("no signature found")
    assert verify(found.signature, found.payload, {"x": certificate}) == {certificate_fingerprint(certificate)}


def test_the_right_certificate_is_found_among_others() -> None:
    them, other, third = signer(), signer(name="other"), signer("P256", name="third")
    certificates = other.only | them.only | third.only
    assert verify(them.sign(), PAYLOAD, certificates) == {them.fingerprint}
    assert verify(third.sign(), PAYLOAD, certificates) == {third.fingerprint}


def test_a_certificate_that_cannot_be_read_vouches_for_nothing_and_disturbs_nothing() -> None:
    them = signer()
    assert verify(them.sign(), PAYLOAD, {"broken": b"x", **them.only}) == {them.fingerprint}
    assert "in no certificate" in refused(them.sign(), {"broken": them.certificate[:-40]})


def test_one_certificate_under_two_names_is_one() -> None:
    them = signer()
    longer = them.tsk.extract_certificate().add_user_id("second <x@example.org>", them.tsk.certifier())
    assert verify(them.sign(), PAYLOAD, {"a": them.certificate, "b": str(longer).encode()}) == {them.fingerprint}


# What is refused.


@pytest.mark.parametrize(("suite", "profile"), [(suite, "RFC4880") for suite in SUITES] + [("Cv25519", "RFC9580")])
def test_no_byte_of_a_signature_is_free_but_the_framing(suite: str, profile: str) -> None:
    """The first byte, old or new framing, is the one freedom OpenPGP leaves; version 6 does not leave even that."""
    them = signer(suite, profile)
    checksum = profile == "RFC4880"
    blob = blob_of(them.sign())
    step = 5 if suite == "RSA3k" else 1
    for at in range(0, len(blob), step):
        for flip in FLIPS:
            changed = blob[:at] + bytes((blob[at] ^ flip,)) + blob[at + 1 :]
            assert not accepted(armoured(changed, SIGNATURE, checksum=checksum), them.only), (at, flip)
    kind, body = packets(blob)[0]
    for framed in framings(kind, body):
        assert accepted(armoured(framed, SIGNATURE, checksum=checksum), them.only) is (checksum or framed == blob)


def test_no_byte_of_a_signature_by_gpg_is_free_but_the_framing(gpg: Any) -> None:
    certificates = {"x": gpg.make("free@example.org", "ed25519")}
    blob = blob_of(gpg.sign("free@example.org", PAYLOAD))
    for at in range(len(blob)):
        for byte in {blob[at] ^ flip for flip in FLIPS} | set(range(256) if at < 12 else ()):
            changed = blob[:at] + bytes((byte,)) + blob[at + 1 :]
            free = changed in framings(*packets(blob)[0])
            assert accepted(armour_of(changed), certificates) is free, (at, byte)


def test_no_byte_of_the_armour_is_free() -> None:
    them = signer()
    armour = them.sign()
    assert accepted(armour, them.only)
    for at in range(len(armour) + 1):
        for byte in b"A=+ \n\r\t\0-\xff":
            new = bytes((byte,))
            for changed in (armour[:at] + new + armour[at + 1 :], armour[:at] + new + armour[at:]):
                assert changed == armour or not accepted(changed, them.only), (at, byte)
        assert at == len(armour) or not accepted(armour[:at] + armour[at + 1 :], them.only), at


def test_no_byte_of_the_payload_is_free() -> None:
    them = signer()
    armour = them.sign()
    for at in range(len(PAYLOAD)):
        changed = PAYLOAD[:at] + bytes((PAYLOAD[at] ^ 1,)) + PAYLOAD[at + 1 :]
        assert refused(armour, them.only, changed) == "the commit was altered after it was signed"
    assert not accepted(armour, them.only, PAYLOAD + b"\n")
    assert not accepted(armour, them.only, PAYLOAD.replace(b"\n", b"\r\n"))


def test_nothing_may_stand_around_or_in_the_armour() -> None:
    them = signer()
    armour = them.sign()
    begin = b"-----BEGIN PGP SIGNATURE-----\n"
    body = base64.b64encode(blob_of(armour))
    wrong = {
        "text before": b"x\n" + armour,
        "text after": armour + b"x\n",
        "an empty line after": armour + b"\n",
        "no last line end": armour[:-1],
        "CR LF": armour.replace(b"\n", b"\r\n"),
        "a comment": armour.replace(begin, begin + b"Comment: anything\n"),
        "a version": armour.replace(begin, begin + b"Version: GnuPG v2\n"),
        "one long line": begin + b"\n" + body + b"\n-----END PGP SIGNATURE-----\n",
        "two blocks": armour + armour,
        "another label": armour.replace(b"PGP SIGNATURE", b"PGP MESSAGE"),
        "empty": b"",
    }
    for changed in wrong.values():
        refused(changed, them.only)


def test_exactly_one_packet_is_needed(gpg: Any) -> None:
    """Neither two signatures, nor one with another packet beside it, nor none."""
    them = signer()
    blob = blob_of(them.sign())
    marker, literal = b"\xca\x03PGP", b"\xcb\x07b\0\0\0\0\0x"
    for changed in (blob + blob, blob + marker, marker + blob, literal + blob, b"", marker, blob[:-1], blob + b"\0"):
        refused(armour_of(changed), them.only)
    certificates = {name: gpg.make(f"{name}@example.org", "ed25519") for name in ("first", "second")}
    both = gpg.sign("first@example.org", PAYLOAD, "-u", "second@example.org")
    assert "2 OpenPGP packets" in refused(both, certificates)


def test_lengths_in_other_than_the_shortest_form_are_refused() -> None:
    them = signer()
    kind, body = packets(blob_of(them.sign()))[0]
    size = len(body)
    for head in (
        bytes((0xC0 | kind, 0xFF)) + size.to_bytes(4, "big"),
        bytes((0x80 | kind << 2 | 1,)) + size.to_bytes(2, "big"),
        bytes((0x80 | kind << 2 | 2,)) + size.to_bytes(4, "big"),
    ):
        assert "shortest form" in refused(armour_of(head + body), them.only)
    for head in (bytes((0x80 | kind << 2 | 3,)), bytes((0xC0 | kind, 0xE7))):
        refused(armour_of(head + body), them.only)


# Signatures made by hand, with the secret part of a key that Sequoia made.


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Makes version 4 signatures with any content, validly signed by a subkey of `who`."""

    who: Signer
    private: ed25519.Ed25519PrivateKey
    fingerprint: bytes
    born: int

    def armour(
        self,
        *,
        kind: int = 0x00,
        hash_number: int = 8,
        hash_name: str = "sha256",
        after: int = 1,
        more: bytes = b"",
        hashed: bytes | None = None,
        unhashed: bytes | None = None,
        start: bytes | None = None,
        version: int = 4,
    ) -> bytes:
        """`after` is the signature's date, in seconds after the key's; `more` further signed subpackets."""
        created = b"\x05\x02" + (self.born + after).to_bytes(4, "big")
        named = b"\x16\x21\x04" + self.fingerprint
        area = created + named + more if hashed is None else hashed
        covered = bytes((version, kind, 22, hash_number)) + len(area).to_bytes(2, "big") + area
        trailer = bytes((version, 0xFF)) + len(covered).to_bytes(4, "big")
        digest = hashlib.new(hash_name, PAYLOAD + covered + trailer).digest()
        free = b"\x09\x10" + self.fingerprint[-8:] if unhashed is None else unhashed
        raw = self.private.sign(digest)
        numbers = b"".join(self.mpi(raw[at : at + 32]) for at in (0, 32))
        body = covered + len(free).to_bytes(2, "big") + free + (digest[:2] if start is None else start) + numbers
        return armour_of(framings(2, body)[0])

    @staticmethod
    def mpi(raw: bytes) -> bytes:
        number = int.from_bytes(raw, "big")
        return number.bit_length().to_bytes(2, "big") + number.to_bytes((number.bit_length() + 7) // 8, "big")


def by_hand(who: Signer) -> ByHand:
    """The first subkey that Sequoia makes is the one for signing; its secret is the MPI before the checksum."""
    body = next(body for kind, body in packets(bytes(who.tsk)) if kind == 7)
    public_size = 6 + 1 + body[6] + 2 + 33
    public, secret = body[:public_size], body[public_size:]
    if secret[0] != 0:
        pytest.fail("an encrypted secret key")
    size = (int.from_bytes(secret[1:3], "big") + 7) // 8
    private = ed25519.Ed25519PrivateKey.from_private_bytes(secret[3 : 3 + size].rjust(32, b"\0"))
    if private.public_key().public_bytes_raw() != public[-32:]:
        pytest.fail("the secret key was read wrongly")
    fingerprint = hashlib.sha1(b"\x99" + len(public).to_bytes(2, "big") + public, usedforsecurity=False).digest()
    return ByHand(who=who, private=private, fingerprint=fingerprint, born=int.from_bytes(body[1:5], "big"))


@pytest.fixture(scope="module")
def hand() -> ByHand:
    return by_hand(signer())


@pytest.mark.parametrize(
    ("number", "name"), [(8, "sha256"), (9, "sha384"), (10, "sha512"), (12, "sha3_256"), (14, "sha3_512")]
)
def test_sha_2_and_sha_3_are_accepted(number: int, name: str, hand: ByHand) -> None:
    armour = hand.armour(hash_number=number, hash_name=name)
    assert verify(armour, PAYLOAD, hand.who.only) == {hand.who.fingerprint}


@pytest.mark.parametrize(("number", "name"), [(1, "md5"), (2, "sha1"), (11, "sha224"), (3, "sha256"), (99, "sha256")])
def test_weak_and_unknown_hashes_are_refused(number: int, name: str, hand: ByHand) -> None:
    assert f"hash {number}" in refused(hand.armour(hash_number=number, hash_name=name), hand.who.only)


def test_sha_1_by_gpg_is_refused(gpg: Any) -> None:
    certificates = {"x": gpg.make("sha1@example.org", "rsa3072")}
    assert accepted(gpg.sign("sha1@example.org", PAYLOAD, "--digest-algo", "SHA512"), certificates)
    assert "SHA-1" in refused(gpg.sign("sha1@example.org", PAYLOAD, "--digest-algo", "SHA1"), certificates)


@pytest.mark.parametrize("kind", [0x01, 0x02, 0x10, 0x13, 0x18, 0x1F, 0x20, 0x40, 0x50])
def test_only_a_binary_signature_is_one(kind: int, hand: ByHand) -> None:
    assert f"type 0x{kind:02x}" in refused(hand.armour(kind=kind), hand.who.only)


def test_a_text_signature_by_gpg_is_refused(gpg: Any) -> None:
    certificates = {"x": gpg.make("text@example.org", "ed25519")}
    assert "type 0x01" in refused(gpg.sign("text@example.org", PAYLOAD, "--textmode"), certificates)


@pytest.mark.parametrize("version", [2, 3, 5, 7])
def test_other_versions_are_refused(version: int, hand: ByHand) -> None:
    assert "version" in refused(hand.armour(version=version), hand.who.only)


def test_nobody_can_write_into_the_unsigned_part(hand: ByHand) -> None:
    """Empty, another key id, twice, a notation, or the id where the signed part has it: all refused."""
    own = b"\x09\x10" + hand.fingerprint[-8:]
    named = b"\x16\x21\x04" + hand.fingerprint
    notation = b"\x0b\x14\x80\0\0\0\0\x01\0\x01xy"
    for unhashed in (b"", b"\x09\x10" + bytes(8), own + own, own + notation, notation, named, own + b"\x01\x7f"):
        assert "unsigned part" in refused(hand.armour(unhashed=unhashed), hand.who.only)
    assert "unsigned part" in refused(hand.armour(unhashed=b"\xff\0\0\0\x09" + own[1:]), hand.who.only)
    assert "unsigned part" in refused(hand.armour(unhashed=b"\x09\x90" + own[2:]), hand.who.only)
    assert "unsigned part" in refused(hand.armour(more=own), hand.who.only)
    assert accepted(hand.armour(more=own, unhashed=b""), hand.who.only)
    assert accepted(hand.armour(), hand.who.only)


def test_the_key_and_the_date_must_be_named_in_the_signed_part_once(hand: ByHand) -> None:
    created, named = b"\x05\x02" + (hand.born + 1).to_bytes(4, "big"), b"\x16\x21\x04" + hand.fingerprint
    assert accepted(hand.armour(hashed=created + named), hand.who.only)
    for hashed in (created, named, b"", created * 2 + named, created + named * 2):
        assert "once each" in refused(hand.armour(hashed=hashed), hand.who.only)
    for other in (b"\x16\x21\x06" + hand.fingerprint, b"\x15\x21\x04" + hand.fingerprint[1:], b"\x01\x21"):
        assert "another version" in refused(hand.armour(hashed=created + other), hand.who.only)
    for broken in (b"\x00", b"\xff", b"\x7f\x02", b"\xc0"):
        refused(hand.armour(hashed=created + named + broken), hand.who.only)


def test_the_repeated_start_of_the_digest_must_be_right(hand: ByHand) -> None:
    assert "altered" in refused(hand.armour(start=b"\0\0"), hand.who.only)


def test_a_signed_part_that_sequoia_does_not_know_and_must_heed_is_refused(hand: ByHand) -> None:
    """A critical subpacket of an unknown type, or a critical notation."""
    for more in (b"\x02\xfe\x00", b"\x0b\x94\x80\0\0\0\0\x01\0\x01xy"):
        assert "does not hold" in refused(hand.armour(more=more), hand.who.only)
    assert accepted(hand.armour(more=b"\x0b\x14\x80\0\0\0\0\x01\0\x01xy"), hand.who.only)


# Time.


def test_a_signature_that_expires_is_refused_however_late(hand: ByHand) -> None:
    """Otherwise the verdict would change with the day."""
    for seconds in (1, 2**32 - 1):
        assert "expires" in refused(hand.armour(more=b"\x05\x03" + seconds.to_bytes(4, "big")), hand.who.only)


def test_a_signature_dated_ahead_of_the_clock_does_not_hold_yet(hand: ByHand) -> None:
    """The one thing that the clock decides; up to half an hour is forgiven."""
    assert accepted(hand.armour(after=60), hand.who.only)
    assert "its date lies ahead" in refused(hand.armour(after=2 * 86400), hand.who.only)


def test_a_signature_older_than_its_key_is_refused(hand: ByHand) -> None:
    assert not accepted(hand.armour(after=-10), hand.who.only)


def test_an_expired_certificate_still_vouches_for_what_was_signed_before(gpg: Any) -> None:
    """The key of 2020 had a year to live; what it signed in 2020 holds today, what it signed in 2022 does not."""
    name = "expired@example.org"
    certificate = gpg.make(name, "ed25519", "--faked-system-time", "20200101T000000", validity="1y")
    then = gpg.sign(name, PAYLOAD, "--faked-system-time", "20200601T000000")
    assert verify(then, PAYLOAD, {"x": certificate}) == {certificate_fingerprint(certificate)}
    short = signer(name="short", validity=5)
    made = by_hand(short)
    assert accepted(made.armour(after=1), short.only)
    assert not accepted(made.armour(after=10), short.only)


def test_a_revoked_certificate_vouches_for_nothing() -> None:
    them = signer(name="revoked")
    certificate = them.tsk.extract_certificate()
    revocation = certificate.revoke(them.tsk.certifier())
    revoked = pysequoia.Cert.from_bytes(bytes(certificate) + bytes(revocation))
    armour = them.sign()
    assert accepted(armour, them.only)
    assert not accepted(armour, {"x": str(revoked).encode()})


# Keys.


def test_a_key_in_no_certificate_is_refused_by_its_fingerprint() -> None:
    them = signer()
    assert "in no certificate of the policy" in refused(them.sign(), signer(name="other").only)
    assert "in no certificate of the policy" in refused(them.sign(), {})


def test_a_certificate_with_a_weak_primary_key_vouches_for_nothing() -> None:
    weak = signer("RSA2k")
    refused(weak.sign(), weak.only)
    with pytest.raises(FormatError, match="RSA key of 2048 bits; 3072 or more"):
        certificate_fingerprint(weak.certificate)


def test_a_weak_subkey_of_a_strong_certificate_signs_nothing(gpg: Any) -> None:
    gpg("--quick-generate-key", "sub@example.org", "ed25519", "cert", "never")
    printed = gpg("--with-colons", "--list-keys", "sub@example.org").decode()
    fingerprint = next(line for line in printed.splitlines() if line.startswith("fpr:")).split(":")[9]
    gpg("--quick-add-key", fingerprint, "rsa2048", "sign")
    certificate = gpg("--armor", "--export", "sub@example.org")
    assert certificate_fingerprint(certificate) == f"OPENPGP:{fingerprint}"
    assert "RSA key of 2048 bits" in refused(gpg.sign("sub@example.org", PAYLOAD), {"x": certificate})


def test_a_subkey_copied_into_another_certificate_gives_it_no_signature() -> None:
    """Nobody can claim another person's signatures by adding that person's subkey, and its binding, to their own."""
    them, thief = signer(), signer(name="thief")
    theirs = packets(bytes(them.tsk.extract_certificate()))
    first = next(at for at, (kind, _) in enumerate(theirs) if kind == 14)
    stolen = bytes(thief.tsk.extract_certificate()) + b"".join(framings(*packet)[1] for packet in theirs[first:])
    armour = armoured(stolen, PUBLIC_KEY, checksum=True)
    assert certificate_fingerprint(armour) == thief.fingerprint
    assert "does not hold" in refused(them.sign(), {"thief": armour})
    assert verify(them.sign(), PAYLOAD, {"thief": armour, **them.only}) == {them.fingerprint}


def test_a_certificate_without_the_binding_of_its_subkey_vouches_for_nothing() -> None:
    them = signer()
    found = packets(bytes(them.tsk.extract_certificate()))
    first = next(at for at, (kind, _) in enumerate(found) if kind == 14)
    bare = b"".join(framings(*packet)[1] for packet in found[: first + 1])
    assert not accepted(them.sign(), {"x": armoured(bare, PUBLIC_KEY, checksum=True)})


# Certificates.


def test_a_certificate_must_be_one_armoured_block_of_public_keys() -> None:
    them = signer()
    plain = bytes(them.tsk.extract_certificate())
    other = bytes(signer(name="other").tsk.extract_certificate())
    wrong = {
        "two in one block": armoured(plain + other, PUBLIC_KEY, checksum=True),
        "two blocks": them.certificate + signer(name="other").certificate,
        "text before": b"x\n" + them.certificate,
        "text after": them.certificate + b"x\n",
        "CR LF": them.certificate.replace(b"\n", b"\r\n"),
        "not armoured": plain,
        "a signature": them.sign(),
        "cut off": armoured(plain[:-3], PUBLIC_KEY, checksum=True),
        "nothing": armoured(b"", PUBLIC_KEY, checksum=True),
        "a user id first": armoured(b"\xcd\x01x" + plain, PUBLIC_KEY, checksum=True),
        "a literal packet in it": armoured(plain + b"\xcb\x07b\0\0\0\0\0x", PUBLIC_KEY, checksum=True),
        "a wrong checksum": armoured(plain, PUBLIC_KEY, checksum=True).replace(b"\n=", b"\n=AAAA\n", 1),
        "empty": b"",
    }
    for armour in wrong.values():
        with pytest.raises(FormatError):
            certificate_fingerprint(armour)


def test_a_private_key_is_refused_by_name_however_it_is_armoured() -> None:
    them = signer()
    for armour in (str(them.tsk).encode(), armoured(bytes(them.tsk), PUBLIC_KEY, checksum=True)):
        with pytest.raises(FormatError, match="private key; it must never be shared"):
            certificate_fingerprint(armour)


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_certificate_is_read_with_comments_and_with_or_without_its_last_line_end(ending: bytes) -> None:
    them = signer()
    assert b"\nComment: " in them.certificate
    assert certificate_fingerprint(them.certificate.rstrip(b"\n") + ending) == them.fingerprint


def test_the_fingerprints_of_subkeys_are_sequoias() -> None:
    for profile in ("RFC4880", "RFC9580"):
        certificate = signer(profile=profile).tsk.extract_certificate()
        pile = pysequoia.packet.PacketPile.from_bytes(bytes(certificate))
        theirs = {packet.fingerprint for packet in pile if packet.fingerprint}
        assert set(parse_certificate(str(certificate).encode()).keys) == theirs


@given(at=st.integers(0, 10**6), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_damaged_certificate_gives_a_format_error_or_no_wrong_signer(at: int, byte: int) -> None:
    them = signer()
    plain = bytearray(bytes(them.tsk.extract_certificate()))
    plain[at % len(plain)] = byte
    armour = armoured(bytes(plain), PUBLIC_KEY, checksum=True)
    try:
        name = certificate_fingerprint(armour)
    except FormatError:
        assert not accepted(them.sign(), {"x": armour})
        return
    with contextlib.suppress(SignatureError):
        assert verify(them.sign(), PAYLOAD, {"x": armour}) == {name}


@given(st.binary(max_size=120), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_are_refused_with_a_reason(blob: bytes, whole: bool) -> None:
    them = signer()
    framed = blob if whole else framings(2, b"\x04\x00\x16\x08" + blob)[0]
    refused(armour_of(framed), them.only)
    refused(blob, them.only)
    with pytest.raises(FormatError):
        certificate_fingerprint(armoured(blob, PUBLIC_KEY, checksum=whole))


# Without the extra.


def test_without_pysequoia_a_signature_is_refused_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    them = signer()
    armour = them.sign()
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    assert not available()
    with pytest.raises(SignatureError) as caught:
        verify(armour, PAYLOAD, them.only)
    assert caught.value.hint == "run: pip install 'qianfa[openpgp]'"
    assert certificate_fingerprint(them.certificate) == them.fingerprint


def test_with_pysequoia_it_is_available() -> None:
    assert available()


def test_the_modules_import_without_pysequoia_and_do_not_load_it_unasked() -> None:
    program = "import sys; import review.history.openpgp_signatures; sys.exit('pysequoia' in sys.modules)"
    blocked = "import sys; sys.modules['pysequoia'] = None; import review.history.openpgp_signatures"
    path = str(Path(sys.modules[verify.__module__].__file__ or "").parents[2])
    for text in (program, blocked):
        subprocess.run((sys.executable, "-c", text), env={"PYTHONPATH": path}, check=True)
