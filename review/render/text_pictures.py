"""Put a picture of the site into a text: its copies, its size, when it is fetched. What a text may say of it comes before."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from review.render.addresses import Place
from review.render.records import Picture
from review.render.shelf import Shelf

SIZES = "(min-width: 48rem) 44rem, 92vw"
"""How wide a text's pictures are at most, in the words of `sizes`."""

_NUMBER = re.compile(r"[1-9]\d{0,3}")


class TextPictures:
    """The pictures of one text, in the order in which it shows them. Where `lead` is true the first is fetched at once."""

    def __init__(self, shelf: Shelf, place: Place, *, lead: bool) -> None:
        self._shelf = shelf
        self._column = place.column
        self._lead = lead
        self.shown: list[str] = []

    def attributes(self, address: str, values: Mapping[str, str]) -> dict[str, str]:
        """Return all attributes of the `img` with this address, which is relative to the page; none where nothing is shown.

        `values` are those that the author gave.
        """
        path = path_of(address, self._column)
        late = {"decoding": "async"} if self._lead else {"loading": "lazy", "decoding": "async"}
        picture = self._shelf.pictures.get(path)
        if picture is None:
            if self._shelf.leads_to(path) is not None:
                return {}
            self._lead = False
            return {"src": address, **values, **late}
        self.shown.append(path)
        first = {"fetchpriority": "high"} if self._lead else {}
        self._lead = False
        width, height = _size(picture, values)
        others = {name: value for name, value in values.items() if name not in ("width", "height")}
        return {
            "src": self._relative(picture.url),
            **self._widths(picture, width if "width" in values or "height" in values else 0),
            "width": str(width),
            "height": str(height),
            **others,
            **first,
            **late,
        }

    def link(self, address: str) -> str:
        """Return where a link to this address leads, which is relative to the page; empty where it leads nowhere."""
        found = self._shelf.leads_to(path_of(address, self._column))
        return address if found is None else self._relative(found) if found else ""

    def poster(self, address: str) -> str:
        """Return the address of the copy that stands for a film, or the address itself where there is none."""
        picture = self._shelf.pictures.get(path_of(address, self._column))
        return self._relative(picture.url) if picture else self.link(address)

    def _widths(self, picture: Picture, wanted: int) -> dict[str, str]:
        if not picture.srcset:
            return {}
        sizes = f"(max-width: {wanted}px) 92vw, {wanted}px" if wanted else SIZES
        return {
            "srcset": ", ".join(f"{self._relative(url)} {width}w" for url, width in picture.srcset),
            "sizes": sizes,
        }

    def _relative(self, url: str) -> str:
        return posixpath.relpath(url, self._column)


def path_of(address: str, column: str) -> str:
    """Return the path in the site of a local address that is relative to a page of that column."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return posixpath.normpath(posixpath.join(column, unquote(path)))


def _size(picture: Picture, values: Mapping[str, str]) -> tuple[int, int]:
    """Return width and height on the page: as the author gave one of them, never out of proportion, else the picture's own."""
    width, height = values.get("width", ""), values.get("height", "")
    if _NUMBER.fullmatch(width):
        return int(width), max(1, round(picture.height * int(width) / picture.width))
    if _NUMBER.fullmatch(height):
        return max(1, round(picture.width * int(height) / picture.height)), int(height)
    return picture.width, picture.height
