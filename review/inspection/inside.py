"""Look into a published file: does it open, what does it say, what of its making is left in it? Bytes in, values out."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from PIL import ExifTags, Image, UnidentifiedImageError

from review.inspection import packages
from review.inspection.computer_paths import paths_in
from review.inspection.signatures import fits
from review.messages import t

Mark = tuple[str, str]

AUTHOR, PLACE, DEVICE, COMMENT, OTHER = "author", "place", "device", "comment", "other"
COMMENTS, CHANGES, HIDDEN = "comments", "changes", "hidden"

PICTURES = frozenset(("jpg", "jpeg", "png", "webp", "gif", "tif", "tiff", "bmp"))
"""Endings of pictures that can be looked into."""

_TEXTS = frozenset(("txt", "csv", "md", "vtt", "srt", "svg"))
_READ = PICTURES | _TEXTS | packages.SUFFIXES | {"pdf"}
_MOST_STREAM, _MOST_STREAMS = 1 << 21, 1 << 24
_MOST_PIXELS, _LONGEST_SIDE = 100_000_000, 65_535
_PDF_NAME = re.compile(
    rb"/(Author|Creator|Producer|Company|Title|Subject|Keywords|URI|UF|F)\s*(\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>)",
    re.DOTALL,
)
_PDF_STREAM, _PDF_STREAM_END = re.compile(rb"stream\r?\n"), b"endstream"
_PDF_TEXT = re.compile(
    rb"\(((?:\\.|[^\\()])*)\)\s*(?:Tj|'|\")|\[((?:\((?:\\.|[^\\()])*\)|[^\[\]()]){0,9999})\]\s*TJ", re.DOTALL
)
_PDF_STRING = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_PDF_NOTE = re.compile(rb"/Subtype\s*/(?:Text|Popup|Highlight|StrikeOut|Underline|Squiggly|Ink|Caret)\b")
_XMP_CREATOR = re.compile(r"<dc:creator>.{0,500}?<rdf:li[^<>]{0,200}>([^<]{1,500})<", re.DOTALL)
_EXIF = {
    ExifTags.Base.Artist: AUTHOR, ExifTags.Base.XPAuthor: AUTHOR, ExifTags.Base.CameraOwnerName: AUTHOR,
    ExifTags.Base.HostComputer: DEVICE, ExifTags.Base.BodySerialNumber: DEVICE, ExifTags.Base.LensSerialNumber: DEVICE,
    ExifTags.Base.UserComment: COMMENT, ExifTags.Base.XPComment: COMMENT, ExifTags.Base.ImageDescription: OTHER,
    ExifTags.Base.DocumentName: OTHER, ExifTags.Base.XPTitle: OTHER, ExifTags.Base.XPSubject: OTHER,
    ExifTags.Base.XPKeywords: OTHER, ExifTags.Base.Copyright: OTHER,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What was found in a file; all of it empty where there is nothing, or nobody can look into such a file.

    `members` are the files in an archive, by name; `unread` says that there is more in it than was looked into.
    """

    text: str = field(default="", repr=False)
    fault: str = ""
    marks: tuple[Mark, ...] = ()
    edits: tuple[str, ...] = ()
    members: tuple[tuple[str, Inside], ...] = ()
    unread: bool = False


def look_inside(suffix: str, data: bytes) -> Inside:
    """Return what is in a file with this ending (lower case, no dot), and in the files of an archive."""
    found = _look(suffix, data, packages.MOST_WHOLE)[0]
    return _with_members(found, data) if suffix == "zip" and not found.fault else found


def _with_members(found: Inside, data: bytes) -> Inside:
    """Return what is in an archive with what is in its files, but for archives in it."""
    left, seen, unread = packages.MOST_WHOLE, [], False
    for name, content in packages.members(data, packages.MOST_WHOLE):
        last = name.rpartition("/")[2]
        suffix = last.rpartition(".")[2].lower() if "." in last else ""
        if suffix == "zip" or content is None or left <= 0:
            unread = unread or suffix in _READ
        elif suffix in _READ and content:
            inner, taken = _look(suffix, content, left)
            left -= taken
            seen.append((name, inner))
    names = "\n".join(name for name, _ in packages.members(data, 0))
    return replace(found, text=names, members=tuple(seen), unread=unread)


def _look(suffix: str, data: bytes, most: int) -> tuple[Inside, int]:
    """Return what is in a file, and how many bytes were unpacked for it; at most so many are."""
    if not data:
        return Inside(fault=t("the file is empty")), 0
    if not fits(suffix, data):
        return Inside(fault=t("its content is not what its ending .{suffix} says", suffix=suffix)), 0
    if suffix in PICTURES:
        return _picture(data), len(data)
    if suffix == "pdf":
        return _pdf(data, min(most, _MOST_STREAMS))
    if suffix in _TEXTS:
        return Inside(text=_text(data)), len(data)
    if suffix in packages.SUFFIXES:
        found = packages.read_package(suffix, data, most)
        return Inside(text=found.text, fault=found.fault, marks=found.marks, edits=found.edits), found.unpacked
    return Inside(), 0


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _picture(data: bytes) -> Inside:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow says of odd metadata is no matter of the site's
            with Image.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > _MOST_PIXELS or max(picture.size) > _LONGEST_SIDE:
                    return Inside()  # of some kinds only the whole picture says what it carries
                marks = tuple(_picture_marks(picture))
            with Image.open(io.BytesIO(data)) as picture:
                picture.verify()
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
        Image.DecompressionBombError,
    ):
        return Inside(fault=t("the picture does not open"))
    return Inside(marks=marks)


def _picture_marks(picture: Image.Image) -> Iterator[Mark]:
    exif = picture.getexif()
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        yield PLACE, "GPS"
    for tags in (exif, exif.get_ifd(ExifTags.IFD.Exif)):
        for tag, name in _EXIF.items():
            if value := _printable(tags.get(tag)):
                yield name, value
    for key, given in picture.info.items():
        value = _printable(given)
        if not isinstance(key, str) or not value:
            continue
        if "xmp" in key.lower():
            yield from _xmp(value)
        elif key.lower() in ("author", "artist"):
            yield AUTHOR, value
        elif key.lower() == "comment" or isinstance(given, str):
            yield COMMENT if key.lower() == "comment" else OTHER, value


def _printable(value: object) -> str:
    if isinstance(value, bytes):
        plain = value.removeprefix(b"ASCII\0\0\0").removeprefix(b"UNICODE\0")
        value = plain.decode("utf-16-le" if b"\0" in plain.strip(b"\0") else "utf-8", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _xmp(text: str) -> Iterator[Mark]:
    yield from ((AUTHOR, found[1].strip()) for found in _XMP_CREATOR.finditer(text))
    yield from ((OTHER, one) for one in paths_in(text, addresses=True))
    if "exif:GPSLatitude" in text:
        yield PLACE, "GPS"


def _pdf(data: bytes, most: int) -> tuple[Inside, int]:
    if b"%%EOF" not in data[-2048:]:
        return Inside(fault=t("the document breaks off before its end")), 0
    parts = [data, *_streams(data, most)]
    marks: list[Mark] = []
    for part in parts:
        for found in _PDF_NAME.finditer(part):
            name = AUTHOR if found[1] in (b"Author", b"Company") else OTHER
            marks.append((name, _pdf_string(found[2])))
        if b"<x:xmpmeta" in part or b"<rdf:RDF" in part:
            marks.extend(_xmp(part.decode("utf-8", "replace")))
    noted = any(_PDF_NOTE.search(part) for part in parts)
    shown = "\n".join(_pdf_text(part) for part in parts[1:] if b"BT" in part)
    kept = tuple(dict.fromkeys(mark for mark in marks if mark[1]))
    return Inside(text=shown.strip(), marks=kept, edits=(COMMENTS,) if noted else ()), sum(map(len, parts))


def _streams(data: bytes, left: int) -> Iterator[bytes]:
    """Yield the streams of a PDF that can be unpacked, up to a limit: nobody makes us read without end."""
    end = 0
    while (found := _PDF_STREAM.search(data, end)) and left > 0:
        end = data.find(_PDF_STREAM_END, found.end())
        if end < 0:
            return
        packed = data[found.end() : end]
        end += len(_PDF_STREAM_END)
        try:
            part = zlib.decompressobj().decompress(packed, min(_MOST_STREAM, left))
        except zlib.error:
            part = packed[: min(_MOST_STREAM, left)]
        left -= len(part)
        yield part


def _pdf_text(part: bytes) -> str:
    """Return the text that a stream shows with plain strings; what it shows by the numbers of glyphs cannot be read."""
    lines = []
    for found in _PDF_TEXT.finditer(part):
        pieces = [found[1]] if found[1] is not None else [one[1] for one in _PDF_STRING.finditer(found[2])]
        lines.append(b"".join(pieces).decode("latin-1").replace("\\\\", "\\"))
    return "\n".join(lines)


def _pdf_string(raw: bytes) -> str:
    if raw.startswith(b"<"):
        digits = re.sub(rb"\s", b"", raw[1:-1])
        data = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        data = re.sub(rb"\\([\\()])", rb"\1", raw[1:-1])
        data = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8) & 255]), data)
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace").strip()
    return data.decode("utf-8", "replace").strip()
