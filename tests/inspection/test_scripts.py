"""What scripts take from addresses is told by how browsers would use them; what cannot be told is not said."""

from __future__ import annotations

import time

import pytest

from review.inspection.scripts import taken_by
from review.inspection.style_sheets import taken_by_style


@pytest.mark.parametrize(
    ("script", "taken"),
    [
        ('import a, {b} from "./a.js"', ("script", "./a.js", True, True)),
        ("import '../b.js'", ("script", "../b.js", True, True)),
        ('export * from "/c.js"', ("script", "/c.js", True, True)),
        ("import(`/x/${name}.js`)", ("script", "/x/", False, True)),
        ('importScripts("d.js")', ("script", "d.js", True, True)),
        ('new Worker(new URL("w.js", import.meta.url))', ("script", "w.js", True, True)),
        ('new URL("d.json", import.meta.url)', ("other", "d.json", True, True)),
        ('fetch("/d.json")', ("connection", "/d.json", True, False)),
        ('window.fetch("/d?" + q)', ("connection", "/d?", False, False)),
        ('x.open("get", "/d.json")', ("connection", "/d.json", True, False)),
        ('navigator.serviceWorker.register("/sw.js")', ("script", "/sw.js", True, False)),
        ('navigator.sendBeacon("//t.example/")', ("connection", "//t.example/", True, False)),
        ('new EventSource("/e")', ("connection", "/e", True, False)),
        ('i.src = "/p.png"', ("other", "/p.png", True, False)),
        ("s.src = '//h.example/h.js?1'", ("script", "//h.example/h.js?1", True, False)),
        ('load("https://c.example/c.js")', ("script", "https://c.example/c.js", True, False)),
        (r'fetch("\u002fd\x2ejson")', ("connection", "/d.json", True, False)),
        ('x = a / b; fetch("/d") / 2', ("connection", "/d", True, False)),
        ('if (/"/.test(x)) fetch("/d")', ("connection", "/d", True, False)),
    ],
)
def test_an_address_is_known_by_how_it_is_used(script: str, taken: tuple[str, str, bool, bool]) -> None:
    assert [(one.kind, one.address, one.whole, one.beside) for one in taken_by(script)] == [taken]


@pytest.mark.parametrize(
    "script",
    [
        '// fetch("/a")',
        '/* import "/a.js" */',
        r"x = /fetch\(\"\/a\"/",
        '"fetch(\\"/a\\")"',
        'import react from "react"',
        'this.fetch("/a")',
        'library.register("a.js")',
        'Worker("a.js")',
        'x.open("/a")',
        '"http://www.w3.org/2000/svg"',
        'new URL("a.js", base)',
        'path.endsWith("/index.html")',
        'fetch("',
    ],
)
def test_what_is_no_use_of_an_address_is_none(script: str) -> None:
    assert list(taken_by(script)) == []


@pytest.mark.parametrize(
    "piece", ['"', "`", '"\\\n', "/[", "/*", "x=/(\\", "/a[", "=/", '"\\', "(", "fetch(", "a.src='"]
)
def test_no_script_keeps_the_inspection_busy(piece: str) -> None:
    begun = time.process_time()

    list(taken_by(piece * (600_000 // len(piece))))

    assert time.process_time() - begun < 5


def test_what_a_style_takes_is_known_by_where_it_stands() -> None:
    sheet = """@import "a.css"; @import'b.css' print; @IMPORT url("//c.example/x y.css");
    @namespace url(http://www.w3.org/1999/xhtml); a { background: URL( 'p(1).png' ); filter: url(#x); }
    @font-face { src: url("f.woff2") format("woff2"), url(g.woff) } b { background: url(data:image/png;base64,xx), url(q.png) }"""

    assert list(taken_by_style(sheet)) == [
        ("style", "a.css"),
        ("style", "b.css"),
        ("style", "//c.example/x y.css"),
        ("picture", "p(1).png"),
        ("font", "f.woff2"),
        ("font", "g.woff"),
        ("picture", "q.png"),
    ]


@pytest.mark.parametrize(
    "piece", ["@import ", "url(", '@import"', "@font-face{", "@font-face{a:url(x)}", "url('", "@namespace "]
)
def test_no_style_keeps_the_inspection_busy(piece: str) -> None:
    begun = time.process_time()

    list(taken_by_style(piece * (600_000 // len(piece))))

    assert time.process_time() - begun < 5
