"""Take picture files apart without unpacking them: what they carry beside the picture, and the same file without it. Pure.

Nothing here decodes a pixel, so it may run where keys are. What stays is what a browser needs to show the picture: the
picture itself, which way up it is, its colours. What is not known to be that goes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from review.formats.picture_files import Parts, Trace, parts_of_gif, parts_of_png, parts_of_webp
from review.formats.picture_jpeg import parts_of_jpeg
from review.formats.tiff_files import EXIF, ORDERS, TAGS
from review.messages import Message, listed, t

Kind = Literal["JPEG", "PNG", "WEBP", "GIF"]

_PARTS = {"JPEG": parts_of_jpeg, "PNG": parts_of_png, "WEBP": parts_of_webp, "GIF": parts_of_gif}
_ORIENTATION = 0x0112
_TOLD = frozenset[Trace](("place", "names", "texts"))
_SIGNS: tuple[tuple[bytes, Trace], ...] = (
    (b"Exif\0\0", "device"),
    (b"<x:xmpmeta", "texts"),
    (b"Photoshop 3.0\0", "texts"),
)
"""What is looked for in a file that cannot be taken apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """A picture file: its kind, what it carries beside the picture, and its bytes without that.

    `bare` is None where the file is too broken to be taken apart. `profile` tells whether its colours are described,
    `orientation` is Exif's number from 1 to 8, `scans` says in how many goes a JPEG is drawn, `pieces` of how many parts
    `bare` is put together. `whole` is false where its end is missing.
    """

    kind: Kind
    carries: frozenset[Trace]
    bare: bytes | None
    orientation: int = 1
    profile: bool = False
    scans: int = 0
    pieces: int = 0
    whole: bool = True


def kind_of(data: bytes) -> Kind | None:
    """Return which of the kinds that sites show these bytes begin as; a name says nothing of it."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "GIF" if data[:6] in (b"GIF87a", b"GIF89a") else None


def picture_file(data: bytes) -> PictureFile | None:
    """Return what a picture file is made of; None where the bytes are none of a kind that is known here."""
    kind = kind_of(data)
    if kind is None:
        return None
    parts = _PARTS[kind](data)
    if parts is None:
        return PictureFile(kind=kind, carries=frozenset(trace for sign, trace in _SIGNS if sign in data), bare=None)
    orientation, carries = _exif(parts)
    if "texts" in carries and b"exif:GPS" in data:
        carries.add("place")
    upright = _orientation_alone(orientation) if orientation != 1 else b""
    return PictureFile(
        kind=kind,
        carries=frozenset(carries),
        bare=parts.joined(upright),
        orientation=orientation,
        profile=parts.profile,
        scans=parts.scans,
        pieces=len(parts.pieces),
        whole=parts.whole,
    )


def without_metadata(data: bytes) -> bytes:
    """Return a picture's bytes without what they carry beside it; those that carry nothing, or are no picture, as they are."""
    found = picture_file(data)
    return found.bare if found is not None and found.carries and found.bare is not None else data


def in_words(carries: Iterable[Trace]) -> str:
    """Return what a file carries in the words of people, the place first."""
    words: dict[Trace, Message] = {
        "place": t("the place where it was taken"),
        "camera": t("what the camera wrote into it: device, time, often the place"),
        "device": t("device and time"),
        "names": t("names (artist, copyright, owner)"),
        "texts": t("names or texts that a program wrote into it"),
        "more": t("data that does not belong to the picture"),
        "unknown": t("parts that cannot be looked through"),
    }
    there = set(carries)
    return listed([word for trace, word in words.items() if trace in there])


def _exif(parts: Parts) -> tuple[int, set[Trace]]:
    """Return which way up the picture is, and all that it carries."""
    carries = set(parts.carries)
    if parts.exif is None:
        return 1, carries
    tiff = parts.exif.removeprefix(b"Exif\0\0")
    orientation, told = _read_tiff(tiff)
    if tiff != _orientation_alone(orientation):
        carries |= {"device", *told}
    return orientation, carries


def _read_tiff(tiff: bytes) -> tuple[int, set[Trace]]:
    """Return the orientation in Exif, 1 where none is, and which of place, names and texts its first two lists have."""
    order = ORDERS.get(tiff[:4])
    orientation, told = 1, set[Trace]()
    if order is None:
        return orientation, told
    try:
        lists = list(struct.unpack_from(f"{order}I", tiff, 4))
        for number, start in enumerate(lists):
            (count,) = struct.unpack_from(f"{order}H", tiff, start)
            for entry in range(min(count, 500)):
                tag, form, _, value = struct.unpack_from(f"{order}HHI4s", tiff, start + 2 + 12 * entry)
                if tag == _ORIENTATION and form == 3 and not number:
                    (turned,) = struct.unpack(f"{order}H", value[:2])
                    orientation = turned if 1 <= turned <= 8 else orientation
                elif tag == EXIF and len(lists) == 1:
                    lists += struct.unpack(f"{order}I", value)
                elif TAGS.get(tag) in _TOLD:
                    told.add(TAGS[tag])
    except struct.error:
        pass  # its end is missing: what was read by then holds
    return orientation, told


def _orientation_alone(orientation: int) -> bytes:
    """Return Exif that says which way up a picture is, and nothing else."""
    return struct.pack("<4sIHHHIHHI", b"II*\0", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
