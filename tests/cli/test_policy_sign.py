"""`qianfa policy sign`: administrators sign the policy files as they are, one after the other, and say what is in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Desk, seated
from story import COLUMNS, NEWS, OFFICES, Story, codes

from review.formats import records
from review.model.paths import POLICY, POLICY_RECORD

Seat = Callable[[], Desk]

MORE_COLUMNS = COLUMNS + "- {id: garden, title: 科普园地, lead: [kpb]}\n"


def refused(desk: Desk, *arguments: str, by: str, status: int = 1, says: str) -> str:
    """Run `policy sign`, which must refuse: one line, and not one byte of the folder other than before."""
    before = desk.everything()
    ran = desk.qianfa("policy", "sign", *arguments, by=by)
    assert (ran.status, ran.out) == (status, ""), ran
    assert says in ran.complaint
    assert desk.everything() == before
    return ran.complaint


def in_force(story: Story, desk: Desk, **options: str) -> tuple[int, list[str]]:
    """Return the version in force, and what the gate says about the policy."""
    report = story.gate(revision=desk.head, **options)
    return report.policy.version if report.policy else 0, codes(report, POLICY)


def change(desk: Desk, path: str, old: str, new: str) -> None:
    """Change a file of the work tree."""
    text = desk.read(path)
    assert old in text
    desk.write(path, text.replace(old, new, 1))


def test_a_change_is_in_force_once_two_administrators_have_signed_it(story: Story, seat: Seat) -> None:
    """The first is told who may sign next, the second that it is in force, and what its pin is."""
    story.publish()
    desk = seat()
    desk.write("columns.yaml", MORE_COLUMNS)
    out = desk.done("policy", "sign", "--note", "新增\u200b栏目", by="admin-b")
    assert "1 more must sign, of admin-a, admin-c" in out
    assert in_force(story, desk) == (1, ["policy-unsigned"])
    assert desk.git("status", "--porcelain") == ""
    refused(desk, by="admin-b", says="admin-b has signed version 2 already")
    out = desk.done("policy", "sign", by="admin-a")
    assert "It is in force" in out
    assert in_force(story, desk) == (2, [])
    (pin,) = re.findall(r"sha256:[0-9a-f]{64}", out)
    assert in_force(story, desk, pin=pin) == (2, [])
    record = records.parse(desk.read(POLICY_RECORD).encode(), item=POLICY)
    assert [(one.version, one.by, one.note) for one in record.sign_offs[2:]] == [
        (2, "admin-b", "新增栏目"),
        (2, "admin-a", ""),
    ]
    assert story.item(NEWS, revision=desk.head).state == "live"
    refused(desk, by="admin-c", says="these very files are version 2, which is in force")


def test_the_second_administrator_signs_in_another_clone_what_the_first_has_committed(
    story: Story, seat: Seat, tmp_path: Path
) -> None:
    desk = seat()
    desk.write("columns.yaml", MORE_COLUMNS)
    desk.done("policy", "sign", by="admin-a")
    desk.git("clone", "-q", str(desk.path), str(tmp_path / "other"))
    other = Desk(path=tmp_path / "other", keys=desk.keys, home=desk.home, pin=desk.pin)
    assert "It is in force" in other.done("policy", "sign", by="admin-c")
    assert other.git("diff", "--name-only", "HEAD^", "HEAD") == POLICY_RECORD


def test_files_that_change_between_two_signatures_begin_the_version_anew(story: Story, seat: Seat) -> None:
    desk = seat()
    desk.write("columns.yaml", MORE_COLUMNS)
    desk.done("policy", "sign", by="admin-a")
    change(desk, "columns.yaml", "科普园地", "园地")
    assert "1 more must sign, of admin-a, admin-c" in desk.done("policy", "sign", by="admin-b")
    assert in_force(story, desk) == (1, ["policy-unsigned"])
    assert "It is in force" in desk.done("policy", "sign", by="admin-a")
    assert in_force(story, desk) == (2, [])


def test_the_first_version_too_may_take_two_administrators(tmp_path: Path) -> None:
    """A site whose policy was written by hand."""
    story = Story(tmp_path / "site")
    story.write_policy()
    story.commit()
    desk = seated(story, tmp_path)
    assert "1 more must sign" in desk.done("policy", "sign", by="admin-a")
    out = desk.done("policy", "sign", by="admin-c")
    (pin,) = re.findall(r"sha256:[0-9a-f]{64}", out)
    assert in_force(story, desk, pin=pin) == (1, [])


def test_someone_who_is_added_may_sign_and_someone_whose_key_is_replaced_signs_with_the_new_one(
    story: Story, seat: Seat
) -> None:
    """What they signed with the old key stays online."""
    story.publish()
    desk = seat()
    old = (desk.keys / "officer-fx.pub").read_text().strip()
    new = Story(desk.home / "another")
    new.key("new").save(desk.keys / "officer-fx-new")
    new.key("added").save(desk.keys / "officer-added")
    change(desk, "people.yaml", old, new.key("new").public)
    change(
        desk, "people.yaml", "  head-fx:\n",
        f"  officer-added:\n    name: 示例新人\n    offices: [officer@fx]\n    keys: [{new.key('added').public}]\n  head-fx:\n",
    )  # fmt: skip
    for admin in ("admin-a", "admin-b"):
        desk.done("policy", "sign", by=admin)
    assert in_force(story, desk) == (2, [])
    assert story.item(NEWS, revision=desk.head).state == "live"
    change(desk, NEWS, "四月", "五月")
    ran = desk.qianfa("submit", NEWS, by="officer-fx")
    assert "is nobody's" in ran.complaint
    desk.done("submit", NEWS, by="officer-fx-new")
    change(desk, NEWS, "五月", "六月")
    desk.done("submit", NEWS, by="officer-added")
    assert story.item(NEWS, revision=desk.head).version == 3


def test_an_administrators_key_is_replaced_with_the_signatures_that_the_gate_counts(story: Story, seat: Seat) -> None:
    """The old key counts under the old rules, the new one under the new: the command says the same as the gate."""
    desk = seat()
    new = Story(desk.home / "another")
    new.key("new").save(desk.keys / "admin-a-new")
    change(desk, "people.yaml", (desk.keys / "admin-a.pub").read_text().strip(), new.key("new").public)
    assert "2 more must sign" in desk.done("policy", "sign", by="admin-a")
    out = desk.done("policy", "sign", by="admin-b")
    assert "1 more must sign, of admin-a, admin-c" in out
    assert in_force(story, desk) == (1, ["policy-unsigned"])
    refused(desk, by="admin-a", says="admin-a has signed version 2 already")
    assert "It is in force" in desk.done("policy", "sign", by="admin-a-new")
    assert in_force(story, desk) == (2, [])


def test_a_new_administrator_counts_under_the_new_rules_alone(story: Story, seat: Seat) -> None:
    story.key("admin-d")
    desk = seat()
    public = (desk.keys / "admin-d.pub").read_text().strip()
    change(desk, "people.yaml", "needs: 2, people: [admin-a, admin-b, admin-c]", "needs: 2, people: [admin-a, admin-d]")
    change(
        desk,
        "people.yaml",
        "people:\n",
        f"people:\n  admin-d:\n    name: 示例丁\n    offices: []\n    keys: [{public}]\n",
    )
    desk.done("policy", "sign", by="admin-a")
    assert "1 more must sign, of admin-b, admin-c" in desk.done("policy", "sign", by="admin-d")
    assert in_force(story, desk)[0] == 1
    assert "It is in force" in desk.done("policy", "sign", by="admin-c")
    assert in_force(story, desk) == (2, [])


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("officer-fx", "officer-fx is no administrator; ask one of: admin-a, admin-b, admin-c"),
        ("stranger", "is nobody's"),
        ("nobody", "there is no such key file"),
    ],
)
def test_nobody_else_can_sign_the_policy(story: Story, seat: Seat, by: str, says: str) -> None:
    story.key("stranger")
    desk = seat()
    desk.write("columns.yaml", MORE_COLUMNS)
    refused(desk, by=by, says=says)


def _replace(path: str, old: str, new: str) -> Callable[[Desk], None]:
    return lambda desk: change(desk, path, old, new)


def _key_of_two(desk: Desk) -> None:
    change(
        desk,
        "people.yaml",
        (desk.keys / "head-fx.pub").read_text().strip(),
        (desk.keys / "officer-fx.pub").read_text().strip(),
    )


def _link(desk: Desk) -> None:
    (desk.path / "theme").symlink_to("/etc")
    desk.git("add", "theme")


def _submodule(desk: Desk) -> None:
    desk.git("update-index", "--add", "--cacheinfo", f"160000,{desk.head},vendor")


def _hidden_name(desk: Desk) -> None:
    desk.write("theme/a\u202e.html", "x")
    desk.git("add", "theme")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(_replace("people.yaml", "needs: 2", "needs: 4"), "people.yaml", id="more than there are"),
        pytest.param(_replace("people.yaml", "needs: 2", "needs: 0"), "people.yaml", id="nobody needs to sign"),
        pytest.param(_replace("people.yaml", "officer@fx", "officer@nowhere"), "nowhere", id="unknown unit"),
        pytest.param(_key_of_two, "people.yaml", id="a key of two people"),
        pytest.param(
            _replace("columns.yaml", "- id: news", "- id: news\n  id: news"), "columns.yaml:4", id="a key twice"
        ),
        pytest.param(
            _replace("workflows.yaml", "may_amend: yes", "may_amend: maybe"), "workflows.yaml", id="not a choice"
        ),
        pytest.param(lambda desk: (desk.path / "columns.yaml").unlink(), "columns.yaml", id="a file is gone"),
        pytest.param(
            _replace("columns.yaml", "id: test-site", "id: other-site"), "the site's id is test-site", id="another site"
        ),
        pytest.param(
            _replace(POLICY_RECORD, "by: admin-a", "by: admin-c"), "it was edited and is not committed", id="record"
        ),
        pytest.param(_link, "symbolic link", id="a link"),
        pytest.param(_submodule, "submodule", id="a submodule"),
        pytest.param(_hidden_name, "U+202E", id="a name"),
    ],
)
def test_a_policy_that_is_not_valid_is_not_signed(
    story: Story, seat: Seat, spoil: Callable[[Desk], None], says: str
) -> None:
    desk = seat()
    spoil(desk)
    refused(desk, by="admin-a", says=says)


def test_what_git_does_not_know_is_not_signed_and_what_is_deleted_is_no_longer_policy(story: Story, seat: Seat) -> None:
    """Nor is content, staged or not; a script keeps its mode."""
    story.write("theme/old.html", "old")
    story.write("theme/kept.html", "kept")
    story.write("keys/.keep", "")
    story.commit()
    desk = seat()
    (desk.path / "theme/old.html").unlink()
    desk.write("theme/secret.key", "not for anybody")
    desk.write("scripts/run", "#!/bin/sh\n").chmod(0o755)
    desk.write("content/news/b.md", "Title: 草稿\n\n正文。\n")
    desk.git("add", "scripts", "content")
    for admin in ("admin-a", "admin-b"):
        desk.done("policy", "sign", by=admin)
    assert in_force(story, desk) == (2, [])
    listed = desk.git("ls-tree", "-r", "HEAD").splitlines()
    paths = {line.split("\t")[1]: line.split()[0] for line in listed}
    assert sorted(paths) == [
        "columns.yaml", "keys/.keep", "people.yaml", POLICY_RECORD, "scripts/run", "theme/kept.html", "workflows.yaml",
    ]  # fmt: skip
    assert paths["scripts/run"] == "100755"
    assert desk.git("status", "--porcelain").splitlines() == ["A  content/news/b.md", "?? theme/secret.key"]
    assert desk.read("theme/secret.key") == "not for anybody"


def test_a_file_that_a_sparse_checkout_leaves_out_is_not_taken_for_deleted(story: Story, seat: Seat) -> None:
    story.write("theme/kept.html", "kept")
    story.commit()
    desk = seat()
    desk.git("update-index", "--skip-worktree", "theme/kept.html")
    (desk.path / "theme/kept.html").unlink()
    desk.write("columns.yaml", MORE_COLUMNS)
    refused(desk, by="admin-a", status=2, says="theme/kept.html: it is left out of this sparse checkout")


def test_a_fork_of_the_policy_is_not_continued_until_the_pin_says_which(story: Story, seat: Seat) -> None:
    first = story.head
    files = dict(story.files)
    left = story.sign_policy(columns=MORE_COLUMNS)
    story.signed = [one for one in story.signed if one.statement.version == 1]
    story.go(first, files)
    right = story.sign_policy(columns=COLUMNS.replace("文件", "公文"))
    story.commit(parents=(right.commit, left.commit))
    desk = seat()
    change(desk, "columns.yaml", "公文", "文书")
    refused(desk, by="admin-a", says="policy-fork: ")
    desk.pin = right.statement.manifest
    assert "1 more must sign" in desk.done("policy", "sign", by="admin-a")


def test_an_edit_made_while_the_key_is_asked_for_is_not_lost_and_not_signed(story: Story, seat: Seat) -> None:
    """The program that signs stands for somebody who saves the file in an editor meanwhile."""
    desk = seat()
    late = MORE_COLUMNS + "# later\n"
    signer = desk.home / "signer"
    signer.write_text(f"#!/bin/sh\ncat >columns.yaml <<'END'\n{late}END\nexec ssh-keygen \"$@\"\n")
    signer.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(signer))
    desk.write("columns.yaml", MORE_COLUMNS)
    desk.done("policy", "sign", by="admin-a")
    assert desk.read("columns.yaml") == late
    assert desk.git("show", "HEAD:columns.yaml") + "\n" == MORE_COLUMNS
    assert desk.git("status", "--porcelain") == "M columns.yaml"


def test_every_person_of_the_story_has_a_key(story: Story) -> None:
    """A guard for the tests above: whom they name is somebody."""
    assert set(OFFICES) <= set(story.keys)
