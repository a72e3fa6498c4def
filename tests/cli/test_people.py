"""`qianfa people`: administrators add, retire and delegate, replace and mark keys; each is a change to sign, no more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk, run, seated, without_objects
from story import NEWS, Key, Story, begin
from terminal import Seat as Person

Seat = Callable[[], Desk]


def key_file(desk: Desk, name: str) -> tuple[Key, Path]:
    """Return a new key and the file of its public half."""
    key = Key()
    return key, key.save(desk.home / name).with_name(f"{name}.pub")


def certificate() -> bytes:
    """Return an armoured OpenPGP certificate."""
    every = sorted((Path(__file__).parents[1] / "vectors").rglob("*.asc"))
    return next(data for data in (one.read_bytes() for one in every) if b"PUBLIC KEY BLOCK" in data)


def changed(desk: Desk, *arguments: str | Path) -> str:
    """Run a command that changes policy files, and leaves git's branch and index alone."""
    head, index = desk.head, (desk.path / ".git/index").read_bytes()
    out = desk.done(*arguments)
    assert (desk.head, (desk.path / ".git/index").read_bytes()) == (head, index)
    assert "qianfa policy sign" in out
    return out


def refused(desk: Desk, *arguments: str | Path, says: str, status: int = 1, out: bool = False) -> str:
    """Run a command that must refuse: one line, and not one byte of the folder other than before."""
    before = desk.everything()
    ran = desk.qianfa(*arguments)
    assert (ran.status, bool(ran.out)) == (status, out), ran
    assert says in ran.complaint
    assert desk.everything() == before
    return ran.out


def in_force(desk: Desk) -> str:
    """Have two administrators sign; return what the second is told."""
    desk.done("policy", "sign", by="admin-a")
    out = desk.done("policy", "sign", by="admin-b")
    assert "It is in force" in out
    return out


def test_somebody_is_added_and_works_once_two_administrators_have_signed(story: Story, seat: Seat) -> None:
    desk = seat()
    key, public = key_file(desk, "new")
    out = changed(desk, "people", "add", "officer-2", "--name", "示例：新人", "--office", "officer@fx", "--key", public)
    assert "officer-2 is new: 示例：新人" in out
    assert f"officer-2 has a new key {key.fingerprint}" in out
    assert "once signed by 2 of admin-a, admin-b, admin-c" in out
    assert desk.git("diff", "--numstat") == "5\t0\tpeople.yaml"
    (desk.keys / "officer-2").write_bytes((desk.home / "new").read_bytes())
    (desk.keys / "officer-2").chmod(0o600)
    desk.write(NEWS, "Title: 春\n\n正文\n")
    in_force(desk)
    assert desk.git("status", "--porcelain") == "?? content/"
    made = desk.done("new", "news", "夏季讲座", "--unit", "fx", by="officer-2")
    assert "content/news/" in made
    refused(desk, "people", "add", "officer-2", "--name", "x", "--office", "officer@fx", "--key", public,
            says="officer-2 is there already")  # fmt: skip


def test_a_key_may_be_given_as_text_and_its_remark_is_left_out(seat: Seat) -> None:
    desk = seat()
    key = Key()
    changed(desk, "people", "add", "x", "--name", "x", "--office", "head@fx", "--key", f"{key.public} secret remark")
    assert key.public in desk.read("people.yaml")
    assert "remark" not in desk.read("people.yaml")


def test_an_openpgp_certificate_goes_into_keys_and_git_knows_it(tmp_path: Path) -> None:
    armour = certificate()
    story = begin(tmp_path / "site")
    desk = seated(story, tmp_path)
    (desk.home / "x.asc").write_bytes(armour)
    desk.done("people", "key", "add", "officer-fx", "--key", desk.home / "x.asc")
    assert "keys/officer-fx.asc" in desk.read("people.yaml")
    assert (desk.path / "keys/officer-fx.asc").read_bytes() == armour
    assert "A  keys/officer-fx.asc" in desk.git("status", "--porcelain")
    assert "keys/officer-fx.asc is new" in desk.done("policy", "diff")
    refused(desk, "people", "key", "add", "head-fx", "--key", desk.home / "x.asc", says="is officer-fx's")
    in_force(desk)
    assert desk.git("status", "--porcelain") == ""
    desk.done("people", "key", "retire", "officer-fx", "--key", desk.home / "x.asc")
    assert "keys/officer-fx.asc" not in desk.read("people.yaml")


@pytest.mark.parametrize("armour", ["openssh", "pem", "ppk", "pgp", "text"])
def test_a_private_key_is_refused_in_one_line_that_shows_nothing_of_it(seat: Seat, armour: str) -> None:
    desk = seat()
    secret = "c2VjcmV0IG9mIHRoZSBrZXk="
    texts = {
        "openssh": (desk.keys / "officer-fx").read_text(),
        "pem": f"-----BEGIN RSA PRIVATE KEY-----\n{secret}\n-----END RSA PRIVATE KEY-----\n",
        "ppk": f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{secret}\n",
        "pgp": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{secret}\n-----END PGP PRIVATE KEY BLOCK-----\n",
        "text": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{secret}\n",
    }
    given: str | Path = texts["text"]
    if armour != "text":
        given = desk.home / "key"
        given.write_text(texts[armour])
    for command in (("people", "key", "add", "officer-fx"), ("people", "key", "retire", "officer-fx")):
        before = desk.everything()
        ran = desk.qianfa(*command, "--key", given)
        assert (ran.status, ran.out) == (1, "")
        assert "that is a private key" in ran.complaint
        assert secret not in ran.err
        assert all(line not in ran.err for line in texts[armour].splitlines() if len(line) > 20)
        assert desk.everything() == before


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("add", "X", "--name", "x", "--office", "head@fx", "--key", "K"), 2, "'X' is not an id"),
        (("add", "x", "--office", "head@fx", "--key", "K"), 2, "--name: a name is needed"),
        (("add", "x", "--name", "x", "--key", "K"), 2, "--office: x would have nothing to do"),
        (("add", "x", "--name", "x", "--office", "head@fx"), 2, "--key: a key is needed"),
        (("add", "x", "--name", "x", "--office", "haed@fx", "--key", "K"), 2, "did you mean head"),
        (("add", "x", "--name", "x", "--office", "head@kbp", "--key", "K"), 2, "did you mean kpb"),
        (("add", "x", "--name", "x", "--office", "head@unit", "--key", "K"), 2, "no unit or group is called 'unit'"),
        (("add", "x", "--name", "x", "--office", "head@fx", "--key", "nowhere.pub"), 1, "there is no such key file"),
        (("add", "x", "--name", "x", "--office", "head@fx", "--key", "ssh-ed25519"), 1, "between quotes"),
        (("add", "x", "--name", "x", "--office", "head@fx", "--key", "ssh-ed25519 AAAA"), 1, "cannot sign here"),
        (("add", "x", "--name", "x", "--office", "head@fx", "--key", "people.yaml"), 1, "no public key file"),
        (("retire", "head-f"), 2, "did you mean head-fx"),
        (("key", "add", "head-fy", "--key", "K"), 2, "did you mean head-fx"),
        (("key", "add", "head-fx"), 2, "--key: it is not said which"),
        (("key", "retire", "head-fx"), 2, "--key: it is not said which"),
        (("key", "retire", "head-fx", "--key", "K"), 1, "has no key SHA256:"),
        (("key", "retire", "head-fx", "--key", "SHA256:none"), 1, "has no key SHA256:none"),
        (("delegate", "leader@county"), 2, "--to: it is not said who"),
        (("delegate", "leader@county", "--to", "leader-1"), 1, "leader-1 holds leader@county already"),
        (("delegate", "leader@fx", "--to", "leader-1"), 1, "leader-1 holds leader@fx already"),
        (("delegate", "leader@institution", "--to", "leader-1"), 1, "nobody holds leader@institution"),
        (("delegate", "leader@county", "--to", "head-fx", "--end"), 1, "head-fx does not stand in"),
    ],
)
def test_a_slip_is_refused_before_anything_is_written(
    seat: Seat, arguments: tuple[str, ...], status: int, says: str
) -> None:
    desk = seat()
    public = key_file(desk, "k")[1]
    refused(desk, "people", *(str(public) if one == "K" else one for one in arguments), status=status, says=says)


def test_retiring_lists_what_nobody_else_holds_and_wants_to_be_told_to_do_it_all_the_same(
    story: Story, seat: Seat
) -> None:
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    desk = seat()
    out = refused(desk, "people", "retire", "head-fx", says="nothing was written", out=True)
    assert "nobody else holds head@fx" in out
    assert "nobody can sign the stage head (负责人审改) for fx (article)" in out
    assert f"{NEWS}: the sign-offs of version 1 come to nothing with the next one; head-fx signed head" in out
    answer = json.loads(refused(desk, "people", "retire", "head-fx", "--json", says="nothing was written", out=True))
    assert (answer["written"], answer["alone"]) == (False, ["head@fx"])
    assert [(one["item"], one["effect"]) for one in answer["stranded"]] == [(NEWS, "void")]
    again = changed(desk, "people", "retire", "head-fx", "--anyway")
    assert "head-fx (示例head-fx) is taken out, with head@fx" in again
    assert desk.git("diff", "--numstat") == "0\t4\tpeople.yaml"
    refused(desk, "people", "retire", "head-fx", status=2, says="there is no 'head-fx'")


def test_somebody_whom_others_can_stand_for_is_retired_without_a_word(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    out = changed(desk, "people", "retire", "reviewer-1")
    assert "Once it is in force" not in out
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"


def test_administrators_never_fall_below_those_needed(story: Story, seat: Seat) -> None:
    desk = seat()
    changed(desk, "people", "retire", "admin-c")
    assert "people: [admin-a, admin-b]}" in desk.read("people.yaml")
    refused(desk, "people", "retire", "admin-b", says="a policy takes 2 administrators, and without admin-b")
    refused(desk, "people", "key", "retire", "admin-b", "--key", desk.keys / "admin-b.pub", says="only 1 could sign")
    _, public = key_file(desk, "d")
    out = changed(desk, "people", "add", "admin-d", "--name", "丁", "--admin", "--key", public)
    assert "2 of admin-a, admin-b, admin-c, as the rules in force say, and by 2 of admin-a, admin-b, admin-d" in out


def test_a_key_is_replaced_and_what_the_old_one_signed_stays(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    _, public = key_file(desk, "new")
    changed(desk, "people", "key", "add", "head-fx", "--key", public)
    refused(desk, "people", "key", "add", "head-fx", "--key", public, says="listed already")
    old = story.key("head-fx").fingerprint
    changed(desk, "people", "key", "retire", "head-fx", "--key", old.removeprefix("SHA256:"))
    refused(desk, "people", "key", "retire", "head-fx", "--key", old, says="has no key")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"


def test_a_stolen_key_is_marked_and_what_it_signed_goes_offline_as_was_said(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    out = changed(desk, "people", "key", "retire", "head-fx", "--key", desk.keys / "head-fx.pub", "--compromised")
    assert f"{NEWS}: version 1 goes offline; to be signed again: head (head-fx)" in out
    assert "head-fx has no key left" in out
    assert "compromised: yes}" in desk.read("people.yaml")
    refused(desk, "people", "key", "retire", "head-fx", "--key", desk.keys / "head-fx.pub", "--compromised",
            says="marked already")  # fmt: skip
    in_force(desk)
    assert story.item(revision=desk.head).live_version == 0
    refused(desk, "people", "key", "add", "head-fx", "--key", desk.keys / "head-fx.pub", says="marked compromised")


def test_a_key_that_was_taken_out_can_still_be_marked_and_its_person_may_have_left(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    fingerprint = story.key("reviewer-1").fingerprint
    changed(desk, "people", "retire", "reviewer-1")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"
    out = changed(desk, "people", "key", "retire", "reviewer-1", "--key", fingerprint, "--compromised")
    assert "goes offline" in out
    in_force(desk)
    assert story.item(revision=desk.head).live_version == 0
    changed(desk, "people", "retire", "reviewer-1")
    in_force(desk)
    changed(desk, "people", "add", "reviewer-3", "--name", "x", "--office", "reviewer@publicity", "--key",
            key_file(desk, "r")[1])  # fmt: skip
    refused(
        desk, "people", "key", "add", "reviewer-3", "--key", desk.keys / "reviewer-1.pub", says="take the mark back"
    )


def test_somebody_stands_in_signs_and_gives_the_office_back(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1"))
    desk = seat()
    before = desk.read("people.yaml")
    assert "head-kpb stands in for leader@county (代签)" in changed(
        desk, "people", "delegate", "leader@county", "--to", "head-kpb"
    )
    refused(desk, "people", "delegate", "leader@county", "--to", "head-kpb", says="stands in for leader@county already")
    in_force(desk)
    desk.done("approve", NEWS, by="head-kpb")
    out = refused(
        desk, "people", "delegate", "leader@county", "--to", "head-kpb", "--end", says="nothing was", out=True
    )
    assert "head-kpb signed leader" in out
    changed(desk, "people", "delegate", "leader@county", "--to", "head-kpb", "--end", "--anyway")
    assert desk.read("people.yaml") == before


def test_an_edit_keeps_other_edits_and_says_who_must_sign_again(seat: Seat) -> None:
    desk = seat()
    desk.write("people.yaml", desk.read("people.yaml").replace("示例leader-1", "示例甲  # 新"))
    changed(desk, "people", "retire", "reviewer-2")
    assert "示例甲  # 新" in desk.read("people.yaml")
    desk.done("policy", "sign", by="admin-a")
    out = changed(desk, "people", "retire", "publisher-2")
    assert "admin-a signed version 2 without this change, and must sign again" in out
    answer: dict[str, Any] = json.loads(desk.done("people", "retire", "leader-1", "--anyway", "--json"))
    assert (answer["written"], answer["begun"], answer["version"]) == (True, ["admin-a"], 2)


def test_files_that_are_not_valid_are_left_to_whoever_edits_them(seat: Seat) -> None:
    desk = seat()
    desk.write("people.yaml", desk.read("people.yaml").replace("needs: 2", "needs: 7"))
    refused(desk, "people", "retire", "reviewer-2", says="people.yaml:1: needs is 7")
    desk.write("people.yaml", desk.read("people.yaml").replace("needs: 7", "needs: 2").replace("\n", "\r\n"))
    refused(desk, "people", "retire", "reviewer-2", says="carriage return")


def test_a_policy_file_that_is_a_link_is_not_written_through(seat: Seat, tmp_path: Path) -> None:
    desk = seat()
    (desk.path / "people.yaml").rename(tmp_path / "outside.yaml")
    (desk.path / "people.yaml").symlink_to(tmp_path / "outside.yaml")
    text = (tmp_path / "outside.yaml").read_bytes()
    refused(desk, "people", "retire", "reviewer-2", says="people.yaml")
    assert (tmp_path / "outside.yaml").read_bytes() == text


def test_a_certificate_that_git_cannot_take_in_leaves_everything_as_it_was(seat: Seat) -> None:
    """A certificate and people.yaml: both or none."""
    desk = seat()
    (desk.home / "x.asc").write_bytes(certificate())
    (desk.path / ".git/index.lock").touch()
    before = without_objects(desk.everything())
    ran = desk.qianfa("people", "key", "add", "officer-fx", "--key", desk.home / "x.asc")
    assert (ran.status, ran.out) == (2, "")
    assert "git could not take in the new file, so nothing was written" in ran.complaint
    after = {path: one for path, one in without_objects(desk.everything()).items() if path != "keys"}
    assert after == {path: one for path, one in before.items() if path != "keys"}


def test_nothing_is_asked_of_git_but_the_files_it_knows(seat: Seat) -> None:
    """The commands work in a clone without a name, a key or a remote."""
    desk = seat()
    ran = run(
        "git", "config", "--get", "user.signingkey", cwd=desk.path, env={"HOME": str(desk.home), "PATH": "/usr/bin"}
    )
    assert ran.status
    changed(desk, "people", "retire", "reviewer-2")


def test_at_a_terminal_retiring_shows_what_follows_and_asks(seat: Seat) -> None:
    desk = seat()
    before = desk.everything()
    somebody = Person(desk, "admin-a")
    shown = somebody.qianfa("people", "retire", "head-fx", answers=(("Write it all the same? [y/N]", ""),), status=1)
    assert "nobody else holds head@fx" in shown
    assert "nothing was written" in shown
    assert desk.everything() == before
    shown = somebody.qianfa("people", "retire", "head-fx", answers=(("Write it all the same?", "y"),))
    assert "head-fx (示例head-fx) is taken out" in shown
    assert shown.count("nobody else holds head@fx") == 1


def test_at_a_terminal_signing_shows_what_it_changes_and_asks(story: Story, seat: Seat) -> None:
    desk = seat()
    changed(desk, "people", "retire", "reviewer-2")
    before = desk.everything()
    somebody = Person(desk, "admin-a")
    shown = somebody.qianfa("policy", "sign", answers=(("Sign it? [y/N]", "n"),), status=1)
    assert "reviewer-2 (示例reviewer-2) is taken out" in shown
    assert re.search(r"\n  [0-9A-F]{4}(-[0-9A-F]{4}){3}\n", shown)
    assert without_objects(desk.everything()) == without_objects(before)
    assert "1 more must sign" in somebody.qianfa("policy", "sign", answers=(("Sign it?", "y"),))
    assert "It is in force" in Person(desk, "admin-b").qianfa("policy", "sign", "--yes")
    assert story.gate(revision=desk.head).policy.version == 2  # type: ignore[union-attr]
