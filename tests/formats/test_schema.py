"""What is said of files whose shape is wrong: words and an example, never a regular expression."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest

from review.errors import FormatError
from review.formats.pattern_words import WORDS
from review.formats.schema import check
from review.formats.strict_yaml import load

SITE = {"id": "s", "title": "x", "url": "https://example.org", "timezone": "Asia/Shanghai", "language": "zh-cn"}
PEOPLE = (
    "administrators: {needs: 1, people: [a]}\n"
    "units: {u: {title: x, group: g}}\n"
    "people: {a: {name: x, offices: [], keys: []}}\n"
)
FLOW = (
    "workflows: {w: {title: x, kinds: [article], groups: [g], stages: [{id: draft, title: x, by: officer@unit}]}}\n"
    "withdrawal: {by: a@b}\n"
)
RAW = re.compile(r"[\^$\\]|\(\?|\[[^\]]*\]\{|\{[0-9]+,")
"""What nobody but programmers can read."""


def patterns(part: Any) -> Iterator[str]:
    """Yield every pattern of a schema, those of names among them."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        yield from part.get("patternProperties", ())
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from patterns(one)


def schemas() -> Mapping[str, Any]:
    folder = files("review.formats").joinpath("schemas")
    return {one.name: json.loads(one.read_text(encoding="utf-8")) for one in folder.iterdir()}


def refusal(name: str, text: str) -> FormatError:
    data = text.encode()
    with pytest.raises(FormatError) as caught:
        check(name, load(data), data)
    return caught.value


def complaint(name: str, text: str) -> str:
    return refusal(name, text).what


def test_every_pattern_of_every_schema_has_its_words() -> None:
    found = {name: set(patterns(schema)) for name, schema in schemas().items()}
    assert len(found) > 6
    assert all(found[f"{name}.json"] for name in ("columns", "people", "workflows", "settings"))
    assert set().union(*found.values()) <= set(WORDS)


@pytest.mark.parametrize("pattern", WORDS)
def test_the_example_of_every_pattern_fits_it_and_its_words_are_no_pattern(pattern: str) -> None:
    words = WORDS[pattern]
    assert re.search(pattern, str(words.values["example"]))
    assert words.template.endswith("such as {example}")
    assert not RAW.search(words)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("media", "[https://media.example.org/films]", "a slash at its end, such as https://media.example.org/films/"),
        ("corrections", "website@example.org", "a mailbox with mailto: before it, such as mailto:website@example.org"),
        ("url", "www.example.org", "the address of the site, with https:// before it"),
        ("id_code", "123", "ten digits, or bm and eight digits"),
        ("email", "nobody", "an address of electronic mail"),
        ("badge", "conac", "an address with https:// before it"),
        ("own_hosts", "[https://gov.cn/]", "a host in small letters, without https://"),
        ("language", "中文", "the code of a language, such as zh-cn"),
        ("id", "Meine Seite", "an id: small letters, digits"),
    ],
)
def test_what_is_wrong_in_the_site_is_said_in_words_with_an_example(key: str, value: str, says: str) -> None:
    lines = "".join(f"  {name}: {one}\n" for name, one in (SITE | {key: value}).items())
    what = complaint("columns", f"site:\n{lines}columns:\n- {{id: news, title: x}}\n")
    assert says in what
    assert what.startswith(f"site.{key}")
    assert not RAW.search(what)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("people", PEOPLE.replace("needs: 1", "needs: two"), "a number of people, such as 2"),
        ("people", PEOPLE.replace("{u:", "{U 1:"), "'U 1' is not what belongs here: an id"),
        ("people", PEOPLE.replace("offices: []", "offices: [head]"), "with @ between, such as head@unit"),
        (
            "workflows",
            FLOW.replace("officer@unit", "Officer@unit"),
            "'Officer@unit' is not what belongs here: an office",
        ),
        ("workflows", FLOW.replace("officer@unit", "[officer]"), "with @ between, such as head@unit"),
        ("workflows", FLOW.replace("officer@unit", "officer@unit, needs: 0"), "a whole number from 1 to 999"),
        ("settings", "due: {Head: 3}\n", "'Head' is not what belongs here: an id"),
        ("settings", "due: {head: soon}\n", "a whole number from 1 to 999, such as 2"),
        ("settings", "remote: -x\n", "the name that git has for a remote"),
    ],
)
def test_what_is_wrong_in_the_other_files_is_said_in_words_with_an_example(name: str, text: str, says: str) -> None:
    what = complaint(name, text)
    assert says in what
    assert not RAW.search(what)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("phon", "phone"), ("Phone", "phone"), ("organizer", "organiser"), ("index-number", "index_number")],
)
def test_a_mistyped_key_is_told_on_its_own_line_with_the_one_that_is_meant(typed: str, meant: str) -> None:
    lines = [f"  {name}: {one}" for name, one in SITE.items()]
    text = "\n".join(["site:", *lines, f"  {typed}:", "  - x", "columns:", "- {id: news, title: x}\n"])
    error = refusal("columns", text)
    assert error.line == len(lines) + 2
    assert error.what == f"site: unknown key {typed!r}; did you mean {meant}?"


def test_a_key_like_none_is_told_on_its_own_line_with_those_that_are_known() -> None:
    error = refusal("people", PEOPLE + "xyzzy: 1\n")
    assert error.line == PEOPLE.count("\n") + 1
    assert error.what == "unknown key 'xyzzy'; known are administrators, people, units"


def test_an_unknown_key_of_a_column_and_of_a_stage_has_its_own_line() -> None:
    columns = "site: {%s}\ncolumns:\n- id: news\n  title: x\n  tittle: y\n"
    site = ", ".join(f"{name}: {one}" for name, one in SITE.items())
    assert refusal("columns", columns % site).line == 5
    flow = FLOW.replace("{id: draft, title: x, ", "\n  {id: draft,\n   title: x,\n   paper_: yes, ")
    error = refusal("workflows", flow)
    assert (error.line, "did you mean paper?" in error.what) == (4, True)


def test_a_mapping_that_is_a_text_because_of_its_colon_is_told_so() -> None:
    error = refusal("columns", "site:\n  id：x\ncolumns: []\n")
    assert error.what == "site: the colon after id is a full-width one (：); write an ordinary colon and a blank"
    assert error.line == 2
