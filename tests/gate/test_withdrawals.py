"""Withdrawals: one entitled signature ends a version and all below; nothing and nobody else takes a page offline."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from story import FULL_CHAIN, NEWS, OFFICES, SignOff, Story, begin, codes, found, sha, text_online

from review.model.paths import POLICY, record_of

OTHER = "content/news/2026-11-20-b.md"
TEXT, AMENDED, LATER = (f"Title: {name}\n\n{name}正文。\n" for name in ("原稿", "改稿", "又改"))
TOMORROW = "2026-11-22T09:00:00+08:00"
AFTER = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def withdraw(site: Story, by: str = "publisher-1", **said: Any) -> SignOff:
    """Sign a withdrawal of the newest version, or of the one named."""
    return site.sign(NEWS, said.pop("stage", "withdraw"), by, decision="withdraw", **said)


def next_version(site: Story, text: str, version: int, **post: str) -> None:
    """Publish a version."""
    site.post(text=text, **post)
    site.chain(NEWS, *FULL_CHAIN, version=version)


# Who may.


@pytest.mark.parametrize("by", ["reviewer-1", "reviewer-2", "leader-1", "leader-2", "publisher-1", "publisher-2"])
def test_an_office_that_the_workflows_name_takes_a_page_offline_alone(site: Story, by: str) -> None:
    site.publish()
    withdraw(site, by)
    assert codes(site.gate()) == []
    assert (site.item().state, site.item().live_version, text_online(site)) == ("withdrawn", 0, "")


@pytest.mark.parametrize("by", ["officer-fx", "head-fx", "officer-mx", "head-kpb", "admin-a"])
def test_attack_nobody_else_takes_a_page_offline(site: Story, by: str) -> None:
    site.publish(text=TEXT)
    withdraw(site, by, entry=False)
    assert (site.item().state, text_online(site)) == ("live", sha(TEXT))


@pytest.mark.parametrize("by", ["officer-fx", "head-kpb", "admin-a"])
def test_a_withdrawal_in_the_record_by_someone_who_may_not_is_not_authorised(site: Story, by: str) -> None:
    """Section 10: not-authorised where "the signer does not hold the stage's office"; the entry is in the record."""
    site.publish()
    withdraw(site, by)
    assert codes(site.gate(), NEWS) == ["not-authorised"]
    assert site.item().live_version == 1


def test_the_leader_of_another_unit_takes_nothing_offline(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"leader-1": ("leader@fx",), "leader-2": ("leader@mx",)}))
    site.publish(text=TEXT)
    withdraw(site, "leader-2", entry=False)
    assert text_online(site) == sha(TEXT)
    withdraw(site, "leader-1")
    assert text_online(site) == ""


@pytest.mark.parametrize("drafter", ["officer-mx", "leader-2"])
def test_attack_another_units_leader_takes_nothing_offline_by_way_of_a_draft_of_their_own(
    tmp_path: Path, drafter: str
) -> None:
    """`@unit` is the submitting unit of what is online; a later version nobody else has signed must not change that."""
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"leader-1": ("leader@fx",), "leader-2": ("leader@mx",)}))
    site.publish(text=TEXT)
    site.post(text=LATER, unit="mx")
    site.sign(NEWS, "draft", drafter, version=2)
    withdraw(site, "leader-2")
    assert (site.item().live_version, text_online(site)) == (1, sha(TEXT))


def taken_over(tmp_path: Path) -> Story:
    """A page of the unit fx, whose second version the unit mx has had signed; each unit has a leader of its own."""
    site = Story(tmp_path / "site")
    site.sign_policy(
        people=site.people(OFFICES | {"leader-1": ("leader@fx",), "leader-2": ("leader@mx",), "head-mx": ("head@mx",)})
    )
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    return site


OF_MX = (("draft", "officer-mx"), ("head", "head-mx"), *FULL_CHAIN[2:3], ("leader", "leader-2"), *FULL_CHAIN[4:])


def test_the_leader_of_the_unit_that_submitted_the_version_may_withdraw_it(tmp_path: Path) -> None:
    """Section 8: `@unit` is the submitting unit, here that of the version that is online."""
    site = taken_over(tmp_path)
    site.chain(NEWS, *FULL_CHAIN[4:])
    site.post(text=AMENDED, unit="mx")
    site.chain(NEWS, *OF_MX, version=2)
    assert text_online(site) == sha(AMENDED)
    withdraw(site, "leader-2")
    assert (site.item().state, text_online(site)) == ("withdrawn", "")


def test_attack_a_withdrawn_page_does_not_come_back_by_completing_an_older_version(tmp_path: Path) -> None:
    """Section 8: a valid withdrawal "ends its version and all below", whatever is signed of these later."""
    site = taken_over(tmp_path)
    leader = site.signed[-1]
    site.post(text=AMENDED, unit="mx")
    site.chain(NEWS, *OF_MX, version=2)
    withdraw(site, "leader-2")
    assert text_online(site) == ""
    site.sign(NEWS, "publish", "publisher-1", version=1, previous=leader.digest, manifest=leader.statement.manifest)
    assert text_online(site) == ""


def test_attack_another_units_leader_ends_no_version_under_review_by_way_of_a_draft_of_their_own(
    tmp_path: Path,
) -> None:
    site = taken_over(tmp_path)
    leader = site.signed[-1]
    site.post(text=LATER, unit="mx")
    site.sign(NEWS, "draft", "officer-mx", version=2)
    withdraw(site, "leader-2")
    site.sign(NEWS, "publish", "publisher-1", version=1, previous=leader.digest, manifest=leader.statement.manifest)
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("stage", ["publish", "publicity", "leader", "withdrawal"])
def test_a_withdrawal_at_any_other_stage_has_no_effect(site: Story, stage: str) -> None:
    site.publish(text=TEXT)
    withdraw(site, "publisher-1", stage=stage)
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("decision", ["approve", "return"])
def test_only_the_decision_to_withdraw_withdraws(site: Story, decision: str) -> None:
    site.publish(text=TEXT)
    site.sign(NEWS, "withdraw", "publisher-1", decision=decision)
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("thief", ["", "officer-fx", "outsider", "publisher-2"])
def test_attack_a_withdrawal_that_its_person_did_not_sign_takes_nothing_offline(site: Story, thief: str) -> None:
    site.publish(text=TEXT)
    if thief:
        withdraw(site, "publisher-1", key=site.key(thief))
    else:
        withdraw(site, "publisher-1", signed=False)
    assert text_online(site) == sha(TEXT)


def test_attack_a_withdrawal_for_another_site_or_item_takes_nothing_offline(site: Story) -> None:
    site.publish(OTHER, text=AMENDED)
    site.publish(text=TEXT)
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", site="sister-site")
    site.sign(OTHER, "withdraw", "publisher-1", decision="withdraw")
    assert text_online(site) == sha(TEXT)
    assert text_online(site, OTHER) == ""


def test_a_withdrawal_on_paper_is_none(site: Story) -> None:
    site.publish(text=TEXT)
    scan = b"%PDF withdraw it"
    digest = hashlib.sha256(scan).hexdigest()
    site.write(f"evidence/{digest}.pdf", scan)
    withdraw(site, "officer-fx", signatory="publisher-1", paper=f"sha256:{digest}")
    withdraw(site, "publisher-1", signatory="officer-fx", paper=f"sha256:{digest}")
    assert text_online(site) == sha(TEXT)


def test_a_policy_cannot_be_withdrawn(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign(POLICY, "withdraw", "publisher-1", decision="withdraw")
    site.sign(POLICY, "withdraw", "admin-a", decision="withdraw")
    report = site.gate()
    assert report.policy is not None
    assert (report.policy.version, text_online(site)) == (1, sha(TEXT))


# What it ends.


def test_a_version_below_never_comes_back(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2)
    withdraw(site)
    assert (site.item().state, site.item().version, text_online(site)) == ("withdrawn", 2, "")


def test_a_version_above_stays_online(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2)
    withdraw(site, version=1)
    assert (site.item().state, site.item().live_version, text_online(site)) == ("live", 2, sha(AMENDED))


def test_a_later_version_is_online_again(site: Story) -> None:
    site.publish(text=TEXT)
    withdraw(site)
    next_version(site, AMENDED, 2)
    assert codes(site.gate()) == []
    assert (site.item().state, site.item().live_version, text_online(site)) == ("live", 2, sha(AMENDED))


def test_a_later_version_under_review_stays_so_while_nothing_is_online(site: Story) -> None:
    site.publish(text=TEXT)
    withdraw(site)
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN[:3], version=2)
    assert (site.item().state, site.item().live_version, text_online(site)) == ("in-review", 0, "")


def test_the_same_version_cannot_be_signed_back_online(site: Story) -> None:
    site.publish(text=TEXT)
    last = site.signed[-1]
    withdraw(site)
    site.sign(NEWS, "publish", "publisher-2", previous=site.signed[-3].digest)
    site.post(text=AMENDED)
    site.sign(NEWS, "draft", "officer-fx", previous="none")
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert last.statement.version == 1
    assert text_online(site) == ""


def test_a_version_withdrawn_while_under_review_never_goes_online(site: Story) -> None:
    site.post()
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    withdraw(site)
    assert site.item().state == "withdrawn"
    site.sign(NEWS, "publish", "publisher-1", previous=leader.digest)
    assert (site.item().state, text_online(site)) == ("withdrawn", "")


def test_withdrawing_the_live_version_leaves_the_scheduled_one_to_its_time(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, planned=TOMORROW)
    withdraw(site, version=1)
    assert (site.item().state, text_online(site)) == ("scheduled", "")
    assert text_online(site, now=AFTER) == sha(AMENDED)


def test_withdrawing_the_scheduled_version_ends_the_live_one_too(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, planned=TOMORROW)
    withdraw(site)
    assert text_online(site) == text_online(site, now=AFTER) == ""


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_several_withdrawals_end_what_the_highest_of_them_ends(site: Story, order: tuple[int, int]) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2)
    for version in order:
        withdraw(site, version=version)
    assert text_online(site) == ""
    next_version(site, LATER, 3)
    assert text_online(site) == sha(LATER)


def test_a_withdrawal_made_on_an_old_branch_counts_once_it_is_merged(site: Story) -> None:
    site.publish(text=TEXT)
    made, files = site.head, dict(site.files)
    site.commit("further work\n")
    trunk = site.head
    site.go(made, files)
    withdraw(site, entry=False)
    side = site.head
    site.go(trunk, files)
    assert text_online(site) == sha(TEXT)
    site.commit("merge\n", parents=(trunk, side))
    assert text_online(site) == ""


# Policy versions.


def test_a_withdrawal_made_in_office_stands_when_its_signer_leaves(site: Story) -> None:
    site.publish(text=TEXT)
    withdraw(site, "publisher-2")
    site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "publisher-2"}))
    assert (site.item().state, text_online(site)) == ("withdrawn", "")


def test_attack_someone_who_has_left_takes_nothing_offline_through_an_old_branch(site: Story) -> None:
    site.publish(text=TEXT)
    old, files = site.head, dict(site.files)
    site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "publisher-2"}))
    trunk, now = site.head, dict(site.files)
    site.go(old, files)
    withdraw(site, "publisher-2", version=1, entry=False)
    side = site.head
    site.go(trunk, now)
    site.commit("merge\n", parents=(trunk, side))
    assert text_online(site) == sha(TEXT)


def test_attack_someone_who_lost_the_office_takes_nothing_offline(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign_policy(people=site.people(OFFICES | {"leader-2": ()}))
    withdraw(site, "leader-2", version=1, entry=False)
    assert text_online(site) == sha(TEXT)


def test_a_withdrawal_is_judged_by_its_own_version_not_by_that_of_the_chain(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign_policy(people=site.people(OFFICES | {"head-kpb": ("head@kpb", "publisher@info-centre")}))
    withdraw(site, "head-kpb", version=1)
    assert text_online(site) == ""


# The record and the files.


def test_attack_a_withdrawal_taken_out_of_the_record_stands_and_is_missed(site: Story) -> None:
    site.publish(text=TEXT)
    record = site.files[record_of(NEWS)]
    withdraw(site)
    site.files[record_of(NEWS)] = record
    site.commit("never happened\n")
    (dropped,) = found(site.gate(), "sign-off-dropped")
    assert "withdraw" in dropped.message
    assert text_online(site) == ""


def test_the_files_of_a_withdrawn_page_may_be_deleted(site: Story) -> None:
    site.publish()
    withdraw(site)
    site.remove(NEWS, record_of(NEWS))
    site.commit()
    assert codes(site.gate()) == []
    assert (site.item().state, text_online(site)) == ("withdrawn", "")


def test_the_post_alone_may_be_deleted_and_its_record_kept(site: Story) -> None:
    site.publish()
    withdraw(site)
    site.remove(NEWS)
    site.commit()
    assert codes(site.gate()) == []
    assert site.item().state == "withdrawn"


def test_the_publication_date_after_a_withdrawal_is_still_that_of_the_first_live_version(site: Story) -> None:
    first = site.publish(text=TEXT)
    withdraw(site)
    next_version(site, AMENDED, 2)
    report = site.gate()
    assert report.live is not None
    (post,) = report.live.posts
    assert (post.published, post.updated) == (first.statement.at, site.signed[-1].statement.at)
