"""A11Y: what can be seen of accessibility without a browser, and the mode for elder readers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.records import Page
from review.inspection.rules.furniture import home
from review.inspection.rules.meta import every_page
from review.messages import t

_ASKS_NO_LABEL = frozenset(("hidden", "submit", "reset", "button", "image"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_ZOOM = re.compile(
    r"user-scalable\s*=\s*(?:no|0)|maximum-scale\s*=\s*(?:1(?:\.\d+)?|0\.\d+)\s*(?:,|;|$)", re.IGNORECASE
)


def _basics(case: Case) -> Failures:
    return on_pages(every_page(case), _barriers)


def _barriers(page: Page) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(page.lang):
        yield t("it does not say its language")
    if not page.title:
        yield t("it has no title")
    yield from (t("the picture {address} has no alternative text", address=one) for one in page.nameless_images)
    yield from (t("{element} has no name", element=one) for one in page.unnamed)
    yield from (t("the film {address} has no captions", address=one) for one in page.uncaptioned)
    if page.foreign_set:
        yield t("its bytes are not in the character set that it names, {name}", name=page.foreign_set)
    for control in page.controls:
        if control.tag != "button" and control.type not in _ASKS_NO_LABEL and not control.words:
            called = control.id or control.name or control.type
            yield t("the control {name} has no label", name=called or control.tag)
        elif control.type in ("image", "button") and control.tag == "input" and not control.words:
            yield t("the control {name} has no label", name=control.id or control.name or control.tag)
    yield from _headings(page)
    yield from (t("the id {id} stands there twice", id=one) for one in page.doubled_ids)
    if _NO_ZOOM.search(page.meta("viewport")):
        yield t("readers cannot make it larger")


def _headings(page: Page) -> Iterator[str]:
    first = sum(level == 1 for level, _ in page.headings)
    if first != 1:
        yield t("it has {count} headings of the first level", count=first)
    before = 0
    for level, words in page.headings:
        if not words:
            yield t("a heading is empty")
        if level > before + 1 and before:
            yield t(
                "a heading of level {level} follows one of level {before}: {words}",
                level=level,
                before=before,
                words=words,
            )
        before = level


def _elder_mode(case: Case) -> Failures:
    names = case.names("names")
    for page in home(case):
        said = [one.words for one in page.controls] + [one.words for one in page.links]
        if not any(name in words for name in names for words in said):
            yield Failure(page=page.path, what=t("it has no switch to a mode for elder readers"))


CHECKS = (
    Check(rule="A11Y-01", subjects=every_page, nothing="", failures=_basics),
    Check(rule="A11Y-02", subjects=home, nothing="", failures=_elder_mode, values=("names",)),
)
