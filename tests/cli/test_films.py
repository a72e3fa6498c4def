"""A film that lies outside the repository, from handing in to the page: the bytes that were signed, from this site, or none."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import Desk, seated, without_objects
from film_server import FILM, FilmServer, film_server, sha256
from made_films import PLACE, box, said
from made_films import film as a_film
from story import COLUMNS, Story

ROOT = Path(__file__).parents[2]
POST = "content/films/2026-11-20-a.md"
GOOD = sha256(FILM)
CHAIN = ("head-fx", "reviewer-1", "leader-1", "publisher-1")
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\n你好\n"
COLUMN = """\
- id: films
  title: 科普点播
  type: video
  open_to: [county]
  metadata: [Video, Video_digest, Video_label, Audio, Audio_digest, Audio_label, Poster, Captions, Duration]
"""
Film = Callable[..., str]


@pytest.fixture
def server() -> Iterator[FilmServer]:
    """A server with one good film below /films/."""
    with film_server() as one:
        one.answers["/films/a.mp4"] = FILM
        yield one


def with_films(tmp_path: Path, server: FilmServer) -> Story:
    """A site with a column of films, which may lie on that server."""
    story = Story(tmp_path / "site")
    for path in sorted((ROOT / "theme").rglob("*")):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.write("pelicanconf.py", (ROOT / "pelicanconf.py").read_bytes())
    columns = COLUMNS.replace("language: zh-cn}", f"language: zh-cn, media: ['{server.root}films/']}}") + COLUMN
    story.sign_policy(columns=columns)
    return story


@pytest.fixture
def desk(tmp_path: Path, server: FilmServer) -> Desk:
    """That site, and a draft that names no film yet."""
    story = with_films(tmp_path, server)
    story.post(POST, text="Title: 科技周\nSummary: 一句。\n\n三分钟看完。\n")
    story.attach(POST, "zh.vtt", CAPTIONS.encode())
    story.commit()
    return seated(story, tmp_path)


@pytest.fixture
def film(desk: Desk, server: FilmServer) -> Film:
    """Write the post's meta lines about its film: the good one, but for what is said otherwise."""

    def write(**lines: str) -> str:
        said = {"Video": f"{server.root}films/a.mp4", "Video_digest": f"sha256:{GOOD}", "Captions": "zh.vtt"} | lines
        written = "".join(f"{key}: {value}\n" for key, value in said.items() if value)
        desk.write(POST, f"Title: 科技周\nSummary: 一句。\n{written}\n三分钟看完。\n")
        return POST

    return write


def output_of(desk: Desk) -> Path:
    return desk.path.parent / "output"


def published(desk: Desk) -> None:
    """Have the post signed through."""
    desk.done("submit", POST, by="officer-fx")
    for person in CHAIN:
        desk.done("approve", POST, by=person)


def built(desk: Desk) -> tuple[str, list[str]]:
    """Build; return the post's page, and the warnings."""
    ran = desk.qianfa("build", "--output", output_of(desk))
    assert ran.status == 0, ran.err
    return (output_of(desk) / "films/2026-11-20-a.html").read_text("utf-8"), ran.err.splitlines()


# -- handing in ----------------------------------------------------------------------------------------------------


def test_a_film_with_another_digest_is_refused_before_anything_is_signed(
    desk: Desk, film: Film, server: FilmServer
) -> None:
    film(Video_digest=f"sha256:{'1' * 64}")
    assert desk.qianfa("check", POST, by="officer-fx").status == 0
    assert server.asked == []  # hooks wait for a check, so it asks nobody
    before = without_objects(desk.everything())
    ran = desk.qianfa("submit", POST, by="officer-fx")
    assert ran.status == 1
    assert ran.complaint.startswith(f"{POST}:3: ")
    assert f"has the digest sha256:{GOOD}, not sha256:{'1' * 64}; " in ran.complaint
    after = without_objects(desk.everything())
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} <= {".git", ".git/qianfa-media"}
    film()
    assert "handed in" in desk.done("submit", POST, by="officer-fx")


def test_a_film_that_says_where_it_was_taken_is_refused_and_signed_all_the_same_it_is_left_out(
    desk: Desk, film: Film, server: FilmServer, tmp_path: Path
) -> None:
    telling = a_film(box(b"udta", said(b"\xa9xyz", PLACE)))
    server.answers["/films/w.mp4"] = telling
    lines = {"Video": f"{server.root}films/w.mp4", "Video_digest": f"sha256:{sha256(telling)}"}
    film(**lines)
    ran = desk.qianfa("submit", POST, by="officer-fx")
    assert (ran.status, ran.complaint.startswith(f"{POST}:3: ")) == (1, True)
    assert "carries the place where it was taken" in ran.complaint
    assert "ffmpeg" in ran.complaint

    story = with_films(tmp_path / "other", server)
    story.post(POST, text=(desk.path / POST).read_text("utf-8"))
    story.attach(POST, "zh.vtt", CAPTIONS.encode())
    story.chain(POST)
    story.commit()
    page, warnings = built(seated(story, tmp_path / "other"))
    assert "影片暂时无法播放。" in page
    (warning,) = (one for one in warnings if "left out" in one)
    assert "carries the place where it was taken" in warning
    output = tmp_path / "other/output"
    assert not any(PLACE in path.read_bytes() for path in output.rglob("*") if path.is_file())
    assert not (output / "static/media").exists()


def test_a_film_that_is_not_there_is_refused_in_json_too(desk: Desk, film: Film, server: FilmServer) -> None:
    film(Video=f"{server.root}films/none.mp4")
    ran = desk.qianfa("submit", POST, "--json", by="officer-fx")
    assert (ran.status, json.loads(ran.out)["where"]) == (1, f"{POST}:3")
    assert "status 404" in json.loads(ran.out)["what"]


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ({"Video": "http://127.0.0.1:1/films/a.mp4"}, 3, "is not below http://127.0.0.1:"),
        ({"Video_digest": ""}, 3, "lies outside the repository and has no digest"),
        ({"Captions": "none.vtt"}, 5, "the post has no attachment none.vtt"),
        ({"Video": "none.mp4"}, 3, "the post has no attachment none.mp4"),
        ({"Duration": "4 分钟"}, 6, "the Duration is '4 分钟'"),
    ],
)
def test_what_can_be_seen_without_a_server_is_refused_by_check_and_submit(
    desk: Desk, film: Film, server: FilmServer, lines: dict[str, str], place: int, words: str
) -> None:
    film(**lines)
    for option in ((), ("--fast",)):
        ran = desk.qianfa("check", POST, "--json", *option, by="officer-fx")
        objections = [one for post in json.loads(ran.out)["posts"] for one in post["objections"]]
        refused = [(one["code"], one["line"]) for one in objections if one["severity"] == "refuse"]
        assert (ran.status, refused) == (1, [("media-invalid", place)])
        assert any(words in one["what"] and one["hint"] for one in objections)
    ran = desk.qianfa("submit", POST, by="officer-fx")
    assert (ran.status, ran.complaint.startswith(f"{POST}:{place}: ")) == (1, True)
    assert words in ran.complaint
    assert server.asked == []


def test_a_missing_digest_says_how_to_get_it_and_a_missing_place_who_allows_it(desk: Desk, film: Film) -> None:
    film(Video_digest="")
    assert "sha256sum FILE" in desk.qianfa("submit", POST, by="officer-fx").complaint
    film(Video="https://elsewhere.example/a.mp4")
    assert "columns.yaml" in desk.qianfa("submit", POST, by="officer-fx").complaint


def test_a_film_without_captions_is_worth_a_look_and_its_files_are_referred_to(desk: Desk, film: Film) -> None:
    film(Captions="")
    out = desk.done("check", POST, by="officer-fx")
    assert "a film without captions" in out
    assert "zh.vtt: worth a look" in out
    film()
    assert desk.done("check", POST, by="officer-fx").startswith("Nothing to object to.")


def test_whoever_amends_hands_in_too(desk: Desk, film: Film, server: FilmServer) -> None:
    film()
    desk.done("submit", POST, by="officer-fx")
    film(Video=f"{server.root}films/none.mp4", Video_digest=f"sha256:{'2' * 64}")
    assert "status 404" in desk.qianfa("approve", POST, "--amend", by="head-fx").complaint
    film(Captions="none.vtt")
    assert "no attachment none.vtt" in desk.qianfa("approve", POST, "--amend", by="head-fx").complaint
    film(Video_label="高清")
    desk.done("approve", POST, "--amend", by="head-fx")


# -- release -------------------------------------------------------------------------------------------------------


def test_a_page_plays_the_film_that_was_signed_from_its_own_site_and_asks_nobody_else(
    desk: Desk, film: Film, server: FilmServer
) -> None:
    """Though the server has another one by then: what is kept is what was handed in."""
    film(Video_label="高清", Duration="00:03:00")
    published(desk)
    server.answers["/films/a.mp4"] = b"another film"
    page, warnings = built(desk)
    assert warnings == []
    assert server.asked == ["/films/a.mp4"]  # once, when it was handed in
    assert (output_of(desk) / f"static/media/{GOOD}.mp4").read_bytes() == FILM
    assert re.search(rf'<source src="\.\./static/media/{GOOD}\.mp4" type="video/mp4"', page)
    assert re.search(r'<track [^>]*src="\.\./films/2026-11-20-a/zh\.vtt"', page)
    assert GOOD in page
    assert "高清" in page
    everything = b"".join(one.read_bytes() for one in output_of(desk).rglob("*.html"))
    assert server.root.encode() not in everything


def test_bytes_that_were_swapped_are_never_published_and_keep_nothing_else_online(
    desk: Desk, film: Film, server: FilmServer
) -> None:
    """On a machine that has fetched nothing the page says that there is no film, and stands; and a withdrawal goes through."""
    film()
    published(desk)
    shutil.rmtree(desk.path / ".git/qianfa-media")
    server.answers["/films/a.mp4"] = b"another film"
    page, (warning,) = built(desk)
    assert warning.startswith(
        f"qianfa: {POST}: a film or recording is left out: {server.root}films/a.mp4 has the digest "
    )
    assert not (output_of(desk) / "static/media").exists()
    assert "<video" not in page
    assert "无法播放" in page
    assert not [one for one in output_of(desk).rglob("*") if one.is_file() and b"another film" in one.read_bytes()]
    desk.done("withdraw", POST, "--note", "版权", by="publisher-1")
    desk.done("build", "--output", output_of(desk))
    assert not (output_of(desk) / "films/2026-11-20-a.html").exists()


def test_a_preview_shows_the_film_too_or_says_why_not(desk: Desk, film: Film) -> None:
    film()
    desk.done("preview", "--no-serve")
    shown = desk.path / ".git/qianfa-preview"
    assert (shown / f"static/media/{GOOD}.mp4").read_bytes() == FILM
    film(Video_digest="")
    ran = desk.qianfa("preview", "--no-serve")
    assert ran.status == 0
    assert "lies outside the repository and has no digest; the page does without" in ran.complaint
    assert not (shown / "static/media").exists()
