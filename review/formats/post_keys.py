"""Which keys a post's meta lines may have, and the words about those they may not. Reads no post."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from review.messages import listed, t

KEYS = (
    "Title", "Date", "Author", "Source", "Source_url", "Summary", "Keywords", "Tags", "Image",
    "Document_number", "Index_number", "Disclosure", "Related",
)  # fmt: skip
"""The keys that every post may have, in the order in which they are written."""

FILM = ("Video", "Video_digest", "Video_label")
RECORDING = ("Audio", "Audio_digest", "Audio_label")
PLAYED_WITH = ("Poster", "Captions", "Duration")
DOCUMENT = ("Topic_class", "Issuer", "Validity")
KEYS_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "overview": DOCUMENT,
    "news": (),
    "notices": DOCUMENT,
    "policy": DOCUMENT,
    "data": DOCUMENT,
    "interaction": ("Asked",),
    "topic": DOCUMENT,
    "people": ("Role", "Field"),
    "video": (*FILM, *PLAYED_WITH),
    "resources": ("Resource_kind", "Audience", *FILM, *RECORDING, *PLAYED_WITH),
}
"""What the pages of each type of column can show besides, and so what such a column lists under `metadata`."""

_MOVES = t("it would move the page, and a page's place follows from its file")
_REVEALS = t("it would hide or reveal the page, and that is for the sign-offs to say")
_COLUMN = t("the folder says which column a post stands in")
_REMAKES = t("it would change how the page is made, and that is for the site's policy to say")
_TRANSLATES = t("it would make the page a translation of another")
_DATES = t("these dates come from the sign-offs")
RESERVED: Mapping[str, str] = {
    **dict.fromkeys(("save_as", "url", "slug", "override_save_as", "override_url", "permalink", "path"), _MOVES),
    **dict.fromkeys(("aliases", "redirect_from", "redirect_to", "filename"), _MOVES),
    **dict.fromkeys(("status", "draft", "published", "hidden", "private"), _REVEALS),
    "category": _COLUMN,
    **dict.fromkeys(("template", "layout", "type"), _REMAKES),
    **dict.fromkeys(("lang", "language", "locale", "translation"), _TRANSLATES),
    **dict.fromkeys(("modified", "updated", "lastmod"), _DATES),
}
"""Keys that no post may have, not even where a column lists them under `metadata`, and why."""

SPELLING = {key.lower(): key for key in KEYS}
"""The keys as they are written, by the lower-case form in which they are looked up."""

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""What can be a key at all."""

_CHINESE = {
    "标题": "Title", "题目": "Title", "日期": "Date", "成文日期": "Date", "作者": "Author", "来源": "Source",
    "摘要": "Summary", "关键词": "Keywords", "标签": "Tags", "图片": "Image", "文号": "Document_number",
    "索引号": "Index_number", "公开属性": "Disclosure",
}  # fmt: skip
_ALMOST_META_LINE = re.compile(r"\s*([^\s:：][^:：]{0,30}?)\s*[:：]")


def what_of_key(name: str, allowed: Mapping[str, str]) -> str:
    """Say why a post may not have the key `name`; `allowed` has the spelling by lower-case key."""
    if reason := RESERVED.get(name.lower()):
        return t("the key {key} may not stand in a post: {reason}", key=name, reason=reason)
    if near := near_key(name, allowed):
        return t("the key {key} is not one of a post's; {near}", key=name, near=near)
    return t("the key {key} is not one of a post's; these are: {keys}", key=name, keys=listed(allowed.values()))


def what_of_first_line(line: str, allowed: Mapping[str, str]) -> str:
    """Say what is wrong with a first line that is no meta line."""
    if near := near_key_in(line, allowed):
        return t("the text begins at once, without meta lines; {near}", near=near)
    return t("the text begins at once, without meta lines")


def what_of_line(line: str, allowed: Mapping[str, str]) -> str:
    """Say what is wrong with a line among the meta lines that is none."""
    if line in ("---", "..."):
        return t("{line} closes meta lines that no --- has opened", line=line)
    if near := near_key_in(line, allowed):
        return t('not a meta line such as "Key: value"; {near}', near=near)
    return t('not a meta line such as "Key: value"; an empty line stands between meta lines and text')


def near_key(name: str, allowed: Mapping[str, str]) -> str:
    """Ask whether a key of a similar name, or the English for a Chinese one, was meant; empty where there is none."""
    found = meant_by(name, allowed)
    return t("did you mean {near}?", near=found) if found else ""


def meant_by(name: str, allowed: Mapping[str, str]) -> str:
    """Return the key of a similar name, or the English for a Chinese one; empty where there is none, or it is reserved."""
    if name.lower() in RESERVED:
        return ""
    simple = re.sub(r"[\s_-]+", "_", name.strip()).lower()
    found = _CHINESE.get(name.strip()) or next(iter(difflib.get_close_matches(simple, allowed, n=1, cutoff=0.7)), "")
    return allowed.get(found, found)


def near_key_in(line: str, allowed: Mapping[str, str]) -> str:
    """Ask the same about what stands before a line's first colon, half or full width."""
    found = _ALMOST_META_LINE.match(line)
    return near_key(found[1], allowed) if found else ""
