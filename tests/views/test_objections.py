"""What reviewers are likely to object to: each question has a post that raises it and one that does not."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from review.formats.post_text import body_lines, meta_lines
from review.formats.records import header_of
from review.messages import t
from review.model.findings import finding
from review.views.objections import Draft, about_attachments, about_cleaning, about_header, of_finding
from review.views.privacy import about_privacy, is_identity_number
from review.views.writing import about_writing, named_files

ITEM = "content/news/2026-11-20-a.md"
RECORD = "content/news/2026-11-20-a.review.yaml"
NOW = dt.datetime(2026, 11, 21, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))
META = "Title: 讲座\nSummary: 一句话。\n"
GOOD = f"{META}\n周六上午九点，市科技馆见。\n"

IDENTITY = "61032219900307251" + "X"
"""Nobody's number: it is made up, and its last digit is right."""


def drafted(text: str, header: Mapping[str, str] = MappingProxyType({}), there: tuple[str, ...] = ()) -> Draft:
    fields: dict[str, tuple[int, str]] = {}
    for line, key, value in meta_lines(text):
        fields.setdefault(key, (line, value))
    return Draft(
        item=ITEM,
        text=text,
        lines=tuple(body_lines(text)),
        fields=fields,
        header=header_of({"kind": "article", **header}),
        attachments={},
        there=frozenset(there),
        now=NOW,
    )


def told(text: str, *there: str) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in about_writing(drafted(text, there=there))]


def test_a_post_as_it_should_be_raises_nothing() -> None:
    good = f"{META}Tags: 讲座，科普\nImage: 2026-11-20-a/图.png\n\n## 时间\n\n### 地点\n\n![报告厅里坐满听众](2026-11-20-a/图.png)\n\n[章程](https://example.org/)"
    assert told(good, "content/news/2026-11-20-a/图.png") == []


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Title: 讲座\n\n正文在此。\n", "summary-missing", 1),
        (META + "\n \n", "text-missing", 1),
        (f"Title: {'长' * 41}\nSummary: 一句。\n\n文。\n", "title-long", 1),
        (META + "Tags: 讲座, 科普，讲座\n\n文。\n", "tag-twice", 3),
        (META + "Keywords: Robot;robot\n\n文。\n", "tag-twice", 3),
        (META + "\n正文……\n", "template-text", 4),
        (META + "\n联系人：XXX\n", "template-text", 4),
        (META + "\n请在此填写活动内容\n", "template-text", 4),
        (META + "\n# 标题\n", "heading-jump", 4),
        (META + "\n## 一\n\n#### 二\n", "heading-jump", 6),
        (META + "\n![](a.png)\n", "picture-without-words", 4),
        (META + "\n![IMG_0001.jpg](a.png)\n", "picture-without-words", 4),
        (META + "\n<img src='a.png'>\n", "picture-without-words", 4),
        (META + "\n![图文](2026-11-20-a/不在.png)\n", "link-dead", 4),
        (META + "\n见[通知](../notices/b.md)。\n", "link-dead", 4),
        (META + "Image: 不在.png\n\n文。\n", "link-dead", 3),
        (META + "\n见[网站](http://example.org/)。\n", "link-insecure", 4),
        (META + "\n见 http://example.org/a 。\n", "link-insecure", 4),
        (META + "\n![外面的图](https://example.org/a.png)\n", "picture-elsewhere", 4),
    ],
)
def test_each_weakness_of_the_writing_is_told_with_its_line(text: str, code: str, line: int) -> None:
    assert (code, line) in told(text)


@pytest.mark.parametrize(
    "line",
    [
        "`http://example.org`",
        "\n    # 代码\n",
        "```\n# 代码\n![](x.png)\n```",
        "[节](#时间)",
        "编号 xxxl 型",
        "正文见附件",
    ],
)
def test_what_only_looks_like_a_weakness_is_let_be(line: str) -> None:
    assert told(f"{META}\n{line}\n") == []


def test_what_a_post_names_are_links_pictures_and_its_image() -> None:
    draft = drafted(
        f"{META}Image: x.png\n\n![图](2026-11-20-a/图.png) [表](2026-11-20-a/%E8%A1%A8.csv) [外](https://a.example)"
    )
    assert named_files(draft) == {
        "content/news/x.png",
        "content/news/2026-11-20-a/图.png",
        "content/news/2026-11-20-a/表.csv",
    }


def test_attachments_that_nothing_names_or_that_are_heavy_are_told() -> None:
    there = {
        "content/news/2026-11-20-a/图.PNG": 5,
        "content/news/2026-11-20-a/film.mp4": 30 << 20,
        "content/news/2026-11-20-a/b.pdf": 1,
    }
    draft = replace(drafted(GOOD), attachments=there)
    named = frozenset({"content/news/2026-11-20-a/图.png", "content/news/2026-11-20-a/film.mp4"})
    found = {(one.code, one.path.rpartition("/")[2]): one.what for one in about_attachments(draft, named)}
    assert set(found) == {
        ("attachment-unused", "图.PNG"),
        ("attachment-heavy", "film.mp4"),
        ("attachment-unused", "b.pdf"),
    }
    assert "letter case" in found["attachment-unused", "图.PNG"]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"planned": "2026-11-21T20:00:00+08:00"}, "is over"),
        ({"expires": "2026-11-21"}, "before it could be online"),
        ({"planned": "2026-12-01T00:00:00+08:00", "expires": "2026-12-01"}, "before it could be online"),
        ({"kind": "video"}, "asks for the planned time"),
        ({"kind": "topic"}, "asks for the planned time"),
    ],
)
def test_odd_dates_and_what_the_form_asks_for_are_told(header: dict[str, str], says: str) -> None:
    (only,) = about_header(drafted(GOOD, header))
    assert says in only.what
    assert (only.path, only.severity) == (RECORD, "warn")


def test_dates_that_are_to_come_are_no_matter() -> None:
    assert not list(
        about_header(drafted(GOOD, {"planned": "2026-11-21T20:00:01+08:00", "expires": "2026-11-22", "kind": "video"}))
    )


def test_what_handing_in_cleans_is_told_beforehand() -> None:
    raw = "\ufeffTitle: 甲\r\n\r\n正\u200b文\n• 一\n• 二\n"
    draft = drafted(raw.removeprefix("\ufeff"))
    assert [(one.line, one.severity) for one in about_cleaning(draft, raw)] == [
        (1, "warn"),
        (1, "warn"),
        (3, "warn"),
        (4, "warn"),
    ]
    assert not list(about_cleaning(drafted(GOOD), GOOD))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"身份证号{IDENTITY}。", "identity-number"),
        (f"身份证号{IDENTITY.translate(str.maketrans('0123456789', '０１２３４５６７８９'))}", "identity-number"),
        ("电话：13800138000", "phone-number"),
        ("电话：+86 138-0013-8000", "phone-number"),
        ("机密★十年", "looks-classified"),
        ("请注意保密", "looks-classified"),
    ],
)
def test_what_looks_private_or_classified_is_told_and_not_repeated(line: str, code: str) -> None:
    draft = drafted(f"{META}\n{line}\n")
    (only,) = about_privacy(draft, ITEM, draft.text)
    assert (only.code, only.line) == (code, 4)
    assert "138" not in only.what
    assert IDENTITY not in only.what


@pytest.mark.parametrize(
    "line",
    [
        f"编号 {IDENTITY[:-1]}0",
        f"{IDENTITY}1",
        "订单 113800138000",
        "电话 0917-3260000",
        "https://example.org/13800138000.html",
        "商业秘密",
        "《保守国家秘密法》",
        "2026-11-20",
    ],
)
def test_other_numbers_and_words_are_let_be(line: str) -> None:
    assert not list(about_privacy(drafted(GOOD), ITEM, line))


def test_an_identity_number_is_one_by_its_last_digit() -> None:
    assert is_identity_number("11010519491231002X")  # the example of the national standard
    assert is_identity_number("11010519491231002x")
    assert not is_identity_number("110105194912310021")


def test_a_roster_is_told_of_line_by_line_up_to_a_bound() -> None:
    roster = f"张三,{IDENTITY}\n" * 50
    assert [one.line for one in about_privacy(drafted(GOOD), f"{ITEM[:-3]}/名单.csv", roster)] == list(range(1, 21))


def test_a_finding_of_the_gate_keeps_its_line_and_weighs_as_much_as_it_does_for_whoever_hands_in() -> None:
    inner = t("the key {key} is not one of a post's", key="Status")
    made = of_finding(finding("metadata-invalid", f"{ITEM}:3: {inner}", item=ITEM, path=ITEM), ITEM, "")
    assert (made.path, made.line, made.what, made.severity) == (ITEM, 3, inner, "refuse")
    unit = finding("column-not-owned", t("no part"), item=ITEM, path=RECORD)
    assert of_finding(unit, ITEM, "record: 1\nkind: article\nunit: fx\n").line == 3
    assert of_finding(finding("record-missing", t("no record"), item=ITEM, path=RECORD), ITEM, "").severity == "refuse"


# -- the codes -----------------------------------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]
CODE = re.compile("[a-z]+(?:-[a-z]+)+|deleted")


def codes_in(path: Path) -> set[str]:
    """Return the codes that a module makes objections with: literals that are handed to `warn`, `Objection` or yielded first."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given += node.args[:1] if called == "warn" else []
            given += [one.value for one in node.keywords if one.arg == "code" and called == "Objection"]
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            given += node.value.elts[:1]
        texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        found.update(text for text in texts if CODE.fullmatch(text))
    return found


def test_every_code_is_explained_to_authors_and_no_other() -> None:
    modules = [*(ROOT / "review/views").glob("*.py"), *(ROOT / "review/ways").glob("*check*.py")]
    asking = [one for one in modules if "Objection" in one.read_text(encoding="utf-8")]
    made = set().union(*map(codes_in, asking))
    rows = re.findall(r"^\| (`[^|]*`) \|", (ROOT / "docs/author.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`([^`]+)`", row) if CODE.fullmatch(code)}
    assert made == told
    assert {"tag-dropped", "media-invalid", "identity-number", "file-orphan"} <= made
