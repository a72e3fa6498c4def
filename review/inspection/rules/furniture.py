"""PAGE: what stands on every page: title, date and source, zones, the bottom zone, controls, search, the grey switch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from review.inspection.addresses import file_at, target_of
from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.dates import days_in
from review.inspection.records import Page
from review.inspection.rules.meta import NO_ARTICLES, articles, every_page
from review.messages import t

_HEAD = 1500
"""Characters of a post's main part in which readers look for its date and source."""

_SOURCES = ("来源", "信息来源", "文章来源", "稿源", "供稿", "供稿单位", "发布机构")
_QUERY = frozenset(("q", "query", "keyword", "keywords", "searchword", "wd", "s", "kw"))
_PRINT = re.compile(r"@media[^{@]*\bprint\b")
_GREY = re.compile(r"(?:^|[^-\w])(?:-webkit-)?filter\s*:[^;:}]*gr[ae]y(?:scale)?\(")
_CONTROLS = (
    ("返回", re.compile("返回|上一级")),
    ("字号", re.compile("字号|字体|大字|特大|放大")),
    ("打印", re.compile("打印")),
)


def home(case: Case) -> Sequence[Page]:
    """Return the home page alone."""
    return [case.site.home] if case.site.home else []


def _title_date_source(case: Case) -> Failures:
    return on_pages(articles(case), _unseen)


def _unseen(page: Page) -> Iterator[str]:
    head = page.main[:_HEAD]
    if not any(level == 1 and words for level, words in page.headings):
        yield t("readers see no title")
    if not days_in(head):
        yield t("readers see no day of publication")
    source = page.meta("ContentSource")
    if not page.detail(*_SOURCES) and not (source and source in head):
        yield t("readers see no source")


def _zones(case: Case) -> Failures:
    return on_pages(
        every_page(case),
        lambda page: (
            t("it has no {zone}", zone=zone) for zone in ("header", "main", "footer") if zone not in page.landmarks
        ),
    )


def _bottom_zone(case: Case) -> Failures:
    entries = [(str(one["name"]), re.compile(str(one["pattern"]))) for one in case.entries("patterns")]

    def lacking(page: Page) -> Iterator[str]:
        if not page.footer:
            yield t("it has no bottom zone")
            return
        for name, pattern in entries:
            if not pattern.search(page.footer):
                yield t("the bottom zone lacks {name}", name=name)
        if case.text("site_map") == "yes" and "地图" not in page.footer:
            yield t("the bottom zone lacks {name}", name="网站地图")

    return on_pages(every_page(case), lacking)


def _search(case: Case) -> Failures:
    page = case.site.home
    if page is None:
        return
    asked = any(
        control.type == "search" or control.name.lower() in _QUERY
        for control in page.controls
        if control.tag == "input"
    )
    forms = [one.address for one in page.resources if one.kind == "form"]
    links = [link.href for link in page.links if "搜索" in link.words or "检索" in link.words]
    if not asked and not links:
        yield Failure(page=page.path, what=t("it has no search"))
        return
    for address in (*forms, *links):
        target = target_of(case.site, page.path, address, page.base)
        if target and target.inside:
            found = file_at(case.site, target.path)
            if not found:
                yield Failure(
                    page=page.path, what=t("its search leads to {address}, which is not there", address=address)
                )
            elif found in case.site.by_path and not _has_index(case, case.site.by_path[found]):
                yield Failure(page=found, what=t("there is no index to search in"))


def _has_index(case: Case, page: Page) -> bool:
    """Tell whether a search page that works in the browser finds its index: a folder pagefind with fragments in it."""
    taken = [one.address for one in page.resources if one.kind == "script"]
    if not any("pagefind" in one for one in taken) and "pagefind" not in page.scripts:
        scripts = [target_of(case.site, page.path, one, page.base) for one in taken]
        asks = any(one and one.inside and "search" in one.path for one in scripts)
        return not asks or any("pagefind/" in path or path.endswith("index.json") for path in case.site.files)
    return any("pagefind/fragment/" in path for path in case.site.files)


def _document_controls(case: Case) -> Failures:
    printed = any(_PRINT.search(text) for text in case.site.css.values())

    def lacking(page: Page) -> Iterator[str]:
        words = [one.words for one in page.controls] + [one.words for one in page.links]
        lines = {line.strip("：: []【】") for line in page.text.split("\n")}
        for name, pattern in _CONTROLS:
            if not any(pattern.search(one) for one in words) and not any(map(pattern.fullmatch, lines)):
                yield t("it has no control for {name}", name=name)
        if not printed and not _PRINT.search(page.styles) and not any(one.print_only for one in page.resources):
            yield t("it has no styles for print")

    return on_pages(articles(case), lacking)


def _grey_switch(case: Case) -> Failures:
    page = case.site.home
    sheets = [*case.site.css.values(), *(one.styles for one in case.site.pages)]
    if page and not any(_GREY.search(text) for text in sheets):
        yield Failure(page=page.path, what=t("no style turns the whole site grey"))


CHECKS = (
    Check(rule="PAGE-01", subjects=articles, nothing=NO_ARTICLES, failures=_title_date_source),
    Check(rule="PAGE-04", subjects=every_page, nothing="", failures=_zones),
    Check(rule="PAGE-05", subjects=every_page, nothing="", failures=_bottom_zone, values=("patterns", "site_map")),
    Check(rule="PAGE-06", subjects=home, nothing="", failures=_search),
    Check(rule="PAGE-09", subjects=articles, nothing=NO_ARTICLES, failures=_document_controls),
    Check(rule="PAGE-10", subjects=home, nothing="", failures=_grey_switch),
)
