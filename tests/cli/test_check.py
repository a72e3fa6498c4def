"""`qianfa check`: what it says before anything is committed is what the gate and the acts say afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import DRAFTER, QIANFA, Desk, seated, written
from story import COLUMNS, NEWS, NOW, Story, begin

from review.model.paths import attachments_of, record_of
from review.ways.checking import check_files

Seat = Callable[[], Desk]
RECORD = record_of(NEWS)
GOOD = "Title: 讲座\nSummary: 一句话。\n\n周六上午九点，市科技馆见。\n"


def recorded(*, kind: str = "article", unit: str = "fx", classified: str = "no") -> str:
    return f"record: 1\nkind: {kind}\nunit: {unit}\nclassified: {classified}\nsubmitted: 2026-11-20\nsign-offs: []\n"


def found(
    desk: Desk, *arguments: str, by: str = "officer-fx", status: int | None = None
) -> list[tuple[str, str, str, int]]:
    """Return severity, code, path and line of all that is objected to; the status follows from them."""
    before = desk.everything()
    ran = desk.qianfa("check", *arguments, "--json", by=by)
    assert desk.everything() == before
    told: dict[str, Any] = json.loads(ran.out)
    objections = [one for post in told["posts"] for one in post["objections"]]
    assert ran.status == (any(one["severity"] == "refuse" for one in objections) if status is None else status)
    return [(one["severity"], one["code"], one["path"], one["line"]) for one in objections]


@pytest.fixture
def desk(story: Story, seat: Seat) -> Desk:
    """A site where the post's draft is committed."""
    story.post(text=GOOD)
    story.commit()
    return seat()


def test_a_good_post_raises_nothing_and_the_next_command_hands_it_in(desk: Desk) -> None:
    out = desk.done("check", by="officer-fx")
    assert out == f"Nothing to object to.\nNext: qianfa submit {NEWS}\n"
    desk.done(*out.splitlines()[-1].split()[2:], by="officer-fx")
    assert desk.done("check", by="officer-fx") == "Nothing here differs from what is committed.\n"
    assert found(desk, NEWS) == []
    assert desk.done("check", NEWS, by="officer-fx") == "Nothing to object to.\n"


@pytest.mark.parametrize(
    ("path", "data", "code", "line"),
    [
        (NEWS, "Title: 讲座\nStatus: live\n\n文。\n", "metadata-forbidden", 2),
        (NEWS, "讲座\n", "metadata-invalid", 1),
        (NEWS, "Title: 讲座\nTitle: 又一\n\n文。\n", "metadata-invalid", 2),
        (NEWS, "标题".encode("gb18030"), "metadata-invalid", 1),
        (RECORD, recorded(unit="none"), "column-not-owned", 3),
        (RECORD, recorded(kind="topic"), "workflow-unknown", 2),
        (RECORD, recorded(classified="yes"), "classified", 4),
        (RECORD, "record: 1\nkind: article\n", "record-invalid", 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fast", [False, True], ids=["full", "fast"])
def test_what_the_gate_refuses_is_refused_here_and_by_submit(
    desk: Desk, path: str, data: str | bytes, code: str, line: int, fast: bool
) -> None:
    desk.write(path, data)
    told = found(desk, *(["--fast"] if fast else []), status=1)
    assert ("refuse", code, path, line) in told
    assert desk.qianfa("submit", NEWS, by="officer-fx").status == 1


def test_a_draft_of_another_unit_is_refused_as_its_submission_would_be(desk: Desk) -> None:
    ran = desk.qianfa("check", NEWS, by="officer-mx")
    said = desk.qianfa("submit", NEWS, by="officer-mx").complaint
    assert ran.status == 1
    assert said.partition(": ")[2].partition(";")[0] in ran.out


def test_without_a_key_it_says_that_nobodys_signature_was_tried(desk: Desk) -> None:
    ran = desk.qianfa("check", NEWS)
    assert ran.status == 0
    assert "Your signature was not tried (no signing key is set), and may be refused;" in ran.out
    assert desk.qianfa("check", NEWS, "--key", "nowhere").status == 1


def test_what_was_returned_is_still_objected_to_until_it_is_changed(story: Story, seat: Seat) -> None:
    story.post(text=GOOD)
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    desk = seat()
    desk.done("return", NEWS, "--note", "太短", by="reviewer-1")
    ran = desk.qianfa("check", NEWS, by="officer-fx")
    assert ran.status == 1
    assert "太短" in ran.out
    desk.write(NEWS, GOOD + "\n又一段。\n")
    assert found(desk) == []


def test_what_is_pasted_from_word_is_told_and_passes_once_it_is_handed_in(desk: Desk) -> None:
    desk.write(NEWS, "\ufeffTitle: 讲座\r\nSummary: 一句。\r\n\r\n议程：\r\n•\t报到\u200b\r\n")
    told = found(desk)
    assert {(severity, code) for severity, code, _, _ in told} == {("warn", "text-cleaned")}
    assert len(told) == 4
    desk.done("submit", NEWS, by="officer-fx")
    assert desk.read(NEWS) == "Title: 讲座\nSummary: 一句。\n\n议程：\n\n- 报到\n"


def test_attachments_links_and_private_numbers_are_looked_at_with_the_files_there_are(desk: Desk) -> None:
    folder = attachments_of(NEWS)
    desk.write("content/news/b.md", "Title: 乙\n\n文。\n")
    desk.write(folder + "图 1.png", b"png")
    desk.write(folder + "名单.csv", "张三,13800138000\n".encode("gb18030"))
    lines = "\n![图表](2026-11-20-a/图%201.png) [乙](b.md) [页](b.html) [栏](../popular-science/) [无](c.md)\n"
    desk.write(NEWS, GOOD + lines)
    told = [one[1:] for one in found(desk, NEWS)]
    assert ("link-dead", NEWS, 6) in told
    assert [code for code, *_ in told].count("link-dead") == 2  # the column has no folder here
    assert ("attachment-unused", folder + "名单.csv", 0) in told
    assert ("phone-number", folder + "名单.csv", 1) in told


def test_meta_lines_are_held_against_the_site_and_its_other_posts(story: Story, seat: Seat) -> None:
    """The work tree says what is there; what is online, also without a file, only the history knows."""
    site = COLUMNS.replace("language: zh-cn}", r"language: zh-cn, index_number: 'BJ-\d{3}'}")
    story.sign_policy(columns=site)
    story.publish(text="Title: 讲座\nIndex_number: BJ-001\n\n周六。\n")
    desk = seat()
    new = "content/news/new.md"
    desk.write(new, f"Title: 新\nSummary: 一句。\nIndex_number: BJ-001\nRelated: {NEWS}, none\n\n文。\n")
    told = ("index-number-twice", new, 3), ("related-dead", new, 4)
    assert [one[1:] for one in found(desk, new) if one[2] == new] == [*told]
    assert [one[1:] for one in found(desk, "--fast", new, by="") if one[2] == new] == [*told]
    desk.done("withdraw", NEWS, "--note", "旧闻", by="publisher-1")
    dead = f"{new}:4: worth a look: Related names {NEWS}, which is not online and will not be"
    assert dead in desk.done("check", new, by="officer-fx")
    desk.write(new, f"Title: 新\nSummary: 一句。\nIndex_number: 1\nRelated: {NEWS}\n\n<iframe src=x></iframe>文\n")
    for how in (("--fast", new), (new,)):
        said = [one[1] for one in found(desk, *how) if one[2] == new]
        assert [one for one in said if one != "related-dead"] == ["index-number-odd", "tag-dropped"]


def test_a_number_that_is_online_is_taken_though_its_file_is_gone(story: Story, seat: Seat) -> None:
    story.publish(text="Title: 讲座\nIndex_number: BJ-001\n\n周六。\n")
    desk = seat()
    (desk.path / NEWS).unlink()
    new = "content/news/new.md"
    desk.write(new, "Title: 新\nSummary: 一句。\nIndex_number: BJ-001\n\n文。\n")
    assert ("warn", "index-number-twice", new, 3) in found(desk, new)
    assert not [one for one in found(desk, "--fast", new, by="") if one[1] == "index-number-twice"]


def test_a_duration_that_is_none_is_refused_where_the_column_has_films(founded: Desk) -> None:
    made = founded.done(
        "new", "on-demand", "短片", "--kind", "video", "--summary", "一句。", "--json", by="officer-info-centre"
    )
    post = json.loads(made)["post"]
    founded.write(post, founded.read(post).rstrip("\n") + "\nDuration: 4:10\n\n正文一句。\n")
    assert ("refuse", "media-invalid", post, 3) in found(founded, post, by="officer-info-centre")
    assert founded.qianfa("submit", post, by="officer-info-centre").status == 1


def test_a_slip_in_a_key_gets_one_advice(desk: Desk) -> None:
    desk.write(NEWS, GOOD.replace("Summary", "Sumary"))
    said = desk.qianfa("check", "--fast").out
    assert "the key Sumary is not one of a post's\n    -> did you mean Summary: then write it so\n" in said
    assert "take the line" not in said


def test_a_file_over_the_limit_is_refused_and_the_rest_is_checked_all_the_same(desk: Desk) -> None:
    (desk.path / attachments_of(NEWS)).mkdir()
    with (desk.path / attachments_of(NEWS) / "film.mp4").open("wb") as film:
        film.truncate((200 << 20) + 1)
    desk.write("content/news/b.md", "Title: 乙\n\n文。\n")
    told = found(desk, status=1)
    assert ("refuse", "limit-exceeded", attachments_of(NEWS) + "film.mp4", 0) in told
    assert ("warn", "record-missing", "content/news/b.review.yaml", 0) in told


def test_files_that_belong_to_no_post_and_posts_that_are_gone_are_told(desk: Desk) -> None:
    desk.write("content/news/photo.jpg", b"x")
    desk.write("content/news/.DS_Store", b"x")
    (desk.path / NEWS).unlink()
    told = found(desk)
    assert ("warn", "file-orphan", "content/news/photo.jpg", 0) in told
    assert ("warn", "deleted", NEWS, 0) in told
    assert not [one for one in told if ".DS_Store" in one[2]]


def test_a_post_that_is_not_there_or_no_post_is_one_line(desk: Desk) -> None:
    for name, says in (("content/news/none.md", "there is no such post"), ("people.yaml", "not the path of a post")):
        ran = desk.qianfa("check", name, by="officer-fx")
        assert (ran.status, ran.out) == (2, "")
        assert says in ran.complaint


def test_hostile_names_and_texts_steer_no_terminal(desk: Desk) -> None:
    desk.write("content/news/\x1b[31m.jpg", b"x")
    desk.write(NEWS, "Title: \x1b[31m讲座\nTags: \x1b]0;x\x07，\x1b]0;x\x07\n\n[x](\x1b[2J.md)\n")
    assert "\x1b" not in desk.qianfa("check", by="officer-fx").out


# -- what git would commit -----------------------------------------------------------------------------------------


def test_staged_is_what_git_would_commit_not_what_lies_there(desk: Desk) -> None:
    desk.write(NEWS, "Title: 讲座\nStatus: live\n\n文。\n")
    desk.git("add", NEWS)
    desk.write(NEWS, GOOD)
    assert ("refuse", "metadata-forbidden", NEWS, 2) in found(desk, "--staged", by="")
    desk.git("add", NEWS)
    desk.write(NEWS, "nothing good\n")
    ran = desk.qianfa("check", "--staged")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_staged_refuses_a_file_that_belongs_nowhere_and_looks_at_attachments(desk: Desk) -> None:
    desk.write("content/photo.jpg", b"x")
    desk.write(attachments_of(NEWS) + "a.png", b"x")
    desk.git("add", "content")
    told = found(desk, "--staged", by="", status=1)
    assert ("refuse", "file-orphan", "content/photo.jpg", 0) in told
    assert ("warn", "attachment-unused", attachments_of(NEWS) + "a.png", 0) in told


def test_in_a_hook_the_index_that_git_prepares_is_looked_at(desk: Desk) -> None:
    """`git commit FILE` prepares another index than the usual one."""
    hook = desk.write(".git/hooks/pre-commit", f"#!/bin/sh\nexec {QIANFA} check --staged\n")
    hook.chmod(0o755)
    desk.write(NEWS, "Title: 讲座\nStatus: live\n\n文。\n")
    with pytest.raises(ValueError, match="Status"):
        desk.git("commit", "-q", "-m", "x", NEWS)
    with pytest.raises(ValueError, match="Status"):
        desk.git("commit", "-q", "-a", "-m", "x")
    desk.write(NEWS, GOOD + "\n又一段。\n")
    desk.git("commit", "-q", "-m", "x", NEWS)


def test_before_the_first_commit_and_with_a_broken_policy_it_still_says_what_it_can(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    desk = seated(story, tmp_path)
    desk.git("checkout", "-q", "--orphan", "new")
    desk.write("people.yaml", "units: [\n")
    desk.write(NEWS, "Title: 讲座\nStatus: live\n\n文。\n")
    desk.write(RECORD, recorded())
    desk.git("add", ".")
    told = found(desk, "--staged", by="")
    assert [code for _, code, path, _ in told if path == "people.yaml"] == ["policy-invalid"]
    assert [code for _, code, path, _ in told if path == NEWS]


def test_fast_reads_no_history_and_needs_no_signed_policy(founded: Desk) -> None:
    """In a moment, whatever the history: here there is none to be read."""
    post = written(founded)
    for folder in (founded.path / ".git/objects").iterdir():
        if len(folder.name) == 2:
            for file in folder.iterdir():
                file.chmod(0o644)
                file.write_bytes(b"")
    start = time.process_time()
    (checked,) = check_files(founded.path, [post], NOW)
    assert time.process_time() - start < 0.3
    assert [one.code for one in checked.objections] == ["summary-missing"]


def test_the_text_names_place_weight_and_what_to_do(founded: Desk) -> None:
    post = written(founded)
    out = founded.done("check", by=DRAFTER).splitlines()
    assert out[0] == f"{post}:1: worth a look: there is no Summary, which lists and feeds show"
    assert out[1].startswith("    -> add a line such as Summary: ")
    assert out[-2:] == ["Nothing would be refused. Worth a look: 1.", f"Next: qianfa submit {post}"]


def test_a_record_that_is_staged_alone_is_refused(desk: Desk) -> None:
    desk.write("content/news/b.review.yaml", recorded())
    desk.git("add", "content")
    assert found(desk, "--staged", by="") == [("refuse", "post-missing", "content/news/b.review.yaml", 0)]
    desk.git("rm", "-q", "--cached", "content/news/b.review.yaml")
    desk.git("rm", "-q", NEWS)
    assert found(desk, "--staged", by="") == []
