"""META: the meta tags that inspectors' programs read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from review.inspection.cases import Case, Check, Failures, on_pages
from review.inspection.dates import day_in, days_in
from review.inspection.parsing import moment_in
from review.inspection.records import Kind, Page
from review.messages import t

NO_ARTICLES = t("the site has no page of a post")
NO_COLUMNS = t("the site has no page of a column")

_COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
_ARTICLE = ("ArticleTitle", "PubDate", "ContentSource", "ColumnName", "ColumnType")
_NOTHING = frozenset(("", "-", "--", "null", "none", "undefined", "无", "暂无", "待定"))
_PUBDATE = re.compile(r"\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


def every_page(case: Case) -> Sequence[Page]:
    """Return every page."""
    return case.site.pages


def articles(case: Case) -> Sequence[Page]:
    """Return the pages of posts."""
    return case.site.of_kind(Kind.ARTICLE)


def columns(case: Case) -> Sequence[Page]:
    """Return the pages of columns, the second and later ones too."""
    return case.site.of_kind(Kind.COLUMN, Kind.LIST)


def _with(name: str, case: Case) -> Sequence[Page]:
    return [page for page in case.site.pages if page.meta(name)]


def _lacking(page: Page, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name.lower() in page.doubled_metas:
            yield t("{name} stands there twice, and says two things", name=name)
        if name.lower() not in page.metas:
            yield t("{name} is missing", name=name)
        elif page.meta(name).lower() in _NOTHING:
            yield t("{name} is empty", name=name)


def _site_tags(case: Case) -> Failures:
    return on_pages(every_page(case), lambda page: _lacking(page, case.names("tags")))


def _column_tags(case: Case) -> Failures:
    return on_pages(columns(case), lambda page: _lacking(page, (*case.of("META-01").names("tags"), *_COLUMN)))


def _article_tags(case: Case) -> Failures:
    return on_pages(articles(case), _wrong_in_article)


def _wrong_in_article(page: Page) -> Iterator[str]:
    yield from _lacking(page, _ARTICLE)
    title, seen = _plain(page.meta("ArticleTitle")), [_plain(words) for level, words in page.headings if level == 1]
    if title and seen and title not in seen:
        yield t("ArticleTitle is not the title that readers see")
    day = day_in(page.meta("PubDate"))
    if day and day not in days_in(page.main):
        yield t("readers do not see the day of PubDate")
    source, shown = _plain(page.meta("ContentSource")), page.detail("来源", "信息来源", "文章来源")
    if source and shown and source not in _plain(shown):
        yield t("ContentSource is not the source that readers see")


def _plain(text: str) -> str:
    return "".join(text.split())


def _optional_tags(case: Case) -> Failures:
    return on_pages(articles(case), _unfilled)


def _unfilled(page: Page) -> Iterator[str]:
    known = {
        "Url": True,
        "Description": bool(page.main),
        "Image": page.pictures_in_main > 0,
        "Author": bool(page.detail("作者")),
        "Keywords": bool(page.detail("关键词", "标签", "关键字")),
    }
    for name, filled in known.items():
        said = page.meta(name).lower()
        if name.lower() in page.doubled_metas:
            yield t("{name} stands there twice, and says two things", name=name)
        if (filled and said in _NOTHING) or (name.lower() in page.metas and said in _NOTHING):
            yield t("{name} could be filled, and is not", name=name)


def _publication_dates(case: Case) -> Failures:
    return on_pages(_with("PubDate", case), _wrong_date)


def _wrong_date(page: Page) -> Iterator[str]:
    said = page.meta("PubDate")
    if not _PUBDATE.fullmatch(said) or moment_in(said) is None or day_in(said) is None:
        yield t("PubDate is {value}", value=repr(said))


def _column_types(case: Case) -> Failures:
    known = case.names("types")

    def wrong(page: Page) -> Iterator[str]:
        if page.meta("ColumnType") not in known:
            yield t("ColumnType is {value}", value=repr(page.meta("ColumnType")))

    return on_pages(_with("ColumnType", case), wrong)


def _site_codes(case: Case) -> Failures:
    pattern = re.compile(case.text("pattern"))

    def wrong(page: Page) -> Iterator[str]:
        if not pattern.fullmatch(page.meta("SiteIDCode")):
            yield t("SiteIDCode is {value}", value=repr(page.meta("SiteIDCode")))

    return on_pages(_with("SiteIDCode", case), wrong)


CHECKS = (
    Check(rule="META-01", subjects=every_page, nothing="", failures=_site_tags, values=("tags",)),
    Check(rule="META-02", subjects=columns, nothing=NO_COLUMNS, failures=_column_tags, after=("META-01",)),
    Check(rule="META-03", subjects=articles, nothing=NO_ARTICLES, failures=_article_tags),
    Check(rule="META-04", subjects=articles, nothing=NO_ARTICLES, failures=_optional_tags),
    Check(
        rule="META-05",
        subjects=lambda case: _with("PubDate", case),
        nothing=t("no page has the meta tag {name}", name="PubDate"),
        failures=_publication_dates,
    ),
    Check(
        rule="META-06",
        subjects=lambda case: _with("ColumnType", case),
        nothing=t("no page has the meta tag {name}", name="ColumnType"),
        failures=_column_types,
        values=("types",),
    ),
    Check(
        rule="META-07",
        subjects=lambda case: _with("SiteIDCode", case),
        nothing=t("no page has the meta tag {name}", name="SiteIDCode"),
        failures=_site_codes,
        values=("pattern",),
    ),
)
