"""Pictures of a site: copies in several widths that carry nothing but the picture; originals that tell too much stay back."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from film_server import sha256
from live_sets import SiteUnderTest, tree
from made_pictures import (
    FORMATS,
    SECRET,
    camera,
    file_of,
    moving,
    opened,
    photograph,
    png_of_size,
    scene,
    swapped_profile,
    telling,
)
from PIL import Image

from review.formats.pictures import picture_file
from review.messages import Message
from review.render import rendering, shelf
from review.render.pictures import MAX_PIECES, MAX_SCANS, NoCopies, derive, pixels_in, stripped

A = "content/news/a.md"
PLACE = "static/pictures/"


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=False))


RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 200, 0), (0, 0, 255), (255, 255, 0)


def corners(data: bytes) -> list[tuple[int, int, int]]:
    """The colours of the corners, clockwise from the upper left, as those of `scene` are called."""
    picture = opened(data).convert("RGB")
    right, low = picture.width - 4, picture.height - 4
    found = [picture.getpixel(place) for place in ((4, 4), (right, 4), (right, low), (4, low))]
    return [next(name for name in (RED, GREEN, BLUE, YELLOW) if near(pixel, name)) for pixel in found]


# One picture.


@pytest.mark.parametrize(
    ("width", "widths"),
    [(2000, [480, 960, 1440]), (1440, [480, 960, 1440]), (1300, [480, 960, 1300]), (1100, [480, 1100]),
     (960, [480, 960]), (500, [500]), (480, [480]), (1, [1])],
)  # fmt: skip
def test_copies_are_as_wide_as_screens_need_and_never_wider_than_the_original(width: int, widths: list[int]) -> None:
    copies = derive(file_of(photograph(width, max(1, width // 2)), "JPEG"))
    assert [one.width for one in copies] == widths
    assert [opened(one.data).size for one in copies] == [(one.width, one.height) for one in copies]
    assert copies[-1].height == max(1, round(width // 2 * widths[-1] / width))


def test_the_same_bytes_give_the_same_copies() -> None:
    for data in (telling("JPEG", photograph(1500, 900)), telling("PNG", scene(700, 500, "RGBA"))):
        assert derive(data) == derive(data)
        assert len({one.name for one in derive(data)}) == len(derive(data))


@pytest.mark.parametrize("format", FORMATS)
def test_a_copy_carries_nothing_and_shows_the_picture(format: str) -> None:
    for one in derive(telling(format, scene(1000, 700))):
        assert corners(one.data) == [RED, GREEN, BLUE, YELLOW]
        file = picture_file(one.data)
        assert file is not None
        assert (file.carries, file.profile, file.orientation) == (frozenset(), False, 1)
        assert SECRET.encode() not in one.data
        assert opened(one.data).info.keys() <= {"loop", "background", "timestamp", "duration"}


@pytest.mark.parametrize(
    ("orientation", "turned", "expected"),
    [
        (1, False, [RED, GREEN, BLUE, YELLOW]),
        (2, False, [GREEN, RED, YELLOW, BLUE]),
        (3, False, [BLUE, YELLOW, RED, GREEN]),
        (4, False, [YELLOW, BLUE, GREEN, RED]),
        (5, True, [RED, YELLOW, BLUE, GREEN]),
        (6, True, [YELLOW, RED, GREEN, BLUE]),
        (7, True, [BLUE, GREEN, RED, YELLOW]),
        (8, True, [GREEN, BLUE, YELLOW, RED]),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_copies_are_upright_however_the_camera_was_held(
    format: str, orientation: int, turned: bool, expected: list[tuple[int, int, int]]
) -> None:
    copies = derive(telling(format, scene(1200, 600), orientation))
    assert copies[-1].width == (600 if turned else 1200)
    assert all(one.height == (one.width * 2 if turned else one.width // 2) for one in copies)
    assert corners(copies[-1].data) == expected


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_colours_are_those_that_the_files_profile_means(format: str) -> None:
    (copy,) = derive(file_of(scene(400, 300), format, icc_profile=swapped_profile()))
    pixel = opened(copy.data).convert("RGB").getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert pixel[1] > pixel[0]
    assert b"ICC" not in copy.data


def test_a_profile_that_is_none_is_left_aside() -> None:
    for mode, profile in (("RGB", b"nonsense"), ("L", swapped_profile()), ("CMYK", swapped_profile())):
        (copy,) = derive(file_of(scene(400, 300, mode), "JPEG", icc_profile=profile))
        assert opened(copy.data).size == (400, 300)


MODES: dict[str, Callable[[], bytes]] = {
    "palette": lambda: file_of(scene(1000, 600, "P"), "PNG"),
    "palette, one colour clear": lambda: file_of(scene(1000, 600, "P"), "PNG", transparency=0),
    "grey": lambda: file_of(scene(1000, 600, "L"), "PNG"),
    "grey and clear": lambda: file_of(scene(1000, 600, "LA"), "PNG"),
    "black and white": lambda: file_of(scene(1000, 600, "1"), "PNG"),
    "sixteen bits": lambda: file_of(Image.new("I;16", (1000, 600), 65535 // 2), "PNG"),
    "grey JPEG": lambda: file_of(scene(1000, 600, "L"), "JPEG"),
    "print": lambda: file_of(scene(1000, 600, "CMYK"), "JPEG"),
    "still GIF": lambda: file_of(scene(1000, 600, "P"), "GIF"),
}


@pytest.mark.parametrize("name", MODES)
def test_pictures_of_every_mode_have_copies_that_look_like_them(name: str) -> None:
    data = MODES[name]()
    copies = derive(data)
    assert copies[-1].width == 1000
    before, after = (opened(one).convert("RGBA").resize((10, 6)) for one in (data, copies[-1].data))
    if name == "sixteen bits":
        before = Image.new("RGBA", (10, 6), (127, 127, 127, 255))
    pairs = zip(before.tobytes()[::7], after.tobytes()[::7], strict=True)
    assert sum(abs(one - other) > 24 for one, other in pairs) <= 4


def test_what_is_clear_stays_clear() -> None:
    clear = scene(900, 600, "RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((900, 600)))
    for one in derive(file_of(clear, "PNG")):
        assert opened(one.data).getchannel("A").getextrema() == (0, 255)


def test_a_drawing_is_kept_to_the_last_pixel() -> None:
    drawing = scene(900, 600, "P")
    copy = derive(file_of(drawing, "PNG"))[-1]
    assert opened(copy.data).convert("RGB").tobytes() == drawing.convert("RGB").tobytes()


def test_a_narrower_copy_has_fewer_bytes_or_is_not_there() -> None:
    drawing = Image.new("P", (1400, 900))
    drawing.putpalette(bytes(range(256)) * 3)
    for x in range(0, 1400, 7):
        drawing.paste(x % 256, (x, x % 50, x + 2, 900))
    for data in (file_of(drawing, "PNG"), file_of(photograph(1400, 900), "JPEG")):
        sizes = [len(one.data) for one in derive(data)]
        assert sizes == sorted(set(sizes))
    assert len(derive(file_of(drawing, "PNG"))) < 3


def test_a_photograph_costs_a_fraction_of_its_bytes() -> None:
    data = file_of(photograph(960, 720), "PNG")
    assert sum(len(one.data) for one in derive(data)) < len(data) / 4


def test_a_small_file_that_is_better_than_any_copy_is_its_own_copy() -> None:
    data = file_of(scene(400, 300), "WEBP", lossless=True, quality=100, method=6)
    assert [one.data for one in derive(data)] == [data]


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_left_moving(format: str) -> None:
    options = {"comment": SECRET} if format == "GIF" else {"exif": camera()}
    (copy,) = derive(moving(format, **options))
    picture = Image.open(io.BytesIO(copy.data))
    assert (getattr(picture, "n_frames", 1), copy.width, copy.height) == (3, 60, 40)
    assert SECRET.encode() not in copy.data


def test_a_very_tall_picture_is_made_as_tall_as_a_copy_may_be() -> None:
    (copy,) = derive(file_of(scene(100, 20_000, "L"), "PNG"))
    assert (copy.width, copy.height) == (81, 16_200)


def scanned(times: int) -> bytes:
    """A JPEG that is drawn more often than anyone can see."""
    data = file_of(scene(64, 64), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * times + data[-2:]


BROKEN: dict[str, tuple[bytes, str]] = {
    "cut short": (file_of(photograph(800, 600), "JPEG")[:-20_000], "cannot be read"),
    "a PNG cut short": (file_of(photograph(800, 600), "PNG")[:-20_000], "cannot be read"),
    "hardly begun": (b"\xff\xd8\xff\xe0", "cannot be read"),
    "a head alone": (b"\x89PNG\r\n\x1a\n\r\n\x00", "cannot be read"),
    "no picture": ("不是图片".encode(), "cannot be read"),
    "noise": (b"\xff\xd8\xff" + random.Random(1).randbytes(4000), "cannot be read"),
    "too many pixels": (png_of_size(8000, 8000), "more than 50 million pixels"),
    "a bomb": (png_of_size(60_000, 60_000), "more than 50 million pixels"),
    "too high": (png_of_size(1, 49_000_000), "more than 65535 pixels wide or high"),
    "too wide": (png_of_size(65_536, 1), "more than 65535 pixels wide or high"),
    "too many pieces": (
        file_of(scene(2, 2), "GIF")[:-1] + b"\x21\xf9\x04\0\0\0\0\0" * MAX_PIECES + b";",
        "cannot be read",
    ),
    "drawn without end": (scanned(MAX_SCANS), "more than 50 million pixels"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_unpacked_is_refused_in_a_sentence(name: str) -> None:
    data, words = BROKEN[name]
    with pytest.raises(NoCopies, match=words):
        derive(data)
    rest = stripped(data)
    assert rest is None or SECRET.encode() not in rest.data


# A site.


class Tags(HTMLParser):
    """The pictures and links of a page, each with its attributes in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images.append(values)
        elif tag == "a" and "href" in values:
            self.links.append(unquote(values["href"]))


def text_of(output: Path, page: str) -> Tags:
    """The part of a page that is its text."""
    whole = (output / page).read_text("utf-8")
    found = re.search(r'<div class="text">(.*?)</div>', whole, re.DOTALL)
    assert found
    return Tags(found[1])


def published(output: Path) -> dict[str, bytes]:
    """Every picture of the output, by path."""
    return {path: data for path, data in tree(output).items() if picture_file(data) is not None}


PHOTO = telling("JPEG", photograph(1600, 1200), 6)
CLEAN = file_of(photograph(1000, 500), "JPEG")
CUT = telling("JPEG", photograph(900, 600))[:-9_000]
NAMES = {
    "照 片 '1'.jpg": PHOTO,
    'b "2".JPG': CLEAN,
    "wrong.png": CLEAN,
    "whole.gif": moving("GIF", comment=SECRET),
    "cut.jpg": CUT,
    "lost.jpg": b"\xff\xd8\xffExif\0\0" + SECRET.encode(),
    "bomb.png": png_of_size(60_000, 60_000),
    "drawing.png": telling("PNG", scene(300, 200)),
    "dot.png": file_of(scene(1, 1), "PNG"),
    "表.csv": b"1,2\n",
    "sign.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}
TEXT = """Title: 照片

![第一张](<a/照 片 '1'.jpg>) ![第二张](<a/b "2".JPG> "看") ![动](a/whole.gif)
<img src="a/b%20%222%22.JPG" width="250" alt="窄"> <img src="a/wrong.png" height="100" width="9999" alt="">
![坏](a/cut.jpg) ![丢](a/lost.jpg) ![大](a/bomb.png) ![点](a/dot.png) ![矢量](a/sign.svg)

[原图](<a/照 片 '1'.jpg>) [原图二](<a/b "2".JPG>) [丢](a/lost.jpg) [表](a/表.csv)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    """A site of pictures of all sorts, and the warnings of its build."""
    site = SiteUnderTest()
    site.add(A, TEXT, attachments=NAMES)
    site.add("content/news/b.md", "Title: 又\nImage: ../news/b/x.jpg\n\n文。\n\n![同](a/wrong.png)\n",
             attachments={"x.jpg": PHOTO})  # fmt: skip
    site.add("content/popular-science/activities/c.md", "Title: 只有附件\n\n文。\n\n![别处的](/news/b/x.jpg)\n",
             attachments={"y.jpg": PHOTO, "y.pdf": PHOTO, "z.jpg": CLEAN}, mark="草稿")  # fmt: skip
    output = tmp_path_factory.mktemp("pictures") / "output"
    return output, site.build(output).warnings


def test_no_published_byte_carries_what_a_picture_carried(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    for path, data in tree(output).items():
        assert SECRET.encode() not in data, path
    found = published(output)
    assert len(found) > 10
    for path, data in found.items():
        file = picture_file(data)
        assert file is not None
        assert file.carries == set(), path
        if path.startswith(PLACE) and Path(path).suffix == ".webp":
            assert not file.profile
            assert file.orientation == 1


def test_an_original_that_carries_nothing_is_published_as_it_was_signed(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    there = {path.name: path.read_bytes() for path in (output / "news/a").iterdir()}
    kept = ('b "2".JPG', "wrong.png", "bomb.png", "dot.png", "表.csv", "sign.svg")
    assert there == {name: NAMES[name] for name in kept}
    assert not (output / "news/b").exists()
    assert (output / "popular-science/activities/c/z.jpg").read_bytes() == CLEAN


def test_the_build_names_each_file_that_is_held_back_or_has_no_copies_and_goes_on(
    built: tuple[Path, tuple[str, ...]],
) -> None:
    _, warnings = built
    assert all(isinstance(one, Message) for one in warnings)
    held = [one.split(": ")[0] for one in warnings if "it carries" in one]
    assert held == [
        "content/news/a/cut.jpg", "content/news/a/drawing.png", "content/news/a/lost.jpg", "content/news/a/whole.gif",
        "content/news/a/照 片 '1'.jpg", "content/news/b/x.jpg", "content/popular-science/activities/c/y.jpg",
        "content/popular-science/activities/c/y.pdf",
    ]  # fmt: skip
    place = next(one for one in warnings if one.startswith("content/news/b/x.jpg"))
    assert "the place where it was taken" in place
    assert place.endswith("qianfa submit content/news/b.md")
    rest = {one.split(": ")[0]: one for one in warnings if "smaller copies" in one}
    assert rest.keys() == {"content/news/a/cut.jpg", "content/news/a/lost.jpg", "content/news/a/bomb.png"}
    assert "more than 50 million pixels" in rest["content/news/a/bomb.png"]


def test_a_text_shows_copies_with_their_size_and_the_words_of_its_author(
    built: tuple[Path, tuple[str, ...]],
) -> None:
    output, _ = built
    images = text_of(output, "news/a.html").images
    first, second, moves, narrow, low, cut, bomb, dot, vector = images
    assert [one["alt"] for one in images] == ["第一张", "第二张", "动", "窄", "", "坏", "大", "点", "矢量"]
    assert (first["width"], first["height"]) == ("1200", "1600")
    assert (second["width"], second["height"], second["title"]) == ("1000", "500", "看")
    assert (narrow["width"], narrow["height"]) == ("250", "125")
    assert narrow["sizes"] == "(max-width: 250px) 92vw, 250px"
    assert (low["width"], low["height"]) == ("9999", "5000")
    assert (moves["width"], moves["height"], "srcset" in moves) == ("60", "40", False)
    assert (cut["width"], cut["height"]) == ("900", "600")
    assert (bomb["src"], vector["src"]) == ("a/bomb.png", "a/sign.svg")
    assert (dot["width"], dot["height"], "srcset" in dot) == ("1", "1", False)
    for one in images:
        assert (output / "news" / unquote(one["src"])).is_file()
        assert "style" not in one
    offered = [part.split(" ") for part in first["srcset"].split(", ")]
    assert [int(width.removesuffix("w")) for _, width in offered] == [480, 960, 1200]
    for url, width in offered:
        assert opened((output / "news" / url).read_bytes()).width == int(width.removesuffix("w"))
    assert first["src"] == offered[-1][0]


def test_only_the_first_picture_of_a_page_is_fetched_at_once(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    first, *others = text_of(output, "news/a.html").images
    assert "loading" not in first
    assert first["fetchpriority"] == "high"
    assert all(one["loading"] == "lazy" and "fetchpriority" not in one for one in others)
    assert all(one["decoding"] == "async" for one in (first, *others))
    (below_its_image,) = text_of(output, "news/b.html").images
    assert below_its_image["loading"] == "lazy"


def test_a_picture_of_another_post_is_shown_from_its_copies(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    (image,) = text_of(output, "popular-science/activities/c.html").images
    assert image["src"].startswith("../../static/pictures/")
    (same,) = text_of(output, "news/b.html").images
    assert same["src"] in {one["src"] for one in text_of(output, "news/a.html").images}


def test_a_picture_is_derived_once_however_many_posts_show_it(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    files = {path: data for path, data in tree(output).items() if path.startswith(PLACE)}
    sizes = [Image.open(io.BytesIO(data)).size for data in files.values()]
    assert sizes.count((1200, 1600)) == 1
    assert len(set(files.values())) == len(files)
    assert all(re.fullmatch(r"static/pictures/[0-9a-f]{32}\.(webp|jpg|png|gif)", path) for path in files)


def test_links_lead_to_the_original_or_else_to_its_widest_copy_or_nowhere(
    built: tuple[Path, tuple[str, ...]],
) -> None:
    output, _ = built
    tags = text_of(output, "news/a.html")
    assert tags.links == [tags.images[0]["src"], 'a/b "2".JPG', "a/表.csv"]


def test_attachments_are_listed_where_the_text_does_not_show_them(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    whole = (output / "news/a.html").read_text("utf-8")
    listed = Tags(whole[whole.index('id="attachments"') :]).links
    names = [link.rpartition("/")[2] for link in listed if "news/a/" in link or PLACE in link]
    drawing = next(name for name in names if name.endswith((".webp", ".png")) and name not in NAMES)
    assert set(names) == {"bomb.png", "sign.svg", "表.csv", drawing}
    assert opened((output / PLACE / drawing).read_bytes()).size == (300, 200)
    assert 'id="attachments"' not in (output / "news/b.html").read_text("utf-8")


def test_the_picture_that_stands_for_a_post_is_its_image_or_else_the_first_of_its_text(
    built: tuple[Path, tuple[str, ...]],
) -> None:
    output, _ = built
    first = text_of(output, "news/a.html").images[0]["src"].removeprefix("../")
    for page in ("news/a.html", "news/b.html"):
        assert f'property="og:image" content="https://example.org/{first}"' in (output / page).read_text("utf-8")
    assert first in (output / "news/index.html").read_text("utf-8")


def test_feeds_have_the_copies_at_addresses_that_hold_anywhere(built: tuple[Path, tuple[str, ...]]) -> None:
    output, _ = built
    feed = (output / "feeds/news.atom.xml").read_text("utf-8")
    assert "https://example.org/static/pictures/" in feed
    assert "../static" not in feed


def test_pictures_change_no_byte_of_a_build_that_is_repeated(tmp_path: Path) -> None:
    for number, names in enumerate((["x.jpg", "y.png"], ["y.png", "x.jpg"])):
        site = SiteUnderTest()
        site.add(A, "Title: 图\n\n![](a/x.jpg)\n", attachments=dict.fromkeys(names, PHOTO))
        site.build(tmp_path / str(number))
    one, other = (tree(tmp_path / number) for number in ("0", "1"))
    assert any(path.startswith(PLACE) for path in one)
    for path in (path for path in {*one, *other} if path.startswith(PLACE) or path.endswith(".html")):
        assert one[path] == other[path]


def test_a_post_with_pictures_without_end_has_copies_of_its_first_ones_and_the_rest_are_shown_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {f"{number}.png": file_of(scene(400 + number, 300), "PNG") for number in range(4)}
    names["telling.jpg"] = telling("JPEG", scene(700, 500))
    posts = [
        {"item": A, "attachments": [{"name": name, "sha256": sha256(data), "withheld": name == "telling.jpg"}
                                    for name, data in names.items()]},
        {"item": "content/news/b.md", "attachments": [{"name": "x.png", "sha256": sha256(b"x"), "withheld": False}]},
    ]  # fmt: skip
    originals, site = tmp_path / "originals", tmp_path / "site"
    originals.mkdir()
    for data in names.values():
        (originals / sha256(data)).write_bytes(data)
    (originals / sha256(b"x")).write_bytes(file_of(scene(600, 400), "PNG"))
    monkeypatch.setattr(shelf, "LEAST", 100)
    monkeypatch.setattr(shelf, "MOST_OF_POST", 400 * 300 + 402 * 300 + 600)
    warnings: list[str] = []
    made = shelf.derive_all(posts, originals, site, warnings.append, lambda _done, _total: None)
    having = {name for name, data in names.items() if sha256(data) in made}
    assert having == {"0.png", "1.png", "telling.jpg"}
    assert sha256(b"x") in made
    stripped_one = made[sha256(names["telling.jpg"])]
    assert (stripped_one.width, stripped_one.srcset, stripped_one.url.endswith(".jpg")) == (700, (), True)
    assert SECRET.encode() not in (site / stripped_one.url).read_bytes()
    assert [one.split(": ")[0] for one in warnings] == [
        f"{A[:-3]}/{name}" for name in ("2.png", "3.png", "telling.jpg")
    ]
    assert all("million pixels that are unpacked for one post" in one for one in warnings)


def test_so_many_pictures_are_told_in_the_readers_language(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("warning: content/news/a/x.jpg: the picture is beyond the 2000 million pixels that are "
                                      "unpacked for one post, so no smaller copies of it were made\n", "utf-8")  # fmt: skip
    (told,) = rendering._warnings(tmp_path)
    assert isinstance(told, Message)
    assert isinstance(told.values["what"], Message)


def test_what_a_picture_costs_is_told_from_its_head() -> None:
    assert pixels_in(file_of(scene(400, 300), "JPEG")) == 120_000
    assert pixels_in(moving("GIF")) == 2_400
    for name in ("a bomb", "too high", "no picture", "too many pieces", "hardly begun"):
        assert pixels_in(BROKEN[name][0]) == 0
