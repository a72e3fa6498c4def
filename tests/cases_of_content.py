"""UPD, AVL, TXT and DOC: for each way to break one of these rules, a site that breaks it; and what only looks like it."""

from __future__ import annotations

from built_sites import ATTACHED, BLOCK, POSTS, docx, jpeg, pdf
from site_changes import (
    DOC,
    HOME,
    A,
    B,
    Change,
    added,
    another,
    attached,
    document,
    dropped,
    dropped_all,
    emptied,
    everywhere,
    nothing_leads,
    placed,
    posted,
    published,
    signed_late,
    swapped,
    together,
    without_columns,
    without_files,
    without_posts,
)

NEWS = "news/index.html"
SOURCE_GONE = together(swapped(A, 'name="ContentSource"', 'name="x"'), swapped(A, "来源：凤翔区科协", ""))
DATE_GONE = together(swapped(A, 'name="PubDate"', 'name="x"'), swapped(A, "发布：2026-11-20 15:30", ""))
REPEALED = "<p>《通知》（宝市科协发〔2026〕19号）同时废止。</p>"
SHARES = (
    "<table><tr><td>项</td><td>占比</td></tr><tr><td>甲</td><td>3</td></tr><tr><td>合计</td><td>100</td></tr></table>"
)
MIXED = "<table><tr><td>项</td><td>名</td></tr><tr><td>甲</td><td>x</td></tr><tr><td>合计</td><td>9</td></tr></table>"
ROUNDED = (
    "<table><tr><td>甲</td><td>1.3</td></tr><tr><td>乙</td><td>2.4</td></tr><tr><td>合计</td><td>3.8</td></tr></table>"
)
ABOUT = (
    "<!doctype html><html lang=zh><title>x</title><main><h1>简介</h1><article>科协是群众组织。</article></main></html>"
)

QUOTED = '<a href="%E8%AE%B2%20%E5%BA%A7.html">x</a>'

BROKEN: list[tuple[str, str, Change, str]] = [
    ("UPD-01", HOME, published(range(4), "2026-11-06 10:00"), "is of 2026-11-06, 15 days ago; 14 are allowed"),
    ("UPD-01", HOME, nothing_leads(HOME, "/news/a", "/news/b", "/policy/d", "/messages/q"), "nothing that has a day"),
    ("UPD-02", NEWS, published(range(2), "2026-11-06 10:00"), "工作动态: the last is of 2026-11-06"),
    ("UPD-02", NEWS, published(range(2), "2027-11-06 10:00"), "工作动态: nothing in it has a day"),
    ("UPD-03", "policy/index.html", posted(2, published="2026-05-20 10:00"), "the last is of 2026-05-20"),
    ("UPD-04", "open/index.html", published(range(4, 6), "2025-11-06 10:00"), "the last is of 2025-11-06"),
    ("UPD-05", "empty0/index.html", emptied(1), "nothing is in it"),
    ("UPD-06", A, DATE_GONE, "no day of publication"),
    ("UPD-07", A, signed_late(1, "2026-11-20T18:00:00+08:00"), "was signed through at 2026-11-20 18:00"),
    ("UPD-07", A, signed_late(2, "2026-11-21T10:00:00+08:00"), "version 2 is online"),
    ("UPD-07", A, together(posted(0, version=2, updated="2026-11-21 09:10"), swapped(A, "更新：2026-11-21", "更新：2026-11-20")),
     "version 2 is online"),
    ("UPD-07", A, posted(0, published="2026-12-20 15:30"), "still to come"),
    ("UPD-08", "messages/index.html", posted(3, published="2026-09-12 08:30"), "网上留言: the last is of 2026-09-12"),
    ("AVL-02", B, added(B, '<a href="gone.html">下一篇</a>'), "gone.html leads to nothing"),
    ("AVL-02", B, added(B, '<a href="a.html#nowhere">讲座</a>'), "a.html#nowhere names a place"),
    ("AVL-02", B, added(B, '<a href="#nowhere">本页</a>'), "#nowhere names a place"),
    ("AVL-02", B, added(B, '<a href="https://www.kexie.gov.cn/gone">旧址</a>'), "kexie.gov.cn/gone leads to nothing"),
    ("AVL-02", B, added(B, '<img alt="x" src="gone.png">'), "gone.png leads to nothing"),
    ("AVL-02", B, added(B, '<img alt="x" src="/img/bg.png" srcset="/img/bg.png 1x, two.png 2x">'), "two.png leads"),
    ("AVL-02", B, added(B, '<a href="../../outside.html">上</a>'), "outside.html leads to nothing"),
    ("AVL-02", B, added(B, '<a href="A.html">讲座</a>'), "A.html leads to nothing"),
    ("AVL-02", "theme/css/site.css", dropped("img/bg.png"), "bg.png leads to nothing"),
    ("AVL-02", "sitemap.xml", swapped("sitemap.xml", "news/b.html", "news/gone.html"), "gone.html leads to nothing"),
    ("AVL-02", "robots.txt", dropped("sitemap.xml"), "sitemap.xml leads to nothing"),
    ("AVL-03", A, dropped(f"{ATTACHED}/plan.pdf"), "plan.pdf leads to nothing"),
    ("AVL-03", f"{ATTACHED}/x.pdf", attached("x.pdf", b""), "the file is empty"),
    ("AVL-03", f"{ATTACHED}/x.pdf", attached("x.pdf", b"<html>not found</html>"), "not what its ending .pdf says"),
    ("AVL-03", f"{ATTACHED}/x.docx", attached("x.docx", docx()[:90]), "does not open"),
    ("AVL-03", f"{ATTACHED}/x.xlsx", attached("x.xlsx", docx()), "not what its ending .xlsx says"),
    ("AVL-03", f"{ATTACHED}/x.jpg", attached("x.jpg", jpeg()[:40]), "does not open"),
    ("AVL-03", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf()[:30]), "breaks off"),
    ("AVL-03", f"{ATTACHED}/x.mp4", attached("x.mp4", b"<html>"), "not what its ending .mp4 says"),
    ("AVL-03", f"{ATTACHED}/x.txt", attached("x.txt", b"\0\1\2"), "not what its ending .txt says"),
    ("AVL-05", B, swapped(B, "https://www.kepuchina.cn", "http://www.kepuchina.cn"), "http://www.kepuchina.cn/x is"),
    ("AVL-05", B, added(B, '<img alt="x" src="http://x.gov.cn/1.png">'), "is not https"),
    ("AVL-05", "theme/css/x.css", placed("theme/css/x.css", "p{background:url(HTTP://x.cn/1.png)}"), "is not https"),
    ("AVL-05", "sitemap.xml", swapped("sitemap.xml", "<loc>https://", "<loc>http://"), "is not https"),
    ("TXT-02", A, added(A, "<p>会议布署了工作。</p>"), "布署 should be 部署"),
    ("TXT-02", HOME, everywhere("主办单位：", "主办部份："), "部份 should be 部分"),
    ("TXT-03", A, added(A, "<p>关爱残废人。</p>"), "残废人 should be 残疾人"),
    ("TXT-04", A, added(A, "<p>活动开始,市民参加。</p>"), "half-width , between Chinese characters"),
    ("TXT-04", A, added(A, "<p>活动<b>开始</b>:报名</p>"), "half-width : between"),
    ("TXT-04", A, added(A, "<p>活动(暂定)开始</p>"), "half-width ( between"),
    ("TXT-05", A, added(A, "<p>同比增长-11.7%。</p>"), "增长-11.7"),
    ("TXT-05", A, added(A, "<p>近100多项成果。</p>"), "近100多项"),
    ("TXT-05", A, added(A, "<p>近三百余人参加。</p>"), "近三百余人"),
    ("TXT-05", B, swapped(B, "<td>42</td>", "<td>43</td>"), "a total of 43, where the rows add up to 42"),
    ("TXT-06", A, SOURCE_GONE, "names no source"),
    ("TXT-06", A, posted(0, source="新华社"), "no link leads to the original"),
    ("DOC-01", DOC, document(文号="宝市科协发[2026]19号"), "宝市科协发[2026]19号"),
    ("DOC-01", DOC, document(文号="宝市科协发〔2026〕第19号"), "is not spelled"),
    ("DOC-01", DOC, document(文号="宝市科协发〔2026〕019号"), "is not spelled"),
    ("DOC-01", DOC, document(文号="宝市科协发〔26〕19号"), "is not spelled"),
    ("DOC-02", B, posted(1, block={"索引号": BLOCK["索引号"]}), "is that of policy/doc.html, too"),
    ("DOC-03", DOC, document(主题分类=""), "does not say 主题分类"),
    ("DOC-03", DOC, document(文号=""), "does not say 文号"),
    ("DOC-03", B, posted(1, block={"索引号": "BJ-2"}), "does not say 发文机关"),
    ("DOC-04", DOC, document(公开属性="依申请公开"), "it is published and says 依申请公开"),
    ("DOC-04", DOC, document(公开属性="公开"), "公开 is none of"),
    ("DOC-05", DOC, document(成文日期="2026-10-16"), "made on 2026-10-16, published 21 working days later"),
    ("DOC-06", DOC, document(有效性=""), "does not say whether it is valid"),
    ("DOC-06", DOC, document(有效性="不详"), "不详 is none of"),
    ("DOC-06", DOC, added(A, REPEALED), "news/a.html says that it is void"),
    ("DOC-06", DOC, together(posted(2, title="关于开展科普活动的通知（已废止）")), "its own words: (已废止)"),
    ("DOC-06", DOC, added(DOC, "<p>本通知已于2024年1月1日废止。</p>"), "its own words: 本通知已于2024年1月1日废止"),
    ("DOC-06", DOC, added(DOC, "<p>本办法自2020年1月1日起施行，有效期至2025年12月31日。</p>"), "有效期至2025年12月31日"),
    ("DOC-06", DOC, together(document(有效性=""), added(DOC, "<p>本通知自即日起失效。</p>")), "its own words"),
    ("DOC-02", B, posted(1, block={"索 引 号：": BLOCK["索引号"].replace("0", "０", 1) + " "}), "policy/doc.html, too"),
]  # fmt: skip

NOTHING: list[tuple[str, Change, str]] = [
    ("UPD-02", swapped(NEWS, 'content="工作动态"', 'content="图片"'), "no column is called"),
    ("UPD-03", everywhere("政策文件", "办事指南"), "no top column is one of notices"),
    ("UPD-04", without_posts, "no other column has dated items"),
    ("UPD-05", without_columns, "no page of a column"),
    ("UPD-06", without_posts, "no page of a post"),
    ("UPD-07", dropped_all(".chain.json"), "no post has a chain"),
    ("UPD-08", swapped("messages/index.html", "咨询投诉", "办事服务"), "no column is one of surveys"),
    ("AVL-03", without_files, "no attachment"),
    ("TXT-06", without_posts, "no page of a post"),
    ("DOC-01", posted(2, block={}), "no post has a document number"),
    ("DOC-02", posted(2, block={}), "no post has an index number"),
    ("DOC-03", without_posts, "no official document"),
    ("DOC-04", posted(2, block={}), "no post says to whom it is open"),
    ("DOC-05", posted(2, block={}), "says when it was made"),
    ("DOC-05", document(成文日期="2026-01-05", 公开属性="依申请公开"), "says when it was made"),
    ("DOC-06", without_posts, "no official document"),
]

QUIET: list[tuple[str, Change]] = [
    ("UPD-01", another(POSTS[0], "news/future.html", "2030-01-01 10:00")),
    ("UPD-05", placed("about/index.html", ABOUT)),
    ("UPD-07", posted(0, version=2, updated="2026-11-21 09:10")),
    ("UPD-07", posted(0, version=2)),
    ("UPD-07", signed_late(1, "2026-11-20T07:30:59+00:00")),
    ("AVL-02", added(B, '<a href="#top">顶部</a><a href="">本页</a><a href="a.html?x=1#content">讲座</a>')),
    ("AVL-02", added(B, '<a href="mailto:a@b.cn">信</a><a href="/news">栏目</a><a href="../news/">栏目</a>')),
    ("AVL-02", together(another(POSTS[0], "news/讲 座.html", "2026-11-20 10:00"), added(B, QUOTED))),
    ("AVL-03", attached("x.doc", b"{\\rtf1 x}")),
    ("AVL-03", attached("x.unknown", b"")),
    ("AVL-05", added(B, "<p>http://example.org 只是文字</p>")),
    ("TXT-02", added(A, "<p>公布署名单位，部份额不变，答复盖章，通过严峻工作考验。</p>")),
    ("TXT-03", added(A, "<p>五星红旗，台湾国际机场，薄弱智能。</p>")),
    ("TXT-04", added(A, "<p>讲座3,000人，A,B，10:30，<code>甲,乙</code></p><p>甲</p>,<p>乙</p><pre>甲,乙</pre>")),
    ("TXT-05", added(A, "<p>增长 12%，增长3-5%，近百年，近40多样本，2020-2026年增长。</p>")),
    ("TXT-05", added(A, SHARES)),
    ("TXT-05", added(A, MIXED)),
    ("TXT-05", added(A, ROUNDED)),
    ("TXT-06", posted(0, source="新华社", body='<a class="external" href="https://www.news.cn/x">原文</a>')),
    ("DOC-02", posted(1, block={"索引号": "BJ0000001-2026-002"})),
    ("DOC-05", document(成文日期="2026-10-19")),
    ("DOC-06", added(A, "<p>根据《通知》（宝市科协发〔2026〕19号）。旧办法废止。</p>")),
    ("DOC-06", together(document(有效性="废止"), added(A, REPEALED))),
    ("DOC-06", together(document(有效性="废止"), added(DOC, "<p>本通知已废止。</p>"))),
    ("DOC-06", posted(2, title="关于废止《科普办法（试行）》的通知")),
    ("DOC-06", posted(2, title="关于公布《甲办法（已失效）》清理结果的通知")),
    ("DOC-06", added(DOC, "<p>本通知自2030年1月1日起废止，有效期至2029年12月31日。本通知废止前的申请照旧。</p>")),
    ("DOC-06", added(DOC, "<p>本通知废止《甲办法》，本通知到期自动失效，该办法已废止。</p>")),
]  # fmt: skip
