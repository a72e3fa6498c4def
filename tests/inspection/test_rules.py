"""Every rule on small sites: each way to break it is found, what only looks like one is none, and nothing is passed unseen."""

from __future__ import annotations

from pathlib import Path

import cases_of_content
import cases_of_pages
import cases_of_safety
import pytest
from built_sites import good_site
from site_changes import Change

from review.inspection.report import Status

FAMILIES = (cases_of_pages, cases_of_content, cases_of_safety)
BROKEN = [case for family in FAMILIES for case in family.BROKEN]
NOTHING = [case for family in FAMILIES for case in family.NOTHING]
QUIET = [case for family in FAMILIES for case in family.QUIET]


@pytest.mark.parametrize(("rule", "page", "change", "what"), BROKEN)
def test_what_is_broken_is_found_where_it_is_broken(
    rule: str, page: str, change: Change, what: str, tmp_path: Path
) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert found.status is Status.FAIL
    assert [one.what for one in found.failures if one.page == page and what in one.what], found.failures


@pytest.mark.parametrize(("rule", "change", "why"), NOTHING)
def test_a_rule_does_not_pass_because_there_was_nothing_to_look_at(
    rule: str, change: Change, why: str, tmp_path: Path
) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert (found.status, found.looked_at) == (Status.NOT_APPLICABLE, 0)
    assert why in found.why


@pytest.mark.parametrize(("rule", "change"), QUIET)
def test_what_only_looks_like_a_failure_is_none(rule: str, change: Change, tmp_path: Path) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert (found.status, found.failures) == (Status.PASS, ())
