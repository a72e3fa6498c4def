"""`qianfa import`: a folder from elsewhere becomes drafts of a column, which go through the chain like any other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Desk, everything_in
from story import Story

Seat = Callable[[], Desk]
Samples = dict[str, str | bytes]

PNG = b"\x89PNG\r\n\x1a\n"

JEKYLL: Samples = {
    "_posts/2019-05-12-science-week.md": (
        "---\nlayout: post\ntitle: 科技周\ntags: [科普, 活动]\npermalink: /a/\n---\n\n![图](/img/a.png)\n\n正文。\n"
    ),
    "_posts/2020-01-02-second.md": '---\ntitle: "第二篇"\n---\n\n见[上一篇]({% post_url 2019-05-12-science-week %})。\n',
    "img/a.png": PNG,
    "_config.yml": "title: x\n",
}
HUGO: Samples = {
    "content/post/first/index.md": (
        '+++\ntitle = "头一篇"\ndate = 2021-03-04T05:06:07Z\ndraft = false\n+++\n\n![图](a.png)\n\n{{< youtube x >}}\n'
    ),
    "content/post/first/a.png": PNG,
}
HEXO: Samples = {
    "source/_posts/hello.md": "title: 你好\ndate: 2018-01-01 10:00:00\ncategories: 科普\n---\n摘要\n<!-- more -->\n正文\n",
}
PELICAN: Samples = {
    "content/a.md": "Title: 甲\nDate: 2017-06-05\nSlug: jia\nAuthor: 示例\n\n正文 [图]({static}/images/b.png)。\n",
    "content/images/b.png": PNG,
}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Samples], Path]:
    """Write a sample and return its folder."""

    def write(sample: Samples) -> Path:
        for name, data in sample.items():
            path = tmp_path / "old" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return tmp_path / "old"

    return write


@pytest.mark.parametrize(
    ("sample", "posts", "pictures"),
    [(JEKYLL, 2, 1), (HUGO, 1, 1), (HEXO, 1, 0), (PELICAN, 1, 1)],
    ids=["jekyll", "hugo", "hexo", "pelican"],
)
def test_posts_from_elsewhere_are_drafts_that_can_be_handed_in_as_they_are(
    story: Story, seat: Seat, folder: Callable[[Samples], Path], sample: Samples, posts: int, pictures: int
) -> None:
    desk = seat()
    source = folder(sample)
    before = everything_in(source)
    out = desk.done("import", source, "--column", "news", by="officer-fx")
    assert out.splitlines()[-1] == f"{posts} posts and {pictures} attachments are in content/news, 0 files were skipped"
    assert everything_in(source) == before
    items = sorted(path.relative_to(desk.path).as_posix() for path in (desk.path / "content/news").glob("*.md"))
    assert len(items) == posts
    for item in items:
        desk.done("submit", item, by="officer-fx")
    report = story.gate(revision=desk.head)
    assert report.summary == {"in-review": posts}
    assert report.findings == ()
    assert desk.git("status", "--porcelain") == ""


def test_what_has_no_place_is_listed_file_by_file(story: Story, seat: Seat, folder: Callable[[Samples], Path]) -> None:
    """Keys, tags of templates, files that are no texts: each with its file, most with its line; then the status is 1."""
    source = folder(JEKYLL | HUGO | {"_posts/empty.md": "", "_posts/picture.md": PNG + b"\0\xff"})
    ran = seat().qianfa("import", source, "--column", "news", "--unit", "fx")
    assert (ran.status, ran.err) == (1, "")
    for part in (
        r"_posts/2019-05-12-science-week\.md:\d+: .*layout",
        r"content/post/first/index\.md:\d+: .*youtube",
        r"_posts/empty\.md: skipped, empty",
        r"_posts/picture\.md: skipped, not a text",
        r"3 posts and 2 attachments are in content/news, 2 files were skipped",
    ):
        assert re.search(part, ran.out), part


def test_a_second_import_overwrites_nothing(story: Story, seat: Seat, folder: Callable[[Samples], Path]) -> None:
    """Whatever lies in the column already keeps its bytes; the posts come again under other names."""
    desk = seat()
    source = folder(JEKYLL)
    desk.done("import", source, "--column", "news", by="officer-fx")
    first = everything_in(desk.path)
    for path in (desk.path / "content/news").glob("*.md"):
        path.write_text("Title: 改过\n\n不能丢。\n")
    desk.done("import", source, "--column", "news", by="officer-fx")
    second = everything_in(desk.path)
    kept = [path for path in first if not path.endswith(".md")]
    assert {path: second[path] for path in kept if path in second} == {path: first[path] for path in kept}
    edited = [path for path in first if path.endswith(".md")]
    assert all("不能丢".encode() in second[path][1] for path in edited)
    assert len(list((desk.path / "content/news").glob("*.md"))) == 4


def test_an_import_that_cannot_be_changes_nothing(story: Story, seat: Seat, folder: Callable[[Samples], Path]) -> None:
    desk = seat()
    source = folder(JEKYLL)
    (desk.path / "content").mkdir()
    (desk.path / "content/news").symlink_to(desk.home)
    before = desk.everything(), everything_in(desk.home)
    for options, says in (
        (("--column", "files", "--unit", "fx"), "may not write for"),
        (("--column", "news", "--unit", "fx", "--kind", "none"), "no workflow takes"),
        (("--column", "news"), "no signing key is set"),
        (("--column", "news", "--key", str(desk.keys / "leader-1")), "leader-1 drafts for no unit"),
        (("--column", "news", "--unit", "fx"), "a symbolic link leads there"),
    ):
        ran = desk.qianfa("import", source, *options)
        assert (ran.status, ran.out) == (1, ""), options
        assert says in ran.complaint
        assert (desk.everything(), everything_in(desk.home)) == before


def test_a_folder_that_leads_out_or_steers_the_terminal_is_harmless(
    story: Story, seat: Seat, folder: Callable[[Samples], Path], tmp_path: Path
) -> None:
    """Links out of the folder, pictures of elsewhere, names and titles with escape sequences and invisible letters."""
    (tmp_path / "secret.md").write_text("Title: 秘密\n\n秘密。\n")
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    source = folder({
        "a\x1b[2J.md": "---\ntitle: \"\\e[31m红\u202e\"\nx\x1b[2J: y\n---\n\n![](../secret.png) ![](/etc/passwd)\n",
        "../old/b.md": "# 标题\u200b\n\n![](../../../../../../etc/passwd)\n",
    })  # fmt: skip
    (source / "c.md").symlink_to(tmp_path / "secret.md")
    (source / "d").symlink_to("/etc")
    desk = seat()
    ran = desk.qianfa("import", source, "--column", "news", "--unit", "fx")
    assert (ran.status, ran.err) == (1, "")
    assert "\x1b" not in ran.out
    everything = b"".join(path.read_bytes() for path in (desk.path / "content").rglob("*") if path.is_file())
    assert "秘密".encode() not in everything
    assert b"secret" not in everything.replace(b"secret.png", b"")
    assert b"root:" not in everything
    assert "\u202e".encode() not in everything
    assert "\u200b".encode() not in everything
    assert desk.git("status", "--porcelain") == "?? content/"


def test_what_was_taken_and_what_was_lost_is_answered_to_programs(
    founded: Desk, folder: Callable[[Samples], Path]
) -> None:
    source = folder({**JEKYLL, "_posts/2021-01-01-empty.md": ""})
    ran = founded.qianfa("import", source, "--column", "news", "--json", by="officer-fengxiang")
    taken = json.loads(ran.out)
    assert (ran.status, taken["import"], len(taken["posts"]), taken["attachments"]) == (1, 1, 2, 1)
    assert [one["reason"] for one in taken["skipped"]] == ["empty"]
    assert {"file", "line", "what", "action"} == set(taken["notes"][0])
