"""Attachments that are not published whatever one post brings: paths beyond every bound, scans and films. The build ends well."""

from __future__ import annotations

from pathlib import Path

import pytest
from live_sets import SiteUnderTest, tree
from made_films import PLACE, box, film, heif, said
from made_pictures import file_of, photograph, scene

from review.messages import Message
from review.model.paths import MAX_PUBLISHED_BYTES, length_problem

TELLING = film(box(b"udta", said(b"\xa9xyz", PLACE)))


def long_name(length: int) -> str:
    """A path below `content/news/a/` of so many bytes in all, with names as long as names may be."""
    left = length - len("content/news/a/")
    names = []
    while left > 255:
        names.append("x" * 200)
        left -= 201
    return "/".join([*names, "y" * left])


LONG = {
    "just short enough": (long_name(MAX_PUBLISHED_BYTES), True),
    "one byte more": (long_name(MAX_PUBLISHED_BYTES + 1), False),
    "beyond what systems take": (long_name(20_000), False),
    "of characters of three bytes": ("/".join(["科" * 80] * 5), False),
    "as deep as folders go": ("/".join(["d"] * 95) + "/f.pdf", True),
    "deep and long": ("/".join(["d" * 200] * 95) + "/f.pdf", False),
}


@pytest.mark.parametrize("name", LONG)
def test_a_path_without_end_costs_its_post_a_file_and_the_site_nothing(tmp_path: Path, name: str) -> None:
    path, kept = LONG[name]
    site = SiteUnderTest()
    site.add(
        "content/news/a.md", f"Title: 长\n\n[件](a/{path})\n", attachments={path: b"%PDF-1.7", "good.pdf": b"%PDF-1.7"}
    )
    site.add("content/news/b.md")
    warnings = site.build(tmp_path / "output").warnings
    files = tree(tmp_path / "output")
    assert {"news/a/good.pdf", "news/a.html", "news/b.html"} <= files.keys()
    assert (f"news/a/{path}" in files) is kept
    assert (length_problem(f"content/news/a/{path}") is None) is kept
    told = [one for one in warnings if isinstance(one, Message)]
    assert [one.values["file"] for one in told] == ([] if kept else [f"content/news/a/{path}"])
    page = (tmp_path / "output/news/a.html").read_text("utf-8")
    assert ("此文件的路径过长，本站不提供下载。" in page) is not kept


def test_a_picture_at_such_a_path_is_shown_all_the_same(tmp_path: Path) -> None:
    path = long_name(5_000) + ".png"
    site = SiteUnderTest()
    site.add("content/news/a.md", f"Title: 长\n\n![图](a/{path})\n", attachments={path: file_of(scene(), "PNG")})
    site.build(tmp_path / "output")
    files = tree(tmp_path / "output")
    assert any(one.startswith("static/pictures/") for one in files)
    assert b'src="../static/pictures/' in files["news/a.html"]
    assert not any(one.startswith("news/a/") for one in files)


def test_a_folder_that_lies_so_deep_that_less_is_left_keeps_back_what_does_not_fit(tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) < 3_300:
        deep /= "o" * 200
    deep.mkdir(parents=True)
    site = SiteUnderTest()
    path = long_name(MAX_PUBLISHED_BYTES)
    site.add("content/news/a.md", attachments={path: b"%PDF-1.7", "good.pdf": b"%PDF-1.7"})
    (warning,) = site.build(deep / "output").warnings
    assert "no room for a path so long" in warning
    assert (deep / "output/news/a/good.pdf").is_file()


def test_a_player_plays_no_film_that_is_kept_back_and_links_lose_their_address(tmp_path: Path) -> None:
    site = SiteUnderTest()
    names = {"walk.mp4": TELLING, "plain.mp4": film(), "scan.tif": file_of(photograph(40, 30), "TIFF"),
             "phone.heic": heif(b"hvc1", b"Exif"), "named.jpg": TELLING}  # fmt: skip
    text = "".join(f"[件](a/{name})\n" for name in names) + '\n<video src="a/walk.mp4"></video>\n'
    site.add("content/news/a.md", f"Title: 片\n\n{text}", attachments=names)
    site.add("content/news/b.md", attachments={"same.mp4": TELLING})
    warnings = site.build(tmp_path / "output").warnings
    kept = {
        "content/news/a/walk.mp4",
        "content/news/a/phone.heic",
        "content/news/a/named.jpg",
        "content/news/b/same.mp4",
    }
    assert {one.values["file"] for one in warnings if isinstance(one, Message)} == kept
    files = tree(tmp_path / "output")
    assert {path for path in files if path.startswith(("news/a/", "news/b/"))} == {
        "news/a/plain.mp4",
        "news/a/scan.tif",
    }
    assert not any(PLACE in data for data in files.values())
    for name in ("walk.mp4", "phone.heic", "named.jpg", "same.mp4"):
        assert not any(f'="{"../" * up}news/{folder}/{name}'.encode() in data or f'="{folder}/{name}'.encode() in data
                       for data in files.values() for up in (0, 1) for folder in "ab")  # fmt: skip
