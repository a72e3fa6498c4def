"""Replace the output in one step, or leave it as it was. Knows folders only, nothing of what is in them."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from review.errors import QianfaError, UnusableSite
from review.formats.library_words import of_error
from review.messages import t

MARKER = ".qianfa-output"
"""The file that says of a folder: Qianfa made it, and Qianfa may replace it."""

_MARKER_TEXT = "This folder was written by Qianfa, which replaces it as a whole. Keep nothing of your own here.\n"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """Two empty folders beside the output, on its file system: `site` becomes the output, `work` is thrown away."""

    site: Path
    work: Path


@contextmanager
def replacing(output: Path) -> Iterator[Staging]:
    """Give a place to build in; where the block ends well it becomes `output`, else `output` stays as it was.

    On Linux the two folders change places in one system call, so that a reader finds the old output or the new one
    and never neither. Elsewhere there are two renames; a crash between them is mended by the next call. What killed
    builds left behind is removed first. Refuses a folder that holds anything Qianfa did not make.
    """
    output = output.resolve()
    try:
        check_replaceable(output)
        output.parent.mkdir(parents=True, exist_ok=True)
        _clean_up(output)
        private, lock = _private_folder(output)
    except OSError as error:
        raise _unusable(output, error) from None
    try:
        staging = Staging(site=private / "site", work=private / "work")
        staging.site.mkdir()
        staging.work.mkdir()
        yield staging
        (staging.site / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
        check_replaceable(output)
        try:
            _put(staging.site, output, aside=private / "old")
        except OSError as error:
            raise _unusable(output, error) from None
    finally:
        _remove(private)
        os.close(lock)


def check_replaceable(output: Path) -> None:
    """Raise `QianfaError` unless `output` is absent, an empty folder, or one that `replacing` wrote."""
    try:
        names = os.listdir(output)  # noqa: PTH208  # one call tells absent, file and folder apart
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise UnusableSite(
            t("is a file, expected a folder"), where=str(output), hint=t("name another output")
        ) from None
    if names and MARKER not in names:
        raise UnusableSite(
            t("holds {count} files or folders that Qianfa did not write, so it is not replaced", count=len(names)),
            where=str(output), hint=t("name a new or empty folder as output"),
        )  # fmt: skip


def _put(site: Path, output: Path, *, aside: Path) -> None:
    if not output.exists() or not any(output.iterdir()):
        site.rename(output)  # takes the place of an empty folder in one step too
    elif not _exchange(site, output):
        output.rename(aside)
        try:
            site.rename(output)
        except BaseException:
            aside.rename(output)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where system or file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number))


def _private_folder(output: Path) -> tuple[Path, int]:
    """Make a folder of our own beside the output, locked for as long as this process lives."""
    while True:
        private = Path(tempfile.mkdtemp(prefix=_prefix(output), dir=output.parent))
        lock = os.open(private, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another build may have taken it for a dead one's, in the moment before it was locked.
        if private.exists() and private.stat().st_ino == os.fstat(lock).st_ino:
            return private, lock
        os.close(lock)


def _clean_up(output: Path) -> None:
    """Remove what dead builds left, after putting back an output that one of them had just set aside."""
    for left in sorted(output.parent.glob(_prefix(output) + "*")):
        about = left.lstat()
        # In a shared folder such as /tmp, others could lay out what looks like ours.
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
            continue
        lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if (left / "old").is_dir() and not output.exists():
                (left / "old").rename(output)
            _remove(left)
        except BlockingIOError:
            pass  # its build is alive
        finally:
            os.close(lock)


def _remove(folder: Path) -> None:
    with suppress(OSError):  # the next build tries again; this one's outcome does not depend on it
        shutil.rmtree(folder)


def _prefix(output: Path) -> str:
    return f".{output.name}.qianfa-"


def _unusable(output: Path, error: OSError) -> QianfaError:
    return UnusableSite(
        t("cannot be replaced: {reason}", reason=of_error(error)),
        where=str(output),
        hint=t("name an output folder you may write to"),
    )
