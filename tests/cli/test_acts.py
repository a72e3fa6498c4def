"""The acts as people run them: what each writes when all is well, and that a refusal says one line and changes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Desk, everything_in, seated
from story import NEWS, NOW, OFFICES, Story, codes

from review.formats import records, statements
from review.model.paths import attachments_of, record_of
from review.model.reports import ItemReport

Seat = Callable[[], Desk]

RECORD = record_of(NEWS)
UNTIL_HEAD = (("draft", "officer-fx"), ("head", "head-fx"))
DRAFT = UNTIL_HEAD[:1]
TOMORROW = "2026-11-22T12:00:00+00:00"


def refused(desk: Desk, *arguments: str | Path, by: str = "", status: int = 1, says: str = "") -> str:
    """Run a command that must refuse: one line on standard error, and not one byte of the folder other than before."""
    before = desk.everything()
    ran = desk.qianfa(*arguments, by=by)
    assert (ran.status, ran.out) == (status, ""), ran
    assert says in ran.complaint
    assert desk.everything() == before
    return ran.complaint


def judged(story: Story, desk: Desk) -> ItemReport:
    """Return what the gate says of the post, and make sure that it has nothing to object to."""
    report = story.gate(revision=desk.head)
    assert [one for one in report.findings if one.severity in ("block", "refuse")] == []
    return next(item for item in report.items if item.item == NEWS)


def blob(desk: Desk, path: str, revision: str = "HEAD") -> bytes:
    """Return a file of a commit."""
    return desk.git("cat-file", "blob", f"{revision}:{path}").encode()


def edit(desk: Desk, path: str, old: str, new: str) -> None:
    """Change a file of the work tree."""
    text = desk.read(path)
    assert old in text
    desk.write(path, text.replace(old, new, 1))


# -- handing in ----------------------------------------------------------------------------------------------------


def test_submit_commits_the_work_trees_files_and_a_statement_and_nothing_else(story: Story, seat: Seat) -> None:
    """What else is edited or staged stays as it was, and what was committed needs no further `git add`."""
    story.write("content/news/other.md", "Title: 另一篇\n\n正文。\n")
    story.write("content/news/staged.md", "Title: 又一篇\n\n正文。\n")
    story.commit()
    desk = seat()
    desk.write("content/news/other.md", "Title: 另一篇\n\n还没有写完。\n")
    desk.write("content/news/staged.md", "Title: 又一篇\n\n已经暂存。\n")
    desk.git("add", "content/news/staged.md")
    desk.write(NEWS, "Title: 讲座\n\n正文。\n")
    desk.write(RECORD, "record: 1\nkind: article\nunit: fx\nclassified: no\nsubmitted: 2026-11-01\nsign-offs: []\n")
    before, old = everything_in(desk.path / "content/news"), desk.head
    desk.done("submit", NEWS, "--note", "请审", by="officer-fx")
    assert judged(story, desk).state == "in-review"
    assert desk.git("rev-parse", "HEAD^") == old
    assert desk.git("diff", "--name-only", old, "HEAD").split() == [NEWS, RECORD]
    assert desk.git("status", "--porcelain").splitlines() == ["M content/news/other.md", "M  content/news/staged.md"]
    after = everything_in(desk.path / "content/news")
    assert {path for path in after if after[path] != before.get(path)} == {Path(RECORD).name}
    (entry,) = records.parse(desk.read(RECORD).encode(), item=NEWS).sign_offs
    statement = statements.parse((desk.git("log", "-1", "--format=%B") + "\n").encode())
    assert statement is not None
    assert entry.mirror == statement.mirror
    assert (entry.note, entry.at) == ("请审", "2026-11-21T20:00:00+08:00")
    assert "submitted: 2026-11-21\n" in desk.read(RECORD)


def test_submit_takes_along_attachments_that_are_there_and_takes_out_those_that_are_gone(
    story: Story, seat: Seat
) -> None:
    """A file is not executable because a stick or a network drive says so, and a desktop's own files stay behind."""
    story.post()
    gone = story.attach(NEWS, "gone.png", b"old")
    story.commit()
    desk = seat()
    (desk.path / gone).unlink()
    desk.write(attachments_of(NEWS) + "图 1.png", b"new").chmod(0o755)
    desk.write(attachments_of(NEWS) + ".DS_Store", b"junk")
    desk.done("submit", NEWS, by="officer-fx")
    assert judged(story, desk).state == "in-review"
    listed = desk.git("-c", "core.quotePath=false", "ls-tree", "-r", "HEAD", "content/").splitlines()
    assert [line.split("\t")[1] for line in listed] == [NEWS, RECORD, attachments_of(NEWS) + "图 1.png"]
    assert all(line.startswith("100644 ") for line in listed)
    refused(desk, "submit", NEWS, by="officer-fx", says="version 1 has these very files already")


PASTED = (
    "\ufeffTitle: 春季\u200b科\u00ad普讲座\r\nAuthor:\u00a0示例作者\r\n\r\n"
    "“引号”与\u202e反向\u202c，软\u00ad连字\u00ad符，零\u200b宽\u200d，不换行\u00a0空格，Cafe\u0301。\x0b软回车\u2028分行\r\n"
)


def test_what_is_pasted_from_word_is_cleaned_before_it_is_signed_and_the_gate_accepts_it(founded: Desk) -> None:
    """In the title that `new` takes, in the post, and in the note; the work tree shows what was signed."""
    out = founded.done("new", "news", "  春季\u200b科\u00ad普\u202e讲座\u2028 Cafe\u0301 ", by="officer-fengxiang")
    post = out.split(" is there")[0]
    assert founded.read(post).startswith("Title: 春季科普讲座 Café\n")
    founded.write(post, PASTED)
    founded.done("submit", post, "--note", "\ufeff请\u200b审\r\n第二行\u202e Cafe\u0301\t", by="officer-fengxiang")
    assert "in-review" in founded.done("gate", "--format", "json")
    text = founded.git("cat-file", "blob", f"HEAD:{post}")
    assert text == founded.read(post).rstrip("\n")
    assert unicodedata.is_normalized("NFC", text)
    assert text.startswith("Title: 春季科普讲座\n")
    assert "“引号”与反向，软连字符，零宽，不换行\u00a0空格，Café。\n软回车\n分行" in text
    assert not [one for one in text if unicodedata.category(one) in ("Cf", "Zl", "Zp") or one == "\r"]
    assert founded.git("log", "-1", "--format=%B").splitlines()[-1] == 'note: "请审 第二行 Café"'


def test_a_version_follows_a_return_a_publication_and_a_withdrawal(story: Story, seat: Seat) -> None:
    """After a return or a publication something must have changed; what was withdrawn may come back as it was."""
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    desk.done("return", NEWS, "--note", "标题过长", by="reviewer-1")
    assert judged(story, desk).state == "returned"
    refused(desk, "submit", NEWS, by="officer-fx", says="version 1 has these very files already")
    refused(desk, "submit", NEWS, "--now", TOMORROW, by="officer-fx", says="change what reviewer-1 asked for: 标题过长")
    edit(desk, NEWS, "春季科普讲座", "科普讲座")
    desk.done("submit", NEWS, by="officer-fx")
    for person in ("head-fx", "reviewer-1", "leader-1", "publisher-1"):
        desk.done("approve", NEWS, by=person)
    assert (judged(story, desk).state, judged(story, desk).version) == ("live", 2)
    refused(desk, "submit", NEWS, "--now", TOMORROW, by="officer-fx", says="version 2 has these very files already")
    edit(desk, NEWS, "四月", "五月")
    desk.done("submit", NEWS, by="officer-fx")
    assert (judged(story, desk).state, judged(story, desk).live_version) == ("in-review", 2)
    desk.done("withdraw", NEWS, "--note", "数据有误", by="leader-1")
    assert judged(story, desk).live_version == 0


def test_what_was_withdrawn_may_come_back_as_it_was(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    desk.done("withdraw", NEWS, "--note", "待核实", by="reviewer-1")
    assert judged(story, desk).state == "withdrawn"
    refused(desk, "withdraw", NEWS, "--note", "待核实", by="reviewer-1", says="no version of it is signed through")
    desk.done("submit", NEWS, "--note", "已核实", by="officer-fx")
    assert (judged(story, desk).state, judged(story, desk).version) == ("in-review", 2)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("README.md", 2, "not the path of a post"),
        ("content/a.md", 2, "not the path of a post"),
        (RECORD, 2, "not the path of a post"),
        ("policy", 2, "not the path of a post"),
        ("../elsewhere.md", 2, "not the path of a post"),
        ("/etc/passwd", 2, "not the path of a post"),
        ("content/news/../../keys/a.md", 2, "not the path of a post"),
        ("content/news/.git/a.md", 2, "not the path of a post"),
        ("", 2, "not the path of a post"),
        ("content/news/none.md", 2, "there is no such post"),
        ("content/news/a\u200b.md", 2, "not the path of a post"),
    ],
)
def test_only_posts_that_are_there_can_be_handed_in(
    story: Story, seat: Seat, path: str, status: int, says: str
) -> None:
    refused(seat(), "submit", path, by="officer-fx", status=status, says=says)


def _write(path: str, data: str | bytes) -> Callable[[Desk], object]:
    return lambda desk: desk.write(path, data)


def _record(old: str, new: str) -> Callable[[Desk], None]:
    return lambda desk: edit(desk, RECORD, old, new)


def _link(path: str, target: str) -> Callable[[Desk], None]:
    def link(desk: Desk) -> None:
        (desk.path / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.path / path).unlink(missing_ok=True)
        (desk.path / path).symlink_to(target)

    return link


def _folder_behind_a_link(desk: Desk) -> None:
    (desk.path / "content/news").rename(desk.home / "news")
    (desk.path / "content/news").symlink_to(desk.home / "news")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(lambda desk: (desk.path / RECORD).unlink(), "has no record", id="no record"),
        pytest.param(_record("classified: no", "classified: yes"), "classified: yes", id="classified"),
        pytest.param(_record("classified: no", 'classified: "no"'), f"{RECORD}:4: ", id="classified in quotes"),
        pytest.param(_record("unit: fx", "unit: fx\nunit: mx"), f"{RECORD}:4: ", id="a key twice"),
        pytest.param(_record("unit: fx", "unit: mx"), "ask one of: officer-mx", id="another unit"),
        pytest.param(_record("unit: fx", "unit: none"), "is not a unit", id="no unit"),
        pytest.param(_record("kind: article", "kind: topic"), "needs one workflow", id="no workflow"),
        pytest.param(_write(RECORD, b"\xff\xfe"), f"{RECORD}", id="record not UTF-8"),
        pytest.param(_write(RECORD, "record: 1\n" * 200_000), "bytes", id="record too large"),
        pytest.param(_write(NEWS, "正文。\n"), "a post needs a Title", id="no title"),
        pytest.param(_write(NEWS, "Title: 一\nsave_as: index.html\n\n正文。\n"), f"{NEWS}:2: ", id="moves its page"),
        pytest.param(_write(NEWS, "Title: 一\n\n正文。\n".encode("utf-16")), NEWS, id="UTF-16"),
        pytest.param(_write(NEWS, "Title: 一\n\n正文。\n".encode("gb18030")), NEWS, id="GB 18030"),
        pytest.param(_write(NEWS, b"Title: a\n\n" + b"a" * (2 << 20)), "2097152", id="too large"),
        pytest.param(_link(NEWS, "other.md"), "symbolic link", id="a link"),
        pytest.param(
            _link(attachments_of(NEWS) + "a.png", "/etc/passwd"), "symbolic link", id="an attachment that is a link"
        ),
        pytest.param(_folder_behind_a_link, "there is no such post", id="a folder that is a link"),
        pytest.param(_write(attachments_of(NEWS) + "a\u202e.png", b""), "U+202E", id="an attachment's name"),
    ],
)
def test_submit_refuses_what_the_gate_would_before_anything_is_written(
    story: Story, seat: Seat, spoil: Callable[[Desk], object], says: str
) -> None:
    story.post()
    story.commit()
    desk = seat()
    spoil(desk)
    refused(desk, "submit", NEWS, by="officer-fx", status=2 if "no such post" in says else 1, says=says)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("content/nowhere/a.md", "there is no column 'nowhere'"),
        ("content/popular-science/outline/a.md", "has no part in the column"),
        ("content/popular-science/activities.md", "belongs to a sub-column"),
        ("content/news/index.md", "belongs to the column's own pages"),
    ],
)
def test_submit_refuses_a_post_in_a_wrong_place(story: Story, seat: Seat, item: str, says: str) -> None:
    story.post(item)
    story.commit()
    refused(seat(), "submit", item, by="officer-fx", says=says)


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("head-fx", "head-fx would sign draft without the office officer@fx; ask one of: officer-fx"),
        ("officer-mx", "officer-mx would sign draft without the office"),
        ("admin-a", "admin-a would sign draft without the office"),
        ("stranger", "is nobody's; sign with your own key"),
        ("nobody", "there is no such key file; make one with: ssh-keygen"),
    ],
)
def test_submit_refuses_everybody_but_the_units_officers(story: Story, seat: Seat, by: str, says: str) -> None:
    story.post()
    story.commit()
    story.key("stranger")
    refused(seat(), "submit", NEWS, by=by, says=says)


def test_without_a_key_every_act_says_how_to_name_one(story: Story, seat: Seat) -> None:
    story.post()
    story.commit()
    desk = seat()
    for command in (("submit", NEWS), ("new", "news", "标题"), ("policy", "sign")):
        assert "--key FILE" in refused(desk, *command, says="no signing key is set")


def test_a_person_named_with_as_must_be_the_keys_owner(story: Story, seat: Seat) -> None:
    story.post()
    story.commit()
    refused(
        seat(), "submit", NEWS, "--as", "officer-mx", by="officer-fx", says="the key is officer-fx's, not officer-mx's"
    )


@pytest.mark.parametrize("command", ["submit", "approve", "return", "withdraw", "new", "policy sign"])
def test_no_act_goes_on_where_the_site_is_blocked(story: Story, seat: Seat, command: str) -> None:
    """Here because the pin is that of another site."""
    story.publish()
    desk = seat()
    desk.pin = "sha256:" + "0" * 64
    arguments = {
        "new": ("new", "news", "标题"), "policy sign": ("policy", "sign", "--key", desk.keys / "admin-a"),
    }.get(command, (command, NEWS, "--note", "理由"))  # fmt: skip
    by = {"submit": "officer-fx", "new": "officer-fx", "policy sign": ""}.get(command, "leader-1")
    refused(desk, *arguments, by=by, says="trust-mismatch: ")


# -- approving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "by", "says"),
    [
        pytest.param((), "head-fx", "nobody has handed it in yet", id="not handed in"),
        pytest.param(DRAFT, "leader-1", "leader-1 signed head without the office head@unit; ask one of: head-fx", id="order"),
        pytest.param(DRAFT, "officer-fx", "officer-fx signed head without the office", id="own text"),
        pytest.param(UNTIL_HEAD, "reviewer-9", "is nobody's", id="unknown key"),
        pytest.param(
            (*UNTIL_HEAD, ("publicity", "reviewer-1"), ("leader", "leader-1"), ("publish", "publisher-1")),
            "publisher-2", "version 1 has every sign-off already", id="complete",
        ),
    ],
)  # fmt: skip
def test_approve_refuses_whoever_is_not_next(
    story: Story, seat: Seat, signed: tuple[tuple[str, str], ...], by: str, says: str
) -> None:
    story.post()
    story.key("reviewer-9")
    if signed:
        story.chain(NEWS, *signed)
    else:
        story.commit()
    refused(seat(), "approve", NEWS, by=by, says=says)


def test_approve_refuses_the_same_person_in_two_stages_though_they_hold_both_offices(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    offices = OFFICES | {"officer-fx": ("officer@fx", "head@fx")}
    story.sign_policy(people=story.people(offices))
    story.post()
    story.chain(NEWS, *DRAFT)
    refused(seated(story, tmp_path), "approve", NEWS, by="officer-fx", says="officer-fx signed both draft and head")


def test_approve_refuses_files_that_nobody_has_handed_in(story: Story, seat: Seat) -> None:
    """Edited in the work tree, deleted there, staged, or committed since: each is told what to do about it."""
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    edit(desk, NEWS, "四月", "五月")
    complaint = refused(desk, "approve", NEWS, by="reviewer-1", says=f"other files than the commit: {NEWS}")
    assert "--amend" not in complaint  # this stage may not
    desk.git(*complaint.split("undo them: git ")[1].split())
    (desk.path / NEWS).unlink()
    refused(desk, "approve", NEWS, by="reviewer-1", says=f"other files than the commit: {NEWS}")
    desk.git("checkout", "HEAD", "--", NEWS)
    desk.write(attachments_of(NEWS) + "a.png", b"new")
    refused(desk, "approve", NEWS, by="reviewer-1", says="other files than the commit")
    desk.git("add", "content")
    desk.git("commit", "-q", "-m", "one picture more")
    refused(desk, "approve", NEWS, by="reviewer-1", says="the files changed since head-fx signed them")


def test_approve_refuses_a_version_that_was_returned_and_says_why_it_was(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    story.sign(NEWS, "publicity", "reviewer-1", decision="return", note="数字不对")
    refused(seat(), "approve", NEWS, by="reviewer-2", says="version 1 was returned by reviewer-1: 数字不对")


def test_approve_signs_what_is_committed_and_leaves_other_edits_in_the_work_tree_alone(
    story: Story, seat: Seat
) -> None:
    story.write("content/news/other.md", "Title: 另一篇\n\n正文。\n")
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    desk.write("content/news/other.md", "Title: 另一篇\n\n改了一半。\n")
    desk.done("approve", NEWS, by="reviewer-1")
    assert judged(story, desk).state == "in-review"
    assert desk.git("status", "--porcelain") == "M content/news/other.md"
    assert desk.git("diff", "--name-only", "HEAD^", "HEAD") == RECORD


def test_amend_signs_the_files_as_changed_cleaned_and_those_after_it_must_take_them(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *DRAFT)
    desk = seat()
    desk.write(NEWS, "\ufeffTitle: 科普讲座\r\n\r\n改过的\u200b正文。\r\n")
    desk.write(attachments_of(NEWS) + "a.png", b"new")
    refused(desk, "approve", NEWS, by="head-fx", says="approve your changes: qianfa approve")
    desk.done("approve", NEWS, "--amend", by="head-fx")
    assert desk.read(NEWS) == "Title: 科普讲座\n\n改过的正文。\n"
    assert desk.git("status", "--porcelain") == ""
    for person in ("reviewer-1", "leader-1", "publisher-1"):
        desk.done("approve", NEWS, by=person)
    assert judged(story, desk).state == "live"


@pytest.mark.parametrize(
    ("by", "spoil", "says"),
    [
        pytest.param(
            "reviewer-1", _record("unit: fx", "unit: fx\nmajor: no"), "ask one of: head-fx", id="not the office"
        ),
        pytest.param("head-fx", _record("classified: no", "classified: yes"), "classified: yes", id="classified"),
        pytest.param("head-fx", _record("unit: fx", "unit: mx"), "without the office", id="another unit"),
        pytest.param("head-fx", _write(NEWS, "没有标题\n"), "a post needs a Title", id="no title"),
        pytest.param("head-fx", lambda desk: (desk.path / NEWS).unlink(), "there is no such post", id="no post"),
        pytest.param("head-fx", lambda desk: (desk.path / RECORD).unlink(), "has no record", id="no record"),
    ],
)
def test_amend_refuses_what_the_gate_would(
    story: Story, seat: Seat, by: str, spoil: Callable[[Desk], object], says: str
) -> None:
    story.post()
    story.chain(NEWS, *DRAFT)
    desk = seat()
    spoil(desk)
    refused(desk, "approve", NEWS, "--amend", by=by, status=2 if "no such post" in says else 1, says=says)


def test_amend_refuses_at_a_stage_that_may_not_change_the_files(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    edit(desk, NEWS, "四月", "五月")
    refused(desk, "approve", NEWS, "--amend", by="reviewer-1", says="the stage publicity may not change the files")


def test_entries_that_somebody_takes_out_of_a_record_come_back_with_the_next_sign_off(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *DRAFT)
    desk = seat()
    desk.write(RECORD, desk.read(RECORD).partition("sign-offs:")[0] + "sign-offs: []\n")
    desk.done("approve", NEWS, by="head-fx")
    assert [one.stage for one in records.parse(desk.read(RECORD).encode(), item=NEWS).sign_offs] == ["draft", "head"]
    assert judged(story, desk).state == "in-review"


def test_entries_that_somebody_writes_into_a_record_are_not_signed_over(story: Story, seat: Seat) -> None:
    story.post()
    made = story.chain(NEWS, *DRAFT)
    desk = seat()
    honest = desk.read(RECORD)
    entry = honest.partition("sign-offs:\n")[2].replace("stage: draft", "stage: head").replace("officer-fx", "head-fx")
    desk.write(RECORD, honest + entry.replace("previous: none", f"previous: {made.digest}"))
    refused(desk, "approve", NEWS, by="reviewer-1", says="other files than the commit")
    edit(desk, NEWS, "四月", "五月")
    refused(desk, "submit", NEWS, by="officer-fx", says="no commit carries that statement")
    refused(desk, "approve", NEWS, "--amend", by="head-fx", says="no commit carries that statement")


def test_a_stage_that_needs_two_people_takes_two_different_ones(story: Story, seat: Seat) -> None:
    story.post(major="yes")
    story.chain(NEWS, *DRAFT)
    desk = seat()
    refused(desk, "approve", NEWS, by="publisher-1", says="publisher-1 signed leader without the office")
    desk.done("approve", NEWS, by="leader-1")
    refused(desk, "approve", NEWS, by="leader-1", says="leader-1 signed both leader and leader")
    desk.done("approve", NEWS, by="leader-2")
    desk.done("approve", NEWS, by="publisher-1")
    assert judged(story, desk).state == "live"


def test_one_person_may_sign_twice_where_the_workflow_says_so(story: Story, seat: Seat) -> None:
    story.post(kind="video")
    story.commit()
    desk = seat()
    desk.done("submit", NEWS, by="officer-fx")
    desk.done("approve", NEWS, by="officer-fx")
    assert judged(story, desk).state == "live"


def test_amending_without_a_change_is_approving(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, *DRAFT)
    desk = seat()
    desk.done("approve", NEWS, "--amend", by="head-fx")
    assert desk.git("diff", "--name-only", "HEAD^", "HEAD") == RECORD
    assert judged(story, desk).state == "in-review"


def test_a_commit_that_is_checked_out_without_a_branch_is_built_upon(story: Story, seat: Seat) -> None:
    """The branch stays where it was."""
    story.post()
    story.commit()
    desk = seat()
    branch = desk.head
    desk.git("checkout", "-q", "--detach")
    desk.done("submit", NEWS, by="officer-fx")
    assert judged(story, desk).state == "in-review"
    assert desk.git("rev-parse", "main") == branch


# -- returning and withdrawing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "by", "note", "says"),
    [
        pytest.param(UNTIL_HEAD, "reviewer-1", "", "a return needs its reason", id="no reason"),
        pytest.param(UNTIL_HEAD, "reviewer-1", " \u200b\u00ad ", "a return needs its reason", id="a reason nobody sees"),
        pytest.param(UNTIL_HEAD, "head-fx", "理由", "head-fx holds no office of a stage that is still to come", id="had a turn"),
        pytest.param(UNTIL_HEAD, "officer-fx", "理由", "ask one of: ", id="the drafter"),
        pytest.param((), "reviewer-1", "理由", "nobody has handed it in yet", id="not handed in"),
        pytest.param(
            (*UNTIL_HEAD, ("publicity", "reviewer-1"), ("leader", "leader-1"), ("publish", "publisher-1")),
            "leader-2", "理由", "qianfa withdraw", id="complete",
        ),
    ],
)  # fmt: skip
def test_return_refuses(
    story: Story, seat: Seat, signed: tuple[tuple[str, str], ...], by: str, note: str, says: str
) -> None:
    story.post()
    if signed:
        story.chain(NEWS, *signed)
    else:
        story.commit()
    refused(seat(), "return", NEWS, "--note", note, by=by, says=says)


@pytest.mark.parametrize("by", ["reviewer-2", "leader-1", "publisher-1"])
def test_whoever_has_a_stage_to_come_may_return_whatever_lies_edited_in_the_work_tree(
    story: Story, seat: Seat, by: str
) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)
    desk = seat()
    edit(desk, NEWS, "四月", "五月")
    desk.done("return", NEWS, "--note", "退回\u200b修改", by=by)
    item = judged(story, desk)
    assert item.state == "returned"
    assert "五月" in desk.read(NEWS)
    assert 'note: "退回修改"' in desk.read(RECORD)
    assert desk.git("diff", "--name-only", "HEAD^", "HEAD") == RECORD


def test_a_version_can_be_returned_though_somebody_has_changed_the_files_since(story: Story, seat: Seat) -> None:
    """What is returned is the version that was handed in, and the statement says so."""
    story.post()
    handed_in = story.chain(NEWS, *UNTIL_HEAD).statement.manifest
    story.write(NEWS, "Title: 另一个标题\n\n正文。\n")
    story.commit()
    desk = seat()
    desk.done("return", NEWS, "--note", "退回", by="reviewer-1")
    assert f"manifest: {handed_in}\n" in desk.git("log", "-1", "--format=%B")
    assert codes(story.gate(revision=desk.head), NEWS) == ["content-changed"]


@pytest.mark.parametrize("command", ["return", "withdraw"])
def test_a_record_that_was_edited_and_not_committed_is_not_written_over(story: Story, seat: Seat, command: str) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD) if command == "return" else story.chain(NEWS)
    desk = seat()
    edit(desk, RECORD, "unit: fx\n", "unit: fx\nexpires: 2027-01-01\n")
    complaint = refused(desk, command, NEWS, "--note", "理由", by="leader-1", says="it was edited and is not committed")
    desk.git(*complaint.split("put it aside: git ")[1].split())
    desk.done(command, NEWS, "--note", "理由", by="leader-1")
    assert "expires: 2027-01-01" in desk.git("stash", "show", "--patch")


@pytest.mark.parametrize(
    ("signed", "by", "note", "says"),
    [
        pytest.param(True, "leader-1", "", "a withdrawal needs its reason", id="no reason"),
        pytest.param(True, "leader-1", "\u200b", "a withdrawal needs its reason", id="a reason nobody sees"),
        pytest.param(True, "officer-fx", "理由", "without the office", id="the drafter"),
        pytest.param(True, "head-fx", "理由", "without the office", id="the head"),
        pytest.param(False, "leader-1", "理由", "no version of it is signed through", id="not complete"),
    ],
)
def test_withdraw_refuses(story: Story, seat: Seat, signed: bool, by: str, note: str, says: str) -> None:
    story.post()
    story.chain(NEWS) if signed else story.chain(NEWS, *UNTIL_HEAD)
    refused(seat(), "withdraw", NEWS, "--note", note, by=by, says=says)


@pytest.mark.parametrize("gone", ["post and record", "post", "record"])
def test_a_post_whose_files_somebody_deleted_can_be_withdrawn_as_the_gate_advises(
    story: Story, seat: Seat, gone: str
) -> None:
    """The files stay gone; the record is there, so that people can read why."""
    story.publish()
    paths = {"post": (NEWS,), "record": (RECORD,)}.get(gone, (NEWS, RECORD))
    story.remove(*paths)
    story.commit()
    desk = seat()
    if NEWS in paths:
        assert f"to run: qianfa withdraw {NEWS}" in desk.done("gate")
    desk.done("withdraw", NEWS, "--note", "待核实", by="leader-1")
    report = story.gate(revision=desk.head)
    assert (report.items[0].state, report.items[0].live_version) == ("withdrawn", 0)
    assert report.findings == ()
    assert (desk.path / NEWS).exists() == (NEWS not in paths)
    assert len(records.parse(desk.read(RECORD).encode(), item=NEWS).sign_offs) == 6
    assert desk.git("status", "--porcelain") == ""


def test_nothing_that_somebody_leaves_in_the_work_tree_keeps_a_post_from_being_withdrawn(
    story: Story, seat: Seat
) -> None:
    story.publish()
    story.attach(NEWS, "a\u202e.png", b"")
    story.write(NEWS, "没有标题\n")
    story.commit()
    desk = seat()
    desk.write(NEWS, b"\xff")
    desk.done("withdraw", NEWS, "--note", "待核实", by="leader-1")
    assert story.item(NEWS, revision=desk.head).live_version == 0
    assert (desk.path / NEWS).read_bytes() == b"\xff"


def test_an_act_works_whatever_git_is_told_to_do_with_lines_and_messages(story: Story, seat: Seat) -> None:
    """Line ends, filters, attributes, encodings, templates, clean-ups and hooks of the repository change no byte."""
    story.post()
    story.commit()
    desk = seat()
    for name, value in {
        "core.autocrlf": "true", "core.eol": "crlf", "i18n.commitEncoding": "GBK", "commit.cleanup": "scissors",
        "commit.template": "/none", "filter.rot.clean": "tr a-z n-za-m", "filter.rot.smudge": "tr a-z n-za-m",
        "core.attributesFile": str(desk.home / "attributes"), "commit.gpgSign": "true", "core.fsmonitor": "false",
    }.items():  # fmt: skip
        desk.git("config", name, value)
    (desk.home / "attributes").write_text("*.md filter=rot\n*.yaml text eol=crlf\n")
    for hook in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"):
        path = desk.path / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\nexit 1\n")
        path.chmod(0o755)
    desk.done("submit", NEWS, "--note", "请审", by="officer-fx")
    assert judged(story, desk).state == "in-review"
    assert b"\r" not in blob(desk, RECORD)
    assert desk.git("diff", "--cached", "--name-only") == ""
    desk.done("approve", NEWS, by="head-fx")
    assert NOW.year == 2026
