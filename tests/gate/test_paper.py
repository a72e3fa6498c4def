"""Signatures on paper: relayed by who may draft, signed by who holds the office, with the scan in the commit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from story import FULL_CHAIN, NEWS, OFFICES, WORKFLOWS, SignOff, Story, begin, codes, found

from review.formats import statements

SCAN = b"%PDF-1.7 a signature in ink"
DIGEST = hashlib.sha256(SCAN).hexdigest()
PLACE = f"evidence/{DIGEST}.pdf"


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed, a post that officer-fx has drafted, and the scan of a paper."""
    story = begin(tmp_path / "site")
    story.write(PLACE, SCAN)
    story.post()
    story.sign(NEWS, "draft", "officer-fx")
    return story


def relay(site: Story, signatory: str = "head-fx", by: str = "officer-fx", stage: str = "head", **said: Any) -> SignOff:
    """Have a paper signature relayed."""
    return site.sign(NEWS, stage, by, signatory=signatory, **({"paper": f"sha256:{DIGEST}"} | said))


def finish(site: Story, stages: int = 2) -> None:
    """Sign the stages after the first so many."""
    for stage, by in FULL_CHAIN[stages:]:
        site.sign(NEWS, stage, by)


def online(site: Story) -> bool:
    """Whether the page is online."""
    report = site.gate()
    assert report.live is not None, codes(report)
    return bool(report.live.posts)


def test_a_paper_relayed_by_the_drafter_stands_for_the_signatory(site: Story) -> None:
    relay(site)
    finish(site)
    assert codes(site.gate()) == []
    assert online(site)
    head = site.item().chain[1]
    assert (head.by, head.signatory, head.person, head.key) == (
        "officer-fx", "head-fx", "head-fx", site.key("officer-fx").fingerprint,
    )  # fmt: skip


def test_a_paper_may_be_relayed_by_anyone_who_holds_the_office_of_the_draft(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"officer-2": ("officer@fx",)}))
    site.write(PLACE, SCAN)
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    relay(site, by="officer-2")
    finish(site)
    assert codes(site.gate()) == []
    assert online(site)


@pytest.mark.parametrize("name", [f"{DIGEST}.pdf", f"{DIGEST}.jpg", f"{DIGEST}.PNG", f"{DIGEST}.7z"])
def test_the_scan_may_have_any_extension(site: Story, name: str) -> None:
    site.remove(PLACE)
    site.write(f"evidence/{name}", SCAN)
    relay(site)
    assert codes(site.gate(), NEWS) == []


def test_a_scan_deleted_later_was_there_when_it_was_signed(site: Story) -> None:
    relay(site)
    finish(site)
    site.remove(PLACE)
    site.commit()
    assert codes(site.gate()) == []
    assert online(site)


def test_a_scan_changed_later_was_the_right_one_when_it_was_signed(site: Story) -> None:
    relay(site)
    finish(site)
    site.write(PLACE, b"%PDF-1.7 forged afterwards")
    site.commit()
    assert online(site)


def test_a_signatory_may_amend_on_paper_what_the_stage_may_amend(site: Story) -> None:
    site.post(text="Title: 改稿\n\n改稿正文。\n")
    relay(site)
    finish(site)
    assert codes(site.gate()) == []
    assert online(site)


# paper-missing.

SCANS: dict[str, dict[str, tuple[str, bytes]]] = {
    "none": {},
    "other-bytes": {PLACE: ("100644", SCAN + b" ")},
    "no-extension": {f"evidence/{DIGEST}": ("100644", SCAN)},
    "extension-of-nothing": {f"evidence/{DIGEST}.": ("100644", SCAN)},
    "two-extensions": {f"evidence/{DIGEST}.tar.gz": ("100644", SCAN)},
    "upper-case": {f"evidence/{DIGEST.upper()}.pdf": ("100644", SCAN)},
    "in-a-folder": {f"evidence/2026/{DIGEST}.pdf": ("100644", SCAN)},
    "a-folder": {f"{PLACE}/scan": ("100644", SCAN)},
    "elsewhere": {f"content/news/2026-11-20-a/{DIGEST}.pdf": ("100644", SCAN)},
    "symlink": {PLACE: ("120000", SCAN)},
    "submodule": {PLACE: ("160000", b"1" * 40)},
    "executable": {PLACE: ("100755", SCAN)},
    "another-scan": {"evidence/" + hashlib.sha256(b"x").hexdigest() + ".pdf": ("100644", b"x")},
}


@pytest.mark.parametrize("scans", SCANS)
def test_a_paper_without_its_scan_in_the_commit_is_paper_missing(site: Story, scans: str) -> None:
    site.remove(PLACE)
    manifest = site.manifest(NEWS)
    site.files.update(SCANS[scans])
    relay(site, manifest=manifest)
    assert "paper-missing" in codes(site.gate(), NEWS)
    finish(site)
    assert not online(site)


def test_the_missing_scan_is_named(site: Story) -> None:
    site.remove(PLACE)
    relay(site)
    (missing,) = found(site.gate(), "paper-missing")
    assert (missing.severity, missing.item) == ("refuse", NEWS)
    assert f"evidence/{DIGEST}" in missing.message


def test_a_scan_that_comes_after_the_sign_off_came_too_late(site: Story) -> None:
    site.remove(PLACE)
    relay(site)
    site.write(PLACE, SCAN)
    finish(site)
    assert "paper-missing" in codes(site.gate(), NEWS)
    assert not online(site)


def test_the_same_statement_signed_again_beside_its_scan_counts(site: Story) -> None:
    site.remove(PLACE)
    made = relay(site)
    site.write(PLACE, SCAN)
    site.commit(statements.serialise(made.statement), key=site.key("officer-fx"))
    finish(site)
    assert codes(site.gate()) == []
    assert online(site)


def test_attack_an_unsigned_copy_beside_the_scan_lends_no_scan(site: Story) -> None:
    site.remove(PLACE)
    made = relay(site)
    site.write(PLACE, SCAN)
    site.commit(statements.serialise(made.statement))
    finish(site)
    assert "paper-missing" in codes(site.gate(), NEWS)
    assert not online(site)


# paper-not-allowed.


@pytest.mark.parametrize(
    ("stages", "stage", "signatory"),
    [(2, "publicity", "reviewer-1"), (3, "leader", "leader-1"), (4, "publish", "publisher-1")],
)
def test_a_stage_that_takes_no_paper_refuses_it(site: Story, stages: int, stage: str, signatory: str) -> None:
    for each, by in FULL_CHAIN[1:stages]:
        site.sign(NEWS, each, by)
    relay(site, signatory, stage=stage)
    assert codes(site.gate(), NEWS) == ["paper-not-allowed"]
    finish(site, stages + 1)
    assert not online(site)


def test_a_draft_takes_no_paper_unless_the_stage_says_so(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.write(PLACE, SCAN)
    site.post()
    relay(site, "officer-fx", stage="draft")
    assert codes(site.gate(), NEWS) == ["paper-not-allowed"]


def test_attack_one_officer_with_a_scanner_publishes_nothing(site: Story) -> None:
    for stage, by in FULL_CHAIN[1:]:
        relay(site, by, stage=stage)
    assert codes(site.gate(), NEWS).count("paper-not-allowed") == 3
    assert not online(site)


def test_a_policy_that_no_longer_takes_paper_judges_a_chain_that_ends_under_it(site: Story) -> None:
    relay(site)
    site.sign_policy(workflows=WORKFLOWS.replace(", paper: yes", ""))
    finish(site)
    assert "paper-not-allowed" in codes(site.gate(), NEWS)
    assert not online(site)


# Who may sign on paper, and who may relay.


@pytest.mark.parametrize("signatory", ["head-kpb", "leader-1", "officer-mx", "admin-a", "nobody"])
def test_a_signatory_without_the_office_of_the_stage_is_not_authorised(site: Story, signatory: str) -> None:
    relay(site, signatory)
    assert codes(site.gate(), NEWS) == ["not-authorised"]
    finish(site)
    assert not online(site)


@pytest.mark.parametrize("by", ["officer-mx", "officer-kpb", "reviewer-1", "admin-a", "head-fx"])
def test_a_relay_without_the_office_of_the_draft_is_not_authorised(site: Story, by: str) -> None:
    relay(site, by=by)
    (wrong,) = found(site.gate(), "not-authorised")
    assert by in wrong.message
    finish(site)
    assert not online(site)


@pytest.mark.parametrize(
    ("key", "signed", "code"),
    [("", False, "signature-invalid"), ("head-fx", True, "signer-mismatch"), ("outsider", True, "signer-unknown")],
)
def test_a_paper_must_be_relayed_with_a_key_of_who_relays_it(site: Story, key: str, code: str, *, signed: bool) -> None:
    relay(site, key=site.key(key) if key else None, signed=signed)
    assert codes(site.gate(), NEWS) == [code]
    assert not online(site)


def test_the_signatory_counts_as_the_person_of_the_stage(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"head-fx": ("head@fx", "leader@county")}))
    site.write(PLACE, SCAN)
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    relay(site)
    site.sign(NEWS, "publicity", "reviewer-1")
    site.sign(NEWS, "leader", "head-fx")
    assert codes(site.gate(), NEWS) == ["same-person"]


def test_the_relay_does_not_count_as_the_person_of_the_stage(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"officer-2": ("officer@fx", "leader@county")}))
    site.write(PLACE, SCAN)
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    relay(site, by="officer-2")
    site.sign(NEWS, "publicity", "reviewer-1")
    site.sign(NEWS, "leader", "officer-2")
    site.sign(NEWS, "publish", "publisher-1")
    assert codes(site.gate()) == []
    assert online(site)


def test_attack_a_drafter_cannot_sign_the_next_stage_on_paper_in_their_own_name(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(people=site.people(OFFICES | {"officer-fx": ("officer@fx", "head@fx")}))
    site.write(PLACE, SCAN)
    site.post()
    site.sign(NEWS, "draft", "officer-fx")
    relay(site, "officer-fx")
    assert codes(site.gate(), NEWS) == ["same-person"]


def test_a_paper_for_one_of_two_people_does_not_stand_for_both(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(workflows=WORKFLOWS.replace("needs: 2}", "needs: 2, paper: yes}"))
    site.write(PLACE, SCAN)
    site.post(major="yes")
    site.sign(NEWS, "draft", "officer-fx")
    relay(site, "leader-1", stage="leader")
    relay(site, "leader-1", stage="leader", note="又一份")
    assert codes(site.gate(), NEWS) == ["same-person"]
    relay(site, "leader-2", stage="leader", previous=site.signed[-2].digest)
    site.sign(NEWS, "publish", "publisher-1")
    assert online(site)


# Returns on paper.


def test_a_return_may_come_on_paper_where_the_stage_takes_paper(site: Story) -> None:
    relay(site, decision="return")
    assert codes(site.gate()) == []
    assert site.item().state == "returned"


@pytest.mark.parametrize("way", ["no-scan", "no-paper-stage", "no-relay", "no-office"])
def test_a_return_on_paper_that_breaks_a_rule_has_no_effect(site: Story, way: str) -> None:
    draft = site.signed[-1]
    if way == "no-scan":
        site.remove(PLACE)
        relay(site, decision="return")
    elif way == "no-paper-stage":
        relay(site, "leader-1", stage="leader", decision="return")
    elif way == "no-relay":
        relay(site, by="officer-mx", decision="return")
    else:
        relay(site, "head-kpb", decision="return")
    site.sign(NEWS, "head", "head-fx", previous=draft.digest)
    finish(site)
    assert online(site)
