"""What the theme's templates see: columns, articles, sign-offs, under the names that Pelican's themes use."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from review.render.sections import Section, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site, and what its pages say of who runs it; what nobody gave is empty.

    `url` has no final slash; `host` is the host in it; `lang` is a language tag such as `zh-CN`. `badge` and `corrections`
    are addresses: of the mark for public bodies, and of the place where readers report errors.
    """

    title: str
    url: str
    lang: str
    timezone: str
    host: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    organiser: str = ""
    operator: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    id_code: str = ""
    icp: str = ""
    police: str = ""
    badge: str = ""
    corrections: str = ""
    grey: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A column. `url` is relative to the site's root, and empty for a column that is no longer there.

    `type` is that of `columns.yaml`; `label` is its name in the list that inspectors know. `units` are those that lead it.
    """

    slug: str
    name: str
    url: str
    type: str = "news"
    label: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    trail: tuple[Category, ...] = ()
    children: tuple[str, ...] = ()
    feed: str = ""
    json_feed: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """An author or a tag. Neither has a page of its own, so `url` is empty."""

    name: str
    url: str = ""

    @property
    def slug(self) -> str:
        """What themes use for CSS classes."""
        return self.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One line of the card: the stage, who stands for it, when, and whether on paper or in somebody's stead."""

    stage: str
    title: str
    name: str
    date: dt.datetime
    paper: bool
    stands_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file beside a post. `url` is relative to the site's root; `size` is in words, `length` in bytes, `type` such as `PDF`.

    Without `url` the file is not there to be had, and `kept` says why: it `runs` as a part of this site, it `tells` where it
    was taken or the like, or its `path` is too long.
    """

    name: str
    url: str
    size: str
    type: str = ""
    length: int = 0
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the site, as pages show it: upright, without metadata. Addresses are relative to the site's root.

    `url` is its widest copy, of which `width` and `height` are the pixels and `length` the bytes. `srcset` are all copies
    from the narrowest, each with its width; it is empty where there is only one.
    """

    url: str
    width: int
    height: int
    srcset: tuple[tuple[str, int], ...] = ()
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """One variant of a film or recording. `url` is relative to the site's root; `sha256` is 64 hex digits.

    `size` is in words, `length` in bytes, 0 where nobody counted them.
    """

    url: str
    type: str
    size: str
    sha256: str
    label: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A film or a recording. `kind` is `video` or `audio`; `captions` is the address of a WebVTT file.

    Without `files` there is nothing to play: what was signed could not be had when the site was built.
    """

    kind: str
    files: tuple[MediaFile, ...] = ()
    poster: Picture | None = None
    captions: str = ""
    duration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A link to something else: another post of the site, or a web address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A post. Addresses are relative to the site's root and encoded; dates are in the site's time zone.

    `details` are the remaining meta lines by their names on pages; `meta` holds all of them by key in lower case.
    `previous` is the next older post of the column, `following` the next newer one. `qr` is an SVG of its address.

    `date` is None only in a preview, for a post that nobody has signed. `content` is sanitised; everything else is text
    that templates escape. `mark` is what a preview writes across the page, empty where the post is live.
    """

    item: str
    version: int
    title: str
    url: str
    save_as: str
    category: Category
    date: dt.datetime | None
    modified: dt.datetime | None
    unit: str
    source: str = ""
    source_url: str = ""
    authors: tuple[Label, ...] = ()
    document_date: str = ""
    details: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    tags: tuple[Label, ...] = ()
    related: tuple[Related, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    picture: Picture | None = None
    players: tuple[Player, ...] = ()
    previous: Related | None = None
    following: Related | None = None
    qr: Markup = field(default=Markup(), repr=False)  # an immutable string
    summary: str = ""
    content: Markup = field(default=Markup(), repr=False)  # an immutable string
    attachments: tuple[Attachment, ...] = ()
    signed: tuple[SignOff, ...] = ()
    code: str = ""
    chain: str = ""
    mark: str = ""

    @property
    def author(self) -> Label | None:
        """The first author, or None."""
        return self.authors[0] if self.authors else None

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the content, divided at its headings; what stands before the first one comes first."""
        return sections(self.content)

    @property
    def shows_picture(self) -> bool:
        """Whether the text shows the picture that stands for the post. A link to it does not."""
        address = re.escape(self.picture.url) if self.picture else ""
        return bool(address and re.search(rf' (?:src|poster)="(?:[^"]*/)?{address}"', self.content))

    @property
    def slug(self) -> str:
        """What themes use to name a post."""
        return self.save_as.removesuffix(".html")

    @property
    def year(self) -> str:
        """The year of publication; empty where there is none."""
        return f"{self.date:%Y}" if self.date else ""

    @property
    def locale_date(self) -> str:
        """The day of publication, as pages write it; empty where there is none."""
        return f"{self.date:%Y-%m-%d}" if self.date else ""

    @property
    def locale_modified(self) -> str:
        """The day of the update, as pages write it; empty where there is none."""
        return f"{self.modified:%Y-%m-%d}" if self.modified else ""
