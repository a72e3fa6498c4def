"""The policy's files: read as the format has them; every contradiction is found, with its file and line."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats import policy_files
from review.model.people import Office
from review.model.policies import Policy

ROOT = Path(__file__).parents[2]


def ed25519(number: int) -> str:
    """A well-formed public key; each number another one."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


KEYS = [ed25519(number) for number in range(1, 8)]

COLUMNS = """\
site: {id: test-site, title: 测试站, url: https://example.org, timezone: Asia/Shanghai, language: zh-cn}
columns:
- id: news
  title: 工作动态
  open_to: [county]
- id: popular-science
  title: 科学普及
  lead: [kpb]
  duty: yearly
  type: topic
  metadata: [Topic_word]
  columns:
  - {id: activities, title: 科普活动, support: [fx]}
  - id: outline
    title: 纲要实施
    lead: [fx]
"""
WORKFLOWS = """\
workflows:
  article:
    title: 图文信息
    kinds: [article, reply]
    groups: [county, department]
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: head, title: 负责人审改, by: [head@unit, head@kpb], may_amend: yes, paper: yes, needs: 2}
    - {id: leader, title: 终审, by: leader@county}
  major:
    title: 重大事项
    kinds: [article]
    groups: [county]
    major: yes
    same_person: allowed
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
withdrawal: {by: leader@unit}
"""
PEOPLE = f"""\
administrators: {{needs: 2, people: [admin-a, admin-b]}}
units:
  fx: {{title: 凤翔区科协, group: county}}
  kpb: {{title: 科普部, group: department}}
people:
  admin-a:
    name: 示例管理员甲
    offices: []
    keys:
    - {KEYS[0]}
  admin-b:
    name: 示例管理员乙
    offices: [officer@fx]
    keys:
    - {KEYS[1]}
    - {KEYS[2]} at home
  leader-1:
    name: 示例领导
    offices: [leader@county, head@fx]
    keys: []
"""
FILES = {"columns.yaml": COLUMNS, "workflows.yaml": WORKFLOWS, "people.yaml": PEOPLE}
Answer = tuple[Policy | None, tuple[FormatError, ...]]


def parse(**changed: str | bytes) -> Answer:
    """Parse the three files, some of them changed; `people` stands for people.yaml."""
    given = {f"{name}.yaml": data for name, data in changed.items()}
    return policy_files.parse(
        {path: data.encode() if isinstance(data, str) else data for path, data in (FILES | given).items()}
    )


def marked(key: str) -> str:
    """The entry of a key that is marked as compromised."""
    return f"{{key: {key}, compromised: yes}}"


def good(**changed: str | bytes) -> Policy:
    policy, problems = parse(**changed)
    assert not problems, problems
    assert policy is not None
    return policy


def where(errors: tuple[FormatError, ...]) -> list[str]:
    return [error.where for error in errors]


def changed(name: str, old: str, new: str) -> dict[str, str]:
    text = FILES[f"{name}.yaml"]
    assert text.count(old) >= 1, old
    return {name: text.replace(old, new, 1)}


# What is read.


def test_site_and_columns_are_read_and_a_sub_column_inherits_what_it_leaves_out() -> None:
    columns = good().columns
    assert (columns.site.id, columns.site.timezone) == ("test-site", "Asia/Shanghai")
    assert list(columns.columns) == ["news", "popular-science", "popular-science/activities", "popular-science/outline"]
    activities, outline = columns.columns["popular-science/activities"], columns.columns["popular-science/outline"]
    assert (activities.lead, activities.support, activities.open_to) == (("kpb",), ("fx",), ())
    assert (activities.duty, activities.type, activities.metadata) == ("yearly", "topic", ("Topic_word",))
    assert (outline.lead, outline.support, outline.parent) == (("fx",), (), "popular-science")
    assert columns.columns["popular-science"].children == tuple(list(columns.columns)[2:])
    assert columns.columns["news"].duty == "as-needed"


SAYS_MORE = COLUMNS.replace(
    "language: zh-cn}",
    """language: zh-cn, description: 一句话, keywords: [科普, 科协],
  organiser: 示例科协, phone: 0917-0000000, email: web@example.org, id_code: "6100000000", icp: 陕ICP备00000000号-1,
  badge: "https://bszs.example.org/a?b=1", corrections: "mailto:web@example.org", grey: yes, own_hosts: [gov.cn],
  media: ["https://media.example.org/films/"], index_number: "[A-Z]{2}-[0-9]+"}""",
).replace("duty: yearly\n", "duty: yearly\n  label: 数据发布\n  within: 30\n  keywords: [科普活动]\n")


def test_what_the_pages_say_of_who_runs_the_site_is_read_and_empty_where_nobody_gave_it() -> None:
    said, silent = good(columns=SAYS_MORE).columns.site, good().columns.site
    assert (said.organiser, said.keywords, said.grey, said.own_hosts) == (
        "示例科协",
        ("科普", "科协"),
        True,
        ("gov.cn",),
    )
    assert (said.media, said.index_number) == (("https://media.example.org/films/",), "[A-Z]{2}-[0-9]+")
    assert (silent.organiser, silent.keywords, silent.grey, silent.own_hosts, silent.operator) == (
        "",
        (),
        False,
        (),
        "",
    )


def test_a_sub_column_inherits_label_and_limit_and_has_its_own_keywords() -> None:
    columns = good(columns=SAYS_MORE).columns.columns
    outline = columns["popular-science/outline"]
    assert (outline.label, outline.within, outline.keywords) == ("数据发布", 30, ())
    assert (columns["news"].label, columns["news"].within) == ("", None)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id_code", "12345"), ("id_code", "bm1234567"), ("badge", "javascript:alert(1)"), ("badge", '"https://a\"b/"'),
        ("corrections", "mailto:"), ("corrections", "data:text/html,x"), ("grey", "maybe"), ("email", "nobody"),
        ("media", '["https://media.example.org"]'), ("media", '["https://a@media.example.org/"]'),
        ("media", '["file:///etc/"]'), ("media", '["https://media.example.org/?a/"]'), ("own_hosts", "['*.cn']"),
        ("index_number", '"("'), ("keywords", "one"), ("keywords", "[]x"), ("unknown", "x"),
    ],
)  # fmt: skip
def test_what_the_site_says_of_itself_has_to_have_its_form(key: str, value: str) -> None:
    policy, problems = parse(columns=COLUMNS.replace("zh-cn}", f"zh-cn, {key}: {value}}}"))
    assert policy is None
    assert where(problems) == ["columns.yaml:1"]


def test_a_column_takes_from_units_that_lead_or_support_it_and_from_groups_it_is_open_to() -> None:
    columns = good().columns.columns
    assert columns["news"].takes_from("fx", "county")
    assert not columns["news"].takes_from("kpb", "department")
    assert columns["popular-science/activities"].takes_from("fx", "county")
    assert not columns["popular-science"].takes_from("fx", "county")
    assert not columns["popular-science"].takes_from("county", "kpb")


def test_people_offices_keys_and_administrators_are_read() -> None:
    people = good().people
    assert (people.needs, people.administrators) == (2, ("admin-a", "admin-b"))
    assert people.people["leader-1"].offices == (Office(name="leader", place="county"), Office(name="head", place="fx"))
    assert len(people.people["admin-b"].keys) == 2
    assert all(key.startswith("SHA256:") for key in people.owners)
    assert list(people.owners.values()) == ["admin-a", "admin-b", "admin-b"]


def test_a_marked_key_is_nobodys_to_use_and_still_belongs_to_one_person() -> None:
    people = good(people=PEOPLE.replace(KEYS[1], marked(KEYS[1]))).people
    admin = people.people["admin-b"]
    assert (len(admin.keys), len(admin.public_keys), len(admin.compromised)) == (1, 1, 1)
    (lost,) = admin.compromised
    assert people.compromised == frozenset({lost})
    assert (lost in people.owners, people.key_is(lost, "admin-b"), people.holder(lost)) == (False, False, "admin-b")
    assert (people.holder(admin.keys[0]), people.holder("SHA256:none")) == ("admin-b", "")


def test_administrators_without_any_key_are_a_template_and_no_contradiction() -> None:
    keyless = PEOPLE.replace(f"    - {KEYS[0]}\n", "").replace("offices: []\n    keys:", "offices: []\n    keys: []")
    assert good(people=keyless).people.people["admin-a"].keys == ()
    assert good(people=keyless.replace(KEYS[1], marked(KEYS[1]))).people.compromised


def test_an_office_held_for_somebody_else_is_held_and_said_to_be() -> None:
    people = good(people=PEOPLE.replace("head@fx]", "head@fx]\n    stands_in: [leader@county]")).people
    leader, head = Office(name="leader", place="unit"), Office(name="head", place="unit")
    assert people.holds("leader-1", (leader,), "fx")
    assert people.stands_in("leader-1", (leader,), "fx")
    assert not people.stands_in("leader-1", (leader,), "kpb")
    assert not people.stands_in("leader-1", (head,), "fx")
    assert not people.stands_in("leader-1", (leader, head), "fx")
    assert not people.stands_in("admin-b", (leader,), "fx")
    assert not people.stands_in("nobody", (leader,), "fx")


def test_an_office_of_a_group_holds_for_every_unit_of_the_group_and_not_the_other_way_round() -> None:
    people = good().people
    leader, head = Office(name="leader", place="unit"), Office(name="head", place="unit")
    assert people.holds("leader-1", (leader,), "fx")
    assert not people.holds("leader-1", (leader,), "kpb")
    assert people.holds("leader-1", (head,), "fx")
    assert people.holds("leader-1", (Office(name="leader", place="county"),), "kpb")
    assert not people.holds("leader-1", (Office(name="head", place="county"),), "fx")
    assert not people.holds("nobody", (leader,), "fx")
    assert not people.holds("leader-1", (), "fx")


def test_workflows_are_read() -> None:
    workflows = good().workflows
    article, major = workflows.workflows
    assert [stage.id for stage in article.slots] == ["draft", "head", "head", "leader"]
    head = article.stages[1]
    assert (head.may_amend, head.paper, head.needs) == (True, True, 2)
    assert head.by == (Office(name="head", place="unit"), Office(name="head", place="kpb"))
    assert (article.major, article.same_person, major.major, major.same_person) == (False, False, True, True)
    assert workflows.withdrawal == (Office(name="leader", place="unit"),)


def test_the_sites_own_policy_files_are_free_of_contradictions() -> None:
    """The sample site needs only administrators to be a policy."""
    files = {path: (ROOT / path).read_bytes() for path in policy_files.FILES}
    people = yaml.safe_load(files["people.yaml"])
    people["people"] = (people["people"] or {}) | {"a": {"name": "a", "offices": [], "keys": [KEYS[6]]}}
    people["administrators"] = {"needs": "1", "people": ["a"]}
    files["people.yaml"] = json.dumps(people, ensure_ascii=False).encode()
    policy, problems = policy_files.parse(files)
    assert [str(problem) for problem in problems] == []
    assert policy is not None


# What is refused.


@pytest.mark.parametrize("name", ["columns", "people", "workflows"])
def test_a_policy_without_one_of_its_files_is_none(name: str) -> None:
    files = {path: data.encode() for path, data in FILES.items() if path != f"{name}.yaml"}
    policy, problems = policy_files.parse(files)
    assert policy is None
    assert where(problems) == [f"{name}.yaml"]


@pytest.mark.parametrize("name", ["columns", "people", "workflows"])
@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda text: "", 1),
        (lambda text: "[]\n", 1),
        (lambda text: text + "unknown: 1\n", None),
        (lambda text: "x: &a 1\n" + text, 1),
        (lambda text: text.replace("\n", "\r\n"), 1),
        (lambda text: "\ufeff" + text, 1),
        (lambda text: "a: 1\na: 2\n" + text, 2),
        (lambda text: text.replace("\n", "\n# \u202e\n", 1), 2),
    ],
)  # fmt: skip
def test_a_file_that_is_no_strict_yaml_or_of_another_shape_makes_no_policy(
    name: str, spoil: Callable[[str], str], line: int | None
) -> None:
    policy, problems = parse(**{name: spoil(FILES[f"{name}.yaml"])})
    assert policy is None
    (problem,) = problems
    assert problem.where.partition(":")[0] == f"{name}.yaml"
    assert problem.line == line if line else problem.line >= 1


def test_a_bad_pattern_of_index_numbers_is_named_with_its_key_and_an_example() -> None:
    policy, (problem,) = parse(columns=COLUMNS.replace("site: {", "site: {\n  index_number: '^CZ[', ", 1))
    assert policy is None
    assert problem.line == 2
    assert problem.what == "index_number is no regular expression: '^CZ['; one is such as CZ[0-9]{2}-[0-9]{4}"
    assert parse(columns=COLUMNS.replace("site: {", "site: {index_number: 'CZ[0-9]{2}-[0-9]{4}', ", 1))[1] == ()


def test_a_file_over_a_mebibyte_is_refused() -> None:
    policy, problems = parse(people=PEOPLE + "#" * (1 << 20))
    assert policy is None
    assert where(problems) == ["people.yaml"]


def test_problems_of_several_files_are_all_named() -> None:
    _, problems = parse(
        columns=COLUMNS.replace("Asia/Shanghai", "Asia/Baoji").replace("lead: [kpb]", "lead: [nobody]"),
        people=PEOPLE.replace("needs: 2", "needs: 3"),
        workflows=WORKFLOWS.replace("id: leader", "id: draft"),
    )
    assert len(problems) >= 4
    assert {place.partition(":")[0] for place in where(problems)} == set(FILES)


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        # people.yaml
        ("people", "needs: 2", "needs: 0", 1, "needs is 0"),
        ("people", "needs: 2", "needs: 3", 1, "needs is 3"),
        ("people", "needs: 2, people: [admin-a, admin-b]", "needs: 1, people: []", 1, "needs is 1"),
        ("people", "[admin-a, admin-b]", "[admin-a, admin-x]", 1, "admin-x"),
        ("people", "fx: {title: 凤翔区科协, group: county}", "unit: {title: 凤翔区科协, group: county}", 3, "unit"),
        ("people", "group: department", "group: unit", 4, "unit"),
        ("people", "officer@fx", "officer@xx", 13, "xx"),
        ("people", "officer@fx", "officer@unit", 13, "unit"),
        ("people", KEYS[1], KEYS[0], 15, "admin-a"),
        ("people", KEYS[2] + " at home", KEYS[0] + " in another spelling", 16, "admin-a"),
        ("people", "keys: []", f"keys: [{KEYS[0]}]", 20, "admin-a"),
        ("people", KEYS[1], "ssh-dss AAAAB3NzaC1kc3MAAA", 15, "ssh-dss"),
        ("people", KEYS[1], "ssh-ed25519", 15, "key 1"),
        ("people", KEYS[1], KEYS[1][:-8], 15, "key 1"),
        ("people", KEYS[1], "keys/../people.yaml", 15, "keys/../people.yaml"),
        ("people", KEYS[1], "keys/none.asc", 15, "keys/none.asc"),
        ("people", KEYS[1], marked("keys/none.asc"), 15, "keys/none.asc"),
        ("people", KEYS[1], marked("ssh-ed25519"), 15, "key 1"),
        ("people", KEYS[1], marked(KEYS[0]), 15, "admin-a"),
        ("people", KEYS[1], marked(KEYS[2] + " elsewhere"), 16, "twice, once marked"),
        ("people", KEYS[0], marked(KEYS[0]), 1, "give admin-a a new key"),
        ("people", "head@fx]", "head@fx]\n    stands_in: [leader@fx]", 20, "stands in for leader@fx"),
        ("people", "head@fx]", "head@fx]\n    stands_in: [head@fx, leader@kpb]", 20, "leader@kpb"),
        # columns.yaml
        ("columns", "Asia/Shanghai", "Asia/Baoji", 1, "Asia/Baoji"),
        ("columns", "Asia/Shanghai", "../../etc/passwd", 1, "passwd"),
        ("columns", "Asia/Shanghai", "Asia", 1, "Asia"),
        ("columns", "Asia/Shanghai", "/etc/localtime", 1, "localtime"),
        ("columns", "open_to: [county]", "open_to: [nowhere]", 3, "nowhere"),
        ("columns", "open_to: [county]", "open_to: [fx]", 3, "fx"),
        ("columns", "open_to: [county]", "open_to: []", 3, "nobody may write"),
        ("columns", "lead: [kpb]", "lead: [xx]", 6, "xx"),
        ("columns", "lead: [kpb]", "lead: [county]", 6, "county"),
        ("columns", "support: [fx]", "support: [xx]", 13, "xx"),
        ("columns", "id: news", "id: popular-science", None, "twice"),
        ("columns", "id: activities", "id: outline", None, "twice"),
        ("columns", "id: news", "id: feeds", 3, "feeds"),
        ("columns", "id: news", "id: theme", 3, "theme"),
        ("columns", "id: news", "id: index", 3, "index"),
        ("columns", "id: activities", "id: page", 13, "page"),
        ("columns", "id: activities", "id: index", 13, "index"),
        ("columns", "Topic_word", "Save_as", 6, "Save_as"),
        ("columns", "Topic_word", "Slug", 6, "Slug"),
        ("columns", "Topic_word", "Status", 6, "Status"),
        ("columns", "Topic_word", "URL", 6, "URL"),
        # workflows.yaml
        ("workflows", "id: draft", "id: start", None, "first stage"),
        ("workflows", "id: leader", "id: head", None, "twice"),
        ("workflows", "id: leader", "id: withdraw", None, "withdraw"),
        ("workflows", "id: leader", "id: policy", None, "policy"),
        ("workflows", "leader@county", "leader@nowhere", 9, "nowhere"),
        ("workflows", "head@kpb", "head@xx", 8, "xx"),
        ("workflows", "groups: [county, department]", "groups: [county, fx]", 5, "fx"),
        ("workflows", "{by: leader@unit}", "{by: leader@xx}", 18, "xx"),
    ],
)  # fmt: skip
def test_files_that_contradict_each_other_make_no_policy(
    name: str, old: str, new: str, line: int | None, says: str
) -> None:
    policy, problems = parse(**changed(name, old, new))
    assert policy is None
    found = [problem for problem in problems if says in problem.what]
    assert found, [str(problem) for problem in problems]
    assert found[0].where.partition(":")[0] == f"{name}.yaml"
    if line is not None:
        assert (found[0].line, found[0].where) == (line, f"{name}.yaml:{line}")
    assert all("\n" not in str(problem) for problem in problems)


def test_a_stage_that_is_named_wrongly_has_its_own_line() -> None:
    for old, new, line in (
        ("id: leader", "id: head", 9),
        ("id: leader", "id: withdraw", 9),
        ("id: draft", "id: start", 7),
    ):
        _, problems = parse(**changed("workflows", old, new))
        assert [problem.line for problem in problems] == [line], (old, new)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("people", "needs: 2", "needs: -1"),
        ("people", "needs: 2", "needs: two"),
        ("people", "needs: 2", "needs: 2.0"),
        ("people", "needs: 2", "needs: ٢"),
        ("people", "needs: 2, ", ""),
        ("people", "[admin-a, admin-b]", "[admin-a, admin-a]"),
        ("people", "name: 示例领导\n", ""),
        ("people", "name: 示例领导\n", "name: 示例领导\n    email: x@example.org\n"),
        ("people", "leader@county, head@fx", "leader@county, leader@county"),
        ("people", "leader@county", "leader"),
        ("people", "leader@county", "Leader@county"),
        ("people", "leader@county", "leader@county@fx"),
        ("people", "offices: [leader@county, head@fx]", "offices: leader@county"),
        ("people", "leader-1:", "Leader-1:"),
        ("people", "leader-1:", "领导:"),
        ("people", "  fx:", "  f x:"),
        ("people", ", group: county", ""),
        ("people", "keys: []", "keys: none"),
        ("people", "keys: []", "keys: ['']"),
        ("people", "keys: []\n", ""),
        ("people", "keys: []", f"keys: [{{key: {KEYS[3]}}}]"),
        ("people", "keys: []", "keys: [{compromised: yes}]"),
        ("people", "keys: []", f"keys: [{{key: {KEYS[3]}, compromised: true}}]"),
        ("people", "keys: []", f"keys: [{{key: {KEYS[3]}, compromised: yes, why: lost}}]"),
        ("people", "keys: []", f"keys: [[{KEYS[3]}]]"),
        ("people", "keys: []", "keys: [{key: '', compromised: yes}]"),
        ("people", "head@fx]", "head@fx]\n    stands_in: head@fx"),
        ("people", "head@fx]", "head@fx]\n    stands_in: [head@fx, head@fx]"),
        ("people", "head@fx]", "head@fx]\n    stands_in: [head]"),
        ("columns", "id: news", "id: News"),
        ("columns", "id: news", "id: news/x"),
        ("columns", "id: news", "id: .."),
        ("columns", "id: news", "id: ''"),
        ("columns", "title: 工作动态\n", "title: ''\n"),
        ("columns", "duty: yearly", "duty: weekly"),
        ("columns", "type: topic", "type: other"),
        ("columns", "lead: [kpb]", "lead: kpb"),
        ("columns", "lead: [kpb]", "lead: [kpb, kpb]"),
        ("columns", "Topic_word", "topic-word"),
        ("columns", "url: https://example.org", "url: javascript:alert(1)"),
        ("columns", "url: https://example.org", "url: https://example.org/?x"),
        ("columns", "language: zh-cn", "language: ../zh"),
        ("columns", "id: test-site", "id: Test"),
        ("columns", ", timezone: Asia/Shanghai", ""),
        ("workflows", "major: yes", "major: true"),
        ("workflows", "same_person: allowed", "same_person: yes"),
        ("workflows", "needs: 2", "needs: 0"),
        ("workflows", "needs: 2", "needs: 1000"),
        ("workflows", "may_amend: yes", "may_amend: true"),
        ("workflows", "paper: yes", "paper: '1'"),
        ("workflows", "by: leader@unit", "by: []"),
        ("workflows", "by: leader@unit", "by: leader"),
        ("workflows", "kinds: [article, reply]", "kinds: []"),
        ("workflows", "groups: [county, department]", "groups: []"),
        ("workflows", "title: 重大事项\n", ""),
        ("workflows", "withdrawal: {by: leader@unit}\n", ""),
        ("workflows", "kinds: [article, reply]", "kinds: [article, article]"),
    ],
)
def test_a_file_of_another_shape_makes_no_policy_and_says_where(name: str, old: str, new: str) -> None:
    policy, problems = parse(**changed(name, old, new))
    assert policy is None
    (problem,) = problems
    assert problem.where.partition(":")[0] == f"{name}.yaml"
    assert problem.line >= 1


@pytest.mark.parametrize(
    ("name", "old", "line"),
    [
        ("people", "needs: 2", 1),
        ("people", "officer@fx", 13),
        ("people", "group: county", 3),
        ("columns", "id: news", 3),
        ("columns", "https://example.org", 1),
        ("columns", "id: test-site", 1),
        ("columns", "Topic_word", 11),
        ("columns", "[county]", 5),
        ("workflows", "officer@unit", 7),
        ("workflows", "needs: 2", 8),
        ("workflows", "[article, reply]", 4),
    ],
)
def test_a_value_with_a_line_end_behind_it_is_refused_with_its_line(name: str, old: str, line: int) -> None:
    """A pattern that ends in `$` would let it pass."""
    key, colon, value = old.rpartition(": ")
    first = value.strip("[]").split(",")[0]
    new = f'{key}{colon}["{first}\\n"]' if value.startswith("[") else f'{key}{colon}"{value}\\n"'
    policy, problems = parse(**changed(name, old, new))
    assert policy is None
    assert [problem.where for problem in problems] == [f"{name}.yaml:{line}"]


@pytest.mark.parametrize("bits", [1024, 2048])
def test_a_weak_key_makes_no_policy(bits: int) -> None:
    public = (
        rsa.generate_private_key(65537, bits).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    )
    policy, problems = parse(**changed("people", KEYS[2] + " at home", public))
    assert policy is None
    assert [(problem.line, str(bits) in problem.what) for problem in problems] == [(16, True)]


def test_a_key_of_small_order_makes_no_policy() -> None:
    """With such a key one signature would fit every statement."""
    blob = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + bytes([1]) + bytes(31)
    policy, problems = parse(**changed("people", KEYS[1], "ssh-ed25519 " + base64.b64encode(blob).decode()))
    assert policy is None
    assert [problem.line for problem in problems] == [15]


def test_one_person_may_have_the_same_key_twice() -> None:
    assert good(**changed("people", KEYS[2], KEYS[1])).people.owners[next(iter(good().people.owners))] == "admin-a"


def test_every_person_of_a_shared_key_is_named_once_more_for_each() -> None:
    people = PEOPLE.replace(KEYS[1], KEYS[0]).replace("keys: []", f"keys: [{KEYS[0]}]")
    _, problems = parse(people=people)
    assert len(problems) == 2


def test_keys_and_columns_of_a_policy_are_unlimited_but_by_the_files_size() -> None:
    columns = COLUMNS + "".join(f"- {{id: c{n}, title: c, lead: [fx]}}\n" for n in range(2_000))
    assert len(good(columns=columns).columns.columns) == 2_004


def test_a_column_may_be_nested_as_deep_as_the_files_nesting_lets_it() -> None:
    """Eight levels of YAML are three of columns: list, column, list, column, list, column below the top mapping."""
    nested = COLUMNS + (
        "- id: one\n  title: t\n  lead: [fx]\n  columns:\n"
        "  - id: two\n    title: t\n    columns:\n"
        "    - id: three\n      title: t\n"
    )
    assert good(columns=nested).columns.columns["one/two/three"].lead == ("fx",)
    policy, problems = parse(columns=nested + "      columns:\n      - {id: four, title: t, lead: [fx]}\n")
    assert policy is None
    assert "8" in problems[0].what


@given(place=st.integers(0, 2), at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_any_byte_of_a_policy_file_changed_makes_a_policy_or_problems_and_nothing_else(
    place: int, at: float, byte: int
) -> None:
    name = ("columns", "people", "workflows")[place]
    data = bytearray(FILES[f"{name}.yaml"].encode())
    data[int(at * len(data))] = byte
    policy, problems = parse(**{name: bytes(data)})
    assert (policy is None) == bool(problems)
    assert all(problem.where and "\n" not in str(problem) for problem in problems)
