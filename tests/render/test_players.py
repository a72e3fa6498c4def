"""Films and recordings on a page: played from this site, said to be missing where they are, and harmless whatever their names."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from film_server import sha256
from live_sets import SiteUnderTest, a_column
from made_pictures import file_of, scene
from playwright.sync_api import Page, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from review.model.media import Media, MediaSource
from review.render.players import players
from review.render.records import Picture
from review.render.serving import address_of, server_for

CHROMIUM = Path("/usr/bin/chromium")
KEYS = (
    "Video",
    "Video_digest",
    "Video_label",
    "Audio",
    "Audio_digest",
    "Audio_label",
    "Poster",
    "Captions",
    "Duration",
)
FILMS = replace(a_column("films", "科普点播"), type="video", metadata=KEYS)
ITEM = "content/films/2026-11-20-a.md"
OUTSIDE = MediaSource(sha256="2" * 64, address="https://media.example.org/films/a.mp4", label="高清")
BESIDE = MediaSource(sha256="1" * 64, attachment="小片 1.webm", label="流畅")
POST = {"item": ITEM, "attachments": [{"name": "小片 1.webm", "size": 5_000, "sha256": "1" * 64}]}
FILM = base64.b64decode(
    "GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQJChYECGFOAZwEAAAAAAAJwEU2bdLpNu4tTq4QVSalmU6yBoU27i1OrhBZU"
    "rmtTrIHYTbuMU6uEElTDZ1OsggEeTbuMU6uEHFO7a1OsggJa7AEAAAAAAABZAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmsirXsYMPQkBNgI1M"
    "YXZmNTkuMjcuMTAwV0GNTGF2ZjU5LjI3LjEwMESJiECXcAAAAAAAFlSua8GuAQAAAAAAADjXgQFzxYgJ+d7OLbap/5yBACK1nIN1"
    "bmSIgQCGhVZfVlA4g4EBI+ODhA7msoDgibCBILqBEpqBAhJUw2f9c3OgY8CAZ8iaRaOHRU5DT0RFUkSHjUxhdmY1OS4yNy4xMDBz"
    "c9djwItjxYgJ+d7OLbap/2fIoUWjh0VOQ09ERVJEh5RMYXZjNTkuMzcuMTAwIGxpYnZweGfIokWjiERVUkFUSU9ORIeUMDA6MDA6"
    "MDEuNTAwMDAwMDAwAAAfQ7Z1QLTngQCjvIEAAIDQAgCdASogABIAAEcIhYWIhYSIAgICdaoD+AIIISmecP77aJf/PTNeYP8nP/25"
    "H+3I/25H/7bCAKOVgQD6ALEBAAEQEAAYABhYL/QACHAAo5WBAfQAsQEAARAQABgAGFgv9AAIcACjlYEC7gCxAQABEBAAGAAYWC/0"
    "AAhwAKOVgQPoALEBAAEQEAAYABhYL/QACHAAo5WBBOIAsQEAARAQABgAGFgv9AAIcAAcU7trkbuPs4EAt4r3gQHxggGg8IED"
)
"""A second and a half of one colour, VP8 in WebM."""


def test_a_file_from_outside_is_shown_only_where_it_is_among_those_that_are_there() -> None:
    media = (Media(kind="video", files=(OUTSIDE, BESIDE), duration="00:03:00"),)
    (with_it,) = players(media, POST, {OUTSIDE.published: 3 << 20}, lambda _: None)
    (without,) = players(media, POST, {}, lambda _: None)
    assert [(one.url, one.type, one.size, one.label) for one in with_it.files] == [
        (f"static/media/{'2' * 64}.mp4", "video/mp4", "3 MB", "高清"),
        ("films/2026-11-20-a/%E5%B0%8F%E7%89%87%201.webm", "video/webm", "5 KB", "流畅"),
    ]
    assert [one.label for one in without.files] == ["流畅"]
    assert "media.example.org" not in str((with_it, without))


def test_a_film_that_is_nowhere_leaves_a_player_without_files() -> None:
    picture = Picture(url="static/pictures/p.webp", width=16, height=9)
    media = (Media(kind="video", files=(OUTSIDE,), poster="p.png"),)
    (player,) = players(media, POST, {}, {"films/2026-11-20-a/p.png": picture}.get)
    assert (player.files, player.poster) == ((), picture)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one film, all of whose texts would be programs if a page let them."""
    site = SiteUnderTest(columns=(FILMS,))
    hostile = '"><script>document.title = "run"</script>'
    text = (
        f"Title: 一秒钟\nVideo: film.webm，none.mp4\nVideo_label: {hostile}, 二\nPoster: 封面.png\nCaptions: zh.vtt\n"
        "Duration: 00:00:01\nAudio: x' onerror='document.title=1.mp3\n\n一秒钟看完。\n"
    )
    captions = "WEBVTT\n\n00:00.000 --> 00:01.500\n一秒钟\n"
    site.add(
        ITEM,
        text,
        attachments={
            "film.webm": FILM,
            "zh.vtt": captions.encode(),
            "封面.png": file_of(scene(), "PNG"),
            "稿.txt": b"text",
            "x' onerror='document.title=1.mp3": b"ID3",
        },
    )
    output = tmp_path_factory.mktemp("films") / "site"
    site.build(output)
    return output


def test_a_page_has_the_film_its_captions_poster_size_and_digest(built: Path) -> None:
    page = LexborHTMLParser((built / "films/2026-11-20-a.html").read_text("utf-8"))
    video = page.css_first("video")
    assert video is not None
    poster = video.attributes["poster"] or ""
    assert (built / "films" / poster).is_file()
    assert all((video.attributes[name] or "").isdigit() for name in ("width", "height"))
    assert [one.attributes["src"] for one in page.css("video source")] == ["../films/2026-11-20-a/film.webm"]
    assert [one.attributes["src"] for one in page.css("video track")] == ["../films/2026-11-20-a/zh.vtt"]
    shown = "".join(one.text() for one in page.css("article"))
    assert sha256(FILM) in shown
    assert f"WEBM，{len(FILM)} 字节" in shown
    assert "MP3，3 字节" in shown
    assert [one.attributes["type"] for one in page.css("audio source")] == ["audio/mpeg"]


def test_what_the_player_shows_is_not_listed_as_an_attachment_too(built: Path) -> None:
    page = (built / "films/2026-11-20-a.html").read_text("utf-8")
    assert "稿.txt" in page
    assert ">zh.vtt" not in page
    assert ">film.webm" not in page


@pytest.fixture
def shown(built: Path) -> Iterator[tuple[Page, list[str]]]:
    """The page in a browser, and every address that was asked for."""
    if not CHROMIUM.exists():
        pytest.skip("no browser is installed; apt install chromium")
    server = server_for(built, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            page = browser.new_page()
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url.removeprefix(address_of(server))))
            page.goto(f"{address_of(server)}films/2026-11-20-a.html")
            yield page, asked
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_browser_plays_the_film_with_captions_and_runs_nothing(shown: tuple[Page, list[str]]) -> None:
    page, asked = shown
    page.evaluate("() => document.querySelector('video').play()")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 1")
    assert page.evaluate("() => document.querySelector('video').textTracks[0].mode") == "showing"
    assert page.evaluate("() => document.querySelector('video').duration") == pytest.approx(1.5)
    assert page.evaluate("() => document.querySelector('video').seekable.end(0)") == pytest.approx(1.5)
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360  # 64 digits wrap
    assert "一秒钟" in page.title()
    assert {"films/2026-11-20-a/film.webm", "films/2026-11-20-a/zh.vtt"} <= set(asked)
    assert not [one for one in asked if "://" in one]
