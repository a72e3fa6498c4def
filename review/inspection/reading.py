"""Read a built site from its folder into a `Site`. The one module of the inspection that opens files; judges nothing."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from review.errors import UnusableSite
from review.inspection.chains import SUFFIX, published_path, read_chain
from review.inspection.inside import Inside, look_inside
from review.inspection.mentions import addresses_in_json, addresses_in_xml, is_json_feed
from review.inspection.parsing import decoded, parse_page
from review.inspection.records import LONGEST_TEXT, Chain, File, Page, Site
from review.inspection.signatures import ATTACHED
from review.inspection.style_sheets import plain_style
from review.messages import t

Progress = Callable[[int, int], None]

_PAGES = ("html", "htm", "shtml")
_WEIGHED = ("css", "js", "mjs")
_ANNOUNCING = ("xml", "rss", "atom", "json", "webmanifest")
_LOOKED_INTO = 64 << 20
"""Bytes of the largest file that is looked into; of a larger one only the beginning is."""

_BEGINNING = 1 << 16

_ROBOTS = re.compile(r"(?im)^[ \t]*sitemap:[ \t]*(\S+)")


def read_site(folder: Path, progress: Progress = lambda _done, _total: None) -> Site:
    """Return the site that a folder holds; `UnusableSite` where there is no folder, or no page that answers for it.

    Links that lead out of the folder are not followed, and what cannot be read is refused rather than left out.
    """
    if not folder.is_dir():
        raise UnusableSite(
            t("there is no such folder"),
            where=str(folder),
            hint=t("name the folder of a built site, such as the one of qianfa build --output"),
        )
    if not any((folder / name).is_file() for name in ("index.html", "index.htm")):
        raise UnusableSite(
            t("there is no index.html in it"),
            where=str(folder),
            hint=t("name the folder of a built site, such as the one of qianfa build --output"),
        )
    paths = sorted(_paths(folder.resolve()))
    pages: list[Page] = []
    files: dict[str, File] = {}
    chains: dict[str, Chain] = {}
    announced: list[tuple[str, str]] = []
    for number, (path, place) in enumerate(paths):
        progress(number, len(paths))
        file = File(path=path, size=place.stat().st_size)
        if file.suffix in _PAGES:
            page = parse_page(path, _beginning(place))
            pages.extend([] if page.refresh else [page])
            announced += [(path, page.refresh)] if page.refresh else []
        elif path.endswith(SUFFIX):
            chain = read_chain(path, place.read_bytes())
            chains[chain.page] = chain
        elif path == "robots.txt" or file.suffix in _ANNOUNCING:
            announced += [(path, address) for address in _announced(file, decoded(_beginning(place))) if address]
        elif file.suffix in _WEIGHED:
            data = _beginning(place)
            text = plain_style(decoded(data)) if file.suffix == "css" else decoded(data)
            file = replace(file, text=text, compressed=len(gzip.compress(data, 6, mtime=0)))
        elif file.suffix in ATTACHED:
            file = _looked_into(file, place)
        files[path] = file
    places = dict(paths)
    for path in {published_path(one) for chain in chains.values() for one in chain.files}:
        if path in files and not files[path].sha256:
            files[path] = replace(files[path], sha256=hashlib.sha256(places[path].read_bytes()).hexdigest())
    progress(len(paths), len(paths))
    return _named(Site(pages=tuple(pages), files=files, chains=chains, announced=tuple(announced)))


def _paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield path and place of every file below a folder, but for those that only a link outside leads to."""

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        for name in names:
            file = Path(place, name)
            if _is_inside(file, folder) and file.is_file():
                yield os.fsencode(file.relative_to(folder)).decode("utf-8", "backslashreplace"), file


def _is_inside(file: Path, folder: Path) -> bool:
    """Tell whether a file lies in the folder, and not only a link to one elsewhere, or to itself."""
    try:
        return not file.is_symlink() or file.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):
        return False


def _announced(file: File, text: str) -> list[str]:
    """Return the addresses that a sitemap, robots.txt, a feed or a manifest gives."""
    if file.path == "robots.txt":
        return _ROBOTS.findall(text)
    if file.suffix == "xml":
        return addresses_in_xml(text)
    return addresses_in_json(text) if is_json_feed(text) else []


def _beginning(place: Path) -> bytes:
    with place.open("rb") as opened:
        return opened.read(LONGEST_TEXT)


def _looked_into(file: File, place: Path) -> File:
    if file.size > _LOOKED_INTO:
        with place.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            found = Inside(fault=look_inside(file.suffix, opened.read(_BEGINNING)).fault if _is_plain(file) else "")
        return replace(file, sha256=digest, fault=found.fault, unread=not _is_plain(file))
    data = place.read_bytes()
    found = look_inside(file.suffix, data)
    members = (File(path=f"{file.path}/{name}", size=0, **_told(one)) for name, one in found.members)
    return replace(file, sha256=hashlib.sha256(data).hexdigest(), members=tuple(members), **_told(found))


def _told(found: Inside) -> dict[str, Any]:
    """Return the fields of a file that say what is in it."""
    return {name: getattr(found, name) for name in ("text", "fault", "marks", "edits", "unread")}


def _is_plain(file: File) -> bool:
    """Tell whether the beginning of a file is enough to know it by: of films it is, of documents it is not."""
    return file.suffix in (
        "mp4",
        "m4v",
        "mov",
        "webm",
        "mkv",
        "mp3",
        "m4a",
        "wav",
        "ogg",
        "ogv",
        "flac",
        "rar",
        "7z",
        "gz",
    )


def _named(site: Site) -> Site:
    """Return the site with its own name and address, as its home page says them."""
    home = site.home
    if home is None:
        return site
    canonical = next((one.address for one in home.resources if one.kind == "canonical"), "")
    said = [canonical, home.meta("og:url"), home.meta("sitedomain")]
    for address in filter(None, said):
        try:
            parts = urlsplit(address if "//" in address else f"//{address}")
            host = (parts.hostname or "").lower()
        except ValueError:
            continue
        if host:
            root = re.sub(r"/(?:index\.html?)?$", "", parts.path)
            return replace(site, host=host, root=root, name=home.meta("sitename") or home.title)
    return replace(site, name=home.meta("sitename") or home.title)
