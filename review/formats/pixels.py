"""What Pillow needs to be told wherever a picture is unpacked: which way up it is, what it raises, what it must forget."""

from __future__ import annotations

import struct

from PIL import Image

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
)
"""What Pillow raises, one or the other, where bytes are not what they say."""

BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises where so many pixels are promised that unpacking them would fill the memory."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Return the picture as its camera was held. `orientation` is Exif's number; one that says nothing turns nothing."""
    turn = _TURNS.get(orientation)
    return picture.transpose(turn) if turn is not None else picture


def pixels_alone(picture: Image.Image) -> Image.Image:
    """Return the same pixels in a picture that has no memory of the file they came from."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare
