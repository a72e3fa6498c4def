"""Read documents that are archives (docx, xlsx, pptx, OpenDocument, OFD): text, authors, comments, changes. No file."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from review.inspection.computer_paths import path_in
from review.messages import t

SUFFIXES = frozenset(("docx", "xlsx", "pptx", "odt", "ods", "odp", "ofd", "zip", "epub"))

_NEEDED = {
    "docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "odt": "content.xml",
    "ods": "content.xml", "odp": "content.xml", "ofd": "OFD.xml", "epub": "mimetype",
}  # fmt: skip
_WITH_TEXT = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml"
    r"|ppt/(?:slides|notesSlides)/[^/]+\.xml|content\.xml|Doc_\d+/Pages/[^/]+/Content\.xml"
)
_AUTHORS = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|Company|Manager|ofd:Author)(?:\s[^<>]{0,200})?>([^<]+)</"
)
_PROPERTIES = re.compile(
    r"<(?:dc:title|dc:subject|dc:description|cp:keywords|cp:category|Template|HyperlinkBase|vt:lpw?str|meta:keyword"
    r"|meta:user-defined)(?:\s[^<>]{0,200})?>([^<]+)</"
)
_LEADING = re.compile(r"\s(?:Target|href|xlink:href|r:link|src)=\"([^\"]{1,1000})\"")
_END = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|row|is|ofd:TextCode)>|<w:(?:br|cr)/>")
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<(?:w:comment|comment|p:cm|office:annotation)[ >]")
_CHANGE = re.compile(r"<(?:w:ins|w:del|w:moveFrom|w:moveTo|text:changed-region)[ >]")
_VANISHED = re.compile(r"<w:vanish(?:/>|>| (?!w:val=\"(?:0|false)\"))")
_HIDDEN_SHEET = re.compile(r"<sheet [^>]*state=\"(?:hidden|veryHidden)\"")
_MOST_PART, _MOST_PARTS, MOST_WHOLE = 1 << 23, 200, 1 << 25
"""Bytes of a part, parts, and bytes of all of them that are looked into."""

_MOST_NAMES = 10_000
_MOST_TRIED = 1 << 28
"""Bytes of an archive that are unpacked to see whether it opens: a few megabytes can promise terabytes."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What an archive holds; `fault` says why it does not open."""

    text: str = field(default="", repr=False)
    fault: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    edits: tuple[str, ...] = ()
    unpacked: int = 0


def read_package(suffix: str, data: bytes, most: int = MOST_WHOLE) -> Package:
    """Return what a document of this ending holds; at most so many bytes of it are unpacked, and `unpacked` says how many."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if (needed := _NEEDED.get(suffix)) and needed not in names:
                return Package(fault=t("its content is not what its ending .{suffix} says", suffix=suffix))
            parts = list(_parts(archive, names, most)) if suffix != "zip" else []
            if suffix == "zip":
                _try(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return Package(fault=t("the document does not open"))
    whole = "\n".join(part for _, part in parts)
    edits = [
        name
        for name, pattern in (("comments", _COMMENT), ("changes", _CHANGE), ("hidden", _VANISHED))
        if pattern.search(whole)
    ]
    if "hidden" not in edits and _HIDDEN_SHEET.search(whole):
        edits.append("hidden")
    return Package(
        text="\n".join(_words(part) for name, part in parts if _WITH_TEXT.fullmatch(name)).strip(),
        marks=tuple(dict.fromkeys(_marks(whole))),
        edits=tuple(edits),
        unpacked=len(whole),
    )


def members(data: bytes, most: int) -> Iterator[tuple[str, bytes | None]]:
    """Yield name and bytes of the files in an archive that opens; None for the bytes once there are more than `most`.

    What the system of a Mac adds to an archive is no file of it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for number, one in enumerate(archive.infolist()[:_MOST_NAMES]):
                name = _name(one)
                if one.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._"):
                    continue
                if one.file_size > most or number >= _MOST_PARTS:
                    yield name, None
                    continue
                with archive.open(one) as part:
                    found = part.read(most)
                most -= len(found)
                yield name, found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return


def _name(one: zipfile.ZipInfo) -> str:
    """Return a name as whoever packed it wrote it: without the mark for UTF-8 it is in the set of a Chinese Windows."""
    if one.flag_bits & 0x800 or one.filename.isascii():
        return one.filename
    try:
        return one.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return one.filename


def _marks(whole: str) -> Iterator[tuple[str, str]]:
    """Yield what the properties of a document say, and where on somebody's computer it leads."""
    for name, pattern in (("author", _AUTHORS), ("other", _PROPERTIES)):
        for found in pattern.finditer(whole):
            if said := html.unescape(found[1]).strip():
                yield name, said
    for found in _LEADING.finditer(whole):
        if path := path_in(unquote(html.unescape(found[1])), addresses=True):
            yield "other", path


def _parts(archive: zipfile.ZipFile, names: list[str], left: int) -> Iterator[tuple[str, str]]:
    wanted = [name for name in names if name.endswith((".xml", ".rels"))]
    for name in wanted[:_MOST_PARTS]:
        with archive.open(name) as part:
            data = part.read(min(_MOST_PART, left))
        left -= len(data)
        yield name, data.decode("utf-8", "replace")
        if left <= 0:
            return


def _try(archive: zipfile.ZipFile) -> None:
    """Unpack an archive up to a limit; raises what `zipfile` raises where its bytes are not what they should be."""
    left = _MOST_TRIED
    for one in archive.infolist():
        with archive.open(one) as part:
            while data := part.read(_CHUNK):
                left -= len(data)
                if left <= 0:
                    return


def _words(part: str) -> str:
    return html.unescape(_TAG.sub("", _END.sub("\n", part)))
