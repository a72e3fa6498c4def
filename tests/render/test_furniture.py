"""What stands around the text on every document, and what every page of the site has. One site, built once."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from kinds_site import COLUMNS, kinds_site
from live_sets import SiteUnderTest
from selectolax.lexbor import LexborHTMLParser

DOCUMENTS = (
    "about/new.html", "news/n4.html", "notices/a.html", "disclosure/rules.html", "data/figures.html",
    "letters/apples.html", "topics/winter.html", "films/vessel.html", "people/welder.html", "library/poster.html",
)  # fmt: skip
OTHERS = (
    "index.html",
    "map.html",
    "search.html",
    "404.html",
    "news/index.html",
    "about/index.html",
    "letters/index.html",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'"
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    site = kinds_site()
    site.policy["pelicanconf.py"] += (
        "\nLINKS = [('别处', 'https://away.example/'), ('上级', 'https://www.gov.example/')]\n".encode()
    )
    place = tmp_path_factory.mktemp("furniture") / "output"
    site.build(place)
    return place


def page(output: Path, path: str) -> LexborHTMLParser:
    return LexborHTMLParser((output / path).read_text("utf-8"))


def link(shown: LexborHTMLParser, selector: str) -> str:
    (found,) = shown.css(selector)
    return found.attributes["href"] or ""


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_says_where_it_is_and_how_to_go_back(output: Path, path: str) -> None:
    shown = page(output, path)
    column = path.partition("/")[0]
    assert [one.attributes.get("href") for one in shown.css("nav.crumbs a")] == [
        "../index.html",
        f"../{column}/index.html",
    ]
    assert link(shown, "a.back") == f"../{column}/index.html"
    assert (shown.css_first("a.back") or shown).text() == "返回上一级"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_has_title_day_source_and_a_button_that_waits_for_the_script_to_print(
    output: Path, path: str
) -> None:
    shown = page(output, path)
    (title,) = shown.css("h1")
    assert title.text()
    meta = (shown.css_first(".document-head .meta") or shown).text()
    assert re.search(r"发布：\s*2026-11-\d\d 09:30", meta)
    assert "来源：" in meta
    (button,) = shown.css("button#print")
    assert "hidden" in button.attributes


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_shows_who_answers_for_it_how_to_verify_it_and_its_address(output: Path, path: str) -> None:
    shown = page(output, path)
    card = shown.css_first("section.responsible")
    assert card
    assert [one.text() for one in card.css("dt")] == ["供稿单位", "拟稿", "负责人审改", "发布", "内容码"]
    assert link(shown, ".responsible .verify a") == f"../{path.removesuffix('.html')}.chain.json"
    address = f"https://example.org/{path}"
    assert (shown.css_first(".address-qr .address") or shown).text() == address
    drawn = shown.css_first(".address-qr svg path")
    expected = LexborHTMLParser(segno.make(address, error="m", micro=False).svg_inline(omitsize=True)).css_first("path")
    assert drawn
    assert expected
    assert drawn.attributes["d"] == expected.attributes["d"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_says_where_to_report_an_error_in_it(output: Path, path: str) -> None:
    shown = page(output, path)
    parts = urlsplit(link(shown, "a.correction"))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.path) == ("mailto", "errors@example.org")
    assert asked["subject"] == [f"纠错：{(shown.css_first('h1') or shown).text()}"]
    assert asked["body"] == [f"https://example.org/{path}"]


def test_neighbours_lead_to_the_older_and_the_newer_post_of_the_column(output: Path) -> None:
    shown = page(output, "news/n4.html")
    assert link(shown, "nav.neighbours a[rel=prev]") == "../news/n3.html"
    assert link(shown, "nav.neighbours a[rel=next]") == "../news/n5.html"
    assert [one.attributes["rel"] for one in page(output, "news/n5.html").css("nav.neighbours a")] == ["prev"]
    assert page(output, "films/vessel.html").css_first("nav.neighbours") is None


def test_attachments_say_type_and_size_and_tags_are_shown(output: Path) -> None:
    assert [one.text() for one in page(output, "notices/a.html").css(".attachments li")] == ["表.xlsx （XLSX，2 字节）"]
    assert [one.text() for one in page(output, "disclosure/rules.html").css(".tags .tag")] == ["制度"]


def test_links_that_leave_the_site_say_so_wherever_they_stand_and_those_to_our_own_hosts_do_not(output: Path) -> None:
    shown = page(output, "disclosure/rules.html")
    marked = {
        one.attributes["href"]: "external" in (one.attributes.get("class") or "").split()
        for one in shown.css("a[href]")
    }
    assert {href: leaves for href, leaves in marked.items() if "://" in (href or "")} == {
        "https://elsewhere.example/a": True,
        "https://other.example/b": True,
        "https://www.gov.example/c": False,
        "https://away.example/": True,
        "https://www.gov.example/": False,
        "https://badge.example/?a=1&b=2": True,
    }
    assert not any(leaves for href, leaves in marked.items() if "://" not in (href or ""))
    sheet = (output / "theme/css/site.css").read_text("utf-8")
    assert re.search(r'\.external::after \{[^}]*content: "[^"]+" / "（站外链接）"', sheet)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_shows_no_other_post_but_its_neighbours(output: Path, path: str) -> None:
    shown = page(output, path)
    allowed = shown.css(
        ".meta a, nav.neighbours a, .related a, .crumbs a, .tools a, .text a, .player a, .files a, .responsible a, .contents a"
    )
    inside = {one.attributes.get("href") for one in shown.css("main a[href]")} - {
        one.attributes.get("href") for one in allowed
    }
    assert all((href or "").startswith("mailto:") for href in inside), inside


@pytest.mark.parametrize("path", [*DOCUMENTS, *OTHERS])
def test_every_page_has_the_switches_the_landmarks_and_a_way_past_the_head(output: Path, path: str) -> None:
    shown = page(output, path)
    sizes = shown.css(".toolbar input[type=radio][name=size]")
    assert [one.attributes["id"] for one in sizes] == ["size-normal", "size-large", "size-larger"]
    assert ["checked" in one.attributes for one in sizes] == [True, False, False]
    for name in ("elder", "contrast"):
        (box,) = shown.css(f".toolbar input[type=checkbox]#{name}")
        assert shown.css_first(f"label[for={name}]")
        assert "checked" not in box.attributes
    for landmark in ("header.site-header", "header nav.menu", "main#content", "footer.site-footer"):
        assert len(shown.css(landmark)) == 1, landmark
    assert shown.css_first("a.skip[href='#content']")
    assert len(shown.css("form[role=search] input#q[name=q]")) == 1
    assert len(shown.css("h1")) == 1


@pytest.mark.parametrize("path", [*DOCUMENTS, *OTHERS])
def test_every_page_has_a_strict_policy_and_keeps_it(output: Path, path: str) -> None:
    shown = page(output, path)
    (policy,) = shown.css("meta[http-equiv='Content-Security-Policy']")
    expected = (
        POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") if path == "search.html" else POLICY
    )
    assert policy.attributes["content"] == expected
    assert not shown.css("style, [style], iframe, object, embed, [onclick], [onload]")
    for script in shown.css("script"):
        assert script.attributes.get("type") == "application/ld+json" or not script.text()
    (first,) = shown.css("head > script[src$='site.js']")
    assert not {"async", "defer", "type"} & first.attributes.keys()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_light(output: Path, path: str) -> None:
    shown = page(output, path)

    def packed(files: list[str | None]) -> int:
        return sum(len(gzip.compress((output / path).parent.joinpath(file or "").read_bytes())) for file in files)

    scripts = packed([one.attributes["src"] for one in shown.css("script[src]")])
    sheets = packed([one.attributes["href"] for one in shown.css("link[rel=stylesheet]")])
    assert 0 < scripts <= 5 * 1024
    assert len(gzip.compress((output / path).read_bytes())) + scripts + sheets <= 30 * 1024


def test_what_nobody_gave_is_left_out(tmp_path: Path) -> None:
    site = SiteUnderTest()
    site.add("content/news/a.md")
    site.build(tmp_path / "output")
    shown = page(tmp_path / "output", "news/a.html")
    foot = (shown.css_first("footer") or shown).text()
    for word in ("主办", "承办", "联系方式", "标识码", "公安", "党政机关", "找错"):
        assert word not in foot
    assert shown.css_first("a.correction") is None
    assert (shown.css_first("html") or shown).attributes.get("class") is None  # type: ignore[union-attr]
    assert "None" not in shown.text()


def test_a_site_that_says_nothing_of_itself_and_has_no_posts_shows_no_empty_names_lists_or_sections(
    tmp_path: Path,
) -> None:
    site = SiteUnderTest(columns=COLUMNS)
    site.build(tmp_path / "output")
    for path in sorted((tmp_path / "output").rglob("*.html")):
        shown = LexborHTMLParser(path.read_text("utf-8"))
        words = " ".join((shown.css_first("main") or shown).text().split())
        for word in ("None", "主办", "电话", "邮件", "来信", "怎样留言", "各栏目最新内容", "最新发布"):
            assert word not in words, f"{path}: {word}"
        for name in ("ul", "ol", "dl", "p", "section", "table", "nav"):
            empty = [one for one in shown.css(f"main {name}:not([hidden]):not([id])") if not one.text().strip()]
            assert empty == [], f"{path}: {[one.html for one in empty]}"
    assert "本站内容正在准备" in page(tmp_path / "output", "index.html").text()


def test_a_file_s_number_counts_in_the_order_of_attachments_and_lists_show_but_a_few(tmp_path: Path) -> None:
    site = SiteUnderTest(columns=COLUMNS)
    files = {f"附件{number}.csv": b"a" for number in range(1, 31)}
    site.add("content/data/many.md", "Title: 多\n\n表。\n", attachments=files)
    site.add("content/data/six.md", "Title: 少\n\n表。\n", attachments=dict(list(files.items())[:6]))
    site.build(tmp_path / "output")
    names = [one.text() for one in page(tmp_path / "output", "data/many.html").css(".attachments .files a")]
    assert names == list(files)
    six, many = page(tmp_path / "output", "data/index.html").css(".holdings .files")
    if "附件6" not in six.text():
        six, many = many, six
    assert [one.text() for one in six.css("a")] == names[:6]
    assert [one.text() for one in many.css("a")] == [*names[:5], "全部 30 个附件，多"]
    assert many.css("a")[-1].attributes["href"] == "../data/many.html#attachments"


def test_one_switch_makes_every_page_grey(tmp_path: Path) -> None:
    site = SiteUnderTest(about={"grey": True})
    site.add("content/news/a.md")
    site.build(tmp_path / "output")
    for path in (tmp_path / "output").rglob("*.html"):
        assert '<html lang="zh-CN" class="grey">' in path.read_text("utf-8")
    assert "html.grey { filter: grayscale(1); }" in (tmp_path / "output/theme/css/site.css").read_text("utf-8")


def test_a_place_for_errors_on_another_site_is_marked_as_such(tmp_path: Path) -> None:
    site = SiteUnderTest(about={"corrections": "https://errors.example/?site=1"})
    site.add("content/news/a.md")
    site.build(tmp_path / "output")
    (found,) = page(tmp_path / "output", "news/a.html").css("a.correction")
    assert found.attributes["href"] == "https://errors.example/?site=1"
    assert found.attributes["class"] == "correction external"


def test_tables_can_be_moved_by_keyboard_where_they_are_wider_than_the_screen(output: Path) -> None:
    (box,) = page(output, "news/n4.html").css(".text .wide")
    assert (box.attributes["tabindex"], box.attributes["role"], box.attributes["aria-label"]) == ("0", "group", "表格")
    assert len(box.css("table")) == 1


def test_the_theme_has_one_main_colour_and_at_most_three(output: Path) -> None:
    sheet = (output / "theme/css/site.css").read_text("utf-8")
    root = sheet[sheet.index(":root {") : sheet.index("}")]
    coloured = {name for name, value in re.findall(r"--([a-z]+): #([0-9a-f]{3,6})", root) if not is_grey(value)}
    assert coloured == {"main", "accent"}  # the third is ink, all but black
    for other in ("site.css", "kinds.css"):
        text = (output / "theme/css" / other).read_text("utf-8")
        plain = re.findall(
            r"#([0-9a-f]{6}|[0-9a-f]{3})\b", "".join(line for line in text.splitlines() if "--" not in line)
        )
        assert all(is_grey(value) for value in plain), plain


def is_grey(value: str) -> bool:
    six = value if len(value) == 6 else "".join(2 * digit for digit in value)
    channels = [int(six[start : start + 2], 16) for start in (0, 2, 4)]
    return max(channels) - min(channels) <= 12


def test_the_address_of_a_page_with_a_chinese_name_is_written_as_a_link(tmp_path: Path) -> None:
    site = SiteUnderTest()
    site.add("content/news/图 书.md")
    site.build(tmp_path / "output")
    shown = page(tmp_path / "output", "news/图 书.html").css_first(".address-qr .address")
    assert shown
    assert re.fullmatch(r"[!-~]+", shown.text())
    assert unquote(shown.text()) == "https://example.org/news/图 书.html"
