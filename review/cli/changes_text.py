"""What changed, in words: what went in red and what came in green, off a terminal as `[-…-]` and `{+…+}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from review.cli.language import told
from review.cli.lines import one_line
from review.cli.page import Block, Page
from review.cli.screen import safe
from review.messages import t, typed
from review.views.changes import Changes, FieldChange, FileChange
from review.views.differences import Segment

_AROUND = 60
"""Characters of what stayed that are shown before and after a change; more would hide it."""


def changes_text(changes: Changes, page: Page, labels: Mapping[str, str]) -> Iterator[Block]:
    """Yield what differs: the form field by field, the text where it changed, the attachments."""
    if changes.none:
        yield "  " + told(t("nothing"))
    for one in (*changes.header, *changes.metadata):
        yield page.indented(_field(one, page, labels))
    if changes.text:
        yield page.indented(marked(_around(changes.text), page))
    for file in changes.attachments:
        yield "  " + one_line(_file(file))


def sized(count: int) -> str:
    """Return a number of bytes as people read it."""
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"


def marked(segments: Iterable[Segment], page: Page) -> Text:
    """Return segments with what went and what came marked."""
    text = Text()
    for one in segments:
        said = safe(one.text)
        if one.kind == "same":
            text.append(said)
        elif page.coloured:
            text.append(said, style="red strike" if one.kind == "deleted" else "green underline")
        else:
            text.append(f"[-{said}-]" if one.kind == "deleted" else f"{{+{said}+}}")
    return text


def _field(one: FieldChange, page: Page, labels: Mapping[str, str]) -> Text:
    label = safe(told(labels.get(one.field, one.field)))
    return Text(f"{label}: ").append_text(marked(one.segments, page))


def _around(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the segments, of what stayed only what stands near a change."""
    for number, one in enumerate(segments):
        if one.kind != "same" or len(one.text) <= 2 * _AROUND:
            yield one
            continue
        head = _first(one.text) if number else ""
        tail = _last(one.text) if number < len(segments) - 1 else ""
        gap = "\n…\n" if "\n" in one.text[len(head) : len(one.text) - len(tail)] else "…"
        if not head:
            gap = gap.lstrip("\n")
        if not tail:
            gap = gap.rstrip("\n")
        yield Segment(kind="same", text=head + gap + tail)


def _first(text: str) -> str:
    return text[:_AROUND].partition("\n")[0]


def _last(text: str) -> str:
    return text[-_AROUND:].rpartition("\n")[2]


def _file(one: FileChange) -> str:
    path = typed(one.path)
    if one.size_before is None:
        return t("added: {path}  {size}", path=path, size=sized(one.size_after or 0))
    if one.size_after is None:
        return t("removed: {path}  {size}", path=path, size=sized(one.size_before))
    return t(
        "replaced: {path}  {before} before, {after} now",
        path=path,
        before=sized(one.size_before),
        after=sized(one.size_after),
    )
