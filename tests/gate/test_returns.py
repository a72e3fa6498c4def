"""Returns: whoever still has to sign may send a version back; nobody else, and nobody once the last has signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from story import FULL_CHAIN, NEWS, OFFICES, WORKFLOWS, SignOff, Story, begin, codes, found, sha, text_online

from review.formats import statements
from review.model.paths import record_of

OTHER = "content/news/2026-11-20-b.md"
TEXT, AMENDED = "Title: 原稿\n\n原稿正文。\n", "Title: 改稿\n\n改稿正文。\n"
NOWHERE = "sha256:" + "0" * 64


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def send_back(site: Story, stage: str, by: str, **said: Any) -> SignOff:
    """Sign a return."""
    return site.sign(NEWS, stage, by, decision="return", **said)


def branch(site: Story, commit: str, files: dict[str, tuple[str, bytes]]) -> tuple[str, dict[str, tuple[str, bytes]]]:
    """Go to an older commit with its files; say what to come back to."""
    left = (site.head, dict(site.files))
    site.go(commit, files)
    return left


def merge(site: Story, left: tuple[str, dict[str, tuple[str, bytes]]]) -> None:
    """Go back to what was left and merge what was made since."""
    made = site.head
    site.go(*left)
    site.commit("merge\n", parents=(left[0], made))


# Who may, and what it does.


@pytest.mark.parametrize(
    ("signed", "stage", "by"),
    [
        (1, "head", "head-fx"), (1, "publicity", "reviewer-1"), (1, "publicity", "reviewer-2"),
        (1, "publish", "publisher-1"),
        (2, "publicity", "reviewer-1"), (2, "leader", "leader-2"), (2, "publish", "publisher-2"),
        (3, "leader", "leader-1"), (3, "publish", "publisher-1"),
        (4, "publish", "publisher-1"), (4, "publish", "publisher-2"),
    ],
)  # fmt: skip
def test_whoever_holds_the_office_of_a_stage_to_come_may_return(site: Story, signed: int, stage: str, by: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:signed])
    send_back(site, stage, by)
    assert codes(site.gate()) == []
    report = site.item()
    assert report.awaiting is not None
    assert (report.state, report.version, report.awaiting.stage, report.awaiting.people) == (
        "returned", 1, "draft", ("officer-fx",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signed", "stage", "by"),
    [
        (2, "draft", "officer-fx"), (2, "head", "head-fx"), (3, "publicity", "reviewer-1"), (4, "leader", "leader-1"),
        (2, "publicity", "officer-fx"), (2, "leader", "admin-a"), (2, "publicity", "officer-mx"),
        (2, "withdraw", "publisher-1"), (2, "proofreading", "reviewer-1"),
    ],
)  # fmt: skip
def test_a_return_by_anyone_else_has_no_effect(site: Story, signed: int, stage: str, by: str) -> None:
    site.post(text=TEXT)
    last = site.chain(NEWS, *FULL_CHAIN[:signed])
    send_back(site, stage, by, entry=False)
    assert site.item().state == "in-review"
    site.sign(NEWS, *FULL_CHAIN[signed], previous=last.digest)
    for stage_after, person in FULL_CHAIN[signed + 1 :]:
        site.sign(NEWS, stage_after, person)
    assert text_online(site) == sha(TEXT)
    assert codes(site.gate()) == []


@pytest.mark.parametrize(("stage", "by"), [("head", "head-fx"), ("leader", "officer-mx"), ("publicity", "admin-a")])
def test_a_return_in_the_record_by_someone_who_may_not_is_not_authorised(site: Story, stage: str, by: str) -> None:
    """Section 10: not-authorised where "the signer does not hold the stage's office"; the entry is in the record."""
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    send_back(site, stage, by)
    assert codes(site.gate(), NEWS) == ["not-authorised"]


def test_a_returned_version_is_not_completed_by_signing_on(site: Story) -> None:
    site.post()
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    send_back(site, "leader", "leader-1")
    site.sign(NEWS, "leader", "leader-1", previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == ""
    assert site.item().state == "returned"


@pytest.mark.parametrize("follows", range(4))
def test_a_return_of_any_link_but_the_last_stops_a_chain(site: Story, follows: int) -> None:
    site.post()
    made = [site.sign(NEWS, stage, by) for stage, by in FULL_CHAIN[:4]]
    send_back(site, "publish", "publisher-2", previous=made[follows].digest)
    site.sign(NEWS, "publish", "publisher-1", previous=made[-1].digest)
    assert text_online(site) == ""
    assert site.item().state == "returned"


def test_after_a_return_the_next_version_may_follow_it_and_go_online(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:3])
    send_back(site, "leader", "leader-1", note="请补充数据")
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert codes(site.gate()) == []
    assert (site.item().version, site.item().live_version, text_online(site)) == (2, 2, sha(AMENDED))


def test_after_a_return_another_chain_of_the_same_version_may_be_completed(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:2])
    send_back(site, "publicity", "reviewer-1")
    site.post(text=AMENDED)
    site.sign(NEWS, "draft", "officer-fx", previous="none")
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert text_online(site) == sha(AMENDED)


def test_a_return_stops_every_chain_through_its_link_and_no_other(site: Story) -> None:
    site.post(text=TEXT)
    head = site.chain(NEWS, *FULL_CHAIN[:2])
    first = site.sign(NEWS, "publicity", "reviewer-1")
    send_back(site, "leader", "leader-1", previous=first.digest)
    site.sign(NEWS, "publicity", "reviewer-2", previous=head.digest)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("given_up", [1, 2, 6])
def test_a_version_whose_draft_follows_drafts_that_were_given_up_may_be_returned(site: Story, given_up: int) -> None:
    site.publish(text=TEXT)
    site.post(text=AMENDED)
    for _ in range(given_up):
        site.sign(NEWS, "draft", "officer-fx", version=2)
    head = site.chain(NEWS, *FULL_CHAIN[:2])
    send_back(site, "publicity", "reviewer-1")
    assert (site.item().state, site.item().version) == ("returned", 2)
    site.sign(NEWS, "publicity", "reviewer-2", previous=head.digest)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert text_online(site) == sha(TEXT)


def test_a_return_of_a_later_version_leaves_the_live_one_online(site: Story) -> None:
    site.publish(text=TEXT)
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN[:3], version=2)
    send_back(site, "leader", "leader-1")
    assert (site.item().state, site.item().version, site.item().live_version) == ("returned", 2, 1)
    assert text_online(site) == sha(TEXT)


def test_a_stage_that_needs_two_people_is_still_to_come_until_both_have_signed(site: Story) -> None:
    site.post(major="yes")
    site.chain(NEWS, ("draft", "officer-fx"), ("leader", "leader-1"))
    send_back(site, "leader", "leader-2")
    assert site.item().state == "returned"


def test_a_stage_that_needs_two_people_has_passed_once_both_have_signed(site: Story) -> None:
    site.post(major="yes")
    second = site.chain(NEWS, ("draft", "officer-fx"), ("leader", "leader-1"), ("leader", "leader-2"))
    send_back(site, "leader", "leader-1")
    site.sign(NEWS, "publish", "publisher-1", previous=second.digest)
    assert text_online(site)


# What a return must say.


@pytest.mark.parametrize("lie", ["nothing", "nowhere", "version", "other-item", "return", "uncounted"])
def test_a_return_that_follows_no_approval_of_its_version_has_no_effect(site: Story, lie: str) -> None:
    site.post(OTHER)
    elsewhere = site.sign(OTHER, "draft", "officer-fx")
    site.post(text=TEXT)
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    if lie == "return":
        useless = send_back(site, "head", "head-fx")
    elif lie == "uncounted":
        useless = site.sign(NEWS, "leader", "leader-1", signed=False)
    else:
        useless = elsewhere
    previous = {"nothing": "none", "nowhere": NOWHERE, "version": publicity.digest}.get(lie, useless.digest)
    send_back(site, "leader", "leader-2", previous=previous, version=2 if lie == "version" else 1)
    site.sign(NEWS, "leader", "leader-1", version=1, previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("thief", ["", "admin-a", "outsider"])
def test_attack_a_return_that_nobody_entitled_signed_stops_nothing(site: Story, thief: str) -> None:
    site.post(text=TEXT)
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    if thief:
        send_back(site, "leader", "leader-1", key=site.key(thief))
    else:
        send_back(site, "leader", "leader-1", signed=False)
    site.sign(NEWS, "leader", "leader-1", previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == sha(TEXT)


# Too late, and from an old branch.


@pytest.mark.parametrize("follows", range(4))
def test_a_return_after_the_last_sign_off_comes_too_late(site: Story, follows: int) -> None:
    site.post(text=TEXT)
    made = [site.sign(NEWS, stage, by) for stage, by in FULL_CHAIN]
    site.commit("other work in between\n")
    send_back(site, "publish", "publisher-2", previous=made[follows].digest)
    assert text_online(site) == sha(TEXT)
    assert (site.item().state, codes(site.gate())) == ("live", [])


def test_the_last_sign_off_itself_cannot_be_returned(site: Story) -> None:
    site.publish(text=TEXT)
    last = site.signed[-1]
    for stage, by in FULL_CHAIN:
        send_back(site, stage, by, previous=last.digest, entry=False)
    assert text_online(site) == sha(TEXT)


def test_attack_a_late_return_is_not_made_early_by_an_unsigned_copy_on_an_old_branch(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    late = send_back(site, "publish", "publisher-2", previous=leader.digest, entry=False)
    for key in (None, site.key("admin-a"), site.key("outsider")):
        left = branch(site, leader.commit, files)
        site.commit(statements.serialise(late.statement), key=key)
        merge(site, left)
    assert text_online(site) == sha(TEXT)


def test_a_return_on_a_branch_that_does_not_know_the_last_sign_off_has_its_effect(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    left = branch(site, leader.commit, files)
    send_back(site, "publish", "publisher-2", previous=leader.digest, entry=False)
    assert text_online(site) == ""
    merge(site, left)
    assert text_online(site) == ""
    assert site.item().state in ("returned", "refused")


def test_after_a_return_from_an_old_branch_a_later_version_goes_online(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    left = branch(site, leader.commit, files)
    send_back(site, "publish", "publisher-2", previous=leader.digest, entry=False)
    merge(site, left)
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert (site.item().live_version, text_online(site)) == (2, sha(AMENDED))


def test_a_return_of_an_old_version_from_an_old_branch_leaves_the_later_version_online(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    left = branch(site, leader.commit, files)
    send_back(site, "publish", "publisher-2", previous=leader.digest, version=1, entry=False)
    merge(site, left)
    assert (site.item().state, site.item().live_version, text_online(site)) == ("live", 2, sha(AMENDED))


@pytest.mark.parametrize(("stage", "by"), [("leader", "leader-1"), ("head", "head-fx"), ("publish", "officer-fx")])
def test_attack_a_return_from_an_old_branch_by_someone_who_may_not_takes_nothing_offline(
    site: Story, stage: str, by: str
) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    left = branch(site, leader.commit, files)
    send_back(site, stage, by, previous=leader.digest, entry=False)
    merge(site, left)
    assert text_online(site) == sha(TEXT)


# Policy versions.


def test_a_return_from_an_old_branch_by_someone_who_has_left_takes_nothing_offline(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.sign(NEWS, "publish", "publisher-1")
    site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "publisher-2"}))
    left = branch(site, leader.commit, files)
    send_back(site, "publish", "publisher-2", previous=leader.digest, version=1, entry=False)
    merge(site, left)
    assert text_online(site) == sha(TEXT)


def test_a_return_is_judged_by_its_own_version_the_office_having_been_given_since(site: Story) -> None:
    site.post()
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign_policy(people=site.people(OFFICES | {"head-kpb": ("head@kpb", "leader@county")}))
    send_back(site, "leader", "head-kpb", previous=publicity.digest, version=1)
    assert site.item().state == "returned"


def test_a_return_is_judged_by_its_own_version_the_office_having_been_taken_since(site: Story) -> None:
    site.post(text=TEXT)
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign_policy(people=site.people(OFFICES | {"leader-2": ()}))
    send_back(site, "leader", "leader-2", previous=publicity.digest, version=1, entry=False)
    site.sign(NEWS, "leader", "leader-1", previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == sha(TEXT)


def test_a_return_made_in_office_stays_valid_when_its_signer_leaves(site: Story) -> None:
    site.post(text=TEXT)
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    send_back(site, "leader", "leader-2")
    site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "leader-2"}))
    site.sign(NEWS, "leader", "leader-1", previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == ""


def test_a_return_for_a_stage_that_a_later_policy_no_longer_has_stays_valid(site: Story) -> None:
    site.post()
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    send_back(site, "leader", "leader-1")
    site.sign_policy(workflows=WORKFLOWS.replace("    - {id: leader, title: 分管领导终审, by: leader@unit}\n", ""))
    site.sign(NEWS, "publish", "publisher-1", previous=publicity.digest)
    assert text_online(site) == ""


def test_attack_a_stage_added_later_cannot_return_the_last_sign_off_of_a_complete_chain(site: Story) -> None:
    """Section 8: only a return of a statement "of the chain other than its last" stops it, on whatever branch."""
    site.publish(text=TEXT)
    last = site.signed[-1]
    site.sign_policy(
        workflows=WORKFLOWS.replace(
            "    - {id: publish, title: 发布, by: publisher@info-centre}\n  major",
            "    - {id: publish, title: 发布, by: publisher@info-centre}\n"
            "    - {id: check, title: 校对, by: head@kpb}\n  major",
        )
    )
    left = branch(site, "", site.files)
    send_back(site, "check", "head-kpb", previous=last.digest, version=1, entry=False)
    merge(site, left)
    assert text_online(site) == sha(TEXT)


# The record.


def test_attack_a_return_taken_out_of_the_record_stands_and_is_missed(site: Story) -> None:
    site.post()
    publicity = site.chain(NEWS, *FULL_CHAIN[:3])
    record = site.files[record_of(NEWS)]
    send_back(site, "leader", "leader-1")
    site.files[record_of(NEWS)] = record
    site.sign(NEWS, "leader", "leader-2", previous=publicity.digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == ""
    (dropped,) = found(site.gate(), "sign-off-dropped")
    assert "leader-1" in dropped.message


def test_the_files_of_a_returned_version_may_be_worked_on(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:3])
    send_back(site, "leader", "leader-1")
    site.post(text=AMENDED)
    site.commit()
    assert (site.item().state, codes(site.gate())) == ("draft", ["content-changed"])
