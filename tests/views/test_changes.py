"""What changed between two contents: nothing is lost, Chinese is compared by the character, and it is always quick."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.model.manifests import ItemFile
from review.views.changes import Changes, Content, changes_between, meta_and_text
from review.views.differences import Segment, differences

ITEM = "content/news/a.md"
MARKS = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}


def told(segments: Sequence[Segment]) -> str:
    """Return segments as they are shown off a terminal."""
    return "".join(MARKS[one.kind].format(one.text) for one in segments)


def compared(old: str, new: str) -> str:
    return told(differences(old, new))


def side(segments: Sequence[Segment], without: str) -> str:
    return "".join(one.text for one in segments if one.kind != without)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("讲座于四月举行", "讲座于五月举行", "讲座于[-四-]{+五+}月举行"),
        ("举行，欢迎参加。", "举行，欢迎前来参加。", "举行，欢迎{+前来+}参加。"),
        ("春季科普讲座", "科普讲座", "[-春季-]科普讲座"),
        ("四月五日", "五月六日", "[-四月五-]{+五月六+}日"),
        ("the quick brown fox", "the slow brown fox", "the [-quick-]{+slow+} brown fox"),
        ("a reviewer read it", "a reviewer reads it", "a reviewer [-read-]{+reads+} it"),
        ("共 120 人，1.5 米", "共 1,200 人，1.6 米", "共 [-120-]{+1,200+} 人，[-1.5-]{+1.6+} 米"),
        ("用 git 管理", "用 Git 管理", "用 [-git-]{+Git+} 管理"),
        ("一。\n\n三。\n", "一。\n\n二。\n\n三。\n", "一。\n\n{+二。\n\n+}三。\n"),
        ("全文", "", "[-全文-]"),
        ("", "全文", "{+全文+}"),
        ("Café", "Cafe\u0301", "[-Café-]{+Cafe\u0301+}"),
        ("同样", "同样", "同样"),
        ("", "", ""),
    ],
)
def test_words_of_latin_letters_and_single_chinese_characters_are_told_apart(old: str, new: str, shown: str) -> None:
    assert compared(old, new) == shown


def test_a_lone_character_that_stayed_between_two_changes_is_read_with_them_and_a_line_end_is_not() -> None:
    assert compared("甲的乙", "丙的丁") == "[-甲的乙-]{+丙的丁+}"
    assert compared("甲\n乙", "丙\n丁") == "[-甲-]{+丙+}\n[-乙-]{+丁+}"
    assert compared("甲，乙", "丙，丁") == "[-甲-]{+丙+}，[-乙-]{+丁+}"
    assert compared("甲丙丁戊", "乙丙丁己") == "[-甲-]{+乙+}丙丁[-戊-]{+己+}"


_TEXTS = st.text(alphabet="天地人，。\n ab\0", max_size=60) | st.text(max_size=40)


@given(old=_TEXTS, new=_TEXTS)
def test_both_texts_can_be_read_out_of_the_segments(old: str, new: str) -> None:
    segments = differences(old, new)
    assert side(segments, "inserted") == old
    assert side(segments, "deleted") == new
    assert all(one.text for one in segments)


@cache
def _texts() -> dict[str, tuple[str, str]]:
    """Return pairs of texts of 200 kB that are bad for one or another way of comparing."""
    chance = random.Random(7)
    han = [chr(0x4E00 + number) for number in range(600)]

    def write(alphabet: Sequence[str], count: int) -> str:
        return "".join(chance.choice(alphabet) for _ in range(count))

    def edited(text: str, share: float) -> str:
        return "".join(chance.choice(han) if chance.random() < share else one for one in text)

    line = write([*han, "。"], 68_000)
    lines = [f"第{number}行" for number in range(18_000)]
    few = [f"{number % 100:02}" for number in range(66_000)]
    words = [chance.choice(["the", "of", "to", "and", "spring", "lecture"]) for _ in range(45_000)]
    return {
        "one line, a few edits": (line, edited(line, 0.001)),
        "one line, many edits": (line, edited(line, 0.2)),
        "other text": (line, write([*han, "。"], 68_000)),
        "three letters": (write("天地。", 68_000), write("天地。", 68_000)),
        "one letter": ("一\n" * 50_000, "一\n" * 30_000 + "二\n" * 20_000),
        "lines in another order": ("\n".join(lines), "\n".join(chance.sample(lines, len(lines)))),
        "equal lines in another order": ("\n".join(few), "\n".join(chance.sample(few, len(few)))),
        "words": (" ".join(words), " ".join("summer" if chance.random() < 0.05 else one for one in words)),
    }


@pytest.mark.parametrize("name", sorted(_texts()))
def test_a_post_of_200_kb_is_compared_in_under_two_seconds(name: str) -> None:
    old, new = _texts()[name]
    assert len(old.encode()) > 190_000
    before = time.process_time()
    segments = differences(old, new)
    assert time.process_time() - before < 2
    assert (side(segments, "inserted"), side(segments, "deleted")) == (old, new)


def test_few_edits_in_a_large_post_are_told_as_the_few_they_are() -> None:
    old, new = _texts()["one line, a few edits"]
    changed = [one for one in differences(old, new) if one.kind != "same"]
    assert 0 < sum(len(one.text) for one in changed) < 400


# -- header, meta lines, attachments -------------------------------------------------------------------------------


def content(post: str = "Title: 讲座\n\n正文。\n", header: dict[str, str] | None = None, **files: str) -> Content:
    named = [ItemFile(path=ITEM, mode="100644", sha256="0" * 64, size=len(post.encode()), blob="")]
    named += [
        ItemFile(path=f"content/news/a/{name}.png", mode="100644", sha256=digest * 64, size=int(digest, 16), blob="")
        for name, digest in files.items()
    ]
    form = {"record": "1", "kind": "article", "unit": "fx", "classified": "no"} | (header or {})
    return Content(header=form, post=post.encode(), files=tuple(named))


def changed(old: Content, new: Content) -> Changes:
    return changes_between(ITEM, old, new)


def test_equal_contents_have_no_changes() -> None:
    assert changed(content(a="1"), content(a="1")).none


def test_the_header_is_compared_field_by_field() -> None:
    found = changed(content(header={"expires": "2027-01-01"}), content(header={"unit": "mx", "planned": "x"}))
    assert {one.field: (one.before, one.after) for one in found.header} == {
        "expires": ("2027-01-01", None),
        "unit": ("fx", "mx"),
        "planned": (None, "x"),
    }
    assert (found.metadata, found.text, found.attachments) == ((), (), ())
    assert not found.none


def test_meta_lines_are_compared_apart_from_the_text() -> None:
    found = changed(
        content("Title: 春季讲座\nSource: 甲报\n\n正文。\n"), content("Title: 秋季讲座\nAuthor: 乙\n\n正文。\n")
    )
    assert {one.field: told(one.segments) for one in found.metadata} == {
        "title": "[-春-]{+秋+}季讲座",
        "source": "[-甲报-]",
        "author": "{+乙+}",
    }
    assert found.text == ()


def test_the_text_is_compared_apart_from_the_meta_lines() -> None:
    found = changed(content("Title: 讲座\n\n正文。\n"), content("Title: 讲座\n\n\n正文改。\n"))
    assert (told(found.text), found.metadata) == ("正文{+改+}。", ())


def test_attachments_are_told_as_added_removed_or_replaced_with_their_sizes() -> None:
    found = changed(content(a="1", b="2", c="3"), content(b="2", c="4", d="5")).attachments
    assert [(one.path[-5:], one.what, one.size_before, one.size_after) for one in found] == [
        ("a.png", "removed", 1, None),
        ("c.png", "replaced", 3, 4),
        ("d.png", "added", None, 5),
    ]


def test_what_cannot_be_read_as_meta_lines_is_text_so_that_it_is_seen() -> None:
    for post in ("没有标题\n\n正文。\n", "Title: 一\nTitle: 二\n\n正文。\n"):
        assert meta_and_text(post.encode()) == ({}, post)
    assert meta_and_text(b"\xff") == ({}, "\ufffd")


def test_keys_that_only_some_columns_allow_are_read_as_meta_lines() -> None:
    assert meta_and_text("Title: 一\nTopic_word: 科普\n\n正文。\n".encode())[0] == {"title": "一", "topic_word": "科普"}
