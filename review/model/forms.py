"""What stands on an application form: fields, boxes to sign in, the codes that tie paper to bytes. Data only."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from review.model.digests import content_code

FormKind: TypeAlias = Literal["sign-off", "annex"]
FORM_KINDS: tuple[str, ...] = get_args(FormKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a form in the site's language. `titles` are those of forms, by the style and the kind of the post.

    Templates with `{…}` are filled in by the view.
    """

    language: str
    titles: Mapping[str, str]
    labels: Mapping[str, str]
    yes: str
    no: str
    day: str
    minute: str
    at_once: str
    more: str
    more_boxes: str
    bytes: str
    version: str
    code: str
    digest: str
    opinion: str
    agree: str
    send_back: str
    signature: str
    date: str
    in_ink: str
    with_key: str
    signed: str
    signed_on_paper: str
    seat: str
    colon: str
    meaning: str
    check: str
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its label and what stands there. A field without value, choices and lines is left to be filled in by hand.

    `choices` are words with a box each, ticked or not; `wide` takes the whole line.
    """

    key: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, bool], ...] = ()
    lines: tuple[str, ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where somebody signs a stage, or where it says who has: then `person` is not empty.

    `paper` tells whether the stage takes ink. `shown` is what stands in a box that is signed.
    """

    stage: str
    title: str
    paper: bool
    person: str = ""
    at: str = ""
    on_paper: bool = False
    note: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for one version of a post, as handed in. `qr` is what its QR code says; `place` is the post's path as shown."""

    style: FormKind
    site: str
    item: str
    version: int
    manifest: str
    code: str
    qr: str
    title: str
    place: str
    fields: tuple[Field, ...]
    boxes: tuple[Box, ...]
    boxes_left_out: int
    printed: str
    words: Words = field(repr=False)


def qr_text(site: str, item: str, version: int, manifest: str) -> str:
    """Return what the QR code of a form says: the site, the post, its version and the whole digest of what is signed."""
    return f"qianfa:{site}:{item}:{version}:{manifest}"


def is_code_of(typed: str, site: str, item: str, version: int, manifest: str) -> bool:
    """Tell whether somebody typed the content code of this version, or what its QR code says, or the whole digest.

    Letter case, spaces, dashes and the full-width letters of Chinese keyboards make no difference.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if plain.startswith("qianfa:"):
        return plain == unicodedata.normalize("NFKC", qr_text(site, item, version, manifest))
    if plain.startswith("sha256:"):
        return plain == manifest
    wanted = content_code(manifest).replace("-", "")
    return "".join(one for one in plain.upper() if one.isalnum()) == wanted
