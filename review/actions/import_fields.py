"""Map other programs' front matter to the keys of our posts; what has no key is noted, never dropped in silence.

Knows the text of a value, nothing of files but through the function it is given for pictures.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Iterable, Mapping

from review.actions.import_notes import Notes
from review.formats.clean_text import clean_line
from review.formats.foreign_front_matter import ForeignPost
from review.formats.foreign_yaml import Value
from review.formats.front_matter import MAX_TITLE, is_web_address, split_list
from review.formats.post_keys import KEYS

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

ADDRESSES = ("permalink", "redirect_from", "aliases", "alias", "url", "slug")
_CONTAINERS = ("taxonomies", "params", "extra")
"""Where Hugo and Zola keep some of the keys."""

_LISTS = frozenset({"Keywords", "Tags"})
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_DAY_IN_NAME = re.compile(r"(?:.*/)?(\d{4}-\d{2}-\d{2})-")
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
    values = _flattened(post)
    fields: dict[str, str] = {}
    used: set[str] = set()
    for ours in KEYS:
        theirs = [key for key in _SOURCES[ours] if _is_given(values.get(key))]
        used |= set(_SOURCES[ours])
        mapped = _mapped(ours, theirs, values, post.lines, picture, notes)
        if mapped:
            fields[ours] = mapped
    for key, value in values.items():
        if key not in used and _is_given(value):
            _note_left_out(key, value, post.lines.get(key, 0), notes)
    if "Date" not in fields and (found := _DAY_IN_NAME.match(notes.file)) and (day := day_in(found[1])):
        fields["Date"] = day.isoformat()
    return {key: fields[key] for key in KEYS if key in fields}


def addresses_in(post: ForeignPost) -> tuple[str, ...]:
    """Return the web addresses that the front matter claims for its page."""
    return tuple(item for key in ADDRESSES if key in post.values for item in _items(post.values[key]) if "/" in item)


def day_in(text: str) -> datetime.date | None:
    """Return the day at the beginning of a date as anyone writes it, such as `2015-03-17 14:00:00 -4`."""
    found = _DAY.match(text)
    try:
        return datetime.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _flattened(post: ForeignPost) -> dict[str, Value]:
    values = dict(post.values)
    for container in _CONTAINERS:
        if isinstance(inner := values.get(container), dict):
            del values[container]
            for key, value in inner.items():
                values.setdefault(key.lower(), value)
    return values


def _mapped(
    ours: str,
    theirs: list[str],
    values: Mapping[str, Value],
    lines: Mapping[str, int],
    picture: Callable[[str], str],
    notes: Notes,
) -> str:
    """Return the value of one of our keys, made of all that is given for it."""
    if ours in _LISTS:
        return ", ".join(dict.fromkeys(item for key in theirs for item in _list_items(key, values[key], lines, notes)))
    result = chosen = ""
    for key in theirs:
        line = lines.get(key, 0)
        text = _one(ours, key, values[key], line, picture, notes)
        if not result:
            result, chosen = text, key
        elif text and text != result:
            notes.add("key", line, f"{key}: {text}", f"left out: {ours} comes from {chosen}")
    return result


def _one(ours: str, key: str, value: Value, line: int, picture: Callable[[str], str], notes: Notes) -> str:
    """Return one given value in the form that our key wants; empty, with a note, where it does not fit."""
    if ours == "Image":
        return _image(key, value, line, picture, notes)
    if ours == "Author":
        names = _items(value)
        return "、".join(dict.fromkeys(split_list(names[0]) if key == "authors" and len(names) == 1 else names))
    text = "、".join(_items(value))
    if ours == "Date":
        if day := day_in(text):
            return day.isoformat()
        notes.add("date", line, f"{key}: {text}", "left out: not a date")
        return ""
    if ours == "Source_url" and not is_web_address(text):
        notes.add("key", line, f"{key}: {text}", "left out: not a web address")
        return ""
    if ours in ("Title", "Summary"):
        text = _without_markup(ours, key, text, line, notes)
    if ours == "Title" and len(text) > MAX_TITLE:
        notes.add("title", line, f"{key}: {text}", f"cut to {MAX_TITLE} characters")
        text = f"{text[: MAX_TITLE - 1].rstrip()}…"
    return text


def _without_markup(ours: str, key: str, text: str, line: int, notes: Notes) -> str:
    plain = _MARKUP.sub("", text)
    if plain != text:
        notes.add("key", line, f"{key}: {text}", f"HTML taken out of {ours}")
    return clean_line(html.unescape(plain))


def _image(key: str, value: Value, line: int, picture: Callable[[str], str], notes: Notes) -> str:
    if isinstance(value, dict):
        address = next((_words(value[part]) for part in ("image", "src", "url", "path") if part in value), "")
        if rest := {part: words for part, words in value.items() if _words(words) != address}:
            notes.add("key", line, f"{key}: {rest}", "left out: Image is a path alone")
    else:
        address = next(iter(_items(value)), "")
    if address.lower() in ("", "true", "false"):
        return ""
    if link := picture(address):
        return link
    notes.add("picture", line, f"{key}: {address}", "left out: there is no such picture here")
    return ""


def _list_items(key: str, value: Value, lines: Mapping[str, int], notes: Notes) -> Iterable[str]:
    """Yield the items of a list; an item with a separator inside would become two."""
    if isinstance(value, str):
        yield from split_list(clean_line(value))
        return
    for item in _items(value):
        parts = split_list(item)
        if len(parts) > 1:
            notes.add("key", lines.get(key, 0), f"{key}: {item}", "kept as one, without its separators")
        yield " ".join(parts)


def _note_left_out(key: str, value: Value, line: int, notes: Notes) -> None:
    text = _words(value)
    if text.lower() in _STATES.get(key, ()):
        notes.add("state", line, f"{key}: {text}", "imported all the same: the sign-offs say what goes online")
    elif key in ADDRESSES:
        notes.add("key", line, f"{key}: {text}", "left out: a page's place follows from its file; used to find what links to it")
    elif key not in _STATES:
        notes.add("key", line, f"{key}: {text}", "left out: posts have no such key")


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
