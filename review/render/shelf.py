"""The pictures of a site: each derived once however many posts show it, and found again by where a text says that it is."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.errors import QianfaError
from review.messages import t
from review.model.paths import attachments_of
from review.render.pictures import Copy, derive, pixels_in, stripped, too_many
from review.render.records import Picture
from review.render.site_data import page_of

PLACE = "static/pictures"
"""The folder of the copies in the site."""

AT_ONCE = 2
"""Pictures under way at the same time. Pillow lets go of the interpreter while it works; each may take 300 MB."""

MOST_OF_POST = 2_000_000_000
"""Pixels that are unpacked for one post: 160 photographs of 12 million. They take half a minute, at worst three."""

LEAST = 250_000
"""Pixels that the smallest picture counts as: to begin with one takes time, too."""

Derived = Mapping[str, Picture]
"""Pictures by the SHA-256 of the file they were made of."""


def derive_all(
    posts: Iterable[Mapping[str, Any]],
    originals: Path,
    site: Path,
    warn: Callable[[str], None],
    announce: Callable[[int, int], None],
) -> Derived:
    """Write the copies of all pictures among the posts' attachments into the site, and return what was made of each.

    `originals` holds them by SHA-256. One that cannot be unpacked has no copies, and `warn` is told; where it is not
    published as it is, what a browser may still make of it is. The same holds for pictures of a post that has so many that
    they would hold up the site. `announce` is told how many of how many are done.
    """
    found = {
        one["sha256"]: (attachments_of(post["item"]) + one["name"], one)
        for post in posts
        for one in post["attachments"]
        if (originals / one["sha256"]).is_file()
    }
    beyond = _beyond(found, originals)
    target = site / PLACE
    if found:
        target.mkdir(parents=True, exist_ok=True)
    made: dict[str, Picture] = {}

    def one(sha256: str) -> tuple[Picture | None, str]:
        data = (originals / sha256).read_bytes()
        try:
            if sha256 in beyond:
                raise too_many(MOST_OF_POST)
            return _stored(derive(data), target), ""
        except QianfaError as error:
            rest = stripped(data) if found[sha256][1]["withheld"] else None
            return _stored((rest,), target) if rest else None, error.what

    with warnings.catch_warnings(), ThreadPoolExecutor(AT_ONCE) as threads:
        warnings.simplefilter("ignore")  # of Pillow's, which say nothing that whoever builds could do anything about
        for number, (sha256, (picture, problem)) in enumerate(zip(found, threads.map(one, found), strict=True), 1):
            if picture is not None:
                made[sha256] = picture
            if problem:
                warn(t("{file}: {what}, so no smaller copies of it were made", file=found[sha256][0], what=problem))
            announce(number, len(found))
    return made


def _beyond(found: Mapping[str, tuple[str, Mapping[str, Any]]], originals: Path) -> frozenset[str]:
    """Return the pictures that come after so many others of the same post that no copies are made of them."""
    beyond: set[str] = set()
    unpacked: dict[str, int] = {}
    for sha256, (path, attachment) in found.items():
        post = path.removesuffix(attachment["name"])
        count = unpacked.get(post, 0) + max(LEAST, pixels_in((originals / sha256).read_bytes()))
        if count > MOST_OF_POST:
            beyond.add(sha256)
        else:
            unpacked[post] = count
    return frozenset(beyond)


def _stored(copies: tuple[Copy, ...], folder: Path) -> Picture:
    for one in copies:
        # Two pictures may have a copy in common; both write the same bytes.
        (folder / one.name).write_bytes(one.data)
    widest = copies[-1]
    srcset = tuple((f"{PLACE}/{one.name}", one.width) for one in copies) if len(copies) > 1 else ()
    url = f"{PLACE}/{widest.name}"
    return Picture(url=url, width=widest.width, height=widest.height, srcset=srcset, length=len(widest.data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What there is of each picture, by the path of its original in the site, such as `news/a/photo.jpg`.

    `withheld` are the paths of originals that are not published.
    """

    pictures: Mapping[str, Picture]
    withheld: frozenset[str]

    def leads_to(self, path: str) -> str | None:
        """Return where a link to a file of the site leads, if not to itself: to the widest copy, or nowhere, which is empty."""
        if path not in self.withheld:
            return None
        picture = self.pictures.get(path)
        return picture.url if picture else ""


EMPTY = Shelf(pictures={}, withheld=frozenset())


def shelf_of(posts: Iterable[Mapping[str, Any]], derived: Derived) -> Shelf:
    """Return the pictures of all posts, by path."""
    pictures: dict[str, Picture] = {}
    withheld: set[str] = set()
    for post in posts:
        folder = page_of(post["item"]).removesuffix(".html")
        for one in post["attachments"]:
            path = f"{folder}/{one['name']}"
            if picture := derived.get(one["sha256"]):
                pictures[path] = picture
            if one["withheld"]:
                withheld.add(path)
    return Shelf(pictures=pictures, withheld=frozenset(withheld))
