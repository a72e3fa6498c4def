"""Profiles: read strictly, with the line of what is wrong; a site says only what is different in its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_sites import PROFILE, good_site, profile_with

from review.errors import FormatError
from review.inspection.inspecting import check_values
from review.inspection.profiles import profile_of, shipped_profile

RULE = """
- id: OWN-01
  severity: warn
  source: ours
  rule: {zh: 自己的规则, en: a rule of our own}
  do: {zh: 照办, en: keep it}
"""


def test_the_shipped_profile_is_in_both_languages() -> None:
    chinese = [chr(number) for number in range(0x4E00, 0x9FA5)]
    for rule in PROFILE.rules.values():
        for words in filter(None, (rule.rule, rule.do, rule.why)):
            assert set(words) == {"zh", "en"}
            assert set(words["zh"]) & set(chinese), rule.id
            assert words["en"] != words["zh"]


def test_the_shipped_profile_has_every_value_that_its_checks_need() -> None:
    check_values(PROFILE)


def test_a_profile_of_ones_own_says_only_what_is_different() -> None:
    own = profile_with(
        "id: ours\nrules:\n- {id: UPD-01, severity: warn, values: {days: '30'}}\n- {id: PAGE-03, on: no}\n"
    )

    assert own.id == "ours"
    assert list(own.rules) == list(PROFILE.rules)
    assert (own.rules["UPD-01"].severity, own.rules["UPD-01"].values["days"]) == ("warn", "30")
    assert own.rules["UPD-01"].rule == PROFILE.rules["UPD-01"].rule
    assert own.rules["PAGE-08"].values == PROFILE.rules["PAGE-08"].values
    assert not own.rules["PAGE-03"].on


def test_values_that_are_not_named_stay() -> None:
    own = profile_with("rules:\n- {id: UPD-03, values: {days: '90'}}\n")

    assert own.rules["UPD-03"].values == {**PROFILE.rules["UPD-03"].values, "days": "90"}


def test_labels_are_replaced_one_by_one() -> None:
    own = profile_with("labels: {number: [文件编号]}\n")

    assert own.labels == {**PROFILE.labels, "number": ("文件编号",)}


def test_a_rule_of_ones_own_is_listed() -> None:
    own = profile_with("rules:" + RULE)

    assert list(own.rules) == [*PROFILE.rules, "OWN-01"]


WRONG = [
    ("rules: []\n", 1, "'profile' is a required property"),
    ("profile: '2'\n", 1, "'2' is not one of"),
    ("profile: '1'\nrule: []\n", 2, "unknown key 'rule'; did you mean rules?"),
    ("profile: '1'\nextends: gov-uk\n", 2, "no profile is called 'gov-uk'"),
    ("profile: '1'\nid: x\ntitle: {zh: 甲, en: a}\ntimezone: Asia/Shanghai\n", 1, "'labels' is a required property"),
    ("profile: '1'\nextends: gov-cn\ntimezone: Mars/Base\n", 3, "no time zone is called 'Mars/Base'"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01}\n- {id: UPD-01}\n", 5, "the rule UPD-01 stands here twice"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: upd-1}\n", 4, "no rule is called 'upd-1'; did you mean UPD-01?"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, values: {days: two}}\n", 4, "'two' is not what belongs here"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-99, on: no}\n", 4, "no rule is called 'UPD-99'; did you mean"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, severity: grave}\n", 4, "'grave' is not one of"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: OWN-01, source: ours}\n", 4, "the rule OWN-01 has no severity"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- id: DOC-02\n  values:\n    pattern: '('\n", 6, "is no regular expression"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, veto: {from: '2', with: [UPD-77]}}\n", 4, "no rule is called"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, rule: {en: a}}\n", 4, "'zh' is a required property"),
    ("profile: &a '1'\n", 1, "anchors are not allowed"),
    ("", 1, "the file is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "what"), WRONG)
def test_what_is_wrong_with_a_profile_is_said_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(FormatError) as raised:
        profile_of(text.encode())

    assert what in raised.value.what
    assert raised.value.line == line


def test_a_check_without_its_value_is_refused() -> None:
    whole = "profile: '1'\nid: x\ntitle: {zh: 甲, en: a}\ntimezone: Asia/Shanghai\nlabels: {}\nrules:"
    profile = profile_of((whole + RULE.replace("OWN-01", "UPD-01")).encode())

    with pytest.raises(FormatError, match="the rule UPD-01 has no value days"):
        check_values(profile)


@pytest.mark.parametrize(
    ("rule", "line", "what"),
    [
        ("- id: UPD-01\n  values:\n    dais: '2'\n", 6, "UPD-01 has no use for the value 'dais'; did you mean days?"),
        ("- {id: PAGE-07, values: {pattern: x}}\n", 4, "'pattern'; it takes classes, hosts"),
        ("- {id: PAGE-07, values: {host: [x.cn]}}\n", 4, "'host'; did you mean hosts?"),
        ("- {id: AVL-02, values: {hosts: [x.cn]}}\n", 4, "the rule AVL-02 takes no values, and has 'hosts'"),
        ("- {id: DOC-05, values: {unknown_year_days: '8'}}\n", 4, "'unknown_year_days'"),
        (RULE.strip() + "\n  values: {days: '2'}\n", 9, "the rule OWN-01 takes no values, and has 'days'"),
    ],
)
def test_a_value_that_a_rule_has_no_use_for_is_refused_with_the_one_that_may_be_meant(
    rule: str, line: int, what: str
) -> None:
    profile = profile_of(f"profile: '1'\nextends: gov-cn\nrules:\n{rule}".encode())

    with pytest.raises(FormatError) as raised:
        check_values(profile)

    assert what in raised.value.what
    assert raised.value.line == line


def test_a_profile_without_a_rule_whose_values_another_uses_is_refused() -> None:
    whole = "profile: '1'\nid: x\ntitle: {zh: 甲, en: a}\ntimezone: Asia/Shanghai\nlabels: {}\nrules:"
    profile = profile_of((whole + RULE.replace("OWN-01", "META-02")).encode())

    with pytest.raises(FormatError, match="the rule META-02 uses values of META-01; list them too"):
        check_values(profile)


def test_the_profile_for_associations_gives_a_reason_for_every_rule_that_it_switches_off() -> None:
    association = shipped_profile("association")
    check_values(association)
    off = {rule.id: rule.why for rule in association.rules.values() if not rule.on}

    assert list(association.rules) == list(PROFILE.rules)
    assert {"META-06", "META-07", "DOC-05", "RPT-01", "ORG-01"} <= set(off)
    assert all(why.get("zh") and why.get("en") for why in off.values())
    assert off.keys() & {"AVL-01"} == set()
    assert association.rules["META-01"].values["tags"] == ("SiteName", "SiteDomain")
    for kept in ("SEC-01", "SEC-04", "PII-01", "TXT-01", "AVL-02", "A11Y-01"):
        assert association.rules[kept] == PROFILE.rules[kept]


def test_a_profile_may_extend_the_one_for_associations() -> None:
    own = profile_of(b"profile: '1'\nextends: association\nid: ours\nrules:\n- {id: META-06, on: yes}\n")

    assert (own.rules["META-06"].on, own.rules["META-07"].on) == (True, False)
    assert own.rules["PAGE-05"].values == shipped_profile("association").rules["PAGE-05"].values


def test_why_nobody_can_check_a_rule_is_not_why_it_was_switched_off(tmp_path: Path) -> None:
    own = profile_with("rules:\n- {id: AVL-01, on: no}\n- {id: MSG-01, on: no, why: {zh: 没有留言, en: no messages}}\n")

    found = {one.id: one.why for one in good_site().inspected(tmp_path, profile=own).rules}

    assert found["AVL-01"] == "the profile switches it off"
    assert found["MSG-01"] == "the profile switches it off: no messages"


def test_a_rule_whose_veto_begins_at_none_is_never_one(tmp_path: Path) -> None:
    site = good_site().drop("open/report.html")
    own = profile_with("rules:\n- {id: RPT-01, severity: block, veto: {from: '0'}}\n")

    found = site.verdict("RPT-01", tmp_path, profile=own)

    assert (found.status, found.veto) == ("fail", False)


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Exception, match="no profile is called 'duty'; there are gov-cn, association"):
        shipped_profile("duty")


def test_a_rule_that_no_program_knows_is_listed_as_unchecked(tmp_path: Path) -> None:
    own = profile_with("rules:" + RULE)

    found = good_site().verdict("OWN-01", tmp_path, profile=own)

    assert (found.status, found.why) == ("unchecked", "this program knows no way to check it")
