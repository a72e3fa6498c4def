"""What becomes of the demonstration's posts: most are published, and each state and each kind of foul play occurs."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from demo_teller import ZONE, Said, Teller

from review.formats import records, statements
from review.history.throwaway_keys import ThrowawayKey
from review.model.paths import record_of
from review.model.statements import Statement

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@dataclass
class Stage:
    """Where a story plays: the teller, the post, when it is handed in, and what happens after all posts are told."""

    teller: Teller
    item: str
    at: dt.datetime
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def edit(self, old: str, new: str) -> None:
        """Change the post's text in the next commit."""
        text = self.teller.files[self.item][1].decode()
        if old not in text:
            raise ValueError(f"{self.item} does not hold {old!r}")
        self.teller.write(self.item, text.replace(old, new, 1).encode())

    def append(self, text: str) -> None:
        """Add a paragraph to the post in the next commit."""
        self.teller.write(self.item, self.teller.files[self.item][1].rstrip(b"\n") + f"\n\n{text}\n".encode())

    def later(self, act: Callable[[], None]) -> None:
        """Have something happen after all posts are told."""
        self.afterwards.append(act)

    def person(self, stage: str) -> str:
        """Return the first who holds a stage's office."""
        workflow, unit = self.teller.workflow(self.item)
        found = workflow.stage(stage)
        if found is None:
            raise ValueError(f"{workflow.id} has no stage {stage}")
        return next(self.teller.policy.people.holders(found.by, unit))


def published(stage: Stage) -> None:
    """Everybody signs."""
    stage.teller.chain(stage.item, stage.at)


def unsigned(stage: Stage) -> None:
    """Written and committed, not handed in."""
    stage.teller.commit(b"Begin a post\n", stage.at, stage.person("draft"), None)


def until(name: str) -> Callable[[Stage], None]:
    """Signed up to a stage; the next has it on the desk."""

    def sign(stage: Stage) -> None:
        stage.teller.chain(stage.item, stage.at, until=name)

    return sign


def returned(stage: Stage) -> None:
    """The publicity department sends it back."""
    at = stage.teller.chain(stage.item, stage.at, until="head") + HOUR
    reviewer = stage.person("publicity")
    stage.teller.sign(
        stage.item, "publicity", reviewer, at, decision="return", note="文中两个数字前后不一致，请核对后再报。"
    )


def returned_once(stage: Stage) -> None:
    """Sent back, mended, and published as version 2."""
    returned(stage)
    stage.append("（数字已经核对，并补充了统计口径。）")
    stage.teller.chain(stage.item, stage.at + 5 * HOUR, version=2)


def amended(stage: Stage) -> None:
    """The head of the unit rewords it while signing."""
    at = stage.teller.chain(stage.item, stage.at, until="draft") + HOUR
    stage.append("活动照片经企业同意后使用。")
    stage.teller.sign(stage.item, "head", stage.person("head"), at, note="补充了照片使用说明")
    stage.teller.chain(stage.item, at + HOUR, start=2)


def on_paper(stage: Stage) -> None:
    """The head of the unit signs on paper, and the drafter relays the scan."""
    at = stage.teller.chain(stage.item, stage.at, until="draft") + HOUR
    scan = blank_scan()
    digest = sha256(scan).hexdigest()
    stage.teller.write(f"evidence/{digest}.png", scan)
    stage.teller.sign(
        stage.item,
        "head",
        stage.person("draft"),
        at,
        signatory=stage.person("head"),
        paper=f"sha256:{digest}",
        note="负责人在外，纸质签字",
    )
    # The signatory counts as the stage's person, so the others go on as ever.
    for number, name in enumerate(("publicity", "leader", "publish"), 1):
        stage.teller.sign(stage.item, name, stage.person(name), at + number * HOUR)


def withdrawn(stage: Stage) -> None:
    """Published, then taken off the site."""
    at = stage.teller.chain(stage.item, stage.at)
    stage.teller.sign(
        stage.item,
        "withdraw",
        stage.person("publicity"),
        at + 3 * DAY,
        decision="withdraw",
        note="当事人要求暂不公开，待核实。",
    )


def second_version(stage: Stage) -> None:
    """Published, revised, and published again."""
    stage.teller.chain(stage.item, stage.at)
    stage.append("更正：上文的统计截至 2026 年 6 月 30 日。")
    stage.teller.chain(stage.item, stage.at + 9 * DAY, version=2)


def repealed(stage: Stage) -> None:
    """Published; when its successor came out the next year, published again as void."""
    stage.teller.chain(stage.item, stage.at)
    stage.edit("Validity: 有效", "Validity: 失效")
    stage.append("本办法已由《宝鸡科技网信息发布审核办法（示例）》代替，自 2026 年 11 月 3 日起失效，原文保留供查对。")
    stage.teller.chain(stage.item, dt.datetime(2026, 11, 6, 9, 10, tzinfo=ZONE), version=2)


def revision_in_review(stage: Stage) -> None:
    """Version 1 is online while version 2 is under review."""
    stage.teller.chain(stage.item, stage.at)
    stage.append("补充：观测当晚请注意防寒保暖。")
    stage.teller.chain(stage.item, stage.at + 4 * DAY, until="head", version=2)


def edited_afterwards(stage: Stage) -> None:
    """Published; somebody edits the file later, and nothing changes online."""
    stage.teller.chain(stage.item, stage.at)

    def edit() -> None:
        stage.append("（这一句没有经过任何人审核。）")
        stage.teller.commit(b"Small change\n", stage.at + 2 * DAY, stage.person("draft"), None)

    stage.later(edit)


def deleted_afterwards(stage: Stage) -> None:
    """Published; somebody deletes the files later, and the page stays."""
    stage.teller.chain(stage.item, stage.at)
    officer = stage.person("draft")

    def delete() -> None:
        for path in list(stage.teller.item_files(stage.item)):
            stage.teller.remove(path)
        stage.teller.commit(b"Tidy up\n", stage.at + 30 * DAY, officer, None)

    stage.later(delete)


def tampered(stage: Stage) -> None:
    """The leader signed a note; somebody changed a word of the signed commit."""
    at = stage.teller.chain(stage.item, stage.at, until="publicity") + HOUR
    leader = stage.person("leader")
    before = stage.teller.last[stage.item]
    said = replace(
        before.statement,
        stage="leader",
        by=leader,
        previous=before.digest,
        at=at.isoformat(timespec="seconds"),
        note="同意",
    )
    honest = replace(said, note="不同意")
    _forge(
        stage,
        said,
        at,
        lambda head, message: (
            stage.teller.keys[leader]
            .commit(head, statements.serialise(honest))
            .replace(statements.serialise(honest), message)
        ),
    )


def forged(stage: Stage) -> None:
    """The drafter signs in the leader's name with a key of their own, and with a stranger's in the publisher's."""
    at = stage.teller.chain(stage.item, stage.at, until="publicity") + HOUR
    stage.teller.sign(stage.item, "leader", stage.person("leader"), at, key=stage.teller.keys[stage.person("draft")])
    stage.teller.sign(stage.item, "publish", stage.person("publish"), at + HOUR, key=ThrowawayKey.generate())


def made_up(stage: Stage) -> None:
    """Somebody writes the missing sign-offs into the record, and no signature at all."""
    at = stage.teller.chain(stage.item, stage.at, until="head") + HOUR
    for name in ("publicity", "leader", "publish"):
        before = stage.teller.last[stage.item]
        said = replace(
            before.statement,
            stage=name,
            by=stage.person(name),
            previous=before.digest,
            at=at.isoformat(timespec="seconds"),
        )
        path = record_of(stage.item)
        stage.teller.write(path, records.append(stage.teller.files[path][1], said))
        stage.teller.last[stage.item] = Said(said, statements.digest(said))
        at += HOUR
    stage.teller.commit(b"Add sign-offs\n", at, stage.person("draft"), None)


def impatient(stage: Stage) -> None:
    """The head of the unit signs for the publicity department as well."""
    at = stage.teller.chain(stage.item, stage.at, until="head") + HOUR
    stage.teller.sign(stage.item, "publicity", stage.person("head"), at)


def _forge(stage: Stage, said: Statement, at: dt.datetime, make: Callable[[bytes, bytes], bytes]) -> None:
    path = record_of(stage.item)
    stage.teller.write(path, records.append(stage.teller.files[path][1], said))
    stage.teller.commit_raw(at, said.by, lambda head: make(head, statements.serialise(said)))
    stage.teller.last[stage.item] = Said(said, statements.digest(said))


ORDINARY = published

STORIES: dict[str, Callable[[Stage], None]] = {
    "content/news/2026-11-19-contributor-training.md": unsigned,
    "content/popular-science/venues/2026-10-30-five-conditions.md": until("draft"),
    "content/notices/2026-11-16-orchard-cold-wave.md": until("head"),
    "content/think-tank/creation/2026-10-09-leaflet-workshop.md": until("publicity"),
    "content/science-workers/messages/2026-11-13-reply-apple-canker.md": until("leader"),
    "content/online-museum/2026-10-12-pendulum-clock.md": returned,
    "content/notices/2026-10-26-society-roster-check.md": returned_once,
    "content/news/2026-11-12-titanium-open-day.md": amended,
    "content/news/2026-10-14-kiwi-harvest-class.md": on_paper,
    "content/people/2026-10-20-orchard-adviser.md": withdrawn,
    "content/disclosure/2026-07-31-half-year-site-data.md": second_version,
    "content/disclosure/2025-12-12-contribution-trial.md": repealed,
    "content/garden/2026-11-14-geminids.md": revision_in_review,
    "content/innovation/youth/2026-10-22-robot-lesson.md": edited_afterwards,
    "content/self-building/2026-06-12-yearly-plan.md": deleted_afterwards,
    "content/news/2026-11-17-first-aid-community.md": tampered,
    "content/notices/2026-11-09-contribution-hints.md": forged,
    "content/current-affairs/2026-11-18-fire-safety-month.md": made_up,
    "content/innovation/youth/2026-11-15-paper-bridge.md": impatient,
}


def tell_extra_files(teller: Teller, at: dt.datetime) -> None:
    """Leave a few files lying about: a post without a record, a classified one, one that would move its page, a stray file."""
    teller.write("content/garden/2026-11-19-autumn-leaves.md", "Title: 叶子为什么变红\n\n还没有写完。\n".encode())
    header = {"record": "1", "kind": "article", "unit": "office", "classified": "yes", "submitted": "2026-11-20"}
    teller.write("content/news/2026-11-20-internal-meeting.md", "Title: 内部会议安排\n\n误放到这里的文件。\n".encode())
    teller.write("content/news/2026-11-20-internal-meeting.review.yaml", records.serialise_header(header))
    teller.write("content/news/2026-11-20-moved-page.md", "Title: 想换个地址\nsave_as: index.html\n\n正文。\n".encode())
    teller.write(
        "content/news/2026-11-20-moved-page.review.yaml", records.serialise_header(header | {"classified": "no"})
    )
    teller.write("content/news/notes.txt", "随手记\n".encode())
    teller.commit(b"Work in progress\n", at, "officer-office", None)


def blank_scan() -> bytes:
    """Return a small grey PNG that stands for the scan of a signed sheet."""
    rows = b"".join(b"\0" + b"\xee" * 105 for _ in range(148))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 105, 148, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
