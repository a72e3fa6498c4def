"""`qianfa inspect`: a sheet for people, JSON for programs, status 1 where a rule fails; no repository needed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from built_sites import NOW, PROFILE, good_site
from command_line import QIANFA, Ran, environment, run, run_here
from site_changes import A, added, document, everywhere, posted, swapped, together

ZH = {"LC_ALL": "", "LANG": "zh_CN.UTF-8", "LANGUAGE": ""}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A built site that keeps every rule."""
    return good_site().write(tmp_path / "public")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """One with a veto, a lesser failure on all of its pages, and a still lesser one."""
    site = good_site()
    together(
        added(A, "<p>机密★10年</p>"),
        added(A, "<p>甲,乙</p>"),
        everywhere('type="search" id="q" name="q"', 'id="q" name="mail"'),
    )(site)
    everywhere('<label for="q">搜索</label>', "")(site)
    return site.write(tmp_path / "public")


def inspect(folder: Path, *options: str, **env: str) -> Ran:
    return run_here(
        "inspect", str(folder), "--now", NOW, *options, cwd=folder.parent, env=environment(folder.parent, **env)
    )


def found(ran: Ran) -> dict[str, dict[str, object]]:
    return {rule["id"]: rule for rule in json.loads(ran.out)["rules"]}


def test_a_site_that_keeps_every_rule_ends_with_status_0(good: Path) -> None:
    ran = inspect(good)

    assert (ran.status, ran.err) == (0, "")
    assert "Every rule that a program can check is kept (56)." in ran.out
    assert re.search(
        r"^vetoes +failed +passed +not applicable +not checkable +switched off\n0 +0 +56 +0 +9 +0$",
        ran.out,
        re.MULTILINE,
    )


def test_the_sheet_names_every_rule_once(bad: Path) -> None:
    out = inspect(bad).out

    for rule in PROFILE.rules:
        assert len(re.findall(rf"^ *{rule} ", out, re.MULTILINE)) == 1, rule


def test_vetoes_come_first_then_what_matters_less(bad: Path) -> None:
    ran = inspect(bad)

    assert ran.status == 1
    headings = ["Vetoes: each of these alone fails an inspection (1)", "Failed (3)", "Passed (52)", "A program cannot"]
    places = [ran.out.index(heading) for heading in headings]
    assert places == sorted(places)
    order = [ran.out.index(f"\n  {rule}  ") for rule in ("SEC-01", "PAGE-06", "A11Y-01", "TXT-04")]
    assert order == sorted(order)
    assert ran.out.rstrip().endswith("An inspector would stop here. Vetoes: 1.")


def test_what_stands_on_many_pages_is_told_once_with_a_few_of_them(bad: Path) -> None:
    out = inspect(bad).out

    assert out.count("the control q has no label") == 1
    assert re.search(r"the control q has no label\n(        \S+\.html\n){5}        and \d+ more\n", out)


def test_what_to_do_stands_below_each_failure(bad: Path) -> None:
    out = inspect(bad).out

    assert "      a mark of secrecy: 机密★\n        news/a.html\n      -> Withdraw it at once and report it" in out


def test_programs_are_told_everything_in_a_stable_shape(bad: Path) -> None:
    ran = inspect(bad, "--json")
    said = json.loads(ran.out)

    assert ran.status == 1
    assert set(said) == {
        "inspection", "output", "site", "address", "profile", "profile_title", "as_of", "pages", "files", "summary", "rules",
    }  # fmt: skip
    assert (said["inspection"], said["profile"], said["as_of"]) == (1, "gov-cn", NOW)
    assert (said["site"], said["address"], said["pages"]) == ("市科协", "https://www.kexie.gov.cn", 14)
    assert said["summary"] == {
        "pass": 52, "fail": 4, "not-applicable": 0, "unchecked": 9, "off": 0, "vetoes": 1, "checked": 56,
    }  # fmt: skip
    assert [rule["id"] for rule in said["rules"]] == list(PROFILE.rules)
    for rule in said["rules"]:
        assert set(rule) == {
            "id", "severity", "status", "veto", "source", "from_memory", "rule", "do", "looked_at", "why", "failures",
        }  # fmt: skip
    assert found(ran)["SEC-01"]["failures"] == [{"page": "news/a.html", "what": "a mark of secrecy: 机密★"}]
    assert len(found(ran)["A11Y-01"]["failures"]) == 14  # type: ignore[arg-type]  # a list


def test_json_is_in_english_whatever_the_language(bad: Path) -> None:
    assert inspect(bad, "--json", **ZH).out == inspect(bad, "--json").out


def test_the_same_site_and_moment_give_the_same_bytes(bad: Path) -> None:
    assert inspect(bad, "--json").out == inspect(bad, "--json").out


def test_rules_are_told_in_the_language_of_the_reader(bad: Path) -> None:
    out = inspect(bad, **ZH).out

    assert PROFILE.rules["SEC-01"].rule["zh"] in out
    assert PROFILE.rules["SEC-01"].do["zh"] in out
    assert PROFILE.rules["AVL-01"].why["zh"] in out
    assert PROFILE.rules["SEC-01"].rule["en"] not in out


def test_rules_can_be_left_out(bad: Path) -> None:
    ran = inspect(bad, "--skip", "SEC-01", "--skip", "TXT-04", "--json")

    assert {rule: found(ran)[rule]["status"] for rule in ("SEC-01", "TXT-04", "A11Y-01")} == {
        "SEC-01": "off", "TXT-04": "off", "A11Y-01": "fail",
    }  # fmt: skip
    assert found(ran)["SEC-01"]["why"] == "it was left out by --skip"


def test_rules_from_memory_can_be_left_out(good: Path) -> None:
    ran = inspect(good, "--only-sourced", "--json")

    off = {id for id, rule in found(ran).items() if rule["status"] == "off"}
    assert off == {id for id, rule in PROFILE.rules.items() if rule.from_memory == "yes"}
    assert len(off) == 7


def test_a_site_may_bring_rules_of_its_own(good: Path) -> None:
    own = good.parent / "own.yaml"
    own.write_text(
        "profile: '1'\nextends: gov-cn\nid: ours\nrules:\n- {id: UPD-01, values: {days: '0'}}\n- {id: ORG-01, on: no}\n"
    )

    ran = inspect(good, "--profile", str(own), "--json")

    assert ran.status == 1
    assert json.loads(ran.out)["profile"] == "ours"
    assert [id for id, rule in found(ran).items() if rule["status"] == "fail"] == ["UPD-01"]
    assert found(ran)["ORG-01"]["why"] == "the profile switches it off"


def test_an_association_is_not_held_against_what_is_asked_of_authorities_alone(good: Path) -> None:
    site = good_site()
    everywhere('<a href="https://bszs.conac.cn/x">党政机关标识</a>', "")(site)
    everywhere("网站标识码 6103000000", "")(site)
    everywhere('<meta name="SiteIDCode" content="6103000000">', "")(site)
    folder = site.write(good.parent / "association")

    as_authority, as_association = inspect(folder, "--json"), inspect(folder, "--profile", "association", "--json")

    assert {id for id, rule in found(as_authority).items() if rule["status"] == "fail"} == {
        "META-01",
        "META-02",
        "PAGE-05",
    }
    assert (as_association.status, json.loads(as_association.out)["profile"]) == (0, "association")
    assert found(as_association)["META-07"]["why"] == (
        "the profile switches it off: codes are issued to the websites of public bodies alone"
    )
    assert "网站标识码只发给政府网站和事业单位网站" in inspect(folder, "--profile", "association", **ZH).out


def test_what_could_not_be_checked_of_a_rule_is_said_beside_it(good: Path) -> None:
    site = good_site()
    document(成文日期="2019-01-07")(site)
    folder = site.write(good.parent / "old")

    ran = inspect(folder)

    assert ran.status == 0
    assert "  DOC-05  The" not in ran.out.partition("Passed")[0]
    assert (
        "the profile lists no holidays of 2019, 2020, 2021, 2022, 2023, 2024: 1 documents could not be checked"
        in " ".join(ran.out.split())
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, dais: '2'}\n",
            "own.yaml:4: rules[0]: unknown key 'dais'",
        ),
        (
            "profile: '1'\nextends: gov-cn\nrules:\n- {id: UPD-01, on: maybe}\n",
            "own.yaml:4: rules[0].on: 'maybe' is not one",
        ),
        ("profile: '1'\nextends: us\n", "own.yaml:2: no profile is called 'us'; there are gov-cn, association"),
        (
            "profile: '1'\nextends: association\nrules:\n- id: UPD-01\n  values:\n    dais: '2'\n",
            "own.yaml:6: the rule UPD-01 has no use for the value 'dais'; did you mean days?",
        ),
        (
            "profile: '1'\nextends: gov-cn\nrules:\n- {id: UDP-01, on: no}\n",
            "own.yaml:4: no rule is called 'UDP-01'; did you mean UPD-01?",
        ),
        ("- a\n", "own.yaml:1: ['a'] is not a mapping"),
        ("a: [\n", "own.yaml:2: not YAML"),
    ],
)
def test_a_profile_that_is_wrong_is_refused_with_its_line(good: Path, text: str, complaint: str) -> None:
    (good.parent / "own.yaml").write_text(text)

    ran = inspect(good, "--profile", "own.yaml")

    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint.startswith(complaint)
    assert ran.complaint.endswith("see how a profile is written in docs/inspection.md")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (
            ("--profile", "gov-uk"),
            "--profile: no profile is called 'gov-uk'; there are gov-cn, association; name one of these",
        ),
        (("--profile", "gone.yaml"), "gone.yaml: there is no such file; name a profile"),
        (("--skip", "OWN-77"), "--skip: the profile has no rule OWN-77; see its rules with: qianfa inspect"),
        (("--skip", "UPD-99"), "--skip: the profile has no rule UPD-99; did you mean UPD-0"),
        (("--now", "soon"), "--now: 'soon' is not an instant"),
    ],
)
def test_options_that_make_no_sense_are_refused(good: Path, options: tuple[str, ...], complaint: str) -> None:
    ran = run_here("inspect", str(good), *options, cwd=good.parent, env=environment(good.parent))

    assert (ran.status, ran.out) == (2, "")
    assert ran.complaint.startswith(complaint)


def test_what_is_no_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert inspect(tmp_path / "gone").complaint.startswith(f"{tmp_path}/gone: there is no such folder")
    assert inspect(tmp_path / "empty").complaint.startswith(f"{tmp_path}/empty: there is no index.html in it")
    assert inspect(tmp_path / "gone").status == 2


def test_programs_are_told_of_errors_in_json(tmp_path: Path) -> None:
    said = json.loads(inspect(tmp_path / "gone", "--json").out)

    assert (said["error"], said["what"], said["status"]) == (1, "there is no such folder", 2)


def test_nothing_on_a_page_steers_the_terminal(tmp_path: Path) -> None:
    site = good_site()
    together(
        swapped("index.html", 'content="市科协"', 'content="\x1b[31m红\x07"'), posted(0, source="\x1b]0;x\x07新华社")
    )(site)
    site.put("news/\x1b[2J.html", "<title>x</title>")

    ran = inspect(site.write(tmp_path / "public"))

    assert ran.status == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", ran.out)


def test_it_runs_where_there_is_no_repository_and_changes_nothing(good: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in good.rglob("*")}

    ran = run(QIANFA, "inspect", "public", "--now", NOW, cwd=good.parent, env=environment(good.parent))

    assert (ran.status, ran.err) == (0, "")
    assert {path: path.stat().st_mtime_ns for path in good.rglob("*")} == before
