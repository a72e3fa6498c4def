"""Files of cameras and scanners that pages cannot show as copies: TIFF, HEIC, AVIF, films, recordings. What they carry. Pure.

Pictures that pages do show are taken apart in `pictures`. Of these here only films can be cleaned.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, Literal

from review.formats.file_walk import CannotFollow, Walk
from review.formats.film_files import emptied, film_of
from review.formats.heif_files import BRANDS, heif_traces
from review.formats.picture_files import Trace
from review.formats.pictures import without_metadata
from review.formats.tiff_files import LARGE, ORDERS, tiff_traces
from review.messages import Message, t

Kind = Literal["TIFF", "HEIC", "AVIF", "film"]

BEGINNING = 16
"""So many bytes tell the kind."""

_OLD_FILMS = (b"moov", b"wide", b"skip", b"free", b"pnot")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFile:
    """What a file carries beside what it shows.

    `withheld` tells that it must not be published so, `cleanable` that all it carries can be taken out.
    """

    kind: Kind
    carries: frozenset[Trace]
    withheld: bool
    cleanable: bool = False


def camera_kind(data: bytes) -> Kind | None:
    """Return the kind that a file begins as; a name says nothing of it. Whatever is built as films are counts as one."""
    if data[:4] in (*ORDERS, *LARGE):
        return "TIFF"
    brand = data[8:12]
    if data[4:8] == b"ftyp":
        if brand in BRANDS:
            return "AVIF" if brand.startswith(b"avi") else "HEIC"
        return "film"
    # Films of QuickTime may begin with any part. A text never begins with a zero.
    return "film" if data[4:8] == b"mdat" or (data[:1] == b"\0" and data[4:8] in _OLD_FILMS) else None


def camera_file(file: BinaryIO) -> CameraFile | None:
    """Return what an open file carries; None where it is of none of these kinds. Reads here and there, whatever its size."""
    file.seek(0)
    kind = camera_kind(file.read(BEGINNING))
    if kind is None:
        return None
    walk = Walk(file)
    if kind == "film":
        film = film_of(walk)
        found = frozenset(film.carries)
        return CameraFile(kind=kind, carries=found, withheld=film.withheld, cleanable=bool(found) and not film.firm)
    try:
        carries = tiff_traces(walk) if kind == "TIFF" else heif_traces(walk)
    except CannotFollow:
        carries = frozenset[Trace](("unknown",))
    return CameraFile(kind=kind, carries=carries, withheld=bool(carries))


def camera_bytes(data: bytes) -> CameraFile | None:
    """Return the same of a file that is in memory."""
    return camera_file(io.BytesIO(data))


def cleaned_file(data: bytes) -> bytes:
    """Return a file of any kind without what it carries beside what it shows, where that can be taken out."""
    if camera_kind(data) != "film":
        return without_metadata(data)
    film = film_of(Walk(io.BytesIO(data)))
    return emptied(data, film.spots) if film.spots else data


def way_out(kind: Kind) -> Message:
    """Return what authors can do about a file that carries what cannot be taken out of it here."""
    if kind == "film":
        return t(
            "share it without its place (on the telephone: Options, Location off), or write it anew with: "
            "ffmpeg -i OLD -map 0:v -map 0:a? -map_metadata -1 -c copy NEW"
        )
    return t(
        "save it as JPEG, or as PNG to keep every pixel (Preview, Paint, GIMP and Photoshop can): what is in those is taken "
        "out when the post is handed in"
    )
