"""The way of an act, as code: judge, ask the gate ahead, write objects, have git sign, check, move the branch. All or nothing."""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from review import pipeline
from review.actions.change import Change, Signer
from review.errors import FormatError, Refused, SignatureError, UnusableSite
from review.formats import records, statements
from review.formats.policy_files import CERTIFICATES
from review.gate.bench import Bench
from review.history import openpgp_signatures, ssh_signatures
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.repository import Repository, open_repository
from review.history.signatures import SSH_BEGIN
from review.history.signing_keys import absolute, fingerprint_of
from review.history.work_tree import behind_link, item_files
from review.history.writing import (
    Author,
    SigningKey,
    Writer,
    advance,
    edited,
    read_back,
    refresh,
    uninterrupted,
    write_file,
)
from review.messages import t
from review.model.paths import is_item, record_of
from review.model.policies import Policy

Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody sits down to sign: the judged site, the bench that judged it, and who they are by their key."""

    session: pipeline.Session
    bench: Bench
    signer: Signer
    key: SigningKey
    at: dt.datetime
    seen: dict[str, bytes] = field(default_factory=dict)
    """What the work tree had when it was looked at; nothing that differs from it is ever written over."""

    @property
    def repository(self) -> Repository:
        """The site's repository."""
        return self.session.repository

    def committed(self, item: str) -> dict[str, tuple[str, bytes]]:
        """Return an item's files as the head commit has them."""
        return committed_files(self.session, item)

    def working(self, item: str) -> dict[str, tuple[str, bytes]]:
        """Return an item's files as the work tree has them, its record brought up to the commit's where that only grew.

        A command that was cut off after its commit leaves an older record behind; nothing of anybody's is in it.
        """
        files = item_files(self.repository.path, item)
        self.seen.update((path, data) for path, (_, data) in files.items())
        path, committed = record_of(item), self.committed(item)
        if path in files and path in committed and outdated(files[path][1], committed[path][1], item):
            files[path] = committed[path]
        return files


@contextmanager
def desk(
    site: Path,
    options: pipeline.GateOptions,
    *,
    key: str,
    person: str = "",
    progress: pipeline.Progress = pipeline.silent,
) -> Iterator[Desk]:
    """Sit down at a site to sign with a key. `person` must be said only where git signs with OpenPGP.

    `Refused` where the site is blocked, or the key is nobody's.
    """
    signing = SigningKey(path=absolute(key))
    with pipeline.judged(site, "HEAD", options, progress) as session:
        session.repository.check_work_tree()
        bench = pipeline.bench_of(session, options)
        fingerprint = fingerprint_of(session.repository, signing)
        signer = Signer(person=_person(fingerprint, person, bench.in_force.policy), key=fingerprint)
        progress("done", 0, 0)  # the terminal is git's now, should it ask for a passphrase
        zone = zoneinfo.ZoneInfo(bench.in_force.policy.columns.site.timezone)
        yield Desk(session=session, bench=bench, signer=signer, key=signing, at=options.now.astimezone(zone))


def _person(fingerprint: str, named: str, policy: Policy) -> str:
    people = policy.people
    if not fingerprint:
        if not named:
            raise Refused(t("an OpenPGP key does not say whose it is"), hint=t("say who signs with --as PERSON"))
        if named not in people.people:
            raise Refused(
                t("there is no {named}", named=repr(named)), where="people.yaml", hint=t("give a person's id")
            )
        return named
    owner = people.owners.get(fingerprint)
    if owner is None:
        raise Refused(
            t("the key {fingerprint} is nobody's", fingerprint=fingerprint),
            where="people.yaml",
            hint=t("sign with your own key (--key FILE), or have an administrator add this one"),
        )
    if named and named != owner:
        raise Refused(
            t("the key is {owner}'s, not {named}'s", owner=owner, named=named),
            where="people.yaml",
            hint=t("sign with your own key: --key FILE"),
        )
    return owner


def post_named(site: Path, name: str) -> str:
    """Return the item that a person names by its path, from the site's root or from where they are."""
    path = Path(name)
    candidates = [name.removeprefix("./")]
    with suppress(ValueError):
        candidates.append(path.resolve().relative_to(site.resolve()).as_posix())
    for candidate in candidates:
        if is_item(candidate) and candidate != "policy":
            return candidate
    raise UnusableSite(t("not the path of a post"), where=name, hint=t("posts are content/COLUMN/NAME.md"))


def committed_files(session: pipeline.Session, item: str) -> dict[str, tuple[str, bytes]]:
    """Return an item's files as the commit has them: path to (mode, bytes)."""
    if session.trees is None:
        return {}
    return {
        blob.path: (blob.mode, session.store.read(blob.id, "blob"))
        for blob in session.trees.item_blobs(session.commit, item)
    }


def carry_out(at: Desk, change: Change) -> str:
    """Commit a change, signed, and bring branch, index and work tree to it. Return the commit.

    1. Write the objects; nothing refers to them yet.
    2. Have git sign the commit.
    3. Read it back and check it as the gate will: message, signature, key.
    4. Move the branch if nobody else did, then work tree and index; Ctrl-C waits until that is done.

    Edits that are not committed are in nobody's way: it is refused where there are any, and those that somebody makes
    while it goes on stay.
    """
    known = _known(at, change)
    for path in edited(at.repository, known):
        raise Refused(
            t("it was edited and is not committed"),
            where=path,
            hint=t("commit it, or undo it: git checkout HEAD -- {path}", path=path),
        )
    people = at.bench.in_force.policy.people
    author = Author(name=people.people[at.signer.person].name, email=f"{at.signer.person}@{at.bench.site}.invalid")
    commit = sign_commit(
        at.repository,
        at.session.store,
        parent=at.session.commit,
        change=change,
        key=at.key,
        author=author,
        accepts=lambda keys: any(people.key_is(one, at.signer.person) for one in keys),
        certificates=certificates_of(at),
    )
    with uninterrupted():
        advance(at.repository, at.session.commit, commit, change.message.split(b"\n", 1)[0].decode())
        refresh(at.repository, change.files, keep=edited(at.repository, known))
    return commit


def _known(at: Desk, change: Change) -> dict[str, list[bytes]]:
    """Return what may be replaced in the work tree: what was looked at, what is committed, and the change itself."""
    item = change.statement.item
    committed = at.committed(item)
    known = {}
    for path, file in change.files.items():
        known[path] = [one[1] for one in (file, committed.get(path)) if one]
        if path in at.seen:
            known[path].append(at.seen[path])
        there = read_back(at.repository.path / path)
        if path == record_of(item) and path in committed and there and outdated(there, committed[path][1], item):
            known[path].append(there)
    return known


def outdated(mine: bytes, theirs: bytes, item: str) -> bool:
    """Tell whether a record is the other one before that grew: nothing of anybody's is in it.

    The date of handing in is `submit`'s to write, so it may differ.
    """
    try:
        old, new = (records.parse(data, item=item) for data in (mine, theirs))
    except FormatError:
        return False
    said = [entry.mirror for entry in old.sign_offs]
    before, after = ({**record.header.raw, "submitted": ""} for record in (old, new))
    return before == after and [entry.mirror for entry in new.sign_offs][: len(said)] == said


def certificates_of(at: Desk) -> dict[str, bytes]:
    """Return the certificates of the policy in force."""
    if at.session.trees is None:
        return {}
    files = at.session.trees.policy(at.bench.in_force.commit).files
    return {file.blob: at.session.trees.bytes_of(file.blob) for file in files if file.path.startswith(CERTIFICATES)}


def sign_commit(
    repository: Repository,
    store: ObjectStore,
    *,
    parent: str,
    change: Change,
    key: SigningKey,
    author: Author,
    accepts: Callable[[frozenset[str]], bool],
    certificates: Mapping[str, bytes],
) -> str:
    """Make the signed commit of a change, unreferenced yet, and check it as the gate will; `accepts` is asked for its keys."""
    writer = Writer(repository, store)
    root = parse_commit(store.read(parent, "commit")).tree if parent else ""
    tree = writer.tree_with(root, change.files)
    commit = writer.signed_commit(tree, parent, change.message, key, author)
    made = parse_commit(store.read(commit, "commit"))
    if statements.parse(made.message) != change.statement:
        raise Refused(
            t("git changed the message on the way"), hint=t("look at git's configuration: i18n.commitEncoding")
        )
    try:
        if made.signature is None:
            raise SignatureError(made.signature_problem or t("there is none"))
        if made.signature.startswith(SSH_BEGIN):
            keys = frozenset({ssh_signatures.verify(made.signature, made.payload).fingerprint})
        else:
            keys = openpgp_signatures.verify(made.signature, made.payload, certificates)
    except SignatureError as error:
        raise Refused(
            t("the signature that git made does not hold: {what}", what=error.what),
            hint=error.hint or t("sign with another key"),
        ) from None
    if not accepts(keys):
        raise Refused(
            t("git signed with {keys}, which is not {by}'s key", keys=", ".join(sorted(keys)), by=change.statement.by),
            where="people.yaml",
            hint=t("sign with your own key: --key FILE"),
        )
    return commit


def certificates_from(files: Files) -> dict[str, bytes]:
    """Return the certificates among these files."""
    return {path: data for path, (_, data) in files.items() if path.startswith(CERTIFICATES)}


def write_drafts(site: Path, files: Mapping[str, bytes]) -> None:
    """Write new files into the work tree, all or none; `Refused` where one of them is there already."""
    open_repository(site).check_work_tree()
    for path in files:
        if behind_link(site, path):
            raise Refused(t("a symbolic link leads there"), where=path, hint=t("make it a folder"))
        if os.path.lexists(site / path):
            raise Refused(
                t("there is such a file already"), where=path, hint=t("choose another title, or take that file away")
            )
    written: list[Path] = []
    try:
        for path, data in files.items():
            write_file(site / path, data)
            written.append(site / path)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise
