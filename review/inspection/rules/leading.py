"""PAGE-07, PAGE-08, AVL-02, AVL-03, AVL-05: where links lead, what comes from elsewhere, whether attachments open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from review.inspection.addresses import INVALID, addresses_of, file_at, is_below, own_addresses, target_of
from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.loading import Loaded, loaded
from review.inspection.records import Page
from review.inspection.rules.meta import every_page
from review.inspection.signatures import ATTACHED
from review.messages import t

_ALWAYS = frozenset(("", "top"))
_LOADED = frozenset(("script", "frame", "style", "font", "connection"))
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")


def _outside(case: Case, page: Page, address: str) -> str:
    """Return the host that an address leads to; empty where it is the site's own, or none."""
    target = target_of(case.site, page.path, address, page.base)
    return target.host if target and not target.inside else ""


def _leaving(case: Case) -> Sequence[tuple[Page, frozenset[str], str]]:
    """Return every link and form that leads to another host and needs a notice: page, classes and host."""
    hosts = case.names("hosts")
    return [
        (page, classes, host)
        for page in case.site.pages
        for address, classes in (
            *((link.href, link.classes) for link in page.links),
            *((one.address, one.classes) for one in page.resources if one.kind == "form"),
        )
        if (host := _outside(case, page, address)) and not is_below(host, hosts)
    ]


def _notices(case: Case) -> Failures:
    marking = frozenset(case.names("classes"))
    for page, classes, host in _leaving(case):
        if not classes & marking:
            yield Failure(page=page.path, what=t("the link to {host} leads away without a notice", host=host))


def _advertising(case: Case) -> Failures:
    allowed, sellers = case.names("hosts"), case.names("marks")

    def found(page: Page) -> Iterator[str]:
        for one in page.resources:
            host = _outside(case, page, one.address)
            if host and (is_below(host, sellers) or (one.kind in _LOADED and not is_below(host, allowed))):
                yield t("{kind} from {host}", kind=one.kind, host=host)
        for link in page.links:
            if (host := _outside(case, page, link.href)) and is_below(host, sellers):
                yield t("a link to {host}", host=host)

    yield from on_pages(every_page(case), found)
    scripts = [*((page.path, page.scripts) for page in case.site.pages), *case.site.scripts.items()]
    for path, text in scripts:
        for seller in (one for one in sellers if one in text):
            yield Failure(page=path, what=t("a script that names {host}", host=seller))
    for one in loaded(case.site):
        host = one.target.host
        if host and (is_below(host, sellers) or (one.kind != "other" and not is_below(host, allowed))):
            yield Failure(page=one.path, what=t("{kind} from {host}", kind=one.kind, host=host))


def _dead_links(case: Case) -> Failures:
    for page, address, target in own_addresses(case.site):
        found = file_at(case.site, target.path)
        if not found:
            yield Failure(page=page.path, what=t("{address} leads to nothing", address=address))
        elif not _is_place(case, found, target.anchor):
            yield Failure(page=page.path, what=t("{address} names a place that is not on that page", address=address))
    for page in case.site.pages:
        for address in addresses_of(page):
            leading = target_of(case.site, page.path, address, page.base)
            if leading and leading.scheme == INVALID:
                yield Failure(page=page.path, what=t("{address} is no address", address=address))
    for path, address in case.site.announced:
        there = target_of(case.site, path, address)
        if there and there.inside and not file_at(case.site, there.path):
            yield Failure(page=path, what=t("{address} leads to nothing", address=address))
    for one in loaded(case.site):
        if one.target.inside and _is_certain(one) and not file_at(case.site, one.target.path):
            yield Failure(page=one.path, what=t("{address} leads to nothing", address=one.address))


def _is_certain(one: Loaded) -> bool:
    """Tell whether a file must lie where this leads: what a script only asks for may be answered by a program."""
    return one.whole and (one.kind not in ("connection", "other") or _ENDING.search(one.target.path) is not None)


def _is_place(case: Case, path: str, anchor: str) -> bool:
    page = case.site.by_path.get(path)
    plain = anchor.partition(":~:")[0]
    return page is None or plain.lower() in _ALWAYS or plain in page.ids


def _attachments(case: Case) -> Sequence[object]:
    return [*case.site.published_files(), *_missing(case)]


def _missing(case: Case) -> list[tuple[Page, str]]:
    """Return what pages offer to readers and is not there."""
    return [
        (page, address)
        for page in case.site.pages
        for address in addresses_of(page, mentioned=False)
        if (target := target_of(case.site, page.path, address, page.base)) and target.inside
        if target.path.rpartition(".")[2].lower() in ATTACHED and not file_at(case.site, target.path)
    ]


def _opening(case: Case) -> Failures:
    for page, address in _missing(case):
        yield Failure(page=page.path, what=t("{address} leads to nothing", address=address))
    for file in case.site.published_files():
        if file.fault:
            yield Failure(page=file.path, what=file.fault)


def _plain_http(case: Case) -> Failures:
    hosts = case.names("hosts")

    def found(address: str) -> bool:
        try:
            parts = urlsplit(address.strip())
            return parts.scheme.lower() in ("http", "ws") and not is_below((parts.hostname or "").lower(), hosts)
        except ValueError:
            return False

    for page in case.site.pages:
        for address in dict.fromkeys((*addresses_of(page), *page.metas.values())):
            if found(address):
                yield Failure(page=page.path, what=t("{address} is not https", address=address))
    taken = ((one.path, one.address) for one in loaded(case.site))
    for path, address in (*taken, *case.site.announced):
        if found(address):
            yield Failure(page=path, what=t("{address} is not https", address=address))


CHECKS = (
    Check(
        rule="PAGE-07",
        subjects=_leaving,
        nothing=t("no link leads to another site that needs a notice"),
        failures=_notices,
        values=("hosts", "classes"),
    ),
    Check(rule="PAGE-08", subjects=every_page, nothing="", failures=_advertising, values=("hosts", "marks")),
    Check(
        rule="AVL-02",
        subjects=lambda case: own_addresses(case.site),
        nothing=t("the site has no link of its own"),
        failures=_dead_links,
    ),
    Check(rule="AVL-03", subjects=_attachments, nothing=t("the site has no attachment"), failures=_opening),
    Check(rule="AVL-05", subjects=every_page, nothing="", failures=_plain_http, values=("hosts",)),
)
