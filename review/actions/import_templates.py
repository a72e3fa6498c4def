"""Put template tags of other site generators into plain Markdown: pictures and addresses; the others stay as literal text.

Runs no template. Line ends stay where they are, so that later notes name the right line.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Sequence

from review.actions.import_links import PICTURES
from review.actions.import_notes import Notes
from review.formats.foreign_markup import TEMPLATE, Argument, Segment, arguments

_PICTURE_TAGS = frozenset({"image", "image_with_class", "asset_img", "img", "picture", "figure", "responsive_image"})
_REMOVED_TAGS = frozenset({"copyable", "/copyable", "raw", "endraw", "more"})
"""Tags that only told the old site's program something; around them nothing is lost."""

_BLOCK_TAG = re.compile(
    r"<(?P<close>/?)(?P<tag>div|p|table|t[drh]|thead|tbody|figure|figcaption|center|section|article|aside|blockquote|ul|ol|li|dl|"
    r"dt|dd|details|summary|header|footer|nav)\b(?!\s+label=)",
    re.IGNORECASE,
)
_TOKEN = re.compile(f"{TEMPLATE.pattern}|(?P<html>{_BLOCK_TAG.pattern})", re.VERBOSE | re.IGNORECASE)
_ADDRESS_FILTER = re.compile(
    r"\s*([\"'])(?P<path>.*?)\1\s*\|\s*(?:url|relative_url|absolute_url|url_for|prepend:\s*site\.\w+)\b[^|]*$", re.DOTALL
)
_SITE_ADDRESS = re.compile(r"\s*(?:site\.(?:base_?url|url|root)|SITEURL|BASE_PATH|config\.root)\s*", re.IGNORECASE)
_ADDRESS_TAGS = frozenset({"ref", "relref", "link"})
_INSIDE_A_TAG = re.compile(r"<[A-Za-z/][^<>]*$")
_INSIDE_A_LINK = re.compile(r"\]\([^()\s]*$")
_LOOK_BACK = 500


def replace_templates(segments: Sequence[Segment], notes: Notes) -> tuple[Segment, ...]:
    """Return the segments with the tags in their prose replaced; what cannot be is noted and made to show as it is written."""
    depth = 0
    done = []
    for segment in segments:
        if segment.nature != "prose":
            done.append(segment)
            continue
        text = segment.text
        parts: list[str] = []
        place = 0
        for found in _TOKEN.finditer(text):
            if found["html"]:
                depth = max(0, depth - 1) if found["close"] else depth + 1
                continue
            line = segment.line + text.count("\n", 0, found.start())
            before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
            new = _replacement(found, before, inside_html=depth > 0, line=line, notes=notes)
            parts += (text[place : found.start()], new)
            place = found.end()
        parts.append(text[place:])
        done.append(Segment(text="".join(parts), nature="prose", line=segment.line))
    return tuple(done)


def _replacement(found: re.Match[str], before: str, *, inside_html: bool, line: int, notes: Notes) -> str:
    tag = found[0]
    line_ends = "\n" * tag.count("\n")
    if found["attributes"] is not None:
        notes.add("template", line, tag, "removed: attributes for kramdown")
        return line_ends
    if (value := found["value"]) is not None:
        if address := _ADDRESS_FILTER.match(value):
            return f"{address['path']}{line_ends}"
        if _SITE_ADDRESS.fullmatch(value):
            return line_ends
        return _literal(tag, before, inside_html=inside_html, line=line, notes=notes)
    name = (found["block"] or found["short"]).lower()
    given = arguments(found["block_arguments"] or found["short_arguments"] or "")
    if name in _REMOVED_TAGS:
        notes.add("template", line, tag, "removed")
        return line_ends
    if name in _PICTURE_TAGS and (path := _path(given)):
        return _picture(path, _alt(given, path), inside_html=inside_html or bool(_INSIDE_A_TAG.search(before))) + line_ends
    if name in _ADDRESS_TAGS and given:
        return given[0].value + line_ends
    return _literal(tag, before, inside_html=inside_html, line=line, notes=notes)


def _literal(tag: str, before: str, *, inside_html: bool, line: int, notes: Notes) -> str:
    """Keep a tag so that the page shows what is written here; inside an address or an HTML tag there is nothing to show."""
    notes.add("template", line, tag, "left as literal text: no template is ever run here")
    if _INSIDE_A_TAG.search(before) or _INSIDE_A_LINK.search(before):
        return tag
    shown = tag.replace("<", "&lt;").replace(">", "&gt;")
    return shown if inside_html else re.sub(r"([\\*_`\[\]])", r"\\\1", shown)


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
