"""How files begin: what is not what its name says is told, and what real programs write is not."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from made_films import film, heif
from made_pictures import file_of, scene

from review.formats.file_beginnings import BEGINNINGS, begins_like, is_odd

ROOT = Path(__file__).parents[2]
TEXT = "这是一个文本文件。\n".encode()
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return made.getvalue()


def compressed() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return made.getvalue()


def test_every_file_of_the_sample_content_is_what_its_name_says() -> None:
    files = [path for path in (ROOT / "content").rglob("*") if path.is_file()]
    looked_at = {path.suffix[1:] for path in files} & set(BEGINNINGS)
    assert {"png", "jpg", "mp4", "mp3", "pdf"} - looked_at <= {"jpg"}
    assert [path for path in files if is_odd(path.name, path.read_bytes())] == []


@pytest.mark.parametrize(
    ("names", "made"),
    [
        ("a.jpg a.JPEG a.jfif", lambda: file_of(scene(), "JPEG")),
        ("a.png", lambda: file_of(scene(), "PNG")),
        ("a.gif", lambda: file_of(scene(), "GIF")),
        ("a.webp", lambda: file_of(scene(), "WEBP")),
        ("a.bmp", lambda: file_of(scene(), "BMP")),
        ("a.tif a.tiff", lambda: file_of(scene(), "TIFF")),
        ("a.heic a.avif", heif),
        ("a.mp4 a.m4a a.mov a.3gp", film),
        ("a.docx a.xlsx a.pptx a.odt a.ofd a.epub a.zip a.wps", zipped),
        ("a.doc a.xls a.ppt a.wps a.et", lambda: OLE),
        ("with-a-password.docx", lambda: OLE),
        ("a.rtf a.doc", lambda: rb"{\rtf1\ansi}"),
        ("a.tgz a.tar.gz", compressed),
        ("a.zip", lambda: b"PK\x05\x06" + bytes(18)),
        ("a.pdf", lambda: b"%PDF-1.7\n"),
        ("a.pdf", lambda: b"@PJL made by a scanner\r\n%PDF-1.4\n"),
    ],
)
def test_what_programs_write_is_what_its_name_says(names: str, made: Callable[[], bytes]) -> None:
    assert [name for name in names.split() if is_odd(name, made())] == []


@pytest.mark.parametrize("ending", sorted(BEGINNINGS))
def test_a_text_under_any_of_these_names_is_odd(ending: str) -> None:
    assert is_odd(f"a.{ending}", TEXT)
    assert is_odd(f"a.{ending.upper()}", TEXT)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a", "a.svg", "a.unknown", "pdf"])
def test_names_that_promise_no_beginning_are_let_be(name: str) -> None:
    assert not is_odd(name, TEXT)


def test_the_kind_that_a_file_is_instead_is_named_where_it_can_be_told() -> None:
    assert (is_odd("a.jpg", file_of(scene(), "PNG")), begins_like(file_of(scene(), "PNG"))) == (True, "png")
    assert (is_odd("a.docx", b"%PDF-1.7\n"), begins_like(b"%PDF-1.7\n")) == (True, "pdf")
    assert begins_like(TEXT) == ""
