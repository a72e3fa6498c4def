"""Hand mail to an SMTP server, one message at a time. Knows no site; the password comes in and never goes out again."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from review.errors import Refused, Undelivered, UnusableSite
from review.messages import listed, t

Security: TypeAlias = Literal["none", "starttls", "tls"]
Send: TypeAlias = Callable[[EmailMessage, str, str], None]

_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_HERE = ("localhost", "127.0.0.1", "::1")
_PATIENCE = 20
"""Seconds that a server may take for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server, and as whom one signs in there (nobody: empty)."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)

    @property
    def name(self) -> str:
        """The server as people write it."""
        return f"{self.host}:{self.port}"


def server_of(url: str, password: str) -> Server:
    """Return the server that a URL names; `UnusableSite` for a URL that says too little, or too much.

    A password never stands in the URL, where every process list would show it, and never travels in the clear.
    """
    schemes = listed(f"{scheme}://" for scheme in _SCHEMES)
    parts, port = _parts(url)
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
        raise UnusableSite(
            t("not the address of a mail server"),
            where="--smtp",
            hint=t("give smtps://user@host; known are {schemes}", schemes=schemes),
        )
    if parts.password is not None:
        raise UnusableSite(
            t("a password on the command line can be read by others"),
            where="--smtp",
            hint=t("put it into QIANFA_SMTP_PASSWORD, or a file: --password-file FILE"),
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise UnusableSite(
            t("only a server was expected"), where="--smtp", hint=t("leave out what comes after host and port")
        )
    security, usual = _SCHEMES[parts.scheme]
    user = unquote(parts.username or "")
    if user and not password:
        raise UnusableSite(
            t("there is no password for {user}", user=user),
            where="--smtp",
            hint=t("put it into QIANFA_SMTP_PASSWORD, or a file: --password-file FILE"),
        )
    if user and security == "none" and parts.hostname not in _HERE:
        raise UnusableSite(
            t("the password would travel in the clear"), where="--smtp", hint=t("use smtps:// or smtp+starttls://")
        )
    return Server(host=parts.hostname, port=port or usual, security=security, user=user, password=password)


def _parts(url: str) -> tuple[SplitResult | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        return None, None


@contextmanager
def connected(server: Server) -> Iterator[Send]:
    """Give a function that sends a message from one address to another, through one connection.

    It raises `Refused` where the server does not take this one message, `Undelivered` where the connection is of no more
    use; so does this, where there is none to begin with. Certificates are verified.
    """
    try:
        client = _open(server)
    except (smtplib.SMTPException, OSError) as error:
        raise _unusable(server, error) from None

    def send(message: EmailMessage, sender: str, recipient: str) -> None:
        try:
            client.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients.get(recipient, (0, b""))
            raise Refused(_words(code, said), where=recipient) from None
        except smtplib.SMTPDataError as error:
            raise Refused(_words(error.smtp_code, error.smtp_error), where=recipient) from None
        except (smtplib.SMTPException, OSError) as error:
            raise _unusable(server, error) from None

    try:
        yield send
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()


def _open(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    client = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE, context=context)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
    )
    try:
        if server.security == "starttls":
            client.starttls(context=context)
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


def _unusable(server: Server, error: Exception) -> Undelivered:
    said = _words(error.smtp_code, error.smtp_error) if isinstance(error, smtplib.SMTPResponseException) else str(error)
    return Undelivered(
        t("the mail server is of no use: {why}", why=said or type(error).__name__),
        where=server.name,
        hint=t("check its address, the user and the password; those not reached are reached the next time"),
    )


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())
