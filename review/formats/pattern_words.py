"""What the patterns of the schemas ask for, in words with an example: nobody is shown a regular expression. Pure data."""

from __future__ import annotations

from collections.abc import Mapping

from review.messages import Message, t

_ID = r"[a-z0-9][a-z0-9_-]{0,63}"
_END = r"$(?!\n)"
_WEB = r'https?://[^\s/?#<>"\\]+[^\s<>"\\]*'
_MAILBOX = r'mailto:[^\s@<>"?]+@[^\s@<>"?]+'
_DIGEST = "sha256:9f2c41aa0b7d93e19f2c41aa0b7d93e19f2c41aa0b7d93e19f2c41aa0b7d93e1"


def _digits(first: str, most: int) -> str:
    return f"^{first}[0-9]{{0,{most}}}{_END}"


WORDS: Mapping[str, Message] = {
    f"^{_ID}{_END}": t(
        "an id: small letters, digits, - and _, at most 64, the first a letter or a digit, such as {example}",
        example="popular-science",
    ),
    f"^{_ID}@{_ID}{_END}": t("an office and where it is held, with @ between, such as {example}", example="head@unit"),
    r"^https?://[^\s/?#]+(/[^\s?#]*)?" + _END: t(
        "the address of the site, with https:// before it and without ? and #, such as {example}",
        example="https://www.example.org",
    ),
    r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*" + _END: t("the code of a language, such as {example}", example="zh-cn"),
    r'^[^\s@<>"]+@[^\s@<>"]+' + _END: t("an address of electronic mail, such as {example}", example="website@example.org"),
    f"^([0-9]{{10}}|bm[0-9]{{8}}){_END}": t(
        "the site's number of ten digits, or bm and eight digits, such as {example}", example="6103000000"
    ),
    f"^{_WEB}{_END}": t(
        "an address with https:// before it, without blanks, quotation marks, < and >, such as {example}",
        example="https://bszs.conac.cn/sitename?method=show&id=0",
    ),
    f"^({_WEB}|{_MAILBOX}){_END}": t(
        "an address with https:// before it, or a mailbox with mailto: before it, such as {example}",
        example="mailto:website@example.org",
    ),
    r"^[a-z0-9-]+(\.[a-z0-9-]+)*" + _END: t(
        "a host in small letters, without https:// and without a slash, such as {example}", example="gov.cn"
    ),
    r'^https?://[^\s/?#<>"\\@]+/([^\s?#<>"\\]*/)?' + _END: t(
        "an address with https:// before it and a slash at its end, such as {example}",
        example="https://media.example.org/films/",
    ),
    r"^[A-Z][A-Za-z_]{0,63}" + _END: t(
        "a key: a capital letter, then letters and _ alone, such as {example}", example="Venue"
    ),
    f"^(0|[1-9][0-9]{{0,3}}){_END}": t("a number of days from 0 to 9999, such as {example}", example="14"),
    f"^(0|[1-9][0-9]{{0,5}}){_END}": t("a whole number from 0 to 999999, such as {example}", example="30"),
    f"^[0-9]{{1,4}}{_END}": t("a number of people, such as {example}", example="2"),
    _digits("[1-9]", 2): t("a whole number from 1 to 999, such as {example}", example="2"),
    _digits("[1-9]", 8): t("the number of a version, such as {example}", example="1"),
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}" + _END: t(
        "the name that git has for a remote: letters, digits, dots, - and _, such as {example}", example="origin"
    ),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}" + _END: t("a day such as {example}", example="2026-11-20"),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})" + _END: t(
        "an instant with its distance from UTC, such as {example}", example="2026-11-22T09:00:00+08:00"
    ),
    r"^sha256:[0-9a-f]{64}" + _END: t("a digest: sha256: and 64 digits, such as {example}", example=_DIGEST),
    r"^(none|sha256:[0-9a-f]{64})" + _END: t("none or a digest: sha256: and 64 digits, such as {example}", example=_DIGEST),
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + _END: t(
        "a month and a day, each of two digits, such as {example}", example="01-31"
    ),
    r"^[A-Z][A-Z0-9]{1,9}-[0-9]{2}" + _END: t("the id of a rule, such as {example}", example="DOC-04"),
    r"^[A-Z]+-[0-9]{2}" + _END: t("the id of a rule, such as {example}", example="UPD-02"),
    r"^[a-z]+" + _END: t("a type of column, such as {example}", example="news"),
}  # fmt: skip
"""Each pattern as the schemas have it, with what it asks for."""
