"""Make the search index: Pagefind over the text of the finished pages, cut into pairs of neighbouring characters.

Chinese is written without spaces, and two programs that cut it into words cut it differently: Pagefind where the index is
made, the browser where it is asked. So the index has no words, it has every two characters that stand side by side, each
pair one step after the one before. A question cut the same way is then found exactly where it stands, and nowhere else.
`theme/static/js/search-worker.js` cuts questions and puts texts together again; both sides must agree.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pagefind_bin_extended import get_executable  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.errors import QianfaError
from review.messages import t
from review.model.instants import parse_instant
from review.model.paths import column_of
from review.render.addresses import encoded
from review.render.document_numbers import number_words
from review.render.site_data import page_of

PAGE = "search.html"
"""The page that asks the index; a theme without it needs none."""

FOLDER = "static/pagefind"
"""Where the index is in the output."""

SECONDS = 1800
"""How long Pagefind may take: it needs some seconds for a thousand posts."""

CHOICES = "choices.json"
"""What posts can be chosen by, beside the index: for columns, units and years their names, each with its word in the index.

`parts` says of how many parts the index is made. The first lies in the folder itself, with the oldest posts; further ones in
folders that are called by their numbers.
"""

MOST_TOGETHER = 2_000_000
"""Characters of the posts in one part: some 2,500 posts. Pagefind needs 500 bytes of memory for each while it makes a part."""

SPACE = "␣"
"""Stands for a blank in what is indexed, where blanks part the pairs."""

KINDS = {"column": "ⓒ", "unit": "ⓤ", "year": "ⓨ"}
"""What the words for columns, units and years begin with: no text and no question is cut into such words."""

_LONGEST = 300
_KEPT = frozenset(("pagefind.js", "pagefind-entry.json", "index", "fragment"))
_KEPT_ENDINGS = (".pagefind", ".pf_meta")

_ALONE = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Characters of scripts without blanks between words: Chinese, and the Japanese ones."""

_UNITS = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+|\s+|.")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Pagefind indexes what stands behind a letter as a number by itself, too; such words have letters alone."""
_WIDE = {0xFEE0 + code: code for code in range(0x21, 0x7F) if chr(code).isalnum()}
"""Full-width letters and digits, which mean what the plain ones mean."""

_IN_LINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
     "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_UNREAD = frozenset(("script", "style", "template", "noscript", "svg", "math", "video", "audio"))
"""Elements of which readers see no text: what stands in a player is shown only by browsers that know no players."""
_MARKS = frozenset(("footnote-ref", "footnote-backref"))
"""Classes of links that are marks within a sentence: it must be found as if it had none."""


class SearchIndexFailed(QianfaError):
    """Pagefind made no index of the pages."""

    exit_status = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page as it is indexed: its encoded address, its words, what it can be chosen by, and its place in time."""

    address: str
    title: str
    text: str
    choices: tuple[tuple[str, str], ...]
    day: str
    order: str


def write_search_index(data: Mapping[str, Any], site: Path, work: Path, environment: Mapping[str, str]) -> None:
    """Index the pages of the posts in `data` (see `site_data`) that lie in `site`; write the index there.

    What a page has inside `data-pagefind-body`, and not inside `data-pagefind-ignore`, can be found; a page without the
    former cannot. Where the theme has no page to search with, or nothing can be found, nothing is written. `work` is a
    private folder. Raises `SearchIndexFailed`.

    The index of a large site is made in parts, from the oldest posts on: a new post changes the last part alone.
    """
    if not (site / PAGE).is_file():
        return
    choices: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    parts, characters = 0, 0
    for page in _pages(data, site):
        for kind, name in page.choices:
            choices[kind][name] = _word(kind, name)
        size = len(page.title) + len(page.text)
        if not parts or characters + size > MOST_TOGETHER:
            parts, characters = parts + 1, 0
            _pages_of(work, parts).mkdir(parents=True)
        characters += size
        # By digest of the address: no name that an author chose becomes the name of a file here.
        name = hashlib.sha256(page.address.encode()).hexdigest()[:32]
        (_pages_of(work, parts) / f"{name}.html").write_text(_searched(page), encoding="utf-8")
    for part in range(1, parts + 1):
        made = work / f"index-{part}"
        _run(_pages_of(work, part), made, work / f"pagefind-{part}", environment)
        _move(made, site / FOLDER if part == 1 else site / FOLDER / str(part))
    if parts:
        told = json.dumps(choices | {"parts": parts}, ensure_ascii=False, sort_keys=True)
        (site / FOLDER / CHOICES).write_text(told, encoding="utf-8")


def _pages_of(work: Path, part: int) -> Path:
    """Return where the pages are that Pagefind reads for a part of the index."""
    return work / "searched" / str(part)


def _pages(data: Mapping[str, Any], site: Path) -> Iterator[_Page]:
    """Yield the pages to be indexed, the oldest first."""
    titles = {column["id"]: column["title"] for column in data["columns"]}
    for post in reversed(data["posts"]):
        column, path = column_of(post["item"]), page_of(post["item"])
        found = _words(site / path)
        if found is None:
            continue
        parts = column.split("/")
        trail = ("/".join(parts[: number + 1]) for number in range(len(parts)))
        day = _day(post["published"], data["site"]["timezone"])
        choices = [("column", titles[one]) for one in trail if one in titles]
        choices += [("unit", post["unit"]), ("year", day[:4])]
        yield _Page(
            address=encoded(path),
            title=found[0],
            text=found[1],
            choices=tuple((kind, name) for kind, name in dict.fromkeys(choices) if name),
            day=day,
            # Two of the same instant would come in any order, another one at each build.
            order=f"{_day(post['published'], 'UTC', 'T%H:%M:%S')} {path}",
        )


def _day(published: str, timezone: str, time: str = "") -> str:
    return parse_instant(published).astimezone(ZoneInfo(timezone)).strftime(f"%Y-%m-%d{time}") if published else ""


def _words(path: Path) -> tuple[str, str] | None:
    """Return a page's title and text; None where it has nothing to be found, or is missing."""
    if not path.is_file():
        return None
    page = LexborHTMLParser(path.read_bytes().decode("utf-8", "replace"))
    body = page.css_first("[data-pagefind-body]")
    if body is None:
        return None
    title = body.css_first("h1") or page.css_first("title")
    head = body.css_first("header")
    # Names and numbers from the head come last: what is shown of a page that is found should begin with its text.
    texts = [*_texts(body, (title, head)), " ", *(_texts(head, (title,)) if head else ())]
    return _plain([title.text()] if title else []), _plain(texts)


def _plain(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split())


def _texts(top: LexborNode, without: tuple[LexborNode | None, ...]) -> Iterator[str]:
    """Yield the text below a node in reading order, a blank where a block begins or ends. It may be nested ever so deep."""
    open_nodes, node = [top], top.first_child
    while open_nodes:
        if node is None:
            left = open_nodes.pop()
            yield "" if left.tag in _IN_LINE else " "
            node = left.next if open_nodes else None
        elif node.is_text_node:
            yield node.text_content or ""
            node = node.next
        elif not node.is_element_node or _is_unread(node) or node in without:
            node = node.next
        else:
            yield "" if node.tag in _IN_LINE else " "
            open_nodes.append(node)
            node = node.first_child


def _is_unread(node: LexborNode) -> bool:
    values = node.attributes
    if node.tag in _UNREAD or {"data-pagefind-ignore", "hidden"} & values.keys():
        return True
    return not _MARKS.isdisjoint((values.get("class") or "").split())


def pairs(text: str) -> str:
    """Return a text as it is indexed: each character or foreign word with the one that touches it, by blanks.

    `科普AI, 2026年` is `科普 普AI AI , ␣ 2026年 年`. The first part of each, put together, is the text again.
    """
    units: list[str] = _UNITS.findall(text.translate(_WIDE))
    cut = []
    for unit, following in zip(units, [*units[1:], " "], strict=False):
        if unit.isspace():
            cut.append(SPACE)
        else:
            cut.append(unit + following if unit.isalnum() and following.isalnum() else unit)
    return " ".join(cut)


def _word(kind: str, name: str) -> str:
    return KINDS[kind] + hashlib.sha256(name.encode()).hexdigest()[:10].translate(_LETTERS)


def _searched(page: _Page) -> str:
    """Return the page that Pagefind reads in the place of the real one.

    Address and day are names of anchors: those are handed to the reader's browser, but not searched, as all else is.
    Pagefind's own filters are not used: it writes them in another order each time.
    """
    title = html.escape(pairs(page.title))
    order = html.escape(f"order:{page.order}")
    lines = [
        "<!doctype html><html><body data-pagefind-body>",
        *(f'<p id="{html.escape(name)}"></p>' for name in (f"./{page.address}", page.day)),
        f'<h1 data-pagefind-meta="title" data-pagefind-sort="{order}">{title}</h1>',
        f"<p>{html.escape(pairs(page.text))}</p>",
        f"<p>{' '.join(_word(kind, name) for kind, name in page.choices)}</p>",
        f"<p>{' '.join(number_words(f'{page.title} {page.text}'.translate(_WIDE)))}</p>",
        "</body></html>",
    ]
    return "\n".join(lines)


def _run(pages: Path, made: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Run Pagefind to its end, or to the end of patience, in a new folder."""
    # Empty and its own: Pagefind takes settings from files in the folder it is started in.
    folder.mkdir()
    command = [str(get_executable()), "--site", str(pages.resolve()), "--output-path", str(made.resolve()), "--silent"]
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SearchIndexFailed(
            t("Pagefind made no search index within {minutes} minutes", minutes=SECONDS // 60), where=FOLDER
        ) from None
    if ended.returncode or not (made / "pagefind-entry.json").is_file():
        words = " ".join(ended.stdout.decode("utf-8", "replace").split())
        said = "".join(filter(str.isprintable, words))[:_LONGEST] or t("it said nothing")
        raise SearchIndexFailed(t("Pagefind made no search index: {said}", said=said), where=FOLDER)


def _move(made: Path, folder: Path) -> None:
    """Put what a reader's browser asks for into the output; Pagefind's own search boxes are left behind."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise SearchIndexFailed(
            t("two files of the site would stand in this place"), where=FOLDER, hint=t("rename one of the posts")
        ) from None
    for one in sorted(made.iterdir()):
        if one.name in _KEPT or one.name.endswith(_KEPT_ENDINGS):
            shutil.move(one, folder / one.name)
