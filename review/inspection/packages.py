"""Read documents that are archives (docx, xlsx, pptx, OpenDocument, OFD): text, authors, comments, changes. No file."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

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
_END = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|row|is|ofd:TextCode)>|<w:(?:br|cr)/>")
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<(?:w:comment|comment|p:cm|office:annotation)[ >]")
_CHANGE = re.compile(r"<(?:w:ins|w:del|w:moveFrom|w:moveTo|text:changed-region)[ >]")
_VANISHED = re.compile(r"<w:vanish(?:/>|>| (?!w:val=\"(?:0|false)\"))")
_HIDDEN_SHEET = re.compile(r"<sheet [^>]*state=\"(?:hidden|veryHidden)\"")
_MOST_PART, _MOST_PARTS, _MOST_WHOLE = 1 << 23, 200, 1 << 25
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


def read_package(suffix: str, data: bytes) -> Package:
    """Return what a document of this ending holds; never more than a limit of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if (needed := _NEEDED.get(suffix)) and needed not in names:
                return Package(fault=t("its content is not what its ending .{suffix} says", suffix=suffix))
            parts = list(_parts(archive, names)) if suffix != "zip" else []
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
    authors = dict.fromkeys(html.unescape(found[1]).strip() for found in _AUTHORS.finditer(whole))
    return Package(
        text="\n".join(_words(part) for name, part in parts if _WITH_TEXT.fullmatch(name)).strip(),
        marks=tuple(("author", one) for one in authors if one),
        edits=tuple(edits),
    )


def _parts(archive: zipfile.ZipFile, names: list[str]) -> Iterator[tuple[str, str]]:
    left = _MOST_WHOLE
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
