"""Records: strict YAML to model and back, and one more entry without touching what stands there."""

from __future__ import annotations

import json
from typing import Any

from review.errors import FormatError
from review.formats import schema
from review.formats.library_words import of_error
from review.formats.strict_yaml import Quoted, lines_of, load
from review.messages import t
from review.model.instants import parse_date, parse_instant
from review.model.paths import POLICY
from review.model.records import Header, Record
from review.model.statements import UNSAID, Statement


def parse(data: bytes, *, item: str) -> Record:
    """Return the record of `item`; `FormatError` with its line where the bytes break section 3.

    The entries leave out site and item: the item is given, the site is `UNSAID` in the result.
    """
    value = schema.check("policy-record" if item == POLICY else "record", load(data), data)
    raw = {key: part for key, part in value.items() if key != "sign-offs"}
    _check_header(raw, data)
    sign_offs = []
    for index, fields in enumerate(value["sign-offs"]):
        try:
            sign_offs.append(_statement(fields, item))
        except ValueError as error:
            raise FormatError(
                t("sign-offs[{index}]: {what}", index=index, what=of_error(error)),
                line=lines_of(data)["sign-offs", index],
            ) from None
    return Record(header=header_of(raw), sign_offs=tuple(sign_offs))


def header_of(raw: dict[str, str]) -> Header:
    """Return the reading of a header that has the right shape."""
    return Header(
        raw=raw,
        kind=raw.get("kind", ""),
        unit=raw.get("unit", ""),
        classified=raw.get("classified", "no") != "no",
        submitted=raw.get("submitted", ""),
        planned=raw.get("planned", ""),
        expires=raw.get("expires", ""),
        major=raw.get("major", "no") == "yes",
    )


def _check_header(raw: dict[str, str], data: bytes) -> None:
    if isinstance(raw.get("classified"), Quoted):
        raise FormatError(t("classified must be yes or no without quotes"), line=lines_of(data)["classified",])
    for key, parse_value in (("submitted", parse_date), ("expires", parse_date), ("planned", parse_instant)):
        if key in raw:
            try:
                parse_value(raw[key])
            except (ValueError, OverflowError) as error:
                raise FormatError(
                    t("{key}: {what}", key=key, what=of_error(error)), line=lines_of(data)[key,]
                ) from None


def _statement(fields: dict[str, Any], item: str) -> Statement:
    return Statement(
        site=UNSAID,
        item=item,
        version=int(fields["version"]),
        stage=str(fields["stage"]),
        decision=fields["decision"],
        manifest=str(fields["manifest"]),
        previous=str(fields["previous"]),
        by=str(fields["by"]),
        signatory=str(fields.get("signatory", "")),
        paper=str(fields.get("paper", "")),
        at=str(fields["at"]),
        note=str(fields["note"]),
    )


def serialise_header(raw: dict[str, str]) -> bytes:
    """Return a new record's text: this header and no sign-off yet."""
    lines = [f"{key}: {_scalar(value) if key not in ('classified', 'major') else value}" for key, value in raw.items()]
    return ("\n".join(lines) + "\nsign-offs: []\n").encode()


def append(data: bytes, statement: Statement) -> bytes:
    """Return the record with one entry more at its end, all that stands there kept byte for byte where that can be.

    A record in block style, `sign-offs` last, keeps its comments; any other is written anew from its values.
    """
    record = parse(data, item=statement.item)
    wanted = [*(entry.mirror for entry in record.sign_offs), statement.mirror]
    text = data.decode("utf-8").rstrip("\n") + "\n"
    if not record.sign_offs:
        text = text.replace("sign-offs: []\n", "sign-offs:\n")
    for candidate in (text, _rewritten(record)):
        result = (candidate + _entry(statement)).encode()
        try:
            read_back = parse(result, item=statement.item)
        except FormatError:
            continue
        if read_back.header == record.header and [entry.mirror for entry in read_back.sign_offs] == wanted:
            return result
    raise FormatError(
        t("no entry can be added to this record"), hint=t("write it in the block style of the format's page")
    )


def _rewritten(record: Record) -> str:
    text = serialise_header(record.header.raw).decode().replace("sign-offs: []\n", "sign-offs:\n")
    return text + "".join(_entry(entry) for entry in record.sign_offs)


def _entry(statement: Statement) -> str:
    fields = {
        "stage": statement.stage,
        "decision": statement.decision,
        "version": str(statement.version),
        "manifest": statement.manifest,
        "previous": statement.previous,
        "by": statement.by,
        **({"signatory": statement.signatory, "paper": statement.paper} if statement.signatory else {}),
        "at": statement.at,
    }
    lines = [f"  {key}: {value}" for key, value in fields.items()]
    lines[0] = "- " + lines[0].lstrip()
    return "\n".join([*lines, f"  note: {json.dumps(statement.note, ensure_ascii=False)}"]) + "\n"


def _scalar(value: str) -> str:
    """Spell a header value plainly where YAML reads it back as it is, else in double quotes."""
    try:
        if value and load(f"k: {value}\n".encode()) == {"k": value} and "\n" not in value:
            return value
    except FormatError:
        pass
    return json.dumps(value, ensure_ascii=False)
