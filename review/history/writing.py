"""Write git objects and move a branch, whole or not at all. Signing is git's; nothing here judges what it writes."""

from __future__ import annotations

import io
import os
import signal
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import git
from git.exc import GitCommandError
from gitdb import IStream, LooseObjectDB

from review.errors import Refused, UnusableSite
from review.formats.library_words import of_error
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.repository import Repository, plain_environment
from review.history.trees import DIRECTORY, TreeReader
from review.history.work_tree import behind_link, blob_id
from review.messages import all_typed, t

NO_COMMIT = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who a commit says made it. Nothing rests on it: the statement and the signature say who signed."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """What git signs with: `path` names an SSH key; where it is empty, git's own user.signingkey and gpg.format hold."""

    path: str = ""

    @property
    def configuration(self) -> tuple[str, ...]:
        """The options that make git use this key."""
        return ("-c", "gpg.format=ssh", "-c", f"user.signingkey={self.path}") if self.path else ()


class Writer:
    """Writes objects into a repository. Loose objects appear under their name whole or not at all (gitdb renames them)."""

    def __init__(self, repository: Repository, store: ObjectStore) -> None:
        self._repository = repository
        self._objects = LooseObjectDB(str(repository.objects))
        self._trees = TreeReader(store)

    def blob(self, data: bytes) -> str:
        """Store a blob and return its id."""
        return self._store(b"blob", data)

    def tree_with(self, tree: str, files: Mapping[str, tuple[str, bytes] | None]) -> str:
        """Store a tree that has these files, path to (mode, bytes) or None for none, and else all that `tree` has.

        An empty `tree` stands for no tree.
        """
        nested: dict[str, object] = {}
        for path, file in files.items():
            *folders, name = path.split("/")
            place: dict[str, object] = nested
            for folder in folders:
                place = place.setdefault(folder, {})  # type: ignore[assignment]  # folders hold folders
            place[name] = (file[0], self.blob(file[1])) if file else None
        return self._merged(tree, nested)

    def _merged(self, tree: str, nested: Mapping[str, object]) -> str:
        entries = dict(self._trees.tree(tree)) if tree else {}
        for name, value in nested.items():
            key = os.fsencode(name)
            if isinstance(value, dict):
                mode, id = entries.get(key, (b"", b""))
                below = self._merged(id.hex() if mode == DIRECTORY else "", value)
                entries[key] = (DIRECTORY, bytes.fromhex(below))
                if below == EMPTY_TREE:
                    del entries[key]
            elif isinstance(value, tuple):
                entries[key] = (value[0].encode("ascii"), bytes.fromhex(value[1]))
            else:
                entries.pop(key, None)
        rows = sorted(
            (key + b"/" if mode == DIRECTORY else key, mode + b" " + key + b"\0" + id)
            for key, (mode, id) in entries.items()
        )
        return self._store(b"tree", b"".join(row for _, row in rows))

    def signed_commit(self, tree: str, parent: str, message: bytes, key: SigningKey, author: Author) -> str:
        """Have git make and sign a commit of `tree`; `Refused` with git's own words where it cannot."""
        command = ["git", *key.configuration, "-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", tree]
        identity = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_COMMITTER_NAME": author.name,
            "GIT_COMMITTER_EMAIL": author.email,
        }
        with tempfile.NamedTemporaryFile(prefix="qianfa-message-") as text, plain_environment():
            text.write(message)
            text.flush()
            try:
                made = git.Git(str(self._repository.path)).execute(
                    [*command, *(("-p", parent) if parent else ()), "-F", text.name], env=identity
                )
            except GitCommandError as error:
                raise Refused(
                    t("git could not sign: {reason}", reason=_last_line(str(error.stderr))),
                    hint=t("check the key: --key FILE, or git config user.signingkey and gpg.format ssh"),
                ) from None
        return str(made).strip()

    def raw_commit(self, raw: bytes) -> str:
        """Store a commit object that was made and signed elsewhere."""
        parse_commit(raw)
        return self._store(b"commit", raw)

    def _store(self, kind: bytes, data: bytes) -> str:
        try:
            stream = self._objects.store(IStream(kind, len(data), io.BytesIO(data)))
        except OSError as error:
            raise UnusableSite(
                t("git's objects cannot be written: {reason}", reason=of_error(error)),
                where=str(self._repository.objects),
                hint=t("check rights and free space"),
            ) from None
        return str(stream.hexsha.decode("ascii"))


def _last_line(text: str) -> str:
    lines = _lines(text)
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else t("no reason given")


def _first_line(text: str) -> str:
    """Return what git says of its own files: the reason first, then a page of advice."""
    lines = _lines(text)
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else t("no reason given")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("stderr:", "").strip().strip("'").splitlines() if line.strip()]


def advance(repository: Repository, old: str, new: str, reason: str) -> None:
    """Move the branch from `old` to `new` in one step; `Refused` where somebody moved it meanwhile, and nothing changed."""
    with plain_environment():
        try:
            git.Git(str(repository.path)).update_ref("-m", f"qianfa: {reason}", "HEAD", new, old or NO_COMMIT)
        except GitCommandError as error:
            if _head(repository) != old:
                raise Refused(
                    t("somebody else committed at the same moment, so nothing was changed"),
                    where=str(repository.path),
                    hint=t("run the command again"),
                ) from None
            raise UnusableSite(
                t(
                    "git could not move the branch, so nothing was changed: {reason}",
                    reason=_last_line(str(error.stderr)),
                ),
                where=str(repository.path),
                hint=t("set that right, and run the command again"),
            ) from None


def _head(repository: Repository) -> str:
    """Return the commit that HEAD names; empty where there is none."""
    try:
        return str(git.Git(str(repository.path)).rev_parse("--verify", "--quiet", "HEAD")).strip()
    except GitCommandError:
        return ""


def edited(repository: Repository, known: Mapping[str, Collection[bytes]]) -> list[str]:
    """Return the files of the work tree that hold anything else than what is known of them: somebody's own edits."""
    found = ((path, read_back(repository.path / path)) for path in known)
    return [path for path, there in found if there is not None and there not in known[path]]


def refresh(
    repository: Repository, files: Mapping[str, tuple[str, bytes] | None], *, keep: Collection[str] = ()
) -> None:
    """Bring work tree and index to what was just committed, for these files alone. Each file is replaced whole.

    Those in `keep` stay as they lie in the work tree. `UnusableSite` where it cannot be; the commit is made all the same.
    """
    try:
        for path, file in files.items():
            if behind_link(repository.path, path):
                raise OSError(t("a symbolic link leads to {path}", path=path))
            if file is not None and path not in keep and read_back(repository.path / path) != file[1]:
                write_file(repository.path / path, file[1])
                (repository.path / path).chmod(0o755 if file[0] == "100755" else 0o644)
        _into_index(repository, files)
    except (OSError, GitCommandError) as error:
        why = _first_line(str(error.stderr)) if isinstance(error, GitCommandError) else of_error(error)
        raise UnusableSite(
            t("the commit is made, but the work tree could not follow: {why}", why=why),
            where=str(repository.path),
            hint=t("set that right, then run: git checkout HEAD -- {files}", files=all_typed(files)),
        ) from None


def _into_index(repository: Repository, files: Mapping[str, tuple[str, bytes] | None]) -> None:
    """Note the committed files in git's index by their ids: no filter, and no edit made meanwhile, has a say in it."""
    entries = [(file[0], blob_id(file[1]), path) if file else ("0", NO_COMMIT, path) for path, file in files.items()]
    command = git.Git(str(repository.path))
    with tempfile.TemporaryFile(prefix="qianfa-index-") as listed, plain_environment():
        listed.write(b"".join(f"{mode} {id}\t".encode() + os.fsencode(path) + b"\0" for mode, id, path in entries))
        listed.seek(0)
        command.execute(["git", "update-index", "-z", "--index-info"], istream=listed)
        try:
            command.execute(["git", "update-index", "-q", "--refresh"])
        except GitCommandError as error:
            if error.status != 1:  # it ends so where other files are edited, or wait to be merged
                raise


def read_back(path: Path) -> bytes | None:
    """Return a regular file's bytes; None where there is none."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C waiting until the block is done: branch, work tree and index move together."""
    blocked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
