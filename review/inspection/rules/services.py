"""MSG-03, RPT and ORG-01: a way to ask, the reports that are due, the site's own name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from review.inspection.addresses import is_below, page_at
from review.inspection.cases import Case, Check, Failure, Failures
from review.inspection.records import Page
from review.inspection.rules.furniture import home
from review.messages import t

_RESERVED = ("example", "example.com", "example.net", "example.org", "test", "localhost", "invalid", "local")
_NUMBERS = "一二三四"


def _way_to_ask(case: Case) -> Failures:
    names, types = case.names("names"), case.names("types")
    pages = [page for page in case.site.pages if page.meta("ColumnType") in types]
    asked = [page for page in pages if not any(one.kind == "form" for one in page.resources) or page.controls]
    links = [
        link
        for page in home(case)
        for link in page.links
        if any(name in link.words for name in names)
        and (link.href.startswith(("https:", "mailto:", "tel:")) or page_at(case.site, page, link.href))
    ]
    if not asked and not links:
        yield Failure(page=case.site.home.path if case.site.home else "", what=t("nobody can ask anything on the site"))


def _within_clicks(case: Case) -> list[Page]:
    """Return the pages that can be reached from the home page with so many clicks."""
    reached = {page.path: page for page in home(case)}
    edge = list(reached.values())
    for _ in range(case.number("clicks")):
        found = {one.path: one for page in edge for link in page.links if (one := page_at(case.site, page, link.href))}
        edge = [page for path, page in found.items() if path not in reached]
        reached |= {page.path: page for page in edge}
    return list(reached.values())


def _titled(page: Page) -> str:
    heading = next((words for level, words in page.headings if level == 1), "")
    return "".join((heading or page.title).split())


def _yearly_report(case: Case) -> Failures:
    month, day = (int(part) for part in case.text("due_day").split("-"))
    due = dt.datetime(case.now.year, month, day) + dt.timedelta(days=1)  # noqa: DTZ001  # the site's own time
    year = case.now.year - (1 if case.now >= due else 2)
    pattern = re.compile(case.text("pattern"))
    where = case.site.home.path if case.site.home else ""
    found = [page for page in case.site.pages if pattern.search(_titled(page)) and str(year) in _titled(page)]
    if not found:
        yield Failure(page=where, what=t("the report of {year} is not there", year=year))
        return
    if not set(found) & set(_within_clicks(case)):
        yield Failure(page=where, what=t("the report of {year} cannot be reached from here", year=year))
    limit = dt.datetime(year + 1, month, day) + dt.timedelta(days=1)  # noqa: DTZ001  # the site's own time
    dates = [page.published for page in found if page.published]
    if dates and min(dates) >= limit:
        what = t("the report of {year} came on {day} only", year=year, day=min(dates).date().isoformat())
        yield Failure(page=found[0].path, what=what)


def _quarterly_check(case: Case) -> Failures:
    year, quarter = _quarter_due(case.now - case.days("grace"))
    pattern = re.compile(case.text("pattern"))
    names = re.compile(rf"(?:第?[{_NUMBERS[quarter - 1]}{quarter}]季度)")
    titles = [_titled(page) for page in case.site.pages]
    if not any(pattern.search(one) and names.search(one) and str(year) in one for one in titles):
        where = case.site.home.path if case.site.home else ""
        what = t("the self-check of quarter {quarter} of {year} is not there", quarter=quarter, year=year)
        yield Failure(page=where, what=what)


def _quarter_due(moment: dt.datetime) -> tuple[int, int]:
    """Return year and number of the last quarter that was over at a moment."""
    quarter = (moment.month - 1) // 3
    return (moment.year, quarter) if quarter else (moment.year - 1, 4)


def _named_hosts(case: Case) -> Sequence[str]:
    host = case.site.host
    return () if not host or is_below(host, _RESERVED) or re.fullmatch(r"[\d.:]+", host) else (host,)


def _own_name(case: Case) -> Failures:
    suffixes = case.names("suffixes")
    where = case.site.home.path if case.site.home else ""
    for host in _named_hosts(case):
        if not is_below(host, suffixes):
            yield Failure(page=where, what=t("{host} does not end as such names do", host=host))
    domains = {one for page in case.site.pages if (one := _bare(page.meta("SiteDomain")))}
    if len(domains) > 1:
        yield Failure(page=where, what=t("its pages name {count} sites as theirs", count=len(domains)))


def _bare(domain: str) -> str:
    return re.sub(r"^https?://|/.*$", "", domain.lower()).removeprefix("www.")


CHECKS = (
    Check(rule="MSG-03", subjects=home, nothing="", failures=_way_to_ask, values=("names", "types")),
    Check(rule="RPT-01", subjects=home, nothing="", failures=_yearly_report, values=("due_day", "pattern", "clicks")),
    Check(rule="RPT-02", subjects=home, nothing="", failures=_quarterly_check, values=("pattern", "grace")),
    Check(
        rule="ORG-01",
        subjects=_named_hosts,
        nothing=t("the site does not say its address, or one that is kept for examples"),
        failures=_own_name,
        values=("suffixes",),
    ),
)
