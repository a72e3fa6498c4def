"""The way a site comes to be: from the sample, or out of a repository that is there. All or nothing."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from review.actions import founding
from review.errors import Refused, UnusableSite
from review.formats.clean_text import clean_line
from review.history.repository import Repository, make_repository, open_repository
from review.history.signing_keys import absolute, fingerprint_of, public_text
from review.history.work_tree import tracked_files
from review.history.writing import SigningKey
from review.messages import t
from review.model.paths import IDENTIFIER
from review.ways.policy_signing import SignedPolicy, sign_files
from review.ways.sample_site import SAMPLE_FILES, Files, make_cast, sample


def found(
    folder: Path,
    *,
    site_id: str,
    title: str,
    admin: str,
    admin_name: str,
    key: str,
    cast: Path | None,
    now: dt.datetime,
) -> SignedPolicy:
    """Found a site: in a new or empty folder from the sample, or out of the git repository whose top folder it is.

    Signs version 1 of its policy with `key`. A new folder appears whole or not at all; in a repository that is there,
    every tracked file becomes policy or content as its place says, and one signed commit is made.
    """
    if not IDENTIFIER.fullmatch(admin):
        raise Refused(t("{id} is not an id", id=repr(admin)), where="--admin", hint=t("use a-z, 0-9 and hyphens"))
    if cast is not None and cast.resolve().is_relative_to(folder.resolve()):
        raise UnusableSite(
            t("{folder} lies inside the site, where no key belongs", folder=cast),
            where="--cast",
            hint=t("name a folder beside it"),
        )
    if (folder / ".git").exists():
        repository = open_repository(folder)
        return _found_in(repository, tracked_files(repository), site_id, title, admin, admin_name, key, cast, now)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(t("it is neither empty nor a git repository"), where=str(folder), hint=t("name a new folder"))
    new = [one for one in folder.parents if not one.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".qianfa-init-", dir=folder.parent))
    try:
        staging.chmod(0o755)
        made = _found_in(make_repository(staging), {}, site_id, title, admin, admin_name, key, cast, now)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        with suppress(OSError):
            for one in new:
                one.rmdir()
        raise
    return made


def _found_in(
    repository: Repository,
    there: Files,
    site_id: str,
    title: str,
    admin: str,
    admin_name: str,
    key: str,
    cast: Path | None,
    now: dt.datetime,
) -> SignedPolicy:
    default = sample()
    files = {**({} if there else {**default, ".gitignore": ("100644", founding.GITIGNORE)}), **there}
    for name in SAMPLE_FILES:
        files.setdefault(name, default[name])
    people = files.get("people.yaml", default["people.yaml"])[1]
    signing = SigningKey(path=absolute(key))
    fingerprint_of(repository, signing)
    public = " ".join(public_text(signing.path).split()[:2])  # what follows is a remark, which could hold anything
    mode, columns = files["columns.yaml"]
    # The sample has the title of another organisation; a repository's own columns.yaml has its own.
    other = "columns.yaml" not in there and founding.id_of(columns) != site_id
    columns = founding.named_columns(columns, site_id, clean_line(title) or (site_id if other else ""))
    files["columns.yaml"] = (mode, columns)
    keys = make_cast(cast, [role for role in _cast_of(people) if role != admin]) if cast else {}
    roles = [
        founding.Role(id=admin, name=clean_line(admin_name) or admin, offices=(), keys=(public,)),
        *founding.sample_roles(people, keys),
    ]
    files["people.yaml"] = ("100644", founding.people_file(founding.sample_units(people), roles, [admin], 1))
    return sign_files(repository, files, there, signing, now, "", admin, None)


def _cast_of(people: bytes) -> list[str]:
    return [role.id for role in founding.sample_roles(people, _Anyone()) if role.offices]


class _Anyone(dict[str, str]):
    """Says of everybody that they have a key: used to list people, before keys are made."""

    def __contains__(self, person: object) -> bool:
        return True

    def __missing__(self, person: str) -> str:
        return ""
