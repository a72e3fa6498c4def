"""The strict subset of YAML: mappings, lists and strings as written; everything else refused, with its line."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats.strict_yaml import MAX_BYTES, Value, lines_of, load


def refusal(text: str | bytes) -> FormatError:
    """What is said of a text that must be refused."""
    with pytest.raises(FormatError) as caught:
        load(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


def read(data: bytes) -> Value | FormatError:
    """The value of a text, or what is said against it: one line, and the line in the text where there is one."""
    try:
        return load(data)
    except FormatError as error:
        said = error
    assert "\n" not in str(said)
    assert said.line >= 0
    return said


# What is accepted, and as what.


@pytest.mark.parametrize(
    "scalar",
    [
        "no", "yes", "on", "off", "true", "null", "~", "1", "0123", "0x1F", "1e3", "1_000", "12:30:45", ".inf", ".NaN",
        "2026-11-20", "2026-11-20T10:00:00+08:00", "=", "<<x", "科普", "a#b", "a:b", "-1", "a  b", "1.0", "😀",
        "\ue000",
    ],
)  # fmt: skip
def test_every_plain_scalar_is_the_string_as_written(scalar: str) -> None:
    assert load(f"k: {scalar}\nl: [{scalar}]\n".encode()) == {"k": scalar, "l": [scalar]}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"no"', "no"),
        ("'no'", "no"),
        ('""', ""),
        ("", ""),
        ("''", ""),
        ('"a\\tb\\nc"', "a\tb\nc"),
        ('"\\u6625"', "春"),
        ('"\\"\\\\"', '"\\'),
        ("'it''s'", "it's"),
        ("|\n  x\n  y\n", "x\ny\n"),
        (">-\n  x\n  y\n", "x y"),
        ("x\n  y", "x y"),
        ("'<<'", "<<"),
    ],
)
def test_a_scalar_in_any_style_is_the_string_that_yaml_makes_of_it(written: str, value: str) -> None:
    assert load(f"k: {written}\n".encode()) == {"k": value}


@pytest.mark.parametrize(
    "text", ["--- \na: 1\n", "a: 1\n...\n", "# c\n\na: 1", "{a: 1}", "  a: 1\n", '"a": 1', "a:\t1\n"]
)
def test_one_document_may_be_written_in_several_ways(text: str) -> None:
    assert load(text.encode()) == {"a": "1"}


def test_a_tab_that_is_no_indentation_is_a_character() -> None:
    assert load("a: x\ty\nb: 春\t秋\n".encode()) == {"a": "x\ty", "b": "春\t秋"}


# What is refused, and where.


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", 4, "twice"),
        ("a: 1\n'a': 2\n", 2, "twice"),
        ('a: 1\n"\\u0061": 2\n', 2, "twice"),
        ("x: {a: 1, b: 2,\n a: 3}\n", 2, "twice"),
        ("1: a\n'1': b\n", 2, "twice"),
        ("x: 1\na: &n 1\n", 2, "anchor"),
        ("x: 1\na: &n {b: 1}\n", 2, "anchor"),
        ("x: 1\na: &n [b]\n", 2, "anchor"),
        ("&n a: 1\n", 1, "anchor"),
        ("&n\na: 1\n", 1, "anchor"),
        ("a: 1\nb: *n\n", 2, "alias"),
        ("a: 1\n*n : 2\n", 2, ""),
        ("x: 1\na: !!str 1\n", 2, "tag"),
        ("x: 1\na: !t {b: 1}\n", 2, "tag"),
        ("x: 1\na: !<tag:yaml.org,2002:int> 1\n", 2, "tag"),
        ("x: 1\na: ! 1\n", 2, "tag"),
        ("x: 1\n!!str a: 1\n", 2, "tag"),
        ("x: 1\na: !!python/object/apply:os.system [id]\n", 2, "tag"),
        ("a: {b: 1}\n<<: {c: 2}\n", 2, "merge"),
        ("a: 1\n---\nb: 2\n", 2, "several documents"),
        ("a: 1\n...\n---\nb: 2\n", 3, "several documents"),
        ("a: 1\n---\n", 2, "several documents"),
        ("x: 1\n? [a, b]\n: 1\n", 2, "plain string"),
        ("x: 1\n? {a: b}\n: 1\n", 2, "plain string"),
        ("x: 1\n? |\n  a\n: 1\n", 2, "plain string"),
        ("x: 1\n[a]: 1\n", 2, "plain string"),
        ("site:\n  id: x\n  phone：1\n  email: y\n", 3, "the colon after phone is a full-width one"),
        ("site:\n  id: x\n  phone：1\n\n  # 说明\n  email: y\n", 3, "the colon after phone"),
        ("site:\n  id: x\n  phone：1\nb: y\n", 3, "the colon after phone"),
        ("site:\n  id: x\n  phone：1\n", 3, "the colon after phone"),
        ("a:\n- id：x\n  title: y\n", 2, "the colon after id"),
        ("a:\n- id: x\n  title：y\n- id: z\n", 3, "the colon after title"),
        ("site：\n  id: x\n", 1, "the colon after site"),
        ("a: {b：1, c: 2\nd: 3\n", 2, "expected"),
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a:\n  \tb: 1\n", 2, "tab"),
        ("春:\n \tb: 1\n", 2, "tab"),
        ("a:\n-\tb\n", 2, "tab"),
        ("\ufeffa: 1\n", 1, "byte-order mark"),
        ("a: 1\nb: \ufeffx\n", 2, "byte-order mark"),
        ("a: 1\r\nb: 2\r\n", 1, "CR"),
        ("a: 1\nb: 2\r", 2, "CR"),
        ("a: 1\nb: x\0\n", 2, "NUL"),
        ("a: 1\nb: x\x07\n", 2, "U+0007"),
        ("a: 1\nb: x\x7f\n", 2, "U+007F"),
        ("a: 1\nb: x\x85y\n", 2, "U+0085"),
        ("a: 1\nb: x\x9fy\n", 2, "U+009F"),
        ("a: 1\nb: x\u2028y\n", 2, "U+2028"),
        ("a: 1\nb: x\u2029y\n", 2, "U+2029"),
        ("a: 1\nb: x\u200by\n", 2, "U+200B"),
        ("a: 1\nb: x\u202ey\n", 2, "U+202E"),
        ("a: 1\nb: x\u00ady\n", 2, "U+00AD"),
        ("a: 1\nb: x\U000e0041y\n", 2, "U+E0041"),
        ("a: 1\n# x\u202ey\n", 2, "U+202E"),
        ("a: 1\nk\u200d: 2\n", 2, "U+200D"),
        ('a: 1\nb: "\\0"\n', 2, "escape"),
        ('a: 1\nb: "\\a"\n', 2, "escape"),
        ('a: 1\nb: "\\r"\n', 2, "escape"),
        ('a: 1\nb: "\\e"\n', 2, "escape"),
        ('a: 1\nb: "\\N"\n', 2, "escape"),
        ('a: 1\nb: "\\L"\n', 2, "escape"),
        ('a: 1\nb: "\\P"\n', 2, "escape"),
        ('a: 1\nb: "\\x07"\n', 2, "escape"),
        ('a: 1\nb: "\\u200b"\n', 2, "escape"),
        ('a: 1\nb: "\\U000e0041"\n', 2, "escape"),
        ('a: 1\nb: "\\ufeff"\n', 2, "escape"),
        ('a: 1\n"\\u202e": 2\n', 2, "escape"),
        ('a: 1\nb: "\\ud800"\n', 2, "YAML"),
        ("a: 1\nb: e\u0301\n", 2, "NFC"),
        ("a: 1\nb: \u212b\n", 2, "NFC"),
        ("a: 1\ne\u0301: 2\n", 2, "NFC"),
        ("a: 1\n# e\u0301\n", 2, "NFC"),
        ('a: 1\nb: "e\\u0301"\n', 2, "NFC"),
        ("%YAML 1.1\n---\na: 1\n", 1, "directive"),
        ("%TAG ! tag:x,2026:\n---\na: 1\n", 1, "directive"),
        ("a: [1, 2\nb: 3\n", 2, "YAML"),
        ("a: 1\n b: 2\n", 2, "YAML"),
        ("a: 1\nb: 'x\n", 3, "YAML"),
        ("a: 1\nb\n", 3, "YAML"),
        ("a: @x\n", 1, "YAML"),
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("\n\n", 1, "empty"),
    ],
)
def test_what_the_subset_leaves_out_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    error = refusal(text)
    assert (error.line, says in error.what) == (line, True), error.what


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a: \xff\n", 1), (b"a: 1\nb: \xe6\x98\n", 2), (b"a: 1\n\nb: \xc0\x80\n", 3), (b"a: \xed\xa0\x80\n", 1)],
)
def test_what_is_not_utf8_is_refused_with_its_line(data: bytes, line: int) -> None:
    error = refusal(data)
    assert (error.line, "UTF-8" in error.what) == (line, True)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\ufdd0", "\U0001ffff"])
def test_a_code_point_that_is_no_character_is_refused_with_its_line_or_taken_as_it_is(character: str) -> None:
    found = read(f"a: 1\nb: x{character}y\n".encode())
    if isinstance(found, FormatError):
        assert found.line == 2
    else:
        assert found == {"a": "1", "b": f"x{character}y"}


def test_every_format_character_is_refused_raw_and_escaped() -> None:
    format_characters = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]
    assert len(format_characters) > 100
    for character in format_characters:
        assert refusal(f"a: 1\nb: x{character}y\n").line == 2
        assert refusal(f'a: 1\nb: "\\U{ord(character):08x}"\n').line == 2


def test_every_control_character_but_tab_and_line_end_is_refused_raw_and_escaped() -> None:
    for code in {*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A}:
        assert refusal(f"a: 1\nb: x{chr(code)}y\n").line == 2, hex(code)
        assert refusal(f'a: 1\nb: "\\x{code:02x}"\n').line == 2, hex(code)


# Limits.


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_eight_levels_are_read_and_a_ninth_is_refused(opening: str) -> None:
    """The mapping at the top is the first level."""
    closing = {"[": "]", "{a: ": "}", "- ": ""}[opening]

    def nested(levels: int) -> bytes:
        inner = opening * (levels - 1) + "x" + closing * (levels - 1)
        return f"top:\n  {inner}\n".encode()

    assert load(nested(8))
    assert "8" in refusal(nested(9)).what


def test_a_text_of_a_hundred_thousand_brackets_is_refused_at_once() -> None:
    start = time.process_time()
    for text in ("[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000, "a:\n" + " [" * 100_000):
        refusal(text)
    assert time.process_time() - start < 10


def test_a_mebibyte_is_read_and_a_byte_more_is_refused() -> None:
    fits = b"a: " + b"x" * (MAX_BYTES - 4) + b"\n"
    assert MAX_BYTES == 1 << 20
    assert load(fits) == {"a": "x" * (MAX_BYTES - 4)}
    assert str(1 << 20) in refusal(b"a: x" + fits[3:]).what


def test_the_limit_counts_bytes_not_characters() -> None:
    assert len("春" * 400_000) < MAX_BYTES
    refusal("a: " + "春" * 400_000)


def test_what_is_over_the_limit_is_not_even_decoded() -> None:
    assert "UTF-8" not in refusal(b"\xff" * (MAX_BYTES + 1)).what


def test_many_keys_are_read_in_reasonable_time() -> None:
    text = "".join(f"k{n}: v\n" for n in range(60_000)).encode()
    start = time.process_time()
    value = load(text)
    assert isinstance(value, dict)
    assert len(value) == 60_000
    assert time.process_time() - start < 10


# Lines.


def test_the_line_of_every_value_is_known_by_its_path() -> None:
    text = "a: 1\n# c\nb:\n- x\n- {c: y,\n   d: z}\ne: |\n  t\nf: 春\n"
    lines = lines_of(text.encode())
    assert lines[()] == 1
    assert [lines[path] for path in [("a",), ("b", 0), ("b", 1), ("b", 1, "c"), ("b", 1, "d"), ("e",), ("f",)]] == [
        1, 4, 5, 5, 6, 7, 9,
    ]  # fmt: skip


# Properties.

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_VALUES = st.recursive(
    _TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3), max_leaves=8
)


def depth(value: Value) -> int:
    if isinstance(value, str):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max((depth(one) for one in inner), default=0)


@given(st.dictionaries(_TEXT, _VALUES, max_size=4).filter(lambda value: depth(value) <= 8))
@settings(max_examples=150, deadline=None)
def test_a_value_written_as_json_is_read_back(value: dict[str, Value]) -> None:
    """JSON is YAML, so this spells every value without relying on a writer of YAML."""
    assert load((json.dumps(value, ensure_ascii=False) + "\n").encode()) == value


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_as_the_library_reads_it_or_refused_with_a_line(text: str) -> None:
    """Ours is a subset: where it accepts, PyYAML's own string-only loader has the same value."""
    found = read(text.encode("utf-8", "surrogatepass"))
    assert isinstance(found, FormatError) or found == yaml.load(text, Loader=yaml.CBaseLoader)


@given(
    st.lists(st.sampled_from([*"ab:-[]{},&*!|>'\"%#? \n\t", "<<", ": ", "- ", "\n  ", "...", "---", "春"]), max_size=20)
)
@settings(max_examples=400, deadline=None)
def test_any_heap_of_yaml_signs_is_read_as_the_library_reads_it_or_refused(signs: list[str]) -> None:
    text = "".join(signs)
    found = read(text.encode())
    assert isinstance(found, FormatError) or found == yaml.load(text, Loader=yaml.CBaseLoader)


@given(st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_value_or_a_refusal_and_nothing_else(data: bytes) -> None:
    found = read(data)
    assert isinstance(found, (str, list, dict, FormatError))
