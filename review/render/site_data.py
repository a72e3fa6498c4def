"""Write down, as plain data, all that the renderer's process is told: the live set without git, keys or offices."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping
from types import MappingProxyType

from review.model.columns import Column, Columns
from review.model.digests import content_code
from review.model.instants import parse_instant
from review.model.manifests import ItemFile
from review.model.paths import attachments_of, column_of, stem_of
from review.model.people import People
from review.model.reports import Link, LivePost, LiveSet

Data = dict[str, object]
NOTHING: Mapping[str, int] = MappingProxyType({})
NONE_KEPT: Mapping[str, str] = MappingProxyType({})

LABELS = {
    "overview": "概况信息",
    "news": "工作动态",
    "notices": "工作动态",
    "policy": "政策文件",
    "data": "数据发布",
    "interaction": "咨询投诉",
    "topic": "工作动态",
    "people": "负责人信息",
    "video": "工作动态",
    "resources": "数据发布",
}
"""What inspectors call a column of a type, where the column itself does not say."""


def site_data(
    live: LiveSet,
    *,
    chains: Container[str],
    marks: Mapping[str, str],
    url: str,
    withheld: Container[str] = (),
    not_offered: Mapping[str, str] = NONE_KEPT,
    outside: Mapping[str, int] = NOTHING,
) -> Data:
    """Return the content of `site.json`: site, columns in their order, posts from the newest to the oldest.

    `withheld` are the paths of attachments that are not published, `not_offered` those of them of which pages say no more
    than their names, each with the reason: `runs`, `tells` or `path`. `outside` has the sizes of the files from outside
    the repository that will be there, by their place in the output.
    """
    columns = live.policy.policy.columns
    shown = _shown(columns, {column_of(post.item) for post in live.posts})
    site = columns.site
    return {
        "site": dataclasses.asdict(site) | {"url": (url or site.url).rstrip("/")},
        "columns": [
            _column(one, shown, live.policy.policy.people) for one in columns.columns.values() if one.id in shown
        ],
        "posts": [
            _post(
                post,
                live,
                chained=post.item in chains,
                mark=marks.get(post.item, ""),
                withheld=withheld,
                not_offered=not_offered,
            )
            for post in sorted(live.posts, key=_newest_first)
        ],
        "outside": dict(outside),
    }


def page_of(item: str) -> str:
    """Return the path of a post's page in the output."""
    return f"{column_of(item)}/{stem_of(item)}.html"


def chain_of(item: str) -> str:
    """Return the path of a post's chain in the output."""
    return f"{column_of(item)}/{stem_of(item)}.chain.json"


def text_of(post: LivePost) -> ItemFile:
    """Return the file of a post that is its text."""
    found = next((file for file in post.files if file.path == post.item), None)
    if found is None:
        message = f"the live post {post.item} has no text among its files"
        raise ValueError(message)
    return found


def attachments(post: LivePost) -> tuple[ItemFile, ...]:
    """Return the files of a post that are not its text, by path."""
    return tuple(sorted((file for file in post.files if file.path != post.item), key=lambda file: file.path.encode()))


def _newest_first(post: LivePost) -> tuple[float, str]:
    # A preview has posts that nobody signed yet; they have no date and are what one wants to see first.
    return -parse_instant(post.published).timestamp() if post.published else float("-inf"), post.item


def _shown(columns: Columns, used: Container[str]) -> frozenset[str]:
    """Return the columns that have a page: all but closed ones with nothing online in them or below them."""
    shown: set[str] = set()
    for column in reversed(columns.columns.values()):  # what is below comes first
        if not column.closed or column.id in used or not shown.isdisjoint(column.children):
            shown.add(column.id)
    return frozenset(shown)


def _column(column: Column, shown: Container[str], people: People) -> Data:
    return {
        "id": column.id,
        "title": column.title,
        "type": column.type,
        "label": column.label or LABELS[column.type],
        "description": column.description,
        "keywords": list(column.keywords),
        "units": [people.units[unit].title for unit in column.lead if unit in people.units],
        "parent": column.parent,
        "children": [child for child in column.children if child in shown],
    }


def _post(
    post: LivePost, live: LiveSet, *, chained: bool, mark: str, withheld: Container[str], not_offered: Mapping[str, str]
) -> Data:
    judging = live.policies.get(post.judged_by, live.policy).policy
    unit = judging.people.units.get(post.header.unit) or live.policy.policy.people.units.get(post.header.unit)
    column = judging.columns.columns.get(column_of(post.item))
    folder = attachments_of(post.item)
    return {
        "item": post.item,
        "version": post.version,
        "source": text_of(post).sha256,
        # Those of the policy that judged the post: the one in force may have dropped a key since.
        "metadata": list(column.metadata) if column else [],
        "published": post.published,
        "updated": post.updated,
        "unit": unit.title if unit else post.header.unit,
        "signed": [_link(link, title, judging.people) for link, title in _with_titles(post)],
        # Where nobody signed, the code is that of a manifest which may still change; it is shown for nothing then.
        "code": content_code(post.manifest) if post.chain else "",
        "chained": chained,
        "attachments": [
            {
                "name": file.path.removeprefix(folder),
                "size": file.size,
                "sha256": file.sha256,
                "withheld": file.path in withheld,
                "offered": file.path not in not_offered,
                "kept": not_offered.get(file.path, ""),
            }
            for file in attachments(post)
        ],
        "mark": mark,
    }


def _with_titles(post: LivePost) -> list[tuple[Link, str]]:
    titles = (*post.stages, *(link.stage for link in post.chain[len(post.stages) :]))
    return list(zip(post.chain, titles, strict=False))


def _link(link: Link, title: str, people: People) -> Data:
    someone = people.people.get(link.person)
    return {
        "stage": link.stage,
        "title": title,
        "name": someone.name if someone else link.person,
        "at": link.at,
        "paper": bool(link.signatory),
        "stands_in": link.stands_in,
    }
