"""Where what a command writes must not go: among the files that a site is made of. Writes nothing."""

from __future__ import annotations

from pathlib import Path

from review.errors import UnusableSite
from review.formats.policy_files import CERTIFICATES
from review.messages import Message, t
from review.model.paths import CONTENT_ZONE

_OWN = (*CONTENT_ZONE, "theme/", CERTIFICATES, ".git/")
"""Folders whose files are content, policy or git's."""


def check_apart(site: Path, target: Path, what: Message) -> None:
    """Raise `UnusableSite`, in the words `what`, where a file or folder to be written lies among the site's own."""
    inside = target.parent.resolve() / target.name
    root = site.resolve()
    for zone in _OWN:
        if any(one.is_relative_to(root / zone) for one in (inside, target.resolve())):
            raise UnusableSite(what, where=str(target), hint=t("name a place outside {zone}", zone=zone))
