"""What is kept of a photograph of a signed sheet: what can be seen, upright. What is refused, and that nothing else comes out."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from review.actions.scans import MAX_BYTES, MAX_SIDE, cleaned
from review.errors import Refused

WIDE = (800, 600)


def sheet(size: tuple[int, int] = WIDE, mode: str = "RGB") -> Image.Image:
    """A sheet with something on it: black in its upper left corner."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    return picture.convert(mode)


def file(picture: Image.Image, format: str, **options: Any) -> bytes:
    """A picture as a file."""
    target = io.BytesIO()
    picture.save(target, format, **options)
    return target.getvalue()


def shown(data: bytes) -> Image.Image:
    """What a file shows, in grey."""
    return Image.open(io.BytesIO(data)).convert("L")


def grey(picture: Image.Image, place: tuple[int, int]) -> int:
    """How bright a place of a grey picture is, 0 to 255."""
    return picture.tobytes()[place[1] * picture.width + place[0]]


def refused(data: bytes) -> Refused:
    with pytest.raises(Refused) as told:
        cleaned(data, where="sheet")
    assert told.value.where == "sheet"
    assert told.value.hint
    return told.value


def telephone() -> Image.Exif:
    """What a telephone writes beside a picture that it took held sideways."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "ExampleMaker", "ExamplePhone"
    exif[0x8825] = {1: "N", 2: (34.0, 21.0, 30.0), 3: "E", 4: (107.0, 8.0, 0.0)}
    return exif


# What is kept.


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stays_what_it_shows(format: str) -> None:
    scan = cleaned(file(sheet(), format), where="sheet")
    picture = shown(scan.data)
    assert (picture.size, scan.extension) == (WIDE, "jpg")
    assert grey(picture, (20, 20)) < 40
    assert grey(picture, (700, 500)) > 215


def test_nothing_that_a_telephone_wrote_beside_the_picture_is_left() -> None:
    data = file(
        sheet(),
        "JPEG",
        exif=telephone(),
        xmp=b"<x:xmpmeta>home</x:xmpmeta>",
        comment=b"a secret",
        icc_profile=b"profile",
    )
    assert all(one in data for one in (b"ExamplePhone", b"xmpmeta", b"a secret", b"profile"))
    clean = cleaned(data + b"trailing secret", where="sheet").data
    for trace in (b"Example", b"Exif", b"xmpmeta", b"secret", b"profile", b"ICC"):
        assert trace not in clean
    picture = Image.open(io.BytesIO(clean))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_nothing_is_left_of_the_texts_in_a_png() -> None:
    texts = PngInfo()
    texts.add_text("Author", "a secret")
    clean = cleaned(file(sheet(mode="1"), "PNG", pnginfo=texts, exif=telephone(), dpi=(72, 72)), where="sheet")
    assert clean.extension == "png"
    chunks, place = [], 8
    while place < len(clean.data):
        (length,) = struct.unpack(">I", clean.data[place : place + 4])
        chunks.append(clean.data[place + 4 : place + 8])
        place += length + 12
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    ("orientation", "corner", "turned"),
    [
        (1, (20, 20), False),
        (2, (780, 20), False),
        (3, (780, 580), False),
        (4, (20, 580), False),
        (5, (20, 20), True),
        (6, (580, 20), True),
        (7, (580, 780), True),
        (8, (20, 780), True),
    ],
)
def test_a_picture_is_upright_however_the_camera_was_held(
    orientation: int, corner: tuple[int, int], turned: bool
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = shown(cleaned(file(sheet(), "JPEG", exif=exif), where="sheet").data)
    assert picture.size == ((600, 800) if turned else WIDE)
    assert grey(picture, corner) < 40


def test_an_orientation_that_does_not_exist_turns_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert shown(cleaned(file(sheet(), "JPEG", exif=exif), where="sheet").data).size == WIDE


def test_files_that_differ_in_metadata_alone_are_one_scan() -> None:
    plain = cleaned(file(sheet(), "PNG"), where="sheet")
    assert cleaned(file(sheet(), "PNG", dpi=(300, 300)), where="sheet") == plain
    assert cleaned(file(sheet(), "PNG") + b"more", where="sheet") == plain
    assert plain.path == f"evidence/{plain.digest[7:]}.jpg"


def test_what_was_cleaned_may_be_cleaned_again() -> None:
    assert cleaned(cleaned(file(sheet(), "JPEG"), where="sheet").data, where="sheet").extension == "jpg"


def test_a_photograph_of_twelve_million_pixels_becomes_a4_at_300_dpi() -> None:
    picture = shown(cleaned(file(sheet((4000, 3000)), "JPEG", exif=telephone()), where="sheet").data)
    assert picture.size == (2631, MAX_SIDE)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1"])
def test_pictures_of_any_common_colour_are_taken(mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"
    picture = shown(cleaned(file(sheet(mode=mode), format), where="sheet").data)
    assert grey(picture, (20, 20)) < 40
    assert grey(picture, (700, 500)) > 215


def test_what_is_transparent_is_white_as_paper() -> None:
    ink = Image.new("RGBA", WIDE, (0, 0, 0, 0))
    ImageDraw.Draw(ink).rectangle((0, 0, 200, 200), fill=(0, 0, 120, 255))
    picture = shown(cleaned(file(ink, "PNG"), where="sheet").data)
    assert grey(picture, (700, 500)) > 250


def test_a_black_and_white_scan_stays_sharp() -> None:
    scan = cleaned(file(sheet(mode="1"), "PNG"), where="sheet")
    assert scan.extension == "png"
    assert Image.open(io.BytesIO(scan.data)).mode == "1"


def test_of_the_views_that_a_telephone_appends_the_photograph_is_kept() -> None:
    other = Image.new("RGB", WIDE, "black")
    data = file(sheet(), "MPO", save_all=True, append_images=[other])
    clean = cleaned(data, where="sheet")
    assert clean == cleaned(file(sheet(), "JPEG"), where="sheet")


# What is refused.


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\xef\xbb\xbf%PDF-1.4", "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"II*\0" + bytes(200), "TIFF"),
        (b"MM\0*" + bytes(200), "TIFF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"\x7fELF" + bytes(2000), "no picture"),
        (b"\xff\xd8\xff\xe0", "no picture"),
        (b"\x89PNG\r\n\x1a\n", "no picture"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, says: str) -> None:
    assert says in refused(data).what


@pytest.mark.parametrize("format", ["GIF", "BMP", "PPM", "ICO"])
def test_a_picture_of_another_kind_is_refused(format: str) -> None:
    assert "no picture that can be read" in refused(file(sheet(), format)).what


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "larger than 32 MB" in refused(b"\xff" * (MAX_BYTES + 1)).what


def test_a_picture_of_nothing_is_refused() -> None:
    assert refused(file(Image.new("RGB", WIDE, "white"), "JPEG")).what == "there is nothing on the picture"


def test_a_picture_too_small_to_read_is_refused() -> None:
    assert "300 × 400 pixels" in refused(file(sheet((300, 400)), "PNG")).what


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_several_pictures_in_one_file_are_refused(format: str) -> None:
    other = sheet().rotate(90)
    assert "several pictures" in refused(file(sheet(), format, save_all=True, append_images=[other])).what


def test_sixteen_bits_a_colour_are_refused_rather_than_blackened() -> None:
    assert "its colours" in refused(file(Image.new("I;16", WIDE, 30000), "PNG")).what


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.98])
def test_part_of_a_picture_is_refused(format: str, part: float) -> None:
    noise = Image.effect_noise(WIDE, 60).convert("RGB")
    data = file(noise, format)
    assert "only part" in refused(data[: int(len(data) * part)]).what


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size; its pixels would unpack to it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1 << 20), 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8001, 8000), (20_000, 20_000), (65_000, 65_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    assert "more than 64 million pixels" in refused(png_of(*size)).what


def test_a_text_that_unpacks_to_gigabytes_is_refused() -> None:
    data = file(sheet(), "PNG")
    packed = b"Comment\0\0" + zlib.compress(bytes(80 << 20), 9)
    chunk = struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    end = data.index(b"IDAT") - 4
    assert "no picture that can be read" in refused(data[:end] + chunk + data[end:]).what


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_bytes_that_somebody_tampered_with_are_cleaned_or_refused_and_nothing_else(format: str) -> None:
    """Whatever Pillow trips over becomes one refusal: nothing falls through, and no warning is printed."""
    dice = random.Random(format)
    data = file(sheet((640, 480)), format, exif=telephone())
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(dice.randint(1, 8)):
            broken[dice.randrange(min(len(broken), 600))] = dice.randrange(256)
        try:
            clean = cleaned(bytes(broken), where="sheet").data
        except Refused:
            continue
        assert b"ExamplePhone" not in clean
