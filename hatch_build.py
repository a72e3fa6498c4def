"""Compile the catalogues of messages while the package is built, so that no compiled file lies in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own example leaves it open
    """Puts `review/locale/<language>/LC_MESSAGES/qianfa.mo` into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling calls it so
        """Compile every catalogue into a folder of the build's own."""
        folder = Path(self.directory) / "catalogues"
        for source in sorted(Path(self.root).glob("review/locale/*/LC_MESSAGES/qianfa.po")):
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
            target = folder / f"{source.parts[-3]}.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                write_mo(file, catalogue)
            place = source.relative_to(self.root).with_suffix(".mo").as_posix()
            build_data["force_include"][str(target)] = place
