"""Read a folder that is to be imported: texts into memory, other files by path alone. Follows no link out of it."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from review.actions.import_notes import Note
from review.errors import Refused, UnusableSite
from review.formats.library_words import of_error
from review.messages import t

POST_SUFFIXES = (".md", ".markdown")
MAX_POST_BYTES = 2 << 20
MAX_ATTACHMENT_BYTES = 200 << 20
MAX_FILES = 100_000

_NOT_OURS = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What is in a folder, by path from its top with `/`: the posts' bytes, the other files' places on disk."""

    posts: Mapping[str, bytes]
    files: Mapping[str, Path]
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


def read_folder(folder: Path, *, max_files: int = MAX_FILES) -> Folder:
    """Read all Markdown files of a folder and list the others; `Refused` where there are more than `max_files`."""
    if not folder.is_dir():
        raise UnusableSite(
            t("no such folder"), where=str(folder), hint=t("give the folder that holds the Markdown files")
        )
    top = folder.resolve()
    posts: dict[str, bytes] = {}
    files: dict[str, Path] = {}
    skipped: list[tuple[str, str]] = []
    notes: list[Note] = []
    for count, (name, path) in enumerate(_walk(top, notes), 1):
        if count > max_files:
            raise Refused(
                t("more than {most} files", most=max_files),
                where=str(folder),
                hint=t("import its subfolders one by one"),
            )
        is_post = name.lower().endswith(POST_SUFFIXES)
        problem = _problem(path, top, MAX_POST_BYTES if is_post else MAX_ATTACHMENT_BYTES)
        if name in posts or name in files:
            problem = t("the name is another file's, in another spelling")
        if problem:
            if is_post:
                skipped.append((name, problem))
            else:
                notes.append(_left_out(name, problem))
        elif not is_post:
            files[name] = path
        else:
            try:
                posts[name] = path.read_bytes()
            except OSError as error:
                skipped.append((name, t("cannot be read: {reason}", reason=of_error(error))))
    return Folder(posts=posts, files=files, skipped=tuple(skipped), notes=tuple(notes))


def _walk(top: Path, notes: list[Note]) -> Iterator[tuple[str, Path]]:
    """Yield files in the order of their names; folders that are hidden, links or a program's own are noted."""

    def unreadable(error: OSError) -> None:
        why = t("cannot be read: {reason}", reason=of_error(error))
        notes.append(_left_out(_name(Path(error.filename), top), why))

    for place, folders, names in os.walk(top, onerror=unreadable):
        here = Path(place)
        for name in sorted(folders):
            if name.startswith(".") or name in _NOT_OURS or (here / name).is_symlink():
                folders.remove(name)
                if name != ".git":
                    is_link = (here / name).is_symlink()
                    why = t("a link to a folder") if is_link else t("not part of a site's text")
                    notes.append(_left_out(_name(here / name, top), why))
        folders.sort()
        for name in sorted(names):
            yield _name(here / name, top), here / name


def _problem(path: Path, top: Path, most: int) -> str:
    """Say why a file is not taken; empty where nothing is against it."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        return t("a link that leads nowhere")
    if not real.is_relative_to(top):
        return t("a link out of the folder")
    if not stat.S_ISREG(status.st_mode):
        return t("no regular file")
    if status.st_size > most:
        return t("{size} bytes; at most {most} are taken", size=status.st_size, most=most)
    return ""


def _name(path: Path, top: Path) -> str:
    # Names that are no UTF-8 keep a visible mark instead of stopping the whole import.
    name = path.relative_to(top).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", name)


def _left_out(name: str, why: str) -> Note:
    return Note(file=name, line=0, kind="folder", what=why, action=t("left out"))
