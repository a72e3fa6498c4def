"""Fetch one file from a server, as it is: below the prefixes allowed, with an end to its size and to everybody's patience.

No proxy, no credentials, no cookie and nothing of the environment has a part in it, but the certificates that the
system trusts.
"""

from __future__ import annotations

import http.client
import math
import ssl
import threading
import time
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urljoin

from review.formats.file_addresses import FileAddress, allowing, parse_address
from review.formats.library_words import of_error
from review.messages import either, t
from review.ways.patience import MOST_BYTES, NoAnswer, Patience, Unavailable

MOST_REDIRECTS = 5
_CHUNK = 1 << 18
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"User-Agent": "qianfa", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


class Writable(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


def download(
    address: FileAddress,
    to: Writable,
    allowed: Sequence[str],
    *,
    patience: Patience,
    until: float,
    most: int = MOST_BYTES,
) -> None:
    """Write what a server has at an address to an open file; `Unavailable` where that is not to be had by `until`.

    `until` is on the monotonic clock. The work is done by a thread of its own, which nobody waits for any longer: no
    slow name server, handshake or drip of single bytes keeps this one.
    """
    work = _Download(address=address, to=to, allowed=allowed, silence=patience.silence, most=most)
    thread = threading.Thread(target=work.run, daemon=True, name=f"download {address.host}")
    thread.start()
    try:
        thread.join(max(0.0, until - time.monotonic()))
    finally:
        work.stopped.set()
    if work.problem is not None:
        raise work.problem
    if not work.done:
        what = t("{host} took too long to send {address}", host=address.host, address=address)
        raise NoAnswer(what, hint=t("try again later, or ask whoever runs that server"))


class _Download:
    """One download, and what came of it."""

    def __init__(
        self, *, address: FileAddress, to: Writable, allowed: Sequence[str], silence: float, most: int
    ) -> None:
        self.stopped = threading.Event()
        self.problem: Unavailable | None = None
        self.done = False
        self._first, self._address = address, address
        self._to, self._allowed, self._silence, self._most = to, allowed, silence, most

    def run(self) -> None:
        """Follow redirects to the file and write it."""
        try:
            for _ in range(MOST_REDIRECTS + 1):
                if self._asked():
                    self.done = True
                    return
            self.problem = self._failed(t("it leads on from one address to the next without end"))
        except Unavailable as error:
            self.problem = error
        except TimeoutError:
            failed = self._failed(t("the server said nothing for {seconds} seconds", seconds=math.ceil(self._silence)))
            self.problem = NoAnswer(failed.what, hint=failed.hint)
        except ssl.SSLError as error:
            what = t("no encrypted connection could be made: {reason}", reason=error.strerror or error.reason)
            self.problem = self._failed(what)
        except http.client.IncompleteRead:
            self.problem = self._failed(t("the answer broke off before its end"))
        except (OSError, ValueError) as error:
            self.problem = self._failed(of_error(error))
        except http.client.HTTPException:
            self.problem = self._failed(t("the server did not answer as web servers do"))

    def _asked(self) -> bool:
        """Ask for the present address: True where the file is written, False where it leads to another one."""
        connection = self._connection()
        try:
            connection.request("GET", self._address.target, headers=_HEADERS)
            with connection.getresponse() as response:
                if response.status in _REDIRECTS:
                    self._address = self._next(response.getheader("Location", ""))
                    return False
                if response.status != http.client.OK:
                    raise self._failed(t("the server answered with status {status}", status=response.status))
                self._write(response)
                return True
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.host.strip("[]"), self._address.port
        if self._address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._silence)
        return http.client.HTTPSConnection(host, port, timeout=self._silence, context=ssl.create_default_context())

    def _next(self, location: str) -> FileAddress:
        """Return where a redirect leads; `Unavailable` where that is not below the prefixes."""
        found = parse_address(urljoin(str(self._address), location), query=True)
        if found is None or not allowing(found, self._allowed):
            what = t(
                "it leads on to {address}, which is not below {prefixes}",
                address=location,
                prefixes=either(self._allowed),
            )
            raise self._failed(what)
        return found

    def _write(self, response: http.client.HTTPResponse) -> None:
        length = response.getheader("Content-Length", "")
        expected = int(length) if length.isascii() and length.isdigit() and not response.chunked else None
        if (expected or 0) > self._most:
            raise self._too_large()
        count = 0
        while count != expected and not self.stopped.is_set():
            part = response.read1(_CHUNK)  # what has come so far, so that nobody's drip keeps it from being stopped
            count += len(part)
            if count > self._most:
                raise self._too_large()
            if not part:
                break
            self._to.write(part)
        if count != (expected or count):
            raise self._failed(t("the answer broke off before its end"))

    def _too_large(self) -> Unavailable:
        return self._failed(t("it has more than {most} bytes", most=self._most))

    def _failed(self, what: str) -> Unavailable:
        return Unavailable(
            t("{address} cannot be fetched: {what}", address=self._first, what=what),
            hint=t("see whether it opens in a browser; the address stands in the post's meta lines"),
        )
