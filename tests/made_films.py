"""Films, and pictures built like films, made of boxes on the spot. `SECRET` stands in all that tells too much."""

from __future__ import annotations

import struct

from made_pictures import SECRET

PLACE = b"+34.3600+107.2300/"
XMP_NAME = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
OWN = SECRET.encode()


def box(kind: bytes, *content: bytes) -> bytes:
    """One box."""
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, *content: bytes, version: int = 0) -> bytes:
    """One box that begins with its version."""
    return box(kind, bytes((version, 0, 0, 0)), *content)


def said(kind: bytes, words: bytes) -> bytes:
    """Words of QuickTime, in Chinese as far as it knows."""
    return box(kind, struct.pack(">HH", len(words), 0x15C7), words)


def track(handler: bytes, *beside: bytes, described: bytes = b"") -> bytes:
    """A track of this kind; `described` are the descriptions of its samples."""
    stbl = box(
        b"stbl", full(b"stsd", struct.pack(">I", 1), described or box(b"mp4v", bytes(78))), full(b"stts", bytes(4))
    )
    medium = box(
        b"mdia",
        full(b"mdhd", bytes(20)),
        full(b"hdlr", bytes(4), handler, bytes(13)),
        box(b"minf", full(b"vmhd", bytes(8)), stbl),
    )
    return box(b"trak", full(b"tkhd", bytes(80)), medium, *beside)


def film(*in_movie: bytes, beside: bytes = b"", brand: bytes = b"isom", pixels: bytes = b"pixels" * 50) -> bytes:
    """A film: its picture and sound, what else its movie has, and what stands between that and its pixels."""
    head = box(b"ftyp", brand, bytes(4), b"mp42")
    movie = box(b"moov", full(b"mvhd", bytes(96)), track(b"vide"), track(b"soun"), *in_movie)
    return head + movie + beside + box(b"mdat", pixels)


def named(key: bytes, value: bytes, *, versioned: bool = True) -> bytes:
    """QuickTime's list of keys with names. MP4 gives it a version, QuickTime does not."""
    keys = full(b"keys", struct.pack(">I", 1), box(b"mdta", key))
    values = box(b"ilst", box(b"\0\0\0\1", box(b"data", struct.pack(">II", 1, 0), value)))
    content = (full(b"hdlr", bytes(4), b"mdta", bytes(13)), keys, values)
    return full(b"meta", *content) if versioned else box(b"meta", *content)


def listed(kind: bytes, *content: bytes) -> bytes:
    """The list of music players, with one entry."""
    values = box(b"ilst", box(kind, *(content or (box(b"data", struct.pack(">II", 1, 0), OWN),))))
    return full(b"meta", full(b"hdlr", bytes(4), b"mdir", b"appl", bytes(9)), values)


def heif(*items: bytes, brand: bytes = b"heic", beside: bytes = b"", pixels: bytes = b"pixels" * 50) -> bytes:
    """A picture that is built like a film, with items of these kinds."""
    entries = [
        full(b"infe", struct.pack(">HH", number, 0), kind, b"\0", version=2) for number, kind in enumerate(items, 1)
    ]
    properties = box(
        b"iprp", box(b"ipco", full(b"ispe", bytes(8)), box(b"colr", b"nclx", bytes(7))), full(b"ipma", bytes(4))
    )
    meta = full(
        b"meta",
        full(b"hdlr", bytes(4), b"pict", bytes(13)),
        full(b"pitm", b"\0\1"),
        full(b"iinf", struct.pack(">H", len(items)), *entries),
        properties,
        beside,
    )
    return box(b"ftyp", brand, bytes(4), b"mif1") + meta + box(b"mdat", pixels)
