"""A post is begun: its name, its header, and what is refused before a file is there."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import COLUMNS, UNITS, WORKFLOWS

from review.actions.drafting import draft
from review.errors import FormatError, Refused
from review.formats import records
from review.formats.front_matter import parse_post
from review.formats.policy_files import parse
from review.history.throwaway_keys import ThrowawayKey
from review.model.paths import content_kind, path_problem, record_of
from review.model.policies import Policy

TODAY = dt.date(2026, 11, 20)


def _policy() -> Policy:
    key = ThrowawayKey.generate().public.text()
    me = f"people:\n  me:\n    name: 示例\n    offices: []\n    keys: [{key}]\n"
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
