"""A small site with a column of every type and posts that use all their pages can show; built once for whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from live_sets import SiteUnderTest, a_column
from made_pictures import file_of, scene

from review.model.columns import Column

PLAYED = ("Video", "Video_label", "Audio", "Poster", "Captions", "Duration")
ABOUT: dict[str, Any] = {
    "description": "示例",
    "organiser": "示例市科协",
    "operator": "示例信息中心",
    "phone": "0917-000 0000",
    "email": "post@example.org",
    "address": "示例路1号",
    "postcode": "721000",
    "id_code": "6103000000",
    "icp": "陕ICP备00000000号",
    "police": "陕公网安备00000000000000号",
    "badge": "https://badge.example/?a=1&b=2",
    "corrections": "mailto:errors@example.org",
    "own_hosts": ("gov.example",),
}


def _column(name: str, title: str, kind: str, **changes: Any) -> Column:
    return replace(a_column(name, title), type=kind, **changes)


COLUMNS = (
    _column("about", "走进科协", "overview", children=("about/charter",), description="科协是什么样的组织"),
    _column("about/charter", "科协章程", "policy", parent="about"),
    _column("news", "工作动态", "news", children=("news/county",)),
    _column("news/county", "县区动态", "news", parent="news"),
    _column("notices", "通知公告", "notices"),
    _column("disclosure", "信息公开", "policy", metadata=("Topic_class", "Issuer", "Validity")),
    _column("data", "数据发布", "data"),
    _column("letters", "网上留言", "interaction", metadata=("Asked",), children=("letters/advice",)),
    _column("letters/advice", "意见征集", "news", parent="letters"),
    _column("topics", "专题专栏", "topic", children=("topics/archive",)),
    _column("topics/archive", "往期专题", "topic", parent="topics"),
    _column("films", "科普点播", "video", metadata=PLAYED, children=("films/old",)),
    _column("films/old", "往期影片", "video", parent="films"),
    _column("people", "科技人物", "people", metadata=("Role", "Field"), children=("people/young",)),
    _column("people/young", "青年人物", "people", parent="people"),
    _column("library", "资源库", "resources", metadata=("Resource_kind", "Audience", *PLAYED),
            children=("library/maps",)),
    _column("library/maps", "科普地图", "data", parent="library"),
)  # fmt: skip

FORMAL = """Title: 信息公开办法
Date: 2026-11-01
Index_number: BJ0000001-2026-11
Topic_class: 信息公开
Issuer: 示例市科协
Document_number: 示例科协发〔2026〕11号
Disclosure: 主动公开
Validity: 现行有效
Source: 转自示例网
Source_url: https://elsewhere.example/a
Tags: 制度
Related: https://other.example/b, https://www.gov.example/c

第一条 略。
"""
VOID = "Title: 老办法\nDate: 2020-01-01\nDocument_number: 示例科协发〔2020〕1号\nValidity: 已废止\n\n第一条 略。\n"
TOPIC = """Title: 平安过冬
Summary: 冬天的提示
Image: winter/cover.png

导语在这里。

## 取暖与用火

开窗。

> ## 引文里的标题

## 路上 & 家里

慢走。
"""
FILM = """Title: 一件青铜器的诞生
Video: high.webm, low.webm
Video_label: 清晰, 省流量
Poster: poster.png
Captions: words.vtt
Duration: 00:06:20

文字稿。
"""
LETTER = """Title: 答复：苹果树怎么办
Asked: 2026-11-12

## 留言

> 园子十六年了。

## 答复

您好。

## 时间表

开春。
"""


def kinds_site() -> SiteUnderTest:
    """Return the site, not yet built."""
    site = SiteUnderTest(columns=COLUMNS, about=dict(ABOUT))
    picture = file_of(scene(), "PNG")

    def add(item: str, text: str, day: int = 10, files: Mapping[str, bytes] | None = None) -> None:
        site.add(f"content/{item}.md", text, attachments=files, published=f"2026-11-{day:02}T09:30:00+08:00")

    add("about/old", "Title: 旧的简介\n\n以前。\n", 1)
    add("about/new", "Title: 科协简介\nIndex_number: BJ-1\n\n现在。\n", 2, {"机构 表.pdf": b"%PDF-1.7 " + b"x" * 3000})
    for day in (3, 4, 5):
        text = f"Title: 消息{day}\nImage: n{day}/a.png\n\n## 小标题\n\n正文。\n\n| 一 | 二 |\n|--|--|\n| 1 | 2 |\n"
        add(f"news/n{day}", text, day, {"a.png": picture})
    add("news/county/c", "Title: 县区消息\n\n正文。\n", 2)
    add("notices/a", "Title: 报名通知\nSummary: 周五截止。\n\n正文。\n", 9, {"表.xlsx": b"PK"})
    add("disclosure/rules", FORMAL, 6)
    add("disclosure/void", VOID, 5)
    add("data/figures", "Title: 调查数据\n\n表。\n", 7, {"answers.csv": b"a,b\n", "说明.pdf": b"%PDF-1.7"})
    add("letters/apples", LETTER, 13)
    add("letters/how", "Title: 一条留言怎么走\n\n说明。\n", 1)
    add("topics/winter", TOPIC, 8, {"cover.png": picture})
    add("topics/plain", "Title: 没有图片的专题\n\n一段。\n", 3)
    film = {"high.webm": b"high" * 700, "low.webm": b"low", "poster.png": picture, "words.vtt": b"WEBVTT\n"}
    add("films/vessel", FILM, 9, film)
    add(
        "people/welder",
        "Title: 示例技师\nRole: 高级技师\nField: 焊接\nImage: welder/face.png\n\n正文。\n",
        9,
        {"face.png": picture},
    )
    add("library/poster", "Title: 过冬海报\nResource_kind: 海报\nAudience: 老年人, 公众\n\n说明。\n", 9,
        {"poster.png": picture, "check.pdf": b"%PDF-1.7"})  # fmt: skip
    add("library/text", "Title: 冬至短文\nResource_kind: text\nAudience: 青少年\n\n短文。\n", 3)
    add(
        "library/sound",
        "Title: 警笛声\nResource_kind: audio\nAudio: s.ogg\nPoster: p.png\nDuration: 00:00:11\n\n听。\n",
        4,
        {"s.ogg": b"OggS", "p.png": picture},
    )
    return site
