"""Say what kind of file a name promises, as a media type. The same on every machine."""

from __future__ import annotations

import mimetypes

UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_TYPES = mimetypes.MimeTypes()  # the library's own list: what this machine knows has no say
_LACKING = {
    "7z": "application/x-7z-compressed",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "gz": "application/gzip",
    "m4a": "audio/mp4",
    "md": "text/markdown",
    "odp": f"{_OPEN}.presentation",
    "ods": f"{_OPEN}.spreadsheet",
    "odt": f"{_OPEN}.text",
    "ofd": "application/ofd",
    "ogg": "audio/ogg",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "rar": "application/vnd.rar",
    "srt": "application/x-subrip",
    "webp": "image/webp",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
"""What that list lacks, or calls otherwise than readers of feeds do."""


def media_type(name: str) -> str:
    """Return the media type of a file by the ending of its name; `application/octet-stream` where that says nothing."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return _LACKING.get(ending) or _TYPES.guess_type(f"file.{ending}")[0] or UNKNOWN
