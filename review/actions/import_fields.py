"""Map other programs' front matter to the keys of our posts; what has no key is noted, never dropped in silence.

Knows the text of a value, nothing of files but through the function it is given for pictures.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Mapping

from review.actions.import_notes import Kind, Notes
from review.formats.clean_text import clean_line
from review.formats.foreign_front_matter import ForeignPost
from review.formats.foreign_yaml import Value
from review.formats.front_matter import MAX_TITLE, is_web_address, split_list
from review.formats.post_keys import KEYS
from review.messages import t

_SOURCES = {
    "Title": ("title",),
    "Date": ("date", "publishdate", "pubdate"),
    "Author": ("author", "authors"),
    "Source": ("source",),
    "Source_url": ("source_url", "original_url", "canonical_url", "canonical"),
    "Summary": ("summary", "excerpt", "description", "abstract"),
    "Keywords": ("keywords", "keyword", "categories", "category"),
    "Tags": ("tags", "tag"),
    "Image": ("image", "featured_image", "featuredimage", "cover", "thumbnail", "banner", "og_image"),
    "Document_number": ("document_number",),
    "Index_number": ("index_number",),
    "Disclosure": ("disclosure",),
    "Related": ("related",),
}
"""The keys that others use for each of ours, the best first."""

_USED = frozenset(key for keys in _SOURCES.values() for key in keys)

ADDRESSES = ("permalink", "redirect_from", "aliases", "alias", "url", "slug")
_CONTAINERS = ("taxonomies", "params", "extra")
"""Where Hugo and Zola keep some of the keys."""

_LISTS = frozenset({"Keywords", "Tags"})
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_DAY_IN_NAME = re.compile(r"(?:.*/)?(\d{4}-\d{2}-\d{2})(?![0-9/])[^/]*$")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_STATES = {
    "draft": ("true", "yes", "1", "on"),
    "published": ("false", "no", "0", "off"),
    "hidden": ("true", "yes", "1", "on"),
    "private": ("true", "yes", "1", "on"),
    "status": ("draft", "hidden", "private"),
}
"""Keys and the values with which they keep a page from the public."""


def map_fields(post: ForeignPost, *, picture: Callable[[str], str], notes: Notes) -> dict[str, str]:
    """Return values by our keys, in our order; `picture` gives the link to a picture, empty where there is none."""
    return _Mapping(post, picture, notes).fields()


def addresses_in(post: ForeignPost) -> tuple[str, ...]:
    """Return the web addresses that the front matter claims for its page."""
    return tuple(item for key in ADDRESSES if key in post.values for item in _items(post.values[key]) if "/" in item)


def day_in(text: str) -> dt.date | None:
    """Return the day at the beginning of a date as anyone writes it, such as `2015-03-17 14:00:00 -4`."""
    found = _DAY.match(text)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


class _Mapping:
    """One run over the front matter of one file."""

    def __init__(self, post: ForeignPost, picture: Callable[[str], str], notes: Notes) -> None:
        self._values = _flattened(post.values)
        self._lines = post.lines
        self._picture = picture
        self._notes = notes

    def fields(self) -> dict[str, str]:
        """Return everything that has a place; the rest is noted."""
        mapped = {ours: self._list(ours) if ours in _LISTS else self._best(ours) for ours in KEYS}
        for key in self._values:
            if key not in _USED and _is_given(self._values[key]):
                self._note_left_out(key)
        if not mapped["Date"] and (found := _DAY_IN_NAME.match(self._notes.file)) and (day := day_in(found[1])):
            mapped["Date"] = day.isoformat()
        return {ours: value for ours, value in mapped.items() if value}

    def _given(self, ours: str) -> list[str]:
        return [key for key in _SOURCES[ours] if _is_given(self._values.get(key))]

    def _note(self, kind: Kind, key: str, words: object, action: str) -> None:
        self._notes.add(kind, self._lines.get(key, 0), f"{key}: {words}", action)

    def _best(self, ours: str) -> str:
        """Return the first value that fits; another one that differs is noted."""
        result = chosen = ""
        for key in self._given(ours):
            text = self._one(ours, key)
            if not result:
                result, chosen = text, key
            elif text and text != result:
                self._note("key", key, text, t("left out: {key} comes from {chosen}", key=ours, chosen=chosen))
        return result

    def _list(self, ours: str) -> str:
        return ", ".join(dict.fromkeys(item for key in self._given(ours) for item in self._list_items(key)))

    def _list_items(self, key: str) -> Iterable[str]:
        """Yield the items of a list; an item with a separator inside would become two."""
        value = self._values[key]
        if isinstance(value, str):
            yield from split_list(clean_line(value))
            return
        for item in _items(value):
            parts = split_list(item)
            if len(parts) > 1:
                self._note("key", key, item, t("kept as one, without its separators"))
            yield " ".join(parts)

    def _one(self, ours: str, key: str) -> str:
        """Return a value in the form that our key wants; empty, with a note, where it does not fit."""
        if ours == "Image":
            return self._image(key)
        names = _items(self._values[key])
        if ours == "Author" and key == "authors" and len(names) == 1:
            names = list(split_list(names[0]))
        text = "、".join(dict.fromkeys(names))
        if ours == "Date":
            day = day_in(text)
            if day is None:
                self._note("date", key, text, t("left out: not a date"))
            return day.isoformat() if day else ""
        if ours == "Source_url" and not is_web_address(text):
            self._note("key", key, text, t("left out: not a web address"))
            return ""
        if ours in ("Title", "Summary"):
            text = self._without_markup(ours, key, text)
        if ours == "Title" and len(text) > MAX_TITLE:
            self._note("title", key, text, t("cut to {count} characters", count=MAX_TITLE))
            text = shortened(text)
        return text

    def _without_markup(self, ours: str, key: str, text: str) -> str:
        plain = _MARKUP.sub("", text)
        if plain != text:
            self._note("key", key, text, t("HTML taken out of {key}", key=ours))
        return clean_line(html.unescape(plain))

    def _image(self, key: str) -> str:
        value = self._values[key]
        if isinstance(value, dict):
            address = next((_words(value[part]) for part in ("image", "src", "url", "path") if part in value), "")
            if rest := {part: words for part, words in value.items() if _words(words) != address}:
                self._note("key", key, rest, t("left out: Image is a path alone"))
        else:
            address = next(iter(_items(value)), "")
        if address.lower() in ("", "true", "false"):
            return ""
        link = self._picture(address)
        if not link:
            self._note("picture", key, address, t("left out: there is no such picture here"))
        return link

    def _note_left_out(self, key: str) -> None:
        text = _words(self._values[key])
        if text.lower() in _STATES.get(key, ()):
            self._note("state", key, text, t("imported all the same: the sign-offs say what goes online"))
        elif key in ADDRESSES:
            self._note("key", key, text, t("left out, and used to find what links here: files say where a page is"))
        elif key not in _STATES:
            self._note("key", key, text, t("left out: posts have no such key"))


def shortened(title: str) -> str:
    """Return a title that is not over the limit."""
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"


def _flattened(given: Mapping[str, Value]) -> dict[str, Value]:
    values = dict(given)
    for container in _CONTAINERS:
        if isinstance(inner := values.get(container), dict):
            del values[container]
            for key, value in inner.items():
                values.setdefault(key.lower(), value)
    return values


def _is_given(value: Value | None) -> bool:
    return bool(value) and value not in ("~", "null", "[]", "{}")


def _items(value: Value) -> list[str]:
    found = [_words(item) for item in value] if isinstance(value, list) else [_words(value)]
    return [item for item in found if item]


def _words(value: Value) -> str:
    """Return a value as one line; of a mapping its name, else its pairs."""
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, list):
        return "、".join(_items(value))
    for part in ("name", "title"):
        if isinstance(named := value.get(part), str):
            return clean_line(named)
    return clean_line("; ".join(f"{key}: {_words(inner)}" for key, inner in value.items()))
