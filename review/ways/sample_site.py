"""The sample site that comes with the program, and a cast of invented people to try it with."""

from __future__ import annotations

from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import Path

from review.errors import UnusableSite
from review.history.throwaway_keys import ThrowawayKey
from review.messages import t

SAMPLE_FILES = ("columns.yaml", "workflows.yaml", "pelicanconf.py", "qianfa.yaml")

Files = dict[str, tuple[str, bytes]]


def sample() -> Files:
    """Return the sample site that comes with the program: its policy files, theme included."""
    root = resources("review").joinpath("sample")
    if not root.is_dir():
        raise UnusableSite(
            t("this copy of the program has no sample site"), hint=t("install it: scripts/setup, or pip install qianfa")
        )
    found = {name: ("100644", root.joinpath(name).read_bytes()) for name in (*SAMPLE_FILES, "people.yaml")}
    return found | {f"theme/{path}": ("100644", data) for path, data in _below(root.joinpath("theme"))}


def _below(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith(".pyc"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found


def make_cast(folder: Path, people: list[str]) -> dict[str, str]:
    """Make a throw-away key for each of the people in a folder outside the site; return their public keys.

    A key that is there already is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for person in people:
        if not (folder / person).exists():
            ThrowawayKey.generate().save(folder / person)
    return {person: (folder / f"{person}.pub").read_text(encoding="utf-8").strip() for person in people}
