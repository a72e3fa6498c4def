"""What is not handed in: documents that are not for everyone, files with nothing in them. Files under false names are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk
from made_pictures import file_of, scene
from story import NEWS, Story

from review.model.digests import content_code
from review.model.paths import attachments_of

Seat = Callable[[], Desk]
GOOD = "Title: 讲座\nSummary: 一句话。\n\n周六上午九点，市科技馆见。\n"
CLOSED = GOOD.replace("\n\n", "\nDisclosure: {}\n\n", 1)
FOLDER = attachments_of(NEWS)


@pytest.fixture
def desk(story: Story, seat: Seat) -> Desk:
    """A site where one post's draft is committed."""
    story.post(text=GOOD)
    story.commit()
    return seat()


def refused(desk: Desk, *arguments: str, by: str = "officer-fx") -> str:
    """Run a command that must be refused and change nothing; return its complaint."""
    before = desk.everything()
    ran = desk.qianfa(*arguments, by=by)
    assert (ran.status, ran.out) == (1, "")
    assert desk.everything() == before
    return ran.complaint


def told(desk: Desk, *arguments: str) -> list[dict[str, Any]]:
    """Return the objections of a check."""
    ran = desk.qianfa("check", NEWS, "--json", *arguments, by="officer-fx")
    found: list[dict[str, Any]] = json.loads(ran.out)["posts"][0]["objections"]
    return found


# -- Disclosure ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["不予公开", "依申请公开", "\n    依申请公开"])
def test_what_is_not_for_everyone_cannot_be_handed_in_and_check_says_so(desk: Desk, value: str) -> None:
    desk.write(NEWS, CLOSED.format(value))
    complaint = refused(desk, "submit", NEWS)
    assert f"{NEWS}:3: it says {value.strip()} of itself, and would be published for everyone" in complaint
    for more in ((), ("--fast",)):
        (one,) = told(desk, *more)
        assert (one["code"], one["severity"], one["line"]) == ("not-for-publication", "refuse", 3)
    desk.write(NEWS, CLOSED.format("主动公开"))
    desk.done("submit", NEWS, by="officer-fx")


def test_what_is_not_for_everyone_is_not_approved_though_it_was_signed_and_may_be_returned(
    story: Story, seat: Seat
) -> None:
    """The gate lets it pass: another program may have handed it in."""
    story.post(text=CLOSED.format("不予公开"))
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    desk = seat()
    assert "it says 不予公开 of itself" in refused(desk, "approve", NEWS, by="reviewer-1")
    desk.done("return", NEWS, "--note", "不予公开", by="reviewer-1")


def test_what_is_not_for_everyone_is_not_relayed_from_paper(story: Story, seat: Seat, tmp_path: Path) -> None:
    story.post(text=CLOSED.format("依申请公开"))
    story.sign(NEWS, "draft", "officer-fx")
    sheet = tmp_path / "sheet.jpg"
    sheet.write_bytes(file_of(scene(), "JPEG"))
    ink = ("--stage", "head", "--signatory", "head-fx", "--scan", str(sheet), "--code")
    desk = seat()
    assert "it says 依申请公开 of itself" in refused(desk, "paper", NEWS, *ink, content_code(story.manifest(NEWS)))


def test_whoever_may_change_a_post_cannot_make_it_one_that_is_not_for_everyone(story: Story, seat: Seat) -> None:
    story.post(text=GOOD)
    story.chain(NEWS, ("draft", "officer-fx"))
    desk = seat()
    desk.write(NEWS, CLOSED.format("依申请公开"))
    assert "it says 依申请公开 of itself" in refused(desk, "approve", NEWS, "--amend", by="head-fx")


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_file_without_a_byte_is_refused_by_check_and_when_it_is_handed_in(desk: Desk) -> None:
    desk.write(f"{FOLDER}表.pdf", b"")
    desk.write(NEWS, f"{GOOD}\n[表]({FOLDER.split('/')[-2]}/表.pdf)\n")
    assert f"{FOLDER}表.pdf: the file is empty" in refused(desk, "submit", NEWS)
    (one,) = told(desk)
    assert (one["code"], one["severity"], one["path"]) == ("file-empty", "refuse", f"{FOLDER}表.pdf")
    desk.write(f"{FOLDER}表.pdf", b"%PDF-1.7\n")
    assert told(desk) == []
    desk.done("submit", NEWS, by="officer-fx")


def test_a_file_that_is_not_what_its_name_says_is_told_and_may_be_handed_in(desk: Desk) -> None:
    names = ("c.jpg", "d.pdf", "e.docx", "f.png", "g.mp4")
    for name in names:
        desk.write(f"{FOLDER}{name}", "只是文字。")
    desk.write(f"{FOLDER}h.jpg", file_of(scene(), "PNG"))
    stem = FOLDER.split("/")[-2]
    desk.write(NEWS, GOOD + "".join(f"\n[{one}]({stem}/{one})" for one in (*names, "h.jpg")) + "\n")
    found = [one for one in told(desk) if one["code"] == "file-odd"]
    assert [one["path"] for one in found] == [f"{FOLDER}{name}" for name in (*names, "h.jpg")]
    assert {one["severity"] for one in found} == {"warn"}
    assert found[0]["what"] == "its name ends in jpg, but no jpg file begins so"
    assert found[-1]["what"] == "its name ends in jpg, but it begins as a png file does"
    desk.done("submit", NEWS, by="officer-fx")


# -- a slip of the keyboard ----------------------------------------------------------------------------------------


def test_a_full_width_colon_is_the_only_thing_that_is_said_of_a_title_behind_it(desk: Desk) -> None:
    desk.write(NEWS, "Title：征稿通知\nSummary：一句话。\n\n文。\n")
    says = "the colon after {} is a full-width one (：); write an ordinary colon and a blank"
    assert [(one["line"], one["what"]) for one in told(desk)] == [
        (1, says.format("Title")),
        (2, says.format("Summary")),
    ]
    assert f"{NEWS}:1: {says.format('Title')}" in refused(desk, "submit", NEWS)


def test_a_full_width_colon_in_columns_is_named_with_its_line(founded: Desk) -> None:
    lines = founded.read("columns.yaml").replace("site:\n", "site:\n  phone：0917-0000000\n", 1)
    founded.write("columns.yaml", lines)
    complaint = refused(founded, "policy", "sign", "--yes", by="me")
    number = next(n for n, line in enumerate(lines.split("\n"), 1) if line.startswith("  phone："))
    assert f"columns.yaml:{number}: the colon after phone is a full-width one" in complaint
