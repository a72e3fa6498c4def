"""Bring two lines of work together without touching either: an unsigned merge, made from trees alone.

Whole files are compared, never their lines, so no driver, attribute or hook has a say: a file that both sides changed is
for people to settle. A merge can neither add a signature nor take one away.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from review.errors import Undelivered
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.remotes import run_git
from review.history.repository import Repository
from review.history.trees import DIRECTORY, MAX_DEPTH, TreeReader
from review.history.writing import Writer, advance, uninterrupted
from review.messages import t, typed

Entry: TypeAlias = "tuple[bytes, bytes] | None"
Entries: TypeAlias = "dict[bytes, tuple[bytes, bytes]]"

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_NAMED = re.compile(r"'([^'\n]+)'")
_NOBODY = "qianfa <qianfa@qianfa.invalid>"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the other side did to a file: its mode and raw id there, None where it is gone. `conflict`: we did, too."""

    path: bytes
    entry: Entry
    conflict: bool = False


def bring_together(repository: Repository, store: ObjectStore, ours: str, theirs: str, at: dt.datetime) -> str:
    """Return the commit that has both: the later one where it stands on the other, else a new merge of them.

    Nothing refers to it yet. `Undelivered` where both changed the same file.
    """
    found = run_git(repository, "-c", "core.commitGraph=false", "merge-base", "--all", ours, theirs)
    bases = found.stdout.split()
    if theirs in bases:
        return ours
    if ours in bases:
        return theirs
    if not bases:
        raise Undelivered(
            t("the remote's branch and this one have no commit in common"),
            hint=t("see that the remote is this site's: git remote --verbose"),
        )
    reader = TreeReader(store)
    tree_of = {one: parse_commit(store.read(one, "commit")).tree for one in (*bases, ours, theirs)}
    taken = list(
        _changes(
            reader,
            b"",
            [reader.tree(tree_of[one]) for one in bases],
            *(reader.tree(tree_of[c]) for c in (ours, theirs)),
        )
    )
    conflicts = sorted({one.path.decode("utf-8", "replace") for one in taken if one.conflict})
    if conflicts:
        raise Undelivered(
            t("others changed the same files meanwhile: {paths}", paths=_listed(conflicts)),
            hint=t(
                "see theirs: git diff HEAD...{theirs}; to give yours up and sign anew: git reset --keep {theirs}",
                theirs=typed(theirs[:12]),
            ),
        )
    tree = _tree_with(repository, tree_of[ours], taken)
    stamp = f"{_NOBODY} {int(at.timestamp())} {at.strftime('%z') or '+0000'}"
    raw = f"tree {tree}\nparent {ours}\nparent {theirs}\nauthor {stamp}\ncommitter {stamp}\n\nMerge what others sent\n"
    return Writer(repository, store).raw_commit(raw.encode())


def follow(repository: Repository, old: str, new: str) -> None:
    """Bring work tree, index and branch from one commit to another. `Undelivered` where somebody's edits are in the way.

    Then nothing has changed. Edits elsewhere stay as they are.
    """
    with uninterrupted():
        run_git(repository, *_QUIET, "update-index", "-q", "--refresh")
        _check_out(repository, old, new)
        try:
            advance(repository, old, new, "bring in what others sent")
        except BaseException:
            _check_out(repository, new, old)
            raise


def _check_out(repository: Repository, old: str, new: str) -> None:
    done = run_git(repository, *_QUIET, "read-tree", "-m", "-u", "--no-recurse-submodules", old, new)
    if done.returncode:
        paths = sorted(set(_NAMED.findall(done.stderr)))
        if "invalid path" in done.stderr:
            raise Undelivered(
                t("the remote has files that must not lie anywhere: {paths}", paths=_listed(paths)),
                hint=t("ask whoever runs the server what that is"),
            )
        if not paths:
            words = done.stderr.strip().partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ")
            raise Undelivered(t("git cannot bring it in: {words}", words=words), hint=t("run: git status"))
        raise Undelivered(
            t("others changed files that have edits here which are not committed: {paths}", paths=_listed(paths)),
            hint=t("commit these edits or put them aside (git stash), then: git pull"),
        )


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


def _changes(
    reader: TreeReader, folder: bytes, bases: Sequence[Entries], ours: Entries, theirs: Entries
) -> Iterator[_Taken]:
    """Yield what the other side changed and we did not, and what both did.

    Where the lines have met more than once, a file counts as unchanged only if it is as it was at each meeting.
    """
    for name in sorted({*ours, *theirs}):
        mine, other = ours.get(name), theirs.get(name)
        before = [base.get(name) for base in bases]
        if mine == other or all(one == other for one in before):
            continue
        path, left = folder + name, _file(mine)
        if left != _file(other):
            earlier = [_file(one) for one in before]
            if all(one == left for one in earlier):
                left = _file(other)
                yield _Taken(path, left)
            elif not all(one == _file(other) for one in earlier):
                yield _Taken(path, left, conflict=True)
        if path.count(b"/") >= MAX_DEPTH and (_file(mine) != mine or _file(other) != other):
            raise Undelivered(
                t("folders nested over {most} deep", most=MAX_DEPTH), hint=t("ask whoever runs the server what that is")
            )
        below = [_folder(reader, one) for one in (mine, other, *before)]
        changes = list(_changes(reader, path + b"/", below[2:], below[0], below[1]))
        yield from changes
        if left is not None and (any(one.entry for one in changes) or _count(reader, mine) > len(changes)):
            yield _Taken(path, left, conflict=True)  # a file and a folder cannot have one name


def _count(reader: TreeReader, entry: Entry) -> int:
    return sum(1 for _ in reader.walk(entry[1].hex())) if entry is not None and entry[0] == DIRECTORY else 0


def _file(entry: Entry) -> Entry:
    return None if entry is None or entry[0] == DIRECTORY else entry


def _folder(reader: TreeReader, entry: Entry) -> Entries:
    return reader.tree(entry[1].hex()) if entry is not None and entry[0] == DIRECTORY else {}


def _tree_with(repository: Repository, tree: str, taken: Sequence[_Taken]) -> str:
    """Store the tree with these files changed. git checks each path as if somebody had added it."""
    lines = [
        (b"%s %s\t" % (one.entry[0], one.entry[1].hex().encode()) if one.entry else b"0 " + b"0" * 40 + b"\t")
        + one.path
        for one in sorted(taken, key=lambda one: (one.entry is not None, one.path))  # what goes makes room
    ]
    with tempfile.TemporaryDirectory(prefix="qianfa-merge-") as folder:
        more = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        given = b"".join(line + b"\0" for line in lines).decode("utf-8", "surrogateescape")
        for command, text in (
            (("read-tree", tree), ""),
            (("update-index", "-z", "--index-info"), given),
            (("write-tree",), ""),
        ):
            done = run_git(repository, *_QUIET, *command, more=more, given=text)
            if done.returncode or "gnoring path" in done.stderr:  # git passes over a path that it refuses
                words = done.stderr.strip().partition("\n")[0].removeprefix("error: ").removeprefix("fatal: ")
                raise Undelivered(
                    t("git cannot bring both together: {words}", words=words), hint=t("look at it with: git pull")
                )
    return done.stdout.strip()
