"""Tell what HEIC and AVIF files carry beside their picture, from their boxes alone. Nothing is unpacked. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from review.formats.file_walk import Box, CannotFollow, Walk
from review.formats.picture_files import Trace
from review.formats.tiff_files import SIGNS

BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf avif avis avio avci avcs vvic".split())
"""Brands of ISO base media files that are pictures."""

_TOP = frozenset(b"ftyp mdat free skip".split())
_META = frozenset(b"hdlr pitm iloc idat grpl dinf free skip".split())
_ITEMS = frozenset(b"hvc1 hvc2 hvt1 lhv1 av01 avc1 vvc1 grid iden iovl tmap unci".split())
_PROPERTIES = frozenset(
    b"hvcC lhvC av1C avcC vvcC ispe pixi colr irot imir clap pasp auxC lsel a1op a1lx clli mdcv cclv amve rloc oinf tols "
    b"cmpd uncC free skip".split()
)
_NEW_ITEM = {2: 8, 3: 10}
"""Where an item's kind stands in its entry, by the entry's version."""


def heif_traces(walk: Walk) -> frozenset[Trace]:
    """Return what a HEIC or AVIF carries beside its picture; `CannotFollow` where that cannot be told.

    What is not known to be part of a picture counts as carried, a film or a preview inside it, too.
    """
    carries: set[Trace] = set()
    for box in walk.boxes(0, walk.size):
        if box.kind == b"meta":
            carries |= set(_meta(walk, box))
        elif box.kind not in _TOP:
            carries.add("more")
    # An item whose entry was taken out is still in the file.
    carries |= {SIGNS[sign] for sign in walk.holds(SIGNS)}
    return frozenset(carries)


def _meta(walk: Walk, meta: Box) -> Iterator[Trace]:
    for box in walk.boxes(meta.body + 4, meta.end):
        if box.kind == b"iinf":
            yield from _items(walk, box)
        elif box.kind == b"iprp":
            yield from _properties(walk, box)
        elif box.kind == b"iref":
            if any(one.kind == b"thmb" for one in walk.boxes(box.body + 4, box.end)):
                yield "more"  # a preview, perhaps of what was later cut away
        elif box.kind not in _META:
            yield "more"


def _items(walk: Walk, iinf: Box) -> Iterator[Trace]:
    start = iinf.body + (6 if walk.read(iinf.body, 1) == b"\0" else 8)
    for box in walk.boxes(start, iinf.end):
        version = walk.read(box.body, 1)[0]
        place = box.body + _NEW_ITEM.get(version, 0)
        if box.kind != b"infe" or place + 4 > box.end:
            raise CannotFollow
        kind = walk.read(place, 4) if version in _NEW_ITEM else b"mime"
        if kind == b"Exif":
            yield "camera"
        elif kind == b"mime":
            yield "texts"
        elif kind not in _ITEMS:
            yield "more"


def _properties(walk: Walk, iprp: Box) -> Iterator[Trace]:
    for box in walk.boxes(iprp.body, iprp.end):
        if box.kind == b"ipco":
            if any(one.kind not in _PROPERTIES for one in walk.boxes(box.body, box.end)):
                yield "more"
        elif box.kind != b"ipma":
            yield "more"
