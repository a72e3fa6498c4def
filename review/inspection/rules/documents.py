"""DOC: the block of official documents: numbers, properties, days, validity."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.dates import day_in, working_days
from review.inspection.records import Page
from review.inspection.rules.meta import articles
from review.inspection.rules.repeals import says_it_is_void
from review.messages import listed, t

_NUMBER = re.compile(r"[\u4e00-\u9fa5]{2,12}[〔\[［(（【]\d{4}[〕\]］)）】]第?\d{1,4}号")
_ENDED = re.compile(r"[^。；\n]{0,20}?(?:废止|失效|停止执行)")
_VALID = re.compile("^(?:现行)?有效")
_PARTS = ("index", "topic", "issuer", "made", "number", "published")
_SPELLED = str.maketrans("[［(（【]］)）】", "〔〔〔〔〔〕〕〕〕〕")


def _value(case: Case, page: Page, name: str) -> str:
    return page.detail(*case.profile.labels.get(name, ())).strip()


def _with(name: str, case: Case) -> Sequence[Page]:
    return [page for page in articles(case) if _value(case, page, name)]


def _documents(case: Case) -> Sequence[Page]:
    """Return the pages of official documents: those with an index number or a document number, or in a column of them."""
    types = case.of("DOC-03").names("types")
    return [
        page
        for page in articles(case)
        if _value(case, page, "index") or _value(case, page, "number") or page.meta("ColumnType") in types
    ]


def _numbers(case: Case) -> Failures:
    pattern = re.compile(case.text("pattern"))

    def wrong(page: Page) -> Iterator[str]:
        number = _value(case, page, "number")
        if not pattern.fullmatch(number):
            yield t("the document number {number} is not spelled as such numbers are", number=number)

    return on_pages(_with("number", case), wrong)


def _index_numbers(case: Case) -> Failures:
    pages: dict[str, list[Page]] = defaultdict(list)
    for page in _with("index", case):
        pages[_spelled_alike(_value(case, page, "index"))].append(page)
    pattern = case.text("pattern")
    for bearers in pages.values():
        for page in bearers:
            number = _value(case, page, "index")
            others = [one.path for one in bearers if one is not page]
            if others:
                what = t("its index number {number} is that of {pages}, too", number=number, pages=listed(others))
                yield Failure(page=page.path, what=what)
            if pattern and not re.fullmatch(pattern, number):
                what = t("the index number {number} is not spelled as here they are", number=number)
                yield Failure(page=page.path, what=what)


def _spelled_alike(number: str) -> str:
    """Return a number without what people do not see as a difference: blanks, wide letters, case."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def _blocks(case: Case) -> Failures:
    types = case.names("types")

    def lacking(page: Page) -> Iterator[str]:
        numbered = bool(_value(case, page, "number")) or page.meta("ColumnType") in types
        for name in _PARTS:
            if name == "number" and not numbered:
                continue  # what is open to everyone has an index number; a document number only where it was issued as one
            said = _value(case, page, name) or (page.published if name == "published" else "")
            if not said:
                labels = case.profile.labels.get(name, (name,))
                yield t("its block does not say {name}", name=labels[0])
        if not any(level == 1 and words for level, words in page.headings):
            yield t("readers see no title")

    return on_pages(_documents(case), lacking)


def _disclosure(case: Case) -> Failures:
    known, allowed = case.names("names"), case.names("open")

    def wrong(page: Page) -> Iterator[str]:
        said = _value(case, page, "disclosure")
        if said not in known:
            yield t("{value} is none of {known}", value=said, known=listed(known))
        elif said not in allowed:
            yield t("it is published and says {value}", value=said)

    return on_pages(_with("disclosure", case), wrong)


def _days_of(case: Case) -> Sequence[tuple[Page, dt.date, dt.date]]:
    """Return the documents open to everyone that say when they were made, with this day and that of publication."""
    allowed = case.of("DOC-04").names("open")
    found = []
    for page in articles(case):
        made = day_in(_value(case, page, "made"))
        if made and page.published and _value(case, page, "disclosure") in allowed:
            found.append((page, made, page.published.date()))
    return found


def _unlisted(case: Case, made: dt.date, published: dt.date) -> list[str]:
    """Return the years between two days whose holidays the profile does not list."""
    known = {day[:4] for day in case.names("holidays")}
    return [str(year) for year in range(made.year, published.year + 1) if str(year) not in known]


def _in_time(case: Case) -> Sequence[tuple[Page, dt.date, dt.date]]:
    return [one for one in _days_of(case) if not _unlisted(case, one[1], one[2])]


def _of_other_years(case: Case) -> str:
    left_out = [years for _, made, published in _days_of(case) if (years := _unlisted(case, made, published))]
    if not left_out:
        return ""
    return t(
        "the profile lists no holidays of {years}: {count} documents could not be checked",
        years=listed(sorted({year for years in left_out for year in years})),
        count=len(left_out),
    )


def _late(case: Case) -> Failures:
    holidays, workdays = frozenset(case.names("holidays")), frozenset(case.names("workdays"))
    for page, made, published in _in_time(case):
        worked = working_days(made, published, holidays=holidays, workdays=workdays)
        if worked > case.number("days"):
            what = t(
                "made on {made}, published {days} working days later; {most} are allowed",
                made=made.isoformat(),
                days=worked,
                most=case.number("days"),
            )
            yield Failure(page=page.path, what=what)


def _validity(case: Case) -> Failures:
    known = case.names("names")
    ended = _declared_over(case)
    for page in _documents(case):
        said = _value(case, page, "validity")
        if not said:
            yield Failure(page=page.path, what=t("it does not say whether it is valid"))
        elif said not in known:
            yield Failure(page=page.path, what=t("{value} is none of {known}", value=said, known=listed(known)))
        elif (by := ended.get(_value(case, page, "number").translate(_SPELLED))) and _VALID.match(said):
            what = t("it says {value}, and {page} says that it is void", value=said, page=by)
            yield Failure(page=page.path, what=what)
        if (not said or _VALID.match(said)) and (words := says_it_is_void(page, case.now.date())):
            yield Failure(page=page.path, what=t("it is void by its own words: {words}", words=words))


def _declared_over(case: Case) -> dict[str, str]:
    """Return the document numbers that some post declares void, each with the page that says so."""
    found: dict[str, str] = {}
    for page in articles(case):
        for number in _NUMBER.finditer(page.main):
            if _ENDED.match(page.main, number.end()):
                found[number[0].translate(_SPELLED)] = page.path
    return found


NO_DOCUMENTS = t("the site has no official document")
CHECKS = (
    Check(
        rule="DOC-01",
        subjects=lambda case: _with("number", case),
        nothing=t("no post has a document number"),
        failures=_numbers,
        values=("pattern",),
    ),
    Check(
        rule="DOC-02",
        subjects=lambda case: _with("index", case),
        nothing=t("no post has an index number"),
        failures=_index_numbers,
        optional=("pattern",),
    ),
    Check(rule="DOC-03", subjects=_documents, nothing=NO_DOCUMENTS, failures=_blocks, values=("types",)),
    Check(
        rule="DOC-04",
        subjects=lambda case: _with("disclosure", case),
        nothing=t("no post says to whom it is open"),
        failures=_disclosure,
        values=("names", "open"),
    ),
    Check(
        rule="DOC-05",
        subjects=_in_time,
        nothing=t("no document that is open to everyone says when it was made"),
        failures=_late,
        values=("days", "holidays", "workdays"),
        rest=_of_other_years,
        after=("DOC-04",),
    ),
    Check(
        rule="DOC-06",
        subjects=_documents,
        nothing=NO_DOCUMENTS,
        failures=_validity,
        values=("names",),
        after=("DOC-03",),
    ),
)
