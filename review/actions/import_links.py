"""Find out where the links and pictures of an imported file lead: to a page, to a file that comes along, or nowhere.

Works on the list of what there is; opens no file.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import unquote

from review.messages import t
from review.model.paths import path_problem

Way: TypeAlias = Literal["page", "file", "elsewhere", "missing"]

PICTURES = frozenset({".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"})
OTHERS = frozenset(
    {
        ".7z", ".csv", ".doc", ".docx", ".et", ".flac", ".gz", ".m4a", ".mov", ".mp3", ".mp4", ".odp", ".ods", ".odt",
        ".ofd", ".ogg", ".pdf", ".ppt", ".pptx", ".rar", ".rtf", ".tar", ".txt", ".wav", ".webm", ".wps", ".xls",
        ".xlsx", ".zip",
    }
)  # fmt: skip
"""Endings of the files that come along beside pictures: what people read, hear and watch, nothing that runs."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_TEMPLATE = re.compile(r"\{[{%]")
_PELICAN = re.compile(r"[{|](?:static|attach|filename)[}|]", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_DATED = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(.+)")
_SERVED_FROM = ("assets", "static", "source", "content", "public")
"""Folders that site generators serve as if they were the root."""

_MAX_NAME_BYTES = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads: the path in the imported folder, or why there is none; with its `#fragment`."""

    way: Way
    path: str = ""
    fragment: str = ""
    why: str = ""


class Library:
    """Everything in the imported folder that a link can lead to.

    `stems` are the new pages by file; `files` all other files; `addresses` the old web addresses of pages, with their
    files.
    """

    def __init__(
        self, stems: Mapping[str, str], files: Iterable[str], addresses: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.stems = stems
        self._files = frozenset(files)
        # Sites made on Windows and macOS get away with picture.JPG for picture.jpg.
        self._folded = {path.casefold(): path for path in sorted((*self._files, *stems), reverse=True)}
        self._addresses: dict[str, str] = {}
        for address, file in addresses:
            self._addresses.setdefault(_address(address), file)

    def find(self, file: str, destination: str) -> Target:
        """Say where `destination`, as written in `file`, leads."""
        written = destination.strip()
        if not written or written.startswith(("#", "?")) or _SCHEME.match(written) or _TEMPLATE.search(written):
            return Target(way="elsewhere")
        path, _, fragment = written.partition("#")
        path = _PELICAN.sub("", unquote(path.partition("?")[0]))
        refused = ""
        for candidate in _candidates(file, path):
            found = self._spelled(candidate)
            if found in self.stems:
                return Target(way="page", path=found, fragment=fragment)
            if _ending(found) in PICTURES or _ending(found) in OTHERS:
                return Target(way="file", path=found, fragment=fragment)
            refused = refused or found
        if page := self._page_at(file, path):
            return Target(way="page", path=page, fragment=fragment)
        why = t("files of this kind do not come along") if refused else t("there is no such file")
        return Target(way="missing", why=why)

    def _spelled(self, path: str) -> str:
        """Return the path as it is spelled in the folder; empty where there is none."""
        return path if path in self._files or path in self.stems else self._folded.get(path.casefold(), "")

    def _page_at(self, file: str, path: str) -> str:
        """Return the file of the page that the old site had at this address."""
        absolute = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(file), path)
        return self._addresses.get(_address(absolute), "")


class Attachments:
    """The files that come along with one post, each under a name of its own."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._names: dict[str, str] = {}

    def add(self, path: str) -> str:
        """Take a file along; return the link to it from the post's page."""
        if path not in self._names:
            taken = {name.casefold() for name in self._names.values()}
            name = _clean_name(posixpath.basename(path))
            root, ending = posixpath.splitext(name)
            number = 2
            while name.casefold() in taken:
                name = f"{root}-{number}{ending}"
                number += 1
            self._names[path] = name
        return f"{self._stem}/{self._names[path]}"

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield link and source path of each file, in the order in which they were first named."""
        return ((f"{self._stem}/{name}", path) for path, name in self._names.items())


def old_addresses(file: str, given: Iterable[str], date: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that a site generator would give the page of `file`, and those its author has `given`."""
    for address in given:
        yield address if address.startswith("/") else f"/{address}", file
    root = posixpath.splitext(file)[0]
    if posixpath.basename(root) in ("index", "_index"):
        root = posixpath.dirname(root)
    yield f"/{root}", file
    for folder in ("_posts", *_SERVED_FROM):
        if root.startswith(f"{folder}/"):
            yield root[len(folder) :], file
    if dated := _DATED.fullmatch(posixpath.basename(root)):
        yield f"/{dated[1]}/{dated[2]}/{dated[3]}/{dated[4]}", file
        if date:
            yield f"/{date.replace('-', '/')}/{dated[4]}", file


def _candidates(file: str, path: str) -> Iterator[str]:
    """Yield the places where a path may lead, nearest first; none is outside the folder."""
    folder, name = posixpath.split(file)
    own_folder = posixpath.join(folder, posixpath.splitext(name)[0])
    for spelling in dict.fromkeys((path, _ESCAPE.sub(r"\1", path), path.replace("\\", "/"))):
        inner = spelling.lstrip("/")
        starts = ("", *_SERVED_FROM) if spelling.startswith("/") else (folder, own_folder, "", *_SERVED_FROM)
        for start in starts:
            place = posixpath.normpath(posixpath.join(start, inner))
            if inner and place != "." and not place.startswith("../") and place != "..":
                yield unicodedata.normalize("NFC", place)
                if place.endswith(".html"):
                    yield unicodedata.normalize("NFC", f"{place[:-5]}.md")


def _address(address: str) -> str:
    """Reduce an address to what its spellings have in common."""
    path = unquote(re.sub(r"^https?://[^/]+", "", address.strip()))
    for ending in ("index.html", ".html", ".htm"):
        path = path.removesuffix(ending)
    return posixpath.normpath(path.rstrip("/") or "/").casefold()


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def _clean_name(name: str) -> str:
    """Return a name that no link has to quote: letters and digits of any script, dots, hyphens and underscores."""
    root, ending = posixpath.splitext(unicodedata.normalize("NFC", name))
    root = re.sub(r"[^\w.-]+", "-", root).strip("-.")
    while len(root.encode("utf-8")) > _MAX_NAME_BYTES:
        root = root[:-1].rstrip("-.")
    clean = f"{root or 'file'}{ending.lower()}"
    return f"file{ending.lower()}" if path_problem(clean) else clean
