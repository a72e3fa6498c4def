"""Turn a folder of foreign Markdown into posts of one column, with a note of everything that has no place here.

Writes nothing, signs nothing, decides nothing about publication: what comes out are drafts for their reviewers.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from review.actions.import_body import rewrite_body
from review.actions.import_fields import addresses_in, day_in, map_fields, shortened
from review.actions.import_folder import Folder
from review.actions.import_links import PICTURES, Attachments, Library, old_addresses
from review.actions.import_notes import Note, Notes
from review.errors import Refused
from review.formats.clean_text import clean_line
from review.formats.foreign_front_matter import ForeignPost, split_foreign
from review.formats.foreign_markup import first_heading, plain_words
from review.formats.foreign_text import read_foreign
from review.formats.front_matter import serialise_post
from review.formats.stems import FALLBACK, ascii_stem, free_stem
from review.messages import t
from review.model.paths import RESERVED_STEMS, path_problem, stem_of

MAX_STEM = 80
"""Characters of the stem of an imported post."""

_DATE_PREFIX = re.compile(r"\d{4}-\d{2}-\d{2}-")
_FOLDER_PAGES = frozenset({"index", "readme"})
"""File names that stand for their folder; its name says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPost:
    """A post for the repository, and where it is from; `attachments` are pairs of a path and the file to copy there."""

    path: str
    data: bytes
    attachments: tuple[tuple[str, Path], ...]
    source: str
    title: str
    date: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Posts in the order of their sources, notes by file and line, and the files that were skipped with the reasons."""

    posts: tuple[ImportedPost, ...]
    notes: tuple[Note, ...]
    skipped: tuple[tuple[str, str], ...]


def import_posts(folder: Folder, *, column: str, taken: Collection[str] = ()) -> Imported:
    """Make posts of `column` from all texts of a folder.

    `taken` are the stems that the column has already, and the ids of its sub-columns; no post gets one of them.
    """
    if problem := path_problem(f"content/{column}/{FALLBACK}.md"):
        raise Refused(
            t("no column can have the id {column}: {problem}", column=repr(column), problem=problem),
            hint=t("give the id that columns.yaml has"),
        )
    found, notes, skipped = _read(folder.posts)
    stems = _stems(found, taken)
    days = {file: _day(post) for file, post in found.items()}
    addresses = [pair for file, post in found.items() for pair in old_addresses(file, addresses_in(post), days[file])]
    library = Library(stems, folder.files, addresses)
    posts = tuple(_post(post, notes[file], column, library, folder.files) for file, post in found.items())
    every_note = [*folder.notes, *(note for file in notes.values() for note in file.all())]
    taken_along = {source for post in posts for _, source in post.attachments}
    if left := len(folder.files) - len(taken_along):
        what = t("{count} pictures or other files that no text leads to", count=left)
        every_note.append(Note(file=".", line=0, kind="folder", what=what, action=t("left out")))
    return Imported(
        posts=posts,
        notes=tuple(sorted(every_note, key=lambda note: (note.file, note.line))),
        skipped=tuple(sorted((*folder.skipped, *skipped))),
    )


def import_beside(
    folder: Folder, *, column: str, taken: Collection[str], present: Callable[[str], bytes | None]
) -> tuple[Imported, tuple[str, ...]]:
    """Make posts of a folder beside those that are there; return them with the paths of those that are there as they are.

    `present` gives the bytes of a file of the site, None where there is none. What is there byte for byte is not made again;
    what differs comes under another name.
    """
    candidates = import_posts(folder, column=column).posts
    same = {post.path for post in candidates if _is_there(post, present)}
    while True:  # what links to a post that changed its name differs too; each round leaves fewer
        free = {stem_of(path) for path in same}
        made = import_posts(folder, column=column, taken=[stem for stem in taken if stem not in free])
        still = {post.path for post in made.posts if post.path in same and _is_there(post, present)}
        if still == same:
            posts = tuple(post for post in made.posts if post.path not in same)
            return replace(made, posts=posts), tuple(sorted(same))
        same = still


def _is_there(post: ImportedPost, present: Callable[[str], bytes | None]) -> bool:
    files = {post.path: post.data, **{path: source.read_bytes() for path, source in post.attachments}}
    return all(present(path) == data for path, data in files.items())


def _read(texts: Mapping[str, bytes]) -> tuple[dict[str, ForeignPost], dict[str, Notes], list[tuple[str, str]]]:
    found: dict[str, ForeignPost] = {}
    notes: dict[str, Notes] = {}
    skipped: list[tuple[str, str]] = []
    for file, data in sorted(texts.items()):
        text = read_foreign(data)
        if text is None:
            skipped.append((file, t("not a text")))
        elif not text.text.strip():
            skipped.append((file, t("empty")))
        else:
            notes[file] = Notes(file)
            for remark in text.remarks:
                notes[file].add("encoding", 0, remark, t("imported all the same"))
            found[file] = split_foreign(text.text)
            for flaw in found[file].remarks:
                notes[file].add("front-matter", flaw.line, flaw.what, t("imported all the same"))
    return found, notes, skipped


def _post(post: ForeignPost, notes: Notes, column: str, library: Library, files: Mapping[str, Path]) -> ImportedPost:
    stem = library.stems[notes.file]
    attachments = Attachments(stem)

    def picture(address: str) -> str:
        target = library.find(notes.file, address)
        is_picture = target.way == "file" and posixpath.splitext(target.path)[1].lower() in PICTURES
        return attachments.add(target.path) if is_picture else ""

    fields = map_fields(post, picture=picture, notes=notes)
    title, body = _title(post, fields.get("Title", ""), notes)
    text = rewrite_body(body, line=post.body_line, library=library, attachments=attachments, notes=notes)
    if not text:
        what = t("there is no text below the front matter")
        notes.add("text", post.body_line, what, t("imported all the same"))
    folder = f"content/{column}"
    return ImportedPost(
        path=f"{folder}/{stem}.md",
        data=serialise_post({"Title": title, **{key: value for key, value in fields.items() if key != "Title"}}, text),
        attachments=tuple((f"{folder}/{link}", files[path]) for link, path in attachments.all()),
        source=notes.file,
        title=title,
        date=day_in(fields.get("Date", "")),
    )


def _title(post: ForeignPost, given: str, notes: Notes) -> tuple[str, str]:
    """Return the title, and the body without the heading that it comes from or that repeats it at the top."""
    heading = first_heading(post.body)
    words = clean_line(plain_words(heading[0])) if heading else ""
    if heading and words:
        repeats = words == clean_line(plain_words(given)) and not post.body[: heading[1]].strip()
        if repeats or not given:
            line = post.body_line + post.body.count("\n", 0, heading[1])
            action = t("taken out of the text: the page shows its title") if given else t("became the title")
            notes.add("title", line, heading[0], action)
            return given or shortened(words), _without(post.body, heading[1], heading[2])
    if given:
        return given, post.body
    title = shortened(clean_line(re.sub(r"[-_]+", " ", _DATE_PREFIX.sub("", _name(notes.file))))) or FALLBACK
    what = t("there is neither a title nor a heading of the first rank")
    notes.add("title", 0, what, t("the title is the file's name: {title}", title=title))
    return title, post.body


def _without(text: str, start: int, end: int) -> str:
    """Cut a part out of a text but for its line ends, so that the lines of later notes are right."""
    return text[:start] + "\n" * text.count("\n", start, end) + text[end:]


def _name(file: str) -> str:
    """Return the name that says what a file is about: its own, or its folder's where it is the folder's page."""
    folder, name = posixpath.split(posixpath.splitext(file)[0])
    return posixpath.basename(folder) if name.lower().strip("_") in _FOLDER_PAGES and folder else name


def _names(file: str, post: ForeignPost) -> Iterator[str]:
    """Yield what a post may be named after, the best first."""
    yield _name(file)
    title = post.values.get("title")
    yield title if isinstance(title, str) else ""
    heading = first_heading(post.body)
    yield heading[0] if heading else ""
    yield FALLBACK


def _stems(files: Mapping[str, ForeignPost], taken: Collection[str]) -> dict[str, str]:
    """Give each file a stem that no other has, whatever the letter case."""
    used = {stem.casefold() for stem in taken}
    stems = {}
    for file, post in files.items():
        candidates = (ascii_stem(name, limit=MAX_STEM) for name in _names(file, post))
        stem = next(stem for stem in candidates if stem and stem not in RESERVED_STEMS)
        stems[file] = free_stem(stem, used, limit=MAX_STEM)
        used.add(stems[file])
    return stems


def _day(post: ForeignPost) -> str:
    date = post.values.get("date")
    day = day_in(date) if isinstance(date, str) else None
    return day.isoformat() if day else ""
