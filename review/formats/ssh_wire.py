"""Split SSH binary data into its fields. Must not skip, pad or normalise: each value has one form."""

from __future__ import annotations

from review.errors import FormatError
from review.messages import t


def fields(blob: bytes, count: int, start: int = 0) -> list[bytes]:
    """The `count` strings (RFC 4251: four bytes of length, then the bytes) that fill `blob` from `start` to its end."""
    found: list[bytes] = []
    at, end = start, len(blob)
    for _ in range(count):
        begin = at + 4
        at = begin + int.from_bytes(blob[at:begin], "big")
        if begin > end or at > end:
            raise FormatError(t("the data end in the middle of a field"))
        found.append(blob[begin:at])
    if at != end:
        raise FormatError(t("{count} bytes follow the last field", count=end - at))
    return found


def field(value: bytes) -> bytes:
    """`value` as a string of RFC 4251."""
    return len(value).to_bytes(4, "big") + value


def positive(number: bytes) -> int:
    """The value of an mpint that is over 0 and in its only shortest form."""
    # A leading zero byte is right exactly where the next bit would otherwise read as a minus sign.
    if not number or number[0] > 0x7F or number == b"\0" or (number[0] == 0 and number[1] < 0x80):
        raise FormatError(t("a number is negative, zero or not in its shortest form"))
    return int.from_bytes(number, "big")
