"""The way of an act, as code: judge, ask the gate ahead, write objects, have git sign, check, move the branch. All or nothing."""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from review import pipeline
from review.actions.change import Change, Signer
from review.errors import Refused, UnusableSite
from review.formats import statements
from review.formats.policy_files import CERTIFICATES
from review.gate.bench import Bench
from review.history.repository import Repository, open_repository
from review.history.unfinished import check_index_free, check_nothing_unfinished
from review.history.work_tree import behind_link, item_files
from review.history.writing import (
    Author,
    SigningKey,
    advance,
    edited,
    read_back,
    refresh,
    uninterrupted,
    write_file,
)
from review.messages import t, typed
from review.model.digests import content_code
from review.model.paths import is_item, record_of
from review.model.settings import Settings
from review.ways.committing import outdated, sign_commit
from review.ways.identity import identify

Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that was carried out: what its statement says, and the commit that carries it. `code` is for people's eyes."""

    commit: str
    item: str
    version: int
    stage: str
    decision: str
    by: str
    at: str
    manifest: str
    code: str
    statement: str
    note: str
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody sits down to sign: the judged site, the bench that judged it, and who they are by their key."""

    session: pipeline.Session
    bench: Bench
    signer: Signer
    key: SigningKey
    at: dt.datetime
    settings: Settings
    made: list[Done] = field(default_factory=list)
    """What was signed at this desk, in order; each stands on the one before."""
    seen: dict[str, bytes] = field(default_factory=dict)
    """What the work tree had when it was looked at; nothing that differs from it is ever written over."""

    @property
    def repository(self) -> Repository:
        """The site's repository."""
        return self.session.repository

    @property
    def head(self) -> str:
        """The commit that the next one stands on: the one judged, or what was signed here since."""
        return self.made[-1].commit if self.made else self.session.commit

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
    with pipeline.judged(site, "HEAD", options, progress) as session:
        session.repository.check_work_tree()
        check_nothing_unfinished(session.repository)
        bench = pipeline.bench_of(session, options)
        who = identify(session.repository, bench.in_force.policy.people, key=key, named=person)
        settings = pipeline.settings_of(session, bench)
        progress("done", 0, 0)  # the terminal is git's now, should it ask for a passphrase
        zone = zoneinfo.ZoneInfo(bench.in_force.policy.columns.site.timezone)
        yield Desk(
            session=session,
            bench=bench,
            signer=Signer(person=who.person, key=who.fingerprint),
            key=who.key,
            at=options.now.astimezone(zone),
            settings=settings,
        )


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


def carry_out(at: Desk, change: Change) -> Done:
    """Commit a change, signed, and bring branch, index and work tree to it. Several at one desk are about different items.

    Nobody is asked for their key where it is plain already that it would be for nothing.

    1. Write the objects; nothing refers to them yet.
    2. Have git sign the commit.
    3. Read it back and check it as the gate will: message, signature, key.
    4. Move the branch if nobody else did, then work tree and index; Ctrl-C waits until that is done.

    Edits that are not committed are in nobody's way: it is refused where there are any, and those that somebody makes
    while it goes on stay.
    """
    if at.repository.resolve("HEAD", at.session.store) != at.head:
        raise Refused(
            t("somebody else signed or committed meanwhile, so nothing is signed"),
            where=str(at.repository.path),
            hint=t("run the command again"),
        )
    known = _known(at, change)
    for path in edited(at.repository, known):
        raise _edited(at, change, path)
    check_nothing_unfinished(at.repository)
    check_index_free(at.repository)
    people = at.bench.in_force.policy.people
    author = Author(name=people.people[at.signer.person].name, email=f"{at.signer.person}@{at.bench.site}.invalid")
    commit = sign_commit(
        at.repository,
        at.session.store,
        parent=at.head,
        change=change,
        key=at.key,
        author=author,
        accepts=lambda keys: any(people.key_is(one, at.signer.person) for one in keys),
        certificates=certificates_of(at),
    )
    done = _done(change, commit)
    with uninterrupted():
        advance(at.repository, at.head, commit, change.message.split(b"\n", 1)[0].decode())
        at.made.append(done)  # from here on it is, whatever becomes of the work tree
        refresh(at.repository, change.files, keep=edited(at.repository, known))
    return done


def _edited(at: Desk, change: Change, path: str) -> Refused:
    """Return the refusal to sign over somebody's own text: no advice of ours may throw it away."""
    item = change.statement.item
    if path in at.seen:
        again = t("look at it, then: qianfa approve {item} --amend", item=typed(item))
        return Refused(
            t("it was changed while you were asked, so nothing is signed"),
            where=path,
            hint=again if change.amends else t("look at it, then run the command again"),
        )
    aside = t("commit it, or put it aside: git stash push -- {path}", path=typed(path))
    return Refused(
        t("it was edited and is not committed"),
        where=path,
        hint=aside if path in at.committed(item) else t("it is not in the last commit; move it away"),
    )


def _done(change: Change, commit: str) -> Done:
    said = change.statement
    return Done(
        commit=commit,
        item=said.item,
        version=said.version,
        stage=said.stage,
        decision=said.decision,
        by=said.by,
        at=said.at,
        manifest=said.manifest,
        code=content_code(said.manifest),
        statement=statements.digest(said),
        note=said.note,
        meaning=change.meaning,
    )


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


def certificates_of(at: Desk) -> dict[str, bytes]:
    """Return the certificates of the policy in force."""
    if at.session.trees is None:
        return {}
    files = at.session.trees.policy(at.bench.in_force.commit).files
    return {file.blob: at.session.trees.bytes_of(file.blob) for file in files if file.path.startswith(CERTIFICATES)}


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
