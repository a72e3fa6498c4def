"""Pictures that say where they were taken: authors hear it, handing in takes it out, a build holds back what still has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Desk, seated
from made_films import PLACE, box, film, heif, said, track
from made_pictures import SECRET, camera, file_of, opened, photograph, scene, telling
from story import NEWS, Story

from review.formats.camera_files import cleaned_file
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
    desk.write(folder + "phone.heic", heif(b"hvc1"))
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


# Scans, pictures of telephones, films.

FOLDER = attachments_of(NEWS)
SCAN = file_of(scene(), "TIFF")
TELLING_SCAN = file_of(scene(), "TIFF", tiffinfo={315: SECRET})
TELLING_FILM = film(box(b"udta", said(b"\xa9xyz", PLACE), said(b"\xa9nam", "科技周".encode())))


def linking(*names: str) -> str:
    return TEXT + "".join(f"\n[附件](2026-11-20-a/{name})\n" for name in names)


def told(desk: Desk, *options: str) -> dict[str, tuple[str, str]]:
    ran = desk.qianfa("check", NEWS, "--json", *options, by="officer-fx")
    found = [one for post in json.loads(ran.out)["posts"] for one in post["objections"]]
    assert all(one["hint"] for one in found)
    return {one["path"].removeprefix(FOLDER): (one["code"], one["severity"]) for one in found}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.tif", TELLING_SCAN, "names (artist, copyright, owner)"),
        ("phone.heic", heif(b"hvc1", b"Exif"), "what the camera wrote into it"),
        ("phone.avif", file_of(scene(), "AVIF", exif=camera()), "what the camera wrote into it"),
        ("drone.mp4", film(track(b"sbtl"), pixels=b"GPS(107.2300,34.3600,16)"), "the place where it was taken"),
        ("cut.mp4", TELLING_FILM[:-9], "parts that cannot be looked through"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_a_way_out(desk: Desk, name: str, data: bytes, words: str) -> None:
    desk.write(NEWS, linking(name))
    desk.write(FOLDER + name, data)
    for options in ((), ("--fast",)):
        assert told(desk, *options)[name] == ("file-telling", "refuse")
    before = desk.git("rev-parse", "HEAD")
    ran = desk.qianfa("submit", NEWS, by="officer-fx")
    assert ran.status == 1
    assert FOLDER + name in ran.complaint
    assert words in ran.complaint
    assert ("ffmpeg" if name.endswith("mp4") else "PNG") in ran.complaint
    assert desk.git("rev-parse", "HEAD") == before


def test_a_plain_scan_and_a_film_without_a_place_come_online_and_a_place_is_taken_out(
    desk: Desk, tmp_path: Path
) -> None:
    names = {"scan.tif": SCAN, "plain.mp4": film(), "walk.mp4": TELLING_FILM, "plain.heic": heif(b"hvc1")}
    desk.write(NEWS, linking(*names))
    for name, data in names.items():
        desk.write(FOLDER + name, data)
    assert told(desk) == {
        "photo.jpg": ("picture-cleaned", "warn"),
        "walk.mp4": ("film-cleaned", "warn"),
        "scan.tif": ("picture-unshown", "warn"),
        "plain.heic": ("picture-unshown", "warn"),
    }
    desk.done("submit", NEWS, by="officer-fx")
    clean = (desk.path / FOLDER / "walk.mp4").read_bytes()
    assert clean == cleaned_file(TELLING_FILM)
    assert len(clean) == len(TELLING_FILM)
    assert PLACE not in clean
    for person in ("head-fx", "reviewer-1", "leader-1", "publisher-1"):
        desk.done("approve", NEWS, by=person)
    ran = desk.qianfa("build", "--output", tmp_path / "output")
    assert (ran.status, FOLDER in ran.err) == (0, False)
    there = {path.name: path.read_bytes() for path in (tmp_path / "output/news/2026-11-20-a").iterdir()}
    assert {name: there[name] for name in names} == {**names, "walk.mp4": clean}


def test_whoever_amends_adds_no_file_that_tells_too_much(desk: Desk) -> None:
    desk.done("submit", NEWS, by="officer-fx")
    desk.write(FOLDER + "scan.tif", TELLING_SCAN)
    ran = desk.qianfa("approve", NEWS, "--amend", by="head-fx")
    assert ran.status == 1
    assert FOLDER + "scan.tif" in ran.complaint


def test_what_was_signed_all_the_same_stays_back_and_the_page_says_its_name(tmp_path: Path) -> None:
    story = themed(tmp_path)
    names = {
        "scan.tif": TELLING_SCAN,
        "phone.heic": heif(b"hvc1", b"Exif", pixels=SECRET.encode()),
        "walk.mp4": TELLING_FILM,
    }
    deep = "/".join(["很深的文件夹" * 10] * 7)
    names |= {f"{deep}/long.pdf": b"%PDF-1.7", "good.pdf": b"%PDF-1.7"}
    story.post(text=linking(*names).replace("![听众](2026-11-20-a/photo.jpg)", ""))
    for name, data in names.items():
        story.attach(NEWS, name, data)
    story.chain()
    story.commit()
    desk, output = seated(story, tmp_path), tmp_path / "output"
    ran = desk.qianfa("build", "--output", output)
    assert ran.status == 0
    warnings = [line for line in ran.err.splitlines() if FOLDER in line]
    assert len(warnings) == 4
    assert all("is not published" in line and line.endswith(f"qianfa submit {NEWS}") for line in warnings)
    assert without_secret(output)
    assert not any(PLACE in path.read_bytes() for path in output.rglob("*") if path.is_file())
    assert [path.name for path in (output / "news/2026-11-20-a").rglob("*")] == ["good.pdf"]
    page = (output / "news/2026-11-20-a.html").read_text("utf-8")
    assert page.count("此文件带有拍摄地点等信息，本站不提供下载。") == 3
    assert page.count("此文件的路径过长，本站不提供下载。") == 1
    for name in names:
        assert (f'href="../news/2026-11-20-a/{name}"' in page) is (name == "good.pdf")
    assert told(desk)[f"{deep}/long.pdf"] == ("path-long", "refuse")
    chain = json.loads((output / "news/2026-11-20-a.chain.json").read_text("utf-8"))
    assert all(FOLDER + name in chain["manifest"]["text"] for name in names)
    desk.git("rm", "-r", "-q", *(FOLDER + name for name in names if name not in ("walk.mp4", "good.pdf")))
    desk.write(NEWS, TEXT.replace("photo.jpg", "good.pdf"))
    desk.done("submit", NEWS, by="officer-fx")
    assert PLACE not in (desk.path / FOLDER / "walk.mp4").read_bytes()
