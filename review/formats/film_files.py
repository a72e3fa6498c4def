"""Tell what films and recordings (MP4, MOV, M4A, 3GP) carry beside themselves, and empty the boxes that have it. Pure.

Telephones write the place into them. Everything else that nobody needs to see stands in the same few boxes, and a box can be
emptied where it lies: then nothing moves, and the film plays as before. When it was made and by which program stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from review.formats.file_walk import Box, CannotFollow, Walk
from review.formats.picture_files import Trace

WITHHOLDING = frozenset[Trace](("place", "unknown"))
"""What keeps a film from being published. Its device and names of programs do not, though they go with the rest."""

_SPACE = b"free skip wide".split()
_TOP = frozenset((*b"ftyp styp mdat moof mfra sidx ssix pdin emsg prft".split(), *_SPACE))
_MOVIE = frozenset((*b"mvhd iods mvex pssh ctab".split(), *_SPACE))
_TRACK = frozenset((*b"tkhd edts tref tapt load imap trgr matt clip txas prfl".split(), *_SPACE))
_MEDIA = frozenset((*b"mdhd elng".split(), *_SPACE))
_META = frozenset((*b"hdlr mhdr ctry lang".split(), *_SPACE))
_SAID = frozenset(
    (
        *b"name titl dscp cprt perf auth gnre rtng clsf kywd albm yrrc hnti hinf hinv chpl tsel kind ludt".split(),
        *b"LOOP SelO AllF WLOC tnam date".split(),
        *_SPACE,
    )
)
"""What people and programs say of a film, apart from where and by what it was taken; so do all kinds that begin with ©."""

_PLACES = frozenset((b"\xa9xyz", b"loci"))
_DEVICES = frozenset((b"\xa9mak", b"\xa9mod", b"manu", b"modl"))
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_SHOWN = frozenset(b"vide soun hint tmcd auxv pict clcp odsm sdsm".split())
_TEXTS = frozenset(b"text sbtl subt".split())
_MEASURED = frozenset(b"gpmd camm rtmd djmd".split())
"""Kinds of tracks in which cameras write down all the way where they are."""

_PLACE_WORDS = re.compile(rb"locat|latitude|longitude|iso6709|\bgps|geotag|geo[-_.]?coord", re.IGNORECASE)
_DEVICE_WORDS = re.compile(rb"make|model|manufacturer|device", re.IGNORECASE)
_POSITION = re.compile(rb"[+-]\d{2,6}(?:\.\d+)?[+-]\d{3,7}\.\d+")
_IN_TEXTS = (
    b"latitude",
    b"Latitude",
    b"longitude",
    b"longtitude",
    b"Longitude",
    b"GPS(-",
    b"GPS (",
    b"GPS(1",
    b"GPS(+",
)
_SIGNS = (b"Exif\0\0", b"exif:GPS")
_MOST_SAID = 1 << 16


@dataclass(slots=True)
class Film:
    """What was found in a film, and which boxes have it. `firm` is true where some of it stands elsewhere than in a box."""

    walk: Walk
    carries: set[Trace] = field(default_factory=set)
    spots: list[Box] = field(default_factory=list)
    firm: bool = False
    texts: bool = False

    @property
    def withheld(self) -> bool:
        """Tell whether it must not be published as it is."""
        return bool(self.carries & WITHHOLDING)

    def note(self, trace: Trace, box: Box) -> None:
        """Remember that a box carries something, and can be emptied."""
        self.carries.add(trace)
        self.spots.append(box)

    def keep(self, trace: Trace) -> None:
        """Remember something that emptying boxes does not take out."""
        self.carries.add(trace)
        self.firm = True


def film_of(walk: Walk) -> Film:
    """Return what a film or recording carries; `unknown` where it cannot be followed."""
    film = Film(walk)
    try:
        for box in walk.boxes(0, walk.size):
            _within(film, box, _TOP, {b"moov": _movie})
        if film.texts and walk.holds(_IN_TEXTS):
            film.keep("place")
    except CannotFollow:
        film.keep("unknown")
    return film


def emptied(data: bytes, spots: Iterable[Box]) -> bytes:
    """Return a file of the same length with these boxes empty, and marked as space that is not used."""
    result = bytearray(data)
    for box in spots:
        result[box.start + 4 : box.start + 8] = b"free"
        result[box.body : box.end] = bytes(box.end - box.body)
    return bytes(result)


def _within(film: Film, box: Box, known: frozenset[bytes], deeper: dict[bytes, Callable[[Film, Box], None]]) -> None:
    """Look at one box of a film, a track or a medium."""
    if box.kind in deeper:
        deeper[box.kind](film, box)
    elif box.kind == b"udta":
        _carefully(film, box, _said)
    elif box.kind == b"meta":
        _carefully(film, box, _meta)
    elif box.kind == b"uuid":
        _of_a_program(film, box)
    elif box.kind not in known:
        film.note("unknown", box)


def _movie(film: Film, moov: Box) -> None:
    for box in film.walk.boxes(moov.body, moov.end):
        if box.kind == b"cmov":  # packed
            raise CannotFollow
        _within(film, box, _MOVIE, {b"trak": _track})


def _track(film: Film, trak: Box) -> None:
    for box in film.walk.boxes(trak.body, trak.end):
        _within(film, box, _TRACK, {b"mdia": _medium})


def _medium(film: Film, mdia: Box) -> None:
    boxes = list(film.walk.boxes(mdia.body, mdia.end))
    kind = next((film.walk.read(box.body + 8, 4) for box in boxes if box.kind == b"hdlr"), b"")
    film.texts |= kind in _TEXTS
    if kind == b"meta":
        _measured(film, boxes)
    elif kind not in _SHOWN | _TEXTS:
        film.keep("unknown")
    for box in boxes:
        _within(film, box, _MEDIA | {b"hdlr", b"minf"}, {})


def _measured(film: Film, boxes: Iterable[Box]) -> None:
    """Look at a track that is neither picture nor sound: what it is about stands in its description, what it says does not."""
    walk = film.walk
    minf = [one for box in boxes if box.kind == b"minf" for one in walk.boxes(box.body, box.end)]
    stbl = [one for box in minf if box.kind == b"stbl" for one in walk.boxes(box.body, box.end)]
    described = [one for box in stbl if box.kind == b"stsd" for one in walk.boxes(box.body + 8, box.end)]
    for one in described:
        if one.kind in _MEASURED or _PLACE_WORDS.search(walk.inside(one)):
            film.keep("place")
        elif one.kind != b"mebx":
            film.keep("unknown")
    if not described:
        film.keep("unknown")


def _carefully(film: Film, box: Box, look: Callable[[Film, Box], None]) -> None:
    """Look into a box that programs fill as they like; where it cannot be followed, nobody needs it."""
    try:
        look(film, box)
    except CannotFollow:
        film.note("unknown", box)


def _said(film: Film, udta: Box) -> None:
    for box in film.walk.boxes(udta.body, udta.end):
        if box.kind in _PLACES:
            film.note("place", box)
        elif box.kind in _DEVICES:
            film.note("device", box)
        elif box.kind == b"meta":
            _carefully(film, box, _meta)
        elif box.kind in (b"uuid", b"XMP_"):
            _of_a_program(film, box)
        elif box.kind not in _SAID and box.kind[:1] != b"\xa9":
            film.note("unknown", box)
        elif box.end - box.body <= _MOST_SAID and _POSITION.search(film.walk.inside(box)):
            film.note("place", box)


def _meta(film: Film, meta: Box) -> None:
    """Look at a list of keys and values: QuickTime's, where keys have names, or that of music players."""
    walk = film.walk
    # In films of QuickTime it begins at once, elsewhere with its version.
    start = meta.body if walk.read(meta.body + 4, 4) in (b"hdlr", b"mhdr") else meta.body + 4
    for box in walk.boxes(start, meta.end):
        if box.kind == b"keys":
            names = walk.inside(box)
            if _PLACE_WORDS.search(names):
                film.note("place", meta)
            elif _DEVICE_WORDS.search(names):
                film.note("device", meta)
        elif box.kind == b"ilst":
            for entry in walk.boxes(box.body, box.end):
                _entry(film, meta, entry)
        elif box.kind not in _META:
            film.note("unknown", meta)


def _entry(film: Film, meta: Box, entry: Box) -> None:
    data = film.walk.inside(entry)
    named = entry.kind == b"----" and _PLACE_WORDS.search(data)
    if entry.kind in _PLACES or named or (entry.kind != b"covr" and _POSITION.search(data)):
        film.note("place", meta)
    elif entry.kind in _DEVICES:
        film.note("device", meta)
    elif any(sign in data for sign in _SIGNS):  # the picture on its cover was taken somewhere, too
        film.note("unknown", meta)


def _of_a_program(film: Film, box: Box) -> None:
    """Look at a box that only its program knows. What those of Adobe write are texts that tell of themselves."""
    data = b""
    if box.end - box.body <= _MOST_SAID << 8:
        data = film.walk.inside(box)
    if box.kind != b"XMP_" and not data.startswith(_XMP):
        film.note("unknown", box)
    else:
        film.note("place" if _PLACE_WORDS.search(data) else "texts", box)
