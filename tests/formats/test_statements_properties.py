"""Statements, whatever they say: one text each, and no other text is one."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.formats import statements
from review.model.paths import is_item
from review.model.statements import MAX_VERSION, Statement

ITEM = "content/news/2026-11-20-春季讲座.md"
DIGEST = "sha256:" + "0123456789abcdef" * 4

_IDENTIFIERS = st.text("az09_-", min_size=1, max_size=64).map(lambda text: "a" + text[1:])
_DIGESTS = st.binary(min_size=32, max_size=32).map(lambda data: "sha256:" + data.hex())
_OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
_INSTANTS = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 12, 1), timezones=_OFFSETS).map(
    lambda at: at.replace(microsecond=0).isoformat()
) | st.sampled_from(["2026-11-20T10:00:00Z", "2026-11-20T10:00:00-00:00", "0001-01-01T00:00:00Z"])
_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=12)
_ITEMS = st.one_of(
    st.sampled_from(["policy", ITEM, "content/a/b/c.md", "content/x/a b.md"]),
    st.lists(_NAMES, min_size=2, max_size=4).map(
        lambda names: unicodedata.normalize("NFC", "content/" + "/".join(names) + ".md")
    ),
).filter(is_item)
_NOTES = st.text(max_size=40)


@st.composite
def said(draw: st.DrawFn) -> Statement:
    paper = draw(st.booleans())
    return Statement(
        site=draw(_IDENTIFIERS),
        item=draw(_ITEMS),
        version=draw(st.integers(1, MAX_VERSION)),
        stage=draw(_IDENTIFIERS),
        decision=draw(st.sampled_from(["approve", "return", "withdraw"])),
        manifest=draw(_DIGESTS),
        previous=draw(st.just("none") | _DIGESTS),
        by=draw(_IDENTIFIERS),
        at=draw(_INSTANTS),
        note=draw(_NOTES),
        signatory=draw(_IDENTIFIERS) if paper else "",
        paper=draw(_DIGESTS) if paper else "",
    )


def example(**changes: Any) -> Statement:
    fields: dict[str, Any] = {
        "site": "test-site",
        "item": ITEM,
        "version": 1,
        "stage": "head",
        "decision": "approve",
        "manifest": DIGEST,
        "previous": "none",
        "by": "head-fx",
        "at": "2026-11-20T10:00:00+08:00",
        "note": '标题"改短"了',
    }
    return Statement(**(fields | changes))


EXAMPLES = [
    example(),
    example(signatory="leader-1", paper=DIGEST, by="officer-fx", previous=DIGEST),
    example(item="policy", stage="policy", note=""),
]


@given(said())
@settings(max_examples=200, deadline=None)
def test_a_statement_is_what_is_read_from_its_text(statement: Statement) -> None:
    text = statements.serialise(statement)
    assert statements.parse(text) == statement
    assert text.endswith(b'"\n')
    assert not text.endswith(b"\n\n")


@given(said(), said())
@settings(max_examples=100, deadline=None)
def test_two_statements_have_one_text_and_one_digest_exactly_when_they_are_the_same(
    one: Statement, two: Statement
) -> None:
    assert (statements.serialise(one) == statements.serialise(two)) == (one == two)
    assert (statements.digest(one) == statements.digest(two)) == (one == two)


@pytest.mark.parametrize("statement", EXAMPLES, ids=["plain", "on paper", "policy"])
def test_no_byte_of_a_text_can_be_another_without_its_being_another_statement_or_none(statement: Statement) -> None:
    """Every byte in turn, with every bit flipped, taken out, doubled, or followed by a space or a line end."""
    text = statements.serialise(statement)
    digest = statements.digest(statement)
    for place, byte in enumerate(text):
        before, after = text[:place], text[place + 1 :]
        flipped = [bytes([byte ^ 1 << bit]) for bit in range(8)]
        for instead in (
            *flipped,
            b"",
            bytes([byte, byte]),
            bytes([byte]) + b" ",
            bytes([byte]) + b"\n",
            b"\r" + bytes([byte]),
        ):
            mutant = before + instead + after
            if mutant == text:
                continue
            read = statements.parse(mutant)
            if read is not None:
                assert statements.serialise(read) == mutant
                assert read != statement
                assert statements.digest(read) != digest


@given(said(), st.integers(0), st.binary(max_size=3), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_text_in_which_bytes_are_replaced_is_another_statement_or_none(
    statement: Statement, place: int, instead: bytes, length: int
) -> None:
    text = statements.serialise(statement)
    place %= len(text)
    mutant = text[:place] + instead + text[place + length :]
    read = statements.parse(mutant)
    if mutant == text:
        assert read == statement
    elif read is not None:
        assert statements.serialise(read) == mutant
        assert statements.digest(read) != statements.digest(statement)


_LINES = st.sampled_from(
    [
        "Sign-off: head approve policy", "", "qianfa-statement: 1", "site: a", "item: policy", "version: 1",
        "stage: head",
        "decision: approve", f"manifest: {DIGEST}", "previous: none", "by: a", "signatory: b", f"paper: {DIGEST}",
        "at: 2026-11-20T10:00:00Z", 'note: ""', "note: ''", "version: 01", "by:  a", "at: 2026-11-20T10:00:00z",
        "extra: 1",
    ]
)  # fmt: skip


@given(st.lists(_LINES, max_size=16).map(lambda lines: "\n".join(lines) + "\n") | st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_text_is_a_statement_only_where_it_is_what_its_fields_serialise_to(text: str) -> None:
    message = text.encode("utf-8", "surrogatepass")
    read = statements.parse(message)
    assert read is None or statements.serialise(read) == message


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda data: statements.PREFIX + data))
@settings(max_examples=200, deadline=None)
def test_no_heap_of_bytes_is_a_statement_or_an_error(message: bytes) -> None:
    assert statements.parse(message) is None


def spelled(**lines: str) -> bytes:
    """The text of the example with lines of another spelling."""
    text = statements.serialise(EXAMPLES[1]).decode()
    for key, line in lines.items():
        start = text.index(f"\n{key}: ") + 1
        text = text[:start] + line + text[text.index("\n", start) :]
    return text.encode()


@pytest.mark.parametrize(
    "lines",
    [
        {"version": "version: 01"}, {"version": "version: +1"}, {"version": "version: 1.0"}, {"version": "version: 0"},
        {"version": "version: ١"}, {"version": "version: 1000000000"}, {"version": "version: 1 "},
        {"version": "Version: 1"},
        {"note": "note: 'x'"}, {"note": 'note: "\\u6625"'}, {"note": 'note:  "x"'}, {"note": 'note: "x" '},
        {"note": "note: x"},
        {"note": 'note: "\\/"'}, {"note": 'note: ["x"]'}, {"note": "note: null"}, {"note": 'note: "\t"'},
        {"note": 'note: "x" "y"'},
        {"note": 'note: "\\ud800"'}, {"note": 'note: "\\u000A"'}, {"note": 'note: "\\x41"'},
        {"note": 'note: "\\u0009"'},
        {"note": 'note: "x", "y"'}, {"note": 'note: "x'}, {"note": "note: "}, {"note": 'note: "\x7f\x00"'},
        {"manifest": "manifest: none"}, {"manifest": "manifest: sha256:" + "A" * 64},
        {"manifest": "manifest: SHA256:" + "a" * 64},
        {"manifest": "manifest: sha256:" + "a" * 63 + "٣"}, {"previous": "previous: None"},
        {"previous": "previous: sha256:"},
        {"by": "by: Head-fx"}, {"by": "by: head fx"}, {"by": "by: " + "a" * 65}, {"by": "by: -a"}, {"by": "by:head-fx"},
        {"by": "by: head-fx "}, {"by": "by: héad"}, {"by": "by: head-fx\r"}, {"by": "by: head-fx\u2028"},
        {"site": "site: Test"}, {"site": "site: "}, {"stage": "stage: Head"}, {"decision": "decision: reject"},
        {"decision": "decision: Approve"}, {"decision": "decision: approve,return"},
        {"signatory": "signatory: "}, {"signatory": "signatory: L"}, {"paper": "paper: none"}, {"paper": "paper: x"},
        {"at": "at: 2026-11-20T10:00:00"}, {"at": "at: 2026-11-20"}, {"at": "at: 2026-11-20T10:00:00+0800"},
        {"at": "at: 2026-02-29T10:00:00Z"}, {"at": "at: 2026-11-20T24:00:00Z"}, {"at": "at: 2026-11-20T10:00:60Z"},
        {"at": "at: 2026-11-20t10:00:00z"}, {"at": "at: 2026-11-20 10:00:00Z"}, {"at": "at: 2026-11-20T10:00:00.0Z"},
        {"at": "at: 0001-01-01T00:00:00+08:00"}, {"at": "at: 2026-11-20T10:00:00+24:00"},
        {"at": "at: ２０２６-11-20T10:00:00Z"},
        {"item": "item: content/news/../a.md"}, {"item": "item: /content/news/a.md"},
        {"item": "item: content/news/a.txt"},
        {"item": "item: content/a.md"}, {"item": "item: content//a.md"}, {"item": "item: content/news/a.md "},
        {"item": "item: content/news/e\u0301.md"}, {"item": "item: content/news/a\u200b.md"}, {"item": "item: Policy"},
        {"item": "item: evidence/a.md"}, {"item": "item: content/.GIT/a.md"}, {"item": "item: content/news./a.md"},
        {"item": "item: content/news/" + "a" * 253 + ".md"}, {"item": "item: content/news/a.review.yaml"},
    ],
)  # fmt: skip
def test_a_field_spelled_in_any_other_way_makes_no_statement(lines: dict[str, str]) -> None:
    message = spelled(**lines)
    if "item" in lines:
        message = message.replace(ITEM.encode(), lines["item"].removeprefix("item: ").encode())
    assert statements.parse(message) is None


def test_the_subject_is_part_of_the_text_and_says_the_same_as_the_fields() -> None:
    text = statements.serialise(EXAMPLES[0]).decode()
    subject, rest = text.split("\n", 1)
    for other in (
        "Sign-off: draft approve " + ITEM,
        "Sign-off: head return " + ITEM,
        "Sign-off: head approve policy",
        "sign-off",
    ):
        assert statements.parse(f"{other}\n{rest}".encode()) is None
    for other in (subject + " ", " " + subject, subject.replace(" ", "  ", 1), "fixup! " + subject, "\ufeff" + subject):
        assert statements.parse(f"{other}\n{rest}".encode()) is None
    assert statements.parse((text + "Signed-off-by: someone\n").encode()) is None
    assert statements.parse(f"{subject}\n\n\n{rest.lstrip()}".encode()) is None
    assert statements.parse((text * 2).encode()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"site": ""}, {"site": "A"}, {"item": "x"}, {"item": ""}, {"version": 0}, {"version": -1},
        {"version": MAX_VERSION + 1},
        {"stage": ""}, {"stage": "a\n"}, {"decision": "reject"}, {"manifest": "none"}, {"manifest": DIGEST + "\n"},
        {"previous": ""}, {"by": "a b"}, {"by": "a\n"}, {"at": "now"}, {"at": "2026-11-20T10:00:00Z\n"},
        {"signatory": "a"},
        {"paper": DIGEST}, {"signatory": "a\n", "paper": DIGEST}, {"signatory": "a", "paper": "x"},
    ],
)  # fmt: skip
def test_what_no_statement_can_say_cannot_even_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which field it names is for the model's own tests
        example(**changes)


@given(_NOTES)
@settings(max_examples=200, deadline=None)
def test_a_note_stands_in_one_line_as_plain_json(note: str) -> None:
    text = statements.serialise(example(note=note)).decode()
    *_, last, end = text.split("\n")
    assert end == ""
    assert json.loads(last.removeprefix("note: ")) == note
    assert text.count("\n") == 13
