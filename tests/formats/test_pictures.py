"""Picture files taken apart without being unpacked: what they carry is found and goes, what they show stays."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pictures import (
    FORMATS,
    SECRET,
    camera,
    file_of,
    moving,
    opened,
    photograph,
    png_chunk,
    png_of_size,
    scene,
    telling,
)
from PIL import Image, ImageOps, ImageSequence

from review.formats.picture_files import Trace
from review.formats.pictures import PictureFile, in_words, kind_of, picture_file, without_metadata


def taken_apart(data: bytes) -> PictureFile:
    found = picture_file(data)
    assert found is not None
    return found


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_of_what_cameras_and_programs_write_is_left(format: str) -> None:
    data = telling(format)
    assert SECRET.encode() in data
    found = taken_apart(data)
    assert found.carries == ({"texts"} if format == "GIF" else {"place", "device", "texts"})
    bare = without_metadata(data)
    assert SECRET.encode() not in bare
    assert not opened(bare).getexif()
    assert not {"exif", "xmp", "comment", "photoshop", "Author", "icc_profile"} & opened(bare).info.keys()
    assert taken_apart(bare).carries == set()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_shows_the_same_pixels_as_before_the_same_way_up(format: str, orientation: int) -> None:
    before = telling(format, photograph(96, 64), orientation)
    after = without_metadata(before)
    assert opened(after).tobytes() == opened(before).tobytes()
    assert taken_apart(after).orientation == orientation
    assert ImageOps.exif_transpose(opened(after)).tobytes() == ImageOps.exif_transpose(opened(before)).tobytes()
    assert dict(opened(after).getexif()) == ({0x0112: orientation} if orientation > 1 else {})
    assert without_metadata(after) == after


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_a_picture_that_carries_nothing_keeps_its_bytes(format: str, mode: str) -> None:
    data = file_of(scene(mode="RGB" if mode == "P" and format in ("JPEG", "WEBP") else mode), format)
    assert without_metadata(data) == data
    assert taken_apart(data).carries == set()


@pytest.mark.parametrize("options", [{"progressive": True}, {"icc_profile": b"colours"}, {"dpi": (300, 300)}])
def test_how_a_jpeg_is_stored_is_nothing_that_it_carries(options: dict[str, object]) -> None:
    data = file_of(photograph(200, 100), "JPEG", **options)
    assert without_metadata(data) == data


def test_the_colours_of_print_stay_what_they_are() -> None:
    data = telling("JPEG", scene(mode="CMYK"))
    assert opened(without_metadata(data)).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
def test_what_moves_goes_on_moving(format: str) -> None:
    options = {"comment": SECRET} if format == "GIF" else {"exif": camera()}
    data = moving(format, **options)
    bare = without_metadata(data)
    assert len(bare) < len(data)
    assert SECRET.encode() not in bare

    def frames(one: bytes) -> list[tuple[bytes, object]]:
        shown = ImageSequence.Iterator(Image.open(io.BytesIO(one)))
        return [(frame.convert("RGB").tobytes(), frame.info.get("duration")) for frame in shown]

    assert frames(bare) == frames(data)
    assert len(frames(bare)) == 3
    assert Image.open(io.BytesIO(bare)).info.get("loop") == 0


def with_chunk(name: bytes, body: bytes) -> bytes:
    data = file_of(scene(), "PNG")
    return data[:33] + png_chunk(name, body) + data[33:]


FILM = b"\0\0\0\x18ftypmp42" + SECRET.encode()
THUMBNAIL = b"\xff\xe0" + struct.pack(">H", 16 + 3) + b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc"
FURTHER: dict[str, tuple[bytes, Trace]] = {
    "a film behind the picture": (file_of(scene(), "JPEG") + FILM, "more"),
    "a further picture behind it": (file_of(scene(), "JPEG") + telling("JPEG"), "more"),
    "a small preview": (file_of(scene(), "JPEG")[:2] + THUMBNAIL + file_of(scene(), "JPEG")[20:], "more"),
    "a segment that nobody knows": (b"\xff\xd8\xff\xe9\0\x06abcd" + file_of(scene(), "JPEG")[2:], "more"),
    "something behind a PNG's end": (file_of(scene(), "PNG") + FILM, "more"),
    "a chunk that nobody knows": (with_chunk(b"seCt", b"x"), "more"),
    "the time of the last change": (with_chunk(b"tIME", bytes(7)), "texts"),
    "something behind a WebP's end": (file_of(scene(), "WEBP") + FILM, "more"),
    "something behind a GIF's end": (file_of(scene(), "GIF") + FILM, "more"),
    "a place in words alone": (file_of(scene(), "WEBP", xmp=b"<x exif:GPSLatitude='1'/>"), "place"),
}  # fmt: skip


@pytest.mark.parametrize("name", FURTHER)
def test_what_does_not_belong_to_the_picture_is_found_and_goes(name: str) -> None:
    data, trace = FURTHER[name]
    assert trace in taken_apart(data).carries
    bare = without_metadata(data)
    assert taken_apart(bare).carries == set()
    assert opened(bare).tobytes() == opened(data).tobytes()


def test_exif_that_says_only_which_way_up_a_picture_is_may_stay() -> None:
    bare = without_metadata(telling("JPEG", orientation=6))
    assert b"Exif" in bare
    assert taken_apart(bare).carries == set()


def test_a_picture_is_known_by_its_bytes() -> None:
    assert [kind_of(file_of(scene(), one)) for one in FORMATS] == list(FORMATS)
    assert kind_of(b"%PDF-1.7") is None
    assert picture_file("标题".encode()) is None


@pytest.mark.parametrize(
    "data",
    [
        telling("JPEG").replace(b"\xff\xdb", b"\0\0", 1),
        telling("PNG").replace(b"IHDR", b"XHDR", 1),
        b"\xff\xd8\xff\xe1" + b"Exif\0\0",
    ],
)
def test_what_is_too_broken_to_be_taken_apart_is_said_to_be_so(data: bytes) -> None:
    found = taken_apart(data)
    assert found.bare is None or not found.whole
    assert without_metadata(without_metadata(data)) == without_metadata(data)


def test_a_file_that_ends_too_early_loses_what_it_carries_all_the_same() -> None:
    data = telling("JPEG", photograph(640, 480))
    cut = taken_apart(data[:-3000])
    assert not cut.whole
    assert cut.carries == {"place", "device", "texts"}
    assert SECRET.encode() not in without_metadata(data[:-3000])


@pytest.mark.parametrize(("tag", "deeper"), [(0x013B, False), (0x8298, False), (0xA430, True), (0x9C9D, False)])
def test_names_in_a_picture_are_told_apart_from_its_device(tag: int, deeper: bool) -> None:
    exif = Image.Exif()
    (exif.get_ifd(0x8769) if deeper else exif)[tag] = SECRET
    data = file_of(scene(), "JPEG", exif=exif)
    assert taken_apart(data).carries == {"device", "names"}
    assert "names (artist, copyright, owner)" in in_words(taken_apart(data).carries)
    assert SECRET.encode() not in without_metadata(data)


def test_people_are_told_in_words_the_place_first() -> None:
    assert in_words({"texts", "place"}) == ("the place where it was taken, names or texts that a program wrote into it")


WHOLE = [telling(one) for one in FORMATS] + [moving(one) for one in ("PNG", "WEBP", "GIF")] + [png_of_size(9, 9)]


@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.binary(max_size=6), st.booleans())
def test_no_damage_makes_it_fail_and_cleaning_twice_is_cleaning_once(
    data: bytes, at: int, put: bytes, cut: bool
) -> None:
    at %= len(data)
    damaged = data[:at] + put + (b"" if cut else data[at + len(put) :])
    once = without_metadata(damaged)
    assert without_metadata(once) == once
