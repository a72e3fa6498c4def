"""Find the public half of the key that git will sign with, and the keys that are at hand. No private half is ever read."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import git
from git.exc import GitCommandError

from review.errors import FormatError, Refused
from review.formats.public_keys import parse_public_key
from review.history.repository import Repository, plain_environment
from review.history.writing import SigningKey
from review.messages import t

_LITERAL = re.compile(r"key::|ssh-\S+ AAAA")
"""How a name begins that is a public key itself, whose private half an agent has."""

_PATIENCE = 10
"""Seconds for ssh-agent and gpg to say what keys they have. Neither asks anybody for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAtHand:
    """A key that could sign: its fingerprint, and `key`, which names it to git; `told` is where it was found."""

    fingerprint: str
    key: SigningKey
    told: str


def fingerprint_of(repository: Repository, key: SigningKey) -> str:
    """Return the fingerprint of the SSH key that git will use; empty where git signs with OpenPGP.

    `Refused` where there is no key, or none that the format allows.
    """
    named = key.path or configured_key(repository)
    if not named:
        raise Refused(
            t("no signing key is set"), hint=t("give one: --key FILE, or git config user.signingkey and gpg.format ssh")
        )
    if not key.path and not _signs_with_ssh(repository):
        return ""
    if not _LITERAL.match(named):
        # git takes a relative name from the site's folder
        named = str(repository.path / os.path.expanduser(named))  # noqa: PTH111  # pathlib raises for ~nobody
    try:
        return parse_public_key(public_text(named)).fingerprint
    except FormatError as error:
        raise Refused(
            t("the key cannot sign here: {what}", what=error.what),
            where=named,
            hint=t("ssh-keygen -t ed25519 makes a good one"),
        ) from None


def configured_key(repository: Repository) -> str:
    """Return git's user.signingkey; empty where none is set."""
    return _configured(repository, "user.signingkey")


def signing_key(repository: Repository, path: str) -> SigningKey:
    """Return what git signs with: the key at a path, else its own.

    Where git's own is an SSH key and nobody told git so, it is told; it would take the name for one of an OpenPGP key.
    """
    named = path or configured_key(repository)
    place = repository.path / os.path.expanduser(named)  # noqa: PTH111  # pathlib raises for ~nobody
    if not path and not _configured(repository, "gpg.format") and (_LITERAL.match(named) or place.is_file()):
        return SigningKey(path=named if _LITERAL.match(named) else str(place.absolute()))
    return SigningKey(path=path)


def _signs_with_ssh(repository: Repository) -> bool:
    return _configured(repository, "gpg.format") == "ssh"


def keys_at_hand() -> list[KeyAtHand]:
    """Return the SSH keys that could sign for whoever sits here: those that ssh-agent holds, then those in ~/.ssh.

    A key in ~/.ssh counts only with its private half, or the handle of a security key, beside it. Those that the format does
    not allow are left out, and each key is there once.
    """
    found: dict[str, KeyAtHand] = {}
    for line in _held_by_agent():
        _note(found, line, SigningKey(path=f"key::{line}"), "ssh-agent")
    for path in sorted((Path(os.path.expanduser("~")) / ".ssh").glob("*.pub")):  # noqa: PTH111  # never raises
        if path.with_suffix("").is_file() and path.is_file():
            line = path.read_text(encoding="utf-8", errors="replace").strip()
            _note(found, line, SigningKey(path=str(path.with_suffix(""))), str(path.with_suffix("")))
    return list(found.values())


def _note(found: dict[str, KeyAtHand], line: str, key: SigningKey, told: str) -> None:
    try:
        fingerprint = parse_public_key(line).fingerprint
    except FormatError:
        return
    found.setdefault(fingerprint, KeyAtHand(fingerprint=fingerprint, key=key, told=told))


def _held_by_agent() -> list[str]:
    """Return the public keys that ssh-agent holds, without their comments: git takes a key, not a line with anything else."""
    if not os.environ.get("SSH_AUTH_SOCK"):
        return []
    listed = _output("ssh-add", "-L")
    return [" ".join(line.split()[:2]) for line in listed.splitlines()]


def openpgp_keys(repository: Repository, *, looking: bool = True) -> list[str]:
    """Return the certificates that gpg finds under git's user.signingkey, as `OPENPGP:` and fingerprint; none without gpg.

    For somebody who is only `looking`, the repository's own configuration does not say which program that is: none of its
    programs runs. Whoever signs has git run it anyway.
    """
    named = configured_key(repository)
    scopes: tuple[tuple[str, ...], ...] = (("--global",), ("--system",)) if looking else ((),)
    programs = (
        _configured(repository, name, *scope) for name in ("gpg.openpgp.program", "gpg.program") for scope in scopes
    )
    program = next(filter(None, programs), "gpg")
    if not named or named.startswith("-"):
        return []
    listed = _output(program, "--batch", "--no-tty", "--with-colons", "--list-keys", named)
    rows = [line.split(":") for line in listed.splitlines()]
    return [f"OPENPGP:{row[9].upper()}" for row in rows if row[0] == "fpr" and len(row) > 9]


def _output(*command: str) -> str:
    """Return what a program prints; nothing where it is not there, fails, or takes too long."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True, errors="replace",
            timeout=_PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def public_text(named: str) -> str:
    """Return the public key line of a key named as git's user.signingkey may name it: a file, or the key itself."""
    if _LITERAL.match(named):
        return named.removeprefix("key::")
    path = Path(named)
    public = path if path.suffix == ".pub" else path.with_name(path.name + ".pub")
    if public.is_file():
        return public.read_text(encoding="utf-8", errors="replace").strip()
    if not path.is_file():
        raise Refused(
            t("there is no such key file"), where=named, hint=t("make one with: ssh-keygen -t ed25519 -f FILE")
        )
    try:
        # The public half of a key in OpenSSH's form is not encrypted: `-e` reads it, and `-y` would ask for the passphrase.
        made = subprocess.run(["ssh-keygen", "-e", "-f", str(path)], check=True, capture_output=True, text=True)
        return _of_rfc4716(made.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        raise Refused(
            t("its public half cannot be read"),
            where=str(path),
            hint=t("put it beside the key as {name}", name=public.name),
        ) from None


def _of_rfc4716(text: str) -> str:
    """Return the public key line of a key as RFC 4716 writes it; `ValueError` for anything else."""
    lines = text.replace("\\\n", "").strip().split("\n")
    encoded = "".join(line for line in lines[1:-1] if ":" not in line)
    blob = base64.b64decode(encoded, validate=True)
    kind = blob[4 : 4 + int.from_bytes(blob[:4], "big")]
    return f"{kind.decode('ascii')} {encoded}"


def _configured(repository: Repository, name: str, *scope: str) -> str:
    with plain_environment():
        try:
            return str(git.Git(str(repository.path)).config(*scope, "--get", name)).strip()
        except GitCommandError:
            return ""


def absolute(key: str) -> str:
    """Return the key's path from the root: git runs in the site's folder, not in the caller's. A key itself stays as it is."""
    if not key or _LITERAL.match(key):
        return key
    return os.path.abspath(os.path.expanduser(key))  # noqa: PTH100, PTH111  # a link must stay a link
