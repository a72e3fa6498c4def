"""A chain document is enough to check a page's source offline, with hashlib, json, base64 and `ssh-keygen` alone."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from review.errors import FormatError
from review.formats.manifests import canonical_header, manifest_text
from review.formats.statements import serialise
from review.model.digests import digest_of
from review.model.manifests import ItemFile
from review.model.statements import Statement
from review.release.evidence import ChainEvidence, SignedCommit, SignOffEvidence, chain_document

ITEM = "content/news/2026-11-20-a.md"
SOURCE = "Title: 春季讲座\n\n正文 <script>\n".encode()
HEADER = {"record": "1", "kind": "article", "unit": "fengxiang", "classified": "no", "submitted": "2026-11-20"}
PEOPLE = ("officer-fx", "head-fx")


def run(*command: str | Path, cwd: Path, stdin: bytes = b"") -> bytes:
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(cwd), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip
    return subprocess.run(command, cwd=cwd, input=stdin, env=environment, capture_output=True, check=True).stdout


def sign_off(folder: Path, stage: str, by: str, previous: str, manifest: bytes) -> SignOffEvidence:
    """Make a real signed commit whose message is the statement, as people do, with git."""
    statement = serialise(
        Statement(
            site="baoji-kjw", item=ITEM, version=1, stage=stage, decision="approve", manifest=digest_of(manifest),
            previous=previous, by=by, at="2026-11-20T10:00:00+08:00", note="标题改短了",
        )
    )  # fmt: skip
    identity = ("-c", f"user.name={by}", "-c", f"user.email={by}@example.org")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={folder / by}")
    commit = ("commit", "-q", "--allow-empty", "-S", "--cleanup=verbatim", "-F", "-")
    run("git", *identity, *signing, *commit, cwd=folder, stdin=statement)
    name = run("git", "rev-parse", "HEAD", cwd=folder).decode().strip()
    raw = run("git", "cat-file", "commit", name, cwd=folder)
    signed = SignedCommit(id=name, raw=raw, keys=("SHA256:x",))
    return SignOffEvidence(stage=stage, title="拟稿", by=by, statement=statement, commits=(signed,))


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> ChainEvidence:
    """A chain of two people with keys of their own."""
    folder = tmp_path_factory.mktemp("repository")
    run("git", "init", "-q", cwd=folder)
    keys = {}
    for person in PEOPLE:
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder / person, cwd=folder)
        keys[person] = ((folder / f"{person}.pub").read_text().strip(),)
    files = (ItemFile(path=ITEM, mode="100644", sha256=hashlib.sha256(SOURCE).hexdigest(), size=len(SOURCE), blob=""),)
    manifest = manifest_text(HEADER, files)
    first = sign_off(folder, "draft", PEOPLE[0], "none", manifest)
    second = sign_off(folder, "head", PEOPLE[1], digest_of(first.statement), manifest)
    return ChainEvidence(
        site="baoji-kjw", item=ITEM, version=1, header=canonical_header(HEADER), manifest=manifest, source=SOURCE,
        sign_offs=(first, second), names={PEOPLE[0]: "示例信息员"}, keys=keys, policy_version=3,
        policy_manifest="sha256:" + "a" * 64,
    )  # fmt: skip


def verify(document: dict[str, Any], folder: Path) -> list[str]:
    """Follow the six steps of the module's docstring, and return who signed."""

    def digest(text: str) -> str:
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    lines = document["manifest"]["text"].splitlines()
    source = document["source"]
    [line] = [line for line in lines if line.endswith(" " + source["path"])]
    assert line.split(" ")[2] == hashlib.sha256(source["text"].encode()).hexdigest() == source["sha256"]
    assert lines[1] == "header " + hashlib.sha256(document["header"]["text"].encode()).hexdigest()
    assert digest(document["manifest"]["text"]) == document["manifest"]["digest"]
    assert f"\nmanifest: {document['manifest']['digest']}\n" in document["sign_offs"][-1]["statement"]
    previous = "none"
    for one in document["sign_offs"]:
        assert f"\nprevious: {previous}\n" in one["statement"]
        assert one["digest"] == digest(one["statement"])
        previous = one["digest"]
        for commit in one["commits"]:
            raw = base64.b64decode(commit["raw"])
            assert hashlib.sha1(b"commit %d\0" % len(raw) + raw).hexdigest() == commit["id"]
            head, _, message = raw.partition(b"\n\n")
            assert message == one["statement"].encode()
            before, _, rest = head.partition(b"\ngpgsig ")
            signature: list[bytes] = []
            after = rest.split(b"\n")
            while after and (not signature or after[0].startswith(b" ")):
                signature.append(after.pop(0).removeprefix(b" "))
            payload = b"\n".join([before, *after]) + b"\n\n" + message
            (folder / "signature").write_bytes(b"\n".join(signature) + b"\n")
            allowed = [f"{one['by']} {key}" for key in document["people"][one["by"]]["keys"]]
            (folder / "allowed").write_text("\n".join(allowed) + "\n", encoding="utf-8")
            run("ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", one["by"], "-n", "git", "-s", "signature",
                cwd=folder, stdin=payload)  # fmt: skip
    return [one["by"] for one in document["sign_offs"]]


def test_an_outsider_can_check_a_chain_offline(evidence: ChainEvidence, tmp_path: Path) -> None:
    assert verify(json.loads(chain_document(evidence)), tmp_path) == list(PEOPLE)


def test_a_chain_whose_text_or_signer_was_changed_does_not_check(evidence: ChainEvidence, tmp_path: Path) -> None:
    changed = json.loads(chain_document(evidence))
    changed["source"]["text"] += " "
    with pytest.raises(AssertionError):
        verify(changed, tmp_path)
    changed = json.loads(chain_document(evidence))
    people = changed["people"]
    people["head-fx"]["keys"], people["officer-fx"]["keys"] = people["officer-fx"]["keys"], people["head-fx"]["keys"]
    with pytest.raises(subprocess.CalledProcessError):
        verify(changed, tmp_path)


def test_the_same_evidence_gives_the_same_bytes_with_sorted_keys(evidence: ChainEvidence) -> None:
    made = chain_document(evidence)
    assert made == chain_document(evidence)
    document = json.loads(made)
    assert list(document) == sorted(document)
    assert document["chain"] == 1
    assert document["policy"] == {"version": 3, "manifest": "sha256:" + "a" * 64}
    assert document["people"]["officer-fx"]["name"] == "示例信息员"


def test_a_source_that_is_not_utf8_is_refused(evidence: ChainEvidence) -> None:
    with pytest.raises(FormatError, match="not UTF-8"):
        chain_document(replace(evidence, source=b"\xff"))


def test_a_sign_off_says_that_its_person_stood_in_and_only_then(evidence: ChainEvidence) -> None:
    first, second = evidence.sign_offs
    chain = json.loads(chain_document(replace(evidence, sign_offs=(first, replace(second, stands_in=True)))))
    assert [one.get("stands_in") for one in chain["sign_offs"]] == [None, True]
    assert "stands_in" not in chain_document(evidence).decode()
