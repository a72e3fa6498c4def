"""The ledger as a table for people, or as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import Entry as Row
from review.cli.lines import listing, one_line, paragraph, when
from review.messages import t
from review.views.acts_told import KINDS, Act
from review.views.ledger import Entry, Ledger

COLUMNS = (
    "time", "person", "name", "act", "stage", "post", "title", "column", "version", "unit", "unit_title", "commit",
    "counts", "why", "note", "relayed_by", "stands_in", "code",
)  # fmt: skip
"""The first line of the CSV. Later versions may add columns at the end."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ledger_text(ledger: Ledger) -> str:
    """Return the ledger as a table."""
    return "".join(told(line) + "\n" for line in _lines(ledger))


def _lines(ledger: Ledger) -> Iterator[str]:
    if not ledger.entries:
        yield from paragraph(t("Nobody signed anything of that kind."))
        return
    headings = (t("Time"), t("Who"), t("What"), t("Post"), t("Path"), t("Version"), t("Unit"), t("Commit"))
    yield from listing(headings, map(_entry, ledger.entries))


def _entry(one: Entry) -> Row:
    did = one.did
    origin = (f"v{did.version}", one.unit, did.commits[0].commit[:12])
    return Row((when(did.at), did.person.id, _did(did)), ((one.title,), (one.item,), origin))


def _did(act: Act) -> str:
    did = KINDS[act.act]
    said = t("{did}, {stage}", did=did, stage=act.stage) if act.act in ("approved", "amended", "returned") else did
    if act.relayed_by is not None:
        said = t("{did}, {stage} (on paper, relayed by {person})", did=did, stage=act.stage, person=act.relayed_by.id)
    return said if act.counts else t("{did} (does not count)", did=said)


def ledger_csv(ledger: Ledger) -> str:
    """Return the ledger as CSV with a line of headings; line ends are LF, and become CRLF where it is handed over.

    A cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in ledger.entries:
        writer.writerow([_cell(value) for value in _values(one)])
    return out.getvalue()


def _values(one: Entry) -> tuple[str, ...]:
    act = one.did
    return (
        act.at, act.person.id, act.person.name, act.act, act.stage, one.item, one.title, one.column, str(act.version),
        one.unit, one.unit_title, act.commits[0].commit, "yes" if act.counts else "no", "; ".join(act.why), act.note,
        act.relayed_by.id if act.relayed_by else "", "yes" if act.stands_in else "no", act.code,
    )  # fmt: skip


def _cell(value: str) -> str:
    text = one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
