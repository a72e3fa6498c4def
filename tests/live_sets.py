"""Small live sets from factories, valid by default: change one thing. Real theme, real settings, real processes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from review.model.columns import Column, Columns, Site
from review.model.digests import digest_of
from review.model.manifests import ItemFile
from review.model.people import People, Person, Unit
from review.model.policies import Policy, PolicyVersion
from review.model.records import Header
from review.model.reports import Link, LivePost, LiveSet
from review.model.workflows import Workflows
from review.release.swap import replacing
from review.render.rendering import Rendered, render

ROOT = Path(__file__).parents[1]


def sample_policy() -> dict[str, bytes]:
    """Return the sample site's theme and settings."""
    paths = (ROOT / "pelicanconf.py", *sorted((ROOT / "theme").rglob("*")))
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.is_file()}


@dataclass
class MemoryBlobs:
    """Files in memory, by the SHA-256 of their bytes, which stands in for the git object's name too."""

    data: dict[str, bytes] = field(default_factory=dict)

    def file(self, path: str, data: bytes) -> ItemFile:
        name = hashlib.sha256(data).hexdigest()
        self.data[name] = data
        return ItemFile(path=path, mode="100644", sha256=name, size=len(data), blob=name)

    def copy(self, blob: str, sha256: str, target: Path) -> None:
        data = self.data[blob]
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(blob)
        with target.open("xb") as file:
            file.write(data)


@dataclass
class SiteUnderTest:
    """A site in the making: add posts, change the policy's files, then build. `about` is what else `site` says."""

    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    posts: list[LivePost] = field(default_factory=list)
    chains: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    policy: dict[str, bytes] = field(default_factory=sample_policy)
    columns: tuple[Column, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    url: str = "https://example.org"

    def add(
        self,
        item: str,
        text: str = "Title: 春季科普讲座\n\n正文。\n",
        *,
        attachments: Mapping[str, bytes] | None = None,
        published: str = "2026-11-20T15:30:00+08:00",
        updated: str = "",
        chain: tuple[Link, ...] | None = None,
        stages: tuple[str, ...] = ("拟稿", "负责人审改", "发布"),
        mark: str = "",
        chained: bool = True,
    ) -> LivePost:
        """Add a post that went through a chain of three people, the second of them on paper."""
        files = [self.blobs.file(item, text.encode())]
        files += [self.blobs.file(f"{item[:-3]}/{name}", data) for name, data in (attachments or {}).items()]
        post = LivePost(
            item=item,
            version=1,
            commit="c" * 40,
            manifest=digest_of(item.encode()),
            header=Header(raw={}, kind="article", unit="fengxiang", classified=False, submitted="2026-11-20"),
            files=tuple(files),
            chain=CHAIN if chain is None else chain,
            stages=stages,
            judged_by=1,
            published=published,
            updated=updated or published,
        )
        self.posts.append(post)
        if chained:
            self.chains[item] = b'{"item": "' + item.encode() + b'"}\n'
        if mark:
            self.marks[item] = mark
        return post

    @property
    def live(self) -> LiveSet:
        """The live set of the posts so far."""
        site = Site(
            id="baoji-kjw", title="宝鸡科技网", url=self.url, timezone="Asia/Shanghai", language="zh-cn", **self.about
        )
        columns = Columns(site=site, columns={one.id: one for one in self.columns or COLUMNS})
        policy = Policy(columns=columns, people=PEOPLE, workflows=Workflows(workflows=(), withdrawal=()))
        version = PolicyVersion(
            version=1, manifest="sha256:" + "a" * 64, commit="b" * 40, policy=policy, statements=(), commits=("b" * 40,)
        )
        return LiveSet(
            site="baoji-kjw", commit="c" * 40, policy=version, policies={1: version}, posts=tuple(self.posts)
        )

    def build(self, output: Path, *, url: str = "") -> Rendered:
        """Build into `output`, as the pipeline does."""
        files = tuple(self.blobs.file(path, data) for path, data in self.policy.items())
        with replacing(output) as staging:
            return render(
                self.live, policy_files=files, blobs=self.blobs, chains=self.chains, site=staging.site,
                work=staging.work, marks=self.marks, url=url,
            )  # fmt: skip


def a_column(name: str, title: str, *, parent: str = "", children: Iterable[str] = (), description: str = "") -> Column:
    """Return a column that takes news from everyone."""
    return Column(
        id=name, title=title, lead=(), support=(), open_to=("county",), duty="update", type="news",
        metadata=("Venue",), parent=parent, children=tuple(children), description=description,
    )  # fmt: skip


def a_link(stage: str, by: str, at: str, *, signatory: str = "", stands_in: bool = False) -> Link:
    """Return one sign-off of a chain."""
    return Link(stage=stage, by=by, at=at, commit="d" * 40, key="SHA256:x", statement=digest_of(stage.encode()),
                signatory=signatory, stands_in=stands_in)  # fmt: skip


def a_person(name: str, called: str) -> Person:
    """Return a person without offices or keys."""
    return Person(id=name, name=called, offices=(), keys=())


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


COLUMNS = (
    a_column("news", "工作动态", description="市县两级科协的工作"),
    a_column("popular-science", "科学普及", children=("popular-science/activities", "popular-science/venues")),
    a_column("popular-science/activities", "科普活动", parent="popular-science"),
    a_column("popular-science/venues", "科普阵地", parent="popular-science"),
    a_column("notices", "通知公告"),
)
CHAIN = (
    a_link("draft", "officer", "2026-11-18T10:00:00+08:00"),
    a_link("head", "officer", "2026-11-19T01:00:00+08:00", signatory="head"),
    a_link("publish", "publisher", "2026-11-20T15:30:00+08:00", stands_in=True),
)
PEOPLE = People(
    needs=1,
    administrators=("officer",),
    units={"fengxiang": Unit(id="fengxiang", title="凤翔区科协", group="county")},
    people={
        "officer": a_person("officer", "示例信息员"),
        "head": a_person("head", "示例负责人"),
        "publisher": a_person("publisher", "示例发布员"),
    },
    owners={},
)
