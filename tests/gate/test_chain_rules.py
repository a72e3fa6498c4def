"""Chains: each stage in its turn, by who holds its office, by different people, over the same files."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from pathlib import Path

import pytest
from story import FULL_CHAIN, NEWS, NOW, OFFICES, Story, begin, codes, found, live, sha, text_online

from review.model.paths import record_of

OTHER = "content/news/2026-11-20-b.md"
NOWHERE = "sha256:" + "0" * 64
TEXT, AMENDED, LATER = (f"Title: {name}\n\n{name}正文。\n" for name in ("原稿", "改稿", "又改"))


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def begin_with(path: Path, **offices: tuple[str, ...]) -> Story:
    """A site where some people hold other offices than they usually do."""
    story = Story(path / "site")
    story.sign_policy(people=story.people(OFFICES | {name.replace("_", "-"): held for name, held in offices.items()}))
    return story


# not-authorised.


@pytest.mark.parametrize(
    ("at", "by"),
    [
        (0, "officer-mx"), (0, "head-fx"), (0, "admin-a"),
        (1, "head-kpb"), (1, "officer-mx"), (1, "leader-1"),
        (2, "leader-1"), (2, "admin-a"),
        (3, "publisher-1"), (3, "reviewer-1"),
        (4, "reviewer-2"), (4, "leader-2"), (4, "admin-a"),
    ],
)  # fmt: skip
def test_a_signer_without_the_office_of_the_stage_is_not_authorised(site: Story, at: int, by: str) -> None:
    site.post()
    site.chain(NEWS, *((stage, by if n == at else person) for n, (stage, person) in enumerate(FULL_CHAIN)))
    wrong = found(site.gate(), "not-authorised")
    assert len(wrong) == 1
    assert by in wrong[0].message
    assert (site.item().state, live(site)) == ("refused", None)


def test_who_is_not_authorised_is_told_who_could_have_signed(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2], ("publicity", "leader-1"))
    (wrong,) = found(site.gate(), "not-authorised")
    assert (wrong.severity, wrong.item, wrong.path) == ("refuse", NEWS, record_of(NEWS))
    assert "reviewer-1" in wrong.hint
    assert "reviewer-2" in wrong.hint


def test_everyone_who_holds_the_office_may_sign(site: Story) -> None:
    site.post()
    site.chain(
        NEWS,
        ("draft", "officer-fx"),
        ("head", "head-fx"),
        ("publicity", "reviewer-2"),
        ("leader", "leader-2"),
        ("publish", "publisher-2"),
    )
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_an_office_of_a_group_holds_for_every_unit_of_the_group_and_for_no_other(site: Story) -> None:
    site.post(unit="mx")
    site.sign(NEWS, "draft", "officer-mx")
    site.post(OTHER, unit="kpb")
    site.chain(
        OTHER, ("draft", "officer-kpb"), ("head", "head-kpb"), ("publicity", "reviewer-1"), ("leader", "leader-1")
    )
    assert codes(site.gate(), NEWS) == []
    assert codes(site.gate(), OTHER) == ["not-authorised"]


def test_a_stage_may_name_several_offices_any_of_which_will_do(site: Story) -> None:
    for number, publisher in enumerate(("publisher-1", "officer-fx")):
        item = f"content/news/{number}.md"
        site.post(item, kind="video")
        site.chain(item, ("draft", "officer-fx"), ("publish", publisher))
        assert codes(site.gate(), item) == []
        assert live(site, item) is not None


def test_attack_a_unit_cannot_send_its_own_text_through_under_anothers_name(site: Story) -> None:
    site.post(unit="fx")
    site.chain(NEWS, ("draft", "officer-mx"), *FULL_CHAIN[1:])
    assert found(site.gate(), "not-authorised")
    assert live(site) is None


def test_attack_an_amended_header_cannot_turn_a_strangers_draft_into_ones_own(site: Story) -> None:
    site.post(unit="fx")
    site.sign(NEWS, "draft", "officer-fx")
    site.post(unit="kpb")
    site.chain(
        NEWS, ("head", "head-kpb"), ("publicity", "reviewer-1"), ("leader", "leader-2"), ("publish", "publisher-1")
    )
    assert live(site) is None


def test_a_chain_that_only_its_last_header_breaks_is_not_passed_over_in_silence(site: Story) -> None:
    """Section 8: each link must hold under the header of the last manifest; here the draft does not."""
    site.post(unit="fx")
    site.sign(NEWS, "draft", "officer-fx")
    site.post(unit="kpb")
    site.chain(
        NEWS, ("head", "head-kpb"), ("publicity", "reviewer-1"), ("leader", "leader-2"), ("publish", "publisher-1")
    )
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert site.item().state == "refused"


@pytest.mark.parametrize("follows", [-1, -2, -5])
def test_attack_a_statement_by_someone_without_the_office_takes_nothing_offline(site: Story, follows: int) -> None:
    site.publish()
    before = live(site)
    site.sign(NEWS, "publish", "officer-mx", previous=site.signed[follows].digest)
    assert live(site) == before or text_online(site) == sha("Title: 春季科普讲座\n\n讲座于四月举行，欢迎参加。\n")
    assert site.item().live_version == 1


# same-person.


@pytest.mark.parametrize(
    ("second", "offices"),
    [
        (1, ("officer@fx", "head@fx")),
        (2, ("officer@fx", "reviewer@publicity")),
        (3, ("officer@fx", "leader@county")),
        (4, ("officer@fx", "publisher@info-centre")),
    ],
)
def test_one_person_in_two_stages_is_refused_whatever_offices_they_hold(
    tmp_path: Path, second: int, offices: tuple[str, ...]
) -> None:
    site = begin_with(tmp_path, officer_fx=offices)
    site.post()
    site.chain(
        NEWS, *((stage, "officer-fx" if n == second else person) for n, (stage, person) in enumerate(FULL_CHAIN))
    )
    (same,) = found(site.gate(), "same-person")
    assert "officer-fx" in same.message
    assert (site.item().state, live(site)) == ("refused", None)


def test_a_person_with_two_offices_may_sign_one_of_the_two_stages(tmp_path: Path) -> None:
    site = begin_with(tmp_path, head_fx=("head@fx", "leader@county"))
    site.publish()
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_two_keys_do_not_make_two_people(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    people = site.people(OFFICES | {"officer-fx": ("officer@fx", "head@fx")})
    mine = site.key("officer-fx").public
    site.sign_policy(people=people.replace(mine, f"{mine}, {site.key('second').public}"))
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.sign(NEWS, "head", "officer-fx", key=site.key("second"))
    assert codes(site.gate(), NEWS) == ["same-person"]


def test_where_the_workflow_allows_it_one_person_may_sign_every_stage(site: Story) -> None:
    site.post(kind="video")
    site.chain(NEWS, ("draft", "officer-fx"), ("publish", "officer-fx"))
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_a_stage_that_needs_two_people_takes_no_one_twice_even_where_stages_may_share_people(tmp_path: Path) -> None:
    flow = (
        "workflows:\n  article:\n    title: 图文\n    kinds: [article]\n    groups: [county]\n"
        "    same_person: allowed\n"
        "    stages:\n    - {id: draft, title: 拟稿, by: officer@unit}\n"
        "    - {id: leader, title: 会签, by: leader@unit, needs: 2}\nwithdrawal: {by: leader@unit}\n"
    )
    site = Story(tmp_path / "site")
    site.sign_policy(workflows=flow)
    site.post()
    site.chain(NEWS, ("draft", "officer-fx"), ("leader", "leader-1"), ("leader", "leader-1"))
    assert codes(site.gate(), NEWS) == ["same-person"]
    assert live(site) is None


def test_attack_one_person_with_every_office_cannot_publish_alone(tmp_path: Path) -> None:
    all_of_them = ("officer@fx", "head@fx", "reviewer@publicity", "leader@county", "publisher@info-centre")
    site = begin_with(tmp_path, officer_fx=all_of_them)
    site.post()
    site.chain(NEWS, *((stage, "officer-fx") for stage, _ in FULL_CHAIN))
    assert codes(site.gate(), NEWS) == ["same-person"] * 4
    assert live(site) is None


def test_attack_signing_a_second_stage_afterwards_takes_nothing_offline(tmp_path: Path) -> None:
    site = begin_with(tmp_path, leader_1=("leader@county", "publisher@info-centre"))
    site.publish()
    site.sign(NEWS, "publish", "leader-1", previous=site.signed[-2].digest)
    site.sign(NEWS, "publish", "leader-1", previous=site.signed[-2].digest)
    assert text_online(site)
    assert site.item().live_version == 1


# chain-broken.


@pytest.mark.parametrize("left_out", [1, 2, 3])
def test_a_stage_that_is_skipped_breaks_the_chain(site: Story, left_out: int) -> None:
    site.post()
    site.chain(NEWS, *(link for n, link in enumerate(FULL_CHAIN) if n != left_out))
    assert set(codes(site.gate(), NEWS)) == {"chain-broken"}
    assert (site.item().state, live(site)) == ("refused", None)


def test_a_chain_that_does_not_begin_with_a_draft_is_broken(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert (site.item().state, live(site)) == ("refused", None)


def test_two_stages_in_the_wrong_order_break_the_chain(site: Story) -> None:
    site.post()
    draft, head, publicity, *rest = FULL_CHAIN
    site.chain(NEWS, draft, publicity, head, *rest)
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


@pytest.mark.parametrize("stage", ["proofreading", "policy", "withdraw"])
def test_a_stage_that_the_workflow_does_not_know_breaks_the_chain(site: Story, stage: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2], (stage, "reviewer-1"))
    assert codes(site.gate(), NEWS) == ["chain-broken"]


def test_a_stage_signed_by_more_people_than_it_needs_breaks_the_chain(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3], ("publicity", "reviewer-2"), *FULL_CHAIN[3:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


@pytest.mark.parametrize("previous", ["none", NOWHERE, "older", "other-item"])
def test_a_sign_off_that_does_not_follow_the_one_before_breaks_the_chain(site: Story, previous: str) -> None:
    site.post(OTHER)
    elsewhere = site.chain(OTHER, *FULL_CHAIN[:3]).digest
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    older = site.signed[-2].digest
    site.sign(NEWS, "leader", "leader-1", previous={"older": older, "other-item": elsewhere}.get(previous, previous))
    site.sign(NEWS, "publish", "publisher-1")
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_the_draft_of_the_first_version_follows_nothing(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx", previous=NOWHERE)
    assert codes(site.gate(), NEWS) == ["chain-broken"]
    assert site.item().state == "refused"


def test_the_draft_of_the_first_version_may_not_even_follow_an_earlier_draft(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN)
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


@pytest.mark.parametrize("previous", ["none", NOWHERE, "other-item"])
def test_the_draft_of_a_later_version_must_follow_a_statement_of_the_item(site: Story, previous: str) -> None:
    site.post(OTHER)
    elsewhere = site.sign(OTHER, "draft", "officer-fx").digest
    site.publish()
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx", version=2, previous=elsewhere if previous == "other-item" else previous)
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert site.item().live_version == 1
    assert text_online(site) != sha(TEXT)


@pytest.mark.parametrize("follows", range(1, 6))
def test_the_draft_of_a_later_version_may_follow_any_earlier_statement_of_the_item(site: Story, follows: int) -> None:
    site.publish()
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx", version=2, previous=site.signed[-follows].digest)
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert codes(site.gate(), NEWS) == []
    assert text_online(site) == sha(TEXT)


def test_the_draft_of_a_later_version_may_not_follow_a_statement_that_counts_as_never_made(site: Story) -> None:
    site.publish()
    site.sign(NEWS, "publish", "publisher-2", signed=False)
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert text_online(site) != sha(TEXT)


def test_the_draft_of_a_later_version_may_follow_an_earlier_draft_of_that_version(site: Story) -> None:
    """Section 8: the first statement's `previous` is "the digest of an earlier statement of the item"."""
    site.publish()
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx", version=2)
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN)
    assert "chain-broken" not in codes(site.gate(), NEWS)
    assert text_online(site) == sha(AMENDED)


def test_two_drafts_of_the_first_version_are_two_chains_and_one_may_be_completed(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx")
    site.post(text=AMENDED)
    site.sign(NEWS, "draft", "officer-fx", previous="none")
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert codes(site.gate(), NEWS) == []
    assert text_online(site) == sha(AMENDED)


@pytest.mark.parametrize("at", range(1, 5))
def test_a_sign_off_for_another_version_does_not_continue_the_chain(site: Story, at: int) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:at])
    site.sign(NEWS, *FULL_CHAIN[at], version=2)
    for stage, by in FULL_CHAIN[at + 1 :]:
        site.sign(NEWS, stage, by)
    assert live(site) is None


@pytest.mark.parametrize("decision", ["return", "withdraw"])
def test_a_chain_cannot_follow_a_statement_that_approves_nothing(site: Story, decision: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    site.sign(NEWS, "publicity", "reviewer-1", decision=decision)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


@pytest.mark.parametrize(("at", "stage"), [(2, "publicity"), (3, "leader"), (4, "publish")])
def test_a_stage_that_may_not_amend_and_does_breaks_the_chain(site: Story, at: int, stage: str) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:at])
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN[at:])
    broken = found(site.gate(), "chain-broken")
    assert [stage in one.message for one in broken] == [True]
    assert (site.item().state, live(site)) == ("refused", None)


def test_a_stage_that_signs_the_draft_again_after_an_amendment_breaks_the_chain(site: Story) -> None:
    site.post(text=TEXT)
    draft = site.sign(NEWS, "draft", "officer-fx")
    site.post(text=AMENDED)
    site.sign(NEWS, "head", "head-fx")
    site.sign(NEWS, "publicity", "reviewer-1", manifest=draft.statement.manifest)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_the_last_signer_cannot_put_another_text_online(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.post(text=LATER)
    site.sign(NEWS, "publish", "publisher-1")
    assert live(site) is None


def test_attack_the_last_signer_cannot_replace_what_is_online(site: Story) -> None:
    site.post(text=TEXT)
    site.chain()
    site.post(text=LATER)
    for follows in (-1, -2, -5):
        site.sign(NEWS, "publish", "publisher-1", previous=site.signed[follows].digest)
    assert text_online(site) == sha(TEXT)


@pytest.mark.parametrize("by", ["officer-mx", "publisher-2"])
@pytest.mark.parametrize("stage", ["draft", "head", "publicity", "leader", "publish", "withdraw", "unknown"])
def test_attack_one_more_approval_after_the_last_takes_nothing_offline(site: Story, stage: str, by: str) -> None:
    site.publish(text=TEXT)
    updated = site.signed[-1].statement.at
    site.sign(NEWS, stage, by, entry=False)
    post = live(site)
    assert post is not None
    assert (text_online(site), post.updated, len(post.chain)) == (sha(TEXT), updated, 5)


# content-missing.


def test_signing_files_that_were_never_committed_is_content_missing(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx", manifest=NOWHERE)
    assert "content-missing" in codes(site.gate(), NEWS)
    assert site.item().state == "refused"


def test_a_whole_chain_over_files_that_were_never_committed_is_content_missing(site: Story) -> None:
    site.post()
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, manifest=NOWHERE)
    (missing,) = found(site.gate(), "content-missing")
    assert NOWHERE in missing.message
    assert live(site) is None


def test_an_amendment_whose_files_were_not_committed_is_content_missing(site: Story) -> None:
    """Section 10: "no commit of the chain holds the files of its manifest"; the entry stands in the record."""
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.chain(NEWS, ("head", "head-fx"))
    assert "content-missing" not in codes(site.gate(), NEWS)
    site.signed.pop()
    site.sign(NEWS, "head", "head-fx", manifest=NOWHERE)
    assert "content-missing" in codes(site.gate(), NEWS)


def test_files_that_only_come_after_the_chain_are_not_the_chains(site: Story) -> None:
    site.post(text=TEXT)
    manifest = site.manifest(NEWS)
    site.post(text=AMENDED)
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, manifest=manifest)
    site.post(text=TEXT)
    site.commit()
    assert "content-missing" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_files_that_stood_there_only_before_the_chain_are_not_the_chains(site: Story) -> None:
    site.post(text=TEXT)
    manifest = site.manifest(NEWS)
    site.commit()
    site.post(text=AMENDED)
    for stage, by in FULL_CHAIN:
        site.sign(NEWS, stage, by, manifest=manifest)
    assert "content-missing" in codes(site.gate(), NEWS)
    assert live(site) is None


@pytest.mark.parametrize("holder", range(5))
def test_one_commit_of_the_chain_that_holds_the_files_is_enough(site: Story, holder: int) -> None:
    site.post(text=TEXT)
    manifest = site.manifest(NEWS)
    for number, (stage, by) in enumerate(FULL_CHAIN):
        site.post(text=TEXT if number == holder else AMENDED)
        site.sign(NEWS, stage, by, manifest=manifest)
    assert "content-missing" not in codes(site.gate(), NEWS)
    post = live(site)
    assert post is not None
    assert (text_online(site), post.commit) == (sha(TEXT), site.signed[holder - 5].commit)


def test_files_of_an_amendment_may_stand_in_the_commit_of_an_earlier_link(site: Story) -> None:
    """Section 8: the bytes are "read from the tree of a commit of its chain that has its manifest"."""
    site.post(text=AMENDED)
    amended = site.manifest(NEWS)
    site.sign(NEWS, "draft", "officer-fx", manifest=NOWHERE)
    site.post(text=LATER)
    for stage, by in FULL_CHAIN[1:]:
        site.sign(NEWS, stage, by, manifest=amended)
    assert text_online(site) == sha(AMENDED)


def test_attack_signed_digests_without_files_let_no_files_in_later(site: Story) -> None:
    site.post(text=LATER)
    manifest = site.manifest(NEWS)
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", manifest=manifest)
    site.post(text=LATER)
    site.commit()
    assert live(site) is None


def test_attack_files_in_the_commit_of_the_last_sign_off_do_not_go_online_unsigned(site: Story) -> None:
    site.post(text=TEXT)
    manifest = site.manifest(NEWS)
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.post(text=LATER)
    site.attach(NEWS, "extra.jpg", b"extra")
    site.sign(NEWS, "publish", "publisher-1", manifest=manifest)
    post = live(site)
    assert post is not None
    assert [(file.path, file.sha256) for file in post.files] == [(NEWS, sha(TEXT))]


# time-order.


def test_a_time_before_the_sign_off_that_is_followed_is_worth_a_look_and_no_more(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign(NEWS, "leader", "leader-1", at="2026-11-20T09:00:00+08:00")
    site.sign(NEWS, "publish", "publisher-1")
    (early,) = found(site.gate(), "time-order")
    assert (early.severity, early.item) == ("warn", NEWS)
    assert "leader-1" in early.message
    assert live(site) is not None
    assert site.gate().exit_status == 0


def test_a_time_over_a_day_ahead_is_worth_a_look_and_no_more(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", at=(NOW + dt.timedelta(days=1, seconds=1)).isoformat())
    assert codes(site.gate(), NEWS) == ["time-order"]
    assert live(site) is not None


def test_a_time_exactly_a_day_ahead_is_none_too_late(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", at=(NOW + dt.timedelta(days=1)).isoformat())
    assert codes(site.gate(), NEWS) == []


def test_the_same_time_twice_is_in_order_and_so_is_another_time_zone(site: Story) -> None:
    site.post()
    times = ("10:00:00+08:00", "10:00:00+08:00", "02:30:00Z", "11:30:00+09:00", "02:30:00-00:00")
    for (stage, by), at in zip(FULL_CHAIN, times, strict=True):
        site.sign(NEWS, stage, by, at=f"2026-11-20T{at}")
    assert codes(site.gate(), NEWS) == []


def test_a_wrong_order_of_times_is_seen_while_the_chain_is_under_way(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.sign(NEWS, "head", "head-fx", at="2026-11-19T09:00:00+08:00")
    assert codes(site.gate(), NEWS) == ["time-order"]
    assert site.item().state == "in-review"


def test_attack_a_date_of_long_ago_or_far_ahead_neither_hides_nor_hastens_anything(site: Story) -> None:
    site.post(planned="2026-11-22T09:00:00+08:00")
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", at="2036-11-22T09:00:00+08:00")
    assert live(site) is None
    assert live(site, now=dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)) is not None


# Behaviour: amending, several people, major matters.


def test_the_head_may_amend_and_what_the_head_signed_goes_online(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx")
    site.post(text=AMENDED)
    picture = site.attach(NEWS, "photo.jpg", b"photo")
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert codes(site.gate()) == []
    post = live(site)
    assert post is not None
    assert {file.path: file.sha256 for file in post.files} == {
        NEWS: sha(AMENDED), picture: hashlib.sha256(b"photo").hexdigest(),
    }  # fmt: skip


def test_an_amendment_may_change_the_header_and_with_it_the_workflow(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.post(major="yes")
    site.sign(NEWS, "head", "head-fx")
    assert "chain-broken" in codes(site.gate(), NEWS)
    site.post()
    site.sign(NEWS, "head", "head-fx", previous=site.signed[-2].digest)
    site.chain(NEWS, *FULL_CHAIN[2:])
    post = live(site)
    assert post is not None
    assert not post.header.major


def test_after_the_amending_stage_the_files_must_stay_as_they_are(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx")
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN[1:3])
    site.post(text=LATER)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_files_changed_between_two_stages_wait_and_the_signed_ones_can_still_go_through(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.post(text=AMENDED)
    site.commit()
    assert codes(site.gate(), NEWS) == ["content-changed"]
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert codes(site.gate()) == []
    assert text_online(site) == sha(TEXT)


MAJOR = (("draft", "officer-fx"), ("leader", "leader-1"), ("leader", "leader-2"), ("publish", "publisher-1"))


@pytest.mark.parametrize("swap", [False, True])
def test_a_major_matter_goes_down_its_own_chain_with_two_leaders_in_any_order(site: Story, *, swap: bool) -> None:
    draft, one, two, publish = MAJOR
    site.post(major="yes")
    site.chain(NEWS, draft, *((two, one) if swap else (one, two)), publish)
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_a_stage_that_needs_two_people_waits_for_the_second(site: Story) -> None:
    site.post(major="yes")
    site.chain(NEWS, *MAJOR[:2])
    report = site.item()
    assert report.awaiting is not None
    assert (report.state, report.awaiting.stage, report.awaiting.people) == ("in-review", "leader", ("leader-2",))


def test_a_stage_that_needs_two_people_is_not_passed_with_one(site: Story) -> None:
    site.post(major="yes")
    site.chain(NEWS, *MAJOR[:2], MAJOR[3])
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_a_stage_that_needs_two_people_takes_the_same_person_once(site: Story) -> None:
    site.post(major="yes")
    site.chain(NEWS, *MAJOR[:2], MAJOR[1], MAJOR[3])
    assert "same-person" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_a_major_matter_cannot_take_the_ordinary_chain(site: Story) -> None:
    site.post(major="yes")
    site.chain()
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_an_ordinary_matter_cannot_take_the_chain_for_major_ones(site: Story) -> None:
    site.post()
    site.chain(NEWS, *MAJOR)
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_a_short_chain_for_videos_does_not_publish_an_article(site: Story) -> None:
    site.post(kind="article")
    site.chain(NEWS, ("draft", "officer-fx"), ("publish", "publisher-1"))
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


NESTED = """\
workflows:
  brief:
    title: 简讯
    kinds: [brief]
    groups: [county]
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: head, title: 审, by: head@unit}
  long:
    title: 长文
    kinds: [article]
    groups: [county]
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: head, title: 审, by: head@unit}
    - {id: leader, title: 终审, by: leader@unit, may_amend: yes}
    - {id: publish, title: 发布, by: publisher@info-centre}
withdrawal: {by: publisher@info-centre}
"""


@pytest.mark.parametrize("finished", [False, True])
def test_attack_a_longer_workflow_that_begins_alike_takes_over_nothing_that_is_complete(
    tmp_path: Path, *, finished: bool
) -> None:
    """Section 8: a version is complete when there is a chain; that a longer one begins with it takes nothing away."""
    site = Story(tmp_path / "site")
    site.sign_policy(workflows=NESTED)
    site.post(text=TEXT, kind="brief")
    site.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    assert text_online(site) == sha(TEXT)
    site.post(text=LATER, kind="article")
    site.sign(NEWS, "leader", "leader-1")
    if finished:
        site.sign(NEWS, "publish", "publisher-1")
    assert text_online(site) == sha(TEXT)


def test_attack_a_draft_that_follows_the_newest_link_does_not_undo_a_review(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    leader = site.signed[-1]
    site.sign(NEWS, "draft", "officer-mx", entry=False)
    assert (site.item().state, len(site.item().chain)) == ("in-review", 4)
    site.sign(NEWS, "publish", "publisher-1", previous=leader.digest)
    assert text_online(site) == sha(TEXT)


def seconds(site: Story, *, statements: int) -> float:
    """The time it takes to judge the site after so many more statements, each following the one before."""
    files, manifest = site.files, site.signed[-1].statement.manifest
    site.files = {}
    for _ in range(statements):
        site.sign(NEWS, "publish", "officer-mx", manifest=manifest, entry=False)
    site.files = files
    site.commit()
    taken = []
    for _ in range(2):
        start = time.process_time()
        assert text_online(site) == sha(TEXT)
        taken.append(time.process_time() - start)
    return min(taken)


def test_attack_pointless_statements_cost_time_in_proportion_to_their_number(site: Story) -> None:
    site.publish(text=TEXT)
    some = seconds(site, statements=50)
    assert seconds(site, statements=150) < 8 * some
