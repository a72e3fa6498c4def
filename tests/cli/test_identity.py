"""Who signs: found by the keys at hand, told when that is not plain; and each signature asks for the key once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pexpect
import pytest
from command_line import QIANFA, Desk, environment, run, seated
from story import NEWS, Story

KEYGEN = shutil.which("ssh-keygen") or "ssh-keygen"
PASSPHRASE = "not a secret"


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """A desk where a post waits for its head, and no key is configured."""
    story.key("stranger")
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    return seated(story, tmp_path)


@pytest.fixture
def agent() -> Iterator[Path]:
    """The socket of a real ssh-agent that holds nothing yet."""
    with tempfile.TemporaryDirectory(prefix="agent-") as folder:
        socket = Path(folder) / "s"
        command = ["ssh-agent", "-D", "-a", str(socket)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                if process.stdout is not None:
                    process.stdout.readline()  # it says where it listens once it does
                yield socket
            finally:
                process.terminate()


def at_home(desk: Desk, person: str, name: str = "", *, private: bool = True) -> Path:
    """Put a person's key into ~/.ssh."""
    folder = desk.home / ".ssh"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / (name or f"id_{person}")
    shutil.copy(desk.keys / f"{person}.pub", target.with_name(target.name + ".pub"))
    if private:
        shutil.copy(desk.keys / person, target)
        target.chmod(0o600)
    return target


def held(desk: Desk, socket: Path, key: Path) -> None:
    """Have the agent hold a key."""
    ran = run("ssh-add", "-q", key, cwd=desk.home, env=environment(desk.home, SSH_AUTH_SOCK=str(socket)))
    if ran.status:
        raise ValueError(ran.err)
    desk.env["SSH_AUTH_SOCK"] = str(socket)


def signer(desk: Desk) -> str:
    """Return who the last commit says signed."""
    return next(line for line in desk.git("log", "-1", "--format=%B").splitlines() if line.startswith("by: "))[4:]


def refused(desk: Desk, *arguments: str) -> str:
    before = desk.everything()
    ran = desk.qianfa("approve", NEWS, *arguments)
    assert (ran.status, ran.out, desk.everything()) == (1, "", before)
    return ran.complaint


# -- keys at hand --------------------------------------------------------------------------------------------------


def test_the_one_key_in_the_home_folder_that_the_site_knows_says_who_signs(desk: Desk) -> None:
    at_home(desk, "stranger")
    at_home(desk, "head-fx")
    desk.done("approve", NEWS)
    assert signer(desk) == "head-fx"


def test_a_key_that_ssh_agent_holds_says_who_signs_though_its_file_is_nowhere(desk: Desk, agent: Path) -> None:
    held(desk, agent, desk.keys / "stranger")
    held(desk, agent, desk.keys / "head-fx")
    desk.done("approve", NEWS)
    assert signer(desk) == "head-fx"


def test_a_public_key_file_whose_private_half_the_agent_holds_can_be_named(desk: Desk, agent: Path) -> None:
    held(desk, agent, desk.keys / "head-fx")
    named = at_home(desk, "head-fx", private=False)
    desk.done("approve", NEWS, "--key", f"{named}.pub")
    assert signer(desk) == "head-fx"


def test_keys_of_several_people_are_told_apart_by_name(desk: Desk) -> None:
    at_home(desk, "head-fx")
    at_home(desk, "leader-1")
    complaint = refused(desk)
    assert complaint.startswith("keys of several people are at hand: head-fx, leader-1; say who signs with --as PERSON")
    assert "--key FILE, or git config user.signingkey FILE" in complaint
    assert refused(desk, "--as", "reviewer-1").startswith("no key of reviewer-1 is at hand, only of head-fx, leader-1;")
    assert refused(desk, "--as", "nobody").startswith("people.yaml: there is no 'nobody'")
    desk.done("approve", NEWS, "--as", "head-fx")
    assert signer(desk) == "head-fx"


def test_what_is_configured_or_named_goes_before_what_is_at_hand(desk: Desk) -> None:
    at_home(desk, "leader-1")
    desk.git("config", "gpg.format", "ssh")
    desk.git("config", "user.signingkey", str(desk.keys / "stranger"))
    assert "is nobody's" in refused(desk)
    desk.git("config", "user.signingkey", str(desk.keys / "head-fx"))
    desk.done("approve", NEWS)
    assert signer(desk) == "head-fx"
    desk.done("approve", NEWS, by="reviewer-1")
    assert signer(desk) == "reviewer-1"


def test_an_ssh_key_in_gits_configuration_is_one_though_nobody_told_git_the_format(desk: Desk) -> None:
    desk.git("config", "user.signingkey", str(desk.keys / "head-fx"))
    desk.done("approve", NEWS)
    assert signer(desk) == "head-fx"


def test_without_any_key_one_line_says_how_to_make_and_register_one(desk: Desk) -> None:
    complaint = refused(desk)
    assert complaint == (
        "no signing key is set; make one with ssh-keygen -t ed25519 and have an administrator add its .pub file, "
        "or give one: --key FILE"
    )
    at_home(desk, "head-fx", private=False)  # a public half alone signs nothing
    assert refused(desk) == complaint


def test_keys_that_the_site_does_not_know_are_named(desk: Desk, agent: Path) -> None:
    held(desk, agent, desk.keys / "stranger")
    complaint = refused(desk)
    assert complaint.startswith("no signing key is set, and none at hand is in people.yaml: ssh-agent; have an admin")
    (desk.home / ".ssh").mkdir()
    (desk.home / ".ssh/id_rsa.pub").write_bytes(b"\xff no key\n")
    (desk.home / ".ssh/id_rsa").write_bytes(b"")
    assert refused(desk) == complaint


def test_an_agent_that_is_not_there_is_as_good_as_none(desk: Desk) -> None:
    desk.env["SSH_AUTH_SOCK"] = str(desk.home / "none")
    assert "no signing key is set" in refused(desk)
    at_home(desk, "head-fx")
    desk.done("approve", NEWS)


def test_showing_needs_no_key_and_finds_who_asks_by_it(desk: Desk) -> None:
    assert '"asker": null' in desk.done("show", NEWS, "--json")
    at_home(desk, "head-fx")
    assert '"id": "head-fx"' in desk.done("show", NEWS, "--json").partition('"attachments"')[0]
    at_home(desk, "leader-1")
    assert '"asker": null' in desk.done("show", NEWS, "--json")


# -- one signature, one prompt -------------------------------------------------------------------------------------


def with_passphrase(desk: Desk, person: str) -> Path:
    """Return a copy of a person's key behind a passphrase, without its public half beside it."""
    target = desk.home / f"locked-{person}"
    shutil.copy(desk.keys / person, target)
    target.chmod(0o600)
    command = (KEYGEN, "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f", target)
    if run(*command, cwd=desk.home, env=environment(desk.home)).status:
        raise ValueError("the passphrase could not be set")
    return target


def counting(desk: Desk) -> Path:
    """Have git sign with a program that notes each call, and does what ssh-keygen does."""
    log, program = desk.home / "calls", desk.home / "signer"
    program.write_text(f'#!/bin/sh\necho "$*" >>{log}\nexec {KEYGEN} "$@"\n')
    program.chmod(0o755)
    desk.git("config", "gpg.ssh.program", str(program))
    log.write_text("")
    return log


def test_each_act_has_its_key_sign_exactly_once(desk: Desk) -> None:
    log = counting(desk)
    for number, (person, *command) in enumerate(
        (
            ("head-fx", "approve", NEWS),
            ("reviewer-1", "approve", NEWS),
            ("leader-1", "return", NEWS, "--note", "理由"),
        ),
        1,
    ):
        desk.done(*command, by=person)
        assert len(log.read_text().splitlines()) == number


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("leader-1", "leader-1 signed head without the office head@unit; ask one of: head-fx"),
        ("officer-fx", "officer-fx signed head without the office head@unit; ask one of: head-fx"),
        ("stranger", "is nobody's"),
    ],
)
def test_wrong_order_wrong_person_and_ones_own_text_are_refused_before_the_key_is_asked_for(
    desk: Desk, by: str, says: str
) -> None:
    log = counting(desk)
    ran = desk.qianfa("approve", NEWS, by=by)
    assert (ran.status, ran.out) == (1, "")
    assert says in ran.complaint
    assert log.read_text() == ""


def test_a_passphrase_is_asked_for_once_after_the_question_and_never_for_what_is_refused(desk: Desk) -> None:
    """Though the public half lies nowhere but in the locked key."""
    wrong = with_passphrase(desk, "leader-1")
    assert "without the office" in refused(desk, "--key", str(wrong))  # no terminal: it would fail if it asked
    key = with_passphrase(desk, "head-fx")
    child = pexpect.spawn(
        str(QIANFA), ["approve", NEWS, "--key", str(key), "--now", desk.now], cwd=str(desk.path), encoding="utf-8",
        env=environment(desk.home, QIANFA_TRUST=desk.pin, TERM="dumb"), timeout=60, dimensions=(50, 200),
    )  # fmt: skip
    child.expect_exact("Sign? [y/N]")
    shown = str(child.before)
    assert "passphrase" not in shown
    assert "By signing, head-fx (示例head-fx) stands for" in shown
    child.sendline("y")
    child.expect("Enter passphrase.*: ")
    child.sendline(PASSPHRASE)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "passphrase" not in str(child.before)
    assert signer(desk) == "head-fx"


def test_a_key_with_a_passphrase_that_the_agent_holds_asks_for_nothing(desk: Desk, agent: Path) -> None:
    key = with_passphrase(desk, "head-fx")
    asker = desk.home / "askpass"
    asker.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n")
    asker.chmod(0o755)
    env = environment(
        desk.home, SSH_AUTH_SOCK=str(agent), SSH_ASKPASS=str(asker), SSH_ASKPASS_REQUIRE="force", DISPLAY=":0"
    )
    assert run("ssh-add", "-q", key, cwd=desk.home, env=env).status == 0
    desk.env["SSH_AUTH_SOCK"] = str(agent)
    log = counting(desk)
    desk.done("approve", NEWS, "--key", str(key))
    assert len(log.read_text().splitlines()) == 1
    assert signer(desk) == "head-fx"


def test_a_locked_key_without_a_terminal_fails_in_one_line(desk: Desk) -> None:
    key = with_passphrase(desk, "head-fx")
    ran = replace(desk, here=False).qianfa("approve", NEWS, "--key", str(key))
    assert (ran.status, ran.out) == (1, "")
    assert "git could not sign: " in ran.complaint


def test_a_security_keys_public_half_says_whose_it_is(story: Story, tmp_path: Path) -> None:
    """Its touch cannot be tried here; that people.yaml and ~/.ssh may name it can."""
    line = (
        "sk-ssh-ed25519@openssh.com "
        "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIGExQNPF6OqVeQ/DeJdkJKBPJYj3bsiLSNY08vbxxVn0AAAABHNzaDo="
    )
    story.sign_policy(people=story.people().replace(story.key("head-fx").public, line))
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    desk = seated(story, tmp_path)
    folder = desk.home / ".ssh"
    folder.mkdir(mode=0o700)
    (folder / "id_ed25519_sk.pub").write_text(line + " touch\n")
    (folder / "id_ed25519_sk").write_text("a handle\n")
    assert '"id": "head-fx"' in desk.done("show", NEWS, "--json").partition('"attachments"')[0]
