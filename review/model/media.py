"""What a film or recording of a post is: its variants, with the digests that were signed, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

MediaKind: TypeAlias = Literal["video", "audio"]

TYPES: Mapping[str, tuple[MediaKind, str]] = {
    "mp4": ("video", "video/mp4"),
    "webm": ("video", "video/webm"),
    "ogv": ("video", "video/ogg"),
    "mp3": ("audio", "audio/mpeg"),
    "m4a": ("audio", "audio/mp4"),
    "ogg": ("audio", "audio/ogg"),
    "wav": ("audio", "audio/wav"),
}
"""Endings of files that browsers play: what they are, and the type that a page gives."""

MEDIA_FOLDER = "static/media"
"""Where the output has files that come from outside the repository."""


def ending_of(name: str) -> str:
    """Return what follows the last dot of a file's name, in lower case; empty where there is no dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSource:
    """One variant: an attachment, by its name below the post's folder, or a file outside the repository, by its address.

    `sha256` are the 64 hex digits of its bytes; of an attachment those of the manifest, so both are signed. `address` is
    spelled as it is asked for.
    """

    sha256: str
    attachment: str = ""
    address: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if bool(self.attachment) == bool(self.address):
            message = "a variant is either an attachment or a file outside the repository"
            raise ValueError(message)

    @property
    def type(self) -> str:
        """The type that a page gives, such as `video/mp4`."""
        return TYPES[ending_of(self.attachment or self.address)][1]

    @property
    def published(self) -> str:
        """Where the output has a file from outside, relative to the site's root: named by its digest. Empty for others."""
        return f"{MEDIA_FOLDER}/{self.sha256}.{ending_of(self.address)}" if self.address else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A film or a recording. Poster and captions are names of attachments; what nobody gave is empty.

    `duration` is written `00:04:10`.
    """

    kind: MediaKind
    files: tuple[MediaSource, ...]
    poster: str = ""
    captions: str = ""
    duration: str = ""
