"""PAGE-07, PAGE-08, AVL-02, AVL-03, AVL-05: where links lead, what comes from elsewhere, whether attachments open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from review.inspection.addresses import addresses_of, file_at, is_below, own_addresses, target_of
from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.records import File, Link, Page
from review.inspection.rules.meta import every_page
from review.inspection.signatures import ATTACHED
from review.messages import t

_ALWAYS = frozenset(("", "top"))
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])([^'")\s]+)""")
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?['"]?([^'")\s;]+)""")
_LOADED = frozenset(("script", "frame", "style", "connection"))


def _outside(case: Case, page: Page, address: str) -> str:
    """Return the host that an address leads to; empty where it is the site's own, or none."""
    target = target_of(case.site, page.path, address, page.base)
    return target.host if target and not target.inside else ""


def _leaving(case: Case) -> Sequence[tuple[Page, Link, str]]:
    """Return every link to another host that needs a notice."""
    hosts = case.names("hosts")
    return [
        (page, link, host)
        for page in case.site.pages
        for link in page.links
        if (host := _outside(case, page, link.href)) and not is_below(host, hosts)
    ]


def _notices(case: Case) -> Failures:
    classes = frozenset(case.names("classes"))
    for page, link, host in _leaving(case):
        if not link.classes & classes:
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
        for seller in sellers:
            if seller in page.scripts:
                yield t("a script that names {host}", host=seller)

    yield from on_pages(every_page(case), found)
    for path, text in _styles(case):
        for address in _CSS_IMPORT.findall(text):
            target = target_of(case.site, path, address)
            if target and not target.inside and not is_below(target.host, allowed):
                yield Failure(page=path, what=t("{kind} from {host}", kind="style", host=target.host))


def _styles(case: Case) -> list[tuple[str, str]]:
    """Return the style sheets of the site, and the styles that stand in pages, each with its path."""
    return [*case.site.css.items(), *((page.path, page.styles) for page in case.site.pages if page.styles)]


def _dead_links(case: Case) -> Failures:
    for page, address, target in own_addresses(case.site):
        found = file_at(case.site, target.path)
        if not found:
            yield Failure(page=page.path, what=t("{address} leads to nothing", address=address))
        elif not _is_place(case, found, target.anchor):
            yield Failure(page=page.path, what=t("{address} names a place that is not on that page", address=address))
    taken = [(path, one) for path, text in _styles(case) for one in _CSS_ADDRESS.findall(text) if one[0] != "#"]
    for path, address in (*taken, *case.site.sitemap):
        there = target_of(case.site, path, address)
        if there and there.inside and not file_at(case.site, there.path):
            yield Failure(page=path, what=t("{address} leads to nothing", address=address))


def _is_place(case: Case, path: str, anchor: str) -> bool:
    page = case.site.by_path.get(path)
    plain = anchor.partition(":~:")[0]
    return page is None or plain.lower() in _ALWAYS or plain in page.ids


def _attachments(case: Case) -> Sequence[object]:
    return [*case.site.published_files(), *_missing(case)]


def _missing(case: Case) -> list[tuple[Page, str]]:
    return [
        (page, address)
        for page, address, target in own_addresses(case.site)
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
            return parts.scheme.lower() == "http" and not is_below((parts.hostname or "").lower(), hosts)
        except ValueError:
            return False

    for page in case.site.pages:
        for address in dict.fromkeys((*addresses_of(page), *page.metas.values())):
            if found(address):
                yield Failure(page=page.path, what=t("{address} is not https", address=address))
    texts = [(file.path, _CSS_ADDRESS.findall(file.text)) for file in _sheets(case)]
    for path, address in [*((path, one) for path, some in texts for one in some), *case.site.sitemap]:
        if found(address):
            yield Failure(page=path, what=t("{address} is not https", address=address))


def _sheets(case: Case) -> list[File]:
    return [file for file in case.site.files.values() if file.suffix == "css"]


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
