"""Where an item stands: its state, its versions, what it waits for, its chain; and all of it as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from story import COLUMNS, FULL_CHAIN, NEWS, NOW, OFFICES, SITE, WORKFLOWS, Story, begin, codes, found

from review.formats.reports import report_json
from review.model.findings import SEVERITIES
from review.model.instants import parse_instant
from review.model.paths import record_of
from review.model.reports import STATES, Awaiting, ItemReport, LivePost, Report

RECORD = record_of(NEWS)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed."""
    return begin(tmp_path / "site")


def judged(site: Story) -> Report:
    """The verdict on an unsigned commit of the files as they are."""
    site.commit()
    return site.gate()


def item(report: Report, name: str = NEWS) -> ItemReport:
    return next(one for one in report.items if one.item == name)


def online(report: Report) -> dict[str, int]:
    """The versions online, by item."""
    assert report.live is not None
    return {post.item: post.version for post in report.live.posts}


# Every state.


def test_a_post_that_nobody_signed_is_a_draft_of_no_version(site: Story) -> None:
    site.post()
    found_item = item(judged(site))
    assert (found_item.state, found_item.version, found_item.live_version, found_item.chain) == ("draft", 0, 0, ())
    assert found_item.awaiting == Awaiting(stage="draft", people=("officer-fx",))


def test_a_post_on_its_way_is_in_review_and_waits_for_the_next_stage(site: Story) -> None:
    site.post()
    waits = [("head", ("head-fx",)), ("publicity", ("reviewer-1", "reviewer-2")), ("leader", ("leader-1", "leader-2")),
             ("publish", ("publisher-1", "publisher-2"))]  # fmt: skip
    for number, (stage, by) in enumerate(FULL_CHAIN[:4]):
        site.sign(NEWS, stage, by)
        one = site.item()
        assert (one.state, one.version, one.live_version) == ("in-review", 1, 0)
        assert one.awaiting == Awaiting(stage=waits[number][0], people=waits[number][1])
        assert [link.stage for link in one.chain] == [stage for stage, _ in FULL_CHAIN[: number + 1]]


def test_a_post_whose_chain_is_complete_is_live(site: Story) -> None:
    site.publish()
    one = site.item()
    assert (one.state, one.version, one.live_version, one.awaiting) == ("live", 1, 1, None)
    assert [(link.stage, link.by) for link in one.chain] == list(FULL_CHAIN)


def test_a_post_that_was_returned_waits_for_a_new_draft(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    site.sign(NEWS, "publicity", "reviewer-1", decision="return", note="太长")
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("returned", 1, 0)
    assert one.awaiting == Awaiting(stage="draft", people=("officer-fx",))
    assert [link.stage for link in one.chain] == ["draft", "head"]


def test_a_post_that_was_withdrawn_is_withdrawn_and_waits_for_nobody(site: Story) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "reviewer-1", decision="withdraw")
    one = site.item()
    assert (one.state, one.version, one.live_version, one.awaiting) == ("withdrawn", 1, 0, None)
    assert [link.stage for link in one.chain] == [stage for stage, _ in FULL_CHAIN]
    assert online(site.gate()) == {}


def test_a_post_that_a_finding_keeps_off_is_refused(site: Story) -> None:
    site.post(classified="yes")
    assert item(judged(site)).state == "refused"
    site.post(kind="topic", classified="no")
    assert item(judged(site)).state == "refused"


@pytest.mark.parametrize("stages", range(1, 5))
def test_a_chain_that_somebody_unauthorised_signed_is_refused(site: Story, stages: int) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[: stages - 1], (FULL_CHAIN[stages - 1][0], "officer-mx"))
    assert site.item().state == "refused"


def test_every_state_is_told_by_name(site: Story) -> None:
    assert set(STATES) == {"draft", "in-review", "returned", "scheduled", "live", "expired", "withdrawn", "refused"}
    assert len(STATES) == 8


# Changed since.


@pytest.mark.parametrize("stages", [1, 4])
def test_a_post_changed_since_it_was_signed_is_a_draft_of_the_newest_version(site: Story, stages: int) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:stages])
    site.post(title="改过")
    one = item(judged(site))
    assert (one.state, one.version, one.live_version) == ("draft", 1, 0)
    assert one.awaiting == Awaiting(stage="draft", people=("officer-fx",))
    assert len(one.chain) == stages


@pytest.mark.parametrize("said", ["return", "withdraw"])
def test_a_post_changed_since_it_was_returned_or_withdrawn_is_a_draft(site: Story, said: str) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:3])
    site.sign(NEWS, "leader" if said == "return" else "withdraw", "leader-1", decision=said)
    site.post(title="改过")
    one = item(judged(site))
    assert (one.state, one.version) == ("draft", 1)


def test_a_live_post_changed_since_is_a_draft_while_its_version_stays_online(site: Story) -> None:
    site.publish()
    site.post(title="改过")
    report = judged(site)
    one = item(report)
    assert (one.state, one.version, one.live_version) == ("draft", 1, 1)
    assert [link.stage for link in one.chain] == [stage for stage, _ in FULL_CHAIN]
    assert online(report) == {NEWS: 1}
    assert codes(report) == ["content-changed"]


def test_a_live_post_changed_so_that_it_could_not_be_published_is_refused_while_its_version_stays_online(
    site: Story,
) -> None:
    site.publish()
    site.post(classified="yes")
    report = judged(site)
    assert (item(report).state, item(report).live_version) == ("refused", 1)
    assert online(report) == {NEWS: 1}


def test_files_put_back_as_they_were_signed_are_what_they_were(site: Story) -> None:
    site.publish()
    kept = dict(site.files)
    site.post(title="改过")
    site.commit()
    site.files = kept
    assert item(judged(site)).state == "live"


# Several versions.


def second(site: Story, *stages: tuple[str, str], title: str = "第二版") -> None:
    """A second version of the post, signed so far."""
    site.post(title=title)
    site.chain(NEWS, *stages, version=2)


def test_while_the_next_version_is_reviewed_the_live_one_stays_with_its_own_chain(site: Story) -> None:
    site.publish()
    first = site.item().chain
    for number in range(1, 5):
        site.post(title="第二版")
        site.sign(NEWS, *FULL_CHAIN[number - 1], version=2)
        one = site.item()
        assert (one.state, one.version, one.live_version) == ("in-review", 2, 1)
        assert one.chain == first
        assert one.awaiting is not None
        assert one.awaiting.stage == FULL_CHAIN[number][0]
    site.sign(NEWS, *FULL_CHAIN[4])
    one = site.item()
    assert (one.state, one.version, one.live_version, one.awaiting) == ("live", 2, 2, None)
    assert [link.stage for link in one.chain] == [stage for stage, _ in FULL_CHAIN]
    assert one.chain != first


def test_while_nothing_is_live_the_chain_is_the_newest_versions(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:4])
    second(site, *FULL_CHAIN[:2])
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("in-review", 2, 0)
    assert [link.stage for link in one.chain] == ["draft", "head"]


def test_a_returned_next_version_leaves_the_live_one(site: Story) -> None:
    site.publish()
    second(site, *FULL_CHAIN[:2])
    site.sign(NEWS, "leader", "leader-2", decision="return")
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("returned", 2, 1)
    assert online(site.gate()) == {NEWS: 1}


def test_withdrawing_a_version_ends_it_and_all_below(site: Story) -> None:
    site.publish()
    second(site, *FULL_CHAIN)
    site.sign(NEWS, "withdraw", "reviewer-1", decision="withdraw", version=2)
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("withdrawn", 2, 0)


def test_withdrawing_an_older_version_leaves_a_newer_one(site: Story) -> None:
    site.publish()
    second(site, *FULL_CHAIN)
    site.sign(NEWS, "withdraw", "reviewer-1", decision="withdraw", version=1)
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("live", 2, 2)


def test_a_version_withdrawn_on_its_way_leaves_nothing_below_online(site: Story) -> None:
    site.publish()
    second(site, *FULL_CHAIN[:3])
    site.sign(NEWS, "withdraw", "reviewer-1", decision="withdraw", version=2)
    one = site.item()
    assert (one.state, one.live_version) == ("withdrawn", 0)


def test_after_a_withdrawal_a_new_version_may_be_published(site: Story) -> None:
    site.publish()
    site.sign(NEWS, "withdraw", "reviewer-1", decision="withdraw")
    second(site, *FULL_CHAIN[:1])
    assert (site.item().state, site.item().live_version) == ("in-review", 0)
    site.chain(NEWS, *FULL_CHAIN[1:])
    assert (site.item().state, site.item().live_version) == ("live", 2)


# The time.

PLANNED = "2026-11-22T09:00:00+08:00"


@pytest.mark.parametrize("planned", [PLANNED, "2026-11-22T01:00:00Z", "2026-11-21T20:00:00-05:00"])
@pytest.mark.parametrize(("seconds", "state"), [(-1, "scheduled"), (0, "live"), (1, "live")])
def test_a_post_is_scheduled_until_the_very_instant_it_is_planned_for(
    site: Story, planned: str, seconds: int, state: str
) -> None:
    site.publish(planned=planned)
    now = parse_instant(PLANNED) + dt.timedelta(seconds=seconds)
    for zone in (dt.UTC, SHANGHAI, dt.timezone(dt.timedelta(hours=-11))):
        one = site.item(now=now.astimezone(zone))
        assert (one.state, one.live_version) == (state, int(state == "live"))
        assert one.awaiting is None
        assert codes(site.gate(now=now)) == []


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-21T23:59:59+08:00", "live"),
        ("2026-11-22T00:00:00+08:00", "expired"),
        ("2026-11-21T15:59:59Z", "live"),
        ("2026-11-21T16:00:00Z", "expired"),
        ("2026-11-21T23:59:59-12:00", "expired"),
        ("2027-11-22T00:00:00+08:00", "expired"),
    ],
)
def test_a_post_expires_when_the_day_begins_in_the_sites_time_zone(site: Story, now: str, state: str) -> None:
    site.publish(expires="2026-11-22")
    one = site.item(now=parse_instant(now))
    assert (one.state, one.version, one.live_version) == (state, 1, int(state == "live"))
    assert len(one.chain) == len(FULL_CHAIN)


@pytest.mark.parametrize(
    ("zone", "last", "first"),
    [
        ("America/New_York", "2026-11-22T04:59:59Z", "2026-11-22T05:00:00Z"),
        ("Pacific/Kiritimati", "2026-11-21T09:59:59Z", "2026-11-21T10:00:00Z"),
        ("UTC", "2026-11-21T23:59:59Z", "2026-11-22T00:00:00Z"),
    ],
)
def test_the_day_is_that_of_the_policy_in_force(tmp_path: Path, zone: str, last: str, first: str) -> None:
    site = Story(tmp_path)
    site.sign_policy(columns=COLUMNS.replace("Asia/Shanghai", zone))
    site.publish(expires="2026-11-22")
    assert site.item(now=parse_instant(last)).state == "live"
    assert site.item(now=parse_instant(first)).state == "expired"


def test_a_post_that_expires_before_it_is_planned_is_never_live(site: Story) -> None:
    site.publish(planned=PLANNED, expires="2026-11-22")
    assert site.item(now=parse_instant(PLANNED) - dt.timedelta(seconds=1)).state == "scheduled"
    assert site.item(now=parse_instant(PLANNED)).state == "expired"


def test_a_scheduled_next_version_leaves_the_live_one_until_its_time_has_come(site: Story) -> None:
    site.publish()
    site.post(title="第二版", planned=PLANNED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    one = site.item()
    assert (one.state, one.version, one.live_version) == ("scheduled", 2, 1)
    one = site.item(now=parse_instant(PLANNED))
    assert (one.state, one.version, one.live_version) == ("live", 2, 2)


def test_when_the_live_version_expires_no_older_one_comes_back(site: Story) -> None:
    site.publish()
    site.post(title="第二版", expires="2026-11-22")
    site.chain(NEWS, *FULL_CHAIN, version=2)
    assert site.item().live_version == 2
    one = site.item(now=parse_instant("2026-11-22T00:00:00+08:00"))
    assert (one.state, one.version, one.live_version) == ("expired", 2, 0)


def test_an_older_version_that_expires_does_not_touch_a_newer_one(site: Story) -> None:
    site.publish(expires="2026-11-22")
    second(site, *FULL_CHAIN)
    one = site.item(now=parse_instant("2026-11-23T00:00:00+08:00"))
    assert (one.state, one.live_version) == ("live", 2)


def test_a_live_post_whose_next_version_is_scheduled_expires_by_its_own_header(site: Story) -> None:
    """What is online is the highest version whose time has come; the scheduled one is not it yet."""
    site.publish(expires="2026-11-22")
    site.write(RECORD, site.files[RECORD][1].replace(b"expires: 2026-11-22", b"planned: 2026-11-25T00:00:00+08:00"))
    site.chain(NEWS, *FULL_CHAIN, version=2)
    for now, state, live in (
        ("2026-11-21T23:59:59+08:00", "scheduled", 1),
        ("2026-11-22T00:00:00+08:00", "scheduled", 0),
        ("2026-11-25T00:00:00+08:00", "live", 2),
    ):
        one = site.item(now=parse_instant(now))
        assert (one.state, one.live_version) == (state, live)


def test_dates_of_a_header_may_be_as_far_away_as_dates_go(site: Story) -> None:
    site.publish(planned="0001-01-02T00:00:00Z", expires="9999-12-31")
    assert site.item().state == "live"
    for now in (dt.datetime(1, 1, 3, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, tzinfo=dt.UTC)):
        assert site.item(now=now).state == "live"


# What is awaited.


def test_who_has_signed_is_not_awaited_again(tmp_path: Path) -> None:
    """leader-1 drafts here, too, so only the other leader can sign as one."""
    site = Story(tmp_path)
    people = site.people(OFFICES | {"leader-1": ("leader@county", "officer@fx")})
    site.sign_policy(people=people)
    site.post()
    site.chain(NEWS, ("draft", "leader-1"), *FULL_CHAIN[1:3])
    assert site.item().awaiting == Awaiting(stage="leader", people=("leader-2",))


def test_a_stage_that_needs_two_waits_for_whoever_has_not_signed(site: Story) -> None:
    site.post(major="yes")
    site.sign(NEWS, "draft", "officer-fx")
    assert site.item().awaiting == Awaiting(stage="leader", people=("leader-1", "leader-2"))
    site.sign(NEWS, "leader", "leader-2")
    assert site.item().awaiting == Awaiting(stage="leader", people=("leader-1",))
    site.sign(NEWS, "leader", "leader-1")
    assert site.item().awaiting == Awaiting(stage="publish", people=("publisher-1", "publisher-2"))
    site.sign(NEWS, "publish", "publisher-2")
    assert (site.item().state, len(site.item().chain)) == ("live", 4)


def test_where_one_person_may_sign_twice_they_are_awaited_again(site: Story) -> None:
    site.post(kind="video")
    site.sign(NEWS, "draft", "officer-fx")
    assert site.item().awaiting == Awaiting(stage="publish", people=("officer-fx", "publisher-1", "publisher-2"))
    site.sign(NEWS, "publish", "officer-fx")
    assert site.item().state == "live"


def test_a_stage_that_nobody_could_sign_is_awaited_from_nobody(site: Story) -> None:
    site.post(unit="mx")
    site.sign(NEWS, "draft", "officer-mx")
    assert site.item().awaiting == Awaiting(stage="head", people=())


def test_nothing_is_awaited_of_a_post_that_is_refused(site: Story) -> None:
    site.post(classified="yes")
    assert item(judged(site)).awaiting is None


# Report, summary and exit status.


def told(site: Story) -> Report:
    """A post in every state."""
    site.publish("content/news/live.md")
    site.publish("content/news/scheduled.md", planned="2027-01-01T00:00:00Z")
    site.publish("content/news/expired.md", expires="2026-11-21")
    site.publish("content/news/withdrawn.md")
    site.sign("content/news/withdrawn.md", "withdraw", "leader-1", decision="withdraw")
    site.post("content/news/in-review.md")
    site.sign("content/news/in-review.md", "draft", "officer-fx")
    site.post("content/news/returned.md")
    site.sign("content/news/returned.md", "draft", "officer-fx")
    site.sign("content/news/returned.md", "head", "head-fx", decision="return")
    site.post("content/news/draft.md")
    site.post("content/news/refused.md", classified="yes")
    site.post("content/popular-science/activities/a.md")
    return judged(site)


def test_the_summary_counts_the_items_of_each_state_that_occurs(site: Story) -> None:
    report = told(site)
    states = ("live", "scheduled", "expired", "withdrawn", "in-review", "returned", "refused")
    assert report.summary == dict.fromkeys(states, 1) | {"draft": 2}
    for one in report.items[:-1]:
        assert one.item == f"content/news/{one.state}.md"
    assert sum(report.summary.values()) == len(report.items)
    site.remove(*(path for path in list(site.files) if path.startswith("content/")))
    assert "draft" not in judged(site).summary


def test_items_stand_in_the_order_of_their_paths(site: Story) -> None:
    report = told(site)
    names = [one.item for one in report.items]
    assert names == sorted(names, key=str.encode)
    assert report.live is not None
    assert {post.item for post in report.live.posts} == {"content/news/live.md"}


def test_findings_stand_by_severity_then_by_item_and_code(site: Story) -> None:
    site.post("content/news/b.md", classified="yes", kind="topic")
    site.post("content/news/a.md", classified="yes")
    site.write("content/news/c.md", "Title: c\n\nx\n")
    site.write("theme/x.css", "x")
    site.commit()
    report = site.gate(pin="")
    order = ["block", "refuse", "hold", "warn"]
    assert [order.index(one.severity) for one in report.findings] == sorted(
        order.index(one.severity) for one in report.findings
    )
    assert [(one.code, one.item) for one in report.findings] == [
        ("classified", "content/news/a.md"),
        ("classified", "content/news/b.md"),
        ("workflow-unknown", "content/news/b.md"),
        ("record-missing", "content/news/c.md"),
        ("policy-unsigned", "policy"),
        ("trust-unpinned", ""),
    ]
    assert {one.severity for one in report.findings} == {"refuse", "hold", "warn"}


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 0),
        ({"classified": "yes"}, 1),
        ({"kind": "topic"}, 1),
        ({"planned": PLANNED}, 0),
        ({"expires": "2026-01-01"}, 0),
    ],
)
def test_only_what_blocks_or_is_refused_makes_the_exit_status_one(
    site: Story, header: dict[str, str], status: int
) -> None:
    site.publish(**header)
    report = site.gate()
    assert report.exit_status == status
    assert report.exit_status == int(any(one.severity in ("block", "refuse") for one in report.findings))


def test_waiting_and_warnings_leave_the_exit_status_zero(site: Story) -> None:
    site.publish()
    site.post(title="改过")
    site.write("content/news/b.md", "Title: b\n\nx\n")
    site.write("theme/x.css", "x")
    report = judged(site)
    assert set(codes(report)) == {"content-changed", "policy-unsigned", "record-missing"}
    assert report.exit_status == 0
    unpinned = site.gate(pin="")
    assert "trust-unpinned" in codes(unpinned)
    assert unpinned.exit_status == 0
    assert site.gate(pin="", ci=True).exit_status == 1


def test_a_blocked_site_has_no_live_set_whatever_is_live(site: Story) -> None:
    site.publish()
    for options in ({"pin": "sha256:" + "0" * 64}, {"previous": "0" * 40}, {"pin": "", "ci": True}):
        report = site.gate(**options)
        assert (report.blocked, report.live, report.exit_status) == (True, None, 1)


def test_the_previous_commit_is_any_ancestor_and_nothing_else(site: Story) -> None:
    first = site.head
    made = site.publish()
    for commit in (first, made.commit, site.signed[0].commit):
        assert codes(site.gate(previous=commit)) == []
    branch = site.commit("on a branch\n")
    site.go(made.commit)
    assert codes(site.gate(previous=branch)) == ["history-rewritten"]


# JSON.


def test_the_json_of_a_report_has_the_keys_of_the_formats_example(site: Story) -> None:
    site.publish("content/news/b.md")
    site.publish("content/news/a.md")
    site.post("content/news/a.md", title="第二版")
    site.chain("content/news/a.md", *FULL_CHAIN[:3], version=2)
    head = site.head
    site.post("content/news/c.md", classified="yes")
    site.commit()
    text = report_json(site.gate())
    data = json.loads(text)
    assert set(data) == {"report", "site", "commit", "policy", "items", "findings", "summary"}
    assert (data["report"], data["site"], data["commit"]) == (1, SITE, site.head)
    assert data["policy"] == {"version": 1, "manifest": site.pin}
    one = data["items"][0]
    assert set(one) == {"item", "state", "version", "live_version", "awaiting", "chain"}
    assert (one["item"], one["state"], one["version"], one["live_version"]) == ("content/news/a.md", "in-review", 2, 1)
    assert one["awaiting"] == {"stage": "leader", "people": ["leader-1", "leader-2"]}
    made = [signed for signed in site.signed if signed.statement.item == "content/news/a.md"][:5]
    assert one["chain"] == [
        {
            "stage": signed.statement.stage,
            "by": signed.statement.by,
            "at": signed.statement.at,
            "commit": signed.commit,
            "key": site.key(signed.statement.by).fingerprint,
            "statement": signed.digest,
        }
        for signed in made
    ]
    (wrong,) = data["findings"]
    assert set(wrong) == {"code", "severity", "item", "path", "message", "hint"}
    assert (wrong["code"], wrong["severity"], wrong["item"]) == ("classified", "refuse", "content/news/c.md")
    assert data["summary"] == {"live": 1, "in-review": 1, "refused": 1}
    assert head != site.head


def sorted_keys(value: object) -> bool:
    """Whether the keys of every object are in order."""
    if isinstance(value, dict):
        return list(value) == sorted(value) and all(sorted_keys(one) for one in value.values())
    return all(sorted_keys(one) for one in value) if isinstance(value, list) else True


def test_the_json_of_a_report_is_sorted_and_the_same_every_time(site: Story) -> None:
    told(site)
    texts = {report_json(site.gate()) for _ in range(3)}
    (text,) = texts
    assert sorted_keys(json.loads(text))
    assert text.endswith("}\n")
    assert "content/popular-science/activities/a.md" in text
    assert text.encode().decode() == text


def test_the_json_keeps_chinese_as_it_is_and_escapes_what_would_break_it(site: Story) -> None:
    site.write('content/news/春"\n\udcff.txt', b"x")
    site.write("content/通知/a.md", b"Title: t\n\nx\n")
    site.commit()
    text = report_json(site.gate())
    assert "content/通知/a.md" in text
    assert len(json.loads(text)["findings"]) >= 2
    text.encode()


def test_without_a_policy_the_report_names_none_and_judges_nothing(tmp_path: Path) -> None:
    site = Story(tmp_path)
    site.write_policy()
    site.post()
    site.commit()
    data = json.loads(report_json(site.gate()))
    assert (data["site"], data["policy"], data["items"], data["summary"]) == ("", None, [], {})
    assert "policy-missing" in [one["code"] for one in data["findings"]]


def test_a_paper_is_named_in_the_chain_by_its_signatory_and_nowhere_else(site: Story) -> None:
    scan = b"%PDF a scan"
    digest = hashlib.sha256(scan).hexdigest()
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    site.write(f"evidence/{digest}.pdf", scan)
    site.sign(NEWS, "head", "officer-fx", signatory="head-fx", paper=f"sha256:{digest}")
    site.chain(NEWS, *FULL_CHAIN[2:])
    assert codes(site.gate()) == []
    chain = json.loads(report_json(site.gate()))["items"][0]["chain"]
    assert [link.get("signatory") for link in chain] == [None, "head-fx", None, None, None]
    assert chain[1]["by"] == "officer-fx"


def test_every_severity_of_the_table_is_that_of_its_code() -> None:
    """The table of section 10, read from the page itself."""
    page = (Path(__file__).parents[2] / "docs/record-format.md").read_text(encoding="utf-8")
    table = {}
    for line in page.partition("| code | severity | when |")[2].partition("\n\n")[0].splitlines()[2:]:
        names, severity = (cell.strip() for cell in line.strip("|").split("|")[:2])
        for part in names.replace("(ours)", "").split(","):
            table[part.strip(" `")] = severity.split(" ")[0]
    assert table == dict(SEVERITIES)


# Dates on the site.


def test_a_posts_dates_are_those_of_its_first_live_and_of_its_live_version(site: Story) -> None:
    made = site.publish()
    (post,) = live_posts(site)
    assert (post.published, post.updated) == (made.statement.at, made.statement.at)
    second(site, *FULL_CHAIN)
    (post,) = live_posts(site)
    assert post.published == made.statement.at
    assert post.updated == site.signed[-1].statement.at
    assert (post.version, post.commit) == (2, site.signed[-1].commit)
    assert post.stages == ("拟稿", "负责人审改", "宣调部复审", "分管领导终审", "发布")


def live_posts(site: Story) -> tuple[LivePost, ...]:
    report = site.gate()
    assert report.live is not None
    return report.live.posts


def test_what_is_read_for_the_site_is_what_was_signed_whatever_lies_at_the_commit(site: Story) -> None:
    site.post()
    site.attach(NEWS, "a.jpg", b"one")
    site.chain()
    signed = {file.path: file.sha256 for file in live_posts(site)[0].files}
    site.post(title="改过")
    site.attach(NEWS, "a.jpg", b"two")
    site.attach(NEWS, "b.jpg", b"three")
    site.commit()
    assert {file.path: file.sha256 for file in live_posts(site)[0].files} == signed


@pytest.mark.parametrize("unpinned", [True, False])
def test_a_verdict_does_not_depend_on_the_machines_time_zone(
    site: Story, monkeypatch: pytest.MonkeyPatch, unpinned: bool
) -> None:
    site.publish(expires="2026-11-22")
    options = {"pin": ""} if unpinned else {}
    before = report_json(site.gate(now=NOW, **options))
    monkeypatch.setenv("TZ", "America/New_York")
    assert report_json(site.gate(now=NOW, **options)) == before


def test_where_the_workflow_changes_on_the_way_what_is_awaited_is_what_can_be_signed_now(site: Story) -> None:
    """A signature made now is of the policy in force, which then judges the whole chain; its next stage is awaited."""
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:2])
    assert site.item().awaiting == Awaiting(stage="publicity", people=("reviewer-1", "reviewer-2"))
    shorter = WORKFLOWS.replace("    - {id: publicity, title: 宣调部复审, by: reviewer@publicity}\n", "", 1)
    site.sign_policy(workflows=shorter)
    head, files, signed = site.head, dict(site.files), list(site.signed)
    awaiting = site.item().awaiting
    site.chain(NEWS, *FULL_CHAIN[3:])
    assert (codes(site.gate()), site.item().state) == ([], "live")
    site.go(head, files)
    site.signed[:] = signed
    site.sign(NEWS, "publicity", "reviewer-1")
    assert found(site.gate(), "chain-broken")
    assert awaiting == Awaiting(stage="leader", people=("leader-1", "leader-2"))


def test_where_the_office_changes_hands_on_the_way_the_new_holder_is_awaited(site: Story) -> None:
    site.post()
    site.chain(NEWS, *FULL_CHAIN[:1])
    site.sign_policy(people=site.people(OFFICES | {"head-fx": (), "head-kpb": ("head@kpb", "head@fx")}))
    assert site.item().awaiting == Awaiting(stage="head", people=("head-kpb",))
    site.sign(NEWS, "head", "head-kpb")
    assert codes(site.gate()) == []
