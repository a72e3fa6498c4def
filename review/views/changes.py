"""What changed between two contents of a post: words, for Chinese characters, header and attachments apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from review.formats.front_matter import parse_post
from review.model.manifests import ItemFile
from review.model.paths import attachments_of
from review.views.differences import Segment, differences

What: TypeAlias = Literal["added", "removed", "replaced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one sign-off covers: the header as written, the post's bytes, and its files, the post among them."""

    header: Mapping[str, str]
    post: bytes
    files: tuple[ItemFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of the header or a meta line that says something else now; None where it was, or is, not there."""

    field: str
    before: str | None
    after: str | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """An attachment that came, went, or has other bytes. Sizes in bytes, None where there is no such file."""

    path: str
    what: What
    size_before: int | None
    size_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that differs. `text` is the whole text cut into what stayed, went and came; empty where nothing did."""

    header: tuple[FieldChange, ...]
    metadata: tuple[FieldChange, ...]
    text: tuple[Segment, ...]
    attachments: tuple[FileChange, ...]

    @property
    def none(self) -> bool:
        """Tell whether nothing changed at all."""
        return not (self.header or self.metadata or self.text or self.attachments)


def changes_between(item: str, old: Content, new: Content) -> Changes:
    """Return what differs between two contents of one post."""
    (old_fields, old_text), (new_fields, new_text) = meta_and_text(old.post), meta_and_text(new.post)
    return Changes(
        header=tuple(_fields(_form(old.header), _form(new.header))),
        metadata=tuple(_fields(old_fields, new_fields)),
        text=differences(old_text, new_text) if old_text != new_text else (),
        attachments=tuple(_files(attachments(item, old.files), attachments(item, new.files))),
    )


def meta_and_text(post: bytes) -> tuple[Mapping[str, str], str]:
    """Return a post's meta lines and its text. What cannot be read as meta lines is text, so that all of it is seen."""
    parsed, wrong = parse_post(post)
    if parsed is None and (keys := [one.key for one in wrong if one.key]):
        parsed, _ = parse_post(post, keys)  # a column may allow these
    if parsed is None:
        return {}, post.decode("utf-8", "replace")
    return parsed.fields, parsed.body.strip("\n")


def attachments(item: str, files: Sequence[ItemFile]) -> tuple[ItemFile, ...]:
    """Return those of an item's files that are attachments."""
    return tuple(file for file in files if file.path.startswith(attachments_of(item)))


def _form(header: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in header.items() if name != "record"}


def _fields(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield FieldChange(field=name, before=before, after=after, segments=differences(before or "", after or ""))


def _files(old: Sequence[ItemFile], new: Sequence[ItemFile]) -> Iterator[FileChange]:
    before, after = ({file.path: file for file in files} for files in (old, new))
    for path in sorted({*before, *after}):
        was, now = before.get(path), after.get(path)
        if was is None or now is None or (was.sha256, was.mode) != (now.sha256, now.mode):
            yield FileChange(
                path=path,
                what="added" if was is None else "removed" if now is None else "replaced",
                size_before=was.size if was else None,
                size_after=now.size if now else None,
            )
