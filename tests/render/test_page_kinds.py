"""What the pages of each type of column show, on one site that has them all. Built once; every test looks at the same output."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import unquote

import pytest
from kinds_site import ABOUT, COLUMNS, kinds_site
from live_sets import SiteUnderTest
from selectolax.lexbor import LexborHTMLParser, LexborNode


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    place = tmp_path_factory.mktemp("kinds") / "output"
    assert kinds_site().build(place).warnings == ()
    return place


def page(output: Path, path: str) -> LexborHTMLParser:
    return LexborHTMLParser((output / path).read_text("utf-8"))


def texts(page: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    return [" ".join(one.text().split()) for one in page.css(selector)]


def links(page: LexborHTMLParser | LexborNode, selector: str = "a") -> list[str]:
    return [one.attributes.get("href") or "" for one in page.css(selector)]


def block(page: LexborHTMLParser, selector: str) -> dict[str, str]:
    """A list of names and values."""
    rows = page.css(f"{selector} > div")
    return {texts(row, "dt")[0]: texts(row, "dd")[0] for row in rows}


def test_sub_columns_can_be_reached_from_the_page_of_every_type_of_column(output: Path) -> None:
    for column in COLUMNS:
        shown = links(page(output, f"{column.id}/index.html"), "main a")
        to_root = "../" * (column.id.count("/") + 1)
        for child in column.children:
            assert f"{to_root}{child}/index.html" in shown, f"{column.type}: {child}"


def test_an_overview_is_its_newest_post_whole_with_its_furniture_and_further_posts_as_links(output: Path) -> None:
    shown = page(output, "about/index.html")
    assert texts(shown, "h1") == ["科协简介"]
    assert texts(shown, "article .text") == ["现在。"]
    assert block(shown, "dl.document")["索引号"] == "BJ-1"
    assert texts(shown, ".attachments .size") == ["（PDF，3 KB）"]
    assert shown.css_first("article .responsible")
    assert shown.css_first("article .address-qr svg")
    assert links(shown, ".further a") == ["../about/old.html"]
    assert "以前。" not in shown.text()


def test_a_whole_overview_is_searched_at_its_own_address_only(output: Path) -> None:
    assert page(output, "about/index.html").css_first("[data-pagefind-body]") is None
    assert page(output, "about/new.html").css_first("[data-pagefind-body]") is not None


def test_a_draft_that_an_overview_shows_whole_is_marked_there_too(tmp_path: Path) -> None:
    site = SiteUnderTest(columns=COLUMNS)
    site.add("content/about/old.md", "Title: 旧\n\n签发了的。\n")
    site.add("content/about/new.md", "Title: 新\n\n没有签发的。\n", mark="草稿", published="2026-12-01T08:00:00+08:00")
    site.build(tmp_path / "output")
    for path in ("about/index.html", "about/new.html"):
        shown = page(tmp_path / "output", path)
        assert "没有签发的。" in texts(shown, "article .text")[0]
        assert texts(shown, ".draft-note")[0].startswith("草稿")
        assert shown.css_first(".draft-band")
    assert page(tmp_path / "output", "about/old.html").css_first(".draft-note") is None


def test_news_have_title_day_unit_and_picture(output: Path) -> None:
    shown = page(output, "news/index.html")
    assert texts(shown, ".summaries h2") == ["消息5", "消息4", "消息3"]
    assert texts(shown, ".summaries .meta") == [f"2026-11-0{day} 凤翔区科协" for day in (5, 4, 3)]
    for picture in shown.css(".summaries img"):
        source = (picture.attributes["src"] or "").removeprefix("../")
        assert (output / source).is_file()
        assert picture.attributes["alt"] == ""
        assert picture.attributes["width"]
        assert picture.attributes["height"]
    assert len(shown.css(".summaries img")) == 3


def test_notices_show_their_day_large(output: Path) -> None:
    shown = page(output, "notices/index.html")
    assert texts(shown, "time.leaf") == ["2026-11-09"]
    assert texts(shown, "time.leaf b") == ["09"]
    assert "附件 1 个" in shown.css_first(".leaves").text()  # type: ignore[union-attr]


def test_policies_are_a_table_of_documents_in_which_void_ones_are_marked(output: Path) -> None:
    shown = page(output, "disclosure/index.html")
    assert texts(shown, "table.documents thead th") == ["标题", "文号", "成文日期", "发布日期"]
    rows = [texts(row, "th, td") for row in shown.css("table.documents tbody tr")]
    assert rows == [
        ["信息公开办法", "示例科协发〔2026〕11号", "2026-11-01", "2026-11-06"],
        ["老办法 已废止", "示例科协发〔2020〕1号", "2020-01-01", "2026-11-05"],
    ]
    assert texts(shown, "tr.void th .mark") == ["已废止"]


def test_a_policy_has_the_whole_block_of_a_document(output: Path) -> None:
    shown = block(page(output, "disclosure/rules.html"), "dl.document")
    assert list(shown.items()) == [
        ("标题", "信息公开办法"),
        ("索引号", "BJ0000001-2026-11"),
        ("主题分类", "信息公开"),
        ("发文机关", "示例市科协"),
        ("成文日期", "2026-11-01"),
        ("文号", "示例科协发〔2026〕11号"),
        ("公开属性", "主动公开"),
        ("有效性", "现行有效"),
        ("发布日期", "2026-11-06"),
    ]


def test_a_void_policy_says_so_before_its_title_and_one_in_force_does_not(output: Path) -> None:
    assert texts(page(output, "disclosure/void.html"), "header .void-note") == ["本文件已废止，仅供查阅。"]
    assert texts(page(output, "disclosure/rules.html"), "header .void-note") == []


def test_a_plain_post_has_no_block_of_a_document(output: Path) -> None:
    assert page(output, "news/n3.html").css_first("dl.document") is None


def test_data_can_be_downloaded_from_the_list_with_type_and_size(output: Path) -> None:
    shown = page(output, "data/index.html")
    assert links(shown, ".files a") == ["../data/figures/answers.csv", "../data/figures/%E8%AF%B4%E6%98%8E.pdf"]
    assert texts(shown, ".files .size") == ["（CSV，4 字节）", "（PDF，8 字节）"]


def test_questions_are_listed_with_their_state_and_how_to_ask(output: Path) -> None:
    shown = page(output, "letters/index.html")
    assert texts(shown, ".questions h2") == ["答复：苹果树怎么办"]
    assert texts(shown, ".questions .meta") == ["已答复 留言 2026-11-12 答复 2026-11-13 凤翔区科协"]
    ask = shown.css_first(".ask")
    assert ask
    assert texts(ask, "h2") == ["怎样留言"]
    assert "../letters/how.html" in links(ask)
    assert "tel:0917-0000000" in links(ask)
    assert any(one.startswith("mailto:post@example.org?subject=") for one in links(ask))


def test_a_question_is_told_apart_from_its_answer(output: Path) -> None:
    shown = page(output, "letters/apples.html")
    assert texts(shown, "article section.question") == ["留言 园子十六年了。"]
    assert texts(shown, "article section.answer") == ["答复 您好。 时间表 开春。"]
    assert texts(shown, ".answered") == ["已答复 留言：2026-11-12 答复单位：凤翔区科协 答复公开：2026-11-13"]


def test_a_text_without_question_and_answer_is_shown_as_it_is(output: Path) -> None:
    shown = page(output, "letters/how.html")
    assert texts(shown, "article .text") == ["说明。"]
    assert not shown.css(".question, .answer, .answered")


def test_topics_are_cards_with_a_picture_or_the_name_of_the_column(output: Path) -> None:
    shown = page(output, "topics/index.html")
    assert texts(shown, ".card h2") == ["平安过冬", "没有图片的专题"]
    assert len(shown.css(".card img")) == 1
    assert texts(shown, ".card.plain .card-picture") == ["专题专栏"]


def test_a_topic_is_a_landing_page_with_picture_introduction_and_its_sections(output: Path) -> None:
    shown = page(output, "topics/winter.html")
    assert len(shown.css(".hero img")) == 1
    assert texts(shown, ".standfirst") == ["冬天的提示"]
    assert texts(shown, ".introduction") == ["导语在这里。"]
    assert texts(shown, ".contents a") == ["取暖与用火", "路上 & 家里"]
    assert [texts(one, "h2") for one in shown.css(".sections > section")] == [
        ["取暖与用火", "引文里的标题"],
        ["路上 & 家里"],
    ]
    ids = {one.attributes["id"] for one in shown.css("[id]")}
    for anchor in links(shown, ".contents a"):
        assert anchor.startswith("#")
        assert unquote(anchor[1:]) in ids


def test_videos_are_cards_with_poster_and_length(output: Path) -> None:
    shown = page(output, "films/index.html")
    assert texts(shown, ".card h2") == ["一件青铜器的诞生"]
    assert len(shown.css(".card img")) == 1
    assert texts(shown, ".card .duration") == ["06:20"]


def test_a_video_is_played_with_poster_captions_and_variants_that_say_their_digests(output: Path) -> None:
    shown = page(output, "films/vessel.html")
    video = shown.css_first("figure.player video")
    assert video
    assert "controls" in video.attributes
    assert video.attributes["aria-label"] == "一件青铜器的诞生"
    assert (output / "films" / (video.attributes["poster"] or "")).resolve().is_file()
    assert [(one.attributes["src"], one.attributes["type"]) for one in video.css("source")] == [
        ("../films/vessel/high.webm", "video/webm"),
        ("../films/vessel/low.webm", "video/webm"),
    ]
    (track,) = video.css("track")
    assert (track.attributes["kind"], track.attributes["src"]) == ("captions", "../films/vessel/words.vtt")
    assert track.attributes["srclang"] == "zh-CN"
    assert texts(shown, ".variants .size") == ["（WEBM，3 KB）", "（WEBM，3 字节）"]
    assert texts(shown, "figure.player figcaption > p") == ["时长 06:20，有中文字幕"]
    assert shown.css_first(".attachments") is None


def test_digests_of_films_are_folded_with_how_to_compare_them(output: Path) -> None:
    (fold,) = page(output, "films/vessel.html").css("figure.player details.digests")
    assert "open" not in fold.attributes
    assert texts(fold, "summary") == ["校验值 SHA-256"]
    assert "sha256sum" in texts(fold, "p")[0]
    digests = [hashlib.sha256(one).hexdigest() for one in (b"high" * 700, b"low")]
    assert list(zip(texts(fold, "dt"), texts(fold, "dd code"), strict=True)) == list(
        zip(["清晰", "省流量"], digests, strict=True)
    )
    sheet = (output / "theme/css/kinds.css").read_text("utf-8")
    assert ".digests" in sheet[sheet.index("@media print") :]


def test_people_are_cards_with_portrait_role_and_field(output: Path) -> None:
    shown = page(output, "people/index.html")
    (card,) = shown.css(".card")
    assert (texts(card, "h2"), texts(card, ".role"), texts(card, ".field")) == (["示例技师"], ["高级技师"], ["焊接"])
    assert len(card.css("img")) == 1
    person = page(output, "people/welder.html")
    assert block(person, "dl.details") == {"职务": "高级技师", "专业领域": "焊接"}
    assert [one.attributes["alt"] for one in person.css(".portrait img")] == ["示例技师"]


def test_a_library_shows_everything_and_has_filters_that_wait_for_the_script(output: Path) -> None:
    shown = page(output, "library/index.html")
    items = [
        tuple(item.attributes[f"data-{name}"] for name in ("kind", "audience", "year"))
        for item in shown.css("li[data-kind]")
    ]
    assert items == [("poster", "老年人, 公众", "2026"), ("audio", "", "2026"), ("text", "青少年", "2026")]
    assert not shown.css("li[data-kind][hidden]")
    filters = shown.css_first("fieldset#filters")
    assert filters
    assert "hidden" in filters.attributes
    assert [one.attributes["value"] for one in filters.css("input[type=checkbox]")] == ["text", "poster", "audio"]
    assert texts(filters, "select[name=audience] option") == ["全部", "老年人", "公众", "青少年"]
    assert texts(filters, "select[name=year] option") == ["全部", "2026"]
    assert texts(shown, ".library .tag") == ["海报", "音频", "文字"]
    assert "../library/sound/s.ogg" in links(shown, ".library .files a")


def test_a_recording_is_played_and_the_kind_of_a_resource_is_said_in_words(output: Path) -> None:
    shown = page(output, "library/sound.html")
    assert [one.attributes["src"] for one in shown.css("figure.player audio source")] == ["../library/sound/s.ogg"]
    assert [one.attributes["width"] for one in shown.css("figure.player > img")] == ["640"]
    assert block(shown, "dl.details") == {"资源类型": "音频"}


def test_home_shows_what_is_new_notices_topics_and_every_column(output: Path) -> None:
    shown = page(output, "index.html")
    assert texts(shown, ".newest .lead h3") == ["答复：苹果树怎么办"]
    assert "报名通知" not in " ".join(texts(shown, ".newest"))
    assert texts(shown, ".notices h3") == ["报名通知"]
    assert texts(shown, ".band .card h3") == ["平安过冬", "没有图片的专题"]
    fresh = texts(shown, ".fresh h3")
    assert "工作动态" in fresh
    assert "通知公告" not in fresh
    assert "专题专栏" not in fresh
    house = links(shown, ".all-columns a")
    assert sorted(house) == sorted(f"./{column.id}/index.html" for column in COLUMNS)
    assert shown.css_first("form[role=search] input#q[name=q]")


def test_the_map_lists_the_feeds_of_the_site_and_of_every_column_and_each_column_leads_to_its_own(output: Path) -> None:
    shown = page(output, "map.html")
    section = shown.css_first("section.subscribe")
    assert section
    assert texts(section, "h2#subscribe") == ["订阅更新"]
    assert "阅读器" in texts(section, "p")[0]
    feeds = [("all", "feeds/all.atom.xml", "feeds/all.json")]
    feeds += [(one.id, f"feeds/{one.id}.atom.xml", f"feeds/{one.id}.json") for one in COLUMNS]
    for name, *addresses in feeds:
        (row,) = (one for one in section.css(".feed") if one.attributes["id"] == f"subscribe-{name}")
        assert [one.attributes["type"] for one in row.css("a")] == ["application/atom+xml", "application/feed+json"]
        assert [one.removeprefix("./") for one in links(row)] == addresses
        assert all((output / one).is_file() for one in addresses)
    for column in COLUMNS:
        if column.type == "overview":
            continue  # its page is its newest post
        (link,) = links(page(output, f"{column.id}/index.html"), ".column-head .feeds a")
        assert link.endswith(f"map.html#subscribe-{column.id}")
    for path in ("index.html", "news/n4.html", "404.html"):
        assert any(one.endswith("map.html#subscribe") for one in links(page(output, path), "footer a"))


def test_the_map_leads_to_every_column(output: Path) -> None:
    shown = links(page(output, "map.html"), "main a")
    assert {f"{column.id}/index.html" for column in COLUMNS} <= {one.removeprefix("./") for one in shown}


def test_the_foot_says_who_runs_the_site(output: Path) -> None:
    for path in ("index.html", "news/n3.html", "404.html"):
        foot = page(output, path).css_first("footer.site-footer")
        assert foot
        said = " ".join(foot.text().split())
        for name in ("organiser", "operator", "phone", "email", "address", "postcode", "id_code", "icp", "police"):
            assert ABOUT[name] in said, name
        assert ABOUT["badge"] in links(foot)
        assert ABOUT["corrections"] in links(foot)
        assert any(one.endswith("map.html") for one in links(foot))
