"""Pictures made on the spot, and all that cameras and programs write into their files. `SECRET` stands in each of it."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

SECRET = "SECRET-home-of-somebody"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture without two equal corners: red, green, blue and yellow quarters, clockwise from the upper left."""
    picture = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height // 2), fill=(0, 200, 0))
    draw.rectangle((width // 2, height // 2, width, height), fill="blue")
    if width > 1:
        draw.rectangle((0, height // 2, width // 2 - 1, height), fill="yellow")
    return picture.convert(mode)


def photograph(width: int, height: int) -> Image.Image:
    """A scene with grain, as every photograph has it; the same each time."""
    small = random.Random(7).randbytes(64 * 64 * 3)
    grain = Image.frombytes("RGB", (64, 64), small).resize((width, height), Image.Resampling.BICUBIC)
    return Image.blend(scene(width, height), grain, 0.3)


def file_of(picture: Image.Image, format: str, **options: Any) -> bytes:
    """A picture as a file."""
    target = io.BytesIO()
    picture.save(target, format, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """What a file shows."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def camera(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: which way up, by what, when and where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, SECRET, "2026:11:20 08:00:00"
    exif[0x8825] = {1: "N", 2: (34.0, 21.0, 30.0), 3: "E", 4: (107.0, 8.0, 0.0)}
    return exif


def telling(format: str, picture: Image.Image | None = None, orientation: int = 1, **options: Any) -> bytes:
    """A file of this kind that carries all that its kind can."""
    picture = picture or scene()
    exif = camera(orientation)
    if format == "JPEG":
        data = file_of(picture, format, exif=exif, xmp=XMP, comment=SECRET.encode(), **options)
        photoshop = b"Photoshop 3.0\0" + SECRET.encode()
        return data[:2] + b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop + data[2:]
    if format == "PNG":
        texts = PngInfo()
        texts.add_text("Author", SECRET)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        texts.add_text("Comment", SECRET, zip=True)
        return file_of(picture, format, exif=exif, pnginfo=texts, **options)
    if format == "WEBP":
        return file_of(picture, format, exif=exif.tobytes(), xmp=XMP, **options)
    data = file_of(picture, format, comment=SECRET.encode(), **options)
    return data[:-1] + b"!\xff\x0bXMP DataXMP" + bytes([len(XMP)]) + XMP + b"\0;"


def moving(format: str, **options: Any) -> bytes:
    """Three pictures one after the other."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    return file_of(frames[0], format, save_all=True, append_images=frames[1:], duration=100, loop=0, **options)


def png_chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds hardly any."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, body) for name, body in chunks)


def swapped_profile() -> bytes:
    """Colours described in such a way that what is written as red means green, and the other way round."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
