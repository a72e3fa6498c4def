"""Keys made while the tests run, and the programs whose verdict ours is compared with. No key is ever kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

BARE = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1"}


def run(*command: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None) -> bytes:
    """What the command prints; it must succeed."""
    found = subprocess.run(command, input=stdin, env=BARE | (env or {}), cwd=cwd, capture_output=True, check=False)
    if found.returncode:
        raise RuntimeError(f"{command}: {found.stdout!r} {found.stderr!r}")
    return found.stdout


KINDS = {
    "ed25519": ("ed25519", ""),
    "ecdsa-256": ("ecdsa", "256"),
    "ecdsa-384": ("ecdsa", "384"),
    "ecdsa-521": ("ecdsa", "521"),
    "rsa-3072": ("rsa", "3072"),
    "rsa-2048": ("rsa", "2048"),
}


@dataclass
class SshKeygen:
    """`ssh-keygen -Y`, and keys of every kind by the names of `KINDS`."""

    folder: Path
    lines: dict[str, str] = field(default_factory=dict)

    def line(self, name: str) -> str:
        """The public key, `type base64`, made on first use."""
        if name not in self.lines:
            kind, bits = KINDS[name]
            size = ["-b", bits] if bits else []
            run("ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-C", "", "-f", self.folder / name)
            self.lines[name] = (self.folder / f"{name}.pub").read_text().strip()
        return self.lines[name]

    def sign(self, name: str, payload: bytes, *, namespace: str = "git", message_hash: str = "sha512") -> bytes:
        """The armour that git would put into a commit."""
        self.line(name)
        (self.folder / "payload").write_bytes(payload)
        option = f"hashalg={message_hash}"
        arguments = ("-Y", "sign", "-n", namespace, "-O", option, "-f", self.folder / name, self.folder / "payload")
        (self.folder / "payload.sig").unlink(missing_ok=True)
        run("ssh-keygen", *arguments)
        return (self.folder / "payload.sig").read_bytes()

    def accepts(self, armour: bytes, payload: bytes, line: str) -> bool:
        """Whether `ssh-keygen -Y verify` takes it for a signature by that very key."""
        (self.folder / "allowed").write_text(f"them {line}\n")
        (self.folder / "armour").write_bytes(armour)
        command = ("ssh-keygen", "-Y", "verify", "-n", "git", "-I", "them", "-f", "allowed", "-s", "armour")
        return subprocess.run(command, input=payload, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def fingerprint(self, line: str) -> str:
        """What `ssh-keygen -l` prints."""
        return run("ssh-keygen", "-l", "-f", "-", stdin=line.encode()).split()[1].decode()


@pytest.fixture(scope="session")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> SshKeygen:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return SshKeygen(folder=tmp_path_factory.mktemp("ssh"))


@dataclass
class Gpg:
    """gpg with a keyring of its own."""

    home: Path

    def __call__(self, *arguments: str, stdin: bytes = b"") -> bytes:
        quiet = ("--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "")
        return run("gpg", *quiet, *arguments, stdin=stdin, env={"GNUPGHOME": str(self.home)})

    def make(self, name: str, kind: str, *options: str, validity: str = "never") -> bytes:
        """A new primary key that signs; its armoured certificate."""
        self(*options, "--quick-generate-key", name, kind, "sign", validity)
        return self("--armor", "--export", name)

    def sign(self, name: str, payload: bytes, *options: str) -> bytes:
        """An armoured detached signature, as git asks gpg for it (`-bsau`)."""
        return self(*options, "-bsau", name, stdin=payload)


@pytest.fixture(scope="session")
def gpg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gpg]:
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    home = tmp_path_factory.mktemp("gpg")
    home.chmod(0o700)
    yield Gpg(home=home)
    subprocess.run(("gpgconf", "--homedir", home, "--kill", "gpg-agent"), capture_output=True, check=False)


@pytest.fixture(scope="session")
def vectors() -> Path:
    return Path(__file__).parents[1] / "vectors" / "commits"


@pytest.fixture(scope="session")
def shell() -> Callable[..., bytes]:
    """Runs a command in an environment without git or gpg configuration; what it prints."""
    return run
