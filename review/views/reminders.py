"""Whom to remind of what, and in which words: the site's template, or one of ours in the site's language. Sends nothing."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from review.errors import FormatError
from review.gate.bench import Bench
from review.messages import listed, t
from review.views.names import Someone
from review.views.queue import Queue, Row, queue_for

TEMPLATE = "reminders/mail.txt"
"""The policy file that says how a reminder reads: the subject in its first line, then the text."""

FIELDS = ("count", "late", "list", "name", "site")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A reminder for one person: how many things wait, how many of them are late, subject and text."""

    person: Someone
    count: int
    late: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """A reminder in one language. These go to people by mail, in the site's language, whatever the sender's is."""

    template: str
    kinds: Mapping[str, str]
    since: str
    due: str
    late: str
    reason: str


_ENGLISH = _Words(
    template=(
        "$site: $count waiting for you\n\nDear $name,\n\nthese wait for you at $site ($count, of which late: $late):\n\n"
        "$list\nSee them with: qianfa queue\n\nThis mail was sent by a program, once a day at most.\n"
    ),
    kinds={"returned": "returned", "draft": "draft", "refused": "refused", "policy": "policy"},
    since="since {day}",
    due="due {day}",
    late="LATE, due {day}",
    reason="reason: {reason}",
)
_CHINESE = _Words(
    template=(
        "$site：有 $count 件事项待您办理\n\n$name：\n\n您好！$site有以下事项待您办理（共 $count 件，其中逾期 $late 件）：\n\n"
        "$list\n查看请用：qianfa queue\n\n本邮件由程序自动发送，每天至多一封，请勿回复。\n"
    ),
    kinds={"returned": "已退回", "draft": "草稿", "refused": "不合规", "policy": "制度文件"},
    since="{day} 起",
    due="{day} 到期",
    late="已逾期，{day} 到期",
    reason="理由：{reason}",
)


def letters(rows: Iterable[Row], bench: Bench, template: bytes | None) -> Iterator[Letter]:
    """Yield a letter for each person for whom something waits, by their ids. `template` is the site's file, None for ours.

    `FormatError` where the template holds a field that there is none of.
    """
    rows = tuple(rows)
    site = bench.in_force.policy.columns.site
    words = _CHINESE if site.language.lower().startswith("zh") else _ENGLISH
    subject, text = _parsed(template, words)
    people = {one.id: one for row in rows for one in row.people}
    for _, person in sorted(people.items()):
        queue = queue_for(person, rows, bench)
        values = {
            "name": _plain(person.name or person.id),
            "site": _plain(site.title),
            "count": str(len(queue.rows)),
            "late": str(queue.late),
            "list": "\n".join(_listed(queue, words)),
        }
        yield Letter(
            person=person,
            count=len(queue.rows),
            late=queue.late,
            subject=_plain(subject.substitute(values)),
            text=text.substitute(values),
        )


def _parsed(template: bytes | None, words: _Words) -> tuple[string.Template, string.Template]:
    try:
        written = words.template if template is None else template.decode("utf-8")
    except UnicodeDecodeError:
        raise FormatError(t("not UTF-8"), where=TEMPLATE) from None
    subject, _, text = written.replace("\r\n", "\n").partition("\n")
    parts = string.Template(subject), string.Template(text.lstrip("\n"))
    known = t("known are {fields}", fields=listed(f"${name}" for name in FIELDS))
    for part in parts:
        if not part.is_valid():
            raise FormatError(t("a $ that begins no field; write $$ for the sign itself"), where=TEMPLATE, hint=known)
        unknown = [name for name in part.get_identifiers() if name not in FIELDS]
        if unknown:
            raise FormatError(t("there is no field ${name}", name=unknown[0]), where=TEMPLATE, hint=known)
    if "list" in parts[0].get_identifiers() or not subject.strip():
        raise FormatError(t("its first line is the subject, and no list"), where=TEMPLATE, line=1)
    return parts


def _listed(queue: Queue, words: _Words) -> Iterator[str]:
    for number, row in enumerate(queue.rows, 1):
        what = words.kinds.get(row.kind) or row.stage_title or row.stage
        yield _plain(f"{number}. [{what}] {row.title or row.item}")
        if row.title:
            yield _plain(f"   {row.item}")
        times = [words.since.format(day=row.since[:10])] if row.since else []
        times += [(words.late if row.late else words.due).format(day=row.due[:10])] if row.due else []
        if times:
            yield "   " + " · ".join(times)
        if row.reason:
            yield _plain("   " + words.reason.format(reason=row.reason))
        yield ""


def _plain(text: str) -> str:
    """Return text in one line, without anything that could steer a mail program or begin a header."""
    return "".join(character if character.isprintable() else " " for character in text).rstrip()
