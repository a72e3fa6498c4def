"""Search in a real browser, over the demonstration: what is found and what is not, by word, column, unit and year."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from live_sets import SiteUnderTest
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from review.render import search

# Terms of the trade, titles' inner words, parts of longer words, foreign ones, and what no dictionary cuts out.
WORDS = (
    "三审三校", "三审", "审三", "三校", "科普", "二维码", "维码", "审签", "苹果", "科技馆", "技馆", "科学普及", "学普",
    "青少年", "少年科", "通知", "讲座", "凤翔", "工作站", "作站", "院士", "志愿者", "愿者", "宝鸡", "陈仓", "科普活动", "年度",
    "普", "站", "的", "2026", "2026年", "PDF", "pdf", "〔2026〕", "量", "子",
    "ＰＤＦ", "Csv", "２０２６年", "（2026）", "科普 ２０２６",
)  # fmt: skip
NONSENSE = (
    "量子纠缠",
    "区块链",
    "元宇宙",
    "恐龙",
    "鬱",
    "xyzzy",
    "quantum",
    "三校三审",
    "普科",
    "。",
    "“”",
    "<script>",
)
HOSTILE = "\"><img src=x onerror=alert(1)><script>alert('苹果')</script> &lt;b&gt; 科普"
ANSWERED = "#result-count:not(:empty)"


@pytest.fixture(scope="module")
def texts(demo_output: Path) -> dict[str, tuple[str, str]]:
    """What each post's page says, by its address: by lines as a reader sees them, and all in a row."""
    found = {}
    for path in demo_output.rglob("*.html"):
        body = LexborHTMLParser(path.read_text("utf-8")).css_first("[data-pagefind-body]")
        if body is not None:
            for furniture in body.css("[data-pagefind-ignore]"):
                furniture.decompose()
            rows = (body.text(separator="\n"), body.text(separator=""))
            found[path.relative_to(demo_output).as_posix()] = (rows[0].lower(), rows[1].lower())
    return found


@pytest.fixture
def asked(page: Page, served: str) -> Callable[[str], dict[str, Any]]:
    """Ask the worker behind the page directly: everything it finds, with the addresses as paths."""
    page.goto(f"{served}search.html")
    page.evaluate(
        """() => {
          const worker = new Worker("theme/js/search-worker.js", { type: "module" });
          window.asked = (words) => new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => (data.error ? reject(data.error) : resolve(data.answer));
            worker.postMessage({ id: 1, ask: "find", words, filters: {}, from: 0, count: 500 });
          });
        }"""
    )

    def ask(words: str) -> dict[str, Any]:
        answer: dict[str, Any] = page.evaluate("(words) => window.asked(words)", words)
        answer["found"] = [unquote(one["url"]).removeprefix(served) for one in answer["items"]]
        return answer

    return ask


def look_for(page: Page, address: str, words: str) -> None:
    """Type words into the field and press Enter."""
    page.goto(f"{address}search.html")
    page.wait_for_selector("#search-filters:not([hidden])")
    page.fill("#q", words)
    page.press("#q", "Enter")
    page.wait_for_selector(ANSWERED)


def titles(page: Page) -> list[str]:
    return page.locator("#results h2").all_inner_texts()


def asked_for(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_every_post_that_has_the_words_is_found_and_no_other(
    asked: Callable[[str], dict[str, Any]], texts: dict[str, tuple[str, str]]
) -> None:
    wrong = {}
    for words in WORDS:
        answer = asked(words)
        plain = unicodedata.normalize("NFKC", re.sub(r"[〔〕（）]", "", words)).lower().split()
        certain = {path for path, (lines, _) in texts.items() if all(one in lines for one in plain)}
        possible = {path for path, (_, row) in texts.items() if all(one in row for one in plain)}
        found = set(answer["found"])
        if answer["near"] or not certain <= found <= possible or answer["total"] != len(found):
            wrong[words] = (sorted(certain - found), sorted(found - possible), answer["near"])
    assert not wrong


def test_a_document_is_found_by_its_number_however_that_is_typed_and_no_other_is(
    asked: Callable[[str], dict[str, Any]], texts: dict[str, tuple[str, str]]
) -> None:
    numbers: dict[tuple[str, ...], set[str]] = {}
    for path, (lines, _) in texts.items():
        for issuer, year, number in re.findall(r"([\u4e00-\u9fff]+)〔(\d{4})〕(\d+)号", lines):
            numbers.setdefault((issuer, year, number), set()).add(path)
    assert len(numbers) > 5, "the demonstration has hardly any numbers"
    wrong = {}
    for (issuer, year, number), expected in numbers.items():
        typed = [
            f"{issuer}{year} {number}号",
            f"{issuer} {year} 第{number}号",
            f"{issuer[1:]}（{year}） {number}",
            f"{issuer}{year}年{number}号",
        ]
        if number == max(one for _, _, one in numbers):
            typed += [
                f"{issuer}[{year}]{number}号",
                f"{issuer}【{wide(year)}】{wide(number)}号",
                f"{issuer}(({year}))第{number}",
            ]
        for words in typed:
            answer = asked(words)
            first, rest = answer["found"][: len(expected)], answer["found"][len(expected) :]
            stray = [path for path in rest if not all(one in texts[path][0] for one in (issuer[1:], year, number))]
            if answer["near"] or set(first) != expected or stray:
                wrong[words] = (sorted(expected), answer["found"], answer["near"])
    assert not wrong
    issuer, year, number = min(numbers)
    assert asked(f"{issuer}{year} {number}7号")["found"] == []
    assert set().union(*(one for key, one in numbers.items() if key[:2] == (issuer, year))) == set(
        asked(issuer + year)["found"]
    )
    marked = [text for text, found in asked(f"{issuer}{year} {number}号")["items"][0]["excerpt"] if found]
    assert f"{issuer}〔{year}〕{number}号" in marked


def wide(digits: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in digits)


def test_words_that_no_post_has_side_by_side_are_found_apart_and_that_is_said(
    asked: Callable[[str], dict[str, Any]], texts: dict[str, tuple[str, str]]
) -> None:
    expected = {path for path, (lines, _) in texts.items() if "宝鸡科技网" in lines and "csv" in lines}
    answer = asked("宝鸡科技网CSV")
    assert expected
    assert (set(answer["found"]), answer["near"]) == (expected, ["宝鸡科技网", "csv"])


def test_short_numbers_and_letters_are_found_where_a_word_begins_with_them_and_nowhere_else(
    asked: Callable[[str], dict[str, Any]], texts: dict[str, tuple[str, str]]
) -> None:
    for words in ("3", "7", "10", "12", "15", "b", "c", "99"):
        expected = {path for path, (lines, _) in texts.items() if re.search(rf"(?<![0-9a-z]){words}", lines)}
        assert set(asked(words)["found"]) == expected, words


def test_words_that_occur_nowhere_find_nothing(asked: Callable[[str], dict[str, Any]]) -> None:
    assert {words: asked(words)["found"] for words in NONSENSE} == {words: [] for words in NONSENSE}


@pytest.mark.parametrize("words", ["三审三校", "科普", "二维码"])
def test_the_demonstration_has_what_the_trade_asks_for(page: Page, served: str, words: str) -> None:
    look_for(page, served, words)
    assert page.locator("#results li").count() >= 1
    assert words in page.locator("#results mark").all_inner_texts()
    assert asked_for(page) == {"q": [words]}


def test_the_inner_words_of_every_title_find_it(
    asked: Callable[[str], dict[str, Any]], demo_output: Path, texts: dict[str, tuple[str, str]]
) -> None:
    missed = {}
    for path in texts:
        heading = LexborHTMLParser((demo_output / path).read_text("utf-8")).css_first("article h1")
        inner = max(re.findall(r"[\u4e00-\u9fff]+", heading.text() if heading else ""), key=len)[1:-1]
        if inner and path not in asked(inner)["found"]:
            missed[path] = inner
    assert not missed


def test_what_has_the_words_in_its_title_comes_first(page: Page, served: str) -> None:
    look_for(page, served, "科技馆")
    has = ["科技馆" in title for title in titles(page)]
    assert has[0]
    assert has == sorted(has, reverse=True)


def test_words_apart_are_all_asked_for(
    asked: Callable[[str], dict[str, Any]], texts: dict[str, tuple[str, str]]
) -> None:
    assert set(asked("讲座，苹果")["found"]) == {
        path for path, (_, row) in texts.items() if "讲座" in row and "苹果" in row
    }


def test_a_question_without_blanks_that_stands_nowhere_is_answered_by_its_words_and_says_so(
    page: Page, served: str
) -> None:
    look_for(page, served, "科普讲座通知")
    said = page.inner_text("#result-count")
    assert said.startswith("没有与“科普讲座通知”完全一致的内容")
    assert "“科普”“讲座”“通知”" in said
    assert page.locator("#results li").count() >= 1


def test_column_unit_and_year_narrow_what_is_found(page: Page, served: str) -> None:
    look_for(page, served, "科普")
    every = page.inner_text("#result-count")
    page.select_option("#filter-column", "科学普及")
    page.wait_for_function("(before) => document.querySelector('#result-count').textContent !== before", arg=every)
    columns = {text.strip() for text in page.locator("#results .meta span:nth-of-type(1)").all_inner_texts()}
    assert columns <= {"科学普及", "纲要实施", "科普活动", "科普阵地"}
    assert len(columns) > 1
    unit = page.locator("#results .meta span:nth-of-type(2)").first.inner_text()
    page.select_option("#filter-unit", unit)
    page.wait_for_url(re.compile("unit="))
    page.select_option("#filter-year", "2026")
    page.wait_for_url(re.compile("year="))
    page.wait_for_selector("#results:not([aria-busy])")
    assert set(page.locator("#results .meta span:nth-of-type(2)").all_inner_texts()) == {unit}
    assert all(day.startswith("2026-") for day in page.locator("#results time").all_inner_texts())
    assert asked_for(page) == {"q": ["科普"], "column": ["科学普及"], "unit": [unit], "year": ["2026"]}


def test_a_column_alone_lists_its_posts_the_newest_first(page: Page, served: str) -> None:
    page.goto(f"{served}search.html?column={quote('通知公告')}")
    page.wait_for_selector(ANSWERED)
    days = page.locator("#results time").all_inner_texts()
    assert len(days) > 1
    assert days == sorted(days, reverse=True)
    assert page.input_value("#filter-column") == "通知公告"


def test_the_filters_offer_what_there_is(page: Page, served: str) -> None:
    page.goto(f"{served}search.html")
    page.wait_for_selector("#search-filters:not([hidden])")
    columns = [text.strip() for text in page.locator("#filter-column option").all_text_contents()]
    assert columns[0] == "全部栏目"
    assert columns.index("科学普及") < columns.index("科普活动") < columns.index("自身建设")
    assert "2026年" in page.locator("#filter-year option").all_text_contents()
    assert page.locator("#filter-unit option").count() > 2


def test_more_is_shown_ten_by_ten_and_the_address_keeps_how_much(page: Page, served: str) -> None:
    look_for(page, served, "科普")
    assert page.locator("#results li").count() == 10
    page.click("#more")
    page.wait_for_selector("#results li:nth-child(11)")
    assert page.evaluate("document.activeElement.closest('li') === document.querySelector('#results li:nth-child(11)')")
    assert asked_for(page)["shown"] == ["20"]
    shown = titles(page)
    page.reload()
    page.wait_for_selector(ANSWERED)
    assert titles(page) == shown


def test_back_leads_to_the_question_before(page: Page, served: str) -> None:
    look_for(page, served, "科普")
    first = titles(page)
    page.fill("#q", "苹果")
    page.press("#q", "Enter")
    page.wait_for_url(re.compile(quote("苹果")))
    page.wait_for_selector("#result-count:has-text('苹果')")
    page.go_back()
    page.wait_for_selector("#result-count:has-text('科普')")
    assert (page.input_value("#q"), titles(page)) == ("科普", first)
    page.locator("#results a").first.click()
    page.wait_for_selector("article h1")
    page.go_back()
    page.wait_for_selector(ANSWERED)
    assert titles(page) == first


def test_a_result_leads_to_the_post(page: Page, served: str) -> None:
    look_for(page, served, "苹果")
    title = titles(page)[0]
    page.locator("#results a").first.click()
    page.wait_for_selector("article h1")
    assert page.inner_text("article h1") == title


def test_the_field_on_every_page_leads_to_the_answer(page: Page, served: str) -> None:
    page.goto(f"{served}news/index.html")
    page.fill("#q", "苹果")
    page.press("#q", "Enter")
    page.wait_for_selector(ANSWERED)
    assert page.url.startswith(f"{served}search.html?q=")
    assert page.locator("#results li").count() >= 1


def test_everything_is_reached_by_keyboard_and_the_count_is_told(page: Page, served: str) -> None:
    page.goto(f"{served}search.html")
    page.wait_for_selector("#search-filters:not([hidden])")
    page.focus("#q")
    page.keyboard.type("科普")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.type"))
    assert reached == ["submit", "filter-column", "filter-unit", "filter-year"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(ANSWERED)
    assert page.get_attribute("#result-count", "aria-live") == "polite"
    assert re.fullmatch(r"找到 \d+ 篇与“科普”有关的内容。", page.inner_text("#result-count"))


def test_nothing_found_is_said_with_what_to_do(page: Page, served: str) -> None:
    look_for(page, served, "量子纠缠")
    assert page.inner_text("#result-count").startswith("没有找到与“量子纠缠”有关的内容。可以换一个词")
    assert page.locator("#results li").count() == 0
    assert page.is_hidden("#more")
    assert page.is_hidden("#failure")


def test_an_empty_question_asks_nothing(page: Page, served: str) -> None:
    page.goto(f"{served}search.html?q=%20")
    page.wait_for_selector("#search-filters:not([hidden])")
    page.press("#q", "Enter")
    assert page.inner_text("#result-count") == ""
    assert page.is_hidden("#failure")


@pytest.fixture
def from_a_folder(demo_output: Path) -> Iterator[str]:
    """The site as a part of another one, on the plainest of servers."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(demo_output.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{demo_output.name}/"
        server.shutdown()
        thread.join()


def test_search_works_in_a_folder_of_another_site(page: Page, from_a_folder: str) -> None:
    look_for(page, from_a_folder, "苹果")
    href = page.locator("#results a").first.get_attribute("href")
    assert href is not None
    assert href.startswith(from_a_folder)
    page.locator("#results a").first.click()
    page.wait_for_selector("article h1")


@pytest.mark.parametrize(
    "missing", ["static/pagefind", "static/pagefind/pagefind-entry.json", "theme/js/search-worker.js"]
)
def test_without_the_index_the_page_says_so_and_where_to_go(
    browser: Browser, demo_output: Path, tmp_path: Path, serve: Callable[[Path], str], missing: str
) -> None:
    copy = Path(shutil.copytree(demo_output, tmp_path / "copy"))
    shutil.rmtree(copy / missing) if (copy / missing).is_dir() else (copy / missing).unlink()
    page = browser.new_page()
    page.goto(f"{serve(copy)}search.html?q={quote('苹果')}")
    page.wait_for_selector("#failure:not([hidden])")
    assert "搜索暂时用不了" in page.inner_text("#failure")
    assert page.locator("#failure a[href$='map.html']").count() == 1
    assert page.is_hidden("#search-filters")
    page.close()


def test_without_javascript_the_page_leads_to_map_and_columns(browser: Browser, served: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{served}search.html?q={quote('苹果')}")
    assert page.is_visible("noscript a[href$='map.html']")
    page.click("noscript .search-columns a:has-text('科学普及')")
    assert page.url == f"{served}popular-science/index.html"
    page.close()


def test_a_hostile_post_is_text_in_the_results(page: Page, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    site = SiteUnderTest()
    site.add("content/news/a.md", f"Title: {HOSTILE}\nSummary: {HOSTILE}\n\n{HOSTILE}\n\n`{HOSTILE}`\n")
    site.build(tmp_path / "output")
    address = serve(tmp_path / "output")
    page.goto(f"{address}search.html?q={quote(HOSTILE)}&unit={quote(HOSTILE)}")
    page.wait_for_selector(ANSWERED)
    assert page.input_value("#filter-unit") == HOSTILE
    assert page.locator("#results li").count() == 0
    for words in ("script", HOSTILE):
        page.goto(f"{address}search.html?q={quote(words)}")
        page.wait_for_selector(ANSWERED)
        assert titles(page) == [HOSTILE]
        assert page.locator("#results img, #results script, #results b").count() == 0


def test_an_index_in_parts_answers_as_one(
    page: Page, tmp_path: Path, serve: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # 鬱 is in one of the parts alone; where a part has no word that begins so, none of its posts must come.
    texts = {f"{number:02}": f"第{number}篇讲科普与科学{'，鬱金香开了' if number == 7 else ''}。" + "文字。" * 20
             for number in range(24)}  # fmt: skip
    texts["20"] += "科技馆。" * 9
    site = SiteUnderTest()
    for name, text in texts.items():
        site.add(
            f"content/news/{name}.md",
            f"Title: 稿{name}\n\n{text}\n",
            published=f"2026-11-{int(name) + 1:02}T09:00:00+08:00",
        )
    monkeypatch.setattr(search, "MOST_TOGETHER", 600)
    site.build(tmp_path / "output")
    assert (tmp_path / "output/static/pagefind/3").is_dir()
    address = serve(tmp_path / "output")
    found: dict[str, list[str]] = {}
    for words in ("鬱", "鬱金香", "科学", "科技馆", "普与", "量子", "学普", "第7篇", "科", "稿03"):
        page.goto(f"{address}search.html?q={quote(words)}&shown=100")
        page.wait_for_selector(ANSWERED)
        assert page.is_hidden("#failure")
        found[words] = titles(page)
    every = {f"稿{name}" for name in texts}
    assert [set(found[words]) for words in ("科学", "普与", "科")] == [every] * 3
    assert [found[words] for words in ("鬱", "鬱金香", "第7篇")] == [["稿07"]] * 3
    assert (found["科技馆"], found["量子"], found["学普"], found["稿03"]) == (["稿20"], [], [], ["稿03"])
    page.goto(f"{address}search.html?column={quote('工作动态')}&shown=100")
    page.wait_for_selector(ANSWERED)
    assert titles(page) == sorted(every, reverse=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_its_window(page: Page, served: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    look_for(page, served, "科普")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
