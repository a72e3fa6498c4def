"""TXT: words, punctuation, figures and sources of what the site says. Word lists are the profile's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from review.inspection.addresses import target_of
from review.inspection.cases import Case, Check, Failures, on_pages
from review.inspection.records import Kind, Page, Zone
from review.inspection.rules.meta import NO_ARTICLES, articles, every_page
from review.messages import t

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_MARK = re.compile(rf"(?<={_HAN})[,;:!?()](?={_HAN})")
_DIGITS = "[\\d一二两三四五六七八九十百千万亿]"
_WRONG_FIGURES = (
    re.compile(r"(?:增长|增加|增幅|提高|上升|下降|减少|降低|降幅)(?:了|约|为)?\s*[-−－﹣负]\s*\d"),
    re.compile(r"负增长\s*[-−－﹣]\s*\d"),
    re.compile(rf"近{_DIGITS}{{1,12}}[多余](?!样|元化|维|边|媒体|功能|层|年生|级)"),
)
_TOTAL = frozenset(("合计", "总计", "总和", "共计"))
_PART = frozenset(("小计", "其中", "平均", "均值", "占比"))
_BEFORE, _AFTER = 8, 8


def prose_of(page: Page) -> str:
    """Return what a page says itself; the bottom zone, which stands on all of them, counts to the home page."""
    return f"{page.prose}\n{page.footer}" if page.kind is Kind.HOME else page.prose


def around(text: str, begin: int, end: int) -> str:
    """Return a few words around a place, in one line, so that an editor finds it."""
    return " ".join(text[max(0, begin - _BEFORE) : end + _AFTER].split())


def _written(case: Case) -> Sequence[Page]:
    return [page for page in every_page(case) if prose_of(page)]


def _words(case: Case) -> Failures:
    entries = [
        (str(one["word"]), str(one.get("instead", "")), _texts(one.get("unless"))) for one in case.entries("words")
    ]
    search = re.compile("|".join(re.escape(word) for word, _, _ in sorted(entries, key=lambda one: -len(one[0]))))
    known = {word: (instead, unless) for word, instead, unless in entries}
    allowed = case.names("allowed")

    def found(page: Page) -> Iterator[str]:
        text = prose_of(page)
        for hit in search.finditer(text):
            instead, unless = known[hit[0]]
            if _is_within(text, hit.start(), hit.end(), (*unless, *allowed)):
                continue
            where = around(text, hit.start(), hit.end())
            if instead:
                yield t("{word} should be {instead}: {where}", word=hit[0], instead=instead, where=where)
            else:
                yield t("{word}: {where}", word=hit[0], where=where)

    return on_pages(_written(case), found)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _is_within(text: str, begin: int, end: int, longer: Sequence[str]) -> bool:
    """Tell whether a place is a part of one of these longer words, where the short one is right."""
    for one in longer:
        first = text.find(one, max(0, end - len(one)), begin + len(one))
        if 0 <= first <= begin and first + len(one) >= end:
            return True
    return False


def _punctuation(case: Case) -> Failures:
    def found(page: Page) -> Iterator[str]:
        text = prose_of(page)
        for hit in _MARK.finditer(text):
            where = around(text, hit.start(), hit.end())
            yield t("half-width {mark} between Chinese characters: {where}", mark=hit[0], where=where)

    return on_pages(_written(case), found)


def _figures(case: Case) -> Failures:
    def found(page: Page) -> Iterator[str]:
        text = prose_of(page)
        for pattern in _WRONG_FIGURES:
            for hit in pattern.finditer(text):
                yield t("a figure that contradicts itself: {where}", where=around(text, hit.start(), hit.end()))
        for table in page.tables:
            yield from _wrong_sums(table)

    return on_pages(_written(case), found)


def _wrong_sums(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each column of a table whose last row calls itself the total of those above, and is not."""
    rows = [row for row in table if row]
    if len(rows) < 3 or _bare(rows[-1][0]) not in _TOTAL:
        return
    if any(_bare(cell) in _PART for row in rows for cell in row) or len({len(row) for row in rows}) != 1:
        return
    for place in range(1, len(rows[-1])):
        total = _number(rows[-1][place])
        body = [row[place] for row in rows[1:-1]] if _number(rows[0][place]) is None else [r[place] for r in rows[:-1]]
        parts = [_number(cell) for cell in body if cell.strip() not in ("", "-", "—", "/")]
        if total is None or not parts or any(part is None for part in parts):
            continue
        added = sum(part for part in parts if part is not None)
        if abs(added - total) > _rounding(body) * len(parts):
            yield t("a total of {total}, where the rows add up to {sum}", total=str(total), sum=str(added))


def _bare(cell: str) -> str:
    return re.sub(r"[\s：:]", "", cell)


def _number(cell: str) -> Decimal | None:
    """Return the number that a cell is; None for anything else, shares in per cent and years among them."""
    plain = cell.replace(",", "").replace("，", "").strip()
    if not re.fullmatch(r"-?\d{1,15}(?:\.\d{1,6})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _rounding(cells: Sequence[str]) -> Decimal:
    """Return by how much each of these may be off for having been rounded: nothing where they are whole numbers."""
    places = max((len(cell.strip().partition(".")[2]) for cell in cells), default=0)
    return Decimal(0) if not places else Decimal(5) / Decimal(10) ** (places + 1)


def _sources(case: Case) -> Failures:
    media, known = case.names("marks"), case.names("sources")

    def wrong(page: Page) -> Iterator[str]:
        source = page.meta("ContentSource") or page.detail("来源", "信息来源", "文章来源", "稿源")
        if not source:
            yield t("it names no source")
            return
        if known and source not in known:
            yield t("{source} is not on the list of sources", source=source)
        outward = any(_leads_out(case, page, link.href) for link in page.links if link.zone in (Zone.MAIN, Zone.REST))
        if any(one in source for one in media) and not outward:
            yield t("it is taken from {source}, and no link leads to the original", source=source)

    return on_pages(articles(case), wrong)


def _leads_out(case: Case, page: Page, address: str) -> bool:
    target = target_of(case.site, page.path, address, page.base)
    return target is not None and bool(target.host) and not target.inside


NOTHING_WRITTEN = t("no page says anything")
CHECKS = (
    *(
        Check(
            rule=rule,
            subjects=_written,
            nothing=NOTHING_WRITTEN,
            failures=_words,
            wanted=("words",),
            optional=("allowed",),
        )
        for rule in ("TXT-01", "TXT-02", "TXT-03")
    ),
    Check(rule="TXT-04", subjects=_written, nothing=NOTHING_WRITTEN, failures=_punctuation),
    Check(rule="TXT-05", subjects=_written, nothing=NOTHING_WRITTEN, failures=_figures),
    Check(rule="TXT-06", subjects=articles, nothing=NO_ARTICLES, failures=_sources, values=("marks", "sources")),
)
