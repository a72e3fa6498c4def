"""META, PAGE and A11Y: for each way to break one of these rules, a site that breaks it; and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_sites import CSS, good_site
from site_changes import (
    HOME,
    A,
    B,
    Change,
    added,
    dropped,
    everywhere,
    in_head,
    placed,
    posted,
    swapped,
    together,
    without_columns,
    without_posts,
)

from review.inspection.report import Status

NEWS, OPEN = "news/index.html", "open/index.html"
SOURCE = 'name="ContentSource" content="凤翔区科协"'
PUBDATE, CODE = 'content="2026-11-20 15:30"', 'content="6103000000"'
LINK = 'href="https://www.kepuchina.cn'
HEAVY = together(
    placed("img/big.png", b"\x89PNG\r\n\x1a\n" + b"x" * 700_000), added(A, '<img src="/img/big.png" alt="大图">')
)
ICP = "陕ICP备00000000号"

BROKEN: list[tuple[str, str, Change, str]] = [
    ("META-01", A, swapped(A, 'name="SiteName"', 'name="Other"'), "SiteName is missing"),
    ("META-01", "404.html", swapped("404.html", CODE, 'content="null"'), "SiteIDCode is empty"),
    ("META-02", NEWS, swapped(NEWS, 'name="ColumnKeywords"', 'name="x"'), "ColumnKeywords is missing"),
    ("META-02", NEWS, swapped(NEWS, 'name="SiteDomain"', 'name="x"'), "SiteDomain is missing"),
    ("META-03", A, swapped(A, SOURCE, 'name="ContentSource" content="null"'), "ContentSource is empty"),
    ("META-03", A, swapped(A, 'name="ArticleTitle"', 'name="x"'), "ArticleTitle is missing"),
    ("META-03", A, swapped(A, 'content="春季科普讲座"', 'content="讲座"'), "ArticleTitle is not the title"),
    ("META-03", A, swapped(A, "来源：凤翔区科协", "来源：岐山县科协"), "ContentSource is not the source"),
    ("META-03", A, swapped(A, "发布：2026-11-20", "发布：2026-11-19"), "do not see the day of PubDate"),
    ("META-04", A, swapped(A, 'name="Description"', 'name="x"'), "Description could be filled"),
    ("META-04", B, swapped(B, 'name="Image"', 'name="x"'), "Image could be filled"),
    ("META-04", A, added(A, "<p>作者：张明</p>"), "Author could be filled"),
    ("META-04", A, in_head(A, '<meta name="Keywords" content="">'), "Keywords could be filled"),
    ("META-05", A, everywhere(PUBDATE, 'content="2026-11-20"'), "PubDate is '2026-11-20'"),
    ("META-05", A, everywhere(PUBDATE, 'content="2026-11-20 24:30"'), "PubDate is"),
    ("META-05", A, everywhere(PUBDATE, 'content="2026-02-30 15:30"'), "PubDate is"),
    ("META-06", OPEN, swapped(OPEN, "数据发布", "数据"), "ColumnType is '数据'"),
    ("META-07", A, everywhere(CODE, 'content="610300000"'), "SiteIDCode is '610300000'"),
    ("PAGE-01", A, swapped(A, "<h1>春季科普讲座</h1>", "<p>春季科普讲座</p>"), "no title"),
    ("PAGE-01", A, swapped(A, "<span>发布：2026-11-20 15:30</span>", ""), "no day of publication"),
    ("PAGE-01", A, swapped(A, "<span>来源：凤翔区科协</span>", ""), "no source"),
    ("META-01", "404.html", swapped("404.html", CODE, 'content="暂无"'), "SiteIDCode is empty"),
    (
        "PAGE-08",
        "theme/css/x.css",
        placed("theme/css/x.css", '@import "https://fonts.example.com/x.css";'),
        "style from",
    ),
    ("PAGE-08", A, in_head(A, '<link rel="preload" as="script" href="https://ads.example.com/x.js">'), "script from"),
    ("PAGE-08", A, added(A, '<svg><script href="https://ads.example.com/x.js"></script></svg>'), "script from"),
    ("PAGE-09", A, swapped("theme/css/site.css", "@media print", "/* @media print */ @media screen"), "print"),
    ("PAGE-10", HOME, swapped("theme/css/site.css", "filter: grayscale(100%);", "/* filter: grayscale(1) */"), "grey"),
    ("AVL-02", "theme/css/x.css", placed("theme/css/x.css", '@import "gone.css";'), "gone.css leads to nothing"),
    ("AVL-02", A, in_head(A, "<style>p { background: url(/gone.png) }</style>"), "/gone.png leads to nothing"),
    ("AVL-02", A, added(A, '<img alt="" src="/img/bg.png" srcset="/img/bg.png 1x,/gone.png 2x">'), "/gone.png leads"),
    (
        "AVL-05",
        A,
        in_head(A, '<meta property="og:image" content="http://www.kexie.gov.cn/img/bg.png">'),
        "is not https",
    ),
    ("A11Y-01", A, in_head(A, '<meta name="viewport" content="User-Scalable=NO">'), "cannot make it larger"),
    ("A11Y-01", A, added(A, '<a href="b.html" aria-label=" "></a>'), "a href=b.html has no name"),
    ("PAGE-02", HOME, placed("theme/css/site.css", CSS + ":root{--a:#0a8f3c;--b:rgb(120,30,200)}"), "4 colours"),
    ("PAGE-02", HOME, placed("theme/css/x.css", ":root{--a:hsl(120 60% 40%);--b:oklch(50% .2 320)}"), "4 colours"),
    ("PAGE-03", A, HEAVY, "more than 600 kB"),
    ("PAGE-04", A, swapped(A, "footer", "div"), "it has no footer"),
    ("PAGE-04", A, everywhere('<main id="content">', '<div id="content">'), "it has no main"),
    ("PAGE-04", A, everywhere('<header class="site-header">', "<div>"), "it has no header"),
    ("PAGE-05", HOME, everywhere('<a href="https://bszs.conac.cn/x">党政机关标识</a>', ""), "lacks 党政机关标识"),
    ("PAGE-05", HOME, everywhere("我要纠错", "来信"), "lacks 找错入口"),
    ("PAGE-05", HOME, everywhere("网站标识码 6103000000", ""), "lacks 网站标识码"),
    ("PAGE-05", HOME, everywhere("主办单位：市科学技术协会", ""), "lacks 主办单位"),
    ("PAGE-05", HOME, everywhere("电话：0917-0000000", ""), "lacks 联系方式"),
    ("PAGE-05", HOME, everywhere(ICP, ""), "lacks ICP备案号"),
    ("PAGE-05", HOME, everywhere("陕公网安备 61030000000000号", ""), "lacks 公安备案号"),
    ("PAGE-05", HOME, everywhere(">网站地图</a></p></footer>", ">导航</a></p></footer>"), "lacks 网站地图"),
    ("PAGE-05", A, swapped(A, "footer", "section"), "no bottom zone"),
    ("PAGE-06", HOME, swapped(HOME, 'type="search" id="q" name="q"', 'id="q" name="mail"'), "it has no search"),
    ("PAGE-06", HOME, dropped("search.html"), "is not there"),
    ("PAGE-06", "search.html", dropped("static/pagefind/fragment/zh_1.pf_fragment"), "no index"),
    ("PAGE-07", B, swapped(B, 'class="external" ', ""), "www.kepuchina.cn leads away without a notice"),
    ("PAGE-08", A, in_head(A, '<script src="https://cdn.example.com/x.js"></script>'), "script from cdn.example.com"),
    ("PAGE-08", A, added(A, '<iframe title="x" src="//play.example.com/"></iframe>'), "frame from play.example.com"),
    ("PAGE-08", A, in_head(A, '<link rel="preconnect" href="https://a.example.com">'), "connection from a.example.com"),
    ("PAGE-08", A, added(A, '<img alt="x" src="https://ad.tanx.com/x.png">'), "picture from ad.tanx.com"),
    ("PAGE-08", A, added(A, '<script>load("//pos.baidu.com/x")</script>'), "a script that names pos.baidu.com"),
    ("PAGE-08", A, added(A, '<a class="external" href="https://x.alimama.com/">买</a>'), "a link to x.alimama.com"),
    ("PAGE-09", A, swapped(A, "返回上一级", "列表"), "no control for 返回"),
    ("PAGE-09", A, swapped(A, "字号", "大小"), "no control for 字号"),
    ("PAGE-09", A, swapped(A, "<button>打印</button>", "<p>欢迎打印本页</p>"), "no control for 打印"),
    ("PAGE-09", A, swapped("theme/css/site.css", "@media print", "@media screen"), "no styles for print"),
    ("PAGE-10", HOME, swapped("theme/css/site.css", "grayscale(100%)", "none"), "turns the whole site grey"),
    ("A11Y-01", A, swapped(A, ' lang="zh-CN"', ""), "does not say its language"),
    ("A11Y-01", A, swapped(A, "<title>春季科普讲座 - 市科协</title>", ""), "it has no title"),
    ("A11Y-01", B, swapped(B, ' alt="会场"', ""), "bg.png has no alternative text"),
    ("A11Y-01", A, added(A, '<a href="b.html"><img src="/img/bg.png" alt=""></a>'), "a href=b.html has no name"),
    ("A11Y-01", A, added(A, "<button><svg></svg></button>"), "button has no name"),
    ("A11Y-01", A, swapped(A, '<label for="q">搜索</label>', ""), "the control q has no label"),
    ("A11Y-01", A, added(A, '<input type="image" src="/img/bg.png" name="go">'), "the control go has no label"),
    ("A11Y-01", A, added(A, "<h1>又一个</h1>"), "2 headings of the first level"),
    ("A11Y-01", A, added(A, "<h3>小节</h3>"), "level 3 follows one of level 1"),
    ("A11Y-01", A, added(A, "<h2></h2>"), "a heading is empty"),
    ("A11Y-01", A, added(A, '<p id="q"></p>'), "the id q stands there twice"),
    ("A11Y-01", A, added(A, '<iframe src="b.html"></iframe>'), "iframe has no name"),
    ("A11Y-01", A, in_head(A, '<meta name="viewport" content="user-scalable=no">'), "cannot make it larger"),
    ("A11Y-01", A, in_head(A, '<meta name="viewport" content="maximum-scale=1.0">'), "cannot make it larger"),
    ("A11Y-02", HOME, everywhere("长辈版", "大字"), "no switch to a mode for elder readers"),
]

NOTHING: list[tuple[str, Change, str]] = [
    ("META-02", without_columns, "no page of a column"),
    ("META-03", without_posts, "no page of a post"),
    ("META-04", without_posts, "no page of a post"),
    ("META-05", everywhere('name="PubDate"', 'name="x"'), "no page has the meta tag PubDate"),
    ("META-06", everywhere('name="ColumnType"', 'name="x"'), "no page has the meta tag ColumnType"),
    ("META-07", everywhere('name="SiteIDCode"', 'name="x"'), "no page has the meta tag SiteIDCode"),
    ("PAGE-01", without_posts, "no page of a post"),
    ("PAGE-02", placed("theme/css/site.css", "body { color: #a8141c }"), "no custom property"),
    ("PAGE-07", posted(1, body="<p>x</p>"), "no link leads to another site"),
    ("PAGE-09", without_posts, "no page of a post"),
]

QUIET: list[tuple[str, Change]] = [
    ("META-03", swapped(A, "发布：2026-11-20 15:30", "发布：2026年11月20日")),
    ("META-04", posted(1, body="<p>没有图片</p>", metas={})),
    ("META-07", everywhere(CODE, 'content="bm12345678"')),
    ("PAGE-02", placed("theme/css/x.css", ":root{--a:#b01e26;--b:#333;--c:#eee;--w:1px;/* --d:#0f0; */}")),
    ("PAGE-03", together(HEAVY, swapped(A, 'alt="大图"', 'alt="大图" loading="lazy"'))),
    ("PAGE-04", swapped(A, '<footer class="site-footer">', '<div role="contentinfo">')),
    ("PAGE-06", everywhere('action="/search.html"', 'action="https://search.gov.cn/"')),
    ("PAGE-07", added(A, '<a href="https://www.gov.cn/">国务院</a><a href="https://kexie.gov.cn/">本站</a>')),
    ("PAGE-08", added(A, '<img alt="x" src="https://img.example.com/x.png">')),
    ("PAGE-08", in_head(A, '<script src="https://ta.gov.cn/x.js"></script>')),
    ("PAGE-09", swapped(A, "<button>字号</button>", "<fieldset><legend>字号：</legend></fieldset>")),
    ("A11Y-01", added(A, '<img src="/img/bg.png" alt=""><img src="/img/bg.png" role="presentation">')),
    (
        "A11Y-01",
        added(
            A, '<a href="b.html" aria-label="下一篇"><svg></svg></a><a href="b.html"><svg><title>下</title></svg></a>'
        ),
    ),
    ("A11Y-01", added(A, '<label>名<input></label><input aria-label="x"><input type="submit"><input type="hidden">')),
    ("A11Y-01", added(A, "<h2>节</h2><h3>目</h3><h2>节</h2>")),
    ("A11Y-01", in_head(A, '<meta name="viewport" content="width=device-width, maximum-scale=5">')),
]


@pytest.mark.parametrize(("rule", "page", "change", "what"), BROKEN)
def test_what_is_broken_is_found_where_it_is_broken(
    rule: str, page: str, change: Change, what: str, tmp_path: Path
) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert found.status is Status.FAIL
    assert [one.what for one in found.failures if one.page == page and what in one.what], found.failures


@pytest.mark.parametrize(("rule", "change", "why"), NOTHING)
def test_a_rule_does_not_pass_because_there_was_nothing_to_look_at(
    rule: str, change: Change, why: str, tmp_path: Path
) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert (found.status, found.looked_at) == (Status.NOT_APPLICABLE, 0)
    assert why in found.why


@pytest.mark.parametrize(("rule", "change"), QUIET)
def test_what_only_looks_like_a_failure_is_none(rule: str, change: Change, tmp_path: Path) -> None:
    site = good_site()
    change(site)

    found = site.verdict(rule, tmp_path)

    assert (found.status, found.failures) == (Status.PASS, ())
