"""The server over ssh, as offices have it: a real sshd on loopback, with a folder, keys and a port of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from command_line import Desk, Ran, environment, git, run, seated
from story import FULL_CHAIN, NEWS, NOW, begin

from review import pipeline

SSHD = shutil.which("sshd", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/usr/local/sbin")))
PRIVILEGES = Path("/run/sshd")
"""Where root's sshd insists on an empty folder."""


@dataclass
class Ssh:
    """A running sshd: how to reach it."""

    folder: Path
    port: int

    def url(self, path: Path) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{path}"

    def command(self, known: str = "known_hosts") -> str:
        options = {
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "UserKnownHostsFile": str(self.folder / known),
            "GlobalKnownHostsFile": os.devnull,
            "StrictHostKeyChecking": "yes",
        }
        said = " ".join(f"-o {name}={value}" for name, value in options.items())
        return f"ssh -F {os.devnull} -i {self.folder / 'key'} {said}"


def key(path: Path) -> str:
    """Make a key and return its public line."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], check=True)
    return path.with_suffix(".pub").read_text().strip()


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """An sshd of our own. Neither /etc/ssh nor anybody's ~/.ssh is looked at."""
    if SSHD is None:
        pytest.skip("sshd is not installed (apt-get install openssh-server)")
    if os.geteuid() == 0:
        PRIVILEGES.mkdir(mode=0o755, exist_ok=True)
    folder = tmp_path_factory.mktemp("sshd")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = key(folder / "host")
    (folder / "authorized_keys").write_text(key(folder / "key") + "\n")
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host}\n")
    (folder / "others_host").write_text(f"[127.0.0.1]:{port} {key(folder / 'another')}\n")
    (folder / "config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPrintMotd no\n"
    )
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stderr=subprocess.PIPE, text=True)
    lines: list[str] = []
    for line in process.stderr or ():
        lines.append(line)
        if "listening on" in line:
            break
    else:
        pytest.skip(f"sshd cannot run here: {lines}")
    yield Ssh(folder, port)
    process.terminate()
    process.communicate()


@dataclass
class Office:
    """A bare repository with our hook that is reached over ssh, and a clone of it."""

    bare: Path
    desk: Desk

    @property
    def head(self) -> str:
        return git(self.bare, "rev-parse", "main", home=self.desk.home)

    def git(self, *arguments: str) -> Ran:
        return run("git", *arguments, cwd=self.desk.path, env=environment(self.desk.home, **self.desk.env))


@pytest.fixture
def office(ssh: Ssh, tmp_path: Path) -> Office:
    story = begin(tmp_path / "site")
    story.post()
    story.chain(NEWS, *FULL_CHAIN[:4])
    desk = seated(story, tmp_path)
    bare = tmp_path / "server.git"
    desk.git("clone", "--quiet", "--bare", str(story.path), str(bare))
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(desk.done("hook", "server"))
    hook.chmod(0o755)
    names = {f"GIT_{part}_{what}": "someone" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    office = Office(bare, replace(desk, env={"GIT_SSH_COMMAND": ssh.command(), **names}))
    cloned = office.git("clone", "--quiet", ssh.url(bare), str(tmp_path / "clone"))
    assert cloned.status == 0, cloned
    return replace(office, desk=replace(office.desk, path=tmp_path / "clone"))


def test_a_sign_off_goes_over_ssh_past_the_hook_and_is_online(office: Office) -> None:
    assert office.desk.done("approve", NEWS, "--push", by="publisher-1").endswith("sent to origin main\n")
    report = pipeline.gate(office.bare, "main", pipeline.GateOptions(now=NOW, pin=office.desk.pin))
    assert (report.exit_status, [item.state for item in report.items]) == (0, ["live"])


def test_the_hook_refuses_over_ssh_what_does_not_hold_and_what_rewrites_and_says_why(office: Office) -> None:
    before = office.head
    message = office.desk.git("log", "-1", "--format=%B") + "\n"
    office.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message)
    ran = office.git("push", "origin", "main")
    assert ran.status == 1
    assert "remote: qianfa: " in ran.err
    assert "the sign-off leader of version 1 by leader-1: commit" in ran.err
    ran = office.git("push", "--force", "origin", "HEAD~2:main")
    assert "remote: qianfa: refs/heads/main: this push would rewrite what others have" in ran.err
    assert office.head == before


def test_a_draft_passes_the_check_here_and_the_hook_there(office: Office) -> None:
    office.desk.done("hook", "install")
    office.desk.write("content/news/2026-11-21-b.md", "Title: 冬季科普讲座\n\n讲座于十二月举行。\n")
    record = "record: 1\nkind: article\nunit: fx\nclassified: no\nsubmitted: 2026-11-21\nsign-offs: []\n"
    office.desk.write("content/news/2026-11-21-b.review.yaml", record)
    office.git("add", ".")
    ran = office.git("commit", "--message", "a draft")
    assert ran.status == 0, ran
    assert office.git("push", "--quiet", "origin", "main").status == 0
    assert office.head == office.desk.head


def test_a_host_that_is_not_the_known_one_gets_nothing_and_nobody_is_asked(office: Office, ssh: Ssh) -> None:
    before = office.head
    office.desk.env["GIT_SSH_COMMAND"] = ssh.command("others_host")
    ran = office.desk.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert ran.status == 1
    assert "was not sent: the remote cannot be reached: Host key verification failed." in ran.complaint
    assert office.head == before


def test_a_key_that_the_server_does_not_know_is_told(office: Office, ssh: Ssh) -> None:
    office.desk.env["GIT_SSH_COMMAND"] = ssh.command().replace(str(ssh.folder / "key"), str(ssh.folder / "another"))
    ran = office.desk.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert ran.status == 1
    assert "Permission denied (publickey)" in ran.complaint
