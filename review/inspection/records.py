"""What an inspection looks at: a site's pages, files and chains as frozen values. Nothing here reads or judges anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from review.inspection.signatures import ATTACHED
from review.model.statements import Statement

LONGEST_TEXT = 1 << 23
"""Bytes of a page, style, script or feed that are read; no reader waits for more."""


class Kind(StrEnum):
    """What a page is for. A list is the second page of a column and those after it."""

    HOME = "home"
    COLUMN = "column"
    LIST = "list"
    ARTICLE = "article"
    OTHER = "other"


class Zone(StrEnum):
    """Which part of a page something stands in."""

    HEADER = "header"
    NAVIGATION = "nav"
    MAIN = "main"
    FOOTER = "footer"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page. `href` is as it stands there; `words` are what readers see or hear of it."""

    href: str
    words: str
    zone: Zone
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that a page takes from an address, sends to it, or names.

    `kind` is script, style, picture, media, frame, icon, form or other; `mention` is an address that only programs read.
    """

    kind: str
    address: str
    lazy: bool = False
    print_only: bool = False
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something to press, type into or choose from. `words` are what readers see or hear of it; empty where nothing."""

    tag: str
    type: str
    id: str
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """One page. `path` is that of its file, from the top of the site; names of `metas` are in lower case.

    `text` is all that stands on it, hidden or not, `main` what readers see of its main part and `prose` the same without
    code; `footer` is the bottom zone with the addresses that it leads to. In all of them a block ends the line. `unseen`
    are the words of attributes, such as those of pictures for who cannot see them. `scripts` and `style_attributes` are what
    stands in the page itself, handlers of events among them. `foreign_set` is the character set that the page names, where
    its bytes are none of it; `doubled_metas` are the names that stand there twice and say different things.
    """

    path: str
    kind: Kind
    lang: str
    title: str
    metas: Mapping[str, str]
    links: tuple[Link, ...]
    resources: tuple[Resource, ...]
    controls: tuple[Control, ...]
    headings: tuple[tuple[int, str], ...]
    nameless_images: tuple[str, ...]
    unnamed: tuple[str, ...]
    ids: frozenset[str]
    doubled_ids: tuple[str, ...]
    landmarks: frozenset[str]
    details: tuple[tuple[str, str], ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    times: tuple[str, ...]
    pictures_in_main: int
    has_article: bool
    text: str = field(repr=False)
    main: str = field(repr=False)
    prose: str = field(repr=False)
    footer: str = field(repr=False)
    styles: str = field(repr=False)
    scripts: str = field(repr=False)
    comments: str = field(repr=False)
    style_attributes: str = field(default="", repr=False)
    unseen: str = field(default="", repr=False)
    uncaptioned: tuple[str, ...] = ()
    doubled_metas: frozenset[str] = frozenset()
    foreign_set: str = ""
    base: str = ""
    refresh: str = ""
    weight: int = 0
    published: dt.datetime | None = None

    def meta(self, name: str) -> str:
        """Return what a meta tag says, whatever the case of its name; empty where there is none."""
        return self.metas.get(name.lower(), "").strip()

    def detail(self, *names: str) -> str:
        """Return what the page's block says under one of these names; empty where it says nothing."""
        return next((value for name, value in self.details if name in names and value), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the site. `text` is what can be read in it, `marks` its metadata as pairs of name and value.

    `fault` says why it would not open, `edits` what of its making is left in it (comments, tracked changes, hidden text);
    all are empty for what nobody looked into. `sha256` is 64 hex digits, empty for what is neither attached to a post nor
    looked into. `members` are the files in an archive, called as if it were a folder; `unread` says that there is more in a
    file than was looked into.
    """

    path: str
    size: int
    sha256: str = ""
    text: str = field(default="", repr=False)
    fault: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    edits: tuple[str, ...] = ()
    compressed: int = 0
    members: tuple[File, ...] = ()
    unread: bool = False

    @property
    def suffix(self) -> str:
        """The ending of its name in lower case, without the dot."""
        name = self.path.rpartition("/")[2]
        return name.rpartition(".")[2].lower() if "." in name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One sign-off of a chain: `person` stands for it, whoever's key signed. `statement` is None where `text` is none."""

    stage: str
    person: str
    on_paper: bool
    digest: str
    text: str = field(repr=False)
    statement: Statement | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The published evidence of one post. `page` and `folder` are where it stands; `files` maps paths to SHA-256.

    `fault` says why the document cannot be read; everything else is empty then.
    """

    path: str
    page: str
    folder: str
    fault: str = ""
    version: int = 0
    classified: str = ""
    title: str = ""
    manifest: str = ""
    manifest_text: str = field(default="", repr=False)
    source_path: str = ""
    source_text: str = field(default="", repr=False)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    links: tuple[ChainLink, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Site:
    """A built site as it lies in a folder. `host` and `root` (a path such as `/sub`) are those of its own addresses.

    `announced` are the addresses that sitemaps, robots.txt, feeds, manifests and pages that only lead on give, each with the
    path of the file that gives it.
    Two sites are the same where they are one: so what is found out about one can be remembered.
    """

    pages: tuple[Page, ...]
    files: Mapping[str, File]
    chains: Mapping[str, Chain]
    announced: tuple[tuple[str, str], ...] = ()
    name: str = ""
    host: str = ""
    root: str = ""

    @cached_property
    def by_path(self) -> Mapping[str, Page]:
        """Every page by the path of its file."""
        return {page.path: page for page in self.pages}

    @cached_property
    def css(self) -> Mapping[str, str]:
        """Every style sheet of the site by path."""
        return {file.path: file.text for file in self.files.values() if file.suffix == "css"}

    @cached_property
    def scripts(self) -> Mapping[str, str]:
        """Every script of the site by path."""
        return {file.path: file.text for file in self.files.values() if file.suffix in ("js", "mjs")}

    def of_kind(self, *kinds: Kind) -> tuple[Page, ...]:
        """Return the pages of these kinds, in the order of their paths."""
        return tuple(page for page in self.pages if page.kind in kinds)

    @property
    def home(self) -> Page | None:
        """The page that answers for the site's address."""
        return next(iter(self.of_kind(Kind.HOME)), None)

    def published_files(self) -> Iterator[File]:
        """Yield the files that readers take away, or look at, each before those that it holds as an archive.

        No page, style, script or data of the site's own is one.
        """
        for file in self.files.values():
            if file.sha256 and file.suffix in ATTACHED:
                yield file
                yield from file.members
