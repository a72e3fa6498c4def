"""Read a built site from its folder into a `Site`. The one module of the inspection that opens files; judges nothing."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from review.errors import UnusableSite
from review.inspection.chains import SUFFIX, published_path, read_chain
from review.inspection.inside import Inside, look_inside
from review.inspection.parsing import decoded, parse_page, plain_style
from review.inspection.records import Chain, File, Page, Site
from review.inspection.signatures import ATTACHED
from review.messages import t

Progress = Callable[[int, int], None]

_PAGES = ("html", "htm", "shtml")
_WEIGHED = ("css", "js", "mjs")
_LOOKED_INTO = 64 << 20
"""Bytes of the largest file that is looked into; of a larger one only the beginning is."""

_BEGINNING = 1 << 16
_LOC = re.compile(r"<loc>([^<]+)</loc>")
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
    sitemap: list[tuple[str, str]] = []
    for number, (path, place) in enumerate(paths):
        progress(number, len(paths))
        file = File(path=path, size=place.stat().st_size)
        if file.suffix in _PAGES:
            page = parse_page(path, place.read_bytes())
            pages.extend([] if page.refresh else [page])
        elif path.endswith(SUFFIX):
            chain = read_chain(path, place.read_bytes())
            chains[chain.page] = chain
        elif path == "robots.txt" or (file.suffix == "xml" and "sitemap" in path):
            found = (_ROBOTS if file.suffix == "txt" else _LOC).findall(decoded(place.read_bytes()))
            sitemap += [(path, unescape(address.strip())) for address in found if address.strip()]
        elif file.suffix in _WEIGHED:
            data = place.read_bytes()
            text = plain_style(decoded(data)) if file.suffix == "css" else ""
            file = replace(file, text=text, compressed=len(gzip.compress(data, 6, mtime=0)))
        elif file.suffix in ATTACHED:
            file = _looked_into(file, place)
        files[path] = file
    places = dict(paths)
    for path in {published_path(one) for chain in chains.values() for one in chain.files}:
        if path in files and not files[path].sha256:
            files[path] = replace(files[path], sha256=hashlib.sha256(places[path].read_bytes()).hexdigest())
    progress(len(paths), len(paths))
    return _named(Site(pages=tuple(pages), files=files, chains=chains, sitemap=tuple(sitemap)))


def _paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield path and place of every file below a folder, but for those that only a link outside leads to."""

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        for name in names:
            file = Path(place, name)
            inside = not file.is_symlink() or file.resolve().is_relative_to(folder)
            if inside and file.is_file():
                yield os.fsencode(file.relative_to(folder)).decode("utf-8", "backslashreplace"), file


def _looked_into(file: File, place: Path) -> File:
    if file.size > _LOOKED_INTO:
        with place.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            found = Inside(fault=look_inside(file.suffix, opened.read(_BEGINNING)).fault if _is_plain(file) else "")
        return replace(file, sha256=digest, fault=found.fault)
    data = place.read_bytes()
    found = look_inside(file.suffix, data)
    return replace(
        file,
        sha256=hashlib.sha256(data).hexdigest(),
        text=found.text,
        fault=found.fault,
        marks=found.marks,
        edits=found.edits,
    )


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
