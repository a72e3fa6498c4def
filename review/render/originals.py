"""Hand the pictures among attachments to the renderer, and say which attachments are not published as they are.

What a telephone writes into a picture says where somebody lives. So an original that carries such a thing stays in the
repository, with its signature; pages show copies without it. Nothing is unpacked here.

Files that no copies are made of stay there, too, where they tell as much, where browsers or servers would run them, and where
the output has no room for their path; pages only say their names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from review.formats.active_content import LOOKED_AT, active_content
from review.formats.camera_files import CameraFile, camera_file, way_out
from review.formats.picture_files import Trace
from review.formats.pictures import in_words, kind_of, picture_file
from review.messages import Message, t, typed
from review.model.manifests import ItemFile
from review.model.paths import attachments_of, length_problem
from review.model.reports import LivePost
from review.render.site_data import attachments

Copy = Callable[[str, str, Path], None]
"""Writes an object's bytes to a new file, checked against its name and the SHA-256."""

Reason: TypeAlias = Literal["runs", "tells", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """Why a file is not published in any form, and what to do, as a part of a sentence; empty where handing in does it."""

    reason: Reason
    what: Message
    hint: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Attachments that are not published; `warnings` say so, a line for each.

    `carried` are pictures by their path in the repository, each with what it carries; of these there may be copies. Of
    those that are `not_offered` there is nothing.
    """

    carried: Mapping[str, frozenset[Trace]]
    not_offered: Mapping[str, NotOffered]
    warnings: tuple[Message, ...]

    @property
    def paths(self) -> Collection[str]:
        """The paths of all of them."""
        return self.carried.keys() | self.not_offered.keys()


def hand_over(posts: Iterable[LivePost], copy: Copy, folder: Path, site: Path) -> Withheld:
    """Write every picture among the posts' attachments into the new folder, by its SHA-256, and look through all of them.

    `site` is where the output is being made: its file system says how long names may be.
    """
    folder.mkdir()
    room = _Room.of(site)
    # The same file may lie beside many posts.
    seen: dict[tuple[str, str], NotOffered | frozenset[Trace]] = {}
    carried: dict[str, frozenset[Trace]] = {}
    not_offered: dict[str, NotOffered] = {}
    warnings: list[Message] = []
    for post in posts:
        for file in attachments(post):
            name = file.path.removeprefix(attachments_of(post.item))
            if (file.sha256, name) not in seen:
                seen[file.sha256, name] = _looked_through(file, name, copy, folder)
            found = room.problem(file.path) or seen[file.sha256, name]
            if isinstance(found, NotOffered):
                not_offered[file.path] = found
                warnings.append(_not_offered(post.item, file.path, found))
            elif found:
                carried[file.path] = found
                warnings.append(_warning(post.item, file.path, found))
    return Withheld(carried=carried, not_offered=not_offered, warnings=tuple(warnings))


@dataclass(frozen=True, slots=True)
class _Room:
    """How many bytes a name and a path may have where the output is made."""

    name: int
    path: int

    @classmethod
    def of(cls, site: Path) -> _Room:
        used = len(os.fsencode(site.resolve()))
        return cls(os.pathconf(site, "PC_NAME_MAX"), os.pathconf(site, "PC_PATH_MAX") - used - 2)

    def problem(self, path: str) -> NotOffered | None:
        names = path.encode().split(b"/")
        what = length_problem(path)
        if not what and (max(map(len, names)) > self.name or len(path.encode()) > self.path):
            what = t("the file system of the output has no room for a path so long")
        return NotOffered(reason="path", what=what, hint=t("give it a shorter name")) if what else None


def _looked_through(file: ItemFile, name: str, copy: Copy, folder: Path) -> NotOffered | frozenset[Trace]:
    """Return what keeps a file from being published as it is; a picture that may be shown stays in the folder."""
    target = folder / file.sha256
    known = target.exists()  # the same picture under another name
    if not known:
        copy(file.blob, file.sha256, target)
    with target.open("rb") as opened:
        beginning = opened.read(LOOKED_AT)
        active = active_content(name, beginning)
        # Its name says nothing: whoever opens it sees the picture, and what stands in it.
        picture = picture_file(target.read_bytes()) if active is None and kind_of(beginning) else None
        other = camera_file(opened) if active is None and picture is None else None
    if picture is None and not known:
        target.unlink()
    if active is not None:
        return NotOffered(reason="runs", what=active.what, hint=active.hint)
    if other is not None and other.withheld:
        return told_by(other)
    return picture.carries if picture else frozenset()


def told_by(file: CameraFile) -> NotOffered:
    """Return why a file that carries what it must not is kept back; without a hint where handing in takes it out."""
    what = t("it carries {what}", what=in_words(file.carries))
    return NotOffered(reason="tells", what=what, hint=None if file.cleanable else way_out(file.kind))


def _warning(item: str, path: str, traces: frozenset[Trace]) -> Message:
    return t(
        "{file}: it carries {what}, so pages show copies without that and the file itself is not published; "
        "to have it taken out of the file: qianfa submit {item}",
        file=path,
        what=in_words(traces),
        item=typed(item),
    )


def _not_offered(item: str, path: str, found: NotOffered) -> Message:
    if found.hint is None:
        return t(
            "{file}: {what}, so it is not published, and the page says no more than its name; "
            "to have it taken out of the file: qianfa submit {item}",
            file=path,
            what=found.what,
            item=typed(item),
        )
    return t(
        "{file}: {what}, so it is not published, and the page says no more than its name; "
        "{hint}, then hand it in again: qianfa submit {item}",
        file=path,
        what=found.what,
        hint=found.hint,
        item=typed(item),
    )
