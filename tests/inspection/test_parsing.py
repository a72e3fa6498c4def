"""One page taken apart: what readers see, what merely stands there, what a page is for, whatever its bytes."""

from __future__ import annotations

import datetime as dt

import pytest

from review.inspection.dates import day_in, days_in, working_days
from review.inspection.kinds import kind_of
from review.inspection.parsing import parse_page
from review.inspection.records import Kind, Zone
from review.inspection.rules.personal_data import is_card_number, is_identity_number


def test_blocks_end_lines_and_inline_elements_do_not() -> None:
    page = parse_page("a.html", "<main><p>甲<b>乙</b>丙</p><ul><li>丁</li><li>戊</li></ul></main>".encode())

    assert page.main == "甲乙丙\n丁\n戊"


def test_hidden_text_is_no_text_that_readers_see_and_is_text_all_the_same() -> None:
    page = parse_page("a.html", "<main><p hidden>藏<b>着</b></p><p>见</p></main>".encode())

    assert (page.main, page.text) == ("见", "藏着\n见")


def test_code_is_no_prose() -> None:
    page = parse_page("a.html", "<main>甲<code>x,y</code>乙</main>".encode())

    assert page.prose == "甲\ufffc乙"


def test_scripts_styles_templates_and_comments_are_no_text() -> None:
    html = "<style>s</style><script>j</script><template><p>t</p></template><!-- c -->"
    page = parse_page("a.html", f"<main>{html}</main>".encode())

    assert (page.text, page.styles, page.scripts, page.comments) == ("", "s", "j", "c")


def test_a_page_without_a_main_element_has_what_is_left_of_it() -> None:
    html = "<header>头</header><nav>航</nav><div>文</div><div class=footer>主办<a href=x>找错</a></div>"
    page = parse_page("a.html", html.encode())

    assert page.main == "文"
    assert page.footer == "主办找错 x"
    assert page.landmarks == {"header", "nav"}
    assert page.links[0].zone is Zone.FOOTER


def test_older_sites_in_chinese_sets_are_read() -> None:
    html = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>科协</title>'

    assert parse_page("a.html", html.encode("gb18030")).title == "科协"
    assert parse_page("a.html", "<title>科协</title>".encode("gb18030")).title == "科协"
    assert parse_page("a.html", "\ufeff<title>科协</title>".encode()).title == "科协"


@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe<", b"<" * 5000, b"<div>" * 20_000, b'<a href="\0">\xf0\x28</a>'])
def test_a_page_comes_of_any_bytes(data: bytes) -> None:
    assert parse_page("a.html", data).path == "a.html"


def test_pairs_are_found_in_lists_tables_and_lines() -> None:
    html = """<main><p><span>发布：2026-11-20 15:30</span> <span>来源：市科协</span></p>
    <dl><dt>文号：</dt><dd>甲〔2026〕1号</dd></dl>
    <table><tr><th>索引号</th><td>BJ-1</td><th>有效性</th><td>有效</td></tr></table></main>"""
    page = parse_page("a.html", html.encode())

    assert page.detail("文号") == "甲〔2026〕1号"
    assert (page.detail("索引号"), page.detail("有效性")) == ("BJ-1", "有效")
    assert (page.detail("发布"), page.detail("来源")) == ("2026-11-20 15:30", "市科协")


@pytest.mark.parametrize(
    ("html", "moment"),
    [
        ('<meta name=pubdate content="2026-11-20 15:30"><article>x</article>', dt.datetime(2026, 11, 20, 15, 30)),
        ('<article><time datetime="2026-11-20T15:30:00+08:00">x</time></article>', dt.datetime(2026, 11, 20, 15, 30)),
        ("<article><p>发布时间：2026年1月2日</p></article>", dt.datetime(2026, 1, 2)),
        ("<article><p>2026年1月2日召开会议</p></article>", None),
        ("<article>x</article>", None),
    ],
)
def test_when_a_post_was_published_is_what_it_says(html: str, moment: dt.datetime | None) -> None:
    assert parse_page("news/a.html", html.encode()).published == moment


@pytest.mark.parametrize(
    ("path", "metas", "article", "kind"),
    [
        ("index.html", {"articletitle": "x"}, True, Kind.HOME),
        ("news/index.html", {}, False, Kind.COLUMN),
        ("news/index.html", {"columndescription": "x", "articletitle": "x"}, True, Kind.COLUMN),
        ("2026/11/x/index.html", {"articletitle": "x"}, True, Kind.ARTICLE),
        ("news/page/2.html", {}, False, Kind.LIST),
        ("tzgg/index_3.html", {"columnname": "x"}, False, Kind.LIST),
        ("news/a.html", {}, True, Kind.ARTICLE),
        ("news/a.html", {"pubdate": ""}, False, Kind.ARTICLE),
        ("tzgg/list.html", {"columnname": "x"}, False, Kind.COLUMN),
        ("search.html", {"columnname": "x"}, False, Kind.OTHER),
        ("404.html", {}, True, Kind.OTHER),
        ("about.html", {}, False, Kind.OTHER),
    ],
)
def test_what_a_page_is_for(path: str, metas: dict[str, str], article: bool, kind: Kind) -> None:
    assert kind_of(path, metas, has_article=article) is kind


def test_days_are_read_as_pages_write_them() -> None:
    text = "2026-11-20、2026年1月2日、2026/3/4、2026.5.6、2026-13-40、编号12026-11-201"

    assert {day.isoformat() for day in days_in(text)} == {"2026-11-20", "2026-01-02", "2026-03-04", "2026-05-06"}
    assert day_in("没有") is None


def test_working_days_leave_out_weekends_and_holidays_and_count_those_made_up_for() -> None:
    begin, end = dt.date(2026, 9, 30), dt.date(2026, 10, 12)
    holidays = [f"2026-10-0{day}" for day in range(1, 8)]

    assert working_days(begin, end, holidays=(), workdays=()) == 8
    assert working_days(begin, end, holidays=holidays, workdays=()) == 3
    assert working_days(begin, end, holidays=holidays, workdays=["2026-10-10"]) == 4
    assert working_days(end, begin, holidays=(), workdays=()) == 0


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("440524188001010014", False),  # nobody alive was born then
        ("110105194912310021", False),
        ("110105194913310028", False),
        ("010105194912310020", False),
    ],
)
def test_numbers_of_identity_cards_are_known_by_day_and_check_digit(number: str, is_one: bool) -> None:
    assert is_identity_number(number) is is_one


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("6222020000000000018", True),
        ("6222020000000000017", False),
        ("0000000000000000", False),
        ("4111111111111", False),
    ],
)
def test_numbers_of_cards_are_known_by_their_last_digit(number: str, is_one: bool) -> None:
    assert is_card_number(number) is is_one
