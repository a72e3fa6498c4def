"""`qianfa revise`: the next version begins where the last one ended, over nobody's edits; and `submit` asks before it signs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Desk
from story import NEWS, Story
from terminal import Seat as Person
from terminal import editor

from review.model.paths import attachments_of, record_of

Seat = Callable[[], Desk]
RECORD = record_of(NEWS)
PICTURE = attachments_of(NEWS) + "图.png"
UNTIL_HEAD = (("draft", "officer-fx"), ("head", "head-fx"))


def told(story: Story, *stages: tuple[str, str]) -> None:
    """Tell of a post with a picture that was signed so far."""
    story.attach(NEWS, "图.png", b"png")
    story.post()
    story.chain(NEWS, *stages)


def revised(desk: Desk, *options: str, by: str = "officer-fx") -> dict[str, object]:
    answer: dict[str, object] = json.loads(desk.done("revise", NEWS, "--json", *options, by=by))
    return answer


def refused(desk: Desk, *options: str, by: str = "", says: str) -> None:
    before = desk.everything()
    ran = desk.qianfa("revise", NEWS, *options, by=by)
    assert (ran.status, ran.out) == (1, "")
    assert says in ran.complaint
    assert desk.everything() == before


def test_what_was_returned_and_why_is_said_with_the_next_command(story: Story, seat: Seat) -> None:
    told(story, *UNTIL_HEAD)
    desk = seat()
    desk.done("return", NEWS, "--note", "标题过长", by="reviewer-1")
    out = desk.done("revise", NEWS)
    assert "Version 1 was returned by reviewer-1 (示例reviewer-1) at the stage publicity" in out
    assert "标题过长" in out
    assert out.endswith(f"  qianfa submit {NEWS}\n")
    answer = revised(desk)
    assert [answer[key] for key in ("version", "before", "by", "note", "restored")] == [
        2,
        "returned",
        "reviewer-1",
        "标题过长",
        [],
    ]
    desk.write(NEWS, desk.read(NEWS).replace("春季科普讲座", "讲座"))
    desk.done(*out.splitlines()[-1].split()[1:], by="officer-fx")


def test_files_that_are_gone_come_back_byte_for_byte_and_can_be_handed_in(story: Story, seat: Seat) -> None:
    told(story)
    desk = seat()
    before = {path: (desk.path / path).read_bytes() for path in (NEWS, RECORD, PICTURE)}
    desk.git("rm", "-r", "-q", "content")
    desk.git("commit", "-q", "-m", "all gone")
    assert revised(desk)["restored"] == [NEWS, PICTURE, RECORD]
    assert {path: (desk.path / path).read_bytes() for path in before} == before
    desk.write(NEWS, desk.read(NEWS) + "\n又一段。\n")
    desk.done("submit", NEWS, by="officer-fx")
    assert "in-review" in desk.done("gate", "--json")


def test_what_was_withdrawn_comes_back_with_the_reason_it_went(story: Story, seat: Seat) -> None:
    told(story)
    desk = seat()
    desk.done("withdraw", NEWS, "--note", "数据有误", by="leader-1")
    desk.git("rm", "-r", "-q", "content")
    desk.git("commit", "-q", "-m", "all gone")
    answer = revised(desk)
    assert [answer[key] for key in ("version", "before", "by", "note")] == [2, "withdrawn", "leader-1", "数据有误"]
    desk.done("submit", NEWS, by="officer-fx")
    assert "in-review" in desk.done("gate", "--json")


def test_nothing_is_ever_written_over_an_edit(story: Story, seat: Seat) -> None:
    """What somebody took away while editing stays away, too."""
    told(story)
    desk = seat()
    desk.write(NEWS, "Title: 我改过\n\n文。\n")
    (desk.path / PICTURE).unlink()
    before = desk.everything()
    assert revised(desk)["restored"] == []
    assert desk.everything() == before


def test_a_post_that_is_online_stays_as_it_is_until_the_next_version_is_signed(story: Story, seat: Seat) -> None:
    told(story)
    desk = seat()
    (desk.path / PICTURE).unlink()
    out = desk.done("revise", NEWS)
    assert "Version 1 is signed through" in out
    assert "it stays as it is until the next one is" in out.replace("\n", " ")
    assert f"back in the work tree: {PICTURE}" in out


def test_one_under_review_needs_a_yes_for_its_sign_offs_would_be_void(story: Story, seat: Seat) -> None:
    told(story, *UNTIL_HEAD)
    desk = seat()
    refused(
        desk,
        by="officer-fx",
        says="would void the sign-offs of head-fx; begin the next version all the same with --anyway",
    )
    assert revised(desk, "--anyway")["before"] == "in-review"


def test_on_a_terminal_a_yes_is_asked_for_and_the_editor_is_opened(story: Story, seat: Seat, tmp_path: Path) -> None:
    told(story, *UNTIL_HEAD)
    desk = seat()
    author = Person(desk, "officer-fx")
    before = desk.everything()
    shown = author.qianfa("revise", NEWS, answers=(("Begin the next version? [y/N]", ""),), status=1)
    assert "it goes on as it is" in shown
    assert desk.everything() == before
    shown = author.qianfa(
        "revise", NEWS, answers=(("Begin the next version?", "y"),), env=editor(tmp_path, 'echo 改好了 >> "$1"')
    )
    assert "is under review, last signed by head-fx" in shown
    assert desk.read(NEWS).endswith("改好了\n")


def test_what_nobody_handed_in_and_what_is_not_ones_own_is_refused(story: Story, seat: Seat) -> None:
    story.post()
    story.commit()
    desk = seat()
    refused(desk, says="nobody has handed it in yet; write it, then hand it in with")
    desk.done("submit", NEWS, by="officer-fx")
    refused(desk, "--anyway", by="officer-mx", says="officer-mx does not draft for 凤翔区科协; ask one of: officer-fx")
    refused(desk, "--anyway", "--as", "nobody", says="there is no 'nobody'")


# -- handing in ----------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(story: Story, seat: Seat) -> Desk:
    """A site where a draft is committed."""
    story.post()
    story.commit()
    return seat()


def test_submit_says_what_the_signature_means_and_signs_after_a_yes(draft: Desk) -> None:
    author = Person(draft, "officer-fx")
    before = draft.everything()
    shown = author.qianfa("submit", NEWS, answers=(("Sign?", "n"),), status=1)
    assert "Nothing was signed." in shown
    assert draft.everything() == before
    shown = author.qianfa("submit", NEWS, answers=(("Sign?", "y"),))
    assert "that nothing in it is classified" in " ".join(shown.split())
    assert "officer-fx handed in" in shown
    assert "in-review" in draft.done("gate", "--json")


def test_submit_with_yes_or_off_a_terminal_asks_nothing(draft: Desk) -> None:
    shown = Person(draft, "officer-fx").qianfa("submit", NEWS, "--yes")
    assert "officer-fx handed in" in shown
    assert "Sign?" not in shown


def test_submit_answers_programs_with_the_content_code(draft: Desk) -> None:
    done = json.loads(draft.done("submit", NEWS, "--json", by="officer-fx"))
    assert (done["act"], done["item"], done["version"], done["stage"]) == (1, NEWS, 1, "draft")
    assert done["code"].replace("-", "").lower() == done["manifest"].removeprefix("sha256:")[:16]
