"""Gather what styles and scripts take from addresses, those in pages and those in files of their own. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from review.inspection.addresses import Target, target_of
from review.inspection.records import Page, Site
from review.inspection.scripts import taken_by
from review.inspection.style_sheets import taken_by_style


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Something that a style or a script takes. `path` is the file that says so; `kind` style, font, picture, script,
    connection, frame or other. `whole` says that the address stands there from its beginning to its end."""

    path: str
    kind: str
    address: str
    target: Target
    whole: bool = True


@lru_cache(maxsize=2)
def loaded(site: Site) -> tuple[Loaded, ...]:
    """Return what styles and scripts take, once for each file; where that depends on the page that runs it, nothing."""
    found = [*_by_styles(site)]
    for page in site.pages:
        found += _by_script(site, page.path, page.scripts, page=page)
    for path, text in site.scripts.items():
        found += _by_script(site, path, text, page=None)
    return tuple(dict.fromkeys(found))


def _by_styles(site: Site) -> Iterator[Loaded]:
    sheets = [(path, text, "") for path, text in site.css.items()]
    sheets += [
        (page.path, text, page.base) for page in site.pages for text in (page.styles, page.style_attributes) if text
    ]
    for path, text, base in sheets:
        for kind, address in taken_by_style(text):
            if target := target_of(site, path, address, base):
                yield Loaded(path=path, kind=kind, address=address, target=target)


def _by_script(site: Site, path: str, text: str, *, page: Page | None) -> Iterator[Loaded]:
    for one in taken_by(text) if text else ():
        if page is None and not one.beside and not one.address.startswith("/") and "://" not in one.address:
            continue
        if target := target_of(site, path, one.address, page.base if page else ""):
            yield Loaded(path=path, kind=one.kind, address=one.address, target=target, whole=one.whole)
