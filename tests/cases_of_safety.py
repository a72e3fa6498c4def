"""SEC, PII, FLOW, MSG, RPT and ORG: for each way to break one of these rules, a site that breaks it; and what only looks so."""

from __future__ import annotations

import hashlib

from built_sites import ATTACHED, docx, pdf, zipped
from PIL import ExifTags
from site_changes import (
    HOME,
    A,
    B,
    Change,
    added,
    attached,
    dropped,
    dropped_all,
    everywhere,
    moved_to,
    picture_by,
    picture_with_place,
    placed,
    posted,
    swapped,
    together,
)

CHAIN = "news/a.chain.json"
BEGIN = "<article>"
IDENTITY = "11010119900307079" + "1"
MOBILE = "138" + "12345678"
DOMAIN = 'name="SiteDomain" content="www.kexie.gov.cn"'
AUTHOR = docx(docProps__core="<dc:creator>张三</dc:creator>")
NOTED = docx(word__comments="<w:comment w:id='1'>x</w:comment>")
VANISHED = docx("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>")
VISIBLE = docx('<w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>x</w:t></w:r>')

TEMPLATE = docx(docProps__app="<Template>C:\\Users\\zhang\\科普.dotm</Template>")
RELATED = docx(word___rels__settings='<Relationship Target="file:///C:\\Users\\zhang\\a.dotm" TargetMode="External"/>')
SHARED = "<dc:title>\\\\fs1\\科普部\\稿件</dc:title>"
WIDE = IDENTITY.translate({ord("0") + number: ord("０") + number for number in range(10)})

FILM = f"static/media/{hashlib.sha256(b'one').hexdigest()}.mp4"


def _last(digits: str) -> str:
    """Return the check digit of seventeen others, as GB 11643 has it."""
    return "10X98765432"[sum(int(one) * 2 ** (17 - place) for place, one in enumerate(digits)) % 11]


def filmed(data: bytes) -> Change:
    """Have the first post show a film that lies outside git, and publish these bytes of it."""
    return together(posted(0, text=f"Video_digest: sha256:{FILM[13:77]}\n"), placed(FILM, data))


BROKEN: list[tuple[str, str, Change, str]] = [
    ("SEC-01", A, added(A, "<p>机密★10年</p>"), "机密★"),
    ("SEC-01", A, added(A, "<p hidden>绝密 ★ 长期</p>"), "绝密 ★"),
    ("SEC-01", A, added(A, "<p>秘密*5年</p>"), "秘密*5"),
    ("SEC-01", A, added(A, "<p>机　密★10年</p>"), "机 密★"),
    ("SEC-01", A, added(A, "<p>机\u200b密★10年</p>"), "机密★"),
    ("SEC-01", A, added(A, '<img src="/img/bg.png" alt="机密★10年">'), "机密★"),
    ("SEC-01", A, added(A, '<b title="机密★10年">某</b>'), "机密★"),
    ("SEC-01", A, swapped(A, "</head>", '<meta name="Summary" content="机密★10年"></head>'), "机密★"),
    ("SEC-01", f"{ATTACHED}/x.docx", attached("x.docx", docx("<w:p><w:t>秘密</w:t><w:t>★</w:t></w:p>")), "秘密★"),
    ("SEC-01", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf(b"<< /Title <FEFF673A5BC62605> >>")), "机密★"),
    ("SEC-01", f"{ATTACHED}/秘密★.txt", attached("秘密★.txt", b"x"), "秘密★"),
    ("SEC-02", A, swapped(A, BEGIN, f"{BEGIN}<p>（内部资料，注意保存）</p>"), "内部资料"),
    ("SEC-02", f"{ATTACHED}/x.docx", attached("x.docx", docx("<w:p><w:t>内部文件</w:t></w:p>")), "内部文件"),
    ("SEC-03", A, dropped(CHAIN), "no chain beside it"),
    ("SEC-03", A, posted(0, classified="yes"), "classified: yes"),
    ("SEC-04", A, added(A, "<p>C:\\Users\\zhang\\稿件.doc</p>"), "C:\\Users"),
    ("SEC-04", A, added(A, '<a href="file:///D:/x.doc">x</a>'), "file:///D:/x.doc"),
    ("SEC-04", A, added(A, "<!-- D:\\work\\a.doc -->"), "D:\\work"),
    ("SEC-04", f"{ATTACHED}/x.jpg", attached("x.jpg", picture_with_place()), "where it was taken"),
    ("SEC-04", f"{ATTACHED}/x.jpg", attached("x.jpg", picture_by(ExifTags.Base.Artist, "zhang")), "names zhang as"),
    ("SEC-04", f"{ATTACHED}/x.jpg", attached("x.jpg", picture_by(ExifTags.Base.HostComputer, "pc7")), "device: pc7"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", AUTHOR), "names 张三 as its author"),
    (
        "SEC-04",
        f"{ATTACHED}/x.docx",
        attached("x.docx", docx("<w:ins w:id='1'><w:t>x</w:t></w:ins>")),
        "tracked changes",
    ),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", NOTED), "comments are left"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", VANISHED), "hidden text"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", docx("<w:t>/home/zhang/稿件.doc</w:t>")), "/home/zhang"),
    ("SEC-04", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf(b"<< /Author (Zhang San) >>")), "names Zhang San as"),
    ("SEC-04", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf(b"<< /Subtype /Popup >>")), "comments are left"),
    ("SEC-05", f"{ATTACHED}/plan.pdf", placed(f"{ATTACHED}/plan.pdf", pdf(b"other")), "not those that were signed"),
    ("SEC-05", A, dropped(f"{ATTACHED}/plan.pdf"), "was signed, and is not there"),
    ("SEC-05", f"{ATTACHED}/extra.txt", placed(f"{ATTACHED}/extra.txt", "x"), "nobody signed it"),
    (
        "SEC-05",
        f"{ATTACHED}/x.dat",
        together(attached("x.dat", b"1"), placed(f"{ATTACHED}/x.dat", b"2")),
        "not those that",
    ),
    ("SEC-05", FILM, together(filmed(b"one"), placed(FILM, b"two")), "not those that were signed"),
    ("SEC-05", FILM, placed(FILM, b"one"), "nobody signed it"),
    ("SEC-04", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf(b"<< /Author (Zhang (office)) >>")), "names Zhang (office)"),
    (
        "SEC-04",
        f"{ATTACHED}/x.docx",
        attached("x.docx", docx(docProps__core="<dc:creator xml:lang='zh'>张三</dc:creator>")),
        "names 张三",
    ),
    ("SEC-04", A, added(A, "<p>见D:/文件/稿.docx</p>"), "D:/"),
    ("SEC-04", f"{ATTACHED}/x.zip/表.docx", attached("x.zip", zipped({"表.docx": AUTHOR})), "names 张三 as its author"),
    (
        "SEC-04",
        f"{ATTACHED}/x.zip/稿/图.jpg",
        attached("x.zip", zipped({"稿/图.jpg": picture_with_place()})),
        "was taken",
    ),
    ("SEC-04", f"{ATTACHED}/x.zip/a.txt", attached("x.zip", zipped({"a.txt": b"D:\\work\\a.doc"})), "D:\\work"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", TEMPLATE), "C:\\Users\\zhang"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", RELATED), "file:///C:\\Users\\zhang"),
    ("SEC-04", f"{ATTACHED}/x.docx", attached("x.docx", docx(docProps__core=SHARED)), "\\\\fs1\\科普部"),
    ("SEC-04", f"{ATTACHED}/x.pdf", attached("x.pdf", pdf(b"<< /URI (file:///C:/zhang/a.htm) >>")), "file:///C:/zhang"),
    ("SEC-04", A, added(A, "<p>见\\\\fileserver\\科普部\\稿件</p>"), "\\\\fileserver\\科普部"),
    ("SEC-04", A, added(A, "<p>见file://fileserver/a.doc</p>"), "file://fileserver/a.doc"),
    ("SEC-04", A, added(A, "<p>见Ｄ：＼稿件＼a.doc</p>"), "D:\\稿件"),
    ("SEC-04", A, added(A, '<img src="/img/bg.png" alt="C:\\图\\1.png">'), "C:\\图"),
    ("SEC-04", "x.css", placed("x.css", "p{background:url(file:///C:/img/1.png)}"), "file:///C:/img"),
    ("SEC-01", f"{ATTACHED}/x.zip/a.docx", attached("x.zip", zipped({"a.docx": docx("<w:t>机密★</w:t>")})), "机密★"),
    ("SEC-01", A, added(A, '<iframe title="x" srcdoc="机密★10年"></iframe>'), "机密★"),
    ("SEC-01", A, added(A, "<!-- 机密★10年 -->"), "机密★"),
    (
        "SEC-01",
        A,
        lambda site: site.put(A, site.swap(A, "</main>", "机密★</main>").files[A].decode().encode("gb18030")),
        "机密★",
    ),
    ("PII-01", A, added(A, f"<p>{IDENTITY[:6]}.{IDENTITY[6:14]}.{IDENTITY[14:]}</p>"), "identity card"),
    ("PII-01", A, added(A, f"<p>{'-'.join(IDENTITY)}</p>"), "identity card"),
    ("PII-01", A, added(A, f"<p>{WIDE[:6]}　{WIDE[6:14]}　{WIDE[14:]}</p>"), "identity card"),
    ("PII-01", A, added(A, f"<p>No.{IDENTITY}，序号3 {IDENTITY}</p>"), "identity card"),
    ("PII-01", A, added(A, f"<!-- {IDENTITY} -->"), "identity card"),
    ("PII-01", f"{ATTACHED}/{IDENTITY}.txt", attached(f"{IDENTITY}.txt", b"x"), "identity card"),
    ("PII-01", A, added(A, f"<p>证号{IDENTITY}</p>"), "110*************91"),
    ("PII-01", f"{ATTACHED}/x.txt", attached("x.txt", f"证号 {IDENTITY}".encode("gb18030")), "identity card"),
    (
        "PII-01",
        f"{ATTACHED}/x.docx",
        attached("x.docx", docx(f"<w:t>110101</w:t><w:t>{IDENTITY[6:]}</w:t>")),
        "identity",
    ),
    ("PII-01", CHAIN, swapped(CHAIN, "正文", IDENTITY), "identity card"),
    ("PII-01", A, added(A, f"<p>{' '.join(IDENTITY[at : at + 4] for at in range(0, 18, 4))}</p>"), "identity card"),
    ("PII-01", A, added(A, "<p>１１０１０１１９９００３０７０７９１</p>"), "identity card"),
    ("PII-01", A, added(A, f"<p>{IDENTITY[:6]}\u200b{IDENTITY[6:]}</p>"), "identity card"),
    ("PII-02", A, added(A, f"<p>联系人：{MOBILE}</p>"), "138******78"),
    ("PII-02", A, added(A, f"<p>联系人：0086{MOBILE}</p>"), "mobile phone"),
    ("PII-02", A, added(A, f'<a href="SMS:{MOBILE}">短信</a>'), "mobile phone"),
    ("PII-02", A, added(A, "<p>联系人：138<b>1234</b>5678</p>"), "138******78"),
    ("PII-02", A, added(A, "<p>联系人：138-1234-5678</p>"), "138********78"),
    ("PII-02", A, added(A, f'<a href="tel:+86{MOBILE}">电话</a>'), "mobile phone"),
    ("PII-03", A, added(A, "<p>卡号6222 0200 0000 0000 018</p>"), "a number of a bank card"),
    ("PII-03", A, added(A, "<p>家庭住址：凤翔区城关镇东大街12号</p>"), "where somebody lives"),
    ("FLOW-01", A, dropped(CHAIN), "no chain beside it"),
    ("FLOW-01", A, swapped(CHAIN, '"by": "publisher"', '"by": "reviewer"'), "somebody signed two stages"),
    ("FLOW-01", A, swapped(CHAIN, "stage: publicity", "stage: publicly"), "is no statement"),
    ("FLOW-01", A, swapped(CHAIN, '"version": 1', '"version": 2'), "is of another post or version"),
    ("FLOW-01", A, placed(CHAIN, "{}"), "it is no chain document"),
    ("FLOW-02", A, swapped(CHAIN, "正文", "改过的正文"), "its text is not the one on the list"),
    ("FLOW-02", A, swapped(CHAIN, "qianfa-manifest 1", "qianfa-manifest 2"), "not the one that has the digest"),
    ("FLOW-02", A, swapped(A, "<h1>春季科普讲座</h1>", "<h1>春季科普大讲座</h1>"), "the title on the page is not"),
    ("FLOW-02", B, lambda site: site.put("news/b.chain.json", site.files[CHAIN]), "that of another post"),
    ("FLOW-02", A, placed(CHAIN, b"\xff"), "it is no chain document"),
    ("MSG-03", HOME, together(everywhere("网上留言", "服务"), everywhere("咨询投诉", "办事服务")), "nobody can ask"),
    ("RPT-01", HOME, dropped("open/report.html"), "the report of 2025 is not there"),
    ("RPT-01", HOME, swapped("open/index.html", "/open/report.html", "/open/check.html"), "cannot be reached"),
    ("RPT-01", "open/report.html", posted(4, published="2026-02-10 10:00"), "came on 2026-02-10 only"),
    ("RPT-02", HOME, dropped("open/check.html"), "the self-check of quarter 3 of 2026"),
    ("ORG-01", HOME, moved_to("www.kexie.cn"), "www.kexie.cn does not end"),
    ("ORG-01", HOME, swapped(A, DOMAIN, 'name="SiteDomain" content="www.other.gov.cn"'), "name 2 sites"),
]

NOTHING: list[tuple[str, Change, str]] = [
    ("FLOW-03", posted(0, paper=False), "no sign-off came on paper"),
    ("ORG-01", moved_to("example.org"), "kept for examples"),
    *((rule, dropped_all(".chain.json"), "no post has a chain") for rule in ("SEC-03", "SEC-05", "FLOW-01", "FLOW-02")),
]

QUIET: list[tuple[str, Change]] = [
    ("SEC-04", added(A, '<a href="/home/news/list/1.html">首页</a><p>https:\\\\www.x.cn\\a 与 c://x 与 3:/</p>')),
    ("SEC-04", attached("x.zip", zipped({"表.docx": docx(), "__MACOSX/._表.docx": b"\0x", "b.txt": b""}))),
    ("AVL-03", attached("x.zip", zipped({"表.docx": docx(), "__MACOSX/._表.docx": b"\0x", "b.txt": b""}))),
    ("PII-01", added(A, f"<p>{IDENTITY[:6]}.{IDENTITY[6:10]}-{IDENTITY[10:]}，0.{IDENTITY}</p>")),
    ("PII-01", added(A, f"<p>{IDENTITY[:3]} {IDENTITY[3:5]} {' '.join(IDENTITY[5:12])} {IDENTITY[12:]}</p>")),
    ("PII-01", added(A, f"<p>99{IDENTITY[2:17]}{_last('99' + IDENTITY[2:17])}</p>")),
    ("SEC-01", added(A, "<p>学习《保守国家秘密法》，国家秘密*注，密级分为绝密、机密、秘密。</p>")),
    ("SEC-02", swapped(A, BEGIN, f"{BEGIN}<p>加强内部资料管理，防止泄露工作秘密。</p>")),
    ("SEC-02", added(A, "<p>" + "正文。" * 200 + "</p><p>内部资料</p>")),
    ("SEC-04", added(A, "<p>比例A:B，网址https://x.cn/home/，<code>C:\\Windows</code></p>")),
    ("SEC-04", attached("x.jpg", picture_by(ExifTags.Base.Software, "GIMP"))),
    ("SEC-04", attached("x.docx", VISIBLE)),
    ("SEC-04", attached("x.docx", docx(docProps__core="<dc:creator>市科协</dc:creator>"))),
    ("SEC-05", dropped(f"{ATTACHED}/photo.jpg")),
    ("SEC-05", filmed(b"one")),
    ("PII-01", added(A, f"<p>编号{IDENTITY[:-1]}0，序列a{IDENTITY}，{IDENTITY}99</p>")),
    ("PII-01", added(A, f"<p>证号{IDENTITY[:6]}19901307079X</p>")),
    ("PII-02", added(A, "<p>138****5678，编号9" + MOBILE + "901，电话029-13812345</p>")),
    ("PII-03", added(A, "<p>订单6222020000000000017，地址：金台区行政大道12号</p>")),
    ("FLOW-02", posted(0, title="春季 科普讲座")),
    ("MSG-03", everywhere("咨询投诉", "办事服务")),
    ("ORG-01", swapped(A, DOMAIN, 'name="SiteDomain" content="https://kexie.gov.cn/"')),
]
