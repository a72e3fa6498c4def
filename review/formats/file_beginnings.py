"""How files of known kinds begin, and which kind it is that a file begins like. Names and bytes; what follows is not read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from review.model.media import ending_of

READ = 1024
"""Bytes of a file that are enough to tell."""

_BOX = rb".{4}ftyp"
_FIRST_BOX = rb".{4}(?:ftyp|moov|mdat|wide|free|skip|pnot)"
_OLE = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"
_RTF = rb"\{\\rtf"
_OF_OFFICE = rb"(?:" + _OLE + rb"|" + _ZIP + rb")"

_BY_ENDINGS: Mapping[tuple[str, ...], bytes] = {
    ("jpg", "jpeg", "jpe", "jfif"): rb"\xff\xd8\xff",
    ("png", "apng"): rb"\x89PNG\r\n\x1a\n",
    ("gif",): rb"GIF8[79]a",
    ("webp",): rb"RIFF.{4}WEBP",
    ("bmp",): rb"BM",
    ("tif", "tiff"): rb"II[*+]\x00|MM\x00[*+]",
    ("heic", "heif", "avif"): _BOX,
    # Readers look for the mark anywhere in the beginning; some programs write a line of their own before it.
    ("pdf",): rb".{0,1019}%PDF-",
    # A document with a password is an OLE file under whichever ending, and office programs save RTF as .doc.
    ("docx", "docm", "dotx", "xlsx", "xlsm", "pptx", "ppsx", "wps", "wpt", "et", "ett", "dps", "dpt"): _OF_OFFICE,
    ("doc", "dot"): _OF_OFFICE + rb"|" + _RTF + rb"|(?:\xef\xbb\xbf)?<\?xml",
    ("xls", "xlt"): _OF_OFFICE + rb"|\x09[\x00\x02\x04\x08]|(?:\xef\xbb\xbf)?<\?xml",
    ("ppt", "pps"): _OF_OFFICE,
    ("rtf",): _RTF,
    ("odt", "ods", "odp", "odg", "ofd", "epub", "zip"): _ZIP,
    ("rar",): rb"Rar!\x1a\x07",
    ("7z",): rb"7z\xbc\xaf\x27\x1c",
    ("gz", "tgz"): rb"\x1f\x8b",
    ("mp4", "m4a"): _BOX,
    ("m4v", "mov", "3gp"): _FIRST_BOX,
    ("webm", "mkv"): rb"\x1a\x45\xdf\xa3",
    ("ogv", "ogg", "oga", "opus"): rb"OggS",
    ("avi",): rb"RIFF.{4}AVI ",
    ("wmv", "wma"): rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    ("mp3",): rb"ID3|\xff[\xe0-\xff]",
    ("wav",): rb"RIFF.{4}WAVE",
    ("flac",): rb"fLaC|ID3",
}
BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    ending: re.compile(pattern, re.DOTALL) for endings, pattern in _BY_ENDINGS.items() for ending in endings
}
"""How a file of an ending begins, by the ending in small letters."""

_TOLD = ("jpg", "png", "gif", "webp", "pdf", "zip", "rar", "7z", "rtf", "avi", "webm", "wav")
"""Kinds that their beginning tells from all others."""


def is_odd(name: str, data: bytes) -> bool:
    """Tell whether a file does not begin as its name's ending says; never of endings that may begin in any way."""
    beginning = BEGINNINGS.get(ending_of(name))
    return beginning is not None and beginning.match(data[:READ]) is None


def begins_like(data: bytes) -> str:
    """Return the ending of the kind that a file begins like, empty where that is none we know for sure."""
    return next((ending for ending in _TOLD if BEGINNINGS[ending].match(data[:READ])), "")
