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


def check_private(site: Path, output: Path, target: Path) -> None:
    """Raise `UnusableSite` where a folder for the organisation alone lies in the output or the site's folder, or holds one.

    What lies in the output is public, and what lies in the site's folder is so with the next push.
    """
    for whole, what in (
        (output, t("what lies in the output is public")),
        (site, t("what lies in the site's folder may be pushed, and seen by others")),
    ):
        for one in (target.parent.resolve() / target.name, target.resolve()):
            if one.is_relative_to(whole.resolve()):
                raise UnusableSite(what, where=str(target), hint=t("name a place outside {zone}", zone=whole.resolve()))
            if whole.resolve().is_relative_to(one):
                raise UnusableSite(
                    t("{folder} lies in it", folder=str(whole)),
                    where=str(target),
                    hint=t("name a folder for the internal pages alone"),
                )
