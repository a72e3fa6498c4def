"""Render a live set: hand the very bytes that were judged to a process of its own, and put the rest beside its pages.

Pages are made from `LivePost.files`, the theme and `pelicanconf.py` from the files of the policy in force; no working
tree, no directory of posts and nothing of the caller's environment has any part in it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Protocol

import review
from review.errors import QianfaError
from review.formats.library_words import of_error
from review.messages import t
from review.model.manifests import ItemFile
from review.model.reports import LivePost, LiveSet
from review.render.originals import Withheld, hand_over
from review.render.search import SearchIndexFailed, write_search_index
from review.render.site_data import attachments, chain_of, page_of, site_data, text_of
from review.render.worker_words import known, printable, problem

Progress = Callable[[int, int], None]

# The worker's names. It is not imported here: Pelican does not belong into the process that has the caller's keys.
_SITE, _TEXTS, _PICTURES, _POLICY = "site.json", "texts", "pictures", "policy"
_PROBLEM, _LOG = "problem.txt", "log.txt"
_THEME = "theme/"
_CONFIGURATION = "pelicanconf.py"
_PROGRESS = re.compile(r"(\d{1,9}) (\d{1,9}) (.*)")
_WARNING = "warning: "

# The engine that runs is the one that renders, installed or not, and no folder comes onto the import path for it.
_START = """
import importlib.util, pathlib, sys
engine, work, output = map(pathlib.Path, sys.argv[1:])
start = engine / "__init__.py"
spec = importlib.util.spec_from_file_location("review", start, submodule_search_locations=[str(engine)])
sys.modules["review"] = package = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)
from review.render import worker
sys.exit(worker.main(work, output))
"""


class Blobs(Protocol):
    """Where the bytes of files come from."""

    def copy(self, blob: str, sha256: str, target: Path) -> None:
        """Write the object's bytes to a new file, checked against its name and the SHA-256."""


class Outside(Protocol):
    """Files from outside the repository that posts name, each with the digest that was signed."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """The sizes of those that there are, by their place in the output."""

    def copy(self, place: str, target: Path) -> None:
        """Write one to a new file, checked against its digest."""


class RenderingFailed(QianfaError):
    """The theme, the configuration or a post could not be rendered; the output is as it was."""

    exit_status = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What was made: numbers of posts and attachments, and warnings, each one line."""

    posts: int
    attachments: int
    warnings: tuple[str, ...]


_NOTHING: Mapping[str, str] = MappingProxyType({})


def render(
    live: LiveSet,
    *,
    policy_files: tuple[ItemFile, ...],
    blobs: Blobs,
    chains: Mapping[str, bytes],
    site: Path,
    work: Path,
    marks: Mapping[str, str] = _NOTHING,
    url: str = "",
    outside: Outside | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Rendered:
    """Render the live set into the empty folder `site`; `work` is an empty private folder for the way there.

    `policy_files` are all files of the policy in force. `chains` holds the chain documents by item, each asked for
    once; a post without one shows no link. `marks` says what is written across a post's page in a preview. `url`
    replaces the address that `columns.yaml` gives. Of files from outside, pages play those of `outside`. Raises
    `RenderingFailed`, and then `site` is worth nothing.
    """
    try:
        _write_policy(policy_files, blobs, work / _POLICY)
        _write_texts(live.posts, blobs, work / _TEXTS)
        withheld = hand_over(live.posts, blobs.copy, work / _PICTURES, site)
        sizes = outside.sizes if outside else {}
        data = site_data(
            live,
            chains=chains,
            marks=marks,
            url=url,
            withheld=withheld.paths,
            not_offered={path: found.reason for path, found in withheld.not_offered.items()},
            outside=sizes,
        )
        (work / _SITE).write_text(json.dumps(data, sort_keys=True, ensure_ascii=False), encoding="utf-8")
        _run(work, site, progress)
        write_search_index(data, site, work, _environment(work))
        count = _write_beside(live.posts, blobs, chains, withheld, site)
        if outside is not None:
            for place in sizes:
                outside.copy(place, _new_file(site, place))
    except OSError as error:
        raise RenderingFailed(of_error(error), where=str(error.filename or site)) from None
    except SearchIndexFailed as error:
        raise RenderingFailed(error.what, where=error.where, hint=error.hint) from None
    _check(site, live.posts, policy_files)
    return Rendered(posts=len(live.posts), attachments=count, warnings=(*withheld.warnings, *_warnings(work)))


def _write_policy(files: tuple[ItemFile, ...], blobs: Blobs, folder: Path) -> None:
    if not any(file.path.startswith(f"{_THEME}templates/") for file in files):
        raise RenderingFailed(
            t("the policy in force has no templates"),
            where="theme/templates",
            hint=t("add a theme and sign the policy"),
        )
    for file in files:
        if file.path == _CONFIGURATION or file.path.startswith(_THEME):
            blobs.copy(file.blob, file.sha256, _new_file(folder, file.path))


def _write_texts(posts: tuple[LivePost, ...], blobs: Blobs, folder: Path) -> None:
    folder.mkdir()
    for text in {text_of(post).sha256: text_of(post) for post in posts}.values():
        # By digest: no name that an author chose becomes the name of a file here.
        blobs.copy(text.blob, text.sha256, folder / text.sha256)


def _write_beside(
    posts: tuple[LivePost, ...], blobs: Blobs, chains: Mapping[str, bytes], withheld: Withheld, site: Path
) -> int:
    """Write attachments and chains after the other process has ended, so that it cannot have touched them."""
    count = 0
    for post in posts:
        for file in attachments(post):
            if file.path in withheld.paths:
                continue
            blobs.copy(file.blob, file.sha256, _new_file(site, file.path.removeprefix("content/")))
            count += 1
        if post.item in chains:
            _new_file(site, chain_of(post.item)).write_bytes(chains[post.item])
    return count


def _new_file(folder: Path, path: str) -> Path:
    """Return where a file goes, its folder made; `RenderingFailed` where something is there or it would lie outside."""
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise RenderingFailed(t("a path that leaves its folder"), where=path)
    target = folder.joinpath(*parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            return target
    except (FileExistsError, NotADirectoryError):
        pass
    raise RenderingFailed(
        t("two files of the site would stand in this place"), where=path, hint=t("rename one of the posts")
    )


def _run(work: Path, site: Path, progress: Progress) -> None:
    """Run the worker to its end, following which post it is at."""
    command = [sys.executable, "-P", "-s", "-B", "-X", "utf8", "-c", _START]
    command += [str(Path(review.__file__).resolve().parent), str(work.resolve()), str(site.resolve())]
    item = ""
    with (
        (work / _LOG).open("wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd=work, env=_environment(work)
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                if found := _PROGRESS.fullmatch(line.decode("utf-8", "replace").rstrip("\n")):
                    item = found[3]
                    progress(int(found[1]), int(found[2]))
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise _failure(work, process.returncode, item)


def _environment(work: Path) -> dict[str, str]:
    """Return all that the process gets to know of ours: where programs are. No key, token or agent."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(work.resolve()),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
    }


def _failure(work: Path, status: int, item: str) -> RenderingFailed:
    written = work / _PROBLEM
    if status == -signal.SIGALRM:
        return RenderingFailed(
            t("took over a minute to render"), where=item, hint=t("simplify its Markdown, then sign it again")
        )
    if written.is_file():
        said = written.read_text("utf-8", "replace")
    elif status < 0:
        return RenderingFailed(t("the renderer was ended by signal {number}", number=-status), where=item)
    else:
        lines = (work / _LOG).read_text("utf-8", "replace").strip().splitlines()
        if not lines:
            what = t("the renderer ended with status {status} and said nothing", status=status)
            return RenderingFailed(what, where=item)
        said = lines[-1]
    found = problem(printable(said).replace(f"{work.resolve()}/", ""), item)
    return RenderingFailed(found.what, where=found.where, hint=found.hint)


def _warnings(work: Path) -> Iterator[str]:
    for line in (work / _LOG).read_text("utf-8", "replace").splitlines():
        if line.startswith(_WARNING):
            yield known(printable(line.removeprefix(_WARNING)))


def _check(site: Path, posts: tuple[LivePost, ...], policy_files: tuple[ItemFile, ...]) -> None:
    """Refuse an output that lacks anything: Pelican leaves out what it cannot write and goes on."""
    expected = ["index.html", "404.html", *(page_of(post.item) for post in posts)]
    expected += [
        _THEME + file.path.removeprefix(static)
        for static in (f"{_THEME}static/", f"{_THEME}overrides/static/")
        for file in policy_files
        if file.path.startswith(static)
    ]
    for path in expected:
        if not (site / path).is_file():
            raise RenderingFailed(t("was not written, though it belongs to the site"), where=path)
