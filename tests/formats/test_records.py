"""Records: what section 3 refuses is refused with its line, and an entry more leaves everything else as it stands."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats import records
from review.formats.strict_yaml import load
from review.model.instants import is_date, is_instant
from review.model.paths import POLICY
from review.model.records import Record
from review.model.statements import UNSAID, Statement

ITEM = "content/news/2026-11-20-a.md"
DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "0123456789abcdef" * 4
HEADER = {"record": "1", "kind": "article", "unit": "fx", "classified": "no", "submitted": "2026-11-20"}
ENTRY = {
    "stage": "draft",
    "decision": "approve",
    "version": "1",
    "manifest": DIGEST,
    "previous": "none",
    "by": "officer-fx",
    "at": "2026-11-20T10:00:00+08:00",
    "note": '""',
}
SCHEMAS = Path(records.__file__).parent / "schemas"


def statement(**changes: Any) -> Statement:
    fields: dict[str, Any] = {
        "site": UNSAID,
        "item": ITEM,
        "version": 1,
        "stage": "draft",
        "decision": "approve",
        "manifest": DIGEST,
        "previous": "none",
        "by": "officer-fx",
        "at": "2026-11-20T10:00:00+08:00",
        "note": "",
    }
    return Statement(**(fields | changes))


def record(header: dict[str, str] | None = None, *entries: dict[str, str]) -> bytes:
    """The text of a record, five or so lines of header and one line for each field of an entry."""
    lines = [f"{key}: {value}" for key, value in (HEADER if header is None else header).items()]
    lines.append("sign-offs:" if entries else "sign-offs: []")
    for entry in entries:
        lines += [f"{'- ' if n == 0 else '  '}{key}: {value}" for n, (key, value) in enumerate(entry.items())]
    return ("\n".join(lines) + "\n").encode()


def refusal(data: bytes, item: str = ITEM) -> FormatError:
    with pytest.raises(FormatError) as caught:
        records.parse(data, item=item)
    assert "\n" not in str(caught.value)
    return caught.value


def without(mapping: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in mapping.items() if name != key}


# What is read.


def test_the_example_of_the_format_is_read() -> None:
    text = f"""\
record: 1
kind: article                  # article | video | topic | reply, as workflows.yaml knows them
unit: fengxiang                # the submitting unit
classified: no                 # exactly yes or no, unquoted; only no can be published
submitted: 2026-11-20          # the date it was handed in
planned: 2026-11-22T09:00:00+08:00   # not online before this instant (optional)
expires: 2027-11-22            # not online on or after this date, site time zone (optional)
major: no                      # yes sends it down the chain for major matters (optional, default no)
sign-offs:
- stage: draft
  decision: approve
  version: 1
  manifest: {DIGEST}
  previous: none
  by: officer-fengxiang
  at: 2026-11-20T10:00:00+08:00
  note: ""
"""
    read = records.parse(text.encode(), item=ITEM)
    header = read.header
    assert (header.kind, header.unit, header.classified, header.major) == ("article", "fengxiang", False, False)
    assert (header.submitted, header.planned, header.expires) == (
        "2026-11-20",
        "2026-11-22T09:00:00+08:00",
        "2027-11-22",
    )
    assert set(header.raw) == {"record", "kind", "unit", "classified", "submitted", "planned", "expires", "major"}
    assert read.sign_offs == (statement(by="officer-fengxiang"),)


@pytest.mark.parametrize(("written", "major"), [("yes", True), ("no", False), (None, False)])
def test_major_is_no_unless_it_says_yes(written: str | None, major: bool) -> None:
    header = HEADER | ({"major": written} if written else {})
    assert records.parse(record(header), item=ITEM).header.major is major


def test_the_header_is_everything_but_the_sign_offs_wherever_they_stand() -> None:
    first = b"sign-offs: []\n" + record().replace(b"sign-offs: []\n", b"")
    assert records.parse(first, item=ITEM).header == records.parse(record(), item=ITEM).header


def test_the_record_of_the_policy_needs_no_more_than_its_version() -> None:
    read = records.parse(b"record: 1\nsign-offs: []\n", item=POLICY)
    assert read.header.raw == {"record": "1"}


# What section 3 refuses in a header, with its line.


@pytest.mark.parametrize("key", [*HEADER, "sign-offs"])
def test_a_header_without_a_key_that_it_needs_is_refused(key: str) -> None:
    data = re.sub(rf"(?m)^{key}: .*\n".encode(), b"", record())
    error = refusal(data)
    assert key in error.what
    assert error.line == 1


@pytest.mark.parametrize(
    "line", ["title: x", "Classified: no", "sign_offs: []", "classified : no", "note: x", "site: a"]
)
def test_an_unknown_key_is_refused_with_a_line(line: str) -> None:
    assert refusal(record() + line.encode() + b"\n").line >= 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("record", "2"), ("record", "01"), ("record", "1.0"), ("record", "'1 '"), ("record", "[1]"),
        ("kind", "Article"), ("kind", "a b"), ("kind", "''"), ("kind", "-a"), ("kind", "a" * 65), ("kind", "文章"),
        ("kind", "[article]"), ("kind", "{a: b}"),
        ("unit", "FX"), ("unit", "fx/mx"), ("unit", "../fx"), ("unit", "f＿x"), ("unit", "f٣"), ("unit", ""),
        ("classified", "'no'"), ("classified", '"no"'), ("classified", '"yes"'), ("classified", "|-\n  no"),
        ("classified", ">-\n  no"), ("classified", "No"), ("classified", "NO"), ("classified", "false"),
        ("classified", "n"),
        ("classified", "none"), ("classified", "off"), ("classified", ""), ("classified", "~"), ("classified", "[no]"),
        ("submitted", "2026-13-01"), ("submitted", "2026-02-29"), ("submitted", "2026-1-1"), ("submitted", "20261120"),
        ("submitted", "2026-11-20T10:00:00+08:00"), ("submitted", "0000-01-01"), ("submitted", "２０２６-11-20"),
        ("submitted", "today"), ("submitted", "[2026-11-20]"),
        ("planned", "2026-11-20"), ("planned", "2026-11-20T10:00:00"), ("planned", "2026-11-20 10:00:00+08:00"),
        ("planned", "2026-11-20T10:00:00+0800"), ("planned", "2026-11-20T24:00:00Z"),
        ("planned", "2026-11-20T10:00:60Z"),
        ("planned", "2026-11-20T10:00:00z"), ("planned", "2026-11-20T10:00:00.5Z"),
        ("planned", "2026-11-20T10:00:00+24:00"),
        ("planned", "2026-11-20T10:00Z"), ("planned", "2026-W47-5T10:00:00Z"), ("planned", "0001-01-01T00:00:00+08:00"),
        ("planned", "9999-12-31T23:59:59-08:00"), ("planned", ""),
        ("expires", "2026-11-31"), ("expires", "2026-11-20T00:00:00Z"), ("expires", "never"), ("expires", ""),
        ("major", "Yes"), ("major", "true"), ("major", ""), ("major", "[yes]"),
    ],
)  # fmt: skip
def test_a_value_that_its_key_cannot_have_is_refused_with_its_line(key: str, value: str) -> None:
    header = HEADER | {key: value}
    error = refusal(record(header))
    assert error.line == list(header).index(key) + 1, error.what
    assert key in error.what


@pytest.mark.parametrize("key", [*HEADER, "planned", "expires", "major"])
def test_a_value_with_a_line_end_behind_it_is_refused(key: str) -> None:
    """A pattern that ends in `$` would let it pass."""
    good = {"planned": "2026-11-22T09:00:00+08:00", "expires": "2027-11-22", "major": "no"}
    header = HEADER | {key: json.dumps({**HEADER, **good}[key] + "\n")}
    assert refusal(record(header)).line == list(header).index(key) + 1


def test_secrecy_is_said_in_plain_words_or_not_at_all() -> None:
    """Only the unquoted `no` is no; whatever else is either yes or no record."""
    assert records.parse(record(HEADER | {"classified": "yes"}), item=ITEM).header.classified is True
    for value in ("no # really", "no   "):
        assert records.parse(record(HEADER | {"classified": value}), item=ITEM).header.classified is False


@pytest.mark.parametrize("data", [b"[]\n", b"x\n", b"'record: 1'\n", b"- record: 1\n"])
def test_a_record_that_is_no_mapping_is_refused(data: bytes) -> None:
    assert refusal(data).line == 1


# What section 3 refuses in an entry, with its line.


def test_every_field_of_an_entry_is_needed() -> None:
    for key in ENTRY:
        error = refusal(record(None, ENTRY, without(ENTRY, key)))
        assert key in error.what
        assert error.line == 7 + len(ENTRY), error.what


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stage", "Draft"), ("stage", "''"), ("stage", "a b"), ("stage", "a" * 65), ("stage", "[draft]"),
        ("decision", "approved"), ("decision", "Approve"), ("decision", "''"), ("decision", "reject"),
        ("decision", "yes"),
        ("version", "0"), ("version", "-1"), ("version", "01"), ("version", "1.0"), ("version", "1_0"),
        ("version", "+1"),
        ("version", "1000000000"), ("version", "1e3"), ("version", "٣"), ("version", "one"), ("version", "' 1'"),
        ("manifest", "none"), ("manifest", "a" * 64), ("manifest", "sha256:" + "A" * 64),
        ("manifest", "sha256:" + "a" * 63),
        ("manifest", "sha256:" + "a" * 65), ("manifest", "sha512:" + "a" * 64), ("manifest", "sha256:" + "g" * 64),
        ("previous", "None"), ("previous", "''"), ("previous", "sha256:" + "a" * 63), ("previous", "~"),
        ("previous", "null"),
        ("by", "Officer"), ("by", "a,b"), ("by", "''"), ("by", "[a]"),
        ("at", "2026-11-20"), ("at", "2026-02-30T10:00:00Z"), ("at", "2026-11-20T10:00:00"), ("at", "now"),
        ("at", "2026-11-20T10:00:00+08"), ("at", "0001-01-01T00:00:00+08:00"), ("at", "2026-11-20T25:00:00Z"),
        ("note", "[x]"), ("note", "{a: b}"),
    ],
)  # fmt: skip
def test_a_value_that_a_field_of_an_entry_cannot_have_is_refused_near_its_line(key: str, value: str) -> None:
    entry = ENTRY | {key: value}
    error = refusal(record(None, ENTRY, entry))
    start = 7 + len(ENTRY)
    assert error.line in (start, start + list(entry).index(key)), error.what


@pytest.mark.parametrize("key", [*without(ENTRY, "note"), "signatory", "paper"])
def test_a_field_with_a_line_end_behind_it_is_refused(key: str) -> None:
    full = ENTRY | {"signatory": "head-fx", "paper": OTHER}
    records.parse(record(None, full), item=ITEM)
    refusal(record(None, full | {key: json.dumps(full[key] + "\n")}))


@pytest.mark.parametrize("key", ["site", "item", "key", "signature", "Stage"])
def test_an_unknown_field_of_an_entry_is_refused(key: str) -> None:
    assert refusal(record(None, ENTRY | {key: "x"})).line >= 7


@pytest.mark.parametrize("key", ["signatory", "paper"])
def test_signatory_and_paper_come_together(key: str) -> None:
    full = {"signatory": "head-fx", "paper": OTHER}
    assert refusal(record(None, ENTRY | {key: full[key]})).line == 7
    assert records.parse(record(None, ENTRY | full), item=ITEM).sign_offs[0].signatory == "head-fx"


@pytest.mark.parametrize(
    "written", ["sign-offs:\n", "sign-offs: {}\n", "sign-offs: none\n", "sign-offs: [x]\n", "sign-offs: [[]]\n"]
)
def test_sign_offs_are_a_list_of_entries(written: str) -> None:
    assert refusal(record().replace(b"sign-offs: []\n", written.encode())).line == 6


@pytest.mark.parametrize("line", ["unit: fx", "kind: article", "classified: no"])
def test_a_key_twice_is_refused_at_its_second_place(line: str) -> None:
    data = record() + line.encode() + b"\n"
    error = refusal(data)
    assert (error.line, "twice" in error.what) == (7, True)


def test_the_record_of_the_policy_says_nothing_of_a_unit() -> None:
    for line in ("unit: fx", "major: yes", "planned: 2026-11-20T10:00:00Z", "expires: 2026-11-20", "title: x"):
        refusal(b"record: 1\n" + line.encode() + b"\nsign-offs: []\n", item=POLICY)
    for line in ("kind: article", "classified: yes", "classified: 'no'", "submitted: 2026-02-30"):
        assert refusal(b"record: 1\n" + line.encode() + b"\nsign-offs: []\n", item=POLICY).line == 2


# The schema and the model say the same.


def _pattern(place: str, key: str) -> re.Pattern[str]:
    schema = json.loads((SCHEMAS / "record.json").read_text(encoding="utf-8"))
    properties = schema["properties"] if place == "header" else schema["properties"]["sign-offs"]["items"]["properties"]
    return re.compile(properties[key]["pattern"].replace("$", r"\Z"))


def _is_statement(**changes: Any) -> bool:
    try:
        statement(**changes)
    except (ValueError, OverflowError):
        return False
    return True


_NEAR = st.one_of(
    st.sampled_from(["none", "policy", "draft", DIGEST, OTHER, "1", "999999999", "2026-11-20", "2026-11-20T10:00:00Z"]),
    st.text("az09_-", min_size=1, max_size=70),
    st.text("09afAF", min_size=62, max_size=66).map(lambda text: "sha256:" + text),
    st.text("sha256:0123456789abcdefTZ+-none", max_size=70),
    st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat() + "+08:00"),
    st.text(max_size=6),
).flatmap(lambda text: st.sampled_from([text, text + "\n", "\n" + text, text + " ", text.upper(), text + "\u0663"]))


@given(text=_NEAR)
@settings(max_examples=200, deadline=None)
def test_every_text_field_of_a_statement_is_one_for_the_schema_exactly_when_it_is_one_for_the_model(text: str) -> None:
    for key in ("stage", "by", "manifest", "previous"):
        assert bool(_pattern("entry", key).match(text)) == _is_statement(**{key: text}), (key, text)
    if _pattern("entry", "version").match(text):
        assert _is_statement(version=int(text))
    # A pattern knows no calendar; it may not be stricter than the model, and the model has the last word.
    for key, known in (("at", is_instant), ("planned", is_instant), ("submitted", is_date), ("expires", is_date)):
        place = "entry" if key == "at" else "header"
        if known(text):
            assert _pattern(place, key).match(text), (key, text)


@given(text=_NEAR, key=st.sampled_from([*HEADER, "planned", "expires", "major"]))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_header_is_a_record_or_a_refusal(text: str, key: str) -> None:
    """Never another error, and what passes is what the model would pass."""
    data = record(HEADER | {key: json.dumps(text, ensure_ascii=False)})
    try:
        read = records.parse(data, item=ITEM)
    except FormatError:
        return
    assert read.header.raw[key] == text
    assert key != "classified", "quoted"
    assert not text.endswith("\n")


@given(text=_NEAR, key=st.sampled_from([*ENTRY, "signatory", "paper"]))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_an_entry_is_a_statement_or_a_refusal(text: str, key: str) -> None:
    entry = ENTRY | {"signatory": "head-fx", "paper": OTHER}
    try:
        read = records.parse(record(None, entry | {key: json.dumps(text, ensure_ascii=False)}), item=ITEM)
    except FormatError:
        return
    (said,) = read.sign_offs
    assert str(getattr(said, key)) == text


# One more entry.

COMMENTED = b"""\
# \xe7\xa7\x91\xe5\x8d\x8f
record: 1
kind:   article   # kind
unit: 'fx'

classified: no
submitted: 2026-11-20
# before the sign-offs
sign-offs: []
"""

_NOTES = ["", "标题改短了", '"\\', "a\nb", "#x", "- y: z", "tab\there", "'", "no", "{", "x" * 300, "a: b"]


@pytest.mark.parametrize("note", _NOTES)
@pytest.mark.parametrize("paper", [False, True])
def test_an_entry_that_was_added_is_read_back_as_it_was(note: str, paper: bool) -> None:
    said = statement(note=note, **({"signatory": "head-fx", "paper": OTHER} if paper else {}))
    data = records.append(record(), said)
    assert records.parse(data, item=ITEM).sign_offs == (said,)
    assert records.append(data, said) == data + data.removeprefix(record().removesuffix(b" []\n") + b"\n")


def test_an_entry_more_keeps_comments_order_and_spelling_byte_for_byte() -> None:
    once = records.append(COMMENTED, statement())
    assert once.startswith(COMMENTED.removesuffix(b" []\n") + b"\n- stage: draft\n")
    noted = once.replace(b'note: ""\n', b'note: ""   # said in a hurry\n')
    twice = records.append(noted, statement(stage="head", by="head-fx", previous=OTHER))
    assert twice.startswith(noted)
    assert twice.count(b"- stage: ") == 2


@pytest.mark.parametrize("blank", [b"", b"\n", b"\n\n\n"])
def test_an_entry_more_is_added_whatever_ends_the_file(blank: bytes) -> None:
    data = record(None, ENTRY).rstrip(b"\n") + blank
    read = records.parse(records.append(data, statement(stage="head")), item=ITEM)
    assert [entry.stage for entry in read.sign_offs] == ["draft", "head"]


@pytest.mark.parametrize(
    "data",
    [
        b"{record: 1, kind: article, unit: fx, classified: no, submitted: 2026-11-20, sign-offs: []}\n",
        b"sign-offs: []\n" + record().replace(b"sign-offs: []\n", b""),
        record().replace(b"sign-offs: []", b"sign-offs: [ ]"),
        record().replace(b"sign-offs: []", b"sign-offs: []  # none yet"),
        record().replace(b"sign-offs: []", b"sign-offs:\n  []"),
        record().replace(b"sign-offs: []", b'"sign-offs": []'),
        record() + b"...\n",
        b"--- # a record\n" + record(),
        record(None, ENTRY).replace(b"\n- ", b"\n  - ").replace(b"\n  decision", b"\n    decision")
        .replace(b"\n  ", b"\n    ")
        .replace(b"\n    - ", b"\n  - ").replace(b"\n      ", b"\n    "),
        record().replace(b"[]", b"[{" + ", ".join(f"{key}: {value}" for key, value in ENTRY.items()).encode() + b"}]"),
        b"".join(line + b"\n" for line in record(None, ENTRY).splitlines() if line) + b"# the end\n",
    ],
)  # fmt: skip
def test_an_entry_more_has_the_same_meaning_in_every_style_of_record(data: bytes) -> None:
    """Header and earlier entries are what they were; nothing that a signature covers changes."""
    before = records.parse(data, item=ITEM)
    said = statement(stage="head", note="改")
    after = records.parse(records.append(data, said), item=ITEM)
    assert after.header == before.header
    assert after.sign_offs == (*before.sign_offs, said)


def test_the_policys_record_takes_entries_too() -> None:
    said = statement(item=POLICY, stage="policy", by="admin-a")
    data = records.append(b"record: 1\nkind: policy\nsign-offs: []\n", said)
    assert records.parse(data, item=POLICY).sign_offs == (said,)


@pytest.mark.parametrize("data", [b"", b"x", record(HEADER | {"classified": "'no'"}), record() + b"\xff"])
def test_no_entry_is_added_to_what_is_no_record(data: bytes) -> None:
    with pytest.raises(FormatError):
        records.append(data, statement())


def test_no_entry_is_added_that_would_make_the_record_too_large() -> None:
    """The limit of a mebibyte holds for what is written, too, and nothing less is written instead."""
    comment = b"#" + b"x" * ((1 << 20) - 200 - len(record())) + b"\n"
    data = comment + record()
    with pytest.raises(FormatError):
        records.append(data, statement(note="y" * (1 << 20)))


_IDENTIFIERS = st.text("az09_-", min_size=1, max_size=64).map(lambda text: "a" + text[1:])
_DIGESTS = st.binary(min_size=32, max_size=32).map(lambda data: "sha256:" + data.hex())
_INSTANTS = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1)).map(
    lambda at: at.replace(microsecond=0).isoformat() + "+08:00"
)
_NFC_NOTES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn")), max_size=30)
_SAID = st.builds(
    statement,
    stage=_IDENTIFIERS,
    decision=st.sampled_from(["approve", "return", "withdraw"]),
    version=st.integers(1, 999_999_999),
    manifest=_DIGESTS,
    previous=st.just("none") | _DIGESTS,
    by=_IDENTIFIERS,
    at=_INSTANTS,
    note=st.sampled_from(_NOTES),
)


@given(st.lists(_SAID, min_size=1, max_size=4), st.sampled_from([COMMENTED, record(), record(None, ENTRY)]))
@settings(max_examples=60, deadline=None)
def test_entries_are_read_back_in_order_however_many_are_added(said: list[Statement], data: bytes) -> None:
    before: Record = records.parse(data, item=ITEM)
    for one in said:
        data = records.append(data, one)
    after = records.parse(data, item=ITEM)
    assert after.header == before.header
    assert after.sign_offs == (*before.sign_offs, *said)


@given(note=_NFC_NOTES)
@settings(max_examples=200, deadline=None)
def test_any_note_is_read_back_or_refused_before_anything_is_written(note: str) -> None:
    """A note that is not in NFC cannot stand in a record."""
    said = statement(note=note)
    try:
        data = records.append(record(), said)
    except FormatError:
        return
    assert records.parse(data, item=ITEM).sign_offs == (said,)


# A new record.

_HEADER_VALUES = st.sampled_from(["article", "1", "no", "yes", "0123", "~", "null"]) | _IDENTIFIERS


@given(
    kind=_HEADER_VALUES,
    unit=_HEADER_VALUES,
    classified=st.sampled_from(["yes", "no"]),
    major=st.sampled_from(["yes", "no"]),
)
@settings(max_examples=100, deadline=None)
def test_a_header_that_was_written_is_read_back(kind: str, unit: str, classified: str, major: str) -> None:
    kind, unit = (value if re.fullmatch("[a-z0-9][a-z0-9_-]*", value) else "a" for value in (kind, unit))
    raw = HEADER | {"kind": kind, "unit": unit, "classified": classified, "major": major}
    raw |= {"planned": "2026-11-22T09:00:00+08:00", "expires": "2027-01-01"}
    data = records.serialise_header(raw)
    assert records.parse(data, item=ITEM).header.raw == raw
    assert load(data) == raw | {"sign-offs": []}


def test_a_statement_of_another_item_is_no_entry_of_this_record() -> None:
    """The entry leaves the item out, so it is the caller who says whose record it is."""
    post, policy = statement(), replace(statement(), item=POLICY)
    assert records.parse(records.append(record(), post), item=ITEM).sign_offs == (post,)
    with pytest.raises(FormatError):
        records.append(record(), policy)
