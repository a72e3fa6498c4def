"""Make the films and recordings of a post as its page shows them. A file from outside is played from this site, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from review.formats.media import media_of
from review.model.media import Media, MediaSource
from review.model.paths import attachments_of
from review.render.addresses import encoded
from review.render.records import MediaFile, Picture, Player
from review.render.sizes import size_in_words

PictureOf = Callable[[str], Picture | None]
"""Asks for the picture that a file of the site is, by its path relative to the site's root."""


def media_shown(post: Mapping[str, Any], fields: Mapping[str, str], allowed: Sequence[str]) -> tuple[Media, ...]:
    """Return what a post's meta lines say of films and recordings; what is wrong with them, the build has said."""
    folder = attachments_of(post["item"])
    digests = {folder + one["name"]: one["sha256"] for one in post["attachments"] if one["offered"]}
    return media_of(post["item"], fields, digests, allowed)[0]


def names_of(media: Sequence[Media]) -> frozenset[str]:
    """Return the names of the attachments that players show, which need not be listed once more."""
    names = {name for one in media for name in (one.poster, one.captions, *(file.attachment for file in one.files))}
    return frozenset(names - {""})


def players(
    media: Sequence[Media], post: Mapping[str, Any], outside: Mapping[str, int], picture: PictureOf
) -> tuple[Player, ...]:
    """Return the players of a post. `outside` has the sizes of the files from outside that there are, by their place here."""
    folder = attachments_of(post["item"]).removeprefix("content/")
    sizes = {one["name"]: one["size"] for one in post["attachments"]}

    def file_of(source: MediaSource) -> MediaFile:
        size = outside[source.published] if source.address else sizes[source.attachment]
        return MediaFile(
            url=source.published or encoded(folder + source.attachment),
            type=source.type,
            size=size_in_words(size),
            sha256=source.sha256,
            label=source.label,
            length=size,
        )

    return tuple(
        Player(
            kind=one.kind,
            files=tuple(file_of(source) for source in one.files if not source.address or source.published in outside),
            poster=picture(folder + one.poster) if one.poster else None,
            captions=encoded(folder + one.captions) if one.captions else "",
            duration=one.duration,
        )
        for one in media
    )
