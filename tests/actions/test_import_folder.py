"""Reading a folder: what is in it, nothing from outside it, and a word about what stays behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from review.actions.import_folder import MAX_POST_BYTES, read_folder
from review.errors import Refused, UnusableSite


def test_markdown_is_read_and_other_files_are_listed_in_all_subfolders(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "a.md").write_bytes(b"a")
    (tmp_path / "b" / "B.MARKDOWN").write_bytes(b"b")
    (tmp_path / "b" / "c" / "d.jpg").write_bytes(b"d")
    folder = read_folder(tmp_path)
    assert folder.posts == {"a.md": b"a", "b/B.MARKDOWN": b"b"}
    assert list(folder.files) == ["b/c/d.jpg"]
    assert folder.files["b/c/d.jpg"].read_bytes() == b"d"
    assert (folder.skipped, folder.notes) == ((), ())


def test_a_name_in_decomposed_letters_is_listed_composed(tmp_path: Path) -> None:
    (tmp_path / "e\u0301.md").write_bytes(b"a")
    assert list(read_folder(tmp_path).posts) == ["é.md"]


def test_a_name_that_is_no_utf_8_stops_nothing(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_bytes(b"a")
    assert list(read_folder(tmp_path).posts) == ["\\xff.md"]


def test_of_two_spellings_of_one_name_the_second_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "e\u0301.md").write_bytes(b"a")
    (tmp_path / "é.md").write_bytes(b"b")
    folder = read_folder(tmp_path)
    assert folder.posts == {"é.md": b"a"}
    assert folder.skipped == (("é.md", "the name is another file's, in another spelling"),)


def test_no_link_out_of_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_bytes(b"secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "more.md").write_bytes(b"secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.md").symlink_to(tmp_path / "secret.md")
    (inside / "b.jpg").symlink_to(tmp_path / "secret.md")
    (inside / "c").symlink_to(tmp_path / "outside")
    (inside / "d.md").symlink_to(tmp_path / "nowhere.md")
    folder = read_folder(inside)
    assert (folder.posts, folder.files) == ({}, {})
    assert dict(folder.skipped) == {"a.md": "a link out of the folder", "d.md": "a link that leads nowhere"}
    assert {note.file: note.what for note in folder.notes} == {
        "b.jpg": "a link out of the folder",
        "c": "a link to a folder",
    }


def test_a_link_to_a_file_inside_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a")
    (tmp_path / "b.md").symlink_to("a.md")
    assert read_folder(tmp_path).posts == {"a.md": b"a", "b.md": b"a"}


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert read_folder(tmp_path).skipped == (("a.md", "no regular file"),)


def test_hidden_folders_and_those_of_programs_stay_behind_with_a_note(tmp_path: Path) -> None:
    for name in (".git", ".cache", "node_modules"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_bytes(b"a")
    folder = read_folder(tmp_path)
    assert folder.posts == {}
    assert [note.file for note in folder.notes] == [".cache", "node_modules"]


def test_a_post_over_the_limit_is_skipped_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a" * (MAX_POST_BYTES + 1))
    (tmp_path / "b.md").write_bytes(b"b" * MAX_POST_BYTES)
    folder = read_folder(tmp_path)
    assert list(folder.posts) == ["b.md"]
    assert folder.skipped == (("a.md", f"{MAX_POST_BYTES + 1} bytes; at most {MAX_POST_BYTES} are taken"),)


def test_an_attachment_over_the_limit_is_noted_with_its_size(tmp_path: Path) -> None:
    size = (200 << 20) + 1
    with (tmp_path / "a.mp4").open("wb") as file:
        file.truncate(size)
    folder = read_folder(tmp_path)
    assert folder.files == {}
    assert [note.what for note in folder.notes] == [f"{size} bytes; at most {200 << 20} are taken"]


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.jpg").write_bytes(b"")
    assert len(read_folder(tmp_path, max_files=4).files) == 4
    with pytest.raises(Refused, match="more than 3 files"):
        read_folder(tmp_path, max_files=3)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableSite, match="no such folder"):
        read_folder(tmp_path / "none")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_that_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a")
    (tmp_path / "a.md").chmod(0)
    assert read_folder(tmp_path).skipped[0][0] == "a.md"
