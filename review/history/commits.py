"""Take a raw commit apart: tree, parents, message, signature, what was signed. No git, no verdict on the signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from review.errors import HistoryError
from review.messages import t


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCommit:
    """A commit as its bytes say.

    `payload` is what a signature covers: the object without its gpgsig header. `signature` is that header's armour,
    None where there is none to speak of; `signature_problem` then says why, and is empty for a commit that has no
    such header at all. Author, committer and their dates decide nothing, so they are not here.
    """

    tree: str
    parents: tuple[str, ...]
    message: bytes
    signature: bytes | None
    payload: bytes
    signature_problem: str


# What git itself needs of a commit to walk on from it; the two people's lines follow, and what they hold is of no account.
_LINKS = re.compile(rb"tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)")
_PEOPLE = re.compile(rb"author [^\n]*\ncommitter [^\n]*\n")
_PARENT_LINE = len(b"parent ") + 40 + 1
_ONCE_ONLY = (b"tree ", b"parent ", b"author ", b"committer ")


def parse_commit(raw: bytes) -> RawCommit:
    """Return the commit in `raw` (as `git cat-file commit` prints it).

    `HistoryError` `object-corrupt` where tree and parents cannot be told. Anything else that is odd about a commit leaves
    the history readable, so it only keeps the commit from being signed: to block the site for it would hand that power
    to whoever can push.
    """
    links = _LINKS.match(raw)
    if links is None or raw.startswith(b"parent ", links.end()):
        raise _corrupt(t("a commit that does not begin with its tree and parents"))
    people = _PEOPLE.match(raw, links.end())
    start = people.end() if people else links.end()
    # An empty line ends the headers. git takes a commit without it, and so without a message, too.
    if raw.startswith(b"\n", start):
        end, message = start, raw[start + 1 :]
    else:
        gap = raw.find(b"\n\n", start)
        end = gap + 1 if gap >= 0 else len(raw)
        message = raw[end + 1 :]
    signature, payload, problem = _signature(raw, start, end)
    if people is None or (end > start and not raw.endswith(b"\n", start, end)):
        signature, payload, problem = (
            None,
            raw,
            t("its author, its committer or its last header is not a whole line in its place"),
        )
    parents = links[2].decode("ascii")
    return RawCommit(
        tree=links[1].decode("ascii"),
        parents=tuple(parents[at + 7 : at + 47] for at in range(0, len(parents), _PARENT_LINE)),
        message=message,
        signature=signature,
        payload=payload,
        signature_problem=problem,
    )


def _signature(raw: bytes, start: int, end: int) -> tuple[bytes | None, bytes, str]:
    """Armour, payload and problem, from the headers after the committer: `raw[start:end]`, whole lines.

    A line that begins with a space continues the header above it, as in a mergetag, which holds a whole signed tag;
    only lines that begin a header are looked at. Where git would read two signatures, or leave a header out of what is
    signed that nobody vouches for (gpgsig-sha256), there is none. Where among these headers gpgsig stands is free, as
    the payload does not show it; git puts it last, JGit before the encoding.
    """
    found: list[tuple[int, int]] = []
    problem = ""
    at = start
    while at < end:
        # git reads tree and parents where they belong and passes over these, so the history is sound; only nobody can
        # vouch for such a commit. To block the site for it would hand that power to whoever can push.
        if raw.startswith(b" ", at):
            problem = t("a continued line where a header was expected")
        if raw.startswith(_ONCE_ONLY, at):
            problem = t("a second tree, author or committer, or a parent out of order")
        after = raw.find(b"\n", at, end) + 1 or end
        while raw.startswith(b" ", after) and after < end:
            after = raw.find(b"\n", after, end) + 1 or end
        if raw.startswith(b"gpgsig", at):
            if raw.startswith(b"gpgsig ", at):
                found.append((at, after))
            else:
                name = raw[at:after].split(b" ")[0].split(b"\n")[0][:40].decode("ascii", "backslashreplace")
                problem = t("the header {name}; only gpgsig was expected", name=name)
        at = after
    if not found and not problem:
        return None, raw, ""
    if problem or len(found) > 1:
        return None, raw, problem or t("{count} gpgsig headers; one was expected", count=len(found))
    ((begin, after),) = found
    return raw[begin + 7 : after].replace(b"\n ", b"\n"), raw[:begin] + raw[after:], ""


def _corrupt(what: str) -> HistoryError:
    return HistoryError(what, code="object-corrupt", hint=t("run: git fsck --strict"))
