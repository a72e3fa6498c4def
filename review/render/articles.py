"""Make the records of posts from plain data and their texts. No Pelican, no template, no file but the texts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import segno
from markupsafe import Markup as SafeHtml

from review.formats.front_matter import FrontMatter, is_web_address, parse_post, split_list
from review.formats.post_keys import FILM, RECORDING
from review.formats.post_values import related_items, resource_kind
from review.model.instants import parse_instant
from review.model.paths import column_of, stem_of
from review.render.addresses import Kind, Place, classify, encoded, page_address
from review.render.article_pictures import pictured
from review.render.markup import Markup, beginning, leaves
from review.render.players import media_shown, names_of, players
from review.render.records import Article, Attachment, Category, Label, Picture, Related, SignOff, Site
from review.render.shelf import Derived, shelf_of
from review.render.site_data import chain_of, page_of
from review.render.sizes import size_in_words
from review.render.text_pictures import path_of

SUMMARY_LENGTH = 110
"""Characters of a summary that the text itself has to give."""

_NAMES = {
    "index_number": "索引号",
    "topic_class": "主题分类",
    "issuer": "发文机关",
    "document_number": "文号",
    "disclosure": "公开属性",
    "validity": "有效性",
    "duration": "时长",
    "audience": "适用人群",
    "resource_kind": "资源类型",
    "role": "职务",
    "field": "专业领域",
    "asked": "留言日期",
}
"""Names that pages show for keys; the order is that of the block of a document."""

_SHOWN_ELSEWHERE = frozenset(
    ("title", "date", "author", "source", "source_url", "summary", "keywords", "tags", "image", "related",
     *(key.lower() for key in (*FILM, *RECORDING, "Poster", "Captions")))
)  # fmt: skip


class Posts:
    """Makes articles, one at a time: ten thousand texts need not be in memory at once."""

    def __init__(self, data: Mapping[str, Any], texts: Path, pictures: Derived) -> None:
        self.site = _site(data["site"])
        self.columns = _columns(data["columns"])
        self.data: list[Mapping[str, Any]] = data["posts"]
        self._by_item = {post["item"]: post for post in self.data}
        self._neighbours = _neighbours(self.data)
        self._texts = texts
        self._zone = ZoneInfo(self.site.timezone)
        self._own_hosts = (self.site.host, *data["site"]["own_hosts"])
        self._media_from: list[str] = data["site"]["media"]
        self._outside: Mapping[str, int] = data["outside"]
        self._shelf = shelf_of(self.data, pictures)
        self._markup = Markup(self._by_item, own_hosts=self._own_hosts, shelf=self._shelf)

    def article(self, post: Mapping[str, Any]) -> Article:
        """Return a post with its content."""
        item: str = post["item"]
        front = self._front_matter(post)
        plain = replace(self._without_content(post, front), **self._beside(item))
        plain = self._with_players(plain, post, front)
        text = self._markup.text(front.body, Place(column=column_of(item)), lead=not plain.image and not plain.players)
        plain = pictured(plain, path_of(plain.image, "") if plain.image else "", text.pictures, self._shelf)
        summary = plain.summary or beginning(text.html, SUMMARY_LENGTH)
        return replace(plain, content=SafeHtml(text.html), summary=summary)  # noqa: S704  # sanitised two lines above

    def _picture_of(self, path: str) -> Picture | None:
        """Return the picture that a file of the site is, by its path relative to the site's root."""
        return self._shelf.pictures.get(path)

    def leads_away(self, address: str) -> bool:
        """Tell whether an address leads readers away from the site."""
        return leaves(address, self._own_hosts)

    def category(self, column: str) -> Category:
        """Return a column, also one that the policy in force no longer has: that one leads nowhere."""
        if found := self.columns.get(column):
            return found
        parent = column.rpartition("/")[0]
        trail = self.category(parent).trail if parent else ()
        gone = Category(slug=column, name=column.rpartition("/")[2], url="")
        return replace(gone, trail=(*trail, gone))

    def _front_matter(self, post: Mapping[str, Any]) -> FrontMatter:
        data = (self._texts / post["source"]).read_bytes()
        front, _ = parse_post(data, post["metadata"])
        if front is None:
            # Only in a preview, which shows what is not right yet.
            front = FrontMatter(fields={"title": stem_of(post["item"])}, body=data.decode("utf-8", "replace"))
        return front

    def _beside(self, item: str) -> dict[str, Any]:
        """Return what only the page of a post has: its neighbours in the column, and its address to scan."""
        newer, older = self._neighbours[item]
        code = segno.make(f"{self.site.url}/{encoded(page_of(item))}", error="m", micro=False)
        return {
            "previous": self._link(older) if older else None,
            "following": self._link(newer) if newer else None,
            "qr": SafeHtml(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None)),  # noqa: S704  # of our own making
        }

    def _with_players(self, article: Article, post: Mapping[str, Any], front: FrontMatter) -> Article:
        """Return an article with its films and recordings, whose files are no attachments to it then."""
        media = media_shown(post, front.fields, self._media_from)
        shown = names_of(media)
        return replace(
            article,
            players=players(media, post, self._outside, self._picture_of),
            attachments=tuple(one for one in article.attachments if one.name not in shown),
        )

    def _link(self, item: str) -> Related:
        post = self._by_item[item]
        return Related(title=self._front_matter(post).title, url=encoded(page_of(item)))

    def _without_content(self, post: Mapping[str, Any], front: FrontMatter) -> Article:
        item: str = post["item"]
        fields = _with_known_kind(front.fields)
        page = page_of(item)
        published, updated = self._moment(post["published"]), self._moment(post["updated"])
        return Article(
            item=item,
            version=post["version"],
            title=front.title,
            url=encoded(page),
            save_as=page,
            category=self.category(column_of(item)),
            date=published,
            modified=updated if updated != published else None,
            unit=post["unit"],
            source=fields.get("source", ""),
            source_url=fields["source_url"] if is_web_address(fields.get("source_url", "")) else "",
            authors=tuple(Label(name=name) for name in split_list(fields.get("author", ""))),
            document_date=fields.get("date", ""),
            details=_details(fields, post["metadata"]),
            keywords=front.keywords,
            tags=tuple(Label(name=name) for name in front.tags),
            related=tuple(self._related(split_list(fields.get("related", "")), item)),
            meta=dict(fields),
            image=self._image(fields.get("image", ""), item),
            summary=fields.get("summary", ""),
            attachments=tuple(self._attachment(one, page) for one in sorted(post["attachments"], key=_counted)),
            signed=tuple(self._sign_off(one) for one in post["signed"]),
            code=post["code"],
            chain=encoded(chain_of(item)) if post["chained"] else "",
            mark=post["mark"],
        )

    def _moment(self, text: str) -> dt.datetime | None:
        return parse_instant(text).astimezone(self._zone) if text else None

    def _sign_off(self, one: Mapping[str, Any]) -> SignOff:
        when = parse_instant(one["at"]).astimezone(self._zone)
        return SignOff(
            stage=one["stage"],
            title=one["title"],
            name=one["name"],
            date=when,
            paper=one["paper"],
            stands_in=one["stands_in"],
        )

    def _attachment(self, one: Mapping[str, Any], page: str) -> Attachment:
        path = f"{page.removesuffix('.html')}/{one['name']}"
        name, length = one["name"], one["size"]
        url = encoded(path) if one["offered"] else ""
        size = size_in_words(length)
        return Attachment(name=name, url=url, size=size, type=_type(name), length=length, kept=one.get("kept", ""))

    def _image(self, value: str, item: str) -> str:
        """Return the address of a picture of this site, relative to its root; empty for every other."""
        kind, address = classify(value)
        found = page_address(address, Place(column=column_of(item)), self._by_item) if kind is Kind.LOCAL else ""
        return f"{column_of(item)}/{found}" if found and not found.startswith("#") else ""

    def _related(self, names: Iterable[str], item: str) -> Iterator[Related]:
        """Yield a link to each of the others that is a post of the site or a web address; what leads nowhere is not shown."""
        for name in dict.fromkeys(names):
            found = next((one for one in related_items(name, item) if one in self._by_item), "")
            if found and found != item:
                yield self._link(found)
            elif not found and is_web_address(name):
                yield Related(title=name, url=name)


def _site(data: Mapping[str, Any]) -> Site:
    language, _, region = data["language"].partition("-")
    known = {field.name for field in fields(Site)}
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in known
    }
    lang = f"{language}-{region.upper()}" if region else language
    return Site(**given, lang=lang, host=urlsplit(data["url"]).hostname or "")


def _neighbours(posts: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return for each post the next newer and the next older one of its column, empty where there is none."""
    columns: dict[str, list[str]] = {}
    for post in posts:
        columns.setdefault(column_of(post["item"]), []).append(post["item"])
    return {
        item: (newer, older)
        for items in columns.values()
        for newer, item, older in zip(["", *items], items, [*items[1:], ""], strict=False)
    }


def _columns(data: list[Mapping[str, Any]]) -> dict[str, Category]:
    columns: dict[str, Category] = {}
    for column in data:
        parent = columns[column["parent"]].trail if column["parent"] else ()
        one = Category(
            slug=column["id"],
            name=column["title"],
            url=f"{column['id']}/index.html",
            type=column["type"],
            label=column["label"],
            description=column["description"],
            keywords=tuple(column["keywords"]),
            units=tuple(column["units"]),
            children=tuple(column["children"]),
            feed=f"feeds/{column['id']}.atom.xml",
            json_feed=f"feeds/{column['id']}.json",
        )
        columns[column["id"]] = replace(one, trail=(*parent, one))
    return columns


def _with_known_kind(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return the meta lines with the kind of a resource as templates and filters know it, however it is written."""
    kind = resource_kind(fields.get("resource_kind", ""))
    return {**fields, "resource_kind": kind} if kind else fields


def _details(fields: Mapping[str, str], metadata: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the remaining fields with the names that pages show; a column's own keys as the column spells them."""
    names = _NAMES | {key.lower(): key.replace("_", " ") for key in metadata if key.lower() not in _NAMES}
    shown = dict.fromkeys(key for key in (*names, *fields) if key in fields and key not in _SHOWN_ELSEWHERE)
    return tuple((names.get(key, key), fields[key]) for key in shown if fields[key])


def _counted(attachment: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return a key that sorts as people count: 附件2 before 附件10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", attachment["name"])]


def _type(name: str) -> str:
    """Return what kind of file a name promises, such as `PDF`; empty where it says nothing."""
    ending = name.rpartition(".")[2] if "." in name.strip(".") else ""
    return ending.upper() if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""
