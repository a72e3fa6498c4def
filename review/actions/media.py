"""The films and recordings of a post that is about to be signed, and what is wrong with them. No server is asked here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from review.errors import Refused
from review.formats.front_matter import parse_post
from review.formats.media import KEYS, MediaProblem, content_problems, media_of
from review.formats.post_text import meta_lines
from review.model.media import Media
from review.model.paths import attachments_of, column_of
from review.model.policies import Policy

Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMedia:
    """What a post shows or lets hear. `attachments` are the paths of its own files that belong to it."""

    media: tuple[Media, ...] = ()
    problems: tuple[MediaProblem, ...] = ()
    attachments: frozenset[str] = frozenset()


NOTHING = PostMedia()


def media_in(item: str, files: Files, policy: Policy) -> PostMedia:
    """Return what these files show, by the meta lines that the post's column lists; nothing where they cannot be read."""
    column = policy.columns.columns.get(column_of(item))
    if column is None or item not in files or not KEYS & {key.lower() for key in column.metadata}:
        return NOTHING
    front, _ = parse_post(files[item][1], column.metadata)
    if front is None:
        return NOTHING
    folder = attachments_of(item)
    own = {path: data for path, (_, data) in files.items() if path.startswith(folder)}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in own.items()}
    media, problems = media_of(item, front.fields, digests, policy.columns.site.media)
    contents = {path.removeprefix(folder): data for path, data in own.items()}
    names = {name for one in media for name in (one.poster, one.captions, *(file.attachment for file in one.files))}
    return PostMedia(
        media=media,
        problems=(*problems, *content_problems(media, contents)),
        attachments=frozenset(folder + name for name in names if name),
    )


def refuse_media(item: str, files: Files, policy: Policy) -> None:
    """Raise `Refused` where a film or recording is not as it must be, with the line that it stands on."""
    for problem in media_in(item, files, policy).problems:
        line = line_of(problem.key, files[item][1])
        raise Refused(problem.what, where=f"{item}:{line}" if line else item, hint=problem.hint)


def line_of(key: str, data: bytes) -> int:
    """Return the line of a meta line; that of the file it goes with where it is missing, 0 where that is, too."""
    lines = {name: number for number, name, _ in meta_lines(data.decode("utf-8", "replace"))}
    return lines.get(key, lines.get(key.partition("_")[0], 0))
