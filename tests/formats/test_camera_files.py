"""Files of cameras taken apart without being unpacked: what tells too much is found, and what is only picture or film passes."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_films import OWN, PLACE, XMP_NAME, box, film, full, heif, listed, named, said, track
from made_pictures import SECRET, XMP, camera, file_of, photograph, scene, swapped_profile, telling
from PIL import Image, TiffImagePlugin

from review.formats import file_walk, tiff_files
from review.formats.camera_files import CameraFile, camera_file, camera_kind, cleaned_file, way_out
from review.formats.picture_files import Trace
from review.formats.pictures import without_metadata

SAMPLE = Path(__file__).parents[2] / "content"


def looked(data: bytes) -> CameraFile:
    found = camera_file(io.BytesIO(data))
    assert found is not None
    return found


# TIFF.

PLAIN: dict[str, bytes] = {
    "raw": file_of(photograph(70, 50), "TIFF"),
    "packed": file_of(photograph(70, 50), "TIFF", compression="tiff_lzw"),
    "as a JPEG": file_of(photograph(70, 50), "TIFF", compression="jpeg"),
    "as a fax": file_of(scene(mode="1"), "TIFF", compression="group4"),
    "grey": file_of(scene(mode="L"), "TIFF", compression="tiff_adobe_deflate"),
    "of few colours": file_of(scene(mode="P"), "TIFF"),
    "of several pages": file_of(
        scene(mode="L"), "TIFF", save_all=True, append_images=[scene(mode="L"), scene(mode="1")]
    ),
    "with colours described": file_of(scene(), "TIFF", icc_profile=swapped_profile()),
    "with colours described at length": file_of(scene(), "TIFF", icc_profile=bytes(range(256)) * 12_000),
    "with its size on paper": file_of(scene(), "TIFF", dpi=(300, 300)),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_scan_carries_nothing(name: str) -> None:
    found = looked(PLAIN[name])
    assert (found.kind, found.carries, found.withheld) == ("TIFF", frozenset(), False)
    assert cleaned_file(PLAIN[name]) == PLAIN[name]


def tagged(tag: int, value: object) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[tag] = value
    return file_of(scene(), "TIFF", tiffinfo=tags)


def with_lists(order: str, *lists: list[tuple[int, int, int, int]], behind: bytes = b"") -> bytes:
    """A TIFF of one grey pixel, made by hand: its lists of tags follow each other, the pixel stands at 8."""
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 10) + b"\x80\0"
    for number, entries in enumerate(lists, 1):
        following = len(data) + 6 + 12 * len(entries) if number < len(lists) else 0
        data += struct.pack(f"{order}H", len(entries))
        for tag, form, count, value in entries:
            at = struct.pack(f"{order}HH", value, 0) if form == 3 else struct.pack(f"{order}I", value)
            data += struct.pack(f"{order}HHI", tag, form, count) + at
        data += struct.pack(f"{order}I", following)
    return data + behind


PIXEL = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (278, 3, 1, 1),
         (279, 4, 1, 1)]  # fmt: skip

TELLING_TIFF: dict[str, tuple[bytes, Trace]] = {
    "a place": (with_lists("<", [*PIXEL, (34853, 4, 1, 10)]), "place"),
    "its device": (tagged(272, SECRET), "device"),
    "its day": (tagged(306, "2026:11:20 08:00:00"), "device"),
    "its program": (tagged(305, SECRET), "device"),
    "its artist": (tagged(315, SECRET), "names"),
    "its owner": (tagged(33432, SECRET), "names"),
    "a description": (tagged(270, SECRET), "texts"),
    "XMP": (tagged(700, XMP), "texts"),
    "a tag that nobody knows": (tagged(65000, SECRET), "more"),
    "a list of Exif": (with_lists(">", [*PIXEL, (34665, 4, 1, 10)]), "camera"),
    "Exif put in whole": (PLAIN["raw"] + b"Exif\0\0" + OWN, "camera"),
    "something that nothing points to": (PLAIN["raw"] + OWN, "more"),
    "a preview": (with_lists("<", PIXEL, [(254, 4, 1, 1), *PIXEL]), "more"),
    "a list below a list": (with_lists("<", [*PIXEL, (330, 4, 1, 10)]), "more"),
    "lists in a ring": (with_lists("<", PIXEL)[:-4] + struct.pack("<I", 10), "unknown"),
    "pixels beyond its end": (with_lists("<", [*PIXEL[:-1], (279, 4, 1, 999)]), "unknown"),
    "a size without a kind": (with_lists("<", [*PIXEL, (270, 99, 5, 0)]), "unknown"),
    "no list": (with_lists("<")[:4] + bytes(8), "unknown"),
    "a place for more than 4 GiB": (b"II+\0\x08\0\0\0" + bytes(40), "unknown"),
    "half of a file": (PLAIN["packed"][:-40], "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", TELLING_TIFF)
def test_what_a_scan_carries_is_found_and_keeps_it_back(name: str) -> None:
    data, trace = TELLING_TIFF[name]
    found = looked(data)
    assert (found.kind, found.withheld, found.cleanable) == ("TIFF", True, False)
    assert trace in found.carries
    assert cleaned_file(data) == data
    assert "PNG" in way_out("TIFF")


def test_lists_made_by_hand_are_those_of_a_plain_scan() -> None:
    for order in ("<", ">"):
        assert looked(with_lists(order, PIXEL)).carries == set()
        assert looked(with_lists(order, PIXEL, PIXEL)).carries == set()
        assert Image.open(io.BytesIO(with_lists(order, PIXEL))).getpixel((0, 0)) == 128


def test_lists_that_cost_more_than_they_are_worth_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_lists("<", PIXEL, PIXEL, PIXEL)
    assert looked(data).carries == set()
    for name, most in (("_MOST_LISTS", 2), ("_MOST_ENTRIES", 20), ("_MOST_BYTES", 40)):
        with monkeypatch.context() as bounds:
            bounds.setattr(tiff_files, name, most)
            assert looked(data).carries == {"unknown"}


# HEIC and AVIF.


@pytest.mark.parametrize("kind", ["HEIC", "AVIF"])
def test_a_plain_picture_of_this_kind_carries_nothing(kind: str) -> None:
    data = heif(b"hvc1") if kind == "HEIC" else file_of(scene(), "AVIF")
    found = looked(data)
    assert (found.kind, found.carries, found.withheld) == (kind, frozenset(), False)


TELLING_HEIF: dict[str, tuple[bytes, Trace]] = {
    "Exif": (heif(b"hvc1", b"Exif"), "camera"),
    "XMP": (heif(b"hvc1", b"mime"), "texts"),
    "an item that nobody knows": (heif(b"hvc1", b"uri "), "more"),
    "a preview": (heif(b"hvc1", b"hvc1", beside=full(b"iref", box(b"thmb", bytes(8)))), "more"),
    "a box that nobody knows": (heif(b"hvc1") + box(b"mpvd", OWN), "more"),
    "a box in its list": (heif(b"hvc1", beside=box(b"uuid", OWN)), "more"),
    "Exif whose entry is gone": (heif(b"hvc1", pixels=b"\0\0\0\6Exif\0\0" + OWN), "camera"),
    "half of a file": (heif(b"hvc1")[:-9], "unknown"),
    "hardly a beginning": (b"\0\0\0\x18ftypheic", "unknown"),
    "an AVIF with Exif": (file_of(scene(), "AVIF", exif=camera()), "camera"),
    "an AVIF with XMP": (file_of(scene(), "AVIF", xmp=XMP), "texts"),
}  # fmt: skip


@pytest.mark.parametrize("name", TELLING_HEIF)
def test_what_a_picture_of_a_telephone_carries_is_found_and_keeps_it_back(name: str) -> None:
    data, trace = TELLING_HEIF[name]
    found = looked(data)
    assert found.kind in ("HEIC", "AVIF")
    assert (found.withheld, found.cleanable) == (True, False)
    assert trace in found.carries


# Films and recordings.

CAMERA_TRACK = track(b"meta", described=box(b"gpmd", bytes(8)))
PASSES: dict[str, bytes] = {
    "a film": film(),
    "when it was made, and its encoder": film(box(b"udta", listed(b"\xa9too", box(b"data", bytes(8), b"Lavf59.27.100")))),
    "a title and a comment": film(box(b"udta", said(b"\xa9nam", "科技周".encode()), said(b"\xa9cmt", b"3 min, 20+1"))),
    "names of QuickTime": film(named(b"com.apple.quicktime.creationdate", b"2026-11-20T08:00:00+0800")),
    "a cover": film(box(b"udta", listed(b"covr", box(b"data", bytes(8), file_of(scene(), "JPEG"))))),
    "what it says to players about its picture": film(track(b"meta", described=box(b"mebx", b"video-orientation"))),
    "a film in parts": film(beside=box(b"moof", bytes(20)) + box(b"mdat", bytes(9)) + box(b"mfra", bytes(8))),
    "subtitles": film(track(b"sbtl", described=box(b"tx3g", bytes(8))), pixels="你好".encode()),
    "a length up to the end": film()[: -len(b"pixels" * 50) - 8] + b"\0\0\0\0mdat" + b"pixels",
    "a length of eight bytes": film() + struct.pack(">I4sQ", 1, b"mdat", 20) + b"film",
    "zeros behind it": film() + bytes(100),
    "a recording": film(brand=b"M4A "),
    "a film of old": box(b"wide") + film()[20:],
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_a_film_without_a_place_passes_byte_for_byte(name: str) -> None:
    found = looked(PASSES[name])
    assert (found.kind, found.carries, found.withheld) == ("film", frozenset(), False)
    assert cleaned_file(PASSES[name]) == PASSES[name]


CLEANED: dict[str, tuple[bytes, Trace]] = {
    "a place in words of QuickTime": (film(box(b"udta", said(b"\xa9xyz", PLACE), bytes(4))), "place"),
    "a place beside a track": (film(track(b"vide", box(b"udta", said(b"\xa9xyz", PLACE)))), "place"),
    "a place of mobile networks": (film(box(b"udta", full(b"loci", OWN, bytes(14)))), "place"),
    "a place by its name": (film(named(b"com.apple.quicktime.location.ISO6709", PLACE)), "place"),
    "without a version": (film(named(b"com.apple.quicktime.location.ISO6709", PLACE, versioned=False)), "place"),
    "a place by another name": (film(named(b"xy", PLACE)), "place"),
    "a place in a comment": (film(box(b"udta", said(b"\xa9cmt", PLACE))), "place"),
    "a place among a song's words": (film(box(b"udta", listed(b"\xa9xyz"))), "place"),
    "a free entry": (film(box(b"udta", listed(b"----", full(b"name", b"GPS-Location")))), "place"),
    "its cover": (film(box(b"udta", listed(b"covr", box(b"data", bytes(8), telling("JPEG"))))), "unknown"),
    "XMP with a place": (film(beside=box(b"uuid", XMP_NAME, b"<x exif:GPSLatitude='1'/>")), "place"),
    "XMP of a program": (film(beside=box(b"uuid", XMP_NAME, XMP)), "texts"),
    "XMP in QuickTime's way": (film(box(b"udta", box(b"XMP_", b"<x exif:GPSLatitude='1'/>"))), "place"),
    "its device": (film(box(b"udta", said(b"\xa9mod", OWN))), "device"),
    "its device by name": (film(named(b"com.apple.quicktime.model", OWN)), "device"),
    "a box of one maker": (film(box(b"udta", box(b"PANA", OWN))), "unknown"),
    "a box of another": (film(beside=box(b"uuid", bytes(16), OWN)), "unknown"),
    "a list of markup": (film(beside=full(b"meta", full(b"hdlr", bytes(17)), full(b"xml ", OWN))), "unknown"),
    "words that do not lie as they should": (film(box(b"udta", b"\0\0\0\x99" + OWN)), "unknown"),
    "a part that nobody knows": (film(box(b"what", OWN), beside=box(b"SEFT", OWN)), "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEANED)
def test_what_a_film_tells_is_taken_out_and_nothing_moves(name: str) -> None:
    data, trace = CLEANED[name]
    found = looked(data)
    assert trace in found.carries
    assert (found.withheld, found.cleanable) == (trace in ("place", "unknown"), True)
    clean = cleaned_file(data)
    assert looked(clean).carries == set()
    assert len(clean) == len(data)
    assert not any(one in clean for one in (OWN, PLACE, b"GPS"))
    assert clean.index(b"pixels" * 50) == data.index(b"pixels" * 50)
    assert cleaned_file(clean) == clean


FIRM: dict[str, tuple[bytes, Trace]] = {
    "a track of where it went": (film(CAMERA_TRACK), "place"),
    "another": (film(track(b"meta", described=box(b"mebx", b"com.apple.quicktime.location.ISO6709"))), "place"),
    "a track that nobody knows": (film(track(b"meta", described=box(b"what", b"x"))), "unknown"),
    "a track of a kind that nobody knows": (film(track(b"what")), "unknown"),
    "a way in its subtitles": (film(track(b"sbtl"), pixels=b"[latitude: 34.36] [longtitude: 107.23]"), "place"),
    "a way as drones write it": (film(track(b"text"), pixels=b"GPS(107.2300,34.3600,16)"), "place"),
    "a packed list": (film(box(b"cmov", OWN)), "unknown"),
    "half of a file": (film()[:-9], "unknown"),
    "something behind it": (film() + OWN, "unknown"),
    "a beginning": (b"\0\0\0\x18ftypmp42", "unknown"),
    "a size that is none": (film() + struct.pack(">I4s", 7, b"free"), "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRM)
def test_what_cannot_be_taken_out_of_a_film_keeps_it_back(name: str) -> None:
    data, trace = FIRM[name]
    assert trace in looked(data).carries
    assert looked(data).withheld
    assert not looked(data).cleanable
    assert looked(cleaned_file(data)).withheld
    assert "ffmpeg" in way_out("film")


def test_the_films_of_the_sample_pass() -> None:
    films = sorted(SAMPLE.rglob("*.mp4"))
    assert films
    for path in films:
        with path.open("rb") as file:
            found = camera_file(file)
        assert found is not None
        assert (found.kind, found.carries) == ("film", frozenset()), path


# What all have in common.


def test_a_file_is_known_by_its_bytes_and_all_others_stay_as_they_are() -> None:
    texts = [
        b"",
        b"%PDF-1.7",
        "标题".encode(),
        b"The free software",
        b"a wide field",
        b"RIFF....WAVE",
        b"\x1a\x45\xdf\xa3",
    ]
    assert [camera_kind(one) for one in texts] == [None] * len(texts)
    assert [camera_file(io.BytesIO(one)) for one in texts] == [None] * len(texts)
    assert [cleaned_file(one) for one in texts] == texts
    picture = telling("JPEG")
    assert camera_file(io.BytesIO(picture)) is None
    assert cleaned_file(picture) == without_metadata(picture)


def test_a_file_of_parts_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_walk, "MOST_BOXES", 50)
    assert looked(film() + box(b"free") * 60).carries == {"unknown"}
    monkeypatch.setattr(file_walk, "MOST_READ", 1 << 20)
    large = box(b"udta", listed(b"covr", box(b"data", bytes(2 << 20))))
    assert looked(film(large)).carries == {"unknown"}
    assert looked(cleaned_file(film(large))).carries == set()


MADE = [data for data, _ in (*CLEANED.values(), *FIRM.values(), *TELLING_HEIF.values(), *TELLING_TIFF.values())]


@given(st.sampled_from(MADE), st.integers(0, 3000), st.binary(max_size=6), st.booleans())
def test_no_damage_makes_it_fail_and_cleaning_twice_is_cleaning_once(
    data: bytes, at: int, put: bytes, cut: bool
) -> None:
    at %= len(data)
    damaged = data[:at] + put + (b"" if cut else data[at + len(put) :])
    clean = cleaned_file(damaged)
    assert cleaned_file(clean) == clean
    before, after = (camera_file(io.BytesIO(one)) for one in (damaged, clean))
    if before is not None and before.cleanable:
        assert after is not None
        assert after.carries == set()
