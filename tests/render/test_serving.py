"""Looking at a built site on this machine: what is served, to whom, and what is not."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.errors import QianfaError
from review.render.serving import HOST, address_of, serve, server_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = {"index.html": "home", "404.html": "not there", "news/index.html": "news", "a/图 1.txt": "图"}
    for path, text in pages.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "news/x.atom.xml").write_text("<feed/>", encoding="utf-8")
    return tmp_path


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    with server_for(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        assert address_of(server).startswith("http://127.0.0.1:")
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def ask(
    port: int, path: str, *, method: str = "GET", host: str = "", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=given | ({"Host": host} if host else {}))
    answer = connection.getresponse()
    found = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return found


def test_pages_and_folders_with_an_index_are_served(port: int) -> None:
    assert ask(port, "/")[:2] == (200, b"home")
    assert ask(port, "/news/")[:2] == (200, b"news")
    assert ask(port, "/news")[0] == 301
    assert ask(port, "/a/%E5%9B%BE%201.txt")[:2] == (200, "图".encode())


def test_what_is_not_there_and_folders_without_an_index_get_the_sites_own_page(port: int) -> None:
    for path in ("/nothing.html", "/a/", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"):
        assert ask(port, path)[:2] == (404, b"not there")
    assert ask(port, "/nothing", method="HEAD")[:2] == (404, b"")


def test_a_browser_that_hangs_up_in_the_middle_of_a_film_is_no_matter(
    folder: Path, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "film.mp4").write_bytes(bytes(50_000_000))
    with socket.create_connection((HOST, port), timeout=5) as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # hang up at once
        browser.sendall(f"GET /film.mp4 HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        assert browser.recv(9) == b"HTTP/1.0 "
    server = [one for one in threading.enumerate() if "process_request_thread" in one.name]
    for thread in server:
        thread.join(timeout=5)

    assert server
    assert ask(port, "/")[0] == 200
    assert capfd.readouterr().err == ""


LETTERS = b"abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def film(folder: Path) -> str:
    (folder / "film.mp4").write_bytes(LETTERS)
    (folder / "empty.mp4").touch()
    return "/film.mp4"


@pytest.mark.parametrize(
    ("asked", "sent", "told"),
    [
        ("bytes=0-", LETTERS, "bytes 0-25/26"),
        ("bytes=0-0", b"a", "bytes 0-0/26"),
        ("bytes=3-5", b"def", "bytes 3-5/26"),
        ("bytes=20-99", b"uvwxyz", "bytes 20-25/26"),
        ("bytes=25-", b"z", "bytes 25-25/26"),
        ("bytes=-4", b"wxyz", "bytes 22-25/26"),
        ("bytes=-99", LETTERS, "bytes 0-25/26"),
    ],
)
def test_a_part_of_a_film_is_sent_to_players_that_jump(
    port: int, film: str, asked: str, sent: bytes, told: str
) -> None:
    for method in ("GET", "HEAD"):
        status, body, headers = ask(port, film, method=method, Range=asked)
        assert (status, body) == (206, sent if method == "GET" else b"")
        assert (headers["content-range"], headers["content-length"]) == (told, str(len(sent)))
        assert (headers["content-type"], headers["accept-ranges"]) == ("video/mp4", "bytes")
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("asked", ["bytes=26-", "bytes=99-100", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused_with_the_size(port: int, film: str, asked: str) -> None:
    status, body, headers = ask(port, film, Range=asked)
    assert (status, body, headers["content-range"]) == (416, b"", "bytes */26")
    assert ask(port, "/empty.mp4", Range="bytes=0-")[0] == 416


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-3", "bytes=-", "bytes=", "bytes=1-2,4-5", "bytes = 1-2", "bytes=+1-2", "bytes=１-2", "items=1-2", "bytes=1-2-3",
     "bytes=0x1-2", "bytes=1 -2", f"bytes={'9' * 16}-"],
)  # fmt: skip
def test_what_is_no_single_part_is_answered_with_all_of_it(port: int, film: str, asked: str) -> None:
    status, body, headers = ask(port, film, Range=asked.encode("utf-8").decode("latin-1"))
    assert (status, body) == (200, LETTERS)
    assert "content-range" not in headers


def test_a_part_under_a_condition_is_answered_with_all_of_it(port: int, film: str) -> None:
    assert ask(port, film, Range="bytes=3-5", If_Range='"x"')[:2] == (200, LETTERS)
    now = "Fri, 20 Nov 2099 00:00:00 GMT"
    assert ask(port, film, Range="bytes=3-5", If_Modified_Since=now)[0] == 304
    assert ask(port, "/", Range="bytes=1-2")[:2] == (200, b"home")
    assert ask(port, "/nothing", Range="bytes=1-2")[:2] == (404, b"not there")
    assert ask(port, film + "/", Range="bytes=1-2")[0] == 404
    assert ask(port, film, Range="bytes=3-5", host="evil.example")[0] == 421


def test_nothing_is_kept_and_types_are_said_with_their_encoding(port: int) -> None:
    _, _, headers = ask(port, "/index.html")
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert ask(port, "/news/x.atom.xml")[2]["content-type"] == "application/atom+xml; charset=utf-8"


def test_a_page_that_comes_under_another_hosts_name_is_not_served(port: int) -> None:
    assert ask(port, "/", host="evil.example")[0] == 421
    assert ask(port, "/", host=f"localhost:{port}")[0] == 200


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QianfaError, match=r"no index\.html"):
        serve(tmp_path, 0, print)


def test_a_port_that_is_taken_or_impossible_is_refused(folder: Path, port: int) -> None:
    for wrong in (port, 70000):
        with pytest.raises(QianfaError, match="cannot listen there"):
            serve(folder, wrong, print)
