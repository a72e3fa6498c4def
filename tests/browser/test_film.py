"""The sample's films and recordings in a real browser: they play, have captions, and are the files that the page names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from page_kinds import Demonstration
from playwright.sync_api import Browser, Page

PLAYS = """async (player) => {
  player.muted = true;
  await player.play();
  const later = performance.now() + 10000;
  while (player.currentTime < 0.3 && performance.now() < later) await new Promise((done) => setTimeout(done, 20));
  const { currentTime, readyState, duration, videoWidth, videoHeight, error, currentSrc } = player;
  player.pause();
  return { currentTime, readyState, duration, videoWidth, videoHeight, error: error && error.message, currentSrc };
}"""
CUES = """async (player) => {
  const track = player.textTracks[0];
  const element = player.querySelector("track");
  while (element.readyState < 2) await new Promise((done) => setTimeout(done, 20));
  return { kind: track.kind, mode: track.mode, language: track.language, state: element.readyState,
           cues: [...(track.cues ?? [])].map((one) => [one.startTime, one.endTime, one.text]) };
}"""


@pytest.fixture
def films(demonstration: Demonstration) -> list[str]:
    """The pages of all films."""
    found = [path for path in demonstration.posts() if demonstration.parsed(path).css_first("video source") is not None]
    assert len(found) > 1, "the demonstration has no films"
    return found


def seconds(duration: str) -> int:
    """The length that a page tells, such as 04:10."""
    total = 0
    for part in duration.split(":"):
        total = total * 60 + int(part)
    return total


def test_every_film_plays_from_its_beginning_as_long_as_the_page_says(
    page: Page, served: str, films: list[str]
) -> None:
    for path in films:
        page.goto(served + path)
        played: dict[str, Any] = page.locator("video").evaluate(PLAYS)
        assert played["error"] is None, path
        assert played["readyState"] >= 2, path
        assert played["currentTime"] >= 0.3, path
        said = re.search(r"时长 ([\d:]+)", page.inner_text("figure.player figcaption"))
        assert said is not None, path
        assert abs(played["duration"] - seconds(said[1])) < 1.5, path
        assert played["currentSrc"] == page.locator("video source").first.evaluate("(one) => one.src"), path


def test_the_poster_is_there_before_and_keeps_the_place_of_the_film(page: Page, served: str, films: list[str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in films:
        asked.clear()
        page.goto(served + path)
        video = page.locator("video")
        box = video.bounding_box()
        assert box is not None
        width, height = (int(video.get_attribute(name) or 0) for name in ("width", "height"))
        assert width > 0, path
        assert box["width"] / box["height"] == pytest.approx(width / height, rel=0.01), path
        poster = video.evaluate("(one) => one.poster")
        drawn = page.evaluate(
            "(url) => new Promise((done) => { const one = new Image(); one.onload = () => done([one.naturalWidth,"
            " one.naturalHeight]); one.onerror = () => done([0, 0]); one.src = url })",
            poster,
        )
        assert drawn == [width, height], path
        assert not [url for url in asked if url.endswith((".mp4", ".webm"))], f"{path} fetches the film unasked"


def test_the_captions_are_shown_over_the_whole_film(page: Page, served: str, films: list[str]) -> None:
    for path in films:
        page.goto(served + path)
        page.locator("video").evaluate(PLAYS)
        captions: dict[str, Any] = page.locator("video").evaluate(CUES)
        assert (captions["state"], captions["kind"], captions["mode"]) == (2, "captions", "showing"), path
        assert captions["language"].startswith("zh"), path
        cues = captions["cues"]
        assert len(cues) > 2, path
        assert all(start < end and text.strip() for start, end, text in cues), path
        duration: float = page.locator("video").evaluate("(one) => one.duration")
        assert duration / 2 < cues[-1][1] <= duration + 1, path


def test_each_variant_can_be_taken_away_and_is_the_file_whose_digest_the_page_tells(
    page: Page, served: str, demonstration: Demonstration, films: list[str]
) -> None:
    recordings = [
        path for path in demonstration.posts() if demonstration.parsed(path).css_first("audio source") is not None
    ]
    assert recordings, "the demonstration has no recording"
    for path in films + recordings:
        page.goto(served + path)
        sources = page.locator("video source, audio source").evaluate_all("(all) => all.map((one) => one.src)")
        offered = {}
        for item in page.locator(".variants li").all():
            link = item.locator("a[download]")
            assert link.inner_text().strip()
            with page.expect_download() as waiting:
                link.click()
            taken = waiting.value
            data = taken.path().read_bytes()
            url = urljoin(page.url, link.get_attribute("href"))
            offered[url] = hashlib.sha256(data).hexdigest()
            assert size_said(item.inner_text()) == pytest.approx(len(data), rel=0.1, abs=1024), url
        assert page.locator(".digests code").first.is_hidden()
        page.click(".digests summary")
        assert page.locator(".digests dd code").all_inner_texts() == list(offered.values()), path
        assert list(offered) == sources, path
        assert len(set(offered.values())) == len(offered), path
    assert any(page_variants(demonstration, path) > 1 for path in films), "no film comes in several variants"


def size_said(text: str) -> float:
    """The bytes of `（MP4，219 KB）`."""
    found = re.search(r"([\d.]+) (KB|MB)）", text)
    assert found is not None, text
    return float(found[1]) * {"KB": 1024, "MB": 1024**2}[found[2]]


def page_variants(demonstration: Demonstration, path: str) -> int:
    return len(demonstration.parsed(path).css("video source"))


def test_a_recording_plays(page: Page, address: Callable[[str], str]) -> None:
    page.goto(address("audio"))
    played: dict[str, Any] = page.locator("audio").evaluate(PLAYS)
    assert played["error"] is None
    assert played["currentTime"] >= 0.3


def test_blank_plays_and_stops_a_film(page: Page, address: Callable[[str], str]) -> None:
    page.goto(address("film"))
    video = page.locator("video")
    video.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('video').paused")


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_without_javascript_the_browser_s_own_player_is_there(plain: Page, address: Callable[[str], str]) -> None:
    plain.goto(address("film"))
    assert plain.locator("video[controls]").is_visible()
    assert plain.locator(".variants a[download]").first.is_visible()
