"""Make a repository of many posts, each signed off by five people, as a site has after years of work.

    python -m benchmarks.make_repository DIR --posts 1000

leaves the (bare) repository in DIR/site and its trust pin in DIR/trust. The same seed gives the same repository, commit
by commit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import prose
from benchmarks.cast import Cast, cast_of
from benchmarks.packs import PackedRepository, Written
from benchmarks.trees import Folder
from review.formats import records, statements
from review.formats.manifests import manifest_digest
from review.model.digests import NONE
from review.model.manifests import ItemFile
from review.model.paths import POLICY, record_of
from review.model.statements import Statement

SAMPLE = Path(__file__).resolve().parents[1]
CHARACTERS = 1_200
_BEGIN = dt.datetime(2020, 1, 6, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
_STEP = dt.timedelta(minutes=20)
_KINDS = ("article", "article", "article", "video", "article", "article", "topic")


class Item:
    """A post on its way, or the policy: its files, its record so far, and the statement that the next one follows."""

    def __init__(
        self, name: str, header: dict[str, str], files: dict[str, bytes], chain: list[tuple[str, str]]
    ) -> None:
        """Begin an item. `chain` is stage and person for every sign-off it will get."""
        self.name = name
        self.waiting = chain
        self.files = files
        self.manifest = manifest_digest(header, [_item_file(path, data) for path, data in files.items()])
        self.record = records.serialise_header(header).replace(b"sign-offs: []\n", b"sign-offs:\n")
        self.record_written: Written | None = None
        self.previous = NONE


class Maker:
    """Writes a repository commit by commit: one line of history, every commit a sign-off."""

    def __init__(self, path: Path, cast: Cast) -> None:
        """Begin with an empty repository."""
        self._cast = cast
        self._repository = PackedRepository(path)
        self._root = Folder()
        self._now = _BEGIN

    @property
    def today(self) -> dt.date:
        """The date of the next commit."""
        return self._now.date()

    def sign(self, item: Item) -> None:
        """Have the next person sign the item: a longer record, a new tree, a signed commit."""
        pack = self._repository.pack
        stage, person = item.waiting.pop(0)
        statement = Statement(
            site=self._cast.policy.columns.site.id,
            item=item.name,
            version=1,
            stage=stage,
            decision="approve",
            manifest=item.manifest,
            previous=item.previous,
            by=person,
            at=self._now.isoformat(),
            note="",
        )
        item.record += _entry(statement)
        for path, data in item.files.items():
            self._root.put(path, pack.write("blob", data).name)
        item.files = {}
        item.record_written = pack.write("blob", item.record, item.record_written)
        self._root.put(record_of(item.name), item.record_written.name)
        message = statements.serialise(statement)
        self._commit(person, message)
        item.previous = "sha256:" + hashlib.sha256(message).hexdigest()
        self._now += _STEP

    def _commit(self, person: str, message: bytes) -> None:
        stamp = f"{person} <{person}@example.org> {int(self._now.timestamp())} +0800"
        parent = f"parent {self._repository.head}\n" if self._repository.head else ""
        headers = f"tree {self._root.write(self._repository.pack)}\n{parent}author {stamp}\ncommitter {stamp}\n"
        raw = self._cast.keys[person].signed_commit(headers.encode(), message)
        self._repository.head = self._repository.pack.write("commit", raw).name

    def finish(self) -> None:
        """Let git have the repository."""
        self._repository.finish()


def make(
    folder: Path,
    posts: int,
    *,
    seed: str = "1",
    sample: Path = SAMPLE,
    progress: Callable[[int], None] = lambda done: None,
) -> str:
    """Make `folder/site` and `folder/trust`, and return the trust pin. The folder must not have them yet.

    Several posts are on their way at any time, as in life: while the newest is drafted, the one before gets its head's
    signature, and so on, so that neighbouring commits are about different posts in different columns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cast = cast_of(sample, seed)
    maker = Maker(folder / "site", cast)
    administrators = cast.policy.people.administrators[: cast.policy.people.needs]
    policy = Item(POLICY, {"record": "1", "kind": "policy"}, cast.files, [(POLICY, admin) for admin in administrators])
    while policy.waiting:
        maker.sign(policy)
    chance = random.Random(seed)
    authors = cast.authors()
    chance.shuffle(authors)
    under_way: list[Item] = []
    started = 0
    while started < posts or under_way:
        if started < posts:
            column, unit = authors[started % len(authors)]
            under_way.append(_post(cast, column, unit, started, maker.today, chance))
            started += 1
            progress(started)
        for item in under_way:
            maker.sign(item)
        under_way = [item for item in under_way if item.waiting]
    maker.finish()
    (folder / "trust").write_text(policy.manifest + "\n", encoding="ascii")
    return policy.manifest


def _post(cast: Cast, column: str, unit: str, number: int, today: dt.date, chance: random.Random) -> Item:
    name = f"content/{column}/{today}-{number:06}.md"
    header = {
        "record": "1",
        "kind": _KINDS[number % len(_KINDS)],
        "unit": unit,
        "classified": "no",
        "submitted": today.isoformat(),
    }
    text = f"Title: {prose.title(chance)}\nDate: {today}\n\n{prose.body(chance, CHARACTERS)}"
    return Item(name, header, {name: text.encode()}, cast.chain(records.header_of(header), number))


def _item_file(path: str, data: bytes) -> ItemFile:
    return ItemFile(path=path, mode="100644", sha256=hashlib.sha256(data).hexdigest(), size=len(data), blob="")


def _entry(statement: Statement) -> bytes:
    """Return a record's entry as `records.append` writes it, without reading the record again and again."""
    return (
        f"- stage: {statement.stage}\n  decision: {statement.decision}\n  version: {statement.version}\n"
        f"  manifest: {statement.manifest}\n  previous: {statement.previous}\n  by: {statement.by}\n"
        f"  at: {statement.at}\n  note: {json.dumps(statement.note, ensure_ascii=False)}\n"
    ).encode()


def main() -> None:
    """Make a repository as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.make_repository", description="Make a repository of many signed posts."
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to: DIR/site and DIR/trust")
    parser.add_argument("--posts", type=int, default=1_000, help="how many posts, five sign-offs each (%(default)s)")
    parser.add_argument("--seed", default="1", help="what keys and texts follow from (%(default)s)")
    given = parser.parse_args()
    if (given.folder / "site").exists():
        parser.error(f"{given.folder / 'site'} exists; choose another folder or remove it")

    def show(done: int) -> None:
        if sys.stderr.isatty() and done % 100 == 0:
            sys.stderr.write(f"\r{done} of {given.posts} posts ")

    pin = make(given.folder, given.posts, seed=given.seed, progress=show)
    sys.stdout.write(f"{given.folder / 'site'}: {given.posts} posts, pin {pin}\n")


if __name__ == "__main__":
    main()
