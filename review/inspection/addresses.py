"""Say where the addresses on a page lead: to a file of the site, to another place, or nowhere. Strings only."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from review.inspection.records import Page, Site

INVALID = "invalid"
"""The scheme of what is no address at all."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ASIDE = frozenset(("mailto", "tel", "sms", "data", "javascript", "blob", "about"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an address leads. `path` is a path in the site where `inside`; `host` and `scheme` are set where it is not."""

    inside: bool
    path: str = ""
    anchor: str = ""
    host: str = ""
    scheme: str = ""


def target_of(site: Site, page: str, address: str, base: str = "") -> Target | None:
    """Return where an address on the page `page` leads; None for one that leads to no place at all, such as `mailto:`.

    Addresses of the site's own host count as its own. `base` is that of the page's base element.
    """
    plain = _as_browsers_read(address)
    try:
        parts = urlsplit(urljoin(_as_browsers_read(base), plain) if base else plain)
        host = (parts.hostname or "").lower()
    except ValueError:
        return Target(inside=False, host="", scheme=INVALID)
    scheme = parts.scheme.lower()
    if scheme in ("http", "https") and not host:
        return Target(inside=False, host="", scheme=INVALID)
    if scheme in _ASIDE:
        return None
    if host and host not in own_hosts(site):
        return Target(inside=False, host=host, scheme=scheme or "https")
    if scheme and not host:
        return Target(inside=False, scheme=scheme)
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if not path and not host:
        return Target(inside=True, path=page, anchor=anchor)
    if path.startswith("/") or host:
        if site.root and path != site.root and not path.startswith(f"{site.root}/"):
            return Target(inside=False, host=host or site.host, scheme=scheme or "https")
        path = path.removeprefix(site.root).lstrip("/")
    else:
        folder, slash, _ = page.rpartition("/")
        path = folder + slash + path
    ending = "/" if not path or path.endswith(("/", "/.", "/..")) or path in (".", "..") else ""
    normal = posixpath.normpath(path) if path else ""
    return Target(
        inside=True, path=("" if normal == "." else normal) + (ending if normal != "." else ""), anchor=anchor
    )


def _as_browsers_read(address: str) -> str:
    """Return an address with slashes for the backslashes that browsers take for slashes."""
    before, mark, behind = address.strip().partition("?" if "?" in address.partition("#")[0] else "#")
    if _SCHEME.match(before) and not before.lower().startswith(("http:", "https:")):
        return address.strip()
    return before.replace("\\", "/") + mark + behind


@lru_cache(maxsize=2)
def own_hosts(site: Site) -> frozenset[str]:
    """Return the hosts that are the site's own, with and without `www.`."""
    bare = site.host.removeprefix("www.")
    return frozenset({site.host, bare, f"www.{bare}"} - {"", "www."})


def file_at(site: Site, path: str) -> str:
    """Return the file that a web server gives for a path in the site; empty where there is none."""
    plain = path.strip("/")
    if path and not path.endswith("/") and plain in site.files:
        return plain
    return next(
        (name for index in ("index.html", "index.htm") if (name := f"{plain}/{index}".lstrip("/")) in site.files), ""
    )


def page_at(site: Site, page: Page, address: str) -> Page | None:
    """Return the page of the site that an address on another leads to; None where it is none."""
    target = target_of(site, page.path, address, page.base)
    return site.by_path.get(file_at(site, target.path)) if target and target.inside else None


def is_below(host: str, hosts: tuple[str, ...]) -> bool:
    """Tell whether a host is one of these, or lies below one of them."""
    return any(host == one or host.endswith(f".{one}") for one in hosts)


@lru_cache(maxsize=2)
def own_addresses(site: Site) -> tuple[tuple[Page, str, Target], ...]:
    """Return every address on the pages that leads to the site itself, with its page and target."""
    return tuple(
        (page, address, target)
        for page in site.pages
        for address in addresses_of(page)
        if (target := target_of(site, page.path, address, page.base)) and target.inside
    )


def addresses_of(page: Page, *, mentioned: bool = True) -> Iterator[str]:
    """Yield every address on a page once: links and all that it takes, forms and canonical addresses included; those that
    only programs read where they are `mentioned`."""
    left_out = ("connection",) if mentioned else ("connection", "mention")
    yield from dict.fromkeys(
        [*(link.href for link in page.links), *(one.address for one in page.resources if one.kind not in left_out)]
    )
