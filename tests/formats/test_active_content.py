"""Which files would run where they lie on a site: what is known to do nothing passes, and nothing else."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.active_content import LOOKED_AT, active_content
from review.formats.plain_xml import MAX_SIZE, NotPlain, require_plain

SVG = 'xmlns="http://www.w3.org/2000/svg"'
LINKED = f'{SVG} xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside: str, more: str = "") -> bytes:
    return f'<svg {LINKED} viewBox="0 0 9 9"{more}>{inside}</svg>'.encode()


def runs(name: str, data: bytes = b"") -> bool:
    return active_content(name, data) is not None


# Names.


RUN = """
a.html a.htm a.HTML a.Htm a.xhtml a.XHT a.shtml a.shtm a.mht a.mhtml a.hta a.htc a.js a.mjs a.JS a.wasm a.swf a.xsl a.xslt
a.svgz a.jar a.eml a.php a.PHP5 a.phtml a.phar a.asp a.aspx a.jsp a.jspx a.cgi a.pl a.cfm web.config WEB.CONFIG .htaccess
.user.ini .hidden.pdf x/.git/a.pdf x/.htaccess a.html.gz a.js.br a.html.en a.htm.bak a.svgz.old a.php.jpg a.php.pdf
a.asp;.jpg a.asp:x.pdf x.asp/a.jpg 图.html 说明.Js a.html.zh-cn 1.2.html index.html a.ſvgz a.php7.txt
"""
PASS = """
a.pdf a.docx 附件1.2：名单.xlsx a.tar.gz a.gz data.csv.gz 2026.html报告.pdf js html README 说明 a.js.zip a.html.pdf a.png
a.phps大赛.png A.PNG a.jpeg a.mp4 a.vtt a.txt a.csv a.json a.ofd a.wps a.psd folder.d/a.pdf a.xyz 1.0 a..pdf
a.php脚本入门.pdf
"""


@pytest.mark.parametrize("name", RUN.split())
def test_a_name_that_browsers_or_servers_run_is_enough(name: str) -> None:
    assert runs(name)
    assert runs(name, b"\x89PNG\r\n\x1a\n")
    assert runs(f"folder/{name}")


@pytest.mark.parametrize("name", PASS.split())
def test_names_of_documents_pictures_and_archives_pass(name: str) -> None:
    assert not runs(name, b"PK\x03\x04 or whatever stands in it")


def test_every_refusal_says_why_and_what_to_do() -> None:
    for name, data in (
        ("a.html", b""),
        (".htaccess", b""),
        ("a.php", b""),
        ("a.svg", b""),
        ("a.txt", b"<html>"),
        ("a.js", b""),
    ):
        found = active_content(name, data)
        assert found is not None
        assert len(found.what) > 20
        assert re.search("ZIP|PDF|PNG", found.hint)


# Bytes behind a name that promises something else, or nothing.

PAGES = (
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"<html>",
    b" \t\r\n\x0c\x00<HTML lang=zh>",
    b"\xef\xbb\xbf\n<script>alert(1)</script>",
    "\ufeff<body onload=alert(1)>".encode("utf-16-le"),
    "\ufeff<iframe src=x>".encode("utf-16-be"),
    "<script>alert(1)</script>".encode("utf-16-le"),
    "<script>alert(1)</script>".encode("utf-16-be"),
    b"<!-- --><script>alert(1)</script>",
    b"<a href=x>",
    b"<p>\n",
    b"<TABLE><tr><td>",
    b"<style>",
    b"<br/>",
)


@pytest.mark.parametrize("data", PAGES)
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xls", "a.png", "a.csv.gz", "a.xyz", "README", "a.kml", "a.gpx"])
def test_a_page_is_one_under_every_name(name: str, data: bytes) -> None:
    assert runs(name, data)


@pytest.mark.parametrize("data", [b"x <script>alert(1)</script>", b"\x89\xff<html >", b"# \n<iframe src=x>"])
def test_where_nothing_says_what_a_file_is_a_page_may_begin_later(data: bytes) -> None:
    assert runs("README", data)
    assert runs("a.xyz", data)
    assert not runs("a.txt", data)


@pytest.mark.parametrize(
    "data", [b"", b"a < b, c > d", b"<3", b"\x89PNG\r\n\x1a\n<html>", "一、<注意>\n".encode(), b"{}"]
)
def test_texts_and_pictures_are_no_pages(data: bytes) -> None:
    assert not runs("a.txt", data)


@given(st.binary(max_size=300), st.sampled_from(["a", "a.xml", "a.svg", "a.txt", "a.xyz", "a.svg.gz", "a.kml"]))
def test_no_bytes_are_too_odd_to_be_judged(data: bytes, name: str) -> None:
    found = active_content(name, data)
    assert found is None or (found.what and found.hint)


# Markup.


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?><data><row href='https://x.example' onload='x'>1</row></data>",
        "<?xml version='1.0' encoding='utf-8'?>\n<!-- 说明 -->\n<数据 年='2026'>一</数据>",
        "<kml xmlns='http://www.opengis.net/kml/2.2'><name><![CDATA[<b>点</b>]]></name></kml>",
        "<gpx xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b' xml:lang='zh'/>",
        "<script>alert(1)</script>",
        f"<svg {SVG}><rect width='1' height='1'/></svg>",
    ],
)
def test_data_in_xml_pass(text: str) -> None:
    assert not runs("a.xml", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='a.xsl'?><a/>",
        "<a><?xml-stylesheet href='a.css'?></a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'https://evil.example/a.dtd'><a/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
        "<a><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script></a>",
        "<a xmlns:x='http://www.w3.org/1999/xhtml' x:onclick='y'/>",
        "<a><math xmlns='http://www.w3.org/1998/Math/MathML'/></a>",
        "<a><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg></a>",
        "<a xmlns:l='http://www.w3.org/1999/xlink' l:href='javascript:alert(1)' l:type='simple'/>",
        "<a xml:base='javascript:alert(1)'/>",
        "<x:stylesheet xmlns:x='http://www.w3.org/1999/XSL/Transform'/>",
        "<x:bindings xmlns:x='http://www.mozilla.org/xbl'/>",
        "<a xmlns:e='http://www.w3.org/2001/xml-events' e:handler='x'/>",
        f"<svg {SVG} onload='alert(1)'/>",
        "<a>",
        "no markup",
        "",
        "<?xml version='1.0' encoding='gb2312'?><a/>",
        "<?xml version='1.0' encoding='utf-7'?><a>+ADw-script+AD4-</a>",
        "<a>" + "<b>" * 1000,
    ],
)
def test_xml_that_is_or_may_become_a_page_runs(text: str) -> None:
    assert runs("a.xml", text.encode())
    assert runs("a.rss", text.encode())


def test_markup_in_another_encoding_than_browsers_are_told_runs() -> None:
    assert runs("a.xml", "<a>中文</a>".encode("gb18030"))
    assert runs("a.xml", "<a/>".encode("utf-16"))
    assert runs("a.svg", f"<svg {SVG}/>".encode("utf-16"))


# Drawings.

HARMLESS = (
    drawing("<title>图 &lt;一&gt;</title><desc>说明</desc><path d='M0 0L9 9' style='fill:#f00;stroke:rgb(1,2,3)'/>"),
    b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><!-- Generator: a program -->" + drawing("<rect/>"),
    drawing("<style>.a{fill:url(#g)} /* 色 */ #b:not(.c){transform:rotate(5deg)}</style><rect class='a'/>"),
    drawing("<style><![CDATA[.a{fill:#fff}]]></style>"),
    drawing(
        "<defs><linearGradient id='g'><stop offset='1'/></linearGradient></defs><rect fill='url(#g)' clip-path=\"url('#c')\"/>"
    ),
    drawing("<use href='#a'/><use xlink:href='#a'/><image href='data:image/png;base64,iVBORw0KGgo='/>"),
    drawing(
        "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter><text><tspan>字</tspan></text>",
        " xml:space='preserve'",
    ),
    drawing(
        "<metadata xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:cc='http://creativecommons.org/ns#'>"
        "<rdf:RDF><cc:Work rdf:about=''/></rdf:RDF></metadata>"
        "<i:namedview xmlns:i='http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd' pagecolor='#fff'/>"
    ),
    drawing("<g aria-label='a\\b (c)' id='x\\y' data-x='url(http://x.example)'/>"),
)


@pytest.mark.parametrize("data", HARMLESS)
def test_drawings_that_only_draw_are_pictures(data: bytes) -> None:
    require_plain(data, drawing=True)
    assert not runs("图.svg", data)
    assert not runs("a.SVG", data)
    assert not runs("a", data)


INSIDE = (
    "<script>alert(1)</script>",
    "<script href='a.js'/>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<rect onclick='alert(1)'/>",
    "<rect ONCLICK='alert(1)'/>",
    "<rect onwhatevercomesnext='alert(1)'/>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<foreignObject/>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<x:img xmlns:x='http://www.w3.org/1999/xhtml' src='x' onerror='alert(1)'/>",
    "<x:a xmlns:x='urn:unknown'/>",
    "<g xmlns:x='urn:unknown' x:y='z'/>",
    "<g xmlns:e='http://www.w3.org/2001/xml-events' e:event='click'/>",
    "<a href='javascript:alert(1)'><text>x</text></a>",
    "<a href='https://x.example'><text>x</text></a>",
    "<a><animate attributeName='href' values='javascript:alert(1)'/></a>",
    "<set attributeName='onmouseover' to='alert(1)'/>",
    "<animate onbegin='alert(1)' attributeName='x' dur='1s'/>",
    "<handler type='text/javascript'>alert(1)</handler>",
    "<listener event='load' handler='#x'/>",
    "<iframe src='x'/>",
    "<use href='https://x.example/a.svg#b'/>",
    "<use href='data:image/svg+xml,&lt;svg/&gt;#x'/>",
    "<use xlink:href='javascript:alert(1)'/>",
    "<image href='https://x.example/a.png'/>",
    "<image href='//x.example/a.png'/>",
    "<image href='a.png'/>",
    "<image href=''/>",
    "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
    "<image href='data:text/html,x'/>",
    "<image xlink:href='file:///etc/passwd'/>",
    "<feImage href='https://x.example/a.png'/>",
    "<g xml:base='https://x.example/'><use href='#a'/></g>",
    "<rect fill='url(https://x.example/a#b)'/>",
    "<rect fill='url( \"//x.example\" )'/>",
    "<rect fill='\\75 rl(https://x.example)'/>",
    "<rect style='fill:url(a.svg#b)'/>",
    "<rect style='behavior:url(#x)'/>",
    "<rect style='-moz-binding:url(#x)'/>",
    "<rect style='x:expression(alert(1))'/>",
    "<rect style='background:image-set(\"https://x.example/a.png\" 1x)'/>",
    "<rect style='fill:u\\72l(https://x.example)'/>",
    "<rect mask='src(\"https://x.example\")'/>",
    "<style>@import 'https://x.example/a.css';</style>",
    "<style>@font-face{font-family:x;src:url(https://x.example/a.woff)}</style>",
    "<style>.a{fill:url(https://x.example/a)}</style>",
    "<style>.a{fill:url(#b) url(https://x.example}</style>",
    "<style>.a{fill:URL( 'https://x.example/a' )}</style>",
    '<style>.a{background:image("https://x.example/a")}</style>',
    '<style>.a{background:-webkit-cross-fade("https://x.example/a")}</style>',
    "<style>\\40 import 'https://x.example/a.css';</style>",
    "<style><![CDATA[</style><script>alert(1)</script>]]></style>",
    "<style><g/></style>",
    "<title><![CDATA[><script>alert(1)</script>]]></title>",
    "<!-- --!><script>alert(1)</script> -->",
    "<?xml-stylesheet href='a.css'?>",
    "<?php echo 1 ?>",
    "&x;",
    "<rect",
)


@pytest.mark.parametrize("inside", INSIDE)
def test_drawings_that_do_more_than_be_seen_run(inside: str) -> None:
    assert runs("a.svg", drawing(inside))
    assert runs("a", drawing(inside))
    with pytest.raises(NotPlain):
        require_plain(drawing(inside), drawing=True)


@pytest.mark.parametrize(
    "data",
    [
        drawing("", " onload='alert(1)'"),
        b"<?xml-stylesheet href='a.css'?>" + drawing(""),
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>"
        + drawing(""),
        b"<!DOCTYPE svg [<!ENTITY a '<script>alert(1)</script>'>]>" + drawing("&a;"),
        b"<svg><rect/></svg>",
        b"<svg xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<g xmlns='http://www.w3.org/2000/svg'/>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'><svg xmlns='http://www.w3.org/2000/svg'/></html>",
        gzip.compress(drawing("<rect/>")),
        b"\x89PNG\r\n\x1a\n",
        b"",
        drawing("") + b"<script/>",
        drawing("中").replace("中".encode(), "中".encode("gb18030")),
        b"<?xml version='1.0' encoding='iso-2022-jp'?>" + drawing("\x1b$B"),
    ],
)
def test_what_is_called_a_drawing_has_to_be_one_and_nothing_else(data: bytes) -> None:
    assert runs("a.svg", data)


def test_entities_that_grow_are_not_even_begun() -> None:
    entities = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(30))
    data = f"<!DOCTYPE svg [<!ENTITY e0 'x'>{entities}]><svg {SVG}>&e30;</svg>"
    found = active_content("a.svg", data.encode())
    assert found is not None
    assert "document type" in found.what


def test_a_drawing_may_be_deep_and_not_too_large() -> None:
    assert not runs("a.svg", drawing("<g>" * 20_000 + "</g>" * 20_000))
    assert runs("a.svg", drawing(" " * MAX_SIZE))
    assert runs("a.svg", drawing(" " * MAX_SIZE)[:LOOKED_AT])
