"""The parts of a JPEG file: which of them are the picture, and which something beside it. Pure."""

from __future__ import annotations

import re

from review.formats.picture_files import Parts, behind

_MARK = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
"""A mark; in the drawn part `ff 00` and `ff d0` to `ff d7` are none that ends it."""

_PICTURE = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)})
_BEGIN, _END, _DRAWN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_XMP = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")


def parts_of_jpeg(data: bytes) -> Parts | None:
    """Return the parts of a JPEG; None where something stands in it that is no part of one."""
    parts = Parts(pieces=[data[:2]], form="jpeg")
    at = 2
    while at < len(data):
        mark = _MARK.match(data, at)
        if mark is None:
            return None
        code, start = mark[1][0], mark.end()
        if code == _END:
            parts.pieces.append(b"\xff\xd9")
            behind(data[start:], parts)
            return parts
        size = int.from_bytes(data[start : start + 2], "big")
        if code < 0xC0 or code == _BEGIN or size < 2:
            return None
        at = start + size
        _segment(parts, code, data[start + 2 : at], bytes((0xFF, code)) + data[start:at])
        if code == _DRAWN:
            parts.scans += 1
            following = _MARK.search(data, at)
            end = following.start() if following else len(data)
            parts.pieces.append(data[at:end])
            at = end
    parts.whole = False
    return parts


def _segment(parts: Parts, code: int, body: bytes, whole: bytes) -> None:
    """Put one segment to what stays, or note what it was."""
    if code in _PICTURE:
        parts.pieces.append(whole)
    elif code == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        if len(body) > 14:  # a small preview, perhaps of what was later cut away
            parts.carries.add("more")
        parts.pieces.append(b"\xff\xe0\0\x10" + body[:12] + b"\0\0")
        parts.place_for_exif = len(parts.pieces)
    elif code == 0xE1 and body.startswith(b"Exif\0\0"):
        if parts.exif is not None:
            parts.carries.add("more")
        parts.exif = parts.exif or body
    elif code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        parts.profile = True
        parts.pieces.append(whole)
    elif code == 0xEE and body.startswith(b"Adobe") and len(body) <= 12:  # how its colours are meant
        parts.pieces.append(whole)
    elif code == _COMMENT or (code == 0xED and body.startswith(b"Photoshop")) or body.startswith(_XMP):
        parts.carries.add("texts")
    else:
        parts.carries.add("more")
