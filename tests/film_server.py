"""A web server on loopback that answers as servers do: well, wrongly, elsewhere, slowly or never."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

FILM = b"\0\0\0\x10ftypisom\0\0\2\0" + b"\0\x0b\xb8\x08mdat" + bytes(range(256)) * 3_000
"""Bytes that lie as those of a film do."""


def sha256(data: bytes) -> str:
    """Return the 64 hex digits of a digest."""
    return hashlib.sha256(data).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """One request, answered as the server's table says."""

    server: FilmServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.headers.append(dict(self.headers))
        answer = self.server.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.send_error(404)
        elif callable(answer):
            answer(self)
        else:
            self.answer(answer)

    def answer(self, data: bytes, *, length: int | None = None, status: int = 200, **headers: str) -> None:
        """Send an answer; `length` is what it says of itself."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


Answer = bytes | Callable[[Handler], None]


class FilmServer(ThreadingHTTPServer):
    """The server, its table of answers by path, and what it was asked for."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def root(self) -> str:
        """Its address, with a final slash."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked may go away in the middle."""


@contextmanager
def film_server() -> Iterator[FilmServer]:
    """Give a server until the end of the block."""
    with FilmServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def encrypted(server: FilmServer, folder: Path) -> Path:
    """Have a server speak TLS from now on, and return the file of the certificate that it made for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "films")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False).sign(key, hashes.SHA256())
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return certificate


def to(address: str, status: int = 302) -> Callable[[Handler], None]:
    """Lead on to another address."""
    return lambda one: one.answer(b"", status=status, Location=address)


def hangs(one: Handler) -> None:
    """Take the question and never answer."""
    one.server.over.wait(30)


def stops_in_the_middle(one: Handler) -> None:
    """Send some of it, then nothing."""
    one.answer(FILM[:5_000], length=len(FILM))
    one.wfile.flush()
    one.server.over.wait(30)


def drips(one: Handler) -> None:
    """Send a byte now and then, so that it is never silent for long."""
    one.answer(b"", length=len(FILM))
    while not one.server.over.wait(0.02):
        one.wfile.write(b"x")
        one.wfile.flush()


def drips_its_head(one: Handler) -> None:
    """Send one header after the other without end."""
    one.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for number in range(90):
        if one.server.over.wait(0.05):
            break
        one.wfile.write(b"X-%d: x\r\n" % number)
        one.wfile.flush()
    one.server.over.wait(30)


def breaks_off(one: Handler) -> None:
    """Promise more than comes."""
    one.answer(FILM[:5_000], length=len(FILM))


def breaks_off_in_a_chunk(one: Handler) -> None:
    """The same, where no length is said before."""
    one.protocol_version = "HTTP/1.1"
    one.send_response(200)
    one.send_header("Transfer-Encoding", "chunked")
    one.end_headers()
    one.wfile.write(b"1000\r\n" + FILM[:50])
    one.close_connection = True


def never_ends(one: Handler) -> None:
    """Send on and on, and say nothing of a length."""
    one.send_response(200)
    one.end_headers()
    while not one.server.over.is_set():
        one.wfile.write(FILM)


def talks_nonsense(one: Handler) -> None:
    """Answer as no web server does."""
    one.wfile.write(b"220 mail.example.org ESMTP\r\n")
