"""What the theme's templates see: columns, articles, sign-offs, under the names that Pelican's themes use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site. `url` has no final slash; `lang` is a language tag such as `zh-CN`."""

    title: str
    url: str
    lang: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A column. `url` is relative to the site's root, and empty for a column that is no longer there."""

    slug: str
    name: str
    url: str
    description: str = ""
    trail: tuple[Category, ...] = ()
    children: tuple[str, ...] = ()
    feed: str = ""

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
    """A file beside a post. `url` is relative to the site's root; `size` is in words."""

    name: str
    url: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A link to something else: another post of the site, or text alone where `url` is empty."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A post. Addresses are relative to the site's root and encoded; dates are in the site's time zone.

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
    image: str = ""
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
    def slug(self) -> str:
        """What themes use to name a post."""
        return self.save_as.removesuffix(".html")

    @property
    def locale_date(self) -> str:
        """The day of publication, as pages write it; empty where there is none."""
        return f"{self.date:%Y-%m-%d}" if self.date else ""

    @property
    def locale_modified(self) -> str:
        """The day of the update, as pages write it; empty where there is none."""
        return f"{self.modified:%Y-%m-%d}" if self.modified else ""
