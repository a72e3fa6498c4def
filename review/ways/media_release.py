"""The films and recordings that a build shows: every file from outside had again by its digest, or left out with a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from review.formats.front_matter import parse_post
from review.formats.media import KEYS, media_of
from review.formats.pictures import in_words
from review.messages import Message, t
from review.model.paths import column_of
from review.model.policies import Policy
from review.model.reports import LivePost, LiveSet
from review.render.site_data import attachments
from review.ways.external_files import ExternalFiles
from review.ways.patience import Unavailable

BytesOf = Callable[[LivePost], bytes]
"""Reads the text of a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Files from outside that are there, with their sizes by place in the output, and what is said of those that are not."""

    files: ExternalFiles
    sizes: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Message, ...] = ()

    def copy(self, place: str, target: Path) -> None:
        """Write one to a new file, hashed once more."""
        self.files.copy(PurePosixPath(place).stem, target)


def gather(live: LiveSet, text: BytesOf, files: ExternalFiles) -> Gathered:
    """Return the files from outside that the posts of a live set name; those that cannot be had are in the warnings.

    Nothing here ends a build: a page is taken off the site whether somebody else's server answers or not.
    """
    sizes: dict[str, int] = {}
    warnings: list[Message] = []
    failed: dict[tuple[str, str], Unavailable] = {}
    for post in live.posts:
        for place, address, sha256, problem in _wanted(post, live, text):
            if problem:
                warnings.append(t("{item}: {problem}; the page does without", item=post.item, problem=problem))
                continue
            key = (address, sha256)
            if place not in sizes and key not in failed:
                try:
                    sizes[place] = _publishable(files, address, sha256)
                except Unavailable as error:
                    failed[key] = error
            if key in failed and place not in sizes:
                what = failed[key].what
                warnings.append(t("{item}: a film or recording is left out: {what}", item=post.item, what=what))
    return Gathered(files=files, sizes=sizes, warnings=tuple(warnings))


def _publishable(files: ExternalFiles, address: str, sha256: str) -> int:
    """Return the size of a file that can be had; `Unavailable` also where it carries what is not published."""
    size = files.check(address, sha256)
    if (found := files.look(sha256)) and found.withheld:
        raise Unavailable(t("{address} carries {what}", address=address, what=in_words(found.carries)))
    return size


def _wanted(post: LivePost, live: LiveSet, text: BytesOf) -> Iterator[tuple[str, str, str, str]]:
    """Yield place, address and digest of each file from outside; or what is wrong with a film, in the fourth."""
    metadata = _metadata(post, live)
    if not KEYS & {key.lower() for key in metadata}:
        return
    front, _ = parse_post(text(post), metadata)
    if front is None:
        return  # only in a preview, which shows the text as it is
    digests = {file.path: file.sha256 for file in attachments(post)}
    media, problems = media_of(post.item, front.fields, digests, live.policy.policy.columns.site.media)
    for problem in problems:
        yield "", "", "", problem.what
    for one in media:
        for source in one.files:
            if source.address:
                yield source.published, source.address, source.sha256, ""


def _metadata(post: LivePost, live: LiveSet) -> tuple[str, ...]:
    """Return the keys that the post's column lists in the policy that judged it."""
    judging: Policy = live.policies.get(post.judged_by, live.policy).policy
    column = judging.columns.columns.get(column_of(post.item))
    return column.metadata if column else ()
