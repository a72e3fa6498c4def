"""Make of one picture file the copies that pages show: several widths, upright, in the screen's colours, nothing else in them.

This unpacks what strangers made, so it runs in the renderer's process and never where keys are.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageCms

from review.errors import QianfaError
from review.formats.picture_files import Trace
from review.formats.pictures import PictureFile, picture_file
from review.formats.pixels import BOMBS, UNREADABLE, pixels_alone, upright
from review.messages import t

WIDTHS = (480, 960, 1440)
"""Pixels across the copies: a telephone, a telephone of fine pixels, a text's full width on such a screen."""

MAX_PIXELS = 50_000_000
MAX_SIDE = 65_535
"""Pixels across or down. Pillow keeps a note of every line: fifty million lines of one pixel take four gigabytes."""

MAX_PIECES = 100_000
"""Pieces of a file. Ten million empty ones keep Pillow busy for minutes, and show nothing."""

MAX_SCANS = 100
"""A JPEG drawn in more goes than any camera or program needs costs minutes, and shows nothing for them."""

_TALLEST = 16_383
"""Pixels that a WebP may be high."""

_NEARLY = 0.8
"""A copy is worth its place only where it is that much narrower than the next, and has that much fewer bytes."""

_FEW_COLOURS = 1 << 14
"""A drawing has fewer; a photograph has more even where it is small."""

_PHOTOGRAPH: dict[str, object] = {"quality": 78, "method": 2}
_DRAWING: dict[str, object] = {"quality": 90, "method": 2, "use_sharp_yuv": True}
_EXACT: dict[str, object] = {"lossless": True, "quality": 50, "method": 1}
_WORTH = 2
"""A drawing is kept exact where that costs at most so many times the bytes."""

_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}


class NoCopies(QianfaError):
    """No copies can be made of a picture; it is too large, or not what its first bytes say."""

    exit_status = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of a picture. `ending` is that of its kind; sizes in pixels."""

    data: bytes
    ending: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """The name by which pages know it: 32 digits of its SHA-256, so that it says nothing and may be kept for ever."""
        return f"{hashlib.sha256(self.data).hexdigest()[:32]}.{self.ending}"


def derive(data: bytes) -> tuple[Copy, ...]:
    """Return the copies of a picture from the narrowest to the widest; the same bytes give the same copies.

    One that moves stays as it is and loses only what it carries besides. `NoCopies` where it cannot be unpacked.
    """
    file = picture_file(data)
    if file is None or file.bare is None or file.pieces > MAX_PIECES:
        raise _unreadable()
    try:
        with Image.open(io.BytesIO(file.bare), formats=(file.kind,)) as picture:
            if max(picture.size) > MAX_SIDE:
                raise _too_long()
            if getattr(picture, "n_frames", 1) > 1:
                return (_as_it_is(file, picture),)
            if picture.width * picture.height > MAX_PIXELS or file.scans > MAX_SCANS:
                raise _too_large()
            return _copies(file, picture)
    except BOMBS:
        raise _too_large() from None
    except UNREADABLE:
        raise _unreadable() from None


def pixels_in(data: bytes) -> int:
    """Return how many pixels would be unpacked to make copies of a picture, from its head alone; 0 where none would be."""
    file = picture_file(data)
    if file is None or file.bare is None or file.pieces > MAX_PIECES:
        return 0
    try:
        with Image.open(io.BytesIO(file.bare), formats=(file.kind,)) as picture:
            count = picture.width * picture.height
            return count if count <= MAX_PIXELS and max(picture.size) <= MAX_SIDE else 0
    except (*BOMBS, *UNREADABLE):
        return 0


def stripped(data: bytes) -> Copy | None:
    """Return a picture as it is without what it carries besides; None where not even its size can be told."""
    file = picture_file(data)
    if file is None or file.bare is None or file.pieces > MAX_PIECES:
        return None
    try:
        with Image.open(io.BytesIO(file.bare), formats=(file.kind,)) as picture:
            return _as_it_is(file, picture)
    except (*BOMBS, *UNREADABLE):
        return None


def traces(data: bytes) -> frozenset[Trace]:
    """Return what a picture carries besides; nothing for what is no picture."""
    file = picture_file(data)
    return file.carries if file else frozenset()


def _too_large() -> NoCopies:
    return NoCopies(t("the picture has more than {count} million pixels", count=MAX_PIXELS // 1_000_000))


def too_many(count: int) -> NoCopies:
    """Return the error for a picture of a post that has had more than `count` pixels unpacked already."""
    return NoCopies(
        t("the picture is beyond the {count} million pixels that are unpacked for one post", count=count // 1_000_000)
    )


def _too_long() -> NoCopies:
    return NoCopies(t("the picture is more than {count} pixels wide or high", count=MAX_SIDE))


def _unreadable() -> NoCopies:
    return NoCopies(t("the picture cannot be read, or only part of it"))


def _as_it_is(file: PictureFile, picture: Image.Image) -> Copy:
    width, height = _turned_size(picture.size, file.orientation)
    return Copy(data=file.bare or b"", ending=_ENDINGS[file.kind], width=width, height=height)


def _turned_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation >= 5 else size


def _copies(file: PictureFile, picture: Image.Image) -> tuple[Copy, ...]:
    width, height = _turned_size(picture.size, file.orientation)
    widest = max(1, min(width, WIDTHS[-1], width * _TALLEST // height))
    sizes = [(one, max(1, round(height * one / width))) for one in (*_narrower(widest), widest)]
    profile = picture.info.get("icc_profile", b"")
    # A JPEG can be unpacked at a half, a quarter, an eighth of its size, which takes a fraction of the time.
    picture.draft(None, _turned_size(sizes[-1], file.orientation))
    shown = _plain(picture)
    photograph = file.kind == "JPEG" or shown.getcolors(_FEW_COLOURS) is None
    shown = _in_screen_colours(_resized(upright(shown, file.orientation), sizes[-1]), profile)
    data = _written(shown, _PHOTOGRAPH) if photograph else _drawn(shown, _WORTH)
    made = [Copy(data=data, ending="webp", width=widest, height=sizes[-1][1])]
    untouched = file.orientation == 1 and not file.profile and file.whole
    if untouched and file.bare and widest == width and len(file.bare) <= len(data):
        made = [Copy(data=file.bare, ending=_ENDINGS[file.kind], width=width, height=height)]
    for size in reversed(sizes[:-1]):
        shown = _resized(shown, size)
        data = _written(shown, _PHOTOGRAPH) if photograph else _drawn(shown, 1)
        # The lines of a drawing blur where it is made smaller, and then it may take more bytes than before.
        if len(data) <= _NEARLY * len(made[0].data):
            made.insert(0, Copy(data=data, ending="webp", width=size[0], height=size[1]))
    return tuple(made)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _narrower(widest: int) -> list[int]:
    return [one for one in WIDTHS if one <= widest * _NEARLY]


def _plain(picture: Image.Image) -> Image.Image:
    """Return the unpacked picture in grey, in the colours of print, or in RGB with or without transparency."""
    picture.load()
    if picture.mode.startswith("I"):  # 16 bits a pixel
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return clear if clear.getchannel("A").getextrema() != (255, 255) else clear.convert("RGB")
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _in_screen_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture in sRGB, as every screen takes colours that nothing is said of."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(picture, described, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, *UNREADABLE):
            made = None  # a profile for other colours than the picture has, or none at all
        if made is not None:
            return made
    return picture if picture.mode == mode else picture.convert(mode)


def _drawn(picture: Image.Image, worth: int) -> bytes:
    """Return a drawing as a file, to the last pixel unless that costs more than so many times the bytes."""
    exact, good = _written(picture, _EXACT), _written(picture, _DRAWING)
    return exact if len(exact) <= worth * len(good) else good


def _written(picture: Image.Image, options: dict[str, object]) -> bytes:
    target = io.BytesIO()
    pixels_alone(picture).save(target, "WEBP", **options)
    return target.getvalue()
