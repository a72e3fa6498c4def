"""Raw commits: taken apart as git does it, with no header and no signature that two readers could see differently."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import HistoryError, SignatureError
from review.history.commits import RawCommit, parse_commit
from review.history.ssh_signatures import verify

TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
ONE, TWO = "1" * 40, "a" * 40
PEOPLE = b"author A <a@example.org> 1790000000 +0800\ncommitter C <c@example.org> 1790000000 +0800\n"
ARMOUR = b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"


def header(name: bytes, value: bytes) -> bytes:
    """A header as git folds it: a space before each further line."""
    return name + b" " + value.removesuffix(b"\n").replace(b"\n", b"\n ") + b"\n"


SIGNED = header(b"gpgsig", ARMOUR)
TAG = (
    f"object {ONE}\ntype commit\ntag v1\ntagger T <t@example.org> 1790000000 +0800\n\nA tag\n".encode()
    + b"gpgsig is a word in its message\ngpgsig-sha256 too\n"
    + ARMOUR
)


def commit(
    *,
    tree: str = TREE,
    parents: tuple[str, ...] = (ONE,),
    people: bytes = PEOPLE,
    extra: bytes = b"",
    rest: bytes = b"\nm\n",
) -> bytes:
    lines = f"tree {tree}\n" + "".join(f"parent {parent}\n" for parent in parents)
    return lines.encode() + people + extra + rest


def corrupt(raw: bytes) -> str:
    """What is wrong; fails where nothing is."""
    with pytest.raises(HistoryError) as caught:
        parse_commit(raw)
    assert caught.value.code == "object-corrupt"
    return caught.value.what


# What is in a commit.


@pytest.mark.parametrize("parents", [(), (ONE,), (ONE, TWO), (TWO, ONE, TREE)])
def test_tree_parents_and_message_are_read_as_they_stand(parents: tuple[str, ...]) -> None:
    raw = commit(parents=parents, rest="\n标题\n\n正文\n".encode())
    assert parse_commit(raw) == RawCommit(
        tree=TREE,
        parents=parents,
        message="标题\n\n正文\n".encode(),
        signature=None,
        payload=raw,
        signature_problem="",
    )


@pytest.mark.parametrize("message", [b"", b"\n", b"no line end", b"\n\n\n", b"\xff\x00\r\n", b"gpgsig x\ntree y\n"])
def test_a_message_is_every_byte_after_the_first_empty_line(message: bytes) -> None:
    for extra in (b"", SIGNED, b"encoding GB18030\n"):
        assert parse_commit(commit(extra=extra, rest=b"\n" + message)).message == message


def test_a_commit_may_end_after_its_headers() -> None:
    for extra in (b"", b"encoding UTF-8\n", SIGNED):
        assert parse_commit(commit(extra=extra, rest=b"")).message == b""


def test_the_signature_is_the_armour_and_the_payload_is_all_the_rest() -> None:
    found = parse_commit(commit(extra=SIGNED))
    assert (found.signature, found.payload, found.signature_problem) == (ARMOUR, commit(), "")


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_signature_is_found_wherever_it_stands_among_the_later_headers(place: int) -> None:
    """git writes it last, JGit before the encoding."""
    others = [b"encoding UTF-8\n", header(b"mergetag", TAG), header(b"x", b"a\n b\n\nc")]
    extra = b"".join(others[:place]) + SIGNED + b"".join(others[place:])
    found = parse_commit(commit(extra=extra))
    assert (found.signature, found.payload) == (ARMOUR, commit(extra=b"".join(others)))


def test_only_the_one_space_of_a_continued_line_is_taken_off() -> None:
    value = b"-----BEGIN\n two spaces\n\n  three\n-----END\n"
    assert parse_commit(commit(extra=header(b"gpgsig", value))).signature == value


def test_a_signature_inside_a_mergetag_is_not_the_commits() -> None:
    raw = commit(extra=header(b"mergetag", TAG))
    assert parse_commit(raw).signature is None
    assert parse_commit(raw).payload == raw
    forged = commit(extra=b"mergetag object x\n gpgsig -----BEGIN SSH SIGNATURE-----\n -----END SSH SIGNATURE-----\n")
    assert (parse_commit(forged).signature, parse_commit(forged).signature_problem) == (None, "")


def test_gpgsig_in_the_message_is_not_a_signature() -> None:
    assert parse_commit(commit(rest=b"\n" + SIGNED)).signature is None


# What counts as no signature.


def test_two_signatures_are_none() -> None:
    for extra in (SIGNED + SIGNED, SIGNED + b"encoding UTF-8\n" + SIGNED, SIGNED * 3):
        found = parse_commit(commit(extra=extra))
        assert found.signature is None
        assert "gpgsig headers; one was expected" in found.signature_problem


@pytest.mark.parametrize("name", [b"gpgsig-sha256", b"gpgsig-", b"gpgsig-sha512", b"gpgsigs"])
def test_any_other_header_of_the_name_means_no_signature(name: bytes) -> None:
    """git leaves gpgsig-sha256 out of what is signed, so anyone could write into it."""
    other = header(name, ARMOUR)
    for extra in (other, SIGNED + other, other + SIGNED):
        found = parse_commit(commit(extra=extra))
        assert found.signature is None
        assert name.decode() in found.signature_problem


def test_a_gpgsig_header_without_a_value_means_no_signature() -> None:
    for extra in (b"gpgsig\n", b"gpgsig\n" + SIGNED, SIGNED + b"gpgsig\n -----BEGIN SSH SIGNATURE-----\n"):
        found = parse_commit(commit(extra=extra))
        assert found.signature is None
        assert "gpgsig" in found.signature_problem


def test_the_payload_of_a_commit_with_a_problem_is_the_whole_commit() -> None:
    raw = commit(extra=SIGNED + SIGNED)
    assert parse_commit(raw).payload == raw


# What is no commit.


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"tree",
        PEOPLE + b"\nm\n",
        commit(tree=TREE[:-1]),
        commit(tree=TREE + "0"),
        commit(tree=TREE.upper()),
        commit(tree="g" * 40),
        commit(tree="1" * 64),
        commit(parents=(ONE[:-1],)),
        commit(parents=(ONE.replace("1", "A"),)),
        commit(parents=("",)),
        commit()[1:],
        b" " + commit(),
        b"\n" + commit(),
        commit().replace(b"\n", b"\r\n"),
        f"parent {ONE}\ntree {TREE}\n".encode() + PEOPLE + b"\nm\n",
        f"tree {TREE} \n".encode() + PEOPLE + b"\nm\n",
    ],
)
def test_a_commit_begins_with_its_tree_and_parents(raw: bytes) -> None:
    assert "tree and parents" in corrupt(raw)


def unsigned(raw: bytes) -> str:
    """Return why a commit that git can walk on from counts as not signed."""
    found = parse_commit(raw)
    assert (found.tree, found.signature) == (TREE, None)
    return found.signature_problem


@pytest.mark.parametrize("line", [f"tree {TREE}", f"parent {TWO}", "author B", "committer B"])
def test_a_second_tree_or_a_late_parent_leaves_a_commit_unsigned_and_no_parent_more(line: str) -> None:
    """git does not look at them there, another program might."""
    for extra in (f"{line}\n".encode(), SIGNED + f"{line}\n".encode(), f"encoding x\n{line}\n".encode()):
        assert "second" in unsigned(commit(extra=extra))
        assert parse_commit(commit(extra=extra)).parents == parse_commit(commit()).parents


def test_a_second_tree_at_the_start_leaves_a_commit_unsigned() -> None:
    assert unsigned(f"tree {TREE}\ntree {TWO}\n".encode() + PEOPLE + SIGNED + b"\nm\n")


@pytest.mark.parametrize(
    "people",
    [
        b"",
        PEOPLE.splitlines(True)[0],
        PEOPLE.splitlines(True)[1],
        b"".join(reversed(PEOPLE.splitlines(True))),
        b"\n" + PEOPLE,
        SIGNED + PEOPLE,
    ],
)
def test_a_commit_without_author_and_committer_in_their_place_is_read_and_unsigned(people: bytes) -> None:
    assert unsigned(commit(people=people, extra=SIGNED))


def test_a_continued_line_needs_a_header_above_it() -> None:
    assert "continued" in unsigned(commit(extra=b" more\n" + SIGNED))
    assert "place" in unsigned(commit(people=PEOPLE.replace(b"\ncommitter", b"\n more\ncommitter"), extra=SIGNED))


def test_the_last_header_needs_its_line_end() -> None:
    for raw in (commit(extra=b"encoding x", rest=b""), commit(extra=SIGNED[:-1], rest=b"")):
        assert "whole line" in unsigned(raw)


# As git sees it.


def test_payload_and_signature_are_those_that_git_hands_to_ssh_keygen(
    ssh: Any, shell: Callable[..., bytes], tmp_path: Path
) -> None:
    """Signatures made over our payload hold for `git verify-commit`, whatever other headers there are."""
    line = ssh.line("ed25519")
    (tmp_path / "allowed").write_text(f"* {line}\n")
    shell("git", "init", "-q", "repository", cwd=tmp_path)
    repository = tmp_path / "repository"
    shell("git", "hash-object", "-t", "tree", "-w", "--stdin", cwd=repository)
    extras = [b"", b"encoding UTF-8\n", header(b"mergetag", TAG), header(b"x", b"a\n b\n\nc"), b"gpgless y\n"]
    for extra in extras:
        for rest in (b"\nm\n", b"\nno line end", b"\n", "\n签发\n\n".encode()):
            payload = commit(parents=(), extra=extra, rest=rest)
            raw = commit(parents=(), extra=extra + header(b"gpgsig", ssh.sign("ed25519", payload)), rest=rest)
            found = parse_commit(raw)
            assert found.payload == payload
            assert found.signature is not None
            assert verify(found.signature, found.payload).text() == line
            name = shell(
                "git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw, cwd=repository
            )
            trust = ("-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'allowed'}")
            shell("git", *trust, "verify-commit", name.decode().strip(), cwd=repository)


def test_commits_made_by_git_itself_are_read(ssh: Any, shell: Callable[..., bytes], tmp_path: Path) -> None:
    """Root, child, merge of a signed tag: all signed by git with `commit -S`."""
    line = ssh.line("ed25519")
    options = ("gpg.format=ssh", f"user.signingKey={ssh.folder / 'ed25519'}", "user.name=x", "user.email=x@example.org")

    def git(*arguments: str) -> bytes:
        set_to = [part for option in options for part in ("-c", option)]
        return shell("git", *set_to, *arguments, cwd=tmp_path, env={"HOME": str(tmp_path)})

    git("init", "-q", "-b", "main")
    git("commit", "-q", "-S", "--allow-empty", "-m", "root")
    git("checkout", "-q", "-b", "side")
    git("commit", "-q", "-S", "--allow-empty", "-m", "签发")
    git("tag", "-s", "v1", "-m", "a signed tag")
    git("checkout", "-q", "main")
    git("merge", "-q", "-S", "--no-ff", "--no-edit", "v1")
    names = git("rev-list", "--all").decode().split()
    assert len(names) == 3
    raws = [git("cat-file", "commit", name) for name in names]
    assert sum(b"\nmergetag " in raw for raw in raws) == 1
    for name, raw in zip(names, raws, strict=True):
        found = parse_commit(raw)
        shown = git("show", "-s", "--format=%T%n%P", name).decode().split("\n")
        assert [found.tree, " ".join(found.parents)] == shown[:2]
        assert found.signature is not None
        assert verify(found.signature, found.payload).text() == line


def test_the_worked_examples_are_read(vectors: Path) -> None:
    for entry in json.loads((vectors / "commits.json").read_text()):
        raw = (vectors / entry["file"]).read_bytes()
        found = parse_commit(raw)
        assert (found.signature is None) is (entry["file"] == "unsigned.commit")
        assert found.signature_problem == ""
        if found.signature is not None:
            assert raw.replace(b"gpgsig " + found.signature[:-1].replace(b"\n", b"\n ") + b"\n", b"") == found.payload


def test_moving_a_byte_between_headers_and_signature_spoils_the_signature(vectors: Path) -> None:
    """No byte of the whole commit can be changed, lost or added: it is not read, not signed, or the signature fails."""
    raw = (vectors / "ed25519.commit").read_bytes()

    def holds(changed: bytes) -> bool:
        try:
            found = parse_commit(changed)
            return found.signature is not None and bool(verify(found.signature, found.payload))
        except (HistoryError, SignatureError):
            return False

    assert holds(raw)
    for at in range(len(raw)):
        for byte in b" \nA\0":
            new = bytes((byte,))
            assert raw[at : at + 1] == new or not holds(raw[:at] + new + raw[at + 1 :]), at
            assert raw[at : at + 1] == new or not holds(raw[:at] + new + raw[at:]), at
        assert raw[at : at + 1] == raw[at + 1 : at + 2] or not holds(raw[:at] + raw[at + 1 :]), at


HEADERS = st.sampled_from(
    [
        SIGNED,
        b"encoding x\n",
        header(b"mergetag", TAG),
        b"gpgsig\n",
        b"gpgsig-sha256 x\n",
        b" more\n",
        b"parent x\n",
        b"x\n",
    ]
)


@given(extra=st.lists(HEADERS, max_size=5).map(b"".join), message=st.binary(max_size=20))
@settings(max_examples=200, deadline=None)
def test_a_signature_is_read_only_where_there_is_exactly_one(extra: bytes, message: bytes) -> None:
    """And then payload and signature together are the commit, no byte of it lost."""
    raw = commit(extra=extra, rest=b"\n" + message)
    found = parse_commit(raw)
    assert found.message == message
    if found.signature is None:
        assert found.payload == raw
        odd = any(line.startswith((b"gpgsig", b"parent", b" more")) for line in extra.split(b"\n"))
        assert odd or not found.signature_problem
    else:
        lines = [line for line in extra.split(b"\n") if line.startswith(b"gpgsig")]
        assert len(lines) == 1
        assert len(found.payload) + len(header(b"gpgsig", found.signature)) == len(raw)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_are_a_commit_or_corrupt(raw: bytes) -> None:
    for prefix in (b"", f"tree {TREE}\n".encode(), f"tree {TREE}\n".encode() + PEOPLE):
        try:
            found = parse_commit(prefix + raw)
        except HistoryError:
            assert corrupt(prefix + raw)
        else:
            assert found.tree == TREE


def test_what_git_takes_for_a_commit_is_read(shell: Callable[..., bytes], tmp_path: Path) -> None:
    """Refusing one of these would block a site for what git itself lets in."""
    shell("git", "init", "-q", cwd=tmp_path)
    no_name = PEOPLE.replace(b"A <a@example.org>", b"<>").replace(b"C <c@example.org> 1790000000", b"C <> 0")
    raws = [commit(parents=(), extra=extra) for extra in (b"", SIGNED, SIGNED * 2, header(b"mergetag", TAG))]
    raws += [commit(parents=(), people=no_name), commit(parents=(), rest=b""), commit(parents=(), rest=b"\n")]
    for raw in raws:
        shell("git", "hash-object", "-t", "commit", "--stdin", stdin=raw, cwd=tmp_path)
        parse_commit(raw)
