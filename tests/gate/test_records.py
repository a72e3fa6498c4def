"""Records and files: they mirror what was signed, and whatever becomes of them changes nothing that is online."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from story import COLUMNS, FULL_CHAIN, NEWS, Story, begin, codes, found

from review.formats import records
from review.model.paths import POLICY, POLICY_RECORD, attachments_of, record_of
from review.model.reports import LivePost

OTHER = "content/news/2026-11-20-b.md"
RECORD = record_of(NEWS)
TEXT, AMENDED, LATER = (f"Title: {name}\n\n{name}正文。\n" for name in ("原稿", "改稿", "又改"))
POSTER = attachments_of(NEWS) + "poster.jpg"
TABLE = attachments_of(NEWS) + "tables/2026.csv"
Files = dict[str, tuple[str, bytes]]


@pytest.fixture
def site(tmp_path: Path) -> Story:
    """A site with one page online: a post and two attachments."""
    story = begin(tmp_path / "site")
    story.post(text=TEXT)
    story.write(POSTER, b"\xff\xd8poster")
    story.write(TABLE, b"a,b\n")
    story.chain()
    return story


def sha(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


SIGNED = {NEWS: sha(TEXT), POSTER: sha(b"\xff\xd8poster"), TABLE: sha(b"a,b\n")}


def live(site: Story, item: str = NEWS) -> LivePost | None:
    """What is online of an item; the site as a whole is never blocked here."""
    report = site.gate()
    assert report.live is not None, codes(report)
    return next((post for post in report.live.posts if post.item == item), None)


def online(site: Story, item: str = NEWS) -> dict[str, str]:
    """The digests of the files that are online, by path."""
    post = live(site, item)
    return {file.path: file.sha256 for file in post.files} if post else {}


def kept(site: Story) -> tuple[str, Files]:
    """Where the story stands."""
    return site.head, dict(site.files)


def without_entry(site: Story, number: int, item: str = NEWS) -> bytes:
    """The record as it is, one of its entries left out."""
    data = site.files[record_of(item)][1]
    entries = list(records.parse(data, item=item).sign_offs)
    del entries[number]
    text = data.partition(b"sign-offs:")[0] + b"sign-offs: []\n"
    for entry in entries:
        text = records.append(text, entry)
    return text


# sign-off-dropped.


def test_a_record_that_mirrors_every_sign_off_is_honest(site: Story) -> None:
    assert codes(site.gate()) == []
    assert online(site) == SIGNED


@pytest.mark.parametrize("number", range(5))
def test_a_sign_off_taken_out_of_the_record_is_missed_and_stands(site: Story, number: int) -> None:
    site.write(RECORD, without_entry(site, number))
    site.commit()
    (dropped,) = found(site.gate(), "sign-off-dropped")
    stage, by = FULL_CHAIN[number]
    assert (dropped.severity, dropped.item, dropped.path) == ("refuse", NEWS, RECORD)
    assert stage in dropped.message
    assert by in dropped.message
    assert (site.item().state, site.item().live_version) == ("live", 1)
    assert online(site) == SIGNED
    assert site.gate().exit_status == 1


def test_the_hint_says_where_the_entry_that_was_dropped_can_be_found(site: Story) -> None:
    site.write(RECORD, without_entry(site, 2))
    site.commit()
    (dropped,) = found(site.gate(), "sign-off-dropped")
    assert f"{site.signed[-3].commit}:{RECORD}" in dropped.hint


def test_a_record_emptied_misses_every_sign_off(site: Story) -> None:
    site.post(text=TEXT)
    site.write(RECORD, site.files[RECORD][1].partition(b"sign-offs:")[0] + b"sign-offs: []\n")
    site.commit()
    assert codes(site.gate()) == ["sign-off-dropped"] * 5
    assert online(site) == SIGNED


def test_a_sign_off_of_an_older_version_is_missed_too(site: Story) -> None:
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN, version=2)
    site.write(RECORD, without_entry(site, 1))
    site.commit()
    assert codes(site.gate()) == ["sign-off-dropped"]


def test_a_sign_off_dropped_while_the_version_is_under_review_is_missed(site: Story) -> None:
    site.post(OTHER)
    site.chain(OTHER, *FULL_CHAIN[:3])
    site.write(record_of(OTHER), without_entry(site, 0, OTHER))
    site.commit()
    assert codes(site.gate(), OTHER) == ["sign-off-dropped"]
    assert site.item(OTHER).state == "refused"


def test_the_next_signer_who_leaves_one_out_is_found_out_and_the_chain_is_whole(site: Story) -> None:
    site.post(OTHER)
    site.chain(OTHER, *FULL_CHAIN[:3])
    site.write(record_of(OTHER), without_entry(site, 2, OTHER))
    site.chain(OTHER, *FULL_CHAIN[3:])
    assert codes(site.gate(), OTHER) == ["sign-off-dropped"]
    assert online(site, OTHER)


@pytest.mark.parametrize("by", ["officer-mx", "admin-a"])
def test_a_statement_without_effect_need_not_stand_in_the_record(site: Story, by: str) -> None:
    site.sign(NEWS, "publish", by, previous=site.signed[-2].digest, entry=False)
    site.sign(NEWS, "leader", by, decision="return", previous=site.signed[-4].digest, entry=False)
    site.sign(NEWS, "withdraw", by, decision="withdraw", entry=False)
    assert codes(site.gate()) == []
    assert online(site) == SIGNED


def test_a_statement_that_counts_as_never_made_need_not_stand_in_the_record(site: Story) -> None:
    site.sign(NEWS, "draft", "officer-fx", version=2, signed=False, entry=False)
    site.sign(NEWS, "draft", "officer-fx", version=3, key=site.key("outsider"), entry=False)
    assert codes(site.gate()) == []
    assert site.item().version == 1


def test_an_entry_put_back_is_missed_no_longer(site: Story) -> None:
    whole = site.files[RECORD][1]
    site.write(RECORD, without_entry(site, 3))
    site.commit()
    site.write(RECORD, whole)
    site.commit()
    assert codes(site.gate()) == []


def test_attack_a_chain_signed_outside_the_record_is_online_and_every_entry_is_missed(site: Story) -> None:
    site.post(OTHER)
    for stage, by in FULL_CHAIN:
        site.sign(OTHER, stage, by, entry=False)
    assert codes(site.gate(), OTHER) == ["sign-off-dropped"] * 5
    assert online(site, OTHER)


# The record, edited, removed, merged badly.

RECORDS: dict[str, tuple[Callable[[bytes], bytes | None], str]] = {
    "gone": (lambda _: None, "record-missing"),
    "empty": (lambda _: b"", "record-invalid"),
    "conflict": (lambda data: b"<<<<<<< HEAD\n" + data + b"=======\n>>>>>>> side\n", "record-invalid"),
    "no-yaml": (lambda data: data + b"}", "record-invalid"),
    "key-twice": (lambda data: b"kind: article\n" + data, "record-invalid"),
    "unknown-key": (lambda data: b"urgent: yes\n" + data, "record-invalid"),
    "no-utf-8": (lambda data: data + b"# \xff\n", "record-invalid"),
    "byte-order-mark": (lambda data: b"\xef\xbb\xbf" + data, "record-invalid"),
    "other-version": (lambda data: data.replace(b"record: 1", b"record: 2"), "record-invalid"),
    "classified": (lambda data: data.replace(b"classified: no", b"classified: yes"), "classified"),
    "quoted": (lambda data: data.replace(b"classified: no", b'classified: "no"'), "record-invalid"),
    "other-unit": (lambda data: data.replace(b"unit: fx", b"unit: mx"), "content-changed"),
    "planned": (lambda data: b"planned: 2030-01-01T00:00:00Z\n" + data, "content-changed"),
    "expires": (lambda data: b"expires: 2020-01-01\n" + data, "content-changed"),
    "major": (lambda data: b"major: yes\n" + data, "content-changed"),
}


@pytest.mark.parametrize("way", RECORDS)
def test_attack_whatever_becomes_of_the_record_takes_nothing_offline(site: Story, way: str) -> None:
    change, code = RECORDS[way]
    before = live(site)
    data = change(site.files[RECORD][1])
    if data is None:
        site.remove(RECORD)
    else:
        site.write(RECORD, data)
    site.commit()
    assert code in codes(site.gate(), NEWS)
    assert online(site) == SIGNED
    after = live(site)
    assert before is not None
    assert after is not None
    assert (after.header, after.chain, after.published) == (before.header, before.chain, before.published)
    assert site.item().live_version == 1


@pytest.mark.parametrize("way", ["symlink", "submodule", "executable", "folder"])
def test_attack_a_record_that_is_no_regular_file_takes_nothing_offline(site: Story, way: str) -> None:
    data = site.files[RECORD][1]
    site.remove(RECORD)
    path, mode = (f"{RECORD}/x", "100644") if way == "folder" else (
        RECORD, {"symlink": "120000", "submodule": "160000", "executable": "100755"}[way]
    )  # fmt: skip
    site.write(path, b"1" * 40 if way == "submodule" else data, mode)
    site.commit()
    assert online(site) == SIGNED


@pytest.mark.parametrize("mode", ["120000", "160000", "100755"])
def test_attack_a_record_without_a_post_that_is_no_regular_file_takes_nothing_offline(site: Story, mode: str) -> None:
    """Section 1: "whatever else is pushed changes what waits for whom, never what is online"."""
    site.write("content/news/lonely.review.yaml", b"1" * 40, mode)
    site.commit()
    assert online(site) == SIGNED


@pytest.mark.parametrize("mode", ["120000", "160000"])
@pytest.mark.parametrize(
    "path",
    ["content/link", "content/news/link", "content/news/link.md", POSTER, "evidence/link", "link", POLICY_RECORD],
)
def test_attack_a_link_or_a_submodule_anywhere_takes_nothing_offline(site: Story, path: str, mode: str) -> None:
    """Section 1: "whatever else is pushed changes what waits for whom, never what is online"."""
    site.write(path, b"1" * 40, mode)
    site.commit()
    assert online(site) == SIGNED


def test_attack_a_submodule_that_was_there_once_in_a_signed_commit_takes_nothing_offline(site: Story) -> None:
    site.write("vendor", b"1" * 40, "160000")
    site.sign(POLICY, POLICY, "outsider", manifest=site.pin, version=2, entry=False)
    site.remove("vendor")
    site.commit()
    assert online(site) == SIGNED


def test_entries_in_another_order_are_the_same_entries(site: Story) -> None:
    data = site.files[RECORD][1]
    entries = records.parse(data, item=NEWS).sign_offs
    text = data.partition(b"sign-offs:")[0] + b"sign-offs: []\n"
    for entry in reversed(entries):
        text = records.append(text, entry)
    site.write(RECORD, text)
    site.commit()
    assert (site.item().state, online(site)) == ("live", SIGNED)


def test_a_record_written_otherwise_with_the_same_values_is_the_same_record(site: Story) -> None:
    data = site.files[RECORD][1]
    site.write(RECORD, b"# a remark\n" + data.replace(b"kind: article", b'kind: "article"  # quoted'))
    site.commit()
    assert codes(site.gate()) == []
    assert site.item().state == "live"


# Deleted and changed files.


def test_a_deleted_post_stays_online_with_the_bytes_that_were_signed(site: Story) -> None:
    site.remove(NEWS, POSTER, TABLE)
    site.commit()
    (gone,) = found(site.gate(), "deleted")
    assert (gone.severity, gone.item) == ("hold", NEWS)
    assert "qianfa withdraw" in gone.hint
    assert (site.item().state, site.item().live_version, online(site)) == ("live", 1, SIGNED)


def test_a_post_deleted_with_its_record_stays_online(site: Story) -> None:
    site.remove(NEWS, RECORD, POSTER, TABLE)
    site.commit()
    assert codes(site.gate()) == ["deleted"]
    assert online(site) == SIGNED


def test_an_empty_commit_takes_nothing_offline(site: Story) -> None:
    site.files = {}
    site.commit()
    report = site.gate()
    assert set(codes(report)) == {"deleted", "policy-unsigned"}
    assert report.policy is not None
    assert (report.policy.version, online(site)) == (1, SIGNED)


def test_a_post_deleted_while_its_next_version_is_under_review_keeps_the_live_one(site: Story) -> None:
    site.post(text=AMENDED)
    site.chain(NEWS, *FULL_CHAIN[:2], version=2)
    site.remove(NEWS, RECORD, POSTER, TABLE)
    site.commit()
    assert codes(site.gate()) == ["deleted"]
    assert online(site) == SIGNED


def test_a_post_that_never_was_complete_and_is_deleted_leaves_nothing(site: Story) -> None:
    site.post(OTHER)
    site.chain(OTHER, *FULL_CHAIN[:4])
    site.remove(OTHER, record_of(OTHER))
    site.commit()
    assert [item.item for item in site.gate().items] == [NEWS]
    assert codes(site.gate()) == []


def test_a_record_without_its_post_and_without_a_complete_version_is_post_missing(site: Story) -> None:
    site.post(OTHER)
    site.remove(OTHER)
    site.commit()
    assert codes(site.gate(), OTHER) == ["post-missing"]
    assert site.item(OTHER).state == "refused"


def make_folder(site: Story) -> None:
    """Put a folder where the post was."""
    site.remove(NEWS)
    site.write(f"{NEWS}/x.md", LATER)


TAMPERINGS: dict[str, Callable[[Story], None]] = {
    "post": lambda site: site.write(NEWS, LATER),
    "post-one-byte": lambda site: site.write(NEWS, TEXT + " "),
    "attachment": lambda site: site.write(POSTER, b"\xff\xd8another"),
    "attachment-added": lambda site: site.write(attachments_of(NEWS) + "more.jpg", b"more"),
    "attachment-gone": lambda site: site.remove(TABLE),
    "attachment-executable": lambda site: site.write(POSTER, b"\xff\xd8poster", "100755"),
    "attachment-symlink": lambda site: site.write(POSTER, "/etc/passwd", "120000"),
    "post-symlink": lambda site: site.write(NEWS, "/etc/passwd", "120000"),
    "post-a-folder": make_folder,
    "post-reserved-key": lambda site: site.write(NEWS, "Title: x\nSave_as: ../x\n\nx\n"),
    "post-not-utf-8": lambda site: site.write(NEWS, b"Title: \xff\n\nx\n"),
    "post-huge": lambda site: site.write(NEWS, b"Title: x\n\n" + b"x" * (3 << 20)),
    "odd-name-beside": lambda site: site.write("content/news/\udcff.md", LATER),
    "case-beside": lambda site: site.write(NEWS.upper().replace("CONTENT", "content").replace(".MD", ".md"), LATER),
    "orphan-beside": lambda site: site.write("content/news/stray.txt", LATER),
    "page-beside": lambda site: site.write("content/news/index.md", LATER),
}


@pytest.mark.parametrize("way", TAMPERINGS)
def test_attack_no_file_at_the_commit_gets_into_the_live_set_or_takes_anything_out(site: Story, way: str) -> None:
    TAMPERINGS[way](site)
    site.commit()
    report = site.gate()
    assert report.live is not None
    assert [post.item for post in report.live.posts] == [NEWS]
    assert online(site) == SIGNED
    assert codes(report)


def test_the_objects_of_the_live_set_have_the_bytes_that_were_signed(site: Story) -> None:
    TAMPERINGS["post"](site)
    site.commit()
    post = live(site)
    assert post is not None
    for file in post.files:
        wanted = {NEWS: TEXT.encode(), POSTER: b"\xff\xd8poster", TABLE: b"a,b\n"}[file.path]
        assert file.blob == hashlib.sha1(b"blob %d\0" % len(wanted) + wanted, usedforsecurity=False).hexdigest()
        assert (file.size, file.sha256, file.mode) == (len(wanted), sha(wanted), "100644")


def test_files_put_back_as_they_were_signed_are_live_again_without_a_finding(site: Story) -> None:
    place = kept(site)
    site.write(NEWS, LATER)
    site.commit()
    assert site.item().state == "draft"
    site.files = place[1]
    site.commit("revert\n")
    assert (codes(site.gate()), site.item().state) == ([], "live")


def test_attack_files_tampered_with_between_two_sign_offs_do_not_go_online(site: Story) -> None:
    site.post(OTHER, text=TEXT)
    site.chain(OTHER, *FULL_CHAIN[:4])
    manifest = site.manifest(OTHER)
    site.write(OTHER, LATER)
    site.commit("a small correction\n")
    site.sign(OTHER, "publish", "publisher-1", manifest=manifest)
    assert online(site, OTHER) == {OTHER: sha(TEXT)}


def test_attack_a_tampered_policy_beside_a_tampered_post_lets_nothing_through(site: Story) -> None:
    site.write("columns.yaml", COLUMNS.replace("open_to: [county, department, institution]", "lead: [kpb]"))
    site.write("workflows.yaml", "workflows: {}\n")
    site.write(NEWS, LATER)
    site.commit()
    assert online(site) == SIGNED


# Merges.


def test_two_branches_that_sign_different_posts_merge_without_a_finding(site: Story) -> None:
    base = kept(site)
    site.publish(OTHER, text=AMENDED)
    left = kept(site)
    site.go(*base)
    third = site.post("content/news/2026-11-20-c.md", text=LATER)
    site.chain(third)
    right = kept(site)
    site.go(left[0], left[1] | right[1])
    site.commit("merge\n", parents=(left[0], right[0]))
    assert codes(site.gate()) == []
    assert [online(site, item) for item in (NEWS, OTHER, third)] == [SIGNED, {OTHER: sha(AMENDED)}, {third: sha(LATER)}]


@pytest.mark.parametrize("order", [0, 1])
def test_a_merge_that_takes_one_side_alone_loses_no_sign_off(site: Story, order: int) -> None:
    site.post(OTHER, text=AMENDED)
    site.chain(OTHER, *FULL_CHAIN[:4])
    base = kept(site)
    site.sign(OTHER, "publish", "publisher-1")
    signed = site.head
    site.go(*base)
    other = site.commit("other work\n")
    site.commit("merge, ours\n", parents=(other, signed) if order else (signed, other))
    assert codes(site.gate(), OTHER) == ["sign-off-dropped"]
    assert online(site, OTHER) == {OTHER: sha(AMENDED)}


def test_a_merge_that_brings_back_a_withdrawn_page_brings_nothing_online(site: Story) -> None:
    base = kept(site)
    site.sign(NEWS, "withdraw", "publisher-1", decision="withdraw")
    withdrawn = kept(site)
    site.go(*base)
    other = site.commit("other work\n")
    site.go(withdrawn[0], base[1])
    site.commit("merge, theirs\n", parents=(withdrawn[0], other))
    assert codes(site.gate()) == ["sign-off-dropped"]
    assert (site.item().state, online(site)) == ("withdrawn", {})


def test_a_revert_of_the_last_sign_off_takes_nothing_offline(site: Story) -> None:
    site.write(RECORD, without_entry(site, 4))
    site.commit('Revert "Sign-off: publish approve"\n')
    assert codes(site.gate()) == ["sign-off-dropped"]
    assert online(site) == SIGNED


def test_two_next_versions_on_two_branches_are_both_known_after_the_merge(site: Story) -> None:
    base, last = kept(site), site.signed[-1]
    site.post(text=AMENDED)
    site.sign(NEWS, "draft", "officer-fx", version=2, previous=last.digest)
    left = kept(site)
    site.go(*base)
    site.post(text=LATER)
    second = site.sign(NEWS, "draft", "officer-fx", version=2, previous=last.digest)
    right = kept(site)
    entries = records.parse(left[1][RECORD][1], item=NEWS).sign_offs
    site.write(RECORD, records.append(right[1][RECORD][1], entries[-1]))
    site.commit("merge\n", parents=(left[0], right[0]))
    assert "sign-off-dropped" not in codes(site.gate())
    assert online(site) == SIGNED
    site.sign(NEWS, "head", "head-fx", previous=second.digest, version=2)
    site.chain(NEWS, *FULL_CHAIN[2:])
    assert online(site)[NEWS] == sha(LATER)


def test_the_same_repository_gives_the_same_report_every_time(site: Story) -> None:
    site.post(OTHER)
    site.chain(OTHER, *FULL_CHAIN[:3])
    site.write(NEWS, LATER)
    site.write(RECORD, without_entry(site, 2))
    site.commit()
    assert site.gate() == site.gate()


def test_the_order_in_which_branches_were_merged_makes_no_difference(site: Story) -> None:
    site.post(OTHER)
    site.chain(OTHER, *FULL_CHAIN[:4])
    base = kept(site)
    heads = []
    for by in ("publisher-1", "publisher-2"):
        site.go(*base)
        site.sign(OTHER, "publish", by, previous=site.signed[8 + 2].digest, entry=False)
        heads.append(site.head)
    seen = []
    for parents in ((heads[0], heads[1]), (heads[1], heads[0])):
        site.go(*base)
        site.commit("merge\n", parents=parents)
        report = site.gate()
        seen.append((report.items, report.findings, report.live and report.live.posts))
    assert seen[0] == seen[1]
