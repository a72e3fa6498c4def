"""What templates and feeds see, from factories, valid by default: change one thing. No build, no file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from review.render.records import Article, Category, Site

ZONE = dt.timezone(dt.timedelta(hours=8))


def a_site(**changes: Any) -> Site:
    """Return a site with the least that one has."""
    site = Site(
        title="宝鸡科技网", url="https://example.org", lang="zh-CN", timezone="Asia/Shanghai", host="example.org"
    )
    return replace(site, **changes)


def a_category(slug: str = "news", name: str = "工作动态", **changes: Any) -> Category:
    """Return a top column that is there."""
    made = Category(
        slug=slug,
        name=name,
        url=f"{slug}/index.html",
        label="工作动态",
        feed=f"feeds/{slug}.atom.xml",
        json_feed=f"feeds/{slug}.json",
    )
    made = replace(made, **changes)
    return made if made.trail else replace(made, trail=(made,))


def an_article(stem: str = "a", **changes: Any) -> Article:
    """Return a post that was published once and never updated."""
    category = changes.pop("category", None) or a_category()
    made = Article(
        item=f"content/{category.slug}/{stem}.md",
        version=1,
        title="春季科普讲座",
        url=f"{category.slug}/{stem}.html",
        save_as=f"{category.slug}/{stem}.html",
        category=category,
        date=dt.datetime(2026, 11, 20, 15, 30, tzinfo=ZONE),
        modified=None,
        unit="凤翔区科协",
        summary="讲座的时间和地点。",
    )
    return replace(made, **changes)
