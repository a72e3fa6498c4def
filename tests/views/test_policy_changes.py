"""What a change of policy changes, in words: each change has its sentence, and what is the same has none."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import COLUMNS, OFFICES, UNITS, WORKFLOWS, Key

from review.formats import policy_files
from review.model.columns import Column, Site
from review.model.policies import Policy
from review.views import column_changes, file_changes, policy_changes
from review.views.policy_sentences import moved

KEYS = {person: Key() for person in OFFICES}
NEW = Key()


def people_text() -> str:
    lines = ["administrators: {needs: 2, people: [admin-a, admin-b, admin-c]}", UNITS.rstrip(), "people:"]
    for person, held in OFFICES.items():
        lines += [f"  {person}: {{name: 示例{person}, offices: [{', '.join(held)}], keys: [{KEYS[person].public}]}}"]
    return "\n".join(lines) + "\n"


PEOPLE = people_text()
FILES = {"columns.yaml": COLUMNS, "people.yaml": PEOPLE, "workflows.yaml": WORKFLOWS}


def policy(**changed: str) -> Policy:
    files = FILES | {f"{name}.yaml": text for name, text in changed.items()}
    found, problems = policy_files.parse({path: text.encode() for path, text in files.items()})
    assert found is not None, problems
    return found


def words(file: str, *edits: tuple[str, str]) -> list[str]:
    """Return what is said once a file is edited; every edit finds its place."""
    text = FILES[f"{file}.yaml"]
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    after = policy(**{file: text})
    there = policy_changes.changes(policy(), after)
    back = policy_changes.changes(after, policy())
    assert there
    assert back
    assert {one.file for one in (*there, *back)} == {f"{file}.yaml"}
    return [one.text for one in there]


KEY, LEADER = KEYS["leader-1"], KEYS["leader-1"].public


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("people", "needs: 2", "needs: 3", ["administrators: 2 of 3 → 3 of 3"]),
        ("people", "admin-b, admin-c]", "admin-b, admin-c, head-fx]",
         ["head-fx becomes an administrator", "administrators: 2 of 3 → 2 of 4"]),
        ("people", "admin-b, admin-c]", "admin-c]",
         ["admin-b is no administrator any more", "administrators: 2 of 3 → 2 of 2"]),
        ("people", "[admin-a, admin-b", "[admin-b, admin-a", ["administrators: the order is another"]),
        ("people", "眉县科协", "眉县", ["the unit mx is now called 眉县, not 眉县科协"]),
        ("people", "people:\n", "  zz: {title: 新, group: county}\npeople:\n", ["the unit zz is new: 新, of the group county"]),
        ("people", "mx: {title: 眉县科协, group: county}", "mx: {title: 眉县科协, group: department}",
         ["the unit mx is now of the group department, not county"]),
        ("people", "示例leader-1", "示例甲", ["leader-1 is now called 示例甲, not 示例leader-1"]),
        ("people", "offices: [leader@county], ", "offices: [leader@county, leader@department], ",
         ["leader-1 gains leader@department"]),
        ("people", "offices: [leader@county], ", "offices: [], ", ["leader-1 loses leader@county"]),
        ("people", "offices: [leader@county], ",
         "offices: [leader@county, leader@department], stands_in: [leader@department], ",
         ["leader-1 stands in for leader@department (代签)"]),
        ("people", "offices: [leader@county], ", "offices: [leader@county], stands_in: [leader@county], ",
         ["leader-1 now holds leader@county as a stand-in only (代签)"]),
        ("people", f"keys: [{LEADER}]", f"keys: [{NEW.public}]",
         [f"leader-1 has a new key {NEW.fingerprint}", f"leader-1's key {KEY.fingerprint} is taken out"]),
        ("people", f"keys: [{LEADER}]", f"keys: [{{key: {LEADER}, compromised: yes}}]",
         [f"leader-1's key {KEY.fingerprint} is marked compromised: nothing it ever signed counts"]),
        ("columns", "title: 测试站", "title: 新站", ["the site's title is 新站, not 测试站"]),
        ("columns", "- id: news\n", "- {id: garden, title: 园地, lead: [kpb], support: [fx], open_to: [county]}\n- id: news\n",
         ["the column garden is new: 园地; led by kpb, supported by fx, open to county",
          "the column garden: its duty is as-needed", "the column garden: its type is news"]),
        ("columns", "  - {id: outline, title: 纲要实施}\n", "", ["the column popular-science/outline (纲要实施) is taken out"]),
        ("columns", "工作动态", "动态", ["the column news is now called 动态, not 工作动态"]),
        ("columns", "open_to: [county, department, institution]", "open_to: [county]",
         ["the column news: open to county; before: open to county, department, institution"]),
        ("columns", "title: 工作动态", "title: 工作动态\n  duty: yearly",
         ["the column news: its duty is yearly, not as-needed"]),
        ("columns", "metadata: [Topic_word]", "metadata: []",
         ["the column files: its metadata is empty, not Topic_word"]),
        ("workflows", "分管领导终审, by: leader@unit}", "分管领导终审, by: leader@unit, needs: 2}",
         ["article: the stage leader now takes 2 people, not 1"]),
        ("workflows", "    - {id: publicity, title: 宣调部复审, by: reviewer@publicity}\n", "",
         ["article: the stage publicity (宣调部复审) is taken out"]),
        ("workflows", "    - {id: head,", "    - {id: look, title: 初看, by: head@fx}\n    - {id: head,",
         ["article: the stage look (初看) is new, after draft, by head@fx"]),
        ("workflows", "may_amend: yes, paper: yes", "may_amend: no",
         ["article: the stage head may not change the files any more",
          "article: the stage head may not be signed on paper any more"]),
        ("workflows", "by: reviewer@publicity}", "by: [reviewer@publicity, head@publicity]}",
         ["article: the stage publicity is now signed by reviewer@publicity, head@publicity, not reviewer@publicity"]),
        ("workflows", "same_person: allowed", "same_person: refused", ["short: nobody may sign two stages any more"]),
        ("workflows", "kinds: [video]", "kinds: [video, film]", ["short: its kinds is video, film, not video"]),
        ("workflows", "by: [reviewer@publicity, leader@unit, publisher@info-centre]}", "by: leader@unit}",
         ["withdrawing is now for leader@unit, not reviewer@publicity, leader@unit, publisher@info-centre"]),
    ],
    ids=lambda value: value if value in ("people", "columns", "workflows") else "",  # keys are other ones in each process
)  # fmt: skip
def test_each_change_has_its_sentence(file: str, old: str, new: str, said: list[str]) -> None:
    assert words(file, (old, new)) == said


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Site)])
def test_whatever_the_site_says_otherwise_of_itself_is_told(name: str) -> None:
    before = policy().columns
    was = getattr(before.site, name)
    now: Any = not was if isinstance(was, bool) else (*was, "new") if isinstance(was, tuple) else f"{was} new"
    after = dataclasses.replace(before, site=dataclasses.replace(before.site, **{name: now}))
    (said,) = column_changes.changes(before, after)
    assert said.kind == "site-changed"
    assert f"the site's {name} is " in str(said.text)


PLACE = {"id", "parent", "children"}


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Column) if field.name not in PLACE])
def test_whatever_a_column_says_otherwise_is_told(name: str) -> None:
    before = policy().columns
    column = before.columns["news"]
    was = getattr(column, name)
    now: Any = 7 if name == "within" else (*was, "new") if isinstance(was, tuple) else f"{was}new"
    after = dataclasses.replace(before, columns=before.columns | {"news": dataclasses.replace(column, **{name: now})})
    (said,) = column_changes.changes(before, after)
    assert said.subject == "news"
    assert "new" in str(said.text) or "7" in str(said.text)


def test_somebody_new_is_told_with_offices_and_keys_and_somebody_gone_with_what_they_held() -> None:
    line = next(line for line in PEOPLE.split("\n") if line.startswith("  leader-1:"))
    gone = words("people", (line + "\n", ""))
    assert gone == ["leader-1 (示例leader-1) is taken out, with leader@county"]
    new = line.replace("leader-1", "leader-3").replace(LEADER, NEW.public)
    assert words("people", (line, f"{line}\n{new}")) == [
        "leader-3 is new: 示例leader-3",
        "leader-3 gains leader@county",
        f"leader-3 has a new key {NEW.fingerprint}",
    ]


def test_columns_that_change_places_are_told_by_the_fewest_moves() -> None:
    files = "- {id: files, title: 文件, lead: [kpb], metadata: [Topic_word]}\n"
    assert words("columns", (files, ""), ("- id: news\n", f"{files}- id: news\n")) == [
        "the column files now comes first"
    ]


def test_a_column_under_another_parent_has_another_address() -> None:
    outline = "  - {id: outline, title: 纲要实施}\n"
    edits = ((outline, ""), ("- {id: files,", "- {id: outline, title: 纲要实施, lead: [kpb]}\n- {id: files,"))
    assert words("columns", *edits) == [
        "the column popular-science/outline is now outline, with another address; led by kpb"
    ]


def test_the_same_policy_has_nothing_to_say_and_a_first_one_says_so() -> None:
    assert policy_changes.changes(policy(), policy(people=PEOPLE.replace("people:\n", "people: # all\n", 1))) == ()
    (first,) = policy_changes.changes(None, policy())
    assert first.text == "this is the first policy: 14 people, 5 columns"


@given(st.permutations("abcdefg"), st.permutations("cdefghi"))
def test_what_moved_is_enough_to_explain_the_order_and_no_more(before: list[str], after: list[str]) -> None:
    common = [one for one in after if one in before]
    found = moved(before, after)
    assert [one for one in before if one in common and one not in found] == [one for one in common if one not in found]
    assert found == [one for one in common if one in found]
    assert bool(found) == (common != [one for one in before if one in common])


def test_other_files_are_named_with_the_lines_that_changed() -> None:
    before = {
        "a": ("100644", b"1\n2\n3\n"),
        "b": ("100644", b"x"),
        "c": ("100644", b"\0\1"),
        "d": ("100644", b"run"),
        "same": ("100644", b"same"),
        "told.yaml": ("100644", b"a: 1\n"),
    }
    after = {
        "a": ("100644", b"1\n3\n4\n5\n"),
        "c": ("100644", b"\0\1\2"),
        "d": ("100755", b"run"),
        "e": ("100644", b"new"),
        "same": ("100644", b"same"),
        "told.yaml": ("100644", b"a: 2\n"),
    }
    assert [one.text for one in file_changes.changes(before, after)] == [
        "a changed (+2 −1 lines)",
        "b is taken out",
        "c changed (2 bytes → 3 bytes)",
        "d may now be run as a program",
        "e is new (3 bytes)",
        "told.yaml changed (+1 −1 lines)",
    ]


OFFICE = ", by: head@unit, may_amend: yes, paper: yes}"
ARTICLE = WORKFLOWS[WORKFLOWS.index("  article:") : WORKFLOWS.index("  major:")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: 图文信息", "title: 别的", "别的"),
        ("kinds: [article, reply]", "kinds: [article]", "kinds article "),
        ("groups: [county, department, institution]", "groups: [county, department]", "groups county, department;"),
        ("    stages:", "    major: yes\n    stages:", "major: yes"),
        ("    stages:", "    same_person: allowed\n    stages:", "WARNING: one person may now sign several stages"),
        ("by: leader@unit}", "by: officer@unit}", "the stage leader (分管领导终审) is signed by officer@unit"),
        ("id: leader,", "id: chief,", "the stage chief (分管领导终审) is signed by leader@unit"),
        ("title: 分管领导终审", "title: 终审", "the stage leader (终审)"),
        ("by: leader@unit}", "by: leader@unit, needs: 2}", "the stage leader now takes 2 people, not 1"),
        ("by: leader@unit}", "by: leader@unit, may_amend: yes}", "the stage leader may now change the files"),
        ("by: leader@unit}", "by: leader@unit, paper: yes}", "the stage leader may now be signed on paper"),
    ],
)
def test_a_workflow_under_another_name_is_told_whole(old: str, new: str, told: str) -> None:
    """Whoever renames a workflow and changes what it demands has both told."""
    assert old in ARTICLE
    renamed = ARTICLE.replace("  article:", "  texts:")
    plain = words("workflows", (ARTICLE, renamed))
    changed = words("workflows", (ARTICLE, renamed.replace(old, new, 1)))
    assert any(told in one for one in changed)
    assert not any(told in one for one in plain)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("by: officer@unit", ", by officer@unit"),
        ("by: leader@unit, needs: 3", "article: the stage chief now takes 3 people, not 1"),
        ("by: leader@unit, may_amend: yes", "article: the stage chief may now change the files"),
        ("by: leader@unit, paper: yes", "article: the stage chief may now be signed on paper"),
    ],
)
def test_a_stage_under_another_name_is_told_with_its_rules(rule: str, told: str) -> None:
    before = "{id: leader, title: 分管领导终审, by: leader@unit}"
    said = words("workflows", (before, f"{{id: chief, title: 分管领导终审, {rule}}}"))
    assert any(told in one for one in said)
    assert not any(told in one for one in words("workflows", (before, before.replace("id: leader", "id: chief"))))


@pytest.mark.parametrize(
    "rule",
    [
        "duty: yearly",
        "type: overview",
        "metadata: [Other_word]",
        "description: 说明",
        "lead: [fx]",
        "support: [mx]",
        "open_to: [county]",
    ],
)
@pytest.mark.parametrize("id", ["files", "papers"])
def test_every_rule_of_a_column_is_told_under_its_own_name_and_under_a_new_one(id: str, rule: str) -> None:
    column = "{id: files, title: 文件, lead: [kpb], metadata: [Topic_word]}"
    base = {"id": id, "title": "文件" if id == "files" else "别", "lead": "[kpb]", "metadata": "[Topic_word]"}
    name, _, value = rule.partition(": ")
    other = ", ".join(f"{key}: {one}" for key, one in (base | {name: value}).items())
    said = words("columns", (column, f"{{{other}}}"))
    assert any(value.strip("[]") in one for one in said)


def test_a_column_with_another_address_and_other_rules_has_both_told() -> None:
    outline = "  - {id: outline, title: 纲要实施}\n"
    edits = (
        (outline, ""),
        ("- {id: files,", "- {id: outline, title: 纲要实施, lead: [kpb], duty: yearly}\n- {id: files,"),
    )
    assert "the column outline: its duty is yearly, not as-needed" in words("columns", *edits)


@pytest.mark.parametrize("id", ["leader-1", "somebody"])
@pytest.mark.parametrize("field", ["name", "offices", "keys", "compromised", "stands_in"])
def test_every_field_of_a_person_is_told_under_their_own_id_and_under_a_new_one(id: str, field: str) -> None:
    before = policy()
    person = before.people.people["leader-1"]
    value = {
        "name": "别人",
        "offices": (*person.offices, dataclasses.replace(person.offices[0], name="boss")),
        "keys": ("SHA256:boss",),
        "compromised": ("SHA256:boss",),
        "stands_in": person.offices,
    }[field]
    after = dataclasses.replace(person, id=id, **{field: value})  # type: ignore[arg-type]
    rest = {name: one for name, one in before.people.people.items() if name != "leader-1"}
    people = dataclasses.replace(before.people, people=rest | {id: after})
    said = [one.text for one in policy_changes.changes(before, dataclasses.replace(before, people=people))]
    word = {"name": "别人", "stands_in": "代签"}.get(field, "boss")
    assert any(word in one for one in said)


def test_the_order_of_workflows_and_of_who_may_sign_is_told() -> None:
    before = policy()
    flows = dataclasses.replace(before.workflows, workflows=before.workflows.workflows[::-1])
    (said,) = policy_changes.changes(before, dataclasses.replace(before, workflows=flows))
    assert said.text == "the workflows stand in another order"
    flows = dataclasses.replace(before.workflows, withdrawal=before.workflows.withdrawal[::-1])
    assert policy_changes.changes(before, dataclasses.replace(before, workflows=flows))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\n" * 2500, "b\na\n" * 2500),
        ("a\n" * 4999, "b\n" + "a\n" * 2000 + "b\n"),
        ("".join(f"{n % 7}\n" for n in range(4999)), "".join(f"{n % 11}\n" for n in range(4999))),
        ("".join(f"{n}\n" for n in range(4999)), "".join(f"{n}\n" for n in reversed(range(4999)))),
    ],
)
def test_lines_of_hostile_files_are_counted_at_once_and_never_as_none(old: str, new: str) -> None:
    begin = time.process_time()
    counted = file_changes.lines(old.encode(), new.encode())
    assert time.process_time() - begin < 0.5
    assert counted
    assert any(counted)
