"""What was or will be online at another instant than the one that a site was judged at, by the gate's own rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from review.gate import items, paths
from review.gate.bench import Bench
from review.model.instants import parse_instant
from review.model.paths import POLICY
from review.model.reports import ItemReport, LivePost, Report


def online_then(report: Report, bench: Bench, moment: dt.datetime) -> tuple[LivePost, ...]:
    """Return what is online at `moment`, going by the statements that say they were made until then.

    The policy in force stays the one of the report. The history is not read again, and only items that another instant
    could change are judged again.
    """
    live = {post.item: post for post in report.live.posts} if report.live else {}
    said_later = {
        made.statement.item
        for made in bench.evidence.made.values()
        if made.statement.item != POLICY and parse_instant(made.statement.at) > moment
    }
    if moment == bench.now and not said_later:
        return tuple(live.values())
    then = _bench_at(bench, moment)
    posts: list[LivePost] = []
    for item in report.items:
        post = live.get(item.item)
        if post is None or item.item in said_later or not _is_settled(item, post):
            verdict = items.judge(item.item, then) if item.version else None
            post = verdict.live if verdict else None
        if post is not None:
            posts.append(post)
    kept_off = {one.item for one in paths.collisions(posts, bench.in_force.policy, bench.evidence.graph)}
    return tuple(post for post in posts if post.item not in kept_off)


def _is_settled(item: ItemReport, post: LivePost) -> bool:
    """Tell whether time alone changes nothing of a post that is online."""
    return post.version == item.version and not post.header.planned and not post.header.expires


def _bench_at(bench: Bench, moment: dt.datetime) -> Bench:
    """Return the bench at an instant, with what was said about posts until then."""
    made = {
        digest: one
        for digest, one in bench.evidence.made.items()
        if one.statement.item == POLICY or parse_instant(one.statement.at) <= moment
    }
    return replace(bench, now=moment, evidence=replace(bench.evidence, made=made, by_item={}))
