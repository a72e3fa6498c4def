"""The public keys that an administrator gives: as a file or as text. What may be a private key is never shown or kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from review.actions.policy_edits_people import GivenKey
from review.errors import FormatError, Refused
from review.formats.library_words import of_error
from review.formats.openpgp_certificates import certificate_fingerprint
from review.formats.policy_files import CERTIFICATES
from review.formats.public_keys import KINDS, parse_public_key
from review.messages import t

OPTION = "--key"

_MOST = 1 << 20
_ARMOUR = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_FORMS = ("SHA256:", "OPENPGP:")


def given_key(text: str, *, site: Path, person: str, files: Mapping[str, tuple[str, bytes]]) -> GivenKey:
    """Return the key that an option names; `files` are the site's, among which a certificate may lie already."""
    if _secret(text.encode("utf-8", "replace")):
        raise _private("")
    if text.split(" ", 1)[0] in KINDS:
        if " " not in text.strip():
            raise Refused(
                t("only a part of the key is there"), where=OPTION, hint=t("put the whole line between quotes")
            )
        return _ssh(text, OPTION)
    path = Path(os.path.expanduser(text))  # noqa: PTH111  # pathlib raises for ~nobody
    data = _read(path)
    if _secret(data):
        raise _private(str(path))
    if data.lstrip().startswith(_ARMOUR):
        return _certificate(data, path, site, person, files)
    lines = [line for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    if len(lines) != 1 or lines[0].split(" ", 1)[0] not in KINDS:
        raise Refused(
            t("it is no public key file"),
            where=str(path),
            hint=t("give the one line that ssh-keygen wrote into FILE.pub, or an armoured OpenPGP certificate"),
        )
    return _ssh(lines[0], str(path))


def fingerprint_given(text: str, *, site: Path, person: str, files: Mapping[str, tuple[str, bytes]],
                      known: Iterable[str]) -> str:  # fmt: skip
    """Return the fingerprint that an option names, by itself or by the key; `known` are those it may be."""
    for form in ("", *_FORMS):
        if form + text in known:
            return form + text
    if text.startswith(_FORMS):
        return text
    return given_key(text, site=site, person=person, files=files).fingerprint


def _ssh(line: str, where: str) -> GivenKey:
    """Return an SSH key; what follows it in the line is a remark, which could hold anything, and is left out."""
    try:
        key = parse_public_key(" ".join(line.split()[:2]))
    except FormatError as error:
        raise Refused(
            t("the key cannot sign here: {what}", what=error.what),
            where=where,
            hint=error.hint or t("ssh-keygen -t ed25519 makes a good one"),
        ) from None
    return GivenKey(text=key.text(), fingerprint=key.fingerprint)


def _certificate(data: bytes, path: Path, site: Path, person: str, files: Mapping[str, tuple[str, bytes]]) -> GivenKey:
    try:
        fingerprint = certificate_fingerprint(data)
    except FormatError as error:
        raise Refused(error.what, where=str(path), hint=error.hint) from None
    return GivenKey(text=_place(data, path, site, person, files), fingerprint=fingerprint, certificate=data)


def _place(data: bytes, path: Path, site: Path, person: str, files: Mapping[str, tuple[str, bytes]]) -> str:
    """Return where a certificate belongs: where it lies, if it lies there already, else in a file named like its person."""
    there = path.resolve()
    if there.parent == site.resolve() / CERTIFICATES.rstrip("/"):
        return CERTIFICATES + there.name
    number = 1
    while True:
        name = f"{CERTIFICATES}{person}{'' if number == 1 else f'-{number}'}.asc"
        if files.get(name, ("", data))[1] == data and (name in files or not os.path.lexists(site / name)):
            return name
        number += 1


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            # What was typed may be anything, and is not repeated where it does not look like a name.
            shown = str(path) if str(path).isprintable() and " " not in str(path) else OPTION
            raise Refused(
                t("there is no such key file"),
                where=shown,
                hint=t("give the file of the person's public key, or its text between quotes: 'ssh-ed25519 AAAA…'"),
            )
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise Refused(
            t("the key file cannot be read: {reason}", reason=of_error(error)), where=OPTION, hint=t("check its rights")
        ) from None


def _secret(data: bytes) -> bool:
    return any(mark in data for mark in (b"PRIVATE KEY", b"Private-Lines:", b"Private-Hash:", b"Private-MAC:"))


def _private(where: str) -> Refused:
    return Refused(
        t("that is a private key, which nobody else may ever see; nothing of it was kept"),
        where=where or OPTION,
        hint=t("give the public half: {file}", file=f"{where}.pub") if where else t("give the file FILE.pub"),
    )
