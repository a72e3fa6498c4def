"""The pages of one site with everything in it, honest and hostile. Built once; every test looks at the same output."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from live_sets import ROOT, SiteUnderTest, tree

BASE = "https://example.org/"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = """Title: </title><script>alert("title")</script><b onclick='x'>"&amp;
Author: <img src=x onerror=alert(1)>
Source: "><script>alert(2)</script>
Summary: "><script>alert(3)</script>
Tags: <svg onload=alert(4)>
Venue: '"><iframe src=//evil.example>
Image: javascript:alert(5)
Related: javascript:alert(6)

<script>alert(1)</script>
<svg onload="alert(1)"><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>
<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>
<img src=x onerror=alert(1)> <img src="data:image/svg+xml;base64,PHN2Zz4="> <img src="https://tracker.example/p.png">
[one](javascript:alert(1)) [two](<java
script:alert(1)>) [three](data:text/html;base64,eA==) [four](vbscript:x)
<a href="jav&#x09;ascript:alert(1)">five</a> <a href=" javascript:alert(1)">six</a> <a href="/\\evil.example">seven</a>
<iframe src="https://evil.example"></iframe><object data="x.swf"></object><embed src="x.swf">
<form action="https://evil.example"><input name="password"><button formaction="javascript:alert(1)">go</button></form>
<p style="position:fixed;inset:0" class="draft-band responsible" id="content" onmouseover="alert(1)">cover</p>
<meta http-equiv="refresh" content="0;url=https://evil.example"><base href="https://evil.example/">
<link rel="stylesheet" href="https://evil.example/x.css"><style>body{display:none}</style>
<video src="https://evil.example/v.mp4" autoplay onplay="alert(1)"></video><audio src="//evil.example/a.mp3"></audio>
{{ SITEURL.upper() }} {% include "base.html" %}

## Heading {onclick="alert(1)" style="color:red"}
"""
PLAIN = """Title: 市县两级科协召开座谈会
Date: 2026-11-18
Author: 示例甲、示例乙
Source: 市科协
Source_url: https://source.example/?a=1&b=2
Document_number: 宝市科协发〔2026〕1号
Index_number: 000-1
Disclosure: 主动公开
Keywords: 座谈会, 科普
Tags: 会议
Related: content/popular-science/activities/图 书.md, content/news/gone.md, 没有的稿件, https://r.example/a, 2026-11-20-a

**注意：**请看[海报](2026-11-20-a/海 报"1".png)、[图书](<../popular-science/activities/图 书.md#三>)、[没有的](gone.md)
和[站外](https://elsewhere.example/)。

![海报](<2026-11-20-a/海 报"1".png>)

| 一 | 二 |
|:--:|---:|
| 1  | 2  |

## 三

<details><summary>展开</summary>更多</details>
<video src="2026-11-20-a/v.mp4"></video>
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    site = SiteUnderTest()
    site.add(
        "content/news/2026-11-20-a.md", PLAIN, updated="2026-11-21T23:30:00+00:00",
        attachments={'海 报"1".png': b"\x89PNG\r\n\x00", "v.mp4": b"\x00\xff",
                     "表/b.csv": "甲,乙\r\n".encode("gb18030")},
    )  # fmt: skip
    site.add("content/news/hostile.md", HOSTILE, attachments={"\"><script>'.pdf": b"%PDF-1.7"})
    site.add("content/popular-science/activities/图 书.md", published="2026-11-19T00:00:00Z", chained=False)
    site.add("content/closed/old/x.md", "Title: 旧栏目的文章\n\n正文\n", published="2019-01-01T08:00:00+08:00")
    for number in range(45):
        month, day = number // 28 + 1, number % 28 + 1
        text = f"Title: 通知第 {number} 号\n\n正文 {number}。\n"
        site.add(f"content/notices/n{number:02}.md", text, published=f"2026-{month:02}-{day:02}T08:00:00+08:00")
    place = tmp_path_factory.mktemp("pages") / "output"
    made = site.build(place)
    assert (made.posts, made.attachments, made.warnings) == (49, 4, ())
    return place


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.found if name in attributes]


def of_the_theme(script: dict[str, str]) -> bool:
    """Whether a script is one of the theme's files, or a block of data, which no browser runs."""
    return script == {"type": "application/ld+json"} or bool(
        re.fullmatch(r"[./]*/theme/js/[a-z]+\.js", script.get("src", ""))
    )


def page(output: Path, path: str) -> str:
    return (output / path).read_text("utf-8")


def text_of(output: Path, path: str) -> str:
    """The part of a page that comes from the post."""
    whole = page(output, path)
    return whole[whole.index('<div class="text">') : whole.index('<section class="responsible"')]


def test_every_output_is_in_its_place_and_there_is_no_other(output: Path) -> None:
    columns = ("news", "popular-science", "popular-science/activities", "popular-science/venues", "notices")
    expected = {".qianfa-output", "index.html", "404.html", "sitemap.xml", "robots.txt", "map.html", "search.html"}
    static = ROOT / "theme/static"
    expected |= {f"theme/{path.relative_to(static)}" for path in static.rglob("*") if path.is_file()}
    expected |= {f"{column}/index.html" for column in columns} | {f"feeds/{column}.atom.xml" for column in columns}
    expected |= {"feeds/all.atom.xml", "feeds/all.json", "notices/page/2.html"}
    expected |= {f"feeds/{column}.json" for column in columns}
    expected |= {f"notices/n{number:02}{end}" for number in range(45) for end in (".html", ".chain.json")}
    expected |= {"news/2026-11-20-a.html", "news/2026-11-20-a.chain.json", "news/2026-11-20-a/v.mp4"}
    expected |= {'news/2026-11-20-a/海 报"1".png', "news/2026-11-20-a/表/b.csv"}
    expected |= {"news/hostile.html", "news/hostile.chain.json", "news/hostile/\"><script>'.pdf"}
    expected |= {"popular-science/activities/图 书.html", "closed/old/x.html", "closed/old/x.chain.json"}
    assert {path for path in tree(output) if not path.startswith("static/pagefind/")} == expected


def test_attachments_and_chains_are_the_very_bytes_that_were_given(output: Path) -> None:
    assert (output / 'news/2026-11-20-a/海 报"1".png').read_bytes() == b"\x89PNG\r\n\x00"
    assert (output / "news/2026-11-20-a/表/b.csv").read_bytes() == "甲,乙\r\n".encode("gb18030")
    assert (output / "news/hostile.chain.json").read_bytes() == b'{"item": "content/news/hostile.md"}\n'


def test_every_local_address_on_every_page_leads_to_a_file_of_the_site(output: Path) -> None:
    # Of what the hostile post embeds, only its picture `x` is local; nothing is there.
    missing = {urljoin(BASE, "news/x")}
    for path in tree(output):
        if path.endswith(".html"):
            elements = Elements(page(output, path))
            for value in elements.values("href") + elements.values("src"):
                target = urljoin(BASE + path, value)
                if not target.startswith(BASE) or target in missing:
                    continue
                inside = unquote(urlsplit(target).path).lstrip("/") or "index.html"
                assert (output / inside).is_file(), f"{path} leads to {value}"


def test_addresses_in_links_are_plain_ascii(output: Path) -> None:
    for path in tree(output):
        if path.endswith(".html"):
            for value in Elements(page(output, path)).values("href"):
                assert value.startswith("#") or re.fullmatch(r"[!-~]+", value.split("#")[0]), f"{path}: {value}"


def test_a_hostile_post_brings_no_element_attribute_or_address_that_could_run(output: Path) -> None:
    for path in ("news/hostile.html", "news/index.html", "index.html"):
        for tag, attributes in Elements(page(output, path)).found:
            if tag == "script":
                assert of_the_theme(attributes)
                continue
            assert tag not in {"math", "iframe", "object", "embed", "base", "style"}
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in ("href", "src", "poster"):
                assert not re.match(r"\s*(?:javascript|data|vbscript)", attributes.get(name, ""), re.IGNORECASE)
            if tag in {"img", "video", "audio", "source", "link"} and attributes.get("rel") != "canonical":
                assert "//" not in attributes.get("src", attributes.get("href", "")), (
                    "it would be fetched from elsewhere"
                )
            assert "refresh" not in attributes.get("http-equiv", "")


def test_a_hostile_post_brings_no_form_control_or_drawing_beside_those_of_the_theme(output: Path) -> None:
    for hostile, harmless in (
        ("news/hostile.html", "notices/n01.html"),
        ("news/index.html", "notices/index.html"),
        ("index.html", "404.html"),
    ):
        shown, own = (
            [tag for tag, _ in Elements(page(output, path)).found if tag in {"svg", "form", "input", "button"}]
            for path in (hostile, harmless)
        )
        assert shown == own, hostile


def test_a_hostile_post_cannot_take_over_ids_or_classes_of_the_theme(output: Path) -> None:
    elements = Elements(text_of(output, "news/hostile.html"))
    assert [value for value in elements.values("id") if not value.startswith("text-")] == ["attachments"]
    assert "draft-band" not in text_of(output, "news/hostile.html")
    assert page(output, "news/hostile.html").count('class="responsible"') == 1


def test_a_post_is_never_a_template(output: Path) -> None:
    assert "{{ SITEURL.upper() }} {% include" in page(output, "news/hostile.html")


def test_a_picture_from_elsewhere_becomes_a_link(output: Path) -> None:
    link = '<a href="https://tracker.example/p.png" rel="noopener noreferrer" class="external">站外图片</a>'
    assert link in page(output, "news/hostile.html")


def test_markdown_becomes_what_authors_expect(output: Path) -> None:
    text = text_of(output, "news/2026-11-20-a.html")
    assert "<strong>注意：</strong>请" in text
    assert '<th align="center">一</th>' in text
    assert "<details><summary>展开</summary>更多</details>" in text
    assert '<video src="2026-11-20-a/v.mp4" controls="" preload="metadata">' in text


def test_links_between_posts_lead_to_pages_and_links_to_nowhere_are_dropped(output: Path) -> None:
    text = text_of(output, "news/2026-11-20-a.html")
    assert '<a href="../popular-science/activities/%E5%9B%BE%20%E4%B9%A6.html#text-三">图书</a>' in text
    assert "<a>没有的</a>" in text
    assert '<a href="https://elsewhere.example/" rel="noopener noreferrer" class="external">站外</a>' in text


def test_of_what_a_post_says_belongs_to_it_readers_see_what_leads_somewhere(output: Path) -> None:
    whole = page(output, "news/2026-11-20-a.html")
    shown = re.sub(r"\s+", " ", whole[whole.index('<section class="related"') :].partition("</section>")[0])
    assert re.findall(r"<li>.*?</li>", shown) == [
        '<li><a href="../popular-science/activities/%E5%9B%BE%20%E4%B9%A6.html">春季科普讲座</a></li>',
        '<li><a href="https://r.example/a" rel="noopener noreferrer" class="external">https://r.example/a</a></li>',
    ]


def test_a_post_shows_its_dates_in_the_time_zone_of_the_site(output: Path) -> None:
    whole = page(output, "news/2026-11-20-a.html")
    assert '发布：<time datetime="2026-11-20T15:30:00+08:00">2026-11-20 15:30</time>' in whole
    assert '更新：<time datetime="2026-11-22T07:30:00+08:00">2026-11-22 07:30</time>' in whole
    assert "更新：" not in page(output, "notices/n01.html")


def test_a_post_shows_what_its_front_matter_says(output: Path) -> None:
    whole = page(output, "news/2026-11-20-a.html")
    for name, value in (
        ("成文日期", "2026-11-18"),
        ("文号", "宝市科协发〔2026〕1号"),
        ("索引号", "000-1"),
        ("公开属性", "主动公开"),
    ):
        assert re.search(rf"<dt[^>]*>{name}</dt><dd>{value}</dd>", whole), name
    assert "作者：示例甲、示例乙" in re.sub(r"<[^>]*>", "", whole)
    assert (
        '<a href="https://source.example/?a=1&amp;b=2" rel="noopener noreferrer" class="external">市科协</a>' in whole
    )
    assert '<a href="../popular-science/activities/%E5%9B%BE%20%E4%B9%A6.html">春季科普讲座</a>' in whole


def test_a_post_says_who_stands_for_it(output: Path) -> None:
    whole = page(output, "news/2026-11-20-a.html")
    card = whole[whole.index('<section class="responsible"') :]
    assert "<dt>供稿单位</dt><dd>凤翔区科协</dd>" in card
    assert "<dt>拟稿</dt><dd>示例信息员 <time" in card
    assert re.search(
        r'<dt>负责人审改</dt><dd>示例负责人 <span class="paper">纸质签名</span> <time [^>]*>2026-11-19<', card
    )
    assert re.search(r'<dt>[^<]*</dt><dd>示例发布员 <span class="stands-in">代签</span> <time [^>]*>2026-11-20<', card)
    assert card.count("代签") == 1
    assert '<a href="../news/2026-11-20-a.chain.json">' in card
    assert re.search(r"<code>[0-9A-F]{4}(-[0-9A-F]{4}){3}</code>（第 1 版）", card)


def test_a_post_without_a_chain_document_links_to_none(output: Path) -> None:
    assert "chain.json" not in page(output, "popular-science/activities/图 书.html")


def test_a_post_whose_column_is_gone_keeps_its_page_and_shows_the_column_by_its_id(output: Path) -> None:
    whole = page(output, "closed/old/x.html")
    crumbs = whole[whole.index('class="crumbs"') : whole.index("</nav>", whole.index('class="crumbs"'))]
    assert re.findall(r"<li>(.*?)</li>", crumbs) == ['<a href="../../index.html">首页</a>', "closed", "old"]
    assert "closed/old/x.html" in page(output, "sitemap.xml")


def test_a_column_lists_its_posts_from_the_newest_to_the_oldest_twenty_on_each_page_but_the_first(output: Path) -> None:
    shown = [re.findall(r">通知第 (\d+) 号<", page(output, path)) for path in
             ("notices/index.html", "notices/page/2.html")]  # fmt: skip
    assert [len(numbers) for numbers in shown] == [25, 20]
    assert [int(number) for numbers in shown for number in numbers] == list(range(44, -1, -1))
    assert 'rel="next" href="../notices/page/2.html"' in page(output, "notices/index.html")
    assert 'rel="prev" href="../../notices/index.html"' in page(output, "notices/page/2.html")
    assert 'rel="next"' not in page(output, "notices/page/2.html")


def test_a_column_with_sub_columns_lists_them_with_their_newest_posts(output: Path) -> None:
    whole = page(output, "popular-science/index.html")
    assert '<a href="../popular-science/activities/index.html">科普活动</a>' in whole
    assert '<a href="../popular-science/activities/%E5%9B%BE%20%E4%B9%A6.html">春季科普讲座</a>' in whole
    assert '<a href="../popular-science/venues/index.html">科普阵地</a>' in whole


def test_home_shows_every_column_with_its_sub_columns_and_newest_posts(output: Path) -> None:
    whole = page(output, "index.html")
    for name in ("工作动态", "科学普及", "科普活动", "科普阵地", "通知公告", "春季科普讲座", "通知第 44 号"):
        assert name in whole
    assert "通知第 30 号" not in whole


def test_a_post_does_not_depend_on_other_posts(output: Path) -> None:
    assert "通知第" not in page(output, "news/2026-11-20-a.html")


def test_feeds_are_well_formed_and_every_address_in_them_is_absolute(output: Path) -> None:
    feeds = sorted((output / "feeds").rglob("*.xml"))
    assert len(feeds) == 6
    for feed in feeds:
        root = ET.fromstring(feed.read_text("utf-8"))
        for link in root.iter(f"{ATOM}link"):
            assert link.attrib["href"].startswith(BASE)
        for content in root.iter(f"{ATOM}content"):
            elements = Elements(content.text or "")
            for value in elements.values("href") + elements.values("src"):
                assert re.match(r"https?://|mailto:|tel:", value), f"{feed.name}: {value}"


def test_a_feed_has_the_posts_of_its_column_and_of_the_columns_below(output: Path) -> None:
    assert titles(output, "feeds/popular-science.atom.xml") == ["春季科普讲座"]
    assert titles(output, "feeds/popular-science/venues.atom.xml") == []
    assert len(titles(output, "feeds/notices.atom.xml")) == 20


def test_a_feed_is_as_old_as_its_newest_post_and_an_empty_one_as_the_oldest_of_the_site(output: Path) -> None:
    assert updated(output, "feeds/notices.atom.xml") == "2026-02-17T08:00:00+08:00"
    assert updated(output, "feeds/popular-science/venues.atom.xml") == "2019-01-01T08:00:00+08:00"


def titles(output: Path, path: str) -> list[str | None]:
    return [one.text for one in ET.fromstring(page(output, path)).iterfind(f"{ATOM}entry/{ATOM}title")]


def updated(output: Path, path: str) -> str:
    return ET.fromstring(page(output, path)).findtext(f"{ATOM}updated") or ""


def test_the_sitemap_has_every_page_of_a_post_or_column(output: Path) -> None:
    found = [one.text or "" for one in ET.fromstring(page(output, "sitemap.xml")).iter() if one.tag.endswith("}loc")]
    # The home page, the map, five columns, one further page of a list, the posts.
    assert len(found) == len(set(found)) == 1 + 1 + 5 + 1 + 49
    assert all(address.startswith(BASE) for address in found)
    assert page(output, "robots.txt") == "User-agent: *\nAllow: /\nSitemap: https://example.org/sitemap.xml\n"


def test_the_page_for_what_is_not_there_works_at_any_depth(output: Path) -> None:
    for value in Elements(page(output, "404.html")).values("href"):
        assert value.startswith(("/", "#"))


def test_no_page_has_a_script_an_inline_style_or_anything_from_elsewhere(output: Path) -> None:
    for path in tree(output):
        if path.endswith(".html"):
            for tag, attributes in Elements(page(output, path)).found:
                assert tag != "style"
                assert tag != "script" or of_the_theme(attributes), f"{path}: {attributes}"
                assert "style" not in attributes
    for sheet in (output / "theme/css").iterdir():
        assert "url(" not in sheet.read_text("utf-8")
        assert "@import" not in sheet.read_text("utf-8")


def test_every_page_has_one_main_landmark_one_heading_and_a_way_to_skip_to_it(output: Path) -> None:
    for path in ("index.html", "404.html", "notices/index.html", "notices/n01.html"):
        elements = Elements(page(output, path))
        tags = [tag for tag, _ in elements.found]
        assert (tags.count("main"), tags.count("h1")) == (1, 1), path
        assert ("html", {"lang": "zh-CN"}) in elements.found
        assert "#content" in elements.values("href")
        assert len(elements.values("id")) == len(set(elements.values("id")))
