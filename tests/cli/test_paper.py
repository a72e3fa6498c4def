"""`qianfa paper`: a signature in ink becomes a sign-off with its scan, and everything that could make it a lie is refused."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest
from command_line import AT, QIANFA, Desk, environment, run, seated
from PIL import Image, ImageDraw
from story import NEWS, OFFICES, WORKFLOWS, Story, begin, codes

from review.formats import statements
from review.model.digests import content_code
from review.model.statements import Statement

Seat = Callable[[], Desk]
OTHER = "content/news/2026-11-20-b.md"
DOCUMENT = Path(__file__).parents[2] / "docs/paper.md"
TWO_IN_INK = (
    WORKFLOWS.replace("by: [leader@unit, leader@department], needs: 2}", "by: leader@unit, needs: 2, paper: yes}")
    .replace("by: leader@unit}", "by: leader@unit, paper: yes}")
)  # fmt: skip


def photograph(path: Path, mark: int = 0) -> Path:
    """Take a photograph of a sheet, held sideways, with what a telephone writes beside it; `mark` tells sheets apart."""
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rectangle((mark * 60, 0, mark * 60 + 50, 300), fill="black")
    exif = Image.Exif()
    exif[0x0112], exif[0x0110], exif[0x8825] = 6, "ExamplePhone", {1: "N", 2: (34.0, 21.0, 30.0)}
    picture.save(path, "JPEG", exif=exif, comment=b"a secret")
    return path


@dataclass(frozen=True, slots=True)
class Office:
    """The desk at a site with a post that was handed in, the photograph of its sheet, and the code on that."""

    desk: Desk
    story: Story
    photo: Path

    @property
    def code(self) -> str:
        return content_code(self.story.manifest(NEWS))

    def command(self, **changed: str | Path) -> list[str | Path]:
        """The honest command, with some of its options changed; an empty one is left out."""
        options: dict[str, str | Path] = {
            "stage": "head",
            "signatory": "head-fx",
            "scan": self.photo,
            "code": self.code,
        }
        options |= changed
        return ["paper", NEWS, *(part for name, value in options.items() if value for part in (f"--{name}", value))]

    def relayed(self, *more: str, by: str = "officer-fx", **changed: str | Path) -> str:
        return self.desk.done(*self.command(**changed), *more, by=by)

    def refused(self, says: str, *more: str, by: str = "officer-fx", status: int = 1, **changed: str | Path) -> str:
        """Run a command that must refuse with one line, and change nothing at all."""
        before = self.desk.everything()
        ran = self.desk.qianfa(*self.command(**changed), *more, by=by)
        assert (ran.status, ran.out) == (status, ""), ran
        assert says in ran.complaint
        assert self.desk.everything() == before
        return ran.complaint

    def statement(self) -> Statement:
        """What the head commit says."""
        said = statements.parse(self.desk.git("log", "-1", "--format=%B").encode() + b"\n")
        if said is None:
            raise ValueError("the head is no sign-off")
        return said


@pytest.fixture
def office(story: Story, seat: Seat, tmp_path: Path) -> Office:
    """An office where the head of the unit has signed the sheet of a post."""
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    return Office(seat(), story, photograph(tmp_path / "photo.jpg"))


def ink(tmp_path: Path, **header: str) -> Office:
    """An office of a site where leaders may sign on paper, too."""
    story = Story(tmp_path / "site")
    story.sign_policy(workflows=TWO_IN_INK, people=story.people(OFFICES | {"leader-3": ("leader@county",)}))
    story.post(**header)
    story.sign(NEWS, "draft", "officer-fx")
    return Office(seated(story, tmp_path), story, photograph(tmp_path / "photo.jpg"))


def test_a_relayed_sheet_is_one_signed_commit_with_record_and_scan_that_the_gate_counts(office: Office) -> None:
    before = office.desk.head
    said = office.relayed("--note", "签于办公室")
    assert office.desk.git("rev-parse", "HEAD~") == before
    changed = office.desk.git("diff", "--name-only", "HEAD~", "HEAD").splitlines()
    (scan,) = [one for one in changed if one.startswith("evidence/")]
    assert changed == ["content/news/2026-11-20-a.review.yaml", scan]
    data = (office.desk.path / scan).read_bytes()
    assert scan == f"evidence/{hashlib.sha256(data).hexdigest()}.jpg"
    assert scan in said
    report = office.story.gate(revision=office.desk.head)
    assert codes(report) == []
    (item,) = report.items
    link = item.chain[1]
    assert (link.stage, link.by, link.signatory, link.note) == ("head", "officer-fx", "head-fx", "签于办公室")
    assert item.awaiting is not None
    assert item.awaiting.stage == "publicity"
    assert office.desk.git("status", "--porcelain") == ""


def test_the_scan_shows_the_sheet_upright_and_nothing_else_and_the_photograph_stays_as_it_was(office: Office) -> None:
    original = office.photo.read_bytes()
    office.relayed()
    (scan,) = (office.desk.path / "evidence").iterdir()
    data = scan.read_bytes()
    assert b"ExamplePhone" in original
    assert not [trace for trace in (b"ExamplePhone", b"Exif", b"secret") if trace in data]
    assert Image.open(io.BytesIO(data)).size == (600, 800)
    assert office.photo.read_bytes() == original


def test_programs_learn_who_signed_and_where_the_scan_is(office: Office) -> None:
    said = json.loads(office.relayed("--json"))
    (scan,) = (office.desk.path / "evidence").iterdir()
    assert {key: said[key] for key in ("act", "by", "signatory", "stage", "decision", "scan", "paper", "code")} == {
        "act": 1,
        "by": "officer-fx",
        "signatory": "head-fx",
        "stage": "head",
        "decision": "approve",
        "scan": f"evidence/{scan.name}",
        "paper": f"sha256:{scan.stem}",
        "code": office.code,
    }
    assert said["commit"] == office.desk.head


def test_the_rest_of_the_chain_goes_on_with_keys_and_no_scan_is_published(office: Office, tmp_path: Path) -> None:
    office.relayed()
    for person in ("reviewer-1", "leader-1"):
        office.desk.done("approve", NEWS, by=person)
    (scan,) = (office.desk.path / "evidence").iterdir()
    story = office.story
    story.go(office.desk.head)
    office.desk.done("approve", NEWS, by="publisher-1")
    report = story.gate(revision=office.desk.head)
    assert report.live is not None
    (post,) = report.live.posts
    assert [file.path for file in post.files] == [NEWS]
    assert post.chain[1].signatory == "head-fx"
    assert all(scan.name not in file.path for file in post.files)


def test_a_built_site_has_no_scan(founded: Desk, tmp_path: Path) -> None:
    """In the sample, which has a theme to build with."""
    post = _sample_post(founded)
    code = json.loads(founded.done("form", post, "--json"))["code"]
    photo = photograph(tmp_path / "photo.jpg")
    options = ("--stage", "head", "--signatory", "head-fengxiang", "--scan", photo, "--code", code)
    founded.done("paper", post, *options, by="officer-fengxiang")
    for person in ("reviewer-1", "leader-1", "publisher-1"):
        founded.done("approve", post, by=person)
    founded.done("build", "--output", tmp_path / "public")
    (scan,) = (founded.path / "evidence").iterdir()
    files = [path for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert any(path.name.endswith(".chain.json") for path in files)
    assert not [path for path in files if "evidence" in path.parts or path.suffix == ".jpg"]
    assert not [path for path in files if path.read_bytes() == scan.read_bytes()]


def test_the_commands_of_the_document_work_in_their_order(founded: Desk, tmp_path: Path) -> None:
    """Only the code is another, for the day is in it; the photograph is there already."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    read_off = (
        f'$(qianfa form "$post" --json | {sys.executable} -c \'import json, sys; print(json.load(sys.stdin)["code"])\')'
    )
    script, codes_shown = re.subn(
        r"--code [0-9A-F]{4}(-[0-9A-F]{4}){3}", lambda _: f'--code "{read_off}"', "".join(blocks)
    )
    assert codes_shown == 1
    photograph(tmp_path / "photo.jpg")
    (tmp_path / "keys").symlink_to(founded.keys)
    env = environment(founded.home, QIANFA_TRUST=founded.pin)
    env["PATH"] = f"{QIANFA.parent}:{env['PATH']}"
    ran = run("bash", "-e", "-c", script, cwd=founded.path, env=env)
    assert (ran.status, ran.err) == (0, "")
    assert "online 1" in ran.out or "live 1" in ran.out
    assert (tmp_path / "sheet.html").is_file()


def _sample_post(desk: Desk) -> str:
    desk.done("new", "news", "春季科普讲座", by="officer-fengxiang")
    post = next((desk.path / "content/news").glob("*.md")).relative_to(desk.path).as_posix()
    desk.write(post, desk.read(post).rstrip("\n") + "\n\n讲座于四月举行，欢迎参加。\n")
    desk.done("submit", post, by="officer-fengxiang")
    return post


def test_on_a_terminal_the_code_is_asked_for_and_what_it_means_is_said_before_the_key(office: Office) -> None:
    env = environment(office.desk.home, QIANFA_TRUST=office.desk.pin, TERM="dumb")
    command = [str(part) for part in office.command(code="")]
    key = ["--key", str(office.desk.keys / "officer-fx"), "--now", AT]
    child = pexpect.spawn(
        str(QIANFA), command + key, cwd=office.desk.path, env=env, encoding="utf-8", timeout=60, dimensions=(40, 200)
    )
    child.expect("The content code that stands on the sheet which head-fx signed:")
    assert office.code not in str(child.before)
    child.expect("> ")
    child.sendline(office.code.lower())
    said = " ".join(child.read().split())
    child.close()
    assert child.exitstatus == 0, said
    assert "By signing, officer-fx vouches that head-fx (示例head-fx) signed" in said
    assert "officer-fx relayed head-fx's signature on paper for head" in said


@pytest.mark.parametrize("spelling", ["{code}", "qianfa:test-site:{item}:1:{manifest}", "{manifest}"])
def test_the_code_may_be_typed_or_come_from_the_qr_code(office: Office, spelling: str) -> None:
    manifest = office.story.manifest(NEWS)
    office.relayed(code=spelling.format(code=office.code.lower().replace("-", " "), item=NEWS, manifest=manifest))


# Returned on paper.


def test_a_sheet_that_returns_the_post_ends_the_version(office: Office) -> None:
    office.relayed("--return", "--note", "数字前后不一致")
    (item,) = office.story.gate(revision=office.desk.head).items
    assert (item.state, item.reason) == ("returned", "数字前后不一致")


def test_a_return_needs_its_reason(office: Office) -> None:
    office.refused("a return needs its reason", "--return")


def test_a_return_may_come_from_a_stage_that_is_not_next(tmp_path: Path) -> None:
    office = ink(tmp_path)
    office.relayed("--return", "--note", "x", stage="leader", signatory="leader-1")
    (item,) = office.story.gate(revision=office.desk.head).items
    assert item.state == "returned"


# Who may, and when.


def test_a_stage_that_takes_no_paper_is_told_who_signs_it(office: Office) -> None:
    office.relayed()
    said = office.refused("the stage publicity takes no signature on paper", stage="publicity", signatory="reviewer-1")
    assert "one of reviewer-1, reviewer-2 signs it with their key" in said


def test_out_of_turn_says_whose_turn_it_is(office: Office) -> None:
    said = office.refused("it is not the turn of leader: head is next", stage="leader", signatory="leader-1")
    assert "ask one of: head-fx" in said


def test_a_stage_that_has_signed_is_not_signed_again(office: Office) -> None:
    office.relayed()
    office.refused("it is not the turn of head: publicity is next")


def test_a_stage_or_a_person_that_is_unknown_is_told(office: Office) -> None:
    office.refused("--stage: there is no stage 'chief'", stage="chief", status=2)
    office.refused("--signatory: there is no 'nobody'", signatory="nobody", status=2)


@pytest.mark.parametrize("signatory", ["head-kpb", "leader-1", "officer-fx", "admin-a"])
def test_a_signatory_without_the_office_is_refused_with_who_has_it(office: Office, signatory: str) -> None:
    assert "ask one of: head-fx" in office.refused(f"{signatory} does not hold the office", signatory=signatory)


@pytest.mark.parametrize("by", ["head-fx", "reviewer-1", "officer-mx", "admin-a"])
def test_only_who_may_draft_for_the_unit_may_relay(office: Office, by: str) -> None:
    assert "ask one of: officer-fx" in office.refused(f"{by} may not relay a paper", by=by)


def test_whoever_signed_the_chain_before_may_not_sign_it_on_paper(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    story.sign_policy(
        people=story.people(OFFICES | {"officer-fx": ("officer@fx", "head@fx"), "officer-2": ("officer@fx",)})
    )
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    office = Office(seated(story, tmp_path), story, photograph(tmp_path / "photo.jpg"))
    said = office.refused("officer-fx signed the stage draft already", signatory="officer-fx", by="officer-2")
    assert "ask one of: head-fx" in said


def test_nobody_relays_their_own_signature(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    story.sign_policy(people=story.people(OFFICES | {"head-fx": ("officer@fx", "head@fx")}))
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    office = Office(seated(story, tmp_path), story, photograph(tmp_path / "photo.jpg"))
    assert f"qianfa approve {NEWS}" in office.refused("head-fx sits here with their key", by="head-fx")


def test_two_people_of_one_stage_sign_two_sheets_but_not_one_of_them_twice(tmp_path: Path) -> None:
    office = ink(tmp_path, major="yes")
    office.relayed(stage="leader", signatory="leader-1")
    second = photograph(tmp_path / "second.jpg", 3)
    office.refused("leader-1 signed the stage leader already", stage="leader", signatory="leader-1", scan=second)
    office.relayed(stage="leader", signatory="leader-3", scan=second)
    (item,) = office.story.gate(revision=office.desk.head).items
    assert [link.person for link in item.chain] == ["officer-fx", "leader-1", "leader-3"]


def test_what_is_signed_through_returned_or_only_drafted_takes_no_paper(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    story.publish()
    story.post(OTHER)
    story.commit()
    office = Office(seated(story, tmp_path), story, photograph(tmp_path / "photo.jpg"))
    office.refused("version 1 has every sign-off already")
    before = office.desk.everything()
    options = [part for part in office.command() if part != NEWS][1:]
    ran = office.desk.qianfa("paper", OTHER, *options, by="officer-fx")
    assert (ran.status, "nobody has handed it in yet" in ran.complaint) == (1, True)
    assert office.desk.everything() == before


def test_files_that_changed_since_are_not_what_was_signed(office: Office) -> None:
    office.desk.write(NEWS, office.desk.read(NEWS) + "一句。\n")
    office.refused("the work tree has other files than the commit")
    office.desk.git("commit", "-q", "-a", "-m", "unsigned")
    office.refused("the files changed since version 1")


# What ties paper to bytes.


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "{code}0", "x", "sha256:" + "0" * 64])
def test_a_sheet_with_another_code_is_about_other_content_and_the_right_one_is_not_said(
    office: Office, code: str
) -> None:
    said = office.refused("the paper is about other content", code=code.format(code=office.code[:-1]))
    assert office.code not in said


def test_off_a_terminal_the_code_must_be_given(office: Office) -> None:
    office.refused("--code: it is not said which code stands on the sheet", code="", status=2)


def test_the_sheet_of_an_earlier_version_does_not_stand_for_the_next(office: Office) -> None:
    old = office.code
    office.desk.done("return", NEWS, "--note", "x", by="head-fx")
    office.desk.write(NEWS, office.desk.read(NEWS) + "新的一句。\n")
    office.desk.done("submit", NEWS, by="officer-fx")
    office.refused("its code is not that of version 2", code=old)


def test_one_scan_does_not_stand_for_two_posts_whatever_is_typed(office: Office, tmp_path: Path) -> None:
    """The same photograph, too, when its metadata is other than it was."""
    office.relayed()
    office.desk.write(OTHER, "Title: 另一篇\n\n正文。\n")
    office.desk.write(
        OTHER.replace(".md", ".review.yaml"),
        office.desk.read("content/news/2026-11-20-a.review.yaml").partition("sign-offs:")[0] + "sign-offs: []\n",
    )
    office.desk.done("submit", OTHER, by="officer-fx")
    code = json.loads(office.desk.done("form", OTHER, "--json"))["code"]
    disguised = tmp_path / "disguised.jpg"
    data = office.photo.read_bytes()
    disguised.write_bytes(data.replace(b"ExamplePhone", b"AnotherPhone") + b"trailing")
    for photo in (office.photo, disguised):
        for more in ((), ("--again",)):
            before = office.desk.everything()
            options = ("--stage", "head", "--signatory", "head-fx", "--scan", photo, "--code", code)
            ran = office.desk.qianfa("paper", OTHER, *options, *more, by="officer-fx")
            assert ran.status == 1
            assert f"this very scan stands for head-fx's signature on version 1 of {NEWS}" in ran.complaint
            assert office.desk.everything() == before


def test_one_scan_stands_for_two_signatures_on_one_sheet_only_where_somebody_says_so(tmp_path: Path) -> None:
    office = ink(tmp_path, major="yes")
    office.relayed(stage="leader", signatory="leader-1")
    said = office.refused("this very scan stands for leader-1's signature", stage="leader", signatory="leader-3")
    assert "--again" in said
    office.relayed("--again", stage="leader", signatory="leader-3")
    assert len(list((office.desk.path / "evidence").iterdir())) == 1
    assert codes(office.story.gate(revision=office.desk.head)) == []


def test_an_unsigned_claim_on_a_scan_keeps_nobody_from_using_it(office: Office) -> None:
    """Else anyone who pushes could keep a sheet out."""
    office.relayed()
    paper = office.statement().paper
    office.desk.git("reset", "-q", "--hard", "HEAD~")
    office.story.go(office.desk.head)
    said = Statement(
        site="test-site", item=OTHER, version=1, stage="head", decision="approve", manifest=paper, previous="none",
        by="officer-fx", at="2026-11-20T10:00:00+08:00", note="", signatory="head-fx", paper=paper,
    )  # fmt: skip
    office.desk.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", statements.serialise(said).decode())
    office.relayed()


# The scan.


def test_a_scan_that_is_no_picture_of_a_sheet_is_refused(office: Office, tmp_path: Path) -> None:
    wrong = tmp_path / "sheet.jpg"
    for data, says in (
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"no picture", "no picture"),
        (office.photo.read_bytes()[:3000], "part"),
    ):
        wrong.write_bytes(data)
        assert str(wrong) in office.refused(says, scan=wrong)


def test_a_scan_that_is_no_file_is_told(office: Office, tmp_path: Path) -> None:
    for path in (tmp_path / "none.jpg", tmp_path, Path("/dev/zero")):
        office.refused("there is no such file", scan=path, status=2)


def test_no_scan_is_written_through_a_link_or_in_place_of_a_file(office: Office, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (office.desk.path / "evidence").symlink_to(tmp_path / "elsewhere")
    office.refused("what lies there is not the folder of scans")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (office.desk.path / "evidence").unlink()
    office.desk.write("evidence", "a file")
    office.refused("what lies there is not the folder of scans")


def test_a_committed_file_in_place_of_the_folder_is_told(story: Story, seat: Seat, tmp_path: Path) -> None:
    story.write("evidence", "a file of the policy zone")
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    office = Office(seat(), story, photograph(tmp_path / "photo.jpg"))
    (office.desk.path / "evidence").unlink()
    office.refused("there is a file where the folder of scans belongs")


def test_a_note_with_escapes_reaches_no_terminal(office: Office) -> None:
    said = office.relayed("--note", "\x1b[31mred")
    assert "\x1b" not in said
    assert "\x1b" not in office.statement().note


def test_the_form_shows_a_stage_that_was_signed_on_paper(office: Office) -> None:
    office.relayed()
    page = office.desk.done("form", NEWS)
    assert re.search(r"示例head-fx（head-fx）已于 2026年11月21日 20:00 前在纸上签署", page)
