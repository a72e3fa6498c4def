"""The picture at the head of a topic: it is there wherever the post names it, and never twice in a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from kinds_site import COLUMNS
from live_sets import SiteUnderTest
from made_pictures import file_of, scene
from selectolax.lexbor import LexborHTMLParser

TOPICS = {
    "begins": "Image: begins/a.png\n\n![集市上的大篷车](begins/a.png)\n\n导语。\n\n## 一\n\n甲。\n",
    "line": "Image: line/a.png\n\n![集市上的大篷车](line/a.png)\n导语。\n\n## 一\n\n甲。\n",
    "alone": "Image: alone/a.png\n\n![](alone/a.png)\n\n## 一\n\n甲。\n",
    "later": "Image: later/a.png\n\n导语。\n\n## 一\n\n![看这里](later/a.png)\n",
    "linked": "Image: linked/a.png\n\n[大图](linked/a.png)\n",
    "unnamed": "\n![集市上的大篷车](unnamed/a.png)\n\n导语。\n",
    "inside": "\n导语。\n\n![说明](inside/a.png)\n",
    "other": "Image: other/a.png\n\n![另一张](other/b.png)\n\n导语。\n",
    "none": "\n导语。\n",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    site = SiteUnderTest(columns=COLUMNS)
    pictures = {"a.png": file_of(scene(), "PNG"), "b.png": file_of(scene().rotate(90), "PNG")}
    for name, text in TOPICS.items():
        site.add(f"content/topics/{name}.md", f"Title: 专题\n{text}", attachments=pictures)
        site.add(f"content/news/{name}.md", f"Title: 消息\n{text}", attachments=pictures)
    place = tmp_path_factory.mktemp("topics") / "output"
    site.build(place)
    return place


def pictures(output: Path, path: str, selector: str) -> list[tuple[str, str]]:
    """Return the file's name and the text of each picture there."""
    found = LexborHTMLParser((output / path).read_text("utf-8")).css(f"{selector} img")
    return [((one.attributes["src"] or "").rpartition("/")[2], one.attributes["alt"] or "") for one in found]


@pytest.mark.parametrize(
    ("name", "said"),
    [("begins", "集市上的大篷车"), ("line", "集市上的大篷车"), ("alone", ""), ("unnamed", "集市上的大篷车")],
)
def test_a_topic_whose_text_begins_with_its_picture_has_it_as_its_banner_alone(
    output: Path, name: str, said: str
) -> None:
    assert [alt for _, alt in pictures(output, f"topics/{name}.html", ".hero-picture")] == [said]
    assert pictures(output, f"topics/{name}.html", ".text") == []


@pytest.mark.parametrize("name", ["begins", "line", "unnamed"])
def test_the_text_after_it_is_there(output: Path, name: str) -> None:
    shown = LexborHTMLParser((output / f"topics/{name}.html").read_text("utf-8"))
    assert [one.text().split() for one in shown.css(".introduction")] == [["导语。"]]


def test_where_nothing_else_stands_before_the_first_heading_there_is_no_empty_introduction(output: Path) -> None:
    shown = LexborHTMLParser((output / "topics/alone.html").read_text("utf-8"))
    assert shown.css(".introduction") == []
    assert len(shown.css(".sections > section")) == 1


def test_a_picture_that_the_text_shows_further_down_stands_there_too(output: Path) -> None:
    (banner,) = pictures(output, "topics/later.html", ".hero-picture")
    assert pictures(output, "topics/later.html", ".sections") == [(banner[0], "看这里")]


def test_another_picture_at_the_beginning_of_the_text_stays(output: Path) -> None:
    (banner,) = pictures(output, "topics/other.html", ".hero-picture")
    ((name, said),) = pictures(output, "topics/other.html", ".introduction")
    assert (name != banner[0], said) == (True, "另一张")


def test_a_link_to_the_picture_shows_nothing(output: Path) -> None:
    assert len(pictures(output, "topics/linked.html", ".hero-picture")) == 1
    assert len(pictures(output, "news/linked.html", ".lead-picture")) == 1


@pytest.mark.parametrize("name", ["inside", "none"])
def test_a_topic_that_names_no_picture_has_no_banner(output: Path, name: str) -> None:
    assert pictures(output, f"topics/{name}.html", ".hero") == []
    assert len(pictures(output, f"topics/{name}.html", ".introduction")) == (name == "inside")


def test_only_a_summary_that_was_given_stands_before_the_text(output: Path) -> None:
    shown = (output / "topics/begins.html").read_text("utf-8")
    assert 'class="standfirst"' not in shown


def test_a_post_of_another_kind_leaves_the_picture_where_its_text_has_it(output: Path) -> None:
    for name in ("begins", "later"):
        assert pictures(output, f"news/{name}.html", ".lead-picture") == []
        assert len(pictures(output, f"news/{name}.html", ".text")) == 1
