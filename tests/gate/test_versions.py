"""Versions: which of an item's is online at which instant, since when, and what the report says of the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from story import FULL_CHAIN, NEWS, OFFICES, WORKFLOWS, Story, begin, codes, live, sha, text_online

from review.model.paths import record_of

TEXT, AMENDED, LATER = (f"Title: {name}\n\n{name}正文。\n" for name in ("原稿", "改稿", "又改"))
PLANNED = "2026-11-22T09:00:00+08:00"
EXPIRES = "2026-11-22"


def utc(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, second, tzinfo=dt.UTC)


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def next_version(site: Story, text: str, version: int, stages: int = 5, **post: str) -> None:
    """Write a version and have it signed, as far as said."""
    site.post(text=text, **post)
    site.chain(NEWS, *FULL_CHAIN[:stages], version=version)


# One after the other.


@pytest.mark.parametrize("stages", range(1, 5))
def test_the_live_version_stays_online_at_every_stage_of_the_next(site: Story, stages: int) -> None:
    site.publish(text=TEXT)
    picture = site.attach(NEWS, "new.jpg", b"new")
    next_version(site, AMENDED, 2, stages)
    report = site.item()
    assert report.awaiting is not None
    assert (report.state, report.version, report.live_version) == ("in-review", 2, 1)
    assert report.awaiting.stage == FULL_CHAIN[stages][0]
    post = live(site)
    assert post is not None
    assert [(file.path, file.sha256) for file in post.files] == [(NEWS, sha(TEXT))]
    assert picture not in {file.path for file in post.files}
    assert codes(site.gate()) == []


def test_the_next_version_takes_its_place_with_its_last_sign_off(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2)
    assert codes(site.gate()) == []
    assert (site.item().state, site.item().live_version, text_online(site)) == ("live", 2, sha(AMENDED))


def test_an_older_commit_still_gives_the_version_of_its_time(site: Story) -> None:
    site.publish(text=TEXT)
    then = site.head
    next_version(site, AMENDED, 2)
    assert text_online(site, revision=then) == sha(TEXT)


def test_the_chain_of_the_report_is_the_live_versions_and_else_the_newests(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:2])
    assert [link.stage for link in site.item().chain] == ["draft", "head"]
    site.chain(NEWS, *FULL_CHAIN[2:])
    first = site.signed[-1].digest
    next_version(site, AMENDED, 2, 2)
    assert [link.stage for link in site.item().chain] == [stage for stage, _ in FULL_CHAIN]
    assert site.item().chain[-1].statement == first


def test_version_numbers_may_be_left_out(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 7)
    assert codes(site.gate()) == []
    assert (site.item().version, text_online(site)) == (7, sha(AMENDED))


def test_a_lower_version_completed_after_a_higher_one_is_not_online(site: Story) -> None:
    site.publish(text=TEXT)
    first = site.signed[-1].digest
    next_version(site, LATER, 3)
    site.post(text=AMENDED)
    site.sign(NEWS, "draft", "officer-fx", version=2, previous=first)
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert (site.item().live_version, text_online(site)) == (3, sha(LATER))


def test_a_new_version_may_have_the_same_files_and_renews_the_date(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, TEXT, 2)
    post = live(site)
    assert post is not None
    assert (post.version, post.updated) == (2, site.signed[-1].statement.at)


def test_two_items_do_not_know_of_each_other(site: Story) -> None:
    other = "content/popular-science/activities/b.md"
    site.publish(text=TEXT)
    site.publish(other, text=AMENDED)
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", previous=site.signed[6].digest)
    assert (text_online(site), text_online(site, other)) == ("", sha(AMENDED))


# Times.


def test_a_version_is_scheduled_until_the_very_instant_it_is_planned_for(site: Story) -> None:
    site.publish(text=TEXT, planned=PLANNED)
    assert (site.item().state, site.item().live_version) == ("scheduled", 0)
    assert text_online(site, now=utc(22, 0, 59, 59)) == ""
    assert text_online(site, now=utc(22, 1)) == sha(TEXT)
    assert site.item(now=utc(22, 1)).state == "live"


def test_a_scheduled_version_keeps_the_live_one_until_its_time(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, planned=PLANNED)
    assert (site.item().state, site.item().version, site.item().live_version) == ("scheduled", 2, 1)
    assert text_online(site) == sha(TEXT)
    assert text_online(site, now=utc(23)) == sha(AMENDED)


def test_an_expired_version_goes_offline_at_midnight_where_the_site_is(site: Story) -> None:
    site.publish(text=TEXT, expires=EXPIRES)
    assert text_online(site, now=utc(21, 15, 59, 59)) == sha(TEXT)
    assert text_online(site, now=utc(21, 16)) == ""
    assert (site.item(now=utc(21, 16)).state, site.item(now=utc(21, 16)).live_version) == ("expired", 0)


def test_an_expired_version_never_brings_the_one_before_back(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, expires=EXPIRES)
    assert text_online(site) == sha(AMENDED)
    assert text_online(site, now=utc(23)) == ""


def test_a_version_after_an_expired_one_is_online(site: Story) -> None:
    site.publish(text=TEXT, expires="2026-11-21")
    assert text_online(site) == ""
    next_version(site, AMENDED, 2)
    assert (site.item().state, text_online(site)) == ("live", sha(AMENDED))


def test_a_scheduled_version_does_not_bring_back_what_an_expired_one_replaced(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, expires="2026-11-21")
    next_version(site, LATER, 3, planned=PLANNED)
    assert text_online(site) == ""
    assert text_online(site, now=utc(23)) == sha(LATER)


def test_a_version_under_review_does_not_bring_back_what_has_expired(site: Story) -> None:
    site.publish(text=TEXT, expires="2026-11-21")
    next_version(site, AMENDED, 2, 3)
    assert (site.item().state, site.item().live_version, text_online(site)) == ("in-review", 0, "")


def test_an_expiry_after_the_plan_bounds_the_time_online(site: Story) -> None:
    site.publish(text=TEXT, planned="2026-11-20T09:00:00+08:00", expires=EXPIRES)
    shown = [bool(text_online(site, now=utc(day))) for day in (19, 20, 21, 22)]
    assert shown == [False, False, True, False]


# Dates on the site.


def test_the_publication_date_is_that_of_the_last_sign_off_not_the_authors(site: Story) -> None:
    site.publish(text="Title: 文件\nDate: 2020-01-01\n\n正文。\n", submitted="2019-01-01")
    post = live(site)
    assert post is not None
    assert post.published == post.updated == site.signed[-1].statement.at


def test_a_later_version_keeps_the_publication_date_and_sets_the_update_date(site: Story) -> None:
    first = site.publish(text=TEXT).statement.at
    next_version(site, AMENDED, 2)
    next_version(site, LATER, 3)
    post = live(site)
    assert post is not None
    assert (post.published, post.updated) == (first, site.signed[-1].statement.at)


def test_a_version_that_never_was_complete_gives_no_date(site: Story) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign(NEWS, "leader", "leader-1", decision="return")
    next_version(site, AMENDED, 2)
    post = live(site)
    assert post is not None
    assert post.published == post.updated == site.signed[-1].statement.at


def test_a_version_whose_time_never_came_was_not_the_first_live_one(site: Story) -> None:
    """Section 8: the publication date is that of the "first live version"; this one never was live."""
    site.publish(text=TEXT, planned="2026-12-24T09:00:00+08:00")
    next_version(site, AMENDED, 2)
    post = live(site)
    assert post is not None
    assert post.published == post.updated == site.signed[-1].statement.at


def test_a_version_that_was_online_until_a_later_plan_came_is_still_the_first_live_one(site: Story) -> None:
    """Section 8: the publication date is that of the "first live version", which here was online for three days."""
    first = site.publish(text=TEXT, planned=PLANNED).statement.at
    next_version(site, AMENDED, 2, planned="2026-11-25T09:00:00+08:00")
    for day, text in ((23, TEXT), (26, AMENDED)):
        post = live(site, now=utc(day))
        assert post is not None
        assert (text_online(site, now=utc(day)), post.published) == (sha(text), first)


# Two complete chains of one version.


def test_of_two_complete_chains_of_a_version_the_one_complete_first_stands(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx")
    draft = site.signed[-1].digest
    site.chain(NEWS, *FULL_CHAIN[1:])
    first = live(site)
    site.post(text=AMENDED)
    site.sign(NEWS, "head", "head-fx", previous=draft)
    site.chain(NEWS, *FULL_CHAIN[2:])
    assert live(site) is not None
    assert text_online(site) == sha(TEXT)
    second = live(site)
    assert first is not None
    assert second is not None
    assert (second.chain, second.updated) == (first.chain, first.updated)


def test_a_second_last_sign_off_of_the_same_files_changes_no_date(site: Story) -> None:
    site.publish(text=TEXT)
    leader, last = site.signed[-2], site.signed[-1]
    site.sign(NEWS, "publish", "publisher-2", previous=leader.digest)
    post = live(site)
    assert post is not None
    assert (post.published, post.updated, post.chain[-1].by) == (last.statement.at, last.statement.at, "publisher-1")


def test_of_two_chains_on_two_branches_the_same_one_stands_whichever_is_merged_first(site: Story) -> None:
    site.post(text=TEXT)
    leader = site.chain(NEWS, *FULL_CHAIN[:4])
    files = dict(site.files)
    site.commit("a detour\n")
    site.sign(NEWS, "publish", "publisher-1")
    one, one_files = site.head, dict(site.files)
    site.go(leader.commit, files)
    site.sign(NEWS, "publish", "publisher-2", previous=leader.digest)
    other = site.head
    seen = []
    for parents in ((one, other), (other, one)):
        site.go(one, one_files)
        site.commit("merge\n", parents=parents)
        seen.append(live(site))
    assert seen[0] is not None
    assert seen[0] == seen[1]
    assert text_online(site) == sha(TEXT)


def test_a_chain_that_was_complete_first_stands_though_the_later_one_is_merged_as_a_branch(site: Story) -> None:
    site.post(text=TEXT)
    site.sign(NEWS, "draft", "officer-fx")
    draft = site.signed[-1].digest
    site.chain(NEWS, *FULL_CHAIN[1:])
    trunk, files = site.head, dict(site.files)
    for _ in range(5):
        site.commit("other work\n")
    later, later_files = site.head, dict(site.files)
    site.go(trunk, files)
    site.post(text=AMENDED)
    site.sign(NEWS, "head", "head-fx", previous=draft)
    site.chain(NEWS, *FULL_CHAIN[2:])
    side = site.head
    site.go(later, later_files)
    site.commit("merge\n", parents=(later, side))
    assert text_online(site) == sha(TEXT)


def test_attack_a_last_signer_who_may_amend_cannot_replace_a_complete_version_from_a_root_of_their_own(
    tmp_path: Path,
) -> None:
    """Of two complete chains of a version the one complete first stands; a commit that knows nothing came not first."""
    site = Story(tmp_path / "site")
    site.sign_policy(
        workflows=WORKFLOWS.replace(
            "by: leader@unit}\n    - {id: publish, title: 发布, by: publisher@info-centre}",
            "by: leader@unit}\n    - {id: publish, title: 发布, by: publisher@info-centre, may_amend: yes}",
        )
    )
    site.publish(text=TEXT)
    leader, trunk, files = site.signed[-2], site.head, dict(site.files)
    # A commit without parents has the least depth there can be.
    site.post(text=LATER)
    site.head = ""
    site.sign(NEWS, "publish", "publisher-2", previous=leader.digest, entry=False)
    orphan = site.head
    site.go(trunk, files)
    site.commit("merge\n", parents=(trunk, orphan))
    assert text_online(site) == sha(TEXT)


# States.


def test_a_post_that_nobody_signed_is_a_draft(site: Story) -> None:
    site.post()
    site.commit()
    report = site.item()
    assert report.awaiting is not None
    assert (report.state, report.version, report.live_version, report.chain) == ("draft", 0, 0, ())
    assert (report.awaiting.stage, report.awaiting.people) == ("draft", ("officer-fx",))


def test_files_changed_since_the_last_sign_off_make_a_draft_and_the_live_version_stays(site: Story) -> None:
    site.publish(text=TEXT)
    site.post(text=AMENDED)
    site.commit()
    assert (site.item().state, site.item().version, site.item().live_version) == ("draft", 1, 1)
    assert codes(site.gate()) == ["content-changed"]
    assert text_online(site) == sha(TEXT)


def forged_entry(site: Story) -> None:
    """Put an entry into the record that nobody signed."""
    record = record_of(NEWS)
    last = site.files[record][1].rpartition(b"- stage:")
    site.write(record, site.files[record][1] + last[1] + last[2].replace(b'note: ""', b'note: "forged"'))


def test_a_finding_of_severity_refuse_makes_a_version_under_review_refused(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    forged_entry(site)
    site.commit()
    assert codes(site.gate(), NEWS) == ["signature-missing"]
    assert (site.item().state, site.item().version) == ("refused", 1)


def test_a_finding_of_severity_refuse_leaves_what_is_online_live(site: Story) -> None:
    site.publish(text=TEXT)
    forged_entry(site)
    site.commit()
    assert (site.item().state, site.item().live_version, text_online(site)) == ("live", 1, sha(TEXT))
    assert site.gate().exit_status == 1


def test_a_finding_against_a_version_under_review_leaves_the_live_one_online(site: Story) -> None:
    site.publish(text=TEXT)
    next_version(site, AMENDED, 2, 3)
    forged_entry(site)
    site.commit()
    assert (site.item().state, site.item().version, site.item().live_version) == ("refused", 2, 1)
    assert text_online(site) == sha(TEXT)


def test_an_item_whose_newest_version_is_online_is_not_refused_for_files_that_wait(site: Story) -> None:
    site.publish(text=TEXT)
    site.post(text=AMENDED)
    forged_entry(site)
    site.commit()
    assert (site.item().state, site.item().live_version, text_online(site)) == ("draft", 1, sha(TEXT))


def test_the_summary_counts_the_states(site: Story) -> None:
    site.publish("content/news/1.md")
    site.publish("content/news/2.md", planned=PLANNED)
    site.post("content/news/3.md")
    site.chain("content/news/3.md", *FULL_CHAIN[:2])
    site.post("content/news/4.md")
    site.commit()
    assert site.gate().summary == {"live": 1, "scheduled": 1, "in-review": 1, "draft": 1}


# Attacks on a live version by way of another.


@pytest.mark.parametrize(
    ("by", "header"),
    [
        ("officer-fx", {}), ("officer-mx", {}), ("officer-mx", {"unit": "mx"}), ("admin-a", {}),
        ("officer-fx", {"classified": "yes"}), ("officer-fx", {"expires": "2020-01-01"}),
        ("officer-fx", {"planned": PLANNED}), ("officer-fx", {"kind": "unheard-of"}),
        ("officer-fx", {"unit": "nobody"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", [1, 999_999_999])
def test_attack_a_draft_alone_takes_nothing_offline(site: Story, by: str, header: dict[str, str], version: int) -> None:
    site.publish(text=TEXT)
    site.post(text=LATER, **header)
    site.sign(NEWS, "draft", by, version=version, previous="none" if version == 1 else site.signed[-1].digest)
    assert (site.item().live_version, text_online(site)) == (1, sha(TEXT))


def test_attack_a_draft_of_the_highest_version_does_not_bar_the_way_for_the_next(site: Story) -> None:
    site.publish(text=TEXT)
    site.post(text=LATER)
    site.sign(NEWS, "draft", "officer-mx", version=999_999_999, entry=False)
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert text_online(site) == sha(AMENDED)


@pytest.mark.parametrize("at", range(5))
def test_a_later_version_with_one_link_that_is_refused_leaves_the_live_one_online(site: Story, at: int) -> None:
    site.publish(text=TEXT)
    site.post(text=LATER)
    for number, (stage, by) in enumerate(FULL_CHAIN):
        site.sign(NEWS, stage, "admin-c" if number == at else by, version=2)
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert (site.item().live_version, text_online(site)) == (1, sha(TEXT))


@pytest.mark.parametrize("root", [False, True])
def test_attack_a_later_page_does_not_displace_one_of_the_same_name_by_claiming_to_be_older(
    site: Story, *, root: bool
) -> None:
    """Section 7: "No clock is asked"; neither a time nor a place in the history that a signer chose counts."""
    other = "content/news/2026-11-20-A.md"
    site.publish(text=TEXT)
    site.post(other, text=LATER)
    site.chain(other, *FULL_CHAIN[:4])
    trunk, files = site.head, dict(site.files)
    if root:
        site.head = ""
    site.sign(other, "publish", "publisher-1", at="1999-01-01T00:00:00Z")
    if root:
        last = site.head
        site.go(trunk, files)
        site.commit("merge\n", parents=(trunk, last))
    assert text_online(site) == sha(TEXT)


def test_an_unauthorised_draft_of_a_later_version_is_told_of(site: Story) -> None:
    """Section 10: not-authorised where the signer lacks the office; the entry is of the newest version."""
    site.publish(text=TEXT)
    site.post(text=LATER)
    site.sign(NEWS, "draft", "officer-mx", version=2)
    assert "not-authorised" in codes(site.gate(), NEWS)
    assert (site.item().live_version, text_online(site)) == (1, sha(TEXT))


def test_defects_of_an_older_version_are_not_told_of_once_a_newer_one_is_online(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES))
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:2], ("publicity", "leader-1"))
    assert codes(site.gate(), NEWS) == ["not-authorised"]
    next_version(site, AMENDED, 2)
    assert codes(site.gate(), NEWS) == []
    assert text_online(site) == sha(AMENDED)
