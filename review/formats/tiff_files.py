"""Tell what a TIFF carries beside its picture, from its lists of tags alone. Nothing is unpacked. Pure.

What is not known to be the picture counts as carried: a tag, a further list, bytes that nothing points to. Scanners and
programs leave old lists behind where they write new ones.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from review.formats.file_walk import CannotFollow, Walk
from review.formats.picture_files import Trace

ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
LARGE = (b"II+\0", b"MM\0+")
"""How TIFFs of more than 4 GiB begin; these are not followed."""

SIGNS: dict[bytes, Trace] = {b"Exif\0\0": "camera", b"<x:xmpmeta": "texts", b"Photoshop 3.0\0": "texts"}
"""What stands in a file wherever something was put into it whole."""

_PICTURE = frozenset(
    (
        *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284),
        *(286, 287, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 326, 327, 328),
        *(332, 334, 336, 338, 339, 340, 341, 342, 347, 529, 530, 531, 532, 34675),
    )
)
"""Tags that are the picture: its size, where its pixels lie, how they are packed, its colours, which way up it is."""

EXIF = 34665
"""The tag that says where the list of what the camera wrote is."""

TAGS: dict[int, Trace] = {
    34853: "place",
    **dict.fromkeys((EXIF, 37500), "camera"),
    **dict.fromkeys((271, 272, 305, 306, 316, 33434, 36867, 36868), "device"),
    **dict.fromkeys((315, 33432, 42032, 40093), "names"),
    **dict.fromkeys((269, 270, 285, 700, 33723, 34377, 37510, 40091, 40092, 40094, 40095), "texts"),
}
"""Tags that say where a picture was taken, by what and when, names, texts. Any other than these and the picture's is `more`."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_PIXELS = {273: 279, 324: 325}
"""Tags that say where pixels lie, each with the one that says how many bytes there are."""

_SUBFILE, _PREVIEW = 254, 1
_GAP = 16
"""Bytes between parts that nobody looks at: programs align parts, and begin each page of several with a head of its own."""

_MOST_LISTS = 5_000
_MOST_ENTRIES = 500_000
_MOST_BYTES = 16 << 20
"""Entries of all lists, and bytes of all their values. Those of a few kilobytes can point to each other without end."""


@dataclass(slots=True)
class _Reading:
    """What was found so far, and which parts of the file that accounts for: pairs of start and end."""

    walk: Walk
    order: str
    carries: set[Trace] = field(default_factory=set)
    spans: list[tuple[int, int]] = field(default_factory=lambda: [(0, 8)])
    entries: int = 0
    length: int = 0

    def list_at(self, start: int) -> int:
        """Read one list of tags; return where the next one is, 0 where there is none."""
        (count,) = struct.unpack(f"{self.order}H", self.walk.read(start, 2))
        self.entries += count
        if self.entries > _MOST_ENTRIES:
            raise CannotFollow
        entries = self.walk.read(start + 2, 12 * count)
        self.spans.append((start, start + 6 + 12 * count))
        arrays: dict[int, tuple[int, ...]] = {}
        for tag, form, number, value in struct.iter_unpack(f"{self.order}HHI4s", entries):
            data = self._value(form, number, value)
            if tag not in _PICTURE:
                self.carries.add(TAGS.get(tag, "more"))
            elif tag in (_SUBFILE, *_PIXELS, *_PIXELS.values()):
                arrays[tag] = self._numbers(form, data)
        if any(one & _PREVIEW for one in arrays.get(_SUBFILE, ())):  # perhaps of what was later cut away
            self.carries.add("more")
        for places, sizes in _PIXELS.items():
            for place, size in zip(arrays.get(places, ()), arrays.get(sizes, ()), strict=True):
                if place + size > self.walk.size:
                    raise CannotFollow
                self.spans.append((place, place + size))
        (following,) = struct.unpack(f"{self.order}I", self.walk.read(start + 2 + 12 * count, 4))
        return int(following)

    def _value(self, form: int, number: int, value: bytes) -> bytes:
        size = _SIZES.get(form, 0) * number
        self.length += size
        if not size or self.length > _MOST_BYTES:
            raise CannotFollow
        if size <= 4:
            return value[:size]
        (place,) = struct.unpack(f"{self.order}I", value)
        self.spans.append((place, place + size))
        return self.walk.read(place, size)

    def _numbers(self, form: int, data: bytes) -> tuple[int, ...]:
        if form not in (3, 4) or len(data) > 4 * _MOST_ENTRIES:
            raise CannotFollow
        return tuple(one for (one,) in struct.iter_unpack(self.order + ("H" if form == 3 else "I"), data))

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Yield the parts of the file that nothing points to."""
        at = 0
        for start, end in sorted([*self.spans, (self.walk.size, self.walk.size)]):
            if start > at:
                yield at, start
            at = max(at, end)


def tiff_traces(walk: Walk) -> frozenset[Trace]:
    """Return what a TIFF carries beside its pictures; `CannotFollow` where that cannot be told."""
    order = ORDERS.get(walk.read(0, 4))
    if order is None:
        raise CannotFollow
    reading = _Reading(walk, order)
    (following,) = struct.unpack(f"{order}I", walk.read(4, 4))
    seen: set[int] = set()
    while following:
        if following in seen or len(seen) == _MOST_LISTS:
            raise CannotFollow
        seen.add(following)
        try:
            following = reading.list_at(following)
        except ValueError:  # as many places as sizes there are not, or a part of the file is missing
            raise CannotFollow from None
    if not seen:
        raise CannotFollow
    if not all(end - start <= _GAP or walk.blank(start, end) for start, end in reading.gaps()):
        reading.carries.add("more")
    reading.carries |= {SIGNS[sign] for sign in walk.holds(SIGNS)}
    return frozenset(reading.carries)
