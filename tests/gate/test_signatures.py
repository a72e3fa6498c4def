"""Signatures: whose key signed what, and why a claim, a copy or a stolen statement puts nothing online."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from story import FULL_CHAIN, NEWS, OFFICES, SITE, Key, SignOff, Story, begin, codes, found, live

from review.formats import records, statements
from review.model.paths import POLICY, record_of
from review.model.reports import LivePost
from review.model.statements import Statement

OTHER = "content/news/2026-11-20-b.md"
RECORD = record_of(NEWS)


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def digests(post: LivePost | None) -> dict[str, str]:
    """The files that are online, by path."""
    return {} if post is None else {file.path: file.sha256 for file in post.files}


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def copy(site: Story, made: SignOff, *, key: Key | None = None, parents: tuple[str, ...] | None = None) -> str:
    """Make another commit with the same statement, over the files as they stand."""
    return site.commit(statements.serialise(made.statement), key=key, parents=parents)


def write_commit(
    site: Story, statement: Statement, key: Key, change: Callable[[bytes], bytes] = lambda message: message
) -> str:
    """Commit a statement whose entry stands in the record, with the message changed before it is signed."""
    site.enter(statement)
    return site.commit(change(statements.serialise(statement)), key=key)


def draft_of(site: Story, item: str = NEWS, **said: Any) -> Statement:
    """The draft that officer-fx would sign of the files as they stand."""
    fields: dict[str, Any] = {
        "site": SITE, "item": item, "version": 1, "stage": "draft", "decision": "approve",
        "manifest": site.manifest(item), "previous": "none", "by": "officer-fx",
        "at": site.clock.isoformat(timespec="seconds"), "note": "",
    }  # fmt: skip
    return Statement(**(fields | said))


# Honest.


def test_a_chain_signed_by_everyone_with_their_own_key_is_online_without_a_finding(site: Story) -> None:
    text = "Title: 春季讲座\n\n欢迎参加。\n"
    site.post(text=text)
    picture = site.attach(NEWS, "poster.jpg", b"\xff\xd8picture")
    site.chain()
    assert codes(site.gate()) == []
    assert digests(live(site)) == {NEWS: sha(text), picture: sha(b"\xff\xd8picture")}


def test_the_report_names_for_each_sign_off_the_commit_the_key_and_the_statement(site: Story) -> None:
    site.publish()
    signed = [one for one in site.signed if one.statement.item == NEWS]
    assert [(link.stage, link.by, link.commit, link.key, link.statement) for link in site.item().chain] == [
        (one.statement.stage, one.statement.by, one.commit, site.key(one.statement.by).fingerprint, one.digest)
        for one in signed
    ]


def test_a_person_may_sign_with_any_of_their_keys(site: Story) -> None:
    second = Key()
    people = site.people().replace(site.key("leader-1").public, f"{site.key('leader-1').public}, {second.public}")
    site.sign_policy(people=people)
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign(NEWS, "leader", "leader-1", key=second)
    site.sign(NEWS, "publish", "publisher-1")
    assert codes(site.gate()) == []
    assert site.item().chain[3].key == second.fingerprint


# signature-missing.


def test_an_entry_that_nobody_ever_signed_is_signature_missing(site: Story) -> None:
    site.post()
    site.enter(draft_of(site))
    site.commit()
    assert codes(site.gate(), NEWS) == ["signature-missing"]
    assert site.item().state == "refused"


def test_a_missing_signature_is_told_with_the_person_the_stage_and_the_next_command(site: Story) -> None:
    site.post()
    site.enter(draft_of(site))
    site.commit()
    (missing,) = found(site.gate(), "signature-missing")
    assert (missing.severity, missing.item, missing.path) == ("refuse", NEWS, RECORD)
    assert "officer-fx" in missing.message
    assert "draft" in missing.message
    assert "qianfa approve" in missing.hint


def test_sign_offs_squashed_into_one_commit_are_signature_missing_and_nothing_is_online(site: Story) -> None:
    site.post()
    before = site.commit()
    site.chain()
    site.commit("squashed\n", parents=(before,))
    assert codes(site.gate(), NEWS) == ["signature-missing"] * 5
    assert live(site) is None


def test_a_sign_off_on_a_branch_that_is_not_merged_is_signature_missing(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    before = site.head
    site.sign(NEWS, "publish", "publisher-1")
    site.commit("the record came over, the commit did not\n", parents=(before,))
    assert codes(site.gate(), NEWS) == ["signature-missing"]
    assert live(site) is None


@pytest.mark.parametrize(
    "lie",
    [
        {"stage": "publicity"},
        {"decision": "return"},
        {"version": 2},
        {"manifest": "sha256:" + "0" * 64},
        {"previous": "none"},
        {"by": "reviewer-1"},
        {"at": "2026-11-20T10:00:01+08:00"},
        {"note": "同意"},
        {"signatory": "head-fx", "paper": "sha256:" + "0" * 64},
    ],
    ids="-".join,
)
def test_an_entry_that_differs_from_its_statement_in_one_field_is_signature_missing(
    site: Story, lie: dict[str, Any]
) -> None:
    site.publish()
    head = site.signed[-4].statement
    assert head.stage == "head"
    record = site.files[RECORD][1]
    entries = [one.statement for one in site.signed if one.statement.item == NEWS]
    fresh = record.partition(b"sign-offs:")[0] + b"sign-offs: []\n"
    for entry in entries:
        fresh = records.append(fresh, replace(entry, **lie) if entry == head else entry)
    site.write(RECORD, fresh)
    site.commit()
    assert sorted(codes(site.gate(), NEWS)) == ["sign-off-dropped", "signature-missing"]
    assert live(site) is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda message: message + b"\n(cherry picked from commit " + b"1" * 40 + b")\n",
        lambda message: message + b"\n",
        lambda message: message.removesuffix(b"\n"),
        lambda message: message + b"Signed-off-by: officer-fx <o@example.org>\n",
        lambda message: message.replace(b"\n", b"\r\n"),
        lambda message: message.replace(b"Sign-off: draft approve", b"Sign-off: draft"),
        lambda message: message.replace(b"version: 1", b"version: 01"),
        lambda message: message.replace(b"qianfa-statement: 1", b"qianfa-statement: 2"),
        lambda message: message.replace(b"stage: draft\ndecision: approve", b"decision: approve\nstage: draft"),
        lambda message: b'Revert "' + message,
    ],
    ids=["trailer", "empty-line", "no-end", "sign-off-by", "crlf", "subject", "zero", "format", "order", "prefix"],
)
def test_a_signed_message_that_is_not_byte_for_byte_a_statement_is_none(
    site: Story, change: Callable[[bytes], bytes]
) -> None:
    site.post()
    write_commit(site, draft_of(site), site.key("officer-fx"), change)
    assert codes(site.gate(), NEWS) == ["signature-missing"]
    assert site.item().version == 0


def test_attack_a_record_with_a_whole_chain_that_nobody_signed_puts_nothing_online(site: Story) -> None:
    site.post()
    previous = "none"
    for stage, by in FULL_CHAIN:
        claim = draft_of(site, stage=stage, by=by, previous=previous)
        site.enter(claim)
        previous = statements.digest(claim)
    site.commit(key=Key())
    assert codes(site.gate(), NEWS) == ["signature-missing"] * 5
    assert live(site) is None


def test_attack_another_items_record_taken_over_puts_nothing_online(site: Story) -> None:
    site.publish()
    site.write(OTHER, site.files[NEWS][1])
    site.write(record_of(OTHER), site.files[RECORD][1])
    site.commit()
    assert codes(site.gate(), OTHER) == ["signature-missing"] * 5
    assert live(site, OTHER) is None
    assert live(site, NEWS) is not None


def test_attack_anothers_item_cannot_lend_the_statement_that_a_chain_follows(site: Story) -> None:
    site.publish()
    site.post(OTHER)
    site.sign(OTHER, "publish", "publisher-1", previous=site.signed[-2].digest)
    assert "chain-broken" in codes(site.gate(), OTHER)
    assert live(site, OTHER) is None


def test_attack_claims_that_nobody_signed_take_nothing_offline(site: Story) -> None:
    site.publish()
    site.enter(draft_of(site, decision="withdraw", stage="withdraw", by="publisher-1"))
    site.enter(draft_of(site, version=2, previous=site.signed[-1].digest))
    site.commit()
    assert codes(site.gate(), NEWS) == ["signature-missing", "signature-missing"]
    assert (site.item().state, site.item().live_version) == ("live", 1)


# signature-invalid.

ARMOUR_END = b"-----END SSH SIGNATURE-----"


def insert(raw: bytes, header: bytes) -> bytes:
    """Put a header at the end of a commit's headers."""
    return raw.replace(b"\n\n", b"\n" + header + b"\n\n", 1)


def other_letter(raw: bytes) -> bytes:
    at = raw.index(ARMOUR_END) - 8
    return raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :]


def again(raw: bytes) -> bytes:
    start = raw.index(b"gpgsig ")
    header = raw[start : raw.index(b"\n\n", start)]
    return insert(raw, header)


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "date": lambda raw: raw.replace(b" +0800\n", b" +0900\n", 1),
    "author": lambda raw: raw.replace(b"author someone", b"author another", 1),
    "letter": other_letter,
    "two-signatures": again,
    "second-header": lambda raw: insert(raw, b"gpgsig-sha256 x"),
    "text-before": lambda raw: raw.replace(b"gpgsig -----", b"gpgsig hello\n -----", 1),
    "text-after": lambda raw: raw.replace(ARMOUR_END, ARMOUR_END + b"\n hello", 1),
    "cut": lambda raw: raw.replace(b"\n " + ARMOUR_END, b"", 1),
    "header-added": lambda raw: insert(raw, b"encoding UTF-8"),
    "no-armour": lambda raw: raw[: raw.index(b"gpgsig ")] + b"gpgsig x" + raw[raw.index(b"\n\n") :],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_commit_changed_after_it_was_signed_has_no_valid_signature(site: Story, forgery: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", forge=FORGERIES[forgery])
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert live(site) is None


def test_a_statement_in_an_unsigned_commit_is_signature_invalid(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx", signed=False)
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert (site.item().state, site.item().version) == ("refused", 0)


@pytest.mark.parametrize("namespace", [b"file", b"", b"git "])
def test_a_signature_made_for_another_purpose_is_none(site: Story, namespace: bytes) -> None:
    def sign_for(raw: bytes) -> bytes:
        armour = site.key("officer-fx").sign(raw, namespace).rstrip(b"\n").replace(b"\n", b"\n ")
        return insert(raw, b"gpgsig " + armour)

    site.post()
    site.sign(NEWS, "draft", "officer-fx", signed=False, forge=sign_for)
    assert codes(site.gate(), NEWS) == ["signature-invalid"]


def test_a_signature_over_another_tree_is_none(site: Story) -> None:
    site.post()
    site.files["empty"] = ("100644", b"")
    empty = site.object("tree", b"")
    assert empty == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    first = site.head
    site.sign(NEWS, "draft", "officer-fx", forge=lambda raw: raw.replace(raw[:45], b"tree " + empty.encode(), 1))
    site.commit("the files again\n", parents=(first, site.head))
    assert codes(site.gate(), NEWS) == ["signature-invalid"]


def test_a_signature_taken_from_another_commit_is_none(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    parent = site.head
    taken: list[bytes] = []

    def keep(raw: bytes) -> bytes:
        start = raw.index(b"gpgsig ")
        taken.append(raw[start : raw.index(b"\n\n", start)])
        return raw

    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1", forge=keep)
    site.go(parent, files)
    site.signed.pop()
    site.sign(NEWS, "publish", "publisher-1", note="另一句", signed=False, forge=lambda raw: insert(raw, taken[0]))
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert live(site) is None


@pytest.mark.parametrize("foreign", ["another-site", SITE + "-2"])
def test_a_statement_made_for_another_site_counts_as_never_made(site: Story, foreign: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", site=foreign)
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert live(site) is None


def test_attack_a_chain_signed_for_a_sister_site_puts_nothing_online_here(site: Story) -> None:
    site.post()
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, site="sister-site")
    assert codes(site.gate(), NEWS) == ["signature-invalid"] * 5
    assert live(site) is None


def test_attack_unsigned_commits_in_everyones_name_put_nothing_online(site: Story) -> None:
    site.post()
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, signed=False)
    assert codes(site.gate(), NEWS) == ["signature-invalid"] * 5
    assert live(site) is None


def test_attack_an_unsigned_withdrawal_or_return_takes_nothing_offline(site: Story) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", signed=False)
    site.sign(NEWS, "leader", "leader-1", decision="return", previous=site.signed[-5].digest, signed=False)
    assert codes(site.gate(), NEWS) == ["signature-invalid", "signature-invalid"]
    assert (site.item().state, site.item().live_version) == ("live", 1)


# signer-unknown, signer-mismatch.


@pytest.mark.parametrize(("stage", "by"), FULL_CHAIN)
def test_a_key_that_nobody_holds_is_signer_unknown_at_every_stage(site: Story, stage: str, by: str) -> None:
    site.post()
    for each, person in FULL_CHAIN:
        site.sign(NEWS, each, person, key=Key() if each == stage else None)
    assert "signer-unknown" in codes(site.gate(), NEWS)
    assert by in found(site.gate(), "signer-unknown")[0].message
    assert live(site) is None


def test_a_key_that_only_the_files_at_the_commit_name_is_signer_unknown(site: Story) -> None:
    mine = Key()
    site.write("people.yaml", site.people().replace(site.key("publisher-1").public, mine.public))
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", key=mine)
    assert codes(site.gate(), NEWS) == ["signer-unknown"]
    assert live(site) is None


@pytest.mark.parametrize("stage", [stage for stage, _ in FULL_CHAIN])
def test_a_key_of_someone_else_is_signer_mismatch_at_every_stage(site: Story, stage: str) -> None:
    site.post()
    for each, person in FULL_CHAIN:
        site.sign(NEWS, each, person, key=site.key("admin-c") if each == stage else None)
    assert "signer-mismatch" in codes(site.gate(), NEWS)
    assert "admin-c" in found(site.gate(), "signer-mismatch")[0].message
    assert live(site) is None


def test_a_person_of_the_same_office_cannot_sign_in_anothers_name(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    site.sign(NEWS, "publicity", "reviewer-1", key=site.key("reviewer-2"))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"]


def test_a_name_that_is_not_among_the_people_is_signer_mismatch_with_a_known_key(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "nobody", key=site.key("officer-fx"))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"]


def test_a_name_that_is_not_among_the_people_is_signer_unknown_with_an_unknown_key(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "nobody", key=Key())
    assert codes(site.gate(), NEWS) == ["signer-unknown"]


def test_attack_an_outsider_with_a_key_of_their_own_puts_nothing_online(site: Story) -> None:
    mine = Key()
    site.post()
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, key=mine)
    assert codes(site.gate(), NEWS) == ["signer-unknown"] * 5
    assert live(site) is None


def test_attack_one_insider_in_everyones_name_puts_nothing_online(site: Story) -> None:
    site.post()
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, key=site.key("officer-fx"))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"] * 4
    assert live(site) is None


@pytest.mark.parametrize("key", ["admin-a", "outsider"])
def test_attack_a_withdrawal_in_the_publishers_name_takes_nothing_offline(site: Story, key: str) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", key=site.key(key))
    assert codes(site.gate(), NEWS) == ["signer-mismatch" if key in OFFICES else "signer-unknown"]
    assert (site.item().state, site.item().live_version) == ("live", 1)


# Several commits with one statement.


@pytest.mark.parametrize("thief", ["", "admin-a", "outsider"])
@pytest.mark.parametrize("where", ["after", "orphan", "beside"])
def test_attack_copies_of_every_commit_change_nothing_online(site: Story, thief: str, where: str) -> None:
    site.publish()
    before = live(site)
    honest, files = site.head, dict(site.files)
    site.write(NEWS, "Title: 篡改\n\n别的。\n")
    key = site.key(thief) if thief else None
    heads = []
    for made in [one for one in site.signed if one.statement.item == NEWS]:
        parents = {"after": None, "orphan": (), "beside": (site.signed[1].commit,)}[where]
        heads.append(copy(site, made, key=key, parents=parents))
    site.go(heads[-1] if where == "after" else honest, files)
    site.commit("merge\n", parents=(site.head, *(heads if where != "after" else ())))
    assert codes(site.gate(), NEWS) == []
    after = live(site)
    assert after is not None
    assert before is not None
    assert (after.files, after.chain, after.published) == (before.files, before.chain, before.published)


def test_a_statement_of_which_only_an_unsigned_copy_is_left_counts_as_never_made(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    parent = site.head
    made = site.sign(NEWS, "publish", "publisher-1")
    site.go(parent)
    copy(site, made)
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert live(site) is None


def test_a_statement_picked_by_someone_else_and_signed_with_their_key_is_signer_mismatch(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    parent = site.head
    made = site.sign(NEWS, "publish", "publisher-1")
    site.go(parent)
    copy(site, made, key=site.key("admin-b"))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"]
    assert live(site) is None


def test_a_statement_rebased_by_its_own_signer_counts(site: Story) -> None:
    site.post()
    start = site.head
    made = [site.sign(NEWS, stage, by) for stage, by in FULL_CHAIN]
    site.go(start)
    site.commit("something came in between\n")
    for one in made:
        copy(site, one, key=site.key(one.statement.by))
    assert codes(site.gate(), NEWS) == []
    assert live(site) is not None


def test_one_commit_that_counts_is_enough_beside_any_number_that_do_not(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    parent = site.head
    made = site.sign(NEWS, "publish", "publisher-1")
    good, files = site.head, dict(site.files)
    bad = []
    for key in (None, site.key("admin-a"), Key()):
        site.go(parent)
        bad.append(copy(site, made, key=key))
    site.go(good, files)
    site.commit("merge\n", parents=(*bad, good))
    assert codes(site.gate(), NEWS) == []
    assert site.item().chain[-1].commit == good


def test_among_copies_that_do_not_count_the_one_by_a_known_person_is_told(site: Story) -> None:
    site.post()
    start, files = site.head, dict(site.files)
    made = site.sign(NEWS, "draft", "officer-fx", signed=False)
    heads = [made.commit]
    entered = dict(site.files)
    for key in (Key(), site.key("admin-a")):
        site.go(start, files)
        heads.append(copy(site, made, key=key))
    site.go(heads[0], entered)
    site.commit("merge\n", parents=tuple(heads))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"]


def test_a_copy_over_other_files_does_not_lend_them_to_the_chain(site: Story) -> None:
    text = "Title: 原文\n\n原文。\n"
    site.post(text=text)
    site.chain()
    last = site.signed[-1]
    site.write(NEWS, "Title: 篡改\n\n别的。\n")
    copy(site, last, key=site.key("publisher-1"))
    assert digests(live(site)) == {NEWS: sha(text)}


def test_a_merge_commit_may_be_a_sign_off(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    trunk, files = site.head, dict(site.files)
    side = site.commit("side work\n")
    site.go(trunk, files)
    last = site.last(NEWS)
    assert last is not None
    said = replace(last.statement, stage="publish", by="publisher-1", previous=last.digest)
    site.enter(said)
    site.commit(statements.serialise(said), key=site.key("publisher-1"), parents=(trunk, side))
    assert codes(site.gate(), NEWS) == []
    assert live(site) is not None


def test_the_verdict_does_not_hang_on_dates_or_names_in_the_commit(site: Story) -> None:
    site.post()
    for number, (stage, by) in enumerate(FULL_CHAIN):
        said = draft_of(site, stage=stage, by=by, previous=site.signed[-1].digest if number else "none")
        site.enter(said)
        made = site.commit(statements.serialise(said), key=site.key(by))
        site.signed.append(SignOff(said, statements.digest(said), made))
        site.clock = site.clock.replace(year=2040 - number)
    assert live(site) is not None
    assert set(codes(site.gate(), NEWS)) == {"time-order"}


def test_a_policy_statement_is_no_sign_off_of_a_post(site: Story) -> None:
    site.post()
    site.sign(NEWS, POLICY, "admin-a")
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None
