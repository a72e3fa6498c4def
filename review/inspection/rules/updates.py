"""UPD: are home page and columns kept up, is anything empty, is every date there and true?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from review.inspection.cases import Case, Check, Failure, Failures
from review.inspection.columns import Column, columns_of, listed_on, newest
from review.inspection.parsing import moment_in
from review.inspection.records import Chain, Page
from review.inspection.rules.furniture import home
from review.inspection.rules.meta import NO_ARTICLES, NO_COLUMNS, articles
from review.messages import t


def _named(column: Column, names: Sequence[str]) -> bool:
    return any(name in column.name for name in names)


def _classes(case: Case) -> Mapping[str, list[tuple[Column, dt.timedelta]]]:
    """Return the columns by the rule that says how long each may stand still, with that time."""
    found: dict[str, list[tuple[Column, dt.timedelta]]] = {one: [] for one in ("UPD-02", "UPD-03", "UPD-04", "UPD-08")}
    for column in columns_of(case.site):
        rule, limit = _class_of(column, case)
        if rule:
            found[rule].append((column, limit))
    return found


def _class_of(column: Column, case: Case) -> tuple[str, dt.timedelta]:
    news, notices, others, asked = (case.of(f"UPD-{number}") for number in ("02", "03", "04", "08"))
    if column.type in asked.names("survey_types"):
        return "UPD-08", asked.days("surveys")
    if column.type in asked.names("answer_types"):
        return "UPD-08", asked.days("answers")
    if _named(column, asked.names("names")):
        return "UPD-08", asked.days("statistics")
    if column.top and (_named(column, notices.names("names")) or column.type in notices.names("types")):
        return "UPD-03", notices.days()
    if _named(column, news.names("names")):
        return "UPD-02", news.days()
    if column.type not in others.names("not_due") and any(item.published for item in column.items):
        return "UPD-04", others.days()
    return "", dt.timedelta()


def _due(case: Case) -> Sequence[tuple[Column, dt.timedelta]]:
    return _classes(case)[case.rule.id]


def _stale(case: Case) -> Failures:
    for column, limit in _due(case):
        last = column.newest(case.now)
        if last is None and not column.items:
            continue  # an empty column is another rule's matter
        if last is None:
            yield Failure(page=column.page.path, what=t("{column}: nothing in it has a day", column=column.name))
        elif case.now - last > limit:
            yield Failure(
                page=column.page.path,
                what=t(
                    "{column}: the last is of {day}, {days} days ago; {most} are allowed",
                    column=column.name,
                    day=last.date().isoformat(),
                    days=(case.now - last).days,
                    most=limit.days,
                ),
            )


def _home_stands_still(case: Case) -> Failures:
    page = case.site.home
    if page is None:
        return
    last = newest(listed_on(case.site, page), case.now)
    if last is None:
        yield Failure(page=page.path, what=t("it leads to nothing that has a day"))
    elif case.now - last > case.days():
        yield Failure(
            page=page.path,
            what=t(
                "the last that it leads to is of {day}, {days} days ago; {most} are allowed",
                day=last.date().isoformat(),
                days=(case.now - last).days,
                most=case.days().days,
            ),
        )


def _empty(case: Case) -> Failures:
    found = columns_of(case.site)
    filled = {one.page.path for one in found if one.items or one.has_content}
    for column in found:
        if column.page.path not in filled and not any(part.path in filled for part in column.parts):
            yield Failure(page=column.page.path, what=t("{column}: nothing is in it", column=column.name))


def _undated(case: Case) -> Failures:
    for page in articles(case):
        if page.published is None:
            yield Failure(page=page.path, what=t("it has no day of publication"))


def _chained(case: Case) -> Sequence[tuple[Page, Chain]]:
    """Return the posts whose chain stands beside them and says when it was completed."""
    found = ((page, case.site.chains.get(page.path)) for page in articles(case))
    return [(page, chain) for page, chain in found if chain and _completed(chain, case)]


def _completed(chain: Chain, case: Case) -> dt.datetime | None:
    """Return when the last of a chain signed, in the site's own time, to the minute as pages show it."""
    moments = [
        dt.datetime.fromisoformat(one.statement.at).astimezone(case.profile.timezone)
        for one in chain.links
        if one.statement
    ]
    return max(moments).replace(second=0, tzinfo=None) if moments else None


def _dates_against_chains(case: Case) -> Failures:
    slack = dt.timedelta(minutes=case.number("minutes"))
    for page, chain in _chained(case):
        signed = _completed(chain, case)
        if signed is None or page.published is None:
            continue
        if page.published > case.now + dt.timedelta(days=1):
            yield Failure(page=page.path, what=t("its day of publication, {day}, is still to come", day=_day(page)))
        if page.published < signed - slack and chain.version == 1:
            what = t(
                "it says {said}, and was signed through at {signed}",
                said=page.published.isoformat(" ", "minutes"),
                signed=signed.isoformat(" ", "minutes"),
            )
            yield Failure(page=page.path, what=what)
        elif page.published < signed - slack and not _tells_of_change(page, signed - slack):
            what = t(
                "version {version} is online, and the page does not say that it was changed", version=chain.version
            )
            yield Failure(page=page.path, what=what)


def _tells_of_change(page: Page, signed: dt.datetime) -> bool:
    """Tell whether a page says that it was changed, and not before its new version was signed through."""
    said = [moment_in(one) for one in (page.meta("article:modified_time"), page.detail("更新", "更新时间", "更新日期"))]
    known = [one for one in said if one]
    return bool(known) and all(one >= signed or (not one.hour and one.date() >= signed.date()) for one in known)


def _day(page: Page) -> str:
    return page.published.date().isoformat() if page.published else ""


_TOGETHER = ("UPD-02", "UPD-03", "UPD-04", "UPD-08")
CHECKS = (
    Check(rule="UPD-01", subjects=home, nothing="", failures=_home_stands_still, values=("days",)),
    Check(
        rule="UPD-02",
        subjects=_due,
        nothing=t("no column is called as one of news"),
        failures=_stale,
        values=("days", "names"),
        after=_TOGETHER,
    ),
    Check(
        rule="UPD-03",
        subjects=_due,
        nothing=t("no top column is one of notices or policy documents"),
        failures=_stale,
        values=("days", "names", "types"),
        after=_TOGETHER,
    ),
    Check(
        rule="UPD-04",
        subjects=_due,
        nothing=t("no other column has dated items"),
        failures=_stale,
        values=("days", "not_due"),
        after=_TOGETHER,
    ),
    Check(rule="UPD-05", subjects=lambda case: columns_of(case.site), nothing=NO_COLUMNS, failures=_empty),
    Check(rule="UPD-06", subjects=articles, nothing=NO_ARTICLES, failures=_undated),
    Check(
        rule="UPD-07",
        subjects=_chained,
        nothing=t("no post has a chain beside it"),
        failures=_dates_against_chains,
        values=("minutes",),
    ),
    Check(
        rule="UPD-08",
        subjects=_due,
        nothing=t("no column is one of surveys, answers or figures about services"),
        failures=_stale,
        values=("survey_types", "surveys", "answer_types", "answers", "names", "statistics"),
        after=_TOGETHER,
    ),
)
