"""People who sign with OpenPGP: git asks gpg, whose list of keys says who they are, or they say so themselves."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Desk, environment, run, seated
from story import NEWS, Story

PEOPLE = ("officer-fx", "admin-a")


@pytest.fixture(scope="module")
def keyring() -> Iterator[Path]:
    """A folder with gpg keys of an officer and an administrator, its path short enough for gpg's sockets."""
    pytest.importorskip("pysequoia", reason="the extra qianfa[openpgp] is not installed")
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        home = Path(folder)
        for person in PEOPLE:
            command = (
                "gpg",
                "--batch",
                "--quiet",
                "--passphrase",
                "",
                "--quick-gen-key",
                person,
                "ed25519",
                "sign",
                "never",
            )
            ran = run(*command, cwd=home, env=environment(home, GNUPGHOME=folder))
            if ran.status:
                raise RuntimeError(ran.err)
        yield home
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], capture_output=True, check=False)


@pytest.fixture
def desk(tmp_path: Path, keyring: Path) -> Desk:
    """A desk at a site where the officer and one of the administrators have OpenPGP keys alone, and a post is ready."""
    story = Story(tmp_path / "site", needs=1)
    people = story.people()
    for person in PEOPLE:
        command = ("gpg", "--armor", "--export", "--export-options", "export-minimal", person)
        armour = run(*command, cwd=keyring, env=environment(keyring, GNUPGHOME=str(keyring))).out
        story.write(f"keys/{person}.asc", armour)
        people = people.replace(story.key(person).public, f"keys/{person}.asc")
    story.sign_policy("admin-b", people=people)
    story.post()
    story.commit()
    made = seated(story, tmp_path)
    made.env["GNUPGHOME"] = str(keyring)
    return made


def test_an_openpgp_key_hands_a_post_in_for_the_person_who_is_named(desk: Desk) -> None:
    desk.git("config", "user.signingkey", "officer-fx")
    for arguments, says in (
        (("--as", "nobody"), "there is no 'nobody'"),
        (("--as", "officer-mx"), "officer-mx would sign draft without the office"),
    ):
        before = desk.everything()
        ran = desk.qianfa("submit", NEWS, *arguments)
        assert (ran.status, ran.out) == (1, "")
        assert says in ran.complaint
        assert desk.everything() == before
    desk.done("submit", NEWS, "--as", "officer-fx")
    assert '"state": "in-review"' in desk.done("gate", "--format", "json")
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.parametrize("named", ["officer-fx", "fingerprint"])
def test_an_openpgp_key_that_gpg_knows_says_whose_it_is(desk: Desk, keyring: Path, named: str) -> None:
    if named == "fingerprint":
        env = environment(keyring, GNUPGHOME=str(keyring))
        listed = run("gpg", "--with-colons", "--list-keys", "officer-fx", cwd=keyring, env=env).out
        named = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
    desk.git("config", "user.signingkey", named)
    desk.done("submit", NEWS)
    assert "by: officer-fx\n" in desk.git("log", "-1", "--format=%B")


@pytest.mark.parametrize("spoil", ["no gpg", "no such key", "keys of two people", "a key that nobody holds"])
def test_where_gpg_does_not_say_whose_the_key_is_the_person_does(
    desk: Desk, keyring: Path, tmp_path: Path, spoil: str
) -> None:
    desk.git("config", "user.signingkey", "none" if spoil == "no such key" else "officer-fx")
    if spoil == "no gpg":
        desk.git("config", "gpg.program", str(tmp_path / "none"))
    elif spoil != "no such key":
        program = tmp_path / "gpg"
        primary = "officer-fx admin-a" if spoil == "keys of two people" else "stranger"
        program.write_text(f"#!/bin/sh\nexec gpg --with-colons --list-keys {primary}\n")
        program.chmod(0o755)
        desk.git("config", "gpg.program", str(program))
    ran = desk.qianfa("submit", NEWS)
    assert (ran.status, ran.out) == (1, "")
    assert "an OpenPGP key does not say whose it is; say who signs with --as PERSON" in ran.complaint


def test_another_persons_openpgp_key_does_not_sign_for_them(desk: Desk) -> None:
    """It is found out before the branch moves."""
    desk.git("config", "user.signingkey", "admin-a")
    before = desk.head
    ran = desk.qianfa("submit", NEWS, "--as", "officer-fx")
    assert ran.status == 1
    assert "which is not officer-fx's key" in ran.complaint
    assert desk.head == before
    assert desk.git("status", "--porcelain") == ""


def test_an_administrator_signs_the_policy_with_openpgp(desk: Desk) -> None:
    desk.git("config", "user.signingkey", "admin-a")
    desk.write("columns.yaml", desk.read("columns.yaml") + "- {id: garden, title: 科普园地, lead: [kpb]}\n")
    ran = desk.qianfa("policy", "sign")
    assert (ran.status, "say who signs with --as PERSON" in ran.complaint) == (1, True)
    assert "It is in force" in desk.done("policy", "sign", "--as", "admin-a")
    assert "policy version 2" in desk.done("gate")
