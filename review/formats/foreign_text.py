"""Decode text files from anywhere: UTF-8, UTF-16 or GB 18030, whatever their line ends. No posts, no files."""

from __future__ import annotations

from dataclasses import dataclass

from review.formats.clean_text import clean_text
from review.messages import t

_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignText:
    """A text that can be read. `remarks` say what was done to it beyond reading it as UTF-8."""

    text: str
    remarks: tuple[str, ...] = ()


def read_foreign(data: bytes) -> ForeignText | None:
    """Return the text with LF line ends and without invisible characters; None for what is no text at all."""
    decoded = _decode(data)
    if decoded is None or "\x00" in decoded.text:
        return None
    text = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    clean = clean_text(text)
    remarks = decoded.remarks
    if gone := sum(1 for character in text if not character.isprintable()) - sum(
        1 for character in clean if not character.isprintable()
    ):
        remarks = (*remarks, t("{count} invisible or control characters were taken out", count=gone))
    return ForeignText(text=clean, remarks=remarks)


def _decode(data: bytes) -> ForeignText | None:
    try:
        return ForeignText(text=data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(encoding, data[len(mark) :], t("it was UTF-16"))
    # Nearly everything can be read as GB 18030, a damaged UTF-8 text too; but in that the whole characters prevail.
    mended = data.decode("utf-8", "replace")
    damaged = mended.count("\ufffd")
    whole = sum(1 for character in mended if character > "\x7f") - damaged
    if whole > 10 * damaged:
        return ForeignText(text=mended, remarks=(t("{count} places were not UTF-8 and are now U+FFFD", count=damaged),))
    return _decode_as("gb18030", data, t("it was read as GB 18030"))


def _decode_as(encoding: str, data: bytes, remark: str) -> ForeignText | None:
    try:
        return ForeignText(text=data.decode(encoding), remarks=(remark,))
    except UnicodeDecodeError:
        return None
