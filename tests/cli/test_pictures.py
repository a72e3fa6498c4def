"""Pictures that say where they were taken: authors hear it, handing in takes it out, a build holds back what still has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Desk, seated
from made_pictures import SECRET, file_of, opened, photograph, scene, telling
from story import NEWS, Story

from review.formats.pictures import without_metadata
from review.model.paths import attachments_of

ROOT = Path(__file__).parents[2]
TEXT = "Title: 讲座\nSummary: 一句话。\n\n周六上午九点见。\n\n![听众](2026-11-20-a/photo.jpg)\n"
PHOTO = attachments_of(NEWS) + "photo.jpg"
TELLING = telling("JPEG", photograph(700, 500), 6)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with the sample's theme, and a draft with a photograph as it came from a telephone."""
    story = themed(tmp_path)
    story.post(text=TEXT)
    story.commit()
    desk = seated(story, tmp_path)
    desk.write(PHOTO, TELLING)
    return desk


def themed(folder: Path) -> Story:
    story = Story(folder / "site")
    for path in (ROOT / "pelicanconf.py", *sorted((ROOT / "theme").rglob("*"))):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.sign_policy()
    return story


def objections(desk: Desk, *options: str) -> list[tuple[str, str, str]]:
    ran = desk.qianfa("check", NEWS, "--json", *options, by="officer-fx")
    found = [one for post in json.loads(ran.out)["posts"] for one in post["objections"]]
    return [(one["code"], one["path"], one["what"]) for one in found]


def without_secret(folder: Path) -> bool:
    return all(SECRET.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_handing_in_takes_out_what_a_picture_tells_and_leaves_the_picture(desk: Desk, tmp_path: Path) -> None:
    ((code, path, what),) = objections(desk)
    assert (code, path) == ("picture-cleaned", PHOTO)
    assert what.startswith("the picture carries the place where it was taken, device and time")
    assert (desk.path / PHOTO).read_bytes() == TELLING

    desk.done("submit", NEWS, by="officer-fx")
    clean = (desk.path / PHOTO).read_bytes()
    assert clean == without_metadata(TELLING)
    assert opened(clean).tobytes() == opened(TELLING).tobytes()
    assert objections(desk) == []
    assert desk.git("status", "--short") == ""

    for person in ("head-fx", "reviewer-1", "leader-1", "publisher-1"):
        desk.done("approve", NEWS, by=person)
    output = tmp_path / "output"
    desk.done("build", "--output", output)
    assert (output / "news/2026-11-20-a/photo.jpg").read_bytes() == clean
    assert "static/pictures/" in (output / "news/2026-11-20-a.html").read_text("utf-8")


def test_what_was_signed_with_its_place_is_held_back_until_it_is_handed_in_again(tmp_path: Path) -> None:
    story = themed(tmp_path)
    story.post(text=TEXT)
    story.attach(NEWS, "photo.jpg", TELLING)
    story.chain()
    story.commit()
    desk, output = seated(story, tmp_path), tmp_path / "output"
    ran = desk.qianfa("build", "--output", output)
    assert ran.status == 0
    assert PHOTO in ran.err
    assert f"qianfa submit {NEWS}" in ran.err
    assert without_secret(output)
    assert not (output / "news/2026-11-20-a").exists()
    assert "static/pictures/" in (output / "news/2026-11-20-a.html").read_text("utf-8")
    assert [code for code, _, _ in objections(desk)] == ["picture-cleaned"]
    assert "as version 2" in desk.done("submit", NEWS, by="officer-fx")


def test_a_preview_shows_no_more_than_the_site_will(desk: Desk, tmp_path: Path) -> None:
    ran = desk.qianfa("preview", "--no-serve", "--output", tmp_path / "preview")
    assert ran.status == 0
    assert PHOTO in ran.err
    assert without_secret(tmp_path / "preview")
    assert "static/pictures/" in (tmp_path / "preview/news/2026-11-20-a.html").read_text("utf-8")


def test_pictures_that_cannot_be_cleaned_or_shown_are_told_with_a_way_out(desk: Desk) -> None:
    folder = attachments_of(NEWS)
    desk.write(PHOTO, TELLING[:-5000])
    desk.write(folder + "part.jpg", file_of(photograph(700, 500), "JPEG")[:-5000])
    desk.write(folder + "scan.tif", file_of(scene(), "TIFF"))
    desk.write(folder + "phone.heic", b"\0\0\0\x18ftypheic")
    desk.write(folder + "lost.jpg", TELLING.replace(b"\xff\xdb", b"\0\0", 1))
    desk.write(folder + "good.png", file_of(scene(), "PNG"))
    links = "".join(
        f"\n[附件](2026-11-20-a/{name})\n" for name in ("part.jpg", "scan.tif", "phone.heic", "lost.jpg", "good.png")
    )
    desk.write(NEWS, TEXT + links)
    told = {path.removeprefix(folder): code for code, path, _ in objections(desk, "--fast")}
    assert told == {
        "photo.jpg": "picture-cleaned",
        "part.jpg": "picture-broken",
        "lost.jpg": "picture-broken",
        "scan.tif": "picture-unshown",
        "phone.heic": "picture-unshown",
    }
