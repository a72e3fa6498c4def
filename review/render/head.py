"""Put together what the head of a page says to programs: the tags that inspectors read, Open Graph, links, JSON-LD.

No value is ever empty. A tag that a page must have and nobody gave is composed of names that are true; every other is
left out. Names of tags are those of the convention, so `Description` and `Keywords` of a post stand in the place of
`description` and `keywords`: HTML does not tell them apart, and allows one of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from review.render.pages import FIRST, ListPage
from review.render.records import Article, Category, Site
from review.render.site_data import LABELS
from review.render.structured_data import breadcrumbs, data_block, organisation, picture_of, post, website

Pairs = tuple[tuple[str, str], ...]

ATOM, JSON = "application/atom+xml", "application/feed+json"
NOT_FOUND = "404.html"

_TITLES = {"map.html": "网站地图", "search.html": "搜索", NOT_FOUND: "没有这个页面"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page points to. `url` is relative to the site's root."""

    title: str
    url: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What `_head.html` writes. `tags` are pairs of name and content, `properties` those of Open Graph.

    `canonical` is the page's own address, or that of the page that shows the same; empty where there is none. `data` is
    the content of the element with JSON-LD, already escaped for it.
    """

    tags: Pairs
    properties: Pairs = ()
    canonical: str = ""
    feeds: tuple[FeedLink, ...] = ()
    data: Markup = field(default=Markup())  # an immutable string


class Heads:
    """Makes the heads of one site's pages. `search` tells whether it has a page that searches."""

    def __init__(self, site: Site, *, search: bool) -> None:
        self._site = site
        self._search = search

    def home(self) -> Head:
        """Return the head of the home page."""
        data = data_block((website(self._site, search=self._search), organisation(self._site)))
        return replace(self._plain(self._site.title, f"{self._site.url}/"), data=data)

    def other(self, path: str) -> Head:
        """Return the head of a page that is neither home, column nor post, such as `map.html`."""
        title = _TITLES.get(path, self._site.title)
        if path == NOT_FOUND:
            return Head(tags=_given((*self._site_tags(), ("robots", "noindex"))), feeds=self._feeds())
        return self._plain(title, f"{self._site.url}/{path}")

    def column(self, column: Category, page: ListPage, whole: Article | None = None) -> Head:
        """Return the head of a column's page or one of its further pages; `whole` is the post shown there, if one is."""
        address = f"{self._site.url}/{page.url}"
        description = column.description or f"{self._site.title}“{column.name}”栏目"
        # A column that a special template shows whole has one page; so further ones are lists, told apart by number.
        further = f" 第 {page.number} 页" if page.number != FIRST else ""
        keywords = column.keywords or (*(one.name for one in column.trail), self._site.title)
        tags: list[tuple[str, str]] = [
            *self._site_tags(),
            ("ColumnName", column.name),
            ("ColumnDescription", description),
            ("ColumnKeywords", ",".join(dict.fromkeys(keywords))),
            ("ColumnType", _type_of(column)),
        ]
        trail = breadcrumbs(self._site, column.trail)
        if whole is None:
            tags += [("description", description + further), ("keywords", ",".join(dict.fromkeys(keywords)))]
            properties = self._open_graph("website", column.name + further, description + further, address)
            data = data_block((trail,))
        else:
            tags += self._of_article(whole, address)
            properties = self._of_article_on_networks(whole, address)
            data = data_block((trail, post(self._site, whole, address=address)))
        return Head(
            tags=_given(tags), properties=properties, canonical=address, feeds=self._feeds(column), data=data
        )  # fmt: skip

    def article(self, article: Article, *, canonical: str = "") -> Head:
        """Return the head of a post's page. `canonical` is the page, relative to the root, that shows it in its stead."""
        address = f"{self._site.url}/{canonical or article.url}"
        column = article.category
        tags = [*self._site_tags(), ("ColumnName", column.name), ("ColumnType", _type_of(column))]
        tags += self._of_article(article, address)
        trail = breadcrumbs(self._site, column.trail, (article.title, address))
        return Head(
            tags=_given(tags),
            properties=self._of_article_on_networks(article, address),
            canonical=address,
            feeds=self._feeds(column),
            data=data_block((trail, post(self._site, article, address=address))),
        )

    def _plain(self, title: str, address: str) -> Head:
        site = self._site
        description = site.description or site.title
        tags = (*self._site_tags(), ("description", description), ("keywords", ",".join(site.keywords)))
        properties = self._open_graph("website", title, description, address)
        return Head(tags=_given(tags), properties=properties, canonical=address, feeds=self._feeds())

    def _site_tags(self) -> Pairs:
        return ("SiteName", self._site.title), ("SiteDomain", self._site.host), ("SiteIDCode", self._site.id_code)

    def _of_article(self, article: Article, address: str) -> Pairs:
        return (
            ("ArticleTitle", article.title),
            ("PubDate", f"{article.date:%Y-%m-%d %H:%M}" if article.date else ""),
            ("ContentSource", self._source(article)),
            ("Keywords", ",".join(article.keywords or (tag.name for tag in article.tags))),
            ("Author", "、".join(one.name for one in article.authors)),
            ("Description", self._description(article)),
            ("Image", picture_of(self._site, article)[0]),
            ("Url", address),
            ("robots", "noindex, nofollow" if article.mark else ""),
        )

    def _of_article_on_networks(self, article: Article, address: str) -> Pairs:
        found = self._open_graph(
            "article", article.title, self._description(article), address, picture_of(self._site, article)
        )
        section = article.category.name
        return _given(
            (
                *found,
                ("article:published_time", article.date.isoformat() if article.date else ""),
                ("article:modified_time", article.modified.isoformat() if article.modified else ""),
                ("article:section", section),
                *(("article:tag", tag.name) for tag in article.tags),
            )
        )

    def _open_graph(
        self, kind: str, title: str, description: str, address: str, image: tuple[str, int, int] = ("", 0, 0)
    ) -> Pairs:
        language, _, region = self._site.lang.rpartition("-")
        where, width, height = image
        return _given(
            (
                ("og:type", kind),
                ("og:title", title),
                ("og:description", description),
                ("og:url", address),
                ("og:site_name", self._site.title),
                # A locale without a territory is none to those who read this.
                ("og:locale", f"{language}_{region}" if len(language) == len(region) == 2 else ""),
                ("og:image", where),
                ("og:image:width", str(width or "")),
                ("og:image:height", str(height or "")),
            )
        )

    def _feeds(self, column: Category | None = None) -> tuple[FeedLink, ...]:
        title = self._site.title
        found = [("feeds/all.atom.xml", "feeds/all.json", title)]
        if column is not None and column.feed:
            found.insert(0, (column.feed, column.json_feed, f"{title} · {column.name}"))
        return tuple(
            FeedLink(title=name, url=url, type=kind)
            for atom, json, name in found
            for url, kind in ((atom, ATOM), (json, JSON))
            if url
        )

    def _source(self, article: Article) -> str:
        """Return what the page names as the source: the given one, else the unit that submitted it."""
        return article.source or article.source_url or article.unit or self._site.title

    def _description(self, article: Article) -> str:
        return article.summary or f"{self._site.title}“{article.category.name}”栏目：{article.title}"


def _type_of(column: Category) -> str:
    """Return what inspectors call the column's type; one that is gone has no name of its own for it."""
    return column.label or LABELS.get(column.type, LABELS["news"])


def _given(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return tuple((name, " ".join(value.split())) for name, value in pairs if value.strip())
