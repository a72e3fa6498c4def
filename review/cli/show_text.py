"""A post in words: its form, its text, its attachments, who signed, who is next, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.cells import cell_len
from rich.text import Text

from review.cli.changes_text import changes_text, sized
from review.cli.language import told
from review.cli.lines import called, calling, one_line, when
from review.cli.page import Block, Page
from review.cli.screen import safe
from review.cli.text_as_shown import as_on_the_page
from review.messages import listed, t, typed
from review.model.paths import record_of
from review.views.post_view import Attached, PostView, SignOff

_METADATA = {
    "title": t("Title"),
    "date": t("Date"),
    "author": t("Author"),
    "source": t("Source"),
    "source_url": t("Source address"),
    "summary": t("Summary"),
    "keywords": t("Keywords"),
    "tags": t("Tags"),
    "image": t("Image"),
    "document_number": t("Document number"),
    "index_number": t("Index number"),
    "disclosure": t("Disclosure"),
    "related": t("Related"),
}
_HEADER = {
    "kind": t("Kind"),
    "unit": t("Unit"),
    "classified": t("Classified"),
    "submitted": t("Submitted"),
    "planned": t("Planned"),
    "expires": t("Expires"),
    "major": t("Major"),
}
LABELS: Mapping[str, str] = {**_METADATA, **_HEADER, "column": t("Column")}
"""What the fields of a post are called."""


def show(view: PostView, page: Page, *, plain: bool, asked: bool = False) -> None:
    """Put a post on the page. `plain` leaves its text as it is written; `asked` says that the question comes next."""
    for block in _blocks(view, page, plain=plain, asked=asked):
        page.put(block)


def _blocks(view: PostView, page: Page, *, plain: bool, asked: bool) -> Iterator[Block]:
    yield page.strong(one_line(view.title or view.item))
    yield page.unbroken(typed(view.item))
    yield one_line(_place(view))
    yield from _form(view)
    yield page.heading(t("Text"))
    yield from _text(view.text, page, plain=plain)
    if view.attachments:
        yield page.heading(t("Attachments"))
        yield from (line for one in view.attachments for line in _attachment(one, page))
    yield page.heading(t("Signed so far"))
    yield from (line for one in view.chain for line in _sign_off(one))
    if not view.chain:
        yield "  " + told(t("nobody yet"))
    yield from _next(view, page, asked=asked)
    if (live := view.since_live) is not None:
        yield page.heading(t("Changed since version {version}, which is online", version=live.version))
        yield from changes_text(live.changes, page, LABELS)
    if (mine := view.since_mine) is not None:
        about: dict[str, str | int] = {"stage": mine.title, "version": mine.version, "at": when(mine.at)}
        words = t("Changed since you signed {stage} of version {version}, {at}", **about)
        if mine.returned:
            words = t("Changed since you returned version {version} as {stage}, {at}", **about)
        yield page.heading(words)
        yield from changes_text(mine.changes, page, LABELS)
    yield from _remarks(view, page)


def _text(text: str, page: Page, *, plain: bool) -> Iterator[Block]:
    """Yield the text as its page will show it, and what is signed of it without being on the page; or as it is written."""
    found = None if plain or not page.terminal else as_on_the_page(text)
    if found is None:
        yield page.indented(Text(safe(text.expandtabs(4))))
        return
    yield from page.lines(found.lines)
    if found.unseen:
        yield page.heading(t("Not shown on the page, but signed:"))
        yield from (page.indented(Text(safe(one.expandtabs(4)))) for one in found.unseen)


def _place(view: PostView) -> str:
    if not view.manifest:
        return t("nothing of it can be signed as it is")
    if not view.shown_version:
        return t("not signed yet  content {code}", code=view.code)
    return t("version {version}  content {code}", version=view.shown_version, code=view.code)


def _form(view: PostView) -> Iterator[Block]:
    yield ""
    column = t("{title} ({id})", title=view.column_title, id=view.column) if view.column_title else view.column
    rows = [
        (told(LABELS["column"]), column),
        *((told(LABELS.get(name, name)), _value(view, name)) for name in _HEADER if view.header.get(name)),
        *((told(LABELS.get(name, name)), value) for name, value in view.metadata.items() if value),
    ]
    width = max(cell_len(label) for label, _ in rows)
    for label, value in rows:
        yield "  " + label + " " * (width - cell_len(label) + 2) + one_line(value)


def _value(view: PostView, name: str) -> str:
    value = view.header[name]
    if name in ("classified", "major"):
        return told(t("yes")) if value == "yes" else told(t("no"))
    if name == "unit" and view.unit_title:
        return t("{title} ({id})", title=view.unit_title, id=value)
    if name == "kind" and view.kind_title:
        return t("{id} ({name})", id=value, name=view.kind_title)
    if name == "planned":
        return when(value) + value[19:]
    return value


def _attachment(one: Attached, page: Page) -> Iterator[Block]:
    yield page.unbroken("  " + typed(one.path))
    about = t("{type}  {size}  SHA-256 {digest}…", type=one.type, size=sized(one.size), digest=one.sha256[:16])
    yield "      " + one_line(about)


def _sign_off(one: SignOff) -> Iterator[str]:
    yield "  " + one_line(
        t(
            "{title} ({stage})  {person}  {at}",
            title=one.title,
            stage=one.stage,
            person=called(one.person),
            at=when(one.at),
        )
    )
    if one.relayed_by is not None:
        yield "      " + one_line(
            t("on paper, relayed by {by}; scan {paper}…", by=called(one.relayed_by), paper=one.paper[:19])
        )
    if one.stand_in:
        yield "      " + one_line(t("standing in for whoever holds the office"))
    if one.amended:
        yield "      " + one_line(t("changed the post here"))
    if one.note:
        yield "      " + one_line(t("said: {note}", note=one.note))


def _next(view: PostView, page: Page, *, asked: bool) -> Iterator[Block]:
    yield page.heading(t("Next"))
    if view.next is None:
        yield "  " + told(_STATES[view.state])
        if view.reason:
            yield "  " + one_line(t("said: {note}", note=view.reason))
        return
    if view.state == "returned" and view.reason:
        yield "  " + one_line(t("returned: {note}", note=view.reason))
    people = calling(view.next.people) or told(t("nobody holds that office yet"))
    yield "  " + one_line(
        t("{title} ({stage}), by one of: {people}", title=view.next.title, stage=view.next.stage, people=people)
    )
    if view.meaning and not asked:
        yield "  " + told(t("it is your turn:"))
        yield page.unbroken(f"  qianfa approve {typed(view.item)}")


_STATES = {
    "draft": t("it waits for whoever drafts it"),
    "in-review": t("it is under review"),
    "returned": t("it was returned"),
    "scheduled": t("it is signed through, and goes online when its time comes"),
    "live": t("it is signed through, and online"),
    "expired": t("its time is over"),
    "withdrawn": t("it was withdrawn"),
    "refused": t("nobody can sign it as it is"),
}


def _remarks(view: PostView, page: Page) -> Iterator[Block]:
    if view.findings:
        yield page.heading(t("What the gate says"))
    for one in view.findings:
        yield "  " + one_line(one.message)
        if one.hint:
            yield "      " + one_line(one.hint)
    if view.uncommitted:
        yield ""
        files = listed(typed(path) for path in view.uncommitted if path != record_of(view.item)) or record_of(view.item)
        yield one_line(t("Not shown: the work tree has edits that nobody handed in: {files}", files=files))
