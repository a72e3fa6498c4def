"""The policy in force: the administrators' signatures from version to version, and all that is no policy."""

from __future__ import annotations

import base64
import itertools
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from story import COLUMNS, FULL_CHAIN, NEWS, NOW, OFFICES, SITE, WORKFLOWS, Key, SignOff, Story, begin, codes, found

from review import pipeline
from review.formats import statements
from review.model.paths import POLICY, POLICY_RECORD
from review.model.reports import Report
from review.views.acts_told import Act, acts_of, story_of
from review.views.policy_log import entries

NOWHERE = "sha256:" + "0" * 64
COLUMNS_2, COLUMNS_3, COLUMNS_4 = (COLUMNS.replace("工作动态", title) for title in ("要闻", "要闻二", "要闻三"))


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site whose policy is signed, with one page online."""
    story = begin(tmp_path / "site")
    story.publish()
    return story


@pytest.fixture
def unsigned(tmp_path: Path) -> Story:
    """A site whose policy files stand there, and nobody signed them."""
    story = Story(tmp_path / "site")
    story.write_policy()
    return story


def version(report: Report) -> int:
    """The number of the version in force, 0 where none is."""
    return report.policy.version if report.policy else 0


def title(report: Report) -> str:
    """The title of the column news under the policy in force."""
    return report.policy.policy.columns.columns["news"].title if report.policy else ""


def pages(report: Report) -> list[str]:
    """What is online."""
    return [post.item for post in report.live.posts] if report.live else []


def sign(story: Story, admin: str, number: int, after: SignOff | None, **said: Any) -> SignOff:
    """Have an administrator sign the policy files as they stand."""
    fields: dict[str, Any] = {"version": number, "previous": after.digest if after else "none"}
    return story.sign(POLICY, POLICY, admin, **(fields | said))


def ends(site: Story) -> SignOff:
    """The newest statement about the policy."""
    last = site.last(POLICY)
    assert last is not None
    return last


Files = dict[str, tuple[str, bytes]]


def kept(site: Story) -> tuple[str, Files]:
    """Where the story stands."""
    return site.head, dict(site.files)


def merge(site: Story, place: tuple[str, Files], *others: str) -> None:
    """Go somewhere and merge other commits into it."""
    site.go(*place)
    site.commit("merge\n", parents=(place[0], *others))


# The first version.


def test_the_first_version_is_in_force_once_as_many_administrators_as_it_asks_for_have_signed(unsigned: Story) -> None:
    first = sign(unsigned, "admin-a", 1, None)
    assert codes(unsigned.gate()) == ["policy-missing", "trust-unpinned"]
    second = sign(unsigned, "admin-c", 1, first)
    report = unsigned.gate(pin=first.statement.manifest)
    assert report.policy is not None
    assert codes(report) == []
    assert (report.policy.version, report.policy.manifest, report.policy.commit, report.policy.statements) == (
        1, first.statement.manifest, second.commit, (first.digest, second.digest),
    )  # fmt: skip


@pytest.mark.parametrize("needs", [1, 2, 3])
def test_it_takes_exactly_as_many_administrators_as_the_policy_asks_for(tmp_path: Path, needs: int) -> None:
    story = Story(tmp_path / "site", needs=needs)
    story.write_policy()
    last = None
    for number, admin in enumerate(("admin-a", "admin-b", "admin-c"), 1):
        last = sign(story, admin, 1, last)
        assert version(story.gate()) == (1 if number >= needs else 0)


# policy-missing.


def test_a_site_where_nobody_signed_has_no_policy_and_nothing_online(unsigned: Story) -> None:
    unsigned.post()
    unsigned.commit()
    report = unsigned.gate(pin=NOWHERE)
    assert codes(report) == ["policy-missing"]
    assert (report.live, report.policy, report.items, report.blocked, report.exit_status) == (None, None, (), True, 1)


def test_the_same_administrator_twice_is_one(unsigned: Story) -> None:
    sign(unsigned, "admin-a", 1, sign(unsigned, "admin-a", 1, None))
    assert "policy-missing" in codes(unsigned.gate())


def test_two_administrators_over_different_files_have_signed_none(unsigned: Story) -> None:
    first = sign(unsigned, "admin-a", 1, None)
    unsigned.write("columns.yaml", COLUMNS_2)
    sign(unsigned, "admin-b", 1, first)
    assert "policy-missing" in codes(unsigned.gate())


@pytest.mark.parametrize(
    "said",
    [
        {"previous": "none"}, {"previous": NOWHERE}, {"version": 2}, {"stage": "draft"}, {"decision": "return"},
        {"decision": "withdraw"}, {"site": "sister-site"}, {"by": "officer-fx"}, {"by": "nobody"},
    ],
    ids=str,
)  # fmt: skip
def test_a_second_signature_that_says_anything_else_does_not_complete_the_version(
    unsigned: Story, said: dict[str, str]
) -> None:
    first = sign(unsigned, "admin-a", 1, None)
    fields: dict[str, Any] = {"version": 1, "previous": first.digest, "stage": POLICY, "by": "admin-b"} | said
    unsigned.sign(POLICY, str(fields.pop("stage")), str(fields.pop("by")), **fields)
    assert "policy-missing" in codes(unsigned.gate())


def test_a_version_whose_files_are_not_in_the_commit_of_its_last_signature_is_none(unsigned: Story) -> None:
    first = sign(unsigned, "admin-a", 1, None)
    unsigned.write("columns.yaml", COLUMNS_2)
    sign(unsigned, "admin-b", 1, first, manifest=first.statement.manifest)
    assert "policy-missing" in codes(unsigned.gate())


@pytest.mark.parametrize("key", ["", "admin-a", "officer-fx", "outsider"])
def test_a_signature_that_is_not_the_administrators_own_does_not_count(unsigned: Story, key: str) -> None:
    first = sign(unsigned, "admin-a", 1, None)
    unsigned.sign(
        POLICY, POLICY, "admin-b", version=1, previous=first.digest,
        signed=bool(key), key=unsigned.key(key) if key else None,
    )  # fmt: skip
    assert "policy-missing" in codes(unsigned.gate())


def test_people_who_are_no_administrators_do_not_make_a_policy(unsigned: Story) -> None:
    sign(unsigned, "leader-1", 1, sign(unsigned, "officer-fx", 1, None))
    assert "policy-missing" in codes(unsigned.gate())


def test_attack_files_that_name_the_forger_as_administrator_are_no_policy_until_the_others_sign(
    unsigned: Story,
) -> None:
    last = sign(unsigned, "admin-a", 1, None)
    unsigned.write_policy(people=unsigned.people(administrators="admin-a, officer-fx"))
    sign(unsigned, "officer-fx", 1, last)
    assert "policy-missing" in codes(unsigned.gate())


# trust-mismatch, trust-unpinned.


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_pin_may_be_any_version_of_the_chain(site: Story, number: int) -> None:
    manifests = [ends(site).statement.manifest]
    manifests += [site.sign_policy(columns=columns).statement.manifest for columns in (COLUMNS_2, COLUMNS_3)]
    report = site.gate(pin=manifests[number - 1])
    assert codes(report) == []
    assert (version(report), title(report), pages(report)) == (3, "要闻二", [NEWS])


def test_a_pin_that_no_chain_contains_lets_nothing_online(site: Story) -> None:
    for pin in (NOWHERE, site.signed[-1].statement.manifest, site.pin.upper(), site.pin[:-1]):
        report = site.gate(pin=pin)
        assert codes(report) == ["trust-mismatch"]
        assert (report.live, report.policy, report.exit_status) == (None, None, 1)


def test_a_version_that_too_few_signed_is_no_pin(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    waiting = sign(site, "admin-a", 2, last)
    assert codes(site.gate(pin=waiting.statement.manifest)) == ["trust-mismatch"]


def test_a_version_whose_files_are_not_valid_is_no_pin(site: Story) -> None:
    broken = site.sign_policy(columns="columns: []\n")
    assert codes(site.gate(pin=broken.statement.manifest)) == ["trust-mismatch"]


def usurp(site: Story, columns: str = COLUMNS) -> str:
    """Sign a rival first version with keys of one's own, on a root of its own; return its commit."""
    rival = Story(site.path.with_name("rival"), keys={"admin-a": Key(), "admin-b": Key()})
    rival.sign_policy(columns=columns)
    place = kept(site)
    site.head = ""
    site.files = dict(rival.files)
    for made in rival.signed:
        site.commit(statements.serialise(made.statement), key=rival.key(made.statement.by))
    usurped = site.head
    site.go(*place)
    return usurped


def test_attack_a_repository_with_the_forgers_policy_alone_is_not_trusted(site: Story) -> None:
    report = site.gate(revision=usurp(site))
    assert codes(report) == ["trust-mismatch"]
    assert report.live is None


def test_attack_a_rival_policy_merged_beside_the_pinned_one_changes_nothing(site: Story) -> None:
    merge(site, kept(site), usurp(site, columns=COLUMNS_2))
    report = site.gate()
    assert codes(report) == []
    assert (version(report), title(report), pages(report)) == (1, "工作动态", [NEWS])


def test_attack_a_rival_policy_on_top_of_the_history_changes_nothing(site: Story) -> None:
    mine = {admin: Key() for admin in ("admin-a", "admin-b")}
    people = site.people()
    for admin, key in mine.items():
        people = people.replace(site.key(admin).public, key.public)
    site.write_policy(people=people)
    first = sign(site, "admin-a", 1, None, key=mine["admin-a"])
    sign(site, "admin-b", 1, first, key=mine["admin-b"])
    report = site.gate()
    assert (version(report), pages(report), report.blocked) == (1, [NEWS], False)
    assert "policy-unsigned" in codes(report)


def test_without_a_pin_a_rival_policy_is_a_fork_and_nothing_is_online(site: Story) -> None:
    merge(site, kept(site), usurp(site))
    report = site.gate(pin="")
    assert codes(report) == ["policy-fork", "trust-unpinned"]
    assert report.live is None


def test_without_a_pin_the_site_is_judged_and_the_pin_missed(site: Story) -> None:
    report = site.gate(pin="")
    assert [(one.code, one.severity) for one in report.findings] == [("trust-unpinned", "warn")]
    assert (pages(report), report.exit_status) == ([NEWS], 0)


def test_without_a_pin_nothing_is_built_where_ci_is_set(site: Story) -> None:
    report = site.gate(pin="", ci=True)
    assert [(one.code, one.severity) for one in report.findings] == [("trust-unpinned", "block")]
    assert (report.live, report.blocked, report.exit_status) == (None, True, 1)


def test_with_a_pin_ci_makes_no_difference(site: Story) -> None:
    assert site.gate(ci=True) == site.gate()
    assert codes(site.gate(ci=True)) == []


# policy-unsigned.


def test_an_edit_that_the_administrators_have_not_signed_waits_and_changes_nothing(site: Story) -> None:
    site.write("columns.yaml", COLUMNS_2)
    site.commit()
    report = site.gate()
    (waits,) = report.findings
    assert (waits.code, waits.severity, waits.item, report.exit_status) == ("policy-unsigned", "hold", POLICY, 0)
    assert "admin-a" in waits.hint
    assert (version(report), title(report), pages(report)) == (1, "工作动态", [NEWS])


CHANGES: dict[str, Callable[[Story], None]] = {
    "new-file": lambda site: site.write("theme/base.html", "<html>"),
    "new-root-file": lambda site: site.write("sitecustomize.py", "raise SystemExit"),
    "ci-file": lambda site: site.write(".github/workflows/x.yml", "on: push\n"),
    "file-gone": lambda site: site.remove("workflows.yaml"),
    "all-gone": lambda site: site.remove("columns.yaml", "people.yaml", "workflows.yaml", POLICY_RECORD),
    "mode": lambda site: site.write("columns.yaml", site.files["columns.yaml"][1], "100755"),
    "symlink": lambda site: site.write("columns.yaml", "content/x", "120000"),
    "record-gone": lambda site: site.remove(POLICY_RECORD),
    "record-broken": lambda site: site.write(POLICY_RECORD, "{"),
    "header": lambda site: site.write(POLICY_RECORD, b"submitted: 2026-11-20\n" + site.files[POLICY_RECORD][1]),
    "not-valid": lambda site: site.write("people.yaml", "people: {}\n"),
    "odd-path": lambda site: site.write("theme/a. ", ""),
    "no-utf-8": lambda site: site.write("theme/\udcff", ""),
    "same-but-for-case": lambda site: site.write("Columns.yaml", ""),
    "submodule": lambda site: site.write("vendor", b"1" * 40, "160000"),
    "record-a-submodule": lambda site: site.write(POLICY_RECORD, b"1" * 40, "160000"),
    "record-a-symlink": lambda site: site.write(POLICY_RECORD, "policy", "120000"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_attack_whatever_is_pushed_to_the_policy_zone_changes_nothing_online(site: Story, change: str) -> None:
    CHANGES[change](site)
    site.commit()
    report = site.gate()
    assert (version(report), title(report), pages(report)) == (1, "工作动态", [NEWS])
    assert "policy-unsigned" in codes(report)
    assert not report.blocked


@pytest.mark.parametrize(
    "change",
    [
        lambda site: site.post("content/news/other.md"),
        lambda site: site.write("evidence/" + "0" * 64 + ".pdf", "scan"),
        lambda site: site.attach(NEWS, "columns.yaml", b"columns: []"),
    ],
)
def test_content_is_no_policy(site: Story, change: Callable[[Story], None]) -> None:
    change(site)
    site.commit()
    assert "policy-unsigned" not in codes(site.gate())


def test_an_edit_taken_back_waits_no_longer(site: Story) -> None:
    site.write("columns.yaml", COLUMNS_2)
    site.commit()
    site.write("columns.yaml", COLUMNS)
    site.commit()
    assert codes(site.gate()) == []


def test_an_edit_that_too_few_have_signed_waits_for_the_others(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-b", 2, last)
    (waits,) = site.gate().findings
    assert waits.code == "policy-unsigned"
    assert "1 of admin-a, admin-c" in waits.hint


def test_the_files_of_a_version_are_those_of_its_commit_never_later_ones(site: Story) -> None:
    made = site.sign_policy(columns=COLUMNS_2)
    site.write("columns.yaml", COLUMNS_3)
    site.remove("people.yaml")
    site.commit()
    report = site.gate()
    assert report.policy is not None
    assert report.live is not None
    assert (version(report), title(report), report.policy.commit) == (2, "要闻", made.commit)
    assert report.live.policy == report.policy


# Thresholds, old and new.


def people(site: Story, needs: int, administrators: str, *more: str) -> str:
    """Return people.yaml with other administrators."""
    site.needs = needs
    return site.people(OFFICES | dict.fromkeys(more, ()), administrators=administrators)


def counts(site: Story, files: str, *admins: str) -> list[int]:
    """The version in force after each of these has signed the new people.yaml."""
    last = ends(site)
    site.write_policy(people=files)
    seen = []
    for admin in admins:
        last = sign(site, admin, 2, last)
        seen.append(version(site.gate()))
    return seen


def test_a_new_version_needs_as_many_of_the_old_administrators_as_the_old_one_asks_for(site: Story) -> None:
    assert counts(site, people(site, 1, "admin-a"), "admin-a", "admin-b") == [1, 2]


def test_a_new_version_needs_as_many_of_its_own_administrators_as_it_asks_for(site: Story) -> None:
    assert counts(site, people(site, 3, "admin-a, admin-b, admin-c"), "admin-a", "admin-b", "admin-c") == [1, 1, 2]


def test_administrators_who_replace_the_old_ones_sign_beside_them(site: Story) -> None:
    files = people(site, 2, "admin-d, admin-e", "admin-d", "admin-e")
    assert counts(site, files, "admin-d", "admin-e", "admin-a", "admin-b") == [1, 1, 1, 2]


def test_old_administrators_alone_do_not_put_new_ones_in_force(site: Story) -> None:
    files = people(site, 2, "admin-d, admin-e", "admin-d", "admin-e")
    assert counts(site, files, "admin-a", "admin-b", "admin-c") == [1, 1, 1]


def test_attack_new_administrators_alone_do_not_put_themselves_in_force(site: Story) -> None:
    files = people(site, 1, "officer-fx, officer-mx")
    assert counts(site, files, "officer-fx", "officer-mx") == [1, 1]


def test_attack_one_administrator_of_two_cannot_lower_the_number_alone(site: Story) -> None:
    assert counts(site, people(site, 1, "admin-a"), "admin-a", "admin-a") == [1, 1]


def test_attack_someone_in_between_does_not_count_for_an_administrator(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    last = sign(site, "admin-a", 2, last)
    last = sign(site, "officer-fx", 2, last)
    sign(site, "admin-b", 2, last)
    assert version(site.gate()) == 1


@pytest.mark.parametrize("number", [1, 3, 7])
def test_a_new_version_has_the_number_after_the_last(site: Story, number: int) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-b", number, sign(site, "admin-a", number, last))
    assert version(site.gate()) == 1


@pytest.mark.parametrize("previous", ["first", "none", "nowhere"])
def test_a_new_version_follows_the_last_statement_of_the_one_before(site: Story, previous: str) -> None:
    site.write_policy(columns=COLUMNS_2)
    first = sign(site, "admin-a", 2, ends(site), previous={
        "first": site.signed[0].digest, "none": "none", "nowhere": NOWHERE,
    }[previous])  # fmt: skip
    sign(site, "admin-b", 2, first)
    assert version(site.gate()) == 1


def test_a_statement_for_another_site_makes_no_new_version(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-b", 2, sign(site, "admin-a", 2, last, site="sister-site"))
    assert version(site.gate()) == 1


def test_a_site_may_change_its_name_by_a_version_that_names_it(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS.replace(f"id: {SITE}", "id: new-name"))
    sign(site, "admin-b", 2, sign(site, "admin-a", 2, last, site="new-name"), site="new-name")
    report = site.gate()
    assert (version(report), report.site, pages(report)) == (2, "new-name", [NEWS])


# Keys of administrators.


def rotated(site: Story, admin: str) -> tuple[str, Key]:
    """Return people.yaml with a new key for an administrator, and the old key."""
    old = site.keys.pop(admin)
    return site.people(), old


def test_the_other_administrators_may_give_one_a_new_key(site: Story) -> None:
    files, _ = rotated(site, "admin-a")
    assert counts(site, files, "admin-b", "admin-c") == [1, 2]


def test_an_administrator_may_sign_with_the_old_key_and_with_the_new_one(site: Story) -> None:
    files, old = rotated(site, "admin-a")
    last = ends(site)
    site.write_policy(people=files)
    last = sign(site, "admin-b", 2, last)
    last = sign(site, "admin-a", 2, last, key=old)
    assert version(site.gate()) == 1
    sign(site, "admin-a", 2, last)
    assert version(site.gate()) == 2


def test_one_statement_signed_in_two_commits_with_the_old_and_the_new_key_is_one_that_counts_for_both(
    site: Story,
) -> None:
    files, old = rotated(site, "admin-a")
    last = ends(site)
    site.write_policy(people=files)
    last = sign(site, "admin-a", 2, last, key=old)
    site.commit(statements.serialise(last.statement), key=site.key("admin-a"))
    sign(site, "admin-b", 2, last)
    assert version(site.gate()) == 2


def test_attack_the_old_key_signs_nothing_once_the_new_version_is_in_force(site: Story) -> None:
    files, old = rotated(site, "admin-a")
    counts(site, files, "admin-b", "admin-c")
    last = ends(site)
    site.write_policy(columns=COLUMNS_3, people=files)
    sign(site, "admin-b", 3, sign(site, "admin-a", 3, last, key=old))
    assert version(site.gate()) == 2


def test_attack_the_new_key_alone_does_not_bring_itself_into_force(site: Story) -> None:
    files, _ = rotated(site, "admin-a")
    assert counts(site, files, "admin-a", "admin-b") == [1, 1]


# Several statements for one version.


def test_an_approval_after_the_last_one_needed_moves_nothing(site: Story) -> None:
    made = site.sign_policy(columns=COLUMNS_2)
    before = site.gate()
    sign(site, "admin-c", 2, made)
    after = site.gate()
    assert codes(after) == []
    assert (after.policy, pages(after)) == (before.policy, [NEWS])


@pytest.mark.parametrize("follows", ["needed", "extra"])
def test_the_next_version_may_follow_the_last_needed_approval_or_an_extra_one(site: Story, follows: str) -> None:
    made = site.sign_policy(columns=COLUMNS_2)
    extra = sign(site, "admin-c", 2, made)
    site.write_policy(columns=COLUMNS_3)
    sign(site, "admin-b", 3, sign(site, "admin-a", 3, made if follows == "needed" else extra))
    report = site.gate()
    assert codes(report) == []
    assert (version(report), title(report)) == (3, "要闻二")


def test_two_administrators_who_complete_the_same_files_at_the_same_time_make_one_version(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    first = sign(site, "admin-a", 2, last)
    fork = kept(site)
    second = sign(site, "admin-b", 2, first, entry=False)
    site.go(*fork)
    third = sign(site, "admin-c", 2, first)
    merge(site, kept(site), second.commit)
    report = site.gate()
    assert report.policy is not None
    assert "policy-fork" not in codes(report)
    assert (version(report), title(report)) == (2, "要闻")
    assert report.policy.commit in (second.commit, third.commit)


def test_two_orders_of_signing_are_one_version_and_the_next_may_follow_either(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    fork = kept(site)
    here = sign(site, "admin-b", 2, sign(site, "admin-a", 2, last))
    place = kept(site)
    site.go(*fork)
    there = sign(site, "admin-a", 2, sign(site, "admin-b", 2, last, entry=False), entry=False)
    merge(site, place, there.commit)
    assert codes(site.gate()).count("policy-fork") == 0
    for after in (here, there):
        start = kept(site)
        site.write_policy(columns=COLUMNS_3)
        sign(site, "admin-b", 3, sign(site, "admin-a", 3, after))
        assert (version(site.gate()), title(site.gate())) == (3, "要闻二")
        site.go(*start)


def test_an_administrator_may_approve_an_old_version_late_and_move_nothing(site: Story) -> None:
    first = ends(site)
    site.sign_policy(columns=COLUMNS_2)
    before = site.gate()
    sign(site, "admin-c", 1, first)
    after = site.gate()
    assert (after.policy, pages(after)) == (before.policy, [NEWS])
    assert not after.blocked


@pytest.mark.parametrize("how", ["copy", "own", "on-top", "on-a-copy"])
def test_attack_one_administrator_cannot_move_a_version_to_a_commit_that_knows_nothing(site: Story, how: str) -> None:
    """Section 7: "what was complete before stays published", whatever one administrator alone signs afterwards."""
    made = site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "officer-fx"}))
    assert pages(site.gate()) == [NEWS]
    first = site.signed[-2]
    trunk = kept(site)
    site.head = site.signed[0].commit if how == "on-top" else ""
    if how == "on-a-copy":
        site.commit(statements.serialise(first.statement), parents=())
    if how == "own":
        sign(site, "admin-c", 2, first, entry=False)
    else:
        site.commit(statements.serialise(made.statement), key=site.key("admin-b"))
    merge(site, trunk, site.head)
    report = site.gate()
    assert version(report) == 2
    assert pages(report) == [NEWS]


def test_attack_one_administrator_cannot_let_someone_who_has_left_sign_after_all(site: Story) -> None:
    """Section 7: "someone who has left cannot sign through an old branch", not even with one administrator's help."""
    old = kept(site)
    for _ in range(5):
        site.commit("time goes by\n")
    made = site.sign_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "publisher-2"}))
    trunk = kept(site)
    site.go(*old)
    site.sign(NEWS, "withdraw", "publisher-2", decision="withdraw", version=1, entry=False)
    site.files = dict(trunk[1])
    site.commit(statements.serialise(made.statement), key=site.key("admin-b"))
    merge(site, trunk, site.head)
    assert pages(site.gate()) == [NEWS]


def test_attack_a_removed_administrator_cannot_move_a_version_that_another_has_followed(site: Story) -> None:
    """Section 7: a signature counts "only if it provably came before the next" version, an administrator's no less."""
    site.write_policy(people=site.people({who: held for who, held in OFFICES.items() if who != "publisher-2"}))
    first = sign(site, "admin-a", 2, ends(site))
    start = kept(site)
    item = site.post("content/news/in-between.md")
    site.chain(item, *FULL_CHAIN[:4], ("publish", "publisher-2"))
    last = sign(site, "admin-b", 2, first)
    site.sign_policy("admin-a", "admin-c", people=site.people(administrators="admin-a, admin-c"))
    assert pages(site.gate()) == [NEWS, item]
    trunk = kept(site)
    site.go(*start)
    site.commit(statements.serialise(last.statement), key=site.key("admin-b"))
    merge(site, trunk, site.head)
    assert pages(site.gate()) == [NEWS, item]


def test_attack_unsigned_statements_about_the_policy_cost_time_in_proportion_to_their_number(site: Story) -> None:
    def seconds(number: int) -> float:
        files, last = site.files, site.signed[1]
        site.files = {}
        for note in range(number):
            last = sign(site, "admin-a", 2, last, manifest=site.pin, entry=False, signed=False, note=str(note))
        site.files = files
        site.commit()
        taken = []
        for _ in range(2):
            start = time.process_time()
            assert pages(site.gate()) == [NEWS]
            taken.append(time.process_time() - start)
        return min(taken)

    some = seconds(200)
    assert seconds(800) < 6 * some


def test_attack_a_thousand_more_approvals_do_not_stop_the_gate(site: Story) -> None:
    last, files = ends(site), site.files
    site.files = {}
    for number in range(1001):
        last = sign(site, "admin-c", 1, last, manifest=site.pin, entry=False, note=str(number))
    site.files = files
    site.commit()
    assert pages(site.gate()) == [NEWS]


@pytest.mark.parametrize("thief", ["", "officer-fx", "outsider"])
def test_attack_copies_of_the_administrators_commits_move_nothing(site: Story, thief: str) -> None:
    site.sign_policy(columns=COLUMNS_2)
    before = site.gate()
    trunk = kept(site)
    copies = []
    site.write("columns.yaml", COLUMNS_3)
    for made in [one for one in site.signed if one.statement.item == POLICY]:
        key = site.key(thief) if thief else None
        copies.append(site.commit(statements.serialise(made.statement), key=key, parents=()))
    merge(site, trunk, *copies)
    after = site.gate()
    assert codes(after) == []
    assert (after.policy, pages(after)) == (before.policy, [NEWS])


# policy-fork.


def fork(site: Story, one: str, other: str, *rivals: str) -> tuple[SignOff, SignOff]:
    """Complete two second versions that both follow the first."""
    last = ends(site)
    start = kept(site)
    first = site.sign_policy(columns=one)
    place = kept(site)
    site.go(*start)
    site.write_policy(columns=other)
    second = last
    for admin in rivals or ("admin-b", "admin-c"):
        second = sign(site, admin, 2, second)
    merge(site, place, second.commit)
    return first, second


def test_two_continuations_leave_nothing_in_force_until_the_pin_says_which(site: Story) -> None:
    one, other = fork(site, COLUMNS_2, COLUMNS_3)
    report = site.gate()
    assert codes(report) == ["policy-fork"]
    assert (report.policy, report.live, report.blocked, report.exit_status) == (None, None, True, 1)
    for pin, expected in ((one.statement.manifest, "要闻"), (other.statement.manifest, "要闻二")):
        report = site.gate(pin=pin)
        assert "policy-fork" not in codes(report)
        assert (version(report), title(report), pages(report)) == (2, expected, [NEWS])


def test_a_fork_remains_one_when_one_side_goes_on(site: Story) -> None:
    one, other = fork(site, COLUMNS_2, COLUMNS_3)
    site.write_policy(columns=COLUMNS_4)
    third = sign(site, "admin-b", 3, sign(site, "admin-a", 3, one))
    assert codes(site.gate()) == ["policy-fork"]
    assert version(site.gate(pin=one.statement.manifest)) == 3
    assert version(site.gate(pin=third.statement.manifest)) == 3
    assert version(site.gate(pin=other.statement.manifest)) == 2


def test_two_continuations_of_the_same_files_that_differ_later_fork_there(site: Story) -> None:
    made = site.sign_policy(columns=COLUMNS_2)
    extra = sign(site, "admin-c", 2, made)
    start = kept(site)
    site.write_policy(columns=COLUMNS_3)
    third = sign(site, "admin-b", 3, sign(site, "admin-a", 3, made))
    place = kept(site)
    site.go(*start)
    site.write_policy(columns=COLUMNS_4)
    rival = sign(site, "admin-b", 3, sign(site, "admin-a", 3, extra))
    merge(site, place, rival.commit)
    assert codes(site.gate()) == ["policy-fork"]
    assert title(site.gate(pin=third.statement.manifest)) == "要闻二"
    assert title(site.gate(pin=rival.statement.manifest)) == "要闻三"


@pytest.mark.parametrize("rivals", [("admin-c",), ("admin-c", "admin-c"), ("officer-fx", "leader-1")])
def test_a_continuation_that_is_not_complete_is_no_fork(site: Story, rivals: tuple[str, ...]) -> None:
    fork(site, COLUMNS_2, COLUMNS_3, *rivals)
    report = site.gate()
    assert "policy-fork" not in codes(report)
    assert (version(report), title(report), pages(report)) == (2, "要闻", [NEWS])


def test_a_continuation_whose_files_are_not_valid_is_no_fork(site: Story) -> None:
    fork(site, COLUMNS_2, "columns: []\n")
    report = site.gate()
    assert not report.blocked
    assert (version(report), title(report)) == (2, "要闻")


def test_a_removed_administrator_who_signs_another_continuation_forks_and_the_pin_chooses(tmp_path: Path) -> None:
    site = begin(tmp_path / "site", needs=1)
    site.publish()
    first = ends(site)
    made = site.sign_policy("admin-a", people=site.people(administrators="admin-a, admin-b"))
    site.write_policy(columns=COLUMNS_3)
    rival = sign(site, "admin-c", 2, first)
    assert codes(site.gate()) == ["policy-fork"]
    report = site.gate(pin=made.statement.manifest)
    assert (version(report), title(report), pages(report)) == (2, "工作动态", [NEWS])
    assert title(site.gate(pin=rival.statement.manifest)) == "要闻二"


def test_a_removed_administrator_has_no_say_in_what_follows_the_removal(tmp_path: Path) -> None:
    site = begin(tmp_path / "site", needs=1)
    made = site.sign_policy("admin-a", people=site.people(administrators="admin-a, admin-b"))
    site.write_policy(columns=COLUMNS_3)
    sign(site, "admin-c", 3, made)
    assert "policy-fork" not in codes(site.gate())
    assert version(site.gate()) == 2


def test_attack_one_removed_administrator_of_two_forks_nothing(site: Story) -> None:
    first = ends(site)
    site.sign_policy(people=site.people(administrators="admin-a, admin-b"))
    site.write_policy(columns=COLUMNS_3)
    sign(site, "admin-c", 2, sign(site, "admin-c", 2, first, note="once more"))
    report = site.gate()
    assert (version(report), pages(report), report.blocked) == (2, [NEWS], False)


def test_going_back_to_the_files_of_an_older_version_is_a_new_version(site: Story) -> None:
    first = ends(site).statement.manifest
    site.sign_policy(columns=COLUMNS_2)
    back = site.sign_policy(columns=COLUMNS)
    assert back.statement.manifest == first
    report = site.gate()
    assert codes(report) == []
    assert (version(report), title(report), pages(report)) == (3, "工作动态", [NEWS])


# policy-invalid.


def weak_key() -> str:
    """An RSA key of 2048 bits."""
    numbers = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    parts = (b"ssh-rsa", b"\x01\x00\x01", b"\0" + numbers.n.to_bytes(256, "big"))
    blob = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return "ssh-rsa " + base64.b64encode(blob).decode()


def in_people(old: str, new: str) -> Callable[[Story], None]:
    """A change of people.yaml."""
    return lambda site: site.write("people.yaml", replaced(site.files["people.yaml"][1].decode(), old, new))


def in_columns(old: str, new: str) -> Callable[[Story], None]:
    """A change of columns.yaml."""
    return lambda site: site.write("columns.yaml", replaced(COLUMNS, old, new))


def in_workflows(old: str, new: str) -> Callable[[Story], None]:
    """A change of workflows.yaml."""
    return lambda site: site.write("workflows.yaml", replaced(WORKFLOWS, old, new))


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def give_key(person: str, key: Callable[[Story], str]) -> Callable[[Story], None]:
    """Give a person a key beside their own."""
    return lambda site: in_people(site.key(person).public, f"{site.key(person).public}, {key(site)}")(site)


def make_folder(site: Story) -> None:
    """Put a folder where people.yaml was."""
    site.remove("people.yaml")
    site.write("people.yaml/x", "")


def two_cases(site: Story) -> None:
    """Write two files whose names differ in letter case only."""
    site.write("theme/A", "")
    site.write("theme/a", "")


INVALID: dict[str, tuple[str, Callable[[Story], None]]] = {
    "people-no-yaml": ("people.yaml", in_people("units:", "units: [")),
    "people-no-utf-8": ("people.yaml", lambda site: site.write("people.yaml", b"\xff")),
    "people-key-twice": ("people.yaml", in_people("units:", "units: {}\nunits:")),
    "people-anchor": ("people.yaml", in_people("fx: {", "fx: &a {")),
    "people-tag": ("people.yaml", in_people("fx: {", "fx: !!map {")),
    "people-unknown-key": ("people.yaml", in_people("units:", "grade: 1\nunits:")),
    "people-missing": ("people.yaml", lambda site: site.remove("people.yaml")),
    "people-a-folder": ("people.yaml", make_folder),
    "people-no-units": ("people.yaml", in_people("units:", "unit:")),
    "needs-0": ("people.yaml", in_people("needs: 2", "needs: 0")),
    "needs-over": ("people.yaml", in_people("needs: 2", "needs: 4")),
    "needs-word": ("people.yaml", in_people("needs: 2", "needs: two")),
    "needs-negative": ("people.yaml", in_people("needs: 2", "needs: -1")),
    "no-administrators": ("people.yaml", in_people("people: [admin-a, admin-b, admin-c]", "people: []")),
    "administrator-unknown": ("people.yaml", in_people("people: [admin-a,", "people: [admin-x, admin-a,")),
    "administrator-twice": ("people.yaml", in_people("people: [admin-a,", "people: [admin-a, admin-a,")),
    "key-of-two": ("people.yaml", give_key("officer-fx", lambda site: site.key("head-fx").public)),
    "key-of-two-commented": ("people.yaml", give_key("officer-fx", lambda site: site.key("head-fx").public + " x@y")),
    "key-weak": ("people.yaml", give_key("officer-fx", lambda _: weak_key())),
    "key-dsa": ("people.yaml", give_key("officer-fx", lambda _: "ssh-dss AAAAB3NzaC1kc3M=")),
    "key-rubbish": ("people.yaml", give_key("officer-fx", lambda _: "ssh-ed25519 AAAA")),
    "key-file-missing": ("people.yaml", give_key("officer-fx", lambda _: "keys/officer-fx.asc")),
    "office-unknown-unit": ("people.yaml", in_people("offices: [officer@fx]", "offices: [officer@nowhere]")),
    "office-no-unit": ("people.yaml", in_people("offices: [officer@fx]", "offices: [officer]")),
    "office-of-unit": ("people.yaml", in_people("offices: [officer@fx]", "offices: [officer@unit]")),
    "unit-called-unit": ("people.yaml", in_people("  mx: {", "  unit: {")),
    "group-called-unit": ("people.yaml", in_people("眉县科协, group: county", "眉县科协, group: unit")),
    "unit-no-group": ("people.yaml", in_people("眉县科协, group: county", "眉县科协")),
    "columns-no-yaml": ("columns.yaml", in_columns("columns:", "columns: [")),
    "columns-missing": ("columns.yaml", lambda site: site.remove("columns.yaml")),
    "columns-empty": ("columns.yaml", lambda site: site.write("columns.yaml", COLUMNS.partition("columns:")[0])),
    "columns-unknown-key": ("columns.yaml", in_columns("- id: news", "- id: news\n  colour: red")),
    "column-twice": ("columns.yaml", in_columns("- id: popular-science", "- id: news")),
    "sub-column-twice": ("columns.yaml", in_columns("id: outline", "id: activities")),
    "column-reserved": ("columns.yaml", in_columns("- id: news", "- id: theme")),
    "column-odd": ("columns.yaml", in_columns("- id: news", "- id: ../news")),
    "column-unknown-lead": ("columns.yaml", in_columns("lead: [kpb]", "lead: [nobody]")),
    "column-unknown-support": ("columns.yaml", in_columns("support: [fx]", "support: [nobody]")),
    "column-unknown-group": ("columns.yaml", in_columns("open_to: [county,", "open_to: [town,")),
    "column-of-nobody": ("columns.yaml", in_columns("  lead: [kpb]\n", "")),
    "column-metadata": ("columns.yaml", in_columns("metadata: [Topic_word]", "metadata: [Slug]")),
    "column-duty": ("columns.yaml", in_columns("- id: news", "- id: news\n  duty: never")),
    "site-timezone": ("columns.yaml", in_columns("Asia/Shanghai", "Asia/Baoji")),
    "site-url": ("columns.yaml", in_columns("https://example.org", "javascript:alert(1)")),
    "site-id": ("columns.yaml", in_columns(f"id: {SITE}", "id: Test Site")),
    "workflows-no-yaml": ("workflows.yaml", in_workflows("workflows:", "workflows: [")),
    "workflows-missing": ("workflows.yaml", lambda site: site.remove("workflows.yaml")),
    "no-withdrawal": ("workflows.yaml", in_workflows("withdrawal:", "withdrawals:")),
    "withdrawal-unknown-unit": (
        "workflows.yaml",
        in_workflows("by: [reviewer@publicity, leader@unit", "by: [x@nowhere"),
    ),
    "stage-unknown-unit": ("workflows.yaml", in_workflows("by: reviewer@publicity", "by: a@nowhere")),
    "stage-nobody": ("workflows.yaml", in_workflows("by: reviewer@publicity", "by: []")),
    "stage-twice": ("workflows.yaml", in_workflows("id: publicity", "id: head")),
    "stage-first": ("workflows.yaml", in_workflows("id: draft", "id: start")),
    "stage-withdraw": ("workflows.yaml", in_workflows("id: publicity", "id: withdraw")),
    "stage-policy": ("workflows.yaml", in_workflows("id: publicity", "id: policy")),
    "stage-needs-0": ("workflows.yaml", in_workflows("needs: 2", "needs: 0")),
    "stage-amend": ("workflows.yaml", in_workflows("may_amend: yes", "may_amend: true")),
    "flow-unknown-group": ("workflows.yaml", in_workflows("groups: [county,", "groups: [town,")),
    "flow-same-person": ("workflows.yaml", in_workflows("same_person: allowed", "same_person: yes")),
    "record-missing": (POLICY_RECORD, lambda site: site.remove(POLICY_RECORD)),
    "symlink": ("theme/link", lambda site: site.write("theme/link", "/etc/passwd", "120000")),
    "path": ("theme/a.", lambda site: site.write("theme/a.", "")),
    "case": ("theme/a", two_cases),
}


def sign_as_they_stand(site: Story, *admins: str) -> None:
    """Have the files signed as the next version, whatever they are."""
    try:
        manifest = site.manifest(POLICY)
    except KeyError:  # no record, so nothing that a manifest could be made of
        manifest = NOWHERE
    last = site.last(POLICY)
    for admin in admins or ("admin-a", "admin-b"):
        number = 2 if last and last.statement.version == 1 else (last.statement.version if last else 1)
        last = sign(site, admin, number, last, manifest=manifest)


@pytest.mark.parametrize("way", INVALID)
def test_a_signed_version_that_is_not_valid_leaves_the_one_before_in_force(site: Story, way: str) -> None:
    path, change = INVALID[way]
    change(site)
    sign_as_they_stand(site)
    report = site.gate()
    wrong = found(report, "policy-invalid")
    assert {(one.severity, one.item) for one in wrong} == {("refuse", POLICY)}
    assert path in {one.path for one in wrong}
    assert (version(report), pages(report), report.blocked, report.exit_status) == (1, [NEWS], False, 1)


@pytest.mark.parametrize(
    "way", ["people-no-yaml", "needs-0", "key-of-two", "column-of-nobody", "stage-first", "symlink"]
)
def test_a_first_version_that_is_not_valid_is_no_policy(unsigned: Story, way: str) -> None:
    path, change = INVALID[way]
    change(unsigned)
    last: SignOff | None = None
    try:
        manifest = unsigned.manifest(POLICY)
    except KeyError:
        manifest = NOWHERE
    for admin in ("admin-a", "admin-b"):
        last = sign(unsigned, admin, 1, last, manifest=manifest)
    report = unsigned.gate(pin=manifest)
    assert {"policy-missing", "policy-invalid"} <= set(codes(report))
    assert path in {one.path for one in found(report, "policy-invalid")}
    assert (report.policy, report.live) == (None, None)


def test_a_record_of_the_policy_that_is_broken_makes_its_version_invalid(site: Story) -> None:
    manifest = site.manifest(POLICY)
    site.write("columns.yaml", COLUMNS_2)
    site.write(POLICY_RECORD, "record: 2\nsign-offs: []\n")
    last = ends(site)
    for admin in ("admin-a", "admin-b"):
        last = sign(site, admin, 2, last, manifest=manifest, entry=False)
    assert [one.path for one in found(site.gate(), "policy-invalid")] == [POLICY_RECORD]
    assert version(site.gate()) == 1


def test_files_that_are_not_those_signed_make_a_version_invalid(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    first = sign(site, "admin-a", 2, last)
    site.write_policy(columns=COLUMNS_3)
    sign(site, "admin-b", 2, first, manifest=first.statement.manifest)
    assert "policy-invalid" in codes(site.gate())
    assert version(site.gate()) == 1


def test_several_reasons_are_all_told(site: Story) -> None:
    INVALID["key-rubbish"][1](site)
    INVALID["column-of-nobody"][1](site)
    INVALID["stage-twice"][1](site)
    sign_as_they_stand(site)
    assert {one.path for one in found(site.gate(), "policy-invalid")} == {
        "people.yaml",
        "columns.yaml",
        "workflows.yaml",
    }


def test_files_that_are_not_valid_and_not_signed_only_wait(site: Story) -> None:
    INVALID["key-rubbish"][1](site)
    sign_as_they_stand(site, "admin-a")
    report = site.gate()
    assert codes(report) == ["policy-unsigned"]
    assert report.exit_status == 0


def test_a_version_may_be_signed_right_after_one_that_was_not_valid(site: Story) -> None:
    first = ends(site)
    INVALID["stage-twice"][1](site)
    sign_as_they_stand(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-b", 2, sign(site, "admin-a", 2, first))
    report = site.gate()
    assert codes(report) == []
    assert (version(report), title(report), pages(report)) == (2, "要闻", [NEWS])


@pytest.mark.parametrize("number", [2, 3])
def test_no_version_follows_one_that_was_not_valid(site: Story, number: int) -> None:
    INVALID["stage-twice"][1](site)
    sign_as_they_stand(site)
    broken = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-b", number, sign(site, "admin-a", number, broken))
    assert version(site.gate()) == 1


def test_an_executable_file_and_one_more_folder_are_valid_policy(site: Story) -> None:
    site.write("scripts/publish", "#!/bin/sh\n", "100755")
    site.write("theme/templates/基础.html", "<html>")
    site.sign_policy()
    report = site.gate()
    assert codes(report) == []
    assert version(report) == 2


def test_attack_statements_of_outsiders_about_broken_files_say_nothing_and_block_nothing(site: Story) -> None:
    site.write("vendor", b"1" * 40, "160000")
    last = ends(site)
    for _ in range(2):
        last = sign(site, "outsider", 2, last, manifest=NOWHERE, entry=False)
    site.remove("vendor")
    site.commit()
    report = site.gate()
    assert codes(report) == []
    assert pages(report) == [NEWS]


# The policy's own record.


def test_an_entry_of_the_policys_record_that_nobody_signed_is_signature_missing(site: Story) -> None:
    record = site.files[POLICY_RECORD][1]
    site.write(POLICY_RECORD, record + record.partition(b"sign-offs:\n")[2].replace(b'note: ""', b'note: "forged"'))
    site.commit()
    report = site.gate()
    assert codes(report, POLICY) == ["signature-missing"] * 2
    assert (version(report), pages(report), report.blocked) == (1, [NEWS], False)


def test_attack_a_policys_record_that_claims_a_whole_version_puts_nothing_in_force(site: Story) -> None:
    start = kept(site)
    site.sign_policy(columns=COLUMNS_2)
    site.go(start[0])
    site.commit("as if it had been signed\n")
    report = site.gate()
    assert codes(report, POLICY) == ["signature-missing", "signature-missing", "policy-unsigned"]
    assert (version(report), title(report)) == (1, "工作动态")


def test_an_approval_taken_out_of_the_policys_record_is_missed_and_stands(site: Story) -> None:
    site.write(POLICY_RECORD, b"record: 1\nkind: policy\nsign-offs: []\n")
    site.commit()
    report = site.gate()
    assert codes(report, POLICY) == ["sign-off-dropped"] * 2
    assert (version(report), pages(report)) == (1, [NEWS])


@pytest.mark.parametrize(
    ("key", "signed", "code"),
    [
        ("admin-b", False, "signature-invalid"),
        ("outsider", True, "signer-unknown"),
        ("officer-fx", True, "signer-mismatch"),
    ],
)
def test_an_approval_that_its_administrator_did_not_sign_is_told_of(
    site: Story, key: str, code: str, *, signed: bool
) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    first = sign(site, "admin-a", 2, last)
    site.sign(POLICY, POLICY, "admin-b", version=2, previous=first.digest, key=site.key(key), signed=signed)
    report = site.gate()
    assert codes(report) == [code, "policy-unsigned"]
    assert version(report) == 1


def test_an_approval_by_someone_who_is_no_administrator_is_not_authorised(site: Story) -> None:
    """Section 10: not-authorised where the signer does not hold the stage's office, here that of an administrator."""
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "leader-1", 2, last)
    assert "not-authorised" in codes(site.gate(), POLICY)


# Who may say that an administrator signed what waits.


def forged(site: Story, admin: str = "admin-a") -> SignOff:
    """Sign the next version in an administrator's name with a key that only its own, unsigned people.yaml gives them."""
    last, mine = ends(site), Key()
    site.write_policy(people=site.people().replace(site.key(admin).public, mine.public))
    return sign(site, admin, 2, last, key=mine)


def test_attack_a_key_that_only_unsigned_files_give_an_administrator_does_not_speak_for_them(site: Story) -> None:
    forged(site)
    report = site.gate()
    assert codes(report, POLICY) == ["signer-unknown", "policy-unsigned"]
    (waits,) = found(report, "policy-unsigned")
    assert "2 of admin-a, admin-b, admin-c" in waits.hint
    with acts(site) as told:
        assert [(one.counts, one.policy) for one in told][-1] == (False, 0)
        assert "nobody holds under policy version 1" in told[-1].why[0]
    assert logged(site) == []


def test_attack_an_unsigned_copy_is_nobodys_signature_in_the_hint_of_what_waits(site: Story) -> None:
    last = ends(site)
    site.write_policy(columns=COLUMNS_2)
    sign(site, "admin-a", 2, last, signed=False)
    (waits,) = found(site.gate(), "policy-unsigned")
    assert "2 of admin-a, admin-b, admin-c" in waits.hint


def test_a_newcomers_signature_is_shown_as_one_that_nobody_vouches_for_until_the_version_is_in_force(
    site: Story,
) -> None:
    last = ends(site)
    site.write_policy(people=site.people({**OFFICES, "admin-d": ()}, administrators="admin-a, admin-b, admin-d"))
    last = sign(site, "admin-d", 2, last)
    assert codes(site.gate()) == ["policy-unsigned"]
    assert logged(site) == [("admin-d", "admin-d")]
    with acts(site) as told:
        assert not told[-1].counts
        assert told[-1].why == ("nobody in force vouches for its key; it counts once version 2 is in force",)
    sign(site, "admin-b", 2, sign(site, "admin-a", 2, last))
    assert (version(site.gate()), codes(site.gate())) == (2, [])


@pytest.mark.parametrize("order", list(itertools.permutations(("old", "new", "admin-b"))), ids=" ".join)
def test_an_administrators_own_key_may_change_in_every_order(site: Story, order: tuple[str, ...]) -> None:
    files, old = rotated(site, "admin-a")
    last = ends(site)
    site.write_policy(people=files)
    for number, one in enumerate(order, 1):
        last = sign(site, "admin-b" if one == "admin-b" else "admin-a", 2, last, key=old if one == "old" else None)
        report = site.gate()
        assert version(report) == (2 if number == 3 else 1)
        known = "new" not in order[:number] or "old" in order[:number]
        assert ("signer-unknown" in codes(report)) == (number < 3 and not known)
    assert codes(site.gate()) == []
    with acts(site) as told:
        assert all(one.counts for one in told)


@contextmanager
def acts(site: Story) -> Iterator[list[Act]]:
    """Give what is told of the policy's acts."""
    options = pipeline.GateOptions(now=NOW, pin=site.pin)
    with pipeline.judged(site.path, "HEAD", options) as session:
        bench = pipeline.bench_of(session, options)
        yield acts_of(POLICY, story_of(POLICY, bench), bench)


def logged(site: Story) -> list[tuple[str, str]]:
    """Who has signed what waits, as the log of the policy has it: ids and names."""
    options = pipeline.GateOptions(now=NOW, pin=site.pin)
    with pipeline.judged(site.path, "HEAD", options) as session:
        waiting = [one for one in entries(pipeline.bench_of(session, options)) if one.state == "waiting"]
        return [(one.by, one.name) for entry in waiting for one in entry.signatures]


# history-rewritten.


def test_a_commit_that_descends_from_the_one_published_last_continues_the_history(site: Story) -> None:
    side = site.signed[3].commit
    for previous in ("", site.head, site.signed[0].commit, side):
        assert codes(site.gate(previous=previous)) == []


def test_a_commit_merged_from_a_branch_continues_that_branch(site: Story) -> None:
    place = kept(site)
    side = site.commit("side work\n")
    merge(site, place, side)
    assert codes(site.gate(previous=side)) == []


@pytest.mark.parametrize("where", ["later", "beside", "elsewhere", "nonsense"])
def test_a_commit_that_does_not_descend_from_the_one_published_last_blocks_the_site(site: Story, where: str) -> None:
    place = kept(site)
    later = site.commit("later work\n")
    site.go(*place)
    beside = site.commit("beside\n", parents=(site.signed[4].commit,))
    elsewhere = site.commit("elsewhere\n", parents=())
    site.go(*place)
    previous = {"later": later, "beside": beside, "elsewhere": elsewhere, "nonsense": "f" * 40}[where]
    report = site.gate(previous=previous)
    assert codes(report) == ["history-rewritten"]
    assert (report.live, report.blocked, report.exit_status) == (None, True, 1)
    assert codes(site.gate()) == []


def test_attack_a_history_from_before_a_withdrawal_is_not_published_again(site: Story) -> None:
    before = site.head
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw")
    withdrawn = site.head
    assert pages(site.gate(revision=before)) == [NEWS]
    assert codes(site.gate(revision=before, previous=withdrawn)) == ["history-rewritten"]


def test_every_stage_can_still_be_signed_after_many_versions(site: Story) -> None:
    for number in range(5):
        site.sign_policy(columns=COLUMNS.replace("工作动态", f"动态{number}"))
    site.post("content/news/later.md")
    site.chain("content/news/later.md", *FULL_CHAIN)
    report = site.gate()
    assert codes(report) == []
    assert (version(report), len(pages(report))) == (6, 2)
