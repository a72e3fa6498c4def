"""The way a site comes to be, and its policy from version to version: files, signature, trust pin. All or nothing."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tempfile
import zoneinfo
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import Path

from review import pipeline
from review.actions import founding, policy
from review.actions.change import Change
from review.acts import certificates_from, outdated, sign_commit
from review.errors import Refused, UnusableSite
from review.formats.clean_text import clean_line
from review.history.objects import ObjectStore
from review.history.repository import Repository, make_repository, open_repository
from review.history.signing_keys import absolute, fingerprint_of, public_text
from review.history.work_tree import policy_of, tracked_files
from review.history.writing import Author, SigningKey, advance, edited, read_back, refresh, uninterrupted
from review.model.paths import CONTENT_ZONE, IDENTIFIER, POLICY, POLICY_RECORD
from review.model.people import People
from review.model.policies import PolicyVersion

SAMPLE_FILES = ("columns.yaml", "workflows.yaml", "pelicanconf.py")

Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """A policy signature that was made: version, manifest (the trust pin once complete), how many are missing, who may sign."""

    version: int
    manifest: str
    commit: str
    missing: int
    may_sign: tuple[str, ...]


def sample() -> Files:
    """Return the sample site that comes with the program: its policy files, theme included."""
    root = resources("review").joinpath("sample")
    if not root.is_dir():
        raise UnusableSite(
            "this copy of the program has no sample site", hint="install it: scripts/setup, or pip install qianfa"
        )
    found = {name: ("100644", root.joinpath(name).read_bytes()) for name in (*SAMPLE_FILES, "people.yaml")}
    return found | {f"theme/{path}": ("100644", data) for path, data in _below(root.joinpath("theme"))}


def _below(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith(".pyc"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found


def make_cast(folder: Path, people: list[str]) -> dict[str, str]:
    """Make a throw-away key for each of the people in a folder outside the site; return their public keys."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    keys = {}
    for person in people:
        path = folder / person
        if not path.exists():
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", str(path)]
            try:
                subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
            except FileNotFoundError:
                raise UnusableSite("ssh-keygen is not installed", hint="install OpenSSH's client") from None
            except subprocess.CalledProcessError as error:
                raise UnusableSite(
                    f"no key could be made: {error.stderr.decode(errors='replace').strip()}", where=str(path)
                ) from None
        keys[person] = path.with_name(person + ".pub").read_text(encoding="utf-8").rpartition(" ")[0]
    return keys


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
) -> Founded:
    """Found a site: in a new or empty folder from the sample, or out of the git repository whose top folder it is.

    Signs version 1 of its policy with `key`. A new folder appears whole or not at all; in a repository that is there,
    every tracked file becomes policy or content as its place says, and one signed commit is made.
    """
    if not IDENTIFIER.fullmatch(admin):
        raise Refused(f"{admin!r} is not an id", where="--admin", hint="use a-z, 0-9 and hyphens")
    if cast is not None and cast.resolve().is_relative_to(folder.resolve()):
        raise UnusableSite(
            f"{cast} lies inside the site, where no key belongs", where="--cast", hint="name a folder beside it"
        )
    if (folder / ".git").exists():
        repository = open_repository(folder)
        return _found_in(repository, tracked_files(repository), site_id, title, admin, admin_name, key, cast, now)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("it is neither empty nor a git repository", where=str(folder), hint="name a new folder")
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
) -> Founded:
    default = sample()
    files = {**({} if there else {**default, ".gitignore": ("100644", founding.GITIGNORE)}), **there}
    for name in SAMPLE_FILES:
        files.setdefault(name, default[name])
    people = files.get("people.yaml", default["people.yaml"])[1]
    signing = SigningKey(path=absolute(key))
    fingerprint_of(repository, signing)
    public = " ".join(public_text(signing.path).split()[:2])  # what follows is a remark, which could hold anything
    files["columns.yaml"] = (
        files["columns.yaml"][0],
        founding.named_columns(files["columns.yaml"][1], site_id, clean_line(title)),
    )
    keys = make_cast(cast, [role for role in _cast_of(people) if role != admin]) if cast else {}
    roles = [
        founding.Role(id=admin, name=clean_line(admin_name) or admin, offices=(), keys=(public,)),
        *founding.sample_roles(people, keys),
    ]
    files["people.yaml"] = ("100644", founding.people_file(founding.sample_units(people), roles, [admin], 1))
    return _sign(repository, files, there, signing, now, "", admin, None)


def _cast_of(people: bytes) -> list[str]:
    return [role.id for role in founding.sample_roles(people, _Anyone()) if role.offices]


class _Anyone(dict[str, str]):
    """Says of everybody that they have a key: used to list people, before keys are made."""

    def __contains__(self, person: object) -> bool:
        return True

    def __missing__(self, person: str) -> str:
        return ""


def sign_policy(site: Path, options: pipeline.GateOptions, *, key: str, note: str, named: str = "") -> Founded:
    """Sign the policy files of the work tree as they are, as the next version or with those who have begun to.

    `named` says who signs where the key is an OpenPGP one.
    """
    repository = open_repository(site)
    repository.check_work_tree()
    signing = SigningKey(path=absolute(key))
    with pipeline.judged(site, "HEAD", options) as session:
        blocking = [one for one in session.report.findings if one.severity == "block" and one.code != "policy-missing"]
        if blocking:
            raise Refused(blocking[0].message, where=blocking[0].code, hint=blocking[0].hint)
        files = tracked_files(repository)
        return _sign(repository, files, files, signing, options.now, note, named, session)


def _sign(
    repository: Repository,
    files: Files,
    seen: Files,
    key: SigningKey,
    now: dt.datetime,
    note: str,
    named: str,
    session: pipeline.Session | None,
) -> Founded:
    """Sign these policy files; `seen` are those that the work tree has, `session` is None while a site is being founded."""
    if session is None and repository.has_commits():
        with pipeline.judged(repository.path, "HEAD", pipeline.GateOptions(now=now)) as opened:
            if opened.report.policy is not None:
                raise Refused(
                    "this is a site already",
                    where=str(repository.path),
                    hint="change its policy with: qianfa policy sign",
                )
            return _sign(repository, files, seen, key, now, note, named, opened)
    evidence = session.evidence if session else None
    parent = session.commit if session else ""
    in_force: PolicyVersion | None = session.report.policy if session else None
    committed = _committed(session)
    record = committed.get(POLICY_RECORD, ("100644", policy.NEW_RECORD))
    mine = read_back(repository.path / POLICY_RECORD)
    if mine is not None and mine != record[1] and not outdated(mine, record[1], POLICY):
        raise Refused(
            "it was edited and is not committed",
            where=POLICY_RECORD,
            hint=f"undo it: git checkout HEAD -- {POLICY_RECORD}",
        )
    zone = {path: file for path, file in files.items() if path != POLICY_RECORD}
    snapshot = policy_of({**zone, POLICY_RECORD: record})
    fingerprint = fingerprint_of(repository, key)
    person = policy.signer_of(fingerprint, snapshot.policy, in_force) if fingerprint else named
    if not person and snapshot.policy is not None:
        raise _nobodys(fingerprint)
    if person and named and person != named:
        raise Refused(
            f"the key is {person}'s, not {named}'s", where="people.yaml", hint="sign with your own key: --key FILE"
        )
    timezone = snapshot.policy.columns.site.timezone if snapshot.policy else "UTC"
    changed: dict[str, tuple[str, bytes] | None] = {
        path: zone.get(path) for path in {*zone, *committed} - {POLICY_RECORD} if zone.get(path) != committed.get(path)
    }
    signing = policy.sign(
        snapshot=snapshot,
        files=changed,
        record=record[1],
        made=evidence.of("policy") if evidence else (),
        in_force=in_force,
        person=person,
        key=fingerprint,
        at=now.astimezone(zoneinfo.ZoneInfo(timezone)),
        note=note,
    )
    known = {
        path: [one[path][1] for one in (zone, seen, committed) if path in one] for path in (*changed, POLICY_RECORD)
    }
    for path in edited(repository, known):
        raise Refused(
            "git does not know this file, so it cannot be signed over",
            where=path,
            hint=f"git add {path}, or take it away",
        )
    peoples = [signing.policy.people, *([in_force.policy.people] if in_force else [])]
    commit = _commit(repository, parent, signing, key, person, peoples, zone, known)
    return Founded(
        version=signing.change.statement.version,
        manifest=signing.change.statement.manifest,
        commit=commit,
        missing=signing.missing,
        may_sign=signing.may_sign,
    )


def _commit(
    repository: Repository,
    parent: str,
    signing: policy.Signing,
    key: SigningKey,
    person: str,
    peoples: Sequence[People],
    zone: Mapping[str, tuple[str, bytes]],
    known: Mapping[str, list[bytes]],
) -> str:
    change: Change = signing.change
    signer = next((people.people[person] for people in peoples if person in people.people), None)
    author = Author(name=signer.name if signer else person, email=f"{person}@{signing.policy.columns.site.id}.invalid")
    with ObjectStore(repository.objects) as store:
        commit = sign_commit(
            repository,
            store,
            parent=parent,
            change=change,
            key=key,
            author=author,
            accepts=lambda keys: any(people.key_is(one, person) for people in peoples for one in keys),
            certificates=certificates_from(zone),
        )
    with uninterrupted():
        advance(repository, parent, commit, change.message.split(b"\n", 1)[0].decode())
        refresh(repository, change.files, keep=edited(repository, known))
    return commit


def _nobodys(fingerprint: str) -> Refused:
    if not fingerprint:
        return Refused("an OpenPGP key does not say whose it is", hint="say who signs with --as PERSON")
    return Refused(
        f"the key {fingerprint} is nobody's", where="people.yaml", hint="sign with an administrator's key: --key FILE"
    )


def _committed(session: pipeline.Session | None) -> Files:
    if session is None or session.trees is None:
        return {}
    return {
        blob.path: (blob.mode, session.store.read(blob.id, "blob"))
        for blob in session.trees.files(session.commit)
        if not blob.path.startswith(CONTENT_ZONE)
    }
