"""Hold single meta lines against what they can say, whether they were typed at a question or given as an option."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from review.errors import QianfaError
from review.formats import media
from review.formats.index_numbers import fits, misspelt
from review.formats.post_values import (
    PUBLISHABLE,
    RESOURCE_KINDS,
    VALIDITIES,
    duration_typed,
    is_closed,
    resource_kind,
)
from review.formats.typed_times import date_typed
from review.messages import either, listed, t
from review.model.columns import Site
from review.model.digests import is_digest
from review.model.instants import is_date
from review.model.media import MediaKind, ending_of
from review.model.paths import path_problem

Check = Callable[[str], str]
"""Returns what somebody typed as it is written; raises `QianfaError` where it cannot be right. Nothing is always right."""

_COMMA = re.compile("[,，]")


def check_of(key: str, site: Site) -> Check:
    """Return the check of a meta line, by its key in whatever letter case; one that takes everything where there is none."""
    checks: Mapping[str, Check] = {
        "date": day,
        "asked": day,
        "index_number": partial(index_number, pattern=site.index_number),
        "disclosure": disclosure,
        "validity": validity,
        "resource_kind": kind_of_resource,
        "image": image,
        "video": partial(_each, check=partial(film, "video", site=site)),
        "audio": partial(_each, check=partial(film, "audio", site=site)),
        "video_digest": partial(_each, check=digest),
        "audio_digest": partial(_each, check=digest),
        "poster": poster,
        "captions": captions,
        "duration": duration,
    }
    return checks.get(key.lower(), str)


def disclosure(typed: str) -> str:
    """Take the only value that a public page may have."""
    if is_closed(typed):
        raise QianfaError(t("what is not for everyone is not written here"))
    if typed and typed != PUBLISHABLE:
        raise QianfaError(t("{value} is none of {known}", value=repr(typed), known=PUBLISHABLE))
    return typed


def validity(typed: str) -> str:
    """Take how a document stands, in the words that are known."""
    if typed and typed not in VALIDITIES:
        raise QianfaError(t("{value} is none of {known}", value=repr(typed), known=listed(VALIDITIES)))
    return typed


def kind_of_resource(typed: str) -> str:
    """Take a kind in either spelling, and return the one that is written."""
    found = resource_kind(typed)
    if typed and not found:
        raise QianfaError(t("{value} is none of {known}", value=repr(typed), known=listed(RESOURCE_KINDS.values())))
    return found


def index_number(typed: str, *, pattern: str) -> str:
    """Take a number as the site's pattern wants it."""
    if typed and not fits(typed, pattern):
        what, hint = misspelt(typed, pattern)
        raise QianfaError(what, hint=hint)
    return typed


def day(typed: str) -> str:
    """Take a day in any of the usual spellings."""
    found = date_typed(typed)
    if found and not is_date(found):
        raise QianfaError(t("{typed} is no day such as 2026-12-31", typed=repr(typed)))
    return found


def duration(typed: str) -> str:
    """Take how long a film is, also as 4:10."""
    if said := duration_typed(typed):
        media.check_duration(said)
    return said


def digest(typed: str) -> str:
    """Take a digest as programs print it: with or without `sha256:`, in small letters or large, the file's name behind it."""
    digits = typed.split(maxsplit=1)[0].lower().removeprefix("sha256:") if typed else ""
    if digits and not is_digest(f"sha256:{digits}"):
        raise QianfaError(t("a digest has 64 digits from 0 to 9 and a to f"))
    return f"sha256:{digits}" if digits else ""


def film(kind: MediaKind, typed: str, *, site: Site) -> str:
    """Take one variant of a film or recording: the name of a file, or an address that the site allows."""
    if typed and media.playable(kind, typed, site.media) is None:
        _name(typed)
    return typed


def one_film(kind: MediaKind, typed: str, *, site: Site) -> str:
    """Take one variant alone."""
    if _COMMA.search(typed):
        raise QianfaError(t("one file is asked for here; write further variants into the post afterwards"))
    return film(kind, typed, site=site)


def poster(typed: str) -> str:
    """Take the name of the picture before a film."""
    return _beside(typed, media.check_poster)


def captions(typed: str) -> str:
    """Take the name of a file of captions."""
    return _beside(typed, media.check_captions)


def image(typed: str) -> str:
    """Take the name of the picture that stands for a post; an address is left to `qianfa check`."""
    if typed and "://" not in typed:
        _name(typed)
        if ending_of(typed) not in (*media.PICTURES, "svg", "avif"):
            what = t("{name} is no picture that browsers show", name=typed)
            raise QianfaError(what, hint=t("its name ends in {endings}", endings=either(media.PICTURES)))
    return typed


def _each(typed: str, *, check: Check) -> str:
    """Hold each entry of a list against a check; one may be empty."""
    return ", ".join(check(one.strip()) for one in _COMMA.split(typed)) if typed else ""


def _beside(typed: str, check: Callable[[str], None]) -> str:
    if typed:
        _name(typed)
        check(typed)
    return typed


def _name(typed: str) -> None:
    if problem := path_problem(f"content/column/post/{typed}"):
        raise QianfaError(t("its name cannot be used: {problem}", problem=problem))
