"""To look a post up in a large tree is to find what reading the whole tree finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import HistoryError
from review.history.trees import entries, entries_near

STEM = b"spring"
NAMES = st.one_of(
    st.sampled_from([b"spring", b"spring.md", b"spring.review.yaml", b"spring-2.md", b"a spring.md", b"spring spring"]),
    st.binary(min_size=1, max_size=6).filter(lambda name: not {0, 0x2F} & set(name)),
)
IDS = st.one_of(
    st.binary(min_size=20, max_size=20),
    st.sampled_from([b" spring.md\0" + b"x" * 9, b"100644 spring.md\0xyz", b"\0" * 20, b"x" * 13 + b" spring"]),
)
ROWS = st.lists(st.tuples(st.sampled_from([b"100644", b"40000", b"120000"]), NAMES, IDS), unique_by=lambda row: row[1])


def tree(rows: list[tuple[bytes, bytes, bytes]]) -> bytes:
    return b"".join(mode + b" " + name + b"\0" + id for mode, name, id in rows)


@given(ROWS)
def test_every_entry_that_begins_with_the_name_is_found_and_none_is_invented(
    rows: list[tuple[bytes, bytes, bytes]],
) -> None:
    whole = {name: (mode, id) for mode, name, id in rows}
    near = entries_near(tree(rows), STEM, "a tree")
    assert near.items() <= whole.items()
    assert {name for name in whole if name.startswith(STEM)} <= near.keys()


@given(ROWS, st.data())
def test_a_tree_that_is_malformed_as_a_whole_is_malformed_for_whoever_looks_a_name_up(
    rows: list[tuple[bytes, bytes, bytes]], data: st.DataObject
) -> None:
    raw = tree(rows)
    place = data.draw(st.integers(0, len(raw)))
    changed = raw[:place] + data.draw(st.binary(max_size=3)) + raw[place + data.draw(st.integers(0, 3)) :]
    try:
        whole = entries(changed, "a tree")
    except HistoryError:
        if len(names_in(changed)) == len(set(names_in(changed))):
            with pytest.raises(HistoryError):
                entries_near(changed, STEM, "a tree")
    else:
        assert entries_near(changed, STEM, "a tree").items() <= whole.items()


def names_in(raw: bytes) -> list[bytes]:
    """Read entry by entry as far as that goes; duplicates are the one fault that a look-up may miss."""
    names = []
    while b" " in raw[:7] and b"\0" in raw:
        name = raw[raw.index(b" ") + 1 : raw.index(b"\0")]
        names.append(name)
        raw = raw[raw.index(b"\0") + 21 :]
    return names


def test_two_entries_of_the_name_that_is_looked_up_are_refused() -> None:
    rows = [(b"100644", b"a.md", b"1" * 20), (b"100644", b"spring.md", b"2" * 20), (b"100644", b"spring.md", b"3" * 20)]
    with pytest.raises(HistoryError):
        entries_near(tree(rows), STEM, "a tree")
