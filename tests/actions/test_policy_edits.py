"""Edits of policy files: what is meant changes, every other byte stays; what cannot be done so is refused."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story import COLUMNS, WORKFLOWS, Key

from review.actions import policy_edits_columns as columns
from review.actions import policy_edits_people as people
from review.actions.policy_edits import Block, flow, move, put, replace, take
from review.actions.policy_edits_people import GivenKey
from review.errors import FormatError, QianfaError, Refused, UnusableSite
from review.formats import policy_files
from review.formats.strict_yaml import load
from review.model.policies import Policy

ROOT = Path(__file__).parents[2]
SAMPLE = {path: (ROOT / path).read_bytes() for path in policy_files.FILES}
KEYS = [Key() for _ in range(4)]
GIVEN = [GivenKey(text=key.public, fingerprint=key.fingerprint) for key in KEYS]


def sample() -> dict[str, bytes]:
    """Return the sample's files with keys for two of its people, so that they are a policy."""
    text = SAMPLE["people.yaml"].decode().replace("administrators: {needs: 2", "administrators: {needs: 1")
    for person, key in zip(("leader-1", "admin-a"), KEYS, strict=False):
        before, _, after = text.partition(f"  {person}:\n")
        text = before + f"  {person}:\n" + after.replace("keys: []", f"keys:\n    - {key.public}", 1)
    return SAMPLE | {"people.yaml": text.encode()}


FILES = sample()
PEOPLE, COLUMNS_FILE = FILES["people.yaml"], FILES["columns.yaml"]


def policy(people: bytes = PEOPLE, columns: bytes = COLUMNS_FILE) -> Policy:
    """Return the policy that the files make; these must be valid."""
    return _policy(people, columns)


@cache
def _policy(people: bytes, columns: bytes) -> Policy:
    found, problems = policy_files.parse(FILES | {"people.yaml": people, "columns.yaml": columns})
    assert found is not None, problems
    return found


def touched(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that are new, as git would show them."""
    lines = list(difflib.ndiff(before.decode().split("\n"), after.decode().split("\n")))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


# The primitives.


@pytest.mark.parametrize(
    ("text", "place", "at", "entry", "expected"),
    [
        ("a: [x, y]   # why\nb: 1\n", ("a",), None, "z", "a: [x, y, z]   # why\nb: 1\n"),
        ("a: [x, y]\n", ("a",), 0, "z", "a: [z, x, y]\n"),
        ("a: []\n", ("a",), None, "z", "a: [z]\n"),
        ("a: [\n  x, # first\n  y\n]\n", ("a",), 1, "z", "a: [\n  x, z, # first\n  y\n]\n"),
        ("a:\n- x\n# last\nb: 1\n", ("a",), None, "z", "a:\n- x\n- z\n# last\nb: 1\n"),
        ("a:\n  - x\n    # about x\n\n  # about y\n  - y", ("a",), 1, "z",
         "a:\n  - x\n    # about x\n  - z\n\n  # about y\n  - y"),
        ("a:\n  - x\n  - y", ("a",), None, "z", "a:\n  - x\n  - y\n  - z"),
        ("a:\n- |\n  x\n\n  y\n\n- z\n", ("a",), 1, "w", "a:\n- |\n  x\n\n  y\n- w\n\n- z\n"),
        ("a: {x:   1}\n", ("a",), None, ("y", ["是", "no: 1"]), 'a: {x:   1, y: [是, "no: 1"]}\n'),
        ("a:\n  x: 1 # one\n\n  # end\n", ("a",), None, ("y", Block({"p": "q", "r": Block(["s"])})),
         "a:\n  x: 1 # one\n  y:\n    p: q\n    r:\n    - s\n\n  # end\n"),
    ],
)  # fmt: skip
def test_an_entry_is_put_in_and_taken_out_again_byte_for_byte(
    text: str, place: tuple[str], at: int | None, entry: object, expected: str
) -> None:
    after = put(text.encode(), place, at, entry)
    assert after.decode() == expected
    value: Any = load(after)
    step = entry[0] if isinstance(entry, tuple) else len(value[place[0]]) - 1 if at is None else at
    assert take(after, (*place, step)) == text.encode()


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("a: [x, y, z]\n", ("a", 1), "a: [x, z]\n"),
        ("a: [x, y]\n", ("a", 1), "a: [x]\n"),
        ("a: [x]\n", ("a", 0), "a: []\n"),
        ("a: [\n  x, # first\n  y, # second\n]\n", ("a", 0), "a: [\n  y, # second\n]\n"),
        ("a:   # why\n- x\nb: 1\n", ("a", 0), "a: []   # why\nb: 1\n"),
        ("a:\n- x   # of x\n  # of x, too\n# of y\n- y\n", ("a", 0), "a:\n# of y\n- y\n"),
        ("a: {x: 1, y: 2}\n", ("a", "x"), "a: {y: 2}\n"),
        ("a:\n  x:\n    deep: [1,\n      2]\n  y: 2\n", ("a", "x"), "a:\n  y: 2\n"),
    ],
)
def test_an_entry_is_taken_out_with_its_own_lines_alone(text: str, place: tuple[str, int], expected: str) -> None:
    assert take(text.encode(), place).decode() == expected


@pytest.mark.parametrize(
    ("text", "place", "value", "expected"),
    [
        ("a: x   # why\n", ("a",), "y", "a: y   # why\n"),
        ("a: [x,   y]\nb: 1\n", ("a",), [], "a: []\nb: 1\n"),
        ("a:\n- x\n- y\n# c\nb: 1\n", ("a",), ["z"], "a: [z]\n# c\nb: 1\n"),
        ("a:\n- ssh-ed25519 AAAA+/= me\n", ("a", 0), {"key": "ssh-ed25519 AAAA+/=", "compromised": "yes"},
         "a:\n- {key: ssh-ed25519 AAAA+/=, compromised: yes}\n"),
    ],
)  # fmt: skip
def test_a_value_is_put_in_the_place_of_another(
    text: str, place: tuple[str | int, ...], value: object, expected: str
) -> None:
    assert replace(text.encode(), place, value).decode() == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("- - a\n  - b\n", lambda data: take(data, (0, 0))),
        ("a:\n- - x\n", lambda data: replace(data, ("a", 0), [])),
        ("a: [x]\n", lambda data: put(data, ("a",), None, "bell\x07")),
        ("a: [x]\n", lambda data: put(data, ("a",), None, "hid\u200bden")),
    ],
)
def test_what_cannot_be_done_by_cutting_and_putting_in_is_refused(text: str, edit: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Refused, match="by hand"):
        edit(text.encode())


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=40))
def test_any_text_is_written_so_that_it_is_read_back_or_refused(text: str) -> None:
    try:
        wanted = load(f"a: [{flow(text)}]\n".encode())
    except FormatError:
        with pytest.raises(Refused):
            put(b"a: []\n", ("a",), None, text)
        return
    assert wanted == {"a": [text]}
    assert load(put(b"a:\n- b\n", ("a",), None, text)) == {"a": ["b", text]}


# People.


def add(data: bytes, person: str, **more: object) -> bytes:
    fields: dict[str, object] = {
        "name": "示例",
        "offices": ["head@meixian"],
        "keys": [GIVEN[2]],
        "administrator": False,
    }
    return people.add_person(data, policy(people=data), person=person, **(fields | more))  # type: ignore[arg-type]


@settings(max_examples=25)
@given(
    name=st.sampled_from(["示例负责人（眉县）", "李四: # ok", "'x'", "- 1", "yes", "[a"]),
    offices=st.lists(st.sampled_from(["head@meixian", "leader@county", "officer@office"]), unique=True),
    administrator=st.booleans(),
)
def test_adding_somebody_and_retiring_them_again_gives_the_very_same_file(
    name: str, offices: list[str], administrator: bool
) -> None:
    if not offices and not administrator:
        with pytest.raises(UnusableSite, match="nothing to do"):
            add(PEOPLE, "new", name=name, offices=offices, administrator=administrator)
        return
    after = add(PEOPLE, "new", name=name, offices=offices, administrator=administrator)
    gone, new = touched(PEOPLE, after)
    assert len(new) == 5 + administrator
    assert len(gone) == administrator
    now = policy(people=after).people
    assert now.people["new"].name == name
    assert [str(one) for one in now.people["new"].offices] == offices
    assert ("new" in now.administrators) is administrator
    assert people.retire(after, policy(people=after), "new") == PEOPLE


def test_somebody_new_stands_below_the_last_one_of_the_same_unit() -> None:
    order = list(policy(people=add(PEOPLE, "new")).people.people)
    assert order[order.index("head-meixian") + 1] == "new"


def test_keys_are_added_and_taken_out_again_byte_for_byte() -> None:
    for person in ("leader-1", "head-meixian"):
        after = people.add_key(PEOPLE, policy(), person, GIVEN[3])
        assert touched(PEOPLE, after)[1][-1].strip() in (f"- {KEYS[3].public}", f"keys: [{KEYS[3].public}]")
        assert people.remove_key(after, policy(people=after), person, KEYS[3].fingerprint, {}) == PEOPLE


def test_a_key_is_marked_on_its_own_line_and_stays_listed() -> None:
    after = people.mark_key(PEOPLE, policy(), "leader-1", KEYS[0].fingerprint, {})
    assert touched(PEOPLE, after) == (
        [f"    - {KEYS[0].public}"],
        [f"    - {{key: {KEYS[0].public}, compromised: yes}}"],
    )
    then = policy(people=after)
    assert then.people.compromised == {KEYS[0].fingerprint}
    for act in (people.mark_key, people.remove_key):
        with pytest.raises(Refused, match="marked"):
            act(after, then, "leader-1", KEYS[0].fingerprint, {})
    with pytest.raises(Refused, match="marked compromised"):
        add(after, "new", keys=[GIVEN[0]])


def test_a_key_that_was_taken_out_is_listed_again_as_marked_and_its_person_with_it() -> None:
    former = policy().people.people["leader-1"]
    gone = people.retire(PEOPLE, policy(), "leader-1")
    after = people.list_marked(gone, policy(people=gone), former=former, text=KEYS[0].public)
    person = policy(people=after).people.people["leader-1"]
    assert (person.offices, person.keys, person.compromised) == ((), (), (KEYS[0].fingerprint,))


def test_standing_in_begins_and_ends_without_a_trace() -> None:
    after = people.delegate(PEOPLE, policy(), "leader@county", "leader-2")
    person = policy(people=after).people.people["leader-2"]
    assert [str(one) for one in person.stands_in] == ["leader@county"]
    twice = people.delegate(after, policy(people=after), "leader@society", "leader-2")
    assert touched(PEOPLE, twice)[1] == [
        "    offices: [leader@department, leader@institution, leader@county, leader@society]",
        "    stands_in: [leader@county, leader@society]",
    ]
    assert people.end_delegation(twice, policy(people=twice), "leader@society", "leader-2") == after
    assert people.end_delegation(after, policy(people=after), "leader@county", "leader-2") == PEOPLE


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: add(PEOPLE, "leader-1"), "leader-1 is there already"),
        (lambda: add(PEOPLE, "New"), "'New' is not an id"),
        (lambda: add(PEOPLE, "new", name=" \u200b"), "a name is needed"),
        (lambda: add(PEOPLE, "new", keys=[]), "a key is needed"),
        (lambda: add(PEOPLE, "new", keys=[GIVEN[0]]), "is leader-1's"),
        (lambda: add(PEOPLE, "new", offices=["head"]), "say OFFICE@UNIT"),
        (lambda: add(PEOPLE, "new", offices=["haed@meixian"]), "did you mean head"),
        (lambda: add(PEOPLE, "new", offices=["head@meixan"]), "did you mean meixian"),
        (lambda: people.retire(PEOPLE, policy(), "leader-l"), "did you mean leader-2, leader-1"),
        (lambda: people.add_key(PEOPLE, policy(), "leader-1", GIVEN[0]), "listed already"),
        (lambda: people.remove_key(PEOPLE, policy(), "leader-2", KEYS[0].fingerprint, {}), "is leader-1's, not"),
        (lambda: people.remove_key(PEOPLE, policy(), "leader-1", "SHA256:none", {}), "has no key SHA256:none"),
        (lambda: people.remove_key(PEOPLE, policy(), "admin-a", KEYS[1].fingerprint, {}), "only 0 could sign"),
        (lambda: people.mark_key(PEOPLE, policy(), "admin-a", KEYS[1].fingerprint, {}), "only 0 could sign"),
        (lambda: people.delegate(PEOPLE, policy(), "leader@county", "leader-1"), "holds leader@county already"),
        (lambda: people.delegate(PEOPLE, policy(), "leader@meixian", "leader-1"), "holds leader@meixian already"),
        (lambda: people.delegate(PEOPLE, policy(), "head@taibai", "leader-1"), "nobody holds head@taibai"),
        (lambda: people.end_delegation(PEOPLE, policy(), "leader@county", "leader-1"), "does not stand in"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_next_step(act: Callable[[], bytes], says: str) -> None:
    with pytest.raises(QianfaError) as refused:
        act()
    assert says in str(refused.value)
    assert refused.value.hint


def test_fewer_administrators_than_needed_are_refused() -> None:
    data = PEOPLE.replace(b"needs: 1", b"needs: 3")
    with pytest.raises(Refused, match="takes 3 administrators, and without admin-b there would be 2"):
        people.retire(data, policy(people=data), "admin-b")


def test_a_file_in_another_style_keeps_it() -> None:
    """Flow mappings, dashes further in, quotes, blank lines, an end without a line end."""
    text = (
        'administrators: {needs: 1, people: ["admin-a"]}\n\n'
        "units:\n    fx:   {title: '凤翔',   group: county}\n\n"
        'people:\n    admin-a:   # the first\n        name: "管理员"\n        offices: []\n'
        f"        keys:\n            - {KEYS[0].public} at home\n\n    # last\n    b:\n        name: b\n"
        f"        offices:\n            - head@fx\n        keys: ['{KEYS[1].public}']"
    ).encode()
    small = {
        "people.yaml": text,
        "columns.yaml": COLUMNS.replace("[county, department, institution]", "[county]").encode(),
        "workflows.yaml": WORKFLOWS.encode(),
    }

    def now(data: bytes) -> Policy:
        found, problems = policy_files.parse(small | {"people.yaml": data})
        reasons = [one for one in problems if one.where.startswith("people.yaml")]
        assert not reasons
        return found or _of(data)

    def _of(data: bytes) -> Policy:
        plain = {"columns.yaml": b"site: {id: s, title: t, url: 'https://e.org', timezone: UTC, language: zh}\n"
                 b"columns: [{id: news, title: n, open_to: [county]}]\n",
                 "workflows.yaml": b"workflows: {}\nwithdrawal: {by: head@unit}\n"}  # fmt: skip
        found, problems = policy_files.parse(plain | {"people.yaml": data})
        assert found is not None, problems
        return found

    key = people.add_key(text, now(text), "admin-a", GIVEN[2])
    assert touched(text, key) == ([], [f"            - {KEYS[2].public}"])
    assert people.remove_key(key, now(key), "admin-a", KEYS[2].fingerprint, {}) == text
    stands = people.add_person(
        text, now(text), person="c", name="c", offices=["head@fx"], keys=[GIVEN[2]], administrator=True
    )
    assert people.retire(stands, now(stands), "c") == text
    assert stands.decode().endswith(
        f"    c:\n      name: c\n      offices: [head@fx]\n      keys:\n          - {KEYS[2].public}"
    )


# Columns.


def ids(data: bytes) -> list[str]:
    return list(policy(columns=data).columns.columns)


@pytest.mark.parametrize("under", ["", "popular-science", "news", "garden"])
def test_a_column_that_is_added_and_taken_out_again_leaves_the_very_same_file(under: str) -> None:
    after = columns.add_column(
        COLUMNS_FILE, policy(), id="lectures", under=under, title="科普讲座", fields={"lead": ["office"], "support": ()}
    )
    id = f"{under}/lectures" if under else "lectures"
    assert policy(columns=after).columns.columns[id].lead == ("office",)
    assert columns.remove_column(after, id) == COLUMNS_FILE
    assert len(touched(COLUMNS_FILE, after)[1]) <= 2


@settings(max_examples=25)
@given(st.data())
def test_a_column_moves_anywhere_beside_another_and_back_byte_for_byte(data: st.DataObject) -> None:
    every = list(policy().columns.columns)
    id = data.draw(st.sampled_from([one for one in every if not policy().columns.columns[one].children]))
    family = [one for one in every if policy().columns.columns[one].parent == policy().columns.columns[id].parent]
    beside = data.draw(st.sampled_from([one for one in family if one != id] or [id]))
    if beside == id:
        return
    number = family.index(id)
    back = {"before": family[number + 1], "after": ""} if number + 1 < len(family) else {
        "before": "", "after": family[number - 1]}  # fmt: skip
    if number + 1 < len(family) and family[number + 1] == beside:
        return  # it stands there already
    moved = columns.move_column(COLUMNS_FILE, policy(), id, before=beside, after="", under="")
    assert sorted(ids(moved)) == sorted(every)
    now = ids(moved)
    assert [one for one in now if one in family].index(id) + 1 == [one for one in now if one in family].index(beside)
    assert columns.move_column(moved, policy(columns=moved), id, **back, under="") == COLUMNS_FILE


def test_a_column_moves_under_another_and_up_again() -> None:
    for id, parent in itertools.product(("topics", "garden", "highlights"), ("about", "news", "on-demand")):
        moved = columns.move_column(COLUMNS_FILE, policy(), id, before="", after="", under=parent)
        address = columns.address_after(id, parent, under=True, policy=policy())
        assert address == f"{parent}/{id}"
        assert address in ids(moved)
        assert id not in ids(moved)
        last = {"topics": "people", "garden": "on-demand", "highlights": "current-affairs"}[id]
        back = columns.move_column(moved, policy(columns=moved), address, before="", after=last, under="")
        assert load(back) == load(COLUMNS_FILE)


def test_a_list_moves_between_flow_and_block() -> None:
    text = b"a: [{x: 1}, {y: 2}]\nb:\n- {z: 3}\n"
    assert move(text, ("a", 0), ("b",), 1) == b"a: [{y: 2}]\nb:\n- {z: 3}\n- {x: 1}\n"
    assert move(text, ("b", 0), ("a",), 1) == b"a: [{x: 1}, {z: 3}, {y: 2}]\nb: []\n"


@pytest.mark.parametrize("id", ["news", "popular-science/outline", "on-demand", "self-building/party", "highlights"])
def test_a_closed_column_keeps_its_place_and_nobody_may_write_there(id: str) -> None:
    people_after = columns.closing_unit(PEOPLE, policy())
    after = columns.close_column(COLUMNS_FILE, policy(), id)
    now = policy(columns=after, people=people_after)
    assert now.columns.columns[id].closed
    assert [one for one, column in now.columns.columns.items() if column.closed] == [id]
    assert list(now.columns.columns) == list(policy().columns.columns)
    assert not any(
        now.columns.columns[id].takes_from(unit.id, unit.group) and now.workflows.fitting("article", unit.group, False)
        for unit in now.people.units.values()
    )
    assert columns.closing_unit(people_after, now) == people_after


def test_a_unit_or_group_in_use_is_not_taken_for_closed_columns() -> None:
    data = PEOPLE.replace(b"  office: {title", b"  closed: {title: x, group: department}\n  office: {title")
    with pytest.raises(Refused, match="is in use"):
        columns.closing_unit(data, policy(people=data))


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: columns.add_column(COLUMNS_FILE, policy(), id="news", under="", title="x", fields={}), "already"),
        (lambda: columns.add_column(COLUMNS_FILE, policy(), id="x", under="nwes", title="x", fields={}), "mean news"),
        (lambda: columns.add_column(COLUMNS_FILE, policy(), id="X", under="", title="x", fields={}), "not an id"),
        (lambda: columns.add_column(COLUMNS_FILE, policy(), id="x", under="", title="", fields={}), "title is needed"),
        (lambda: columns.add_column(COLUMNS_FILE, policy(), id="a/x", under="news", title="x", fields={}), "--under"),
        (
            lambda: columns.add_column(COLUMNS_FILE, policy(), id="x", under="", title="x", fields={"lead": ["ofice"]}),
            "did you mean office",
        ),
        (
            lambda: columns.add_column(COLUMNS_FILE, policy(), id="x", under="", title="x", fields={"open_to": ["fx"]}),
            "no group is called 'fx'",
        ),
        (lambda: columns.move_column(COLUMNS_FILE, policy(), "news", before="", after="", under=""), "where to"),
        (lambda: columns.move_column(COLUMNS_FILE, policy(), "news", before="about", after="x", under=""), "one of"),
        (
            lambda: columns.move_column(COLUMNS_FILE, policy(), "about", before="about/charter", after="", under=""),
            "itself",
        ),
        (lambda: columns.move_column(COLUMNS_FILE, policy(), "news", before="", after="about", under=""), "already"),
    ],
)
def test_columns_that_make_no_sense_are_refused_with_the_next_step(act: Callable[[], bytes], says: str) -> None:
    with pytest.raises(QianfaError) as refused:
        act()
    assert says in str(refused.value)
    assert refused.value.hint
