"""Say what a page is for, by its place in the site and its meta tags. Knows no site in particular."""

from __future__ import annotations

import re
from collections.abc import Mapping

from review.inspection.records import Kind

_INDEX = re.compile(r"(?:index|default)\.s?html?")
_LIST = re.compile(r"(?:^|/)page/\d+\.html?$|(?:index|list)_\d+\.s?html?$|/page/\d+/index\.html?$")
_OF_ARTICLES = ("pubdate", "contentsource")
_OF_COLUMNS = ("columnname", "columntype")
_OF_COLUMNS_ALONE = ("columndescription", "columnkeywords")
_APART = re.compile(r"(?:40[0-9]|50[0-9]|error|search|map|sitemap|offline)\.s?html?")


def kind_of(path: str, metas: Mapping[str, str], *, has_article: bool) -> Kind:
    """Return what a page is for; `metas` are by lower-case name, `has_article` says whether an article element is on it.

    A page that calls itself an article is one wherever it lies, unless it answers for a folder and describes a column, too:
    such a column has its one post on its own page. Without such words the place decides.
    """
    folder, _, name = path.rpartition("/")
    index = _INDEX.fullmatch(name) is not None
    if index and not folder:
        return Kind.HOME
    if index and any(one in metas for one in _OF_COLUMNS_ALONE):
        return Kind.COLUMN
    if "articletitle" in metas or metas.get("og:type") == "article":
        return Kind.ARTICLE
    if _LIST.search(path):
        return Kind.LIST
    if not folder and _APART.fullmatch(name):
        return Kind.OTHER
    if index:
        return Kind.COLUMN
    if has_article or any(one in metas for one in _OF_ARTICLES):
        return Kind.ARTICLE
    return Kind.COLUMN if any(one in metas for one in _OF_COLUMNS) else Kind.OTHER
