"""Whatever anyone pushes without the right keys, nothing goes online that was not, and nothing online changes."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story import FULL_CHAIN, NEWS, OFFICES, Key, SignOff, Story, begin, codes

from review.errors import FormatError, UnusableSite
from review.formats import records, statements
from review.formats.reports import as_data
from review.model.digests import NONE
from review.model.paths import POLICY, POLICY_RECORD, attachments_of, record_of
from review.model.reports import Report
from review.model.statements import Statement

WAITING = "content/popular-science/activities/2026-11-21-观察鸟.md"
AMENDED = "content/news/2026-11-21-b.md"

Files = dict[str, tuple[str, bytes]]
Live = frozenset[tuple[str, str]]


def live(report: Report) -> Live:
    """The items that are online, each with the manifest of its files; none where the site is blocked."""
    return frozenset((post.item, post.manifest) for post in report.live.posts) if report.live else frozenset()


@dataclass(frozen=True)
class Site:
    """A story at its end, to which every example returns."""

    story: Story
    head: str
    files: Files
    signed: tuple[SignOff, ...]
    online: Live

    def back(self) -> Story:
        """Return the story as it was told."""
        self.story.go(self.head, self.files)
        self.story.signed[:] = self.signed
        return self.story

    def after(self, files: Files) -> Report:
        """The verdict on an unsigned commit of these files."""
        story = self.back()
        story.files = files
        story.commit()
        return story.gate()


def site_of(path: Path, tell: Callable[[Story], object]) -> Site:
    story = begin(path)
    tell(story)
    return Site(story, story.head, dict(story.files), tuple(story.signed), live(story.gate()))


def tell_waiting(story: Story) -> None:
    """A post with an attachment waits for the publisher, another for its head; nothing is online."""
    story.post()
    story.attach(NEWS, "海报 1.jpg", b"\xff\xd8 a picture")
    story.chain(NEWS, *FULL_CHAIN[:4])
    story.post(WAITING)
    story.sign(WAITING, "draft", "officer-fx", previous=NONE, version=1)


def tell_live(story: Story) -> None:
    """A post with an attachment is online and its next version waits; one was amended and is online; one waits."""
    story.post(AMENDED)
    story.sign(AMENDED, "draft", "officer-fx")
    story.post(AMENDED, title="改过的标题")
    story.chain(AMENDED, *FULL_CHAIN[1:])
    story.post()
    story.attach(NEWS, "海报 1.jpg", b"\xff\xd8 a picture")
    story.chain()
    story.post(title="第二版")
    story.sign(NEWS, "draft", "officer-fx", version=2)
    story.post(WAITING)
    story.sign(WAITING, "draft", "officer-fx", previous=NONE, version=1)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Site]:
    tellers = {"waiting": tell_waiting, "live": tell_live}
    return {name: site_of(tmp_path_factory.mktemp("site") / name, tell) for name, tell in tellers.items()}


NAMES = ["waiting", "live"]
MODERATE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_the_stories_are_what_they_say(sites: dict[str, Site]) -> None:
    assert sites["waiting"].online == frozenset()
    assert {item for item, _ in sites["live"].online} == {NEWS, AMENDED}
    states = {item.item: item.state for item in sites["live"].back().gate().items}
    assert states == {NEWS: "in-review", AMENDED: "live", WAITING: "in-review"}
    for site in sites.values():
        assert codes(site.back().gate()) == []


# Files: whoever may commit may change any of them, and nothing online changes.


@pytest.mark.parametrize("name", NAMES)
def test_no_byte_of_any_file_changes_what_is_online(sites: dict[str, Site], name: str) -> None:
    """A bit of the first byte, of the last and of one between, of every file of both zones and every record."""
    site = sites[name]
    for number, (path, (mode, data)) in enumerate(site.files.items()):
        for place in {0, len(data) - 1, (number * 131 + len(data) // 2) % len(data)}:
            mutant = data[:place] + bytes([data[place] ^ 1 << number % 8]) + data[place + 1 :]
            assert live(site.after(site.files | {path: (mode, mutant)})) == site.online, (path, place)


@pytest.mark.parametrize("name", NAMES)
def test_no_file_that_is_taken_out_changes_what_is_online(sites: dict[str, Site], name: str) -> None:
    site = sites[name]
    for path in site.files:
        assert live(site.after({other: file for other, file in site.files.items() if other != path})) == site.online, (
            path
        )
    assert live(site.after({})) == site.online
    assert (
        live(site.after({path: file for path, file in site.files.items() if path.startswith("content/")}))
        == site.online
    )


def entries(data: bytes) -> list[bytes]:
    """The parts of a record: its header, then entry by entry."""
    return re.split(rb"(?m)^(?=- stage:)", data)


def record_paths(site: Site) -> list[str]:
    return [path for path in site.files if path.endswith(".review.yaml")]


@pytest.mark.parametrize("name", NAMES)
def test_no_entry_that_is_taken_out_of_a_record_changes_what_is_online_and_each_is_missed(
    sites: dict[str, Site], name: str
) -> None:
    site = sites[name]
    for path in record_paths(site):
        header, *parts = entries(site.files[path][1])
        for missing in range(len(parts)):
            kept = [part for number, part in enumerate(parts) if number != missing]
            data = b"".join([header, *kept]) if kept else header.replace(b"sign-offs:\n", b"sign-offs: []\n")
            report = site.after(site.files | {path: ("100644", data)})
            assert live(report) == site.online
            assert codes(report) == ["sign-off-dropped"], (path, missing)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_a_records_entries_does_not_matter_nor_does_one_that_stands_there_twice(
    sites: dict[str, Site], name: str
) -> None:
    site = sites[name]
    for path in record_paths(site):
        header, *parts = entries(site.files[path][1])
        for data in (b"".join([header, *reversed(parts)]), b"".join([header, *parts, *parts])):
            report = site.after(site.files | {path: ("100644", data)})
            assert live(report) == site.online
            assert codes(report) == []


_COMPONENTS = st.sampled_from(
    ["content", "evidence", "news", "popular-science", "activities", "files", "theme", "keys", "2026-11-20-a",
    "2026-11-20-a.md",
     "2026-11-20-a.review.yaml", "x.md", "x.review.yaml", "海报 1.jpg", "index.md", "page.md", "a.md", "A.md", ".git",
     "..", ".",
     "a.", "b ", "e\u0301", "\u202ex", "x\ny", "Content", "NEWS", "columns.yaml", "people.yaml", "policy.review.yaml",
     "\udcff",
     "a" * 256, "0" * 64 + ".pdf", "*", "-x", "CON", "x.html.md"]
)  # fmt: skip
_PATHS = st.lists(_COMPONENTS, min_size=1, max_size=4).map("/".join)
_MODES = st.sampled_from(["100644", "100644", "100755", "120000", "160000", "100664", "100600", "040000", "100777"])
_CONTENTS = st.sampled_from(
    [
        b"",
        b"Title: t\n\nx\n",
        b"record: 1\n",
        b"../../x",
        b"\xff\xfe",
        b"a: [",
        b"x" * 5000,
        b"Title: t\nslug: ../x\n\nx\n",
    ]
) | st.binary(max_size=30)


def without_clashes(files: Files) -> Files:
    """The files without those that another one's folder takes the place of: a tree cannot hold both."""
    folders = {"/".join(path.split("/")[:n]) for path in files for n in range(1, len(path.split("/")))}
    return {path: file for path, file in files.items() if path not in folders}


@pytest.mark.parametrize("name", NAMES)
@given(
    added=st.lists(st.tuples(_PATHS, _MODES, _CONTENTS), max_size=4),
    taken=st.lists(st.integers(0, 30), max_size=3),
    moved=st.lists(st.tuples(st.integers(0, 30), _PATHS), max_size=2),
)
@MODERATE
def test_no_commit_without_a_signature_changes_what_is_online(
    sites: dict[str, Site],
    name: str,
    added: list[tuple[str, str, bytes]],
    taken: list[int],
    moved: list[tuple[int, str]],
) -> None:
    """Files of any path, mode and content put in, taken out and moved, submodules and symbolic links among them."""
    site = sites[name]
    files = dict(site.files)
    for number, path in moved:
        old = sorted(files)[number % len(files)]
        files[path] = files.pop(old)
    for number in taken:
        if files:
            del files[sorted(files)[number % len(files)]]
    for path, mode, data in added:
        files[path] = (mode, b"1" * 40 if mode == "160000" else data)
    report = site.after(without_clashes(files))
    assert live(report) == site.online, codes(report)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", ["120000", "160000", "100755", "100664"])
def test_no_mode_of_any_file_changes_what_is_online(sites: dict[str, Site], name: str, mode: str) -> None:
    """A submodule's commit is not there, and nobody may be kept from publishing by that."""
    site = sites[name]
    for path, (_, data) in site.files.items():
        report = site.after(site.files | {path: (mode, b"1" * 40 if mode == "160000" else data)})
        assert live(report) == site.online, (path, codes(report))
        assert not report.blocked, (path, codes(report))


# Commits: what is not signed as it stands is as if it had never been made.


def raw_of(story: Story, name: str) -> bytes:
    return zlib.decompress(story.loose(name).read_bytes()).partition(b"\0")[2]


def line_of(story: Story, head: str) -> list[str]:
    """The commits of a history without merges, the root first."""
    found = [head]
    while parents := re.findall(rb"(?m)^parent ([0-9a-f]{40})$", raw_of(story, found[-1]).partition(b"\n\n")[0]):
        found.append(parents[0].decode())
    return found[::-1]


def retold(story: Story, head: str, number: int, change: Callable[[bytes], bytes]) -> str:
    """The history once more with one commit changed, and those after it as they were but for their parents."""
    line = line_of(story, head)
    new = story.object("commit", change(raw_of(story, line[number])))
    for old, after in itertools.pairwise(line[number:]):
        new = story.object(
            "commit", raw_of(story, after).replace(f"parent {old}".encode(), f"parent {new}".encode(), 1)
        )
    return new


def outcome(story: Story, commit: str) -> Report | None:
    """The verdict, or nothing where the commit cannot even be named."""
    try:
        return story.gate(revision=commit)
    except UnusableSite:
        return None


@pytest.mark.parametrize("name", NAMES)
@given(number=st.integers(0), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), data=st.data())
@MODERATE
def test_no_byte_of_any_commit_makes_anything_live(
    sites: dict[str, Site], name: str, number: int, place: float, bit: int, data: st.DataObject
) -> None:
    """Statement, signature, parents or tree: the history retold with a byte changed has nothing new online."""
    site = sites[name]
    story = site.back()
    line = line_of(story, site.head)

    def change(raw: bytes) -> bytes:
        part = data.draw(st.sampled_from([b"", b"gpgsig ", b"\n\nSign-off"]))
        start = max(raw.find(part), 0)
        at = start + int(place * (len(raw) - start))
        return raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]

    report = outcome(story, retold(story, site.head, number % len(line), change))
    assert report is None or live(report) <= site.online


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_whose_text_was_altered_counts(sites: dict[str, Site], name: str) -> None:
    """Each commit of the story beside itself with another word in its statement, merged: nothing changes."""
    site = sites[name]
    story = site.back()
    alterations = [
        (b"decision: approve", b"decision: withdraw"), (b"decision: approve", b"decision: return"),
        (b"version: 1", b"version: 9"),
        (b'note: ""', b'note: "x"'), (b"by: officer-fx", b"by: officer-mx"), (b"stage: draft", b"stage: publish"),
    ]  # fmt: skip
    heads = [site.head]
    for commit in line_of(story, site.head):
        raw = raw_of(story, commit)
        for old, new in alterations:
            if old in raw:
                head, _, message = raw.replace(old, new).partition(b"\n\nSign-off: ")
                said = re.search(rb"stage: (\S+)\ndecision: (\S+)\n", message)
                assert said
                subject = b" ".join([said[1], said[2], message.partition(b"\n")[0].split(b" ", 2)[2]])
                whole = b"Sign-off: " + subject + b"\n" + message.partition(b"\n")[2]
                assert statements.parse(whole) is not None
                heads.append(story.object("commit", head + b"\n\n" + whole))
    story.commit(parents=tuple(heads))
    report = story.gate()
    assert live(report) == site.online
    assert codes(report) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_chain_without_any_one_of_its_commits_is_no_chain(sites: dict[str, Site], name: str) -> None:
    """Each signed commit of the story replaced by an unsigned one of the same files and message."""
    site = sites[name]
    story = site.back()
    for number, one in enumerate(line_of(story, site.head)):
        message = raw_of(story, one).partition(b"\n\n")[2]

        def unsigned(raw: bytes) -> bytes:
            return re.sub(rb"(?ms)^gpgsig .*?\n(?! )", b"", raw, count=1)

        assert b"gpgsig" not in unsigned(raw_of(story, one))
        assert unsigned(raw_of(story, one)).endswith(message)
        report = outcome(story, retold(story, site.head, number, unsigned))
        assert report is None or live(report) <= site.online


@pytest.mark.parametrize("name", NAMES)
def test_the_signed_statements_decide_whatever_the_commits_around_them_are(sites: dict[str, Site], name: str) -> None:
    """Empty commits, merges in either order and a second root change the commit of the report and nothing else."""
    site = sites[name]
    story = site.back()
    before = as_data(story.gate())
    root = story.commit(parents=())
    heads = [
        story.commit(parents=(site.head,)),
        story.commit("\n", parents=(site.head, root)),
        story.commit(b"\xff no statement", parents=(root, site.head)),
        story.commit(parents=(story.head, site.head, root)),
    ]
    for head in heads:
        assert as_data(story.gate(revision=head)) | {"commit": ""} == before | {"commit": ""}


@pytest.mark.parametrize("years", [-50, 70])
def test_neither_dates_nor_authors_of_commits_decide_anything(tmp_path: Path, years: int) -> None:
    """The same statements in commits of another century, the later ones the older, are judged the same."""
    story = begin(tmp_path)
    story.post()
    for number, (stage, by) in enumerate(FULL_CHAIN):
        at = f"2026-11-20T1{number}:00:00+08:00"
        story.clock = story.clock.replace(year=2026 + years - number, month=1, day=1)
        story.sign(NEWS, stage, by, at=at)
    assert codes(story.gate()) == []
    assert story.item().state == "live"


# Keys: what can be signed without the right one.


HOLDERS = {
    "publicity": frozenset({"reviewer-1", "reviewer-2"}),
    "leader": frozenset({"leader-1", "leader-2"}),
    "publish": frozenset({"publisher-1", "publisher-2"}),
}
"""Everyone who could sign a stage of the ordinary chain for the unit of the stories."""

ADMINISTRATORS = frozenset({"admin-a", "admin-b", "admin-c"})
_STAGES = st.sampled_from([stage for stage, _ in FULL_CHAIN] + ["policy", "withdraw"])


@st.composite
def forgeries(draw: st.DrawFn, without: frozenset[str]) -> list[dict[str, Any]]:
    """Statements that people other than `without` sign, in their own name or in another's."""
    people = sorted(set(OFFICES) - without)
    return [
        {
            "item": draw(st.sampled_from([NEWS, NEWS, WAITING, AMENDED, POLICY])),
            "stage": draw(_STAGES),
            "by": draw(st.sampled_from(people) | st.sampled_from(sorted(OFFICES))),
            "signer": draw(st.sampled_from(people)),
            "decision": draw(st.sampled_from(["approve", "approve", "approve", "return", "withdraw"])),
            "version": draw(st.integers(1, 3)),
            "previous": draw(st.integers(-1, 12)),
            "manifest": draw(st.integers(-1, 12)),
        }
        for _ in range(draw(st.integers(1, 6)))
    ]


def commit_forgeries(site: Site, forged: list[dict[str, Any]]) -> Report:
    story = site.back()
    for one in forged:
        signed = story.signed
        previous = NONE if one["previous"] < 0 else signed[one["previous"] % len(signed)].digest
        item = one["item"]
        fields = {"version": one["version"], "previous": previous, "decision": one["decision"]}
        if one["manifest"] >= 0:
            fields["manifest"] = signed[one["manifest"] % len(signed)].statement.manifest
        elif record_of(item) not in story.files:
            continue
        story.sign(item, one["stage"], one["by"], key=story.key(one["signer"]), **fields)
    return story.gate()


@pytest.mark.parametrize(
    ("name", "stage"), [("waiting", "publish"), ("live", "publicity"), ("live", "leader"), ("live", "publish")]
)
@given(data=st.data())
@settings(MODERATE, max_examples=25)
def test_without_a_key_of_a_stage_nothing_new_goes_online_whoever_else_conspires(
    sites: dict[str, Site], name: str, stage: str, data: st.DataObject
) -> None:
    """Everyone who holds no office of the stage signs what they like, in whatever order, with whatever links.

    What waited for that stage waits for ever; what was complete may be withdrawn, and never replaced.
    """
    site = sites[name]
    without = HOLDERS[stage] | ADMINISTRATORS
    report = commit_forgeries(site, data.draw(forgeries(without)))
    assert live(report) <= site.online
    assert report.policy is not None
    assert report.policy.version == 1


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(MODERATE, max_examples=25)
def test_whatever_an_officer_of_another_unit_signs_changes_nothing_online(
    sites: dict[str, Site], name: str, data: st.DataObject
) -> None:
    site = sites[name]
    forged = data.draw(forgeries(frozenset(OFFICES) - {"officer-mx"}))
    assert live(commit_forgeries(site, forged)) == site.online


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(MODERATE, max_examples=25)
def test_whatever_a_stranger_signs_in_anyones_name_changes_nothing_online(
    sites: dict[str, Site], name: str, data: st.DataObject
) -> None:
    site = sites[name]
    stranger = Key()
    story = site.back()
    for one in data.draw(forgeries(frozenset())):
        previous = NONE if one["previous"] < 0 else story.signed[one["previous"] % len(story.signed)].digest
        fields = {key: one[key] for key in ("version", "decision")} | {"previous": previous}
        fields["manifest"] = story.signed[one["manifest"] % len(story.signed)].statement.manifest
        story.sign(one["item"], one["stage"], one["by"], key=stranger, **fields)
    assert live(story.gate()) == site.online


@pytest.mark.parametrize("alone", sorted(ADMINISTRATORS))
def test_whatever_one_administrator_signs_alone_the_policy_stays(sites: dict[str, Site], alone: str) -> None:
    """In their own name, in the others', with a policy that would need nobody else."""
    site = sites["live"]
    story = site.back()
    story.needs = 1
    policy = next(one for one in reversed(site.signed) if one.statement.item == POLICY)
    try:
        for people in (story.people(administrators=alone), story.people({alone: ()}, administrators=alone)):
            for by in sorted(ADMINISTRATORS):
                story.write("people.yaml", people)
                story.sign(POLICY, POLICY, by, key=story.key(alone), version=2, previous=policy.digest)
                story.sign(POLICY, POLICY, by, key=story.key(alone), version=1, previous=NONE)
                story.sign(POLICY, POLICY, by, key=story.key(alone), version=2)
    finally:
        story.needs = 2
    report = story.gate()
    assert report.policy is not None
    assert (report.policy.version, report.policy.manifest) == (1, policy.statement.manifest)
    assert live(report) == site.online


# Signed files: nothing but the very files that were signed.


def tampered(site: Site) -> Iterator[tuple[str, Files]]:
    """The files of the waiting post, each with one byte changed, without one of them, or with one more."""
    for path in (NEWS, record_of(NEWS), attachments_of(NEWS) + "海报 1.jpg"):
        mode, data = site.files[path]
        place = data.index(b"fx") if path.endswith(".yaml") else len(data) - 2
        yield (
            f"{path} changed",
            site.files | {path: (mode, data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])},
        )
    yield "attachment taken out", {path: file for path, file in site.files.items() if not path.endswith(".jpg")}
    yield "attachment added", site.files | {attachments_of(NEWS) + "b.pdf": ("100644", b"x")}
    yield "attachment renamed", {path.replace("海报 1", "海报 2"): file for path, file in site.files.items()}
    yield "attachment executable", site.files | {attachments_of(NEWS) + "海报 1.jpg": ("100755", b"\xff\xd8 a picture")}
    yield "attachment linked", site.files | {attachments_of(NEWS) + "海报 1.jpg": ("120000", b"\xff\xd8 a picture")}
    yield (
        "planned",
        changed_header(site, b"submitted: 2026-11-20\n", b"submitted: 2026-11-20\nplanned: 2026-01-01T00:00:00Z\n"),
    )
    yield "another kind", changed_header(site, b"kind: article", b"kind: reply")


def changed_header(site: Site, old: bytes, new: bytes) -> Files:
    mode, data = site.files[record_of(NEWS)]
    assert old in data
    return site.files | {record_of(NEWS): (mode, data.replace(old, new))}


def test_what_is_signed_last_publishes_what_was_signed_first_and_nothing_else(sites: dict[str, Site]) -> None:
    """Whatever the files at the last commit are, the publisher's signature brings those of its manifest online."""
    site = sites["waiting"]
    manifest = site.signed[-2].statement.manifest
    last = next(one for one in reversed(site.signed) if one.statement.item == NEWS)
    for what, files in tampered(site):
        story = site.back()
        story.files = dict(files)
        story.sign(NEWS, "publish", "publisher-1", manifest=manifest, previous=last.digest, version=1)
        assert live(story.gate()) == {(NEWS, manifest)}, what


def test_a_publisher_who_signs_other_files_publishes_nothing(sites: dict[str, Site]) -> None:
    site = sites["waiting"]
    last = next(one for one in reversed(site.signed) if one.statement.item == NEWS)
    for what, files in tampered(site):
        story = site.back()
        story.files = dict(files)
        try:
            manifest = story.manifest(NEWS)
        except FormatError:
            continue
        if manifest == last.statement.manifest:
            raise AssertionError(what)
        story.sign(NEWS, "publish", "publisher-1", previous=last.digest, version=1)
        assert live(story.gate()) == frozenset(), what


# The record mirrors; it decides nothing.


def test_no_entry_that_was_never_signed_makes_anything_live(sites: dict[str, Site]) -> None:
    """The publisher's entry written into the record by hand, with every field right."""
    site = sites["waiting"]
    last = next(one for one in reversed(site.signed) if one.statement.item == NEWS)
    said = Statement(
        site="test-site", item=NEWS, version=1, stage="publish", decision="approve", manifest=last.statement.manifest,
        previous=last.digest, by="publisher-1", at="2026-11-20T20:00:00+08:00", note="",
    )  # fmt: skip
    data = records.append(site.files[record_of(NEWS)][1], said)
    report = site.after(site.files | {record_of(NEWS): ("100644", data)})
    assert live(report) == frozenset()
    assert codes(report) == ["signature-missing"]
    story = site.back()
    story.files = site.files | {record_of(NEWS): ("100644", data)}
    story.commit(statements.serialise(said))
    assert (live(story.gate()), codes(story.gate())) == (frozenset(), ["signature-invalid"])


def test_every_entry_of_every_record_may_go_and_the_site_stays(sites: dict[str, Site]) -> None:
    """Without any record at all, what is online is what was signed."""
    site = sites["live"]
    files = {
        path: file for path, file in site.files.items() if not path.endswith(".review.yaml") or path == POLICY_RECORD
    }
    assert live(site.after(files)) == site.online
