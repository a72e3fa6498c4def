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
    ("profile: '1'\nrule: []\n", 1, "unknown key 'rule'"),
    ("profile: '1'\nextends: gov-uk\n", 2, "no profile is called 'gov-uk'"),
    ("profile: '1'\nid: x\ntitle: {zh: 甲, en: a}\ntimezone: Asia/Shanghai\n", 1, "'labels' is a required property"),
    ("profile: '1'\nextends: gov-cn\ntimezone: Mars/Base\n", 3, "no time zone is called 'Mars/Base'"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01}\n- {id: UPD-01}\n", 5, "the rule UPD-01 stands here twice"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: upd-1}\n", 4, "is not spelled as this field must be"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, values: {days: two}}\n", 4, "'two' is not spelled"),
    ("profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, values: {dais: '2'}}\n", 4, "unknown key 'dais'"),
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


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Exception, match="no profile is called 'duty'; there are gov-cn"):
        shipped_profile("duty")


def test_a_rule_that_no_program_knows_is_listed_as_unchecked(tmp_path: Path) -> None:
    own = profile_with("rules:" + RULE)

    found = good_site().verdict("OWN-01", tmp_path, profile=own)

    assert (found.status, found.why) == ("unchecked", "this program knows no way to check it")
