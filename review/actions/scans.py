"""Clean the scan of a signed sheet: keep what can be seen, drop place, device and all else. Bytes in, bytes out."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile

from review.errors import Refused
from review.formats.pixels import BOMBS, UNREADABLE, pixels_alone, upright
from review.messages import t
from review.model.digests import digest_of

MAX_BYTES = 32 << 20
MAX_PIXELS = 64_000_000
"""A photograph of a telephone has 12 to 50 million."""

MIN_SIDE, MAX_SIDE = 600, 3508
"""Pixels of the longer side: less cannot be read, more than A4 at 300 dpi tells nobody more."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"})
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A picture that holds nothing but what can be seen on it. `extension` is `jpg` or `png`."""

    data: bytes
    extension: str

    @property
    def digest(self) -> str:
        """The digest by which a statement names it."""
        return digest_of(self.data)

    @property
    def path(self) -> str:
        """Where it is stored."""
        return f"evidence/{self.digest.removeprefix('sha256:')}.{self.extension}"


def cleaned(data: bytes, *, where: str) -> Scan:
    """Return the picture that these bytes show, turned upright, at most A4 at 300 dpi, without any metadata.

    The same bytes give the same picture, and so do files that differ in metadata alone. `Refused`, with `where` as the
    place, where they are no single picture that could be a sheet of paper.
    """
    _refuse_by_name(data, where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _refuse_by_head(picture, where)
                return _written(_upright(picture), where)
    except BOMBS:
        raise _too_many_pixels(where) from None
    except UNREADABLE:
        raise Refused(
            t("it is no picture that can be read, or only part of one"),
            where=where,
            hint=t("photograph or scan the sheet again, as JPEG or PNG"),
        ) from None


def _refuse_by_name(data: bytes, where: str) -> None:
    """Say by the first bytes what the person can do, where they are of something common that is not taken."""
    if not data:
        raise Refused(t("the file is empty"), where=where, hint=t("photograph or scan the sheet again"))
    if len(data) > MAX_BYTES:
        raise Refused(
            t("the file is larger than {size} MB", size=MAX_BYTES >> 20),
            where=where,
            hint=t("scan the sheet at 300 dpi"),
        )
    if b"%PDF-" in data[:1024]:
        raise Refused(
            t("it is a PDF, whose hidden data cannot be taken out"),
            where=where,
            hint=t("give a photograph or a scan of the sheet, as JPEG or PNG"),
        )
    if data[:4] in _TIFF:  # its library is the largest of all, and speaks to the terminal past us
        raise Refused(t("it is a TIFF, which is not taken"), where=where, hint=t("save it as JPEG or PNG"))
    if data[4:8] == b"ftyp":
        raise Refused(
            t("it is a HEIC picture or a film, which cannot be read here"),
            where=where,
            hint=t("have the telephone save it as JPEG"),
        )


def _refuse_by_head(picture: ImageFile.ImageFile, where: str) -> None:
    """Refuse by what the file says of itself, before anything is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels(where)
    if max(picture.size) < MIN_SIDE:
        raise Refused(
            t("the picture has {width} × {height} pixels, too few to read", width=picture.width, height=picture.height),
            where=where,
            hint=t("photograph the whole sheet, at least {side} pixels high", side=MIN_SIDE),
        )
    # Some telephones append further views of the same scene to a JPEG; its first picture is the photograph.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused(
            t("it holds several pictures"),
            where=where,
            hint=t("give the one page that bears the signature, as JPEG or PNG"),
        )
    if picture.mode not in _MODES:
        raise Refused(
            t("its colours are of a kind that is not taken: {mode}", mode=picture.mode),
            where=where,
            hint=t("save it as an ordinary JPEG or PNG"),
        )


def _too_many_pixels(where: str) -> Refused:
    return Refused(
        t("the picture has more than {count} million pixels", count=MAX_PIXELS // 1_000_000),
        where=where,
        hint=t("scan the sheet at 300 dpi"),
    )


def _upright(picture: ImageFile.ImageFile) -> Image.Image:
    """Return the picture as its camera was held, in black and white, grey or RGB, on white where it is transparent."""
    orientation = picture.getexif().get(_ORIENTATION, 1)
    picture.load()
    plain: Image.Image = picture
    if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        plain = Image.new("RGB", above.size, "white")
        plain.paste(above, mask=above.getchannel("A"))
    elif picture.mode not in ("1", "L", "RGB"):
        plain = picture.convert("RGB")
    return upright(plain, orientation)


def _written(picture: Image.Image, where: str) -> Scan:
    """Return the pixels alone as a file: black and white as PNG, all else as JPEG."""
    lowest_and_highest = picture.convert("L").getextrema()
    if lowest_and_highest[0] == lowest_and_highest[1]:
        raise Refused(t("there is nothing on the picture"), where=where, hint=t("photograph or scan the sheet again"))
    longer = max(picture.size)
    if longer > MAX_SIDE:
        size = (max(1, picture.width * MAX_SIDE // longer), max(1, picture.height * MAX_SIDE // longer))
        grey = picture.convert("L") if picture.mode == "1" else picture
        picture = grey.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    bare = pixels_alone(picture)
    target = io.BytesIO()
    if bare.mode == "1":
        bare.save(target, "PNG", optimize=False, compress_level=9)
        return Scan(data=target.getvalue(), extension="png")
    bare.save(target, "JPEG", quality=85, subsampling="4:2:0", optimize=False, progressive=False)
    return Scan(data=target.getvalue(), extension="jpg")
