"""Hand the pictures among attachments to the renderer, and say which attachments are not published as they are.

What a telephone writes into a picture says where somebody lives. So an original that carries such a thing stays in the
repository, with its signature; pages show copies without it. Nothing is unpacked here.

A file that browsers or servers would run under the site's address stays there, too; pages only say its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from review.formats.active_content import LOOKED_AT, Active, active_content
from review.formats.picture_files import Trace
from review.formats.pictures import in_words, kind_of, picture_file
from review.messages import Message, t, typed
from review.model.manifests import ItemFile
from review.model.paths import attachments_of
from review.model.reports import LivePost
from review.render.site_data import attachments

Copy = Callable[[str, str, Path], None]
"""Writes an object's bytes to a new file, checked against its name and the SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Attachments that are not published; `warnings` say so, a line for each.

    `carried` are pictures by their path in the repository, each with what it carries; `active` the files that would run.
    """

    carried: Mapping[str, frozenset[Trace]]
    active: Mapping[str, Active]
    warnings: tuple[Message, ...]

    @property
    def paths(self) -> Collection[str]:
        """The paths of all of them."""
        return self.carried.keys() | self.active.keys()


def hand_over(posts: Iterable[LivePost], copy: Copy, folder: Path) -> Withheld:
    """Write every picture among the posts' attachments into the new folder, by its SHA-256, and look through all of them."""
    folder.mkdir()
    # The same file may lie beside many posts.
    seen: dict[tuple[str, str], Active | frozenset[Trace]] = {}
    carried: dict[str, frozenset[Trace]] = {}
    active: dict[str, Active] = {}
    warnings: list[Message] = []
    for post in posts:
        for file in attachments(post):
            name = file.path.removeprefix(attachments_of(post.item))
            if (file.sha256, name) not in seen:
                seen[file.sha256, name] = _looked_through(file, name, copy, folder)
            found = seen[file.sha256, name]
            if isinstance(found, Active):
                active[file.path] = found
                warnings.append(_not_offered(post.item, file.path, found))
            elif found:
                carried[file.path] = found
                warnings.append(_warning(post.item, file.path, found))
    return Withheld(carried=carried, active=active, warnings=tuple(warnings))


def _looked_through(file: ItemFile, name: str, copy: Copy, folder: Path) -> Active | frozenset[Trace]:
    """Return what keeps a file from being published as it is; a picture that may be shown stays in the folder."""
    target = folder / file.sha256
    known = target.exists()  # the same picture under another name
    if not known:
        copy(file.blob, file.sha256, target)
    with target.open("rb") as opened:
        beginning = opened.read(LOOKED_AT)
    found = active_content(name, beginning)
    # Its name says nothing: whoever opens it sees the picture, and what stands in it.
    picture = picture_file(target.read_bytes()) if found is None and kind_of(beginning) else None
    if picture is None and not known:
        target.unlink()
    return found or (picture.carries if picture else frozenset())


def _warning(item: str, path: str, traces: frozenset[Trace]) -> Message:
    return t(
        "{file}: it carries {what}, so pages show copies without that and the file itself is not published; "
        "to have it taken out of the file: qianfa submit {item}",
        file=path,
        what=in_words(traces),
        item=typed(item),
    )


def _not_offered(item: str, path: str, found: Active) -> Message:
    return t(
        "{file}: {what}, so it is not published, and the page says no more than its name; "
        "{hint}, then hand it in again: qianfa submit {item}",
        file=path,
        what=found.what,
        hint=found.hint,
        item=typed(item),
    )
