"""The architecture of docs/architecture.md, read from the code itself: who may import whom, and what purity means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REVIEW = ROOT / "review"
MAX_LINES = 300

BELOW_PIPELINE = ("messages", "errors", "model", "formats", "gate", "views", "history", "actions", "render", "release")
BESIDE = ("inspection",)
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "messages": (),
    "errors": ("messages",),
    "model": ("messages", "errors", "model"),
    "formats": ("messages", "errors", "model", "formats"),
    "gate": ("messages", "errors", "model", "gate"),
    "views": ("messages", "errors", "model", "formats", "gate", "views"),
    "history": ("messages", "errors", "model", "formats", "history", "gate.paths"),
    "actions": ("messages", "errors", "model", "formats", "gate", "views", "history", "actions"),
    "render": ("messages", "errors", "model", "formats", "gate", "history", "render"),
    "release": ("messages", "errors", "model", "formats", "gate", "history", "release"),
    "inspection": ("messages", "errors", "model", "formats", "inspection"),
    "pipeline": BELOW_PIPELINE,
    "ways": (*BELOW_PIPELINE, *BESIDE, "pipeline", "ways"),
    "cli": (*BELOW_PIPELINE, *BESIDE, "pipeline", "ways", "cli"),
    "start": ("cli",),
}
"""Each part of `review/`, and the parts, or single modules, that it may import."""

PURE = ("model", "gate", "views")
IMPURE_MODULES = frozenset(
    {
        "asyncio", "builtins", "concurrent", "ctypes", "fcntl", "git", "gitdb", "glob", "http", "importlib", "io",
        "locale",
        "logging", "mmap", "multiprocessing", "os", "pathlib", "pickle", "platform", "pygit2", "random", "requests",
        "secrets",
        "select", "shelve", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
        "threading", "time",
        "urllib", "uuid",
    }
)  # fmt: skip
IMPURE_CALLS = frozenset({"__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "open", "print"})
CLOCKS = frozenset({"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"})
GIT = frozenset({"dulwich", "git", "gitdb", "pygit2"})


def modules() -> list[Path]:
    return sorted(path for path in REVIEW.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    """The module's name, `review.gate.judge`; a package is called as its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(path: Path) -> str:
    """The part of `review/` that a module belongs to; empty for the package itself."""
    return [*name_of(path).split("."), ""][1]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module that is imported anywhere in a file, in functions, too."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                yield f"{module}.{alias.name}" if exists(f"{module}.{alias.name}") else module


def calls(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield line and last name of everything called, and whether it is a method or function of something."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id, False
            elif isinstance(node.func, ast.Attribute):
                yield node.lineno, node.func.attr, True


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def allowed(module: str, part: str) -> bool:
    return module == "review" or any(
        module == f"review.{one}" or module.startswith(f"review.{one}.") for one in MAY_IMPORT[part]
    )


# The test sees what it is to see.


def test_every_module_belongs_to_a_part_that_this_page_knows() -> None:
    assert {part_of(path) for path in modules()} - {""} == set(MAY_IMPORT)
    assert len(modules()) > 50


def test_every_import_of_our_own_is_of_a_module_that_is_there() -> None:
    missing = [
        (shown(path), module)
        for path in modules()
        for module in imported(path)
        if module.split(".")[0] == "review" and not exists(module)
    ]
    assert missing == []


def test_imports_are_found_wherever_they_stand() -> None:
    found = set(imported(REVIEW / "pipeline.py"))
    assert {"review.gate.judge", "review.history.objects", "review.errors", "pathlib"} <= found


# Who may import whom.


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_what_lies_below_it(part: str) -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in modules()
        if part_of(path) == part
        for module in imported(path)
        if module.split(".")[0] == "review" and not allowed(module, part)
    ]
    assert wrong == []


def test_the_package_itself_imports_nothing_of_its_own() -> None:
    assert [module for module in imported(REVIEW / "__init__.py") if module.startswith("review")] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name_of(path): {one for one in imported(path) if one.startswith("review.")} for path in modules()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(graph.get(name, ())):
                if other != name:
                    visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_only_history_talks_to_git() -> None:
    wrong = [
        shown(path)
        for path in modules()
        if part_of(path) != "history" and GIT & {one.split(".")[0] for one in imported(path)}
    ]
    assert wrong == []


def test_the_engine_never_imports_the_tests_or_the_scripts() -> None:
    for path in modules():
        assert not {one.split(".")[0] for one in imported(path)} & {
            "tests",
            "story",
            "scripts",
            "benchmarks",
            "pytest",
        }, path


# Purity.


@pytest.mark.parametrize("part", PURE)
def test_what_is_pure_knows_no_git_file_clock_process_or_network(part: str) -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in modules()
        if part_of(path) == part
        for module in imported(path)
        if module.split(".")[0] in IMPURE_MODULES
    ]
    assert wrong == []


@pytest.mark.parametrize("part", PURE)
def test_what_is_pure_opens_nothing_and_asks_no_clock(part: str) -> None:
    wrong = [
        f"{shown(path)}:{line} calls {called}"
        for path in modules()
        if part_of(path) == part
        for line, called, method in calls(path)
        if (called in CLOCKS if method else called in IMPURE_CALLS)
    ]
    assert wrong == []


@pytest.mark.parametrize("part", ["formats", "gate", "model", "history", "actions"])
def test_time_is_an_argument(part: str) -> None:
    """Nothing below the command line asks what time it is."""
    wrong = [
        f"{shown(path)}:{line} calls {called}"
        for path in modules()
        if part_of(path) == part
        for line, called, method in calls(path)
        if method and called in CLOCKS - {"fromtimestamp", "utcfromtimestamp"}
    ]
    assert wrong == []


def test_formats_and_gate_start_no_process_and_read_no_file_of_a_site() -> None:
    for path in modules():
        if part_of(path) in ("formats", "gate", "model"):
            found = {module.split(".")[0] for module in imported(path)}
            assert not found & {"subprocess", "os", "pathlib", "shutil", "tempfile", "socket", *GIT}, shown(path)


def test_the_site_is_never_found_through_the_place_of_the_program() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and node.id == "__file__"
    ]
    assert wrong == []


# Style that a machine can hold.


def test_no_module_is_longer_than_can_be_read() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_says_in_its_first_line_what_it_does() -> None:
    for path in modules():
        first = ast.get_docstring(tree_of(path)) or ""
        assert first.split("\n")[0].endswith((".", "?", ":")), shown(path)
        assert path.read_text(encoding="utf-8").startswith('"""'), shown(path)


def test_nothing_is_validated_by_an_assertion() -> None:
    """It would vanish under `python -O`."""
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert)
    ]
    assert wrong == []


def test_data_is_frozen_and_slotted() -> None:
    wrong = []
    for path in modules():
        if part_of(path) in PURE:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.ClassDef):
                    for decorator in node.decorator_list:
                        text = ast.unparse(decorator)
                        if text.startswith("dataclass") and not ("frozen=True" in text and "slots=True" in text):
                            wrong.append(f"{shown(path)}: {node.name}")
    assert wrong == []


CATCH_ALL = {"review/cli/__init__.py", "review/render/worker.py"}
"""The command line, and the process that runs a site's theme and settings."""


def test_everything_is_caught_where_a_process_ends_and_nowhere_else() -> None:
    """Anywhere else a mistake of ours would pass for one of theirs. What is caught to tidy up is raised again."""
    wrong = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler) and shown(path) not in CATCH_ALL:
                caught = ast.unparse(node.type) if node.type else "BaseException"
                raised = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                if {"Exception", "BaseException"} & set(caught.strip("()").split(", ")) and not raised:
                    wrong.append(f"{shown(path)}:{node.lineno}")
    assert wrong == []
