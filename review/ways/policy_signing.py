"""The way a policy version comes to be: files, signature, branch. All or nothing."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from review import pipeline
from review.actions import policy
from review.actions.change import Change
from review.errors import FormatError, Refused
from review.history.objects import ObjectStore
from review.history.repository import Repository, open_repository
from review.history.signing_keys import absolute, fingerprint_of
from review.history.unfinished import check_index_free, check_nothing_unfinished
from review.history.work_tree import policy_of, tracked_files
from review.history.writing import Author, SigningKey, advance, edited, read_back, refresh, uninterrupted
from review.messages import t, typed
from review.model.cautions import Caution
from review.model.digests import content_code
from review.model.paths import CONTENT_ZONE, POLICY, POLICY_RECORD
from review.model.people import People
from review.model.policies import PolicyVersion
from review.model.settings import Settings
from review.ways.committing import certificates_from, outdated, sign_commit
from review.ways.policy_cautions import stopping, with_cautions
from review.ways.policy_reading import Difference, difference, of_version, of_work_tree, untracked_policy

Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPolicy:
    """A policy signature that was made: version, manifest (the trust pin once complete), how many are missing, who may sign.

    `settings` say whether it is to be sent, as the policy in force before has it; `untracked` are files that are no part of it,
    because git does not know them.
    """

    version: int
    manifest: str
    commit: str
    missing: int
    may_sign: tuple[str, ...]
    by: str = ""
    code: str = ""
    settings: Settings = field(default_factory=Settings, repr=False)
    untracked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an administrator is about to sign. `difference` is what it changes; None for a first policy.

    `stops` are what should keep them from it.
    """

    version: int
    by: str
    code: str
    difference: Difference | None
    stops: tuple[Caution, ...] = ()


def sign_policy(
    site: Path,
    options: pipeline.GateOptions,
    *,
    key: str,
    note: str,
    named: str = "",
    agree: Callable[[Proposal], None] | None = None,
    anyway: bool = False,
    progress: pipeline.Progress = pipeline.silent,
) -> SignedPolicy:
    """Sign the policy files of the work tree as they are, as the next version or with those who have begun to.

    `named` says who signs where the key is an OpenPGP one. `agree` is told what it is before the key is used, and raises
    where it is not wanted. Without it, files that the site could not be built with, or that leave posts without a way to
    them, are `Refused` unless they are wanted `anyway`; what is so in force already is left alone.
    """
    repository = open_repository(site)
    repository.check_work_tree()
    check_nothing_unfinished(repository)
    signing = SigningKey(path=absolute(key))
    with pipeline.judged(site, "HEAD", options, progress) as session:
        blocking = [one for one in session.report.findings if one.severity == "block" and one.code != "policy-missing"]
        if blocking:
            raise Refused(blocking[0].message, where=blocking[0].code, hint=blocking[0].hint)
        files = tracked_files(repository)
        bench = pipeline.bench_of(session, options) if session.report.policy is not None else None
        settings = Settings()
        if bench is not None:
            with suppress(FormatError):  # settings that say nonsense must not keep anybody from setting them right
                settings = pipeline.settings_of(session, bench)
        progress("done", 0, 0)  # the terminal is the person's now, and git's

        def shown(about: policy.Signing) -> None:
            said = about.change.statement
            after = of_work_tree(session)
            before = of_version(session, bench, bench.in_force.version) if bench else None
            changed = with_cautions(difference(before, after), session) if before else None
            stops = changed.stops if changed else stopping(after, session)
            if agree is not None:
                code = content_code(said.manifest)
                agree(Proposal(version=said.version, by=said.by, code=code, difference=changed, stops=stops))
            elif stops and not anyway:
                raise Refused(
                    stops[0].what,
                    where=stops[0].where,
                    hint=t("{hint}; or sign it all the same: --anyway", hint=stops[0].hint),
                )

        made = sign_files(repository, files, files, signing, options.now, note, named, session, shown)
        return replace(made, settings=settings, untracked=untracked_policy(repository))


def sign_files(
    repository: Repository,
    files: Files,
    seen: Files,
    key: SigningKey,
    now: dt.datetime,
    note: str,
    named: str,
    session: pipeline.Session | None,
    shown: Callable[[policy.Signing], None] = lambda about: None,
) -> SignedPolicy:
    """Sign these policy files; `seen` are those that the work tree has, `session` is None while a site is being founded.

    `shown` is told what is about to be signed, when nothing is written yet.
    """
    check_nothing_unfinished(repository)
    if session is None and repository.has_commits():
        with pipeline.judged(repository.path, "HEAD", pipeline.GateOptions(now=now)) as opened:
            if opened.report.policy is not None:
                raise Refused(
                    t("this is a site already"),
                    where=str(repository.path),
                    hint=t("change its policy with: qianfa policy sign"),
                )
            return sign_files(repository, files, seen, key, now, note, named, opened)
    evidence = session.evidence if session else None
    parent = session.commit if session else ""
    in_force: PolicyVersion | None = session.report.policy if session else None
    committed = _committed(session)
    record = committed.get(POLICY_RECORD, ("100644", policy.NEW_RECORD))
    mine = read_back(repository.path / POLICY_RECORD)
    if mine is not None and mine != record[1] and not outdated(mine, record[1], POLICY):
        raise Refused(
            t("it was edited and is not committed"),
            where=POLICY_RECORD,
            hint=t("undo it: git checkout HEAD -- {path}", path=typed(POLICY_RECORD)),
        )
    zone = {path: file for path, file in files.items() if path != POLICY_RECORD}
    snapshot = policy_of({**zone, POLICY_RECORD: record})
    fingerprint = fingerprint_of(repository, key)
    person = policy.signer_of(fingerprint, snapshot.policy, in_force) if fingerprint else named
    if not person and snapshot.policy is not None:
        raise _nobodys(fingerprint)
    if person and named and person != named:
        raise Refused(
            t("the key is {person}'s, not {named}'s", person=person, named=named),
            where="people.yaml",
            hint=t("sign with your own key: --key FILE"),
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
            t("git does not know this file, so it cannot be signed over"),
            where=path,
            hint=t("git add {path}, or take it away", path=typed(path)),
        )
    shown(signing)
    check_index_free(repository)
    peoples = [signing.policy.people, *([in_force.policy.people] if in_force else [])]
    commit = _commit(repository, parent, signing, key, person, peoples, zone, known)
    return SignedPolicy(
        version=signing.change.statement.version,
        manifest=signing.change.statement.manifest,
        commit=commit,
        missing=signing.missing,
        may_sign=signing.may_sign,
        by=signing.change.statement.by,
        code=content_code(signing.change.statement.manifest),
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
            accepts=lambda keys: (
                keys.isdisjoint(frozenset().union(*(people.compromised for people in peoples)))
                and any(people.key_is(one, person) for people in peoples for one in keys)
            ),
            certificates=certificates_from(zone),
        )
    with uninterrupted():
        advance(repository, parent, commit, change.message.split(b"\n", 1)[0].decode())
        refresh(repository, change.files, keep=edited(repository, known))
    return commit


def _nobodys(fingerprint: str) -> Refused:
    if not fingerprint:
        return Refused(t("an OpenPGP key does not say whose it is"), hint=t("say who signs with --as PERSON"))
    return Refused(
        t("the key {fingerprint} is nobody's", fingerprint=fingerprint),
        where="people.yaml",
        hint=t("sign with an administrator's key: --key FILE"),
    )


def _committed(session: pipeline.Session | None) -> Files:
    if session is None or session.trees is None:
        return {}
    return {
        blob.path: (blob.mode, session.store.read(blob.id, "blob"))
        for blob in session.trees.files(session.commit)
        if not blob.path.startswith(CONTENT_ZONE)
    }
