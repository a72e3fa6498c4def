"""What lies around a post that is checked: the policy's files, pages it can lead to, other posts. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from review.errors import FormatError
from review.formats import policy_files
from review.formats.front_matter import split_list
from review.formats.post_text import meta_lines
from review.formats.post_values import related_items
from review.history.work_tree import posts_of
from review.model.paths import content_kind, path_problem
from review.model.policies import Policy
from review.model.reports import ItemReport
from review.pipeline import Session
from review.render.site_data import text_of
from review.views.objections import Draft
from review.views.values import HERE, Surroundings

_NOT_OF_POSTS = (
    "feeds", "static", "theme", "index.html", "map.html", "search.html", "sitemap.xml", "robots.txt", "404.html"
)  # fmt: skip
_HEAD = 16 << 10
"""Bytes of another post in which its meta lines are looked for."""


def policy_there(site: Path) -> tuple[Policy | None, tuple[FormatError, ...]]:
    """Return the policy that the files of the work tree make, and what is wrong with them."""
    names = [*policy_files.FILES, *(f"{policy_files.CERTIFICATES}{one.name}" for one in (site / "keys").glob("*"))]
    return policy_files.parse({name: (site / name).read_bytes() for name in names if (site / name).is_file()})


def is_there(site: Path, target: str) -> bool:
    """Tell whether a page of the site, or a file beside one, comes of what lies in the work tree."""
    inside = target.removeprefix("content/")
    if inside in ("content", "") or inside.split("/")[0] in _NOT_OF_POSTS:
        return True
    page = target.removesuffix("/index.html")
    if page.endswith(".html"):
        return (site / f"{page.removesuffix('.html')}.md").is_file()
    return (site / page).exists()


def surroundings(site: Path, draft: Draft, policy: Policy | None, session: Session | None) -> Surroundings:
    """Return what a post's meta lines are held against. Without a session nothing is known of what is online.

    Other posts are read only where the post has an index number.
    """
    pattern = policy.columns.site.index_number if policy is not None else ""
    number = draft.fields.get("index_number", (0, ""))[1]
    numbers: dict[str, list[str]] = {}
    for item, found in _index_numbers(site, session) if number else ():
        if item not in numbers.setdefault(found, []):
            numbers[found].append(item)
    return Surroundings(pattern=pattern, numbers=numbers, standing=_standing(site, draft, session))


def _index_numbers(site: Path, session: Session | None) -> Iterator[tuple[str, str]]:
    """Yield posts with their index numbers: as they lie there, and as they are online."""
    for item in posts_of(site):
        with (site / item).open("rb") as file:
            yield from _number_in(item, file.read(_HEAD))
    if session is not None and session.trees is not None and session.report.live is not None:
        for post in session.report.live.posts:
            if not (site / post.item).is_file():
                yield from _number_in(post.item, session.trees.bytes_of(text_of(post).blob)[:_HEAD])


def _number_in(item: str, head: bytes) -> Iterator[tuple[str, str]]:
    for _, key, value in meta_lines(head.decode("utf-8", "replace")):
        if key == "index_number" and value:
            yield item, value


def _standing(site: Path, draft: Draft, session: Session | None) -> Mapping[str, str]:
    """Return how the posts stand that `Related` can mean, as far as they are there at all."""
    reports = {one.item: one for one in session.report.items} if session is not None else None
    found = {}
    for name in split_list(draft.fields.get("related", (0, ""))[1]):
        for item in related_items(name, draft.item):
            if content_kind(item) == "post" and not path_problem(item):
                state = _state(site, item, reports)
                found.update({item: state} if state else {})
    return found


def _state(site: Path, item: str, reports: Mapping[str, ItemReport] | None) -> str:
    if reports is not None and (report := reports.get(item)):
        return "live" if report.live_version else report.state
    if not (site / item).is_file():
        return ""
    return HERE if reports is None else "draft"
