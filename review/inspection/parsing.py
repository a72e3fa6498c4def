"""Take one page apart: HTML to a `Page`, with what readers see apart from what merely stands there. Judges nothing."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.inspection.elements import Elements, tidy
from review.inspection.kinds import kind_of
from review.inspection.records import Kind, Page

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_REFRESH = re.compile(r"^\s*(\d{1,9})\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s]+)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2}))?")
_PAIR = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,6})[：:][ \t]*"
    r"([^\s：:](?:[^：:\n]|(?<=\d):(?=\d)){0,80}?)"
    r"(?=\s+[\u4e00-\u9fff]{2,6}[：:]|\s*$)",
    re.MULTILINE,
)
_CHINESE_SETS = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312"})
_MOST_WAITED = 10
"""Seconds after which a page that leads on to another is a page of its own: somebody reads it meanwhile."""

_LONGEST_HEAD = 3000
"""Characters of a page's main part in which its lines of title, date and source are looked for."""


def parse_page(path: str, data: bytes) -> Page:
    """Return the page that a file holds; whatever the bytes are, a page comes of it."""
    parser = LexborHTMLParser(decoded(data))
    found = Elements()
    _walk(parser.root, found)
    found.finish()
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
        resources=tuple(found.resources),
        controls=tuple(found.controls),
        headings=tuple(found.headings),
        nameless_images=tuple(found.nameless_images),
        unnamed=tuple(found.unnamed),
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
        scripts="\n".join(found.scripts),
        comments="\n".join(found.comments),
        base=found.base,
        refresh=_refresh(metas.get("http-equiv:refresh", "")),
        weight=len(gzip.compress(data, 6, mtime=0)),
        published=_published(metas, found.times, main) if kind is Kind.ARTICLE else None,
    )


def decoded(data: bytes) -> str:
    """Return the text of a page as a browser would read it: UTF-8, or the Chinese sets that older sites use."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    found = _CHARSET.search(data[:2048])
    if found and found[1].decode("ascii").lower() in _CHINESE_SETS:
        return data.decode("gb18030", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace") if not found else data.decode("utf-8", "replace")


def plain_style(text: str) -> str:
    """Return a style sheet without its comments, which style nothing."""
    return _STYLE_COMMENT.sub(" ", text)


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
