"""What authors stumble over: posts written by hand, posts that are gone, pasted lists, blanks, empty posts, wrong dates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import DRAFTER, Desk
from story import NEWS, Story
from terminal import Seat as Person
from terminal import flat

from review.model.paths import attachments_of, record_of

Seat = Callable[[], Desk]
RECORD = record_of(NEWS)
JPEG = b"\xff\xd8\xff\xd9"
BY_HAND = "content/news/我的 稿件.md"
GOOD = "Title: 讲座\nSummary: 一句话。\n\n周六上午九点，市科技馆见。\n"


@pytest.fixture
def desk(story: Story, seat: Seat) -> Desk:
    """A site where one post's draft is committed."""
    story.post(text=GOOD)
    story.commit()
    return seat()


def refused(desk: Desk, *arguments: str, by: str = "officer-fx", status: int = 1) -> str:
    """Run a command that must be refused and change nothing; return its complaint."""
    before = desk.everything()
    ran = desk.qianfa(*arguments, by=by)
    assert (ran.status, ran.out) == (status, "")
    assert desk.everything() == before
    return ran.complaint


# -- a post without a record ---------------------------------------------------------------------------------------


def test_a_post_written_by_hand_is_handed_in_with_a_record_that_submit_makes(desk: Desk) -> None:
    desk.write(BY_HAND, GOOD)
    assert "it has no record yet" in desk.done("check", BY_HAND, by="officer-fx")
    complaint = refused(desk, "submit", BY_HAND)
    assert complaint.endswith(f"if it does not: qianfa submit '{BY_HAND}' --classified no")
    assert "nothing classified" in refused(desk, "submit", BY_HAND, "--classified", "yes")
    assert "there is no unit 'none'" in refused(desk, "submit", BY_HAND, "--classified", "no", "--unit", "none")
    desk.done("submit", BY_HAND, "--classified", "no", by="officer-fx")
    assert desk.read(record_of(BY_HAND)).startswith("record: 1\nkind: article\nunit: fx\nclassified: no\n")
    assert desk.git("status", "--porcelain") == ""


def test_on_a_terminal_a_post_written_by_hand_is_handed_in_after_the_question(desk: Desk) -> None:
    desk.write(BY_HAND, "\ufeff" + GOOD.replace("Summary: 一句话。\n", ""))
    author = Person(desk, "officer-fx")
    before = desk.everything()
    assert "nothing was signed" in author.qianfa("submit", BY_HAND, answers=(("classified?", "y"),), status=1)
    assert desk.everything() == before
    shown = author.qianfa("submit", BY_HAND, answers=(("classified?", "n"), ("Sign?", "y")))
    assert "cleaned: the file begins with a byte-order mark" in flat(shown)
    assert "Worth a look before you sign: 1. See them with: qianfa check" in flat(shown)


def test_a_record_that_is_gone_is_brought_back_and_no_new_one_made(desk: Desk) -> None:
    (desk.path / RECORD).unlink()
    complaint = refused(desk, "submit", NEWS, "--classified", "no")
    assert complaint.endswith(f"bring it back: git checkout HEAD -- {RECORD}")
    assert f"git checkout HEAD -- {RECORD}" in desk.qianfa("check", NEWS, by="officer-fx").out
    desk.git(*complaint.split("bring it back: git ")[1].split())
    desk.done("submit", NEWS, by="officer-fx")
    desk.git("rm", "-q", RECORD)
    desk.git("commit", "-q", "-m", "the record goes")
    complaint = refused(desk, "submit", NEWS, "--classified", "no")
    desk.git(*complaint.split("bring it back: git ")[1].split())
    assert "stage: draft" in desk.read(RECORD)


def test_a_post_that_was_deleted_comes_back_without_a_new_version(story: Story, seat: Seat) -> None:
    story.attach(NEWS, "图.png", b"png")
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    desk = seat()
    desk.git("rm", "-q", "-r", NEWS, RECORD, attachments_of(NEWS))
    desk.git("commit", "-q", "-m", "gone")
    assert "was deleted" in refused(desk, "submit", NEWS)
    complaint = refused(desk, "approve", NEWS, by="reviewer-1")
    command = complaint.partition("without a new version: git ")[2].partition(" && ")[0]
    desk.git(*command.split())
    desk.git("commit", "-q", "-m", "back")
    desk.done("approve", NEWS, by="reviewer-1")


# -- what is in it -------------------------------------------------------------------------------------------------


def test_lists_of_a_word_processor_are_told_and_become_lists(desk: Desk) -> None:
    marks = ("●\t", "·\t", "\uf06c ", "▪ ", "■ ", "➢ ", "✓ ", "〇\t")
    desk.write(NEWS, GOOD + "".join(f"{mark}第{n}项\n" for n, mark in enumerate(marks)))
    assert f"{len(marks)} lines begin with the bullet of a word processor" in desk.qianfa("check", NEWS).out
    desk.done("submit", NEWS, by="officer-fx")
    assert desk.read(NEWS) == GOOD + "\n" + "".join(f"- 第{n}项\n" for n in range(len(marks)))


def test_a_tab_is_shown_as_blanks(desk: Desk) -> None:
    desk.write(NEWS, GOOD + "\n第一列\t第二列\n")
    desk.done("submit", NEWS, by="officer-fx")
    shown = desk.done("show", NEWS)
    assert "\\t" not in shown
    assert "第一列 第二列" in " ".join(shown.split())


def test_a_name_with_blanks_may_stand_in_a_link_as_it_is(desk: Desk) -> None:
    desk.write(attachments_of(NEWS) + "图 片.jpg", JPEG)
    name = f"{attachments_of(NEWS).split('/')[-2]}/图 片.jpg"
    for good in (name, f' {name} "题"', f'<{name}> "题"', f"<{name}>", name.replace(" ", "%20")):
        desk.write(NEWS, f"{GOOD}\n![报告厅]({good})\n")
        assert desk.done("check", NEWS, by="officer-fx").startswith("Nothing to object to.")
    desk.write(NEWS, f"{GOOD}\n![报告厅]({name})[细则](细 则 .pdf)\n")
    (dead,) = json.loads(desk.done("check", NEWS, "--json", by="officer-fx"))["posts"][0]["objections"]
    assert dead["what"] == "it leads to 细 则 .pdf, and there is no such file"


def test_a_post_with_nothing_in_it_is_refused_and_one_with_a_file_is_not(desk: Desk) -> None:
    desk.write(NEWS, "Title: 讲座\nSummary: 一句话。\n\n")
    assert desk.qianfa("check", NEWS, by="officer-fx").status == 1
    assert "write the text below the empty line" in refused(desk, "submit", NEWS)
    desk.write(attachments_of(NEWS) + "图.jpg", b"x")
    assert desk.qianfa("check", NEWS, by="officer-fx").status == 0
    desk.done("submit", NEWS, by="officer-fx")


def test_status_knows_the_title_of_a_text_that_word_wrote(desk: Desk) -> None:
    desk.write(BY_HAND, "\ufeffTitle: 来自文字处理\r\n\r\n正文。\r\n")
    assert "来自文字处理" in desk.done("status", "--all", by="officer-fx")


# -- who and when --------------------------------------------------------------------------------------------------


def test_check_does_not_say_that_nothing_is_refused_where_no_signature_was_tried(desk: Desk) -> None:
    for by, why in (("", "no signing key is set"), ("leader-1", "leader-1 drafts for no unit")):
        out = flat(desk.done("check", NEWS, by=by))
        assert f"Your signature was not tried ({why}), and may be refused" in out
        assert "Nothing would be refused" not in out


def test_whoever_begins_a_post_for_another_unit_is_told_at_once_who_could_hand_it_in(desk: Desk) -> None:
    out = desk.done("new", "news", "标题", "--unit", "mx", by="officer-fx")
    assert "so you cannot hand it in; could: officer-mx" in out
    assert "hand it in; could" not in desk.done("new", "news", "标题二", "--unit", "fx", by="officer-fx")


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--planned", "2026-11-01 09:00", "is over already; give a later one, or none"),
        ("--planned", "明天", "is not an instant; give one such as '2026-11-22 09:00'"),
        ("--expires", "2026-11-01", "2026-11-01 is over already; give a later day"),
    ],
)
def test_a_time_that_cannot_be_is_refused_as_an_option(desk: Desk, option: str, value: str, says: str) -> None:
    complaint = refused(desk, "new", "news", "标题", option, value)
    assert complaint.startswith(f"{option}: ")
    assert says in complaint


def test_an_end_before_the_planned_time_is_refused_as_an_option_and_asked_again_at_the_prompt(desk: Desk) -> None:
    planned = ("--planned", "2026-12-20 09:00")
    assert "is over before the planned time" in refused(
        desk, "new", "news", "标题", *planned, "--expires", "2026-12-01"
    )
    answers = (
        ("major matter", ""), ("Planned time", "2026-11-01 9:00"), ("is over already", "2026-12-20 9:00"),
        ("Expires on", "2026-12-01"), ("is over before the planned time", ""),
        ("Summary", ""), ("Source", ""), ("Author", ""), ("Tags", ""),
    )  # fmt: skip
    shown = Person(desk, "officer-fx").qianfa(
        "new", "news", "标题", "--classified", "no", "--kind", "article", answers=answers, env={"EDITOR": "/bin/false"}
    )
    assert "no editor opened: open " in flat(shown)
    assert "or set EDITOR" in flat(shown)


# -- elsewhere -----------------------------------------------------------------------------------------------------


def test_on_a_terminal_init_asks_for_the_folder_and_again_for_a_wrong_id(founded: Desk, tmp_path: Path) -> None:
    key = founded.keys / DRAFTER
    answers = (
        ("The new site's folder", str(tmp_path / "neu")), ("The site's id", "我的"), ("is not an id", "s"),
        ("The site's title", ""),
        ("Your id as administrator", "A B"), ("is not an id", "me"), ("file of your SSH key", str(key)),
    )  # fmt: skip
    assert "is founded in" in Person(founded, DRAFTER).qianfa("init", answers=answers)
    assert "  id: s\n  title: s\n" in (tmp_path / "neu/columns.yaml").read_text()
    ran = founded.qianfa("init")
    assert (ran.status, ran.out) == (2, "")
    assert "Missing argument 'DIR'" in ran.complaint


def test_a_second_import_says_what_is_there_and_takes_only_what_is_new(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "one.md").write_text("# 一\n\n文，见[二](two.md)。\n")
    (folder / "two.md").write_text("没有标题的文。\n")
    first = desk.done("import", folder, "--column", "news", by="officer-fx")
    assert ":0:" not in first
    assert "Next: look at each with qianfa check" in first
    again = desk.done("import", folder, "--column", "news", by="officer-fx")
    assert again.count("it is there already, byte for byte, and was not taken again") == 2
    assert "0 posts and 0 attachments" in again
    (folder / "two.md").write_text("改过的文。\n")
    told = json.loads(desk.done("import", folder, "--column", "news", "--json", by="officer-fx"))
    assert "content/news/two-2.md" in told["renamed"]


def test_a_name_that_is_alike_only_by_its_date_is_not_offered(desk: Desk) -> None:
    ran = desk.qianfa("status", "content/news/2026-11-20-完全不同的事.md", by="officer-fx")
    assert ran.status == 2
    assert "did you mean" not in ran.complaint
