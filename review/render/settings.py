"""Put Pelican's settings together: ours, and of the policy's `pelicanconf.py` what is open to it.

Open to `pelicanconf.py` are

- `DEFAULT_PAGINATION` (posts a page, 1 to 100) and `FEED_MAX_ITEMS` (posts a feed, 1 to 100),
- `SITESUBTITLE`, `MENUITEMS`, `LINKS`, `FOOTER` and `THEME_OPTIONS` (a mapping), which go to the theme's templates,
- `JINJA_FILTERS`, `JINJA_GLOBALS` and `JINJA_TESTS`, which the theme's templates can use.

Everything else is fixed here and what `pelicanconf.py` says of it is left aside, with a warning: what is published,
from where and to where follows from the sign-offs; title, address, time zone and language stand in `columns.yaml`.
Templates escape whatever they print, posts are never templates, no plugin but ours is loaded, nothing is cached.

A site changes single pages of a theme without a copy of it: a file below `theme/overrides/templates/` or
`theme/overrides/static/` wins over the one of that name in `theme/templates/` or `theme/static/`, and may build on it:
`{% extends "!theme/base.html" %}`.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pelican.settings import DEFAULT_CONFIG, configure_settings, get_settings_from_file

from review.errors import QianfaError
from review.messages import t
from review.render import plugin
from review.render.theme_check import JINJA

Settings = dict[str, Any]

CONFIGURATION = "pelicanconf.py"
TO_TEMPLATES = ("SITESUBTITLE", "MENUITEMS", "LINKS", "FOOTER", "THEME_OPTIONS")
TO_JINJA = ("JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS")
COUNTS = {"DEFAULT_PAGINATION": 20, "FEED_MAX_ITEMS": 20}
MAX_COUNT = 100

_NOT_WRITTEN = tuple(
    f"{kind}_{what}"
    for kind in ("TAG", "TAGS", "CATEGORY", "CATEGORIES", "AUTHOR", "AUTHORS", "ARCHIVES")
    for what in ("SAVE_AS", "URL")
)
_FEEDS = tuple(
    f"{kind}{form}{end}"
    for kind in ("FEED_", "FEED_ALL_", "CATEGORY_FEED_", "AUTHOR_FEED_", "TAG_FEED_", "TRANSLATION_FEED_")
    for form in ("ATOM", "RSS")
    for end in ("", "_URL")
)


def settings_for(policy: Path, output: Path, site: Mapping[str, Any], material: plugin.Material) -> Settings:
    """Return the settings for one run. `policy` is the folder with the signed theme and `pelicanconf.py`."""
    open_to_it = _chosen(policy / CONFIGURATION)
    settings = copy.deepcopy(DEFAULT_CONFIG) | open_to_it | _fixed(policy, output, site, material)
    made: Settings = configure_settings(settings)
    return made


def _chosen(configuration: Path) -> Settings:
    """Run `pelicanconf.py` and return what is open to it."""
    if not configuration.is_file():
        return dict(COUNTS)
    said: Settings = get_settings_from_file(str(configuration))
    taken: Settings = dict(COUNTS)
    for name, value in said.items():
        if name in COUNTS:
            if not isinstance(value, int) or not 1 <= value <= MAX_COUNT:
                raise QianfaError(
                    t(
                        "{file}: {name} is {value}, expected a number from 1 to {most}",
                        file=CONFIGURATION,
                        name=name,
                        value=repr(value),
                        most=MAX_COUNT,
                    )
                )
            taken[name] = value
        elif name in TO_TEMPLATES or name in TO_JINJA:
            taken[name] = value
        else:
            warn(t("{file}: {name} is not open to it and was left aside", file=CONFIGURATION, name=name))
    return taken


def warn(line: str) -> None:
    """Say something that is worth a look, in the form the waiting process looks for."""
    sys.stderr.write(f"warning: {line}\n")


def _there(policy: Path, *folders: str) -> list[str]:
    """Return those of the theme's folders that it has."""
    return [folder for folder in folders if (policy / "theme" / folder).is_dir()]


def _fixed(policy: Path, output: Path, site: Mapping[str, Any], material: plugin.Material) -> Settings:
    nothing = policy / "nothing"  # PATH has to be a folder; Pelican finds no content in this one
    nothing.mkdir(exist_ok=True)
    return {
        **dict.fromkeys((*_NOT_WRITTEN, *_FEEDS), ""),
        "PATH": str(nothing),
        "OUTPUT_PATH": str(output),
        "THEME": str(policy / "theme"),
        "ARTICLE_PATHS": [],
        "PAGE_PATHS": [],
        "STATIC_PATHS": [],
        "DIRECT_TEMPLATES": [],
        "TEMPLATE_PAGES": {},
        "THEME_TEMPLATES_OVERRIDES": [
            str(policy / "theme" / folder) for folder in _there(policy, "overrides/templates")
        ],
        "THEME_STATIC_DIR": "theme",
        # In this order: what is copied later stays.
        "THEME_STATIC_PATHS": _there(policy, "static", "overrides/static"),
        "IGNORE_FILES": [],
        "READERS": dict.fromkeys(("rst", "md", "markdown", "mkd", "mdown", "html", "htm")),
        "PLUGINS": [plugin],
        "PLUGIN_PATHS": [],
        "DELETE_OUTPUT_DIRECTORY": False,
        "OUTPUT_SOURCES": False,
        "CACHE_CONTENT": False,
        "LOAD_CONTENT_CACHE": False,
        "STATIC_CREATE_LINKS": False,
        "RELATIVE_URLS": False,
        "TYPOGRIFY": False,
        "JINJA_ENVIRONMENT": dict(JINJA),
        "PAGINATED_TEMPLATES": {},  # lists are cut by `pages`, not by Pelican
        "SITENAME": site["title"],
        "SITEURL": site["url"],
        "FEED_DOMAIN": site["url"],
        "TIMEZONE": site["timezone"],
        "DEFAULT_LANG": site["language"],
        "LOCALE": ["C.UTF-8", "C"],
        "LOG_FILTER": [],
        plugin.KEY: material,
    }
