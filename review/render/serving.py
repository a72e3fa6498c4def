"""Serve a built site on this machine alone, to look at it. Not for the public: there is no encryption and no limit."""

from __future__ import annotations

import http.server
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from review.errors import UnusableSite
from review.messages import t

HOST = "127.0.0.1"
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)
_CONDITIONS = ("If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
_TEXTS = ("text/", "application/json", "application/xml", "application/atom+xml")


def serve(folder: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serve `folder` until Ctrl-C, after announcing the address. Port 0 takes any that is free.

    Nothing is kept by browsers, so that a page looked at again is the page as it is now. A folder that is replaced
    while it is served is served anew.
    """
    with server_for(folder, port) as server:
        announce(address_of(server))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def server_for(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Return a server that listens on the loopback address and is not running yet."""
    if not (folder / "index.html").is_file():
        raise UnusableSite(t("no site to serve: there is no index.html"), where=str(folder), hint=t("build it first"))
    try:
        return _Server((HOST, port), partial(_Handler, directory=str(folder.resolve())))
    except (OSError, OverflowError) as error:
        raise UnusableSite(
            t("cannot listen there: {reason}", reason=str(error)),
            where=f"{HOST}:{port}",
            hint=t("name another port, or 0 for any"),
        ) from None


def address_of(server: http.server.ThreadingHTTPServer) -> str:
    """Return the address under which a server answers."""
    return f"http://{HOST}:{server.server_address[1]}/"


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A browser that has seen enough of a film hangs up.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Part:
    """The next bytes of an open file, and no more of it, as the library copies what it sends."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int) -> bytes:
        """Return some of them; none where all were read."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    def send_head(self) -> Any:  # the library's own type
        # A page elsewhere could have a name of its own resolve to this machine, and read drafts through it.
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host") or ""
        if host not in (HOST, "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        path = self.translate_path(self.path)
        wanted = self._wanted()
        if wanted is None or path.endswith("/") or not Path(path).is_file():
            return super().send_head()
        return self._part(path, *wanted)

    def _wanted(self) -> tuple[str, str] | None:
        """Return the ends of the one part that is asked for, as written; None where all of a file is to be sent.

        A server may always send all: to what is written otherwise, to several parts at once, and under a condition.
        """
        asked = self.headers.get_all("Range", [])
        found = _RANGE.fullmatch(asked[0]) if len(asked) == 1 else None
        if found is None or not any(found.groups()) or any(name in self.headers for name in _CONDITIONS):
            return None
        first, last = found.groups()
        return None if first and last and int(first) > int(last) else (first, last)

    def _part(self, path: str, first: str, last: str) -> _Part | None:
        """Begin to answer with a part of a file, of which players ask where they jump."""
        try:
            file = Path(path).open("rb")  # noqa: SIM115  # closed by the library once it is sent
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        size = os.fstat(file.fileno()).st_size
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last) + 1, size) if first and last else size
        if start >= end:
            file.close()
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        file.seek(start)
        return _Part(file, end - start)

    def list_directory(self, path: Any) -> Any:  # noqa: ARG002
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        kind = "application/atom+xml" if str(path).endswith(".atom.xml") else super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith(_TEXTS) else kind

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whoever looks at a preview has no use for a line a picture."""
