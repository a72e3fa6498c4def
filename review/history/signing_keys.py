"""Find the public half of the key that git will sign with. The private half is never read."""

from __future__ import annotations

import os
import re
import subprocess
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


def fingerprint_of(repository: Repository, key: SigningKey) -> str:
    """Return the fingerprint of the SSH key that git will use; empty where git signs with OpenPGP.

    `Refused` where there is no key, or none that the format allows.
    """
    named = key.path or _configured(repository, "user.signingkey")
    if not key.path and _configured(repository, "gpg.format") != "ssh":
        if named:
            return ""
        raise Refused(
            t("no signing key is set"), hint=t("give one: --key FILE, or git config user.signingkey and gpg.format ssh")
        )
    if not named:
        raise Refused(t("no signing key is set"), hint=t("give one: --key FILE, or git config user.signingkey FILE"))
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
        # Asks for the passphrase where there is one, on the terminal of whoever signs.
        made = subprocess.run(["ssh-keygen", "-y", "-f", str(path)], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        raise Refused(
            t("its public half cannot be read"),
            where=str(path),
            hint=t("put it beside the key as {name}", name=public.name),
        ) from None
    return made.stdout.strip()


def _configured(repository: Repository, name: str) -> str:
    with plain_environment():
        try:
            return str(git.Git(str(repository.path)).config("--get", name)).strip()
        except GitCommandError:
            return ""


def absolute(key: str) -> str:
    """Return the key's path from the root: git runs in the site's folder, not in the caller's. A key itself stays as it is."""
    if not key or _LITERAL.match(key):
        return key
    return os.path.abspath(os.path.expanduser(key))  # noqa: PTH100, PTH111  # a link must stay a link
