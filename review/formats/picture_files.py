"""The parts of PNG, WebP and GIF files: which of them are the picture, and which something beside it. Pure."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Trace: TypeAlias = Literal["place", "camera", "device", "names", "texts", "more", "unknown"]
"""What a file may carry beside what it shows: where it was taken, a camera's whole note, by what and when, names, texts,

something that does not belong to the picture, or parts that nobody can look through.
"""

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST cICP mDCV cLLI acTL fcTL fdAT".split()
)
_PNG_TEXTS = frozenset(b"tEXt zTXt iTXt tIME".split())
_PNG_HARMLESS = frozenset(b"iDOT vpAg orNT caNv".split())
"""Chunks that speak of how the file is stored. They are not needed, and say nothing of anybody."""

_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


@dataclass(slots=True, kw_only=True)
class Parts:
    """A file taken apart. `pieces` are what stays, in their order; `exif` is what stands apart, where there is any.

    `place_for_exif` is the index in `pieces` at which Exif may stand.
    """

    pieces: list[bytes] = field(default_factory=list)
    carries: set[Trace] = field(default_factory=set)
    exif: bytes | None = None
    place_for_exif: int = 1
    form: Literal["jpeg", "png", "webp", "gif"] = "gif"
    profile: bool = False
    scans: int = 0
    whole: bool = True

    def joined(self, exif: bytes) -> bytes:
        """Return the file with this Exif alone, or none where it is empty."""
        pieces = list(self.pieces)
        if self.form == "webp":
            return _webp_joined(pieces, exif)
        if exif and self.form == "png":
            pieces.insert(self.place_for_exif, _png_chunk(b"eXIf", exif))
        elif exif and self.form == "jpeg":
            body = b"Exif\0\0" + exif
            pieces.insert(self.place_for_exif, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
        return b"".join(pieces)


def behind(data: bytes, parts: Parts) -> None:
    """Note what stands behind a picture's end, unless it only fills up the file."""
    if data.strip(b"\0\xff\r\n"):
        parts.carries.add("more")


def parts_of_png(data: bytes) -> Parts | None:
    """Return the parts of a PNG, an animated one too; None where it has no head."""
    parts = Parts(pieces=[data[:8]], form="png")
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + size
        if at == 8 and name != b"IHDR":
            return None
        if name == b"eXIf":
            parts.exif = parts.exif or data[at + 8 : at + 8 + size]
        elif name in _PNG_KEPT:
            parts.profile |= name == b"iCCP"
            parts.pieces.append(data[at:end])
            if name == b"IHDR":
                parts.place_for_exif = len(parts.pieces)
        elif name not in _PNG_HARMLESS and len(name) == 4:
            parts.carries.add("texts" if name in _PNG_TEXTS else "more")
        at = end
        if name == b"IEND":
            behind(data[end:], parts)
            return parts
    parts.whole = False
    return parts if len(parts.pieces) > 1 else None


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def parts_of_webp(data: bytes) -> Parts | None:
    """Return the parts of a WebP, an animated one too; None where its first chunk is not there."""
    parts = Parts(form="webp")
    inside = int.from_bytes(data[4:8], "little") + 8
    at = 12
    while at + 8 <= min(inside, len(data)):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size
        if name == b"EXIF":
            parts.exif = parts.exif or data[at + 8 : end]
        elif name in _WEBP_KEPT:
            parts.profile |= name == b"ICCP"
            parts.pieces.append(data[at:end] + b"\0" * (size % 2 if end <= len(data) else 0))
        else:
            parts.carries.add("texts" if name == b"XMP " else "more")
        at = end + size % 2
    parts.whole = at <= len(data) + 1 and inside <= len(data) + 1
    behind(data[inside + inside % 2 :], parts)
    return parts if parts.pieces and parts.pieces[0][:4] in (b"VP8 ", b"VP8L", b"VP8X") else None


def _webp_joined(pieces: list[bytes], exif: bytes) -> bytes:
    """Return a WebP of these chunks, its head saying what follows. Only one with an extended head has Exif."""
    if pieces[0][:4] == b"VP8X" and len(pieces[0]) > 8:
        flags = pieces[0][8] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
        pieces[0] = pieces[0][:8] + bytes([flags]) + pieces[0][9:]
        if exif:
            pieces.append(b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2))
    body = b"".join((b"WEBP", *pieces))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def parts_of_gif(data: bytes) -> Parts | None:
    """Return the parts of a GIF, an animated one too; None where it has no head."""
    if len(data) < 13:
        return None
    at = 13 + _colours(data[10])
    parts = Parts(pieces=[data[:at]])
    while at < len(data):
        mark, end = data[at], at + 1
        if mark == 0x3B:
            parts.pieces.append(b";")
            behind(data[end:], parts)
            return parts
        if mark == 0x2C:
            head = at + 10 + _colours(data[at + 9]) if at + 9 < len(data) else at + 10
            end = _blocks_end(data, head + 1)
            parts.pieces.append(data[at:end])
        elif mark == 0x21:
            label = data[at + 1 : at + 2]
            end = _blocks_end(data, at + 2)
            named = data[at + 3 : at + 14]
            if label == b"\xf9" or (label == b"\xff" and named in _GIF_KEPT):
                parts.profile |= named == b"ICCRGBG1012"
                parts.pieces.append(data[at:end])
            else:
                parts.carries.add("texts" if label in (b"\xfe", b"\x01") or named[:3] == b"XMP" else "more")
        else:
            break
        at = end
    parts.whole = False
    return parts if len(parts.pieces) > 1 else None


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Return where a row of counted blocks ends."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1
