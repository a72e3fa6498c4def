"""SEC: marks of secrecy, what files tell of their makers, and whether what is published is what was signed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from review.formats.clean_text import FORMAT_CHARACTERS
from review.inspection import inside
from review.inspection.cases import Case, Check, Failure, Failures
from review.inspection.chains import published_path
from review.inspection.computer_paths import path_in
from review.inspection.loading import loaded
from review.inspection.records import Chain, File, Page
from review.inspection.rules.meta import articles
from review.messages import listed, t

_SECRET = re.compile(r"[绝机秘]\s*密\s*(?:[★☆]|[*＊]\s*(?:\d|[一二三四五六七八九十]|长期))")
_INVISIBLE = re.compile(f"[{FORMAT_CHARACTERS}]")
_BARE = re.compile(r"[\s\W_★☆]+")
_HEAD = 400
"""Characters of a text in which a mark stands, where there is one."""

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_TELLING = inside.PICTURES | {"heic", "heif", "avif", "mp4", "m4v", "m4a", "mov", "3gp"}
"""Endings of files that say where they were taken, and are then not published."""

_NAMED_BY_DIGEST = re.compile(r"static/media/([0-9a-f]{64})\.[a-z0-9]+")
_LEFT_IN = {
    inside.COMMENTS: t("comments are left in it"),
    inside.CHANGES: t("tracked changes are left in it"),
    inside.HIDDEN: t("hidden text is left in it"),
}


def texts_of(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the path and all the text of every page, of every file with its name and properties, and of what was signed."""
    for page in case.site.pages:
        yield page.path, _plain("\n".join((page.title, page.text, page.unseen, page.comments, *page.metas.values())))
    for chain in case.site.chains.values():
        yield chain.path, _plain("\n".join((chain.source_text, *(one.text for one in chain.links))))
    for file in case.site.published_files():
        yield file.path, _plain("\n".join((file.path, *(value for _, value in file.marks), file.text)))


def _plain(text: str) -> str:
    """Return a text in plain letters and digits, without what cannot be seen: nothing hides behind how it is written."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def everything(case: Case) -> Sequence[str]:
    """Return the paths of all that has text."""
    return [path for path, _ in texts_of(case)]


def _secrecy(case: Case) -> Failures:
    for path, text in texts_of(case):
        if found := _SECRET.search(text):
            yield Failure(page=path, what=t("a mark of secrecy: {mark}", mark=found[0]))


def _internal_marks(case: Case) -> Failures:
    marks = sorted(case.names("marks"), key=len, reverse=True)
    texts = [(page.path, page.main) for page in case.site.pages]
    texts += [(file.path, file.text) for file in case.site.published_files()]
    for path, text in texts:
        for line in text[:_HEAD].split("\n"):
            if mark := _mark_alone(line, marks):
                yield Failure(page=path, what=t("a mark for inner use: {mark}", mark=mark))


def _mark_alone(line: str, marks: Sequence[str]) -> str:
    """Return a line that is made of such marks and nothing else; a sentence that speaks of them is none."""
    rest = _BARE.sub("", line)
    for mark in marks:
        rest = rest.replace(mark, "")
    return line.strip() if not rest and any(mark in line for mark in marks) else ""


def _chained_site(case: Case) -> Sequence[Page]:
    return articles(case) if case.site.chains else ()


def _not_classified(case: Case) -> Failures:
    for page in _chained_site(case):
        chain = case.site.chains.get(page.path)
        if chain is None:
            yield Failure(page=page.path, what=t("no chain beside it says that it is not classified"))
        elif not chain.fault and chain.classified != "no":
            yield Failure(page=page.path, what=t("its header says classified: {value}", value=chain.classified or "–"))


def _traces(case: Case) -> Failures:
    allowed = {*case.names("allowed"), case.site.name}
    for page in case.site.pages:
        if found := _computer_on(page):
            yield Failure(page=page.path, what=t("a path of somebody's computer: {path}", path=found))
    for one in loaded(case.site):
        if found := path_in(one.address, addresses=True):
            yield Failure(page=one.path, what=t("a path of somebody's computer: {path}", path=found))
    for file in case.site.published_files():
        yield from (Failure(page=file.path, what=what) for what in _left_in(file, allowed))


def _computer_on(page: Page) -> str:
    """Return a path of somebody's computer that is left on a page; what it says as code may be an example."""
    addresses = "\n".join((*(link.href for link in page.links), *(one.address for one in page.resources), page.base))
    texts = (page.prose, page.title, page.unseen, page.comments, *page.metas.values())
    found = (path_in(_plain(text)) for text in texts)
    return next(filter(None, found), "") or path_in(unquote(addresses), addresses=True)


def _left_in(file: File, allowed: set[str]) -> Iterator[str]:
    if path := path_in(_plain("\n".join((file.text, *(value for _, value in file.marks))))):
        yield t("a path of somebody's computer: {path}", path=path)
    for name, value in file.marks:
        if name == inside.AUTHOR and value not in allowed:
            yield t("it names {author} as its author", author=value)
        elif name == inside.PLACE:
            yield t("it says where it was taken")
        elif name == inside.DEVICE:
            yield t("it names a device: {device}", device=value)
        elif name == inside.COMMENT:
            yield t("a comment is left in it: {comment}", comment=value[:60])
    yield from (_LEFT_IN[one] for one in file.edits)


def _not_read_whole(case: Case) -> str:
    files = [file.path for file in case.site.published_files() if file.unread]
    return t("only a part of these could be looked into: {files}", files=listed(files)) if files else ""


def _with_files(case: Case) -> Sequence[Chain]:
    return [one for one in case.site.chains.values() if one.page in case.site.by_path and not one.fault]


def _signed_bytes(case: Case) -> Failures:
    chains = {chain.folder: chain for chain in _with_files(case)}
    for chain in chains.values():
        for path, digest in _signed(chain).items():
            file = case.site.files.get(path)
            if file is None and not _may_stay_back(path):
                yield Failure(page=chain.page, what=t("{file} was signed, and is not there", file=path))
            elif file and file.sha256 != digest:
                yield Failure(page=path, what=t("its bytes are not those that were signed"))
    yield from _outside_files(case)
    for path in case.site.files:
        above = next((chains[folder] for folder in _folders(path) if folder in chains), None)
        if above and path not in _signed(above):
            yield Failure(page=path, what=t("it lies among what was signed, and nobody signed it"))


def _outside_files(case: Case) -> Failures:
    """Yield the films and recordings from outside git whose bytes are not those of a digest that somebody signed."""
    signed = {one for chain in _with_files(case) for one in _DIGEST.findall(chain.source_text)}
    for path, file in case.site.files.items():
        if found := _NAMED_BY_DIGEST.fullmatch(path):
            if file.sha256 != found[1]:
                yield Failure(page=path, what=t("its bytes are not those that were signed"))
            elif found[1] not in signed:
                yield Failure(page=path, what=t("it lies among what was signed, and nobody signed it"))


def _may_stay_back(path: str) -> bool:
    """Tell whether an original may be missing on purpose: pictures and films that tell too much are not published."""
    name = path.rpartition("/")[2]
    return "." not in name or name.rpartition(".")[2].lower() in _TELLING


def _signed(chain: Chain) -> dict[str, str]:
    """Return the attachments that were signed, as they are published, with their digests."""
    return {published_path(path): digest for path, digest in chain.files.items() if path != chain.source_path}


def _folders(path: str) -> Iterator[str]:
    """Yield the folders above a file, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield f"{path}/"


CHECKS = (
    Check(rule="SEC-01", subjects=everything, nothing="", failures=_secrecy),
    Check(rule="SEC-02", subjects=everything, nothing="", failures=_internal_marks, values=("marks",)),
    Check(
        rule="SEC-03",
        subjects=_chained_site,
        nothing=t("no post has a chain beside it"),
        failures=_not_classified,
    ),
    Check(
        rule="SEC-04", subjects=everything, nothing="", failures=_traces, optional=("allowed",), rest=_not_read_whole
    ),
    Check(
        rule="SEC-05",
        subjects=_with_files,
        nothing=t("no post has a chain beside it"),
        failures=_signed_bytes,
    ),
)
