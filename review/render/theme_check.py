"""Look for what would keep a theme from being rendered, or be left out of its pages. Runs none of it, imports none of it."""

from __future__ import annotations

import ast
import importlib.util
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, TemplateSyntaxError, nodes

from review.formats.library_words import of_error
from review.messages import listed, t
from review.model.cautions import Caution

JINJA: Mapping[str, bool | tuple[str, ...]] = MappingProxyType(
    {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "extensions": ()}
)
"""How templates are read, here and where they are rendered."""

TESTS = ("leaving", "void", "marked")
"""The tests that the renderer gives templates besides Jinja's."""

_OVERRIDES, _THEME, _SIMPLE = "theme/overrides/templates/", "theme/templates/", "!simple/"
_CONFIGURATION = "pelicanconf.py"
_NEEDED = ("index.html", "category.html", "article.html", "404.html")
_FILTERS, _TESTS = frozenset({"strftime"}), frozenset({*TESTS, "plugin_enabled"})
"""What Pelican and the renderer add to those that Jinja has."""

_NAMING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@dataclass(frozen=True, slots=True)
class _Theme:
    """The templates that there are, by their paths; `!simple/` are those that Pelican brings with it."""

    files: Mapping[str, bytes]
    read: dict[str, nodes.Template] = field(default_factory=dict)

    def path_of(self, name: str) -> str:
        """Return the file that the renderer takes for a name; empty where there is none."""
        places: tuple[str, ...]
        first, _, rest = name.partition("/")
        if first in ("!theme", "!simple"):
            places, name = (_THEME if first == "!theme" else _SIMPLE,), rest
        else:
            places = (_OVERRIDES, _THEME, _SIMPLE)
        plain = "/".join(piece for piece in name.split("/") if piece not in ("", "."))
        return next((place + plain for place in places if place + plain in self.files), "")

    def parent(self, path: str) -> tuple[str, int, str]:
        """Return the name that a template extends, with its line and the file; empty where it says none as it stands."""
        for node in self.read[path].find_all(nodes.Extends) if path in self.read else ():
            if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
                return node.template.value, node.lineno, self.path_of(node.template.value)
        return "", 0, ""

    def ancestors(self, path: str) -> tuple[str, ...] | None:
        """Return the files that a template builds on; None where that is not known as it stands."""
        found: list[str] = []
        while path in self.read and self.read[path].find(nodes.Extends):
            _, _, path = self.parent(path)
            if not path or path in found:
                return None
            found.append(path)
        return tuple(found) if path in self.read else None


def theme_cautions(files: Mapping[str, bytes]) -> Iterator[Caution]:
    """Yield what is wrong with templates and `pelicanconf.py` among these policy files, as far as reading them shows."""
    yield from _configuration(files.get(_CONFIGURATION, b""))
    own = {path: data for path, data in files.items() if path.startswith((_OVERRIDES, _THEME))}
    if not own:
        return
    theme = _Theme({**_brought_along(), **own})
    environment = Environment(**JINJA)  # type: ignore[arg-type]  # noqa: S701  # autoescape is among them
    for path in sorted(theme.files):
        if path.endswith(".html"):
            yield from _read(environment, theme, path)
    for name in _NEEDED:
        if not theme.path_of(name):
            yield _said(_THEME + name, 0, t("there is no such template, and no page can be made without it"))
    known = frozenset(re.findall(r"\w+", files.get(_CONFIGURATION, b"").decode("utf-8", "replace")))
    for path in sorted(own.keys() & theme.read.keys()):
        yield from _names(theme, path)
        yield from _inheritance(theme, path)
        yield from _nobodys(theme.read[path], path, _FILTERS.union(environment.filters, known), nodes.Filter)
        yield from _nobodys(theme.read[path], path, _TESTS.union(environment.tests, known), nodes.Test)


def _configuration(data: bytes) -> Iterator[Caution]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except SyntaxError as error:
        yield _said(_CONFIGURATION, error.lineno or 0, t("it is not Python: {words}", words=error.msg))
    except (ValueError, RecursionError, MemoryError) as error:
        yield _said(_CONFIGURATION, 0, t("it is not Python: {words}", words=of_error(error) or type(error).__name__))


def _read(environment: Environment, theme: _Theme, path: str) -> Iterator[Caution]:
    try:
        theme.read[path] = environment.parse(theme.files[path].decode("utf-8"))
    except TemplateSyntaxError as error:
        yield _said(path, error.lineno, t("the template cannot be read: {words}", words=error.message or ""))
    except UnicodeDecodeError as error:
        yield _said(path, 0, t("the template cannot be read: {words}", words=of_error(error)))
    except RecursionError:
        yield _said(path, 0, t("the template cannot be read: {words}", words=t("it nests too deep")))


def _names(theme: _Theme, path: str) -> Iterator[Caution]:
    """Yield templates that are named and not there. A name that is only made while rendering is not known here."""
    for node in theme.read[path].find_all(_NAMING):
        named = getattr(node, "template")  # noqa: B009  # Jinja's types do not have it on all of these
        names = _constants(named)
        if not names or getattr(node, "ignore_missing", False) or any(map(theme.path_of, names)):
            continue
        yield _said(path, node.lineno, t("no template is called {name}", name=names[0]))


def _constants(named: nodes.Expr) -> list[str]:
    """Return the names that stand there, any of which will do; nothing where one of them is not known yet."""
    said = named.items if isinstance(named, nodes.List | nodes.Tuple) else [named]
    found = [one.value for one in said if isinstance(one, nodes.Const) and isinstance(one.value, str)]
    return found if len(found) == len(said) else []


def _inheritance(theme: _Theme, path: str) -> Iterator[Caution]:
    tree = theme.read[path]
    first: dict[str, int] = {}
    for block in tree.find_all(nodes.Block):
        if block.name in first:
            yield _said(path, block.lineno, t("the block {name} stands here twice", name=block.name))
        first.setdefault(block.name, block.lineno)
    name, line, parent = theme.parent(path)
    if not parent:
        return
    if path in (parent, *_chain(theme, parent)):
        file = path.rpartition("templates/")[2]
        hint = t("to build on the theme's own, write: {code}", code=f'{{% extends "!theme/{file}" %}}')
        yield _said(path, line, t("the template extends itself, as {name}", name=name),
                    hint=hint if path.startswith(_OVERRIDES) else "")  # fmt: skip
        return
    ancestors = theme.ancestors(path)
    if ancestors is None:
        return
    there = {block.name for one in ancestors for block in theme.read[one].find_all(nodes.Block)}
    lost = [block for block in _outermost(tree) if block.name not in there]
    if lost:
        yield Caution(
            path=path,
            line=lost[0].lineno,
            what=t("nothing of these blocks is shown, for no template that it builds on has them: {names}",
                   names=listed(block.name for block in lost)),
            hint=t("it builds on {files}; blocks there are {names}", files=listed(ancestors), names=listed(sorted(there)))
            if there
            else t("it builds on {files}, where there is no block", files=listed(ancestors)),
            stops=False,
        )  # fmt: skip


def _chain(theme: _Theme, path: str) -> Iterator[str]:
    seen = {path}
    while (path := theme.parent(path)[2]) and path not in seen:
        seen.add(path)
        yield path


def _outermost(node: nodes.Node) -> Iterator[nodes.Block]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child
        else:
            yield from _outermost(child)


def _nobodys(
    tree: nodes.Template, path: str, known: frozenset[str], kind: type[nodes.Filter] | type[nodes.Test]
) -> Iterator[Caution]:
    """Yield filters or tests that nobody has; what `pelicanconf.py` so much as names may be one of its own."""
    for node in tree.find_all(kind):
        if node.name not in known:
            what = t("no filter is called {name}", name=node.name)
            yield _said(path, node.lineno,
                        what if kind is nodes.Filter else t("no test is called {name}", name=node.name))  # fmt: skip


def _said(path: str, line: int, what: str, *, hint: str = "") -> Caution:
    return Caution(path=path, line=line, what=what, hint=hint or t("no page could be built; set it right"), stops=True)


@cache
def _brought_along() -> Mapping[str, bytes]:
    """Return the templates that Pelican falls back to. It is found and not imported."""
    found = importlib.util.find_spec("pelican")
    places = (found.submodule_search_locations if found else None) or ()
    folders = [Path(one) / "themes/simple/templates" for one in places]
    return {f"{_SIMPLE}{file.name}": file.read_bytes() for one in folders for file in sorted(one.glob("*.html"))}
