"""Judge, render, issue: the live set to an output folder, or the work tree to a preview that is marked as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from review import pipeline
from review.errors import Blocked, HistoryError
from review.formats.manifests import canonical_header, manifest_text
from review.formats.policy_files import CERTIFICATES
from review.formats.statements import PREFIX
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.repository import open_repository
from review.history.work_tree import blob_id, item_files, posts_of, snapshot_of
from review.messages import listed, t
from review.model.records import Header
from review.model.reports import Link, LivePost, LiveSet, Report
from review.release.evidence import ChainEvidence, SignedCommit, SignOffEvidence, chain_document
from review.release.swap import check_replaceable, replacing
from review.render.rendering import Rendered, render
from review.render.site_data import text_of
from review.ways.external_files import ExternalFiles
from review.ways.internal_pages import check_internal, internal_pages
from review.ways.media_release import gather
from review.ways.patience import BUILDING
from review.ways.places import check_apart
from review.ways.policy_cautions import stopping, told
from review.ways.policy_reading import of_work_tree, otherwise_here

DRAFT_MARK = "草稿 未签发"

_NAMED = 5
"""Files that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made, and the report it followed."""

    report: Report
    rendered: Rendered


def build(
    site: Path,
    revision: str,
    options: pipeline.GateOptions,
    output: Path,
    progress: pipeline.Progress = pipeline.silent,
    *,
    internal: Path | None = None,
) -> Built:
    """Build the site of a revision into `output`, which is replaced in one step. `Blocked` where the gate blocks.

    1. The gate judges; where it blocks nothing is built.
    2. Theme and settings are taken from the policy in force, posts from the bytes that were judged.
    3. They are rendered beside the output, which the result then replaces.

    Where `internal` names a folder, the organisation's own pages then replace that one.
    """
    _check_output(site, output)
    if internal is not None:
        check_internal(site, output, internal)
    with pipeline.judged(site, revision, options, progress) as session:
        live = _live(session)
        chains = _Chains(session, live)
        with internal_pages(session, options, internal):
            rendered = _render(session, live, output, _Blobs(session.store, {}), chains, {}, progress)
        return Built(report=session.report, rendered=rendered)


def preview(
    site: Path,
    options: pipeline.GateOptions,
    output: Path,
    *,
    only: str = "",
    progress: pipeline.Progress = pipeline.silent,
) -> Built:
    """Build the work tree as it lies there into `output`, every page that is not signed marked across as a draft.

    `only` names one post to show beside what is online. Theme and settings are those of the policy in force all the
    same: code that no administrator has signed is not run, not even for a look.
    """
    _check_output(site, output)
    with pipeline.judged(site, "HEAD", options, progress) as session:
        session.repository.check_work_tree()
        live = _live(session)
        posts = {post.item: post for post in live.posts}
        memory: dict[str, bytes] = {}
        marks: dict[str, str] = {}
        for item in [only] if only else posts_of(site):
            files = item_files(site, item)
            snapshot = snapshot_of(item, files)
            if item in posts and snapshot.manifest == posts[item].manifest:
                continue
            memory.update((blob_id(data), data) for _, data in files.values())
            header = snapshot.header or Header(raw={}, kind="", unit="", classified=False, submitted="")
            at = options.now.isoformat(timespec="seconds")
            posts[item] = LivePost(
                item=item,
                version=0,
                commit="",
                manifest=snapshot.manifest or "sha256:" + "0" * 64,
                header=header,
                files=snapshot.files,
                chain=(),
                stages=(),
                judged_by=0,
                published=at,
                updated=at,
            )
            if snapshot.files:
                marks[item] = DRAFT_MARK
            else:
                del posts[item]
        shown = replace(live, posts=tuple(posts[item] for item in sorted(posts)))
        rendered = _render(
            session, shown, output, _Blobs(session.store, memory), _Chains(session, live), marks, progress
        )
        return Built(report=session.report, rendered=_with_word_of_theme(session, live, rendered))


def _with_word_of_theme(session: pipeline.Session, live: LiveSet, rendered: Rendered) -> Rendered:
    """Say in a preview which files that pages are made with are otherwise here: whoever changed them sees nothing of it."""
    signed = session.trees.policy(live.policy.commit).files if session.trees else ()
    found = otherwise_here(session, signed)
    if not found:
        return rendered
    files = listed([*found[:_NAMED], *([t("and {count} more", count=len(found) - _NAMED)] if found[_NAMED:] else [])])
    what = t(
        "pages are shown as the signed theme, settings and columns make them; here these are otherwise: {files}",
        files=files,
    )
    wrong = map(told, stopping(of_work_tree(session), session))
    return replace(rendered, warnings=(*rendered.warnings, what, *wrong))


def _check_output(site: Path, output: Path) -> None:
    """Raise `QianfaError` where a site must not be built: among the files of one, or over what we did not make."""
    if output.resolve() != preview_folder(site).resolve():
        check_apart(site, output, t("no built site belongs there"))
    check_replaceable(output)


def _live(session: pipeline.Session) -> LiveSet:
    live = session.report.live
    if live is None or session.trees is None:
        first = next(one for one in session.report.findings if one.severity == "block")
        raise Blocked(first.message, where=first.code, hint=first.hint or t("see all of it with: qianfa gate"))
    return live


def _render(
    session: pipeline.Session,
    live: LiveSet,
    output: Path,
    blobs: _Blobs,
    chains: _Chains,
    marks: Mapping[str, str],
    progress: pipeline.Progress,
) -> Rendered:
    if session.trees is None:
        raise Blocked(t("nothing could be read"), hint=t("run: qianfa gate"))
    files = session.trees.policy(live.policy.commit).files
    allowed = live.policy.policy.columns.site.media
    outside = gather(live, blobs.text, ExternalFiles(session.repository, allowed, BUILDING))
    with replacing(output) as staging:
        rendered = render(
            live,
            policy_files=files,
            blobs=blobs,
            chains=chains,
            site=staging.site,
            work=staging.work,
            marks=marks,
            outside=outside,
            progress=lambda done, total: progress("render", done, total),
        )
    return replace(rendered, warnings=(*outside.warnings, *rendered.warnings))


@dataclass(frozen=True, slots=True)
class _Blobs:
    """The bytes of files, from git or from the work tree, checked on the way out."""

    store: ObjectStore
    memory: Mapping[str, bytes]

    def copy(self, blob: str, sha256: str, target: Path) -> None:
        with target.open("xb") as file:
            if blob in self.memory:
                file.write(self.memory[blob])
                found = hashlib.sha256(self.memory[blob]).hexdigest()
            else:
                found, _ = self.store.hash_blob(blob, file)
        if found != sha256:
            raise _another(blob)

    def text(self, post: LivePost) -> bytes:
        """Return the text of a post, checked likewise."""
        file = text_of(post)
        data = self.memory[file.blob] if file.blob in self.memory else self.store.read(file.blob, "blob")
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise _another(file.blob)
        return data


def _another(blob: str) -> HistoryError:
    return HistoryError(t("the object {name} is not what was judged", name=blob), code="object-corrupt", where=blob)


class _Chains(Mapping[str, bytes]):
    """The chain document of each live post, made when it is asked for."""

    def __init__(self, session: pipeline.Session, live: LiveSet) -> None:
        self._session = session
        self._live = live
        self._posts = {post.item: post for post in live.posts}

    def __iter__(self) -> Iterator[str]:
        return iter(self._posts)

    def __len__(self) -> int:
        return len(self._posts)

    def __contains__(self, item: object) -> bool:
        return item in self._posts

    def __getitem__(self, item: str) -> bytes:
        post = self._posts[item]
        version = self._live.policies[post.judged_by]
        people = version.policy.people.people
        named = sorted({name for link in post.chain for name in (link.by, link.signatory) if name})
        source = next(file for file in post.files if file.path == item)
        return chain_document(
            ChainEvidence(
                site=self._live.site,
                item=item,
                version=post.version,
                header=canonical_header(post.header.raw),
                manifest=manifest_text(post.header.raw, post.files),
                source=self._session.store.read(source.blob, "blob"),
                sign_offs=tuple(
                    self._sign_off(link, title) for link, title in zip(post.chain, post.stages, strict=True)
                ),
                names={name: people[name].name for name in named if name in people},
                keys={name: self._keys(name, post) for name in named},
                policy_version=version.version,
                policy_manifest=version.manifest,
            )
        )

    def _sign_off(self, link: Link, title: str) -> SignOffEvidence:
        raw = self._session.store.read(link.commit, "commit")
        message = parse_commit(raw).message
        if not message.startswith(PREFIX):
            raise HistoryError(
                t("the commit {commit} carries no statement", commit=link.commit),
                code="object-corrupt",
                where=link.commit,
            )
        return SignOffEvidence(
            stage=link.stage,
            title=title,
            by=link.by,
            signatory=link.signatory,
            statement=message,
            commits=(SignedCommit(id=link.commit, raw=raw, keys=(link.key,)),),
            stands_in=link.stands_in,
        )

    def _keys(self, person: str, post: LivePost) -> tuple[str, ...]:
        """Return the public keys of a person in every policy version the chain was signed under."""
        found: dict[str, None] = {}
        for version in self._live.policies.values():
            known = version.policy.people.people.get(person)
            used = {link.key for link in post.chain if link.by == person}
            if known is not None and used & set(known.keys):
                for fingerprint, text in zip(known.keys, known.public_keys, strict=True):
                    if fingerprint in used:
                        found[self._certificate(version.commit, text)] = None
        return tuple(found)

    def _certificate(self, commit: str, text: str) -> str:
        """Return the armour of a certificate that a policy names by its file; an SSH key is its own text."""
        trees = self._session.trees
        if not text.startswith(CERTIFICATES) or trees is None:
            return text
        file = next(file for file in trees.policy(commit).files if file.path == text)
        return trees.bytes_of(file.blob).decode("utf-8", "replace")


def preview_folder(site: Path) -> Path:
    """Return where previews of a site go unless told otherwise: inside its git directory, which nothing publishes."""
    return open_repository(site).git_dir / "qianfa-preview"
