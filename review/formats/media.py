"""Read films and recordings from a post's meta lines. All that is wrong with them, not the first; no server is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from review.errors import FormatError
from review.formats.file_addresses import FileAddress, allowing, parse_address
from review.formats.file_beginnings import is_odd
from review.formats.post_keys import FILM, PLAYED_WITH, RECORDING
from review.formats.post_values import DURATION
from review.messages import either, t
from review.model.digests import is_digest
from review.model.media import TYPES, Media, MediaKind, MediaSource, ending_of
from review.model.paths import attachments_of, stem_of

T = TypeVar("T")

KINDS: tuple[MediaKind, ...] = ("video", "audio")
KEYS = frozenset(key.lower() for key in (*FILM, *RECORDING, *PLAYED_WITH))
"""The meta lines that this module reads, in lower case; each counts where the post's column lists it."""

PICTURES = ("jpg", "jpeg", "png", "webp", "gif")
"""Endings of pictures that browsers show before a film begins."""

_COMMA = re.compile("[,，]")
_SPELLING = {key: key.capitalize() for key in KEYS}
_HOW_TO_DIGEST = t("add sha256: and the digits that this prints for your own copy: sha256sum FILE")
_WEBVTT = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaProblem:
    """What keeps a film or recording, or a part of it, off the page. `key` is the meta line, in lower case."""

    key: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the meta lines are read with: the post, the SHA-256 of its attachments by path, and the prefixes allowed."""

    item: str
    attachments: Mapping[str, str]
    allowed: Sequence[str]

    def attachment(self, written: str) -> str:
        """Return the name of an attachment below the post's folder, whether the folder is named too or not."""
        folder, own = attachments_of(self.item), f"{stem_of(self.item)}/"
        name = unicodedata.normalize("NFC", written).removeprefix("./")
        for one in (name, name.removeprefix(own)):
            if one and folder + one in self.attachments:
                return one
        raise FormatError(
            t("the post has no attachment {name}", name=written),
            hint=t("put the file into the folder {own} beside the post, and write its name here", own=own),
        )


def media_of(
    item: str, fields: Mapping[str, str], attachments: Mapping[str, str], allowed: Sequence[str]
) -> tuple[tuple[Media, ...], tuple[MediaProblem, ...]]:
    """Return the films and recordings of a post, and every problem; what has a problem is left out, and all else stays.

    `fields` are the meta lines by lower-case key, `attachments` the SHA-256 (64 hex digits) of the post's files by path,
    `allowed` the prefixes of `site.media`. Poster, captions and duration belong to the film, else to the recording.
    """
    asked = _Asked(item=item, attachments=attachments, allowed=allowed)
    problems: list[MediaProblem] = []
    found: list[Media] = []
    poster, captions, duration = (
        _taken(key, partial(read, asked, value), problems) if (value := fields.get(key, "")) else ""
        for key, read in (("poster", _poster), ("captions", _captions), ("duration", _duration))
    )
    for kind in KINDS:
        files = tuple(_sources(asked, kind, fields, problems))
        if fields.get(kind):
            found.append(Media(kind=kind, files=files, poster=poster, captions=captions, duration=duration))
            poster = captions = duration = ""
    return tuple(found), tuple(problems)


def playable(kind: MediaKind, name: str, allowed: Sequence[str]) -> FileAddress | None:
    """Return the address that a variant names, None for the name of an attachment, which may be there or not.

    `FormatError` where browsers do not play such a file, the address is none, or no prefix of `allowed` covers it.
    """
    if TYPES.get(ending_of(name), ("",))[0] != kind:
        endings = either(ending for ending, (of, _) in TYPES.items() if of == kind)
        key = _SPELLING[kind]
        raise FormatError(
            t("{name} cannot be played here: a file of {key} ends in {endings}", name=name, key=key, endings=endings),
            hint=t("convert the file"),
        )
    if "://" not in name:
        return None
    address = parse_address(name)
    if address is None:
        raise FormatError(
            t("{name} is no plain address of a file", name=name),
            hint=t("write it as https://host/folder/film.mp4, without ?, #, .. or a user's name"),
        )
    if not allowing(address, allowed):
        raise not_below(name, allowed)
    return address


def check_poster(name: str) -> None:
    """Raise `FormatError` unless a file of this name can be the picture before a film."""
    if ending_of(name) not in PICTURES:
        what = t("{name} is no picture that browsers show", name=name)
        raise FormatError(what, hint=t("a poster ends in {endings}", endings=either(PICTURES)))


def check_captions(name: str) -> None:
    """Raise `FormatError` unless a file of this name can be one of captions."""
    if ending_of(name) != "vtt":
        raise FormatError(
            t("{name} is no WebVTT file: its name should end in vtt", name=name),
            hint=t("have the program that makes the captions write WebVTT"),
        )


def check_duration(value: str) -> None:
    """Raise `FormatError` unless it is a duration as it is written."""
    if not DURATION.fullmatch(value):
        raise FormatError(t("the Duration is {value}, expected hours, minutes and seconds", value=repr(value)),
                          hint=t("write it such as 00:04:10"))  # fmt: skip


def content_problems(media: Sequence[Media], contents: Mapping[str, bytes]) -> Iterator[MediaProblem]:
    """Yield what the bytes of attachments are not, though their names say so. `contents` are bytes by name."""
    for one in media:
        if one.captions in contents and not _is_webvtt(contents[one.captions]):
            yield MediaProblem(
                key="captions",
                what=t("{name} is no WebVTT file: its first line must be WEBVTT, in UTF-8", name=one.captions),
                hint=t("have the program that makes the captions write WebVTT"),
            )
        for key, name in [("poster", one.poster), *((one.kind, file.attachment) for file in one.files)]:
            if name in contents and is_odd(name, contents[name]):
                yield MediaProblem(
                    key=key,
                    what=t(
                        "{name} is not what its name says; no {ending} begins so", name=name, ending=ending_of(name)
                    ),
                    hint=t("convert it, or give it the ending that it should have"),
                )


def _is_webvtt(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _WEBVTT.match(data) is not None


def _taken(key: str, read: Callable[[], T], problems: list[MediaProblem]) -> T | Literal[""]:
    """Return what a part of the meta lines is; where it is not right, nothing, and the reason among the problems."""
    try:
        return read()
    except FormatError as error:
        problems.append(MediaProblem(key=error.where or key, what=error.what, hint=error.hint))
        return ""


def _sources(
    asked: _Asked, kind: MediaKind, fields: Mapping[str, str], problems: list[MediaProblem]
) -> Iterator[MediaSource]:
    """Yield the variants that nothing is wrong with."""
    names = _list(fields.get(kind, ""))
    digests = _taken(f"{kind}_digest", partial(_parallel, kind, "digest", names, fields), problems)
    labels = _taken(f"{kind}_label", partial(_parallel, kind, "label", names, fields), problems)
    if digests == "":
        return  # which digest is whose cannot be told
    for number, name in enumerate(names):
        label = labels[number] if labels else ""
        mended = _in_small_letters(digests[number])
        if mended:
            problems.append(_in_capitals(kind, name, digests))
        source = _taken(kind, partial(_source, asked, kind, name, mended or digests[number], label), problems)
        if source and not mended:
            yield source


def _list(value: str) -> list[str]:
    return [part.strip() for part in _COMMA.split(value)] if value else []


def _parallel(kind: MediaKind, end: str, names: Sequence[str], fields: Mapping[str, str]) -> list[str]:
    """Return the digests or labels of the variants, empty ones where the line is missing."""
    key = f"{kind}_{end}"
    found = _list(fields.get(key, ""))
    if found and len(found) != len(names):
        raise FormatError(
            t(
                "{key} has {found} entries and {kind} has {names}",
                key=_SPELLING[key], found=len(found), kind=_SPELLING[kind], names=len(names),
            ),
            where=key,
            hint=t("write one for each, in the same order, with commas between; one that is not needed stays empty"),
        )  # fmt: skip
    return found or [""] * len(names)


def _in_small_letters(digest: str) -> str:
    """Return the digest that is meant where only its letters are too large or `sha256:` is missing; else nothing."""
    found = f"sha256:{digest.lower().removeprefix('sha256:')}"
    return found if found != digest and is_digest(found) else ""


def _in_capitals(kind: MediaKind, name: str, digests: Sequence[str]) -> MediaProblem:
    """Return the problem with such a digest. `digests` are those of all variants, as they are written."""
    key = f"{kind}_digest"
    mended = ", ".join(_in_small_letters(one) or one for one in digests)
    what = t("the digest of {name} has to stand in small letters, with sha256: before it", name=name)
    hint = t("write this line: {line}", line=f"{_SPELLING[key]}: {mended}")
    return MediaProblem(key=key, what=what, hint=hint)


def _source(asked: _Asked, kind: MediaKind, name: str, digest: str, label: str) -> MediaSource:
    """Return a variant; `FormatError` with its key as the place where it is none."""
    key = _SPELLING[kind]
    if not name:
        raise FormatError(t("an entry of {key} is empty", key=key), hint=t("name a file, or take the comma out"))
    address = playable(kind, name, asked.allowed)
    if digest and not is_digest(digest):
        what = t("the digest of {name} is {digest}, expected sha256: and 64 hex digits", name=name, digest=repr(digest))
        raise FormatError(what, where=f"{kind}_digest", hint=_HOW_TO_DIGEST)
    if address is not None:
        return _outside(kind, name, address, digest, label)
    attachment = asked.attachment(name)
    sha256 = asked.attachments[attachments_of(asked.item) + attachment]
    if digest and digest != f"sha256:{sha256}":
        what = t("{name} has the digest {found}, not {digest}", name=name, found=f"sha256:{sha256}", digest=digest)
        raise FormatError(what, where=f"{kind}_digest", hint=t("an attachment needs none: leave its entry empty"))
    return MediaSource(sha256=sha256, attachment=attachment, label=label)


def _outside(kind: MediaKind, name: str, address: FileAddress, digest: str, label: str) -> MediaSource:
    """Return a file outside the repository as a variant; `FormatError` where it has no digest."""
    if not digest:
        what = t("{name} lies outside the repository and has no digest", name=name)
        hint = t(
            "in a line {key} give sha256: and the digits that this prints for your own copy: sha256sum FILE",
            key=f"{kind.capitalize()}_digest:",
        )
        raise FormatError(what, where=f"{kind}_digest", hint=hint)
    return MediaSource(sha256=digest.removeprefix("sha256:"), address=str(address), label=label)


def not_below(address: str, allowed: Sequence[str]) -> FormatError:
    """Return the error for an address that no prefix of `site.media` allows; the prefixes are named."""
    hint = t("the administrators list such places in columns.yaml, under site: media:")
    if not allowed:
        return FormatError(t("{address} lies outside, and no place there is allowed", address=address), hint=hint)
    what = t("{address} is not below {prefixes}", address=address, prefixes=either(allowed))
    return FormatError(what, hint=hint)


def _poster(asked: _Asked, name: str) -> str:
    found = asked.attachment(name)
    check_poster(found)
    return found


def _captions(asked: _Asked, name: str) -> str:
    found = asked.attachment(name)
    check_captions(found)
    return found


def _duration(_: _Asked, value: str) -> str:
    check_duration(value)
    return value
