"""Put template tags of other site generators into plain Markdown: pictures and addresses. The others stay, as text.

Runs no template. Line ends stay where they are, so that later notes name the right line.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Sequence

from review.actions.import_links import PICTURES
from review.actions.import_notes import Notes
from review.formats.foreign_markup import TEMPLATE, Argument, LineCounter, Segment, arguments
from review.messages import t

_PICTURE_TAGS = frozenset({"image", "image_with_class", "asset_img", "img", "picture", "figure", "responsive_image"})
_REMOVED_TAGS = frozenset({"copyable", "/copyable", "raw", "endraw", "more"})
"""Tags that only told the old site's program something; around them nothing is lost."""

_BLOCK_TAG = re.compile(
    r"<(?P<close>/?)(?:div|p|table|t[drh]|thead|tbody|figure|figcaption|center|section|article|aside|blockquote|ul|ol|li|"
    r"dl|dt|dd|details|summary|header|footer|nav)\b(?!\s+label=)",
    re.IGNORECASE,
)
_TOKEN = re.compile(f"{TEMPLATE.pattern}|(?P<html>{_BLOCK_TAG.pattern})", re.VERBOSE | re.IGNORECASE)
_ADDRESS_FILTER = re.compile(
    r"\s*([\"'])(?P<path>.*?)\1\s*\|\s*(?:url|relative_url|absolute_url|url_for|prepend:\s*site\.\w+)\b[^|]*$",
    re.DOTALL,
)
_SITE_ADDRESS = re.compile(r"\s*(?:site\.(?:base_?url|url|root)|SITEURL|BASE_PATH|config\.root)\s*", re.IGNORECASE)
_ADDRESS_TAGS = frozenset({"ref", "relref", "link"})
_INSIDE_A_TAG = re.compile(r"<[A-Za-z/][^<>]*$")
_INSIDE_A_LINK = re.compile(r"\]\([^()\s]*$")
_LOOK_BACK = 500


def replace_templates(segments: Sequence[Segment], notes: Notes) -> tuple[Segment, ...]:
    """Return the segments with the tags in their prose replaced; a tag that cannot be is noted, and shows as it is."""
    depth = 0
    done = []
    for segment in segments:
        if segment.nature != "prose":
            done.append(segment)
            continue
        text = segment.text
        parts: list[str] = []
        place = 0
        lines = LineCounter(text, segment.line)
        for found in _TOKEN.finditer(text):
            if found["html"]:
                depth = max(0, depth - 1) if found["close"] else depth + 1
                continue
            line = lines.line_at(found.start())
            before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
            new = _replacement(found, _Place(before, inside_html=depth > 0), line, notes)
            parts += (text[place : found.start()], new)
            place = found.end()
        parts.append(text[place:])
        done.append(Segment(text="".join(parts), nature="prose", line=segment.line))
    return tuple(done)


class _Place:
    """Where a tag stands: in prose, in an address, inside an HTML tag or between two of them."""

    __slots__ = ("in_address", "in_tag", "inside_html")

    def __init__(self, before: str, *, inside_html: bool) -> None:
        self.in_tag = _INSIDE_A_TAG.search(before) is not None
        self.in_address = _INSIDE_A_LINK.search(before) is not None
        self.inside_html = inside_html or self.in_tag


def _replacement(found: re.Match[str], place: _Place, line: int, notes: Notes) -> str:
    tag = found[0]
    if found["attributes"] is not None:
        notes.add("template", line, tag, t("removed: attributes for kramdown"))
        new: str | None = ""
    elif found["value"] is not None:
        new = _address_in(found["value"])
    else:
        name = (found["block"] or found["short"]).lower()
        new = _named(name, arguments(found["block_arguments"] or found["short_arguments"] or ""), place)
        if name in _REMOVED_TAGS:
            notes.add("template", line, tag, t("removed"))
    if new is None:
        notes.add("template", line, tag, t("left as literal text: no template is ever run here"))
        return _literal(tag, place)
    return new + "\n" * tag.count("\n")


def _address_in(value: str) -> str | None:
    """Return the address that a value makes; None for any other value."""
    if address := _ADDRESS_FILTER.match(value):
        return address["path"]
    return "" if _SITE_ADDRESS.fullmatch(value) else None


def _named(name: str, given: Sequence[Argument], place: _Place) -> str | None:
    """Return what stands for a tag that has a name; None where there is nothing."""
    if name in _REMOVED_TAGS:
        return ""
    if name in _PICTURE_TAGS and (path := _path(given)):
        return _picture(path, _alt(given, path), inside_html=place.inside_html)
    return given[0].value if name in _ADDRESS_TAGS and given else None


def _literal(tag: str, place: _Place) -> str:
    """Write a tag so that the page shows it as it is; inside an address or an HTML tag there is nothing to show."""
    if place.in_tag or place.in_address:
        return tag
    shown = tag.replace("<", "&lt;").replace(">", "&gt;")
    return shown if place.inside_html else re.sub(r"([\\*_`\[\]])", r"\\\1", shown)


def _path(given: Sequence[Argument]) -> str:
    for argument in given:
        if argument.key in ("", "src", "link", "path") and posixpath.splitext(argument.value)[1].lower() in PICTURES:
            return argument.value
    return ""


def _alt(given: Sequence[Argument], path: str) -> str:
    for key in ("alt", "caption", "title"):
        if named := next((argument.value for argument in given if argument.key == key), ""):
            return named
    after = [argument for argument in given if not argument.key]
    while after and after[0].value != path:
        after = after[1:]
    words = after[1:]
    if words and words[-1].quoted:
        return words[-1].value
    return " ".join(argument.value for argument in words if not argument.value.isdigit())


def _picture(path: str, alt: str, *, inside_html: bool) -> str:
    words = " ".join(alt.split())
    if inside_html:
        return f'<img src="{html.escape(path)}" alt="{html.escape(words)}">'
    address = f"<{path}>" if re.search(r"[\s()]", path) else path
    in_brackets = re.sub(r"([\[\]])", r"\\\1", words)
    return f"![{in_brackets}]({address})"
