"""Know files by their first bytes: does the content fit the ending of the name? No file is opened here."""

from __future__ import annotations

import re

_ZIP = (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)",)
_OLE = (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_MP4 = (rb"....ftyp",)
_JPEG = (rb"\xff\xd8\xff",)
_TIFF = (rb"II\*\0|MM\0\*",)
_MARKUP = (rb"(?:\xef\xbb\xbf)?\s*<",)
_EBML = (rb"\x1a\x45\xdf\xa3",)

BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (rb"[\s\S]{0,1024}%PDF-",),
    **dict.fromkeys(("docx", "xlsx", "pptx", "ofd", "odt", "ods", "odp", "zip", "epub"), _ZIP),
    "doc": (*_OLE, rb"\{\\rtf"),
    "xls": _OLE,
    "ppt": _OLE,
    "wps": (*_OLE, *_ZIP),
    "et": (*_OLE, *_ZIP),
    "dps": (*_OLE, *_ZIP),
    "rtf": (rb"\{\\rtf",),
    "rar": (rb"Rar!\x1a\x07",),
    "7z": (rb"7z\xbc\xaf\x27\x1c",),
    "gz": (rb"\x1f\x8b",),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": (rb"\x89PNG\r\n\x1a\n",),
    "gif": (rb"GIF8[79]a",),
    "webp": (rb"RIFF....WEBP",),
    "avif": _MP4,
    "bmp": (rb"BM",),
    "tif": _TIFF,
    "tiff": _TIFF,
    "ico": (rb"\0\0\x01\0", rb"\x89PNG"),
    "svg": _MARKUP,
    "mp4": _MP4,
    "m4v": _MP4,
    "m4a": _MP4,
    "mov": _MP4,
    "webm": _EBML,
    "mkv": _EBML,
    "mp3": (rb"ID3", rb"\xff[\xe0-\xff]"),
    "wav": (rb"RIFF....WAVE",),
    "ogg": (rb"OggS",),
    "ogv": (rb"OggS",),
    "flac": (rb"fLaC",),
    "vtt": (rb"(?:\xef\xbb\xbf)?WEBVTT",),
    "woff": (rb"wOFF",),
    "woff2": (rb"wOF2",),
}
"""How files with these endings begin; one of the patterns must fit."""

PLAIN = frozenset(("txt", "csv", "md", "srt"))
"""Endings of files that are text without a beginning of their own."""

ATTACHED = frozenset(BEGINNINGS) | PLAIN
"""Endings of files that readers take away, look at or play."""


def fits(suffix: str, data: bytes) -> bool:
    """Tell whether a file's first bytes are those that its ending promises; an ending that nobody knows promises nothing."""
    if suffix in PLAIN:
        return b"\0" not in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    wanted = BEGINNINGS.get(suffix)
    return wanted is None or any(re.match(one, data[:2048], re.DOTALL) for one in wanted)
