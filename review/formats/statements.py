"""Statements as the messages of signed commits: text and back, one spelling only. No signature is looked at here."""

from __future__ import annotations

import json
import re

from review.model.digests import digest_of
from review.model.statements import Statement

PREFIX = b"Sign-off: "

_MESSAGE = re.compile(
    r"Sign-off: [^\n]+\n\n"
    r"qianfa-statement: 1\n"
    r"site: (?P<site>[^\n]+)\n"
    r"item: (?P<item>[^\n]+)\n"
    r"version: (?P<version>[1-9][0-9]{0,8})\n"
    r"stage: (?P<stage>[^\n]+)\n"
    r"decision: (?P<decision>approve|return|withdraw)\n"
    r"manifest: (?P<manifest>[^\n]+)\n"
    r"previous: (?P<previous>[^\n]+)\n"
    r"by: (?P<by>[^\n]+)\n"
    r"(?:signatory: (?P<signatory>[^\n]+)\npaper: (?P<paper>[^\n]+)\n)?"
    r"at: (?P<at>[^\n]+)\n"
    r"note: (?P<note>\"[^\n]*\")\n",
    re.ASCII,
)


def serialise(statement: Statement) -> bytes:
    """Return the one text of a statement, as section 5 of the format spells it."""
    paper = f"signatory: {statement.signatory}\npaper: {statement.paper}\n" if statement.signatory else ""
    return (
        f"Sign-off: {statement.stage} {statement.decision} {statement.item}\n\n"
        f"qianfa-statement: 1\nsite: {statement.site}\nitem: {statement.item}\nversion: {statement.version}\n"
        f"stage: {statement.stage}\ndecision: {statement.decision}\nmanifest: {statement.manifest}\n"
        f"previous: {statement.previous}\nby: {statement.by}\n{paper}at: {statement.at}\n"
        f"note: {json.dumps(statement.note, ensure_ascii=False)}\n"
    ).encode()


def parse(message: bytes) -> Statement | None:
    """Return the statement a commit message is, None for every other message.

    A message is a statement only where its own fields serialise to it, byte for byte.
    """
    if not message.startswith(PREFIX):
        return None
    try:
        found = _MESSAGE.fullmatch(message.decode("utf-8"))
        if found is None:
            return None
        note = json.loads(found["note"])
        if not isinstance(note, str):
            return None
        statement = Statement(
            site=found["site"],
            item=found["item"],
            version=int(found["version"]),
            stage=found["stage"],
            decision=found["decision"],  # type: ignore[arg-type]  # the pattern admits the three decisions alone
            manifest=found["manifest"],
            previous=found["previous"],
            by=found["by"],
            signatory=found["signatory"] or "",
            paper=found["paper"] or "",
            at=found["at"],
            note=note,
        )
        return statement if serialise(statement) == message else None
    except (ValueError, RecursionError):
        return None


def digest(statement: Statement) -> str:
    """Return the statement digest: the SHA-256 of the whole message."""
    return digest_of(serialise(statement))
