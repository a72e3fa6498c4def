"""Turn a post's Markdown into HTML that can do no harm: no script, no style, nothing fetched from elsewhere.

What a page shows is what was signed; so a picture or film from another site, whose bytes nobody signed, becomes a link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import markdown
import nh3
from markdown.extensions.extra import ExtraExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.toc import TocExtension, slugify_unicode

from review.formats.text_tags import TAGS, TAKEN_WHOLE
from review.render.addresses import ANCHOR, Kind, Place, classify, page_address
from review.render.hollow import without_hollow
from review.render.shelf import EMPTY, Shelf
from review.render.text_pictures import TextPictures

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src", "poster", "width", "height"},
    "audio": {"src"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "time": {"datetime"},
    "details": {"open"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "td": {"align", "colspan", "rowspan"},
}
ATTRIBUTES = frozenset({"href", "src", "alt", "poster", "title", "label", "srclang", "kind"})
"""Attributes whose values readers see, or are led by."""
_ALWAYS = {
    "video": {"controls": "", "preload": "metadata"},
    "audio": {"controls": "", "preload": "metadata"},
}
"""Written by us, not by nh3: it would put them into another order on every run."""
_VALUES = {
    "align": re.compile("left|center|right"),
    "class": re.compile(r"language-[\w+#-]{1,40}|footnote|footnote-ref|footnote-backref|toc"),
    "id": re.compile(r"\S{1,200}"),
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    **dict.fromkeys(("width", "height", "colspan", "rowspan", "start", "value"), re.compile(r"\d{1,4}")),
}
_TAG = re.compile(r'<(a|img|video|audio|source|track)((?: [a-z]+="[^"]*")*)>|</(a|video|audio)>')
_ANY_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z]+="[^"]*")+>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_ADDRESS = re.compile(r' (href|src|poster)="([^"]*)"')
_WIDTHS = re.compile(r' srcset="([^"]*)"')
_BETWEEN_TAGS = re.compile(r"<[^>]*>")
_TABLE = re.compile(r'<table(?: [a-z]+="[^"]*")*>|</table>')
_WIDE = '<div class="wide" role="group" aria-label="表格" tabindex="0">'
"""Around a table: on a narrow screen it is moved sideways by itself, also with the keyboard."""
LEAVING = "external"
"""The class of links that lead readers away from the site."""

_OUTSIDE_NAMES = {"img": "站外图片", "video": "站外视频", "audio": "站外音频"}
_PLAYERS = frozenset({"video", "audio"})


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Return the value an attribute may have, None where it must go. Addresses are looked at once more afterwards."""
    if name in ("href", "src", "poster"):
        kind, address = classify(value)
        return None if kind is Kind.REFUSED else address
    pattern = _VALUES.get(name)
    if pattern is None:
        return value
    kept = [word for word in value.split() if pattern.fullmatch(word)]
    if name == "id":
        # The theme has ids of its own, which a text must not be able to take over.
        return ANCHOR + kept[0] if len(kept) == 1 else None
    return " ".join(kept) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as its page has it. `pictures` are the paths in the site of the originals of those it shows, in order."""

    html: str
    pictures: tuple[str, ...]


class Markup:
    """Renders the texts of one site. `items` are the posts that exist: a link to another one loses its address.

    Links to other hosts than `own_hosts` and those below them are marked: they lead readers away. `shelf` has the pictures.
    """

    def __init__(self, items: Container[str], own_hosts: tuple[str, ...] = (), shelf: Shelf = EMPTY) -> None:
        self._items = items
        self._own_hosts = own_hosts
        self._shelf = shelf
        self._markdown = markdown.Markdown(
            extensions=[
                ExtraExtension(tables={"use_align_attribute": True}, footnotes={"BACKLINK_TITLE": "回到正文的注 {}"}),
                SaneListExtension(),
                TocExtension(slugify=slugify_unicode),
            ],
            output_format="html",
        )
        self._cleaner = nh3.Cleaner(
            tags=set(TAGS),
            clean_content_tags=set(TAKEN_WHOLE),
            attributes=_ATTRIBUTES,
            attribute_filter=_attribute,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )

    def html(self, text: str, place: Place) -> str:
        """Return the sanitised HTML of a Markdown text on a page of that place."""
        return self.text(text, place, lead=False).html

    def text(self, text: str, place: Place, *, lead: bool) -> Text:
        """Return the same with the pictures that it shows. With `lead` the first of them is the first of its page."""
        pictures = TextPictures(self._shelf, place, lead=lead)
        finished = _Finish(place, self._items, self._own_hosts, pictures).of(self.sanitised(text))
        return Text(html=finished, pictures=tuple(pictures.shown))

    def sanitised(self, text: str) -> str:
        """Return the same HTML with its addresses as they are written, before they are made to fit a place."""
        try:
            made = self._markdown.reset().convert(text)
        except RecursionError:
            # Thousands of nested lists or quotations: shown as written rather than not at all.
            made = f"<pre>{html.escape(text)}</pre>"
        cleaned: str = self._cleaner.clean(made)
        return cleaned


@dataclass(slots=True, kw_only=True)
class _Player:
    """A player that is being read: where it begins among the pieces, and the pictures, and what it has to play.

    One with nothing to play but what is elsewhere is replaced by `links`; in any other nobody would see them, so they follow.
    """

    name: str
    begin: int
    pictures: int
    plays: bool = False
    links: list[str] = field(default_factory=list)


class _Finish:
    """One pass over sanitised HTML, whose tags have one spelling only: what leads where, and what is fetched."""

    def __init__(self, place: Place, items: Container[str], own_hosts: tuple[str, ...], pictures: TextPictures) -> None:
        self._place = place
        self._pictures = pictures
        self._items = items
        self._own_hosts = own_hosts
        self._inside_link = False
        self._pieces: list[str] = []
        self._players: list[_Player] = []

    def of(self, text: str) -> str:
        done = 0
        for found in _TAG.finditer(text):
            self._pieces.append(text[done : found.start()])
            self._pieces.append(self._end(found) if found[3] else self._tag(found))
            done = found.end()
        return _in_wide_boxes(without_hollow("".join((*self._pieces, text[done:]))))

    def _tag(self, found: re.Match[str]) -> str:
        name = found[1]
        values = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(found[2])}
        if name == "img":
            return self._picture(values)
        if name == "a":
            self._inside_link = True
            self._link(values)
            return _tag_of(name, values)
        return self._media(name, values)

    def _end(self, found: re.Match[str]) -> str:
        if found[3] == "a":
            self._inside_link = False
            return found[0]
        player = self._players.pop()
        links = list(dict.fromkeys(player.links))
        if not player.plays and links:
            del self._pieces[player.begin :], self._pictures.shown[player.pictures :]
        elif not player.plays:
            self._pieces[player.begin] = ""
        if self._players:
            self._players[-1].links += links
            links = []
        return (found[0] if player.plays else "") + " ".join(links)

    def _picture(self, values: dict[str, str]) -> str:
        source, alt = values.pop("src", ""), values.setdefault("alt", "")
        if source and not (local := self._local(source)):
            return self._outside("img", source, alt)
        shown = self._pictures.attributes(local, values) if source else {}
        return _tag_of("img", shown) if shown else f"<span>{html.escape(alt)}</span>"

    def _media(self, name: str, values: dict[str, str]) -> str:
        """Return a player's tag, or that of a part of one; nothing for a part that has nothing to fetch."""
        if name in _PLAYERS:
            self._players.append(_Player(name=name, begin=len(self._pieces), pictures=len(self._pictures.shown)))
        player = self._players[-1] if self._players else None
        poster, source = values.pop("poster", ""), values.pop("src", "")
        if poster and (local := self._local(poster)) and (still := self._pictures.poster(local)):
            values["poster"] = still
        if source and (local := self._local(source)) and (there := self._pictures.link(local)):
            if player and name != "track":
                player.plays = True
            return _tag_of(name, {"src": there, **values, **_ALWAYS.get(name, {})})
        link = self._outside(player.name if player and name == "source" else name, source, "") if source else ""
        if player and link:
            player.links.append(link)
        if name in _PLAYERS:
            return _tag_of(name, values | _ALWAYS[name])
        return "" if player else link

    def _link(self, values: dict[str, str]) -> None:
        kind, address = classify(values.pop("href", ""))
        if kind is Kind.OUTSIDE:
            values |= {"href": address, "rel": "noopener noreferrer"}
            if leaves(address, self._own_hosts):
                values["class"] = " ".join(filter(None, (values.get("class", ""), LEAVING)))
        elif kind is not Kind.REFUSED and (local := page_address(address, self._place, self._items)):
            values |= {"href": found} if (found := self._pictures.link(local)) else {}

    def _local(self, value: str) -> str:
        kind, address = classify(value)
        return page_address(address, self._place, self._items) if kind is Kind.LOCAL else ""

    def _outside(self, name: str, source: str, alt: str) -> str:
        kind, address = classify(source)
        if kind is not Kind.OUTSIDE:
            return ""
        words = html.escape("：".join(filter(None, (_OUTSIDE_NAMES.get(name, "站外文件"), alt))))
        if self._inside_link:
            return f"<span>{words}</span>"
        mark = _written("class", LEAVING) if leaves(address, self._own_hosts) else ""
        return f'<a{_written("href", address)} rel="noopener noreferrer"{mark}>{words}</a>'


def leaves(address: str, own_hosts: Iterable[str]) -> bool:
    """Tell whether a web address leads to a host that is neither one of ours nor below one; mail and telephone lead nowhere."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return True
    return parts.scheme.lower() in ("http", "https") and not any(
        host == own or host.endswith(f".{own}") for own in own_hosts if own
    )


def _in_wide_boxes(text: str) -> str:
    return _TABLE.sub(lambda tag: f"{tag[0]}</div>" if tag[0] == "</table>" else _WIDE + tag[0], text)


def _tag_of(name: str, values: Mapping[str, str]) -> str:
    return f"<{name}{''.join(_written(key, value) for key, value in values.items())}>"


def _written(name: str, value: str) -> str:
    return f' {name}="{html.escape(value)}"'


def absolute(text: str, base: str) -> str:
    """Return sanitised HTML with every address made absolute, as feeds need it. `base` is the page's own address."""

    def address(found: re.Match[str]) -> str:
        try:
            return _written(found[1], urljoin(base, html.unescape(found[2])))
        except ValueError:  # such as http://[: no address at all, here no less than on the page
            return found[0]

    def widths(found: re.Match[str]) -> str:
        # Addresses of ours have no blanks, so a comma with one behind it stands between two of them.
        each = (one.split(" ", 1) for one in html.unescape(found[1]).split(", "))
        return _written("srcset", ", ".join(" ".join((urljoin(base, where), *size)) for where, *size in each))

    return _ANY_TAG.sub(lambda tag: _WIDTHS.sub(widths, _ADDRESS.sub(address, tag[0])), text)


def beginning(text: str, length: int) -> str:
    """Return the first characters of what sanitised HTML says, on one line, with … where it was cut."""
    # Only as much as could matter is looked at: a summary of a long text must not cost a long time.
    words = " ".join(html.unescape(_BETWEEN_TAGS.sub(" ", text[: length * 40])).split())
    return words if len(words) <= length else words[:length].rstrip("，。、；：,.;: ") + "…"
