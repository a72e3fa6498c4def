"""The way of a signature on paper: the scan is read and cleaned, the relayer signs, scan and record are one commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from review.actions import paper
from review.actions.change import Change
from review.actions.scans import MAX_BYTES, Scan, cleaned
from review.errors import Refused, UnusableSite
from review.history.work_tree import behind_link
from review.messages import t
from review.ways import acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed(acts.Done):
    """A sheet that was relayed: `by` sat at the keyboard, `signatory` signed on paper, and `scan` is where it is stored."""

    signatory: str
    paper: str
    scan: str


def read_scan(path: Path) -> bytes:
    """Return the bytes of a file as it lies there, no more than are looked at; `UnusableSite` where it is no file."""
    if not path.is_file():
        raise UnusableSite(
            t("there is no such file"), where=str(path), hint=t("give the photograph or scan of the signed sheet")
        )
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def clean(data: bytes, path: Path) -> Scan:
    """Return the picture alone, as it will be stored; `Refused` where it is none that is taken."""
    return cleaned(data, where=str(path))


def sheet(at: acts.Desk, item: str, *, stage: str, signatory: str, back: bool) -> paper.Sheet:
    """Return what a signed sheet is about, if it may be relayed from this desk."""
    files = at.committed(item), at.working(item)
    return paper.sheet_for(at.bench, item, *files, at.signer, stage=stage, signatory=signatory, back=back)


def change(at: acts.Desk, about: paper.Sheet, scan: Scan, *, code: str, note: str, again: bool) -> Change:
    """Return the change that relays a sheet; `Refused` where its code is another, or its scan was used before."""
    site = at.repository.path
    folder = site / "evidence"
    if behind_link(site, scan.path) or (folder.exists() and not folder.is_dir()):
        raise Refused(
            t("what lies there is not the folder of scans"), where="evidence", hint=t("rename it, or take it away")
        )
    committed = at.committed(about.item)
    return paper.relay(at.bench, about, committed, at.signer, at.at, scan, code=code, note=note, again=again)


def relay(at: acts.Desk, made: Change, scan: Scan) -> Relayed:
    """Carry it out: one signed commit with the record and the scan."""
    done = acts.carry_out(at, made)
    return Relayed(**asdict(done), signatory=made.statement.signatory, paper=scan.digest, scan=scan.path)
