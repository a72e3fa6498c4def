"""Mail people what waits for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from review.cli.desk import looking
from review.cli.language import told
from review.cli.options import Asking, spread
from review.cli.screen import answer
from review.errors import FormatError, UnusableSite
from review.formats.addresses import is_address, parse_addresses
from review.history.repository import Repository
from review.messages import t

if TYPE_CHECKING:
    from review.ways import reminding

Addresses = Annotated[
    Path | None,
    typer.Option(
        "--addresses",
        envvar="QIANFA_ADDRESSES",
        metavar="FILE",
        help="Lines of 'person: address', in a file outside the repository.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="The file whose first line is the mail server's password."),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("remind")(remind)


@spread
def remind(
    given: Asking,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the mails, and send none.")] = False,
    smtp: Annotated[
        str,
        typer.Option("--smtp", metavar="URL", help="The mail server: smtps://user@host, smtp+starttls://, smtp://."),
    ] = "",
    sender: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="The address that the mails come from.")
    ] = "",
    addresses: Addresses = None,
    password_file: PasswordFile = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Where is kept who was reminded when; else in git's directory."),
    ] = None,
) -> int:
    """Mail each person what waits for them, once a day at most. Example: qianfa remind --dry-run --addresses ../mail.yaml"""
    from review.ways import delivery, reminding  # noqa: PLC0415  # what speaks to mail servers, and only this command does

    if dry_run == bool(smtp):
        raise UnusableSite(
            t("either look or send"), where="remind", hint=t("give --dry-run, or --smtp URL --from ADDRESS")
        )
    if smtp and not is_address(sender):
        raise UnusableSite(t("who the mails come from is needed"), where="--from", hint=t("give one plain address"))
    server = delivery.server_of(smtp, _password(password_file)) if smtp else None
    with looking(given) as (session, bench):
        known = _addresses(session.repository, addresses)
        place = state or session.repository.git_dir / reminding.STATE
        if server is None:
            found = reminding.due(session, bench, known, place)
        else:
            who = reminding.Sender(name=bench.in_force.policy.columns.site.title, address=sender)
            with reminding.alone(place):
                found = reminding.due(session, bench, known, place)
                if any(mail.outcome == "due" for mail in found.mails):
                    with delivery.connected(server) as send:
                        found = reminding.send_all(found, send, who, bench.now, place)
    answer("reminders", found, lambda: "\n".join(_lines(found, dry_run=dry_run)), json=given.json)
    return 1 if any(mail.outcome == "refused" for mail in found.mails) else 0


def _password(file: Path | None) -> str:
    if file is None:
        return os.environ.get("QIANFA_SMTP_PASSWORD", "")
    return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")


def _addresses(repository: Repository, file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    place = file.resolve()
    if place.is_relative_to(repository.path.resolve()) and not place.is_relative_to(repository.git_dir.resolve()):
        raise UnusableSite(
            t("people's addresses do not belong into the repository"), where=str(file), hint=t("move it elsewhere")
        )
    try:
        return parse_addresses(file.read_bytes())
    except FormatError as error:
        raise error.at(str(file)) from None


def _lines(found: reminding.Reminders, *, dry_run: bool) -> Iterator[str]:
    if not found.mails:
        yield told(t("Nothing waits for anybody."))
    for mail in found.mails:
        match mail.outcome:
            case "due" | "no-address" if dry_run:
                yield from _shown(mail)
            case "sent":
                yield told(t("{person}: reminded of {count}", person=mail.person, count=mail.count))
            case "sent-before":
                yield told(t("{person}: reminded today already", person=mail.person))
            case "refused":
                yield told(t("{person}: NOT reminded: {reason}", person=mail.person, reason=mail.reason))
            case _:
                yield told(t("{person}: no address, and {count} waiting", person=mail.person, count=mail.count))


def _shown(mail: reminding.Mail) -> Iterator[str]:
    who = mail.name or mail.person
    yield told(
        t("To: {who} <{address}>", who=who, address=mail.to)
        if mail.to
        else t("To: {who}, for whom there is no address ({person})", who=who, person=mail.person)
    )
    yield told(t("Subject: {subject}", subject=mail.subject))
    yield ""
    yield mail.text
