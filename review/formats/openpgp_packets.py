"""Take OpenPGP data apart: armour, packets, numbers (RFC 9580). Verifies nothing, and must not repair what it reads."""

from __future__ import annotations

import binascii
import re

from review.errors import FormatError
from review.messages import t

_LINE = 64
_ARMOUR = re.compile(
    rb"-----BEGIN PGP ([A-Z ]+)-----\n"
    rb"((?:[A-Za-z]+: [^\n]*\n)*)\n"
    rb"((?:[A-Za-z0-9+/=]+\n)+?)"
    rb"(=[A-Za-z0-9+/]{4}\n)?"
    rb"-----END PGP \1-----\n"
)


def armoured(data: bytes, label: str, *, checksum: bool) -> bytes:
    """`data` as GnuPG and Sequoia armour it: no headers, base64 in lines of 64 characters, the CRC-24 if asked for."""
    text = binascii.b2a_base64(data, newline=False)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    if checksum:
        lines.append(b"=" + binascii.b2a_base64(_crc24(data).to_bytes(3, "big"), newline=False))
    name = label.encode("ascii")
    return b"-----BEGIN PGP %b-----\n\n%b\n-----END PGP %b-----\n" % (name, b"\n".join(lines), name)


def unarmoured(armour: bytes, label: str) -> tuple[bytes, bool]:
    """The data of one armoured block, and whether a CRC-24 (a right one) came with them.

    Comments in the armour and lines of other lengths are let through; whoever must not have them armours the data
    again and compares.
    """
    found = _ARMOUR.fullmatch(armour)
    if found is None or found[1] != label.encode("ascii"):
        raise FormatError(t("not one armoured {label}, with nothing around it", label=label))
    text = found[3].replace(b"\n", b"")
    try:
        data = binascii.a2b_base64(text)
    except binascii.Error:
        raise FormatError(t("the armour holds no base64")) from None
    if binascii.b2a_base64(data, newline=False) != text:
        raise FormatError(t("the armour does not hold the usual base64 of its bytes"))
    if found[4] and binascii.a2b_base64(found[4][1:-1]) != _crc24(data).to_bytes(3, "big"):
        raise FormatError(t("the checksum of the armour is wrong"))
    return data, bool(found[4])


def packets(data: bytes) -> list[tuple[int, bytes]]:
    """Type and body of every packet of `data`, in order. Lengths must be known in advance: no partial packets."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        head = data[at]
        if head & 0xC0 == 0xC0:
            kind = head & 0x3F
            length, begin = _new_length(data, at + 1)
        elif head & 0xC0 == 0x80 and head & 0x03 != 3:
            kind = head >> 2 & 0x0F
            begin = at + 1 + (1 << (head & 0x03))
            length = int.from_bytes(data[at + 1 : begin], "big")
        else:
            raise FormatError(t("what should be an OpenPGP packet is none, or does not give its length"))
        at = begin + length
        if at > len(data):
            raise FormatError(t("the data end in the middle of an OpenPGP packet"))
        found.append((kind, data[begin:at]))
    return found


def framings(kind: int, body: bytes) -> tuple[bytes, bytes]:
    """The packet in the shortest old and new framing, as GnuPG writes the one and Sequoia the other."""
    size = len(body)
    width = 0 if size < 1 << 8 else 1 if size < 1 << 16 else 2
    old = bytes((0x80 | kind << 2 | width,)) + size.to_bytes(1 << width, "big") + body
    return old, bytes((0xC0 | kind,)) + _new_length_of(size) + body


def subpackets(area: bytes) -> list[tuple[int, bytes]]:
    """Type (without its critical bit) and body of every subpacket of a signature's area."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(area):
        length, begin = _new_length(area, at, subpacket=True)
        at = begin + length
        if length == 0 or at > len(area):
            raise FormatError(t("the data end in the middle of a subpacket"))
        found.append((area[begin] & 0x7F, area[begin + 1 : at]))
    return found


def mpis(material: bytes, count: int) -> list[int]:
    """The `count` numbers that fill `material`, each over 0 and without leading zeros."""
    found: list[int] = []
    at = 0
    for _ in range(count):
        bits = int.from_bytes(material[at : at + 2], "big")
        begin = at + 2
        at = begin + (bits + 7) // 8
        number = int.from_bytes(material[begin:at], "big")
        if at > len(material) or bits == 0 or number.bit_length() != bits:
            raise FormatError(t("a number is cut off, zero, or not of the length it says"))
        found.append(number)
    if at != len(material):
        raise FormatError(t("{count} bytes follow the last number", count=len(material) - at))
    return found


def _new_length(data: bytes, at: int, *, subpacket: bool = False) -> tuple[int, int]:
    """A length in the newer of the two encodings and where what it measures begins."""
    first = data[at] if at < len(data) else 0
    two_octets_to = 0xFF if subpacket else 0xE0
    if first < 0xC0:
        return first, at + 1
    if first < two_octets_to:
        return (first - 0xC0 << 8) + int.from_bytes(data[at + 1 : at + 2], "big") + 0xC0, at + 2
    if first == 0xFF:
        return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5
    raise FormatError(t("an OpenPGP packet in parts; one of known length was expected"))


def _new_length_of(size: int) -> bytes:
    if size < 0xC0:
        return bytes((size,))
    if size < 8384:
        return bytes(((size - 0xC0 >> 8) + 0xC0, size - 0xC0 & 0xFF))
    return b"\xff" + size.to_bytes(4, "big")


def _crc24_table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        row = byte << 16
        for _ in range(8):
            row = row << 1 ^ (0x1864CFB if row & 0x800000 else 0)
        rows.append(row & 0xFFFFFF)
    return tuple(rows)


_CRC24 = _crc24_table()


def _crc24(data: bytes) -> int:
    crc = 0xB704CE
    for byte in data:
        crc = (crc << 8 & 0xFFFFFF) ^ _CRC24[crc >> 16 ^ byte]
    return crc
