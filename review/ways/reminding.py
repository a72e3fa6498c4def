"""The way of a reminder: what waits, for whom, in whose words, sent once a day at most. Changes nothing of the site."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Literal, TypeAlias

from review import pipeline
from review.errors import QianfaError, Refused, Undelivered, UnusableSite
from review.gate.bench import Bench
from review.history.writing import read_back, uninterrupted, write_file
from review.messages import t
from review.views.queue import rows_of
from review.views.reminders import TEMPLATE, Letter, letters
from review.views.standing import standings
from review.ways.delivery import Send

STATE = "qianfa-reminders.json"
_UNBROKEN = 40
"""Characters of a name that fit beside an address in one line of a header."""
_NEED_QUOTES = frozenset('",:;()<>@[]\\.')
Outcome: TypeAlias = Literal["due", "sent", "refused", "no-address", "sent-before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A reminder and what became of it. `to` is empty where nobody said where to send it; `reason` is the mail server's."""

    person: str
    name: str
    to: str
    count: int
    late: int
    subject: str
    text: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """The reminders of one day in the site's time zone."""

    day: str
    mails: tuple[Mail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who reminders come from."""

    name: str
    address: str


def due(session: pipeline.Session, bench: Bench, addresses: Mapping[str, str], state: Path) -> Reminders:
    """Return today's reminders: those to send, those sent earlier today, those that have nowhere to go."""
    day, sent = bench.today.isoformat(), _sent(state)
    settings = pipeline.settings_of(session, bench)
    rows = rows_of(standings(session.report, bench, settings, {}), bench, settings)
    found = (_mail(one, addresses, day, sent) for one in letters(rows, bench, _template(session, bench)))
    return Reminders(day=day, mails=tuple(found))


def _mail(letter: Letter, addresses: Mapping[str, str], day: str, sent: Mapping[str, str]) -> Mail:
    person = letter.person.id
    outcome: Outcome = "due" if person in addresses else "no-address"
    return Mail(
        person=person,
        name=letter.person.name,
        to=addresses.get(person, ""),
        count=letter.count,
        late=letter.late,
        subject=letter.subject,
        text=letter.text,
        outcome="sent-before" if sent.get(person, "") >= day else outcome,
    )


def send_all(reminders: Reminders, send: Send, sender: Sender, now: dt.datetime, state: Path) -> Reminders:
    """Send what is due and return what became of each; only what the server took is noted as sent, at once.

    So whoever is cut off sends the rest the next time, and nothing twice.
    """
    done: list[Mail] = []
    broken = ""
    for mail in reminders.mails:
        if mail.outcome != "due":
            done.append(mail)
            continue
        if broken:
            done.append(replace(mail, outcome="refused", reason=broken))
            continue
        try:
            message = _message(mail, sender, now)
            with uninterrupted():
                send(message, sender.address, mail.to)
                _note(state, mail.person, reminders.day)
        except QianfaError as error:
            broken = error.what if isinstance(error, Undelivered) else ""
            done.append(replace(mail, outcome="refused", reason=error.what))
        else:
            done.append(replace(mail, outcome="sent"))
    return replace(reminders, mails=tuple(done))


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Keep another run out until the block is done; `UnusableSite` where one is on."""
    with state.with_name(state.name + ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnusableSite(
                t("reminders are being sent already"), where=str(state), hint=t("wait until that has ended")
            ) from None
        yield


def _message(mail: Mail, sender: Sender, now: dt.datetime) -> EmailMessage:
    """Return the mail; `Refused` where what a name or title holds would become a header or text of its own."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(display_name=_display(sender.name), addr_spec=sender.address)
        message["To"] = Address(display_name=_display(mail.name), addr_spec=mail.to)
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=sender.address.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        sound = _arrives_as_made(message, sender.address, mail.to)
    except (
        MessageError,
        ValueError,
        LookupError,
        AttributeError,
    ):  # all that the library's header parser is known to raise
        sound = False
    if not sound:
        raise Refused(t("no header can be made of the names in it"), where=mail.person)
    return message


def _arrives_as_made(message: EmailMessage, sender: str, recipient: str) -> bool:
    """Tell whether whoever receives the mail reads the headers that were set, each once, the two addresses and the text."""
    wire = message.as_bytes()
    lines = wire.partition(b"\r\n\r\n")[0].split(b"\r\n")
    read = BytesParser(_class=EmailMessage, policy=SMTP).parsebytes(wire)
    return (
        not any(b"\r" in line or b"\n" in line for line in lines)
        and read.keys() == message.keys()
        and len(set(read.keys())) == len(read.keys())
        and [one.addr_spec for one in read["From"].addresses] == [sender]
        and [one.addr_spec for one in read["To"].addresses] == [recipient]
        and read.get_content().splitlines() == message.get_content().splitlines()
    )


def _display(name: str) -> str:
    """Return a name for a header; the library loses the quotes of one that is broken, so a long one does without marks."""
    plain = _one_line(name)
    if len(plain) <= _UNBROKEN:
        return plain
    return " ".join("".join(" " if character in _NEED_QUOTES else character for character in plain).split())


def _one_line(text: str) -> str:
    """Return text for a header: one line, and nothing that reads as the beginning of an encoded word.

    The library decodes encoded words (`=?utf-8?q?=0A?=`) after it has looked for line breaks.
    """
    plain = "".join(character if character.isprintable() else " " for character in text).strip()
    return plain.replace("=?", "= ?")


def _template(session: pipeline.Session, bench: Bench) -> bytes | None:
    if session.trees is None:
        return None
    files: Iterable[str] = (
        file.blob for file in session.trees.policy(bench.in_force.commit).files if file.path == TEMPLATE
    )
    return next((session.trees.bytes_of(blob) for blob in files), None)


def _sent(state: Path) -> dict[str, str]:
    """Return the day on which each person was last written to; `UnusableSite` where that cannot be told."""
    data = read_back(state)
    if data is None and not os.path.lexists(state):
        return {}
    try:
        found = json.loads(data or b"")["sent"]
        if isinstance(found, dict) and all(isinstance(day, str) for day in found.values()):
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise UnusableSite(
        t("it does not say who has been reminded when"),
        where=str(state),
        hint=t("take it away; then some may be reminded twice today"),
    )


def _note(state: Path, person: str, day: str) -> None:
    text = json.dumps({"reminders": 1, "sent": {**_sent(state), person: day}}, indent=1, sort_keys=True)
    write_file(state, text.encode() + b"\n")
