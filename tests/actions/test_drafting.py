"""A post is begun: its name, its header, and what is refused before a file is there."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import COLUMNS, UNITS, WORKFLOWS

from review.actions.drafting import ancestors_of, columns_for, draft, kinds_for, likely_kind, units_of
from review.errors import FormatError, Refused
from review.formats import records
from review.formats.front_matter import parse_post
from review.formats.policy_files import parse
from review.history.throwaway_keys import ThrowawayKey
from review.model.paths import content_kind, path_problem, record_of
from review.model.policies import Policy

TODAY = dt.date(2026, 11, 20)


def _policy(*offices: str) -> Policy:
    key = ThrowawayKey.generate().public.text()
    me = f"people:\n  me:\n    name: 示例\n    offices: [{', '.join(offices)}]\n    keys: [{key}]\n"
    people = f"administrators: {{needs: 1, people: [me]}}\n{UNITS}{me}"
    texts = {"columns.yaml": COLUMNS, "workflows.yaml": WORKFLOWS, "people.yaml": people}
    policy, errors = parse({path: text.encode() for path, text in texts.items()})
    if policy is None:
        raise ValueError(errors)
    return policy


POLICY = _policy()


def begun(title: str = "标题", **said: object) -> dict[str, bytes]:
    fields = {"column": "news", "unit": "fx", "kind": "article", "today": TODAY, "taken": ()}
    return draft(POLICY, title=title, **(fields | said))  # type: ignore[arg-type]  # said by each test


@given(title=st.text(max_size=220), taken=st.sets(st.sampled_from(["2026-11-20-post", "2026-11-20-post-2", "index"])))
def test_whatever_the_title_two_files_come_out_that_the_gate_takes_or_a_refusal(title: str, taken: set[str]) -> None:
    try:
        files = begun(title, taken=taken)
    except (Refused, FormatError):
        return
    post, record = files
    assert content_kind(post) == "post"
    assert path_problem(post) == ""
    assert post.isascii()
    assert record == record_of(post)
    assert post.rpartition("/")[2].removesuffix(".md") not in taken
    parsed, problems = parse_post(files[post])
    assert problems == ()
    assert parsed is not None
    header = records.parse(files[record], item=post).header
    assert (header.unit, header.kind, header.submitted, header.classified) == ("fx", "article", "2026-11-20", False)


def test_what_is_planned_ends_or_is_major_stands_in_the_header() -> None:
    files = begun(planned="2026-11-22T09:00:00+08:00", expires="2027-01-01", major=True)
    header = records.parse(list(files.values())[1], item=next(iter(files))).header
    assert (header.planned, header.expires, header.major) == ("2026-11-22T09:00:00+08:00", "2027-01-01", True)


@pytest.mark.parametrize(
    ("said", "where", "what"),
    [
        ({"title": "\u200b"}, "", "a post needs a title"),
        ({"column": "activities"}, "columns.yaml", "there is no column 'activities'"),
        ({"unit": "none"}, "people.yaml", "there is no unit 'none'"),
        ({"column": "files"}, "columns.yaml", "凤翔区科协 may not write for 文件"),
        ({"kind": "topic"}, "workflows.yaml", "no workflow takes a 'topic' of 凤翔区科协"),
        ({"kind": "video", "major": True}, "workflows.yaml", "no workflow takes a 'video'"),
        ({"planned": "2026-11-22"}, "--planned", "is not an instant"),
        ({"expires": "2026-11-22T09:00:00+08:00"}, "--expires", "is not a date"),
    ],
    ids=str,
)
def test_what_cannot_go_online_is_refused_with_its_place_and_what_could(
    said: dict[str, object], where: str, what: str
) -> None:
    with pytest.raises(Refused) as caught:
        begun(**said)  # type: ignore[arg-type]  # said by each case
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.hint


# -- who may draft what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offices", "units"),
    [
        ((), []),
        (("officer@fx",), ["fx"]),
        (("head@fx", "leader@county"), []),
        (("officer@county",), ["fx", "mx"]),
        (("officer@kpb", "officer@mx"), ["mx", "kpb"]),
    ],
)
def test_people_draft_for_the_units_whose_first_stage_is_theirs(offices: tuple[str, ...], units: list[str]) -> None:
    assert units_of(_policy(*offices), "me") == units
    assert units_of(_policy(*offices), "nobody") == []


def test_a_unit_is_offered_the_columns_that_take_from_it_and_those_above_them() -> None:
    assert [column.id for column in columns_for(POLICY, "fx")] == ["news", "popular-science/activities"]
    shown = [column.id for column in ancestors_of(POLICY, columns_for(POLICY, "fx"))]
    assert shown == ["news", "popular-science", "popular-science/activities"]
    assert [column.id for column in columns_for(POLICY, "info-centre")] == ["news"]


def test_a_unit_is_offered_the_kinds_that_one_workflow_takes_as_ordinary_or_major_matters() -> None:
    assert kinds_for(POLICY, "fx") == {"article": (False, True), "reply": (False,), "video": (False,)}
    assert kinds_for(POLICY, "info-centre") == {"article": (False, True), "reply": (False,)}


@pytest.mark.parametrize(
    ("type", "kinds", "kind"),
    [
        ("topic", ("article", "topic"), "topic"),
        ("interaction", ("article", "reply"), "reply"),
        ("video", ("article", "video"), "video"),
        ("video", ("article",), "article"),
        ("news", ("article", "topic"), "article"),
        ("topic", ("article",), "article"),
        ("news", ("video",), "video"),
        ("news", (), ""),
    ],
)
def test_the_kind_is_guessed_from_the_columns_type(type: str, kinds: tuple[str, ...], kind: str) -> None:
    column = dataclasses.replace(POLICY.columns.columns["news"], type=type)
    assert likely_kind(column, kinds) == kind


# -- meta lines ----------------------------------------------------------------------------------------------------


def test_meta_lines_are_cleaned_spelled_and_ordered_and_empty_ones_left_out() -> None:
    fields = {"topic_word": "科普", "tags": " 甲\u200b，乙 ", "Source": "", "AUTHOR": "示例"}
    files = begun(column="files", unit="kpb", fields=fields)
    assert next(iter(files.values())) == "Title: 标题\nAuthor: 示例\nTags: 甲，乙\nTopic_word: 科普\n\n\n".encode()


@pytest.mark.parametrize("key", ["Topic_word", "status", "Title", "slug"])
def test_a_meta_line_that_the_column_does_not_have_is_refused_with_those_it_has(key: str) -> None:
    with pytest.raises(Refused, match="has no line") as caught:
        begun(fields={key: "x"})
    assert "Summary" in caught.value.hint
