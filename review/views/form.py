"""What stands on the form of a post: fields, boxes, codes, of the version that was handed in. Asks the bench, writes nothing."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from review.errors import Refused
from review.gate.bench import Bench
from review.gate.chains import Chain
from review.gate.content_rules import workflow_for
from review.gate.counting import Signed
from review.gate.versions import Version, tell
from review.messages import t, typed
from review.model.digests import content_code
from review.model.evidence import Snapshot
from review.model.forms import Box, Field, Form, FormKind, Words, qr_text
from review.model.instants import parse_date, parse_instant
from review.model.manifests import ItemFile
from review.model.paths import attachments_of, column_of
from review.model.records import Header
from review.model.workflows import Stage
from review.views.form_words import words_for
from review.views.moments import local, zone_of
from review.views.names import column_title, someone, unit_title

MAX_LINES, MAX_BOXES = 6, 9
"""How many attachments and boxes one page has room for, beside everything else at its longest."""

_FEW_LINES, _MANY_BOXES = 3, 6
"""Over so many boxes there is room for so many attachments only."""

_ANNEXES = ("topic", "video")
"""The kinds of posts that are applied for with an annex of their own."""

_TITLE, _PATH, _VALUE, _FILE, _REMARK, _STAGE = 180, 120, 48, 60, 60, 26
"""Columns of text, a Chinese character taking two, that a title, a path, another value, … may take."""


def form_for(bench: Bench, item: str, kind: FormKind | None = None) -> Form:
    """Return the form of the version that was handed in; `kind` where it is not to be the one of the post's kind.

    `Refused` where nothing was handed in, where the commit has other files by now, and where that version has ended.
    """
    version = handed_in(bench, item)
    chain, snapshot = version.chain, version.chain.snapshot
    if snapshot is None or snapshot.header is None:
        raise ValueError(t("{item} cannot have been handed in without a header", item=item))
    header, manifest = snapshot.header, chain.last.statement.manifest
    style: FormKind = kind or ("annex" if header.kind in _ANNEXES else "sign-off")
    columns = bench.in_force.policy.columns
    words = words_for(columns.site.language)
    view = _View(bench=bench, item=item, chain=chain, snapshot=snapshot, header=header, style=style, words=words)
    boxes = tuple(view.boxes(version))
    return Form(
        style=style,
        site=bench.site,
        item=item,
        version=version.number,
        manifest=manifest,
        code=content_code(manifest),
        qr=qr_text(bench.site, item, version.number, manifest),
        title=_cut(columns.site.title, _VALUE) + words.titles.get(f"{style} {header.kind}", words.titles[style]),
        place=_cut(item, _PATH),
        fields=tuple(view.fields(MAX_LINES if len(boxes) <= _MANY_BOXES else _FEW_LINES)),
        boxes=boxes[:MAX_BOXES],
        boxes_left_out=max(0, len(boxes) - MAX_BOXES),
        printed=words.printed.format(day=view.day(bench.today)),
        words=words,
    )


def handed_in(bench: Bench, item: str) -> Version:
    """Return the newest version of a post, if it can be put before people as it is; `Refused` where it cannot."""
    story = tell(item, bench)
    version, here = story.newest, bench.evidence.head.posts.get(item)
    again = t("hand it in first, for its code changes then: qianfa submit {item}", item=typed(item))
    if version is None:
        raise Refused(t("nobody has handed it in yet"), where=item, hint=again)
    if version.chain.refusals:
        first = version.chain.refusals[0]
        raise Refused(first.message, where=item, hint=first.hint)
    if version.number <= story.withdrawn_up_to:
        raise Refused(t("version {number} was withdrawn", number=version.number), where=item, hint=again)
    if version.returned is not None:
        said = version.returned.statement
        raise Refused(
            t("version {number} was returned by {person}", number=version.number, person=said.person),
            where=item,
            hint=t("the drafter starts the next version with: qianfa revise {item}", item=typed(item)),
        )
    if here is None or here.manifest != version.chain.last.statement.manifest:
        raise Refused(t("the files changed since version {number}", number=version.number), where=item, hint=again)
    return version


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A version that was handed in, and the words to say it in."""

    bench: Bench
    item: str
    chain: Chain
    snapshot: Snapshot
    header: Header
    style: FormKind
    words: Words

    def fields(self, room: int) -> Iterator[Field]:
        """Yield the fields in the order of the form; there is room for so many lines of attachments."""
        header, words = self.header, self.words
        topic = self.style == "annex" and header.kind == "topic"
        yield self._field("title", _cut(self.snapshot.title, _TITLE), label="content" if topic else "title", wide=True)
        yield self._field("unit", _cut(unit_title(header.unit, self.bench) or header.unit, _VALUE))
        choices = ((words.yes, header.classified), (words.no, not header.classified))
        yield Field(key="classified", label=words.labels["classified"], choices=choices)
        yield self._field("submitted", self.day(parse_date(header.submitted)))
        yield self._field("planned", self._minute(header.planned) if header.planned else words.at_once)
        column = _cut(column_title(column_of(self.item), self.bench), _VALUE)
        yield self._field("column", column, label="proposed" if self.style == "annex" else "column")
        if header.expires:
            yield self._field("expires", self.day(parse_date(header.expires)))
        flow = self.chain.workflow
        yield self._field("workflow", _cut(flow.title, _VALUE) if flow else "", wide=bool(header.expires))
        draft = self.chain.signed[0].statement
        who = words.signed.format(name=self._name(draft.by), person=draft.by, at=self._minute(draft.at))
        yield self._field("drafted", who, wide=True)
        yield self._field("drafter", "")
        yield self._field("phone", "")
        lines = tuple(self._lines([one for one in self.snapshot.files if one.path != self.item], room))
        if lines:
            yield Field(key="attachments", label=words.labels["attachments"], lines=lines, wide=True)

    def boxes(self, version: Version) -> Iterator[Box]:
        """Yield a box for each signature between the draft and the last stage, which puts the post online."""
        slots = self._slots(version)
        for place, stage in enumerate(slots):
            if stage == slots[0] or (stage == slots[-1] and not stage.paper):
                continue
            title = _cut(stage.title, _STAGE)
            if stage.needs > 1:
                title = self.words.seat.format(title=title, number=place - slots.index(stage) + 1, of=stage.needs)
            signed = self.chain.signed[place] if place < len(self.chain.signed) else None
            yield self._box(stage, title, signed)

    def _slots(self, version: Version) -> tuple[Stage, ...]:
        """Return the stages as they will be judged: by the workflow in force, where what is signed fits it."""
        signed = [one.statement.stage for one in self.chain.signed]
        now = workflow_for(self.header, self.bench.in_force.policy)
        if now is not None and not version.complete and [one.id for one in now.slots[: len(signed)]] == signed:
            return now.slots
        return self.chain.workflow.slots if self.chain.workflow else ()

    def _box(self, stage: Stage, title: str, signed: Signed | None) -> Box:
        if signed is None:
            return Box(stage=stage.id, title=title, paper=stage.paper)
        said, words = signed.statement, self.words
        template = words.signed_on_paper if said.signatory else words.signed
        who, by = self._name(said.person), self._name(said.by)
        shown = template.format(name=who, person=said.person, at=self._minute(said.at), by=by, relayer=said.by)
        return Box(
            stage=stage.id,
            title=title,
            paper=stage.paper,
            person=said.person,
            at=said.at,
            on_paper=bool(said.signatory),
            note=_cut(said.note, _REMARK),
            shown=shown,
        )

    def _lines(self, files: list[ItemFile], room: int) -> Iterator[str]:
        """Yield a line for each attachment, as many as there is room for, and how many there are beside."""
        shown = files if len(files) <= room else files[: room - 1]
        for file in shown:
            name = _cut(file.path.removeprefix(attachments_of(self.item)), _FILE)
            yield name + self.words.bytes.format(count=file.size)
        if len(files) > len(shown):
            yield self.words.more.format(count=len(files) - len(shown))

    def _name(self, person: str) -> str:
        return _cut(someone(person, self.bench).name or person, _VALUE // 2)

    def _field(self, key: str, value: str, *, label: str = "", wide: bool = False) -> Field:
        return Field(key=key, label=self.words.labels[label or key], value=value, wide=wide)

    def day(self, day: dt.date) -> str:
        """Return a day as the form's language writes it."""
        return self.words.day.format(year=day.year, month=day.month, day=day.day)

    def _minute(self, instant: str) -> str:
        at = parse_instant(local(instant, zone_of(self.bench)))
        return self.words.minute.format(day=self.day(at.date()), hour=at.hour, minute=at.minute)


def _cut(text: str, width: int) -> str:
    """Return a text of at most so many columns, with … where something was left out of its middle."""
    if _width(text) <= width:
        return text
    head, tail = "", ""
    while _width(head + text[len(head)]) <= (width - 1) * 2 // 3:
        head += text[len(head)]
    while _width(head + "…" + text[-len(tail) - 1] + tail) <= width:
        tail = text[-len(tail) - 1] + tail
    return f"{head}…{tail}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
