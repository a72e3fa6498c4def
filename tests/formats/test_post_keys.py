"""The keys of each type of column, and what some of them can say."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from review.formats.media import KEYS
from review.formats.post_keys import KEYS_OF_TYPE, RESERVED, SPELLING
from review.formats.post_values import (
    DISCLOSURES,
    PUBLISHABLE,
    RESOURCE_KINDS,
    VALIDITIES,
    duration_typed,
    is_marked,
    is_void,
    related_items,
    resource_kind,
)

ROOT = Path(__file__).parents[2]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_every_type_of_column_has_its_keys_and_no_other_type_is_listed() -> None:
    schema = json.loads(files("review.formats").joinpath("schemas/columns.json").read_text(encoding="utf-8"))
    assert set(KEYS_OF_TYPE) == set(schema["definitions"]["column"]["properties"]["type"]["enum"])


def test_the_sample_lists_the_very_keys_of_each_type() -> None:
    listed: dict[str, set[tuple[str, ...]]] = {}
    for column in (part for top in read("columns.yaml")["columns"] for part in (top, *top.get("columns", ()))):
        if "metadata" in column:
            listed.setdefault(column["type"], set()).add(tuple(column["metadata"]))
    assert {kind: KEYS_OF_TYPE[kind] for kind in listed} == {kind: next(iter(found)) for kind, found in listed.items()}
    assert all(len(found) == 1 for found in listed.values())
    assert {"video", "resources", "people", "interaction", "policy", "notices", "overview", "topic"} == set(listed)


def test_no_type_lists_what_no_post_may_have_or_every_post_may() -> None:
    keys = {key.lower() for keys in KEYS_OF_TYPE.values() for key in keys}
    assert not keys & {*RESERVED, *SPELLING}
    assert keys > KEYS


def test_what_documents_say_of_themselves_is_what_an_inspection_accepts() -> None:
    rules = {one["id"]: one for one in read("review/profiles/gov-cn.yaml")["rules"]}
    assert tuple(rules["DOC-04"]["values"]["names"]) == DISCLOSURES
    assert rules["DOC-04"]["values"]["open"] == [PUBLISHABLE]
    assert tuple(rules["DOC-06"]["values"]["names"]) == VALIDITIES


def test_authors_are_told_every_value_that_is_known() -> None:
    page = " ".join((ROOT / "docs/author.md").read_text(encoding="utf-8").split())
    said = page[page.index("The values that are known:") :]
    assert [one for one in (*DISCLOSURES, *VALIDITIES) if one not in said] == []
    assert [pair for pair in RESOURCE_KINDS.items() if f"{pair[0]} or {pair[1]}" not in said] == []


def test_a_document_is_void_or_marked_by_what_it_says() -> None:
    assert [one for one in VALIDITIES if is_void(one)] == ["废止", "已废止", "失效", "已失效", "宣布失效"]
    assert [one for one in VALIDITIES if is_marked(one) and not is_void(one)] == ["已修改", "修改"]


@pytest.mark.parametrize(
    ("written", "kind"), [("poster", "poster"), ("Poster", "poster"), ("海报", "poster"), ("小册子", ""), ("", "")]
)
def test_the_kind_of_a_resource_may_be_written_in_either_language(written: str, kind: str) -> None:
    assert resource_kind(written) == kind


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("4:10", "00:04:10"),
        ("1:04:10", "01:04:10"),
        ("00:04:10", "00:04:10"),
        ("4分10秒", "00:04:10"),
        ("1小时4分10秒", "01:04:10"),
        ("4:70", "4:70"),
        ("four", "four"),
        ("4", "4"),
    ],
)
def test_a_duration_is_understood_as_people_type_it(typed: str, written: str) -> None:
    assert duration_typed(typed) == written


def test_an_entry_of_related_means_a_path_a_place_below_content_or_a_neighbour() -> None:
    found = related_items("b", "content/news/a.md")
    assert found == ("b", "b.md", "content/b", "content/b.md", "content/news/b", "content/news/b.md")
