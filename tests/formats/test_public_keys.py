"""Public keys: every allowed kind is read, every other spelling, size and shape is refused."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats.public_keys import KINDS, PublicKey, check_ed25519_point, parse_public_key, public_key
from review.formats.ssh_wire import field

VECTORS = Path(__file__).parents[1] / "vectors" / "commits" / "commits.json"
P = 2**255 - 19


def mpint(number: int) -> bytes:
    return field(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def line(kind: str, *parts: bytes) -> str:
    blob = field(kind.encode()) + b"".join(parts)
    return f"{kind} {base64.b64encode(blob).decode()}"


POINT = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
CURVES: dict[str, ec.EllipticCurve] = {
    "nistp256": ec.SECP256R1(),
    "nistp384": ec.SECP384R1(),
    "nistp521": ec.SECP521R1(),
}


def ec_point(curve: str, form: PublicFormat = PublicFormat.UncompressedPoint) -> bytes:
    return ec.derive_private_key(7, CURVES[curve]).public_key().public_bytes(Encoding.X962, form)


@pytest.fixture(scope="module")
def modulus() -> int:
    return rsa.generate_private_key(65537, 3072).public_key().public_numbers().n


@pytest.fixture(scope="module")
def one_of_each(modulus: int) -> dict[str, str]:
    """One good key line of each kind."""
    ecdsa = {
        f"ecdsa-sha2-{curve}": line(f"ecdsa-sha2-{curve}", field(curve.encode()), field(ec_point(curve)))
        for curve in CURVES
    }
    sk_ed, sk_ec = "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"
    return ecdsa | {
        "ssh-ed25519": line("ssh-ed25519", field(POINT)),
        "ssh-rsa": line("ssh-rsa", mpint(65537), mpint(modulus)),
        sk_ed: line(sk_ed, field(POINT), field(b"ssh:")),
        sk_ec: line(sk_ec, field(b"nistp256"), field(ec_point("nistp256")), field(b"ssh:qianfa")),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_of_every_allowed_kind_is_read_and_written_back_unchanged(kind: str, one_of_each: dict[str, str]) -> None:
    text = one_of_each[kind]
    key = parse_public_key(text)
    assert (key.kind, key.text()) == (kind, text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_fingerprint_is_what_ssh_keygen_prints(kind: str, one_of_each: dict[str, str]) -> None:
    printed = subprocess.run(
        ("ssh-keygen", "-l", "-f", "-"), input=one_of_each[kind].encode(), capture_output=True, check=True
    )
    assert parse_public_key(one_of_each[kind]).fingerprint == printed.stdout.split()[1].decode()


@pytest.mark.parametrize(
    "arguments",
    [("ed25519",), ("ecdsa", "-b", "256"), ("ecdsa", "-b", "384"), ("ecdsa", "-b", "521"), ("rsa",)],
    ids=str,
)
def test_a_pub_file_as_ssh_keygen_writes_it_is_read(arguments: tuple[str, ...], tmp_path: Path) -> None:
    command = ("ssh-keygen", "-q", "-t", *arguments, "-N", "", "-C", "李华 on this desk", "-f", str(tmp_path / "key"))
    subprocess.run(command, check=True)
    text = (tmp_path / "key.pub").read_text("utf-8").removesuffix("\n")
    assert text.startswith(parse_public_key(text).text() + " ")


def test_the_keys_of_the_worked_examples_are_read_and_the_weak_one_is_refused() -> None:
    for entry in json.loads(VECTORS.read_text()):
        if entry["file"] == "rsa-2048.commit":
            with pytest.raises(FormatError, match="2048 bits; 3072 or more"):
                parse_public_key(entry["key"])
        else:
            assert parse_public_key(entry["key"]).text() == entry["key"]


def test_equal_keys_are_equal_whatever_their_comment() -> None:
    text = line("ssh-ed25519", field(POINT))
    assert {parse_public_key(text), parse_public_key(f"{text} a comment")} == {parse_public_key(text)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_has_no_spelling_but_one(kind: str, one_of_each: dict[str, str]) -> None:
    """Nothing can be put before, between or after its parts, and base64 has no second form of the same bytes."""
    name, encoded = one_of_each[kind].split(" ")
    unpadded = encoded.rstrip("=")
    wrong = [
        f" {name} {encoded}",
        f"{name}  {encoded}",
        f"{name}\t{encoded}",
        f"{name} {encoded}\n",
        f"{name} {encoded}\r",
        f"{name} {encoded} ",
        f"{name} {encoded}\u200b",
        f"{name} {encoded} a\nb",
        f"{name} {encoded}=",
        f"{name} {encoded[:-4]}",
        f"{name} {encoded[:8]} {encoded[8:]}",
        f"{name.upper()} {encoded}",
        f"no-touch-required {name} {encoded}",
        name,
        encoded,
        "",
    ]
    if unpadded != encoded:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        spare = unpadded[:-1] + alphabet[alphabet.index(unpadded[-1]) | 1]
        wrong += [f"{name} {unpadded}", f"{name} {spare}{'=' * (len(encoded) - len(unpadded))}"]
    for text in wrong:
        with pytest.raises(FormatError):
            parse_public_key(text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_more_or_less_makes_a_key(kind: str, one_of_each: dict[str, str]) -> None:
    blob = base64.b64decode(one_of_each[kind].split(" ")[1])
    for other in (blob + b"\0", blob[:-1], b"\0" + blob, blob[1:], blob + blob, b""):
        with pytest.raises(FormatError):
            PublicKey(blob=other)


def test_the_type_of_the_line_must_be_the_type_in_the_key(one_of_each: dict[str, str]) -> None:
    for outer in KINDS:
        for inner in KINDS:
            if outer != inner:
                with pytest.raises(FormatError, match=r"the line says|type"):
                    parse_public_key(f"{outer} {one_of_each[inner].split(' ')[1]}")


@pytest.mark.parametrize(
    "kind", ["ssh-dss", "ssh-ed448", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", "rsa-sha2-512"]
)
def test_other_kinds_of_key_are_refused(kind: str) -> None:
    with pytest.raises(FormatError, match=r"one of ssh-ed25519, .* was expected"):
        parse_public_key(line(kind, field(POINT)))
    with pytest.raises(FormatError, match="not allowed"):
        PublicKey(blob=field(kind.encode()) + field(POINT))


def test_a_certificate_is_refused_by_name() -> None:
    with pytest.raises(FormatError, match="a certificate"):
        parse_public_key(line("ssh-ed25519-cert-v01@openssh.com", field(POINT)))


def test_a_private_key_is_refused_by_name() -> None:
    with pytest.raises(FormatError, match="private key; it must never be shared"):
        parse_public_key("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n")


def rsa_line(modulus: int, exponent: int = 65537) -> str:
    return line("ssh-rsa", mpint(exponent), mpint(modulus))


@pytest.mark.parametrize("bits", [512, 1024, 2048, 3071])
def test_an_rsa_key_under_3072_bits_is_refused_with_both_numbers(bits: int) -> None:
    with pytest.raises(FormatError, match=f"RSA key of {bits} bits; 3072 or more are needed"):
        parse_public_key(rsa_line((1 << bits) - 1))


def test_an_rsa_key_over_16384_bits_is_refused() -> None:
    with pytest.raises(FormatError, match="16385 bits"):
        parse_public_key(rsa_line((1 << 16385) - 1))


@pytest.mark.parametrize("exponent", [1, 2, 4, 65536, (1 << 64) + 1])
def test_an_rsa_exponent_that_is_even_or_one_or_huge_is_refused(exponent: int, modulus: int) -> None:
    with pytest.raises(FormatError, match="exponent"):
        parse_public_key(rsa_line(modulus, exponent))


@pytest.mark.parametrize("exponent", [3, 37, 65537])
def test_the_exponents_that_programs_have_used_are_accepted(exponent: int, modulus: int) -> None:
    assert parse_public_key(rsa_line(modulus, exponent)).kind == "ssh-rsa"


def test_an_even_modulus_is_refused(modulus: int) -> None:
    with pytest.raises(FormatError, match="even"):
        parse_public_key(rsa_line(modulus + 1))


def test_rsa_numbers_have_one_form(modulus: int) -> None:
    """No leading zero bytes beyond the one that keeps a number positive, no negative number, no zero."""
    raw = modulus.to_bytes(384, "big")
    for number in (raw, b"\0\0" + raw, b"", b"\0"):
        with pytest.raises(FormatError, match="shortest form"):
            parse_public_key(line("ssh-rsa", mpint(65537), field(number)))
    for number in (b"\0\x01\0\x01", b"", b"\0", b"\x81"):
        with pytest.raises(FormatError, match="shortest form"):
            parse_public_key(line("ssh-rsa", field(number), mpint(modulus)))


@pytest.mark.parametrize("curve", CURVES)
def test_an_ecdsa_key_must_be_an_uncompressed_point_of_its_curve(curve: str) -> None:
    good = ec_point(curve)
    size = (len(good) - 1) // 2
    x = int.from_bytes(good[1 : 1 + size], "big")
    wrong = {
        "compressed": ec_point(curve, PublicFormat.CompressedPoint),
        "hybrid": bytes((6 | good[-1] & 1,)) + good[1:],
        "at infinity": b"\0",
        "infinity, padded": b"\0" * len(good),
        "off the curve": good[:-1] + bytes((good[-1] ^ 1,)),
        "short": good[:-1],
        "long": good + b"\0",
        "all ones": b"\x04" + b"\xff" * (2 * size),
        "x + 1": b"\x04" + (x + 1).to_bytes(size, "big") + good[1 + size :],
    }
    for point in wrong.values():
        with pytest.raises(FormatError, match="point"):
            parse_public_key(line(f"ecdsa-sha2-{curve}", field(curve.encode()), field(point)))


def test_an_ecdsa_coordinate_over_the_prime_of_the_field_is_refused() -> None:
    """x and x + p would be one point in two spellings; (5, y) is on P-256, and 5 + p still fits into 32 bytes."""
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x02" + (5).to_bytes(32, "big"))
    y = public.public_numbers().y
    for x, fine in ((5, True), (5 + p, False)):
        point = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        text = line("ecdsa-sha2-nistp256", field(b"nistp256"), field(point))
        if fine:
            assert parse_public_key(text).kind == "ecdsa-sha2-nistp256"
        else:
            with pytest.raises(FormatError, match="no point"):
                parse_public_key(text)


def test_an_ecdsa_key_must_be_on_the_curve_that_its_type_names() -> None:
    with pytest.raises(FormatError, match="nistp256 was expected"):
        parse_public_key(line("ecdsa-sha2-nistp256", field(b"nistp384"), field(ec_point("nistp384"))))


SMALL_ORDER = [
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "00" * 32,
    "00" * 31 + "80",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_an_ed25519_point_of_small_order_is_refused(point: str) -> None:
    """All eight of them: with such a key one signature fits every commit."""
    with pytest.raises(FormatError, match="small order"):
        parse_public_key(line("ssh-ed25519", field(bytes.fromhex(point))))


@pytest.mark.parametrize("y", [P, P + 1, P + 2, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_an_ed25519_point_has_one_encoding(y: int, sign: int) -> None:
    with pytest.raises(FormatError):
        check_ed25519_point((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("point", ["01" + "00" * 30 + "80", "ec" + "ff" * 31])
def test_a_sign_on_a_zero_is_refused(point: str) -> None:
    with pytest.raises(FormatError, match="no point"):
        check_ed25519_point(bytes.fromhex(point))


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=100, deadline=None)
def test_every_real_ed25519_key_is_accepted(seed: bytes) -> None:
    check_ed25519_point(ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def test_half_of_all_numbers_are_no_ed25519_point() -> None:
    refused = 0
    for y in range(2, 202):
        try:
            check_ed25519_point(y.to_bytes(32, "little"))
        except FormatError:
            refused += 1
    assert 60 < refused < 140


@pytest.mark.parametrize("application", [b"", b"https://example.org", b"ssh", b"SSH:", b"ssh:\0", b"ssh:a\0b"])
def test_a_security_key_made_for_something_else_is_refused(application: bytes) -> None:
    with pytest.raises(FormatError, match="application"):
        parse_public_key(line("sk-ssh-ed25519@openssh.com", field(POINT), field(application)))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_gives_a_key_or_a_format_error(text: str) -> None:
    with contextlib.suppress(FormatError):
        assert parse_public_key(text).text() == " ".join(text.split(" ")[:2])


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_give_a_key_or_a_format_error(blob: bytes) -> None:
    for prefix in (b"", *(field(kind.encode()) for kind in KINDS)):
        try:
            key = PublicKey(blob=prefix + blob)
        except FormatError:
            continue
        assert key.blob == prefix + blob


def test_a_key_is_checked_once_and_then_remembered(one_of_each: dict[str, str]) -> None:
    blob = base64.b64decode(one_of_each["ssh-ed25519"].split(" ")[1])
    assert public_key(blob) is public_key(bytes(bytearray(blob)))
