"""The worked examples of the format, byte for byte, and the manifest's once more through a real repository."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from story import COLUMNS, OFFICES, Story, codes

from review.errors import FormatError
from review.formats import policy_files, records, statements
from review.formats.manifests import canonical_header, manifest_digest, manifest_text
from review.formats.strict_yaml import load
from review.model.instants import parse_instant
from review.model.manifests import ItemFile
from review.model.paths import POLICY_RECORD, record_of
from review.model.statements import Statement

VECTORS = Path(__file__).parents[1] / "vectors"
SITE = VECTORS / "manifest/site"
ITEM = "content/news/2026-11-20-春季讲座.md"


def read(path: str) -> Any:
    return json.loads((VECTORS / path).read_text(encoding="utf-8"))


def digest() -> str:
    return (VECTORS / "manifest/digest.txt").read_text(encoding="ascii").strip()


def item_files() -> list[ItemFile]:
    """The files of the example, in whatever order the folder lists them."""
    return [
        ItemFile(
            path=path.relative_to(SITE).as_posix(),
            mode="100644",
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            size=path.stat().st_size,
            blob="",
        )
        for path in sorted(SITE.rglob("*"), reverse=True)
        if path.is_file() and not path.name.endswith(".review.yaml")
    ]


# Manifests.


def test_the_canonical_header_of_the_example_is_these_bytes() -> None:
    record = records.parse((SITE / record_of(ITEM)).read_bytes(), item=ITEM)
    assert canonical_header(record.header.raw) == (VECTORS / "manifest/canonical-header.json").read_bytes()


def test_the_manifest_of_the_example_is_these_bytes_and_has_this_digest() -> None:
    record = records.parse((SITE / record_of(ITEM)).read_bytes(), item=ITEM)
    text = manifest_text(record.header.raw, item_files())
    assert text == (VECTORS / "manifest/manifest.txt").read_bytes()
    assert manifest_digest(record.header.raw, item_files()) == digest()


def test_the_header_hash_in_the_manifest_is_that_of_the_canonical_header() -> None:
    line = (VECTORS / "manifest/manifest.txt").read_text(encoding="utf-8").splitlines()[1]
    header = (VECTORS / "manifest/canonical-header.json").read_bytes()
    assert line == f"header {hashlib.sha256(header).hexdigest()}"


def fengxiang(path: Path) -> Story:
    """A site whose unit is called as in the example, with the example's files in the next commit."""
    story = Story(path)
    offices = {
        person: tuple(office.replace("@fx", "@fengxiang") for office in held) for person, held in OFFICES.items()
    }
    people = story.people(offices).replace("  fx: {", "  fengxiang: {")
    story.sign_policy(people=people, columns=COLUMNS.replace("support: [fx]", "support: [fengxiang]"))
    for file in SITE.rglob("*"):
        if file.is_file():
            story.write(file.relative_to(SITE).as_posix(), file.read_bytes())
    return story


def test_a_repository_with_the_files_of_the_example_has_its_manifest(tmp_path: Path) -> None:
    """Chinese names and spaces go through git's trees as they are; the digest that is signed is the vector's."""
    story = fengxiang(tmp_path)
    story.sign(ITEM, "draft", "officer-fx", manifest=digest())
    item = story.item(ITEM)
    assert (item.state, item.version) == ("in-review", 1)
    assert codes(story.gate()) == []


def test_the_example_is_published_with_its_manifest_and_its_files(tmp_path: Path) -> None:
    """The example is planned for 22 November; once that has come it is live with the bytes of the vector."""
    story = fengxiang(tmp_path)
    for stage, by in (("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1")):
        story.sign(ITEM, stage, by, manifest=digest())
    story.sign(ITEM, "leader", "leader-1", manifest=digest())
    story.sign(ITEM, "publish", "publisher-1", manifest=digest())
    assert story.item(ITEM).state == "scheduled"
    later = parse_instant("2026-11-22T09:00:00+08:00")
    live = story.gate(now=later).live
    assert live is not None
    (post,) = live.posts
    assert post.manifest == digest()
    assert {(one.path, one.sha256, one.size) for one in post.files} == {
        (f.path, f.sha256, f.size) for f in item_files()
    }


def test_a_record_of_the_example_is_not_among_its_files_and_neither_is_the_policys(tmp_path: Path) -> None:
    """Adding sign-offs to the record changes no manifest: neither the post's nor the policy's."""
    story = fengxiang(tmp_path)
    story.sign(ITEM, "draft", "officer-fx")
    assert story.manifest(ITEM) == digest()
    for path in (record_of(ITEM), POLICY_RECORD):
        mode, data = story.files[path]
        story.write(path, b"# a comment\n" + data, mode)
    story.commit()
    assert codes(story.gate()) == []


# Statements.


def fields_of(statement: Statement) -> dict[str, str]:
    names = ["site", "item", "version", "stage", "decision", "manifest", "previous", "by"]
    names += ["signatory", "paper"] if statement.signatory else []
    return {name: str(getattr(statement, name)) for name in [*names, "at", "note"]}


@pytest.mark.parametrize(
    "vector", read("statements.json"), ids=lambda one: "{stage} {decision}".format(**one["fields"])
)
def test_a_statement_of_the_examples_has_this_text_and_this_digest(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    statement = Statement(**{**fields, "version": int(fields["version"])})
    assert statements.serialise(statement) == vector["text"].encode()
    assert statements.parse(vector["text"].encode()) == statement
    assert statements.digest(statement) == vector["digest"]
    assert fields_of(statement) == fields


@pytest.mark.parametrize(("reason", "text"), read("statements-refused.json").items())
def test_a_text_of_the_examples_that_is_no_statement_is_none(reason: str, text: str) -> None:
    assert statements.parse(text.encode()) is None, reason


@pytest.mark.parametrize("text", read("statements-refused.json").values(), ids=read("statements-refused.json"))
def test_a_signed_commit_whose_message_is_no_statement_says_nothing(tmp_path: Path, text: str) -> None:
    """What is refused as a text has no effect as a commit, even signed by the right person."""
    story = fengxiang(tmp_path)
    story.commit(text.encode(), key=story.key("officer-fx"))
    item = story.item(ITEM)
    assert (item.state, item.version, item.chain) == ("draft", 0, ())


# YAML.


@pytest.mark.parametrize("vector", read("yaml/accepted.json"), ids=lambda one: one["text"][:20])
def test_a_yaml_text_of_the_examples_has_this_value(vector: dict[str, Any]) -> None:
    assert load(vector["text"].encode()) == vector["value"]


@pytest.mark.parametrize(("reason", "text"), read("yaml/refused.json").items())
def test_a_yaml_text_of_the_examples_is_refused_with_its_line(reason: str, text: str) -> None:
    with pytest.raises(FormatError) as caught:
        load(text.encode())
    assert 1 <= caught.value.line <= text.count("\n") + 1, reason
    assert "\n" not in str(caught.value)


# Marks on keys, and stand-ins.

PEOPLE = {
    path.relative_to(VECTORS / "people").as_posix(): path.read_bytes()
    for path in sorted((VECTORS / "people").rglob("*"))
    if path.suffix in (".yaml", ".asc")
}


@pytest.mark.parametrize("vector", read("people/accepted.json"), ids=lambda one: one["what"])
def test_a_people_yaml_of_the_examples_says_this_of_keys_and_stand_ins(vector: dict[str, Any]) -> None:
    policy, problems = policy_files.parse({**PEOPLE, "people.yaml": vector["text"].encode()})
    assert not problems
    assert policy is not None
    assert {
        one.id: {
            "keys": list(one.keys),
            "compromised": list(one.compromised),
            "stands_in": [str(office) for office in one.stands_in],
        }
        for one in policy.people.people.values()
    } == vector["people"]


@pytest.mark.parametrize(("reason", "vector"), read("people/refused.json").items())
def test_a_people_yaml_of_the_examples_is_refused_with_its_line(reason: str, vector: dict[str, Any]) -> None:
    policy, problems = policy_files.parse({**PEOPLE, "people.yaml": vector["text"].encode()})
    assert policy is None, reason
    assert [problem.where for problem in problems] == [f"people.yaml:{vector['line']}"]


@pytest.mark.parametrize("vector", read("people/marks.json"), ids=lambda one: one["what"])
def test_these_keys_are_marked_after_each_version_of_the_examples(vector: dict[str, Any]) -> None:
    marked: frozenset[str] = frozenset()
    for text, expected in zip(vector["versions"], vector["marked"], strict=True):
        policy, _ = policy_files.parse({**PEOPLE, "people.yaml": text.encode()})
        assert policy is not None
        marked = policy.people.marks_after(marked)
        assert sorted(marked) == expected
