"""Reminders, sent to a real mail server on loopback: each person once a day, in the site's words, and to nobody else."""

from __future__ import annotations

import datetime as dt
import fcntl
import ipaddress
import json
import os
import signal
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from command_line import Desk, Ran, git, seated
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from story import FULL_CHAIN, NEWS, Story, begin

OTHER = "content/news/2026-11-20-b.md"
ADDRESSES = "reviewer-1: r1@example.org\nreviewer-2: r2@example.org\nleader-1: l1@example.org\n"
FROM = "noreply@example.org"


class Postman:
    """Takes mail, and refuses what it is told to; remembers all that it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.wire: list[bytes] = []
        self.to: list[str] = []
        self.refuses: set[str] = set()
        self.refuses_data: set[str] = set()

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        if recipient in self.refuses_data:
            return "554 not today"
        made = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.taken.append(made)
        self.wire.append(envelope.original_content or b"")
        self.to.append(recipient)
        return "250 OK"


class Office(Controller):
    """A mail server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's


@contextmanager
def serving(postman: Postman, **options: Any) -> Iterator[str]:
    """Run a mail server on a free port of loopback and give its host and port."""
    controller = Office(postman, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def office(postman: Postman) -> Iterator[str]:
    with serving(postman) as place:
        yield f"smtp://{place}"


def told(folder: Path, *, language: str = "", template: str = "") -> Story:
    """Return a story with one post that waits for the reviewers and one that waits for the leaders."""
    story = Story(folder / "site")
    if template:
        story.write("reminders/mail.txt", template)
    story.write_policy()
    columns = story.files["columns.yaml"][1].decode()
    story.sign_policy(columns=columns.replace("zh-cn", language) if language else columns)
    story.post(NEWS, title="春季科普讲座")
    story.chain(NEWS, *FULL_CHAIN[:2])
    story.post(OTHER, title="冬季科普讲座")
    story.chain(OTHER, *FULL_CHAIN[:3])
    return story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return with_addresses(seated(told(tmp_path), tmp_path))


def with_addresses(desk: Desk, text: str = ADDRESSES) -> Desk:
    (desk.home / "mail.yaml").write_text(text)
    return desk


def remind(desk: Desk, url: str, *arguments: str | Path, **more: str) -> Ran:
    """Send reminders, to a server whose certificates are not known unless the environment says more."""
    known = () if "--addresses" in arguments else ("--addresses", desk.home / "mail.yaml")
    return desk.qianfa("remind", "--smtp", url, "--from", FROM, *known, *arguments, env=more)


def test_each_person_gets_what_waits_for_them_and_nothing_else(desk: Desk, office: str, postman: Postman) -> None:
    ran = remind(desk, office)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "leader-1: reminded of 1",
        "leader-2: no address, and 1 waiting",
        "reviewer-1: reminded of 1",
        "reviewer-2: reminded of 1",
    ]
    assert postman.to == ["l1@example.org", "r1@example.org", "r2@example.org"]
    mail = postman.taken[1]
    assert (mail["To"], mail["From"]) == ("示例reviewer-1 <r1@example.org>", f"测试站 <{FROM}>")
    assert mail["Subject"] == "测试站：有 1 件事项待您办理"
    assert (mail.get_content_type(), mail["Auto-Submitted"]) == ("text/plain", "auto-generated")
    text = mail.get_content().replace("\r\n", "\n")
    assert "1. [宣调部复审] 春季科普讲座\r\n   content/news/2026-11-20-a.md" in text.replace("\r\n", "\n").replace(
        "\n", "\r\n"
    )
    assert "冬季" not in text


def test_a_site_in_english_writes_english_whatever_the_senders_language(
    tmp_path: Path, office: str, postman: Postman
) -> None:
    desk = with_addresses(seated(told(tmp_path, language="en"), tmp_path))
    assert remind(desk, office, LC_ALL="zh_CN.UTF-8", LANGUAGE="zh").status == 0
    assert postman.taken[0]["Subject"] == "测试站: 1 waiting for you"
    assert "Dear 示例leader-1," in postman.taken[0].get_content()


def test_the_sites_own_template_is_used_as_the_administrators_signed_it(
    tmp_path: Path, office: str, postman: Postman
) -> None:
    desk = with_addresses(
        seated(told(tmp_path, template="$site 待办 $count 件\n\n$name 您好\n$list\n$$ $late\n"), tmp_path)
    )
    desk.write("reminders/mail.txt", "$name: nobody signed this\n\n$list")
    desk.git("commit", "--quiet", "--all", "--message", "a template that is not in force")
    assert remind(desk, office).status == 0
    assert postman.taken[0]["Subject"] == "测试站 待办 1 件"
    text = postman.taken[0].get_content().replace("\r\n", "\n")
    assert text.startswith("示例leader-1 您好\n1. [分管领导终审] 冬季科普讲座\n")
    assert text.endswith("$ 0\n")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("Subject\n\n$nobody", "reminders/mail.txt: there is no field $nobody; known are $count, $late, $list"),
        ("Subject\n\n100 $ and more", "reminders/mail.txt: a $ that begins no field"),
        ("$list\n\ntext", "its first line is the subject, and no list"),
        ("\n\ntext $list", "its first line is the subject, and no list"),
    ],
)
def test_a_template_that_makes_no_sense_sends_nothing(
    tmp_path: Path, office: str, postman: Postman, template: str, says: str
) -> None:
    desk = with_addresses(seated(told(tmp_path, template=template), tmp_path))
    ran = remind(desk, office)
    assert (ran.status, ran.out, postman.taken) == (1, "", [])
    assert says in ran.complaint


# -- once a day ------------------------------------------------------------------------------------------------------


def test_nobody_is_reminded_twice_on_one_day_of_the_sites_time_zone(desk: Desk, office: str, postman: Postman) -> None:
    assert remind(desk, office, "--now", "2026-11-21T23:30:00+08:00").status == 0
    again = remind(desk, office, "--now", "2026-11-21T23:59:00+08:00")
    assert "reviewer-1: reminded today already" in again.out
    assert len(postman.taken) == 3
    assert remind(desk, office, "--now", "2026-11-22T00:01:00+08:00").status == 0
    assert len(postman.taken) == 6


def test_what_the_server_does_not_take_is_told_and_tried_again_and_the_rest_is_not(
    desk: Desk, office: str, postman: Postman
) -> None:
    postman.refuses = {"l1@example.org"}
    postman.refuses_data = {"r2@example.org"}
    ran = remind(desk, office)
    assert ran.status == 1
    assert "leader-1: NOT reminded: 550 no such mailbox" in ran.out
    assert "reviewer-2: NOT reminded: 554 not today" in ran.out
    assert postman.to == ["r1@example.org"]
    postman.refuses, postman.refuses_data = set(), set()
    assert remind(desk, office).status == 0
    assert postman.to == ["r1@example.org", "l1@example.org", "r2@example.org"]


def test_a_connection_that_breaks_leaves_the_rest_for_the_next_time(desk: Desk, postman: Postman) -> None:
    class Breaking(Postman):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            if envelope.rcpt_tos == ["r1@example.org"]:
                if server.transport is not None:
                    server.transport.close()
                return "421 gone"
            return await super().handle_DATA(server, session, envelope)

    breaking = Breaking()
    with serving(breaking) as place:
        ran = remind(desk, f"smtp://{place}")
    assert ran.status == 1
    assert breaking.to == ["l1@example.org"]
    assert ran.out.count("NOT reminded: the mail server is of no use") == 2
    with serving(postman) as place:
        assert remind(desk, f"smtp://{place}").status == 0
    assert postman.to == ["r1@example.org", "r2@example.org"]


def test_whoever_stops_it_half_way_has_noted_exactly_what_was_sent(desk: Desk, postman: Postman) -> None:
    state = desk.path / ".git/qianfa-reminders.json"
    seen: list[set[str]] = []

    class Watching(Postman):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            seen.append(set(json.loads(state.read_text())["sent"]) if state.exists() else set())
            return await super().handle_DATA(server, session, envelope)

    with serving(Watching()) as place:
        assert remind(desk, f"smtp://{place}").status == 0
    assert seen == [set(), {"leader-1"}, {"leader-1", "reviewer-1"}]


def test_ctrl_c_while_the_server_takes_a_mail_waits_until_that_is_noted(desk: Desk, postman: Postman) -> None:
    said = desk.home / "pid"

    class Stopping(Postman):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            os.kill(int(said.read_text()), signal.SIGINT)
            return await super().handle_DATA(server, session, envelope)

    stopping = Stopping()
    with serving(stopping) as place:
        known = ("--addresses", desk.home / "mail.yaml")
        ran = replace(desk, here=False).qianfa(
            "remind", "--smtp", f"smtp://{place}", "--from", FROM, *known, before=lambda: noted(said)
        )
    assert ran.status == 130
    assert stopping.to == ["l1@example.org"]
    with serving(postman) as place:
        assert remind(desk, f"smtp://{place}").status == 0
    assert postman.to == ["r1@example.org", "r2@example.org"]


def noted(path: Path) -> None:
    path.write_text(str(os.getpid()))


def test_two_at_once_are_one_too_many(desk: Desk, office: str, postman: Postman) -> None:
    with (desk.path / ".git/qianfa-reminders.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = remind(desk, office)
    assert (ran.status, ran.out, postman.taken) == (2, "", [])
    assert "reminders are being sent already" in ran.complaint


def test_a_state_that_cannot_be_read_sends_nothing_rather_than_twice(desk: Desk, office: str, postman: Postman) -> None:
    for text in ("", "[]", '{"sent": {"a": 1}}', "{"):
        (desk.path / ".git/qianfa-reminders.json").write_text(text)
        ran = remind(desk, office)
        assert (ran.status, ran.out, postman.taken) == (2, "", [])
        assert "does not say who has been reminded when" in ran.complaint


def test_it_works_on_the_servers_bare_repository_with_its_state_where_one_likes(
    desk: Desk, office: str, postman: Postman
) -> None:
    git(desk.home, "clone", "--quiet", "--bare", str(desk.path), "server.git", home=desk.home)
    bare = desk.home / "server.git"
    assert remind(desk, office, "--site", bare, "--state", desk.home / "state.json").status == 0
    assert len(postman.taken) == 3
    assert not (bare / "qianfa-reminders.json").exists()
    assert json.loads((desk.home / "state.json").read_text())["sent"]["leader-1"] == "2026-11-21"


# -- looking ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_mails_and_changes_nothing(desk: Desk) -> None:
    before = desk.everything()
    out = desk.done("remind", "--dry-run", "--addresses", desk.home / "mail.yaml")
    assert "To: 示例reviewer-1 <r1@example.org>\nSubject: 测试站：有 1 件事项待您办理\n\n示例reviewer-1：\n" in out
    assert "To: 示例leader-2, for whom there is no address (leader-2)\nSubject: " in out
    assert desk.everything() == before


def test_for_programs_a_dry_run_is_one_object(desk: Desk) -> None:
    said = json.loads(desk.done("remind", "--dry-run", "--json"))
    assert (said["reminders"], said["day"]) == (1, "2026-11-21")
    assert {mail["person"]: mail["outcome"] for mail in said["mails"]} == dict.fromkeys(
        ("leader-1", "leader-2", "reviewer-1", "reviewer-2"), "no-address"
    )


def test_where_nothing_waits_nobody_is_written_to(tmp_path: Path, office: str, postman: Postman) -> None:
    desk = with_addresses(seated(begin(tmp_path / "site"), tmp_path))
    assert (remind(desk, office).out, postman.taken) == ("Nothing waits for anybody.\n", [])


# -- attacks and slips -----------------------------------------------------------------------------------------------


def test_neither_names_nor_titles_can_begin_a_header_or_steer_a_mail_program(
    tmp_path: Path, office: str, postman: Postman
) -> None:
    """Only the administrators name people and the site; anybody names posts, and stems too."""
    story = Story(tmp_path / "site")
    people = story.people().replace("示例officer-fx", '"示例, officer <evil@example.org>"')
    story.write("reminders/mail.txt", "$site $name\n\n$list")
    story.sign_policy(people=people)
    story.post(OTHER, title="坏\u2028标题\u202e\x1b[2JBcc: evil@example.org")
    story.commit()
    desk = with_addresses(seated(story, tmp_path), "officer-fx: o1@example.org\n")
    assert remind(desk, office).status == 0
    (mail,) = postman.taken
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["o1@example.org"]
    assert OTHER in mail.get_content()
    assert [one for one in mail.get_content() if not one.isprintable() and one not in "\r\n"] == []
    assert postman.to == ["o1@example.org"]


FORGED = "=?utf-8?q?x=0D=0AReply-To:_thief@evil.example=0D=0A=0D=0AForged_body?="
SET = (
    "From To Subject Date Message-ID Auto-Submitted Content-Type Content-Transfer-Encoding MIME-Version".lower().split()
)
"""The headers of every reminder."""


@pytest.mark.parametrize(
    "forged", [FORGED, f"名 {FORGED}", f"{'x' * 60}, {FORGED}", f"={FORGED}", FORGED.replace("q?x", "Q?")]
)
def test_encoded_words_in_names_and_titles_become_no_header_and_no_text(
    tmp_path: Path, office: str, postman: Postman, forged: str
) -> None:
    """Seen on the wire, for Python 3.11 decodes them after it has looked for line breaks, and reads back no fault."""
    story = Story(tmp_path / "site")
    people = story.people().replace("示例officer-fx", json.dumps(forged, ensure_ascii=False))
    story.write("reminders/mail.txt", "$name: $site $count\n\n$list")
    story.write_policy()
    columns = story.files["columns.yaml"][1].decode().replace("测试站", json.dumps(forged, ensure_ascii=False))
    story.sign_policy(people=people, columns=columns)
    story.post(OTHER)
    story.commit()
    desk = with_addresses(seated(story, tmp_path), "officer-fx: o1@example.org\n")
    assert remind(desk, office).status == 0
    (wire,), (mail,) = postman.wire, postman.taken
    head, _, body = wire.partition(b"\r\n\r\n")
    assert [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] != b" "] == SET
    assert b"Reply-To: thief" not in wire.replace(b"= ?", b"")
    assert b"Forged body" not in body
    assert [one.addr_spec for name in ("From", "To") for one in mail[name].addresses] == [FROM, "o1@example.org"]
    assert OTHER in mail.get_content()


def test_a_mail_that_cannot_be_made_is_the_only_one_that_is_not_sent(desk: Desk, office: str, postman: Postman) -> None:
    ran = remind(with_addresses(desk, ADDRESSES.replace("l1@", "l..1@")), office)
    assert (ran.status, ran.err) == (1, "")
    assert "leader-1: NOT reminded: no header can be made of the names in it" in ran.out
    assert postman.to == ["r1@example.org", "r2@example.org"]


def test_a_long_name_with_marks_stays_one_address(tmp_path: Path, office: str, postman: Postman) -> None:
    """Python 3.11 loses the quotes of a name that it breaks."""
    story = Story(tmp_path / "site")
    story.sign_policy(people=story.people().replace("示例officer-fx", f"'{'Science, ' * 12}<x@evil.example>'"))
    story.post(OTHER)
    story.commit()
    desk = with_addresses(seated(story, tmp_path), "officer-fx: o1@example.org\n")
    assert remind(desk, office).status == 0
    assert [one.addr_spec for one in postman.taken[0]["To"].addresses] == ["o1@example.org"]


@pytest.mark.parametrize(
    "text",
    [
        "leader-1: 'l1@example.org, evil@example.org'\n",
        "leader-1: Leader <l1@example.org>\n",
        "leader-1: l1\n",
        "leader-1: [l1@example.org]\n",
        "leader-1: |\n  l1@example.org\n  evil@example.org\n",
        "leader-1: l1@bei jing.org\n",
        "- l1@example.org\n",
        "leader-1: 张@example.org\n",
    ],
)
def test_what_is_no_plain_address_is_refused_with_its_line(
    desk: Desk, office: str, postman: Postman, text: str
) -> None:
    ran = remind(with_addresses(desk, text), office)
    assert (ran.status, ran.out, postman.taken) == (1, "", [])
    assert f"{desk.home}/mail.yaml:1: " in ran.complaint


def test_addresses_do_not_belong_into_the_repository(desk: Desk, office: str) -> None:
    desk.write("mail.yaml", ADDRESSES)
    ran = remind(desk, office, "--addresses", "mail.yaml")
    assert (ran.status, ran.out) == (2, "")
    assert "do not belong into the repository" in ran.complaint


def test_addresses_may_be_named_in_the_environment(desk: Desk, office: str, postman: Postman) -> None:
    ran = desk.qianfa(
        "remind", "--smtp", office, "--from", FROM, env={"QIANFA_ADDRESSES": str(desk.home / "mail.yaml")}
    )
    assert (ran.status, len(postman.taken)) == (0, 3)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "either look or send"),
        (("--dry-run", "--smtp", "smtp://localhost"), "either look or send"),
        (("--smtp", "smtp://localhost"), "who the mails come from is needed"),
        (("--smtp", "smtp://localhost", "--from", "a@b\nBcc: c@d"), "who the mails come from is needed"),
        (("--smtp", "http://localhost", "--from", FROM), "not the address of a mail server"),
        (("--smtp", "smtp://localhost:port", "--from", FROM), "not the address of a mail server"),
        (("--smtp", "smtp://", "--from", FROM), "not the address of a mail server"),
        (("--smtp", "smtps://me:secret@mail.example.org", "--from", FROM), "a password on the command line"),
        (("--smtp", "smtps://me@mail.example.org", "--from", FROM), "there is no password for me"),
        (("--smtp", "smtps://mail.example.org/path", "--from", FROM), "only a server was expected"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused_in_one_line(
    desk: Desk, arguments: tuple[str, ...], says: str
) -> None:
    ran = desk.qianfa("remind", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.complaint
    assert "secret" not in ran.complaint


def test_a_password_never_travels_in_the_clear(desk: Desk) -> None:
    ran = remind(desk, "smtp://me@mail.example.org", QIANFA_SMTP_PASSWORD="secret")
    assert ran.status == 2
    assert "the password would travel in the clear" in ran.complaint


def test_a_server_that_is_not_there_is_told_and_nothing_is_noted(desk: Desk) -> None:
    before = desk.everything()
    ran = remind(desk, "smtp://127.0.0.1:9")
    assert (ran.status, ran.out) == (1, "")
    assert "127.0.0.1:9: the mail server is of no use" in ran.complaint
    assert {path for path in desk.everything() if path not in before} == {".git/qianfa-reminders.json.lock"}


# -- TLS and signing in ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate of our own for 127.0.0.1, as the file that trusts it and as the server's context."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def check_password(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me@office", b"secret")
    return AuthResult(success=good, handled=False)


def guarded(postman: Postman, context: ssl.SSLContext) -> AbstractContextManager[str]:
    """Serve as mail servers do: STARTTLS first, then a user and a password, then mail."""
    return serving(
        postman, tls_context=context, require_starttls=True, auth_required=True, authenticator=check_password
    )


def test_one_signs_in_through_starttls_with_a_password_from_the_environment_or_a_file(
    desk: Desk, postman: Postman, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    with guarded(postman, certificate[1]) as place:
        url, known = f"smtp+starttls://me%40office@{place}", {"SSL_CERT_FILE": str(certificate[0])}
        wrong = remind(desk, url, **known, QIANFA_SMTP_PASSWORD="wrong-secret")
        assert (wrong.status, wrong.out, postman.taken) == (1, "", [])
        assert "535" in wrong.complaint
        assert "wrong-secret" not in wrong.complaint
        ran = remind(desk, url, **known, QIANFA_SMTP_PASSWORD="secret")
        assert (ran.status, len(postman.taken)) == (0, 3)
        (desk.home / "password").write_text("secret\n")
        later = ("--now", "2026-11-22T12:00:00+08:00", "--password-file", desk.home / "password")
        assert remind(desk, url, *later, **known).status == 0
        assert len(postman.taken) == 6


def test_a_server_whose_certificate_nobody_knows_gets_neither_password_nor_mail(
    desk: Desk, postman: Postman, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    with guarded(postman, certificate[1]) as place:
        ran = remind(desk, f"smtp+starttls://me%40office@{place}", QIANFA_SMTP_PASSWORD="secret")
    assert (ran.status, ran.out, postman.taken) == (1, "", [])
    assert "CERTIFICATE_VERIFY_FAILED" in ran.complaint or "certificate verify failed" in ran.complaint


def test_a_server_that_offers_no_starttls_gets_nothing(desk: Desk, office: str, postman: Postman) -> None:
    ran = remind(desk, office.replace("smtp:", "smtp+starttls:"))
    assert (ran.status, ran.out, postman.taken) == (1, "", [])
    assert "STARTTLS" in ran.complaint


def test_a_server_may_speak_tls_from_the_beginning(
    desk: Desk, postman: Postman, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    with serving(postman, ssl_context=certificate[1]) as place:
        ran = remind(desk, f"smtps://{place}", SSL_CERT_FILE=str(certificate[0]))
    assert (ran.status, len(postman.taken)) == (0, 3)
