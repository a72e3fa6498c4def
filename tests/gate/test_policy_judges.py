"""Which policy judges a sign-off: whose key counts as of when, and which version a chain as a whole must satisfy."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import (
    COLUMNS,
    FULL_CHAIN,
    NEWS,
    OFFICES,
    WORKFLOWS,
    Key,
    SignOff,
    Story,
    begin,
    codes,
    live,
    sha,
    text_online,
)

from review.formats import statements
from review.model.paths import POLICY

TEXT, LATER = "Title: 原稿\n\n原稿正文。\n", "Title: 又改\n\n又改正文。\n"
Files = dict[str, tuple[str, bytes]]


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def without(*gone: str) -> dict[str, tuple[str, ...]]:
    """Everyone's offices, some people left out."""
    return {who: held for who, held in OFFICES.items() if who not in gone}


def leaves(site: Story, *gone: str) -> SignOff:
    """Have a policy signed without these people."""
    return site.sign_policy(people=site.people(without(*gone)))


def kept(site: Story) -> tuple[str, Files]:
    """Where the story stands."""
    return site.head, dict(site.files)


def merge(site: Story, place: tuple[str, Files], *others: str) -> None:
    """Go somewhere and merge other commits into it."""
    site.go(*place)
    site.commit("merge\n", parents=(place[0], *others))


def finish(site: Story, stages: int) -> None:
    """Sign the stages after the first so many, whatever came in between."""
    for stage, by in FULL_CHAIN[stages:]:
        site.sign(NEWS, stage, by)


# Keys.


@pytest.mark.parametrize("stages", range(1, 6))
def test_a_new_key_does_not_void_what_the_old_one_signed_in_time(site: Story, stages: int) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:stages])
    for _, person in FULL_CHAIN[:stages]:
        del site.keys[person]
    site.sign_policy()
    finish(site, stages)
    assert codes(site.gate()) == []
    assert text_online(site) == sha(TEXT)


def test_an_old_key_signs_nothing_once_another_is_in_force(site: Story) -> None:
    old = site.keys.pop("publisher-1")
    site.sign_policy()
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", key=old)
    assert codes(site.gate(), NEWS) == ["signer-unknown"]
    assert live(site) is None


def test_a_new_key_signs_nothing_before_it_is_in_force(site: Story) -> None:
    new = Key()
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", key=new)
    assert codes(site.gate(), NEWS) == ["signer-unknown"]
    site.keys["publisher-1"] = new
    site.sign_policy()
    assert codes(site.gate(), NEWS) == ["signer-unknown"]
    assert live(site) is None


def test_the_same_statement_signed_again_with_the_new_key_counts(site: Story) -> None:
    new = Key()
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    made = site.sign(NEWS, "publish", "publisher-1", key=new)
    site.keys["publisher-1"] = new
    site.sign_policy()
    site.commit(statements.serialise(made.statement), key=new)
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_attack_a_stolen_old_key_signs_nothing_through_an_old_branch(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    old, stolen = kept(site), site.keys.pop("publisher-1")
    site.sign_policy()
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, "publish", "publisher-1", key=stolen, entry=False)
    merge(site, trunk, site.head)
    assert live(site) is None


def test_attack_a_key_that_changed_hands_signs_nothing_in_its_old_holders_name(site: Story) -> None:
    site.keys["admin-c"], site.keys["publisher-1"] = site.keys["publisher-1"], Key()
    site.sign_policy()
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", key=site.key("admin-c"))
    assert codes(site.gate(), NEWS) == ["signer-mismatch"]
    assert live(site) is None


# Leavers.


def test_what_was_complete_before_someone_left_stays_online(site: Story) -> None:
    site.publish(text=TEXT)
    leaves(site, *(person for _, person in FULL_CHAIN))
    assert codes(site.gate()) == []
    post = live(site)
    assert post is not None
    assert (text_online(site), post.judged_by) == (sha(TEXT), 1)


def test_what_was_complete_stays_online_through_any_number_of_later_versions(site: Story) -> None:
    site.publish(text=TEXT)
    for person in ("officer-fx", "head-fx", "leader-1"):
        leaves(site, person)
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("stages", range(1, 5))
def test_attack_someone_who_has_left_cannot_sign_through_an_old_branch(site: Story, stages: int) -> None:
    stage, gone = FULL_CHAIN[stages]
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:stages])
    old = kept(site)
    leaves(site, gone)
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, stage, gone, entry=False)
    merge(site, trunk, site.head)
    for later, by in FULL_CHAIN[stages + 1 :]:
        site.sign(NEWS, later, by)
    assert live(site) is None


def test_attack_a_whole_chain_on_an_old_branch_without_who_has_left_puts_nothing_online(site: Story) -> None:
    old = kept(site)
    leaves(site, "head-fx")
    trunk = kept(site)
    site.go(*old)
    site.publish()
    side, entered = site.head, {path: file for path, file in site.files.items() if path.startswith("content/")}
    site.go(trunk[0], trunk[1] | entered)
    site.commit("merge\n", parents=(trunk[0], side))
    assert "signer-unknown" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_an_old_branch_merged_before_yet_another_version_stays_too_late(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    old = kept(site)
    leaves(site, "publisher-1")
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, "publish", "publisher-1", entry=False)
    merge(site, trunk, site.head)
    leaves(site, "publisher-1", "officer-mx")
    assert live(site) is None


def test_an_old_branch_merged_before_the_version_is_complete_is_in_time(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    old = kept(site)
    site.write_policy(people=site.people(without("publisher-1")))
    last = site.last(POLICY)
    assert last is not None
    first = site.sign(POLICY, POLICY, "admin-a", version=2, previous=last.digest)
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, "publish", "publisher-1", entry=False)
    merge(site, trunk, site.head)
    site.sign(POLICY, POLICY, "admin-b", version=2, previous=first.digest)
    assert text_online(site) == sha(TEXT)


def test_someone_still_there_may_sign_on_an_old_branch(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    old = kept(site)
    leaves(site, "officer-mx")
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, "publish", "publisher-1")
    side = site.head
    entered = {path: file for path, file in site.files.items() if path.startswith("content/")}
    site.go(trunk[0], trunk[1] | entered)
    site.commit("merge\n", parents=(trunk[0], side))
    assert codes(site.gate()) == []
    post = live(site)
    assert post is not None
    assert (text_online(site), post.judged_by) == (sha(TEXT), 2)


@pytest.mark.parametrize("thief", ["", "outsider", "admin-a"])
def test_attack_a_copy_in_an_old_place_does_not_make_a_late_statement_early(site: Story, thief: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    old = kept(site)
    site.sign_policy(people=site.people(OFFICES | {"publisher-1": ()}))
    late = site.sign(NEWS, "publish", "publisher-1")
    trunk = kept(site)
    site.go(*old)
    site.commit(statements.serialise(late.statement), key=site.key(thief) if thief else None)
    merge(site, trunk, site.head)
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert live(site) is None


# The highest version of a chain judges all of it.


@pytest.mark.parametrize("stages", range(1, 5))
def test_a_chain_under_way_when_someone_loses_the_office_is_judged_by_the_new_policy(site: Story, stages: int) -> None:
    person = FULL_CHAIN[stages - 1][1]
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:stages])
    site.sign_policy(people=site.people(OFFICES | {person: ()}))
    finish(site, stages)
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_a_chain_under_way_is_judged_by_the_new_policy_as_soon_as_one_statement_is_of_it(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign_policy(people=site.people(OFFICES | {"officer-fx": ()}))
    assert site.item().state == "in-review"
    site.sign(NEWS, "leader", "leader-1")
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert site.item().state == "refused"


def test_an_office_that_was_given_later_holds_for_the_whole_chain(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-mx")
    assert codes(site.gate(), NEWS) == ["not-authorised"]
    site.sign_policy(people=site.people(OFFICES | {"officer-mx": ("officer@mx", "officer@fx")}))
    finish(site, 1)
    assert codes(site.gate()) == []
    assert text_online(site) == sha(TEXT)


def test_a_stage_that_was_added_meanwhile_must_be_signed_too(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign_policy(
        workflows=WORKFLOWS.replace(
            "    - {id: publish, title: 发布, by: publisher@info-centre}\n  major",
            "    - {id: check, title: 校对, by: head@kpb}\n"
            "    - {id: publish, title: 发布, by: publisher@info-centre}\n  major",
        )
    )
    site.sign(NEWS, "publish", "publisher-1")
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_a_column_closed_meanwhile_takes_no_more_and_keeps_what_it_has(site: Story) -> None:
    site.publish(text=TEXT)
    other = "content/news/2026-11-20-b.md"
    site.post(other)
    site.chain(other, *FULL_CHAIN[:4])
    site.sign_policy(columns=COLUMNS.replace("open_to: [county, department, institution]", "lead: [kpb]"))
    site.sign(other, "publish", "publisher-1")
    assert "column-not-owned" in codes(site.gate(), other)
    assert (live(site, other), text_online(site)) == (None, sha(TEXT))


def test_a_column_taken_away_keeps_what_was_complete_online(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign_policy(columns=COLUMNS.replace("- id: news\n", "- id: latest\n"))
    assert text_online(site) == sha(TEXT)


def test_a_column_that_only_the_new_policy_knows_takes_a_chain_that_ends_under_it(site: Story) -> None:
    item = "content/latest/a.md"
    site.post(item)
    site.sign(item, "draft", "officer-fx")
    assert "column-unknown" in codes(site.gate(), item)
    site.sign_policy(columns=COLUMNS.replace("- id: news\n", "- id: latest\n"))
    for stage, by in FULL_CHAIN[1:]:
        site.sign(item, stage, by)
    assert codes(site.gate()) == []
    assert live(site, item) is not None


def test_a_chain_begun_and_finished_under_different_site_names_is_one_chain(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:3])
    last = site.last(POLICY)
    assert last is not None
    site.write_policy(columns=COLUMNS.replace("id: test-site", "id: new-name"))
    first = site.sign(POLICY, POLICY, "admin-a", version=2, previous=last.digest, site="new-name")
    site.sign(POLICY, POLICY, "admin-b", version=2, previous=first.digest, site="new-name")
    for stage, by in FULL_CHAIN[3:]:
        site.sign(NEWS, stage, by, site="new-name")
    assert codes(site.gate()) == []
    assert text_online(site) == sha(TEXT)


def test_a_statement_under_the_old_name_counts_no_longer_once_the_site_has_a_new_one(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    last = site.last(POLICY)
    assert last is not None
    site.write_policy(columns=COLUMNS.replace("id: test-site", "id: new-name"))
    first = site.sign(POLICY, POLICY, "admin-a", version=2, previous=last.digest, site="new-name")
    site.sign(POLICY, POLICY, "admin-b", version=2, previous=first.digest, site="new-name")
    site.sign(NEWS, "publish", "publisher-1")
    assert codes(site.gate(), NEWS) == ["signature-invalid"]
    assert live(site) is None


# A complete chain and what is signed after it.


LONGER = WORKFLOWS.replace(
    "    - {id: publish, title: 发布, by: publisher@info-centre}\n  major",
    "    - {id: publish, title: 发布, by: publisher@info-centre}\n"
    "    - {id: check, title: 校对, by: head@kpb, may_amend: yes}\n"
    "    - {id: archive, title: 归档, by: publisher@info-centre}\n  major",
)


@pytest.mark.parametrize("amend", [False, True])
@pytest.mark.parametrize("more", [1, 2])
def test_attack_stages_added_later_take_nothing_over_that_was_complete_before(
    site: Story, more: int, *, amend: bool
) -> None:
    """Section 7: "what was complete before stays published"; the chain of five is there whatever follows it."""
    site.publish(text=TEXT)
    updated = site.signed[-1].statement.at
    site.sign_policy(workflows=LONGER)
    assert text_online(site) == sha(TEXT)
    if amend:
        site.post(text=LATER)
    for stage, by in (("check", "head-kpb"), ("archive", "publisher-2"))[:more]:
        site.sign(NEWS, stage, by, version=1)
    post = live(site)
    assert post is not None
    assert (text_online(site), post.updated, post.judged_by, len(post.chain)) == (sha(TEXT), updated, 1, 5)


def test_a_new_version_under_the_longer_workflow_needs_all_its_stages(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign_policy(workflows=LONGER)
    site.post(text=LATER)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert (site.item().state, text_online(site)) == ("in-review", sha(TEXT))
    site.chain(NEWS, ("check", "head-kpb"), ("archive", "publisher-2"))
    assert (site.item().state, text_online(site)) == ("live", sha(LATER))


@pytest.mark.parametrize(("stage", "by"), [("draft", "officer-fx"), ("publish", "publisher-2"), ("leader", "leader-2")])
@pytest.mark.parametrize("follows", [-1, -2, -4])
def test_attack_an_approval_under_the_new_policy_takes_no_complete_version_offline(
    site: Story, stage: str, by: str, follows: int
) -> None:
    site.publish(text=TEXT)
    target = site.signed[follows].digest
    leaves(site, "head-fx", "leader-1", "publisher-1")
    site.sign(NEWS, stage, by, version=1, previous=target)
    post = live(site)
    assert post is not None
    assert (text_online(site), post.judged_by) == (sha(TEXT), 1)


def test_signing_ones_old_statement_again_under_the_new_policy_changes_nothing(site: Story) -> None:
    site.publish(text=TEXT)
    last = site.signed[-1]
    leaves(site, "head-fx")
    site.commit(statements.serialise(last.statement), key=site.key("publisher-1"))
    post = live(site)
    assert post is not None
    assert (text_online(site), post.judged_by) == (sha(TEXT), 1)
    assert codes(site.gate()) == []


def test_the_live_set_names_the_version_that_judged_each_page_and_gives_every_policy(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    site.publish("content/news/2026-11-20-b.md")
    report = site.gate()
    assert report.live is not None
    assert {post.item[-4]: post.judged_by for post in report.live.posts} == {"a": 1, "b": 2}
    assert sorted(report.live.policies) == [1, 2]


def test_statements_before_and_after_a_version_are_told_apart_by_ancestry_not_by_time(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    leaves(site, "publisher-1")
    site.sign(NEWS, "publish", "publisher-1", at="2026-11-20T10:00:00+08:00")
    assert "signer-unknown" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_the_policy_of_another_chain_than_the_pinned_one_judges_nothing(site: Story) -> None:
    start = kept(site)
    mine = site.sign_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    trunk = kept(site)
    site.go(*start)
    site.write_policy(people=site.people(OFFICES | {"admin-c": ("publisher@info-centre",)}))
    one = site.sign(POLICY, POLICY, "admin-b", version=2, previous=site.signed[1].digest)
    other = site.sign(POLICY, POLICY, "admin-c", version=2, previous=one.digest)
    merge(site, trunk, other.commit)
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4], ("publish", "admin-c"))
    pinned = site.gate(pin=mine.statement.manifest)
    assert "not-authorised" in codes(pinned, NEWS)
    assert live(site, pin=mine.statement.manifest) is None
    assert live(site, pin=other.statement.manifest) is not None
