"""Build small real repositories in a few lines: people with real keys, policy, posts, sign-offs, honest or hostile.

A story writes git objects itself, so that it can say anything a forger could say, and tells it fast: no process is
started until something is asked of git. What it writes is ordinary; `git fsck` is content with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from review import pipeline
from review.errors import FormatError
from review.formats import records, statements
from review.formats.manifests import manifest_digest
from review.history.throwaway_keys import ThrowawayKey
from review.model.digests import NONE
from review.model.findings import Finding
from review.model.manifests import ItemFile
from review.model.paths import POLICY, POLICY_RECORD, attachments_of, record_of, zone_of
from review.model.reports import ItemReport, LivePost, Report
from review.model.statements import Statement

SITE = "test-site"
NEWS = "content/news/2026-11-20-a.md"
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
FULL_CHAIN = (
    ("draft", "officer-fx"),
    ("head", "head-fx"),
    ("publicity", "reviewer-1"),
    ("leader", "leader-1"),
    ("publish", "publisher-1"),
)

COLUMNS = """\
site: {id: test-site, title: 测试站, url: https://example.org, timezone: Asia/Shanghai, language: zh-cn}
columns:
- id: news
  title: 工作动态
  open_to: [county, department, institution]
- id: popular-science
  title: 科学普及
  lead: [kpb]
  columns:
  - {id: activities, title: 科普活动, support: [fx]}
  - {id: outline, title: 纲要实施}
- {id: files, title: 文件, lead: [kpb], metadata: [Topic_word]}
"""

WORKFLOWS = """\
workflows:
  article:
    title: 图文信息
    kinds: [article, reply]
    groups: [county, department, institution]
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: head, title: 负责人审改, by: head@unit, may_amend: yes, paper: yes}
    - {id: publicity, title: 宣调部复审, by: reviewer@publicity}
    - {id: leader, title: 分管领导终审, by: leader@unit}
    - {id: publish, title: 发布, by: publisher@info-centre}
  major:
    title: 重大事项
    kinds: [article]
    groups: [county, department, institution]
    major: yes
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: leader, title: 领导会签, by: [leader@unit, leader@department], needs: 2}
    - {id: publish, title: 发布, by: publisher@info-centre}
  short:
    title: 视频
    kinds: [video]
    groups: [county, department]
    same_person: allowed
    stages:
    - {id: draft, title: 拟稿, by: officer@unit}
    - {id: publish, title: 发布, by: [publisher@info-centre, officer@unit]}
withdrawal: {by: [reviewer@publicity, leader@unit, publisher@info-centre]}
"""

UNITS = """\
units:
  fx: {title: 凤翔区科协, group: county}
  mx: {title: 眉县科协, group: county}
  kpb: {title: 科普部, group: department}
  publicity: {title: 宣调部, group: department}
  info-centre: {title: 信息中心, group: institution}
"""

OFFICES: dict[str, tuple[str, ...]] = {
    "admin-a": (),
    "admin-b": (),
    "admin-c": (),
    "officer-fx": ("officer@fx",),
    "head-fx": ("head@fx",),
    "officer-mx": ("officer@mx",),
    "officer-kpb": ("officer@kpb",),
    "head-kpb": ("head@kpb",),
    "reviewer-1": ("reviewer@publicity",),
    "reviewer-2": ("reviewer@publicity",),
    "leader-1": ("leader@county",),
    "leader-2": ("leader@county", "leader@department"),
    "publisher-1": ("publisher@info-centre",),
    "publisher-2": ("publisher@info-centre",),
}


class Key:
    """A throw-away key, with the texts that stories need of it at hand."""

    def __init__(self) -> None:
        self._key = ThrowawayKey.generate()
        self.blob = self._key.public.blob
        self.public = self._key.public.text()
        self.fingerprint = self._key.public.fingerprint

    def sign(self, payload: bytes, namespace: bytes = b"git") -> bytes:
        """Return the armour of a signature over the payload."""
        return self._key.sign(payload, namespace=namespace)

    def save(self, path: Path) -> Path:
        """Write the private key as OpenSSH does, and the public one beside it."""
        self._key.save(path)
        return path


@dataclass(frozen=True, slots=True)
class SignOff:
    """A sign-off that was made: its statement, digest and commit."""

    statement: Statement
    digest: str
    commit: str


@dataclass
class Story:
    """A repository that is being told, commit by commit. `files` is what the next commit holds: path to (mode, bytes)."""

    path: Path
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    head: str = ""
    keys: dict[str, Key] = field(default_factory=dict)
    signed: list[SignOff] = field(default_factory=list)
    needs: int = 2
    pin: str = ""
    clock: dt.datetime = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    _trees: dict[bytes, bytes] = field(default_factory=dict)

    # -- git objects ---------------------------------------------------------------------------------------------

    def __post_init__(self) -> None:
        git = self.path / ".git"
        (git / "objects").mkdir(parents=True)
        (git / "refs/heads").mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n")
        (git / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = false\n")

    def object(self, kind: str, data: bytes) -> str:
        """Store a git object and return its id."""
        raw = f"{kind} {len(data)}\0".encode() + data
        name = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        path = self.loose(name)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(raw, 1))
        return name

    def loose(self, name: str) -> Path:
        """Return where an object lies."""
        return self.path / ".git/objects" / name[:2] / name[2:]

    def tree(self) -> str:
        """Store the files as trees and return the root's id."""
        nested: dict[str, Any] = {}
        for path, (mode, data) in self.files.items():
            *folders, name = path.split("/")
            place = nested
            for folder in folders:
                place = place.setdefault(folder, {})
            place[name] = (mode, data)
        return self._tree(nested)

    def _tree(self, nested: dict[str, Any]) -> str:
        rows = []
        for name, value in nested.items():
            raw = os.fsencode(name)
            if isinstance(value, dict):
                rows.append((raw + b"/", b"40000 " + raw + b"\0" + bytes.fromhex(self._tree(value))))
            else:
                mode, data = value
                id = data.decode() if mode == "160000" else self.object("blob", data)
                rows.append((raw, mode.encode() + b" " + raw + b"\0" + bytes.fromhex(id)))
        return self.object("tree", b"".join(row for _, row in sorted(rows)))

    def commit(
        self,
        message: bytes | str = "ordinary work\n",
        *,
        key: Key | None = None,
        parents: tuple[str, ...] | None = None,
        forge: Callable[[bytes], bytes] = lambda raw: raw,
    ) -> str:
        """Make a commit of the files, signed where a key is given, and go there. `forge` may change the raw object."""
        message = message.encode() if isinstance(message, str) else message
        parents = parents if parents is not None else ((self.head,) if self.head else ())
        stamp = f"someone <someone@example.org> {int(self.clock.timestamp())} +0800"
        head = f"tree {self.tree()}\n" + "".join(f"parent {parent}\n" for parent in parents)
        head += f"author {stamp}\ncommitter {stamp}\n"
        raw = head.encode() + b"\n" + message
        if key is not None:
            armour = key.sign(raw).rstrip(b"\n").replace(b"\n", b"\n ")
            raw = head.encode() + b"gpgsig " + armour + b"\n\n" + message
        return self.go(self.object("commit", forge(raw)))

    def go(self, commit: str, files: dict[str, tuple[str, bytes]] | None = None) -> str:
        """Make `commit` the head; the files stay as they are unless given."""
        self.head = commit
        (self.path / ".git/refs/heads/main").write_text(commit + "\n")
        if files is not None:
            self.files = dict(files)
        return commit

    # -- people and policy ---------------------------------------------------------------------------------------

    def key(self, person: str) -> Key:
        """Return a person's key, made when first asked for."""
        return self.keys.setdefault(person, Key())

    def people(
        self, offices: dict[str, tuple[str, ...]] | None = None, *, administrators: str = "admin-a, admin-b, admin-c"
    ) -> str:
        """Return people.yaml for these people with their present keys."""
        lines = [f"administrators: {{needs: {self.needs}, people: [{administrators}]}}", UNITS.rstrip(), "people:"]
        for person, held in (OFFICES if offices is None else offices).items():
            lines += [
                f"  {person}:",
                f"    name: 示例{person}",
                f"    offices: [{', '.join(held)}]",
                f"    keys: [{self.key(person).public}]",
            ]
        return "\n".join(lines) + "\n"

    def write(self, path: str, data: str | bytes, mode: str = "100644") -> None:
        """Put a file into the next commit."""
        self.files[path] = (mode, data.encode() if isinstance(data, str) else data)

    def remove(self, *paths: str) -> None:
        """Take files out of the next commit."""
        for path in paths:
            del self.files[path]

    def write_policy(self, **changes: str) -> None:
        """Put the policy files into the next commit; `columns`, `workflows` and `people` may be given."""
        self.write("columns.yaml", changes.get("columns", COLUMNS))
        self.write("workflows.yaml", changes.get("workflows", WORKFLOWS))
        self.write("people.yaml", changes.get("people", self.people()))
        self.files.setdefault(POLICY_RECORD, ("100644", b"record: 1\nkind: policy\nsign-offs: []\n"))

    def sign_policy(self, *admins: str, version: int = 0, **changes: str) -> SignOff:
        """Write the policy and have administrators sign it, two where none are named; the pin is set by the first version."""
        self.write_policy(**changes)
        before = [one for one in self.signed if one.statement.item == POLICY]
        number = version or (before[-1].statement.version + 1 if before else 1)
        previous = before[-1].digest if before else NONE
        for admin in admins or ("admin-a", "admin-b")[: self.needs]:
            last = self.sign(POLICY, POLICY, admin, version=number, previous=previous)
            previous = last.digest
        self.pin = self.pin or last.statement.manifest
        return last

    # -- posts ---------------------------------------------------------------------------------------------------

    def post(self, item: str = NEWS, *, text: str = "", title: str = "春季科普讲座", **header: str) -> str:
        """Put a post and its record (without sign-offs of its own) into the next commit."""
        fields = {"record": "1", "kind": "article", "unit": "fx", "classified": "no", "submitted": "2026-11-20"}
        fields |= {name: value for name, value in header.items() if value}
        self.write(item, text or f"Title: {title}\n\n讲座于四月举行，欢迎参加。\n")
        old = self.files.get(record_of(item))
        sign_offs = b"sign-offs:" + old[1].partition(b"sign-offs:")[2] if old else b"sign-offs: []\n"
        self.write(record_of(item), "".join(f"{key}: {value}\n" for key, value in fields.items()).encode() + sign_offs)
        return item

    def attach(self, item: str, name: str, data: bytes, mode: str = "100644") -> str:
        """Put an attachment of a post into the next commit."""
        path = attachments_of(item) + name
        self.write(path, data, mode)
        return path

    def manifest(self, item: str) -> str:
        """Return the manifest digest of an item as the next commit holds it."""
        record = records.parse(self.files[record_of(item)][1], item=item)
        if item == POLICY:
            paths = [path for path in self.files if zone_of(path) == "policy"]
        else:
            paths = [item, *(path for path in self.files if path.startswith(attachments_of(item)))]
            paths = [path for path in paths if path == item or not path.endswith((".md", ".review.yaml"))]
        files = [
            ItemFile(path=path, mode=mode, sha256=hashlib.sha256(data).hexdigest(), size=len(data), blob="")
            for path in paths
            for mode, data in [self.files[path]]
        ]
        return manifest_digest(record.header.raw, files)

    def last(self, item: str) -> SignOff | None:
        """Return the newest sign-off of an item."""
        return next((one for one in reversed(self.signed) if one.statement.item == item), None)

    def sign(
        self,
        item: str,
        stage: str,
        by: str,
        *,
        key: Key | None = None,
        signed: bool = True,
        entry: bool = True,
        forge: Callable[[bytes], bytes] = lambda raw: raw,
        **said: Any,
    ) -> SignOff:
        """Sign an item off in one commit. Every field of the statement may be said otherwise; so may the key be another's.

        `entry=False` leaves the record alone, `signed=False` makes an unsigned commit.
        """
        last = self.last(item)
        self.clock += dt.timedelta(minutes=10)
        fields: dict[str, Any] = {
            "site": SITE,
            "item": item,
            "version": last.statement.version if last else 1,
            "stage": stage,
            "decision": "approve",
            "manifest": said["manifest"] if "manifest" in said else self.manifest(item),
            "previous": last.digest if last else NONE,
            "by": by,
            "at": self.clock.isoformat(timespec="seconds"),
            "note": "",
        }
        statement = Statement(**(fields | said))
        if entry:
            self.enter(statement)
        commit = self.commit(
            statements.serialise(statement), key=(key or self.key(by)) if signed else None, forge=forge
        )
        made = SignOff(statement, statements.digest(statement), commit)
        self.signed.append(made)
        return made

    def enter(self, statement: Statement) -> None:
        """Add the statement's entry to the record in the next commit."""
        path = record_of(statement.item)
        with suppress(KeyError, FormatError):  # a story may be about a record that is broken or gone
            self.write(path, records.append(self.files[path][1], statement))

    def chain(self, item: str = NEWS, *stages: tuple[str, str], version: int = 0) -> SignOff:
        """Have the whole chain signed, or the stages named; `version` starts a new one."""
        for number, (stage, by) in enumerate(stages or FULL_CHAIN):
            said: dict[str, Any] = {"version": version} if version and not number else {}
            made = self.sign(item, stage, by, **said)
        return made

    def publish(self, item: str = NEWS, **post: str) -> SignOff:
        """Write a post and have it signed through."""
        self.post(item, **post)
        return self.chain(item)

    # -- verdicts ------------------------------------------------------------------------------------------------

    def gate(self, **options: Any) -> Report:
        """Judge the head. The pin is the first policy version's unless another is given."""
        given = pipeline.GateOptions(now=NOW, pin=self.pin)
        revision = options.pop("revision", self.head)
        return pipeline.gate(self.path, revision, replace(given, **options))

    def item(self, item: str = NEWS, **options: Any) -> ItemReport:
        """Judge the head and return what is said of one item."""
        return next(one for one in self.gate(**options).items if one.item == item)


def codes(report: Report, item: str | None = None) -> list[str]:
    """Return the codes of a report's findings, of one item where one is given."""
    return [one.code for one in report.findings if item is None or one.item == item]


def found(report: Report, code: str) -> list[Finding]:
    """Return the findings with a code."""
    return [one for one in report.findings if one.code == code]


def live(site: Story, item: str = NEWS, **options: Any) -> LivePost | None:
    """Return what is online of an item; the site as a whole is not blocked."""
    report = site.gate(**options)
    assert report.live is not None, codes(report)
    return next((post for post in report.live.posts if post.item == item), None)


def text_online(site: Story, item: str = NEWS, **options: Any) -> str:
    """Return the digest of the post's text that is online; empty where none is."""
    post = live(site, item, **options)
    return next((file.sha256 for file in post.files if file.path == item), "") if post else ""


def sha(text: str) -> str:
    """Return the SHA-256 of a text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def begin(path: Path, **options: Any) -> Story:
    """Return a story whose policy is signed."""
    story = Story(path, **options)
    story.sign_policy()
    return story
