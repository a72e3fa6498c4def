"""The profile as a whole: every rule has a check or a reason, a good site keeps all of them, and vetoes are counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from built_sites import POSTS, PROFILE, Post, good_site, profile_with, zipped
from site_changes import DOC, A, added, another, attached, document, emptied, placed, posted, together

from review.inspection.inspecting import check_values
from review.inspection.profiles import profile_of
from review.inspection.report import Status
from review.inspection.rules import CHECKS

CANNOT = {"AVL-01", "AVL-04", "TXT-01", "PII-04", "PII-05", "MSG-01", "MSG-02", "MSG-04", "SCORE-01"}
"""Rules that no program can check; TXT-01 can be, once a site has a list of its own."""


def test_every_rule_of_the_profile_has_a_check_or_a_reason() -> None:
    for rule in PROFILE.rules.values():
        assert rule.id in CHECKS or (rule.why.get("zh") and rule.why.get("en")), rule.id
    assert set(CHECKS) <= set(PROFILE.rules)


def test_over_forty_of_the_65_rules_are_really_checked() -> None:
    assert len(PROFILE.rules) == 65
    assert set(PROFILE.rules) - set(CHECKS) == CANNOT - {"TXT-01"}
    assert len(set(CHECKS) - CANNOT) == 56


def test_a_good_site_keeps_every_rule_and_each_looked_at_something(tmp_path: Path) -> None:
    found = good_site().inspected(tmp_path)

    assert [(one.id, one.failures) for one in found.rules if one.status is Status.FAIL] == []
    assert {one.id for one in found.rules if one.status is Status.PASS} == set(PROFILE.rules) - CANNOT
    assert {one.id for one in found.rules if one.status is Status.UNCHECKED} == CANNOT
    assert all(one.looked_at for one in found.rules if one.status is Status.PASS)
    assert (found.failed, found.summary["vetoes"], found.summary["checked"]) == (False, 0, 56)


def test_rules_from_memory_are_marked_as_such() -> None:
    marked = {rule.id for rule in PROFILE.rules.values() if rule.from_memory == "yes"}

    assert marked == {"PAGE-07", "PAGE-08", "DOC-05", "DOC-06", "SEC-02", "PII-04", "PII-05"}


def test_the_page_about_inspections_lists_every_rule_with_its_severity() -> None:
    text = (Path(__file__).parents[2] / "docs/inspection.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z0-9]+-\d\d) \| (\w+)(, [\w ]+)? \| (.*?) \|", text, re.MULTILINE)

    said = {"": "no", ", partly from memory": "partly", ", from memory": "yes"}
    assert [(id, severity, said[memory]) for id, severity, memory, _ in rows] == [
        (rule.id, rule.severity, rule.from_memory) for rule in PROFILE.rules.values()
    ]
    assert {id for id, *_, how in rows if how == "not checked"} == CANNOT - {"TXT-01"}


def test_the_profile_on_that_page_is_one() -> None:
    text = (Path(__file__).parents[2] / "docs/inspection.md").read_text("utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]

    profile = profile_of(example.encode())

    check_values(profile)
    assert (profile.id, len(profile.rules)) == ("our-site", 66)


def test_a_paper_signature_without_a_scan_is_found(tmp_path: Path) -> None:
    site = good_site()
    chain = site.files["news/a.chain.json"].decode()
    begin = chain.index(r"\nsignatory: ")
    site.put("news/a.chain.json", chain[:begin] + chain[chain.index(r"\nat:", begin) :])

    found = site.verdict("FLOW-03", tmp_path)

    assert [one.what for one in found.failures] == [
        "the sign-off of the stage head was on paper, and names no scan of it"
    ]


def test_sign_offs_that_do_not_follow_each_other_are_found(tmp_path: Path) -> None:
    site = good_site()
    chain = json.loads(site.files["news/a.chain.json"])
    other = json.loads(replace(POSTS[0], title="另一篇").chain())
    site.put("news/a.chain.json", json.dumps(chain | {"sign_offs": [other["sign_offs"][0], *chain["sign_offs"][1:]]}))

    found = site.verdict("FLOW-01", tmp_path)

    assert [one.what for one in found.failures] == ["the sign-off of the stage head does not follow the one before"]


def test_grave_errors_are_looked_for_once_a_site_has_a_list_of_its_own(tmp_path: Path) -> None:
    profile = profile_with("rules:\n- {id: TXT-01, values: {words: [{word: 错称, instead: 全称}]}}\n")
    site = good_site()
    assert site.verdict("TXT-01", tmp_path / "good", profile=profile).status is Status.PASS

    added(A, "<p>用了错称</p>")(site)
    found = site.verdict("TXT-01", tmp_path / "bad", profile=profile)

    assert found.veto
    assert "错称 should be 全称" in found.failures[0].what


def test_empty_columns_are_a_veto_from_the_fifth_on(tmp_path: Path) -> None:
    few, many = good_site(), good_site()
    emptied(4)(few)
    emptied(5)(many)

    assert not few.verdict("UPD-05", tmp_path / "few").veto
    assert many.verdict("UPD-05", tmp_path / "many").veto


def test_stale_columns_of_two_rules_are_counted_together(tmp_path: Path) -> None:
    site = good_site()
    for number in range(4):
        listed = site.files["news/index.html"].decode().replace("/news/", f"/news{number}/")
        site.put(f"news{number}/index.html", listed)
        together(*(another(POSTS[1], f"news{number}/{one}.html", "2026-03-01 10:00") for one in "ab"))(site)
    assert not site.verdict("UPD-02", tmp_path / "four").veto

    posted(2, published="2026-03-01 10:00")(site)
    found = {one.id: one.veto for one in site.inspected(tmp_path / "five").rules}

    assert (found["UPD-02"], found["UPD-03"]) == (True, True)


def test_a_report_that_is_not_due_yet_is_not_missed(tmp_path: Path) -> None:
    site = good_site()
    old = Post("open/report.html", "政府网站工作年度报表（2024年度）", "2025-01-20 10:00", "信息公开", "数据发布")
    site.post(old)

    assert site.verdict("RPT-01", tmp_path, now="2026-01-31T20:00:00+08:00").status is Status.PASS
    assert site.verdict("RPT-01", tmp_path, now="2026-02-01T00:10:00+08:00").status is Status.FAIL


def test_what_was_released_is_not_held_against_a_rule_any_more(tmp_path: Path) -> None:
    site = good_site()
    together(added(A, "<p>机密★10年</p>"), added(DOC, "<p>机密★10年</p>"))(site)
    profile = profile_with("rules:\n- {id: SEC-01, released: [news/*]}\n")

    found = site.verdict("SEC-01", tmp_path, profile=profile)

    assert {one.page for one in found.failures} == {DOC}


def test_values_that_a_site_allows_are_let_pass(tmp_path: Path) -> None:
    number = "138" + "12345678"
    site = good_site()
    together(added(A, f"<p>{number}</p>"), attached("x.txt", number.encode()))(site)
    profile = profile_with("rules:\n- {id: PII-02, values: {allowed: [138-1234-5678]}}\n")

    assert site.verdict("PII-02", tmp_path / "1").status is Status.FAIL
    assert site.verdict("PII-02", tmp_path / "2", profile=profile).status is Status.PASS


def test_a_source_that_is_not_on_the_list_of_a_site_is_found(tmp_path: Path) -> None:
    profile = profile_with("rules:\n- {id: TXT-06, values: {sources: [凤翔区科协]}}\n")
    site = good_site()
    assert site.verdict("TXT-06", tmp_path / "1", profile=profile).status is Status.PASS

    posted(0, source="某网站")(site)

    found = site.verdict("TXT-06", tmp_path / "2", profile=profile)
    assert [one.what for one in found.failures] == ["某网站 is not on the list of sources"]


def test_index_numbers_follow_the_pattern_of_the_place(tmp_path: Path) -> None:
    profile = profile_with("rules:\n- {id: DOC-02, values: {pattern: 'BJ\\d{7}-\\d{4}-\\d{2}'}}\n")

    found = good_site().verdict("DOC-02", tmp_path, profile=profile)

    assert [one.what for one in found.failures] == [
        "the index number BJ0000001-2026-001 is not spelled as here they are"
    ]


def test_documents_of_years_whose_holidays_nobody_listed_are_not_judged(tmp_path: Path) -> None:
    site = good_site()
    document(成文日期="2019-01-07")(site)

    found = site.verdict("DOC-05", tmp_path / "old")

    assert (found.status, found.looked_at, found.failures) == (Status.UNCHECKED, 0, ())
    assert found.why.startswith("the profile lists no holidays of 2019, 2020")


def test_a_site_may_replace_the_table_of_holidays(tmp_path: Path) -> None:
    site = good_site()
    document(成文日期="2026-10-16")(site)
    days = ", ".join(f"2026-11-{day:02}" for day in range(2, 7))
    profile = profile_with(f"rules:\n- {{id: DOC-05, values: {{holidays: [{days}], workdays: []}}}}\n")

    assert site.verdict("DOC-05", tmp_path / "1").status is Status.FAIL
    assert site.verdict("DOC-05", tmp_path / "2", profile=profile).status is Status.PASS
    document(成文日期="2025-10-16")(site)
    assert site.verdict("DOC-05", tmp_path / "3", profile=profile).status is Status.UNCHECKED


def test_what_is_too_large_to_be_read_whole_is_said(tmp_path: Path) -> None:
    site = good_site()
    attached("x.zip", zipped({f"{number}.txt": b"x" * (1 << 20) for number in range(40)}))(site)
    together(placed("long.html", "<title>x</title>" + "<!-- -->" * (1 << 20)))(site)

    found = {one.id: one for one in site.inspected(tmp_path).rules}

    assert found["SEC-04"].status is Status.PASS
    assert found["SEC-04"].why == "only a part of these could be looked into: news/a/x.zip"
    assert ("long.html", "it has more than 8 MB, and was read up to there") in [
        (one.page, one.what) for one in found["PAGE-03"].failures
    ]
