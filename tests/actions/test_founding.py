"""What a new site begins with, as bytes: names that hold anything, columns that keep everything but their names."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from review.actions.founding import Role, named_columns, people_file, sample_roles, sample_units
from review.errors import Refused
from review.formats.clean_text import clean_line
from review.formats.policy_files import parse
from review.formats.strict_yaml import load
from review.history.throwaway_keys import ThrowawayKey

ROOT = Path(__file__).parents[2]
COLUMNS = (ROOT / "columns.yaml").read_bytes()
PEOPLE = (ROOT / "people.yaml").read_bytes()
LINES = st.text(max_size=60).map(clean_line)


def site_of(data: bytes) -> dict[str, object]:
    """What a columns.yaml says of its site."""
    read = load(data)
    site = read["site"] if isinstance(read, dict) else None
    return dict(site) if isinstance(site, dict) else {}


@given(title=LINES)
@example("- a")
@example("no")
@example('"')
def test_a_title_is_read_back_as_it_was_given_whatever_it_holds(title: str) -> None:
    site = site_of(named_columns(COLUMNS, "baoji-kjw", title))
    assert site == site_of(COLUMNS) | {"title": title or "宝鸡科技网"}


def test_only_the_line_of_the_title_changes_where_the_site_stays_the_same() -> None:
    changed = named_columns(COLUMNS, "baoji-kjw", "我的网站").decode().splitlines()
    different = [line for line in difflib.ndiff(COLUMNS.decode().splitlines(), changed) if line[0] in "+-"]
    assert different == ["-   title: 宝鸡科技网", "+   title: 我的网站"]


def test_another_organisations_site_says_nothing_of_who_runs_this_one() -> None:
    changed = named_columns(COLUMNS, "my-site", "我的网站")
    who = "description keywords organiser operator phone email address postcode id_code icp police badge corrections index_number"
    kept = {key: value for key, value in site_of(COLUMNS).items() if key not in who.split()}
    assert site_of(changed) == kept | {"id": "my-site", "title": "我的网站"}
    assert changed.partition(b"\ncolumns:")[2] == COLUMNS.partition(b"\ncolumns:")[2]


def test_what_another_organisation_fills_in_stands_there_as_comments_that_are_right_as_they_are() -> None:
    """Whoever takes every mark away has the very keys that were left out, in a file that is valid."""
    changed = named_columns(COLUMNS, "my-site", "我的网站").decode()
    assert "placeholders" not in changed
    head, _, rest = changed.partition("\ncolumns:")
    filled = re.sub(r"^  # (?=[a-z_]+: )", "  ", head, flags=re.MULTILINE) + "\ncolumns:" + rest
    assert set(site_of(filled.encode())) == set(site_of(COLUMNS))
    _, problems = parse(
        {
            "columns.yaml": filled.encode(),
            "people.yaml": PEOPLE,
            "workflows.yaml": (ROOT / "workflows.yaml").read_bytes(),
        }
    )
    assert [one for one in problems if "columns.yaml" in one.where] == []
    pattern = str(site_of(filled.encode())["index_number"])
    assert re.fullmatch(pattern, "SK0000001-2026-01")


@pytest.mark.parametrize(
    "shape", ["site: {title: a, id: b}\n", "site:\n  title: a\n  id: b\n", "columns: []\n", "- a\n", "site: a\n"]
)
def test_columns_whose_site_is_written_otherwise_are_set_right_or_refused(shape: str) -> None:
    """Never half: the id that `init` was asked for, or nothing."""
    try:
        changed = named_columns(shape.encode(), "my-site", "新")
    except Refused:
        return
    assert site_of(changed) == {"id": "my-site", "title": "新"}


@pytest.mark.parametrize("site_id", ["", "Upper", "a b", "-a", "a\n", "a: b", "a" * 65, "网站"])
def test_an_id_that_is_none_is_refused(site_id: str) -> None:
    with pytest.raises(Refused) as caught:
        named_columns(COLUMNS, site_id, "")
    assert caught.value.where == "--site-id"


@given(name=LINES.filter(bool), title=LINES.filter(bool))
@example("- a", "-")
@example("no", "1")
@example("a: b", "# c")
def test_names_of_people_and_units_are_read_back_as_they_were_given(name: str, title: str) -> None:
    key = "ssh-ed25519 AAAA"
    data = people_file(
        {"fx": (title, "county")}, [Role(id="me", name=name, offices=("officer@fx",), keys=(key,))], ["me"], 1
    )
    read = load(data)
    assert read == {
        "administrators": {"needs": "1", "people": ["me"]},
        "units": {"fx": {"title": title, "group": "county"}},
        "people": {"me": {"name": name, "offices": ["officer@fx"], "keys": [key]}},
    }


def test_the_samples_people_are_taken_with_their_offices_as_far_as_they_have_keys() -> None:
    units = sample_units(PEOPLE)
    assert units["fengxiang"] == ("凤翔区科协", "county")
    public = ThrowawayKey.generate().public.text()
    (role,) = sample_roles(PEOPLE, {"leader-1": public, "nobody": public})
    assert role == Role(
        id="leader-1", name="示例分管领导（一）", offices=("leader@county", "leader@society", "leader@enterprise"), keys=(public,)
    )  # fmt: skip
