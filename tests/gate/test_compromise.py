"""Keys marked as compromised: what such a key signed was never made, at any time, and the gate says what that undoes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from story import (
    COLUMNS,
    FULL_CHAIN,
    NEWS,
    NOW,
    OFFICES,
    Key,
    SignOff,
    Story,
    begin,
    codes,
    found,
    live,
    sha,
    text_online,
)

from review import pipeline
from review.formats import statements
from review.gate.bench import Bench
from review.gate.compromise import Voided, would_return, would_void
from review.gate.versions import tell
from review.model.paths import POLICY, record_of
from review.model.reports import Report

TEXT, LATER = "Title: 原稿\n\n原稿正文。\n", "Title: 又改\n\n又改正文。\n"
SHORT = (("draft", "officer-fx"), ("publish", "publisher-1"))
Files = dict[str, tuple[str, bytes]]
Answer = TypeVar("Answer")


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def marking(site: Story, *persons: str, offices: dict[str, tuple[str, ...]] | None = None) -> tuple[str, list[Key]]:
    """Return people.yaml with new keys for these people, their old ones marked, and the old keys."""
    old = [site.keys.pop(person) for person in persons]
    text = site.people(offices)
    for person, key in zip(persons, old, strict=True):
        new = site.key(person).public
        text = text.replace(f"keys: [{new}]", f"keys: [{new}, {{key: {key.public}, compromised: yes}}]")
    return text, old


def mark(site: Story, *persons: str, signers: tuple[str, ...] = ("admin-a", "admin-b")) -> list[Key]:
    """Have a policy signed that marks the keys of these people, and return those keys."""
    text, old = marking(site, *persons)
    site.sign_policy(*signers, people=text)
    return old


def kept(site: Story) -> tuple[str, Files]:
    """Where the story stands."""
    return site.head, dict(site.files)


def merge(site: Story, place: tuple[str, Files], *others: str) -> None:
    """Go somewhere and merge other commits into it."""
    site.go(*place)
    site.commit("merge\n", parents=(place[0], *others))


def sign(story: Story, admin: str, number: int, after: SignOff | None, **said: Any) -> SignOff:
    """Have an administrator sign the policy files as they stand."""
    fields: dict[str, Any] = {"version": number, "previous": after.digest if after else "none"}
    return story.sign(POLICY, POLICY, admin, **(fields | said))


def ends(site: Story) -> SignOff:
    """The newest statement about the policy."""
    last = site.last(POLICY)
    assert last is not None
    return last


def asked(site: Story, question: Callable[[Bench], Answer]) -> Answer:
    """Ask something of the bench that judges the head."""
    options = pipeline.GateOptions(now=NOW, pin=site.pin)
    with pipeline.judged(site.path, site.head, options) as session:
        return question(pipeline.bench_of(session, options))


def marks(site: Story) -> frozenset[str]:
    """The keys that are marked."""
    return asked(site, lambda bench: bench.compromised)


def version(report: Report) -> int:
    """The number of the policy version in force, 0 where none is."""
    return report.policy.version if report.policy else 0


def holds(report: Report, item: str = NEWS) -> list[str]:
    """What is said of the item's compromised sign-offs; nothing else may be said of it."""
    assert set(codes(report, item)) <= {"key-compromised"}, report.findings
    assert report.exit_status == 0
    return [one.message for one in found(report, "key-compromised") if one.item == item]


# What goes offline, and what is awaited.


@pytest.mark.parametrize("stage", range(5))
def test_a_page_goes_offline_where_a_key_of_its_chain_is_marked(site: Story, stage: int) -> None:
    site.publish(text=TEXT)
    mark(site, FULL_CHAIN[stage][1])
    report = site.gate()
    (item,) = report.items
    assert live(site) is None
    assert (item.state, item.version) == (("draft", 0) if stage == 0 else ("in-review", 1))
    assert item.awaiting is not None
    assert (item.awaiting.stage, item.awaiting.people[0]) == FULL_CHAIN[stage]
    assert [link.stage for link in item.chain] == [name for name, _ in FULL_CHAIN[:stage]]
    assert any("is not online any more" in said for said in holds(report))


@pytest.mark.parametrize("stage", range(5))
def test_once_it_is_signed_again_it_is_online_and_nothing_is_left_to_say(site: Story, stage: int) -> None:
    site.publish(text=TEXT)
    links = [one for one in site.signed if one.statement.item == NEWS]
    mark(site, FULL_CHAIN[stage][1])
    last = links[stage - 1] if stage else links[-1]
    for number, (name, by) in enumerate(FULL_CHAIN[stage:]):
        assert live(site) is None
        said: dict[str, Any] = {"version": 2} if stage == 0 else {}
        last = site.sign(NEWS, name, by, previous=last.digest, **said)
        assert site.gate().exit_status == 0, number
    assert codes(site.gate()) == []
    assert text_online(site) == sha(TEXT)


def test_a_post_that_only_a_marked_key_handed_in_is_a_draft_again(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    mark(site, "officer-fx")
    report = site.gate()
    (item,) = report.items
    assert (item.state, item.version, item.chain) == ("draft", 0, ())
    assert item.awaiting is not None
    assert (item.awaiting.stage, item.awaiting.people) == ("draft", ("officer-fx",))
    (said,) = holds(report)
    assert "officer-fx signed draft of version 1" in said
    site.sign(NEWS, "draft", "officer-fx", version=1, previous="none")
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert codes(site.gate()) == []
    assert live(site) is not None


def test_the_finding_names_the_key_the_person_the_version_that_marks_it_and_the_next_step(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    (old,) = mark(site, "reviewer-1")
    (one,) = found(site.gate(), "key-compromised")
    assert (one.item, one.severity, one.path) == (NEWS, "hold", record_of(NEWS))
    assert old.fingerprint in one.message
    assert "reviewer-1 signed publicity" in one.message
    assert "policy version 2 marks" in one.message
    assert one.hint.endswith(f"qianfa approve {NEWS}")


def test_what_went_offline_is_told_with_its_version_the_sign_offs_and_who_signs_again(site: Story) -> None:
    site.publish()
    mark(site, "reviewer-1", "publisher-1")
    (one,) = [one for one in found(site.gate(), "key-compromised") if one.path == NEWS]
    assert "version 1 is not online any more" in one.message
    assert one.message.endswith("publicity (reviewer-1), publish (publisher-1)")
    assert one.hint == f"reviewer-1, leader-1, publisher-1 sign again, beginning with: qianfa approve {NEWS}"
    mark(site, "officer-fx")
    (one,) = [one for one in found(site.gate(), "key-compromised") if one.path == NEWS]
    assert one.hint.endswith(f"publisher-1 sign again, beginning with: qianfa submit {NEWS}")


def test_pages_whose_chains_the_key_did_not_sign_stay_as_they_are(site: Story) -> None:
    other = site.publish("content/news/other.md").statement.item
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4], ("publish", "publisher-2"))
    before = site.item(NEWS)
    mark(site, "publisher-1")
    assert site.item(NEWS) == before
    assert live(site, other) is None


def test_a_site_without_marks_tells_every_story_once(site: Story) -> None:
    site.publish()
    assert marks(site) == frozenset()
    assert asked(site, lambda bench: tell(NEWS, bench).unmarked) is None


def test_a_mark_that_the_administrators_have_not_signed_changes_nothing(site: Story) -> None:
    site.publish()
    text, _ = marking(site, "publisher-1")
    site.write_policy(people=text)
    site.commit()
    assert codes(site.gate()) == ["policy-unsigned"]
    sign(site, "admin-a", 2, ends(site))
    assert live(site) is not None


def test_a_page_that_waits_for_its_day_will_not_go_online(site: Story) -> None:
    site.publish(planned="2026-12-01T09:00:00+08:00")
    mark(site, "leader-1")
    assert any("version 1 will not go online" in said for said in holds(site.gate()))
    assert live(site, now=NOW.replace(year=2027)) is None


def test_a_page_that_was_over_is_told_of_as_well(site: Story) -> None:
    site.publish(expires="2026-11-21")
    assert site.item().state == "expired"
    mark(site, "leader-1")
    assert any("version 1 is not signed through any more" in said for said in holds(site.gate()))


def test_a_page_whose_files_are_gone_is_reported_and_refused_by_nobody(site: Story) -> None:
    site.publish()
    site.remove(NEWS)
    mark(site, "officer-fx")
    report = site.gate()
    assert [(item.item, item.state) for item in report.items] == [(NEWS, "draft")]
    holds(report)
    site.remove(record_of(NEWS))
    site.commit()
    assert [item.item for item in site.gate().items] == [NEWS]


def test_a_record_without_the_void_entries_is_honest_as_well(site: Story) -> None:
    site.publish()
    mark(site, "publisher-1")
    mode, data = site.files[record_of(NEWS)]
    site.write(record_of(NEWS), data[: data.rindex(b"- stage")], mode)
    site.commit()
    report = site.gate()
    assert "sign-off-dropped" not in codes(report)
    holds(report)


# Versions after one another.


def test_a_version_of_other_people_stands_though_the_one_before_is_void(site: Story) -> None:
    """Who made the statement that a draft follows says nothing of who signed the draft."""
    site.publish(text=TEXT)
    site.post(text=LATER)
    chain = (("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-2"), ("leader", "leader-2"))
    site.chain(NEWS, *chain, ("publish", "publisher-2"), version=2)
    mark(site, "publisher-1", "reviewer-1")
    assert codes(site.gate()) == []
    assert text_online(site) == sha(LATER)


def test_the_version_before_is_online_again_where_the_newest_is_void_and_that_is_told(site: Story) -> None:
    site.publish(text=TEXT)
    site.post(text=LATER)
    site.chain(NEWS, *FULL_CHAIN[:4], ("publish", "publisher-2"), version=2)
    mark(site, "publisher-2")
    report = site.gate()
    assert any("version 2 is not online any more, and version 1 is instead" in said for said in holds(report))
    assert text_online(site) == sha(TEXT)
    (item,) = report.items
    assert (item.state, item.version, item.live_version) == ("in-review", 2, 1)


def test_nothing_is_told_of_a_void_version_that_a_later_one_has_overtaken(site: Story) -> None:
    site.publish(text=TEXT)
    mark(site, "publisher-1")
    site.post(text=LATER)
    site.chain(NEWS, version=2)
    assert codes(site.gate()) == []
    assert text_online(site) == sha(LATER)


def test_while_the_next_version_is_under_review_the_gate_says_why_the_page_is_offline(site: Story) -> None:
    site.publish(text=TEXT)
    mark(site, "publisher-1")
    site.post(text=LATER)
    site.chain(NEWS, *FULL_CHAIN[:2], version=2)
    (said,) = holds(site.gate())
    assert said.startswith("version 1 is not online any more")


def test_a_version_under_review_goes_back_to_the_stage_that_is_void(site: Story) -> None:
    site.post()
    made = site.chain(NEWS, *FULL_CHAIN[:4])
    assert site.item().awaiting == site.item().awaiting
    mark(site, "head-fx")
    item = site.item()
    assert (item.state, item.awaiting and item.awaiting.stage) == ("in-review", "head")
    site.sign(NEWS, "publish", "publisher-1", previous=made.digest)
    assert live(site) is None
    holds(site.gate())


# Taking back and taking off.


def test_what_a_marked_key_withdrew_is_online_again_and_that_is_told(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign(NEWS, "withdraw", "reviewer-2", decision="withdraw", note="撤")
    assert live(site) is None
    mark(site, "reviewer-2")
    report = site.gate()
    assert text_online(site) == sha(TEXT)
    (one,) = [one for one in report.findings if "is online again" in one.message]
    assert "the withdrawal by reviewer-2" in one.message
    assert f"qianfa withdraw {NEWS}" in one.hint
    holds(report)
    site.sign(NEWS, "withdraw", "reviewer-2", decision="withdraw", note="撤")
    assert codes(site.gate()) == []
    assert live(site) is None


@pytest.mark.parametrize("persons", [("officer-fx",), ("publisher-1",), tuple(person for _, person in FULL_CHAIN)])
def test_what_another_key_withdrew_stays_off(site: Story, persons: tuple[str, ...]) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "reviewer-2", decision="withdraw", note="撤")
    mark(site, *persons)
    item = site.item()
    assert (item.state, item.live_version) == ("withdrawn", 0)
    assert codes(site.gate()) == []


def test_a_withdrawal_of_a_version_that_is_wholly_void_still_ends_those_below(site: Story) -> None:
    site.post(text=TEXT, kind="video")
    site.chain(NEWS, ("draft", "officer-fx"), ("publish", "publisher-1"))
    site.post(text=LATER, kind="video")
    site.chain(NEWS, ("draft", "publisher-2"), ("publish", "publisher-2"), version=2)
    item = "content/news/b.md"
    site.post(item, kind="video")
    site.chain(item, *SHORT)
    site.post(item, text=LATER, kind="video")
    site.chain(item, ("draft", "officer-fx"), ("publish", "officer-fx"), version=2)
    assert text_online(site, item) == sha(LATER)
    site.sign(item, "withdraw", "publisher-2", decision="withdraw", note="撤")
    mark(site, "officer-fx")
    assert live(site, item) is None


def test_a_return_by_a_marked_key_counts_as_never_made(site: Story) -> None:
    site.post()
    made = site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign(NEWS, "leader", "leader-1", decision="return", note="改")
    assert site.item().state == "returned"
    mark(site, "leader-1")
    item = site.item()
    assert (item.state, item.awaiting and item.awaiting.stage) == ("in-review", "leader")
    holds(site.gate())
    site.sign(NEWS, "leader", "leader-1", previous=made.digest)
    site.chain(NEWS, FULL_CHAIN[4])
    assert codes(site.gate()) == []


# Which signature counts.


def test_a_copy_of_the_same_statement_with_another_key_of_the_person_counts(site: Story) -> None:
    second = Key()
    text = site.people().replace(site.key("publisher-1").public, f"{site.key('publisher-1').public}, {second.public}")
    site.sign_policy(people=text)
    made = site.publish()
    site.commit(statements.serialise(made.statement), key=second)
    lost = site.key("publisher-1")
    site.sign_policy(people=text.replace(lost.public, f"{{key: {lost.public}, compromised: yes}}"))
    assert codes(site.gate()) == []
    post = live(site)
    assert post is not None
    assert post.chain[-1].key == second.fingerprint


@pytest.mark.parametrize("copy", ["unsigned", "outsider", "officer-fx"])
def test_attack_a_copy_by_somebody_else_makes_no_forgery_of_it(site: Story, copy: str) -> None:
    made = site.publish()
    mark(site, "publisher-1")
    site.commit(statements.serialise(made.statement), key=None if copy == "unsigned" else site.key(copy))
    holds(site.gate())
    assert live(site) is None


def test_a_statement_for_another_site_is_still_refused(site: Story) -> None:
    site.post()
    site.sign(NEWS, "draft", "officer-fx", site="sister-site")
    mark(site, "officer-fx")
    assert "signature-invalid" in codes(site.gate(), NEWS)


def test_a_sign_off_that_is_wrong_anyway_is_still_refused(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    site.sign(NEWS, "publicity", "reviewer-1", key=site.key("publisher-1"))
    mark(site, "publisher-1")
    assert "signer-mismatch" in codes(site.gate(), NEWS)


@pytest.mark.parametrize("spelling", ["bare", "comment", "unmarked-mapping"])
def test_only_the_key_itself_listed_without_the_mark_takes_the_mark_back(site: Story, spelling: str) -> None:
    site.publish(text=TEXT)
    (old,) = mark(site, "publisher-1")
    assert live(site) is None
    entry = {
        "bare": old.public,
        "comment": f"{old.public} found again",
        "unmarked-mapping": f"{{key: {old.public}, compromised: no}}",
    }[spelling]
    new = site.key("publisher-1").public
    site.sign_policy(people=site.people().replace(f"keys: [{new}]", f"keys: [{new}, {entry}]"))
    assert marks(site) == frozenset()
    assert text_online(site) == sha(TEXT)
    assert codes(site.gate()) == []


def test_what_a_marked_key_signed_while_it_was_marked_does_not_count_when_the_mark_is_taken_back(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    (old,) = mark(site, "publisher-1")
    site.sign(NEWS, "publish", "publisher-1", key=old)
    new = site.key("publisher-1").public
    site.sign_policy(people=site.people().replace(f"keys: [{new}]", f"keys: [{new}, {old.public}]"))
    assert live(site) is None
    holds(site.gate())


def test_a_mark_taken_back_brings_nothing_back_over_what_came_after(site: Story) -> None:
    site.publish(text=TEXT)
    (old,) = mark(site, "officer-fx")
    site.post(text=LATER)
    site.chain(NEWS, version=2)
    new = site.key("officer-fx").public
    site.sign_policy(people=site.people().replace(f"keys: [{new}]", f"keys: [{new}, {old.public}]"))
    assert text_online(site) == sha(LATER)
    assert codes(site.gate()) == []


# Attacks on what is online.


@pytest.mark.parametrize("entry", [True, False])
def test_attack_the_thief_signs_after_the_mark(site: Story, *, entry: bool) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    (old,) = mark(site, "publisher-1")
    site.sign(NEWS, "publish", "publisher-1", key=old, entry=entry)
    assert live(site) is None
    assert len(holds(site.gate())) == entry


def test_what_the_thief_writes_into_the_record_of_a_page_that_is_online_is_told_until_it_is_taken_out(
    site: Story,
) -> None:
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4], ("publish", "publisher-2"))
    before = dict(site.files)
    (old,) = mark(site, "publisher-1")
    site.sign(NEWS, "publish", "publisher-1", key=old)
    (said,) = holds(site.gate())
    assert "publisher-1 signed publish" in said
    assert text_online(site) == sha(TEXT)
    assert "find out who has the key" in found(site.gate(), "key-compromised")[0].hint
    site.write(record_of(NEWS), before[record_of(NEWS)][1])
    site.commit()
    assert codes(site.gate()) == []


@pytest.mark.parametrize("back", ["2020-01-01T00:00:00+08:00", "2026-11-20T11:00:00+08:00"])
def test_attack_the_thief_signs_on_a_branch_from_before_the_mark_and_dates_it_back(site: Story, back: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    old_place = kept(site)
    (old,) = mark(site, "publisher-1")
    trunk = kept(site)
    site.go(*old_place)
    site.clock = site.clock.replace(year=2020)
    site.sign(NEWS, "publish", "publisher-1", key=old, at=back)
    merge(site, trunk, site.head)
    assert live(site) is None
    holds(site.gate())


def test_attack_the_thief_signed_on_a_branch_before_the_mark_and_it_is_merged_before(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    site.sign(NEWS, "publish", "publisher-1", entry=False)
    assert live(site) is not None
    mark(site, "publisher-1")
    assert live(site) is None


@pytest.mark.parametrize("gone", ["key", "person"])
def test_attack_a_mark_stays_though_a_later_version_leaves_the_key_or_the_person_out(site: Story, gone: str) -> None:
    site.publish()
    (old,) = mark(site, "publisher-1")
    left = {who: held for who, held in OFFICES.items() if who != "publisher-1"}
    site.sign_policy(people=site.people(OFFICES if gone == "key" else left))
    assert live(site) is None
    holds(site.gate())
    item = site.post("content/news/b.md")
    site.chain(item, *FULL_CHAIN[:4])
    site.sign(item, "publish", "publisher-1", key=old)
    assert live(site, item) is None


@pytest.mark.parametrize("decision", ["withdraw", "return"])
def test_attack_the_thief_takes_nothing_back_or_off_after_the_mark(site: Story, decision: str) -> None:
    site.publish(text=TEXT)
    site.post("content/news/b.md")
    site.chain("content/news/b.md", *FULL_CHAIN[:2])
    (old,) = mark(site, "reviewer-2")
    stage = "withdraw" if decision == "withdraw" else "publicity"
    for item in (NEWS, "content/news/b.md"):
        site.sign(item, stage, "reviewer-2", decision=decision, note="x", key=old)
    assert text_online(site) == sha(TEXT)
    assert site.item("content/news/b.md").state == "in-review"
    assert site.gate().exit_status == 0


def test_attack_the_owner_of_a_good_key_revives_nothing_by_following_a_void_sign_off(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    void = site.signed[-1]
    mark(site, "reviewer-1")
    site.sign(
        NEWS, "publish", "publisher-1", previous=site.sign(NEWS, "leader", "leader-1", previous=void.digest).digest
    )
    assert live(site) is None
    assert site.item().awaiting is not None
    assert [link.stage for link in site.item().chain] == ["draft", "head"]


def test_attack_a_chain_that_skips_the_void_stage_is_refused_as_ever(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    head = site.signed[-2]
    mark(site, "reviewer-1")
    site.sign(NEWS, "leader", "leader-1", previous=head.digest)
    assert "chain-broken" in codes(site.gate(), NEWS)
    assert live(site) is None


def test_attack_the_key_of_another_spelling_is_the_same_key(site: Story) -> None:
    site.publish()
    old = site.keys.pop("publisher-1")
    new = site.key("publisher-1").public
    marked = f"keys: [{new}, {{key: {old.public} some comment, compromised: yes}}]"
    site.sign_policy(people=site.people().replace(f"keys: [{new}]", marked))
    assert live(site) is None


def test_attack_a_key_once_marked_and_once_not_makes_no_policy(site: Story) -> None:
    site.publish()
    key = site.key("publisher-1").public
    both = f"keys: [{key}, {{key: {key} again, compromised: yes}}]"
    site.sign_policy(people=site.people().replace(f"keys: [{key}]", both))
    report = site.gate()
    assert "policy-invalid" in codes(report)
    assert (version(report), live(site) is not None) == (1, True)


# Administrators.


def test_the_others_mark_a_lost_key_of_an_administrator_and_the_versions_before_stay(site: Story) -> None:
    site.publish(text=TEXT)
    mark(site, "admin-a", signers=("admin-b", "admin-c"))
    report = site.gate()
    assert codes(report) == []
    assert (version(report), text_online(site)) == (2, sha(TEXT))
    site.sign_policy("admin-a", "admin-b", columns=COLUMNS.replace("工作动态", "要闻"))
    assert version(site.gate()) == 3


@pytest.mark.parametrize(
    ("signers", "complete"),
    [
        (("admin-a", "admin-b"), False),
        (("admin-b", "admin-a"), False),
        (("admin-a", "admin-b", "admin-c"), True),
        (("admin-b", "admin-a", "admin-c"), True),
        (("admin-b", "admin-c", "admin-a"), True),
    ],
)
def test_the_version_that_marks_a_key_is_complete_without_it(
    site: Story, signers: tuple[str, ...], *, complete: bool
) -> None:
    """The statement of the marked key may stand among the others'; it counts for nobody."""
    site.publish()
    last = ends(site)
    text, (old,) = marking(site, "admin-a")
    site.write_policy(people=text)
    for admin in signers:
        made = sign(site, admin, 2, last, key=old if admin == "admin-a" else None)
        last = made if admin != signers[-1] or admin != "admin-a" else last
    report = site.gate()
    assert version(report) == (2 if complete else 1)
    assert codes(report) == ([] if complete else ["policy-unsigned"])
    if complete:
        site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"))
        sign(site, "admin-c", 3, sign(site, "admin-a", 3, last))
        assert version(site.gate()) == 3


def test_the_owner_of_a_marked_key_signs_the_marking_version_with_the_new_one_for_its_own_rules(site: Story) -> None:
    """The new key is none of the version before, so two others are needed there."""
    last = ends(site)
    text, _ = marking(site, "admin-a")
    site.write_policy(people=text)
    last = sign(site, "admin-b", 2, sign(site, "admin-a", 2, last))
    assert version(site.gate()) == 1
    sign(site, "admin-c", 2, last)
    assert version(site.gate()) == 2


def test_a_statement_that_good_and_marked_keys_of_an_administrator_signed_counts_by_the_good_one(site: Story) -> None:
    second = Key()
    first = site.key("admin-a")
    site.sign_policy(people=site.people().replace(first.public, f"{first.public}, {second.public}"))
    last = ends(site)
    text = site.people().replace(first.public, f"{{key: {first.public}, compromised: yes}}, {second.public}")
    site.write_policy(people=text)
    last = sign(site, "admin-a", 3, last)
    site.commit(statements.serialise(last.statement), key=second)
    sign(site, "admin-b", 3, last)
    assert version(site.gate()) == 3


def test_who_is_still_to_sign_leaves_the_marked_signature_out(site: Story) -> None:
    text, (old,) = marking(site, "admin-a")
    site.write_policy(people=text)
    sign(site, "admin-a", 2, ends(site), key=old)
    (waits,) = found(site.gate(), "policy-unsigned")
    assert "2 of admin-a, admin-b, admin-c" in waits.hint


@pytest.mark.parametrize("order", [("admin-a", "admin-b"), ("admin-b", "admin-a")])
def test_attack_a_marked_administrators_key_completes_nothing_afterwards(site: Story, order: tuple[str, ...]) -> None:
    (old,) = mark(site, "admin-a", signers=("admin-b", "admin-c"))
    last = ends(site)
    site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    for admin in order:
        last = sign(site, admin, 3, last, key=old if admin == "admin-a" else None)
    report = site.gate()
    assert version(report) == 2
    assert report.exit_status == 0


@pytest.mark.parametrize("gone", ["key", "person"])
def test_attack_a_marked_administrators_key_stays_out_though_later_versions_drop_it(site: Story, gone: str) -> None:
    (old,) = mark(site, "admin-a", signers=("admin-b", "admin-c"))
    left = {who: held for who, held in OFFICES.items() if who != "admin-a"}
    people = site.people() if gone == "key" else site.people(left, administrators="admin-b, admin-c")
    site.sign_policy("admin-b", "admin-c", people=people)
    assert marks(site) == frozenset({old.fingerprint})
    last = ends(site)
    site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    sign(site, "admin-b", 4, sign(site, "admin-a", 4, last, key=old))
    assert version(site.gate()) == 3


def test_attack_a_marked_key_does_not_help_to_take_its_own_mark_back(site: Story) -> None:
    (old,) = mark(site, "admin-a", signers=("admin-b", "admin-c"))
    site.sign_policy("admin-b", "admin-c")
    last = ends(site)
    new = site.key("admin-a").public
    site.write_policy(people=site.people().replace(f"keys: [{new}]", f"keys: [{old.public}]"))
    last = sign(site, "admin-b", 4, sign(site, "admin-a", 4, last, key=old))
    assert version(site.gate()) == 3
    sign(site, "admin-c", 4, ends(site), previous=site.signed[-3].digest)
    assert version(site.gate()) == 3


def test_attack_half_a_version_that_waits_on_an_old_branch_is_completed_by_the_thief(site: Story) -> None:
    """One honest signature and a stolen key make another continuation: nothing is in force until the pin says which."""
    site.publish()
    start, last = kept(site), ends(site)
    site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    half = sign(site, "admin-b", 2, last)
    branch = kept(site)
    site.go(*start)
    text, (old,) = marking(site, "admin-a")
    site.write_policy(people=text)
    good = sign(site, "admin-c", 2, sign(site, "admin-b", 2, last))
    assert codes(site.gate()) == []
    trunk = kept(site)
    site.go(*branch)
    rival = sign(site, "admin-a", 2, half, key=old, entry=False)
    merge(site, trunk, rival.commit)
    assert codes(site.gate()) == ["policy-fork"]
    report = site.gate(pin=good.statement.manifest)
    assert (version(report), report.policy and report.policy.manifest) == (2, good.statement.manifest)
    assert live(site, pin=good.statement.manifest) is not None


def test_attack_the_thief_of_an_only_administrators_key_forks_and_the_pin_says_which(tmp_path: Path) -> None:
    site = begin(tmp_path / "site", needs=1)
    site.publish()
    first, before = ends(site), site.people()
    text, (old,) = marking(site, "admin-a")
    site.write_policy(people=text)
    good = sign(site, "admin-b", 2, first)
    assert version(site.gate()) == 2
    trunk = kept(site)
    site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"), people=before)
    rival = sign(site, "admin-a", 2, first, key=old, entry=False)
    merge(site, trunk, rival.commit)
    assert codes(site.gate()) == ["policy-fork"]
    report = site.gate(pin=good.statement.manifest)
    assert (version(report), [post.item for post in report.live.posts] if report.live else []) == (2, [NEWS])


def test_an_only_administrator_cannot_mark_the_key_that_signs(tmp_path: Path) -> None:
    site = begin(tmp_path / "site", needs=1)
    text, (old,) = marking(site, "admin-a")
    site.write_policy(people=text)
    last = sign(site, "admin-a", 2, ends(site), key=old)
    sign(site, "admin-a", 2, last)
    assert version(site.gate()) == 1


@pytest.mark.parametrize("how", ["copy", "own"])
def test_attack_the_thief_cannot_move_a_version_from_before_the_mark(site: Story, how: str) -> None:
    """A copy of its last statement elsewhere would change what came before it, and with it which policy judges."""
    site.post(text=TEXT)
    site.chain(NEWS, *FULL_CHAIN[:4])
    second = site.sign_policy("admin-b", "admin-a", people=site.people())
    site.write_policy(columns=COLUMNS.replace("工作动态", "要闻"))
    site.chain(NEWS, FULL_CHAIN[4])
    (old,) = mark(site, "admin-a", signers=("admin-b", "admin-c"))
    assert text_online(site) == sha(TEXT)
    trunk = kept(site)
    site.head = ""
    if how == "copy":
        site.commit(statements.serialise(second.statement), key=old)
    else:
        sign(site, "admin-a", 2, site.signed[1], key=old, entry=False)
    merge(site, trunk, site.head)
    assert (version(site.gate()), text_online(site)) == (3, sha(TEXT))


def test_marks_that_leave_too_few_administrators_make_no_policy(site: Story) -> None:
    first, second = (site.key(admin).public for admin in ("admin-a", "admin-b"))
    text = site.people()
    for key in (first, second):
        text = text.replace(f"keys: [{key}]", f"keys: [{{key: {key}, compromised: yes}}]")
    site.sign_policy("admin-b", "admin-c", people=text)
    report = site.gate()
    (one,) = found(report, "policy-invalid")
    assert "give admin-a, admin-b a new key" in one.message
    assert version(report) == 1


# Stand-ins.


def test_a_link_says_that_its_person_stood_in_and_only_there(site: Story) -> None:
    text = site.people().replace(
        "offices: [leader@county, leader@department]",
        "offices: [leader@county, leader@department]\n    stands_in: [leader@county]",
    )
    site.sign_policy(people=text)
    for item, leader in ((NEWS, "leader-2"), ("content/news/b.md", "leader-1")):
        site.post(item)
        site.chain(item, *FULL_CHAIN[:3], ("leader", leader), FULL_CHAIN[4])
    assert codes(site.gate()) == []
    post, other = live(site), live(site, "content/news/b.md")
    assert post is not None
    assert other is not None
    assert [link.stands_in for link in post.chain] == [False, False, False, True, False]
    assert not any(link.stands_in for link in other.chain)
    assert site.item().chain == post.chain


@pytest.mark.parametrize("own", ["leader@fx", "leader@county"])
def test_whoever_holds_a_fitting_office_of_their_own_does_not_stand_in(site: Story, own: str) -> None:
    stood, held = ("leader@county", "leader@fx") if own == "leader@fx" else ("leader@fx", "leader@county")
    text = site.people().replace(
        "offices: [leader@county, leader@department]", f"offices: [{stood}, {held}]\n    stands_in: [{stood}]"
    )
    site.sign_policy(people=text)
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3], ("leader", "leader-2"), FULL_CHAIN[4])
    post = live(site)
    assert post is not None
    assert not any(link.stands_in for link in post.chain)


def test_the_policy_that_judges_says_who_stood_in(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3], ("leader", "leader-2"), FULL_CHAIN[4])
    site.sign_policy(
        people=site.people().replace(
            "offices: [leader@county, leader@department]",
            "offices: [leader@county, leader@department]\n    stands_in: [leader@county]",
        )
    )
    post = live(site)
    assert post is not None
    assert not any(link.stands_in for link in post.chain)


# What a mark would do.


@pytest.mark.parametrize("stage", range(5))
def test_what_a_mark_would_void_is_what_it_voids(site: Story, stage: int) -> None:
    site.publish()
    planned, waiting = "content/news/planned.md", "content/news/waiting.md"
    site.publish(planned, planned="2026-12-01T09:00:00+08:00")
    site.post(waiting)
    site.chain(waiting, *FULL_CHAIN[:3])
    person = FULL_CHAIN[stage][1]
    keys = frozenset({site.key(person).fingerprint})
    foreseen = asked(site, lambda bench: would_void(bench, keys))
    stages, people = tuple(part[stage:] for part in zip(*FULL_CHAIN, strict=True))
    expected = [
        Voided(item=NEWS, version=1, was="live", stages=stages, people=people),
        Voided(item=planned, version=1, was="scheduled", stages=stages, people=people),
    ]
    if stage < 3:
        expected.append(
            Voided(item=waiting, version=1, was="in-review", stages=stages[: 3 - stage], people=people[: 3 - stage])
        )
    assert foreseen == tuple(expected)
    mark(site, person)
    assert live(site) is None
    assert asked(site, lambda bench: would_void(bench, keys)) == ()


def test_keys_that_signed_nothing_would_void_nothing(site: Story) -> None:
    site.publish()
    keys = frozenset({Key().fingerprint, site.key("publisher-2").fingerprint, site.key("admin-a").fingerprint})
    assert asked(site, lambda bench: (would_void(bench, keys), would_return(bench, keys))) == ((), ())


def test_versions_that_are_over_taken_off_or_sent_back_would_lose_nothing(site: Story) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "publisher-2", decision="withdraw", note="撤")
    over, back = "content/news/over.md", "content/news/back.md"
    site.publish(over, expires="2026-11-21")
    site.post(back)
    site.chain(back, *FULL_CHAIN[:2])
    site.sign(back, "leader", "leader-1", decision="return", note="改")
    keys = frozenset({site.key("officer-fx").fingerprint})
    assert asked(site, lambda bench: would_void(bench, keys)) == ()


def test_what_would_come_online_by_a_mark_is_foreseen(site: Story) -> None:
    site.publish(text=TEXT)
    site.sign(NEWS, "withdraw", "publisher-2", decision="withdraw", note="撤")
    item = "content/news/b.md"
    site.publish(item)
    site.post(item, text=LATER)
    site.chain(item, *FULL_CHAIN[:4], ("publish", "publisher-2"), version=2)
    keys = frozenset({site.key("publisher-2").fingerprint})
    foreseen = asked(site, lambda bench: would_return(bench, keys))
    assert sorted((one.item, one.version) for one in foreseen) == sorted([(NEWS, 1), (item, 1)])
    lost = asked(site, lambda bench: would_void(bench, keys))
    assert [(one.item, one.version, one.was) for one in lost] == [(item, 2, "live")]
    mark(site, "publisher-2")
    assert [post.version for post in (live(site), live(site, item)) if post] == [1, 1]


# Whatever people sign.

OFFICERS = {
    "draft": ("officer-fx",),
    "head": ("head-fx",),
    "publicity": ("reviewer-1", "reviewer-2"),
    "leader": ("leader-1", "leader-2"),
    "publish": ("publisher-1", "publisher-2"),
}


def wander(site: Story, chance: random.Random) -> None:
    """Sign versions of a post as it comes: forward mostly, sometimes back, off, or out of turn."""
    site.post()
    stages, at, number, previous = list(OFFICERS), 0, 1, "none"
    for _ in range(chance.randint(5, 25)):
        decision = chance.choices(("approve", "return", "withdraw", "odd"), (8, 1, 1, 1))[0]
        if at == len(stages) or (decision in ("return", "withdraw") and not at):
            at, number, decision = 0, number + 1, "approve"
            site.post(text=f"Title: {number}\n\n{chance.random()}\n")
        stage = chance.choice(stages[at:]) if decision in ("return", "odd") else stages[at]
        by = chance.choice(OFFICERS["publicity" if decision == "withdraw" else stage])
        stage = "withdraw" if decision == "withdraw" else stage
        what = "approve" if decision == "odd" else decision
        made = site.sign(NEWS, stage, by, decision=what, version=number, previous=previous)
        if decision != "odd":
            previous, at = made.digest, at + 1 if decision == "approve" else len(stages)


@pytest.mark.parametrize("seed", range(16))
def test_nothing_online_has_a_link_by_a_marked_key_and_all_that_changes_is_foreseen(site: Story, seed: int) -> None:
    chance = random.Random(seed)
    wander(site, chance)
    persons = chance.sample([one for several in OFFICERS.values() for one in several], 2)
    keys = frozenset(site.key(person).fingerprint for person in persons)
    before = live(site)
    lost = asked(site, lambda bench: [(one.item, one.version) for one in would_void(bench, keys) if one.was == "live"])
    back = asked(site, lambda bench: [(one.item, one.version) for one in would_return(bench, keys)])
    mark(site, *persons)
    after = live(site)
    assert after is None or keys.isdisjoint(link.key for link in after.chain)
    was, now = before.version if before else 0, after.version if after else 0
    assert back == ([(NEWS, now)] if now and now != was else [])
    assert lost == ([(NEWS, was)] if was > now else [])
    if lost:
        assert "key-compromised" in codes(site.gate(), NEWS)
