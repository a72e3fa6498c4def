"""A site is read from its folder as it lies there: nothing outside it, nothing that is not there, whatever is in it."""

from __future__ import annotations

import datetime as dt
import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from built_sites import HOST, NOW, PROFILE, docx, good_site, jpeg, page, pdf, zipped
from made_pictures import png_of_size

from review.errors import UnusableSite
from review.inspection.inside import look_inside
from review.inspection.inspecting import inspect
from review.inspection.reading import read_site
from review.inspection.records import Kind


def test_a_site_knows_its_own_name_and_address(tmp_path: Path) -> None:
    site = read_site(good_site().write(tmp_path))

    assert (site.name, site.host, site.root) == ("市科协", HOST, "")
    assert site.home is not None
    assert {page.kind for page in site.pages} == {Kind.HOME, Kind.COLUMN, Kind.ARTICLE, Kind.OTHER}


def test_a_site_below_a_path_knows_its_links(tmp_path: Path) -> None:
    built = good_site()
    for path in list(built.files):
        if path.endswith((".html", ".xml", ".txt")):
            text = built.files[path].decode().replace(f"https://{HOST}/", f"https://{HOST}/sub/")
            built.put(
                path,
                text.replace('href="/', 'href="/sub/')
                .replace('src="/', 'src="/sub/')
                .replace('action="/', 'action="/sub/'),
            )

    assert built.verdict("AVL-02", tmp_path).status == "pass"
    built.swap("news/b.html", "</main>", '<a href="/sub/gone.html">x</a></main>')
    assert built.verdict("AVL-02", tmp_path).status == "fail"


def test_pages_that_only_lead_on_are_no_pages(tmp_path: Path) -> None:
    built = good_site().put("old.html", '<meta http-equiv="refresh" content="0; url=index.html"><title>x</title>')
    built.swap("news/b.html", "</main>", '<a href="/old.html">旧</a></main>')

    site = read_site(built.write(tmp_path))

    assert "old.html" not in site.by_path
    assert "old.html" in site.files


def test_a_page_that_leads_on_only_after_it_was_read_is_a_page(tmp_path: Path) -> None:
    built = good_site().swap("news/b.html", "</head>", '<meta http-equiv="refresh" content="600; url=b.html"></head>')

    assert "news/b.html" in read_site(built.write(tmp_path)).by_path


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("机密★10年")
    folder = good_site().write(tmp_path / "site")
    (folder / "news/out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "news/in.txt").symlink_to(folder / "robots.txt")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.pdf")

    site = read_site(folder)

    assert "news/out.txt" not in site.files
    assert "news/in.txt" in site.files
    assert not any(path.startswith(("loop/", "pipe")) for path in site.files)


def test_links_that_lead_to_each_other_are_left_out(tmp_path: Path) -> None:
    folder = good_site().write(tmp_path)
    (folder / "a.txt").symlink_to("b.txt")
    (folder / "b.txt").symlink_to("a.txt")
    (folder / "gone.txt").symlink_to("nowhere.txt")

    assert not {"a.txt", "b.txt", "gone.txt"} & set(read_site(folder).files)


def test_files_in_an_archive_are_called_as_if_it_were_a_folder(tmp_path: Path) -> None:
    packed = zipped({"QQQQ.txt": b"x", "in.zip": zipped({"a.txt": b"x"})})
    built = good_site().put("x.zip", packed.replace(b"QQQQ", "表甲".encode("gb18030")))

    file = read_site(built.write(tmp_path)).files["x.zip"]

    assert [one.path for one in file.members] == ["x.zip/表甲.txt"]
    assert file.unread


def test_a_name_that_is_no_text_is_told_all_the_same(tmp_path: Path) -> None:
    folder = good_site().write(tmp_path)
    Path(os.fsdecode(os.fsencode(folder) + b"/news/\xff.txt")).write_text("x")

    assert r"news/\xff.txt" in read_site(folder).files


@pytest.mark.parametrize("made", ["nothing", "file", "empty"])
def test_what_is_no_built_site_is_refused(made: str, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    if made == "file":
        folder.write_text("x")
    elif made == "empty":
        folder.mkdir()

    with pytest.raises(UnusableSite, match="there is no index.html in it" if made == "empty" else "no such folder"):
        read_site(folder)


def test_sites_of_others_are_inspected_too(tmp_path: Path) -> None:
    old = '<html><head><meta charset="gb2312"><title>某局</title></head><body><a href="tz/1.htm">通知</a></body></html>'
    article = "<html><head><title>通知</title></head><body><div class=content>正文</div></body></html>"
    (tmp_path / "tz").mkdir()
    (tmp_path / "index.htm").write_bytes(old.encode("gb18030"))
    (tmp_path / "tz/1.htm").write_bytes(article.encode())

    found = inspect(read_site(tmp_path), PROFILE, dt.datetime.fromisoformat(NOW))

    status = {one.id: one.status for one in found.rules}
    assert (found.site, status["META-01"], status["AVL-02"], status["FLOW-01"]) == (
        "某局",
        "fail",
        "pass",
        "not-applicable",
    )


def bomb(inside: bytes = b"<w:t>", filled: bytes = b" " * 50_000_000, times: int = 1) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", inside + filled)
        for number in range(1, times):
            archive.writestr(f"word/header{number}.xml", filled)
    return data.getvalue()


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("docx", bomb()),
        ("docx", bomb(b"", b"<" * 1_000_000)),
        ("docx", bomb(times=20)),
        ("zip", bomb(times=20)),
        ("pdf", pdf(b"stream\n" + b"x" * 100_000 + b"\nendstream")),
        ("pdf", pdf(b"stream\n" * 200_000)),
        ("pdf", pdf(b"[(" * 50_000)),
        ("pdf", pdf(b"<x:xmpmeta" + b"<dc:creator>" * 100_000)),
        ("pdf", pdf(b"<x:xmpmeta" + b"<dc:creator><rdf:li" * 100_000)),
        ("png", png_of_size(1, 100_000_000)),
        ("docx", docx("<w:p>" * 50_000)),
        ("jpg", jpeg() + b"\0" * 1_000_000),
        ("zip", b"PK\x03\x04" + b"\0" * 1000),
    ],
)
def test_no_file_keeps_the_inspection_busy(suffix: str, data: bytes) -> None:
    begun = time.process_time()

    look_inside(suffix, data)

    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("news/b.html", "<main><p>一" + "\u2028" * 50_000 + "二</main>"),
        ("news/b.html", "<main>" + "<dl><dt>" * 10_000),
        ("news/b.html", "<main>" + "<div>" * 10_000 + "<input><svg><title>图</title></svg>" * 3_000),
        ("sitemap.xml", "<loc>" + " " * 3_000),
        ("robots.txt", "\n" * 50_000),
        ("theme/css/site.css", "/* " * 50_000),
        ("theme/css/site.css", "-" * 50_000),
        ("theme/css/site.css", "@media " * 30_000),
        ("theme/css/site.css", "filter:" * 30_000),
        ("theme/css/site.css", ":root { --a: hsl(1.2.3 5% 5%); --b: oklch(.. . .) }"),
    ],
)
def test_no_text_keeps_the_inspection_busy_or_ends_it(path: str, text: str, tmp_path: Path) -> None:
    folder = good_site().put(path, text).write(tmp_path)
    begun = time.process_time()

    inspect(read_site(folder), PROFILE, dt.datetime.fromisoformat(NOW))

    assert time.process_time() - begun < 5


def test_a_thousand_pages_take_less_than_ten_seconds(tmp_path: Path) -> None:
    built = good_site()
    words = "".join(f"<p>第{number}段，讲座在市科技馆举行。<a href='a.html'>详情</a></p>" for number in range(30))
    metas = {"ArticleTitle": "讲座", "PubDate": "2026-11-20 15:30", "ContentSource": "市科协"}
    for number in range(1000):
        built.put(f"news/p{number}.html", page("讲座", f"<article>{words}</article>", metas=metas))
    folder = built.write(tmp_path)
    begun = time.process_time()

    found = inspect(read_site(folder), PROFILE, dt.datetime.fromisoformat(NOW))

    assert found.pages > 1000
    assert time.process_time() - begun < 10
