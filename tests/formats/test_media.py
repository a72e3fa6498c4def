"""Films and recordings in meta lines: what is right is taken, and each mistake is told with the line that it is on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from review.formats.media import MediaProblem, content_problems, media_of
from review.model.media import Media, MediaSource

ITEM = "content/on-demand/2026-11-20-a.md"
ALLOWED = ("https://media.example.org/films/",)
ONE, TWO = "1" * 64, "2" * 64
THERE = {
    f"content/on-demand/2026-11-20-a/{name}": ONE
    for name in ("film.mp4", "small.webm", "talk.mp3", "poster.png", "zh.vtt", "图 1.jpg", "notes.txt")
}
OUTSIDE = "https://media.example.org/films/film.mp4"


def read(fields: Mapping[str, str], allowed: tuple[str, ...] = ALLOWED) -> tuple[tuple[Media, ...], list[MediaProblem]]:
    media, problems = media_of(ITEM, fields, THERE, allowed)
    return media, list(problems)


def told(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(one.key, one.what) for one in read(fields)[1]]


def test_a_post_without_any_of_it_shows_nothing() -> None:
    assert read({"title": "讲座"}) == ((), [])
    assert read({"title": "讲座", "video": "", "video_digest": "", "poster": ""}) == ((), [])


def test_an_attachment_has_the_digest_of_the_manifest() -> None:
    film = MediaSource(sha256=ONE, attachment="film.mp4")
    whole = Media(kind="video", files=(film,), poster="poster.png", captions="zh.vtt", duration="00:04:10")
    fields = {"video": "film.mp4", "poster": "poster.png", "captions": "zh.vtt", "duration": "00:04:10"}
    assert read(fields) == ((whole,), [])
    assert film.type == "video/mp4"
    assert film.published == ""


@pytest.mark.parametrize("name", ["film.mp4", "2026-11-20-a/film.mp4", "./film.mp4"])
def test_an_attachment_may_be_named_with_its_folder(name: str) -> None:
    (media,), problems = read({"video": name})
    assert (media.files[0].attachment, problems) == ("film.mp4", [])


def test_variants_digests_and_labels_go_side_by_side() -> None:
    fields = {
        "video": f"film.mp4，{OUTSIDE}",
        "video_digest": f", sha256:{TWO}",
        "video_label": "流畅, 高清",
        "audio": "talk.mp3",
    }
    (video, audio), problems = read(fields)
    assert problems == []
    assert [(one.label, one.sha256) for one in video.files] == [("流畅", ONE), ("高清", TWO)]
    assert video.files[1].address == OUTSIDE
    assert video.files[1].published == f"static/media/{TWO}.mp4"
    assert [(one.attachment, one.type) for one in audio.files] == [("talk.mp3", "audio/mpeg")]


def test_poster_captions_and_duration_go_with_the_recording_where_there_is_no_film() -> None:
    (audio,), _ = read({"audio": "talk.mp3", "captions": "zh.vtt", "duration": "01:00:00"})
    assert (audio.captions, audio.duration) == ("zh.vtt", "01:00:00")
    video, audio = read({"video": "film.mp4", "audio": "talk.mp3", "captions": "zh.vtt"})[0]
    assert (video.captions, audio.captions) == ("zh.vtt", "")


def test_an_address_is_asked_for_as_it_is_checked() -> None:
    written = "HTTPS://Media.example.org:443/%66ilms/科普.mp4"
    (media,), problems = read({"video": written, "video_digest": f"sha256:{ONE}"})
    assert problems == []
    assert media.files[0].address == "https://media.example.org/films/%E7%A7%91%E6%99%AE.mp4"


@pytest.mark.parametrize(
    ("fields", "key", "words"),
    [
        ({"video": "none.mp4"}, "video", "no attachment none.mp4"),
        ({"video": "../2026-11-20-b/film.mp4"}, "video", "no attachment"),
        ({"video": "film.mp4,"}, "video", "is empty"),
        ({"video": "notes.txt"}, "video", "ends in mp4 or webm or ogv"),
        ({"video": "talk.mp3"}, "video", "ends in mp4 or webm or ogv"),
        ({"video": "film"}, "video", "ends in mp4 or webm or ogv"),
        ({"audio": "film.mp4"}, "audio", "ends in mp3 or m4a or ogg or wav"),
        ({"video": OUTSIDE}, "video_digest", "has no digest"),
        ({"video": OUTSIDE, "video_digest": "sha256:12"}, "video_digest", "expected sha256: and 64 hex digits"),
        ({"video": OUTSIDE, "video_digest": ONE}, "video_digest", "in small letters, with sha256: before it"),
        ({"video": OUTSIDE, "video_digest": f"sha256:{'A' * 64}"}, "video_digest", "in small letters"),
        ({"video": OUTSIDE, "video_digest": f"sha256:{ONE}, sha256:{TWO}"}, "video_digest", "has 2 entries and Video has 1"),
        ({"video_digest": f"sha256:{ONE}"}, "video_digest", "has 1 entries and Video has 0"),
        ({"video": "film.mp4, small.webm", "video_label": "流畅"}, "video_label", "has 1 entries and Video has 2"),
        ({"audio_label": "全文"}, "audio_label", "has 1 entries and Audio has 0"),
        ({"video": "film.mp4", "video_digest": f"sha256:{TWO}"}, "video_digest", f"has the digest sha256:{ONE}, not"),
        ({"video": "https://elsewhere.example/film.mp4", "video_digest": f"sha256:{ONE}"}, "video",
         "is not below https://media.example.org/films/"),
        ({"video": f"{ALLOWED[0]}../film.mp4", "video_digest": f"sha256:{ONE}"}, "video", "no plain address"),
        ({"video": f"{OUTSIDE}?a=b.mp4", "video_digest": f"sha256:{ONE}"}, "video", "no plain address"),
        ({"video": "film.mp4", "poster": "none.png"}, "poster", "no attachment none.png"),
        ({"video": "film.mp4", "poster": "notes.txt"}, "poster", "no picture"),
        ({"video": "film.mp4", "poster": "https://media.example.org/films/p.png"}, "poster", "no attachment"),
        ({"video": "film.mp4", "captions": "notes.txt"}, "captions", "no WebVTT"),
        ({"video": "film.mp4", "captions": "none.vtt"}, "captions", "no attachment none.vtt"),
        ({"duration": "04:10"}, "duration", "expected hours, minutes and seconds"),
        ({"duration": "00:61:00"}, "duration", "expected hours, minutes and seconds"),
        ({"duration": "三分钟"}, "duration", "expected hours, minutes and seconds"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(fields: dict[str, str], key: str, words: str) -> None:
    ((found, what),) = told(fields)
    assert found == key
    assert words in what


def test_all_mistakes_are_told_and_what_is_right_stays() -> None:
    fields = {
        "video": "film.mp4, none.mp4, https://elsewhere.example/a.mp4",
        "video_label": "一",
        "poster": "none.png",
        "captions": "zh.vtt",
        "duration": "x",
    }
    (media,), problems = read(fields)
    assert [one.key for one in problems] == ["poster", "duration", "video_label", "video", "video"]
    assert [one.attachment for one in media.files] == ["film.mp4"]
    assert (media.poster, media.captions, media.duration) == ("", "zh.vtt", "")


LETTERS = "9f2c41aa0b7d93e1" * 4


@pytest.mark.parametrize("written", [LETTERS.upper(), f"sha256:{LETTERS.upper()}", f"SHA256:{LETTERS}", LETTERS])
def test_a_digest_as_other_programs_print_it_is_refused_once_with_the_whole_line_to_write(written: str) -> None:
    """PowerShell prints capitals, and neither program says `sha256:`."""
    (media,), (problem,) = read({"video": f"film.mp4，{OUTSIDE}", "video_digest": f", {written}"})
    assert "small letters" in problem.what
    assert problem.hint == f"write this line: Video_digest: , sha256:{LETTERS}"
    assert [one.attachment for one in media.files] == ["film.mp4"]
    assert (
        read({"video": f"film.mp4，{OUTSIDE}", "video_digest": problem.hint.partition(" Video_digest: ")[2]})[1] == []
    )


def test_without_places_that_are_allowed_every_address_is_refused() -> None:
    media, (problem,) = read({"video": OUTSIDE, "video_digest": f"sha256:{ONE}"}, ())
    assert media[0].files == ()
    assert "no place there is allowed" in problem.what
    assert "columns.yaml" in problem.hint


def test_digests_that_do_not_belong_to_anything_make_no_variants() -> None:
    """Which is whose cannot be told, so none is taken."""
    (media,), _ = read({"video": f"{OUTSIDE}, film.mp4", "video_digest": f"sha256:{ONE}"})
    assert media.files == ()


GOOD = {
    "film.mp4": b"\0\0\0\x18ftypisom",
    "small.webm": b"\x1a\x45\xdf\xa3\x01",
    "talk.mp3": b"ID3\x04",
    "poster.png": b"\x89PNG\r\n\x1a\n",
    "zh.vtt": b"\xef\xbb\xbfWEBVTT - zh\n\n00:00.000 --> 00:01.000\n\xe4\xb8\x80\n",
}
FIELDS = {"video": "film.mp4, small.webm", "audio": "talk.mp3", "poster": "poster.png", "captions": "zh.vtt"}


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("film.mp4", b"<html>", "video"),
        ("film.mp4", b"", "video"),
        ("small.webm", b"\0\0\0\x18ftypisom", "video"),
        ("talk.mp3", b"RIFF\0\0\0\0WAVE", "audio"),
        ("poster.png", b"\xff\xd8\xff\xe0", "poster"),
        ("zh.vtt", b"1\n00:00:00,000 --> 00:00:01,000\n", "captions"),
        ("zh.vtt", b"WEBVTTX\n", "captions"),
        ("zh.vtt", "WEBVTT\n\n科普".encode("gb18030"), "captions"),
        ("zh.vtt", "WEBVTT\n".encode("utf-16"), "captions"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(name: str, data: bytes, key: str) -> None:
    media, _ = read(FIELDS)
    assert list(content_problems(media, GOOD)) == []
    (problem,) = content_problems(media, {**GOOD, name: data})
    assert problem.key == key
    assert name in problem.what


def test_a_variant_is_one_thing_or_the_other() -> None:
    for both in ({}, {"attachment": "a.mp4", "address": OUTSIDE}):
        with pytest.raises(ValueError, match="either"):
            MediaSource(sha256=ONE, **both)
