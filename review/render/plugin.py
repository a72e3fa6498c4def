"""The Pelican plugin: a generator over the live set, in the place of Pelican's own over directories of articles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from pelican.generators import Generator
from pelican.plugins import signals

from review.formats.post_values import RESOURCE_KINDS, is_marked, is_void
from review.model.paths import column_of
from review.render.articles import Posts
from review.render.feeds import FeedOf, atom_feed
from review.render.head import Heads
from review.render.json_feeds import json_feed
from review.render.pages import FIRST, ListPage, list_pages, with_names
from review.render.records import Article, Category
from review.render.shelf import Derived
from review.render.sitemaps import Entry, day_of, of_list, of_post, robots, sitemaps
from review.render.theme_check import TESTS

KEY = "QIANFA"
"""The setting that hands this plugin its material."""

NEWEST = 6
"""Posts that a page shows of each column it only points to."""

HOME_NEWEST = 8
"""Posts of all columns that the home page begins with."""


WHOLE = frozenset({"overview"})
"""Types of columns whose page is their newest post itself."""

UNPAGED = frozenset({"overview", "resources"})
"""Types of columns whose page shows everything at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is to be rendered: `site.json`, the folder of texts by SHA-256, what pictures there are of which file by its
    SHA-256, and whom to tell which post comes next.
    """

    site: Path
    texts: Path
    pictures: Derived
    announce: Callable[[int, int, str], None]


def register() -> None:
    """Connect the generator, as Pelican asks of every plugin."""
    signals.get_generators.connect(_generators)


def _generators(_pelican: object) -> type[LiveSetGenerator]:
    return LiveSetGenerator


class LiveSetGenerator(Generator):  # type: ignore[misc]  # Pelican has no types
    """Writes a page for every post of the live set, and what leads to them."""

    def generate_context(self) -> None:
        """Read the material and give every template site and menu."""
        self._material: Material = self.settings[KEY]
        self._posts = Posts(
            json.loads(self._material.site.read_text("utf-8")), self._material.texts, self._material.pictures
        )
        self._site = self._posts.site
        self._feed_length: int = self.settings["FEED_MAX_ITEMS"]
        self._shown: dict[str, list[Article]] = {column: [] for column in self._posts.columns}
        self._own: dict[str, list[Article]] = {column: [] for column in self._posts.columns}
        self._all: list[Article] = []
        self._templates_known = frozenset(self.env.list_templates())
        self._heads = Heads(self._site, search="search.html" in self._templates_known)
        self._post_entries: list[Entry] = []
        self._list_entries: list[Entry] = []
        self.context["site"] = self._site
        self.context["columns"] = self._posts.columns
        self.context["resource_kinds"] = RESOURCE_KINDS
        for name, test in zip(TESTS, (self._posts.leads_away, is_void, is_marked), strict=True):
            self.env.tests.setdefault(name, test)
        self.context["menu"] = [one for one in self._posts.columns.values() if len(one.trail) == 1]

    def generate_output(self, writer: Any) -> None:  # Pelican's writer has no type
        """Write everything, posts first: lists are made of what is known of them by then."""
        self._writer = writer
        self._write_posts()
        self._write_columns()
        self._write_home()
        self._write_feeds()
        public = [article for article in self._all if not article.mark]
        self._write_sitemap(public)
        self._write_text("robots.txt", robots(self._site, preview=len(public) < len(self._all)))

    def _write_posts(self) -> None:
        total = len(self._posts.data)
        for number, data in enumerate(self._posts.data):
            self._material.announce(number, total, data["item"])
            article = self._posts.article(data)
            column = article.category
            # The newest post of such a column is its page; that is the address to keep, for it outlives the post.
            shown_whole = self._shows_whole(column) and not self._own[column.slug]
            head = self._heads.article(article, canonical=column.url if shown_whole else "")
            template = self._template("article", column)
            self._page(article.save_as, template, article=article, category=column, head=head)
            self._remember(article)
            if not article.mark and not shown_whole:
                self._post_entries.append(of_post(article))
        self._material.announce(total, total, "")

    def _remember(self, article: Article) -> None:
        """Keep what lists need of an article, and its content only where it is among a feed's newest."""
        whole = article
        column = column_of(article.item)
        trail = [one.slug for one in article.category.trail if one.slug in self._shown]
        lists = [self._all, *(self._shown[slug] for slug in trail)]
        if all(len(one) >= self._feed_length for one in lists):
            article = replace(article, content=Markup())
        light = replace(article, signed=(), related=(), qr=Markup())
        for one in lists:
            one.append(light)
        if column in self._own:
            first = article.category.type in WHOLE and not self._own[column]
            self._own[column].append(whole if first else light)

    def _write_columns(self) -> None:
        for column in self._posts.columns.values():
            articles = self._own[column.slug]
            size = 0 if column.type in UNPAGED else self.settings["DEFAULT_PAGINATION"]
            whole = articles[0] if articles and self._shows_whole(column) else None
            subcategories = self._with_newest(self._posts.columns[child] for child in column.children)
            for page, names in with_names(list_pages(articles, url=column.url, per_page=size)):
                self._page(
                    page.save_as,
                    self._template("category", column),
                    category=column,
                    subcategories=subcategories,
                    articles=articles,
                    head=self._heads.column(column, page, whole),
                    **names,
                )
                self._list_entries.append(self._entry_of_list(column, page))

    def _entry_of_list(self, column: Category, page: ListPage) -> Entry:
        shown = self._shown[column.slug] if page.number == FIRST else page.object_list
        return of_list(page, [article for article in shown if not article.mark])

    def _shows_whole(self, column: Category) -> bool:
        """Tell whether a column's page is its newest post itself: by its type, and where the theme has a page for it."""
        return (
            column.type in WHOLE
            and column.slug in self._own
            and f"category_{column.type}.html" in self._templates_known
        )

    def _write_home(self) -> None:
        self._page(
            "index.html",
            self.get_template("index"),
            categories=self._with_newest(self.context["menu"]),
            children={
                column.slug: [self._posts.columns[child] for child in column.children]
                for column in self.context["menu"]
            },
            newest=self._all[:HOME_NEWEST],
            head=self._heads.home(),
        )
        for name in ("map", "search"):
            if f"{name}.html" in self._templates_known:
                self._page(f"{name}.html", self.get_template(name), newest=self._all[:HOME_NEWEST])
        # It answers for addresses at any depth, so nothing on it can be relative; nor may it depend on the host's name.
        # With two slashes at its beginning it would be another host's address.
        root = re.sub("^/+", "/", urlsplit(self._site.url).path)
        self._page("404.html", self.get_template("404"), relative=False, SITEURL=root)

    def _template(self, name: str, column: Category) -> Any:
        """Return the theme's template for a column's type, such as `article_policy`, else the general one."""
        special = f"{name}_{column.type}"
        return self.get_template(special if f"{special}.html" in self._templates_known else name)

    def _with_newest(self, columns: Iterable[Category]) -> list[tuple[Category, list[Article]]]:
        return [(column, self._shown[column.slug][:NEWEST]) for column in columns]

    def _write_feeds(self) -> None:
        oldest = next((article for article in reversed(self._all) if not article.mark), None)
        site = self._site
        feeds = [("feeds/all.atom.xml", "feeds/all.json", site.title, "", self._all, site.description)]
        feeds += [
            (one.feed, one.json_feed, f"{site.title} · {one.name}", one.url, self._shown[one.slug], one.description)
            for one in self._posts.columns.values()
        ]
        for atom, json_path, title, page, articles, description in feeds:
            chosen = [article for article in articles[: self._feed_length] if not article.mark and article.date]
            feed = FeedOf(title=title, path=atom, page=page, articles=chosen, oldest=oldest)
            self._write_text(atom, atom_feed(site, feed))
            self._write_text(json_path, json_feed(site, replace(feed, path=json_path), description=description))

    def _write_sitemap(self, public: Sequence[Article]) -> None:
        own = [Entry(url="map.html")] if "map.html" in self._templates_known else []
        own.append(Entry(url="", day=max(map(day_of, public), default="")))
        # Those that change least come first, so that a new post touches the last file alone.
        entries = [*reversed(self._post_entries), *self._list_entries, *own]
        for path, text in sitemaps(self._site, entries).items():
            self._write_text(path, text)

    def _page(self, path: str, template: Any, *, relative: bool = True, **values: Any) -> None:
        values.setdefault("head", self._heads.other(path))
        self._writer.write_file(path, template, self.context, relative_urls=relative, **values)

    def _write_text(self, path: str, text: str) -> None:
        target = Path(self.output_path) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
