"""Take one page apart: HTML to a `Page`, with what readers see apart from what merely stands there. Judges nothing."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.inspection.elements import Elements, tidy
from review.inspection.kinds import kind_of
from review.inspection.mentions import mentioned
from review.inspection.records import Kind, Page
from review.inspection.style_sheets import plain_style

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(\d{1,9})\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s]+)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2}))?")
_PAIR = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,6})[：:][ \t]*"
    r"([^\s：:](?:[^：:\n]|(?<=\d):(?=\d)){0,80}?)"
    r"(?=\s+[\u4e00-\u9fff]{2,6}[：:]|\s*$)",
    re.MULTILINE,
)
_CHINESE_SETS = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312"})
_UTF_8 = frozenset({"utf-8", "utf8"})
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
"""The byte-order marks that texts begin with, and what they are in then."""

_MOST_FRAMED, _DEEPEST = 50, 2
"""Frames of one page whose content stands in it, and how deep one in the other."""

_MOST_WAITED = 10
"""Seconds after which a page that leads on to another is a page of its own: somebody reads it meanwhile."""

_LONGEST_HEAD = 3000
"""Characters of a page's main part in which its lines of title, date and source are looked for."""


def parse_page(path: str, data: bytes) -> Page:
    """Return the page that a file holds; whatever the bytes are, a page comes of it."""
    found = _elements_of(decoded(data))
    main = tidy(found.main if "main" in found.landmarks else found.rest)
    metas = found.metas
    kind = kind_of(path, metas, has_article=found.articles > 0)
    return Page(
        path=path,
        kind=kind,
        lang=found.lang,
        title=found.title,
        metas=metas,
        links=tuple(found.links),
        resources=(*found.resources, *mentioned(found.said_in_metas, found.data)),
        controls=tuple(found.names.controls),
        headings=tuple(found.headings),
        nameless_images=tuple(found.names.nameless_images),
        unnamed=tuple(found.names.unnamed),
        uncaptioned=tuple(found.names.uncaptioned),
        ids=frozenset(found.ids),
        doubled_ids=tuple(dict.fromkeys(found.doubled)),
        landmarks=frozenset(found.landmarks),
        details=(*found.details, *_PAIR.findall(main[:_LONGEST_HEAD])),
        tables=tuple(found.tables),
        times=tuple(found.times),
        pictures_in_main=found.pictures_in_main,
        has_article=found.articles > 0,
        text=tidy(found.all),
        unseen="\n".join(found.unseen),
        main=main,
        prose=tidy(found.prose if "main" in found.landmarks else found.rest_prose),
        footer=tidy(found.footer),
        styles=plain_style("\n".join(found.styles)),
        style_attributes=plain_style("\n".join(found.style_attributes)),
        scripts="\n;\n".join(found.scripts),
        comments="\n".join(found.comments),
        doubled_metas=frozenset(found.doubled_metas),
        foreign_set=_foreign_set(data),
        base=found.base,
        refresh=_refresh(metas.get("http-equiv:refresh", "")),
        weight=len(gzip.compress(data, 6, mtime=0)),
        published=_published(metas, found.times, main) if kind is Kind.ARTICLE else None,
    )


def decoded(data: bytes) -> str:
    """Return the text of a page: UTF-8, or the Chinese sets that older sites use, whichever its bytes are in."""
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    for name in ("utf-8", "gb18030"):  # what is one of UTF-8 is of no Chinese set, whatever a page says
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030" if _named_set(data) in _CHINESE_SETS else "utf-8", "replace")


def _named_set(data: bytes) -> str:
    found = _CHARSET.search(data[:2048])
    return found[1].decode("ascii").lower() if found else ""


def _foreign_set(data: bytes) -> str:
    """Return the set that a page names where its bytes are in another: browsers show signs that nobody can read."""
    name = _named_set(data)
    if data.startswith(tuple(_MARKS)) or name not in (*_CHINESE_SETS, *_UTF_8):
        return ""
    try:
        data.decode("gb18030" if name in _CHINESE_SETS else "utf-8")
    except UnicodeDecodeError:
        return name
    return name if name in _CHINESE_SETS and not data.isascii() and _is_utf_8(data) else ""


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def moment_in(text: str) -> dt.datetime | None:
    """Return the first day, with its time where it has one, that a text names; None where it names none that exists."""
    for found in _DATE.finditer(text):
        year, month, day, hour, minute = (int(part or 0) for part in found.groups())
        try:
            return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001  # pages write the time of their own place
        except ValueError:
            continue
    return None


def _published(metas: Mapping[str, str], times: list[str], main: str) -> dt.datetime | None:
    """Return when an article says it was published: by its meta tags, its first time, or the words beside 发布."""
    said = [metas.get("pubdate", ""), metas.get("article:published_time", ""), *times[:1]]
    head = main[:_LONGEST_HEAD]
    said += [value for name, value in _PAIR.findall(head) if name.startswith(("发布", "时间", "日期"))]
    return next((found for one in said if (found := moment_in(one))), None)


def _refresh(content: str) -> str:
    found = _REFRESH.match(content)
    return found[2] if found and int(found[1]) <= _MOST_WAITED else ""


def _elements_of(text: str, depth: int = 0) -> Elements:
    """Return what stands on a page, and on the pages that stand in it as the content of frames."""
    found = Elements()
    _walk(LexborHTMLParser(text).root, found)
    found.finish()
    for one in found.framed[:_MOST_FRAMED] if depth < _DEEPEST else ():
        found.take_in(_elements_of(one, depth + 1))
    return found


def _walk(root: LexborNode | None, found: Elements) -> None:
    """Tell of every node when it begins and, of elements, when it ends; without recursion, for pages may be nested deeply."""
    node, depth = root, 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            found.characters(node.text_content or "")
        elif tag == "-comment":
            found.comments.append(node.comment_content or "")
        elif not tag.startswith("-"):
            found.begin(tag, node.attributes)
            if (below := node.first_child) is not None:
                node, depth = below, depth + 1
                continue
            found.end()
        while node is not None and depth and node.next is None:
            node, depth = node.parent, depth - 1
            found.end()
        node = node.next if node is not None and depth else None
